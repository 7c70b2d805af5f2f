"""The command as a process: quick to start, never a traceback, plain when nobody looks."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.telegrams import parsed, telegrams

from cosem.cli import app as command_line
from cosem.cli.app import run

KAIFA = next(each.octets for each in telegrams() if each.name == "kaifa_list_1")


def out_of(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> str:
    assert run(arguments) == status
    return capsys.readouterr().out


class Piped:
    """Standard input that is no terminal."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)

    def isatty(self) -> bool:
        return False


@pytest.mark.parametrize(
    "content",
    [
        KAIFA,
        KAIFA.hex().encode(),
        KAIFA.hex(" ").upper().encode() + b"\r\n",
        b"# a comment: 7E\n" + ", ".join(f"0x{octet:02x}" for octet in KAIFA).encode(),
        b"\xef\xbb\xbf" + KAIFA.hex(":").encode(),
    ],
    ids=["binary", "digits", "spaced", "0x", "colons"],
)
def test_octets_come_from_files_and_pipes_as_binary_or_text(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "capture"
    file.write_bytes(content)
    (item,) = parsed(out_of(capsys, "decode", "--file", str(file), "--json"))
    assert item["values"] == [4117]
    for options in ([], ["--file", "-"]):
        monkeypatch.setattr(sys, "stdin", Piped(content))
        assert parsed(out_of(capsys, "decode", "--json", *options)) == [item]


def test_octets_may_be_several_words(capsys: pytest.CaptureFixture[str]) -> None:
    (item,) = parsed(
        out_of(capsys, "decode", "--json", *["C4", "01", "C1", "00", "06", "00", "00", "13", "91"])
    )
    assert item["values"] == [5009]
    assert item["types"] == ["double-long-unsigned"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["decode", "7EA"],
        ["decode", "no octets"],
        ["decode", "--file", "/no/such/file"],
        ["decode", "7E", "--file", "x"],
        ["obis", "1.2.3.4.5.6.7"],
        ["obis", "--find", "no such words anywhere"],
        ["obis"],
        ["classes", "4711"],
        ["classes", "nonsense"],
        ["no-such-command"],
        ["profile", "tcp://127.0.0.1:1", "1.0.99.1.0.255", "--csv", "--json"],
        ["dump", "tcp://127.0.0.1:1"],
    ],
    ids=" ".join,
)
def test_usage_errors_are_one_line_and_status_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(arguments) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err


def test_codes_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    energy, voltage = json.loads(out_of(capsys, "obis", "1-0:1.8.0", "0100200700FF", "--json"))
    assert energy["name"] == "electricity.ACTIVE_ENERGY_IMPORT"
    assert energy["classes"][0] == 3
    assert voltage["code"] == "1.0.32.7.0.255"
    assert voltage["reduced"] == "1-0:32.7.0"
    assert "active energy import" in out_of(capsys, "obis", "1.8.0")
    found = json.loads(out_of(capsys, "obis", "--find", "voltage l1", "--json"))
    assert voltage in found


def test_classes_are_listed_as_the_model_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    from cosem.model import CATALOGUE

    listed = json.loads(out_of(capsys, "classes", "--json"))["classes"]
    books = [(each["class_id"], each["version"]) for each in listed if not each["devices"]]
    assert books == sorted(CATALOGUE)
    (register,) = json.loads(out_of(capsys, "classes", "register", "--json"))["classes"]
    assert [each["name"] for each in register["attributes"]] == ["logical_name", "value", "scaler_unit"]
    assert register["attributes"][2]["type"] == "ScalerUnit"
    assert register["types"]["ScalerUnit"] == {"scaler": "integer", "unit": "enum Unit"}
    assert register["types"]["enum Unit"]["30"] == "active_energy"
    text = out_of(capsys, "classes")
    counted = {line.split()[0]: line.split()[1:3] for line in text.splitlines()[-3:]}
    assert counted["books"] == [str(len({class_id for class_id, _ in CATALOGUE})), str(len(CATALOGUE))]
    assert counted["national"] == ["2", "2"]
    assert re.search(r"^books +.* high \d+%, medium \d+%, low \d+%$", text, re.M)
    details = out_of(capsys, "classes", "70")
    assert "remote_disconnect" in details
    assert "2 ready_for_reconnection" in details


def test_classes_of_national_standards_are_shown_with_the_devices_that_have_them(
    capsys: pytest.CaptureFixture[str],
) -> None:
    listed = json.loads(out_of(capsys, "classes", "--json"))
    assert [(each["class_id"], each["name"], each["devices"]) for each in listed["national"]] == [
        (8192, "Tariff plan", ["uni_ts_11291"]),
        (9000, "Extended data", ["gb_companion"]),
    ]
    for asked in ("9000", "extended-data"):
        (shown,) = json.loads(out_of(capsys, "classes", asked, "--json"))["classes"]
        assert (shown["class_id"], shown["devices"]) == (9000, ["gb_companion"])
    assert "only of uni_ts_11291" in out_of(capsys, "classes", "Tariff plan")


@pytest.mark.parametrize(
    ("asked", "loaded"),
    [("8", "['cosem.model.c0008_clock']"), ("9000", "['cosem.devices.gb_companion.c9000_extended_data']")],
)
def test_what_is_asked_of_one_class_loads_neither_the_others_nor_any_object_list(
    asked: str, loaded: str
) -> None:
    code = (
        f"import re, sys, cosem.cli.app as a; a.run(['classes', '{asked}', '--json'])\n"
        "print([m for m in sys.modules if re.search(r'[.](c[0-9]{4}_|object_list|device$)', m)])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    assert ran.stdout.splitlines()[-1].replace("'cosem.core.device', ", "") == loaded


def test_help_and_decode_load_no_more_than_they_need() -> None:
    heavy = ["cosem.client", "cosem.server", "cosem.sim", "asyncio", "serial", "numpy", "cosem.model"]
    for arguments in (["--help"], ["decode", "--json", "C401C1000600001391"]):
        code = f"import sys, cosem.cli.app as a; a.run({arguments}); print([m for m in {heavy} if m in sys.modules])"
        ran = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
        )
        assert ran.stdout.splitlines()[-1] == "[]"


def test_an_interrupt_is_no_traceback(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: Any, **__: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("cosem.cli.decode.decode", interrupted)
    assert run(["decode", "00"]) == 130
    assert "Traceback" not in capsys.readouterr().err


def test_a_reader_that_leaves_is_no_error() -> None:
    command = f"{sys.executable} -c 'from cosem.cli import main; main()' classes --json | head -c 10"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False, timeout=60)
    assert ran.stdout == '{\n  "count'
    assert ran.stderr == ""


def test_an_output_that_lacks_characters_is_no_error() -> None:
    code = "from cosem.cli import main; main()"
    command = [sys.executable, "-c", code, "decode", "C401C1000600001391"]
    ran = subprocess.run(
        command, capture_output=True, check=False, timeout=60, env={**os.environ, "PYTHONIOENCODING": "ascii"}
    )
    assert ran.returncode == 0
    assert b"double-long-unsigned 5009" in ran.stdout


def test_main_ends_the_process_with_the_status(monkeypatch: pytest.MonkeyPatch) -> None:
    from cosem.cli import main

    monkeypatch.setattr(sys, "argv", ["cosem", "decode", "7EA"])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2


def test_every_command_explains_itself(capsys: pytest.CaptureFixture[str]) -> None:
    names = [each.name for each in command_line.app.registered_commands]
    assert {
        "decode",
        "obis",
        "classes",
        "read",
        "write",
        "call",
        "objects",
        "dump",
        "profile",
        "serve",
        "demo",
        "devices",
    } == set(names)
    for name in names:
        assert name is not None
        assert "Usage" in out_of(capsys, name, "--help")
