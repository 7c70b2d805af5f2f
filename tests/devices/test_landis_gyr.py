"""Landis+Gyr E450, E570 and E360 in Switzerland, Austria and Cyprus, E350 in Norway."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.devices.overlays import apparent_power, captures, numbers, values

from cosem.core.device import Device
from cosem.core.obis import LogicalName
from cosem.devices.landis_gyr_e350_han import DEVICE as E350
from cosem.devices.landis_gyr_e360 import DEVICE as E360
from cosem.devices.landis_gyr_e450 import DEVICE as E450
from cosem.devices.landis_gyr_e450 import LandisGyrE450
from cosem.devices.landis_gyr_e570 import DEVICE as E570

# What the readers of smartmeter-datacollector multiply with, and the object codes that they know.
ENERGIES = {"1.1.1.8.0.255": "Wh", "1.1.2.8.0.255": "Wh", "1.1.3.8.0.255": "varh", "1.1.4.8.0.255": "varh"}
SCALERS = {"E450": (0, -2), "E570": (0, 0), "E360": (-1, -2)}
DEVICES = {"E450": E450, "E570": E570, "E360": E360}


def scaler_and_unit(device: Device, code: str) -> tuple[int | None, str]:
    row = device.find(3, LogicalName(code))
    assert row is not None
    assert row.version == 0
    prescribed = row.attributes[3]
    assert prescribed.unit is not None
    return prescribed.scaler, prescribed.unit.symbol


@pytest.mark.parametrize("name", DEVICES)
def test_voltages_and_currents_are_scaled_as_the_model_does(name: str) -> None:
    for phase in range(3):
        voltage, current = (f"1.0.{base + 20 * phase}.7.0.255" for base in (32, 31))
        assert scaler_and_unit(DEVICES[name], voltage) == (SCALERS[name][0], "V")
        assert scaler_and_unit(DEVICES[name], current) == (SCALERS[name][1], "A")
    for code, unit in ENERGIES.items():
        assert scaler_and_unit(DEVICES[name], code) == (0, unit)


def test_a_code_gives_a_typed_object() -> None:
    assert str(LandisGyrE450.voltage_l1.logical_name) == "1.0.32.7.0.255"


def test_the_sum_of_the_phases_is_the_power_of_the_meter() -> None:
    (found,) = (
        numbers(E450, each)
        for each in captures("landis_gyr_e450", "consumer_information")
        if "gh934" in each.origin.place
    )
    phases = sum((found[f"active_power_import_l{phase}"] for phase in (1, 2, 3)), Decimal())
    assert found["active_power_import"] == phases
    assert found["active_power_import"] <= apparent_power(found)


def test_under_load_the_e570_s_currents_are_whole_amperes() -> None:
    (found,) = (numbers(E570, each) for each in captures("landis_gyr_e570") if "LOAD" in each.origin.place)
    assert Decimal("0.9") < found["active_power_import"] / apparent_power(found) < 1


def test_in_cyprus_the_tariffs_add_up_and_the_switch_is_told() -> None:
    (capture,) = captures("landis_gyr_e450", "registers")
    found = numbers(E450, capture)
    for kind in ("active_energy_import_b0", "active_energy_export_b0"):
        assert found[kind] == found[f"{kind}_t1"] + found[f"{kind}_t2"]
    assert values(E450, capture)["control_state"].item.attribute == 3


def test_in_the_burgenland_five_kilowatts_are_that() -> None:
    (capture,) = captures("landis_gyr_e450", "burgenland_without_angles")
    found = numbers(E450, capture)
    assert Decimal("0.8") < found["active_power_import"] / apparent_power(found) < 1


def test_m_bus_values_keep_their_channel_and_have_no_unit() -> None:
    capture = captures("landis_gyr_e450", "mbus_channels")[0]
    found = values(E450, capture)
    assert found["mbus_value_b1"].data.value == 30545
    assert found["mbus_value_b1"].quantity is None
    assert {f"mbus_value_b{channel}" for channel in (1, 2, 3, 4)} <= set(found)


def test_the_e350_pushes_its_scalers() -> None:
    (capture,) = captures("landis_gyr_e350_han")
    found = numbers(E350, capture)
    assert (found["voltage_l1"], found["current_l3"]) == (Decimal("235.0"), Decimal("34.32"))
    assert E350.push[0].names_itself
