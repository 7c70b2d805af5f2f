"""Profiles: which rows and columns come, how they are asked for, and what they mean; in both colours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from tests.client.links import Meters
from tests.session.host import MemoryHost

from cosem.apdu import Conformance
from cosem.apdu.errors import ObjectUndefined
from cosem.client import Profile
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.core.simple import Value
from cosem.model import CATALOGUE, ProfileGeneric, ProfileGenericV0
from cosem.session.association import SERVER_CONFORMANCE
from cosem.session.host import AssociationPolicy

PROFILE = ProfileGeneric("1.0.99.1.0.255")
CLOCK, IMPORT, EXPORT = (
    LogicalName("0.0.1.0.0.255"),
    LogicalName("1.0.1.8.0.255"),
    LogicalName("1.0.2.8.0.255"),
)
START = dt.datetime(2024, 1, 1, 12)
PERIOD = dt.timedelta(minutes=15)
FIFO, LIFO = 1, 2
WITHOUT_SELECTION = AssociationPolicy(conformance=SERVER_CONFORMANCE & ~Conformance.SELECTIVE_ACCESS)

Cells = tuple[DateTime | None, int | None, int | None]


def moment(row: int) -> DateTime:
    return DateTime.from_datetime(START + row * PERIOD)


ROWS: list[Cells] = [(moment(row), 100 + row, 7) for row in range(6)]
COMPRESSED: list[Cells] = [
    (moment(0), 100, 7),
    (None, 101, None),
    (None, 102, None),
    (None, 103, None),
    (moment(4), 104, None),
    (None, 105, None),
]
"""The same rows, with null-data for what follows from the row above."""


def cell(value: Value) -> Data:
    match value:
        case None:
            return Data.null()
        case bytes():
            return Data.octet_string(value)
        case int():
            return Data.double_long_unsigned(value)
        case _:
            raise AssertionError(value)


def buffer_of(rows: Sequence[Cells]) -> Data:
    return Data.array(Data.structure([cell(value) for value in row]) for row in rows)


def captured(class_id: int, name: bytes) -> Data:
    return Data.structure(
        [Data.long_unsigned(class_id), Data.octet_string(name), Data.integer(2), Data.long_unsigned(0)]
    )


class ProfileHost(MemoryHost):
    """A meter with one profile of clock, import and export, which serves both selectors."""

    def get(self, class_id: int, logical_name: bytes, index: int, selection: Selection | None) -> Data:
        whole = super().get(class_id, logical_name, index, selection)
        return whole if selection is None else chosen(whole, selection)


def chosen(whole: Data, selection: Selection) -> Data:
    """What the books say that the selectors mean (Blue Book 4.3.6.2.2)."""
    parameters, rows = selection.parameters.elements, whole.elements
    if selection.selector == 2:
        first, last, from_column, to_column = (each.value for each in parameters)
        assert isinstance(first, int)
        assert isinstance(last, int)
        assert isinstance(from_column, int)
        assert isinstance(to_column, int)
        rows = [Data.structure(row.elements[from_column - 1 : to_column or None]) for row in rows]
        return Data.array(rows[first - 1 : last or None])
    restricting, low, high, columns = parameters
    assert restricting == captured(8, CLOCK)
    order = [captured(8, CLOCK), captured(3, IMPORT), captured(3, EXPORT)]
    positions = [order.index(column) for column in columns.elements] or range(3)
    return Data.array(
        Data.structure([row.elements[position] for position in positions])
        for row in rows
        if low.octets <= row.elements[0].octets <= high.octets
    )


def host(rows: Sequence[Cells] | Data = ROWS, method: int = FIFO) -> ProfileHost:
    buffer = rows if isinstance(rows, Data) else buffer_of(rows)
    columns = [captured(8, CLOCK), captured(3, IMPORT), captured(3, EXPORT)]
    name = PROFILE.logical_name
    unit = Data.structure([Data.integer(1), Data.enum(30)])
    return ProfileHost(
        {
            (7, name, 2): buffer,
            (7, name, 3): Data.array(columns),
            (7, name, 4): Data.double_long_unsigned(900),
            (7, name, 5): Data.enum(method),
            (7, name, 7): Data.double_long_unsigned(len(buffer.elements)),
            (7, name, 8): Data.double_long_unsigned(1000),
            (3, IMPORT, 3): unit,
        }
    )


POLICIES = pytest.mark.parametrize(
    "policy", [AssociationPolicy(), WITHOUT_SELECTION], ids=["selective access", "no selective access"]
)


def numbers(profile: Profile) -> list[Value]:
    """The column of import."""
    position = [column.logical_name for column in profile.columns].index(IMPORT)
    return [row[position] for row in profile]


@POLICIES
def test_a_whole_profile_comes_with_its_columns_and_times(meters: Meters, policy: AssociationPolicy) -> None:
    meter, wire = meters.connect(host(), policy=policy)
    profile = meter.profile(PROFILE)
    assert profile.rows == ROWS == list(profile)
    assert len(profile) == 6
    assert [column.logical_name for column in profile.columns] == [CLOCK, IMPORT, EXPORT]
    assert profile.clock == 0
    assert all(isinstance(row[0], DateTime) for row in profile)
    assert profile.capture_period == 900
    assert profile.columns[1].name == "active_energy_import"
    assert profile.buffer.octets == buffer_of(ROWS).octets
    assert len(wire.asked) == 3


@POLICIES
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (moment(1), moment(3), [101, 102, 103]),
        (START + PERIOD, START + 3 * PERIOD, [101, 102, 103]),
        (moment(4), None, [104, 105]),
        (None, moment(1), [100, 101]),
        (moment(2), moment(2), [102]),
        (moment(50), None, []),
        (moment(3), moment(1), []),
    ],
    ids=["range", "datetimes", "from", "until", "one", "none", "reversed"],
)
def test_rows_by_range_are_those_from_start_to_end_both_included(
    meters: Meters,
    policy: AssociationPolicy,
    start: DateTime | dt.datetime | None,
    end: DateTime | dt.datetime | None,
    expected: list[int],
) -> None:
    meter, _ = meters.connect(host(), policy=policy)
    assert numbers(meter.profile(PROFILE, start=start, end=end)) == expected


@POLICIES
@pytest.mark.parametrize(
    ("last", "method", "expected"),
    [
        (2, FIFO, [104, 105]),
        (2, LIFO, [100, 101]),
        (6, FIFO, [100, 101, 102, 103, 104, 105]),
        (99, FIFO, [100, 101, 102, 103, 104, 105]),
        (99, LIFO, [100, 101, 102, 103, 104, 105]),
        (1, FIFO, [105]),
    ],
)
def test_the_last_rows_end_a_fifo_buffer_and_begin_a_lifo_buffer(
    meters: Meters, policy: AssociationPolicy, last: int, method: int, expected: list[int]
) -> None:
    meter, _ = meters.connect(host(method=method), policy=policy)
    assert numbers(meter.profile(PROFILE, last=last)) == expected


@POLICIES
@pytest.mark.parametrize(
    ("entries", "expected"),
    [((1, 2), [100, 101]), ((3, 3), [102]), ((5, 0), [104, 105]), ((5, 99), [104, 105]), ((7, 9), [])],
)
def test_entries_are_counted_from_1_both_included_and_0_is_the_end(
    meters: Meters, policy: AssociationPolicy, entries: tuple[int, int], expected: list[int]
) -> None:
    meter, _ = meters.connect(host(), policy=policy)
    assert numbers(meter.profile(PROFILE, entries=entries)) == expected


@POLICIES
def test_columns_are_those_wanted_in_the_profiles_order(meters: Meters, policy: AssociationPolicy) -> None:
    meter, _ = meters.connect(host(), policy=policy)
    by_code = meter.profile(PROFILE, columns=["1.0.2.8.0.255", IMPORT])
    assert by_code.rows == [row[1:] for row in ROWS]
    assert by_code.clock is None
    of_range = meter.profile(PROFILE, start=moment(4), columns=[EXPORT, CLOCK])
    assert of_range.rows == [(row[0], row[2]) for row in ROWS[4:]]
    of_entries = meter.profile(PROFILE, last=2, columns=[IMPORT])
    assert of_entries.rows == [(104,), (105,)]


def test_columns_apart_can_only_be_chosen_by_time_where_the_meter_selects(meters: Meters) -> None:
    meter, _ = meters.connect(host())
    with pytest.raises(InvalidValueError, match="side by side"):
        meter.profile(PROFILE, columns=[CLOCK, EXPORT])
    meter, _ = meters.connect(host(), policy=WITHOUT_SELECTION)
    assert meter.profile(PROFILE, columns=[CLOCK, EXPORT]).rows == [(row[0], row[2]) for row in ROWS]


@POLICIES
def test_what_is_captured_twice_is_read_twice(meters: Meters, policy: AssociationPolicy) -> None:
    twice = host([(time, imported, imported) for time, imported, _ in ROWS])
    columns = Data.array([captured(8, CLOCK), captured(3, IMPORT), captured(3, IMPORT)])
    twice.values[7, PROFILE.logical_name, 3] = columns
    meter, _ = meters.connect(twice, policy=policy)
    assert meter.profile(PROFILE, last=2).rows == [(time, number, number) for time, number, _ in ROWS[-2:]]
    assert meter.profile(PROFILE, columns=[IMPORT]).rows == [(number, number) for _, number, _ in ROWS]


def test_selectors_go_out_as_the_books_describe_them(meters: Meters) -> None:
    meter_host = host()
    meter, _ = meters.connect(meter_host)
    meter.profile(PROFILE, start=moment(1), end=moment(2), columns=[IMPORT])
    meter.profile(PROFILE, entries=(2, 3))
    by_range, by_entry = (each for each in meter_host.selections if each is not None)
    assert by_range == Selection(
        1,
        Data.structure(
            [captured(8, CLOCK), cell(moment(1)), cell(moment(2)), Data.array([captured(3, IMPORT)])]
        ),
    )
    assert by_entry == Selection(
        2,
        Data.structure(
            [
                Data.double_long_unsigned(2),
                Data.double_long_unsigned(3),
                Data.long_unsigned(1),
                Data.long_unsigned(3),
            ]
        ),
    )


@POLICIES
def test_null_data_stands_for_the_row_above_and_one_period_later(
    meters: Meters, policy: AssociationPolicy
) -> None:
    meter, _ = meters.connect(host(COMPRESSED), policy=policy)
    profile = meter.profile(PROFILE)
    assert profile.rows == ROWS
    assert profile.buffer.octets == buffer_of(COMPRESSED).octets


@pytest.mark.parametrize("last", range(1, 7))
def test_rows_chosen_here_from_a_compressed_buffer_keep_what_null_data_stood_for(
    meters: Meters, last: int
) -> None:
    meter, _ = meters.connect(host(COMPRESSED), policy=WITHOUT_SELECTION)
    assert meter.profile(PROFILE, last=last).rows == ROWS[-last:]
    assert meter.profile(PROFILE, start=moment(6 - last)).rows == ROWS[-last:]
    assert meter.profile(PROFILE, entries=(7 - last, 0), columns=[IMPORT, EXPORT]).rows == [
        row[1:] for row in ROWS[-last:]
    ]


def test_units_come_from_the_objects_that_the_catalogue_knows(meters: Meters) -> None:
    meter, _ = meters.connect(host())
    profile = meter.profile(PROFILE, last=1, catalogue=CATALOGUE)
    clock, energy, unknown = profile.columns
    assert clock.scaler_unit is unknown.scaler_unit is None
    assert energy.scaler_unit is not None
    assert energy.scaler_unit.unit.symbol == "Wh"
    [(time, value, plain)] = profile.quantities
    assert time == moment(5)
    assert isinstance(value, Quantity)
    assert value.value == Decimal(1050)
    assert plain == 7


@pytest.mark.parametrize(
    ("class_id", "attribute", "scaler_unit"),
    [(3, 2, 3), (4, 2, 3), (5, 2, 4), (5, 3, 4), (4, 5, None), (1, 2, None)],
)
def test_scaled_attributes_of_registers_have_units_and_no_others(
    meters: Meters, class_id: int, attribute: int, scaler_unit: int | None
) -> None:
    meter_host = host(Data.array([Data.structure([cell(15)])]))
    column = [
        Data.long_unsigned(class_id),
        Data.octet_string(IMPORT),
        Data.integer(attribute),
        Data.long_unsigned(0),
    ]
    meter_host.values[7, PROFILE.logical_name, 3] = Data.array([Data.structure(column)])
    del meter_host.values[3, IMPORT, 3]
    meter_host.values[class_id, IMPORT, scaler_unit or 3] = Data.structure([Data.integer(0), Data.enum(30)])
    meter, _ = meters.connect(meter_host)
    [[value]] = meter.profile(PROFILE, catalogue=CATALOGUE).quantities
    assert str(value) == ("15" if scaler_unit is None else "15 Wh")


@POLICIES
def test_an_empty_buffer_has_no_rows_but_columns(meters: Meters, policy: AssociationPolicy) -> None:
    meter, _ = meters.connect(host([]), policy=policy)
    for profile in (
        meter.profile(PROFILE),
        meter.profile(PROFILE, last=5),
        meter.profile(PROFILE, start=moment(0)),
        meter.profile(PROFILE, entries=(1, 5), columns=[IMPORT]),
    ):
        assert (len(profile), profile.rows, profile.quantities) == (0, [], [])
        assert IMPORT in [column.logical_name for column in profile.columns]


def test_a_compact_array_is_a_buffer_too(meters: Meters) -> None:
    compact = Data(bytes.fromhex("13 02 03 09 06 11 26"))
    rows = b"".join(b"\x0c" + row[0] + row[1].to_bytes(4) + b"\x07" for row in ROWS[:2] if row[0] and row[1])
    compact = Data(compact.octets[:6] + bytes((len(rows),)) + rows)
    meter, _ = meters.connect(host(compact))
    assert meter.profile(PROFILE).rows == ROWS[:2]
    meter, _ = meters.connect(host(compact), policy=WITHOUT_SELECTION)
    assert meter.profile(PROFILE, entries=(2, 2)).rows == ROWS[1:2]


def test_a_profile_of_version_0_has_columns_without_data_index(meters: Meters) -> None:
    meter_host = host()
    old = ProfileGenericV0(PROFILE.logical_name)
    meter_host.values[7, old.logical_name, 3] = Data.array(
        Data.structure([Data.long_unsigned(class_id), Data.octet_string(name), Data.integer(2)])
        for class_id, name in ((8, CLOCK), (3, IMPORT), (3, EXPORT))
    )
    meter, _ = meters.connect(meter_host)
    profile = meter.profile(old)
    assert profile.rows == ROWS
    assert [column.data_index for column in profile.columns] == [None] * 3
    assert len(profile.columns[0].encode().elements) == 3


def test_without_a_capture_period_null_times_stay_what_they_are(meters: Meters) -> None:
    meter_host = host(COMPRESSED)
    del meter_host.values[7, PROFILE.logical_name, 4]
    meter, _ = meters.connect(meter_host)
    profile = meter.profile(PROFILE)
    assert profile.capture_period == 0
    assert profile.rows[1] == (moment(0), 101, 7)


@pytest.mark.parametrize("index", [2, 3])
def test_what_the_meter_refuses_is_raised(meters: Meters, index: int) -> None:
    meter_host = host()
    del meter_host.values[7, PROFILE.logical_name, index]
    meter, _ = meters.connect(meter_host)
    with pytest.raises(ObjectUndefined):
        meter.profile(PROFILE)


def test_rows_of_another_width_than_the_columns_are_no_fault_of_ours(meters: Meters) -> None:
    meter_host = host(Data.array([Data.structure([cell(1)]), Data.structure([]), cell(5)]))
    meter, _ = meters.connect(meter_host)
    assert meter.profile(PROFILE).rows == [(1,), (), (5,)]
    meter, _ = meters.connect(meter_host, policy=WITHOUT_SELECTION)
    with pytest.raises(DecodeError):
        meter.profile(PROFILE, start=moment(0))
    with pytest.raises(DecodeError):
        meter.profile(PROFILE, columns=[IMPORT])


@pytest.mark.parametrize(
    "choice",
    [
        {"last": 0},
        {"last": -1},
        {"entries": (0, 5)},
        {"entries": (5, 4)},
        {"start": moment(0), "last": 1},
        {"entries": (1, 1), "last": 1},
        {"columns": ["1.0.9.9.9.255"]},
        {"columns": ["nonsense"]},
    ],
    ids=str,
)
def test_a_choice_that_cannot_be_is_an_invalid_value_error(meters: Meters, choice: dict[str, object]) -> None:
    meter, _ = meters.connect(host())
    profile: Callable[..., object] = meter.profile
    with pytest.raises(InvalidValueError):
        profile(PROFILE, **choice)


@POLICIES
def test_a_profile_without_a_clock_cannot_be_chosen_by_time(
    meters: Meters, policy: AssociationPolicy
) -> None:
    meter_host = host()
    meter_host.values[7, PROFILE.logical_name, 3] = Data.array([captured(3, IMPORT)])
    meter, _ = meters.connect(meter_host, policy=policy)
    with pytest.raises(InvalidValueError, match="no clock"):
        meter.profile(PROFILE, start=moment(0))
