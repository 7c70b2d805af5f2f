"""Meter files are read strictly; every mistake is told with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.sim import METERS, Meter, MeterFileError, load_meter_file, read_meter

HEAD = """\
meter: {manufacturer: XYZ, serial: 1, type: T, installed: 2024-01-01}
loads: {import: {annual: 1000, shape: flat}}
associations:
  - {name: public, client: 16}
objects:
"""
CLOCK = "  - {class: clock, logical_name: 0.0.1.0.0.255}\n"
ENERGY = "  - {class: 3, logical_name: 1.0.1.8.0.255, value: {source: energy.import, type: double-long-unsigned}}\n"
REGISTER = HEAD + "  - {class: 3, logical_name: 1.0.1.8.0.255, "
PROFILE = HEAD + "  - {class: 7, logical_name: 1.0.99.1.0.255, "


def mistakes(text: str) -> list[str]:
    with pytest.raises(MeterFileError) as error:
        Meter(read_meter(text, "m.yaml"), now=lambda: 1.7e9)
    return error.value.mistakes


def test_a_small_file_is_a_meter() -> None:
    assert len(Meter(read_meter(HEAD + CLOCK + ENERGY), now=lambda: 1.7e9).logical_device.objects) == 5


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("§", "empty"),
        ("§[1, 2]", "mapping"),
        ("§meters: 1", "no key 'meters'"),
        ("a: &x 1\nb: §*x", "aliases"),
        (HEAD + CLOCK + "  - §{class: clock, logical_name: 0.0.1.0.0.255}", "second object 0.0.1.0.0.255"),
        (HEAD + "  - {class: 3, §class: 3}", "twice"),
        (HEAD + "  - §{logical_name: 1.0.1.8.0.255}", "'class' is missing"),
        (HEAD + "  - {class: §999, logical_name: 1.0.1.8.0.255}", "no class"),
        (HEAD + "  - {class: §7.9, logical_name: 1.0.1.8.0.255}", "versions 0, 1"),
        (HEAD + "  - {class: 3, logical_name: §1.0.1.8.999.255}", "OBIS"),
        (REGISTER + "§scaler: 1}", "no key 'scaler'"),
        (REGISTER + "value: §5}", "mapping"),
        (REGISTER + "value: {long: §70000}}", "long"),
        (REGISTER + "value: §{longer: 1}}", "type and its value"),
        (REGISTER + "value: §{source: energy.import}}", "type"),
        (REGISTER + "value: §{source: energy.x, type: long}}", "no load 'x'"),
        (REGISTER + "value: §{source: voltage.l2, type: long}}", "no phase"),
        (REGISTER + "value: §{source: heat, type: long}}", "nothing measures"),
        (REGISTER + "value: §{moment: end.quarter}}", "no time"),
        (REGISTER + "scaler_unit: {scaler: §300, unit: Wh}}", "between"),
        (REGISTER + "scaler_unit: {scaler: 0, unit: §kWh}}", "no 'kWh'"),
        (HEAD + "  - {class: 8, logical_name: 0.0.1.0.0.255, clock_base: §10:20}", "no '10:20'"),
        (PROFILE + "entries: 9, columns: [§1.0.2.8.0.255]}", "no object"),
        (HEAD + ENERGY + PROFILE[len(HEAD) :] + "entries: 9, columns: [§1.0.1.8.0.255 x]}", "'x'"),
        (PROFILE + "entries: §0, columns: []}", "between"),
        (
            HEAD + "  - {class: 18, logical_name: 0.0.44.0.0.255, image_transfer_enabled: §no}",
            "true or false",
        ),
        (HEAD.replace("16", "§400") + CLOCK, "between"),
        (HEAD.replace("flat", "§steep") + CLOCK, "household"),
        (HEAD.replace("{annual: 1000, ", "§{") + CLOCK, "'annual' is missing"),
        (HEAD.replace("2024-01-01", "§2024-13-01") + CLOCK, "no date"),
        (HEAD.replace("XYZ", "§XY") + CLOCK, "three letters"),
        (HEAD.replace("client: 16", "client: 16, rights: {default: §all}") + CLOCK, "read_write"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, says: str) -> None:
    """The mark § stands where the mistake is."""
    before = text[: text.index("§")].split("\n")
    found = mistakes(text.replace("§", ""))
    assert found[0].startswith(f"m.yaml:{len(before)}:{len(before[-1]) + 1}: ")
    assert says in found[0]


def test_what_is_no_yaml_is_told() -> None:
    assert mistakes("a: [")[0].startswith("m.yaml:1:5: ")


def test_passwords_do_not_show() -> None:
    file = read_meter(HEAD.replace("client: 16", "client: 1, password: hush") + CLOCK)
    meter = Meter(file, now=lambda: 1.7e9)
    assert "hush" not in repr(file) + repr(meter.logical_device.associations[1].policy)


def test_all_mistakes_are_told_at_once() -> None:
    text = (
        HEAD.replace("client: 16", "client: x")
        + "  - {class: none}\n  - {class: 3, logical_name: 1, value: 2}\n"
        + CLOCK
    )
    assert [line.split(": ")[0] for line in mistakes(text)] == ["m.yaml:6:13", "m.yaml:7:30", "m.yaml:4:28"]


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(MeterFileError, match="nowhere"):
        load_meter_file(Path("nowhere.yaml"))


def test_nesting_without_end_is_refused() -> None:
    assert "deep" in mistakes("[" * 1000)[0]


def test_the_meters_of_the_package_are_read_by_name() -> None:
    for path in METERS.glob("*.yaml"):
        assert load_meter_file(path.stem).name == path.stem


@given(
    st.integers(0, 10**6),
    st.sampled_from(["", "x", "{", "[", ": ", "\t", "'", "0x", "\n", "&a ", "\x07", "!!python/name:x "]),
)
def test_a_damaged_file_is_a_meter_or_an_error_with_a_place(position: int, piece: str) -> None:
    text = (METERS / "single_phase.yaml").read_text("utf-8")
    position %= len(text)
    found: list[str] = []
    try:
        Meter(read_meter(text[:position] + piece + text[position + 1 :], "m.yaml"), now=lambda: 1.7e9)
    except MeterFileError as error:
        found = error.mistakes
    assert all(line.startswith("m.yaml:") for line in found)
