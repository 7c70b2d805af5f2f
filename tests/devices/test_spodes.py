"""SPODES: associations, objects of both kinds of meters, profiles, logs and event codes, as the standard is quoted."""

from __future__ import annotations

from itertools import pairwise

import pytest
from tests.devices.tables import columns, decoded, entry, unit, writers

from cosem.core.access import ReadOnly
from cosem.core.obis import LogicalName
from cosem.devices.spodes import (
    DEVICE,
    AccessEvent,
    Alarm,
    CommunicationEvent,
    CurrentEvent,
    ExternalEvent,
    ParameterEvent,
    PowerQualityStatus,
    ReactivePowerEvent,
    SelfDiagnosticEvent,
    Spodes,
    SwitchingEvent,
    VoltageEvent,
)

SINGLE, POLYPHASE = "single_phase", "polyphase"
TIME, RUN = "0.0.1.0.0", "0.0.96.8.0"
CLASS_VERSIONS = {
    1: 0, 3: 0, 4: 0, 5: 0, 6: 0, 7: 1, 8: 0, 9: 0, 10: 0, 11: 0, 15: 1, 17: 0, 18: 0, 19: 1, 20: 0, 21: 0, 22: 0,
    23: 1, 40: 2, 41: 0, 42: 0, 43: 0, 45: 0, 47: 0, 48: 0, 64: 1, 68: 0, 70: 0, 71: 0, 100: 0,
}  # fmt: skip
"""Table 7.1 of the edition of 2023."""


def codes(text: str, *, tail: str = "") -> list[str]:
    """``"1.7 3.7"`` to channel-less electricity codes."""
    return [f"1.0.{each}{tail}" for each in text.split()]


def test_the_three_clients_of_the_standard_and_the_one_that_is_pushed_to() -> None:
    found = {each.name: (each.client_sap, each.mechanism) for each in DEVICE.associations}
    assert found == {
        "public_client": (16, 0),
        "reader": (32, 1),
        "configurator": (48, 2),
        "push_client": (64, 0),
    }
    assert not any(each.ciphered for each in DEVICE.associations)
    assert {each.server_sap for each in DEVICE.associations} == {1}
    logical = [str(each.association) for each in DEVICE.associations if each.association is not None]
    assert logical == ["0.0.40.0.1.255", "0.0.40.0.2.255", "0.0.40.0.3.255"]
    assert [each.name for each in DEVICE.associations if each.pre_established] == ["push_client"]


def test_a_port_is_hdlc_at_9600_baud_8n1() -> None:
    link = DEVICE.link
    assert (link.start, link.baud_rate, link.data_bits, link.parity, link.stop_bits) == (
        "hdlc",
        9600,
        8,
        "none",
        1,
    )


def test_classes_have_the_versions_of_the_standard() -> None:
    assert {each.class_id: each.version for each in DEVICE.objects} == CLASS_VERSIONS
    for one, other in pairwise(sorted(DEVICE.objects, key=lambda each: each.class_id)):
        assert one.class_id != other.class_id or one.version == other.version


@pytest.mark.parametrize(
    ("code", "symbol"),
    [
        ("1.0.1.8.4.255", "Wh"), ("1.0.2.8.0.255", "Wh"), ("1.0.3.8.0.255", "varh"), ("1.0.4.8.1.255", "varh"),
        ("1.0.1.29.0.255", "Wh"), ("1.0.4.29.0.255", "varh"), ("1.0.1.7.0.255", "W"), ("1.0.3.7.0.255", "var"),
        ("1.0.9.7.0.255", "VA"), ("1.0.14.7.0.255", "Hz"), ("1.0.91.7.0.255", "A"), ("1.0.0.6.0.255", "V"),
        ("1.0.12.7.0.255", "V"), ("1.0.0.6.2.255", "Hz"), ("0.0.96.9.0.255", "°C"), ("0.0.96.8.0.255", "s"),
        ("1.0.131.44.0.255", "s"),
    ],
)  # fmt: skip
def test_units(code: str, symbol: str) -> None:
    assert unit(DEVICE, code)[1] == symbol


def test_scalers_are_the_makers_but_for_whole_seconds_degrees_and_per_cent() -> None:
    scaled = {
        each.attributes[3].scaler for each in DEVICE.objects if each.class_id == 3 and 3 in each.attributes
    }
    assert scaled == {None, 0}


def test_phases_and_line_voltages_are_of_polyphase_meters_differential_current_of_single_phase_ones() -> None:
    phases = (
        "31.7.0 51.7.0 71.7.0 32.7.0 52.7.0 72.7.0 33.7.0 73.7.0 21.7.0 41.7.0 61.7.0 43.7.0 69.7.0 128.7.0"
    )
    for code in codes(f"{phases} 12.7.1 12.7.3", tail=".255"):
        assert entry(DEVICE, 3, code).variants == (POLYPHASE,), code
    for code in codes("91.7.131 91.7.132", tail=".255"):
        assert entry(DEVICE, 3, code).variants == (SINGLE,), code
    assert DEVICE.variants == (SINGLE, POLYPHASE)


def scalers(captured: list[str]) -> list[str]:
    return [captured[0], *(f"{each} 3" for each in captured[1:])]


CURRENT_SINGLE = [
    TIME, *codes("11.7.0 91.7.0 12.7.0 13.7.0 131.7.0 14.7.0 9.7.0 1.7.0 3.7.0 1.8.0 2.8.0 3.8.0 4.8.0"),
    *codes("91.7.131 91.7.132"),
]  # fmt: skip
CURRENT_POLYPHASE = [
    TIME, *codes("31.7.0 51.7.0 71.7.0 91.7.0 32.7.0 52.7.0 72.7.0 33.7.0 53.7.0 73.7.0 13.7.0"),
    *codes("128.7.0 129.7.0 130.7.0 131.7.0 14.7.0 9.7.0 29.7.0 49.7.0 69.7.0"),
    *codes("1.7.0 21.7.0 41.7.0 61.7.0 3.7.0 23.7.0 43.7.0 63.7.0 1.8.0 2.8.0 3.8.0 4.8.0"),
]  # fmt: skip
DAILY_SINGLE = [
    TIME,
    *codes("1.8.1 1.8.2 1.8.3 1.8.4 1.8.0 2.8.1 2.8.2 2.8.3 2.8.4 2.8.0"),
    *codes("3.8.1 3.8.2 3.8.3 3.8.4 3.8.0 4.8.1 4.8.2 4.8.3 4.8.4 4.8.0"),
]
DAILY_POLYPHASE = [
    *DAILY_SINGLE,
    *codes("21.8.0 22.8.0 23.8.0 24.8.0 41.8.0 42.8.0 43.8.0 44.8.0 61.8.0 62.8.0 63.8.0 64.8.0"),
]


@pytest.mark.parametrize(
    ("code", "variant", "captured"),
    [
        ("1.0.94.7.0.255", SINGLE, CURRENT_SINGLE),
        ("1.0.94.7.0.255", POLYPHASE, CURRENT_POLYPHASE),
        ("1.0.94.7.3.255", SINGLE, scalers(CURRENT_SINGLE)),
        ("1.0.94.7.3.255", POLYPHASE, scalers(CURRENT_POLYPHASE)),
        ("1.0.99.1.0.255", SINGLE, [TIME, *codes("1.29.0 2.29.0 3.29.0 4.29.0")]),
        ("1.0.94.7.4.255", POLYPHASE, scalers([TIME, *codes("1.29.0 2.29.0 3.29.0 4.29.0")])),
        ("1.0.98.2.0.255", SINGLE, DAILY_SINGLE),
        ("1.0.98.2.0.255", POLYPHASE, DAILY_POLYPHASE),
        ("1.0.94.7.2.255", SINGLE, scalers(DAILY_SINGLE)),
        ("1.0.94.7.2.255", POLYPHASE, scalers(DAILY_POLYPHASE)),
        ("1.0.98.1.0.255", SINGLE, [*DAILY_SINGLE, "1.0.1.6.0"]),
        ("1.0.98.1.0.255", POLYPHASE, [*DAILY_POLYPHASE, "1.0.1.6.0"]),
        ("1.0.94.7.1.255", POLYPHASE, scalers([*DAILY_POLYPHASE, "1.0.1.6.0"])),
        (
            "1.0.94.7.5.255",
            POLYPHASE,
            codes("31.7.0 51.7.0 71.7.0 32.7.0 52.7.0 72.7.0 1.7.0 3.7.0 9.7.0 13.7.0"),
        ),
    ],
)
def test_profiles_capture_what_their_kind_of_meter_measures(
    code: str, variant: str, captured: list[str]
) -> None:
    assert columns(DEVICE, code, variant) == captured


def test_the_daily_profile_has_a_row_a_day() -> None:
    assert entry(DEVICE, 7, "1.0.98.2.0.255", POLYPHASE).attributes[4].value == 86400


@pytest.mark.parametrize(
    ("number", "captured"),
    [
        (0, ["0.0.96.11.0", "1.0.12.7.0", "1.0.12.7.4", "0.0.96.8.10"]),
        (1, ["0.0.96.11.1"]),
        (2, ["0.0.96.11.2"]),
        (3, ["0.0.96.11.3", "0.0.96.12.4"]),
        (4, ["0.0.96.11.4"]),
        (5, ["0.0.96.11.5", "0.0.96.12.4", "0.0.96.12.6"]),
        (6, ["0.0.96.11.6", "0.0.96.12.4", "0.0.96.12.6"]),
        (7, ["0.0.96.11.7"]),
        (8, ["0.0.96.11.8"]),
        (9, ["0.0.96.5.4"]),
        (10, ["0.0.96.3.0"]),
        (13, ["0.0.1.0.1"]),
        (15, ["1.0.147.133.0", "1.0.148.36.0"]),
        (16, ["0.0.96.5.2"]),
    ],
)
def test_a_log_has_time_its_event_and_the_operating_time(number: int, captured: list[str]) -> None:
    assert columns(DEVICE, f"0.0.99.98.{number}.255") == [TIME, *captured, RUN]


def test_logs_without_public_columns_are_listed_without_any() -> None:
    for number in (12, 14, *range(17, 29)):
        assert columns(DEVICE, f"0.0.99.98.{number}.255") == []
    assert DEVICE.find(7, LogicalName("0.0.99.98.11.255")) is None


@pytest.mark.parametrize(
    ("reference", "octets", "event"),
    [
        (Spodes.voltage_event.value, "12 0003", VoltageEvent.VOLTAGE_L2_MISSING),
        (Spodes.voltage_event.value, "12 000B", VoltageEvent.VOLTAGE_UNBALANCE_BEGIN),
        (Spodes.voltage_event.value, "12 0013", VoltageEvent.SAG_L1_BEGIN),
        (Spodes.voltage_event.value, "12 001B", VoltageEvent.VOLTAGE_INTERRUPTION),
        (Spodes.current_event.value, "12 0007", CurrentEvent.CURRENT_TRANSFORMER_L1_OPEN),
        (Spodes.current_event.value, "12 0018", CurrentEvent.CURRENT_WITHOUT_VOLTAGE_L3_END),
        (Spodes.current_event.value, "12 0025", CurrentEvent.CURRENT_WITH_OPEN_RELAY_BEGIN),
        (Spodes.switching_event.value, "12 0001", SwitchingEvent.POWER_DOWN),
        (Spodes.switching_event.value, "12 0003", SwitchingEvent.REMOTE_DISCONNECTION),
        (Spodes.switching_event.value, "12 0012", SwitchingEvent.DISCONNECTION_COVER_OPENED),
        (Spodes.parameter_event.value, "12 0003", ParameterEvent.CLOCK_SET),
        (Spodes.parameter_event.value, "12 0041", ParameterEvent.FIRMWARE_UPDATED),
        (Spodes.parameter_event.value, "12 0079", ParameterEvent.POWER_CONTROL_LOG_CLEARED),
        (Spodes.parameter_event.value, "12 008F", ParameterEvent.SEALS_CLAMPED),
        (Spodes.external_event.value, "12 0003", ExternalEvent.TERMINAL_COVER_OPENED),
        (Spodes.external_event.value, "12 0007", ExternalEvent.HF_FIELD_END),
        (Spodes.communication_event.value, "12 0002", CommunicationEvent.CONNECTED),
        (Spodes.access_event.value, "12 0003", AccessEvent.BLOCKED_BY_WRONG_PASSWORDS),
        (Spodes.self_diagnostic_event.value, "12 0013", SelfDiagnosticEvent.COMPUTING_UNIT_NORMAL),
        (Spodes.reactive_power_event.value, "12 0001", ReactivePowerEvent.THRESHOLD_EXCEEDED),
    ],
)
def test_event_codes_are_typed(reference: ReadOnly[object], octets: str, event: object) -> None:
    assert decoded(reference, octets) is event


def test_tables_of_events_are_whole() -> None:
    assert [*VoltageEvent] == [*range(1, 29)]
    assert [*CurrentEvent] == [*range(1, 39)]
    assert [*SwitchingEvent] == [*range(1, 30)]
    assert [*ParameterEvent] == [*range(1, 120), *range(121, 151)]
    assert [*ExternalEvent] == [*range(1, 8)]
    assert [*AccessEvent] == [*range(1, 5)]
    assert [*SelfDiagnosticEvent] == [*range(1, 20)]


def test_begin_and_end_of_an_event_follow_each_other() -> None:
    for table in (VoltageEvent, CurrentEvent, ExternalEvent):
        for member in table:
            if member.name.endswith("_BEGIN"):
                assert table(member + 1).name == member.name.removesuffix("BEGIN") + "END"


def test_alarms_and_power_quality_are_bits() -> None:
    alarms = decoded(Spodes.alarm_descriptor.value, "06 00002012")
    assert alarms == Alarm(Alarm.VOLTAGE_INTERRUPTION | Alarm.TERMINAL_COVER_OPENED | Alarm.PARAMETER_EVENT)
    assert decoded(Spodes.alarm_filter.value, "06 00010000") == Alarm(Alarm.RELAY_CLOSED)
    status = decoded(Spodes.power_quality_status.value, "12 8009")
    wanted = PowerQualityStatus
    assert status == wanted(wanted.UNDERVOLTAGE | wanted.OVERVOLTAGE | wanted.OVERFREQUENCY_THRESHOLD)


def test_the_public_client_reads_name_clock_and_its_association_only() -> None:
    public = {each.codes.text for each in DEVICE.objects if "public_client" in each.access}
    assert public == {"0.0.42.0.0.255", "0.0.1.0.0.255", "0.0.40.0.0.255"}


def test_the_reader_writes_nothing_and_calls_time_shift_and_capture_only() -> None:
    called: dict[str, set[int]] = {}
    for each in DEVICE.objects:
        access = each.access.get("reader")
        if access is not None:
            assert not access.writable, each.name
            if access.callable:
                called[each.codes.text] = set(access.callable)
    assert called == {"0.0.1.0.0.255": {6}, "1.0.94.7.0.255": {2}}


@pytest.mark.parametrize(
    ("class_id", "code", "index"),
    [
        (8, "0.0.1.0.0.255", 2), (1, "1.0.0.8.4.255", 2), (1, "1.0.0.4.2.255", 2), (3, "1.0.12.31.0.255", 2),
        (3, "1.0.131.35.0.255", 2), (5, "1.0.1.4.0.255", 8), (23, "0.0.22.0.0.255", 9), (7, "0.0.21.0.1.255", 3),
        (71, "0.0.17.0.0.255", 4), (70, "0.0.96.3.10.255", 4), (1, "0.0.96.51.6.255", 2),
    ],
)  # fmt: skip
def test_the_configurator_writes_settings(class_id: int, code: str, index: int) -> None:
    assert writers(DEVICE, class_id, code, index) == {"configurator"}


def test_logs_of_changes_tampering_and_faults_cannot_be_cleared() -> None:
    for number in (3, 4, 7):
        for access in entry(DEVICE, 7, f"0.0.99.98.{number}.255").access.values():
            assert not access.callable
    assert entry(DEVICE, 7, "0.0.99.98.0.255").access["configurator"].callable == {1}


def test_what_has_one_source_only_says_so() -> None:
    for class_id, code in ((1, "0.0.97.98.20.255"), (7, "0.0.99.98.20.255"), (7, "1.0.94.7.6.255")):
        assert "confidence: medium" in entry(DEVICE, class_id, code).origin.place
    assert "confidence: low" in entry(DEVICE, 3, "1.0.148.36.0.255").origin.place
