"""The examples of the guides run as they stand, against a simulated meter where they need one."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.client.described_meters import kpz_meter, served
from tests.docs.pages import DOCS, EXAMPLES, ROOT

from cosem.codegen.project import build_project
from cosem.server import serve_in_thread
from cosem.sim import Fleet, load_meter_file

SNIPPET = re.compile(r'^ *--8<-- "([^":]+)(?::(\w+))?"$', re.M)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    meter = Fleet(load_meter_file("three_phase"), 1).meters()[0]
    with serve_in_thread(meter.device()) as served:
        yield served


@pytest.fixture(scope="module")
def acme(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the package that acme.yaml becomes."""
    root = tmp_path_factory.mktemp("acme")
    build_project(ROOT / "spec", [EXAMPLES / "acme.yaml"], "acme", root, None)
    return root


def run(example: str, *arguments: str, also: Path | None = None) -> list[str]:
    roots = [str(ROOT / root) for root in ("runtime", "generated", "codegen")] + ([str(also)] if also else [])
    done = subprocess.run(
        [sys.executable, EXAMPLES / example, *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(roots)},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_first_meter(address: str) -> None:
    lines = run("first_meter.py", address)
    assert re.fullmatch(r"energy \d+ Wh", lines[0])
    assert re.fullmatch(r"clock \d{4}-\d\d-\d\d .* deviation -?\d+", lines[1])
    assert [line.partition("(")[0] for line in lines[2:5]] == ["voltage Data"] * 3
    assert lines[5] == "refused: 0.0.96.99.9.255 class 1 attribute 2: object undefined"
    assert "1.0.99.1.0.255 ProfileGenericV1('1.0.99.1.0.255')" in lines


def test_load_profile(address: str) -> None:
    lines = run("load_profile.py", address)
    assert "1.0.1.8.0.255 active_energy_import" in lines
    begin = lines.index("time,energy in Wh")
    assert [line.count("kWh") for line in lines[begin - 4 : begin]] == [2] * 4
    day = [line.split(",") for line in lines[begin + 1 :]]
    assert len(day) == 97  # a day of quarters, both ends included
    energies = [int(energy) for _, energy in day]
    assert energies == sorted(energies)


def test_blocking(address: str) -> None:
    zone, untyped = run("blocking.py", address)
    assert re.fullmatch(r"time zone -?\d+", zone)
    assert untyped.startswith("Data(octet-string ")


def test_embedding_goes_on_when_a_meter_does_not_answer(address: str) -> None:
    nobody = "tcp://127.0.0.1:1"
    read, lost = run("embedding.py", address, nobody)
    assert re.fullmatch(rf"{address} \d+\.\d{{3}} kWh", read)
    assert lost == f"{nobody} not reached: ConnectionLost"


def test_devices() -> None:
    with served(kpz_meter()) as address:
        lines = run("devices.py", address)
    assert lines[:4] == [
        "recognised KPZ M2M",
        "clock 2024-03-01T12:00:00+01:00",
        "energy 1234.567 kWh",
        "last event VOLTAGE_L2_MISSING 3",
    ]
    assert "voltage_event DataOfEnumVoltageEventV0('0.0.96.11.0.255')" in lines


def test_push_needs_no_meter() -> None:
    assert run("push.py") == [
        "pushed at 2026-03-29 01:30:00.00+01:00",
        "clock = 2026-03-29 01:30:00.00+01:00",
        "active power import (+P), instantaneous value = 1.234 kW",
        "voltage L1, instantaneous value = 230.5 V",
        "active energy import (+A), time integral 1 = 16035.502 kWh",
    ]


def test_pushes_are_read_by_the_device_s_name_and_by_what_they_tell() -> None:
    lines = run("push_lists.py")
    assert lines[0] == "celje"
    assert "voltage_l1 1.0.32.7.0.255 231.4 V" in lines
    assert "active_power_import 1.0.1.7.0.255 2.399 kW" in lines
    assert lines[-1] == "pushed by Iskraemeco AM550"


def test_a_text_telegram_is_read_with_its_overlay() -> None:
    assert run("text_telegram.py") == [
        "p1_version 50",
        "clock 2026-02-15 20:05:23",
        "equipment_identifier adc3100000158491",
        "0.0.96.13.1.255 ",
        "message_text ",
        "m_bus_client_b1_9 4",
        "m_bus_equipment_identifier_b1 621848012d2c0b0c",
        "m_bus_value_b1_5 2026-02-15 20:05:23",
        "m_bus_value_b1 240860000000 J",
    ]


def test_overlay_becomes_a_package_that_reads_its_pushes(acme: Path) -> None:
    assert run("overlay_push.py", also=acme) == [
        "0.0.96.50.0.255 Acme tamper openings",
        "1.0.1.8.1.255 Register peak_hour",
        "list_version Data(octet-string 454d315f5631)",
        "clock Data(octet-string 07ea031d07011e0000ffc400)",
        "active_power 1.234 kW",
        "voltage 230.5 V",
    ]


def test_overlay_becomes_a_meter_that_is_read_with_its_classes(acme: Path) -> None:
    lines = run("simulated_device.py", also=acme)
    assert re.fullmatch(r"\d+\.\d{3} kWh", lines[0])
    assert lines[1].isdecimal()
    assert lines[2].isdecimal()
    assert "0.0.96.50.0.255 AcmeTamperV0('0.0.96.50.0.255')" in lines
    assert sum(line.startswith("1.0.1.8.") for line in lines) == 5
    assert re.fullmatch(r"voltage 2\d\d\.\d V", lines[-1])


def test_guides_show_parts_of_examples_that_there_are_and_each_example_is_shown() -> None:
    shown: set[str] = set()
    for page in [DOCS / "index.md", *(DOCS / "guides").glob("*.md")]:
        for name, part in SNIPPET.findall(page.read_text("utf-8")):
            found = [path for path in (EXAMPLES / name, ROOT / name) if path.is_file()]
            assert found, f"{page.name}: {name}"
            if part:
                text = found[0].read_text("utf-8")
                assert [text.count(f"[{edge}:{part}]") for edge in ("start", "end")] == [1, 1], (
                    page.name,
                    name,
                    part,
                )
            shown.add(name)
    assert {path.name for path in EXAMPLES.iterdir() if path.suffix in (".py", ".yaml")} <= shown
