"""Commands that talk to a meter, over loopback, on every link."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.cli.meter import PASSWORD, served

from cosem.cli.app import run

MANAGEMENT = ["--client", "1", "--password", PASSWORD]
WATT_HOURS = {"name": "active_energy", "number": 30, "symbol": "Wh"}
BREAKER = "disconnect_control:0.0.96.3.10.255"


@pytest.fixture
def url() -> Iterator[str]:
    with served() as address:
        yield address


class Ran:
    """A command line that ran: status, standard output and standard error."""

    def __init__(self, capsys: pytest.CaptureFixture[str], *arguments: str) -> None:
        self.status = run(arguments)
        self.out, self.err = capsys.readouterr()

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@pytest.mark.parametrize("scheme", ["tcp", "udp", "hdlc+tcp"])
def test_a_register_is_read_in_its_unit_over_every_link(
    scheme: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with served(scheme) as address:
        ran = Ran(capsys, "read", address, "register:1.0.1.8.0.255", "1.0.32.7.0.255")
    assert ran.status == 0
    lines = [line.split() for line in ran.out.splitlines()]
    assert lines[1][0] == "1.0.1.8.0.255"
    assert lines[1][-2:] == ["1234.567", "kWh"]
    assert lines[2][-2:] == ["230.1", "V"]


@pytest.mark.parametrize(
    ("reference", "value"),
    [
        ("1.0.1.8.0.255", {"value": 1234567, "unit": "Wh"}),
        ("1-0:32.7.0", {"value": 230.1, "unit": "V"}),
        ("3/1.0.1.8.0.255/3", {"scaler": 0, "unit": {"name": "active_energy", "number": 30, "symbol": "Wh"}}),
        ("Register:0100010800FF/logical_name", "1.0.1.8.0.255"),
        ("clock:0.0.1.0.0.255", "2024-03-01 12:00:00.00+01:00"),
        ("clock:0.0.1.0.0.255/time_zone", -60),
        ("0.0.1.0.0.255.daylight_savings_enabled", True),
        (f"{BREAKER}/control_mode", {"name": "mode_4", "number": 4}),
        ("0.0.96.1.2.255", 7),
        ("activity_calendar:0.0.13.0.0.255", "77696E746572"),
        ("0.0.128.0.0.255/2", 9),
    ],
)
def test_attributes_go_by_many_names(
    url: str, reference: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    (answer,) = Ran(capsys, "read", url, reference, "--json").json
    assert answer["value"] == value


def test_what_is_refused_is_said_and_the_rest_is_read(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "read", url, "0.0.96.50.0.255", "0.0.96.1.2.255", "--json")
    assert ran.status == 1
    refused, read = ran.json
    assert refused["result"] == 3
    assert read["value"] == 7


@pytest.mark.parametrize(
    ("reference", "text", "value"),
    [
        ("0.0.96.1.2.255", "8", 8),
        ("0.0.96.1.2.255", '{"long-unsigned": 9}', 9),
        ("clock:0.0.1.0.0.255", "2025-06-01 10:00:00+02:00", "2025-06-01 10:00:00+02:00"),
        ("clock:0.0.1.0.0.255/time_zone", "-120", -120),
        ("clock:0.0.1.0.0.255/daylight_savings_enabled", "false", False),
        (f"{BREAKER}/control_mode", "MODE-2", {"name": "mode_2", "number": 2}),
        ("3/1.0.1.8.0.255/3", '{"scaler": 3, "unit": "active_energy"}', {"scaler": 3, "unit": WATT_HOURS}),
        ("3/1.0.1.8.0.255/3", '[4, {"number": 30}]', {"scaler": 4, "unit": WATT_HOURS}),
    ],
)
def test_what_was_written_is_read_again(
    url: str, reference: str, text: str, value: object, capsys: pytest.CaptureFixture[str]
) -> None:
    ran = Ran(capsys, "write", *MANAGEMENT, "--", url, reference, text)
    assert (ran.status, ran.err) == (0, "")
    (answer,) = Ran(capsys, "read", url, reference, "--json").json
    assert answer["value"] == value


def test_a_method_is_called_by_name_and_by_number(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    state = ("read", url, f"{BREAKER}/control_state", "--json")
    assert Ran(capsys, "call", url, f"{BREAKER}.remote_disconnect", *MANAGEMENT).status == 0
    assert Ran(capsys, *state).json[0]["value"]["name"] == "disconnected"
    assert Ran(capsys, "call", url, "70/0.0.96.3.10.255/2", "0", *MANAGEMENT).status == 0
    assert Ran(capsys, *state).json[0]["value"]["name"] == "connected"


def test_the_exit_status_says_who_is_to_blame(
    url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    wrong = tmp_path / "password"
    wrong.write_text("not-this\n")
    cases: list[tuple[int, list[str]]] = [
        (1, ["write", url, "0.0.96.1.2.255", "8"]),
        (1, ["call", url, f"{BREAKER}.remote_disconnect"]),
        (1, ["read", url, "1.0.1.8.0.255", "--client", "1", "--password-file", str(wrong)]),
        (1, ["read", url, "1.0.1.8.0.255", "--client", "1"]),
        (2, ["read", url, "1.0.99.99.99.255"]),
        (2, ["read", url, "nonsense:1.0.1.8.0.255"]),
        (2, ["read", url, "1.0.1.8.0.255/no_such"]),
        (2, ["read", "gopher://meter", "1.0.1.8.0.255"]),
        (2, ["read", url]),
        (2, ["read", url, "1.0.1.8.0.255", "--auth", "low"]),
        (2, ["read", url, "1.0.1.8.0.255", "--timeout", "0"]),
        (2, ["write", url, f"{BREAKER}/control_mode", "mode_99", *MANAGEMENT]),
        (2, ["write", url, f"{BREAKER}/control_mode", "300", *MANAGEMENT]),
        (2, ["write", url, "0.0.96.1.2.255", "70000", *MANAGEMENT]),
        (2, ["write", url, "0.0.96.1.2.255", "[" * 5000, *MANAGEMENT]),
        (2, ["call", url, f"{BREAKER}.no_such", *MANAGEMENT]),
        (2, ["profile", url, "1.0.99.1.0.255", "--entries", "x"]),
        (2, ["profile", url, "1.0.99.1.0.255", "--from", "yesterday"]),
        (2, ["profile", url, "1.0.99.1.0.255", "--last", "0"]),
        (3, ["read", "tcp://127.0.0.1:1", "1.0.1.8.0.255"]),
    ]
    for status, arguments in cases:
        ran = Ran(capsys, *arguments)
        assert (ran.status, arguments) == (status, arguments)
        assert ran.err
        assert "Traceback" not in ran.err


def test_errors_are_json_too_where_json_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    ran = Ran(capsys, "read", "tcp://127.0.0.1:1", "1.0.1.8.0.255", "--json")
    assert json.loads(ran.err)["kind"] == "ConnectionLost"


def test_a_password_comes_from_the_environment_and_never_shows(
    url: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COSEM_PASSWORD", PASSWORD)
    ran = Ran(capsys, "write", url, "0.0.96.1.2.255", "8", "--client", "1")
    assert ran.status == 0
    ran = Ran(capsys, "read", "--help")
    assert PASSWORD not in ran.out
    monkeypatch.setenv("COSEM_PASSWORD", "wrong-secret")
    ran = Ran(capsys, "read", url, "1.0.1.8.0.255", "--client", "1")
    assert ran.status == 1
    assert "wrong-secret" not in ran.out + ran.err


def test_objects_are_listed_with_rights_and_with_values(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    held = Ran(capsys, "objects", url, "--json").json
    rights = {item["logical_name"]: item["rights"] for item in held}
    assert rights["1.0.1.8.0.255"] == {"read": [1, 2, 3], "write": [], "invoke": []}
    assert rights["0.0.96.50.0.255"]["read"] == [1]
    values = Ran(capsys, "objects", url, "--values", "--json").json
    main = {item["logical_name"]: item.get("main", {}).get("value") for item in values}
    assert main["1.0.1.8.0.255"] == {"value": 1234567, "unit": "Wh"}
    assert main["0.0.128.0.0.255"] == 9
    assert main["1.0.99.1.0.255"] is None
    ran = Ran(capsys, "objects", url, "--values")
    assert "1234.567  kWh" in ran.out
    assert ran.out.rstrip().endswith(f"{len(held)} objects of 9 classes")


def test_what_a_meter_says_moves_no_cursor(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    texts = ("0.0.96.1.0.255", "0.0.96.1.1.255")
    for arguments in (["read", url, *texts], ["read", url, *texts, "--json"], ["objects", url, "--values"]):
        ran = Ran(capsys, *arguments)
        assert ran.status == 0
        assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)
    assert "[bold]markup[/bold]" in ran.out


def test_a_profile_is_a_table_csv_json_or_a_picture(url: str, capsys: pytest.CaptureFixture[str]) -> None:
    profile = ["profile", url, "1.0.99.1.0.255"]
    assert (
        Ran(capsys, *profile).out.splitlines()[1] == "2024-03-01 12:00:00.00+01:00                       1000"
    )
    rows = Ran(capsys, *profile, "--csv").out.splitlines()
    assert rows[0] == "clock,active_energy_import [Wh]"
    assert rows[-1] == "2024-03-01 13:45:00.00+01:00,2750"
    assert len(rows) == 9
    assert [row[1] for row in Ran(capsys, *profile, "--last", "2", "--json").json["rows"]] == [2500, 2750]
    assert [row[1] for row in Ran(capsys, *profile, "--entries", "2:3", "--json").json["rows"]] == [
        1250,
        1500,
    ]
    span = ["--from", "2024-03-01T12:30", "--to", "2024-03-01T13:00"]
    assert [row[1] for row in Ran(capsys, *profile, *span, "--json").json["rows"]] == [1500, 1750, 2000]
    picture = Ran(capsys, *profile, "--plot").out
    assert "active_energy_import, mean power" in picture
    assert "1000 ┤████" in picture  # 250 Wh in each quarter of an hour
    assert "2024-03-01 12:15" in picture


def test_a_dump_has_every_attribute_and_notes_what_it_could_not_read(
    url: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "meter.json"
    ran = Ran(capsys, "dump", url, "-o", str(file))
    assert (ran.status, ran.err) == (0, "")
    objects = {item["logical_name"]: item for item in json.loads(file.read_text())["objects"]}
    assert len(objects) == 16
    assert objects["1.0.1.8.0.255"]["attributes"]["2"] == {
        "name": "value",
        "value": 1234567,
        "octets": "060012D687",
    }
    assert "error" in objects["0.0.96.50.0.255"]["attributes"]["2"]
    assert objects["0.0.128.0.0.255"]["attributes"]["2"]["value"] == 9
    assert len(objects["1.0.99.1.0.255"]["attributes"]["2"]["value"]) == 8
    assert list(tmp_path.iterdir()) == [file]
