"""Read the small notations of the OBIS tables: sets of numbers, patterns, wordings with slots."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from functools import cache

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.obis import EXPRESSION, SLOT, NumberSet, Pattern
from cosem.codegen.load.nodes import Text

_CODE = re.compile(r"(?:(?:0|[1-9]\d{0,2})\.){5}(?:0|[1-9]\d{0,2})", re.ASCII)
"""A code whose groups are numbers."""
_RANGE = re.compile(r"(0|[1-9]\d{0,2})(?:-(0|[1-9]\d{0,2}))?", re.ASCII)


def read_ranges(text: Text, mistakes: Mistakes, sets: Mapping[str, NumberSet]) -> frozenset[int] | None:
    """``1-4/7/integrals``: numbers 0 to 255, ranges and sets with ``/`` between."""
    found: set[int] = set()
    column = 0
    for part in text.value.split("/"):
        span = text.span.shifted(column)
        column += len(part) + 1
        if part in sets:
            numbers = sets[part].numbers
        elif (one := _read_range(part, span, sets, mistakes)) is not None:
            numbers = frozenset(range(one[0], one[1] + 1))
        else:
            return None
        if doubled := found & numbers:
            mistakes.add(span, f"{min(doubled)} stands in {text.value!r} twice")
            return None
        found |= numbers
    return frozenset(found)


def _read_range(
    part: str, span: Span, sets: Mapping[str, NumberSet], mistakes: Mistakes
) -> tuple[int, int] | None:
    match = _RANGE.fullmatch(part)
    if match is None:
        known = f"; sets are {', '.join(sorted(sets))}" if sets else ""
        mistakes.add(span, f"{part!r} is no number, no range such as 1-4 and no set{known}")
        return None
    first = int(match[1])
    last = first if match[2] is None else int(match[2])
    if last > 255 or last < first:
        mistakes.add(span, f"the range {part} is empty or leaves 0 to 255; write it upwards and within")
        return None
    return first, last


def read_pattern(
    text: Text, mistakes: Mistakes, sets: Mapping[str, NumberSet], media: Collection[int]
) -> Pattern | None:
    """``0.b.1.0.e.255``: six groups with dots between; group A within ``media``."""
    parts = text.value.split(".")
    if (single := _single(text.value)) is not None and next(iter(single[0])) in media:
        return Pattern(text.value, single, text.span)
    if len(parts) != 6:
        mistakes.add(text.span, f"{text.value!r} has {len(parts)} groups; a code has six with dots between")
        return None
    groups: list[frozenset[int]] = []
    column = 0
    for part in parts:
        numbers = read_ranges(Text(part, text.span.shifted(column)), mistakes, sets)
        column += len(part) + 1
        if numbers is not None:
            groups.append(numbers)
    if len(groups) != 6:
        return None
    if not groups[0] <= frozenset(media):
        mistakes.add(text.span, f"group A is {parts[0]}; the file is about medium {_spoken(media)}")
        return None
    return Pattern(text.value, tuple(groups), text.span)


@cache
def _single(code: str) -> tuple[frozenset[int], ...] | None:
    """The groups of a code that is one alone; most are, and the same ones stand in many lists."""
    if _CODE.fullmatch(code) is None:
        return None
    numbers = [int(part) for part in code.split(".")]
    return tuple(frozenset({number}) for number in numbers) if max(numbers) <= 255 else None


def check_wording(text: Text, mistakes: Mistakes, tables: Collection[str], letters: str = "abcdef") -> bool:
    """Whether every slot reckons with groups and looks into a table there is; mistakes are noted."""
    count = len(mistakes.found)
    for slot in SLOT.finditer(text.value):
        span = text.span.shifted(slot.start())
        if EXPRESSION.fullmatch(slot[1]) is None or set(re.findall("[a-z]", slot[1])) - set(letters):
            mistakes.add(span, f"{slot[1]!r} is no number; write one of {', '.join(letters)}, as in {{e+1}}")
        if slot[2] is not None and slot[2] not in tables:
            mistakes.add(
                span, f"there is no table {slot[2]!r}; tables are {', '.join(sorted(tables)) or 'none'}"
            )
    rest = SLOT.sub("", text.value)
    if "{" in rest or "}" in rest:
        mistakes.add(
            text.span, f"a brace stands alone in {text.value!r}; slots are written {{e}} or {{e|table}}"
        )
    return len(mistakes.found) == count


def _spoken(numbers: Collection[int]) -> str:
    return " and ".join(map(str, sorted(numbers)))
