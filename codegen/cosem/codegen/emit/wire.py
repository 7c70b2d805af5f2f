"""How types look on the wire: what is constant, what has a fixed size, what tells alternatives apart."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.codegen.ir.model import BitsDef, EnumDef, StructureDef
from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    SIMPLE_TAGS,
    ArrayType,
    Builtin,
    ChoiceType,
    FieldType,
    Named,
    StructureType,
    TypeExpr,
)
from cosem.codegen.passes.scope import Scope

LETTERS = {
    "boolean": "?", "double-long": "i", "double-long-unsigned": "I", "bcd": "b", "integer": "b", "long": "h",
    "unsigned": "B", "long-unsigned": "H", "long64": "q", "long64-unsigned": "Q", "enum": "B", "float32": "f",
    "float64": "d", "delta-integer": "b", "delta-long": "h", "delta-double-long": "i", "delta-unsigned": "B",
    "delta-long-unsigned": "H", "delta-double-long-unsigned": "I",
}  # fmt: skip
"""The struct letter of a type that is one number."""

TAGGED_FORMATS = {"date-time": "DateTime", "date": "Date", "time": "Time"}
"""Tags of Data that hold what the octet-strings of these names hold."""

_SIZES = {"?": 1, "b": 1, "B": 1, "h": 2, "H": 2, "i": 4, "I": 4, "f": 4, "q": 8, "Q": 8, "d": 8}


@dataclass(frozen=True, slots=True)
class Fixed:
    """An encoding of constant size: ``head``, then what ``letter`` unpacks.

    ``form`` says what the unpacked value becomes: "plain" nothing else, "octets" a subclass of bytes, "number" a
    subclass of int, "bits" one made of the octets of a bit-string, "none" None. ``size`` counts the octets behind
    the head.
    """

    head: bytes
    letter: str
    size: int
    form: str


def fixed(expr: TypeExpr, scope: Scope) -> Fixed | None:
    """The constant-size encoding of a type, if it has one and is not a structure."""
    match expr:
        case Builtin(name=name, size=size):
            return _fixed_builtin(name, size)
        case Named(name=name, base=base):
            return _fixed_named(name, base, scope)
        case ArrayType() | StructureType() | ChoiceType():
            return None


def _fixed_builtin(name: str, size: int | None) -> Fixed | None:
    if name in LETTERS:
        letter = LETTERS[name]
        return Fixed(bytes([SIMPLE_TAGS[name]]), letter, _SIZES[letter], "plain")
    if name == "null-data":
        return Fixed(b"\x00", "", 0, "none")
    if name in FORMATTED_SIZES:
        octets = FORMATTED_SIZES[name]
        return Fixed(bytes([9, octets]), f"{octets}s", octets, "octets")
    if name in TAGGED_FORMATS:
        octets = FORMATTED_SIZES[TAGGED_FORMATS[name]]
        return Fixed(bytes([SIMPLE_TAGS[name]]), f"{octets}s", octets, "octets")
    if name == "octet-string" and size is not None:
        return Fixed(b"\x09" + length(size), f"{size}s", size, "plain")
    return None


def _fixed_named(name: str, base: str | None, scope: Scope) -> Fixed | None:
    match scope[name]:
        case EnumDef(carrier=carrier):
            tag = base or carrier
        case BitsDef(tag="bit-string", width=width):
            octets = (width + 7) // 8
            return Fixed(b"\x04" + length(width), f"{octets}s", octets, "bits")
        case BitsDef(tag=tag):
            pass
        case StructureDef():
            return None
    return Fixed(bytes([SIMPLE_TAGS[tag]]), LETTERS[tag], _SIZES[LETTERS[tag]], "number")


def prefix(expr: TypeExpr, scope: Scope) -> bytes:
    """The octets with which every encoding of a type begins; empty where nothing is certain."""
    constant = fixed(expr, scope)
    if constant is not None:
        return constant.head
    fields = structure_fields(expr, scope)
    if fields is not None:
        return b"\x02" + length(len(fields)) + (prefix(fields[0].type, scope) if fields else b"")
    match expr:
        case ArrayType():
            return b"\x01"
        case Builtin(name="bit-string", size=int(size)):
            return b"\x04" + length(size)
        case Builtin(name="visible-string", size=int(size)):
            return b"\x0a" + length(size)
        case Builtin(name=name) if name in SIMPLE_TAGS:
            return bytes([SIMPLE_TAGS[name]])
        case _:
            return b""


def minimum_octets(expr: TypeExpr, scope: Scope) -> int:
    """The least number of octets that a value of a type takes."""
    constant = fixed(expr, scope)
    if constant is not None:
        return len(constant.head) + constant.size
    fields = structure_fields(expr, scope)
    if fields is not None:
        return 1 + len(length(len(fields))) + sum(minimum_octets(field.type, scope) for field in fields)
    match expr:
        case ChoiceType(alternatives=alternatives):
            return min(minimum_octets(alternative, scope) for alternative in alternatives)
        case Builtin(name="data" | "dont-care"):
            return 1
        case _:
            return 2


def structure_fields(expr: TypeExpr, scope: Scope) -> tuple[FieldType, ...] | None:
    """The fields of a structure, named or inline."""
    match expr:
        case StructureType(fields=fields):
            return fields
        case Named(name=name):
            definition = scope[name]
            return definition.fields if isinstance(definition, StructureDef) else None
        case _:
            return None


def length(number: int) -> bytes:
    """A length or count in A-XDR."""
    if number < 0x80:
        return bytes([number])
    width = (number.bit_length() + 7) // 8
    return bytes([0x80 + width]) + number.to_bytes(width)
