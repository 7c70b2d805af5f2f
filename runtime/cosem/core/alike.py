"""Arrays of elements that are laid out alike, decoded to plain values in runs."""

from __future__ import annotations

from itertools import pairwise
from typing import cast

from cosem.core.errors import LimitError
from cosem.core.frames import Frame, Recogniser
from cosem.core.layout import Layout, framed_cell
from cosem.core.lengths import read_count
from cosem.core.limits import Limits
from cosem.core.simple import Value
from cosem.core.tags import Tag
from cosem.core.values import read_within


class Shape(Frame):
    """A frame that also knows how to decode its elements: ``layout`` gives them as rows."""

    __slots__ = ("layout", "tag")

    def __init__(self, b: bytes, p: int, limits: Limits) -> None:
        super().__init__(b, p, limits, 1)
        self.tag = b[p]
        is_row = self.tag in (Tag.ARRAY, Tag.STRUCTURE)
        bounds = [p + offset for offset in self.cells] if is_row else [p, p + self.size]
        cells = [framed_cell(b, p, start, end, limits) for start, end in pairwise(bounds)]
        self.layout = Layout(cells, self.size)

    def elements(self, b: bytes, p: int, count: int) -> list[Value]:
        """``count`` elements from ``p`` on, as what they are: tuples, lists or simple values."""
        rows = self.layout.rows(b, p, count)
        if self.tag == Tag.STRUCTURE:
            return cast("list[Value]", rows)
        return list(map(list, rows)) if self.tag == Tag.ARRAY else [value for (value,) in rows]


def read_array(b: bytes, p: int, limits: Limits) -> tuple[list[Value], int, bool]:
    """The elements of what follows tag 1, the position behind, and whether all of them are structures.

    Raises DecodeError; IndexError or struct.error where the octets end.
    """
    budget = limits.elements
    missing, p = read_count(b, p, budget)
    budget -= missing
    values: list[Value] = []
    structures = True
    recogniser = Recogniser(lambda b, p: Shape(b, p, limits))
    while missing:
        found = recogniser.find(b, p, missing)
        if found is None:
            value, p, budget = read_within(b, p, limits, budget, 1)
            values.append(value)
            structures = structures and isinstance(value, tuple)
            missing -= 1
            continue
        shape, alike = found
        if alike == 1 and shape.tag == Tag.STRUCTURE:
            values.append(shape.layout.row(b, p))
        else:
            values += shape.elements(b, p, alike)
            structures = structures and shape.tag == Tag.STRUCTURE
        p += alike * shape.size
        missing -= alike
        budget -= alike * (shape.values - 1)
        if budget < 0:
            raise LimitError(f"more than {limits.elements} values", offset=p)
    return values, p, structures
