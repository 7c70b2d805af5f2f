"""What a meter of any device pushes: every list, told apart from the others and read by name."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.devices.overlays import captures
from tests.sim.devices import ORIGIN, Kind, kinds

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import Quirk
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.push_forms import LISTS, described, scaler_and_unit
from cosem.core.push_list import PushItem, PushList, PushValue
from cosem.model import CATALOGUE
from cosem.sim import Meter, push_body

KINDS = {str(kind): kind for kind in kinds()}
FIRST = {kind.package.device.name: kind for kind in reversed(KINDS.values())}
"""By name: each device in its first variant."""

PUSHED = [
    pytest.param(kind, each, id=f"{kind} {each.name}")
    for kind in KINDS.values()
    for each in kind.package.device.push
]
CLOCK, PUSH_SETUP = 8, 40


def pushed(kind: Kind, name: str) -> tuple[Data, dict[str, PushValue]]:
    """The body of a list and what the device reads in it, by name."""
    device = kind.package.device
    (asked,) = [each for each in device.push if each.name == name]
    body = push_body(kind.meter(), asked, device.push)
    read = device.read_push(body)
    assert read is not None
    return body, {each.item.name: each for each in read[1]}


@pytest.mark.parametrize(("kind", "asked"), PUSHED)
def test_every_list_of_every_device_is_pushed_and_taken_for_that_list(kind: Kind, asked: PushList) -> None:
    device = kind.package.device
    read = device.read_push(push_body(kind.meter(), asked, device.push))
    assert read is not None
    assert read[0] is asked
    assert len(read[1]) >= max(len(asked.items), 1)


@pytest.mark.parametrize(("kind", "asked"), PUSHED)
def test_items_are_read_where_they_stand_with_units_and_times_of_the_meter(
    kind: Kind, asked: PushList
) -> None:
    device = kind.package.device
    values = {value.item.at: value for value in asked.read(push_body(kind.meter(), asked, device.push))}
    assert [values[item.at].item.name for item in asked.items] == [item.name for item in asked.items]
    for value in values.values():
        if value.item.unit is not None:
            assert value.quantity is not None
            assert value.quantity.unit == value.item.unit
        if value.item.class_id == CLOCK and value.item.attribute == 2:
            moment = DateTime(value.data.octets[-DateTime.SIZE :])
            assert moment.deviation == (120 if Quirk.INVERTED_DEVIATION in device.quirks else -120)


@pytest.mark.parametrize(
    ("name", "of_list"),
    [
        ("aidon_han", "list_1"),
        ("aidon_han", "list_3"),
        ("aidon_han", "sweden"),
        ("emis_elektra", "alarm_with_list"),
        ("ksm_west", "three_phase"),
        ("landis_gyr_e350_han", "list_2"),
        ("landis_gyr_e450", "mbus_channels"),
        ("landis_gyr_e450", "registers"),
        ("netz_noe", "three_phase"),
    ],
)
def test_what_tells_its_objects_tells_those_of_the_capture_in_its_order(name: str, of_list: str) -> None:
    """Names, codes, units and what stands around them; strings and numbers are this meter's."""
    kind = FIRST[name]
    body, values = pushed(kind, of_list)
    capture = Data(bytes.fromhex(captures(name, of_list)[0].octets))
    seen = kind.package.device.read_push(capture)
    assert seen is not None
    assert list(values) == [each.item.name for each in seen[1]]
    for each in seen[1]:
        mine = values[each.item.name]
        assert (mine.item.at, mine.item.logical_name) == (each.item.at, each.item.logical_name)
        assert (mine.item.scaler, mine.item.unit) == (each.item.scaler, each.item.unit)
    assert [each.tag in LISTS for each in body.elements] == [each.tag in LISTS for each in capture.elements]


def test_a_described_list_is_that_of_its_push_setup() -> None:
    kind = FIRST["emis_elektra"]
    body, _ = pushed(kind, "alarm_with_list")
    setup = kind.meter().logical_device.objects[LogicalName("0.0.25.9.0.255")]
    assert body.elements[0] == setup.get(2)
    assert (
        body.elements[0].octets
        == Data(bytes.fromhex(captures("emis_elektra", "alarm_with_list")[0].octets)).elements[0].octets
    )


def test_a_described_list_without_columns_has_what_the_meter_tells_and_the_values_that_a_client_reads() -> (
    None
):
    kind = FIRST["landis_gyr_e570"]
    meter = kind.meter()
    _, values = pushed(kind, "consumer_information")
    assert values["logical_device_name"].data.octets[2:].startswith(b"LGZ")
    assert len(values["logical_device_name"].data.octets) == 18
    assert values["voltage_l1"].quantity is not None
    assert Decimal(200) < values["voltage_l1"].quantity.value < Decimal(260)
    for name, value in values.items():
        code = value.item.logical_name
        assert code is not None
        if name != "logical_device_name":
            assert value.data == meter.logical_device.objects[code].get(2)


def test_what_would_make_a_list_another_is_left_out() -> None:
    kind = FIRST["landis_gyr_e450"]
    assert "logical_device_name" not in pushed(kind, "consumer_information")[1]
    assert "logical_device_name" in pushed(kind, "consumer_information_named")[1]


def bare_meter(name: str = "landis_gyr_e360") -> Meter:
    return FIRST[name].meter()


ENERGY = LogicalName("1.1.1.8.0.255")
CURRENT = LogicalName("1.0.31.7.0.255")
UNITS = next(iter(FIRST["ksm_west"].package.device.push)).units


def test_codes_in_a_row_have_scaler_and_unit_behind_the_value() -> None:
    row = PushList("row", ORIGIN, count=8, texts={(2,): str(CURRENT)}, coded=True, units=UNITS)
    body = push_body(bare_meter(), row)
    assert body.elements[1] == Data.octet_string(CURRENT)
    assert scaler_and_unit(body.elements[3]) == (-2, 33)
    told = {each.item.logical_name: each for each in row.read(body)}
    assert len(told) == 3
    assert told[CURRENT].quantity is not None


def test_a_coded_list_of_no_certain_size_has_all_that_the_meter_tells_each_in_a_structure() -> None:
    wanted = PushList("all", ORIGIN, codes={LogicalName("0.0.42.0.0.255"): "ABC*"}, coded=True, units=UNITS)
    meter = bare_meter()
    body = push_body(meter, wanted)
    assert wanted.fits(body)
    told = {each.item.logical_name for each in wanted.read(body)}
    hosted = meter.logical_device.objects.values()
    assert told == {each.logical_name for each in hosted if each.description.CLASS_ID in (1, 3, 4, 5, 8)}
    assert [len(each.elements) for each in body.elements[:3]] == [2, 3, 3]


def test_a_described_list_may_be_any_element_and_is_filled_to_its_count() -> None:
    wanted = PushList("third", ORIGIN, count=30, described_by=3, texts={(3, 3, 2): "0.6.25.9.0.255"})
    body = push_body(bare_meter(), wanted)
    assert wanted.fits(body)
    told = described(body, 3)
    assert len(told) == 29
    assert told[-1].class_id == PUSH_SETUP  # what the meter has no more objects for names the setup again


def test_items_of_a_described_list_are_described_where_they_stand() -> None:
    item = PushItem("energy", (4,), ENERGY, 3)
    wanted = PushList("items", ORIGIN, count=5, described_by=1, items=(item,))
    told = {each.at: each for each in described(push_body(bare_meter(), wanted))}
    assert (told[(4,)].logical_name, told[(4,)].class_id) == (ENERGY, 3)
    assert [each.logical_name for each in told.values()].count(ENERGY) == 1


def test_a_device_without_push_setup_describes_in_version_0() -> None:
    wanted = PushList("plain", ORIGIN, count=4, described_by=1)
    body = push_body(bare_meter("kaifa_han"), wanted)
    assert [len(entry.elements) for entry in body.elements[0].elements] == [4] * 4
    assert wanted.fits(body)


def test_later_versions_of_push_setup_describe_with_their_own_fields() -> None:
    kind = FIRST["every_class"]
    rows = tuple(
        replace(row, codes=row.codes)
        for row in kind.package.device.objects
        if (row.class_id, row.version) in ((40, 2), (3, 0), (1, 0))
    )
    package = replace(kind.package, device=replace(kind.package.device, objects=rows))
    wanted = PushList("two", ORIGIN, count=3, described_by=1)
    body = push_body(Kind(package, "").meter(), wanted)
    assert wanted.fits(body)
    index, codec = 2, CATALOGUE[(40, 2)].ATTRIBUTES[2].codec
    assert index == 2
    assert codec.decode(body.elements[0].octets)


def test_positions_that_cannot_all_be_are_refused() -> None:
    item = PushItem("far", (9,), ENERGY, 3)
    for wanted in (
        PushList("short", ORIGIN, count=3, items=(item,)),
        PushList("short", ORIGIN, count=3, items=(item,), described_by=1),
        PushList("short", ORIGIN, count=3, items=(item,), coded=True),
    ):
        with pytest.raises(InvalidValueError, match="a list of 3 elements has none at 9"):
            push_body(bare_meter(), wanted)
