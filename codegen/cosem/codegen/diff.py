"""What changed between two states of the spec: additive, changed or breaking, element by element.

A state is an edition (``bb14``, ``bb14+gb9``), a git revision (``v0.3``, ``HEAD~2``), a spec folder, or an overlay file
on top of the spec; ``bb14@HEAD`` is an edition as one of the others has it. What breaks is what a client of the older
state would trip over: an element that is gone, an index, a type or a tag that is another one, a right that is lost.
"""

from __future__ import annotations

import io
import json
import subprocess
import tarfile
from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, replace
from enum import IntEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeAlias

from cosem.codegen.errors import Mistakes, Span, SpecError
from cosem.codegen.ir.device_elements import device_elements
from cosem.codegen.ir.elements import Element, apdu_elements, model_elements, obis_elements
from cosem.codegen.load.editions import load_editions
from cosem.codegen.passes.editions import split
from cosem.codegen.pipeline import PARTS, Spec, load_spec
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
    type carrier elements tag encoding takes returns position default protects code class client server mechanism
    ciphered suite policy pre_established fixed scaler unit attribute count texts
"""
_BREAKING_FACTS = frozenset([*_BREAKING_WORDS.split(), "first octet"])
_SILENT = frozenset({"link", "quirk", "match", "set", "table", "words"})
"""Kinds that come and go without anything that worked before being lost in the model."""

_BETTER = {
    "access": ("read-only", "read-write"),
    "presence": ("optional", "mandatory"),
}
"""Facts whose step from the first to the second word adds something, and back takes it away."""


Elements: TypeAlias = Mapping[tuple[str, ...], Element]
"""By what they are in, and themselves."""


def compare(old: Iterable[Element], new: Iterable[Element]) -> list[Difference]:
    """Every difference, the worst first. An element that came or went stands for all that is in it."""
    before, after = ({element.path: element for element in side} for side in (old, new))
    found = [
        *(_gone(before[path]) for path in before if _is_top(path, before, after)),
        *(_new(after[path], before, after) for path in after if _is_top(path, after, before)),
        *(each for path in before if path in after for each in _facts(before[path], after[path])),
    ]
    return sorted(found, key=lambda each: (-each.severity, each.span, each.element, each.fact))


def _is_top(path: tuple[str, ...], here: Elements, there: Elements) -> bool:
    """Whether an element is on this side alone, and what it is in is on both."""
    return path not in there and not any(
        path[:length] in here and path[:length] not in there for length in range(1, len(path))
    )


def _gone(element: Element) -> Difference:
    severity = Severity.CHANGED if element.kind in _SILENT else Severity.BREAKING
    return Difference(severity, " ".join(element.path), "", element.kind, "", element.span)


def _new(element: Element, before: Elements, after: Elements) -> Difference:
    severity = Severity.ADDITIVE
    match element.kind:
        case "quirk":
            severity = Severity.CHANGED
        case "prescription":  # what was a value of the class's own type is another one now
            severity = Severity.BREAKING if "type" in element.facts else Severity.CHANGED
        case "field":
            severity = Severity.BREAKING
        case "component" if _comes_with_a_new_number(element, before, after):
            pass
        case "component" if "optional" not in element.facts["presence"]:
            severity = Severity.BREAKING
        case "component" if element.facts.get("encoding") == "A-XDR":
            severity = Severity.BREAKING  # an octet says whether it is there
        case _:
            pass
    return Difference(severity, " ".join(element.path), "", "", element.kind, element.span)


def _comes_with_a_new_number(element: Element, before: Elements, after: Elements) -> bool:
    """Whether a component is there only where another has a value that it could not have before."""
    field, _, member = element.facts["presence"].removeprefix("when ").partition(" is ")
    kind = after[*element.path[:-1], field].facts["type"] if member else ""
    return bool(kind) and not any(
        path[0] == f"apdu {kind}" and other.kind == "number" and other.facts["name"] == member
        for path, other in before.items()
    )


def _facts(old: Element, new: Element) -> Iterator[Difference]:
    for fact in sorted({*old.facts, *new.facts}):
        before, after = old.facts.get(fact, ""), new.facts.get(fact, "")
        if before != after:
            severity = _severity(old.kind, fact, before, after)
            yield Difference(severity, " ".join(new.path), fact, before, after, new.span)


def _severity(kind: str, fact: str, before: str, after: str) -> Severity:
    match kind, fact:
        case "component", "presence":
            return Severity.BREAKING  # the encoding says whether it is there
        case "rights", "methods":
            return _grown(_words(before), _words(after), Severity.BREAKING)
        case "rights", _:
            return _grown(_rights(before), _rights(after), Severity.BREAKING)
        case "set", "numbers":
            return _grown(_numbers(before), _numbers(after), Severity.BREAKING)
        case "object", "classes":
            return _grown(_words(before), _words(after), Severity.CHANGED)
        case _ if fact in _BETTER:
            return Severity.ADDITIVE if (before, after) == _BETTER[fact] else Severity.BREAKING
        case _:
            breaks = fact in _BREAKING_FACTS and kind not in _SILENT
            return Severity.BREAKING if breaks else Severity.CHANGED


def _grown(before: Set[object], after: Set[object], otherwise: Severity) -> Severity:
    return Severity.ADDITIVE if before <= after else otherwise


def _words(text: str) -> Set[object]:
    return set(text.split(", "))


def _rights(text: str) -> Set[object]:
    return set(text.replace("none", ""))


def _numbers(text: str) -> Set[object]:
    ranges = (part.partition("-") for part in text.split("/") if part)
    return {number for first, _, last in ranges for number in range(int(first), int(last or first) + 1)}


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


def load_states(old: str, new: str, spec: Path) -> tuple[list[Element], list[Element]]:
    """The elements of two states. Raises SpecError if one has mistakes or is not known.

    An edition is a state of the books: beside one, devices are left out of the other, too.
    """
    mistakes = Mistakes()
    editions = frozenset(edition.id for edition in load_editions(spec / "editions.yaml", mistakes))
    mistakes.check()
    states = [_State.of(name, editions) for name in (old, new)]
    books = any(state.editions for state in states)
    before, after = (state.elements(spec, PARTS.keys() - {"devices"} if books else PARTS) for state in states)
    return before, after


@dataclass(frozen=True, slots=True)
class _State:
    """What a command line names: a place and the editions that are asked of it, the newest if there are none. The spec
    itself is an empty place.
    """

    editions: str
    place: str

    @classmethod
    def of(cls, name: str, known: frozenset[str]) -> _State:
        editions, _, place = name.partition("@")
        named = split(editions)
        return cls(editions, place) if named and known.issuperset(named) else cls("", name)

    def elements(self, spec: Path, parts: Collection[str]) -> list[Element]:
        path = Path(self.place) if self.place else spec
        if path.suffix == ".yaml" and path.is_file():
            base, device = load_project(spec, [path], self.editions, parts)
            return [*elements_of(replace(base, model=device.model)), *device_elements(device)]
        if (path / "editions.yaml").is_file():
            return elements_of(load_spec(path, self.editions, parts))
        with TemporaryDirectory() as folder:
            _check_out(self.place, spec, Path(folder))
            # What was committed once is what it is, whatever the rules of today say of it.
            return elements_of(load_spec(Path(folder), self.editions, parts, rules=False))


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
