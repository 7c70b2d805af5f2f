"""The buffer of a profile: rows out of an array or compact-array, fast and with every octet checked."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Self, TypeVar, cast, overload

from cosem.core.alike import Shape, read_array
from cosem.core.compact import count_elements, element_positions, open_compact_array, read_element
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError, IncompleteError, InvalidValueError, LimitError
from cosem.core.frames import NotFramed
from cosem.core.layout import Layout, Row, described_layout
from cosem.core.lengths import read_count
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.core.row_writer import write_rows
from cosem.core.simple import Value
from cosem.core.tags import Tag

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


T = TypeVar("T")


class Rows:
    """The rows of a profile buffer, held as the octets of the Data: array or compact-array of structures.

    A row is a tuple of plain values (see :data:`cosem.core.simple.Value`: octet-string is bytes, null-data
    None); an element that is no structure is a row of one cell. Nothing is decoded before it is asked for,
    and then everything is checked: DecodeError, IncompleteError and LimitError come from the methods. Rows of
    one shape (same tags and lengths) decode at C speed, and so do runs and mixtures of a few shapes.

    >>> rows = Rows.encode([(1, b"ab"), (2, b"cd")], (Tag.UNSIGNED, Tag.OCTET_STRING))
    >>> list(rows), len(rows), list(rows.column(0))
    ([(1, b'ab'), (2, b'cd')], 2, [1, 2])
    """

    __slots__ = ("_decoded", "_layout", "_limits", "_octets")

    def __init__(self, octets: bytes, limits: Limits = DEFAULT_LIMITS) -> None:
        self._octets = octets
        self._limits = limits
        self._layout: tuple[Layout | None, int, int] | None = None
        self._decoded: list[Row] | None = None

    @classmethod
    def encode(cls, rows: Iterable[Sequence[Value]], types: Sequence[Tag]) -> Self:
        """An array of structures from rows of plain values, the type of each column given.

        None is written as null-data in any column. Raises EncodeError.
        """
        return cls(write_rows(rows, types))

    @property
    def octets(self) -> bytes:
        """The octets as they came."""
        return self._octets

    def __len__(self) -> int:
        return _guarded(self._count, self._octets)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.tuples())

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> list[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | list[Row]:
        layout, start, count = self._uniform()
        if layout is not None and isinstance(index, int):
            return layout.row(self._octets, start + range(count)[index] * layout.size)
        if self._decoded is None:
            self._decoded = self.tuples()
        return self._decoded[index]

    def __eq__(self, other: object) -> bool:
        return self._octets == other._octets if isinstance(other, Rows) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._octets)

    def __repr__(self) -> str:
        return f"Rows({len(self._octets)} octets)"

    def tuples(self) -> list[Row]:
        """All rows."""
        layout, start, count = self._uniform()
        if layout is not None:
            return layout.rows(self._octets, start, count)
        read = self._read_compact if self._octets[0] == Tag.COMPACT_ARRAY else self._read_array
        return _guarded(read, self._octets)

    def column(self, index: int) -> Sequence[Value]:
        """One cell of every row.

        Where all rows have one shape this builds no rows, and numbers come as an ``array.array`` in native
        order. Raises InvalidValueError if a row has no such cell.
        """
        layout, start, count = self._uniform()
        if not count:
            return []
        if layout is not None:
            if not 0 <= index < len(layout.cells):
                raise InvalidValueError(f"rows of {len(layout.cells)} cells have no cell {index}")
            return layout.column(self._octets, start, count, index)
        if index < 0:
            raise InvalidValueError(f"no cell {index}")
        try:
            return [row[index] for row in self.tuples()]
        except IndexError:
            raise InvalidValueError(f"a row has no cell {index}") from None

    def columns(self) -> list[Sequence[Value]]:
        """All columns, each as :meth:`column` gives it. Raises InvalidValueError if rows differ in length."""
        layout, start, count = self._uniform()
        if layout is not None:
            return [layout.column(self._octets, start, count, index) for index in range(len(layout.cells))]
        try:
            return list(map(list, zip(*self.tuples(), strict=True)))
        except ValueError:
            raise InvalidValueError("rows differ in length") from None

    def to_numpy(self) -> npt.NDArray[np.void]:
        """A read-only structured view on the octets, nothing copied; numpy must be installed.

        Fields are called ``f0``, ``f1``, … by the cell; numbers are big endian, all else is void of its
        octets; cells without content have no field. Raises InvalidValueError if rows are not of one shape or
        numpy is missing.
        """
        try:
            import numpy as np
        except ImportError:
            raise InvalidValueError("to_numpy needs numpy: pip install cosem[fast]") from None
        layout, start, count = self._uniform()
        if layout is None:
            raise InvalidValueError("rows are not of one shape")
        return np.frombuffer(self._octets, layout.numpy_dtype(), count, start)

    def filled(self, clock: int | None = None, period: dt.timedelta = dt.timedelta()) -> list[Row]:
        """All rows, with null-data replaced by the cell above; in column ``clock`` by that plus ``period``.

        This undoes the compression of buffers, where null-data stands for a value that is the same as in the
        row before, and in the column of the clock for one capture period more. Cells in front of the first
        value stay None; times are DateTime (12 octets) and stay None behind one that has wildcards.
        """
        filled: list[Row] = []
        above: Row = ()
        for row in self.tuples():
            if None in row and len(above) == len(row):
                row = tuple(
                    old if new is None else new
                    for new, old in zip(row, _next(above, clock, period), strict=True)
                )
            filled.append(row)
            above = row
        return filled

    def _count(self) -> int:
        b = self._octets
        if b[0] == Tag.COMPACT_ARRAY:
            return count_elements(open_compact_array(b, 1, self._limits), b, self._limits)
        if b[0] != Tag.ARRAY:
            raise DecodeError(f"no buffer begins with tag {b[0]}", offset=0)
        return read_count(b, 1, self._limits.elements)[0]

    def _uniform(self) -> tuple[Layout | None, int, int]:
        """The layout of all rows if they have one, where they begin, and how many there are."""
        if self._layout is None:
            self._layout = _guarded(self._find_layout, self._octets)
        return self._layout

    def _find_layout(self) -> tuple[Layout | None, int, int]:
        b, limits = self._octets, self._limits
        count = self._count()
        if b[0] == Tag.COMPACT_ARRAY:
            compact = open_compact_array(b, 1, limits)
            _nothing_behind(b, compact.end)
            return described_layout(compact.element), compact.start, count
        _, p = read_count(b, 1, limits.elements)
        if not count:
            _nothing_behind(b, p)
            return Layout((), 1), p, 0
        try:
            shape = Shape(b, p, limits)
        except NotFramed:
            return None, p, count
        if shape.run(b, p, count) < count:
            return None, p, count
        _nothing_behind(b, p + shape.size * count)
        if shape.values * count > limits.elements:
            raise LimitError(f"more than {limits.elements} values", offset=p)
        return shape.layout, p, count

    def _read_array(self) -> list[Row]:
        values, end, structures = read_array(self._octets, 1, self._limits)
        _nothing_behind(self._octets, end)
        return cast("list[Row]", values) if structures else list(map(_as_row, values))

    def _read_compact(self) -> list[Row]:
        b = self._octets
        compact = open_compact_array(b, 1, self._limits)
        starts = element_positions(compact, b, self._limits)
        return [_as_row(read_element(compact.element, b, start)[0]) for start in starts[:-1]]


def _guarded(read: Callable[[], T], b: bytes) -> T:
    try:
        return read()
    except (IndexError, struct.error):
        raise IncompleteError("the buffer ends early", offset=len(b)) from None


def _nothing_behind(b: bytes, end: int) -> None:
    if end != len(b):
        raise DecodeError(f"{len(b) - end} octets behind the buffer", offset=end)


def _as_row(value: Value) -> Row:
    if isinstance(value, tuple):
        return value
    return tuple(value) if isinstance(value, list) else (value,)


def _next(above: Row, clock: int | None, period: dt.timedelta) -> Row:
    if clock is None or not 0 <= clock < len(above):
        return above
    moment = above[clock]
    later = None
    if isinstance(moment, bytes) and len(moment) == DateTime.SIZE and (time := DateTime(moment)).is_complete:
        later = time.shifted(period)
    return (*above[:clock], later, *above[clock + 1 :])
