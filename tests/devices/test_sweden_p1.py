"""The P1 port of Sweden, and H1 of Finland, which has its data."""

from __future__ import annotations

import pytest
from tests.devices.overlays import apparent_power, captures, numbers
from tests.devices.tables import unit
from tests.devices.text_ports import listed, unread

from cosem.core.device import Device
from cosem.devices.finland_p1 import DEVICE as FINLAND
from cosem.devices.sweden_p1 import DEVICE as SWEDEN

ENERGIES = ["1.0.1.8.0", "1.0.2.8.0", "1.0.3.8.0", "1.0.4.8.0"]
POWERS = ["1", "2", "3", "4", "21", "22", "23", "24", "41", "42", "43", "44", "61", "62", "63", "64"]
NUMBER = range(len(captures("sweden_p1")))


@pytest.mark.parametrize("device", [SWEDEN, FINLAND], ids=lambda each: each.name)
def test_27_objects_are_sent_clock_energies_powers_voltages_and_currents(device: Device) -> None:
    codes = {each.codes.text for each in device.objects}
    assert codes == {
        "0.0.1.0.0.255",
        *(f"{code}.255" for code in ENERGIES),
        *(f"1.0.{c}.7.0.255" for c in (*POWERS, 32, 52, 72, 31, 51, 71)),
    }
    assert len(codes) == 27
    assert listed(device, "1.0.23.7.0 3 reactive_power_import_l1\n1.0.62.7.0 3 active_power_export_l3") == []
    assert (unit(device, "1.0.44.7.0.255"), unit(device, "1.0.71.7.0.255")) == ((0, "var"), (-1, "A"))


def test_lists_are_known_by_the_maker_or_the_grid_operator() -> None:
    assert [each.identification for each in SWEDEN.text_lists] == ["ELL5*", "KAM5*", "LGF5E360*", "KFM5*"]
    assert all(each.names_itself for each in SWEDEN.text_lists)


def test_a_finnish_list_does_not_name_itself() -> None:
    assert [each.names_itself for each in FINLAND.text_lists] == [False]


@pytest.mark.parametrize("number", NUMBER)
def test_the_phases_make_the_whole(number: int) -> None:
    found = numbers(SWEDEN, captures("sweden_p1")[number])
    net = sum(found[f"active_power_import_l{p}"] - found[f"active_power_export_l{p}"] for p in (1, 2, 3))
    assert abs(net - found["active_power_import"] + found["active_power_export"]) <= 3
    assert unread(SWEDEN, number) == []
    active = sum(found[f"active_power_import_l{p}"] + found[f"active_power_export_l{p}"] for p in (1, 2, 3))
    assert apparent_power(found) > active * 95 / 100
