"""Iskraemeco AM550 in Switzerland, Slovenia and Austria, IE.5 in Croatia."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.devices.overlays import apparent_power, captures, numbers, values

from cosem.core.device import Device
from cosem.core.obis import LogicalName
from cosem.devices.iskra_am550 import DEVICE as AM550
from cosem.devices.iskra_ie5 import DEVICE as IE5

THREE_PHASE = ["instantaneous", "celje"]
# Issue 615: the codes of the five-second telegram, behind name and list id.
INSTANTANEOUS = "1 2 3 4 32 52 72 31 51 71 21 41 61 22 42 62"
# Issue 615: the codes of the quarter-hour telegram.
ENERGIES = "1.8.0 1.8.1 1.8.2 2.8.0 2.8.1 2.8.2 3.8.0 4.8.0"


def codes(device: Device, name: str) -> list[str]:
    return [str(each.logical_name) for each in next(each for each in device.push if each.name == name).items]


def test_the_positions_of_slovenia_have_the_codes_that_the_grid_operator_names() -> None:
    assert codes(AM550, "instantaneous")[2:] == [f"1.0.{c}.7.0.255" for c in INSTANTANEOUS.split()]
    assert codes(AM550, "energies")[4:] == [f"1.0.{code}.255" for code in ENERGIES.split()]


@pytest.mark.parametrize("name", THREE_PHASE)
def test_powers_agree_with_voltages_and_currents(name: str) -> None:
    for capture in captures("iskra_am550", name):
        found = numbers(AM550, capture)
        active, reactive = (
            found[f"{kind}_import"] - found[f"{kind}_export"] for kind in ("active_power", "reactive_power")
        )
        assert (active**2 + reactive**2).sqrt() <= apparent_power(found) * Decimal("1.01")
        assert abs(active) > apparent_power(found) * Decimal("0.5")


@pytest.mark.parametrize(
    ("device", "name", "kinds"),
    [
        (AM550, "energies", ("active_energy_import", "active_energy_export")),
        (AM550, "ljubljana_energies", ("active_energy_import", "active_energy_export")),
        (AM550, "consumer_information", ("active_energy_import", "reactive_energy_q1", "reactive_energy_q4")),
        (IE5, "croatia", ("active_energy_import", "active_energy_export")),
    ],
)
def test_the_tariffs_add_up(device: Device, name: str, kinds: tuple[str, ...]) -> None:
    for capture in captures(device.name, name):
        found = numbers(device, capture)
        for kind in kinds:
            if f"{kind}_t1" in found:
                assert found[kind] == found[f"{kind}_t1"] + found[f"{kind}_t2"]


def test_of_one_meter_both_telegrams_tell_the_same_energy() -> None:
    (fast,) = captures("iskra_am550", "ljubljana_energies")
    slow = captures("iskra_am550", "ljubljana_quarter_hour")[1]
    assert numbers(AM550, fast)["active_energy_import"] - numbers(AM550, slow)["active_energy_import"] == 1
    assert numbers(AM550, fast)["active_energy_export"] == numbers(AM550, slow)["active_energy_export"]


def test_the_phases_of_croatia_make_the_whole() -> None:
    for capture in captures("iskra_ie5"):
        found = numbers(IE5, capture)
        phases = sum((found[f"active_power_import_l{phase}"] for phase in (1, 2, 3)), Decimal())
        assert abs(found["active_power_import"] - phases) <= 1
        assert found["active_power_import"] < apparent_power(found)
        assert 0 < found["power_factor"] <= 1


def test_austria_s_list_is_known_if_the_device_is_named() -> None:
    (capture,) = captures("iskra_am550", "austria")
    assert values(AM550, capture)["device_id"].data.value == b"1121378381199"
    assert not next(each for each in AM550.push if each.name == "austria").names_itself


def test_the_swiss_object_list_has_class_and_scaler() -> None:
    row = AM550.find(3, LogicalName("1.0.52.7.0.255"))
    assert row is not None
    assert (row.name, row.attributes[3].scaler) == ("voltage_l2", -1)
    assert AM550.fits(flag="ISK")
