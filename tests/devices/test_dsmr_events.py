"""Events and alarms of the Dutch chain: the code of an event is of one log, and newer versions know more of them."""

from __future__ import annotations

from importlib import import_module

import pytest
from tests.devices.dsmr import CHAIN, VERSIONS, bits, channels, events, since
from tests.devices.tables import columns, decoded, entry, writers

from cosem.core.obis import LogicalName
from cosem.devices import dsmr_2_2, smr_5_0, smr_5_1, smr_5_5

CLEARED = {255}
M_BUS = {*channels(range(100, 105))}
MAKERS = {*range(230, 250)}
PHASES = ("l1", "l2", "l3")

LOGS = {
    # log, its event code, the enumeration: first and last version, rows, codes that a version adds
    ("0.0.99.98.0.255", "0.0.96.11.0.255", "StandardEvent"): (
        "dsmr_2_2", "", 100,
        {
            "dsmr_2_2": {*range(1, 19)} | CLEARED, "dsmr_4_2_2": {19, 20} | MAKERS,
            "smr_5_1": {21, 22}, "smr_5_2": {23, 24},
        },
    ),
    ("0.0.99.98.1.255", "0.0.96.11.1.255", "FraudEvent"): (
        "dsmr_2_2", "", 30,
        {"dsmr_2_2": {*range(40, 47)} | CLEARED, "dsmr_4_2_2": {47}, "smr_5_1": {48, 49}},
    ),
    ("0.0.99.98.3.255", "0.0.96.11.3.255", "MBusEvent"): (
        "dsmr_2_2", "", 30,
        {"dsmr_2_2": M_BUS | CLEARED, "dsmr_4_2_2": {*channels((105, 106))}, "smr_5_5": {*channels((107,))}},
    ),
    ("0.0.99.98.2.255", "0.0.96.11.2.255", "DisconnectControlEvent"): (
        "dsmr_2_2", "dsmr_2_2", None, {"dsmr_2_2": {*range(60, 68)} | CLEARED},
    ),
    ("0.0.99.98.4.255", "0.0.96.11.4.255", "CommunicationSessionEvent"): (
        "dsmr_4_2_2", "", 2190, {"dsmr_4_2_2": {*range(71, 77)} | CLEARED},
    ),
    ("0.0.99.98.5.255", "0.0.96.11.5.255", "VoltageQualityEvent"): (
        "dsmr_4_2_2", "smr_4_3", None, {"dsmr_4_2_2": {*range(77, 86)} | CLEARED},
    ),
    ("0.0.99.98.5.255", "0.0.96.11.5.255", "PowerQualityEvent"): (
        "smr_5_0", "", 100, {"smr_5_0": {*range(77, 93)} | CLEARED, "smr_5_5": {25, 99}},
    ),
    ("0.0.99.98.6.255", "0.0.96.11.6.255", "AuxiliaryEvent"): (
        "smr_5_1", "", 80,
        {"smr_5_1": {*channels(range(0x1000, 0x1008), 0x100), *channels(range(0x8080, 0x80A2), 0x100), 0xFFFF}},
    ),
    ("0.0.99.98.7.255", "0.0.96.11.7.255", "PowerQualityExtendedEvent"): (
        "smr_5_2", "", 20, {"smr_5_2": {*range(93, 99)}},
    ),
    ("0.0.99.98.8.255", "0.0.96.11.8.255", "PowerQualityThdEvent"): ("smr_5_2", "", 100, {"smr_5_2": {*range(51, 60)}}),
}  # fmt: skip
FURTHER_COLUMNS = {
    "CommunicationSessionEvent": ["0.0.96.15.4"],
    "PowerQualityExtendedEvent": ["0.0.96.11.20", "0.0.96.11.21"],
    "PowerQualityThdEvent": ["0.0.96.11.22"],
}
CASES = [
    (log, code, name, version)
    for (log, code, name), (first, last, _, _) in LOGS.items()
    for version in since(first, last)
]
ALARMS_OF_DSMR_2 = {
    0: "clock_invalid", 1: "replace_battery", 2: "power_up", 8: "program_memory_error", 9: "ram_error",
    10: "nv_memory_error", 11: "measurement_system_error", 12: "watchdog_error", 13: "fraud_attempt",
    **{15 + channel: f"communication_error_m_bus_channel_{channel}" for channel in range(1, 5)},
    **{19 + channel: f"fraud_attempt_m_bus_channel_{channel}" for channel in range(1, 5)},
}  # fmt: skip
ALARMS_OF_DSMR_4 = {23 + channel: f"new_m_bus_device_discovered_channel_{channel}" for channel in range(1, 5)}
ALARMS_OF_SMR_5 = {
    3: "auxiliary_event",
    4: "configuration_changed",
    **{28 + at: f"phase_outage_detected_{phase}" for at, phase in enumerate(PHASES)},
    31: "phase_outage_test_indication",
}


@pytest.mark.parametrize(("log", "code", "name", "version"), CASES)
def test_a_log_captures_the_time_and_a_code_of_its_own_table(
    log: str, code: str, name: str, version: str
) -> None:
    _, _, rows, added = LOGS[log, code, name]
    given = CHAIN[version]
    assert entry(given, 1, code).attributes[2].type == f"enum {name}"
    assert columns(given, log) == ["0.0.1.0.0", code.removesuffix(".255"), *FURTHER_COLUMNS.get(name, ())]
    assert not writers(given, 7, log, 2)
    if rows is not None:
        attributes = entry(given, 7, log).attributes
        assert (attributes[4].value, attributes[5].value, attributes[8].value) == (0, 1, rows)
    known = set[int]().union(*(codes for since_, codes in added.items() if version in since(since_)))
    assert {*events(version, name)} == known


@pytest.mark.parametrize(("log", "code", "name"), LOGS)
def test_a_log_is_in_the_versions_that_have_it(log: str, code: str, name: str) -> None:
    spans = [since(first, last) for (other, _, _), (first, last, _, _) in LOGS.items() if other == log]
    assert [each for each in VERSIONS if CHAIN[each].find(7, LogicalName(log))] == [
        each for span in spans for each in span
    ]


@pytest.mark.parametrize(
    ("version", "name", "number", "meaning"),
    [
        ("dsmr_2_2", "StandardEvent", 4, "clock_adjusted_old_time"),
        ("dsmr_2_2", "StandardEvent", 16, "measurement_system_error"),
        ("dsmr_2_2", "FraudEvent", 42, "strong_dc_field_detected"),
        ("dsmr_2_2", "DisconnectControlEvent", 64, "local_disconnection"),
        ("dsmr_2_2", "MBusEvent", 134, "clock_adjusted_m_bus_channel_4"),
        ("dsmr_2_2", "MBusControlEvent", 183, "remote_connection_m_bus_channel_3"),
        ("dsmr_4_2_2", "StandardEvent", 19, "passive_tariff_updated"),
        ("dsmr_4_2_2", "FraudEvent", 47, "configuration_change"),
        ("dsmr_4_2_2", "MBusEvent", 116, "permanent_error_m_bus_channel_2"),
        ("dsmr_4_2_2", "CommunicationSessionEvent", 74, "retrieve_meter_readings_g"),
        ("dsmr_4_2_2", "VoltageQualityEvent", 80, "pv_voltage_sag_l1"),
        ("smr_5_0", "PowerQualityEvent", 80, "over_voltage_l1"),
        ("smr_5_0", "PowerQualityEvent", 89, "phase_outage_test"),
        ("smr_5_1", "AuxiliaryEvent", 0x1103, "m_bus_firmware_upgrade_invalid_block_number_channel_2"),
        ("smr_5_1", "AuxiliaryEvent", 0x828D, "m_bus_status_flow_over_qmax_channel_3"),
        ("smr_5_1", "AuxiliaryEvent", 0x83A1, "key_acknowledged_by_m_bus_device_channel_4"),
        ("smr_5_2", "StandardEvent", 24, "alarm_register_2_cleared"),
        ("smr_5_2", "PowerQualityExtendedEvent", 98, "voltage_swell_in_phase_l3"),
        ("smr_5_2", "PowerQualityThdEvent", 57, "thd_long_over_limit_l1"),
        ("smr_5_5", "PowerQualityEvent", 99, "last_gasp"),
        ("smr_5_5", "MBusEvent", 117, "dead_battery_m_bus_channel_2"),
    ],
)
def test_what_a_code_means(version: str, name: str, number: int, meaning: str) -> None:
    assert events(version, name)[number] == meaning


def test_valves_of_four_channels_had_logs_of_their_own() -> None:
    assert {*events("dsmr_2_2", "MBusControlEvent")} == {*channels(range(160, 165))} | CLEARED
    assert entry(dsmr_2_2.DEVICE, 1, "0.2.96.11.4.255").attributes[2].type == "enum MBusControlEvent"
    assert not hasattr(import_module("cosem.devices.dsmr_4_2_2"), "DataOfEnumMBusControlEventV0")


def test_an_event_code_is_an_unsigned_and_an_auxiliary_one_a_long_unsigned() -> None:
    assert (
        decoded(smr_5_5.Smr55.standard_event_code.value, "1118")
        is smr_5_5.StandardEvent.ALARM_REGISTER_2_CLEARED
    )
    found = decoded(smr_5_1.Smr51.auxiliary_event_code.value, "12FFFF")
    assert found is smr_5_1.AuxiliaryEvent.EVENT_LOG_CLEARED
    unknown = decoded(smr_5_1.Smr51.auxiliary_event_code.value, "1285A1")
    assert isinstance(unknown, smr_5_1.AuxiliaryEvent)
    assert not unknown.known


@pytest.mark.parametrize("version", VERSIONS)
def test_bits_of_the_first_alarm_register(version: str) -> None:
    expected = dict(ALARMS_OF_DSMR_2)
    if version in since("dsmr_4_2_2"):
        expected |= ALARMS_OF_DSMR_4
    if version in since("smr_5_0"):
        expected |= ALARMS_OF_SMR_5
    assert bits(version, "AlarmRegister1") == expected


def test_bits_of_the_second_and_third_alarm_register() -> None:
    assert bits("smr_5_2", "AlarmRegister2") == {
        **{at: f"voltage_sag_in_phase_detected_{phase}" for at, phase in enumerate(PHASES)},
        **{3 + at: f"voltage_swell_in_phase_detected_{phase}" for at, phase in enumerate(PHASES)},
        **{8 + at: f"thd_over_limit_in_phase_{phase}" for at, phase in enumerate(PHASES)},
        **{11 + at: f"thd_long_over_limit_in_phase_{phase}" for at, phase in enumerate(PHASES)},
    }
    assert bits("smr_5_5", "AlarmRegister3") == {0: "last_gasp", 1: "last_gasp_test"}


@pytest.mark.parametrize("version", VERSIONS)
def test_a_filter_has_the_bits_of_its_register_and_both_are_written_by_management(version: str) -> None:
    registers = {0: "dsmr_2_2", 1: "smr_5_2", 2: "smr_5_5"}
    for at, first in registers.items():
        for code in (f"0.0.97.98.{at}.255", f"0.0.97.98.{10 + at}.255"):
            if version in since(first):
                assert entry(CHAIN[version], 1, code).attributes[2].type == f"bits AlarmRegister{at + 1}"
                assert writers(CHAIN[version], 1, code, 2) == {"management"}
            else:
                assert CHAIN[version].find(1, LogicalName(code)) is None


def test_alarms_of_a_published_register_value() -> None:
    """What the head-end's test has for 0x91040203."""
    found = decoded(smr_5_0.Smr50.alarm_register_1.value, "0691040203")
    assert isinstance(found, smr_5_0.AlarmRegister1)
    assert {*found.names()} == {
        "clock_invalid",
        "replace_battery",
        "ram_error",
        "communication_error_m_bus_channel_3",
        "new_m_bus_device_discovered_channel_1",
        "phase_outage_detected_l1",
        "phase_outage_test_indication",
    }


@pytest.mark.parametrize("version", VERSIONS)
def test_status_of_a_profile_row_is_read_by_bit(version: str) -> None:
    assert bits(version, "AmrProfileStatus") == {
        0: "critical_error", 1: "clock_invalid", 2: "data_not_valid", 3: "daylight_saving",
        5: "clock_adjusted", 6: "recovered_value", 7: "power_down",
    }  # fmt: skip


@pytest.mark.parametrize("version", since("smr_5_1"))
def test_status_bits_of_an_m_bus_device_are_what_auxiliary_events_tell(version: str) -> None:
    status, told = bits(version, "MBusStatus"), events(version, "AuxiliaryEvent")
    assert {*range(32)} - {*status} == {15, 19}
    for bit, name in status.items():
        assert told[0x8080 + bit] == f"m_bus_status_{name}_channel_1"
    for class_id, code in ((4, "0.1.24.2.6.255"), (1, "0.1.94.31.10.255")):
        assert entry(CHAIN[version], class_id, code).attributes[2].type == "bits MBusStatus"
