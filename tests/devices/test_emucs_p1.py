"""The P1 port of Belgium."""

from __future__ import annotations

from tests.devices.tables import columns
from tests.devices.text_ports import forms, listed, readings, unread

from cosem.devices.emucs_p1 import DEVICE

OBJECTS = """
    0.0.96.1.4 1 p1_version
    0.0.96.1.1 1 equipment_identifier
    1.0.1.8.2 3 active_energy_import
    1.0.1.4.0 5 average_demand_import
    1.0.1.6.0 4 maximum_demand_import
    0.0.98.1.0 7 maximum_demand_history
    1.0.31.7.0 3 current_l1
    0.0.96.3.10 70 breaker
    0.0.17.0.0 71 limiter
    1.0.31.4.0 3 fuse_supervision_l1
    0.1.96.1.1 1 m_bus_equipment_identifier
    0.1.24.2.3 4 m_bus_value_not_converted
    0.2.24.2.1 4 m_bus_value
    0.1.24.4.0 70 m_bus_valve
"""
(TELEGRAM,) = DEVICE.text_lists


def test_objects_differ_from_the_dutch_in_versions_demands_and_gas() -> None:
    assert listed(DEVICE, OBJECTS) == []


def test_the_month_s_maximum_and_its_time_stand_side_by_side() -> None:
    assert forms(TELEGRAM, "maximum_demand_import") == [(5, "time"), (2, "number")]
    found = readings(DEVICE)
    assert (found["maximum_demand_import_5"], found["maximum_demand_import"]) == (
        "2020-05-09 13:45:58",
        "2.589 kW",
    )


def test_the_history_of_maxima_is_read_row_by_row() -> None:
    assert columns(DEVICE, "0.0.98.1.0.255") == ["0.0.1.0.0", "1.0.1.6.0 5", "1.0.1.6.0"]
    found = readings(DEVICE, 1)
    prefix = "maximum_demand_history"
    assert [found[f"{prefix}_{row}_maximum_demand_import"] for row in (1, 2, 3, 4)] == [
        "0 W",
        "1.862 kW",
        "4.229 kW",
        "4.927 kW",
    ]
    assert found[f"{prefix}_1_maximum_demand_import_5"] == "632525252525W"
    assert found[f"{prefix}_2_maximum_demand_import_5"] == "2023-08-31 18:15:00"


def test_switches_are_read_as_their_control_state() -> None:
    assert forms(TELEGRAM, "breaker") == forms(TELEGRAM, "m_bus_valve") == [(3, "number")]
    assert readings(DEVICE)["breaker_3"] == "1"


def test_nothing_in_the_telegrams_is_unknown() -> None:
    assert (unread(DEVICE, 0), unread(DEVICE, 1)) == ([], [])


def test_the_list_is_known_by_fluvius_behind_the_slash() -> None:
    assert (TELEGRAM.identification, TELEGRAM.names_itself) == ("FLU5*", True)
