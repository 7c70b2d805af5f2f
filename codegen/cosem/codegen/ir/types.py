"""Type expressions: the small notation in which every attribute, field and parameter is typed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from cosem.codegen.errors import Span
from cosem.codegen.ir.life import ALWAYS, Life

_NOWHERE = Span()


@dataclass(frozen=True, slots=True)
class Builtin:
    """A tag of Data or a formatted octet-string; ``size`` in octets (bit-string: bits) where it is fixed."""

    name: str
    size: int | None = None
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Named:
    """A reference to a named type: ``CaptureObject``, ``enum ControlState``, ``bits ClockStatus``.

    ``kind`` is "structure", "enum" or "bits"; ``base`` the carrier where one is written
    (``enum Unit in unsigned``).
    """

    name: str
    kind: str = "structure"
    base: str | None = None
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ArrayType:
    """``array<T>``."""

    element: TypeExpr
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class FieldType:
    """``name: T`` inside a structure; a named structure may say what it means, and which editions know it."""

    name: str
    type: TypeExpr
    span: Span = field(default=_NOWHERE, compare=False)
    life: Life = ALWAYS
    doc: str = ""


@dataclass(frozen=True, slots=True)
class StructureType:
    """``structure{a: T, b: U}``."""

    fields: tuple[FieldType, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ChoiceType:
    """``choice{T, U}``: told apart by the tag."""

    alternatives: tuple[TypeExpr, ...]
    span: Span = field(default=_NOWHERE, compare=False)


TypeExpr: TypeAlias = Builtin | Named | ArrayType | StructureType | ChoiceType

SIMPLE_TAGS = {
    "null-data": 0,
    "boolean": 3,
    "bit-string": 4,
    "double-long": 5,
    "double-long-unsigned": 6,
    "octet-string": 9,
    "visible-string": 10,
    "utf8-string": 12,
    "bcd": 13,
    "integer": 15,
    "long": 16,
    "unsigned": 17,
    "long-unsigned": 18,
    "compact-array": 19,
    "long64": 20,
    "long64-unsigned": 21,
    "enum": 22,
    "float32": 23,
    "float64": 24,
    "date-time": 25,
    "date": 26,
    "time": 27,
    "delta-integer": 28,
    "delta-long": 29,
    "delta-double-long": 30,
    "delta-unsigned": 31,
    "delta-long-unsigned": 32,
    "delta-double-long-unsigned": 33,
    "dont-care": 255,
}
"""Tags of the Data CHOICE by name (array 1 and structure 2 have their own notation)."""

FORMATTED_SIZES = {"LogicalName": 6, "DateTime": 12, "Date": 5, "Time": 4}
"""octet-strings with an inner format, and their octets."""

SPECIAL_TYPES = frozenset({"data", "profile-buffer"})
"""``data`` is any Data; ``profile-buffer`` an array or compact-array of captured rows."""
