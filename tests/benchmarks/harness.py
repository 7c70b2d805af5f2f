"""Interleaved timing of two callables, and a table of what came out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import cast


@dataclass(frozen=True, slots=True)
class Result:
    """One comparison. ``ratio`` says how many times better than the peer we are.

    ``ours`` and ``peer`` are seconds a call, or figures in another ``unit``.
    """

    name: str
    ours: float
    peer: float
    ratio: float
    goal: float | None = None
    """The least ratio wanted; None if the figure is for information."""
    unit: str = "s"

    @property
    def met(self) -> bool:
        """Whether the goal is reached."""
        return self.goal is None or self.ratio >= self.goal


_ROUND = 0.04
"""Seconds that a side is timed in each round, at least."""


def compare(
    name: str,
    ours: Callable[[], object],
    peer: Callable[[], object],
    goal: float | None = None,
    *,
    rounds: int = 7,
) -> Result:
    """Time both in turn, ``rounds`` times, and compare the medians.

    A callable is repeated within a round until that takes some 40 ms, so that a quick one is not timed on the caches
    and the memory that a slow one has just left behind.
    """
    ours_count, peer_count = _repetitions(ours), _repetitions(peer)
    ours_times: list[float] = []
    peer_times: list[float] = []
    for _ in range(rounds):
        ours_times.append(_time(ours, ours_count))
        peer_times.append(_time(peer, peer_count))
    ours_time, peer_time = median(ours_times), median(peer_times)
    return Result(name, ours_time, peer_time, peer_time / ours_time, goal)


def bounded(name: str, value: float, bound: float, unit: str) -> Result:
    """A figure of ours that shall not exceed a bound, which takes the place of the peer."""
    return Result(name, value, bound, bound / value if value > 0 else float("inf"), 1.0, unit)


def compiled(folder: Path) -> dict[str, str]:
    """The environment of a fresh interpreter that finds modules compiled, as those of an installed package are, from
    its second start on.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder)}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def print_table(results: Iterable[Result]) -> None:
    """One line a result, with the goal met or missed."""
    print(f"{'work':<52} {'ours':>10} {'peer':>10} {'ratio':>9} {'goal':>8}")
    for result in results:
        goal = "" if result.goal is None else f"{result.goal:g}"
        mark = "" if result.goal is None else "met" if result.met else "MISSED"
        print(
            f"{result.name:<52} {_spoken(result.ours, result.unit):>10} {_spoken(result.peer, result.unit):>10}"
            f" {result.ratio:>9.2f} {goal:>8} {mark}"
        )


def _repetitions(call: Callable[[], object]) -> int:
    count = 1
    while count < 1_000_000 and _time(call, count) * count < _ROUND:
        count *= 4
    return count


def _time(call: Callable[[], object], count: int) -> float:
    start = perf_counter()
    for _ in range(count):
        call()
    return (perf_counter() - start) / count


def _spoken(value: float, unit: str) -> str:
    if unit != "s":
        return f"{value:.3g} {unit}"
    for prefixed, scale in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= scale:
            return f"{value / scale:.3g} {prefixed}"
    return f"{value / 1e-9:.3g} ns"


def run_module(name: str) -> list[Result]:
    """What the module of this name in this folder measures."""
    run = cast("Callable[[], list[Result]]", import_module(f"tests.benchmarks.{name}").run)
    return run()
