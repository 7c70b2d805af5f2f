"""The object model as the spec states it: types, interface classes, versions, attributes and methods."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from cosem.codegen.errors import Span
from cosem.codegen.ir.life import ALWAYS, Edition, Life
from cosem.codegen.ir.types import FieldType, TypeExpr

CONFIDENCES = ("high", "medium", "low")


@dataclass(frozen=True, slots=True)
class Member:
    """A named number of an enumeration, or a named bit. ``symbol`` is how a unit is printed."""

    number: int
    name: str
    doc: str
    life: Life
    symbol: str | None
    span: Span = field(compare=False)
    confidence: str = "high"


@dataclass(frozen=True, slots=True)
class EnumDef:
    """An enumeration; ``carrier`` is the tag that carries it unless the place of use says otherwise."""

    name: str
    members: tuple[Member, ...]
    carrier: str
    unit: bool
    doc: str
    confidence: str
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class BitsDef:
    """Named bits in an unsigned or a bit-string: ``width`` is how many, ``tag`` the carrier."""

    name: str
    members: tuple[Member, ...]
    tag: str
    width: int
    doc: str
    confidence: str
    span: Span = field(compare=False)

    def mask(self, member: Member) -> int:
        """The bit as a number: bit 0 is an unsigned's least significant, a bit-string's first on the wire."""
        return 1 << (self.width - 1 - member.number if self.tag == "bit-string" else member.number)


@dataclass(frozen=True, slots=True)
class StructureDef:
    """A structure with named fields in wire order."""

    name: str
    fields: tuple[FieldType, ...]
    doc: str
    confidence: str
    span: Span = field(compare=False)


TypeDef: TypeAlias = EnumDef | BitsDef | StructureDef


@dataclass(frozen=True, slots=True)
class Selector:
    """One way of selective access to an attribute."""

    number: int
    name: str
    type: TypeExpr
    doc: str
    span: Span = field(compare=False)
    life: Life = ALWAYS


@dataclass(frozen=True, slots=True)
class Attribute:
    """An attribute of one class version; ``dynamic`` if the meter changes it."""

    index: int
    name: str
    type: TypeExpr
    dynamic: bool
    writable: bool
    selectors: tuple[Selector, ...]
    doc: str
    ref: str
    confidence: str
    life: Life
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Method:
    """A method of one class version."""

    index: int
    name: str
    takes: TypeExpr | None
    returns: TypeExpr | None
    mandatory: bool
    doc: str
    ref: str
    confidence: str
    life: Life
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class Version:
    """A version of an interface class, complete: what it extends is already in it. Attribute 1 is implied."""

    number: int
    ref: str
    confidence: str
    life: Life
    attributes: tuple[Attribute, ...]
    methods: tuple[Method, ...]
    span: Span = field(compare=False)


@dataclass(frozen=True, slots=True)
class InterfaceClass:
    """An interface class, its versions and the types of it alone; ``python`` is its name in Python.

    ``life`` bounds those of its versions.
    """

    id: int
    name: str
    python: str
    doc: str
    file: str
    versions: tuple[Version, ...]
    types: tuple[TypeDef, ...]
    span: Span = field(compare=False)
    life: Life = ALWAYS


@dataclass(frozen=True, slots=True)
class TypeFile:
    """Shared types that one file of ``spec/types`` defines."""

    stem: str
    file: str
    types: tuple[TypeDef, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Everything that the object model's part of the spec states."""

    editions: tuple[Edition, ...]
    types: tuple[TypeFile, ...]
    classes: tuple[InterfaceClass, ...]
