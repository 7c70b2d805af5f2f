"""What mypy and pyright make of the generated classes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

CLIENT = """\
from __future__ import annotations

from typing import Protocol, TypeVar, assert_type

from cosem.core.access import MethodCall, ReadOnly, ReadWrite
from cosem.core.data import Data
from cosem.core.rows import Rows
from cosem.model import Clock, DisconnectControl, ProfileGeneric, Register, SecuritySetup
from cosem.model.c0070_disconnect_control import ControlState
from cosem.model.c0064_security_setup import KeyPairType
from cosem.model.types import CaptureObject, EntryDescriptor, ScalerUnit

T = TypeVar("T")


class Client(Protocol):
    def get(self, ref: ReadOnly[T]) -> T: ...
    def set(self, ref: ReadWrite[T], value: T) -> None: ...
    def call(self, method: MethodCall[T]) -> T: ...


"""

GOOD = """\
def use(meter: Client) -> None:
    breaker = DisconnectControl("0.0.96.3.10.255")
    profile = ProfileGeneric("1.0.99.1.0.255")
    assert_type(meter.get(breaker.control_state), ControlState)
    assert_type(meter.get(breaker.output_state), bool)
    assert_type(meter.get(Register("1.0.1.8.0.255").value), Data)
    assert_type(meter.get(Register("1.0.1.8.0.255").scaler_unit), ScalerUnit)
    assert_type(meter.get(profile.capture_objects), list[CaptureObject])
    assert_type(meter.get(profile.buffer.by_entry(EntryDescriptor(1, 0, 1, 0))), Rows)
    request = SecuritySetup("0.0.43.0.0.255").generate_certificate_request(KeyPairType(0))
    assert_type(meter.call(request), bytes)
    meter.set(Clock("0.0.1.0.0.255").time_zone, 60)
    meter.call(breaker.remote_disconnect())
"""

BAD = """\
from cosem.model import Registre  # error


def misuse(meter: Client) -> None:
    breaker = DisconnectControl("0.0.96.3.10.255")
    meter.set(breaker.control_state, ControlState.CONNECTED)  # error
    meter.set(Clock("0.0.1.0.0.255").time_zone, "one hour")  # error
    breaker.control_stat  # error
    breaker.remote_disconnect("now")  # error
    number: int = meter.get(breaker.output_state.codec)  # error
"""


def expected(text: str) -> list[int]:
    return [number for number, line in enumerate(text.splitlines(), 1) if line.endswith("# error")]


def mypy_lines(path: Path) -> list[int]:
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-error-summary", str(path)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert not done.stderr, done.stderr
    found = re.findall(r"^.*?" + re.escape(path.name) + r":(\d+): error:", done.stdout, re.MULTILINE)
    return sorted({int(line) for line in found})


def pyright_lines(path: Path) -> list[int]:
    settings = {
        "typeCheckingMode": "strict",
        "reportUnusedExpression": False,
        "extraPaths": [str(ROOT / root) for root in ("runtime", "generated")],
        "include": [str(path)],
    }
    config = path.with_name("pyrightconfig.json")
    config.write_text(json.dumps(settings), "utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "pyright", "--outputjson", "-p", str(config)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    report = json.loads(done.stdout)
    return sorted({found["range"]["start"]["line"] + 1 for found in report["generalDiagnostics"]})


@pytest.mark.parametrize("lines", [mypy_lines, pyright_lines], ids=["mypy", "pyright"])
def test_what_a_client_reads_has_the_type_that_the_table_says(
    lines: Callable[[Path], list[int]], tmp_path: Path
) -> None:
    path = tmp_path / "good.py"
    path.write_text(CLIENT + GOOD, "utf-8")
    assert lines(path) == []


@pytest.mark.parametrize("lines", [mypy_lines, pyright_lines], ids=["mypy", "pyright"])
def test_what_the_books_do_not_allow_is_a_type_error(
    lines: Callable[[Path], list[int]], tmp_path: Path
) -> None:
    path = tmp_path / "bad.py"
    text = CLIENT + BAD
    path.write_text(text, "utf-8")
    assert set(expected(text)) <= set(lines(path))
