"""Selective access to a profile buffer: rows by range or by entry, and columns (Blue Book 4.3.6)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import TypeAlias

from cosem.apdu import DataAccessResult
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, CodecError
from cosem.core.lengths import write_length
from cosem.server.columns import Column, boundaries, pick, pick_alike
from cosem.server.row_ranges import Compare, TimeRange, comparison
from cosem.server.row_store import RowStore

Span: TypeAlias = tuple[int, int]


def whole_buffer(store: RowStore) -> Data:
    """All rows and columns."""
    count = len(store)
    return Data(b"\x01" + write_length(count) + store.octets(0, count))


def selected_buffer(
    store: RowStore, columns: Sequence[Column], selection: Selection, moments: type[DateTime] = DateTime
) -> Data:
    """The rows and columns that a client asks for; ``moments`` is what the times in bounds and cells are.

    Raises AccessError: scope-of-access-violated for an unknown selector, type-unmatched for parameters that are none,
    object-undefined for a column that is not captured.
    """
    try:
        parameters = selection.parameters.value
    except CodecError:
        raise AccessError(DataAccessResult.TYPE_UNMATCHED) from None
    match selection.selector, parameters:
        case 1, (restricting, low, high, list(wanted)):
            picked = [_index(columns, Column.of(value)) for value in wanted]
            column = _index(columns, Column.of(restricting))
            spans = _spans_in_range(store, column, comparison(low, high, moments))
        case 2, (int(first), int(last), int(first_column), int(last_column)):
            spans = [(max(first, 1) - 1, len(store) if last == 0 else min(last, len(store)))]
            end = len(columns) if last_column == 0 else min(last_column, len(columns))
            start = max(first_column, 1) - 1
            picked = [] if (start, end) == (0, len(columns)) else list(range(start, end))
            if not picked and start >= end:
                spans = []
        case ((1 | 2), _):
            raise AccessError(DataAccessResult.TYPE_UNMATCHED)
        case _:
            raise AccessError(DataAccessResult.SCOPE_OF_ACCESS_VIOLATED)
    spans = [(start, stop) for start, stop in spans if start < stop]
    count = sum(stop - start for start, stop in spans)
    rows = b"".join(_columns_of(store, start, stop, picked) for start, stop in spans)
    return Data(b"\x01" + write_length(count) + rows)


def _index(columns: Sequence[Column], wanted: Column) -> int:
    try:
        return columns.index(wanted)
    except ValueError:
        raise AccessError(DataAccessResult.OBJECT_UNDEFINED) from None


def _columns_of(store: RowStore, start: int, stop: int, columns: Sequence[int]) -> bytes:
    if not columns:
        return store.octets(start, stop)
    if store.shape is not None:
        return pick_alike(store.octets(start, stop), store.shape, columns)
    return b"".join(pick(store.row(index), columns) for index in range(start, stop))


def _spans_in_range(store: RowStore, column: int, compare: Compare) -> list[Span]:
    """The rows whose cell is in the range. Times in their order are searched, anything else is walked."""

    def where(index: int) -> int:
        return compare(_cell(store, index, column))

    everything = range(len(store))
    if store.ascending and isinstance(compare, TimeRange):
        return [(bisect_left(everything, 0, key=where), bisect_right(everything, 0, key=where))]
    spans: list[Span] = []
    for index in everything:
        if where(index):
            continue
        if spans and spans[-1][1] == index:
            spans[-1] = (spans[-1][0], index + 1)
        else:
            spans.append((index, index + 1))
    return spans


def _cell(store: RowStore, index: int, column: int) -> bytes:
    row = store.row(index)
    ends = store.shape or boundaries(row)
    return row[ends[column] : ends[column + 1]] if column + 1 < len(ends) else b"\x00"
