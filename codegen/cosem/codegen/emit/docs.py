"""The reference in Markdown: classes, types, messages, OBIS codes, overlays, editions, and how the site lists them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TypeAlias

from cosem.codegen.emit.docs_classes import class_pages, page_of
from cosem.codegen.emit.docs_editions import edition_pages
from cosem.codegen.emit.docs_examples import Example, load_examples
from cosem.codegen.emit.docs_messages import message_pages
from cosem.codegen.emit.docs_obis import obis_pages
from cosem.codegen.emit.docs_octet_words import Words
from cosem.codegen.emit.docs_overlays import overlay_pages
from cosem.codegen.emit.docs_types import type_pages
from cosem.codegen.emit.sink import DiskSink
from cosem.codegen.errors import Mistakes
from cosem.codegen.pipeline import Spec

FOLDER = "reference"
NAVIGATION = "navigation.json"
"""Title → page or titles below it, paths from the root of the pages."""

Titles: TypeAlias = list[dict[str, object]]


def write_docs(spec: Spec, folder: Path, examples: Path | None = None) -> int:
    """Write the pages into ``folder/reference``; gives their number.

    ``examples`` are the messages to explain (see ``docs/apdu_examples.yaml``). Raises SpecError if one is none.
    """
    mistakes = Mistakes()
    known = {} if examples is None else load_examples(examples, mistakes)
    pages = render_docs(spec, known, mistakes)
    mistakes.check()
    sink = DiskSink(folder)
    for path, text in pages.items():
        sink.put(path, text)
    return len(pages)


def render_docs(spec: Spec, examples: Mapping[str, Example], mistakes: Mistakes) -> dict[str, str]:
    """Path → file. Examples that are no message are noted."""
    model = spec.model
    pages = class_pages(model) | type_pages(model) | edition_pages(model, spec.obis)
    classes: Titles = [{f"{cls.id} {cls.name}": _at(f"classes/{page_of(cls)}")} for cls in model.classes]
    types: Titles = [{file.stem.capitalize(): _at(f"types/{file.stem}.md")} for file in model.types]
    navigation: Titles = [
        {"Interface classes": [_index("classes"), *classes]},
        {"Shared types": [_index("types"), *types]},
    ]
    if spec.apdu is not None:
        words = Words({cls.id: cls.name for cls in model.classes}, spec.obis)
        found = message_pages(spec.apdu, examples, words, mistakes)
        pages |= found
        navigation.append({"Messages": _listed("messages", found)})
    if spec.obis is not None:
        found = obis_pages(spec.obis, model)
        pages |= found
        navigation.append({"OBIS codes": _listed("obis", found)})
    found = overlay_pages(spec.devices, model, spec.obis)
    pages |= found
    navigation.append({"Overlays": _listed("overlays", found)})
    navigation.append({"Editions": _at("editions.md")})
    pages[NAVIGATION] = json.dumps(navigation, indent=1) + "\n"
    return {_at(path): text for path, text in sorted(pages.items())}


def _at(path: str) -> str:
    return f"{FOLDER}/{path}"


def _index(folder: str) -> dict[str, object]:
    return {"All": _at(f"{folder}/index.md")}


def _listed(folder: str, pages: Mapping[str, str]) -> Titles:
    """The pages of one folder by their own titles, the index first."""
    titled = {
        path: text.partition("\n")[0].removeprefix("# ").rpartition(": ")[2]
        for path, text in pages.items()
        if path.endswith(".md") and not path.endswith("/index.md")
    }
    found: Titles = [{title[0].upper() + title[1:]: _at(path)} for path, title in titled.items()]
    return [_index(folder), *found]
