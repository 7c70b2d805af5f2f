"""What the client does for a meter with a quirk, and for one that keeps to the books; in both colours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypedDict

import pytest
from tests.client.links import Meters
from tests.client.test_profile import (
    FIFO,
    LIFO,
    PERIOD,
    PROFILE,
    ROWS,
    START,
    WITHOUT_SELECTION,
    Cells,
    ProfileHost,
    moment,
)
from tests.client.test_profile import host as profile_host
from tests.session.host import MemoryHost

from cosem.apdu import GetRequestNormal, GetRequestWithList, decode_pdu
from cosem.apdu.errors import OtherReason
from cosem.client import AssociationOptions, ConnectOptions
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.device import Quirk
from cosem.model import ActivityCalendar, Clock, Register
from cosem.model.c0020_activity_calendar import SeasonProfile
from cosem.session.switches import Switches

CLOCK = Clock("0.0.1.0.0.255")
CALENDAR = ActivityCalendar("0.0.13.0.0.255")
NOON = DateTime.parse("2024-03-01 12:00:00.00+01:00")
TURNED = bytes(InvertedDateTime.of(NOON))
"""Noon as a meter with the opposite sense of the deviation sends it."""
AWARE = dt.datetime(2024, 3, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=1)))


def quirky(*quirks: Quirk) -> ConnectOptions:
    return ConnectOptions(association=AssociationOptions(switches=Switches.of(quirks)))


INVERTED = quirky(Quirk.INVERTED_DEVIATION)


# -- no_rlrq


def test_closing_sends_no_rlrq_to_a_meter_that_does_not_know_it(meters: Meters) -> None:
    meter, wire = meters.connect(MemoryHost(), quirky(Quirk.NO_RLRQ))
    before = len(wire.asked)
    meter.close()
    assert (len(wire.asked), wire.closed) == (before, 1)
    strict, wire = meters.connect(MemoryHost())
    strict.close()
    assert (wire.asked[-1][0], wire.closed) == (0x62, 1)


# -- no_get_with_list


def test_a_register_of_a_meter_that_fails_at_lists_is_read_one_by_one(meters: Meters) -> None:
    register = Register("1.0.1.8.0.255")
    host = MemoryHost(
        {
            (3, register.logical_name, 2): Data.unsigned(5),
            (3, register.logical_name, 3): Data.structure([Data.integer(0), Data.enum(30)]),
        }
    )
    meter, wire = meters.connect(host, quirky(Quirk.NO_GET_WITH_LIST))
    assert str(meter.read(register)) == "5 Wh"
    assert [type(decode_pdu(apdu)) for apdu in wire.asked[1:]] == [GetRequestNormal] * 2
    strict, wire = meters.connect(host)
    assert str(strict.read(register)) == "5 Wh"
    assert [type(decode_pdu(apdu)) for apdu in wire.asked[1:]] == [GetRequestWithList]


# -- inverted_deviation


def clock_host() -> MemoryHost:
    season = Data.structure([Data.octet_string(b"S"), Data.octet_string(TURNED), Data.octet_string(b"W")])
    return MemoryHost(
        {
            (8, CLOCK.logical_name, 2): Data.octet_string(TURNED),
            (20, CALENDAR.logical_name, 3): Data.array([season]),
        }
    )


def test_a_time_is_the_moment_that_the_meter_means_and_keeps_its_octets(meters: Meters) -> None:
    meter, _ = meters.connect(clock_host(), INVERTED)
    time = meter.get(CLOCK.time)
    assert (time.to_datetime(), time.deviation, str(time)) == (AWARE, -60, str(NOON))
    assert bytes(time) == TURNED
    assert meter.get_many([CLOCK.time])[0].to_datetime() == AWARE


def test_by_the_books_the_same_octets_are_two_hours_away(meters: Meters) -> None:
    meter, _ = meters.connect(clock_host())
    assert meter.get(CLOCK.time).to_datetime() - AWARE == dt.timedelta(hours=2)
    assert bytes(meter.get(CLOCK.time)) == TURNED


def test_times_inside_of_structures_are_turned_too(meters: Meters) -> None:
    meter, _ = meters.connect(clock_host(), INVERTED)
    (season,) = meter.get(CALENDAR.season_profile_active)
    assert season == SeasonProfile(b"S", InvertedDateTime(TURNED), b"W")
    assert season.season_start.to_datetime() == AWARE


def test_a_time_that_is_written_goes_out_in_the_sense_of_the_meter(meters: Meters) -> None:
    host = clock_host()
    meter, _ = meters.connect(host, INVERTED)
    for given in (NOON, DateTime.from_datetime(AWARE, status=None), InvertedDateTime.of(NOON)):
        meter.set(CLOCK.time, given)
        written = host.values[8, CLOCK.logical_name, 2].octets[2:]
        assert InvertedDateTime(written).to_datetime() == AWARE
        assert DateTime(written).to_datetime() != AWARE
    strict, _ = meters.connect(host)
    strict.set(CLOCK.time, NOON)
    assert host.values[8, CLOCK.logical_name, 2].octets[2:] == NOON


def utc_rows(moments: type[DateTime]) -> list[Cells]:
    """Quarters at UTC+2, as a meter of either sense has them."""
    zone = dt.timezone(dt.timedelta(hours=2))
    times = [(START + row * PERIOD).replace(tzinfo=zone) for row in range(6)]
    return [(DateTime(moments.from_datetime(time)), 100 + row, 7) for row, time in enumerate(times)]


@pytest.mark.parametrize("selective", [True, False])
def test_rows_of_a_profile_have_the_right_moments_and_are_chosen_by_them(
    meters: Meters, selective: bool
) -> None:
    first = (START + PERIOD).replace(tzinfo=dt.timezone(dt.timedelta(hours=2)))
    if not selective:
        first = first.astimezone(dt.UTC)
    for moments, options in ((InvertedDateTime, INVERTED), (DateTime, ConnectOptions())):
        host = profile_host(utc_rows(moments))
        meter, _ = meters.connect(host, options, None if selective else WITHOUT_SELECTION)
        found = meter.profile(PROFILE, start=first, end=first + PERIOD)
        times = [row[0] for row in found.rows]
        if selective:
            selection = host.selections[-1]
            assert isinstance(selection, Selection)
            bound = selection.parameters.elements[1].octets[2:]
            assert moments(bound).to_datetime() == first
        assert [time.to_datetime() for time in times if isinstance(time, DateTime)][-2:] == [
            first,
            first + PERIOD,
        ]


# -- no_selective_access_by_range

BY_ENTRIES = quirky(Quirk.NO_SELECTIVE_ACCESS_BY_RANGE)


class EntriesOnly(ProfileHost):
    """Serves entries; a range gives every row, or fails."""

    range_fails = entries_fail = False

    def get(self, class_id: int, logical_name: bytes, index: int, selection: Selection | None) -> Data:
        if selection is None:
            return super().get(class_id, logical_name, index, None)
        if self.range_fails if selection.selector == 1 else self.entries_fail:
            raise OtherReason
        found = super().get(class_id, logical_name, index, selection if selection.selector == 2 else None)
        self.selections[-1] = selection
        return found


def entries_only(rows: list[Cells], method: int = FIFO) -> EntriesOnly:
    return EntriesOnly(profile_host(rows, method).values)


def many(count: int) -> list[Cells]:
    return [(moment(row), 100 + row, 7) for row in range(count)]


class Between(TypedDict):
    """The times of a reading."""

    start: dt.datetime
    end: dt.datetime


def between(low: int, high: int) -> Between:
    return {"start": START + low * PERIOD, "end": START + high * PERIOD}


def test_a_meter_that_ignores_ranges_gives_every_row_by_the_books(meters: Meters) -> None:
    meter, _ = meters.connect(entries_only(ROWS))
    assert len(meter.profile(PROFILE, **between(2, 3))) == len(ROWS)


@pytest.mark.parametrize("order", [FIFO, LIFO])
@pytest.mark.parametrize("count", [6, 32, 33, 500])
def test_rows_by_time_are_found_by_their_entries(meters: Meters, order: int, count: int) -> None:
    rows = many(count)
    for low, high in ((2, 3), (0, 0), (count - 1, count + 9), (-9, count + 9), (-9, -1), (count, count + 5)):
        host = entries_only(rows if order == FIFO else rows[::-1], order)
        host.range_fails = True
        meter, wire = meters.connect(host, BY_ENTRIES)
        found = meter.profile(PROFILE, **between(low, high))
        wanted = [row for row in range(count) if low <= row <= high]
        assert sorted(row[1] for row in found.rows if isinstance(row[1], int)) == [
            100 + row for row in wanted
        ]
        assert all(each is None or each.selector == 2 for each in host.selections)
        assert len(wire.asked) < 30


def test_only_the_rows_around_the_times_are_read_of_a_long_profile(meters: Meters) -> None:
    host = entries_only(many(500))
    meter, _ = meters.connect(host, BY_ENTRIES)
    assert [row[1] for row in meter.profile(PROFILE, start=START + 480 * PERIOD).rows] == list(
        range(580, 600)
    )
    selection = host.selections[-1]
    assert isinstance(selection, Selection)
    first, last = (each.value for each in selection.parameters.elements[:2])
    assert (first, last) == (477, 500)


def test_columns_are_chosen_from_what_the_entries_bring(meters: Meters) -> None:
    meter, _ = meters.connect(entries_only(many(500)), BY_ENTRIES)
    found = meter.profile(PROFILE, **between(7, 8), columns=["1.0.2.8.0.255", "1.0.1.8.0.255"])
    assert found.rows == [(107, 7), (108, 7)]


def shuffled(rows: list[Cells]) -> list[Cells]:
    """The clock was set back half an hour, twice."""
    back = dt.timedelta(minutes=30)
    return [
        (moment(row).shifted(-back * (row // 150)), imported, exported)
        for row, (_, imported, exported) in enumerate(rows)
    ]


def test_rows_are_found_around_a_clock_that_was_set_back(meters: Meters) -> None:
    rows = shuffled(many(400))
    for at in (148, 149, 150, 151, 152):
        time = rows[at][0]
        assert time is not None
        wanted = [row[1] for row in rows if row[0] == time]
        meter, _ = meters.connect(entries_only(rows), BY_ENTRIES)
        found = meter.profile(PROFILE, start=time.to_datetime(), end=time.to_datetime())
        assert [row[1] for row in found.rows] == wanted


def sorted_by_value(host: EntriesOnly) -> None:
    host.values[7, PROFILE.logical_name, 5] = Data.enum(3)


def times_left_out(host: EntriesOnly) -> None:
    (first, *others) = many(100)
    rows: list[Cells] = [first, *((None, imported, exported) for _, imported, exported in others)]
    host.values |= profile_host(rows).values


def entries_refused(host: EntriesOnly) -> None:
    host.entries_fail = True


@pytest.mark.parametrize("change", [sorted_by_value, times_left_out, entries_refused])
def test_the_whole_buffer_is_read_where_halving_cannot_tell(
    meters: Meters, change: Callable[[EntriesOnly], None]
) -> None:
    host = entries_only(many(100))
    change(host)
    meter, _ = meters.connect(host, BY_ENTRIES)
    found = meter.profile(PROFILE, **between(2, 3))
    assert [row[1] for row in found.rows] == [102, 103]
    assert host.selections[-1] is None


def test_rows_by_range_are_asked_for_by_range_otherwise(meters: Meters) -> None:
    host = entries_only(many(100))
    meter, _ = meters.connect(host)
    meter.profile(PROFILE, **between(2, 3))
    selection = host.selections[-1]
    assert isinstance(selection, Selection)
    assert selection.selector == 1
