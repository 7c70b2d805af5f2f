"""Past editions stay what they were: an amendment adds ``since`` and ``until`` and changes nothing behind them.

Where a mistake in a past edition was mended, or a fact found about one, ``make freeze`` records them anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path

import pytest

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.elements import Element, apdu_elements, model_elements, obis_elements
from cosem.codegen.ir.life import Edition
from cosem.codegen.passes.editions import BLUE, Choice
from cosem.codegen.pipeline import PARTS, Spec, at_choice, load_whole

SPEC = Path(__file__).resolve().parents[2] / "spec"
TINY = Path(__file__).parent / "golden_device" / "spec"
RECORD = Path(__file__).with_name("editions_frozen.json")


def past(spec: Spec) -> list[Edition]:
    """All editions but the newest of each book."""
    newest = {edition.book: edition for edition in spec.model.editions}
    return [edition for edition in spec.model.editions if newest[edition.book] is not edition]


def digests(spec: Spec, edition: Edition) -> dict[str, str]:
    """The digest of each part of what an edition knows: every element with its facts, descriptions and places aside."""
    known = at_choice(spec, Choice.of(spec.model.editions, [edition.id]))
    if edition.book != BLUE:
        return {"messages": digest(apdu_elements(known.apdu)) if known.apdu else ""}
    elements = list(model_elements(known.model))
    return {
        "classes": digest(each for each in elements if each.path[0].startswith("class ")),
        "types": digest(each for each in elements if not each.path[0].startswith("class ")),
        "obis": digest(obis_elements(known.obis)) if known.obis else "",
    }


def digest(elements: Iterable[Element]) -> str:
    rows = sorted([each.kind, list(each.path), sorted(map(list, each.facts.items()))] for each in elements)
    return hashlib.blake2b(json.dumps(rows).encode(), digest_size=16).hexdigest()


def whole(folder: Path) -> Spec:
    mistakes = Mistakes()
    found = load_whole(folder, mistakes)
    mistakes.check()
    return found


@pytest.fixture(scope="module")
def spec() -> Spec:
    return whole(SPEC)


def test_past_editions_are_what_was_recorded(spec: Spec) -> None:
    found = {edition.id: digests(spec, edition) for edition in past(spec)}
    if os.environ.get("COSEM_RECORD"):
        RECORD.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    recorded = json.loads(RECORD.read_text("utf-8"))
    assert list(found) == list(recorded), "an edition came or went; `make freeze` records it"
    moved = [
        f"{part} of {edition}: see `cosem-codegen diff {edition}@HEAD {edition}`; `make freeze` records it"
        for edition, parts in found.items()
        for part in parts
        if parts[part] != recorded[edition][part]
    ]
    assert moved == []


def test_every_part_of_every_past_edition_is_recorded(spec: Spec) -> None:
    recorded = json.loads(RECORD.read_text("utf-8"))
    books = {edition.id: edition.book for edition in past(spec)}
    for edition, parts in recorded.items():
        assert set(parts) == ({"classes", "types", "obis"} if books[edition] == BLUE else {"messages"})
        assert all(len(each) == 32 for each in parts.values())
    assert PARTS.keys() - {"devices"} == {"model", "apdu", "obis"}, "a new part wants a digest of its own"


def test_a_digest_sees_what_an_edition_knows_and_nothing_else(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(TINY, tmp_path / "spec"))
    path = folder / "classes" / "0903_clerk.yaml"
    text = path.read_text("utf-8")

    def found(changed: str) -> list[dict[str, str]]:
        path.write_text(changed, "utf-8")
        spec = whole(folder)
        return [digests(spec, edition) for edition in spec.model.editions if edition.id in ("bb12", "bb13")]

    before = found(text)
    assert found(text.replace("Keeps papers", "Keeps files")) == before
    later = found(text.replace("remove_attributes: [3]", "remove_attributes: [4]"))
    assert (later[0] == before[0], later[1] == before[1]) == (True, False)
    member = found(text.replace("1: busy", "1: busy, 2: tired"))
    assert member[0]["classes"] != before[0]["classes"]
    assert member[0]["types"] == before[0]["types"]


@pytest.mark.parametrize(
    ("file", "old", "new", "edition", "part"),
    [
        ("types/units.yaml", "27: active_power", "27: real_power", "bb10", "types"),
        ("obis/abstract.yaml", "name: CoAP setup", "name: CoAP", "bb15", "obis"),
        ("obis/groups.yaml", "b: 0-64 ", "b: 0-63 ", "bb10", "obis"),
        ("apdu/exception.asn", "service-unknown (2)", "service-unknown (3)", "gb7", "messages"),
    ],
)
def test_each_part_has_its_own_digest(
    tmp_path: Path, spec: Spec, file: str, old: str, new: str, edition: str, part: str
) -> None:
    folder = Path(shutil.copytree(SPEC, tmp_path / "spec"))
    text = (folder / file).read_text("utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), "utf-8")
    mistakes = Mistakes()
    chosen = next(each for each in spec.model.editions if each.id == edition)
    before, after = digests(spec, chosen), digests(load_whole(folder, mistakes), chosen)
    assert [name for name in before if before[name] != after[name]] == [part]
