"""Attributes that measure, and cells that remember what they measured."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Literal, TypeAlias

from cosem.core.codecs import DATE_TIME
from cosem.core.data import Data
from cosem.core.simple import write_simple
from cosem.core.tags import Tag
from cosem.sim.clock import MeterClock
from cosem.sim.plausible import limits_of
from cosem.sim.sources import Moment, Number

_FLOATS: Final = (Tag.FLOAT32, Tag.FLOAT64)
_LONGEST_CELL: Final = 4096


class LiveNumber:
    """A number in counts of 10^scaler; cut off, not rounded, as counters do."""

    __slots__ = ("_clock", "_scale", "_source", "_tag")

    def __init__(self, source: Number, tag: Tag, scaler: int, clock: MeterClock) -> None:
        self._source = source
        self._tag = tag
        self._scale = 10.0**scaler
        self._clock = clock

    def __call__(self) -> Data:
        """The value now."""
        return Data(self.at(self._clock.world()))

    def at(self, time: float) -> bytes:
        """The value at a time (seconds since 1970, UTC), encoded. Raises EncodeError if the type cannot hold it."""
        value = self._source(time) / self._scale
        return write_simple(self._tag, value if self._tag in _FLOATS else int(value))


def shown(source: Number, factor: float, offset: float) -> Number:
    """The source in another unit."""
    if factor == 1 and not offset:
        return source
    return lambda time: source(time) * factor + offset


def bounded(source: Number, tag: Tag, scaler: int, beyond: Literal["roll", "stop"]) -> Number:
    """The source kept to what ``tag`` can hold in counts of 10^``scaler``: it rolls over to 0, or stops at the end."""
    if tag in _FLOATS:
        return source
    least, most = limits_of(tag)
    scale = 10.0**scaler
    if beyond == "roll":
        return lambda time: (source(time) / scale) % (most + 1) * scale
    return lambda time: min(max(source(time) / scale, least), most) * scale


class LiveTime:
    """A time, by the meter's clock."""

    __slots__ = ("_clock", "_source")

    def __init__(self, source: Moment, clock: MeterClock) -> None:
        self._source = source
        self._clock = clock

    def __call__(self) -> Data:
        """The time now."""
        return Data(self.at(self._clock.world()))

    def at(self, time: float) -> bytes:
        """What it was at a time, encoded."""
        return DATE_TIME.write(self._clock.stamp(self._source(time) + self._clock.offset))


Live: TypeAlias = LiveNumber | LiveTime


class MeasuredCell:
    """A column of a periodic profile that measures; asked by the meter's time."""

    __slots__ = ("_clock", "_live")

    def __init__(self, live: Live, clock: MeterClock) -> None:
        self._live = live
        self._clock = clock

    def __call__(self, time: float) -> bytes:
        return self._live.at(time - self._clock.offset)


class TimeCell:
    """The column of the clock."""

    __slots__ = ("_clock",)

    def __init__(self, clock: MeterClock) -> None:
        self._clock = clock

    def __call__(self, time: float) -> bytes:
        return DATE_TIME.write(self._clock.stamp(time))


class ConstantCell:
    """A column that does not measure: it keeps the value that it had when it was first asked for.

    What is longer than a cell ought to be, such as another profile, is null-data.
    """

    __slots__ = ("_octets", "_read")

    def __init__(self, read: Callable[[], bytes]) -> None:
        self._read = read
        self._octets = b""

    def __call__(self, time: float) -> bytes:
        if not self._octets:
            octets = self._read()
            self._octets = octets if len(octets) <= _LONGEST_CELL else b"\x00"
        return self._octets
