"""UNI/TS 11291: gas meters of Italy, their tariff plan, events, profiles and compact frames."""

from __future__ import annotations

import pytest

from cosem.core.data import Data
from cosem.core.device import DeviceAssociation, DeviceObject, Quirk
from cosem.core.obis import LogicalName
from cosem.devices.uni_ts_11291 import CATALOGUE, DEVICE, EventCode, UniTs11291, ValveClosureCause
from cosem.devices.uni_ts_11291.c8192_tariff_plan import TariffPlanV0
from cosem.devices.uni_ts_11291.c8192_tariff_plan_types import TariffBand, TariffInterval
from cosem.model.types.units import Unit

GMAC = 5
ROLES = {"public": 16, "management": 1, "installer_maintainer": 3, "guarantor_authority": 48, "broadcast": 32}
"""The client of each, which is also the suffix of its association."""
COMPACT_FRAMES = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 14, 15, 16, 22, 41, 47, 48, 49, 51}
GURUX_COMPACT_FRAMES = {1, 2, 4, 6, 7, 9, 10, 11}
PROFILES = {
    "7.0.99.98.0.255": [
        "0.0.1.1.0.255",
        "0.0.96.15.2.255",
        "0.0.96.11.2.255",
        "7.1.96.5.1.255",
        "0.0.40.0.0.255",
    ],
    "7.0.99.99.3.255": ["0.0.1.1.0.255", "7.1.96.5.1.255", "7.0.13.2.0.255", "7.0.12.2.0.255"],
    "7.0.99.16.0.255": ["0.0.96.15.1.255", "0.0.16.2.0.255"],
    "0.0.21.0.3.255": ["0.0.1.1.0.255", "0.1.25.2.0.255"],
    "7.0.99.98.3.255": ["0.0.1.1.0.255", "0.0.96.15.4.255", "0.0.96.11.4.255", "0.1.25.2.0.255"],
}
CONTENT_A = [
    ("0.0.1.1.0.255", 2),
    ("0.1.96.5.4.255", 2),
    ("0.0.96.3.10.255", 2),
    ("0.0.96.3.10.255", 3),
    ("0.0.96.15.1.255", 2),
    ("0.0.96.15.2.255", 2),
    ("7.1.96.5.1.255", 2),
    ("7.0.13.2.0.255", 2),
    ("7.0.12.2.0.255", 2),
    ("7.0.0.1.0.255", 2),
    ("0.0.43.1.1.255", 2),
    ("0.0.94.39.40.255", 2),
]
PLAN = bytes.fromhex(
    "0204 1101"
    "0102"
    "0205 1101 110A 0105 11A0 11C8 1100 1100 1100 0105 11A0 1100 1100 1100 1100 0105 11E0 1100 1100 1100 1100"
    "0205 1101 1104 0105 11A0 1100 1100 1100 1100 0105 11A0 1100 1100 1100 1100 0105 11E0 1100 1100 1100 1100"
    "040B FFE0"
    "0101 120C18"
)
"""A plan in wire order: band f1, two seasons of three times five intervals, holidays, one special day."""


def found(class_id: int, code: str) -> DeviceObject:
    row = DEVICE.find(class_id, LogicalName(code))
    assert row is not None
    return row


def role(name: str) -> DeviceAssociation:
    association = DEVICE.association(name)
    assert association is not None
    return association


@pytest.mark.parametrize(("name", "client"), ROLES.items())
def test_every_role_has_its_client_and_its_own_association(name: str, client: int) -> None:
    association = role(name)
    assert association.client_sap == client
    assert association.association == LogicalName(f"0.0.40.0.{client}.255")
    assert association.mechanism == (0 if name == "public" else GMAC)
    assert association.ciphered is (name != "public")


def test_management_is_ciphered_with_suite_0_and_counts_at_its_own_counter() -> None:
    management = role("management")
    assert management.suite == 0
    assert management.policy == {"authenticated_request", "encrypted_request"}
    assert management.security_setup == LogicalName("0.0.43.0.1.255")
    assert management.invocation_counter == LogicalName("0.0.43.1.1.255")


def test_the_server_may_have_no_system_title_and_its_deviation_is_local_minus_utc() -> None:
    assert set(DEVICE.quirks) == {Quirk.EMPTY_SYSTEM_TITLE, Quirk.INVERTED_DEVIATION}


def test_a_tariff_plan_is_typed_to_its_last_octet() -> None:
    assert CATALOGUE[8192, 0] is TariffPlanV0
    assert [*TariffPlanV0.ATTRIBUTES] == [1, 2, 3, 4, 5]
    assert not TariffPlanV0.METHODS
    plan = TariffPlanV0.ATTRIBUTES[4].codec.decode(PLAN)
    assert plan.default_tariff_band is TariffBand.F1
    winter, summer = plan.seasons
    assert (winter.day_of_month, winter.month, summer.month) == (1, 10, 4)
    first, second = winter.working_day_intervals[:2]
    assert first == TariffInterval.USED | TariffInterval.BAND_1
    assert second == TariffInterval.USED | TariffInterval.BAND_2 | TariffInterval.HOUR_8
    assert plan.special_days == [0x0C18]
    assert TariffPlanV0.ATTRIBUTES[4].codec.encode_data(plan) == Data(PLAN)


def test_the_active_plan_is_read_and_the_passive_one_written() -> None:
    assert found(8192, "0.0.94.39.21.255").access["management"].writable == frozenset()
    assert found(8192, "0.0.94.39.22.255").access["management"].writable == {2, 3, 4, 5}


@pytest.mark.parametrize("code", ["0.0.96.11.2.255", "0.0.96.11.1.255"])
def test_event_codes_are_named(code: str) -> None:
    assert found(1, code).attributes[2].type == "enum EventCode"


@pytest.mark.parametrize(
    ("number", "member"),
    [
        (1, "DEVICE_RESET"),
        (31, "VALVE_OPENED"),
        (80, "TAMPERING_BEGINS"),
        (90, "BILLING_PERIOD_CLOSED_IN_TIME"),
        (120, "AUTHENTICATION_ERROR"),
        (141, "ORPHAN_MODE_BEGINS"),
        (181, "INSTALLER_MAINTAINER_ASSOCIATION_DISABLED"),
    ],
)
def test_event_codes_mean_what_the_outline_says(number: int, member: str) -> None:
    assert EventCode(number).name == member
    assert UniTs11291.event_code.value.codec.decode(bytes([17, number])) is EventCode(number)


def test_there_are_180_event_codes_and_143_is_reserved() -> None:
    assert {each.value for each in EventCode} == set(range(1, 182)) - {143}


def test_an_unknown_event_code_stays_a_number() -> None:
    assert int(UniTs11291.event_code.value.codec.decode(bytes([17, 200]))) == 200


def test_the_cause_of_a_closed_valve_is_the_code_of_its_event() -> None:
    cause = UniTs11291.valve_closure_cause.value.codec.decode(bytes([17, 107]))
    assert cause is ValveClosureCause.MISSING_COMMUNICATION
    assert ValveClosureCause(0) is ValveClosureCause.NONE


@pytest.mark.parametrize("number", sorted(COMPACT_FRAMES))
def test_a_compact_frame_has_the_number_of_its_template(number: int) -> None:
    row = found(62, f"0.0.66.0.{number}.255")
    assert row.attributes[4].value == number
    assert (row.variants == ("pp4",)) is (number not in GURUX_COMPACT_FRAMES)


def test_there_are_no_other_compact_frames() -> None:
    assert len([row for row in DEVICE.objects if row.class_id == 62]) == len(COMPACT_FRAMES)


def test_what_is_pushed_at_least_is_content_a() -> None:
    columns = found(62, "0.0.66.0.47.255").columns
    assert [(each.codes.text, each.attribute) for each in columns] == CONTENT_A


def test_contents_b_and_c_add_days_and_billing_to_content_a() -> None:
    a, b, c = ([each.codes.text for each in found(62, f"0.0.66.0.{n}.255").columns] for n in (47, 48, 49))
    assert [each for each in b if each not in a] == ["7.0.99.99.3.255"]
    assert [each for each in c if each not in b] == ["7.0.98.11.0.255"]


@pytest.mark.parametrize(("code", "columns"), PROFILES.items())
def test_a_profile_captures_its_columns(code: str, columns: list[str]) -> None:
    row = found(7, code)
    assert row.version == 1
    assert [each.codes.text for each in row.columns] == columns


def test_the_user_who_caused_an_event_is_captured() -> None:
    last = found(7, "7.0.99.98.0.255").columns[-1]
    assert (last.class_id, last.attribute) == (15, 11)


@pytest.mark.parametrize(
    ("code", "scaler", "unit"),
    [
        ("7.0.13.2.0.255", -3, 14),
        ("7.0.13.2.3.255", -3, 14),
        ("7.128.13.2.0.255", -4, 14),
        ("0.1.96.6.6.255", 0, 6),
    ],
)
def test_volumes_are_in_converted_cubic_metres_and_batteries_in_minutes(
    code: str, scaler: int, unit: int
) -> None:
    prescribed = found(3, code).attributes[3]
    assert prescribed.scaler == scaler
    assert prescribed.unit is Unit(unit)


@pytest.mark.parametrize(
    ("variant", "code", "listed"),
    [
        ("pp4", "0.0-1.94.39.52.255", True),
        ("pm1", "0.0-1.94.39.52.255", False),
        ("concentrator", "0.0.21.0.2.255", True),
        ("pp4", "0.0.21.0.2.255", False),
        ("pm1", "7.0.99.98.6.255", True),
        ("pp4", "7.0.13.2.0.255", True),
    ],
)
def test_only_its_own_kind_of_device_has_an_object(variant: str, code: str, listed: bool) -> None:
    assert (code in {row.codes.text for row in DEVICE.objects_of(variant)}) is listed


def test_a_meter_has_five_profiles_and_a_concentrator_ten_more() -> None:
    by_kind = {
        kind: [row for row in DEVICE.objects_of(kind) if row.class_id == 7] for kind in DEVICE.variants
    }
    assert {kind: len(rows) for kind, rows in by_kind.items()} == {"pp4": 5, "pm1": 6, "concentrator": 13}


def test_what_one_source_alone_tells_is_marked() -> None:
    assert "confidence: medium" in found(1, "0.0.94.39.50.255").origin.place
    assert "confidence" not in found(3, "7.0.13.2.0.255").origin.place
