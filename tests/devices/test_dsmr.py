"""DSMR and SMR meters of the Netherlands: what each version of the requirements has, and how it differs."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from cosem.codegen.diff import compare, load_states
from cosem.core.device import Device
from cosem.core.obis import LogicalName
from cosem.devices import dsmr_2_2, dsmr_4_2_2, smr_4_3, smr_5_0, smr_5_1, smr_5_2, smr_5_5

SPEC = Path(__file__).parents[2] / "spec"
CHAIN = {
    "dsmr_2_2": dsmr_2_2.DEVICE,
    "dsmr_4_2_2": dsmr_4_2_2.DEVICE,
    "smr_4_3": smr_4_3.DEVICE,
    "smr_5_0": smr_5_0.DEVICE,
    "smr_5_1": smr_5_1.DEVICE,
    "smr_5_2": smr_5_2.DEVICE,
    "smr_5_5": smr_5_5.DEVICE,
}
STEPS = list(zip(list(CHAIN), list(CHAIN)[1:], strict=False))


def names(device: Device) -> set[str]:
    return {each.name for each in device.objects}


def code(text: str) -> LogicalName:
    return LogicalName(text)


@cache
def differences(older: str, newer: str) -> list[str]:
    """The lines that ``cosem-codegen diff`` prints for two overlays."""
    overlays = SPEC / "overlays"
    before, after = load_states(str(overlays / f"{older}.yaml"), str(overlays / f"{newer}.yaml"), SPEC)
    return [str(each) for each in compare(before, after)]


@pytest.mark.parametrize(("older", "newer"), STEPS)
def test_each_version_extends_the_one_before(older: str, newer: str) -> None:
    assert older in CHAIN[newer].extends


@pytest.mark.parametrize(
    ("older", "newer", "counts"),
    [
        ("dsmr_2_2", "dsmr_4_2_2", (49, 37, 0, 86)),
        ("dsmr_4_2_2", "smr_4_3", (86, 1, 0, 87)),
        ("smr_4_3", "smr_5_0", (87, 20, 3, 104)),
        ("smr_5_0", "smr_5_1", (104, 4, 0, 108)),
        ("smr_5_1", "smr_5_2", (108, 39, 0, 147)),
        ("smr_5_2", "smr_5_5", (147, 4, 0, 151)),
    ],
)
def test_each_step_adds_and_removes_what_its_source_does(
    older: str, newer: str, counts: tuple[int, int, int, int]
) -> None:
    before, after = names(CHAIN[older]), names(CHAIN[newer])
    assert (len(before), len(after - before), len(before - after), len(after)) == counts


@pytest.mark.parametrize(
    ("older", "newer", "line"),
    [
        ("dsmr_2_2", "dsmr_4_2_2", "object association_ln: class: 15 version 0 → 15 version 1"),
        ("dsmr_2_2", "dsmr_4_2_2", "association management: mechanism: 1 → 5"),
        ("dsmr_2_2", "dsmr_4_2_2", "object image_transfer: is new"),
        ("smr_4_3", "smr_5_0", "object association_ln: class: 15 version 1 → 15 version 3"),
        ("smr_4_3", "smr_5_0", "object instantaneous_voltage_l1 attribute 3: scaler: 0 → -1"),
        (
            "smr_4_3",
            "smr_5_0",
            "object average_active_power_import_l1: code: 1.0.21.24.0.255 → 1.0.21.4.0.255",
        ),
        ("smr_4_3", "smr_5_0", "object daily_values_combined: is gone"),
        ("smr_5_1", "smr_5_2", "object alarm_register_2: is new"),
        ("smr_5_2", "smr_5_5", "object push_setup_udp: is new"),
        ("smr_5_2", "smr_5_5", "object last_gasp_test: is new"),
    ],
)
def test_diff_names_what_a_step_adds_changes_and_removes(older: str, newer: str, line: str) -> None:
    found = differences(older, newer)
    assert any(line in each for each in found), found


@pytest.mark.parametrize(
    ("version", "class_id", "text", "class_version"),
    [
        ("dsmr_2_2", 15, "0.0.40.0.0.255", 0),
        ("dsmr_4_2_2", 15, "0.0.40.0.0.255", 1),
        ("smr_4_3", 15, "0.0.40.0.0.255", 1),
        ("smr_5_0", 15, "0.0.40.0.0.255", 3),
        ("smr_5_5", 15, "0.0.40.0.0.255", 3),
        ("dsmr_4_2_2", 72, "0.4.24.1.0.255", 0),
        ("smr_5_0", 72, "0.4.24.1.0.255", 1),
        ("dsmr_4_2_2", 40, "0.1.25.9.0.255", 0),
        ("smr_5_5", 40, "0.3.25.9.0.255", 0),
    ],
)
def test_versions_of_the_classes(version: str, class_id: int, text: str, class_version: int) -> None:
    found = CHAIN[version].find(class_id, code(text))
    assert found is not None
    assert found.version == class_version


def test_there_are_four_channels_for_other_meters() -> None:
    find = dsmr_2_2.DEVICE.find
    assert all(find(4, code(f"0.{channel}.24.2.1.255")) for channel in (1, 2, 3, 4))
    assert find(4, code("0.5.24.2.1.255")) is None


def test_only_polyphase_meters_have_a_second_and_a_third_phase() -> None:
    single = {each.name for each in smr_5_5.DEVICE.objects_of("single_phase")}
    assert "instantaneous_voltage_l1" in single
    assert not {"instantaneous_voltage_l2", "instantaneous_voltage_l3", "last_gasp_test"} & single


@pytest.mark.parametrize("version", list(CHAIN)[1:])
def test_management_is_client_1_with_gmac_in_suite_0(version: str) -> None:
    management, public = CHAIN[version].association("management"), CHAIN[version].association("public")
    assert management is not None
    assert public is not None
    assert (management.client_sap, management.mechanism, management.ciphered, management.suite) == (
        1,
        5,
        True,
        0,
    )
    assert (public.client_sap, public.mechanism, public.ciphered) == (16, 0, False)


def test_gas_is_captured_by_the_hour_with_status_and_time_of_the_reading() -> None:
    profile = dsmr_4_2_2.DEVICE.find(7, code("0.2.24.3.0.255"))
    assert profile is not None
    assert [(column.class_id, column.attribute) for column in profile.columns] == [
        (8, 2),
        (1, 2),
        (4, 2),
        (4, 5),
    ]
    assert profile.attributes[4].value == 3600


def test_alarm_registers_are_read_by_bit() -> None:
    assert list(dsmr_2_2.AlarmRegister1(1 << 27).names()) == ["new_m_bus_device_discovered_channel_4"]
    assert list(smr_5_2.AlarmRegister2(1 << 5).names()) == ["voltage_swell_in_phase_detected_l3"]
    assert list(smr_5_5.AlarmRegister3(1 << 1).names()) == ["last_gasp_test"]
    for version, number in ((dsmr_2_2, 1), (smr_5_2, 2), (smr_5_5, 3)):
        for at in (number - 1, number + 9):
            found = version.DEVICE.find(1, code(f"0.0.97.98.{at}.255"))
            assert found is not None
            assert found.attributes[2].type == f"bits AlarmRegister{number}"


def test_status_of_a_profile_row_is_read_by_bit() -> None:
    assert list(dsmr_2_2.AmrProfileStatus(0x80).names()) == ["power_down"]
    assert list(dsmr_2_2.AmrProfileStatus(0x20).names()) == ["clock_adjusted"]
    status = smr_5_0.DEVICE.find(1, code("0.1.96.10.3.255"))
    assert status is not None
    assert status.attributes[2].type == "bits AmrProfileStatus"


@pytest.mark.parametrize("version", ["smr_5_0", "smr_5_1", "smr_5_2", "smr_5_5"])
def test_the_public_client_reads_the_counter_of_management(version: str) -> None:
    management = CHAIN[version].association("management")
    assert management is not None
    assert management.invocation_counter == code("0.0.43.1.0.255")
    counter = CHAIN[version].find(1, code("0.0.43.1.0.255"))
    assert counter is not None
    assert 2 in counter.access["public"].readable
    assert dsmr_4_2_2.DEVICE.find(1, code("0.0.43.1.0.255")) is None
