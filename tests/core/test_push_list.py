"""Pushed lists that tell their objects: by a list of them in front, or by a code in front of each value."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.data import Data
from cosem.core.device import Device, DeviceObject, ObisPattern, Prescribed
from cosem.core.errors import CosemError, DecodeError
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.push_forms import coded, described
from cosem.core.push_list import PushItem, PushList

ORIGIN = Origin("Acme", "Manual", "p. 1")


@dataclass(frozen=True)
class Unit:
    number: int

    @property
    def symbol(self) -> str:
        return {27: "W", 35: "V"}[self.number]

    @property
    def known(self) -> bool:
        return self.number in (27, 35)


W, V = Unit(27), Unit(35)
NAME = "1.0.1.7.0.255"
POWER = DeviceObject("power", ObisPattern(NAME), 3, 0, ORIGIN, attributes={3: Prescribed(scaler=1, unit=W)})
VOLTAGE = DeviceObject(
    "voltage",
    ObisPattern("1.0.32/52/72.7.0.255"),
    3,
    0,
    ORIGIN,
    attributes={3: Prescribed(scaler=-1, unit=V)},
)
OBJECTS = (POWER, VOLTAGE)


def octets(code: str) -> str:
    return f"0906{LogicalName(code).hex()}"


def entry(class_id: int, code: str, attribute: int = 2, index: int = 0) -> str:
    return f"0204 12{class_id:04X} {octets(code)} 0F{attribute:02X} 12{index:04X}"


def body(text: str) -> Data:
    return Data(bytes.fromhex(text))


PUSHED = body(
    f"0205 0105 {entry(40, '0.8.25.9.0.255')} {entry(1, '0.0.42.0.0.255')} {entry(3, NAME)} "
    f"{entry(3, '1.0.52.7.0.255')} {entry(3, NAME, 5)} 0903414243 06000004D2 1208FD 1200AA"
)
LISTED = PushList("listed", ORIGIN, described_by=1)
MEDIA = frozenset((0, 1, 7))
CODED = PushList("coded", ORIGIN, coded=True, units=Unit, media=MEDIA)


def read(known: PushList, pushed: Data) -> dict[str, str]:
    return {each.item.name: str(each.quantity or each.data.value) for each in known.read(pushed, OBJECTS)}


def test_an_object_list_in_front_gives_names_and_units_of_the_device() -> None:
    assert LISTED.fits(PUSHED)
    assert read(LISTED, PUSHED) == {
        "0.0.42.0.0.255": "b'ABC'",
        "power": "12.34 kW",
        "voltage_c52": "230.1 V",
        "power_5": "170",
    }
    at = [each.item.at for each in LISTED.read(PUSHED, OBJECTS)]
    assert at == [(2,), (3,), (4,), (5,)]


def test_a_part_of_an_attribute_is_not_scaled() -> None:
    pushed = body(f"0202 0102 {entry(40, '0.8.25.9.0.255')} {entry(3, NAME, 2, 1)} 06000004D2")
    assert read(LISTED, pushed) == {"power": "1234"}


def test_an_object_of_another_class_is_not_the_device_s() -> None:
    pushed = body(f"0202 0102 {entry(40, '0.8.25.9.0.255')} {entry(4, NAME)} 06000004D2")
    assert read(LISTED, pushed) == {NAME: "1234"}


def test_without_the_device_codes_are_names() -> None:
    names = [each.item.name for each in LISTED.read(PUSHED)]
    assert names == ["0.0.42.0.0.255", NAME, "1.0.52.7.0.255", f"{NAME}_5"]


def test_an_item_gives_a_position_its_own_name() -> None:
    item = PushItem("minimum", (5,), LogicalName(NAME), 3, 5, unit=W)
    named = PushList("named", ORIGIN, items=(item,), described_by=1)
    assert read(named, PUSHED)["minimum"] == "170 W"


@pytest.mark.parametrize(
    "text",
    [
        "0202 0101 " + entry(1, NAME) + " 0600000000",  # fewer objects than elements
        "0201 0101 0203 120001 " + octets(NAME) + " 0F02",  # an object without its index
        "0201 0101 0204 120001 0905 0100010700 0F02 120000",  # five octets are no logical name
        "0202 0600000000 0600000000",
        "0600000000",
    ],
)
def test_what_has_no_object_list_in_front_does_not_fit(text: str) -> None:
    assert described(body(text)) == []
    assert not LISTED.fits(body(text))


def test_a_later_push_setup_lists_more_of_each_object() -> None:
    longer = f"0206 120003 {octets(NAME)} 0F02 120000 00 00"
    pushed = body(f"0202 0102 {entry(40, '0.8.25.9.0.255')} {longer} 06000004D2")
    assert read(LISTED, pushed) == {"power": "12.34 kW"}


def test_a_pushed_scaler_and_unit_go_before_those_of_the_device() -> None:
    pushed = body(f"0203 {octets(NAME)} 06000004D2 0202 0F00 161B")
    assert read(CODED, pushed) == {"power": "1.234 kW"}
    item = PushItem("import_power", (2,), LogicalName(NAME), 3, scaler=3, unit=V)
    named = PushList("named", ORIGIN, items=(item,), coded=True, units=Unit)
    assert read(named, pushed) == {"import_power": "1.234 kW"}


def test_an_unknown_unit_is_not_made_up() -> None:
    pushed = body(f"0203 {octets('1.0.9.9.0.255')} 06000004D2 0202 0F00 16C8")
    assert read(CODED, pushed) == {"1.0.9.9.0.255": "1234"}


def test_codes_stand_in_one_row_or_in_structures() -> None:
    row = body(f"0204 {octets(NAME)} 1101 {octets('1.0.32.7.0.255')} 1208FD")
    nested = body(f"0102 0202 {octets(NAME)} 1101 0202 {octets('1.0.32.7.0.255')} 1208FD")
    assert read(CODED, row) == read(CODED, nested) == {"power": "10 W", "voltage_c32": "230.1 V"}
    assert [each.at for each in coded(row, MEDIA)] == [(2,), (4,)]
    assert [each.at for each in coded(nested, MEDIA)] == [(1, 2), (2, 2)]


def test_a_text_may_be_asked_for_by_code() -> None:
    acme = PushList("acme", ORIGIN, described_by=1, codes={LogicalName("0.0.42.0.0.255"): "AB*"})
    other = PushList("other", ORIGIN, described_by=1, codes={LogicalName("0.0.42.0.0.255"): "XY*"})
    absent = PushList("absent", ORIGIN, described_by=1, codes={LogicalName("0.0.96.1.0.255"): "*"})
    assert [each.fits(PUSHED) for each in (acme, other, absent)] == [True, False, False]


def test_of_two_lists_that_fit_the_one_that_asks_for_more_is_meant() -> None:
    acme = PushList("acme", ORIGIN, described_by=1, codes={LogicalName("0.0.42.0.0.255"): "AB*"})
    device = Device("acme", "Acme", objects=OBJECTS, push=(LISTED, acme))
    found = device.read_push(PUSHED)
    assert found is not None
    assert found[0] is acme
    assert found[1] == acme.read(PUSHED, OBJECTS)
    assert device.read_push(body("0600000000")) is None


@pytest.mark.parametrize(
    ("texts", "codes", "names"),
    [
        ({(1,): "KFM_001"}, {}, True),
        ({}, {LogicalName("0.0.42.0.0.255"): "LGZ*"}, True),
        ({(1, 1, 2): "0.8.25.9.0.255"}, {}, False),
        ({(1,): "???", (2,): "16820005"}, {}, False),
        ({}, {}, False),
    ],
)
def test_codes_numbers_and_wildcards_name_nobody(
    texts: dict[tuple[int, ...], str], codes: dict[LogicalName, str], names: bool
) -> None:
    assert PushList("any", ORIGIN, 3, texts, codes=codes, coded=True).names_itself is names


@given(st.binary(max_size=80))
def test_no_body_breaks_a_list(data: bytes) -> None:
    for start in (b"", bytes.fromhex("02020101"), bytes.fromhex("0203" + octets(NAME))):
        for known in (LISTED, CODED):
            pushed = Data(start + data)
            known.fits(pushed)
            with suppress(DecodeError):
                known.read(pushed, OBJECTS)


def test_a_body_that_ends_early_is_a_decode_error() -> None:
    with pytest.raises(CosemError):
        CODED.read(body("0203 0906 0100"), OBJECTS)
