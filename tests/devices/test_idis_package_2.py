"""IDIS package 2: what it adds to package 1 and takes from it, its clients, alarms, logs and pushes."""

from __future__ import annotations

from enum import IntEnum

import pytest
from tests.devices.overlays import captures
from tests.devices.tables import columns, decoded, entry, unit

from cosem.core.data import Data
from cosem.core.obis import LogicalName
from cosem.devices import idis_package_1
from cosem.devices.idis_package_2 import (
    DEVICE,
    IdisAlarm2,
    IdisCommunicationEvent,
    IdisFraudEvent,
    IdisMBusAlarm,
    IdisMBusControlEvent,
    IdisMBusEvent,
    IdisMBusStatus,
    IdisPackage2,
    IdisPowerQualityEvent,
    IdisStandardEvent,
)

CLIENTS = {
    # client, mechanism (0 lowest, 5 GMAC), ciphered, security setup
    "public": (16, 0, False, None),
    "management": (1, 5, True, "0.0.43.0.0.255"),
    "reading": (2, 5, True, "0.0.43.0.2.255"),
    "pre_established": (102, 0, False, None),
    "consumer_information": (103, 0, True, "0.0.43.0.1.255"),
}
# What the lists of the two makers have beyond the meter of package 1: by class, without the last group.
ADDED = {
    1: (
        "0.0.96.7.6 0.0.96.7.7 0.0.96.7.8 0.0.96.11.5 0.0.97.98.1 0.0.97.98.11 0.0.97.98.20 0.0.97.98.21 "
        "1.2.0.2.0 1.2.0.2.8 1.0.0.9.1 1.0.0.9.2"
    ),
    3: (
        "0.0.96.7.16 0.0.96.7.17 0.0.96.7.18 1.0.9.7.0 1.0.9.8.0 1.0.9.8.4 1.0.10.7.0 1.0.10.8.0 1.0.10.8.4 "
        "1.0.13.7.0 1.0.14.7.0 1.0.15.8.1 1.0.15.8.4 1.0.16.7.0 1.0.21.7.0 1.0.22.7.0 1.0.41.7.0 1.0.42.7.0 "
        "1.0.61.7.0 1.0.62.7.0"
    ),
    4: "1.0.9.6.0 1.0.9.6.4 1.0.10.6.0 1.0.10.6.4",
    5: "1.0.9.4.0 1.0.10.4.0 1.0.16.24.0",
    7: "0.0.21.0.0 0.0.99.98.5",
    9: "0.0.10.0.0 0.0.10.0.108",
    19: "0.0.20.0.0",
    21: "0.0.16.1.0 0.0.16.1.1",
    22: "0.0.15.0.3 0.1.15.0.4 0.2.15.0.4 0.3.15.0.4",
    27: "0.0.2.0.0",
    28: "0.0.2.2.0",
    29: "0.0.2.1.0",
    40: ("0.0.25.9.0 0.1.25.9.0 0.2.25.9.0 0.3.25.9.0 0.4.25.9.0 0.5.25.9.0 0.6.25.9.0 0.7.25.9.0"),
    41: "0.0.25.0.0",
    42: "0.0.25.1.0",
    43: "0.0.25.2.0",
    44: "0.0.25.3.0",
    45: "0.0.25.4.0",
    47: "0.0.25.6.0",
    48: "0.0.25.7.0",
    64: "0.0.43.0.1 0.0.43.0.2",
    90: "0.0.29.0.0",
    91: "0.0.29.1.0",
    92: "0.0.29.2.0",
}
# Which push setup of field B is for what, by the head end.
PUSHES = {
    0: "push_on_connectivity", 1: "push_interval_1", 2: "push_interval_2", 3: "push_interval_3", 4: "push_on_alarm",
    5: "push_on_power_down", 6: "consumer_push", 7: "push_on_installation",
}  # fmt: skip
NEW_EVENTS: dict[type[IntEnum], dict[int, str]] = {
    IdisStandardEvent: {
        20: "EXTERNAL_ALERT", 21: "END_OF_NON_PERIODIC_BILLING", 52: "UNEXPECTED_CONSUMPTION"
    },
    IdisFraudEvent: {91: "CURRENT_REVERSAL"},
    IdisPowerQualityEvent: {
        90: "PHASE_ASYMMETRY", 92: "BAD_VOLTAGE_QUALITY_L1", 93: "BAD_VOLTAGE_QUALITY_L2",
        94: "BAD_VOLTAGE_QUALITY_L3",
    },
    IdisMBusEvent: {
        105: "DEVICE_INSTALLED_1", 106: "PERMANENT_ERROR_1", 115: "DEVICE_INSTALLED_2", 116: "PERMANENT_ERROR_2",
        125: "DEVICE_INSTALLED_3", 126: "PERMANENT_ERROR_3", 135: "DEVICE_INSTALLED_4", 136: "PERMANENT_ERROR_4",
    },
    IdisMBusControlEvent: {
        165: "LOCAL_DISCONNECTION_1", 166: "LOCAL_CONNECTION_1", 175: "LOCAL_DISCONNECTION_2",
        176: "LOCAL_CONNECTION_2", 185: "LOCAL_DISCONNECTION_3", 186: "LOCAL_CONNECTION_3",
        195: "LOCAL_DISCONNECTION_4", 196: "LOCAL_CONNECTION_4",
    },
}  # fmt: skip
COMMUNICATION = {
    140: "NO_CONNECTION_TIMEOUT", 141: "MODEM_INITIALIZATION_FAILED", 142: "SIM_FAILURE", 143: "SIM_OK",
    144: "GSM_REGISTRATION_FAILED", 145: "GPRS_REGISTRATION_FAILED", 146: "PDP_CONTEXT_ESTABLISHED",
    147: "PDP_CONTEXT_DESTROYED", 148: "PDP_CONTEXT_FAILED", 149: "MODEM_SOFTWARE_RESET",
    150: "MODEM_HARDWARE_RESET", 151: "GSM_OUTGOING_CONNECTION", 152: "GSM_INCOMING_CONNECTION",
    153: "GSM_HANG_UP", 154: "DIAGNOSTIC_FAILURE", 155: "USER_INITIALIZATION_FAILED", 156: "SIGNAL_QUALITY_LOW",
    157: "AUTO_ANSWER_CALLS_EXCEEDED", 158: "LOCAL_COMMUNICATION_ATTEMPT", 255: "EVENT_LOG_CLEARED",
}  # fmt: skip
ALARM_EVENTS = {
    # alarm register 2: bit, and the event that sets it, as the manual's table has them
    0: 1, 1: 2, 2: 82, 3: 83, 4: 84, 5: 85, 6: 86, 7: 87, 8: 89, 9: 90, 10: 91, 11: 88, 12: 52, 13: 48, 14: 92,
    15: 93, 16: 94, 17: 20, 18: 158, 19: 105, 20: 115, 21: 125, 22: 135, 27: 164, 28: 174, 29: 184, 30: 194, 31: 68,
}  # fmt: skip
LIKE = {
    # alarm bits that are not called by the name of their event
    "key_changed": "global_keys_changed",
    "new_m_bus_device_1": "device_installed_1", "new_m_bus_device_2": "device_installed_2",
    "new_m_bus_device_3": "device_installed_3", "new_m_bus_device_4": "device_installed_4",
    "m_bus_valve_alarm_1": "valve_alarm_1", "m_bus_valve_alarm_2": "valve_alarm_2",
    "m_bus_valve_alarm_3": "valve_alarm_3", "m_bus_valve_alarm_4": "valve_alarm_4",
}  # fmt: skip
TABLES: list[type[IntEnum]] = [
    idis_package_1.IdisDisconnectEvent,
    IdisStandardEvent,
    IdisFraudEvent,
    IdisPowerQualityEvent,
    IdisMBusEvent,
    IdisMBusControlEvent,
    IdisCommunicationEvent,
]
MAKERS = ("iskra_am550", "landis_gyr_e360", "landis_gyr_e450", "landis_gyr_e570")


@pytest.mark.parametrize(("name", "facts"), CLIENTS.items())
def test_clients(name: str, facts: tuple[int, int, bool, str | None]) -> None:
    found = DEVICE.association(name)
    assert found is not None
    setup = None if found.security_setup is None else str(found.security_setup)
    assert (found.client_sap, found.mechanism, found.ciphered, setup) == facts
    assert found.suite == (0 if found.ciphered else None)
    assert found.pre_established == (name in ("pre_established", "consumer_information"))


def test_there_are_no_other_clients() -> None:
    assert {each.name for each in DEVICE.associations} == set(CLIENTS)


def test_the_public_client_reads_the_counter_that_management_begins_with() -> None:
    management = DEVICE.association("management")
    assert management is not None
    assert management.invocation_counter == LogicalName("0.0.43.1.0.255")
    assert 2 in entry(DEVICE, 1, "0.0.43.1.0.255").access["public"].readable


def test_security_setups_are_of_the_version_with_global_key_transfer() -> None:
    assert {row.version for row in DEVICE.objects if row.class_id == 64} == {0}
    assert IdisPackage2.consumer_security_setup.global_key_transfer([]).index == 2


@pytest.mark.parametrize(
    ("class_id", "code"), [(each, code) for each, codes in ADDED.items() for code in codes.split()]
)
def test_what_the_lists_of_two_makers_have_is_added(class_id: int, code: str) -> None:
    assert entry(DEVICE, class_id, f"{code}.255")
    assert idis_package_1.DEVICE.find(class_id, LogicalName(f"{code}.255")) is None


def test_everything_of_package_1_is_there_but_its_power_line() -> None:
    older = {row.name: row.class_id for row in idis_package_1.DEVICE.objects}
    gone = older.keys() - {row.name for row in DEVICE.objects}
    assert {older[name] for name in gone} == {50, 51, 52, 53, 55, 56}
    assert all(name.startswith("sfsk_") for name in gone)


def test_versions_that_edition_12_of_the_blue_book_has() -> None:
    assert entry(DEVICE, 72, "0.4.24.1.0.255").version == 1
    assert entry(DEVICE, 70, "0.0.96.3.10.255").version == 0
    assert {entry(DEVICE, each, f"0.0.29.{each - 90}.0.255").version for each in (90, 91, 92)} == {1}
    assert {row.version for row in DEVICE.objects if row.class_id == 40} == {0}


@pytest.mark.parametrize(("b", "name"), PUSHES.items())
def test_field_b_of_a_push_setup_tells_its_occasion(b: int, name: str) -> None:
    assert entry(DEVICE, 40, f"0.{b}.25.9.0.255").name == name


def test_a_pushed_alarm_names_the_meter_the_time_and_what_has_come() -> None:
    sent = [(str(each.codes.text), each.attribute) for each in entry(DEVICE, 40, "0.4.25.9.0.255").columns]
    assert sent == [
        ("0.4.25.9.0.255", 2),
        ("0.0.42.0.0.255", 2),
        ("0.0.1.0.0.255", 2),
        ("0.0.97.98.20.255", 2),
        ("0.0.97.98.21.255", 2),
    ]


@pytest.mark.parametrize(("e", "table"), [(0, 1), (10, 1), (20, 1), (1, 2), (11, 2), (21, 2)])
def test_registers_filters_and_descriptors_share_their_bits(e: int, table: int) -> None:
    assert entry(DEVICE, 1, f"0.0.97.98.{e}.255").attributes[2].type == f"bits IdisAlarm{table}"


def test_every_bit_of_the_second_register_is_set_by_the_event_that_the_manual_says() -> None:
    named: dict[int, str] = {}
    for table in reversed(TABLES):
        named |= {int(member): member.name.lower() for member in table}
    assert {mask.bit_length() - 1: LIKE.get(name, name) for mask, name in IdisAlarm2.NAMES.items()} == {
        bit: named[event] for bit, event in ALARM_EVENTS.items()
    }


def test_an_alarm_is_read_as_its_bits() -> None:
    alarms = IdisAlarm2.DISCONNECT_OR_RECONNECT_FAILURE | IdisAlarm2.POWER_UP
    assert decoded(IdisPackage2.alarm_register_2.value, "06 80000002") == alarms


@pytest.mark.parametrize(
    ("table", "members"), NEW_EVENTS.items(), ids=lambda each: getattr(each, "__name__", "")
)
def test_a_log_gets_codes_that_package_1_does_not_have(table: type[IntEnum], members: dict[int, str]) -> None:
    older = getattr(idis_package_1, table.__name__)
    before = {int(member): member.name for member in older}
    after = {int(member): member.name for member in table}
    assert not before.keys() & members.keys()
    assert after == before | members


def test_codes_of_the_communication_log() -> None:
    assert {int(member): member.name for member in IdisCommunicationEvent} == COMMUNICATION
    assert columns(DEVICE, "0.0.99.98.5.255") == ["0.0.1.0.0", "0.0.96.11.5"]
    assert entry(DEVICE, 1, "0.0.96.11.5.255").attributes[2].type == "enum IdisCommunicationEvent"


def test_logs_of_package_1_are_typed_with_the_longer_tables() -> None:
    assert decoded(IdisPackage2.standard_event.value, "11 34") is IdisStandardEvent.UNEXPECTED_CONSUMPTION
    assert decoded(IdisPackage2.m_bus_event.value, "11 7D") is IdisMBusEvent.DEVICE_INSTALLED_3


def test_status_and_alarm_of_an_m_bus_device_are_bits() -> None:
    client = IdisPackage2.m_bus_client(b=3)
    assert decoded(client.status, "11 24") == IdisMBusStatus.POWER_LOW | IdisMBusStatus.VALVE_ALARM
    assert decoded(client.alarm, "11 82") == IdisMBusAlarm.FRAUD_ATTEMPT | IdisMBusAlarm.LOCAL_CONNECTION


@pytest.mark.parametrize("c", range(1, 9))
def test_energies_of_the_customer_port_are_whole_watt_hours(c: int) -> None:
    assert unit(DEVICE, f"1.1.{c}.8.0.255") == (0, "Wh" if c < 3 else "varh")


def test_other_registers_are_left_to_the_meter_for_makers_scale_them_differently() -> None:
    scaled = {row.name for row in DEVICE.objects for each in row.attributes.values() if each.unit is not None}
    assert all(name.startswith("customer_") for name in scaled)


@pytest.mark.parametrize("maker", MAKERS)
def test_what_meters_of_the_makers_push_with_a_list_in_front_is_read(maker: str) -> None:
    bodies = [Data(bytes.fromhex(each.octets)) for each in captures(maker)]
    read = [found for body in bodies if (found := DEVICE.read_push(body)) is not None]
    assert read
    for pushed, values in read:
        assert pushed.name == "described"
        names = {each.item.name: each.data.value for each in values}
        device_name = names.get("logical_device_name", b"")
        assert isinstance(device_name, bytes)
        assert device_name[3:6] in (b"102", b"103", b"")


def test_a_described_alarm_is_read_by_the_names_of_the_list() -> None:
    rows = "".join(
        f"0204 12{class_id:04X} 0906{bytes(LogicalName(code)).hex()} 0F02 120000"
        for class_id, code in (
            (40, "0.4.25.9.0.255"),
            (1, "0.0.42.0.0.255"),
            (8, "0.0.1.0.0.255"),
            (1, "0.0.97.98.20.255"),
            (1, "0.0.97.98.21.255"),
        )
    )
    body = (
        f"0205 0105{rows} 0910{b'SAG1030412345678'.hex()} 090C07E0061E040A0000FF800080 0600002000 0600000002"
    )
    found = DEVICE.read_push(Data(bytes.fromhex(body)))
    assert found is not None
    values = {each.item.name: each.data.value for each in found[1]}
    assert values["logical_device_name"] == b"SAG1030412345678"
    assert (values["alarm_descriptor_1"], values["alarm_descriptor_2"]) == (1 << 13, 2)


def test_it_is_reached_over_ip() -> None:
    assert DEVICE.link.start == "wrapper"
    assert idis_package_1.DEVICE.link.start is None
