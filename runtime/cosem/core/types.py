"""What a value looks like on the wire: the type notation of the spec as frozen descriptions.

Codecs do not interpret these at run time; they are for everything that needs to *know* a type: the tolerant
decoder, the command line (values to and from JSON and text), the meter simulation, the reference.
"""

from __future__ import annotations

from typing import TypeAlias

from cosem.core.bits import Bits
from cosem.core.enums import OpenEnum
from cosem.core.record import Frozen


class Simple(Frozen):
    """One tag of the Data CHOICE: ``name`` as the books spell it; ``size`` where octets or bits are fixed."""

    name: str
    tag: int
    size: int | None = None


class Formatted(Frozen):
    """An octet-string with an inner format: ``LogicalName``, ``DateTime``, ``Date`` or ``Time``."""

    name: str
    size: int


class Enumerated(Frozen):
    """A generated enumeration, carried by enum (22) or by the unsigned whose tag is ``tag``."""

    enum: type[OpenEnum]
    tag: int = 22


class Flags(Frozen):
    """A generated set of bits, carried by bit-string (4) or by the unsigned whose tag is ``tag``."""

    bits: type[Bits]
    tag: int


class ArrayOf(Frozen):
    """array of one element type."""

    element: Type


class Field(Frozen):
    """A named element of a structure."""

    name: str
    type: Type


class StructureOf(Frozen):
    """structure; ``cls`` is the generated class that holds it, fields in wire order."""

    cls: type
    fields: tuple[Field, ...]


class ChoiceOf(Frozen):
    """CHOICE: told apart by the tag. ``null-data`` among the alternatives reads as None."""

    alternatives: tuple[Type, ...]


class AnyData(Frozen):
    """Any Data: held as :class:`cosem.core.data.Data`."""


class BufferOf(Frozen):
    """A profile buffer, array or compact-array: held as :class:`cosem.core.rows.Rows`."""


Type: TypeAlias = (
    Simple | Formatted | Enumerated | Flags | ArrayOf | StructureOf | ChoiceOf | AnyData | BufferOf
)
