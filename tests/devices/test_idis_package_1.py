"""IDIS package 1: the object list of a meter, its clients, event tables, alarms, profiles and power line objects."""

from __future__ import annotations

from enum import IntEnum
from math import prod

import pytest
from tests.devices.tables import columns, decoded, entry

from cosem.core.obis import LogicalName
from cosem.devices.idis_package_1 import (
    DEVICE,
    IdisAlarm1,
    IdisDisconnectEvent,
    IdisFraudEvent,
    IdisMBusControlEvent,
    IdisMBusEvent,
    IdisPackage1,
    IdisPowerQualityEvent,
    IdisProfileStatus,
    IdisStandardEvent,
)

# What the meter of the driver's list has, by class, without the last group.
LIST = {
    1: (
        "0.0.42.0.0 0.0.43.1.0 0.0.43.1.1 0.0.96.1.0 0.1.96.1.0 0.2.96.1.0 0.3.96.1.0 0.4.96.1.0 "
        "0.0.96.1.1 0.1.96.1.1 0.2.96.1.1 0.3.96.1.1 0.4.96.1.1 0.0.96.1.2 0.0.96.1.3 0.0.96.1.4 "
        "0.0.96.1.5 0.0.96.7.9 0.0.96.7.21 0.0.96.10.1 0.0.96.10.2 0.1.96.10.3 0.2.96.10.3 0.3.96.10.3 "
        "0.4.96.10.3 0.0.96.11.0 0.0.96.11.1 0.0.96.11.2 0.0.96.11.3 0.0.96.11.4 0.1.96.11.4 0.2.96.11.4 "
        "0.3.96.11.4 0.4.96.11.4 0.0.96.13.0 0.0.96.13.1 0.0.96.14.0 0.0.97.97.0 0.0.97.98.0 0.0.97.98.10 "
        "1.0.0.2.0 1.1.0.2.0 1.0.0.2.8 1.1.0.2.8 1.0.32.32.0 1.0.32.36.0 1.0.52.32.0 1.0.52.36.0 "
        "1.0.72.32.0 1.0.72.36.0"
    ),
    3: (
        "0.0.96.7.19 0.0.96.7.20 1.0.0.9.11 1.0.1.7.0 1.0.1.8.0 1.0.1.8.1 1.0.1.8.2 1.0.1.8.3 1.0.1.8.4 "
        "1.0.2.7.0 1.0.2.8.0 1.0.2.8.1 1.0.2.8.2 1.0.2.8.3 1.0.2.8.4 1.0.3.7.0 1.0.3.8.0 1.0.3.8.1 "
        "1.0.3.8.2 1.0.3.8.3 1.0.3.8.4 1.0.4.7.0 1.0.4.8.0 1.0.4.8.1 1.0.4.8.2 1.0.4.8.3 1.0.4.8.4 "
        "1.0.5.8.0 1.0.5.8.1 1.0.5.8.2 1.0.5.8.3 1.0.5.8.4 1.0.6.8.0 1.0.6.8.1 1.0.6.8.2 1.0.6.8.3 "
        "1.0.6.8.4 1.0.7.8.0 1.0.7.8.1 1.0.7.8.2 1.0.7.8.3 1.0.7.8.4 1.0.8.8.0 1.0.8.8.1 1.0.8.8.2 "
        "1.0.8.8.3 1.0.8.8.4 1.0.12.31.0 1.0.12.35.0 1.0.12.39.0 1.0.12.43.0 1.0.12.44.0 1.0.12.45.0 "
        "1.0.15.7.0 1.0.15.8.0 1.0.16.8.0 1.0.31.7.0 1.0.32.7.0 1.0.32.24.0 1.0.32.33.0 1.0.32.34.0 "
        "1.0.32.37.0 1.0.32.38.0 1.0.51.7.0 1.0.52.7.0 1.0.52.24.0 1.0.52.33.0 1.0.52.34.0 1.0.52.37.0 "
        "1.0.52.38.0 1.0.71.7.0 1.0.72.7.0 1.0.72.24.0 1.0.72.33.0 1.0.72.34.0 1.0.72.37.0 1.0.72.38.0 "
        "1.0.90.7.0"
    ),
    4: (
        "0.1.24.2.1 0.2.24.2.1 0.3.24.2.1 0.4.24.2.1 0.1.24.2.2 0.2.24.2.2 0.3.24.2.2 0.4.24.2.2 "
        "0.1.24.2.3 0.2.24.2.3 0.3.24.2.3 0.4.24.2.3 0.1.24.2.4 0.2.24.2.4 0.3.24.2.4 0.4.24.2.4 "
        "1.0.1.6.0 1.0.1.6.1 1.0.1.6.2 1.0.1.6.3 1.0.1.6.4 1.0.2.6.0 1.0.2.6.1 1.0.2.6.2 1.0.2.6.3 "
        "1.0.2.6.4 1.0.3.6.0 1.0.3.6.1 1.0.3.6.2 1.0.3.6.3 1.0.3.6.4 1.0.4.6.0 1.0.4.6.1 1.0.4.6.2 "
        "1.0.4.6.3 1.0.4.6.4"
    ),
    5: "1.0.1.4.0 1.0.1.24.0 1.0.2.4.0 1.0.3.4.0 1.0.4.4.0 1.0.15.24.0",
    6: "0.0.14.0.1 0.0.14.0.2",
    7: (
        "0.1.24.3.0 0.2.24.3.0 0.3.24.3.0 0.4.24.3.0 0.1.24.5.0 0.2.24.5.0 0.3.24.5.0 0.4.24.5.0 "
        "0.0.98.1.0 0.0.99.98.0 0.0.99.98.1 0.0.99.98.2 0.0.99.98.3 0.0.99.98.4 1.0.99.1.0 1.0.99.2.0 "
        "1.0.99.97.0"
    ),
    8: "0.0.1.0.0",
    9: "0.0.10.0.1 0.0.10.0.100 0.0.10.0.103 0.0.10.0.106 0.1.10.0.106 0.0.10.0.107",
    11: "0.0.11.0.0",
    15: "0.0.40.0.0",
    17: "0.0.41.0.0",
    18: "0.0.44.0.0",
    20: "0.0.13.0.0",
    21: "1.0.31.4.0 1.0.51.4.0 1.0.71.4.0",
    22: "0.0.15.0.0 0.0.15.0.1 0.1.15.0.1 0.0.15.0.2",
    23: "0.0.22.0.0",
    50: "0.0.26.0.0",
    51: "0.0.26.1.0",
    52: "0.0.26.2.0",
    53: "0.0.26.3.0",
    55: "0.0.26.5.0",
    64: "0.0.43.0.0",
    70: "0.1.24.4.0 0.2.24.4.0 0.3.24.4.0 0.4.24.4.0 0.0.96.3.10 0.1.96.3.10 0.2.96.3.10",
    71: "0.0.17.0.0",
    72: "0.1.24.1.0 0.2.24.1.0 0.3.24.1.0 0.4.24.1.0",
    74: "0.0.24.6.0 0.1.24.6.0",
}
CODES = {f"{code}.255": class_id for class_id, codes in LIST.items() for code in codes.split()}
UNLISTED = {"sfsk_reporting_system_list"}  # what the driver reads beyond the list

# Of classes that have several versions.
VERSIONS = {7: 1, 15: 1, 23: 1, 50: 1, 55: 1, 64: 0, 70: 0, 72: 0}

EVENTS: dict[type[IntEnum], str] = {
    # the codes that the driver tells apart in each log
    IdisStandardEvent: "1-19 47 48 51 88 89 254 255",
    IdisFraudEvent: "40-46 49 50 255",
    IdisDisconnectEvent: "59-75 255",
    IdisMBusEvent: "100-104 110-114 120-124 130-134 254 255",
    IdisPowerQualityEvent: "76-87 255",
    IdisMBusControlEvent: "160-164 170-174 180-184 190-194 255",
}
NAMED: list[tuple[type[IntEnum], int, str]] = [
    (IdisStandardEvent, 3, "DAYLIGHT_SAVING_CHANGED"),
    (IdisStandardEvent, 16, "MEASUREMENT_SYSTEM_ERROR"),
    (IdisStandardEvent, 48, "GLOBAL_KEYS_CHANGED"),
    (IdisStandardEvent, 89, "NEUTRAL_MISSING"),
    (IdisFraudEvent, 42, "STRONG_DC_FIELD"),
    (IdisFraudEvent, 50, "REPLAY_ATTACK"),
    (IdisDisconnectEvent, 62, "REMOTE_DISCONNECTION"),
    (IdisDisconnectEvent, 68, "DISCONNECT_OR_RECONNECT_FAILURE"),
    (IdisDisconnectEvent, 75, "MONITOR_3_THRESHOLD_OK"),
    (IdisMBusEvent, 113, "FRAUD_ATTEMPT_2"),
    (IdisMBusEvent, 254, "LOAD_PROFILE_CLEARED"),
    (IdisPowerQualityEvent, 78, "UNDERVOLTAGE_L3"),
    (IdisPowerQualityEvent, 85, "VOLTAGE_NORMAL_L1"),
    (IdisMBusControlEvent, 184, "VALVE_ALARM_3"),
]
LOGS = {
    # log: columns, the table of the event
    "0.0.99.98.0": ("0.0.1.0.0 0.0.96.11.0", "IdisStandardEvent"),
    "0.0.99.98.1": ("0.0.1.0.0 0.0.96.11.1", "IdisFraudEvent"),
    "0.0.99.98.2": ("0.0.1.0.0 0.0.96.11.2 0.0.17.0.0 3", "IdisDisconnectEvent"),
    "0.0.99.98.3": ("0.0.1.0.0 0.0.96.11.3", "IdisMBusEvent"),
    "0.0.99.98.4": ("0.0.1.0.0 0.0.96.11.4", "IdisPowerQualityEvent"),
    "0.3.24.5.0": ("0.0.1.0.0 0.b.96.11.4", "IdisMBusControlEvent"),
}
PROFILES = {
    "1.0.99.1.0": "0.0.1.0.0 0.0.96.10.1 1.0.1.8.0 1.0.2.8.0",
    "1.0.99.2.0": "0.0.1.0.0 0.0.96.10.2 1.0.1.8.0 1.0.2.8.0 1.0.3.8.0 1.0.4.8.0",
    "0.4.24.3.0": "0.0.1.0.0 0.b.96.10.3 0.b.24.2.1 0.b.24.2.2 0.b.24.2.3 0.b.24.2.4",
    "1.0.99.97.0": "0.0.1.0.0 0.0.96.7.19",
}
ALARM_BITS = {
    "clock_invalid": 0, "replace_battery": 1, "program_memory_error": 8, "ram_error": 9, "nv_memory_error": 10,
    "measurement_system_error": 11, "watchdog_error": 12, "fraud_attempt": 13, "m_bus_communication_error_1": 16,
    "m_bus_communication_error_2": 17, "m_bus_communication_error_3": 18, "m_bus_communication_error_4": 19,
    "m_bus_fraud_attempt_1": 20, "m_bus_fraud_attempt_2": 21, "m_bus_fraud_attempt_3": 22,
    "m_bus_fraud_attempt_4": 23, "m_bus_permanent_error_1": 24, "m_bus_permanent_error_2": 25,
    "m_bus_permanent_error_3": 26, "m_bus_permanent_error_4": 27, "m_bus_battery_low_1": 28,
    "m_bus_battery_low_2": 29, "m_bus_battery_low_3": 30, "m_bus_battery_low_4": 31,
}  # fmt: skip


def numbers(text: str) -> set[int]:
    """``1-3 7`` as 1, 2, 3 and 7."""
    spans = [[int(each) for each in part.split("-")] for part in text.split()]
    return {number for span in spans for number in range(span[0], span[-1] + 1)}


@pytest.mark.parametrize(("code", "class_id"), CODES.items())
def test_the_list_of_the_meter_is_the_list_of_the_package(code: str, class_id: int) -> None:
    assert entry(DEVICE, class_id, code).version == VERSIONS.get(class_id, 0)


def test_the_package_lists_nothing_else() -> None:
    sizes = {
        row.name: prod(sum(last - first + 1 for first, last in group) for group in row.codes.groups)
        for row in DEVICE.objects
        if row.name not in UNLISTED
    }
    assert sum(sizes.values()) == len(CODES)


def test_what_no_source_calls_mandatory_is_optional() -> None:
    mandatory = {row.name for row in DEVICE.objects if row.mandatory}
    assert mandatory == {"clock", "logical_device_name", "sap_assignment", "association_ln"}


def test_only_polyphase_meters_have_a_second_and_a_third_phase() -> None:
    assert DEVICE.variants == ("single_phase", "polyphase")
    for code in ("1.0.52.7.0.255", "1.0.71.7.0.255", "1.0.72.38.0.255"):
        assert DEVICE.find(3, LogicalName(code), "single_phase") is None
        assert entry(DEVICE, 3, code, "polyphase").variants == ("polyphase",)
    assert entry(DEVICE, 3, "1.0.32.7.0.255", "single_phase")


@pytest.mark.parametrize(("name", "client"), [("public", 16), ("management", 1), ("pre_established", 102)])
def test_clients(name: str, client: int) -> None:
    association = DEVICE.association(name)
    assert association is not None
    assert (association.client_sap, association.pre_established) == (client, name == "pre_established")


def test_there_is_no_client_for_consumer_information() -> None:
    assert len(DEVICE.associations) == 3


def test_the_public_client_reads_who_the_meter_is() -> None:
    access = entry(DEVICE, 1, "0.0.42.0.0.255").access
    assert {name for name, each in access.items() if 2 in each.readable} == {"public", "management"}
    assert not any(each.writable for each in access.values())


def test_of_the_billing_scripts_management_may_run_what_it_may_not_read() -> None:
    access = entry(DEVICE, 9, "0.0.10.0.1.255").access["management"]
    assert access.readable == {1}
    assert access.callable == {1}


@pytest.mark.parametrize(("table", "codes"), EVENTS.items(), ids=lambda each: getattr(each, "__name__", ""))
def test_a_log_has_the_codes_that_the_driver_knows(table: type[IntEnum], codes: str) -> None:
    assert {int(member) for member in table} == numbers(codes)


@pytest.mark.parametrize(("table", "code", "name"), NAMED)
def test_codes_have_their_names(table: type[IntEnum], code: int, name: str) -> None:
    assert table(code).name == name


@pytest.mark.parametrize(("log", "facts"), LOGS.items())
def test_a_log_captures_the_clock_and_its_event(log: str, facts: tuple[str, str]) -> None:
    captured, table = facts
    found = columns(DEVICE, f"{log}.255")
    assert " ".join(found) == captured
    event = found[1].replace("b", log.split(".")[1])
    assert entry(DEVICE, 1, f"{event}.255").attributes[2].type == f"enum {table}"


@pytest.mark.parametrize(("profile", "captured"), PROFILES.items())
def test_a_profile_captures_the_clock_its_status_and_its_channels(profile: str, captured: str) -> None:
    assert " ".join(columns(DEVICE, f"{profile}.255")) == captured


@pytest.mark.parametrize("code", ["0.0.96.10.1", "0.0.96.10.2", "0.1.96.10.3", "0.4.96.10.3"])
def test_a_profile_status_is_bits_in_an_octet(code: str) -> None:
    assert entry(DEVICE, 1, f"{code}.255").attributes[2].type == "bits IdisProfileStatus"


def test_an_entry_after_a_power_failure_in_summer() -> None:
    read = decoded(IdisPackage1.load_profile_status(e=1).value, "11 88")
    assert read == IdisProfileStatus.POWER_DOWN | IdisProfileStatus.DAYLIGHT_SAVING
    assert IdisProfileStatus.DATA_NOT_VALID | IdisProfileStatus.CLOCK_INVALID == 6
    assert (IdisProfileStatus.CRITICAL_ERROR, IdisProfileStatus.CLOCK_ADJUSTED) == (1, 32)


def test_alarm_bits_are_where_manual_and_driver_have_them() -> None:
    assert {name: mask for mask, name in IdisAlarm1.NAMES.items()} == {
        name: 1 << bit for name, bit in ALARM_BITS.items()
    }
    for code in ("0.0.97.98.0.255", "0.0.97.98.10.255"):
        assert entry(DEVICE, 1, code).attributes[2].type == "bits IdisAlarm1"


def test_an_event_is_read_as_its_member() -> None:
    assert decoded(IdisPackage1.standard_event.value, "11 06") is IdisStandardEvent.CLOCK_INVALID
    assert decoded(IdisPackage1.m_bus_control_event(b=2).value, "11 AE") is IdisMBusControlEvent.VALVE_ALARM_2


def test_nothing_tells_the_package_of_a_meter_by_its_name_for_makers_have_overlays_of_their_own() -> None:
    assert not DEVICE.match


def test_the_end_of_its_sources_is_told() -> None:
    assert "members only" in DEVICE.ends
