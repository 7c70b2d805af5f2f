"""Devices on the command line: listed, given by name, recognised; their names, types and units in what is read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.test_meter_commands import Ran
from tests.client import em3

from cosem.core.device import Device, Match
from cosem.core.device_registry import DescribedDevice, described_devices
from cosem.devices import NAMES


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with em3.served() as address:
        yield address


def test_devices_are_listed_with_what_is_said_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "devices")
    assert ran.status == 0
    lines = ran.out.splitlines()
    assert {line.split()[0] for line in lines[1 : 1 + len(NAMES)]} >= {"example", "kamstrup_han"}
    (line,) = (line for line in lines if line.startswith("example "))
    assert "Example EM3" in line
    assert "public, management, customer" in line
    assert "FLAG ZZX, name ZZX3*, firmware 2.*" in line
    (line,) = (line for line in lines if line.startswith("kamstrup_han "))
    assert line.endswith("associations, objects")


def test_devices_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    found = {each["name"]: each for each in Ran(capsys, "devices", "--json").json}
    assert set(found) >= set(NAMES)
    example = found["example"]
    assert (example["objects"], example["extends"]) == (9, ["example_companion"])
    assert example["associations"][1] == {
        "name": "management",
        "client": 1,
        "server": 1,
        "mechanism": "high_level_security_gmac",
        "ciphered": True,
        "pre_established": False,
    }
    assert example["link"]["baud_rate"] == 115200
    assert example["quirks"] == ["empty_system_title", "inverted_deviation"]
    assert not example["untold"]
    assert all("example" in document.lower() for document in example["sources"])
    assert found["example_companion"]["untold"] == ["recognition"]
    assert found["iskra_ie5"]["ends"].startswith("What stands behind the currents (a limit, ")
    assert found["iskra_ie5"]["ends"].endswith("no octets of it are public.")


def test_one_device_is_shown_in_detail(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "devices", "example")
    rows = {line[:25].strip(): line[25:].strip() for line in ran.out.splitlines()}
    assert rows["association management"].endswith("high level security gmac, ciphered, suite 0")
    assert rows["quirk inverted_deviation"] == "Example EM3 (Push of an EM3 2024-05-02, 1)"
    assert Ran(capsys, "devices", "nothing").status == 2


def test_one_device_is_shown_with_where_its_sources_end(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "devices", "emis_elektra")
    _, _, said = ran.out.partition("\nsources end ")
    assert said.strip().startswith("Nothing that is read out of the meters is public")


@pytest.mark.parametrize("device", ["example", "auto"])
def test_what_is_read_has_the_devices_names_types_and_units(
    url: str, device: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ("1.0.1.8.0.255", "1.0.96.52.1.255", "0.0.96.51.1.255", "clock:0.0.1.0.0.255")
    energy, points, cause, clock = Ran(capsys, "read", url, *wanted, "--device", device, "--json").json
    assert (energy["object"], energy["value"]) == (
        "active_energy_import(e=0)",
        {"value": 1234567, "unit": "Wh"},
    )
    assert points["value"] == {"value": 2.5, "unit": "TP"}
    assert (cause["object"], cause["value"]) == ("last_cause", {"name": "magnet", "number": 2})
    assert clock["value"] == str(em3.NOON)
    table = Ran(capsys, "read", url, *wanted, "--device", device).out
    assert "last_cause" in table
    assert "2.5  TP" in table


def test_without_a_device_the_books_say_what_is_read(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    points, clock = Ran(capsys, "read", url, "1.0.96.52.1.255", "clock:0.0.1.0.0.255", "--json").json
    assert (points["object"], points["value"]["unit"]) == (None, "")
    assert clock["value"] == str(em3.NOON).replace("+01:00", "-01:00")


def test_objects_have_the_devices_names_and_classes(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    held = {
        each["logical_name"]: each for each in Ran(capsys, "objects", url, "--device", "auto", "--json").json
    }
    log = held["0.0.96.51.0.255"]
    assert (log["name"], log["class"]) == ("tamper_log", "Tamper log")
    assert held["0.0.42.0.0.255"]["name"] is None
    values = Ran(capsys, "objects", url, "--values", "--device", "example").out
    assert "Tamper log (8192)" in values
    assert "magnet" in values


def test_a_profile_has_the_devices_names_moments_and_units(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ("profile", url, "1.0.99.1.0.255", "--last", "2", "--json")
    found = Ran(capsys, *arguments, "--device", "example").json
    assert [(each["name"], each["unit"]) for each in found["columns"]] == [
        ("clock", None),
        ("active_energy_import(e=0)", "Wh"),
    ]
    assert found["rows"][1] == ["2024-03-02 11:45:00.00+01:00", 1095]
    assert Ran(capsys, *arguments).json["rows"][1][0] == "2024-03-02 11:45:00.00-01:00"


def test_a_dump_says_which_device_it_is_of(
    url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    out = tmp_path / "meter.json"
    assert Ran(capsys, "dump", url, "-o", str(out), "--device", "auto").status == 0
    whole = json.loads(out.read_text("utf-8"))
    assert whole["device"] == "example"
    held = {each["logical_name"]: each for each in whole["objects"]}
    events = held["0.0.96.51.0.255"]["attributes"]["2"]["value"]
    assert events == [{"at": str(em3.NOON), "cause": {"name": "cover", "number": 1}}]
    assert held["0.0.96.51.1.255"]["name"] == "last_cause"


def test_an_association_of_a_device_is_opened_by_its_name(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    command = ("read", url, "1/0.0.96.51.1.255/2", "--json", "--device", "example", "--association")
    assert Ran(capsys, *command, "customer", "--password", em3.PASSWORD).json[0]["object"] == "last_cause"
    for association, said in (("customer", "password"), ("management", "ciphered"), ("x", "no association")):
        ran = Ran(capsys, *command, association)
        assert (ran.status, said in ran.err) == (2, True)
    assert Ran(capsys, "read", url, "8/0.0.1.0.0.255/2", "--association", "x").status == 2
    assert Ran(capsys, "read", url, "8/0.0.1.0.0.255/2", "--device", "x").status == 2


def test_a_time_is_written_in_the_sense_of_the_device(capsys: pytest.CaptureFixture[str]) -> None:
    from tests.cli.meter import PASSWORD, served

    management = ("--client", "1", "--password", PASSWORD, "--device", "example")
    reference = "clock:0.0.1.0.0.255"
    with served() as address:
        assert Ran(capsys, "write", address, reference, "2025-06-01 10:00:00+02:00", *management).status == 0
        turned = Ran(capsys, "read", address, reference, "--json", "--device", "example").json
        books = Ran(capsys, "read", address, reference, "--json").json
    assert turned[0]["value"] == "2025-06-01 10:00:00+02:00"
    assert books[0]["value"] == "2025-06-01 10:00:00-02:00"


def test_a_meter_that_no_description_fits_is_read_by_the_books(capsys: pytest.CaptureFixture[str]) -> None:
    with em3.served(em3.meter(name=b"XYZ1")) as address:
        ran = Ran(capsys, "read", address, "1.0.1.8.0.255", "--device", "auto", "--json")
    assert (ran.status, ran.json[0]["object"]) == (0, None)
    assert ran.err == "no known device fits this meter\n"


def test_a_meter_that_two_descriptions_fit_is_an_error(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    twin = DescribedDevice(Device("twin", "Twin", match=(Match("ZZX"),)), "twin", installed=True)
    known = described_devices() | {"twin": twin}
    monkeypatch.setattr("cosem.core.device_registry.described_devices", lambda: known)
    ran = Ran(capsys, "read", url, "1.0.1.8.0.255", "--device", "auto")
    assert ran.status == 2
    assert "all fit" in ran.err
