"""The README keeps its word: its client code runs, its overlay builds."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from cosem.server import serve_in_thread
from cosem.sim import Fleet, load_meter_file

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", README, re.M | re.S)
    assert len(found) == 1, f"one {language} block is expected in the README"
    return str(found[0])


def test_client_code_reads_the_simulated_meter(tmp_path: Path) -> None:
    meter = Fleet(load_meter_file("three_phase"), 1).meters()[0]
    with serve_in_thread(meter.device()) as address:
        script = tmp_path / "client.py"
        script.write_text(block("python").replace("tcp://127.0.0.1:4059", address), "utf-8")
        done = subprocess.run(
            [sys.executable, script], capture_output=True, text=True, timeout=60, check=False
        )
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert re.fullmatch(r"\d+\.\d{3} kWh", lines[0])
    assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", lines[1])
    assert "1.0.99.1.0.255 ProfileGenericV1('1.0.99.1.0.255')" in lines
    rows = [line for line in lines if re.match(r"\d{4}-\d\d-\d\d ", line)][1:]
    assert len(rows) == 96
    assert all(row.count("kWh") == 2 for row in rows)


def test_a_makers_overlay_becomes_a_package(tmp_path: Path) -> None:
    overlay, out = tmp_path / "acme_a1.yaml", tmp_path / "acme_a1"
    overlay.write_text(block("yaml"), "utf-8")
    command = ["build", "--overlay", str(overlay), "--package", "acme_a1", "--out", str(out)]
    done = subprocess.run(
        [sys.executable, "-m", "cosem.codegen", *command],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    shown = "AcmeA1.tamper.openings, AcmeA1.active_energy_import(e=2).value"
    program = f"from acme_a1 import AcmeA1; print({shown}, sep='\\n')"
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, [out, *sys.path]))}
    told = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
        env=environment,
    )
    assert told.stdout.splitlines() == [
        "1.0.128.0.0.255 Acme tamper openings",
        "1.0.1.8.2.255 Register value",
    ]
