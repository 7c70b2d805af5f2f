"""EMIS meters: the lists that they push, told from each other, and the alarms in them."""

from __future__ import annotations

import pytest
from tests.devices.tables import entry

from cosem.core.data import Data
from cosem.devices.emis_elektra import DEVICE, Alarm, EmisElektra

LOGICAL_NAME = "0906 0000190900FF"
SERIAL = "090B 3937313730303435343737"


def test_emis_is_a_maker_of_spodes_that_pushes_to_client_64() -> None:
    assert DEVICE.extends == ("spodes",)
    assert DEVICE.fits(flag="ELC")
    (push,) = [each for each in DEVICE.associations if each.pre_established]
    assert push.client_sap == 64


def pushed(text: str) -> dict[str, dict[str, object]]:
    body = Data(bytes.fromhex(text))
    fitting = [each for each in DEVICE.push if each.fits(body)]
    return {each.name: {value.item.name: value.data.value for value in each.read(body)} for each in fitting}


@pytest.mark.parametrize(
    ("number", "alarm"),
    [(0x10, Alarm.TERMINAL_COVER_OPENED), (0x20, Alarm.HOUSING_OPENED), (8, Alarm.MAGNETIC_FIELD)],
)
def test_an_alarm_has_serial_number_and_bits(number: int, alarm: int) -> None:
    found = pushed(f"0203 {LOGICAL_NAME} {SERIAL} 06 {number:08X}")
    assert list(found) == ["alarm"]
    assert found["alarm"]["serial_number"] == b"97170045477"
    assert found["alarm"]["alarm_descriptor"] == number
    assert Alarm(number) == Alarm(alarm)
    assert EmisElektra.alarm_descriptor.logical_name == DEVICE.push[0].items[2].logical_name


def test_another_push_setup_is_no_alarm() -> None:
    assert pushed(f"0203 0906 0000190901FF {SERIAL} 06 00000010") == {}


def test_energies_are_tens_of_watt_hours() -> None:
    energies = next(each for each in DEVICE.push if each.name == "energy_with_list").items[3:]
    assert [(str(each.logical_name), each.at, each.scaler) for each in energies] == [
        ("1.0.1.8.0.255", (5,), 1),
        ("1.0.2.8.0.255", (7,), 1),
        ("1.0.3.8.0.255", (9,), 1),
        ("1.0.4.8.0.255", (11,), 1),
    ]


def test_the_push_setups_send_what_the_lists_have() -> None:
    alarm, energy = (entry(DEVICE, 40, f"0.{b}.25.9.0.255") for b in (0, 1))
    assert [each.codes.text for each in alarm.columns] == [
        "0.0.25.9.0.255",
        "0.0.96.1.0.255",
        "0.0.97.98.20.255",
    ]
    assert [(each.codes.text, each.attribute) for each in energy.columns[4:6]] == [
        ("1.0.1.8.0.255", 2),
        ("1.0.1.8.0.255", 3),
    ]
    assert len(energy.columns) == 12
    assert alarm.version == energy.version == 2
