"""The meter's clock: Blue Book 4.5.1."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from tests.sim.world import World, at, manager, profile, three_phase

from cosem.core.data import Data
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.device import Quirk
from cosem.core.errors import AccessError, ActionError, InvalidValueError
from cosem.model import Clock, ProfileGeneric
from cosem.model.c0008_clock import PresetTime
from cosem.model.types import CaptureObject, RangeDescriptor
from cosem.sim.clock import MeterClock, occurrence

CLOCK = Clock("0.0.1.0.0.255")
BEGIN, END = DateTime.parse("*-03-last Sun 02:00:00"), DateTime.parse("*-10-last Sun 03:00:00")


def clock(world: World, zone: int = 60) -> MeterClock:
    return MeterClock(world, zone=zone, begins=BEGIN, ends=END)


@pytest.mark.parametrize(
    ("time", "text", "status"),
    [
        (at(2024, 1, 15, 12), "2024-01-15 13:00:00.00+01:00", 0),
        (at(2024, 7, 15, 12), "2024-07-15 14:00:00.00+02:00", 0x80),
        (at(2024, 3, 31, 0, 59, 59.5), "2024-03-31 01:59:59.50+01:00", 0),
        (at(2024, 3, 31, 1), "2024-03-31 03:00:00.00+02:00", 0x80),
        (at(2024, 10, 27, 0, 59, 59), "2024-10-27 02:59:59.00+02:00", 0x80),
        (at(2024, 10, 27, 1), "2024-10-27 02:00:00.00+01:00", 0),
        (at(2023, 12, 31, 23, 30), "2024-01-01 00:30:00.00+01:00", 0),
    ],
)
def test_local_time_follows_daylight_saving(time: float, text: str, status: int) -> None:
    stamp = clock(World()).stamp(time)
    assert str(stamp) == text
    assert stamp.status == status
    assert stamp.date.weekday == stamp.to_datetime().isoweekday()
    assert clock(World()).seconds(stamp) == pytest.approx(time)


def test_south_of_the_equator_summer_spans_the_new_year() -> None:
    south = MeterClock(
        World(),
        zone=600,
        begins=DateTime.parse("*-10-01 Sun 02:00"),
        ends=DateTime.parse("*-04-01 Sun 03:00"),
    )
    assert south.saves(at(2024, 1, 15))
    assert not south.saves(at(2024, 7, 15))
    assert south.saves(at(2024, 4, 6, 15, 59))
    assert not south.saves(at(2024, 4, 6, 16))


def test_local_times_without_a_deviation_are_understood() -> None:
    held = clock(World())
    assert held.seconds(DateTime.parse("2024-07-15 14:00")) == at(2024, 7, 15, 12)
    assert held.seconds(DateTime.parse("2024-01-15 13:00")) == at(2024, 1, 15, 12)


@pytest.mark.parametrize(
    ("rule", "day"),
    [
        ("*-03-last Sun 02:00", (2024, 3, 31)),
        ("*-12-last 00:00", (2024, 12, 31)),
        ("*-02-last 00:00", (2024, 2, 29)),
        ("*-04-08 Sun 00:00", (2024, 4, 14)),
        ("*-05-17 00:00", (2024, 5, 17)),
    ],
)
def test_recurring_days_are_found(rule: str, day: tuple[int, int, int]) -> None:
    parsed = DateTime.parse(rule)
    assert occurrence(parsed, 2024) == at(*day) + (parsed.time.hour or 0) * 3600


def test_a_day_that_does_not_exist_is_refused() -> None:
    with pytest.raises(InvalidValueError):
        occurrence(DateTime.parse("*-02-30 00:00"), 2024)


def test_days_begin_at_local_midnight() -> None:
    held = clock(World())
    for time in (at(2024, 3, 31, 12), at(2024, 10, 27, 12), at(2024, 7, 1)):
        midnight = held.midnight(held.date(time))
        assert str(held.stamp(midnight).time) == "00:00:00.00"
        assert held.stamp(midnight).date == held.stamp(time).date


def test_the_clock_is_set_and_runs_on() -> None:
    world = World()
    desk = manager(world.meter())
    desk.set(CLOCK.time, DateTime.parse("2024-06-01 10:00:00.00+02:00"))
    world.time += 61
    assert str(desk.get(CLOCK.time)) == "2024-06-01 10:01:01.00+02:00"
    assert desk.get(CLOCK.status) == 0x80


def test_setting_the_clock_is_an_event_and_does_not_move_the_registers() -> None:
    world = World()
    meter = world.meter()
    desk = manager(meter)
    before = desk.read(3, b"\x01\x00\x01\x08\x00\xff", 2)
    desk.call(CLOCK.shift_time(900))
    assert desk.read(3, b"\x01\x00\x01\x08\x00\xff", 2) == before
    assert len(profile(meter, "0.0.99.98.0.255").rows) == 2  # power up, clock set


def test_times_that_no_clock_shows_are_refused() -> None:
    desk = manager(World().meter())
    before = desk.get(CLOCK.time)
    for wrong in (
        DateTime.unspecified(),
        DateTime.parse("1969-01-01 00:00"),
        DateTime.parse("2200-01-01 00:00"),
    ):
        with pytest.raises(AccessError):
            desk.set(CLOCK.time, wrong)
    with pytest.raises(ActionError):
        desk.call(CLOCK.shift_time(901))
    assert desk.get(CLOCK.time) == before


def test_the_clock_is_adjusted_to_the_nearest_minute_and_quarter() -> None:
    world = World(at(2024, 1, 1, 12, 8, 40))
    desk = manager(world.meter())
    desk.call(CLOCK.adjust_to_minute())
    assert str(desk.get(CLOCK.time)) == "2024-01-01 13:09:00.00+01:00"
    desk.call(CLOCK.adjust_to_quarter())
    assert str(desk.get(CLOCK.time)) == "2024-01-01 13:15:00.00+01:00"


def test_a_preset_time_holds_within_its_interval() -> None:
    desk = manager(World(at(2024, 1, 1, 12)).meter())
    with pytest.raises(ActionError):
        desk.call(CLOCK.adjust_to_preset_time())
    noon, one, two = (DateTime.parse(f"2024-01-01 {hour}:00+01:00") for hour in (12, 13, 14))
    desk.call(CLOCK.preset_adjusting_time(PresetTime(two, noon, noon)))
    with pytest.raises(ActionError):
        desk.call(CLOCK.adjust_to_preset_time())
    desk.call(CLOCK.preset_adjusting_time(PresetTime(two, noon, one)))
    desk.call(CLOCK.adjust_to_preset_time())
    assert str(desk.get(CLOCK.time)) == "2024-01-01 14:00:00.00+01:00"


def test_zone_and_daylight_saving_are_set_and_rules_are_checked() -> None:
    desk = manager(World(at(2024, 7, 1, 12)).meter())
    assert desk.get(CLOCK.time_zone) == -60
    desk.set(CLOCK.time_zone, 0)
    assert str(desk.get(CLOCK.time)) == "2024-07-01 13:00:00.00+01:00"
    desk.set(CLOCK.daylight_savings_enabled, False)
    assert str(desk.get(CLOCK.time)) == "2024-07-01 12:00:00.00+00:00"
    desk.set(CLOCK.daylight_savings_enabled, True)
    with pytest.raises(AccessError):
        desk.set(CLOCK.daylight_savings_begin, DateTime.parse("*-02-30 02:00"))
    assert desk.get(CLOCK.daylight_savings_begin) == BEGIN
    with pytest.raises(AccessError):
        desk.set(CLOCK.time_zone, 2000)


# -- inverted_deviation: local time minus UTC, where the books have UTC minus local time


def inverted(world: World) -> MeterClock:
    return MeterClock(world, zone=60, begins=BEGIN, ends=END, moments=InvertedDateTime)


@pytest.mark.parametrize(
    ("time", "octets"),
    [(at(2024, 1, 15, 12), "07e8010f010d000000003c00"), (at(2024, 7, 15, 12), "07e8070f010e000000007880")],
)
def test_with_the_quirk_the_octets_of_the_deviation_have_the_other_sign(time: float, octets: str) -> None:
    stamp = inverted(World()).stamp(time)
    assert bytes(stamp).hex() == octets
    by_the_books = clock(World()).stamp(time)
    assert str(stamp) == str(by_the_books)
    assert (bytes(stamp)[:9], bytes(stamp)[11:]) == (bytes(by_the_books)[:9], bytes(by_the_books)[11:])


@pytest.mark.parametrize("time", [at(2024, 1, 15, 12), at(2024, 10, 27, 0, 59), at(2024, 10, 27, 1)])
def test_with_the_quirk_octets_from_outside_are_understood_in_its_sense(time: float) -> None:
    held = inverted(World())
    octets = bytes(held.stamp(time))
    assert held.seconds(DateTime(octets)) == pytest.approx(time)
    assert clock(World()).seconds(DateTime(octets)) != pytest.approx(time)


def test_a_client_sets_such_a_clock_by_octets_of_either_zone() -> None:
    world = World()
    meter = world.meter(replace(three_phase(), quirks=frozenset({Quirk.INVERTED_DEVIATION})))
    for text in ("2024-05-01 12:00:00+02:00", "2024-05-01 08:30:00-01:30"):
        wanted = InvertedDateTime.of(DateTime.parse(text))
        manager(meter).set(CLOCK.time, wanted)
        assert meter.clock.now() == at(2024, 5, 1, 10)


@pytest.mark.parametrize(
    "quirks", [frozenset(), frozenset({Quirk.INVERTED_DEVIATION})], ids=["books", "inverted"]
)
def test_a_range_of_a_profile_is_the_same_in_every_zone(quirks: frozenset[Quirk]) -> None:
    meter = World().meter(replace(three_phase(), quirks=quirks))
    kind = meter.clock.moments
    load = ProfileGeneric("1.0.99.1.0.255")

    def rows(*bounds: str) -> list[object]:
        low, high = (Data.octet_string(kind.from_datetime(datetime.fromisoformat(each))) for each in bounds)
        wanted = RangeDescriptor(CaptureObject(8, CLOCK.logical_name, 2, 0), low, high, [])
        return list(manager(meter).get(load.buffer.by_range(wanted)).tuples())

    here = rows("2024-03-01T10:00:00+01:00", "2024-03-01T11:00:00+01:00")
    assert len(here) == 5
    assert here == rows("2024-03-01T09:00:00+00:00", "2024-03-01T10:00:00+00:00")
    assert here == rows("2024-03-01T14:30:00+05:30", "2024-03-01T15:30:00+05:30")
    assert here == rows("2024-03-01T04:00:00-05:00", "2024-03-01T05:00:00-05:00")
