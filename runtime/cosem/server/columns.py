"""What a profile captures: its columns, and rows of them as octets."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from cosem.apdu import DataAccessResult
from cosem.core.data import Data, skip
from cosem.core.errors import AccessError, DecodeError
from cosem.core.lengths import read_length, write_length
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.obis import LogicalName
from cosem.core.simple import Value

ReadAttribute: TypeAlias = Callable[[int, bytes, int], Data]
"""(class id, logical name, attribute) → its value. Raises AccessError."""

_STRUCTURE: Final = 2


@dataclass(frozen=True, slots=True)
class Column:
    """One captured attribute (Blue Book 4.3.6, capture_object_definition).

    ``data_index`` 0 is the whole value, n the n-th element of an array or structure.
    """

    class_id: int
    logical_name: LogicalName
    attribute_index: int
    data_index: int = 0

    @classmethod
    def of(cls, value: Value) -> Self:
        """From the plain value of a structure of three or four elements. Raises AccessError type-unmatched."""
        match value:
            case (int(class_id), bytes(name), int(attribute)) if len(name) == 6:
                return cls(class_id, LogicalName(name), attribute)
            case (int(class_id), bytes(name), int(attribute), int(data)) if len(name) == 6:
                return cls(class_id, LogicalName(name), attribute, data)
            case _:
                raise AccessError(DataAccessResult.TYPE_UNMATCHED)

    def data(self, *, with_data_index: bool = True) -> Data:
        """As a structure; version 0 of Profile generic has no data index."""
        elements = [
            Data.long_unsigned(self.class_id),
            Data.octet_string(self.logical_name),
            Data.integer(self.attribute_index),
        ]
        if with_data_index:
            elements.append(Data.long_unsigned(self.data_index))
        return Data.structure(elements)

    def read(self, attribute: ReadAttribute) -> bytes:
        """The octets to capture now; null-data where there is nothing to be had."""
        try:
            data = attribute(self.class_id, self.logical_name, self.attribute_index)
            return data.octets if self.data_index == 0 else data.elements[self.data_index - 1].octets
        except (AccessError, DecodeError, IndexError):
            return b"\x00"


NO_COLUMN: Final = Column(0, LogicalName(bytes(6)), 0)
"""What sort_object is where nothing is sorted."""


def write_row(cells: Iterable[bytes]) -> bytes:
    """A row out of encoded cells."""
    held = list(cells)
    return bytes((_STRUCTURE,)) + write_length(len(held)) + b"".join(held)


def boundaries(row: bytes) -> tuple[int, ...]:
    """Where the cells of a row begin, and where the last one ends."""
    count, p = read_length(row, 1)
    ends = [p]
    for _ in range(count):
        p = skip(row, p, DEFAULT_LIMITS)
        ends.append(p)
    return tuple(ends)


def pick(row: bytes, columns: Sequence[int]) -> bytes:
    """The row with these cells alone."""
    ends = boundaries(row)
    return write_row(row[ends[column] : ends[column + 1]] for column in columns)


def pick_alike(rows: bytes, ends: Sequence[int], columns: Sequence[int]) -> bytes:
    """The same for many rows of one shape, whose cells have the boundaries ``ends``: octet column by octet column."""
    stride = ends[-1]
    count = len(rows) // stride
    head = bytes((_STRUCTURE,)) + write_length(len(columns))
    width = len(head) + sum(ends[column + 1] - ends[column] for column in columns)
    picked = bytearray(width * count)
    sources = [source for column in columns for source in range(ends[column], ends[column + 1])]
    for place, source in enumerate(sources, len(head)):
        picked[place::width] = rows[source::stride]
    for place, octet in enumerate(head):
        picked[place::width] = bytes((octet,)) * count
    return bytes(picked)
