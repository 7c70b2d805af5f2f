"""What a value looks like on the wire: the type notation of the spec as frozen descriptions.

Codecs do not interpret these at run time; they are for everything that needs to *know* a type: the tolerant
decoder, the command line (values to and from JSON and text), the meter simulation, the reference.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from cosem.core.bits import Bits
from cosem.core.enums import OpenEnum


@dataclass(frozen=True, slots=True)
class Simple:
    """One tag of the Data CHOICE: ``name`` as the books spell it; ``size`` where octets or bits are fixed."""

    name: str
    tag: int
    size: int | None = None


@dataclass(frozen=True, slots=True)
class Formatted:
    """An octet-string with an inner format: ``LogicalName``, ``DateTime``, ``Date`` or ``Time``."""

    name: str
    size: int


@dataclass(frozen=True, slots=True)
class Enumerated:
    """A generated enumeration, carried by enum (22) or by the unsigned whose tag is ``tag``."""

    enum: type[OpenEnum]
    tag: int = 22


@dataclass(frozen=True, slots=True)
class Flags:
    """A generated set of bits, carried by bit-string (4) or by the unsigned whose tag is ``tag``."""

    bits: type[Bits]
    tag: int


@dataclass(frozen=True, slots=True)
class ArrayOf:
    """array of one element type."""

    element: Type


@dataclass(frozen=True, slots=True)
class Field:
    """A named element of a structure."""

    name: str
    type: Type


@dataclass(frozen=True, slots=True)
class StructureOf:
    """structure; ``cls`` is the generated dataclass that holds it, fields in wire order."""

    cls: type
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class ChoiceOf:
    """CHOICE: told apart by the tag. ``null-data`` among the alternatives reads as None."""

    alternatives: tuple[Type, ...]


@dataclass(frozen=True, slots=True)
class AnyData:
    """Any Data: held as :class:`cosem.core.data.Data`."""


@dataclass(frozen=True, slots=True)
class BufferOf:
    """A profile buffer, array or compact-array: held as :class:`cosem.core.rows.Rows`."""


Type: TypeAlias = (
    Simple | Formatted | Enumerated | Flags | ArrayOf | StructureOf | ChoiceOf | AnyData | BufferOf
)
