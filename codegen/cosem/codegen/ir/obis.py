"""OBIS as the spec states it: sets, tables, and objects as patterns over the six value groups."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from cosem.codegen.errors import Span
from cosem.codegen.ir.life import ALWAYS, Life

Ranges: TypeAlias = tuple[tuple[int, int], ...]
"""First and last of each range, in order, without overlap."""
Code: TypeAlias = tuple[int, int, int, int, int, int]

SLOT = re.compile(r"\{([^{}|]*)(?:\|([^{}]*))?\}")
TERM = r"(?:[a-fn]|\d{1,4})(?:(?:\*|//|%)[1-9]\d{0,3})?"
EXPRESSION = re.compile(rf"{TERM}(?:[+-]{TERM})*", re.ASCII)
_SIGNED_TERM = re.compile(r"([+-]?)([a-fn]|\d+)(?:(\*|//|%)(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class NumberSet:
    """A named set of numbers: ``text`` as written, ``numbers`` what it admits."""

    name: str
    text: str
    numbers: frozenset[int]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Words:
    """What one range of a table says; ``text`` may hold ``{n}``."""

    ranges: Ranges
    text: str
    confidence: str
    span: Span = field(compare=False)
    life: Life = ALWAYS


@dataclass(frozen=True, slots=True)
class WordTable:
    """Numbers in words."""

    name: str
    words: tuple[Words, ...]
    span: Span = field(compare=False)

    def lookup(self, number: int) -> str | None:
        """The words for a number, ``{n}`` filled in."""
        for entry in self.words:
            if any(first <= number <= last for first, last in entry.ranges):
                return SLOT.sub(lambda slot: str(evaluate(slot[1], {"n": number})), entry.text)
        return None


@dataclass(frozen=True, slots=True)
class Pattern:
    """Six groups: ``text`` as written, ``groups`` the numbers that each admits."""

    text: str
    groups: tuple[frozenset[int], ...]
    span: Span = field(compare=False)

    def fits(self, code: Code) -> bool:
        """Whether each group of the code is admitted."""
        return all(number in group for number, group in zip(code, self.groups, strict=True))

    def covers(self, other: Pattern) -> bool:
        """Whether it admits all that the other admits."""
        return all(theirs <= ours for ours, theirs in zip(self.groups, other.groups, strict=True))


@dataclass(frozen=True, slots=True)
class ObisObject:
    """A rule: codes that a pattern admits, what they are called, the classes that model them.

    ``life`` is which editions of the Blue Book have it.
    """

    pattern: Pattern
    wording: str
    classes: tuple[int, ...]
    ref: str
    confidence: str
    life: Life
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Constant:
    """A Python name for one code."""

    name: str
    code: Code
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Section:
    """Objects that belong together, and the constants for them."""

    title: str
    objects: tuple[ObisObject, ...]
    constants: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class ObisFile:
    """One file of the spec: ``media`` are the numbers of group A, ``module`` is where its constants go."""

    name: str
    media: tuple[int, ...]
    module: str
    sets: tuple[NumberSet, ...]
    tables: tuple[WordTable, ...]
    sections: tuple[Section, ...]

    @property
    def objects(self) -> Iterator[ObisObject]:
        """All objects in order of precedence."""
        return (item for section in self.sections for item in section.objects)


@dataclass(frozen=True, slots=True)
class ObisModel:
    """All media. ``first`` goes before the objects of a medium, ``last`` behind them."""

    first: ObisFile
    last: ObisFile
    files: tuple[ObisFile, ...]

    @property
    def lives(self) -> Iterator[Life]:
        """What all objects and all entries of tables say of editions."""
        for file in (self.first, *self.files, self.last):
            yield from (item.life for item in file.objects)
            yield from (words.life for table in file.tables for words in table.words)

    def of_medium(self, medium: int) -> tuple[ObisFile, ...]:
        """The files whose rules hold for a medium, in order of precedence."""
        own = (file for file in self.files if medium in file.media)
        return (self.first, *own, self.last)

    def describe(self, code: Code) -> tuple[str, ObisObject] | None:
        """The words for a code, and the object they come from."""
        files = self.of_medium(code[0])
        tables = {table.name: table for file in files for table in file.tables}
        for file in files:
            for item in file.objects:
                if item.pattern.fits(code):
                    return tidy(fill(around(item.wording), groups_of(code), tables)), item
        return None

    def names(self, code: Code) -> bool:
        """Whether an object describes a code; those of ``last`` only take what is left."""
        found = self.describe(code)
        return found is not None and found[1] not in self.last.objects


def groups_of(code: Code) -> dict[str, int]:
    """The numbers of a code by the letters of the value groups."""
    return dict(zip("abcdef", code, strict=True))


def letters(wording: str) -> frozenset[str]:
    """The value groups that a wording speaks of."""
    return frozenset("abcdef") & frozenset("".join(slot[1] for slot in SLOT.finditer(wording)))


def tables_of(wording: str) -> frozenset[str]:
    """The tables that a wording looks into."""
    return frozenset(slot[2] for slot in SLOT.finditer(wording) if slot[2])


def around(wording: str) -> str:
    """With the billing period and the channel behind it, unless it speaks of them."""
    said = letters(wording)
    period = "" if "f" in said else ", {f|billing_period}"
    return wording + period + ("" if "b" in said else ", {b|channel}")


def fill(wording: str, groups: Mapping[str, int], tables: Mapping[str, WordTable]) -> str:
    """A wording with its slots filled."""

    def words(slot: re.Match[str]) -> str:
        number = evaluate(slot[1], groups)
        if slot[2] is None:
            return str(number)
        found = tables[slot[2]].lookup(number)
        return f"{slot[1][0].upper()} {number}" if found is None else found

    return SLOT.sub(words, wording)


def tidy(text: str) -> str:
    """Without empty pieces between commas and without doubled blanks."""
    return ", ".join(filter(None, (" ".join(piece.split()) for piece in text.split(","))))


def evaluate(expression: str, groups: Mapping[str, int]) -> int:
    """The number that an expression such as ``d*128+e`` comes to."""
    total = 0
    for sign, term, operator, by in _SIGNED_TERM.findall(expression):
        value = groups[term] if term in groups else int(term)
        match operator:
            case "*":
                value *= int(by)
            case "//":
                value //= int(by)
            case "%":
                value %= int(by)
            case _:
                pass
        total += -value if sign == "-" else value
    return total


def runs(numbers: Collection[int]) -> Ranges:
    """Numbers as ranges, upwards."""
    found: list[tuple[int, int]] = []
    for number in sorted(numbers):
        if found and found[-1][1] == number - 1:
            found[-1] = (found[-1][0], number)
        else:
            found.append((number, number))
    return tuple(found)


def write_ranges(ranges: Ranges) -> str:
    """Ranges as the tables write them: ``1-4/7``."""
    return "/".join(f"{first}" if first == last else f"{first}-{last}" for first, last in ranges)
