"""The octets of date, time and date-time: made, looked at, written as text and parsed."""

from __future__ import annotations

import re

from cosem.core.errors import InvalidValueError
from cosem.core.late import dt

ANY = 0xFF
"""An octet that is not specified: any month, any hour, …"""

ANY_YEAR = 0xFFFF
"""A year that is not specified."""

DAYLIGHT_SAVINGS_END, DAYLIGHT_SAVINGS_BEGIN = 0xFD, 0xFE
"""Months that stand for the end and the begin of daylight saving time."""

SECOND_LAST_DAY, LAST_DAY = 0xFD, 0xFE
"""Days of the month counted from its end."""

NO_DEVIATION = -0x8000
"""A deviation that is not specified."""

_MONTHS = {DAYLIGHT_SAVINGS_END: "end", DAYLIGHT_SAVINGS_BEGIN: "begin", ANY: "*"}
_DAYS = {SECOND_LAST_DAY: "last2", LAST_DAY: "last", ANY: "*"}
_WEEKDAYS = {1: "Mon", 2: "Tue", 3: "Wed", 4: "Thu", 5: "Fri", 6: "Sat", 7: "Sun"}

_DATE_TEXT = r"(\*|\d{1,4})-(\*|begin|end|\d\d?)-(\*|last2?|\d\d?)"
_TIME_TEXT = r"(\*|\d\d?):(\*|\d\d?)(?::(\*|\d\d?)(?:[.,](\*|\d{1,9}))?)?"
_WEEKDAY_TEXT = r"(?: (Mon|Tue|Wed|Thu|Fri|Sat|Sun))?"
_ZONE_TEXT = r"(?: ?(Z|[+-]\d\d:?\d\d))?"


def specified(octet: int) -> int | None:
    """An octet; None if it is ANY."""
    return None if octet == ANY else octet


def year_of(octets: bytes) -> int | None:
    """The year of a date; None if not specified."""
    year = octets[0] << 8 | octets[1]
    return None if year == ANY_YEAR else year


def octet_of(number: int | None, highest: int, lowest: int = 0) -> int:
    """A number as an octet, None as ANY. Raises InvalidValueError."""
    if number is None:
        return ANY
    if not lowest <= number <= highest:
        raise InvalidValueError(f"{number} is not between {lowest} and {highest}")
    return number


def date_octets(year: int | None, month: int | None, day: int | None, weekday: int | None) -> bytes:
    """The five octets of a date. Raises InvalidValueError."""
    if year is not None and not 0 <= year < ANY_YEAR:
        raise InvalidValueError(f"no year: {year}")
    number = ANY_YEAR if year is None else year
    if month is not None and month not in _MONTHS:
        octet_of(month, 12, 1)
    if day is not None and day not in _DAYS:
        octet_of(day, 31, 1)
    month_octet, day_octet = ANY if month is None else month, ANY if day is None else day
    octets = number.to_bytes(2) + bytes((month_octet, day_octet, octet_of(weekday, 7, 1)))
    date = calendar_date(octets)
    if date is None and year is not None and month_octet <= 12 and day_octet <= 31:
        raise InvalidValueError(f"no such day: {year:04}-{month:02}-{day:02}")
    return octets if date is None or weekday is not None else octets[:4] + bytes((date.isoweekday(),))


def time_octets(hour: int | None, minute: int | None, second: int | None, hundredths: int | None) -> bytes:
    """The four octets of a time. Raises InvalidValueError."""
    return bytes((octet_of(hour, 23), octet_of(minute, 59), octet_of(second, 59), octet_of(hundredths, 99)))


def calendar_date(octets: bytes) -> dt.date | None:
    """The day of the calendar; None if there are wildcards or no such day."""
    try:
        return dt.date(octets[0] << 8 | octets[1], octets[2], octets[3])
    except ValueError:
        return None


def clock_time(octets: bytes) -> dt.time | None:
    """The time of day; None if there are wildcards or no such time."""
    hour, minute, second, hundredths = octets
    try:
        return dt.time(hour, minute, second, 0 if hundredths == ANY else hundredths * 10_000)
    except ValueError:
        return None


def zone_of(deviation: int | None, inverted: bool) -> dt.timezone | None:
    """The time zone of a deviation in minutes. Raises InvalidValueError."""
    if deviation is None:
        return None
    try:
        return dt.timezone(dt.timedelta(minutes=deviation if inverted else -deviation))
    except ValueError as error:
        raise InvalidValueError(f"no deviation: {deviation}") from error


def date_text(octets: bytes) -> str:
    """A date as text; the weekday shows where the date does not imply it."""
    year, month, day, weekday = year_of(octets), octets[2], octets[3], octets[4]
    text = "*" if year is None else f"{year:04}"
    text += f"-{_MONTHS.get(month) or f'{month:02}'}-{_DAYS.get(day) or f'{day:02}'}"
    date = calendar_date(octets)
    if weekday in _WEEKDAYS and (date is None or date.isoweekday() != weekday):
        text += f" {_WEEKDAYS[weekday]}"
    return text


def time_text(octets: bytes) -> str:
    """A time as text; hundredths show where they are specified."""
    text = ":".join("*" if octet == ANY else f"{octet:02}" for octet in octets[:3])
    return text if octets[3] == ANY else f"{text}.{octets[3]:02}"


def parse_date(text: str) -> bytes:
    """``2024-02-29``, ``*-12-24``, ``*-end-last Sun``."""
    match = re.fullmatch(_DATE_TEXT + _WEEKDAY_TEXT, text.strip(), re.ASCII)
    if match is None:
        raise InvalidValueError(f"not a date: {text!r} (as in 2024-02-29 or *-*-01)")
    return _parsed_date(match.groups())


def parse_time(text: str) -> bytes:
    """``13:05``, ``13:05:00.00``, ``*:15:00``."""
    match = re.fullmatch(_TIME_TEXT, text.strip(), re.ASCII)
    if match is None:
        raise InvalidValueError(f"not a time: {text!r} (as in 13:05:00.00 or *:15:00)")
    return _parsed_time(match.groups())


def parse_date_time(text: str) -> tuple[bytes, bytes, int | None]:
    """A date, a time and, in minutes, a deviation."""
    form = f"{_DATE_TEXT}{_WEEKDAY_TEXT}[T ]{_TIME_TEXT}{_ZONE_TEXT}"
    match = re.fullmatch(form, text.strip(), re.ASCII)
    if match is None:
        raise InvalidValueError(f"not a date-time: {text!r} (as in 2024-02-29 13:05:00+01:00)")
    *parts, zone = match.groups()
    deviation = None
    if zone is not None:
        hours, minutes = (0, 0) if zone == "Z" else (int(zone[1:3]), int(zone[-2:]))
        deviation = (hours * 60 + minutes) * (1 if zone[0] == "-" else -1)
    return _parsed_date(parts[:4]), _parsed_time(parts[4:]), deviation


def _parsed_date(parts: tuple[str | None, ...] | list[str | None]) -> bytes:
    year, month, day, weekday = parts
    months = {text: number for number, text in _MONTHS.items()}
    days = {text: number for number, text in _DAYS.items()}
    assert year is not None  # the pattern has them all
    assert month is not None
    assert day is not None
    return date_octets(
        None if year == "*" else int(year),
        None if month == "*" else months.get(month) or int(month),
        None if day == "*" else days.get(day) or int(day),
        next((number for number, name in _WEEKDAYS.items() if name == weekday), None),
    )


def _parsed_time(parts: tuple[str | None, ...] | list[str | None]) -> bytes:
    hour, minute, second, fraction = parts
    hundredths = None if fraction in (None, "*") else int(f"{fraction}0"[:2])
    return time_octets(_number(hour), _number(minute), 0 if second is None else _number(second), hundredths)


def _number(text: str | None) -> int | None:
    return None if text is None or text == "*" else int(text)
