"""The clock of a simulated meter: local time, daylight saving, and being set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Final

from cosem.core.datetime import Date, DateTime, Time
from cosem.core.datetime_octets import LAST_DAY
from cosem.core.errors import InvalidValueError

_EPOCH: Final = dt.datetime(1970, 1, 1)
_DAYLIGHT_SAVING: Final = 0x80
_HUNDREDTHS_OF_A_DAY: Final = 8_640_000
_EARLIEST: Final = 0
_LATEST: Final = 4_102_444_800  # 2100-01-01
_KEPT_YEARS: Final = 64


class MeterClock:
    """Tells the meter's time from ``now``, which gives seconds since 1970 in UTC.

    ``zone`` is in minutes east of Greenwich. Daylight saving lasts from ``begins`` (local normal time) to ``ends``
    (local summer time), dates that recur every year; ``saving`` minutes are added meanwhile. Setting the clock moves it
    against ``now``: what the meter counts goes on by ``now``, and is stamped with the meter's time. ``moments`` is what
    its date-times are: InvertedDateTime for a meter that counts the deviation in the opposite sense.
    """

    __slots__ = (
        "_day",
        "_ends",
        "_now",
        "_years",
        "begins",
        "changed",
        "enabled",
        "ends",
        "moments",
        "offset",
        "saving",
        "zone",
    )

    def __init__(
        self,
        now: Callable[[], float],
        *,
        zone: int = 0,
        begins: DateTime | None = None,
        ends: DateTime | None = None,
        saving: int = 60,
        enabled: bool = True,
        moments: type[DateTime] = DateTime,
    ) -> None:
        self._now = now
        self.moments = moments
        self.zone = zone
        self.begins = begins or DateTime.unspecified()
        self.ends = ends or DateTime.unspecified()
        self.saving = saving
        self.enabled = enabled and begins is not None and ends is not None
        self.offset = 0.0
        self.changed: Callable[[], None] = _nobody
        """Is told that the clock was set."""
        self._years: dict[int, tuple[float, float]] = {}
        self._day = 0, Date.from_date(_EPOCH.date())  # the last one stamped
        self._ends: dict[tuple[int, bool], bytes] = {}

    def world(self) -> float:
        """The time by which the meter counts."""
        return self._now()

    def now(self) -> float:
        """The meter's own time, in seconds since 1970 in UTC; from 1970 to 2100 it stays."""
        return min(max(self._now() + self.offset, _EARLIEST), _LATEST)

    def saves(self, time: float) -> bool:
        """Whether daylight saving is on at a time (seconds, UTC)."""
        if not self.enabled:
            return False
        begin, end = self._season(self._year(time))
        return begin <= time < end if begin < end else not end <= time < begin

    def stamp(self, time: float) -> DateTime:
        """A time (seconds, UTC) as the meter writes it."""
        saves = self.saves(time)
        minutes = self.zone + (self.saving if saves else 0)
        day, hundredths = divmod(round(time * 100) + minutes * 6000, _HUNDREDTHS_OF_A_DAY)
        if day != self._day[0]:
            self._day = day, Date.from_date(_EPOCH.date() + dt.timedelta(days=day))
        seconds, hundredths = divmod(hundredths, 100)
        of_day = bytes((seconds // 3600, seconds // 60 % 60, seconds % 60, hundredths))
        return self.moments(self._day[1] + of_day + self._end(minutes, saves))

    def seconds(self, moment: DateTime) -> float:
        """A moment, in the octets of the meter, in seconds since 1970 in UTC; without a deviation it is local time.

        Raises InvalidValueError.
        """
        moment = self.moments(moment)
        local = (moment.to_datetime().replace(tzinfo=None) - _EPOCH).total_seconds()
        if moment.deviation is not None:
            return local + moment.deviation * 60
        summer = local - (self.zone + self.saving) * 60
        return summer if self.saves(summer) else local - self.zone * 60

    def set(self, time: float) -> None:
        """Set the clock, to seconds since 1970 in UTC. Raises InvalidValueError before 1970 and after 2100."""
        if not _EARLIEST <= time < _LATEST:
            raise InvalidValueError("the clock runs from 1970 to 2100")
        self.offset = time - self._now()
        self.changed()

    def midnight(self, day: dt.date) -> float:
        """The start of a local day, in seconds since 1970 in UTC."""
        normal = (day - _EPOCH.date()).days * 86_400.0 - self.zone * 60
        summer = normal - self.saving * 60
        return summer if self.saves(summer) else normal

    def date(self, time: float) -> dt.date:
        """The local day of a time."""
        return self.stamp(time).date.to_date()

    def forget(self) -> None:
        """Work daylight saving out again: its rules have changed."""
        self._years.clear()

    def _end(self, minutes: int, saves: bool) -> bytes:
        """Deviation and status behind a local time that is ``minutes`` ahead of UTC."""
        end = self._ends.get((minutes, saves))
        if end is None:
            if len(self._ends) >= _KEPT_YEARS:
                self._ends.clear()
            status = _DAYLIGHT_SAVING if saves else 0
            moment = self.moments.combine(self._day[1], Time(bytes(4)), deviation=-minutes, status=status)
            end = self._ends[minutes, saves] = moment[9:]
        return end

    def _year(self, time: float) -> int:
        return (_EPOCH + dt.timedelta(seconds=time + self.zone * 60)).year

    def _season(self, year: int) -> tuple[float, float]:
        found = self._years.get(year)
        if found is None:
            if len(self._years) >= _KEPT_YEARS:
                self._years.clear()
            begin = occurrence(self.begins, year) - self.zone * 60
            end = occurrence(self.ends, year) - (self.zone + self.saving) * 60
            found = self._years[year] = begin, end
        return found


def occurrence(rule: DateTime, year: int) -> float:
    """When a recurring date comes in a year, as local time in seconds since 1970.

    Rules are a day of a month, or a weekday: the first from that day on, or the last of the month. What is not
    specified is the first of its kind. Raises InvalidValueError for a day that does not exist.
    """
    month, day, weekday = rule.date.month or 1, rule.date.day or 1, rule.date.weekday
    try:
        if day == LAST_DAY:
            found = dt.date(year + month // 12, month % 12 + 1, 1) - dt.timedelta(days=1)
            if weekday is not None:
                found -= dt.timedelta(days=(found.isoweekday() - weekday) % 7)
        else:
            found = dt.date(year, month, day)
            if weekday is not None:
                found += dt.timedelta(days=(weekday - found.isoweekday()) % 7)
    except (ValueError, OverflowError):
        raise InvalidValueError(f"no day of {year}: {rule}") from None
    time = rule.time
    seconds = (time.hour or 0) * 3600 + (time.minute or 0) * 60 + (time.second or 0)
    return (found - _EPOCH.date()).days * 86_400.0 + seconds


def _nobody() -> None:
    """Nobody wants to know."""
