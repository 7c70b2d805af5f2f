"""Hypothesis strategies for every APDU, made from the grammar itself."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.apdu import (
    INTEGERS,
    ApduModel,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.names import camel, identifier, snake
from cosem.codegen.load.apdu import load_apdu
from cosem.core.bitstring import BitString as Bits
from cosem.core.data import Data

SPEC = Path(__file__).resolve().parents[2] / "spec"
Strategy = st.SearchStrategy[Any]

_RANGES = {
    "B": (0, 0xFF),
    "H": (0, 0xFFFF),
    "I": (0, 0xFFFF_FFFF),
    "b": (-0x80, 0x7F),
    "h": (-0x8000, 0x7FFF),
}


@cache
def grammar() -> ApduModel:
    """The grammar in the tree."""
    mistakes = Mistakes()
    model = load_apdu(SPEC, mistakes)
    mistakes.check()
    return model


@cache
def definitions() -> dict[str, Definition]:
    """Its definitions by name."""
    return grammar().definitions


def python(name: str) -> Any:
    """What a definition is in Python."""
    return getattr(import_module("cosem.apdu"), camel(name))


def messages() -> list[str]:
    """The sequences that have tags of their own: all that ``decode_pdu`` and ``decode_gateway_pdu`` can give."""
    found: dict[str, None] = {}

    def collect(name: str) -> None:
        kind = definitions()[name].type
        if isinstance(kind, Sequence):
            found[name] = None
        if isinstance(kind, Choice):
            for each in kind.components:
                if isinstance(each.type, Reference):
                    collect(each.type.name)

    collect("Cosem-Pdu")
    collect("Gateway-Pdu")
    return list(found)


@cache
def values(name: str) -> Strategy:
    """Values of a definition."""
    definition = definitions()[name]
    kind = definition.type
    if isinstance(kind, Sequence):
        fields = {
            identifier(snake(each.name)): _field(each) for each in kind.components if each.condition is None
        }
        if definition.tagged:
            fields["tag"] = st.sampled_from(_tags(name))
        whole = st.builds(python(name), **fields)
        for each in kind.components:
            if each.condition is not None:
                whole = _with_condition(whole, each, kind)
        return whole
    if isinstance(kind, Enumeration | ObjectIdentifier):
        member = python(name)
        known = st.sampled_from(list(member))
        return known | st.integers(0, 127).map(member) if isinstance(kind, Enumeration) else known | _octets()
    if isinstance(kind, BitString) and kind.size is not None:
        return st.integers(0, (1 << kind.size) - 1).map(python(name))
    return _type(kind)


def _with_condition(whole: Strategy, component: Component, sequence: Sequence) -> Strategy:
    """Put the conditional field where its condition holds."""
    assert component.condition is not None
    field, member = (part.replace("-", "_") for part in component.condition)

    def complete(value: Any, extra: Any) -> Any:
        present = getattr(value, field).name == member.upper()
        setattr(value, snake(component.name), extra if present else None)
        return value

    return st.builds(complete, whole, _type(component.type))


def _tags(name: str) -> list[int]:
    root = definitions()["Cosem-Pdu"].type
    assert isinstance(root, Choice)
    return [each.tag for each in root.components if each.type == Reference(name) and each.tag is not None]


def _field(component: Component) -> Strategy:
    strategy = _type(component.type)
    return st.none() | strategy if component.may_be_absent else strategy


def _octets(size: int | None = None) -> st.SearchStrategy[bytes]:
    if size is not None:
        return st.binary(min_size=size, max_size=size)
    return st.binary(max_size=12) | st.binary(min_size=120, max_size=300)


def data() -> st.SearchStrategy[Data]:
    """Some Data, nested a little."""
    simple = st.one_of(
        st.just(Data.null()),
        st.booleans().map(Data.boolean),
        st.integers(0, 255).map(Data.unsigned),
        st.integers(0, 0xFFFF_FFFF).map(Data.double_long_unsigned),
        _octets().map(Data.octet_string),
    )
    return simple | st.lists(simple, max_size=3).map(Data.structure)


def _type(kind: AsnType) -> Strategy:
    match kind:
        case Reference(name):
            return values(name)
        case Primitive(name) if name in INTEGERS:
            return st.integers(*_RANGES[INTEGERS[name]])
        case Primitive("BOOLEAN"):
            return st.booleans()
        case Primitive("NULL"):
            return st.none()
        case Primitive("Data"):
            return data()
        case Primitive("INTEGER"):
            return st.integers(-(1 << 31), (1 << 31) - 1)
        case OctetString(size):
            return _octets(size)
        case Primitive():
            return _octets()
        case BitString():
            return st.lists(st.booleans(), max_size=20).map(Bits.from_bits)
        case SequenceOf(element):
            return st.lists(_type(element), max_size=4)
        case Choice(components):
            return st.one_of(*(_type(each.type) for each in components))
        case _:
            raise AssertionError(kind)
