"""The spec as a flat list of elements, each with the facts that matter on the wire or in Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

from cosem.codegen.errors import Span
from cosem.codegen.ir.apdu import (
    ApduModel,
    AsnType,
    BitString,
    Choice,
    Component,
    Definition,
    Enumeration,
    Number,
    ObjectIdentifier,
    OctetString,
    Primitive,
    Reference,
    Sequence,
    SequenceOf,
)
from cosem.codegen.ir.model import BitsDef, EnumDef, Model, StructureDef, TypeDef, Version
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.obis import ObisModel, runs, write_ranges
from cosem.codegen.ir.types import TypeExpr

Path: TypeAlias = tuple[str, ...]
"""What an element is in, and the element: ``("class 3", "version 0", "attribute 2")``."""


@dataclass(frozen=True, slots=True)
class Element:
    """``kind`` is what its last step is; ``facts`` are texts, absent ones left out."""

    kind: str
    path: Path
    facts: dict[str, str]
    span: Span = field(compare=False)


def model_elements(model: Model) -> Iterator[Element]:
    """Shared types, classes, versions, attributes, methods and the types of classes."""
    for file in model.types:
        for definition in file.types:
            yield from _type((), definition)
    for cls in model.classes:
        path = (f"class {cls.id}",)
        yield _element("class", path, cls.span, name=cls.name, python=cls.python)
        for definition in cls.types:
            yield from _type(path, definition)
        for version in cls.versions:
            yield from _version(path, version)


def _version(path: Path, version: Version) -> Iterator[Element]:
    path = (*path, f"version {version.number}")
    yield _element("version", path, version.span)
    for row in version.attributes:
        own = (*path, f"attribute {row.index}")
        access = "read-write" if row.writable else "read-only"
        volatile = "dynamic" if row.dynamic else "static"
        facts = {"name": row.name, "type": write_type(row.type), "access": access, "volatile": volatile}
        yield _element("attribute", own, row.span, **facts)
        for selector in row.selectors:
            facts = {"name": selector.name, "type": write_type(selector.type)}
            yield _element("selector", (*own, f"selector {selector.number}"), selector.span, **facts)
    for method in version.methods:
        facts = {
            "name": method.name,
            "takes": _written(method.takes),
            "returns": _written(method.returns),
            "presence": "mandatory" if method.mandatory else "optional",
        }
        yield _element("method", (*path, f"method {method.index}"), method.span, **facts)


def _written(expr: TypeExpr | None) -> str:
    return "" if expr is None else write_type(expr)


def _type(path: Path, definition: TypeDef) -> Iterator[Element]:
    path = (*path, f"type {definition.name}")
    match definition:
        case StructureDef(fields=fields):
            yield _element("type", path, definition.span, type="structure", elements=str(len(fields)))
            for number, item in enumerate(fields, 1):
                facts = {"name": item.name, "type": write_type(item.type)}
                yield _element("field", (*path, f"element {number}"), item.span, **facts)
            return
        case EnumDef(carrier=carrier):
            yield _element("type", path, definition.span, type="enumeration", carrier=carrier)
        case BitsDef(tag=tag, width=width):
            yield _element("type", path, definition.span, type="bits", carrier=f"{tag}({width})")
    for member in definition.members:
        facts = {"name": member.name, "symbol": member.symbol or ""}
        yield _element("member", (*path, f"member {member.number}"), member.span, **facts)


def apdu_elements(model: ApduModel) -> Iterator[Element]:
    """Definitions, components and named numbers of the grammar."""
    for module in model.modules:
        for definition in module.definitions:
            yield from _definition(definition, module.ber)


def _definition(definition: Definition, ber: bool) -> Iterator[Element]:
    path = (f"apdu {definition.name}",)
    facts = {
        "type": _asn(definition.type),
        "tag": "" if definition.application is None else str(definition.application),
        "encoding": "BER" if ber or definition.ber else "A-XDR",
        "first octet": "of the value" if definition.tagged else "",
    }
    yield _element("definition", path, definition.span, **facts)
    match definition.type:
        case Sequence(components=components):
            for number, each in enumerate(components, 1):
                yield _component("component", path, each, position=str(number), encoding=facts["encoding"])
        case Choice(components=components):
            for each in components:
                yield _component("alternative", path, each)
        case Enumeration(numbers=numbers) | ObjectIdentifier(numbers=numbers) | BitString(bits=numbers):
            yield from _numbers(path, numbers)
        case _:
            pass


def _component(kind: str, path: Path, each: Component, **more: str) -> Element:
    optional = each.optional or each.default is not None
    facts = {
        "type": _asn(each.type),
        "tag": "" if each.tag is None else f"{each.tag}{' explicit' if each.explicit else ''}",
        "presence": f"when {' is '.join(each.condition)}"
        if each.condition
        else "optional"
        if optional
        else "required",
        "default": "" if each.default is None else str(each.default),
        "protects": each.protects or "",
        "logged": "never" if each.secret else "",
    }
    return _element(kind, (*path, each.name), each.span, **facts, **more)


def _numbers(path: Path, numbers: Iterable[Number]) -> Iterator[Element]:
    for each in numbers:
        yield _element("number", (*path, f"number {each.value}"), each.span, name=each.name)


def _asn(kind: AsnType) -> str:
    match kind:
        case Primitive(name=name) | Reference(name=name):
            return name
        case OctetString(size=size):
            return "OCTET STRING" + ("" if size is None else f" ({size})")
        case BitString(size=size):
            return "BIT STRING" + ("" if size is None else f" ({size})")
        case ObjectIdentifier(arcs=arcs):
            return f"OBJECT IDENTIFIER {'.'.join(map(str, arcs))}"
        case SequenceOf(element=element):
            return f"SEQUENCE OF {_asn(element)}"
        case Sequence():
            return "SEQUENCE"
        case Choice():
            return "CHOICE"
        case Enumeration():
            return "ENUMERATED"


def obis_elements(model: ObisModel) -> Iterator[Element]:
    """Objects by their pattern, constants, and what these are made of: sets of numbers, tables of words."""
    for file in (model.first, *model.files, model.last):
        for numbers in file.sets:
            path = (f"obis {file.name} set {numbers.name}",)
            yield _element("set", path, numbers.span, numbers=write_ranges(runs(numbers.numbers)))
        for table in file.tables:
            path = (f"obis {file.name} table {table.name}",)
            yield _element("table", path, table.span)
            for words in table.words:
                own = (*path, f"numbers {write_ranges(words.ranges)}")
                yield _element("words", own, words.span, wording=words.text)
        for item in file.objects:
            classes = ", ".join(map(str, item.classes))
            path = (f"obis {file.name} {item.pattern.text}",)
            yield _element("object", path, item.span, wording=item.wording, classes=classes)
        for constant in (each for section in file.sections for each in section.constants):
            code = ".".join(map(str, constant.code))
            yield _element("constant", (f"constant {file.module}.{constant.name}",), constant.span, code=code)


def _element(kind: str, path: Path, span: Span, **facts: str) -> Element:
    return Element(kind, path, {name: text for name, text in facts.items() if text}, span)
