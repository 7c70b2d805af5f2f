"""PRIME T5: meters of Spain, their contracts, event groups, profiles and associations."""

from __future__ import annotations

from enum import IntEnum

import pytest

from cosem.core.device import DeviceAssociation, DeviceObject
from cosem.core.obis import LogicalName
from cosem.devices.prime_t5 import (
    DEVICE,
    CommunicationEvent,
    DemandManagementEvent,
    DisconnectEvent,
    FraudEvent,
    PowerQualityEvent,
    PrimeChannels,
    PrimeT5,
    SecurityEvent,
    StandardEvent,
)
from cosem.model.types.units import Unit

CLIENTS = {
    # name: client, the number of its association object, its mechanism
    "public": (16, 1, 0),
    "reading": (2, 2, 1),
    "management": (1, 3, 1),
    "firmware": (3, 4, 1),
}
LOGS = {
    # E of the log and of its event: E of its filter, the table of its codes
    0: (105, "enum StandardEvent"),
    1: (106, "enum FraudEvent"),
    2: (114, "enum DisconnectEvent"),
    3: (111, "unsigned"),
    4: (112, "unsigned"),
    5: (107, "enum PowerQualityEvent"),
    6: (109, "enum DemandManagementEvent"),
    7: (110, "enum CommunicationEvent"),
    8: (113, "unsigned"),
    9: (108, "enum PowerQualityEvent"),
    10: (115, "unsigned"),
    11: (116, "unsigned"),
    12: (117, "enum SecurityEvent"),
}
EVENTS: list[tuple[type[IntEnum], int, str]] = [
    (StandardEvent, 3, "POWER_FAILURE"),
    (StandardEvent, 32, "READING_PASSWORD_CHANGED"),
    (StandardEvent, 44, "CONTRACT_1_CLOSED_AUTOMATICALLY"),
    (StandardEvent, 46, "RESERVED_46"),
    (StandardEvent, 52, "CONTRACT_2_CLOSED_AUTOMATICALLY"),
    (StandardEvent, 59, "CONTRACT_3_CLOSED_AUTOMATICALLY"),
    (StandardEvent, 65, "CONTRACT_3_ACTIVATION_DATE_CHANGED"),
    (StandardEvent, 98, "CLOCK_SYNCHRONIZED"),
    (DisconnectEvent, 2, "REMOTELY_DISCONNECTED"),
    (DisconnectEvent, 13, "DISCONNECTED_BY_EXCESS_EXPORT"),
    (PowerQualityEvent, 9, "LONG_FAILURE_ALL_PHASES_UNFINISHED"),
    (PowerQualityEvent, 24, "LONG_FAILURE_L3"),
    (PowerQualityEvent, 113, "MICRO_FAILURE_ALL_PHASES_LV_BEGINS"),
    (PowerQualityEvent, 117, "SAG_L1_MV_BEGINS"),
    (PowerQualityEvent, 237, "UNBALANCED_LOAD_ENDS"),
    (FraudEvent, 7, "TERMINAL_COVER_OPENED"),
    (FraudEvent, 12, "OUTPUT_HIGH_IMPEDANCE_WHILE_OPEN_ENDS"),
    (DemandManagementEvent, 20, "DEMAND_CLOSE_TO_CONTRACT"),
    (CommunicationEvent, 3, "OPTICAL_BEGINS"),
    (SecurityEvent, 12, "PLC_ASSOCIATION_BAD_PASSWORD"),
    (SecurityEvent, 116, "MAKER_SIGNATURE_WRONG"),
]
LOAD_PROFILE = ["0.0.1.0.0.255", "0.0.96.10.7.255"] + [f"1.0.{c}.29.0.255" for c in (1, 2, 5, 6, 7, 8)]
COUNTRY_OBJECTS = {
    # of the list of identifiers for Spain: code, class
    "1.1.94.34.1.255": 3, "0.1.94.34.4.255": 3, "0.1.94.34.24.255": 3, "0.1.94.34.14.255": 3, "0.1.94.34.44.255": 3,
    "0.0.94.34.43.255": 1, "0.0.94.34.13.255": 1, "0.0.94.34.60.255": 3, "0.0.94.34.100.255": 3,
    "0.0.94.34.103.255": 3, "0.0.94.34.80.255": 1, "0.1.94.34.20.255": 70, "0.1.94.34.30.255": 1,
    "0.1.94.34.31.255": 3, "0.1.94.34.32.255": 1, "0.1.94.34.33.255": 3, "0.0.94.34.70.255": 3,
    "0.0.94.34.110.255": 3, "0.0.94.34.51.255": 3, "0.0.94.34.52.255": 3, "0.0.94.34.54.255": 3,
    "0.0.94.34.55.255": 3, "1.0.94.34.130.255": 1, "1.0.94.34.90.255": 1, "1.0.94.34.91.255": 3,
    "1.0.94.34.92.255": 1, "1.0.94.34.93.255": 3, "1.1.94.34.100.255": 1, "1.1.94.34.104.255": 1,
}  # fmt: skip


def found(class_id: int, code: str) -> DeviceObject:
    row = DEVICE.find(class_id, LogicalName(code))
    assert row is not None
    return row


def role(name: str) -> DeviceAssociation:
    association = DEVICE.association(name)
    assert association is not None
    return association


@pytest.mark.parametrize(("name", "facts"), CLIENTS.items())
def test_every_client_has_its_association_and_all_but_public_a_password(
    name: str, facts: tuple[int, int, int]
) -> None:
    client, number, mechanism = facts
    association = role(name)
    assert (association.client_sap, association.mechanism) == (client, mechanism)
    assert association.association == LogicalName(f"0.0.40.0.{number}.255")
    assert not association.ciphered


@pytest.mark.parametrize(("code", "class_id"), COUNTRY_OBJECTS.items())
def test_identifiers_of_country_34_are_listed(code: str, class_id: int) -> None:
    assert found(class_id, code).class_id == class_id


@pytest.mark.parametrize(("e", "facts"), LOGS.items())
def test_a_log_captures_the_clock_and_the_event_of_its_group(e: int, facts: tuple[int, str]) -> None:
    _, kind = facts
    log = found(7, f"0.0.99.98.{e}.255")
    assert [each.codes.text for each in log.columns] == ["0.0.1.0.0.255", f"0.0.96.11.{e}.255"]
    assert log.version == 1
    assert found(1, f"0.0.96.11.{e}.255").attributes[2].type == kind


@pytest.mark.parametrize(("e", "facts"), LOGS.items())
def test_a_log_has_a_filter(e: int, facts: tuple[int, str]) -> None:
    row = found(1, f"0.1.94.34.{facts[0]}.255")
    assert row.name.removesuffix("_filter") + "_log" == found(7, f"0.0.99.98.{e}.255").name


@pytest.mark.parametrize(("table", "code", "name"), EVENTS)
def test_event_codes_mean_what_the_table_says(table: type[IntEnum], code: int, name: str) -> None:
    assert table(code).name == name


def test_conditions_of_power_quality_begin_at_101_and_end_at_201() -> None:
    for code in range(101, 138):
        begins, ends = PowerQualityEvent(code).name, PowerQualityEvent(code + 100).name
        assert begins.removesuffix("_BEGINS") == ends.removesuffix("_ENDS")


def test_an_event_is_read_as_its_name() -> None:
    assert PrimeT5.fraud_event.value.codec.decode(b"\x11\x07") is FraudEvent.TERMINAL_COVER_OPENED


def test_the_first_load_profile_captures_increments_of_six_energies() -> None:
    assert [each.codes.text for each in found(7, "1.0.99.1.0.255").columns] == LOAD_PROFILE


def test_the_profile_of_currents_has_highest_average_and_lowest_of_three_phases_and_neutral() -> None:
    columns = [each.codes.text for each in found(7, "1.0.99.1.5.255").columns][2:]
    assert columns == [f"1.0.{c}.{d}.0.255" for d in (26, 24, 23) for c in (31, 51, 71, 91)]


@pytest.mark.parametrize("contract", [1, 2, 3])
def test_rates_of_a_contract_are_energies_of_their_own(contract: int) -> None:
    for energy, unit in ((1, Unit.ACTIVE_ENERGY), (2, Unit.ACTIVE_ENERGY), (5, Unit.REACTIVE_ENERGY)):
        for rate in range(7):
            row = found(3, f"1.0.{energy}.8.{10 * contract + rate}.255")
            assert row.attributes[3].unit is unit
    assert DEVICE.find(3, LogicalName(f"1.0.1.8.{10 * contract + 7}.255")) is None
    for class_id, code in ((20, "13.0"), (11, "11.0"), (22, "15.1"), (7, "98.1"), (7, "98.2")):
        assert found(class_id, f"0.0.{code}.{contract}.255").mandatory


def test_a_single_phase_meter_has_no_second_phase() -> None:
    single = {row.codes.text for row in DEVICE.objects_of("single_phase")}
    assert "1.0.32.7.0.255" in single
    assert not single & {"1.0.52.7.0.255", "1.0.72.7.0.255", "1.0.94.34.90.255"}


def test_active_prime_channels_are_bits_the_first_of_them_channel_1() -> None:
    channels = PrimeT5.prime_active_channel.value.codec.decode(bytes.fromhex("040880"))
    assert channels == PrimeChannels.CHANNEL_1
