"""``spec/overlays/*.yaml`` and makers' own overlays: head and sources; the verbs are read by their own modules."""

from __future__ import annotations

import re
from pathlib import Path

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.names import camel, is_camel, is_snake
from cosem.codegen.ir.overlay import Overlay, QuirkDef, Source
from cosem.codegen.load.nodes import Items, Keys, Table, as_table, as_text, load_file
from cosem.codegen.load.overlay_classes import ClassVerbs
from cosem.codegen.load.overlay_device import read_associations, read_link, read_match, read_quirks
from cosem.codegen.load.overlay_objects import read_objects
from cosem.codegen.load.overlay_origin import Origins
from cosem.codegen.load.overlay_push import read_captures, read_push
from cosem.codegen.load.types import load_types, read_confidence, read_word

_VERSION = re.compile(r"\d+(\.\d+){0,2}", re.ASCII)


def load_overlays(folder: Path, mistakes: Mistakes) -> tuple[Overlay, ...]:
    """Every overlay of a folder, by file name."""
    found = (load_overlay(path, f"overlays/{path.name}", mistakes) for path in sorted(folder.glob("*.yaml")))
    return tuple(overlay for overlay in found if overlay is not None)


def load_overlay(path: Path, name: str, mistakes: Mistakes) -> Overlay | None:
    """One overlay; ``name`` is how mistakes call the file."""
    table = load_file(path, name, mistakes)
    if table is None:
        return None
    keys = Keys(table, "an overlay", mistakes)
    head = keys.table("overlay")
    sources = _sources(keys.table("sources"), mistakes)
    if head is None:
        return None
    inner = Keys(head, "'overlay'", mistakes)
    title, identifier = inner.text("title"), inner.text("name")
    extends = tuple(
        text.value
        for item in inner.items("extends", required=False) or ()
        if (text := as_text(item, "an overlay's name", mistakes)) is not None
    )
    variants = _variants(inner.items("variants", required=False), mistakes)
    python, doc, ends = (read_word(inner, key) for key in ("python", "doc", "ends"))
    version = inner.text("version", required=False)
    usual = inner.text("from", required=False)
    inner.close()
    if identifier is None or title is None:
        return None
    if not is_snake(identifier.value):
        mistakes.add(identifier.span, f"{identifier.value!r} is not in snake_case")
    python = python or camel(identifier.value)
    if not is_camel(python):
        mistakes.add(identifier.span, f"{python!r} is no CamelCase name; give one with 'python'")
    if version is not None and _VERSION.fullmatch(version.value) is None:
        mistakes.add(version.span, f"{version.value!r} is no version; write numbers, as in 1.2.0")
    origins = Origins(title.value, {source.key: source for source in sources}, mistakes)
    origins.usual = origins.read(usual) if usual else None
    verbs = ClassVerbs(name, origins, mistakes)
    verbs.read(keys)
    overlay = Overlay(
        name=identifier.value,
        title=title.value,
        python=python,
        doc=doc,
        ends=ends,
        version=version.value if version else "0.1.0",
        extends=extends,
        variants=variants,
        file=name,
        sources=sources,
        types=load_types(keys.table("types", required=False), mistakes),
        patches=tuple(verbs.patches),
        removed=tuple(verbs.removed),
        replaced=tuple(verbs.replaced),
        objects=read_objects(keys.table("objects", required=False), origins, mistakes),
        associations=read_associations(keys.table("associations", required=False), origins, mistakes),
        push=read_push(keys.table("push", required=False), origins, mistakes),
        link=read_link(keys.table("link", required=False), origins, mistakes),
        quirks=read_quirks(keys.table("quirks", required=False), origins, mistakes),
        match=read_match(keys.items("match", required=False), mistakes),
        captures=read_captures(keys.items("captures", required=False), origins, mistakes),
        span=head.span,
    )
    keys.close()
    origins.close(sources)
    return overlay


def load_quirks(path: Path, mistakes: Mistakes) -> tuple[QuirkDef, ...]:
    """``spec/quirks.yaml``: the quirks that can be had."""
    table = load_file(path, path.name, mistakes) if path.is_file() else None
    if table is None:
        return ()
    keys = Keys(table, "the quirks", mistakes)
    found: list[QuirkDef] = []
    for entry in keys.table("quirks") or ():
        body = as_table(entry.value, f"quirk {entry.key.value}", mistakes)
        if body is None:
            continue
        inner = Keys(body, f"quirk {entry.key.value}", mistakes)
        meaning, confidence = inner.text("meaning"), read_confidence(inner)
        inner.close()
        if meaning is not None:
            found.append(QuirkDef(entry.key.value, meaning.value, confidence, entry.key.span))
    keys.close()
    return tuple(found)


def _variants(items: Items | None, mistakes: Mistakes) -> tuple[str, ...]:
    """The kinds that a device comes in."""
    found: dict[str, None] = {}
    for item in items or ():
        text = as_text(item, "a variant", mistakes)
        if text is not None and (not is_snake(text.value) or text.value in found):
            mistakes.add(text.span, f"{text.value!r} is not in snake_case, or stands here twice")
        elif text is not None:
            found[text.value] = None
    return tuple(found)


def _sources(table: Table | None, mistakes: Mistakes) -> tuple[Source, ...]:
    found: list[Source] = []
    for entry in table or ():
        body = as_table(entry.value, f"source {entry.key.value}", mistakes)
        if body is None:
            continue
        keys = Keys(body, f"source {entry.key.value}", mistakes)
        title, edition, address = keys.text("title"), read_word(keys, "edition"), read_word(keys, "address")
        keys.close()
        if title is not None:
            found.append(Source(entry.key.value, title.value, edition, address, entry.key.span))
    return tuple(found)
