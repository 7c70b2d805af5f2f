"""Where the rows of a profile are: encoded once, handed out as octets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Protocol

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import CodecError, InvalidValueError
from cosem.server.columns import boundaries


class RowStore(Protocol):
    """Rows as encoded structures, oldest (or first in order) first."""

    def __len__(self) -> int:
        """How many rows there are."""
        ...

    def octets(self, start: int, stop: int) -> bytes:
        """The rows from ``start`` to before ``stop``, one behind the other."""
        ...

    def row(self, index: int) -> bytes:
        """One row."""
        ...

    @property
    def shape(self) -> Sequence[int] | None:
        """The boundaries of the cells if they are the same in all rows, see :func:`cosem.server.columns.boundaries`."""
        ...

    @property
    def ascending(self) -> bool:
        """Whether the rows are in the order of their times: the clock was never set back between two."""
        ...

    def append(self, row: bytes) -> None:
        """Take in a captured row. Raises AccessError if rows come from elsewhere."""
        ...

    def clear(self) -> None:
        """Drop all rows."""
        ...


class CapturedRows:
    """Rows as they were captured, ``capacity`` at most; the oldest gives way.

    ``clock`` is the column of the time, ``moments`` what times are.
    """

    __slots__ = ("_ascending", "_clock", "_moments", "_rows", "_shape", "capacity")

    def __init__(
        self, capacity: int, *, clock: int | None = None, moments: type[DateTime] = DateTime
    ) -> None:
        self.capacity = capacity
        self._moments = moments
        self._clock = clock
        self._rows: list[bytes] = []
        self._shape: tuple[int, ...] | None = None
        self._ascending = clock is not None

    def __len__(self) -> int:
        return len(self._rows)

    def octets(self, start: int, stop: int) -> bytes:
        """The rows from ``start`` to before ``stop``."""
        return b"".join(self._rows[start:stop])

    def row(self, index: int) -> bytes:
        """One row."""
        return self._rows[index]

    @property
    def shape(self) -> Sequence[int] | None:
        """The boundaries of the cells if all rows have the same."""
        return self._shape

    @property
    def ascending(self) -> bool:
        """Whether the rows are in the order of their times."""
        return self._ascending

    def append(self, row: bytes) -> None:
        """Take in a row."""
        self._note(row)
        if self.capacity:
            del self._rows[: max(0, len(self._rows) - self.capacity + 1)]
            self._rows.append(row)

    def clear(self) -> None:
        """Drop all rows."""
        self._rows.clear()
        self._ascending = self._clock is not None

    def _note(self, row: bytes) -> None:
        ends = boundaries(row)
        if not self._rows:
            self._shape = ends
            return
        if ends != self._shape:
            self._shape = None
        clock = self._clock
        if self._ascending and clock is not None:
            self._ascending = self._moment(self._rows[-1], clock) <= self._moment(row, clock)

    def _moment(self, row: bytes, column: int) -> tuple[int, ...]:
        ends = boundaries(row)
        if column + 1 >= len(ends):
            return ()
        try:
            value = Data(row[ends[column] : ends[column + 1]]).value
            return self._moments(value).sort_key if isinstance(value, bytes) else ()
        except (CodecError, InvalidValueError):
            return ()


class LatestFirst(CapturedRows):
    """The newest row is the first; the oldest gives way."""

    __slots__ = ()

    def append(self, row: bytes) -> None:
        self._note(row)
        self._ascending = False
        self._rows.insert(0, row)
        del self._rows[self.capacity :]


class SortedRows(CapturedRows):
    """Rows in the order of the number in one cell; the last gives way. ``method`` is a sort_method from 3 to 6."""

    __slots__ = ("_column", "_keys", "_method")

    def __init__(self, capacity: int, column: int, method: int) -> None:
        super().__init__(capacity)
        self._column = column
        self._method = method
        self._keys: list[float] = []

    def append(self, row: bytes) -> None:
        self._note(row)
        key = self._key(row)
        index = bisect_left(self._keys, key)
        self._keys.insert(index, key)
        self._rows.insert(index, row)
        del self._keys[self.capacity :], self._rows[self.capacity :]

    def clear(self) -> None:
        super().clear()
        self._keys.clear()

    def _key(self, row: bytes) -> float:
        ends = boundaries(row)
        value: object = None
        if self._column + 1 < len(ends):
            value = Data(row[ends[self._column] : ends[self._column + 1]]).value
        if not isinstance(value, int | float):
            return float("inf")
        match self._method:
            case 3:
                return -value
            case 4:
                return value
            case 5:
                return abs(value)
            case _:
                return -abs(value)
