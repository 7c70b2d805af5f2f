"""What changed between two states of the spec: additive, changed or breaking, element by element.

A state is an edition (``bb14``), a git revision (``v0.3``, ``HEAD~2``), a spec folder, or an overlay file on top of the
spec. What breaks is what a client of the older state would trip over: an element that is gone, an index, a type or a
tag that is another one, a right that is lost.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from cosem.codegen.errors import Mistakes, Span, SpecError
from cosem.codegen.ir.device_elements import device_elements
from cosem.codegen.ir.elements import Element, apdu_elements, model_elements, obis_elements
from cosem.codegen.load.editions import load_editions
from cosem.codegen.pipeline import Spec, load_spec
from cosem.codegen.project import load_project


class Severity(IntEnum):
    """How much a change matters to who used the older state."""

    ADDITIVE = 0
    CHANGED = 1
    BREAKING = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """One change. ``fact`` is empty where the element as a whole came or went."""

    severity: Severity
    element: str
    fact: str
    before: str
    after: str
    span: Span

    def __str__(self) -> str:
        what = f"{self.fact}: {self.before or 'none'} → {self.after or 'none'}" if self.fact else ""
        what = what or ("is gone" if self.before else "is new")
        return f"{self.severity.name.lower():8}  {self.span.file}:{self.span.line}: {self.element}: {what}"


_BREAKING_WORDS = """
    type carrier elements tag takes returns position default code class client server mechanism ciphered suite
    fixed scaler unit attribute count texts
"""
_BREAKING_FACTS = frozenset(_BREAKING_WORDS.split())
_SILENT = frozenset({"link", "quirk", "match"})
"""Kinds that come and go without anything that worked before being lost in the model."""

_BETTER = {
    "access": ("read-only", "read-write"),
    "presence": ("optional", "mandatory"),
}
"""Facts whose step from the first to the second word adds something, and back takes it away."""


def compare(old: Iterable[Element], new: Iterable[Element]) -> list[Difference]:
    """Every difference, the worst first. An element that came or went stands for all that is in it."""
    before, after = ({element.path: element for element in side} for side in (old, new))
    found = [
        *(_gone(before[path]) for path in before if _is_top(path, before, after)),
        *(_new(after[path]) for path in after if _is_top(path, after, before)),
        *(each for path in before if path in after for each in _facts(before[path], after[path])),
    ]
    return sorted(found, key=lambda each: (-each.severity, each.span, each.element, each.fact))


def _is_top(
    path: tuple[str, ...], here: Mapping[tuple[str, ...], Element], there: Mapping[tuple[str, ...], Element]
) -> bool:
    """Whether an element is on this side alone, and what it is in is on both."""
    return path not in there and not any(
        path[:length] in here and path[:length] not in there for length in range(1, len(path))
    )


def _gone(element: Element) -> Difference:
    severity = Severity.CHANGED if element.kind in _SILENT else Severity.BREAKING
    return Difference(severity, " ".join(element.path), "", element.kind, "", element.span)


def _new(element: Element) -> Difference:
    severity = Severity.ADDITIVE
    if element.kind == "quirk":
        severity = Severity.CHANGED
    elif element.kind == "field" or (
        element.kind == "component" and "optional" not in element.facts["presence"]
    ):
        severity = Severity.BREAKING
    return Difference(severity, " ".join(element.path), "", "", element.kind, element.span)


def _facts(old: Element, new: Element) -> Iterator[Difference]:
    for fact in sorted({*old.facts, *new.facts}):
        before, after = old.facts.get(fact, ""), new.facts.get(fact, "")
        if before != after:
            severity = _severity(old.kind, fact, before, after)
            yield Difference(severity, " ".join(new.path), fact, before, after, new.span)


def _severity(kind: str, fact: str, before: str, after: str) -> Severity:
    if kind == "component" and fact == "presence":
        return Severity.BREAKING  # the encoding says whether it is there
    if fact in _BETTER:
        return Severity.ADDITIVE if (before, after) == _BETTER[fact] else Severity.BREAKING
    breaks = fact in _BREAKING_FACTS and kind not in _SILENT
    return Severity.BREAKING if breaks else Severity.CHANGED


def elements_of(spec: Spec) -> list[Element]:
    """Everything that a loaded spec states."""
    found = list(model_elements(spec.model))
    if spec.apdu is not None:
        found += apdu_elements(spec.apdu)
    if spec.obis is not None:
        found += obis_elements(spec.obis)
    for device in spec.devices:
        found += device_elements(device, (f"device {device.overlay.name}",))
    return found


def load_state(name: str, spec: Path) -> list[Element]:
    """The elements of a state. Raises SpecError if the state has mistakes or is not known."""
    path = Path(name)
    if path.suffix == ".yaml" and path.is_file():
        base, device = load_project(spec, [path])
        return [*elements_of(replace(base, model=device.model)), *device_elements(device)]
    if (path / "editions.yaml").is_file():
        return elements_of(load_spec(path))
    mistakes = Mistakes()
    editions = {edition.id for edition in load_editions(spec / "editions.yaml", mistakes)}
    mistakes.check()
    if name in editions:
        return elements_of(load_spec(spec, name))
    with TemporaryDirectory() as folder:
        _check_out(name, spec, Path(folder))
        return elements_of(load_spec(Path(folder)))


def _check_out(revision: str, spec: Path, folder: Path) -> None:
    """The spec as a git revision has it."""
    archive = None
    if not revision.startswith("-"):
        command = ["git", "-C", str(spec), "archive", "--format=tar", revision, "."]
        archive = subprocess.run(command, capture_output=True, check=False)
    if archive is None or archive.returncode:
        mistakes = Mistakes()
        text = f"{revision!r} is no edition, git revision, spec folder or overlay file"
        mistakes.add(Span("editions.yaml"), text)
        raise SpecError(mistakes.found)
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
        tar.extractall(folder, filter="data")


def as_json(differences: Iterable[Difference]) -> str:
    """The differences as a JSON array of objects."""
    rows = [
        {
            "severity": each.severity.name.lower(),
            "element": each.element,
            "fact": each.fact,
            "before": each.before,
            "after": each.after,
            "file": each.span.file,
            "line": each.span.line,
        }
        for each in differences
    ]
    return json.dumps(rows, indent=1, ensure_ascii=False) + "\n"
