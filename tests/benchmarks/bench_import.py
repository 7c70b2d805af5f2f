"""What importing the client costs, in fresh interpreters: time against gurux-dlms, and memory."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from tests.benchmarks.harness import Result, bounded

ROUNDS = 9
GOAL = 2.5
MEBIBYTES = 8.0

Import = tuple[str, str]
"""What is imported before, and what is measured."""

_BLOCKING: Final = ("", "from cosem.client import connect_blocking")
_ASYNCIO: Final = ("import asyncio", "from cosem.client import connect")
_ASYNCIO_ALONE: Final = ("", "import asyncio")
_PEER: Final = ("", "from gurux_dlms import GXDLMSClient")

_PROGRAM: Final = """
{before}
import gc
from time import perf_counter

def resident():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * {page}

before = resident()
start = perf_counter()
{statement}
seconds = perf_counter() - start
gc.collect()
print(seconds, (resident() - before) / 1048576)
"""


def run() -> list[Result]:
    """Time and memory of both entries, and of asyncio itself, which the asyncio entry needs as well."""
    figures = _measure([_BLOCKING, _ASYNCIO, _PEER, _ASYNCIO_ALONE])
    peer = figures[_PEER][0]
    results: list[Result] = []
    for name, what, goal in (
        ("blocking client", _BLOCKING, GOAL),
        ("asyncio client, beyond asyncio", _ASYNCIO, GOAL),
        ("asyncio itself", _ASYNCIO_ALONE, None),
    ):
        seconds, mebibytes = figures[what]
        results.append(Result(f"import: {name}", seconds, peer, peer / seconds, goal))
        if goal is not None:
            results.append(bounded(f"import: {name}, memory", mebibytes, MEBIBYTES, "MiB"))
    alone = figures[_ASYNCIO_ALONE][1]
    print(f"import: asyncio itself takes {alone:.1f} MiB, gurux-dlms {figures[_PEER][1]:.1f} MiB")
    return results


def _measure(imports: list[Import]) -> dict[Import, tuple[float, float]]:
    """Seconds and MiB of each, the median of fresh interpreters that took turns."""
    runs: dict[Import, list[tuple[float, float]]] = {each: [] for each in imports}
    with TemporaryDirectory() as compiled:
        # What is installed has been compiled; the first round sees to that for both.
        environment = {**os.environ, "PYTHONPYCACHEPREFIX": compiled}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        for each in imports:
            _once(each, environment)
        for _ in range(ROUNDS):
            for each in imports:
                runs[each].append(_once(each, environment))
    return {
        each: (median(run[0] for run in found), median(run[1] for run in found))
        for each, found in runs.items()
    }


def _once(what: Import, environment: dict[str, str]) -> tuple[float, float]:
    program = _PROGRAM.format(before=what[0], statement=what[1], page=resource.getpagesize())
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", program],
        capture_output=True,
        text=True,
        check=True,
        env=environment,
    )
    seconds, mebibytes = done.stdout.split()
    return float(seconds), float(mebibytes)
