"""Registers and profiles of the Dutch chain: units, periods, columns."""

from __future__ import annotations

import pytest
from tests.devices.dsmr import CHAIN, SMR_5, VERSIONS, since
from tests.devices.tables import columns, entry, unit

from cosem.core.obis import LogicalName

OLD, POLYPHASE = VERSIONS[:3], "polyphase"
RATES = ["1.0.1.8.1", "1.0.1.8.2", "1.0.2.8.1", "1.0.2.8.2"]
TIME, STATUS = "0.0.1.0.0", "0.0.96.10.2"
CHANNELS = (1, 2, 3, 4)
WITH_TIME = [text for channel in CHANNELS for text in (f"0.{channel}.24.2.1", f"0.{channel}.24.2.1 5")]

UNITS = {
    # code: scaler and unit up to SMR 4.3, and from SMR 5.0 on; None where there is none
    "1.0.1.8.0.255": ((0, "Wh"), (0, "Wh")),
    "1.0.2.8.2.255": ((0, "Wh"), (0, "Wh")),
    "1.0.32.24.0.255": ((0, "V"), (-1, "V")),
    "1.0.72.24.0.255": ((0, "V"), (-1, "V")),
    "1.0.31.7.0.255": ((0, "A"), (-2, "A")),
    "1.0.71.7.0.255": ((0, "A"), (-2, "A")),
    "1.0.90.7.0.255": ((0, "A"), (-2, "A")),
    "0.0.96.7.19.255": ((0, "s"), (0, "s")),
}
FROM_DSMR_4 = {
    "1.0.1.7.0.255": ((0, "W"), (0, "W")),
    "1.0.61.7.0.255": ((0, "W"), (0, "W")),
    "1.0.62.7.0.255": ((0, "W"), (0, "W")),
    "1.0.51.24.0.255": ((0, "A"), (-2, "A")),
    "1.0.21.24.0.255": ((0, "W"), None),
    "1.0.21.4.0.255": (None, (0, "W")),
    "1.0.44.24.0.255": ((0, "var"), None),
    "1.0.44.4.0.255": (None, (0, "var")),
}
OF_SMR_5_2 = {
    "1.0.32.34.0.255": (-1, "V"), "1.0.32.33.0.255": (-1, "s"),
    "1.0.72.38.0.255": (-1, "V"), "1.0.72.37.0.255": (-1, "s"),
    "1.0.31.38.124.255": (0, "%"), "1.0.51.7.124.255": (0, "%"), "1.0.71.36.124.255": (0, ""),
    "1.0.11.35.124.255": (0, "%"), "0.1.94.31.21.255": (0, "%"), "0.1.94.31.22.255": (0, "s"),
    "0.1.94.31.23.255": (0, "s"), "1.0.11.44.124.255": (0, "s"),
}  # fmt: skip

PROFILES: dict[str, list[tuple[list[str], int, int, list[str]]]] = {
    # code: versions, capture period, rows, columns
    "1.0.99.1.0.255": [(VERSIONS, 900, 960, [TIME, STATUS, "1.0.1.8.0", "1.0.2.8.0"])],
    "1.0.99.2.0.255": [
        (["dsmr_2_2"], 86400, 40, [TIME, STATUS, *RATES]),
        (since("dsmr_4_2_2", "smr_4_3"), 86400, 40, [TIME, STATUS, *RATES, *WITH_TIME]),
        (SMR_5, 86400, 40, [TIME, "0.0.96.10.4", *RATES]),
    ],
    "0.0.98.1.0.255": [
        (["dsmr_2_2"], 0, 13, [TIME, *RATES, *(f"0.{channel}.24.2.1" for channel in CHANNELS)]),
        (since("dsmr_4_2_2", "smr_4_3"), 0, 13, [TIME, *RATES, *WITH_TIME]),
    ],
    "1.0.98.1.0.255": [(SMR_5, 0, 13, [TIME, "0.0.96.10.6", *RATES])],
    "0.3.24.3.0.255": [
        (["dsmr_2_2"], 3600, 240, [TIME, "0.b.96.10.3", "0.b.24.2.1"]),
        (since("dsmr_4_2_2", "smr_4_3"), 3600, 240, [TIME, "0.b.96.10.3", "0.b.24.2.1", "0.b.24.2.1 5"]),
        (SMR_5, 3600, 240, [TIME, "0.b.96.10.3", "0.b.24.2.2", "0.b.24.2.2 5"]),
    ],
    "0.3.24.3.1.255": [(SMR_5, 86400, 40, [TIME, "0.b.96.10.5", "0.b.24.2.2", "0.b.24.2.2 5"])],
    "0.3.24.3.2.255": [(SMR_5, 0, 13, [TIME, "0.b.96.10.7", "0.b.24.2.2", "0.b.24.2.2 5"])],
    "1.0.99.97.0.255": [(VERSIONS, 0, 10, [TIME, "0.0.96.7.19"])],
    "1.0.99.1.1.255": [(SMR_5, 900, 960, [])],
    "1.0.99.1.2.255": [(SMR_5, 600, 1440, [])],
}


@pytest.mark.parametrize("version", VERSIONS)
def test_scalers_and_units(version: str) -> None:
    table = UNITS | (FROM_DSMR_4 if version != "dsmr_2_2" else {})
    for code, (old, new) in table.items():
        expected = old if version in OLD else new
        if expected is None:
            assert CHAIN[version].find(3, LogicalName(code)) is None, code
        else:
            assert unit(CHAIN[version], code, POLYPHASE) == expected, code


def test_powers_came_with_dsmr_4() -> None:
    assert not any(CHAIN["dsmr_2_2"].find(3, LogicalName(code)) for code in FROM_DSMR_4)


@pytest.mark.parametrize("version", since("smr_5_2"))
def test_units_of_sags_swells_and_harmonics(version: str) -> None:
    assert {code: unit(CHAIN[version], code, POLYPHASE) for code in OF_SMR_5_2} == OF_SMR_5_2
    assert not any(CHAIN["smr_5_1"].find(3, LogicalName(code)) for code in OF_SMR_5_2)


@pytest.mark.parametrize("version", VERSIONS)
def test_voltages_of_the_instant_have_no_unit_where_makers_differ(version: str) -> None:
    given = entry(CHAIN[version], 3, "1.0.32.7.0.255").attributes
    if version in ("dsmr_4_2_2", "smr_4_3"):
        assert 3 not in given
    else:
        assert unit(CHAIN[version], "1.0.32.7.0.255") == ((0 if version == "dsmr_2_2" else -1), "V")


@pytest.mark.parametrize("version", VERSIONS)
def test_energies_are_double_long_and_instantaneous_values_long(version: str) -> None:
    types = {
        each.name: each.attributes[2].type
        for each in CHAIN[version].objects
        if each.class_id == 3 and 2 in each.attributes
    }
    double = {name for name, each in types.items() if each == "double-long-unsigned"}
    energies = {name for name in types if name.startswith("active_energy")}
    assert len(energies) == 6
    assert energies <= double
    assert {name for name in double - energies if not name.startswith(("thd_", "duration_of_long"))} == set()
    assert {*types.values()} == {"double-long-unsigned", "long-unsigned"}


@pytest.mark.parametrize("code", PROFILES)
def test_profiles_with_period_rows_and_columns(code: str) -> None:
    known: list[str] = []
    for versions, period, rows, captured in PROFILES[code]:
        known += versions
        for version in versions:
            attributes = entry(CHAIN[version], 7, code).attributes
            assert (attributes[4].value, attributes[5].value, attributes[8].value) == (period, 1, rows)
            assert columns(CHAIN[version], code) == captured
    assert [each for each in VERSIONS if CHAIN[each].find(7, LogicalName(code))] == known


@pytest.mark.parametrize("version", since("dsmr_4_2_2"))
def test_the_client_defines_a_load_profile(version: str) -> None:
    profile = entry(CHAIN[version], 7, "0.1.94.31.6.255")
    assert profile.access["management"].writable == {3, 4, 8}
    assert (profile.attributes[5].value, profile.columns) == (1, ())


@pytest.mark.parametrize("version", SMR_5)
def test_m_bus_values_are_hourly_ones_and_ones_of_five_minutes(version: str) -> None:
    device = CHAIN[version]
    assert entry(device, 4, "0.4.24.2.2.255").name == "m_bus_value"
    assert entry(device, 4, "0.4.24.2.1.255").name == "m_bus_value_5_min"
    assert CHAIN["smr_4_3"].find(4, LogicalName("0.4.24.2.2.255")) is None
    texts = [entry(device, 4, f"0.1.24.2.{code}.255").attributes[2].type for code in (7, 8, 9, 10, 11)]
    assert texts == ["octet-string"] * 4 + ["octet-string(4)"]


def test_only_p1_shows_messages_and_the_tariff() -> None:
    present = [CHAIN[version].find(1, LogicalName("0.0.96.13.1.255")) is not None for version in VERSIONS]
    assert present == [True, True, True, False, False, False, False]
    for version in VERSIONS:
        assert entry(CHAIN[version], 1, "0.0.96.14.0.255").attributes[2].type == "octet-string(2)"
        assert entry(CHAIN[version], 1, "0.0.96.13.0.255").attributes[2].type == "octet-string"
