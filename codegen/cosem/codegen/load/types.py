"""Type definitions: the ``types:`` mapping of a class file and the files of ``spec/types``."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from cosem.codegen.errors import Mistakes, Span, SpecError
from cosem.codegen.grammar.notation import parse_type
from cosem.codegen.ir.life import ALWAYS, Life
from cosem.codegen.ir.model import (
    CONFIDENCES,
    BitsDef,
    EnumDef,
    Member,
    StructureDef,
    TypeDef,
    TypeFile,
)
from cosem.codegen.ir.types import Builtin, FieldType, TypeExpr
from cosem.codegen.load.nodes import Keys, Node, Table, Text, as_table, as_text, load_file, numbered

ENUM_CARRIERS = ("enum", "unsigned", "integer", "long-unsigned", "long", "double-long-unsigned")
BITS_WIDTHS = {
    "enum": 8,
    "unsigned": 8,
    "long-unsigned": 16,
    "double-long-unsigned": 32,
    "long64-unsigned": 64,
}


def load_type_files(folder: Path, mistakes: Mistakes) -> tuple[TypeFile, ...]:
    """Every file of ``spec/types``, by name."""
    files: list[TypeFile] = []
    for path in sorted(folder.glob("*.yaml")):
        name = f"types/{path.name}"
        table = load_file(path, name, mistakes)
        if table is not None:
            keys = Keys(table, "a file of types", mistakes)
            files.append(TypeFile(path.stem, name, load_types(keys.table("types"), mistakes)))
            keys.close()
    return tuple(files)


def load_types(table: Table | None, mistakes: Mistakes) -> tuple[TypeDef, ...]:
    """The definitions of a ``types:`` mapping, in the order of the file."""
    found = (_definition(entry.key, entry.value, mistakes) for entry in table or ())
    return tuple(definition for definition in found if definition is not None)


def read_type(text: Text | None, mistakes: Mistakes) -> TypeExpr | None:
    """The type that a scalar writes."""
    if text is None:
        return None
    try:
        return parse_type(text.value, text.span)
    except SpecError as error:
        mistakes.found.extend(error.mistakes)
        return None


def read_life(keys: Keys) -> Life:
    """``since`` and ``until``."""
    since, until = keys.text("since", required=False), keys.text("until", required=False)
    place = since or until
    return Life(
        since.value if since else None, until.value if until else None, place.span if place else keys.span
    )


def read_word(keys: Keys, key: str, default: str = "") -> str:
    """A scalar that may be absent."""
    text = keys.text(key, required=False)
    return text.value if text else default


def read_confidence(keys: Keys, default: str = "high") -> str:
    """``confidence``."""
    text = keys.word("confidence", CONFIDENCES, default=default)
    return text.value if text else default


def _definition(name: Text, node: Node, mistakes: Mistakes) -> TypeDef | None:
    table = as_table(node, f"type {name.value}", mistakes)
    if table is None:
        return None
    keys = Keys(table, f"type {name.value}", mistakes)
    kinds = [kind for kind in ("enum", "unit", "bits", "structure") if table.get(kind) is not None]
    if len(kinds) != 1:
        mistakes.add(
            name.span, f"type {name.value} needs exactly one of 'enum', 'unit', 'bits' and 'structure'"
        )
        return None
    doc, confidence = read_word(keys, "doc"), read_confidence(keys)
    definition: TypeDef | None
    match kinds[0]:
        case "structure":
            fields = _fields(keys.table("structure"), mistakes)
            definition = StructureDef(name.value, fields, doc, confidence, name.span)
        case "bits":
            definition = _bits(name, keys, doc, confidence, mistakes)
        case kind:
            carrier = keys.word("in", ENUM_CARRIERS, default="enum")
            members = read_members(keys.table(kind), keys.table("symbols", required=False), mistakes)
            members = _weighed(members, keys.table("confidence_of", required=False), mistakes)
            tag = carrier.value if carrier else "enum"
            definition = EnumDef(name.value, members, tag, kind == "unit", doc, confidence, name.span)
    keys.close()
    return definition


def _fields(table: Table | None, mistakes: Mistakes) -> tuple[FieldType, ...]:
    fields: list[FieldType] = []
    for entry in table or ():
        doc, life = "", ALWAYS
        if isinstance(entry.value, Table):
            keys = Keys(entry.value, f"field {entry.key.value}", mistakes)
            text, doc, life = keys.text("type"), read_word(keys, "doc"), read_life(keys)
            keys.close()
        else:
            text = as_text(entry.value, f"field {entry.key.value}", mistakes)
        expr = read_type(text, mistakes)
        if expr is not None:
            fields.append(FieldType(entry.key.value, expr, entry.key.span, life, doc))
    return tuple(fields)


def _bits(name: Text, keys: Keys, doc: str, confidence: str, mistakes: Mistakes) -> BitsDef | None:
    carrier = keys.text("in")
    members = read_members(keys.table("bits"), None, mistakes)
    if carrier is not None and carrier.value in BITS_WIDTHS:
        width = BITS_WIDTHS[carrier.value]
        return BitsDef(name.value, members, carrier.value, width, doc, confidence, name.span)
    expr = read_type(carrier, mistakes)
    if carrier is None or expr is None:
        return None
    if isinstance(expr, Builtin) and expr.name == "bit-string" and expr.size:
        return BitsDef(name.value, members, expr.name, expr.size, doc, confidence, name.span)
    offer = ", ".join([*BITS_WIDTHS, "bit-string(n)"])
    mistakes.add(carrier.span, f"{carrier.value!r} carries no bits; there are {offer}")
    return None


def read_members(table: Table | None, symbols: Table | None, mistakes: Mistakes) -> tuple[Member, ...]:
    """Names by number, and the symbols of units."""
    printed = dict(numbered(symbols, "number", mistakes)) if symbols else {}
    members: list[Member] = []
    for number, entry in numbered(table, "number", mistakes) if table else ():
        member = _member(number, entry.value, entry.key.span, mistakes)
        symbol = printed.pop(number, None)
        text = as_text(symbol.value, f"symbol {number}", mistakes) if symbol else None
        if member is not None:
            name, doc, life = member
            members.append(Member(number, name, doc, life, text.value if text else None, entry.key.span))
    for number, entry in printed.items():
        mistakes.add(entry.key.span, f"symbol {number} has no member")
    return tuple(members)


def _weighed(members: tuple[Member, ...], table: Table | None, mistakes: Mistakes) -> tuple[Member, ...]:
    """The members, with the confidence that ``confidence_of`` gives to some."""
    found: dict[int, str] = {}
    for number, entry in numbered(table, "number", mistakes) if table else ():
        text = as_text(entry.value, f"confidence of {number}", mistakes)
        if text is not None and text.value not in CONFIDENCES:
            mistakes.add(text.span, f"{text.value!r} is no confidence; there are {', '.join(CONFIDENCES)}")
        elif number not in {member.number for member in members}:
            mistakes.add(entry.key.span, f"{number} has no member")
        elif text is not None:
            found[number] = text.value
    return tuple(replace(member, confidence=found.get(member.number, "high")) for member in members)


def _member(number: int, node: Node, span: Span, mistakes: Mistakes) -> tuple[str, str, Life] | None:
    if isinstance(node, Table):
        keys = Keys(node, f"member {number}", mistakes)
        name = keys.text("name")
        doc, life = read_word(keys, "doc"), read_life(keys)
        keys.close()
        return (name.value, doc, life) if name else None
    text = as_text(node, f"member {number}", mistakes)
    return (text.value, "", Life(span=span)) if text else None
