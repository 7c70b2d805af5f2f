"""Profile generic as a meter hosts it (class 7, Blue Book 4.3.6)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cosem.apdu import DataAccessResult
from cosem.core.access import CosemObject, Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, InvalidValueError
from cosem.server.columns import NO_COLUMN, Column, ReadAttribute, write_row
from cosem.server.hosted import HostedObject
from cosem.server.row_selection import selected_buffer, whole_buffer
from cosem.server.row_store import CapturedRows, LatestFirst, RowStore, SortedRows

_BUFFER: Final = 2
_CLOCK_CLASS: Final = 8
_TIME: Final = 2
_FIFO, _LIFO, _FARTHEST_FROM_ZERO = 1, 2, 6
"""Numbers of sort_method."""
_MOST_ENTRIES: Final = 1_000_000


class HostedProfile(HostedObject):
    """A profile: columns that it captures, and the rows that it has captured.

    ``read`` gives the attributes to capture: those of the logical device that it is put into. ``rows`` says
    where rows come from if they are not captured one by one. ``sort_column`` is needed by the methods 3 to 6 of
    sort_method; without it sort_object names the time if that is captured. ``moments`` is what the times are:
    InvertedDateTime for a meter that counts the deviation in the opposite sense. Clients that may write
    capture_objects, sort_method or profile_entries empty the buffer by doing so.

    Raises InvalidValueError for columns, entries or a method that no profile has.
    """

    __slots__ = ("_entries", "_moments", "_sort_column", "_sort_method", "columns", "read", "rows")

    def __init__(
        self,
        description: CosemObject,
        columns: Sequence[Column],
        *,
        entries: int,
        capture_period: int = 0,
        sort_method: int = _FIFO,
        sort_column: Column | None = None,
        rows: RowStore | None = None,
        moments: type[DateTime] = DateTime,
    ) -> None:
        if description.CLASS_ID != 7:
            raise InvalidValueError(f"{description!r} is no profile")
        if not 0 < entries <= _MOST_ENTRIES:
            raise InvalidValueError(f"a profile has 1 to {_MOST_ENTRIES} entries, not {entries}")
        if sort_column is not None and sort_column not in columns:
            raise InvalidValueError(f"{sort_column} is not captured")
        self.read: ReadAttribute = _nothing
        self._entries = entries
        self._moments = moments
        self._sort_method = sort_method
        self._sort_column = sort_column
        self.columns = tuple(columns)
        self.rows: RowStore = rows if rows is not None else self._empty()
        super().__init__(
            description,
            {
                "buffer": self._whole,
                "capture_objects": self._capture_objects,
                "capture_period": Data.double_long_unsigned(capture_period),
                "sort_method": lambda: Data.enum(self._sort_method),
                "sort_object": lambda: self._column(self._sort_object()),
                "entries_in_use": lambda: len(self.rows),
                "profile_entries": lambda: self._entries,
            },
            setters={
                "capture_objects": self._set_columns,
                "sort_method": self._set_sort_method,
                "sort_object": self._set_sort_object,
                "profile_entries": self._set_entries,
            }
            if rows is None
            else {},
            methods={"reset": self._reset, "capture": self._capture},
        )

    def select(self, index: int, selection: Selection) -> Data:
        if index != _BUFFER:
            return super().select(index, selection)
        return selected_buffer(self.rows, self.columns, selection, self._moments)

    def capture(self) -> None:
        """Add a row of what the columns are now."""
        self.rows.append(write_row(column.read(self.read) for column in self.columns))

    def _whole(self) -> Data:
        return whole_buffer(self.rows)

    def _capture_objects(self) -> Data:
        return Data.array(self._column(column) for column in self.columns)

    def _column(self, column: Column) -> Data:
        return column.data(with_data_index=self.description.VERSION > 0)

    def _sort_object(self) -> Column:
        if self._sort_column is not None:
            return self._sort_column
        clock = self._clock()
        return NO_COLUMN if clock is None else self.columns[clock]

    def _clock(self) -> int | None:
        for index, column in enumerate(self.columns):
            if column.class_id == _CLOCK_CLASS and column.attribute_index == _TIME:
                return index
        return None

    def _empty(self) -> RowStore:
        method = self._sort_method
        if method == _FIFO:
            return CapturedRows(self._entries, clock=self._clock(), moments=self._moments)
        if method == _LIFO:
            return LatestFirst(self._entries, clock=self._clock(), moments=self._moments)
        if not _LIFO < method <= _FARTHEST_FROM_ZERO or self._sort_column is None:
            raise InvalidValueError(f"sort method {method} is 1 to 6, and from 3 on needs a column")
        return SortedRows(self._entries, self.columns.index(self._sort_column), method)

    def _renew(self) -> None:
        try:
            self.rows = self._empty()
        except InvalidValueError:
            raise AccessError(DataAccessResult.OTHER_REASON) from None

    def _set_columns(self, captured: object) -> None:
        columns = [Column.of(element.value) for element in self._again("capture_objects", captured).elements]
        if self._sort_column is not None and self._sort_column not in columns:
            raise AccessError(DataAccessResult.OTHER_REASON)
        self.columns = tuple(columns)
        self._renew()

    def _set_sort_method(self, method: int) -> None:
        before = self._sort_method
        self._sort_method = int(method)
        try:
            self._renew()
        except AccessError:
            self._sort_method = before
            raise

    def _set_sort_object(self, column: object) -> None:
        wanted = Column.of(self._again("sort_object", column).value)
        if wanted != NO_COLUMN and wanted not in self.columns:
            raise AccessError(DataAccessResult.OTHER_REASON)
        self._sort_column = None if wanted == NO_COLUMN else wanted
        self._renew()

    def _again(self, key: str, value: object) -> Data:
        """A value that was decoded by the class table, as Data: the class is not known here."""
        return self.description.ATTRIBUTES[self.attribute(key)].codec.encode_data(value)

    def _set_entries(self, entries: int) -> None:
        if not 0 < entries <= _MOST_ENTRIES:
            raise AccessError(DataAccessResult.OTHER_REASON)
        self._entries = entries
        self._renew()

    def _reset(self, _: int) -> None:
        self.rows.clear()

    def _capture(self, _: int) -> None:
        self.capture()


def _nothing(class_id: int, logical_name: bytes, index: int) -> Data:
    """What there is to capture outside of any device."""
    raise AccessError(DataAccessResult.OBJECT_UNDEFINED)
