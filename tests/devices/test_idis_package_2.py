"""IDIS packages 1 and 2: clients, alarms and their filters, event codes and logs."""

from __future__ import annotations

import pytest

from cosem.core.device import DeviceObject
from cosem.core.obis import LogicalName
from cosem.devices import idis_package_1
from cosem.devices.idis_package_1 import IdisAlarm1, IdisDisconnectEvent, IdisFraudEvent, IdisStandardEvent
from cosem.devices.idis_package_2 import DEVICE, IdisAlarm2, IdisCommunicationEvent, IdisPackage2

LOGS = {
    0: "IdisStandardEvent",
    1: "IdisFraudEvent",
    2: "IdisDisconnectEvent",
    4: "IdisPowerQualityEvent",
    5: "IdisCommunicationEvent",
}
ALARMS = {
    "0": "IdisAlarm1",
    "10": "IdisAlarm1",
    "20": "IdisAlarm1",
    "1": "IdisAlarm2",
    "11": "IdisAlarm2",
    "21": "IdisAlarm2",
}


def found(class_id: int, code: str) -> DeviceObject:
    row = DEVICE.find(class_id, LogicalName(code))
    assert row is not None
    return row


@pytest.mark.parametrize(
    ("name", "client"),
    [("public", 16), ("management", 1), ("pre_established", 102), ("consumer_information", 103)],
)
def test_clients(name: str, client: int) -> None:
    association = DEVICE.association(name)
    assert association is not None
    assert association.client_sap == client


def test_package_1_has_no_client_for_consumer_information() -> None:
    assert idis_package_1.DEVICE.association("consumer_information") is None


@pytest.mark.parametrize(("e", "table"), LOGS.items())
def test_a_log_captures_the_clock_and_its_event(e: int, table: str) -> None:
    assert [each.codes.text for each in found(7, f"0.0.99.98.{e}.255").columns] == [
        "0.0.1.0.0.255",
        f"0.0.96.11.{e}.255",
    ]
    assert found(1, f"0.0.96.11.{e}.255").attributes[2].type == f"enum {table}"


@pytest.mark.parametrize(("e", "table"), ALARMS.items())
def test_registers_filters_and_descriptors_share_their_bits(e: str, table: str) -> None:
    assert found(1, f"0.0.97.98.{e}.255").attributes[2].type == f"bits {table}"


def test_alarm_bits_are_where_the_manual_has_them() -> None:
    assert (IdisAlarm1.CLOCK_INVALID, IdisAlarm1.FRAUD_ATTEMPT) == (1, 1 << 13)
    assert (IdisAlarm1.M_BUS_COMMUNICATION_ERROR_1, IdisAlarm1.M_BUS_BATTERY_LOW_4) == (1 << 16, 1 << 31)
    assert (IdisAlarm2.CURRENT_REVERSAL, IdisAlarm2.KEY_CHANGED) == (1 << 10, 1 << 13)
    assert (IdisAlarm2.M_BUS_VALVE_ALARM_1, IdisAlarm2.DISCONNECT_OR_RECONNECT_FAILURE) == (1 << 27, 1 << 31)


def test_event_codes() -> None:
    assert IdisStandardEvent(16).name == "MEASUREMENT_SYSTEM_ERROR"
    assert IdisFraudEvent(50).name == "REPLAY_ATTACK"
    assert IdisDisconnectEvent(68).name == "DISCONNECT_OR_RECONNECT_FAILURE"
    assert IdisCommunicationEvent(158).name == "LOCAL_COMMUNICATION_ATTEMPT"


def test_an_alarm_is_read_as_its_bits() -> None:
    octets = b"\x06\x80\x00\x00\x02"
    alarms = IdisAlarm2.DISCONNECT_OR_RECONNECT_FAILURE | IdisAlarm2.POWER_UP
    assert IdisPackage2.alarm_register_2.value.codec.decode(octets) == alarms
