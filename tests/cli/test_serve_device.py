"""``cosem serve --device``: devices of overlays, shipped and one's own, and those that only push."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from cosem.cli.app import run
from cosem.cli.simulated import DEFAULT_PASSWORD
from cosem.codegen.project import build_project

ROOT = Path(__file__).parents[2]
ANYWHERE = ("--listen", "tcp://127.0.0.1:0")


@contextmanager
def serving(*arguments: str, also: Path | None = None) -> Generator[list[dict[str, Any]], None, None]:
    """``cosem serve --json`` as a process, and what it said."""
    roots = [str(ROOT / root) for root in ("runtime", "generated", "codegen")] + ([str(also)] if also else [])
    command = [sys.executable, "-c", "from cosem.cli import main; main()", "serve", "--json", *arguments]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(roots)}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment
    ) as process:
        try:
            assert process.stdout is not None
            text = ""
            while not text.endswith("\n]\n"):
                line = process.stdout.readline()
                assert line, process.communicate()[1]
                text += line
            yield json.loads(text)
        finally:
            process.kill()


def values(*arguments: str, capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    assert run([*arguments, "--json"]) == 0
    read: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return read


def test_a_shipped_device_is_served_in_a_variant_and_read(capsys: pytest.CaptureFixture[str]) -> None:
    with serving("--device", "kpz_m2m", "--variant", "single_phase", *ANYWHERE) as [told]:
        assert (told["device"], told["variant"]) == ("kpz_m2m", "single_phase")
        assert told["meter"].startswith("KPZ")
        assert told["password"] == DEFAULT_PASSWORD
        clients = {each["name"]: each for each in told["clients"]}
        assert [clients[name]["refused"] for name in ("public_client", "configurator", "reader")] == [
            False,
            True,
            False,
        ]
        (address,) = told["addresses"]
        low = ("--client", "32", "--password", told["password"])
        (energy,) = values("read", address, "1.0.1.8.1.255", *low, capsys=capsys)
        assert energy["value"]["unit"] == "Wh"
        listed = {each["logical_name"] for each in values("objects", address, *low, capsys=capsys)}
        assert "0.0.99.98.0.255" in listed
        assert "1.0.61.8.0.255" not in listed  # a polyphase meter alone has L3
        assert run(["read", address, "0.0.1.0.0.255", "--client", "48"]) == 1


def test_protection_is_only_left_out_where_asked_and_it_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with serving("--device", "uni_ts_11291", "--open-associations", *ANYWHERE) as [told]:
        (management,) = [each for each in told["clients"] if each["client"] == 1]
        assert (management["unprotected"], management["refused"]) == (True, False)
        (address,) = told["addresses"]
        assert values("read", address, "0.0.94.39.7.255", "--client", "1", capsys=capsys)


def test_a_device_of_ones_own_is_served_by_its_import_path(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build_project(ROOT / "spec", [ROOT / "docs/examples/acme.yaml"], "acme", tmp_path, None)
    with serving("--device", "acme", "--count", "2", *ANYWHERE, also=tmp_path) as told:
        assert len({each["meter"] for each in told}) == 2
        for each in told:
            assert each["device"] == "acme_em1"
            (address,) = each["addresses"]
            listed = {row["logical_name"] for row in values("objects", address, capsys=capsys)}
            assert {"0.0.96.50.0.255", "1.0.1.8.1.255"} <= listed


def test_a_device_that_only_pushes_pushes_to_whoever_connects(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with serving("--device", "kaifa_han", "--push-every", "0.1", *ANYWHERE) as [told]:
        host, port = told["addresses"][0].removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            heard = b""
            while heard.count(b"~~") < 5:
                heard += line.recv(4096)
    decodes(heard, capsys)


def test_pushes_go_to_a_listener(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"tcp://127.0.0.1:{listener.getsockname()[1]}"
        with serving("--device", "kaifa_han", "--push-to", url, *ANYWHERE):
            listener.settimeout(30)
            line, _ = listener.accept()
            with line:
                line.settimeout(30)
                heard = b""
                while heard.count(b"~~") < 5:
                    heard += line.recv(4096)
    decodes(heard, capsys)


def test_a_customer_port_sends_text_to_whoever_connects(capsys: pytest.CaptureFixture[str]) -> None:
    with serving("--device", "dsmr_p1_5", "--push-every", "0.1", *ANYWHERE) as [told]:
        assert told["clients"] == []
        host, port = told["addresses"][0].removeprefix("tcp://").split(":")
        with socket.create_connection((host, int(port)), timeout=30) as line:
            heard = b""
            while heard.count(b"\r\n!") < 2:
                heard += line.recv(4096)
    assert run(["decode", heard[: heard.rindex(b"\r\n/")].hex()]) == 0
    out = capsys.readouterr().out
    assert "telegram of DSMR P1 5.0" in out
    assert re.search(r"active_energy_import_e1: .* = \d+\.\d+ kWh", out)


def decodes(heard: bytes, capsys: pytest.CaptureFixture[str]) -> None:
    """Whether ``cosem decode`` finds lists with names, codes and units in what was heard."""
    assert run(["decode", heard[: heard.rindex(b"~~") + 1].hex()]) == 0
    out = capsys.readouterr().out
    assert "KFM_001" in out
    assert re.search(r"voltage L1, instantaneous value = 2\d\d\.\d V", out)
    assert re.search(r"active energy import \(\+A\), time integral 1 = \d+\.\d+ kWh", out)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--device", "kaifa"], "did you mean kaifa_han"),
        (["--device", "kpz_m2m", "--variant", "other"], "single_phase, polyphase"),
        (["three_phase", "--device", "kpz_m2m"], "one of the two"),
        (["--variant", "x"], "need --device"),
        (["--open-associations"], "need --device"),
        (["--device", "emis_elektra", "--push-to", "udp://127.0.0.1:1"], "over tcp"),
    ],
)
def test_what_cannot_be_is_a_usage_error(
    arguments: list[str], says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", *ANYWHERE, *arguments]) == 2
    assert says in capsys.readouterr().err
