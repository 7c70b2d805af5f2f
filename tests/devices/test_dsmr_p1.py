"""The P1 companion standard of the Netherlands, versions 4 and 5."""

from __future__ import annotations

import pytest
from tests.devices.tables import columns, unit
from tests.devices.text_ports import forms, listed, readings, unread

from cosem.core.device import Device
from cosem.devices.dsmr_p1_4 import DEVICE as P1_4
from cosem.devices.dsmr_p1_5 import DEVICE as P1_5

OBJECTS = """
    1.3.0.2.8 1 p1_version
    0.0.1.0.0 8 clock
    0.0.96.1.1 1 equipment_identifier
    1.0.1.8.1 3 active_energy_import
    1.0.1.8.2 3 active_energy_import
    1.0.2.8.2 3 active_energy_export
    0.0.96.14.0 1 tariff_indicator
    1.0.1.7.0 3 active_power_import
    1.0.2.7.0 3 active_power_export
    0.0.96.7.21 1 power_failures
    0.0.96.7.9 1 long_power_failures
    1.0.99.97.0 7 power_failure_log
    1.0.32.32.0 1 voltage_sags_l1
    1.0.72.36.0 1 voltage_swells_l3
    0.0.96.13.0 1 message_text
    1.0.31.7.0 3 current_l1
    1.0.61.7.0 3 active_power_import_l3
    1.0.42.7.0 3 active_power_export_l2
    0.4.24.1.0 72 m_bus_client
    0.1.96.1.0 1 m_bus_equipment_identifier
    0.2.24.2.1 4 m_bus_value
"""
BOTH = pytest.mark.parametrize("device", [P1_4, P1_5], ids=lambda each: each.name)


@BOTH
def test_the_table_of_the_telegram_is_listed_with_its_classes(device: Device) -> None:
    assert listed(device, OBJECTS) == []


def test_version_5_has_voltages_and_no_message_codes() -> None:
    names = [{each.name for each in device.objects} for device in (P1_4, P1_5)]
    assert names[1] - names[0] == {"voltage_l1", "voltage_l2", "voltage_l3"}
    assert names[0] - names[1] == {"message_code"}
    assert unit(P1_5, "1.0.52.7.0.255") == (-1, "V")


@BOTH
def test_the_type_of_an_attribute_says_how_it_is_written(device: Device) -> None:
    (known,) = device.text_lists
    assert forms(known, "p1_version") == [(2, "octets")]
    assert forms(known, "clock") == [(2, "time")]
    assert forms(known, "active_power_import") == [(2, "number")]
    assert forms(known, "power_failures") == [(2, "number")]
    assert forms(known, "m_bus_client") == [(9, "number")]
    assert forms(known, "m_bus_value") == [(5, "time"), (2, "number")]
    assert known.values["power_failure_log"][0].columns == (
        ("clock", "time"),
        ("power_failure_duration", "number"),
    )
    assert "power_failure_duration" not in known.values  # it is a column of the log alone
    assert columns(device, "1.0.99.97.0.255") == ["0.0.1.0.0", "0.0.96.7.19"]


def test_the_line_is_of_115200_baud_without_parity() -> None:
    assert (P1_5.link.baud_rate, P1_5.link.data_bits, P1_5.link.parity, P1_5.link.stop_bits) == (
        115200,
        8,
        "none",
        1,
    )


def test_a_list_is_known_by_the_version_that_it_tells() -> None:
    assert [each.names_itself for each in (*P1_4.text_lists, *P1_5.text_lists)] == [True, True]


@pytest.mark.parametrize(("device", "number"), [(P1_4, 0), (P1_5, 0), (P1_5, 1)])
def test_the_powers_of_the_phases_make_the_whole(device: Device, number: int) -> None:
    found = readings(device, number)
    watts = [
        int(float(found[name].split()[0]) * (1000 if found[name].endswith("kW") else 1))
        for name in ("active_power_import", *(f"active_power_import_l{phase}" for phase in (1, 2, 3)))
    ]
    assert abs(watts[0] - sum(watts[1:])) <= 401  # the meters round, or mean one second more than the other
    assert unread(device, number) == []


def test_gas_is_read_with_the_time_of_its_reading() -> None:
    found = readings(P1_5)
    assert (found["m_bus_value_b2_5"], found["m_bus_value_b2"]) == ("2020-04-26 22:30:01", "246.138 m³")
    assert found["m_bus_client_b2_9"] == "3"


def test_a_heat_meter_is_read_in_joules() -> None:
    found = readings(P1_5, 2)
    assert (found["m_bus_client_b1_9"], found["m_bus_value_b1"]) == ("4", "240860000000 J")
    assert unread(P1_5, 2) == ["0.0.96.13.1.255"]  # what version 5 has no more
