"""DSMR and SMR meters of the Netherlands: who associates, versions of classes, and what each step changes."""

from __future__ import annotations

from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest
from tests.devices.dsmr import CHAIN, SMR_5, VERSIONS, since
from tests.devices.tables import decoded, entry, writers

from cosem.codegen.diff import compare, load_states
from cosem.core.obis import LogicalName
from cosem.devices import dsmr_2_2, dsmr_4_2_2, smr_4_3, smr_5_0

SPEC = Path(__file__).parents[2] / "spec"
PROTECTED = {"authenticated_request", "encrypted_request", "authenticated_response", "encrypted_response"}
STEPS = [*pairwise(VERSIONS)]

CLASS_VERSIONS = {
    # class, code: its version in DSMR 2.2, DSMR 4.2.2, SMR 4.3, 5.0, 5.1, 5.2 and 5.5; a dash where it is not there
    (15, "0.0.40.0.0.255"): "0113333",
    (17, "0.0.41.0.0.255"): "-000000",
    (64, "0.0.43.0.0.255"): "-000000",
    (8, "0.0.1.0.0.255"): "0000000",
    (11, "0.0.11.0.0.255"): "0000000",
    (20, "0.0.13.0.0.255"): "0000000",
    (18, "0.0.44.0.0.255"): "-000000",
    (7, "0.0.99.98.0.255"): "0111111",
    (7, "0.0.99.98.1.255"): "0111111",
    (7, "0.0.99.98.3.255"): "0111111",
    (7, "1.0.99.1.0.255"): "1111111",
    (72, "0.4.24.1.0.255"): "0001111",
    (77, "0.4.24.9.0.255"): "---0000",
    (40, "0.0.25.9.0.255"): "-000000",
    (40, "0.1.25.9.0.255"): "-000000",
    (40, "0.3.25.9.0.255"): "------0",
    (21, "0.0.16.1.0.255"): "-000000",
    (22, "0.0.15.1.4.255"): "----000",
    (22, "0.0.15.2.4.255"): "------0",
    (47, "0.1.25.6.0.255"): "--11111",
    (47, "0.0.25.6.0.255"): "---1111",
    (47, "0.2.25.6.0.255"): "-----22",
    (70, "0.0.96.3.10.255"): "0------",
    (71, "0.0.17.0.0.255"): "0------",
}


@cache
def differences(older: str, newer: str) -> list[str]:
    """The lines that ``cosem-codegen diff`` prints for two overlays."""
    overlays = SPEC / "overlays"
    before, after = load_states(str(overlays / f"{older}.yaml"), str(overlays / f"{newer}.yaml"), SPEC)
    return [str(each) for each in compare(before, after)]


@pytest.mark.parametrize(("older", "newer"), STEPS)
def test_each_version_extends_the_one_before(older: str, newer: str) -> None:
    assert older in CHAIN[newer].extends


@pytest.mark.parametrize("version", VERSIONS)
def test_each_version_says_where_its_sources_end(version: str) -> None:
    assert CHAIN[version].ends
    assert len({CHAIN[each].ends for each in VERSIONS}) == len(VERSIONS)


@pytest.mark.parametrize(("class_id", "code"), CLASS_VERSIONS)
def test_versions_of_the_classes(class_id: int, code: str) -> None:
    found = [CHAIN[version].find(class_id, LogicalName(code)) for version in VERSIONS]
    assert (
        "".join("-" if each is None else str(each.version) for each in found)
        == CLASS_VERSIONS[class_id, code]
    )


@pytest.mark.parametrize("version", VERSIONS)
def test_the_public_client_is_16_without_security_and_management_1(version: str) -> None:
    public, management = CHAIN[version].association("public"), CHAIN[version].association("management")
    assert public is not None
    assert management is not None
    assert (public.client_sap, public.server_sap, public.mechanism, public.ciphered) == (16, 1, 0, False)
    assert (management.client_sap, management.server_sap) == (1, 1)
    assert (management.ciphered, management.suite, {*management.policy}) == (True, 0, PROTECTED)
    assert str(management.association) == "0.0.40.0.0.255"


def test_management_has_a_password_in_dsmr_2_2_and_gmac_since() -> None:
    found = [CHAIN[version].association("management") for version in VERSIONS]
    assert [each.mechanism for each in found if each] == [1, 5, 5, 5, 5, 5, 5]
    assert [str(each.security_setup) for each in found if each] == ["None"] + ["0.0.43.0.0.255"] * 6


@pytest.mark.parametrize("version", VERSIONS)
def test_the_public_client_reads_the_counter_of_management_in_smr(version: str) -> None:
    management = CHAIN[version].association("management")
    counter = CHAIN[version].find(1, LogicalName("0.0.43.1.0.255"))
    assert management is not None
    if version.startswith("dsmr"):
        assert (management.invocation_counter, counter) == (None, None)
    else:
        assert str(management.invocation_counter) == "0.0.43.1.0.255"
        assert counter is not None
        assert counter.access["public"].readable == {1, 2}
        assert not counter.access["public"].writable
        assert counter.attributes[2].type == "double-long-unsigned"


def test_pushes_go_to_client_102_where_they_are_messages_of_dlms() -> None:
    found = {name: device.association("pre_established") for name, device in CHAIN.items()}
    assert {name: each.client_sap for name, each in found.items() if each} == {
        "dsmr_2_2": 102,
        **dict.fromkeys(SMR_5, 102),
    }
    assert all(each.pre_established and not each.ciphered for each in found.values() if each)
    first = found["dsmr_2_2"]
    assert first is not None
    assert first.server_sap == 103


@pytest.mark.parametrize("version", VERSIONS)
def test_meters_are_reached_over_the_wrapper_and_known_by_no_name(version: str) -> None:
    assert CHAIN[version].link.start == "wrapper"
    assert CHAIN[version].match == ()


@pytest.mark.parametrize("version", VERSIONS)
def test_the_clock_runs_in_central_european_time(version: str) -> None:
    clock = entry(CHAIN[version], 8, "0.0.1.0.0.255")
    assert (clock.attributes[3].value, clock.attributes[7].value, clock.attributes[9].value) == (-60, 60, 1)
    # Last Sunday of March, 2:00 at UTC+1, and of October, 3:00 at UTC+2 with daylight saving on.
    assert clock.attributes[5].value == bytes.fromhex("FFFF 03 FE 07 02 00 00 00 FFC4 00")
    assert clock.attributes[6].value == bytes.fromhex("FFFF 0A FE 07 03 00 00 00 FF88 80")
    assert clock.access["management"].writable == {2, 3, 5, 6, 8}


def test_breaker_limiter_and_valve_went_with_dsmr_4_2_2() -> None:
    gone = {
        70: ("0.0.96.3.10.255", "0.1.24.4.0.255", "0.4.24.4.0.255"),
        71: ("0.0.17.0.0.255",),
        7: ("0.0.99.98.2.255", "0.3.24.5.0.255"),
    }
    for class_id, codes in gone.items():
        for code in codes:
            present = [CHAIN[version].find(class_id, LogicalName(code)) is not None for version in VERSIONS]
            assert present == [True] + [False] * 6, code


def test_there_are_four_channels_for_other_meters() -> None:
    for version in VERSIONS:
        find = CHAIN[version].find
        assert all(find(72, LogicalName(f"0.{channel}.24.1.0.255")) for channel in (1, 2, 3, 4))
        assert not any(find(72, LogicalName(f"0.{channel}.24.1.0.255")) for channel in (0, 5))


@pytest.mark.parametrize("version", VERSIONS)
def test_an_m_bus_client_refers_to_the_port_and_its_identity_is_written(version: str) -> None:
    client = entry(CHAIN[version], 72, "0.2.24.1.0.255")
    assert client.attributes[2].value == bytes((0, 0, 24, 6, 0, 255))
    assert client.attributes[4].value == 0
    assert client.access["management"].writable == {4, 5, 6, 7, 8, 9}


def test_an_m_bus_client_of_version_0_has_the_key_status_of_version_1_from_dsmr_4_on() -> None:
    assert max(dsmr_2_2.CATALOGUE[72, 0].ATTRIBUTES) == 12
    for package in (dsmr_4_2_2, smr_4_3):
        names = {index: each.name for index, each in package.CATALOGUE[72, 0].ATTRIBUTES.items()}
        assert (names[13], names[14]) == ("configuration", "encryption_key_status")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_single_phase_meter_has_nothing_of_l2_and_l3(version: str) -> None:
    device = CHAIN[version]
    single, polyphase = ({each.name for each in device.objects_of(kind)} for kind in device.variants)
    assert list(device.variants) == ["single_phase", "polyphase"]
    assert single < polyphase
    assert not any(name.endswith(("_l2", "_l3")) for name in single)
    assert {name for name in polyphase if name.endswith("_l2")} == {
        f"{name.removesuffix('_l1')}_l2" for name in single if name.endswith("_l1")
    }


def test_phase_outages_and_last_gasps_are_tested_in_polyphase_meters() -> None:
    device = CHAIN["smr_5_5"]
    for code in ("0.0.15.1.4.255", "0.0.15.2.4.255"):
        assert device.find(22, LogicalName(code), "single_phase") is None
        assert entry(device, 22, code, "polyphase").access["management"].writable == {4}


def test_flags_of_the_configuration_are_a_bit_string_from_the_first_bit_on() -> None:
    old = entry(dsmr_4_2_2.DEVICE, 1, "0.1.94.31.3.255")
    assert old.attributes[2].type == "MeterConfiguration"
    found = decoded(dsmr_4_2_2.Dsmr422.configuration_object.value, "0202 1601 0410 5200")
    assert isinstance(found, dsmr_4_2_2.MeterConfiguration)
    assert found.gprs_operation_mode is dsmr_4_2_2.GprsOperationMode.ALWAYS_ON
    assert [*found.flags.names()] == ["discover_on_power_on", "p0_enable", "hls_5_on_p3_enable"]
    flags = decoded(smr_5_0.Smr50.configuration_object.value, "0410 1220")
    assert isinstance(flags, smr_5_0.ConfigurationFlags)
    assert [*flags.names()] == ["p0_enable", "hls_5_on_p3_enable", "direct_attach_at_power_on"]


def test_hls_6_and_7_and_no_older_ones_can_be_enabled_in_smr_5() -> None:
    assert {*dsmr_4_2_2.ConfigurationFlags.NAMES.values()} >= {"hls_3_on_p3_enable", "hls_4_on_p0_enable"}
    assert [*smr_5_0.ConfigurationFlags.NAMES.values()] == [
        "p0_enable", "hls_5_on_p3_enable", "hls_5_on_p0_enable", "direct_attach_at_power_on",
        "hls_6_on_p3_enable", "hls_7_on_p3_enable", "hls_6_on_p0_enable", "hls_7_on_p0_enable",
    ]  # fmt: skip
    assert "direct_attach_at_power_on" not in dsmr_4_2_2.ConfigurationFlags.NAMES.values()
    assert "direct_attach_at_power_on" in smr_4_3.ConfigurationFlags.NAMES.values()


@pytest.mark.parametrize("version", since("dsmr_4_2_2"))
def test_settings_of_the_requirements_have_their_types(version: str) -> None:
    found = {code: entry(CHAIN[version], 1, f"0.1.94.31.{code}.255").attributes[2].type for code in (0, 12)}
    assert found == {0: "enum AdministrativeStatus", 12: "RandomisationSettings"}
    assert writers(CHAIN[version], 1, "0.1.94.31.0.255", 2) == {"management"}


@pytest.mark.parametrize(
    ("older", "newer", "line"),
    [
        ("dsmr_2_2", "dsmr_4_2_2", "object association_ln: class: 15 version 0 → 15 version 1"),
        ("dsmr_2_2", "dsmr_4_2_2", "association management: mechanism: 1 → 5"),
        ("dsmr_2_2", "dsmr_4_2_2", "object image_transfer: is new"),
        ("dsmr_2_2", "dsmr_4_2_2", "object disconnect_control: is gone"),
        ("dsmr_4_2_2", "smr_4_3", "object invocation_counter: is new"),
        ("smr_4_3", "smr_5_0", "object association_ln: class: 15 version 1 → 15 version 3"),
        ("smr_4_3", "smr_5_0", "object instantaneous_current_l1 attribute 3: scaler: 0 → -2"),
        ("smr_4_3", "smr_5_0", "object average_active_power_import_l1: code: 1.0.21.24.0.255 → 1.0.21.4.0.255"),
        ("smr_4_3", "smr_5_0", "object consumer_message_code: is gone"),
        ("smr_5_0", "smr_5_1", "object auxiliary_event_log: is new"),
        ("smr_5_1", "smr_5_2", "object alarm_register_2: is new"),
        ("smr_5_2", "smr_5_5", "object push_setup_udp: is new"),
        ("smr_5_2", "smr_5_5", "object last_gasp_test: is new"),
    ],
)  # fmt: skip
def test_diff_names_what_a_step_adds_changes_and_removes(older: str, newer: str, line: str) -> None:
    found = differences(older, newer)
    assert any(line in each for each in found), found
