"""Whether a captured cell lies between two values."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Final, TypeAlias

from cosem.apdu import DataAccessResult
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.datetime_octets import ANY
from cosem.core.errors import AccessError, CodecError, InvalidValueError
from cosem.core.simple import Value

Compare: TypeAlias = Callable[[bytes], int]
"""A cell, as encoded → -1 below the range, 0 within it, 1 above."""

_TIME_SIZE: Final = DateTime.SIZE
_NO_TIME: Final = bytes((ANY,)) * 9
_NUMBERS: Final = (int, float)


class TimeRange:
    """Between two moments, both included, to the second.

    Where the deviation of both a bound and a cell is known they are compared in UTC, else as local times. What a bound
    leaves unspecified does not narrow it. Cells are of the kind that ``low`` is, such as InvertedDateTime.
    """

    __slots__ = ("_bounds", "_high", "_low")

    def __init__(self, low: DateTime, high: DateTime) -> None:
        self._low = low
        self._high = high
        self._bounds: dict[bytes, tuple[bytes, bytes]] = {}

    def __call__(self, cell: bytes) -> int:
        moment = cell[-_TIME_SIZE:]
        if len(moment) < _TIME_SIZE:
            return -1
        deviation = moment[9:11]
        bounds = self._bounds.get(deviation)
        if bounds is None:
            bounds = _local(self._low, deviation, b"\x00"), _local(self._high, deviation, b"\xff")
            self._bounds[deviation] = bounds
        local = moment[:4] + moment[5:8]
        return -1 if local < bounds[0] else 1 if local > bounds[1] else 0


def _local(bound: DateTime, deviation: bytes, filler: bytes) -> bytes:
    """A bound in the local time of the deviation of a cell: year, month, day, hour, minute, second."""
    minutes = type(bound)(_NO_TIME + deviation + bytes(1)).deviation
    if bound.is_complete and bound.deviation is not None and minutes is not None:
        with suppress(InvalidValueError):  # at an end of the calendar it is taken as it stands
            bound = bound.shifted(timedelta(minutes=bound.deviation - minutes))
    return (bound[:4] + bound[5:8]).replace(bytes((ANY,)), filler)


def comparison(low: Value, high: Value, moments: type[DateTime] = DateTime) -> Compare:
    """Between two values of a range descriptor; null-data leaves an end open. ``moments`` is what times are.

    Raises AccessError type-unmatched for values without an order.
    """
    match low, high:
        case ((bytes() | None), (bytes() | None)):
            if len(low or b"\0" * _TIME_SIZE) == len(high or b"\0" * _TIME_SIZE) == _TIME_SIZE:
                first, last = (moments.unspecified() if end is None else moments(end) for end in (low, high))
                return TimeRange(first, last)
            return lambda cell: _octet_order(cell, low, high)
        case ((int() | float() | None), (int() | float() | None)):
            return lambda cell: _number_order(cell, low, high)
        case _:
            raise AccessError(DataAccessResult.TYPE_UNMATCHED)


def _number_order(cell: bytes, low: float | None, high: float | None) -> int:
    value = _plain(cell)
    if not isinstance(value, _NUMBERS):
        return -1
    return -1 if low is not None and value < low else 1 if high is not None and value > high else 0


def _octet_order(cell: bytes, low: bytes | None, high: bytes | None) -> int:
    value = _plain(cell)
    if not isinstance(value, bytes):
        return -1
    return -1 if low is not None and value < low else 1 if high is not None and value > high else 0


def _plain(cell: bytes) -> Value:
    try:
        return Data(cell).value
    except CodecError:
        return None
