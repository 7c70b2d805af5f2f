"""The long battery: ``python -m tests.fuzz --inputs 600000``; exit status 1 if anything undocumented came out."""

from __future__ import annotations

import argparse
import gc
import resource
import sys
import time

from tests.fuzz.battery import Report, run
from tests.fuzz.targets import targets

SHOWN = 20
WARM_UP = 5000


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--inputs", type=int, default=600_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--target", help="only targets with this in their name")
    parser.add_argument("--octets", help="one input for them, in hex, instead of mutated ones")
    arguments = parser.parse_args()
    chosen = [target for target in targets() if (arguments.target or "") in target.name]
    if not chosen:
        parser.error(f"no target has {arguments.target!r} in its name")
    if arguments.octets is not None:
        for target in chosen:
            print(f"{target.name}: {target.decode(bytes.fromhex(arguments.octets))!r}")
        return 0
    run(chosen, WARM_UP, seed=0)  # what is imported late is not counted,
    gc.collect()
    gc.freeze()  # nor is going through it all for garbage
    begun = time.perf_counter()

    def progress(report: Report) -> None:
        rate = report.inputs / (time.perf_counter() - begun)
        print(
            f"\r{report.inputs:>8} inputs  {report.accepted / report.inputs:4.0%} accepted  {rate:6.0f}/s  "
            f"worst {report.worst * 1e3:5.1f} ms  {len(report.failures)} failures",
            end="",
            file=sys.stderr,
            flush=True,
        )

    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = run(chosen, arguments.inputs, arguments.seed, time.thread_time, progress)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(file=sys.stderr)
    print(
        f"{report.inputs} inputs, {len(chosen)} targets, seed {arguments.seed}: "
        f"{len(report.failures)} failures, {report.accepted / report.inputs:.0%} accepted, "
        f"{time.perf_counter() - begun:.0f} s, {grown / 1024:.1f} MiB grown"
    )
    print(f"worst input: {report.worst * 1e3:.1f} ms, {report.worst_target}: {report.worst_octets.hex()}")
    kinds = {(failure.target, type(failure.error)): failure for failure in reversed(report.failures)}
    for failure in list(kinds.values())[:SHOWN]:
        print(failure)
    return 1 if report.failures else 0


if __name__ == "__main__":
    sys.exit(main())
