"""GB Companion: electricity meters of Great Britain, as the messages of the Remote Test Data Set show them."""

from __future__ import annotations

import pytest
from tests.model.memory_link import associated

from cosem.client.profiles import ProfileObject
from cosem.core.data import Data
from cosem.core.device import DeviceObject
from cosem.core.obis import LogicalName
from cosem.devices.gb_companion import CATALOGUE, DEVICE, AlertCode, GbCompanion
from cosem.devices.gb_companion.c9000_extended_data import ExtendedDataV0
from cosem.model.types import CaptureObject
from cosem.model.types.units import Unit
from cosem.server import (
    Access,
    Association,
    AssociationPolicy,
    HostedObject,
    LogicalDevice,
    PhysicalDevice,
    Rights,
)

AT_ONCE = "090C0000000000000000008000FF"
EXTENDED_DATA = {
    # code: type of the active value, type of the passive value, octets that a message writes to it, their meaning
    "0.0.94.44.2.0": ("boolean", "boolean", "03FF", True),
    "0.0.94.44.0.3": ("boolean", "boolean", "03FF", True),
    "0.0.94.44.2.10": ("double-long", "double-long", "05000F4240", 1_000_000),
    "0.0.94.44.2.20": ("double-long", "double-long", "05004C4B40", 5_000_000),
    "0.0.94.44.128.6": ("", "double-long-unsigned", "060000012C", 300),
    "0.0.94.44.128.7": ("", "double-long-unsigned", "0600001AF4", 6900),
    "0.0.94.44.128.12": ("", "long-unsigned", "12001E", 30),
    "0.0.94.44.128.13": ("", "double-long", "05000493E0", 300_000),
}
LOGS = {
    # code: first row of a response of the set (type description, one row), its time and what follows
    "0.0.99.98.0.255": ("130203061209 07 1C35F900 8F01 00", (0x1C35F900, AlertCode.LOAD_LIMIT_EXCEEDED, b"")),
    "0.0.99.98.1.255": (
        "1302020612 06 1C35F900 8F0C",
        (0x1C35F900, AlertCode.CLOCK_NOT_ADJUSTED_OVER_10_SECONDS),
    ),
    "0.0.99.98.4.255": (
        "130203061206 0A 1C35F900 8002 00000001",
        (0x1C35F900, AlertCode.AVERAGE_VOLTAGE_ABOVE_UPPER_LIMIT, 1),
    ),
    "0.17.99.98.2.255": ("13020406121606 0B 1C20E100 0211 00 548E2480", (0x1C20E100, 0x0211, 0, 0x548E2480)),
    "0.0.99.98.20.255": ("1302020606 08 1C2F6180 1C2F747C", (0x1C2F6180, 0x1C2F747C)),
    "0.0.98.1.4.255": ("1302020606 08 1C2B6D00 0000005F", (0x1C2B6D00, 0x5F)),
    "0.0.99.1.1.255": ("130203060606 0C 1BBE8618 00000051 00000038", (0x1BBE8618, 0x51, 0x38)),
    "1.0.32.24.0.255": ("1302020606 08 1C34A780 000000B0", (0x1C34A780, 0xB0)),
}
PROTECTED = {
    1: "prepayment_registers",
    2: "billing_data_log",
    3: "billing_data_log_of_changes",
    4: "daily_consumption_log",
    5: "daily_read_log",
    6: "prepayment_daily_read_log",
    7: "half_hour_active_import",
    8: "import_registers",
    9: "tou_registers",
    10: "block_registers",
}


def found(class_id: int, code: str) -> DeviceObject:
    row = DEVICE.find(class_id, LogicalName(code))
    assert row is not None
    return row


def test_extended_data_has_an_active_and_a_passive_value_with_their_units() -> None:
    assert CATALOGUE[9000, 0] is ExtendedDataV0
    assert {index: spec.name for index, spec in ExtendedDataV0.ATTRIBUTES.items()} == {
        1: "logical_name",
        2: "value_active",
        3: "scaler_unit_active",
        4: "value_passive",
        5: "scaler_unit_passive",
        6: "activate_passive_value_time",
    }
    assert {index: spec.name for index, spec in ExtendedDataV0.METHODS.items()} == {
        1: "reset",
        2: "activate_passive_value",
    }
    assert not any(spec.mandatory for spec in ExtendedDataV0.METHODS.values())


@pytest.mark.parametrize(("code", "row"), EXTENDED_DATA.items())
def test_a_passive_value_is_of_the_type_that_messages_write(
    code: str, row: tuple[str, str, str, int]
) -> None:
    active, passive, octets, value = row
    entry = found(9000, code)
    assert (entry.attributes[2].type if 2 in entry.attributes else "") == active
    assert entry.attributes[4].type == passive
    written = getattr(GbCompanion, entry.name).value_passive
    assert written.codec.decode(bytes.fromhex(octets)) == value


def test_zeros_activate_a_passive_value_at_once() -> None:
    codec = GbCompanion.currency_unit.activate_passive_value_time.codec
    at_once = codec.decode(bytes.fromhex(AT_ONCE))
    assert codec.write(at_once) == bytes.fromhex(AT_ONCE)


@pytest.mark.parametrize(("code", "row"), LOGS.items())
def test_a_row_of_a_log_names_its_event(code: str, row: tuple[str, tuple[object, ...]]) -> None:
    octets, expected = row
    buffer = getattr(GbCompanion, found(7, code).name).buffer
    (first,) = buffer.codec.decode(bytes.fromhex(octets))
    assert tuple(getattr(first, name) for name in first.__slots__) == expected


@pytest.mark.parametrize(
    ("code", "member"),
    [
        (0x8002, "AVERAGE_VOLTAGE_ABOVE_UPPER_LIMIT"),
        (0x802F, "VOLTAGE_SAG_BEGINS_PHASE_3"),
        (0x810E, "CREDIT_ADDED_LOCALLY"),
        (0x81A0, "METER_INTEGRITY_WARNING"),
        (0x8F30, "SOURCE_WITHOUT_AUTHORITY"),
        (0x8F3F, "TAMPER_DETECTED"),
        (0x8F66, "FUTURE_DATED_COMMAND_DONE"),
        (0x8F8B, "FIRMWARE_VERSION_READ"),
    ],
)
def test_alert_codes_have_their_numbers(code: int, member: str) -> None:
    assert AlertCode(code).name == member


def test_alert_codes_are_complete_by_phase() -> None:
    for begin in (
        0x8002,
        0x8006,
        0x8020,
        0x8024,
        0x8028,
        0x802C,
        0x8085,
        0x8089,
        0x808D,
        0x8091,
        0x8095,
        0x8099,
    ):
        whole = AlertCode(begin).name
        assert [AlertCode(begin + phase).name for phase in (1, 2, 3)] == [
            f"{whole}_PHASE_{n}" for n in (1, 2, 3)
        ]
    assert len(AlertCode) == 184


@pytest.mark.parametrize(("e", "name"), PROTECTED.items())
def test_each_collection_is_read_through_its_own_data_protection(e: int, name: str) -> None:
    assert found(30, f"0.0.43.2.{e}.255").name == f"{name}_protection"
    assert name in {row.name for row in DEVICE.objects}


@pytest.mark.parametrize("b", [30, 33])
def test_supplier_and_network_operator_say_which_alerts_they_want(b: int) -> None:
    assert found(1, f"0.{b}.97.98.11.255").attributes[2].type == "bit-string(512)"
    assert found(1, f"0.{b}.97.98.15.255").attributes[2].type == "bit-string(256)"


def test_only_polyphase_meters_have_voltages_of_three_phases() -> None:
    codes = {kind: {row.codes.text for row in DEVICE.objects_of(kind)} for kind in DEVICE.variants}
    assert "1.0.52.24.0.255" in codes["polyphase"] - codes["single_element"] - codes["twin_element"]
    assert "0.0.13.0.1.255" in codes["twin_element"] - codes["single_element"] - codes["polyphase"]


@pytest.mark.parametrize(
    ("class_id", "code", "attribute", "scaler", "unit"),
    [
        (3, "1.0.2.8.0.255", 3, 0, 30),
        (3, "1.0.4.8.0.255", 3, 0, 32),
        (4, "1.0.1.6.0.255", 3, 0, 27),
        (3, "0.0.94.44.1.7", 3, -5, 254),
        (3, "0.0.94.44.42.255", 3, 0, 255),
    ],
)
def test_registers_have_the_units_that_meters_answer(
    class_id: int, code: str, attribute: int, scaler: int, unit: int
) -> None:
    prescribed = found(class_id, code).attributes[attribute]
    assert prescribed.scaler == scaler
    assert prescribed.unit is Unit(unit)


def test_no_client_opens_an_association() -> None:
    assert DEVICE.associations == ()


@pytest.mark.parametrize(
    "log",
    [GbCompanion.event_log, GbCompanion.power_event_log, GbCompanion.security_log],
    ids=["event_log", "power_event_log", "security_log"],
)
def test_a_log_with_typed_rows_is_read_as_a_profile_and_as_its_rows(log: ProfileObject) -> None:
    """Both are the same cells: tuples of plain values, and structures."""
    described = log.buffer.owner
    octets, expected = LOGS[str(described.logical_name)]
    columns = [CaptureObject(1, LogicalName("0.0.96.11.0.255"), 2, 0) for _ in expected]
    hosted = HostedObject(described, {2: Data(bytes.fromhex(octets)), 3: columns, 4: 0})
    public = Association(16, AssociationPolicy(), Rights(Access.READ))
    device = PhysicalDevice([LogicalDevice(1, b"GBC", [hosted], [public])])
    with associated(device) as client:
        (row,) = client.profile(log)
        assert row == expected
        (typed,) = client.get_many([log.buffer])[0]
        assert tuple(getattr(typed, name) for name in typed.__slots__) == expected
