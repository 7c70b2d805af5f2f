"""The APDU grammar: modules of definitions, as written in ``spec/apdu/*.asn``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from cosem.codegen.errors import Span
from cosem.codegen.ir.life import ALWAYS, Life

_NOWHERE = Span()

INTEGERS = {
    "Unsigned8": "B",
    "Unsigned16": "H",
    "Unsigned32": "I",
    "Integer8": "b",
    "Integer16": "h",
    "Integer32": "i",
}
"""Integers of a fixed range, and the letter of each in ``struct``."""

ROOT = "Cosem-Pdu"
"""The choice of all messages, where everything else is used from."""

PRIMITIVES = frozenset({*INTEGERS, "INTEGER", "BOOLEAN", "NULL", "ANY", "REMAINDER", "Data"})
"""Types without a definition. ANY is the content of a BER element as it is, REMAINDER all octets that are left."""


@dataclass(frozen=True, slots=True)
class Note:
    """What stands in ``@`` and ``--|`` lines before an element.

    ``life`` is which editions of the Green Book know it.
    ``standalone``: it has public functions although no message leads to it. ``rare``: it is looked for last.
    """

    doc: str = ""
    ref: str = ""
    confidence: str = ""
    errors: tuple[str, ...] = ()
    standalone: bool = False
    rare: bool = False
    life: Life = ALWAYS


@dataclass(frozen=True, slots=True)
class Primitive:
    """One of PRIMITIVES."""

    name: str


@dataclass(frozen=True, slots=True)
class Reference:
    """The name of a definition."""

    name: str
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class OctetString:
    """``OCTET STRING``, with its octets where they are fixed."""

    size: int | None = None


@dataclass(frozen=True, slots=True)
class Number:
    """A named number: an enumeration's member, a bit, the last arc of an object identifier."""

    name: str
    value: int
    note: Note = Note()
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class BitString:
    """``BIT STRING``, with named bits where its size is fixed; bit 0 is the most significant."""

    size: int | None = None
    bits: tuple[Number, ...] = ()


@dataclass(frozen=True, slots=True)
class Enumeration:
    """``ENUMERATED {…}`` and ``INTEGER {…}``."""

    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class ObjectIdentifier:
    """``OBJECT IDENTIFIER {arcs} {…}``: known identifiers, which differ in the last arc."""

    arcs: tuple[int, ...]
    numbers: tuple[Number, ...]


@dataclass(frozen=True, slots=True)
class Component:
    """A field of a sequence or an alternative of a choice.

    ``condition`` names an earlier enumerated field and the member at which this field is present.
    """

    name: str
    type: AsnType
    tag: int | None = None
    explicit: bool = False
    optional: bool = False
    default: bool | None = None
    condition: tuple[str, str] | None = None
    protects: str | None = None
    secret: bool = False
    note: Note = Note()
    span: Span = field(default=_NOWHERE, compare=False)

    @property
    def may_be_absent(self) -> bool:
        """Whether None stands for it."""
        return self.optional or self.condition is not None


@dataclass(frozen=True, slots=True)
class Sequence:
    """``SEQUENCE {…}``."""

    components: tuple[Component, ...]


@dataclass(frozen=True, slots=True)
class SequenceOf:
    """``SEQUENCE OF T``."""

    element: AsnType


@dataclass(frozen=True, slots=True)
class Choice:
    """``CHOICE {…}``."""

    components: tuple[Component, ...]


AsnType: TypeAlias = (
    Primitive
    | Reference
    | OctetString
    | BitString
    | Enumeration
    | ObjectIdentifier
    | Sequence
    | SequenceOf
    | Choice
)


@dataclass(frozen=True, slots=True)
class Definition:
    """``Name ::= type``. ``tagged``: the first octet belongs to the value, as one type has many tags."""

    name: str
    type: AsnType
    module: str
    note: Note = Note()
    tagged: bool = False
    ber: bool = False
    application: int | None = None
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class Module:
    """One file. ``ber`` tells BER from A-XDR; notes of the module hold for definitions that have none."""

    name: str
    ber: bool
    note: Note
    definitions: tuple[Definition, ...]
    span: Span = field(default=_NOWHERE, compare=False)


@dataclass(frozen=True, slots=True)
class ApduModel:
    """All modules, by name."""

    modules: tuple[Module, ...]

    @property
    def definitions(self) -> dict[str, Definition]:
        """Every definition by its name."""
        return {each.name: each for module in self.modules for each in module.definitions}


def reached(model: ApduModel) -> frozenset[str]:
    """What :data:`ROOT` and the definitions marked ``@standalone`` lead to, by name."""
    definitions, found = model.definitions, set[str]()
    waiting = [ROOT, *(name for name, each in definitions.items() if each.note.standalone)]
    while waiting:
        name = waiting.pop()
        if name in definitions and name not in found:
            found.add(name)
            waiting += references(definitions[name].type)
    return frozenset(found)


def references(kind: AsnType) -> Iterator[str]:
    """The names that a type mentions."""
    match kind:
        case Reference(name):
            yield name
        case SequenceOf(element):
            yield from references(element)
        case Sequence(components) | Choice(components):
            for each in components:
                yield from references(each.type)
        case _:
            pass
