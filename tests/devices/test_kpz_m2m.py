"""Meters of KPZ: what they have of SPODES, scalers, private objects, and columns of their own."""

from __future__ import annotations

import pytest
from tests.devices.tables import columns, decoded, entry, unit

from cosem.core.obis import LogicalName
from cosem.devices.kpz_m2m import DEVICE, KpzM2M, ParameterEvent
from cosem.devices.spodes import ParameterEvent as SpodesParameterEvent

POLYPHASE = "polyphase"


def test_kpz_is_a_maker_of_spodes() -> None:
    assert DEVICE.extends == ("spodes",)
    assert DEVICE.fits(flag="KPZ")
    assert not DEVICE.fits(flag="ELC")
    assert {each.name for each in DEVICE.associations} >= {"public_client", "reader", "configurator"}
    assert (DEVICE.link.window_size, DEVICE.link.maximum_pdu_size) == (1, 1024)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("1.0.1.7.0.255", (0, "W")), ("1.0.3.7.0.255", (0, "var")), ("1.0.9.7.0.255", (0, "VA")),
        ("1.0.32.7.0.255", (-3, "V")), ("1.0.71.7.0.255", (-3, "A")), ("1.0.12.7.0.255", (-3, "V")),
        ("1.0.14.7.0.255", (-3, "Hz")), ("1.0.12.134.0.255", (0, "%")), ("1.0.91.7.132.255", (-2, "%")),
        ("128.0.4.0.0.255", (-3, "V")), ("128.0.5.0.0.255", (-3, "A")),
    ],
)  # fmt: skip
def test_scalers(code: str, expected: tuple[int, str]) -> None:
    assert unit(DEVICE, code) == expected


def test_energies_have_a_unit_and_no_scaler_for_both_kinds_of_meters() -> None:
    assert unit(DEVICE, "1.0.1.8.0.255") == (None, "Wh")


@pytest.mark.parametrize(
    "class_id_and_code", [(1, "0.0.97.98.0.255"), (7, "0.0.99.98.10.255"), (40, "0.0.25.9.0.255")]
)
def test_what_the_meters_do_not_list_is_gone(class_id_and_code: tuple[int, str]) -> None:
    class_id, code = class_id_and_code
    assert DEVICE.find(class_id, LogicalName(code)) is None


def test_the_public_client_reads_identification() -> None:
    for code in ("0.0.96.1.0.255", "0.0.96.1.6.255", "0.0.0.2.0.255", "1.0.0.3.3.255", "1.0.0.4.2.255"):
        assert entry(DEVICE, 1, code).access["public_client"].readable == {1, 2}, code
    assert "public_client" not in entry(DEVICE, 1, "0.0.96.2.0.255").access


def test_dates_are_of_the_type_date_time() -> None:
    when = decoded(KpzM2M.last_configuration.value, "19 07E7 0C 12 01 14 1D 1B 00 8000 00")
    assert (str(when)[:19]) == "2023-12-18 20:29:27"


def test_a_code_of_its_own_beside_those_of_the_standard() -> None:
    assert decoded(KpzM2M.parameter_event.value, "12 0400") is ParameterEvent.DEVICE_CONFIGURATION_CHANGED
    assert {*ParameterEvent} - {*SpodesParameterEvent} == {1024}


def test_current_values_repeat_active_powers_and_go_on_with_energies_of_phases() -> None:
    captured = columns(DEVICE, "1.0.94.7.0.255", POLYPHASE)
    assert captured[22:29] == [f"1.0.{c}.7.0" for c in (21, 41, 61, 3, 21, 41, 61)]
    assert captured[29:33] == ["1.0.1.8.0", "1.0.2.8.0", "1.0.3.8.0", "1.0.4.8.0"]
    assert captured[33:] == [f"1.0.{c}.8.0" for c in (21, 41, 61, 22, 42, 62, 23, 43, 63, 24, 44, 64)]
    assert columns(DEVICE, "1.0.94.7.3.255", POLYPHASE)[1:] == [f"{each} 3" for each in captured[1:]]


@pytest.mark.parametrize(("number", "rows"), [(0, 1024), (1, 256), (3, 1024), (5, 128), (9, 512), (15, 64)])
def test_logs_have_as_many_rows_as_the_meters_say(number: int, rows: int) -> None:
    assert entry(DEVICE, 7, f"0.0.99.98.{number}.255").attributes[8].value == rows


def test_private_objects() -> None:
    assert entry(DEVICE, 1, "0.0.128.170.0.255").name == "iccid"
    assert entry(DEVICE, 1, "0.128.154.0.0.255").name == "ping_test"
    assert entry(DEVICE, 18, "0.0.44.0.128.255").version == 0
    assert columns(DEVICE, "0.0.99.13.0.255") == ["0.0.25.6.0", "0.0.25.6.0 6"]
