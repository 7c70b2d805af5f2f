"""Loads: how much energy has gone through by when, as a pure function of time.

A :class:`Curve` is what meters of one kind have in common: the share of each hour, the season, the tariffs. A
:class:`Load` is one meter's own: its size, its noise. Energy never falls, whatever the noise: noise moves the ends
of days, hours and quarters, never past each other.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from itertools import accumulate
from math import cos, pi
from typing import Final, TypeAlias

from cosem.core.errors import InvalidValueError
from cosem.sim.noise import smooth, unit

DAY: Final = 86_400
HOUR: Final = 3_600
QUARTER: Final = 900
_YEAR: Final = 365.2425
_HOURS: Final = 24
_LAST_DAY: Final = 47_482  # 2100-01-01: nothing moves from there on
_REACH: Final = 0.45  # of the neighbour; below a half, ends cannot meet
_FLICKER: Final = 0.04
_COLDEST_DAY: Final = 15  # of the year, and of 1970
_TARIFFS: Final = 64  # more than any meter has
_KEPT: Final = 8  # days and hours that are remembered: times are mostly asked for in their order
_DAYS, _OF_DAYS, _OF_HOURS = 1, 2, 3

_Span: TypeAlias = tuple[float, float]

SHAPES: Final[dict[str, tuple[float, ...]]] = {
    "household": (4, 3, 3, 3, 3, 4, 6, 9, 8, 6, 6, 7, 9, 8, 6, 6, 7, 10, 13, 14, 13, 11, 8, 5),
    "business": (3, 3, 3, 3, 3, 4, 6, 10, 14, 16, 16, 16, 14, 16, 16, 16, 14, 10, 6, 4, 4, 3, 3, 3),
    "solar": (0, 0, 0, 0, 0, 0, 1, 4, 9, 14, 18, 20, 21, 20, 18, 14, 9, 4, 1, 0, 0, 0, 0, 0),
    "flat": (1,) * 24,
}
"""The share of each hour of the day, by name."""


class Curve:
    """The common part of loads: one unit in a mean year.

    ``shape`` gives each hour of the day its share, ``weekend`` the size of Saturdays and Sundays against other days,
    ``season`` how much winter (above 0) or summer (below 0) exceeds the mean, ``tariffs`` the tariff of each hour.
    ``first_day`` counts days from 1970-01-01; before it there is no load. Raises InvalidValueError.
    """

    __slots__ = ("_ends", "_season", "_weekend", "first_day", "of_hours", "shares", "tariffs", "through")

    def __init__(
        self,
        shape: Sequence[float],
        *,
        first_day: int,
        weekend: float = 1.0,
        season: float = 0.0,
        tariffs: Sequence[int] = (1,) * _HOURS,
    ) -> None:
        if len(shape) != _HOURS or len(tariffs) != _HOURS or min(shape) < 0 or sum(shape) <= 0:
            raise InvalidValueError("a shape has 24 shares, none below 0, and each hour has a tariff")
        if not -1 < season < 1 or weekend <= 0 or not 0 <= first_day < _LAST_DAY:
            raise InvalidValueError("season is between -1 and 1, weekend above 0, the first day before 2100")
        self.first_day = first_day
        self.of_hours = tuple(tariffs)
        self.tariffs = tuple(sorted(set(tariffs)))
        self.shares: dict[int, float] = {}
        """Tariff → its part of the day."""
        self.through: dict[int, tuple[float, ...]] = {}
        """Tariff → 25 numbers: the part of its day that is through by each hour."""
        for tariff in self.tariffs:
            hours = [share if of == tariff else 0.0 for share, of in zip(shape, tariffs, strict=True)]
            ends = list(accumulate(hours, initial=0.0))
            self.shares[tariff] = ends[-1] / sum(shape)
            self.through[tariff] = tuple(end / ends[-1] if ends[-1] else 0.0 for end in ends)
        self._weekend = weekend
        self._season = season
        self._ends = array("d", [0.0])

    def until(self, day: int) -> float:
        """All days from the first up to, and not with, this one."""
        index = min(max(day, self.first_day), _LAST_DAY) - self.first_day
        ends = self._ends
        while len(ends) <= index:
            ends.append(ends[-1] + self._day(self.first_day + len(ends) - 1))
        return ends[index]

    def _day(self, day: int) -> float:
        size = 1 + self._season * cos(2 * pi * (day - _COLDEST_DAY) / _YEAR)
        weekend = (day + 3) % 7 >= 5  # 1970-01-01 was a Thursday
        return size * (self._weekend if weekend else 1.0) / (_YEAR * (5 + 2 * self._weekend) / 7)


class Load:
    """One meter's load: ``annual`` Wh in a mean year, ``start`` Wh on the first day, in local time of ``zone`` seconds
    east of Greenwich.

    ``noise`` is from 0 (every day is alike) to 1; ``active`` loads make the current. Times are seconds since 1970
    in UTC, energies Wh, powers W. Raises InvalidValueError.
    """

    __slots__ = ("_annual", "_curve", "_day", "_hour", "_noise", "_seed", "_start", "_zone", "active")

    def __init__(
        self,
        curve: Curve,
        *,
        annual: float,
        start: float = 0.0,
        noise: float = 0.5,
        active: bool = True,
        seed: int = 0,
        zone: int = 0,
    ) -> None:
        if annual < 0 or start < 0 or not 0 <= noise <= 1:
            raise InvalidValueError("annual and start are not below 0, noise is from 0 to 1")
        self._curve = curve
        self._annual = annual
        self._start = start
        self._noise = 2 * _REACH * noise
        self.active = active
        self._seed = seed
        self._zone = zone
        self._day: dict[int, _Span] = {}
        self._hour: dict[int, _Span] = {}

    @property
    def tariffs(self) -> tuple[int, ...]:
        """The tariffs that share the energy."""
        return self._curve.tariffs

    def tariff(self, time: float) -> int:
        """The tariff at a time."""
        return self._curve.of_hours[int((time + self._zone) % DAY // HOUR)]

    def energy(self, time: float, tariff: int | None = None) -> float:
        """What has gone through up to a time, in one tariff or in all."""
        local = round(time * 100) / 100 + self._zone  # a finer time would meet the grain of floats
        if tariff is not None:
            return self._through(tariff, local)
        return sum([self._through(each, local) for each in self._curve.tariffs])

    def _through(self, tariff: int, local: float) -> float:
        share = self._curve.shares[tariff]
        hour, rest = divmod(local, HOUR)
        low, high = self._within_hour(tariff, int(hour))
        quarter, within = divmod(rest, QUARTER)
        part = self._quarter(tariff, int(hour), int(quarter))
        if within:
            part += (self._quarter(tariff, int(hour), int(quarter) + 1) - part) * within / QUARTER
        return self._start * share + self._annual * share * min(low + (high - low) * part, high)

    def power(self, time: float) -> float:
        """The power at a time: the mean of the quarter of an hour, and a flicker on it."""
        quarter = time // QUARTER * QUARTER
        mean = (self.energy(quarter + QUARTER) - self.energy(quarter)) * HOUR / QUARTER
        return mean * (1 + _FLICKER * self._noise * smooth(self._seed, time / 10))

    def mean_power(self, start: float, end: float) -> float:
        """The mean power between two times."""
        return 0.0 if end <= start else (self.energy(end) - self.energy(start)) * HOUR / (end - start)

    def _within_hour(self, tariff: int, hour: int) -> _Span:
        """How much of a unit is through at the start and at the end of an hour, counted from 1970."""
        key = hour * _TARIFFS + tariff
        found = self._hour.get(key)
        if found is None:
            day, of_day = divmod(hour, _HOURS)
            low, high = self._whole_day(tariff, day)
            through = self._curve.through[tariff]
            found = (
                min(low + (high - low) * self._hour_end(tariff, day, of_day, through), high),
                min(low + (high - low) * self._hour_end(tariff, day, of_day + 1, through), high),
            )
            if len(self._hour) >= _KEPT:
                self._hour.clear()
            self._hour[key] = found
        return found

    def _whole_day(self, tariff: int, day: int) -> _Span:
        key = day * _TARIFFS + tariff
        found = self._day.get(key)
        if found is None:
            found = self._day_end(tariff, day), self._day_end(tariff, day + 1)
            if len(self._day) >= _KEPT:
                self._day.clear()
            self._day[key] = found
        return found

    def _day_end(self, tariff: int, day: int) -> float:
        curve = self._curve
        end = curve.until(day)
        room = min(end - curve.until(day - 1), curve.until(day + 1) - end)
        return end + room * self._chance(_DAYS, tariff, day)

    def _hour_end(self, tariff: int, day: int, hour: int, through: Sequence[float]) -> float:
        end = through[hour]
        if hour in (0, _HOURS):
            return end
        room = min(end - through[hour - 1], through[hour + 1] - end)
        return end + room * self._chance(_OF_DAYS, tariff, day * _HOURS + hour)

    def _quarter(self, tariff: int, hour: int, quarter: int) -> float:
        if quarter in (0, 4):
            return quarter / 4
        return (quarter + self._chance(_OF_HOURS, tariff, hour * 4 + quarter)) / 4

    def _chance(self, kind: int, tariff: int, number: int) -> float:
        return (unit(self._seed + kind * _TARIFFS + tariff, number) - 0.5) * self._noise
