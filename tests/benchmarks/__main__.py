"""Run every ``bench_*.py`` of this folder, or those named on the command line, and print one table."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import cast

from tests.benchmarks.harness import Result, print_table


def main(names: list[str]) -> int:
    """Returns 1 if a goal was missed."""
    found = sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    wanted = [f"bench_{name.removeprefix('bench_')}" for name in names] or found
    results: list[Result] = []
    for name in wanted:
        run = cast("Callable[[], list[Result]]", import_module(f"tests.benchmarks.{name}").run)
        results += run()
    print_table(results)
    return 0 if all(result.met for result in results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
