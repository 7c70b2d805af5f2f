"""What the object model costs a fresh interpreter: one class in time, all of them in time and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from tests.benchmarks.harness import Result, bounded

ROUNDS = 15
MILLISECONDS = 25.0
MEBIBYTES = 8.0

_NOTHING, _ONE = "", "from cosem.model import Register"
_BENEATH: Final = "import dataclasses, datetime, enum, struct, typing"
_ALL: Final = "from cosem.model import CATALOGUE, Register; everything = list(CATALOGUE.values())"
_RESIDENT: Final = f"""
import gc
gc.collect()
with open("/proc/self/statm") as file:
    print(int(file.read().split()[1]) * {resource.getpagesize()})
"""


def run() -> list[Result]:
    """One class from a cold interpreter, whose own start is subtracted; the other classes on top of it."""
    with TemporaryDirectory() as compiled:
        # What is installed has been compiled; the first call of each program sees to that.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        programs = [_NOTHING, _BENEATH, _ONE, _ALL]
        seconds = _medians(programs, lambda program: _seconds(program, environment))
        octets = _medians([_ONE, _ALL], lambda program: _resident(program, environment))
    beneath, one, everything = (
        (seconds[program] - seconds[_NOTHING]) * 1e3 for program in (_BENEATH, _ONE, _ALL)
    )
    print(f"model: the standard library beneath takes {beneath:.0f} ms, every class {everything:.0f} ms")
    return [
        bounded("model: one class, cold", one, MILLISECONDS, "ms"),
        bounded("model: all other classes, memory", (octets[_ALL] - octets[_ONE]) / 2**20, MEBIBYTES, "MiB"),
    ]


def _medians(programs: list[str], measure: Callable[[str], float]) -> dict[str, float]:
    """The median of each program over rounds in which they took turns."""
    for program in programs:
        measure(program)
    rounds = [[measure(program) for program in programs] for _ in range(ROUNDS)]
    return dict(zip(programs, map(median, zip(*rounds, strict=True)), strict=True))


def _seconds(program: str, environment: dict[str, str]) -> float:
    start = perf_counter()
    _output(program, environment)
    return perf_counter() - start


def _resident(program: str, environment: dict[str, str]) -> float:
    return float(_output(program + _RESIDENT, environment))


def _output(program: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
