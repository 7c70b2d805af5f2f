"""What importing costs in fresh interpreters: the client against gurux-dlms, one interface class, all of them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final, TypeVar

from tests.benchmarks.harness import Result, bounded, compiled

ROUNDS = 9
PAIRS = 25
GOAL = 2.5
MEBIBYTES = 8.0
MILLISECONDS = 25.0

T = TypeVar("T")

Import = tuple[str, str]
"""What is imported before, and what is measured."""

_BLOCKING: Final = ("", "from cosem.client import connect_blocking")
_ASYNCIO: Final = ("import asyncio", "from cosem.client import connect")
_ASYNCIO_ALONE: Final = ("", "import asyncio")
_PEER: Final = ("", "from gurux_dlms import GXDLMSClient")
_ONE_CLASS: Final = "from cosem.model import Register"
_ALL_CLASSES: Final = (_ONE_CLASS, "from cosem.model import CATALOGUE; everything = list(CATALOGUE.values())")

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
    """Both entries of the client, asyncio itself, which one of them needs as well, and the interface classes."""
    with TemporaryDirectory() as folder:
        environment = compiled(Path(folder))
        return [*_client(environment), *_classes(environment)]


def _client(environment: dict[str, str]) -> list[Result]:
    imports = [_BLOCKING, _ASYNCIO, _PEER, _ASYNCIO_ALONE]
    figures = _medians(imports, ROUNDS, lambda each: _once(each, environment))
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


def _classes(environment: dict[str, str]) -> list[Result]:
    """One class by the whole life of a process, less that of an interpreter with nothing to do; then all others."""
    (beyond,) = _medians([_ONE_CLASS], PAIRS, lambda each: (_beyond_start(each, environment),))[_ONE_CLASS]
    figures = _medians([_ALL_CLASSES], ROUNDS, lambda each: _once(each, environment))
    seconds, mebibytes = figures[_ALL_CLASSES]
    print(f"import: all other classes take {seconds * 1e3:.0f} ms")
    return [
        bounded("import: one class, start of Python subtracted", beyond * 1e3, MILLISECONDS, "ms"),
        bounded("import: all other classes, memory", mebibytes, MEBIBYTES, "MiB"),
    ]


def _medians(
    items: list[T], rounds: int, measure: Callable[[T], tuple[float, ...]]
) -> dict[T, tuple[float, ...]]:
    """The medians of each over rounds in which they took turns, behind one that does not count."""
    for item in items:
        measure(item)
    runs = [[measure(item) for item in items] for _ in range(rounds)]
    columns = zip(items, zip(*runs, strict=True), strict=True)
    return {item: tuple(map(median, zip(*found, strict=True))) for item, found in columns}


def _once(what: Import, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds and MiB."""
    program = _PROGRAM.format(before=what[0], statement=what[1], page=resource.getpagesize())
    seconds, mebibytes = _output(program, environment).split()
    return float(seconds), float(mebibytes)


def _beyond_start(statement: str, environment: dict[str, str]) -> float:
    """Seconds of a process that runs ``statement``, less those of one that does not, both on one core.

    It is the time of the processor, for which it does not matter who else wants the core.
    """
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        start = _spent()
        _output("pass", environment)
        between = _spent()
        _output(statement, environment)
        return _spent() - between - (between - start)
    finally:
        os.sched_setaffinity(0, cores)


def _spent() -> float:
    """The seconds of processor time that all processes started here have taken."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _output(program: str, environment: dict[str, str]) -> str:
    command = [sys.executable, "-W", "ignore", "-c", program]
    return subprocess.run(command, capture_output=True, text=True, check=True, env=environment).stdout
