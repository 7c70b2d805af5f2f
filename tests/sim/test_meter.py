"""A simulated meter: the same seed and the same time give the same values, and they fit each other."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.server.desk import Desk
from tests.sim.world import World, at, manager, number, profile, read, three_phase

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.model import ProfileGeneric
from cosem.model.types import EntryDescriptor
from cosem.server import Access
from cosem.server.hosted import decode_strictly
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.sim import Meter, load_meter_file

LOAD_PROFILE, DAILY, MONTHLY = "1.0.99.1.0.255", "1.0.99.2.0.255", "0.0.98.1.0.255"
ENERGIES = (
    "1.0.1.8.0.255",
    "1.0.1.8.1.255",
    "1.0.1.8.2.255",
    "1.0.2.8.0.255",
    "1.0.3.8.0.255",
    "1.0.4.8.0.255",
)


def snapshot(meter: Meter) -> dict[tuple[str, int], Data]:
    return {
        (str(hosted.logical_name), index): hosted.get(index)
        for hosted in meter.logical_device.objects.values()
        for index in hosted.description.ATTRIBUTES
        if hosted.readable(index) and (hosted.description.CLASS_ID, index) != (7, 2)
    }


@pytest.mark.parametrize("name", ["three_phase", "single_phase"])
def test_every_attribute_is_there_and_of_its_type(name: str) -> None:
    meter = World().meter(load_meter_file(name))
    for hosted in meter.logical_device.objects.values():
        for index, spec in hosted.description.ATTRIBUTES.items():
            if hosted.description.CLASS_ID == 15:
                continue
            assert hosted.readable(index), (hosted, spec.name)
            decode_strictly(spec.codec, hosted.get(index).octets)


def test_the_three_phase_meter_has_most_of_the_classes() -> None:
    objects = World().meter().device().logical_devices[1].objects
    assert len(objects) >= 75
    assert len({hosted.description.CLASS_ID for hosted in objects.values()}) >= 32


def test_same_seed_and_time_give_the_same_values() -> None:
    world = World()
    assert snapshot(world.meter()) == snapshot(world.meter())
    moved = World(world.time - 1e6)
    meter = moved.meter()
    snapshot(meter)
    moved.time = world.time
    changed = {("0.0.99.98.0.255", 7)}
    now, fresh = snapshot(meter), snapshot(world.meter())
    assert {key for key in now if now[key] != fresh[key]} <= changed


def test_meters_of_different_numbers_measure_different_things() -> None:
    world = World()
    one, two = world.meter(serial=1), world.meter(serial=2)
    assert number(one, ENERGIES[0]) != number(two, ENERGIES[0])
    assert read(one, "0.0.42.0.0.255") == b"XYZ0000000000001"
    assert read(one, "0.0.96.1.0.255") == b"1"
    assert number(world.meter(serial=1, seed=5), ENERGIES[0]) == number(
        world.meter(serial=2, seed=5), ENERGIES[0]
    )


def test_energy_registers_never_fall_as_time_goes_on() -> None:
    world = World()
    meter = world.meter()
    before = [number(meter, name) for name in ENERGIES]
    for step in (0.01, 1, 59, 900, 3600, 86_400, 3e6):
        world.time += step
        now = [number(meter, name) for name in ENERGIES]
        assert all(new >= old for new, old in zip(now, before, strict=True))
        before = now
    assert number(meter, ENERGIES[0]) - number(meter, ENERGIES[1]) - number(meter, ENERGIES[2]) in (0, 1)


def test_phases_share_the_power_and_make_the_current() -> None:
    meter = World().meter()
    total = number(meter, "1.0.1.7.0.255")
    phases = [number(meter, f"1.0.{c}.7.0.255") for c in (21, 41, 61)]
    assert abs(total - sum(phases)) <= 3
    for power, c in zip(phases, (31, 51, 71), strict=True):
        volts, amperes = number(meter, f"1.0.{c + 1}.7.0.255") / 10, number(meter, f"1.0.{c}.7.0.255") / 100
        assert 220 < volts < 240
        assert volts * amperes * 0.96 == pytest.approx(power, abs=4)


def test_the_load_profile_of_a_year_fits_the_registers() -> None:
    world = World(at(2024, 3, 1, 12))
    meter = world.meter()
    rows = Rows(profile(meter, LOAD_PROFILE).get(2).octets).tuples()
    assert len(rows) == 35_040
    stamps = [row[0] for row in rows]
    assert stamps[-1] == DateTime.parse("2024-03-01 13:00:00.00+01:00")[:11] + b"\x00"
    for column in (2, 3, 4, 5):
        readings = [row[column] for row in rows]
        assert readings == sorted(readings, key=lambda value: value if isinstance(value, int) else 0)
    names = (ENERGIES[0], *ENERGIES[3:])
    assert rows[-1][2:] == tuple(number(meter, name) for name in names)
    moments = [DateTime(stamp).to_datetime().timestamp() for stamp in stamps if isinstance(stamp, bytes)]
    assert {later - earlier for earlier, later in pairwise(moments)} == {900.0}
    world.time = moments[20_000]
    assert rows[20_000][2:] == tuple(number(meter, name) for name in names)


def test_days_and_months_end_at_local_midnight() -> None:
    meter = World().meter()
    for name, count in ((DAILY, 400), (MONTHLY, 24)):
        rows = Rows(profile(meter, name).get(2).octets).tuples()
        assert len(rows) == count
        stamps = [DateTime(row[0]) for row in rows if isinstance(row[0], bytes)]
        assert {str(stamp.time) for stamp in stamps} == {"00:00:00.00"}
        assert len(set(stamps)) == count
    assert {DateTime(row[0]).date.day for row in rows if isinstance(row[0], bytes)} == {1}


def test_rows_come_with_time_and_the_oldest_go() -> None:
    world = World(at(2022, 1, 1, 0, 50))
    meter = world.meter()
    held = profile(meter, LOAD_PROFILE)
    assert len(held.rows) == 7  # installed at local midnight, which was 23:00 UTC
    before = held.get(2).octets
    world.time += 1800
    assert len(held.rows) == 9
    assert held.get(2).octets[2:].startswith(before[2:])
    world.time += 86_400 * 400
    assert len(held.rows) == 35_040
    assert held.rows.row(0) == held.get(2).octets[4:42]


def test_a_meter_that_is_not_installed_yet_has_empty_profiles() -> None:
    meter = World(at(2021, 6, 1)).meter()
    assert profile(meter, LOAD_PROFILE).get(2) == profile(meter, DAILY).get(2) == Data.array([])
    assert number(meter, LOAD_PROFILE, "entries_in_use") == 0


def test_reset_starts_a_profile_anew() -> None:
    world = World()
    meter = world.meter()
    desk = manager(meter)
    desk.call(ProfileGeneric(LOAD_PROFILE).reset())
    assert desk.get(ProfileGeneric(LOAD_PROFILE).entries_in_use) == 0
    world.time += 3600
    assert desk.get(ProfileGeneric(LOAD_PROFILE).entries_in_use) == 4


def test_the_last_day_is_read_through_an_association() -> None:
    meter = World(at(2024, 3, 1, 12)).meter()
    desk = manager(meter)
    buffer = ProfileGeneric(LOAD_PROFILE).buffer
    rows = desk.get(buffer.by_entry(EntryDescriptor(35_040 - 95, 0, 1, 3))).tuples()
    assert len(rows) == 96
    assert rows[-1][2] == number(meter, ENERGIES[0])


def test_the_highest_demand_of_a_month_is_that_of_its_quarters() -> None:
    world = World(at(2024, 3, 20, 12))
    meter = world.meter()
    highest, when = number(meter, "1.0.1.6.0.255"), read(meter, "1.0.1.6.0.255", "capture_time")
    assert isinstance(when, bytes)
    quarters: dict[DateTime, int] = {}
    world.time = at(2024, 2, 29, 23)
    while world.time < at(2024, 3, 20, 12):
        world.time += 900
        quarters[meter.clock.stamp(world.time)] = number(meter, "1.0.1.4.0.255", "last_average_value")
    assert max(quarters.values()) == highest
    assert quarters[DateTime(when)] == highest


@pytest.mark.parametrize(("client", "password"), [(16, None), (2, "00000002"), (1, "00000001")])
def test_the_object_list_of_each_client_is_true(client: int, password: str | None) -> None:
    secret = NO_AUTHENTICATION if password is None else Authentication.low(password)
    meter = World().meter(three_phase())
    desk = Desk(meter.device(), client, authentication=secret).open()
    listed = desk.read(15, b"\x00\x00\x28\x00\x00\xff", 2).value
    assert isinstance(listed, list)
    assert len(listed) == (9 if client == 16 else len(meter.logical_device.objects) + 1)
    for element in listed:
        match element:
            case (int(class_id), _, bytes(name), (list(attributes), _)):
                for item in attributes:
                    assert isinstance(item, tuple)
                    check_readable(desk, class_id, name, item)
            case _:
                pytest.fail(f"no element of an object list: {element!r}")


def check_readable(desk: Desk, class_id: int, name: bytes, item: tuple[object, ...]) -> None:
    index, access = item[0], item[1]
    assert isinstance(index, int)
    assert isinstance(access, int)
    if (name, index) == (LogicalName(LOAD_PROFILE), 2):
        return  # a year of rows, read elsewhere
    try:
        desk.read(class_id, name, index)
        readable = True
    except AccessError:
        readable = False
    assert readable == bool(access & Access.READ), (name.hex(), item)
