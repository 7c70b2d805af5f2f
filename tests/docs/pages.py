"""The reference of this checkout, generated once for all tests of a run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from cosem.codegen.emit.docs import render_docs
from cosem.codegen.emit.docs_examples import Example, load_examples
from cosem.codegen.emit.docs_octet_words import Words
from cosem.codegen.errors import Mistakes
from cosem.codegen.pipeline import Spec, load_spec, load_whole

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
EXAMPLES = DOCS / "examples"


@cache
def spec() -> Spec:
    """The spec."""
    return load_spec(ROOT / "spec")


@cache
def examples() -> dict[str, Example]:
    """The messages that the reference explains."""
    mistakes = Mistakes()
    found = load_examples(DOCS / "apdu_examples.yaml", mistakes)
    mistakes.check()
    return found


@cache
def pages() -> dict[str, str]:
    """Path → file."""
    mistakes = Mistakes()
    found = render_docs(spec(), load_whole(ROOT / "spec", mistakes), examples(), mistakes)
    mistakes.check()
    return found


def words() -> Words:
    """The names that the spec knows."""
    return Words({cls.id: cls.name for cls in spec().model.classes}, spec().obis)
