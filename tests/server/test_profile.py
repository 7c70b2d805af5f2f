"""Profile generic: Blue Book 4.3.6, and the subtests of the conformance plan for its buffer."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.server.desk import Desk

from cosem.apdu import DataAccessResult
from cosem.core.access import ReadOnly, Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.errors import AccessError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.model import Clock, ProfileGeneric, ProfileGenericV0, Register
from cosem.model.types import CaptureObject, EntryDescriptor, RangeDescriptor
from cosem.server import (
    Access,
    Association,
    Column,
    HostedObject,
    HostedProfile,
    LogicalDevice,
    PhysicalDevice,
    Rights,
)
from cosem.server.row_store import CapturedRows
from cosem.session.host import AssociationPolicy

CLOCK, ENERGY = Clock("0.0.1.0.0.255"), Register("1.0.1.8.0.255")
PROFILE = ProfileGeneric("1.0.99.1.0.255")
TIME, VALUE, UNIT = (
    Column(8, CLOCK.logical_name, 2),
    Column(3, ENERGY.logical_name, 2),
    Column(3, ENERGY.logical_name, 3, 2),
)
START = DateTime.parse("2024-03-01 00:00:00.00+01:00")
QUARTER = timedelta(minutes=15)


class Bench:
    """A clock and a register that are moved by hand, and a profile that captures them."""

    def __init__(
        self,
        *,
        entries: int = 100,
        method: int = 1,
        columns: tuple[Column, ...] = (TIME, VALUE, UNIT),
        moments: type[DateTime] = DateTime,
    ) -> None:
        self.start = moments.combine(START.date, START.time, deviation=START.deviation, status=START.status)
        self.time = self.start
        self.energy = 1000
        unit = Data.structure([Data.integer(0), Data.enum(30)])
        objects = [
            HostedObject(CLOCK, {"time": lambda: self.time}),
            HostedObject(ENERGY, {2: lambda: Data.double_long_unsigned(self.energy), 3: unit}),
        ]
        self.profile = HostedProfile(
            PROFILE,
            columns,
            entries=entries,
            capture_period=900,
            sort_method=method,
            sort_column=VALUE if method > 2 else None,
            moments=moments,
        )
        rights = Rights(Access.READ_WRITE, methods=True)
        device = LogicalDevice(
            1, b"X", [*objects, self.profile], [Association(16, AssociationPolicy(), rights)]
        )
        self.desk = Desk(PhysicalDevice([device])).open()

    def capture(self, count: int) -> Bench:
        for _ in range(count):
            self.profile.capture()
            self.time = self.time.shifted(QUARTER)
            self.energy += 10
        return self

    def rows(self, reference: ReadOnly[Rows] | None = None) -> list[tuple[object, ...]]:
        return list(self.desk.get(reference or PROFILE.buffer).tuples())

    def energies(
        self, low: DateTime | None, high: DateTime | None, *columns: Column
    ) -> list[tuple[object, ...]]:
        first, last = (Data.null() if moment is None else Data.octet_string(moment) for moment in (low, high))
        wanted = RangeDescriptor(capture(TIME), first, last, [capture(column) for column in columns])
        return self.rows(PROFILE.buffer.by_range(wanted))


def capture(column: Column) -> CaptureObject:
    return CaptureObject(column.class_id, column.logical_name, column.attribute_index, column.data_index)


def at(quarter: int) -> DateTime:
    return START.shifted(QUARTER * quarter)


def test_a_capture_is_a_row_of_what_the_columns_are_then() -> None:
    assert Bench().capture(2).rows() == [(at(0), 1000, 30), (at(1), 1010, 30)]


def test_an_empty_buffer_is_an_empty_array() -> None:
    bench = Bench()
    assert bench.desk.read(7, PROFILE.logical_name, 2) == Data.array([])
    assert bench.desk.get(PROFILE.entries_in_use) == 0
    assert bench.energies(at(0), at(9)) == []
    assert bench.rows(PROFILE.buffer.by_entry(EntryDescriptor(1, 0, 1, 0))) == []


def test_the_methods_capture_and_reset() -> None:
    bench = Bench()
    bench.desk.call(PROFILE.capture())
    bench.desk.call(PROFILE.capture())
    assert bench.desk.get(PROFILE.entries_in_use) == 2
    bench.desk.call(PROFILE.reset())
    assert bench.rows() == []


def test_the_oldest_row_gives_way() -> None:
    bench = Bench(entries=3).capture(5)
    assert [row[0] for row in bench.rows()] == [at(2), at(3), at(4)]
    assert bench.desk.get(PROFILE.entries_in_use) == bench.desk.get(PROFILE.profile_entries) == 3


def test_lifo_has_the_newest_row_first() -> None:
    bench = Bench(entries=3, method=2).capture(5)
    assert [row[0] for row in bench.rows()] == [at(4), at(3), at(2)]
    assert [row[1] for row in bench.energies(at(3), at(9))] == [1040, 1030]


@pytest.mark.parametrize(
    ("method", "kept"), [(3, [30, 20, -5]), (4, [-40, -5, 20]), (5, [-5, 20, 30]), (6, [-40, 30, 20])]
)
def test_sorted_profiles_keep_what_is_first_in_their_order(method: int, kept: list[int]) -> None:
    bench = Bench(entries=3, method=method)
    register = bench.desk.device.logical_devices[1].objects[ENERGY.logical_name]
    for value in (20, -40, 30, -5):
        register.put("value", Data.double_long(value))
        bench.profile.capture()
    assert [row[1] for row in bench.rows()] == kept


def test_the_sort_object_is_a_captured_column() -> None:
    assert Bench().desk.get(PROFILE.sort_object) == capture(TIME)
    assert Bench(method=3).desk.get(PROFILE.sort_object) == capture(VALUE)
    assert Bench(columns=(VALUE,)).desk.get(PROFILE.sort_object).class_id == 0
    with pytest.raises(InvalidValueError):
        Bench(method=3, columns=(TIME,))


def test_what_cannot_be_captured_is_null_data() -> None:
    absent = Column(3, LogicalName("1.0.2.8.0.255"), 2)
    element = Column(3, ENERGY.logical_name, 3, 9)
    bench = Bench(columns=(TIME, absent, element))
    assert bench.capture(1).rows() == [(at(0), None, None)]


@pytest.mark.parametrize(
    ("low", "high", "quarters"),
    [
        (at(0), at(9), range(10)),  # whole
        (at(-9), at(99), range(10)),
        (at(20), at(30), range(0)),  # outside
        (at(-20), at(-1), range(0)),
        (at(3), at(5), range(3, 6)),  # part, both ends included
        (at(4), at(4), range(4, 5)),
        (at(5), at(3), range(0)),
        (None, at(1), range(2)),
        (at(8), None, range(8, 10)),
        (
            DateTime.parse("2024-02-29 23:30:00Z"),
            DateTime.parse("2024-02-29 23:45:00Z"),
            range(2, 4),
        ),  # in UTC
        (DateTime.parse("2024-03-01 00:30"), DateTime.parse("2024-03-01 00:59:59"), range(2, 4)),  # local
        (
            DateTime.parse("2024-03-01 01:*:*"),
            DateTime.parse("2024-03-01 01:*:*"),
            range(4, 8),
        ),  # unspecified
    ],
)
def test_by_range_gives_the_rows_between_two_times(
    low: DateTime | None, high: DateTime | None, quarters: range
) -> None:
    assert Bench().capture(10).energies(low, high) == [(at(n), 1000 + 10 * n, 30) for n in quarters]


def test_by_range_gives_two_columns() -> None:
    rows = Bench().capture(10).energies(at(3), at(4), UNIT, TIME)
    assert rows == [(30, at(3)), (30, at(4))]


def test_by_range_of_another_column_than_the_time() -> None:
    bench = Bench().capture(10)
    wanted = RangeDescriptor(
        capture(VALUE), Data.double_long_unsigned(1015), Data.long(1040), [capture(VALUE)]
    )
    assert bench.rows(PROFILE.buffer.by_range(wanted)) == [(1020,), (1030,), (1040,)]


def test_by_range_finds_rows_after_the_clock_was_set_back() -> None:
    bench = Bench().capture(4)
    bench.time = at(1)
    bench.capture(2)
    assert [row[1] for row in bench.energies(at(1), at(1))] == [1010, 1040]


def test_by_range_over_the_end_of_daylight_saving_compares_moments() -> None:
    bench = Bench()
    bench.time = DateTime.parse("2024-10-27 02:30:00.00+02:00")
    bench.profile.capture()
    bench.time = DateTime.parse("2024-10-27 02:00:00.00+01:00")  # half an hour later
    bench.profile.capture()
    summer, winter = DateTime.parse("2024-10-27 02:45+02:00"), DateTime.parse("2024-10-27 02:15+01:00")
    assert len(bench.energies(summer, winter)) == 1


@pytest.mark.parametrize(
    ("entry", "rows", "cells"),
    [
        (EntryDescriptor(3, 3, 2, 2), range(2, 3), slice(1, 2)),  # one cell
        (EntryDescriptor(1, 0, 1, 0), range(10), slice(0, 3)),  # all
        (EntryDescriptor(4, 6, 2, 3), range(3, 6), slice(1, 3)),  # part
        (EntryDescriptor(0, 2, 0, 0), range(2), slice(0, 3)),
        (EntryDescriptor(10, 10, 1, 0), range(9, 10), slice(0, 3)),  # last
        (EntryDescriptor(9, 99, 1, 9), range(8, 10), slice(0, 3)),
        (EntryDescriptor(11, 20, 1, 0), range(0), slice(0, 3)),  # past last
        (EntryDescriptor(5, 4, 1, 0), range(0), slice(0, 3)),
        (EntryDescriptor(1, 0, 4, 0), range(0), slice(0, 0)),  # no such column
    ],
)
def test_by_entry_counts_rows_and_columns_from_1(entry: EntryDescriptor, rows: range, cells: slice) -> None:
    table: list[tuple[object, ...]] = [(at(n), 1000 + 10 * n, 30) for n in rows]
    whole = [row[cells] for row in table]
    assert Bench().capture(10).rows(PROFILE.buffer.by_entry(entry)) == whole


def test_columns_are_picked_from_rows_of_different_shapes() -> None:
    bench = Bench().capture(1)
    bench.desk.device.logical_devices[1].objects[ENERGY.logical_name].put("value", Data.null())
    bench.profile.capture()
    assert bench.rows(PROFILE.buffer.by_entry(EntryDescriptor(1, 0, 2, 3))) == [(1000, 30), (None, 30)]


def test_a_selection_that_is_none_is_refused() -> None:
    bench = Bench().capture(2)
    absent = CaptureObject(3, LogicalName("1.0.2.8.0.255"), 2, 0)
    nothing = Data.null()
    for wanted, result in [
        (RangeDescriptor(absent, nothing, nothing, []), DataAccessResult.OBJECT_UNDEFINED),
        (RangeDescriptor(capture(TIME), nothing, nothing, [absent]), DataAccessResult.OBJECT_UNDEFINED),
        (RangeDescriptor(capture(TIME), Data.boolean(True), Data.array([]), []), DataAccessResult.TYPE_UNMATCHED),
    ]:  # fmt: skip
        with pytest.raises(AccessError) as error:
            bench.rows(PROFILE.buffer.by_range(wanted))
        assert error.value.result == result


def test_new_columns_or_sizes_empty_the_buffer() -> None:
    bench = Bench().capture(3)
    bench.desk.set(PROFILE.capture_objects, [capture(VALUE), capture(TIME)])
    assert bench.rows() == []
    bench.capture(3)
    assert bench.rows()[0] == (1030, at(3))
    bench.desk.set(PROFILE.profile_entries, 2)
    assert bench.capture(3).desk.get(PROFILE.entries_in_use) == 2
    for refused in (0, 0xFFFF_FFFF):
        with pytest.raises(AccessError):
            bench.desk.set(PROFILE.profile_entries, refused)
    with pytest.raises(AccessError):
        bench.desk.set(PROFILE.sort_object, CaptureObject(1, LogicalName(bytes(6)), 2, 0))
    assert bench.desk.get(PROFILE.entries_in_use) == 2


def test_version_0_has_columns_without_data_index() -> None:
    profile = HostedProfile(ProfileGenericV0("1.0.99.2.0.255"), [TIME], entries=1)
    assert profile.value("capture_objects") == [(8, CLOCK.logical_name, 2)]
    assert profile.value("sort_object") == (8, CLOCK.logical_name, 2)


@given(st.integers(0, 40), st.integers(-2, 45), st.integers(-2, 45))
def test_searching_and_walking_find_the_same_rows(count: int, low: int, high: int) -> None:
    bench = Bench(columns=(TIME, VALUE)).capture(count)
    expected = [(at(n), 1000 + 10 * n) for n in range(count) if low <= n <= high]
    assert bench.energies(at(low), at(high)) == expected


@given(st.data())
def test_any_selection_parameters_end_in_rows_or_a_refusal(data: st.DataObject) -> None:
    bench = Bench().capture(3)
    octets = data.draw(st.binary(max_size=60))
    with suppress(AccessError):
        bench.profile.select(2, Selection(data.draw(st.integers(0, 3)), Data(octets)))


# -- bounds of a range in another deviation than the rows


def in_zone(moment: DateTime, hours: int, kind: type[DateTime]) -> DateTime:
    """The same moment as another zone says it, in octets of this kind."""
    other = moment.shifted(timedelta(hours=hours + (moment.deviation or 0) / 60))
    return kind.combine(other.date, other.time, deviation=-hours * 60, status=other.status)


@pytest.mark.parametrize("kind", [DateTime, InvertedDateTime])
@pytest.mark.parametrize("hours", [-3, 0, 1, 5])
def test_bounds_given_in_another_deviation_select_the_same_rows(kind: type[DateTime], hours: int) -> None:
    bench = Bench(moments=kind).capture(8)
    low, high = (bench.start.shifted(QUARTER * quarter) for quarter in (2, 5))
    expected = [row[1] for row in bench.energies(low, high)]
    assert expected == [1020, 1030, 1040, 1050]
    turned = bench.energies(in_zone(low, hours, kind), in_zone(high, hours, kind))
    assert [row[1] for row in turned] == expected


def test_with_the_other_sense_of_the_deviation_bounds_of_the_books_select_other_rows() -> None:
    bench = Bench(moments=InvertedDateTime).capture(8)
    low, high = (in_zone(bench.start.shifted(QUARTER * quarter), 5, DateTime) for quarter in (2, 5))
    assert bench.energies(low, high) == []


def test_rows_over_the_end_of_summer_time_stay_in_order_in_either_sense() -> None:
    for kind in (DateTime, InvertedDateTime):
        rows = CapturedRows(9, clock=0, moments=kind)
        for hour, deviation in ((2, -120), (2, -60), (3, -60)):
            local = DateTime.parse(f"2024-10-27 {hour:02}:15:00.00")
            stamp = kind.combine(local.date, local.time, deviation=deviation, status=0)
            rows.append(Data.structure([Data.octet_string(stamp)]).octets)
        assert rows.ascending
