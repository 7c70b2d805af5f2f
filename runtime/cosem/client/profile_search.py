"""Rows between two times, found by entry number: for meters that select by entry and not by range.

In a buffer that is sorted by time the first and the last row wanted are found by halving, one small request each step.
Clocks are set, and local times go back an hour in autumn; so rows within an hour of the bounds are taken along, and
whoever asked leaves out what is not wanted. Where halving cannot tell, the whole buffer is to be read.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias

from cosem.core.access import Selection
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.errors import AccessError, InvalidValueError
from cosem.core.rows import Rows

if TYPE_CHECKING:
    from cosem.client.operations import Operations
    from cosem.client.profiles import Moment, ProfileObject
    from cosem.core.data import Data
    from cosem.session.client import Exchange

FEW: Final = 32
"""Rows that are read at once rather than searched."""

_FIFO, _LIFO = 1, 2
_SLACK: Final = dt.timedelta(hours=1)

Key: TypeAlias = tuple[int, ...]
ReadSelected: TypeAlias = "Callable[[Selection], Exchange[Data]]"
SelectCell: TypeAlias = Callable[[int], Selection]
"""The selection of the time in one entry."""


class _Untold(Exception):
    """The time of a row cannot be told."""


def find_entries(
    operations: Operations,
    target: ProfileObject,
    read: ReadSelected,
    select: SelectCell,
    start: Moment | None,
    end: Moment | None,
) -> Exchange[tuple[int, int] | None]:
    """First and last entry, counted from 1, that hold every row between the times; None to read the whole buffer.

    ``(1, 0)`` stands for no row at all.
    """
    try:
        low = None if start is None else _moment(start).shifted(-_SLACK).sort_key
        high = None if end is None else _moment(end).shifted(_SLACK).sort_key
    except InvalidValueError:  # wildcards, or the end of the calendar
        return None
    in_use, method = yield from operations.get_many([target.entries_in_use, target.sort_method])
    if not isinstance(in_use, int) or in_use <= FEW or method not in (_FIFO, _LIFO):
        return None

    inverted = operations.session.options.switches.inverted_deviation
    moments = InvertedDateTime if inverted else DateTime

    def entry(place: int) -> int:
        """The number of the entry at a place in the order of time, from 0."""
        return place + 1 if method == _FIFO else in_use - place

    def key_at(place: int) -> Exchange[Key]:
        rows = Rows((yield from read(select(entry(place)))).octets).tuples()
        match rows:
            case [(bytes(cell),)] if len(cell) == DateTime.SIZE and (time := moments(cell)).is_complete:
                return time.sort_key
            case _:
                raise _Untold

    def first(wanted: Callable[[Key], bool]) -> Exchange[int]:
        """The first place whose time is wanted."""
        below, above = 0, in_use
        while below < above:
            middle = (below + above) // 2
            if wanted((yield from key_at(middle))):
                above = middle
            else:
                below = middle + 1
        return below

    try:
        begin = 0 if low is None else (yield from first(lambda key: key >= low))
        behind = in_use if high is None else (yield from first(lambda key: key > high))
    except (_Untold, AccessError):
        return None
    if begin >= behind:
        return 1, 0
    ends = entry(begin), entry(behind - 1)
    return min(ends), max(ends)


def _moment(moment: Moment) -> DateTime:
    return moment if isinstance(moment, DateTime) else DateTime.from_datetime(moment)
