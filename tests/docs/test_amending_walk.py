"""The walk of the guide "Amending the spec": its files are written, its commands are run, its output comes."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from tests.docs.pages import DOCS, ROOT

BLOCK = re.compile(r'^```(\w+)(?: title="([^"]+)")?\n(.*?)^```', re.M | re.S)
MISTAKE, RIGHT = "bb81", "bb18"


def test_edition_18_adds_a_class_and_an_attribute(tmp_path: Path) -> None:
    blocks = BLOCK.findall((DOCS / "guides" / "amending.md").read_text("utf-8"))
    files = {title: text for language, title, text in blocks if language in ("yaml", "asn1")}
    consoles = [text for language, _, text in blocks if language == "console"]
    (python,) = [text for language, _, text in blocks if language == "python"]

    copy, lint, *rest = consoles
    assert copy == "$ cp -r spec my-spec\n"
    spec = tmp_path / "my-spec"
    shutil.copytree(ROOT / "spec", spec)
    for title, text in files.items():
        write(tmp_path, title, text)

    check_console(lint, tmp_path)
    register = spec / "classes" / "0003_register.yaml"
    register.write_text(register.read_text("utf-8").replace(MISTAKE, RIGHT), "utf-8")
    for console in rest:
        check_console(console, tmp_path)

    for built, there in (("my-generated", True), ("my-older", False)):
        model, messages = (tmp_path / built / "cosem" / package for package in ("model", "apdu"))
        assert (model / "c0171_charging_point.py").exists() is there
        assert ("RegisterV1" in (model / "c0003_register.py").read_text("utf-8")) is there
        assert ("RETRY_LATER" in (messages / "exception.py").read_text("utf-8")) is there

    generated = tmp_path / "my-generated"
    roots = os.pathsep.join(map(str, (generated, ROOT / "runtime")))
    done = run([sys.executable, "-c", python], tmp_path, {**os.environ, "PYTHONPATH": roots})
    assert done.stdout.splitlines() == [
        "1.0.1.8.0.255 Register capture_time",
        "0.0.171.0.0.255 Charging point state",
    ], done.stderr


def write(folder: Path, title: str, text: str) -> None:
    """A block into its file: a new one, or the place in one that its title names."""
    name, _, where = title.partition(", ")
    path = folder / name
    if not where:
        assert not path.exists()
        path.write_text(text, "utf-8")
    elif where == "at its end":
        path.write_text(path.read_text("utf-8") + text, "utf-8")
    else:
        lines = path.read_text("utf-8").splitlines(keepends=True)
        word = where.split()[-1]
        (place,) = [
            index for index, line in enumerate(lines) if line.strip().startswith((f"{word}:", f"{word} ::="))
        ]
        path.write_text("".join([*lines[: place + 1], text, *lines[place + 1 :]]), "utf-8")


def check_console(console: str, folder: Path) -> None:
    """Run the commands of a block; each line below one must be among what it says."""
    roots = os.pathsep.join(str(ROOT / root) for root in ("runtime", "generated", "codegen"))
    said: list[str] = []
    for line in console.splitlines():
        if line.startswith("$ "):
            program, *arguments = shlex.split(line.removeprefix("$ "))
            assert program == "cosem-codegen"
            command = [sys.executable, "-m", "cosem.codegen", *arguments]
            done = run(command, folder, {**os.environ, "PYTHONPATH": roots})
            assert done.returncode == (arguments[0] == "lint"), done.stdout + done.stderr
            said = (done.stdout + done.stderr).splitlines()
        else:
            assert line in said


def run(command: list[str], folder: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
