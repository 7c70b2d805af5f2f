"""Iskraemeco's AM550 with a text port in Slovenia."""

from __future__ import annotations

from tests.devices.overlays import captures, numbers
from tests.devices.text_ports import forms, listed, readings, unread

from cosem.devices.slovenia_p1 import DEVICE

OBJECTS = """
    0.0.96.1.0 1 serial_number
    0.0.97.97.0 1 error_register
    1.0.0.9.1 1 local_time
    1.0.1.8.0 3 active_energy_import
    1.0.2.8.2 3 active_energy_export_by_tariff
    1.0.41.7.0 3 active_power_import_l2
    1.0.72.7.0 3 voltage_l3
"""


def test_objects_are_those_of_an_optical_head() -> None:
    assert listed(DEVICE, OBJECTS) == []
    assert unread(DEVICE) == []


def test_the_serial_number_and_the_time_are_characters() -> None:
    (known,) = DEVICE.text_lists
    assert forms(known, "serial_number") == forms(known, "local_time") == [(2, "text")]
    found = readings(DEVICE)
    assert (found["serial_number"], found["local_time"], found["error_register"]) == (
        "96815390",
        "222553",
        "00000000",
    )


def test_tariffs_and_phases_make_the_whole() -> None:
    found = numbers(DEVICE, captures("slovenia_p1")[0])
    tariffs = found["active_energy_import_by_tariff_e1"] + found["active_energy_import_by_tariff_e2"]
    assert tariffs == found["active_energy_import"]
    phases = sum(found[f"active_power_import_l{phase}"] for phase in (1, 2, 3))
    assert abs(phases - found["active_power_import"]) <= 1


def test_the_list_names_itself_by_the_meter_s_type() -> None:
    assert DEVICE.text_lists[0].names_itself
