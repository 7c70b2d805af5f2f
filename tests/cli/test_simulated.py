"""``cosem demo`` and ``cosem serve``: the simulated meters of the package, and others."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.transport.peers import ShiftedClock, until

from cosem.cli.app import run
from cosem.cli.generated import generated
from cosem.cli.simulated import addresses_of, device_meter, meter_server
from cosem.core.errors import InvalidValueError
from cosem.link.wrapper import encode_pdu
from cosem.model import CATALOGUE
from cosem.sim import Meter

SMALL = """
meter: {manufacturer: TST, serial: 7, type: small, installed: 2022-01-01}
associations: [{name: public, client: 16}]
objects:
  - {class: data, logical_name: 0.0.96.1.0.255, value: {long-unsigned: 42}}
"""


@pytest.fixture
def meter_file(tmp_path: Path) -> str:
    file = tmp_path / "small.yaml"
    file.write_text(SMALL)
    return str(file)


@contextmanager
def serving(*arguments: str) -> Generator[tuple[subprocess.Popen[str], list[dict[str, Any]]], None, None]:
    """``cosem serve --json`` as a process, and what it said."""
    command = [sys.executable, "-c", "from cosem.cli import main; main()", "serve", "--json", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            text = ""
            while not text.endswith("\n]\n"):
                line = process.stdout.readline()
                assert line, process.communicate()[1]
                text += line
            yield process, json.loads(text)
        finally:
            process.kill()


def test_the_demo_reads_a_whole_meter(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    values = {each["logical_name"]: each["value"] for each in told["values"]}
    assert values["1.0.1.8.0.255"]["unit"] == "Wh"
    assert values["1.0.32.7.0.255"]["unit"] == "V"
    assert values["0.0.1.0.0.255"].startswith("20")
    assert len(told["objects"]) > 50
    assert len(told["load_profile"]["rows"]) == 86_400 // told["load_profile"]["capture_period"]
    assert told["generated"]["versions"] == len(CATALOGUE)
    assert told["octets_received"] > told["octets_sent"] > 0


def test_the_demo_draws_the_last_day(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo"]) == 0
    out = capsys.readouterr().out
    for part in (
        "A simulated meter at tcp://127.0.0.1:",
        "Clock and registers",
        "Load profile",
        "┤",
        "In sum",
        "kWh",
        " ms",
    ):
        assert part in out
    assert f"{len({class_id for class_id, _ in CATALOGUE})} classes in {len(CATALOGUE)} versions" in out


def test_a_meter_file_can_be_demonstrated(meter_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", meter_file]) == 0
    assert "Load profile" not in capsys.readouterr().out


def test_a_served_meter_answers_until_ctrl_c(meter_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(
        meter_file, "--listen", "tcp://127.0.0.1:0", "--listen", "udp://127.0.0.1:0", "--count", "2"
    ) as (process, told):
        assert [each["meter"] for each in told] == ["TST0000000000007", "TST0000000000008"]
        addresses = [address for each in told for address in each["addresses"]]
        assert [address.partition(":")[0] for address in addresses] == ["tcp", "udp"] * 2
        for address in addresses:
            assert run(["read", address, "0.0.96.1.0.255", "--json"]) == 0
            assert json.loads(capsys.readouterr().out)[0]["value"] == 42
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=30)
        assert (process.returncode, errors) == (0, "")


def test_further_meters_listen_one_port_higher() -> None:
    urls = ["tcp://127.0.0.1:4059", "udp://[::1]:0", "serial:///dev/ttyUSB0"]
    assert addresses_of(urls, 0) == ["tcp://127.0.0.1:4059", "udp://[::1]:0", "serial:///dev/ttyUSB0"]
    assert addresses_of(urls[:2], 3) == ["tcp://127.0.0.1:4062", "udp://[::1]:0"]
    for wrong in (["tcp://127.0.0.1:65535"], ["serial:///dev/ttyUSB0"]):
        with pytest.raises(InvalidValueError):
            addresses_of(wrong, 1)


@pytest.mark.parametrize(
    "arguments",
    [
        ["no_such_meter"],
        ["--listen", "nonsense"],
        ["--count", "0"],
        ["--listen", "tcp://127.0.0.1:65535", "--count", "2"],
    ],
)
def test_what_cannot_be_served_is_a_usage_error(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["serve", *arguments]) == 2
    assert "Traceback" not in capsys.readouterr().err


def test_every_mistake_of_a_meter_file_is_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(SMALL.replace("long-unsigned", "no-such-type").replace("client: 16", "client: 1000"))
    assert run(["serve", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 2
    assert all(f"{file}:" in line for line in lines)


def test_what_was_generated_is_counted() -> None:
    counted = generated()
    assert counted.attributes == sum(len(CATALOGUE[key].ATTRIBUTES) for key in CATALOGUE)
    assert counted.messages > 50
    assert counted.named_codes > 100
    assert counted.files is not None  # this is a checkout
    assert counted.files > 50


@pytest.mark.parametrize(("device", "dropped_after"), [("uni_ts_11291", 20.0), ("spodes", 120.0)])
def test_a_meter_of_a_device_drops_an_idle_link_when_that_device_does(
    device: str, dropped_after: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def main() -> None:
        clock = ShiftedClock(monkeypatch)
        meter = Meter(device_meter(device))
        async with meter_server(meter, "tcp://127.0.0.1:0") as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(encode_pdu(16, meter.file.sap, bytes.fromhex("C001C1000F0000280000FF0200")))
            assert await reader.read(100)  # it is heard, whatever it answers
            clock.forward(dropped_after - 1)
            await asyncio.sleep(0)
            assert server.connections == 1
            clock.forward(1)
            await until(lambda: server.connections == 0)
            assert await reader.read() == b""
            writer.close()

    asyncio.run(main())
