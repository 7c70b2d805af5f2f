"""What an OBIS code says in words: the reader of the generated tables of :mod:`cosem.obis`.

A rule is a pattern over the six value groups, a wording, and the classes usual for the object. A pattern has
six members with dots between: numbers, ranges ``1-4``, names of sets, or several of them with ``/``. The first
rule that fits a code gives its words. A wording has slots:

- ``{e}``, ``{e+1}``, ``{d*128+e}``: a number from the groups,
- ``{e|tariff}``, ``{e//10|vector}``: what a table says of that number, which is ``{n}`` in the table's text.

Words that turn out empty drop out with their comma. F and B are put behind, unless the wording speaks of them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, partial
from types import ModuleType
from typing import NamedTuple, TypeAlias

from cosem.core.obis import LogicalName

Rule: TypeAlias = tuple[str, str, tuple[int, ...]]
"""Pattern, wording, class ids."""

_SLOT = re.compile(r"\{([^|}]+)(?:\|(\w+))?\}")
_TERM = re.compile(r"([+-]?)([a-fn]|\d+)(?:(\*|//|%)(\d+))?")
_PARTS = re.compile(r"[._]")
_MARKS = re.compile(r"[,()]")
_AROUND = {"f": ", {f|billing_period}", "b": ", {b|channel}"}


class NamedObject(NamedTuple):
    """An object that :mod:`cosem.obis` has a constant for, with what describes it."""

    name: str
    """Module and constant: ``"electricity.ACTIVE_ENERGY_IMPORT"``."""
    code: LogicalName
    description: str
    classes: tuple[int, ...]


class Tables(NamedTuple):
    """One generated table module: sets of numbers, words for numbers, and rules in order of precedence.

    Numbers are written as in a pattern: ``{"integrals": "8-10/17"}``, ``{"tariff": {"1-63": "tariff {n}"}}``.
    """

    sets: Mapping[str, str]
    tables: Mapping[str, Mapping[str, str]]
    rules: Sequence[Rule]


class Catalogue:
    """The rules of one medium. Every code has a description if the last rule fits everything.

    ``rules`` has each with the octets that its groups admit.
    """

    def __init__(self, parts: Iterable[Tables]) -> None:
        parts = tuple(parts)
        self.rules: list[tuple[tuple[bytes, ...], Rule]] = []
        sets = {name: text for part in parts for name, text in part.sets.items()}
        self._members = cache(partial(_members, sets))
        self._written = {name: words for part in parts for name, words in part.tables.items()}
        self._tables: dict[str, dict[int, str]] = {}
        self._by_quantity: list[list[tuple[tuple[bytes, ...], Rule]]] = [[] for _ in range(256)]
        for rule in (rule for part in parts for rule in part.rules):
            pattern = tuple(self._members(group) for group in rule[0].split("."))
            self.rules.append((pattern, rule))
            for quantity in pattern[2]:
                self._by_quantity[quantity].append((pattern, rule))

    def describe(self, code: LogicalName) -> str:
        """The words for a code."""
        rule = self._rule(code)
        return self._words(rule[1], code) if rule else str(code)

    def classes(self, code: LogicalName) -> tuple[int, ...]:
        """The class ids usual for a code; empty where the tables do not say."""
        rule = self._rule(code)
        return rule[2] if rule else ()

    def _rule(self, code: LogicalName) -> Rule | None:
        a, b, _, d, e, f = code
        for (in_a, in_b, _, in_d, in_e, in_f), rule in self._by_quantity[code.c]:
            if d in in_d and e in in_e and f in in_f and b in in_b and a in in_a:
                return rule
        return None

    def fill(self, wording: str, groups: Mapping[str, int]) -> str:
        """A wording, or a part of one, with its slots filled."""
        return _SLOT.sub(lambda slot: self._fill(slot, groups), wording)

    def _words(self, wording: str, code: LogicalName) -> str:
        groups = dict(zip("abcdef", code, strict=True))
        text = self.fill(whole(wording), groups)
        return ", ".join(filter(None, (" ".join(piece.split()) for piece in text.split(","))))

    def _fill(self, slot: re.Match[str], groups: Mapping[str, int]) -> str:
        expression, table = slot.groups()
        number = _value(expression, groups)
        if table is None:
            return str(number)
        words = self._table(table).get(number)
        if words is None:
            return f"{expression[0].upper()} {number}"
        return _SLOT.sub(lambda inner: str(_value(inner[1], {"n": number})), words)

    def _table(self, name: str) -> dict[int, str]:
        # Spread out when it is first looked into: most codes need three tables of a dozen.
        if name not in self._tables:
            written = self._written[name].items()
            spread = {number: words for numbers, words in written for number in self._members(numbers)}
            self._tables[name] = spread
        return self._tables[name]


def whole(wording: str) -> str:
    """A wording with what it leaves to be put behind: B and F."""
    said = "".join(expression for expression, _ in _SLOT.findall(wording))
    return wording + "".join(slot for group, slot in _AROUND.items() if group not in said)


def named_objects(module: ModuleType, catalogue: Callable[[int], Catalogue]) -> Iterator[NamedObject]:
    """All constants of a module in their order; ``catalogue`` gives the rules of a medium."""
    short = module.__name__.rpartition(".")[2]
    for name, code in vars(module).items():
        if isinstance(code, LogicalName):
            rules = catalogue(code.a)
            yield NamedObject(f"{short}.{name}", code, rules.describe(code), rules.classes(code))


def search(objects: Iterable[NamedObject], text: str) -> list[NamedObject]:
    """The objects in which each word of ``text`` begins one of the name, the description or the code."""
    words = [f" {word}" for word in _MARKS.sub(" ", text).lower().split()]
    return [item for item in objects if all(word in _heard(item)["." in word] for word in words)]


@cache
def _heard(item: NamedObject) -> tuple[str, str]:
    """What an object answers to, each behind a blank: words without a dot, and all words, also the codes.

    So a bare number is a tariff or an instance, and not the beginning of a code.
    """
    spoken = f"{item.name} {_PARTS.sub(' ', item.name)} {_MARKS.sub(' ', item.description)}".lower()
    code = item.code.reduced
    words = [*spoken.split(), str(item.code), code, code.partition(":")[2]]
    return "".join(f" {word}" for word in words if "." not in word), "".join(f" {word}" for word in words)


def _members(sets: Mapping[str, str], group: str) -> bytes:
    """The octets that one group of a pattern admits."""
    found: set[int] = set()
    for part in group.split("/"):
        if part in sets:
            found.update(_members(sets, sets[part]))
        else:
            first, _, last = part.partition("-")
            found.update(range(int(first), int(last or first) + 1))
    return bytes(sorted(found))


def _value(expression: str, groups: Mapping[str, int]) -> int:
    total = 0
    for sign, term, operator, by in _TERM.findall(expression):
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
