"""Rows of one layout, decoded together: by one struct into tuples, or column by column."""

from __future__ import annotations

import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING, TypeAlias, cast, overload

from cosem.core.bitstring import BitString
from cosem.core.compact import Description, read_element
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.lengths import read_length
from cosem.core.limits import Limits
from cosem.core.simple import Value, decode_text
from cosem.core.tags import BITS, CONTENT_OCTETS, DONT_CARE, NUMBER_FORMATS, STRING, Tag
from cosem.core.values import read_value

if TYPE_CHECKING:
    import numpy as np

Row: TypeAlias = tuple[Value, ...]

_CHUNK = 512
"""Rows that are turned into columns and back at a time, where cells need more than a struct can do."""

_FORMATTED: dict[Tag, Callable[[bytes], Value]] = {Tag.DATE_TIME: DateTime, Tag.DATE: Date, Tag.TIME: Time}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: ``format`` of its content for struct (empty if it has none), and how that becomes the value."""

    offset: int
    format: str
    convert: Callable[[bytes], Value] | None = None
    """None: what the struct gives is the value."""
    constant: Value = None
    """The value of a cell without content."""


class Layout:
    """The cells of a row of ``size`` octets. Whoever asks it to decode has checked the frames of the rows."""

    __slots__ = ("_constants", "_converted", "_select", "_struct", "cells", "size")

    def __init__(self, cells: Sequence[Cell], size: int) -> None:
        self.cells = cells
        self.size = size
        format = ">"
        p = 0
        constants = [cell.constant for cell in cells if not cell.format]
        before, behind = iter(range(len(constants))), iter(range(len(constants), len(cells)))
        order: list[int] = []  # where each cell is in the constants followed by what the struct gives
        for cell in cells:
            order.append(next(behind if cell.format else before))
            if cell.format:
                format += f"{cell.offset - p}x{cell.format}"
                p = cell.offset + struct.calcsize(f">{cell.format}")
        self._struct = struct.Struct(f"{format}{size - p}x")
        self._constants = tuple(constants)
        self._select = None if order == sorted(order) else itemgetter(*order)
        self._converted = [(i, cell.convert) for i, cell in enumerate(cells) if cell.convert is not None]

    def row(self, b: bytes, p: int) -> Row:
        """The row at ``p``."""
        row: Row = self._struct.unpack_from(b, p)
        if self._constants:
            row = self._constants + row
            if self._select is not None:
                row = self._select(row)
        if self._converted:
            values = list(row)
            for index, convert in self._converted:
                values[index] = convert(cast("bytes", values[index]))
            return tuple(values)
        return row

    def rows(self, b: bytes, p: int, count: int) -> list[Row]:
        """``count`` rows from ``p`` on."""
        if count == 1:
            return [self.row(b, p)]
        end = p + count * self.size
        if not self._converted:
            return list(self._unconverted(memoryview(b)[p:end]))
        rows: list[Row] = []
        for start in range(p, end, _CHUNK * self.size):
            stop = min(start + _CHUNK * self.size, end)
            columns: list[Iterable[Value]] = list(zip(*self._unconverted(b[start:stop]), strict=True))
            for index, convert in self._converted:
                columns[index] = map(convert, cast("Iterable[bytes]", columns[index]))
            rows += zip(*columns, strict=True)
        return rows

    def _unconverted(self, octets: bytes | memoryview) -> Iterator[Row]:
        rows: Iterator[Row] = self._struct.iter_unpack(octets)
        if self._constants:
            rows = map(self._constants.__add__, rows)
            if self._select is not None:
                rows = map(self._select, rows)
        return rows

    def column(self, b: bytes, p: int, count: int, index: int) -> Sequence[Value]:
        """One cell of ``count`` rows from ``p`` on: an ``array`` of numbers in native order, or a list."""
        cell = self.cells[index]
        if not cell.format:
            return [cell.constant] * count
        start = p + cell.offset
        end = p + count * self.size
        if cell.format[-1] == "s":
            width = int(cell.format[:-1])
            slices = Slices(b, range(start, start + count * self.size, self.size), width)
            return slices if cell.convert is None else list(map(cell.convert, slices))
        if cell.format == "?":
            return list(map(bool, b[start : end : self.size]))
        numbers: array[int] | array[float] = array(cell.format)
        width = numbers.itemsize
        octets = bytearray(count * width)
        for octet in range(width):
            octets[octet::width] = b[start + octet : end : self.size]
        numbers.frombytes(octets)
        if sys.byteorder == "little":
            numbers.byteswap()
        return numbers

    def numpy_dtype(self) -> np.dtype[np.void]:
        """The row as a structured dtype, see :meth:`cosem.core.rows.Rows.to_numpy`."""
        import numpy as np

        cells = [(f"f{index}", cell) for index, cell in enumerate(self.cells) if cell.format]
        names = [name for name, _ in cells]
        formats = [_numpy_format(cell.format) for _, cell in cells]
        offsets = [cell.offset for _, cell in cells]
        return np.dtype({"names": names, "formats": formats, "offsets": offsets, "itemsize": self.size})


def _numpy_format(format: str) -> str:
    return f"V{format[:-1]}" if format[-1] == "s" else "u1" if format == "?" else f">{format}"


class Slices(Sequence[bytes]):
    """A column of octets that stays where it is: cells are cut out when they are asked for."""

    __slots__ = ("_octets", "_starts", "_width")

    def __init__(self, octets: bytes, starts: range, width: int) -> None:
        self._octets = octets
        self._starts = starts
        self._width = width

    def __len__(self) -> int:
        return len(self._starts)

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> Slices: ...
    def __getitem__(self, index: int | slice) -> bytes | Slices:
        if isinstance(index, slice):
            return Slices(self._octets, self._starts[index], self._width)
        start = self._starts[index]
        return self._octets[start : start + self._width]

    def __iter__(self) -> Iterator[bytes]:
        octets, width = self._octets, self._width
        return (octets[start : start + width] for start in self._starts)


def framed_cell(b: bytes, start: int, p: int, end: int, limits: Limits) -> Cell:
    """The cell of the Data in ``b[p:end]``, in a row that begins at ``start``."""
    tag = b[p]
    octets = CONTENT_OCTETS[tag]
    if tag in NUMBER_FORMATS:
        return Cell(p + 1 - start, NUMBER_FORMATS[tag])
    if octets == 0:
        return Cell(p + 1 - start, "", None, DONT_CARE if tag == Tag.DONT_CARE else None)
    if octets in (STRING, BITS):
        length, content = read_length(b, p + 1)
        convert = None if tag == Tag.OCTET_STRING else _string_converter(tag, length)
        return Cell(content - start, f"{end - content}s", convert)
    if octets > 0:
        return Cell(p + 1 - start, f"{octets}s", _FORMATTED[Tag(tag)])
    return Cell(p - start, f"{end - p}s", lambda octets: read_value(octets, 0, limits)[0])


def _string_converter(tag: int, length: int) -> Callable[[bytes], Value]:
    if tag == Tag.BIT_STRING:
        return lambda octets: BitString(octets, length)
    return partial(decode_text, tag)


def described_layout(element: Description) -> Layout | None:
    """The layout of the elements of a compact-array; None if their size varies."""
    if element.size is None:
        return None
    inner = element.inner * element.repeat if element.inner else (element,)
    cells: list[Cell] = []
    p = 0
    for description in inner:
        cells.append(_described_cell(description, p))
        p += description.size or 0
    return Layout(cells, p)


def _described_cell(description: Description, p: int) -> Cell:
    tag, size = description.tag, description.size
    if tag in NUMBER_FORMATS:
        return Cell(p, NUMBER_FORMATS[tag])
    if not size:
        return Cell(p, "", None, read_element(description, b"", 0)[0])
    return Cell(p, f"{size}s", lambda octets: read_element(description, octets, 0)[0])
