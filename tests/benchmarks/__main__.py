"""Run every ``bench_*.py`` of this folder, or those named on the command line, and print one table."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.benchmarks.harness import Result, print_table, run_module


def main(names: list[str]) -> int:
    """Returns 1 if a goal was missed."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = [f"bench_{name.removeprefix('bench_')}" for name in names] or found
    results: list[Result] = []
    for name in wanted:
        # A process for each: what one leaves behind would slow down the collector under the next.
        with ProcessPoolExecutor(1, get_context("spawn")) as alone:
            results += alone.submit(run_module, name).result()
    print_table(results)
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
