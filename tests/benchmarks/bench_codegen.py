"""The developer's loop: seconds of cosem-codegen in fresh processes, on a copy of the spec."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.benchmarks.harness import Result, bounded, compiled

SPEC = Path(__file__).resolve().parents[2] / "spec"
REGISTER = "classes/0003_register.yaml"
FULL, EDIT, UNCHANGED = 30.0, 2.0, 1.0
ROUNDS = 3


def run() -> list[Result]:
    """A full build, a build after an edit of one class, a check and a build of an unchanged tree."""
    with TemporaryDirectory() as folder:
        spec, out = Path(folder, "spec"), Path(folder, "generated")
        shutil.copytree(SPEC, spec)
        count = len(list((spec / "overlays").glob("*.yaml")))
        return _figures(spec, out, compiled(Path(folder, "compiled")), f"{count} overlays")


def _figures(spec: Path, out: Path, environment: dict[str, str], name: str) -> list[Result]:
    def codegen(command: str) -> float:
        program = [sys.executable, "-m", "cosem.codegen", command, "--spec", str(spec), "--out", str(out)]
        start = perf_counter()
        subprocess.run(program, check=True, stdout=subprocess.DEVNULL, env=environment)
        return perf_counter() - start

    def edited(round_: int) -> float:
        _add_attribute(spec / REGISTER, round_)
        return codegen("build")

    full = codegen("build")
    return [
        bounded(f"codegen: full build, {name}", full, FULL, "s"),
        bounded(f"codegen: attribute added, {name}", _best(edited), EDIT, "s"),
        bounded(f"codegen: unchanged check, {name}", _best(lambda _: codegen("check")), UNCHANGED, "s"),
        bounded(f"codegen: unchanged build, {name}", _best(lambda _: codegen("build")), UNCHANGED, "s"),
    ]


def _best(measure: Callable[[int], float]) -> float:
    """The best of a few: what else runs on the machine makes a process slower, and never faster."""
    return min(measure(round_) for round_ in range(ROUNDS))


def _add_attribute(path: Path, number: int) -> None:
    text = path.read_text("utf-8")
    row = f"      {100 + number}: {{name: added_{number}, type: unsigned}}\n"
    path.write_text(text.replace("    methods:\n", f"{row}    methods:\n", 1), "utf-8")
