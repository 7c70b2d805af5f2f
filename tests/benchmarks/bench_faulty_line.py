"""A thousand sessions over a bad simulated line: how many complete, and whether anything wrong was read."""

from __future__ import annotations

from dataclasses import replace
from statistics import median

from tests.benchmarks.harness import Result
from tests.faulty_line.sessions import BAD, NOISY, OPTIONS, Outcome, session

from cosem.client import LinkOptions
from cosem.transport.faults import CLEAN

SEEDS = 1_000
COMPLETE = 0.99

_QUICK = replace(OPTIONS, link=LinkOptions(response_timeout=0.5))
_CAREFUL = replace(_QUICK, verify="reread")
_CASES = {
    "1 % damage": (NOISY, OPTIONS),
    "1 % damage, answers within 0.5 s": (NOISY, _QUICK),
    "and loss, doubling, splitting": (BAD, _QUICK),
    "the same, read twice": (BAD, _CAREFUL),
}


def run() -> list[Result]:
    """In the table: median simulated time of a session, of one on a clean line, and the share that completed."""
    clean = session(0, CLEAN).seconds
    results: list[Result] = []
    for name, (faults, options) in _CASES.items():
        outcomes = [session(seed, faults, options=options) for seed in range(SEEDS)]
        share = sum(outcome.complete for outcome in outcomes) / SEEDS
        seconds = median(outcome.seconds for outcome in outcomes)
        print(_report(name, outcomes, share, seconds / clean))
        unexplained = sum(not outcome.explained for outcome in outcomes)
        results.append(Result(f"faulty line: {name}", seconds, clean, share - unexplained, COMPLETE))
    return results


def _report(name: str, outcomes: list[Outcome], share: float, slower: float) -> str:
    damaged, undetected, wrong = (
        sum(getattr(outcome, what) for outcome in outcomes) for what in ("damaged", "undetected", "wrong")
    )
    longest = max(outcome.seconds for outcome in outcomes)
    return (
        f"faulty line, {name}: {share:.1%} of {len(outcomes):,} sessions complete, {damaged:,} frames damaged, "
        f"{undetected} undetected, {wrong} wrong values; {slower:.1f} times a clean session, {longest:.0f} s at most"
    )
