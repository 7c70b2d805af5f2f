"""Date, time and date-time: octets, wildcards, deviation (Blue Book 4.1.6.1)."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.datetime import Date, DateTime, InvertedDateTime, Time
from cosem.core.errors import InvalidValueError

WINTER = dt.timezone(dt.timedelta(hours=1))


def test_utc_is_local_time_plus_deviation() -> None:
    moment = DateTime(bytes.fromhex("07e8021d040d050000ffc400"))
    assert moment.deviation == -60
    assert moment.to_datetime() == dt.datetime(2024, 2, 29, 12, 5, tzinfo=dt.UTC)
    assert moment.to_datetime(inverted=True) == dt.datetime(2024, 2, 29, 14, 5, tzinfo=dt.UTC)
    assert DateTime.from_datetime(dt.datetime(2024, 2, 29, 13, 5, tzinfo=WINTER)) == moment
    assert (
        DateTime.from_datetime(dt.datetime(2024, 2, 29, 13, 5, tzinfo=WINTER), inverted=True).deviation == 60
    )


def test_a_deviation_not_specified_makes_a_naive_datetime() -> None:
    moment = DateTime(bytes.fromhex("07e8021d040d0500ff8000ff"))
    assert (moment.deviation, moment.status, moment.time.hundredths) == (None, None, None)
    assert moment.to_datetime() == dt.datetime(2024, 2, 29, 13, 5)
    assert DateTime.from_datetime(dt.datetime(2024, 2, 29, 13, 5), status=None).deviation is None


def test_the_status_tells_daylight_saving_and_doubt() -> None:
    head = bytes.fromhex("07e8071d010d050000ff88")
    assert DateTime(head + b"\x80").daylight_saving
    assert DateTime(head + b"\x02").doubtful
    unspecified = DateTime(head + b"\xff")
    assert (unspecified.status, unspecified.daylight_saving, unspecified.doubtful) == (None, False, False)


def test_wildcards_are_none_and_not_one_moment() -> None:
    moment = DateTime.unspecified()
    assert (moment.date.year, moment.date.month, moment.date.day, moment.date.weekday) == (None,) * 4
    assert (moment.time.hour, moment.time.minute, moment.time.second) == (None,) * 3
    assert not moment.is_complete
    assert str(moment) == "*-*-* *:*:*"
    for value in (moment.to_datetime, moment.date.to_date, moment.time.to_time):
        with pytest.raises(InvalidValueError):
            value()


def test_special_months_and_days_have_names() -> None:
    assert str(Date(bytes.fromhex("fffffdfe07"))) == "*-end-last Sun"
    assert Date.parse("*-begin-last2") == bytes.fromhex("fffffefdff")
    assert Date.of(None, 0xFE, 0xFD).month == 0xFE


def test_octets_of_no_calendar_are_held_but_not_converted() -> None:
    date = Date(bytes.fromhex("07e8021e00"))
    assert (date.is_complete, str(date)) == (False, "2024-02-30")
    with pytest.raises(InvalidValueError):
        date.to_date()
    with pytest.raises(InvalidValueError):
        DateTime(bytes.fromhex("07e8021d040d0500007fff00")).to_datetime()


def test_the_weekday_of_a_whole_date_is_filled_in() -> None:
    assert Date.of(2024, 2, 29).weekday == 4
    assert Date.from_date(dt.date(2024, 3, 3)).weekday == 7


@pytest.mark.parametrize(
    "text",
    ["2024-02-30", "2024-13-01", "2024-00-01", "24:00", "", "x", "2024-02-29 25:00:00", "2024-1-1T1:1+15:00"],
)
def test_text_that_is_none_is_refused(text: str) -> None:
    for cls in (Date, Time, DateTime):
        with pytest.raises(InvalidValueError):
            cls.parse(text)


@pytest.mark.parametrize("cls", [Date, Time, DateTime])
def test_sizes_are_checked(cls: type[Date] | type[Time] | type[DateTime]) -> None:
    for size in (0, cls.SIZE - 1, cls.SIZE + 1):
        with pytest.raises(InvalidValueError):
            cls(bytes(size))


@given(st.binary(min_size=12, max_size=12))
def test_any_octets_can_be_held_shown_and_sorted(octets: bytes) -> None:
    moment = DateTime(octets)
    assert moment == octets
    assert repr(moment) == f"DateTime('{moment}')"
    assert moment.sort_key >= (-1,)
    assert DateTime(moment.date + moment.time + octets[9:]) == moment
    assert pickle.loads(pickle.dumps(moment)) == moment


@given(
    st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30)),
    st.integers(-14 * 60, 14 * 60),
    st.booleans(),
)
def test_datetimes_round_trip_to_the_hundredth(moment: dt.datetime, minutes: int, inverted: bool) -> None:
    moment = moment.replace(microsecond=moment.microsecond // 10_000 * 10_000)
    aware = moment.replace(tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    there = DateTime.from_datetime(aware, status=None, inverted=inverted)
    assert there.to_datetime(inverted=inverted) == aware
    assert DateTime.parse(str(there)) == there
    assert inverted or DateTime.parse(aware.isoformat(timespec="milliseconds")) == there


@given(st.lists(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2050, 1, 1)), min_size=2))
def test_moments_sort_by_time_whatever_their_deviation(moments: list[dt.datetime]) -> None:
    zones = [dt.timezone(dt.timedelta(hours=hour)) for hour in (-5, 0, 2)]
    aware = [moment.replace(microsecond=0, tzinfo=zones[i % 3]) for i, moment in enumerate(moments)]
    ordered = sorted(map(DateTime.from_datetime, aware), key=lambda moment: moment.sort_key)
    assert [moment.to_datetime() for moment in ordered] == sorted(aware)


def test_wildcards_sort_first() -> None:
    moments = [DateTime.parse("2024-01-01 00:00:00Z"), DateTime.parse("*-01-01 00:00:00")]
    assert sorted(moments, key=lambda moment: moment.sort_key) == moments[::-1]


def test_shifting_keeps_deviation_status_and_what_is_not_specified() -> None:
    moment = DateTime(bytes.fromhex("07e8021dff173b00ff800080"))
    later = moment.shifted(dt.timedelta(minutes=15))
    assert later == bytes.fromhex("07e80301ff000e00ff800080")
    with pytest.raises(InvalidValueError):
        DateTime.unspecified().shifted(dt.timedelta(1))
    with pytest.raises(InvalidValueError):
        DateTime.parse("9999-12-31 23:59").shifted(dt.timedelta(1))


@given(st.times())
def test_times_round_trip_to_the_hundredth(time: dt.time) -> None:
    time = time.replace(microsecond=time.microsecond // 10_000 * 10_000)
    assert Time.from_time(time).to_time() == time
    assert Time.parse(str(Time.from_time(time))) == Time.from_time(time)


@given(st.datetimes(dt.datetime(2000, 1, 1), dt.datetime(2050, 1, 1)), st.integers(-840, 840))
def test_an_inverted_deviation_is_the_same_moment_with_other_octets(
    moment: dt.datetime, minutes: int
) -> None:
    aware = moment.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(minutes=minutes)))
    books, turned = DateTime.from_datetime(aware), InvertedDateTime.from_datetime(aware)
    assert turned.to_datetime() == aware
    assert turned == DateTime.from_datetime(aware, inverted=True) == InvertedDateTime.of(books)
    assert InvertedDateTime.of(turned) is turned
    assert (turned.deviation, turned.sort_key, str(turned)) == (books.deviation, books.sort_key, str(books))
    later = turned.shifted(dt.timedelta(hours=1))
    assert isinstance(later, InvertedDateTime)
    assert later.to_datetime() == aware + dt.timedelta(hours=1)
    assert InvertedDateTime.parse(str(books)).deviation == books.deviation


def test_an_inverted_deviation_that_is_not_specified_stays_so() -> None:
    nothing = InvertedDateTime.of(DateTime.unspecified())
    assert (nothing.deviation, bytes(nothing)) == (None, bytes(DateTime.unspecified()))
    with pytest.raises(InvalidValueError):
        InvertedDateTime.combine(Date.of(), Time.of(), deviation=900)


@given(st.binary(min_size=12, max_size=12))
def test_any_octets_are_turned_and_back(octets: bytes) -> None:
    turned = InvertedDateTime.of(DateTime(octets))
    assert DateTime(octets).deviation == turned.deviation
    assert InvertedDateTime(octets)[:9] == octets[:9]
