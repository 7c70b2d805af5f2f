"""``spec/classes/NNNN_name.yaml``: one interface class, every version in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.model import Attribute, InterfaceClass, Method, Selector, Version
from cosem.codegen.ir.names import camel
from cosem.codegen.load.nodes import (
    Entry,
    Items,
    Keys,
    Table,
    as_table,
    as_text,
    integer,
    load_file,
    numbered,
)
from cosem.codegen.load.types import load_types, read_confidence, read_life, read_type, read_word

FILE_NAME = re.compile(r"(\d{4})_[a-z0-9]+(_[a-z0-9]+)*\.yaml")

Row = TypeVar("Row", Attribute, Method)
_EMPTY = Table((), Span())


def load_classes(folder: Path, mistakes: Mistakes) -> tuple[InterfaceClass, ...]:
    """Every class file, by class id."""
    found = (load_class(path, f"classes/{path.name}", mistakes) for path in sorted(folder.glob("*.yaml")))
    return tuple(sorted((cls for cls in found if cls is not None), key=lambda cls: cls.id))


def load_class(path: Path, name: str, mistakes: Mistakes) -> InterfaceClass | None:
    """One class file; ``name`` is how mistakes call it."""
    table = load_file(path, name, mistakes)
    if table is None:
        return None
    cls = read_class(table, name, mistakes)
    if cls is None:
        return None
    match = FILE_NAME.fullmatch(path.name)
    if match is None:
        mistakes.add(Span(name), "the file is not called NNNN_name.yaml, in lower case, after the class id")
    elif int(match[1]) != cls.id:
        mistakes.add(cls.span, f"class id {cls.id} does not fit the file name {path.name}")
    return cls


def read_class(table: Table, name: str, mistakes: Mistakes) -> InterfaceClass | None:
    """A class as a class file states it; ``name`` is the file that it is said to come from."""
    keys = Keys(table, "a class file", mistakes)
    head, versions, types = keys.table("class"), keys.table("versions"), keys.table("types", required=False)
    keys.close()
    if head is None:
        return None
    head_keys = Keys(head, "'class'", mistakes)
    number, title, doc = head_keys.integer("id"), head_keys.text("name"), read_word(head_keys, "doc")
    python, life = read_word(head_keys, "python"), read_life(head_keys)
    head_keys.close()
    if number is None or title is None:
        return None
    return InterfaceClass(
        number,
        title.value,
        python or camel(title.value),
        doc,
        name,
        _versions(versions, mistakes),
        load_types(types, mistakes),
        head.span,
        life,
    )


def _versions(table: Table | None, mistakes: Mistakes) -> tuple[Version, ...]:
    done: dict[int, Version] = {}
    for number, entry in numbered(table, "version number", mistakes) if table else ():
        body = as_table(entry.value, f"version {number}", mistakes)
        if body is not None:
            done[number] = _version(number, entry, body, done, mistakes)
    return tuple(done[number] for number in sorted(done))


def _version(number: int, entry: Entry, body: Table, done: dict[int, Version], mistakes: Mistakes) -> Version:
    keys = Keys(body, f"version {number}", mistakes)
    ref, life, confidence = read_word(keys, "ref"), read_life(keys), read_confidence(keys)
    base = _base(keys, done, mistakes)
    attributes = read_rows(keys.table("attributes", required=False), read_attribute, mistakes)
    methods = read_rows(keys.table("methods", required=False), read_method, mistakes)
    gone = read_indices(keys.items("remove_attributes", required=False), "attribute", mistakes)
    lost = read_indices(keys.items("remove_methods", required=False), "method", mistakes)
    keys.close()
    return Version(
        number,
        ref or (base.ref if base else ""),
        confidence,
        life,
        _merged(base.attributes if base else (), attributes, gone, "attribute", mistakes),
        _merged(base.methods if base else (), methods, lost, "method", mistakes),
        entry.key.span,
    )


def _base(keys: Keys, done: dict[int, Version], mistakes: Mistakes) -> Version | None:
    text = keys.text("extends", required=False)
    number = integer(text, "version number", mistakes) if text else None
    if text is None or number is None:
        return None
    if number not in done:
        known = ", ".join(map(str, done)) or "none before it"
        mistakes.add(text.span, f"version {number} is not known here; there are {known}")
    return done.get(number)


def read_rows(
    table: Table | None, read: Callable[[int, Entry, Mistakes], Row | None], mistakes: Mistakes
) -> dict[int, Row]:
    """Attributes or methods by index."""
    found = {
        number: read(number, entry, mistakes)
        for number, entry in numbered(table or _EMPTY, "index", mistakes)
    }
    return {number: row for number, row in found.items() if row is not None}


def _merged(
    base: tuple[Row, ...], own: dict[int, Row], removed: dict[int, Span], what: str, mistakes: Mistakes
) -> tuple[Row, ...]:
    """What the base has, less what is removed, with what is its own in place."""
    rows = {row.index: row for row in base}
    for index, span in removed.items():
        if rows.pop(index, None) is None:
            mistakes.add(span, f"{what} {index} cannot be removed: the extended version has none")
    rows.update(own)
    return tuple(rows[index] for index in sorted(rows))


def read_indices(items: Items | None, what: str, mistakes: Mistakes) -> dict[int, Span]:
    """A list of indices, each with its place."""
    removed: dict[int, Span] = {}
    for item in items or ():
        text = as_text(item, f"removed {what}", mistakes)
        index = integer(text, "index", mistakes) if text else None
        if text is not None and index is not None:
            removed[index] = text.span
    return removed


def read_attribute(index: int, entry: Entry, mistakes: Mistakes) -> Attribute | None:
    """An attribute as a class file writes it."""
    table = as_table(entry.value, f"attribute {index}", mistakes)
    if table is None:
        return None
    keys = Keys(table, f"attribute {index}", mistakes)
    name, expr = keys.text("name"), read_type(keys.text("type"), mistakes)
    volatile = keys.word("volatile", ("static", "dynamic"), default="static")
    dynamic = volatile is not None and volatile.value == "dynamic"
    access = keys.word(
        "access", ("read-only", "read-write"), default="read-only" if dynamic else "read-write"
    )
    selectors = _selectors(keys.table("selectors", required=False), mistakes)
    doc, ref, confidence, life = (
        read_word(keys, "doc"),
        read_word(keys, "ref"),
        read_confidence(keys),
        read_life(keys),
    )
    keys.close()
    if name is None or expr is None:
        return None
    writable = access is not None and access.value == "read-write"
    return Attribute(
        index, name.value, expr, dynamic, writable, selectors, doc, ref, confidence, life, entry.key.span
    )


def _selectors(table: Table | None, mistakes: Mistakes) -> tuple[Selector, ...]:
    selectors: list[Selector] = []
    for number, entry in numbered(table or _EMPTY, "selector", mistakes):
        body = as_table(entry.value, f"selector {number}", mistakes)
        if body is None:
            continue
        keys = Keys(body, f"selector {number}", mistakes)
        name, expr = keys.text("name"), read_type(keys.text("type"), mistakes)
        doc, life = read_word(keys, "doc"), read_life(keys)
        keys.close()
        if name is not None and expr is not None:
            selectors.append(Selector(number, name.value, expr, doc, entry.key.span, life))
    return tuple(selectors)


def read_method(index: int, entry: Entry, mistakes: Mistakes) -> Method | None:
    """A method as a class file writes it."""
    table = as_table(entry.value, f"method {index}", mistakes)
    if table is None:
        return None
    keys = Keys(table, f"method {index}", mistakes)
    name = keys.text("name")
    takes = read_type(keys.text("takes", required=False), mistakes)
    returns = read_type(keys.text("returns", required=False), mistakes)
    mandatory = not keys.flag("optional", default=True)
    doc, ref, confidence, life = (
        read_word(keys, "doc"),
        read_word(keys, "ref"),
        read_confidence(keys),
        read_life(keys),
    )
    keys.close()
    if name is None:
        return None
    return Method(index, name.value, takes, returns, mandatory, doc, ref, confidence, life, entry.key.span)
