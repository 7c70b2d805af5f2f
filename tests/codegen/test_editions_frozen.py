"""Past editions stay what they were: an amendment adds ``since`` and ``until`` and changes nothing behind them.

``COSEM_RECORD=1 pytest tests/codegen/test_editions_frozen.py`` re-records, when a mistake in a past edition was mended.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.elements import Element, model_elements
from cosem.codegen.ir.model import Edition, Model
from cosem.codegen.passes.edition import at_edition
from cosem.codegen.pipeline import load_model

SPEC = Path(__file__).resolve().parents[2] / "spec"
TINY = Path(__file__).parent / "golden_device" / "spec"
RECORD = Path(__file__).with_name("editions_frozen.json")


def past(model: Model) -> list[Edition]:
    """All editions but the newest of each book."""
    newest = {edition.book: edition for edition in model.editions}
    return [edition for edition in model.editions if newest[edition.book] is not edition]


def digest(model: Model, edition: str) -> str:
    """The digest of what an edition knows: every element with its facts, descriptions and places aside."""
    elements: list[Element] = sorted(model_elements(at_edition(model, edition)), key=lambda each: each.path)
    rows = [[each.kind, each.path, sorted(each.facts.items())] for each in elements]
    return hashlib.blake2b(json.dumps(rows).encode(), digest_size=16).hexdigest()


@pytest.fixture(scope="module")
def model() -> Model:
    mistakes = Mistakes()
    found = load_model(SPEC, mistakes)
    mistakes.check()
    return found


def test_past_editions_are_what_was_recorded(model: Model) -> None:
    found = {edition.id: digest(model, edition.id) for edition in past(model)}
    if os.environ.get("COSEM_RECORD"):
        RECORD.write_text(json.dumps(found, indent=1) + "\n", "utf-8")
    assert found == json.loads(RECORD.read_text("utf-8")), "see `cosem-codegen diff <revision> spec`"


def test_a_digest_sees_what_an_edition_knows_and_nothing_else(tmp_path: Path) -> None:
    import shutil

    folder = Path(shutil.copytree(TINY, tmp_path / "spec"))
    path = folder / "classes" / "0903_clerk.yaml"
    text = path.read_text("utf-8")

    def digests(changed: str) -> list[str]:
        path.write_text(changed, "utf-8")
        found = load_model(folder, Mistakes())
        return [digest(found, edition) for edition in ("bb12", "bb13")]

    before = digests(text)
    assert digests(text.replace("Keeps papers", "Keeps files")) == before
    later = digests(text.replace("remove_attributes: [3]", "remove_attributes: [4]"))
    assert (later[0] == before[0], later[1] == before[1]) == (True, False)
    assert digests(text.replace("1: busy", "1: busy, 2: tired"))[0] != before[0]
