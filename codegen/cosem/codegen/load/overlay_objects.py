"""``objects``: the object list of a device."""

from __future__ import annotations

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.ir.names import is_snake
from cosem.codegen.ir.obis import NumberSet, Pattern
from cosem.codegen.ir.overlay import Access, Column, ObjectRow, Prescribed
from cosem.codegen.load.classes import read_indices
from cosem.codegen.load.nodes import Entry, Items, Keys, Table, Text, as_table, as_text, numbered
from cosem.codegen.load.obis_patterns import read_pattern
from cosem.codegen.load.overlay_origin import Origins
from cosem.codegen.load.types import read_type, read_word

RIGHTS = ("none", "r", "w", "rw")
_EVERY = range(256)
_LETTERS = "abcdef"
_OPEN = {letter: NumberSet(letter, "0-255", frozenset(_EVERY), Span()) for letter in _LETTERS}


def read_objects(table: Table | None, origins: Origins, mistakes: Mistakes) -> tuple[ObjectRow, ...]:
    """The entries of an ``objects`` mapping, in the order of the file."""
    found = (_object(entry, origins, mistakes) for entry in table or ())
    return tuple(row for row in found if row is not None)


def read_codes(text: Text, mistakes: Mistakes) -> Pattern | None:
    """``1.b.1.8.e.255``: a group is a number, ranges, or its own letter, which admits everything."""
    for letter, part in zip(_LETTERS, text.value.split("."), strict=False):
        if part in _OPEN and part != letter:
            mistakes.add(text.span, f"{part!r} stands for group {part.upper()}; here it is {letter!r}")
            return None
    return read_pattern(text, mistakes, _OPEN, _EVERY)


def read_code(text: Text | None, mistakes: Mistakes) -> str:
    """One logical name, all six groups; empty if there is none."""
    pattern = None if text is None else read_pattern(text, mistakes, {}, _EVERY)
    if text is None or pattern is None:
        return ""
    if any(len(group) != 1 for group in pattern.groups):
        mistakes.add(text.span, f"{text.value!r} is more than one logical name")
    return text.value


def _object(entry: Entry, origins: Origins, mistakes: Mistakes) -> ObjectRow | None:
    name = entry.key
    if not is_snake(name.value):
        mistakes.add(name.span, f"{name.value!r} is not in snake_case")
    table = as_table(entry.value, f"object {name.value}", mistakes)
    if table is None:
        return None
    keys = Keys(table, f"object {name.value}", mistakes)
    obis, class_id, version = keys.text("obis"), keys.integer("class"), keys.integer("version")
    presence = keys.word("presence", ("mandatory", "optional"), default="mandatory")
    doc, origin = read_word(keys, "doc"), origins.of(keys)
    attributes = _prescribed(keys.table("attributes", required=False), mistakes)
    columns = _columns(keys.items("columns", required=False), mistakes)
    variants = tuple(
        text.value
        for item in keys.items("variants", required=False) or ()
        if (text := as_text(item, "a variant", mistakes)) is not None
    )
    access = _access(keys.table("access", required=False), mistakes)
    keys.close()
    pattern = None if obis is None else read_codes(obis, mistakes)
    if pattern is None or class_id is None or version is None:
        return None
    mandatory = presence is None or presence.value == "mandatory"
    return ObjectRow(
        name.value,
        pattern,
        class_id,
        version,
        mandatory,
        attributes,
        columns,
        variants,
        access,
        doc,
        origin,
        name.span,
    )


def _prescribed(table: Table | None, mistakes: Mistakes) -> tuple[Prescribed, ...]:
    found: list[Prescribed] = []
    for index, entry in numbered(table, "attribute index", mistakes) if table else ():
        body = as_table(entry.value, f"attribute {index}", mistakes)
        if body is None:
            continue
        keys = Keys(body, f"attribute {index}", mistakes)
        expr, fixed = read_type(keys.text("type", required=False), mistakes), read_word(keys, "fixed")
        scaler, unit = keys.integer("scaler", required=False), read_word(keys, "unit")
        reason = read_word(keys, "reason")
        keys.close()
        if scaler is not None and not -128 <= scaler <= 127:
            mistakes.add(entry.key.span, f"the scaler {scaler} is not from -128 to 127")
        found.append(Prescribed(index, expr, fixed, scaler, unit, reason, entry.key.span))
    return tuple(found)


def _columns(items: Items | None, mistakes: Mistakes) -> tuple[Column, ...]:
    """``0.b.24.2.1.255 value 1``: a code, an attribute (2 if it is absent) and an element of it."""
    found: list[Column] = []
    for item in items or ():
        text = as_text(item, "a column", mistakes)
        if text is None:
            continue
        code, *rest = text.value.split()
        pattern = read_codes(Text(code, text.span), mistakes)
        if len(rest) > 2 or (len(rest) == 2 and not rest[1].isdecimal()):
            mistakes.add(
                text.span,
                f"{text.value!r} is no column; write 1.0.1.8.0.255, then an attribute and an element",
            )
        elif pattern is not None:
            attribute, element = rest[0] if rest else "2", int(rest[1]) if len(rest) == 2 else 0
            found.append(Column(pattern, attribute, element, text.span))
    return tuple(found)


def _access(table: Table | None, mistakes: Mistakes) -> tuple[Access, ...]:
    found: list[Access] = []
    for entry in table or ():
        name, node = entry.key, entry.value
        if isinstance(node, Text):
            if _right(node, mistakes):
                found.append(Access(name.value, node.value, (), (), name.span))
            continue
        body = as_table(node, f"access of {name.value}", mistakes)
        if body is None:
            continue
        keys = Keys(body, f"access of {name.value}", mistakes)
        everywhere = keys.word("all", RIGHTS, default="none")
        rows: list[tuple[int, str]] = []
        for index, row in numbered(
            keys.table("attributes", required=False) or Table((), Span()), "index", mistakes
        ):
            text = as_text(row.value, f"access to attribute {index}", mistakes)
            if text is not None and _right(text, mistakes):
                rows.append((index, text.value))
        methods = read_indices(keys.items("methods", required=False), "method", mistakes)
        keys.close()
        found.append(
            Access(
                name.value, everywhere.value if everywhere else "none", tuple(rows), tuple(methods), name.span
            )
        )
    return tuple(found)


def _right(text: Text, mistakes: Mistakes) -> bool:
    if text.value not in RIGHTS:
        mistakes.add(text.span, f"{text.value!r} is no right; there are {', '.join(RIGHTS)}")
    return text.value in RIGHTS
