"""IS 15959 part 1: associations, profiles with their scalers, logs and event codes of India."""

from __future__ import annotations

import pytest
from tests.devices.tables import columns, decoded, entry, unit, writers

from cosem.core.access import ReadOnly
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.tolerant import normalise
from cosem.devices.is_15959_1 import (
    DEVICE,
    ControlEvent,
    CurrentEvent,
    Is15959Part1,
    NonRolloverEvent,
    OtherEvent,
    PowerEvent,
    TransactionEvent,
    VoltageEvent,
)

SINGLE, POLYPHASE = "single_phase", "polyphase"
TIME = "0.0.1.0.0"


def test_three_clients_with_none_low_and_high_level_security() -> None:
    found = [
        (each.name, each.client_sap, each.mechanism, str(each.association)) for each in DEVICE.associations
    ]
    assert found == [
        ("public_client", 16, 0, "0.0.40.0.1.255"),
        ("meter_reader", 32, 1, "0.0.40.0.2.255"),
        ("utility_setting", 48, 2, "0.0.40.0.3.255"),
    ]
    assert not any(each.ciphered for each in DEVICE.associations)


def test_the_port_is_hdlc() -> None:
    link = DEVICE.link
    assert (link.start, link.baud_rate, link.window_size, link.maximum_information_field_length) == (
        "hdlc",
        9600,
        1,
        128,
    )
    assert link.inactivity_timeout == 120_000


@pytest.mark.parametrize(
    ("class_id", "code", "version"),
    [
        (1, "0.0.96.1.0.255", 0), (3, "1.0.1.8.0.255", 0), (4, "1.0.1.6.0.255", 0), (7, "0.0.99.98.2.255", 1),
        (8, "0.0.1.0.0.255", 0), (9, "0.0.10.0.1.255", 0), (15, "0.0.40.0.2.255", 1), (20, "0.0.13.0.0.255", 0),
        (22, "0.0.15.0.0.255", 0), (23, "0.0.22.0.0.255", 1),
    ],
)  # fmt: skip
def test_class_versions(class_id: int, code: str, version: int) -> None:
    assert entry(DEVICE, class_id, code).version == version


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("1.0.1.8.8.255", "Wh"), ("1.0.9.8.0.255", "VAh"), ("1.0.5.8.0.255", "varh"), ("1.0.9.29.0.255", "VAh"),
        ("1.0.1.7.0.255", "W"), ("1.0.9.7.0.255", "VA"), ("1.0.3.7.0.255", "var"), ("1.0.12.7.0.255", "V"),
        ("1.0.71.7.0.255", "A"), ("1.0.14.7.0.255", "Hz"), ("0.0.94.91.8.255", "min"), ("0.0.94.91.14.255", "min"),
        ("0.0.94.91.13.255", "min"), ("1.0.94.91.14.255", "A"),
    ],
)  # fmt: skip
def test_units_without_scalers(code: str, symbol: str) -> None:
    assert unit(DEVICE, code) == (None, symbol)


@pytest.mark.parametrize(
    ("code", "captured"),
    [
        (
            "1.0.94.91.0.255",
            [
                TIME, "1.0.12.7.0", "1.0.11.7.0", "1.0.91.7.0", "1.0.13.7.0", "1.0.14.7.0", "1.0.9.7.0", "1.0.1.7.0",
                "1.0.1.8.0", "1.0.9.8.0", "1.0.1.6.0", "1.0.1.6.0 5", "1.0.9.6.0", "1.0.9.6.0 5",
                "0.0.94.91.14", "0.0.94.91.0", "0.0.0.1.0", "0.0.96.2.0",
            ],
        ),
        ("1.0.99.1.0.255", [TIME, "1.0.12.27.0", "1.0.1.29.0", "1.0.9.29.0"]),
        ("1.0.99.2.0.255", [TIME, "1.0.1.8.0", "1.0.9.8.0"]),
        (
            "1.0.98.1.0.255",
            [
                "0.0.0.1.2", "1.0.13.0.0", *(f"1.0.1.8.{zone}" for zone in range(5)),
                *(f"1.0.9.8.{zone}" for zone in range(5)), "1.0.1.6.0", "1.0.1.6.0 5", "1.0.9.6.0", "1.0.9.6.0 5",
                "0.0.94.91.13",
            ],
        ),
    ],
)  # fmt: skip
def test_profiles_of_single_phase_meters(code: str, captured: list[str]) -> None:
    assert columns(DEVICE, code, SINGLE) == captured
    assert columns(DEVICE, code, POLYPHASE) == []


@pytest.mark.parametrize(
    ("profile", "scalers"),
    [("1.0.94.91.0", 3), ("1.0.99.1.0", 4), ("1.0.99.2.0", 5), ("1.0.98.1.0", 6)],
)
def test_every_profile_has_one_of_the_scalers_of_its_registers(profile: str, scalers: int) -> None:
    captured = columns(DEVICE, f"{profile}.255", SINGLE)
    wanted = [
        f"{each} 3"
        for each in captured
        if " " not in each and each not in (TIME, "0.0.94.91.0", "0.0.0.1.0", "0.0.96.2.0")
    ]
    assert columns(DEVICE, f"1.0.94.91.{scalers}.255", SINGLE) == wanted


@pytest.mark.parametrize("number", [0, 1, 4])
def test_logs_of_voltage_current_and_other_events_have_what_was_measured(number: int) -> None:
    assert columns(DEVICE, f"0.0.99.98.{number}.255", SINGLE) == [
        TIME, f"0.0.96.11.{number}", "1.0.94.91.14", "1.0.12.7.0", "1.0.13.7.0", "1.0.1.8.0", "0.0.94.91.0",
    ]  # fmt: skip


@pytest.mark.parametrize("number", [2, 3, 5, 6])
def test_other_logs_have_time_and_code(number: int) -> None:
    for variant in (SINGLE, POLYPHASE):
        assert columns(DEVICE, f"0.0.99.98.{number}.255", variant) == [TIME, f"0.0.96.11.{number}"]


@pytest.mark.parametrize(
    ("reference", "octets", "event"),
    [
        (Is15959Part1.voltage_event.value, "12 0001", VoltageEvent.VOLTAGE_L1_MISSING),
        (Is15959Part1.voltage_event.value, "12 0007", VoltageEvent.OVERVOLTAGE_BEGIN),
        (Is15959Part1.voltage_event.value, "12 000C", VoltageEvent.VOLTAGE_UNBALANCE_END),
        (Is15959Part1.current_event.value, "12 0033", CurrentEvent.CURRENT_L1_REVERSED_BEGIN),
        (Is15959Part1.current_event.value, "12 0041", CurrentEvent.CURRENT_BYPASS_BEGIN),
        (Is15959Part1.current_event.value, "12 0044", CurrentEvent.OVERCURRENT_END),
        (Is15959Part1.power_event.value, "12 0065", PowerEvent.POWER_FAILURE_BEGIN),
        (Is15959Part1.transaction_event.value, "12 0097", TransactionEvent.CLOCK_SET),
        (Is15959Part1.transaction_event.value, "12 009B", TransactionEvent.ACTIVITY_CALENDAR_CHANGED),
        (Is15959Part1.other_event.value, "12 00C9", OtherEvent.MAGNETIC_FIELD_BEGIN),
        (Is15959Part1.other_event.value, "12 00CC", OtherEvent.NEUTRAL_DISTURBANCE_END),
        (Is15959Part1.non_rollover_event.value, "12 00FB", NonRolloverEvent.COVER_OPENED),
        (Is15959Part1.control_event.value, "12 012D", ControlEvent.DISCONNECTED),
        (Is15959Part1.control_event.value, "12 012E", ControlEvent.CONNECTED),
    ],
)
def test_event_codes_are_typed(reference: ReadOnly[object], octets: str, event: object) -> None:
    assert decoded(reference, octets) is event


def test_each_group_of_events_has_fifty_codes_of_its_own() -> None:
    tables = (
        VoltageEvent,
        CurrentEvent,
        PowerEvent,
        TransactionEvent,
        OtherEvent,
        NonRolloverEvent,
        ControlEvent,
    )
    for number, table in enumerate(tables):
        assert all(50 * number < member <= 50 * number + 50 for member in table), table


@pytest.mark.parametrize(
    ("class_id", "code", "index"),
    [(8, "0.0.1.0.0.255", 2), (1, "1.0.0.8.0.255", 2), (1, "1.0.0.8.4.255", 2), (22, "0.0.15.0.0.255", 4),
     (20, "0.0.13.0.0.255", 9)],
)  # fmt: skip
def test_only_utility_setting_writes(class_id: int, code: str, index: int) -> None:
    assert writers(DEVICE, class_id, code, index) == {"utility_setting"}


def test_only_utility_setting_ends_the_billing_period() -> None:
    access = entry(DEVICE, 9, "0.0.10.0.1.255").access
    assert {name for name, each in access.items() if each.callable} == {"utility_setting"}


def test_the_public_client_reads_little() -> None:
    public = {each.codes.text for each in DEVICE.objects if "public_client" in each.access}
    assert public == {"0.0.42.0.0.255", "0.0.96.1.0.255", "0.0.1.0.0.255", "0.0.40.0.0.255"}


def test_codes_that_come_as_enum_are_taken() -> None:
    codec = Is15959Part1.other_event.value.codec
    regular, deviations = normalise(bytes.fromhex("16 C9"), codec.describe(), DEFAULT_LIMITS)
    assert decoded(Is15959Part1.other_event.value, regular.hex()) is OtherEvent.MAGNETIC_FIELD_BEGIN
    assert len(deviations) == 1


def test_a_code_of_a_utility_is_a_number() -> None:
    assert decoded(Is15959Part1.transaction_event.value, "12 0080") == 128
