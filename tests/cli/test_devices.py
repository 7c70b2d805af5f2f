"""Devices on the command line: listed, given by name, recognised; their names, types and units in what is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli import meter
from tests.cli.test_meter_commands import Ran
from tests.client.described_meters import LOAD, NOON, PASSWORD, gas_meter, kpz_meter, served

from cosem.core.device import Device, Match
from cosem.core.device_registry import DescribedDevice, described_devices
from cosem.devices import NAMES

GAS = ("--device", "uni_ts_11291", "--association", "public")


@pytest.fixture(scope="module")
def gas() -> Iterator[str]:
    with served(gas_meter()) as address:
        yield address


@pytest.fixture(scope="module")
def kpz() -> Iterator[str]:
    with served(kpz_meter()) as address:
        yield address


def test_devices_are_listed_with_what_is_said_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "devices")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert {line.split()[0] for line in lines[1 : 1 + len(NAMES)]} >= {"kpz_m2m", "kamstrup_han"}
    (line,) = (line for line in lines if line.startswith("kpz_m2m "))
    assert "KPZ M2M" in line
    assert "public_client, reader, configurator" in line
    assert "FLAG KPZ" in line
    (line,) = (line for line in lines if line.startswith("kamstrup_han "))
    assert line.endswith("associations, objects")


def test_devices_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = {each["name"]: each for each in Ran(capsys, "devices", "--json").json}
    assert set(found) >= set(NAMES)
    gas = found["uni_ts_11291"]
    assert (gas["objects"], gas["extends"]) == (180, [])
    assert gas["associations"][1] == {
        "name": "management",
        "client": 1,
        "server": 1,
        "mechanism": "high_level_security_gmac",
        "ciphered": True,
        "pre_established": False,
    }
    assert gas["link"]["inactivity_timeout"] == 20000
    assert gas["quirks"] == ["empty_system_title", "inverted_deviation"]
    assert gas["untold"] == ["pushes", "recognition"]
    assert all("(UNI/TS 11291)" in document for document in gas["sources"])
    assert found["kpz_m2m"]["extends"] == ["spodes"]
    assert found["kpz_m2m"]["match"] == [{"flag": "KPZ", "device_name": "", "firmware": ""}]
    assert found["iskra_ie5"]["ends"].startswith("What stands behind the currents (a limit, ")
    assert found["iskra_ie5"]["ends"].endswith("no octets of it are public.")


def test_one_device_is_shown_in_detail(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "devices", "uni_ts_11291")
    rows = {line[:32].strip(): line[32:].strip() for line in ran.out.splitlines()}
    assert rows["association management"].endswith("high level security gmac, ciphered, suite 0")
    assert rows["quirk inverted_deviation"].startswith("UNI/TS 11291 (Italy.txt, ")
    assert Ran(capsys, "devices", "nothing").status == 2


def test_one_device_is_shown_with_where_its_sources_end(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "devices", "emis_elektra")
    _, _, said = ran.out.partition("\nsources end ")
    assert said.strip().startswith("Nothing that is read out of the meters is public")


def test_what_is_read_has_the_devices_names_types_and_units(
    gas: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ("7.0.13.2.0.255", "0.0.94.39.7.255", "clock:0.0.1.0.0.255")
    volume, cause, clock = Ran(capsys, "read", gas, *wanted, *GAS, "--json").json
    assert (volume["object"], volume["value"]) == ("converted_volume", {"value": 1234.567, "unit": "m³"})
    assert (cause["object"], cause["value"]) == ("valve_closure_cause", {"name": "leakage", "number": 102})
    assert clock["value"] == str(NOON)
    table = Ran(capsys, "read", gas, *wanted, *GAS).out
    assert "valve_closure_cause" in table
    assert "1234.567  m³" in table


def test_a_meter_that_is_recognised_is_read_as_one_that_is_named(
    kpz: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for device in ("kpz_m2m", "auto"):
        wanted = ("read", kpz, "1.0.1.8.0.255", "0.0.96.11.0.255", "--device", device, "--json")
        energy, event = Ran(capsys, *wanted).json
        assert (energy["object"], energy["value"]) == (
            "active_energy_import(e=0)",
            {"value": 1234567, "unit": "Wh"},
        )
        assert (event["object"], event["value"]) == (
            "voltage_event",
            {"name": "voltage_l2_missing", "number": 3},
        )


def test_without_a_device_the_books_say_what_is_read(gas: str, capsys: pytest.CaptureFixture[str]) -> None:
    cause, clock = Ran(capsys, "read", gas, "0.0.94.39.7.255", "clock:0.0.1.0.0.255", "--json").json
    assert (cause["object"], cause["value"]) == (None, 102)
    assert clock["value"] == str(NOON).replace("+01:00", "-01:00")


def test_objects_have_the_devices_names_and_classes(gas: str, capsys: pytest.CaptureFixture[str]) -> None:
    held = {each["logical_name"]: each for each in Ran(capsys, "objects", gas, *GAS, "--json").json}
    plan = held["0.0.94.39.21.255"]
    assert (plan["name"], plan["class"]) == ("active_tariff_plan", "Tariff plan")
    assert held["0.0.42.0.0.255"]["name"] == "logical_device_name"
    values = Ran(capsys, "objects", gas, "--values", *GAS).out
    assert "Tariff plan (8192)" in values
    assert "leakage" in values


def test_a_profile_has_the_devices_names_moments_and_units(
    gas: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("profile", gas, str(LOAD), "--last", "2", "--json")
    found = Ran(capsys, *arguments, *GAS).json
    assert [(each["name"], each["unit"]) for each in found["columns"]] == [
        ("clock", None),
        ("converted_volume", "m³"),
    ]
    assert found["rows"][1] == ["2024-03-02 11:45:00.00+01:00", 1.095]
    assert Ran(capsys, *arguments).json["rows"][1][0] == "2024-03-02 11:45:00.00-01:00"


def test_a_dump_says_which_device_it_is_of(
    gas: str, kpz: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    dumps: list[dict[str, Any]] = []
    for url, device in ((kpz, ("--device", "auto")), (gas, GAS)):
        assert Ran(capsys, "dump", url, "-o", str(tmp_path / "meter.json"), *device).status == 0
        dumps.append(json.loads((tmp_path / "meter.json").read_text("utf-8")))
    assert [each["device"] for each in dumps] == ["kpz_m2m", "uni_ts_11291"]
    held = {each["logical_name"]: each for each in dumps[1]["objects"]}
    plan = held["0.0.94.39.21.255"]
    assert plan["name"] == "active_tariff_plan"
    assert plan["attributes"]["4"]["value"]["default_tariff_band"] == {"name": "f2", "number": 2}
    assert held["0.0.94.39.8.255"]["attributes"]["2"]["value"] == str(NOON)


def test_an_association_of_a_device_is_opened_by_its_name(
    kpz: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("read", kpz, "1/0.0.96.11.0.255/2", "--json", "--device", "kpz_m2m", "--association")
    assert Ran(capsys, *command, "reader", "--password", PASSWORD).json[0]["object"] == "voltage_event"
    refused = (("reader", "password"), ("configurator", "high_level_security"), ("x", "no association"))
    for association, said in refused:
        ran = Ran(capsys, *command, association)
        assert (ran.status, said in ran.err) == (2, True)
    assert Ran(capsys, "read", kpz, "8/0.0.1.0.0.255/2", "--association", "x").status == 2
    assert Ran(capsys, "read", kpz, "8/0.0.1.0.0.255/2", "--device", "x").status == 2


def test_an_association_that_is_ciphered_is_refused(gas: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(
        capsys, "read", gas, "clock:0.0.1.0.0.255", "--device", "uni_ts_11291", "--association", "management"
    )
    assert (ran.status, "ciphered" in ran.err) == (2, True)


def test_a_time_is_written_in_the_sense_of_the_device(capsys: pytest.CaptureFixture[str]) -> None:
    management = ("--client", "1", "--password", meter.PASSWORD, "--device", "uni_ts_11291")
    reference = "clock:0.0.1.0.0.255"
    with meter.served() as address:
        assert Ran(capsys, "write", address, reference, "2025-06-01 10:00:00+02:00", *management).status == 0
        turned = Ran(capsys, "read", address, reference, "--json", *GAS).json
        books = Ran(capsys, "read", address, reference, "--json").json
    assert turned[0]["value"] == "2025-06-01 10:00:00+02:00"
    assert books[0]["value"] == "2025-06-01 10:00:00-02:00"


def test_a_meter_that_no_description_fits_is_read_by_the_books(capsys: pytest.CaptureFixture[str]) -> None:
    with served(kpz_meter(name=b"XYZ1")) as address:
        ran = Ran(capsys, "read", address, "1.0.1.8.0.255", "--device", "auto", "--json")
    assert (ran.status, ran.json[0]["object"]) == (0, None)
    assert ran.err == "no known device fits this meter\n"


def test_a_meter_that_two_descriptions_fit_is_an_error(
    kpz: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = DescribedDevice(Device("twin", "Twin", match=(Match("KPZ"),)), "twin", installed=True)
    known = described_devices() | {"twin": twin}
    monkeypatch.setattr("cosem.core.device_registry.described_devices", lambda: known)
    ran = Ran(capsys, "read", kpz, "1.0.1.8.0.255", "--device", "auto")
    assert ran.status == 2
    assert "all fit" in ran.err
