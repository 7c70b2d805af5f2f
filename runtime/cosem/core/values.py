"""From the octets of Data to plain Python values, in one loop."""

from __future__ import annotations

import struct

from cosem.core.errors import IncompleteError, LimitError
from cosem.core.late import compact
from cosem.core.lengths import read_count
from cosem.core.limits import Limits
from cosem.core.simple import NUMBERS, Value, read_simple
from cosem.core.tags import Tag

_ARRAY, _STRUCTURE, _COMPACT_ARRAY = int(Tag.ARRAY), int(Tag.STRUCTURE), int(Tag.COMPACT_ARRAY)
_CONTAINERS = (_ARRAY, _STRUCTURE)


def read_value(b: bytes, p: int, limits: Limits) -> tuple[Value, int]:
    """The value of the Data at ``p`` and the position behind it. Raises DecodeError."""
    try:
        value, p, _ = read_within(b, p, limits, limits.elements)
    except (IndexError, struct.error):
        raise IncompleteError("the value ends early", offset=len(b)) from None
    return value, p


def read_within(b: bytes, p: int, limits: Limits, budget: int, outside: int = 0) -> tuple[Value, int, int]:
    """The same with a budget of elements instead of ``limits.elements``; gives what is left of it as well.

    Raises IndexError or struct.error where the octets end.
    """
    outer: list[tuple[list[Value], int, int]] = []  # what encloses: its items, how many are missing, its tag
    items: list[Value] = []
    missing, container = 1, _ARRAY
    number = NUMBERS.get
    while True:
        while missing:
            tag = b[p]
            p += 1
            if known := number(tag):
                unpack, size = known
                items.append(unpack(b, p)[0])
                p += size
            elif tag in _CONTAINERS:
                if outside + len(outer) >= limits.depth:
                    raise LimitError("values nest too deep", offset=p - 1)
                count, p = read_count(b, p, budget)
                budget -= count
                outer.append((items, missing - 1, container))
                items, missing, container = [], count, tag
                continue
            elif tag == _COMPACT_ARRAY:
                elements, values, p = compact.read_compact_array(b, p, limits, outside + len(outer) + 1)
                budget -= values
                if budget < 0:
                    raise LimitError(f"more than {limits.elements} values", offset=p)
                items.append(elements)
            else:
                value, p = read_simple(tag, b, p)
                items.append(value)
            missing -= 1
        if not outer:
            return items[0], p, budget
        done: Value = tuple(items) if container == _STRUCTURE else items
        items, missing, container = outer.pop()
        items.append(done)
