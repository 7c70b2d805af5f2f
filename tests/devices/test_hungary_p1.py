"""The P1 ports of Hungary and Lithuania."""

from __future__ import annotations

from decimal import Decimal

from tests.devices.overlays import captures, numbers
from tests.devices.tables import unit
from tests.devices.text_ports import forms, listed, readings, unread

from cosem.core.text_telegram import DataSet, TextTelegram, WrittenValue
from cosem.devices.hungary_p1 import DEVICE as HUNGARY
from cosem.devices.lithuania_p1 import DEVICE as LITHUANIA

OBJECTS = """
    0.0.42.0.0 1 logical_device_name
    0.0.96.1.0 1 serial_number
    1.0.1.8.0 3 active_energy_import
    1.0.1.8.4 3 active_energy_import_by_tariff
    1.0.8.8.0 3 reactive_energy_q4
    1.0.15.8.0 3 active_energy_absolute
    1.0.73.7.0 3 power_factor_l3
    1.0.14.7.0 3 frequency
    1.0.7.7.0 3 reactive_power_q3
    1.0.51.4.0 3 current_limit_l2
    0.0.98.1.0 7 month_end
"""


def test_hungary_sends_energies_of_four_tariffs_and_four_quadrants() -> None:
    assert listed(HUNGARY, OBJECTS) == []
    assert unread(HUNGARY) == []
    found = numbers(HUNGARY, captures("hungary_p1")[0])
    tariffs = sum(found[f"active_energy_import_by_tariff_e{tariff}"] for tariff in (1, 2, 3, 4))
    assert tariffs == found["active_energy_import"]
    quadrants = sum(found[f"reactive_energy_q{quadrant}"] for quadrant in (1, 2))
    assert abs(quadrants - found["reactive_energy_import"]) < 1000


def test_plain_numbers_have_decimals_and_no_unit() -> None:
    found = readings(HUNGARY)
    assert (found["power_factor"], found["frequency"]) == ("4.556", "50.00 Hz")
    assert unit(HUNGARY, "1.0.13.7.0.255") == (-3, "")


def test_values_at_the_end_of_the_month_stand_behind_its_moment() -> None:
    assert forms(HUNGARY.text_lists[0], "month_end") == [(2, "time")]
    found = readings(HUNGARY)
    assert found["month_end"] == "2023-07-01 00:00:00"
    assert sum(name.startswith("month_end_") for name in found) == 19


def test_lithuania_s_kilovolts_and_kiloamperes_are_volts_and_amperes() -> None:
    lines = {
        "1-0:1.8.0": ("00009548.086", "kWh"),
        "1-0:32.7.0": ("0000.242", "kV"),
        "1-0:31.7.0": ("0000.005", "kA"),
        "1-0:14.7.0": ("0000.049", "kHz"),
        "1-0:4.8.1": ("00005851.642", "kvarh"),
    }
    sets = [DataSet(address, [WrittenValue(*value)]) for address, value in lines.items()]
    pushed = LITHUANIA.read_push(TextTelegram("ESO5\\\\XxXxXxXxXxX", sets))
    assert pushed is not None
    found = {each.item.name: each.quantity for each in pushed[1]}
    quantities = [each for each in found.values() if each is not None]
    assert [each.value for each in quantities] == [Decimal(9548086), 242, 5, 49, Decimal(5851642)]
    assert [*found] == [
        "active_energy_import",
        "voltage_l1",
        "current_l1",
        "frequency",
        "reactive_energy_export_by_tariff_e1",
    ]
    assert pushed[0].names_itself
