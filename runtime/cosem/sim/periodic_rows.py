"""The rows of a profile that captures regularly: made when they are asked for, and kept then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Final, Protocol, TypeAlias

from cosem.core.errors import AccessError
from cosem.server import DataAccessResult
from cosem.server.columns import boundaries, write_row
from cosem.sim.clock import MeterClock

Cell: TypeAlias = Callable[[float], bytes]
"""The meter's time → an encoded cell."""

_CHUNK: Final = 96
_MONTHS: Final = 12


class Grid(Protocol):
    """The moments at which a profile captures, numbered."""

    def number(self, time: float) -> int:
        """The last one up to a time."""
        ...

    def time(self, number: int) -> float:
        """When it is."""
        ...


class EverySeconds:
    """Every so many seconds, counted from 1970 in UTC."""

    __slots__ = ("_period",)

    def __init__(self, period: int) -> None:
        self._period = period

    def number(self, time: float) -> int:
        """The last one up to a time."""
        return int(time // self._period)

    def time(self, number: int) -> float:
        """When it is."""
        return float(number * self._period)


class EveryDay:
    """At local midnight."""

    __slots__ = ("_clock",)

    def __init__(self, clock: MeterClock) -> None:
        self._clock = clock

    def number(self, time: float) -> int:
        """The last one up to a time."""
        return self._clock.date(time).toordinal()

    def time(self, number: int) -> float:
        """When it is."""
        return self._clock.midnight(dt.date.fromordinal(number))


class EveryMonth:
    """At local midnight of the first day of the month."""

    __slots__ = ("_clock",)

    def __init__(self, clock: MeterClock) -> None:
        self._clock = clock

    def number(self, time: float) -> int:
        """The last one up to a time."""
        date = self._clock.date(time)
        return date.year * _MONTHS + date.month - 1

    def time(self, number: int) -> float:
        """When it is."""
        year, month = divmod(number, _MONTHS)
        return self._clock.midnight(dt.date(year, month + 1, 1))


class PeriodicRows:
    """A :class:`~cosem.server.row_store.RowStore` that follows the meter's clock.

    Rows run from the first moment after ``since`` (seconds, UTC), or after the last reset, to the last one that has
    come; ``capacity`` at most. All cells of a column are of one length. A clock that is set moves the stamps of rows
    that stand already: they are kept by the meter's time, not by the time they were taken.
    """

    __slots__ = ("_capacity", "_cells", "_chunks", "_clock", "_grid", "_offset", "_shape", "_since")

    def __init__(
        self, clock: MeterClock, grid: Grid, cells: Sequence[Cell], *, capacity: int, since: float
    ) -> None:
        self._clock = clock
        self._grid = grid
        self._cells = tuple(cells)
        self._capacity = capacity
        self._since = since
        self._offset = clock.offset
        self._chunks: dict[int, bytes] = {}
        self._shape: tuple[int, ...] | None = None

    def __len__(self) -> int:
        return len(self._numbers())

    def octets(self, start: int, stop: int) -> bytes:
        """The rows from ``start`` to before ``stop``."""
        numbers = self._numbers()[start:stop]
        if not numbers:
            return b""
        first, last = numbers[0], numbers[-1]
        chunks = range(first // _CHUNK, last // _CHUNK + 1)
        rows = b"".join([self._chunk(number, last) for number in chunks])
        stride = self._stride
        skipped = (first - chunks[0] * _CHUNK) * stride
        return rows[skipped : skipped + len(numbers) * stride]

    def row(self, index: int) -> bytes:
        """One row."""
        number = self._numbers()[index]
        place = number % _CHUNK * self._stride
        return self._chunk(number // _CHUNK, number)[place : place + self._stride]

    @property
    def shape(self) -> Sequence[int]:
        """The boundaries of the cells."""
        if self._shape is None:
            self._shape = boundaries(self._made(self._grid.number(self._clock.now())))
        return self._shape

    @property
    def ascending(self) -> bool:
        """Always: there is one row for each moment of the meter's time."""
        return True

    def append(self, row: bytes) -> None:
        """Refused: rows come with time alone."""
        raise AccessError(DataAccessResult.TEMPORARY_FAILURE)

    def clear(self) -> None:
        """Start anew after the present moment."""
        self._since = self._clock.now()
        self._chunks.clear()

    @property
    def _stride(self) -> int:
        return self.shape[-1]

    def _numbers(self) -> range:
        last = self._grid.number(self._clock.now())
        first = max(self._grid.number(self._since) + 1, last - self._capacity + 1)
        return range(first, max(last + 1, first))

    def _chunk(self, chunk: int, last: int) -> bytes:
        """The rows of a chunk, up to ``last`` at least; what is there is kept, what is missing is made."""
        if self._offset != self._clock.offset:
            self._offset = self._clock.offset
            self._chunks.clear()
        kept = self._chunks.get(chunk, b"")
        there = chunk * _CHUNK + len(kept) // self._stride
        end = min(last, chunk * _CHUNK + _CHUNK - 1)
        if there <= end:
            kept += b"".join([self._made(number) for number in range(there, end + 1)])
            self._chunks[chunk] = kept
            oldest = self._numbers().start // _CHUNK
            for old in [number for number in self._chunks if number < oldest]:
                del self._chunks[old]
        return kept

    def _made(self, number: int) -> bytes:
        time = self._grid.time(number)
        return write_row(cell(time) for cell in self._cells)


class NewestFirst:
    """The same rows the other way round, as sort method lifo has them."""

    __slots__ = ("_rows",)

    def __init__(self, rows: PeriodicRows) -> None:
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def octets(self, start: int, stop: int) -> bytes:
        """The rows from ``start`` to before ``stop``."""
        count, stride = len(self), self._rows.shape[-1]
        start, stop = min(start, count), min(stop, count)
        rows = self._rows.octets(count - stop, count - start)
        return b"".join(rows[place : place + stride] for place in range(len(rows) - stride, -1, -stride))

    def row(self, index: int) -> bytes:
        """One row."""
        return self._rows.row(len(self) - 1 - index)

    @property
    def shape(self) -> Sequence[int]:
        """The boundaries of the cells."""
        return self._rows.shape

    @property
    def ascending(self) -> bool:
        """Never."""
        return False

    def append(self, row: bytes) -> None:
        """Refused: rows come with time alone."""
        self._rows.append(row)

    def clear(self) -> None:
        """Start anew after the present moment."""
        self._rows.clear()
