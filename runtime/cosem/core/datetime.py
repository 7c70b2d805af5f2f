"""Date, time and date-time: octet strings with wildcards (Blue Book 4.1.6.1)."""

from __future__ import annotations

from contextlib import suppress
from typing import Self

from cosem.core.datetime_octets import (
    ANY,
    NO_DEVIATION,
    calendar_date,
    clock_time,
    date_octets,
    date_text,
    octet_of,
    parse_date,
    parse_date_time,
    parse_time,
    specified,
    time_octets,
    time_text,
    year_of,
    zone_of,
)
from cosem.core.errors import InvalidValueError
from cosem.core.late import dt

_MOST_DEVIATION = 840
"""Minutes; 720 by the books, but the furthest time zone is 14 hours ahead."""


class _Octets(bytes):
    """Octets of a fixed size; equal to, and hashed as, the plain octets. Any content is held."""

    __slots__ = ()
    SIZE = 0

    def __new__(cls, octets: bytes) -> Self:
        if len(octets) != cls.SIZE:
            raise InvalidValueError(f"{cls.__name__} has {cls.SIZE} octets, not {len(octets)}")
        return super().__new__(cls, octets)

    def __str__(self) -> str:
        return self.hex()

    def __repr__(self) -> str:
        return f"{type(self).__name__}('{self}')"


class Date(_Octets):
    """A date of five octets.

    >>> Date.parse("2024-02-29").weekday, str(Date.parse("*-*-last"))
    (4, '*-*-last')
    """

    __slots__ = ()
    SIZE = 5

    @classmethod
    def of(
        cls,
        year: int | None = None,
        month: int | None = None,
        day: int | None = None,
        weekday: int | None = None,
    ) -> Self:
        """From numbers; None is not specified. A weekday that a whole date implies is filled in."""
        return cls(date_octets(year, month, day, weekday))

    @classmethod
    def from_date(cls, date: dt.date) -> Self:
        """From a calendar date, weekday included."""
        return cls.of(date.year, date.month, date.day)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``2024-02-29``, ``*-12-24``, ``*-end-last Sun``. Raises InvalidValueError."""
        return cls(parse_date(text))

    @property
    def year(self) -> int | None:
        """The year; None if not specified."""
        return year_of(self)

    @property
    def month(self) -> int | None:
        """1 to 12, or 0xFD and 0xFE for end and begin of daylight saving; None if not specified."""
        return specified(self[2])

    @property
    def day(self) -> int | None:
        """1 to 31, or 0xFD and 0xFE for the last but one and the last day; None if not specified."""
        return specified(self[3])

    @property
    def weekday(self) -> int | None:
        """1 (Monday) to 7; None if not specified."""
        return specified(self[4])

    @property
    def is_complete(self) -> bool:
        """Whether this is one day of the calendar."""
        return calendar_date(self) is not None

    def to_date(self) -> dt.date:
        """The calendar date. Raises InvalidValueError if there are wildcards or no such day."""
        date = calendar_date(self)
        if date is None:
            raise InvalidValueError(f"not one day: {self}")
        return date

    def __str__(self) -> str:
        return date_text(self)


class Time(_Octets):
    """A time of day of four octets.

    >>> str(Time.parse("13:05:00.5")), str(Time.parse("*:15"))
    ('13:05:00.50', '*:15:00')
    """

    __slots__ = ()
    SIZE = 4

    @classmethod
    def of(
        cls,
        hour: int | None = None,
        minute: int | None = None,
        second: int | None = None,
        hundredths: int | None = None,
    ) -> Self:
        """From numbers; None is not specified."""
        return cls(time_octets(hour, minute, second, hundredths))

    @classmethod
    def from_time(cls, time: dt.time) -> Self:
        """From a time of day, hundredths included."""
        return cls.of(time.hour, time.minute, time.second, time.microsecond // 10_000)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ``13:05``, ``13:05:00.00``, ``*:15:00``; hundredths left out are not specified."""
        return cls(parse_time(text))

    @property
    def hour(self) -> int | None:
        """0 to 23; None if not specified."""
        return specified(self[0])

    @property
    def minute(self) -> int | None:
        """0 to 59; None if not specified."""
        return specified(self[1])

    @property
    def second(self) -> int | None:
        """0 to 59; None if not specified."""
        return specified(self[2])

    @property
    def hundredths(self) -> int | None:
        """0 to 99; None if not specified."""
        return specified(self[3])

    @property
    def is_complete(self) -> bool:
        """Whether this is one time of the day; hundredths may be left open and count as zero."""
        return clock_time(self) is not None

    def to_time(self) -> dt.time:
        """The time of day. Raises InvalidValueError if there are wildcards or no such time."""
        time = clock_time(self)
        if time is None:
            raise InvalidValueError(f"not one time: {self}")
        return time

    def __str__(self) -> str:
        return time_text(self)


class DateTime(_Octets):
    """A date-time of twelve octets: date, time, deviation from UTC, clock status.

    >>> moment = DateTime.parse("2024-02-29 13:05:00.00+01:00")
    >>> moment.deviation, str(moment), moment.to_datetime().isoformat()
    (-60, '2024-02-29 13:05:00.00+01:00', '2024-02-29T13:05:00+01:00')
    """

    __slots__ = ()
    SIZE = 12

    @classmethod
    def combine(
        cls, date: Date, time: Time, *, deviation: int | None = None, status: int | None = None
    ) -> Self:
        """From its parts; ``deviation`` in minutes (UTC = local + deviation), ``status`` as the octet."""
        if deviation is not None and abs(deviation) > _MOST_DEVIATION:
            raise InvalidValueError(f"no deviation: {deviation}")
        minutes = NO_DEVIATION if deviation is None else deviation
        return cls(bytes(date) + time + minutes.to_bytes(2, signed=True) + bytes((octet_of(status, 0xFE),)))

    @classmethod
    def from_datetime(cls, moment: dt.datetime, *, status: int | None = 0, inverted: bool = False) -> Self:
        """From a datetime; the deviation is specified if the datetime is aware.

        ``inverted`` is for meters that take the deviation with the opposite sign (local = UTC + deviation).
        """
        offset = moment.utcoffset()
        deviation = None if offset is None else round(offset.total_seconds() / 60) * (1 if inverted else -1)
        date, time = Date.from_date(moment.date()), Time.from_time(moment.time())
        return cls.combine(date, time, deviation=deviation, status=status)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From ISO 8601 or what ``str`` gives: ``2024-02-29 13:05:00.00+01:00``, ``*-*-01 00:00:00``.

        What is left out is not specified; the clock status never is. Raises InvalidValueError.
        """
        date, time, deviation = parse_date_time(text)
        return cls.combine(Date(date), Time(time), deviation=deviation)

    @classmethod
    def unspecified(cls) -> Self:
        """All wildcards."""
        return cls(b"\xff" * 9 + b"\x80\x00\xff")

    @property
    def date(self) -> Date:
        """The date."""
        return Date(self[:5])

    @property
    def time(self) -> Time:
        """The time of day."""
        return Time(self[5:9])

    @property
    def deviation(self) -> int | None:
        """Minutes to add to local time for UTC (Blue Book 4.1.6.1); None if not specified."""
        minutes = int.from_bytes(self[9:11], signed=True)
        return None if minutes == NO_DEVIATION else minutes

    @property
    def status(self) -> int | None:
        """The clock status octet; None if not specified."""
        return specified(self[11])

    @property
    def daylight_saving(self) -> bool:
        """Whether the status says that daylight saving is active."""
        return self[11] != ANY and bool(self[11] & 0x80)

    @property
    def doubtful(self) -> bool:
        """Whether the status says that the time is invalid or doubtful."""
        return self[11] != ANY and bool(self[11] & 0x03)

    @property
    def is_complete(self) -> bool:
        """Whether this is one moment: no wildcards in date and time, hundredths apart."""
        return calendar_date(self) is not None and clock_time(self[5:9]) is not None

    def to_datetime(self, *, inverted: bool = False) -> dt.datetime:
        """The moment; aware if the deviation is specified.

        ``inverted`` reads the deviation with the opposite sign. Raises InvalidValueError if date or time have
        wildcards or do not exist.
        """
        date, time = calendar_date(self), clock_time(self[5:9])
        if date is None or time is None:
            raise InvalidValueError(f"not one moment: {self}")
        return dt.datetime.combine(date, time, zone_of(self.deviation, inverted))

    def shifted(self, by: dt.timedelta) -> Self:
        """The moment ``by`` later; deviation and status are kept. Raises like :meth:`to_datetime`."""
        moment = self.to_datetime().replace(tzinfo=None)
        try:
            moment += by
        except OverflowError as error:
            raise InvalidValueError(f"the calendar ends before {by} after {self!s}") from error
        hundredths = self[8] if self[8] == ANY else moment.microsecond // 10_000
        date = Date.from_date(moment.date())
        weekday = b"\xff" if self[4] == ANY else date[4:]
        return type(self)(
            date[:4] + weekday + bytes((moment.hour, moment.minute, moment.second, hundredths)) + self[9:]
        )

    @property
    def sort_key(self) -> tuple[int, ...]:
        """Orders moments by time, in UTC where the deviation is known; wildcards come first."""
        if not self.is_complete:
            return tuple(
                -1 if part is None else part for part in (self.date.year, *map(specified, self[2:9]))
            )
        moment = self.to_datetime().replace(tzinfo=None)
        with suppress(OverflowError):  # the first and the last day of the calendar stay where they are
            moment += dt.timedelta(minutes=self.deviation or 0)
        return (*moment.timetuple()[:6], moment.microsecond // 10_000)

    def __str__(self) -> str:
        text = f"{date_text(self)} {time_text(self[5:9])}"
        deviation = self.deviation
        if deviation is None:
            return text
        hours, minutes = divmod(abs(deviation), 60)
        return f"{text}{'-' if deviation > 0 else '+'}{hours:02}:{minutes:02}"


class InvertedDateTime(DateTime):
    """A date-time of a meter whose deviation is local time minus UTC, the opposite of what the books say.

    The octets are the meter's; :attr:`deviation`, and with it conversion, order and text, are in the sense of the
    books. What is made from a moment has the octets that such a meter wants.

    >>> moment = InvertedDateTime.of(DateTime.parse("2024-02-29 13:05:00+01:00"))
    >>> moment.deviation, str(moment), moment[9:11].hex()
    (-60, '2024-02-29 13:05:00+01:00', '003c')
    """

    __slots__ = ()

    @classmethod
    def of(cls, moment: DateTime) -> Self:
        """The same moment with the octets that such a meter wants."""
        if isinstance(moment, cls):
            return moment
        deviation = moment.deviation
        minutes = NO_DEVIATION if deviation is None else -deviation
        return cls(moment[:9] + minutes.to_bytes(2, signed=True) + moment[11:])

    @classmethod
    def combine(
        cls, date: Date, time: Time, *, deviation: int | None = None, status: int | None = None
    ) -> Self:
        """From its parts; ``deviation`` in minutes in the sense of the books (UTC = local + deviation)."""
        return super().combine(date, time, deviation=None if deviation is None else -deviation, status=status)

    @property
    def deviation(self) -> int | None:
        """Minutes to add to local time for UTC; None if not specified."""
        minutes = super().deviation
        return None if minutes is None else -minutes
