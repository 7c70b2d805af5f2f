"""The P1 port of Luxembourg, and that of Styria, which is ciphered in the same way."""

from __future__ import annotations

from tests.devices.overlays import captures, numbers
from tests.devices.text_ports import forms, listed, readings, unread

from cosem.devices.luxmetering_p1 import DEVICE as LUXEMBOURG
from cosem.devices.styria_p1 import DEVICE as STYRIA

OBJECTS = """
    1.3.0.2.8 1 p1_version
    0.0.42.0.0 1 logical_device_name
    1.0.1.8.0 3 active_energy_import
    1.0.4.8.0 3 reactive_energy_export
    1.0.3.7.0 3 reactive_power_import
    1.0.10.7.0 3 apparent_power_export
    0.0.17.0.0 71 limiter
    1.1.31.4.0 3 current_limits
    0.0.96.3.10 70 breaker
    0.2.96.3.10 70 relays
    0.0.96.13.5 1 message_texts
    1.0.64.7.0 3 reactive_power_export_l3
    0.1.24.2.1 4 m_bus_value
"""


def test_energies_are_totals_and_there_are_two_relays() -> None:
    assert listed(LUXEMBOURG, OBJECTS) == []
    found = readings(LUXEMBOURG)
    assert (found["relays_b1_3"], found["relays_b2_3"], found["limiter_3"]) == ("0", "0", "27.6 kVA")
    assert found["active_energy_export"] == "112743.030 kWh"
    assert unread(LUXEMBOURG) == []


def test_limits_of_both_directions_stand_side_by_side() -> None:
    found = readings(LUXEMBOURG)
    assert (found["current_limits"], found["current_limits_2"]) == ("40 A", "-40 A")
    assert forms(LUXEMBOURG.text_lists[0], "current_limits") == [(2, "number"), (2, "number")]


def test_what_is_exported_is_the_sum_of_the_phases() -> None:
    found = numbers(LUXEMBOURG, captures("luxmetering_p1")[0])
    assert (
        abs(sum(found[f"active_power_export_l{phase}"] for phase in (1, 2, 3)) - found["active_power_export"])
        <= 1
    )


def test_lists_name_themselves_by_the_grid_operator_behind_the_slash() -> None:
    for device, pattern in ((LUXEMBOURG, "Lux5*"), (STYRIA, "EST5*")):
        (known,) = device.text_lists
        assert (known.identification, known.names_itself) == (pattern, True)


def test_styria_sends_totals_and_two_tariffs_in_whole_watt_hours() -> None:
    found = numbers(STYRIA, captures("styria_p1")[0])
    for name in ("active_energy_import", "reactive_energy_export"):
        assert found[name] == found[f"{name}_by_tariff_e1"] + found[f"{name}_by_tariff_e2"]
    assert unread(STYRIA) == []
