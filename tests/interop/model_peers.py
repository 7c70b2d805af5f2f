"""What the installed peers' class tables say: names, counts and data types, class version by class version.

``gurux-dlms`` has one Python class per interface class, with outer data types; below its newest version it is asked
about those that it tells apart. ``pydlms-client`` has a registry of names, and for the newest version of each class
the types of attributes, method parameters and results, structures included. ``dlms-cosem`` has class ids and no more.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Final, TypeAlias

from gurux_dlms._GXObjectFactory import _GXObjectFactory as Factory
from gurux_dlms.enums import ObjectType
from gurux_dlms.objects import GXDLMSObject
from pydlms.cosem import types as pydlms
from pydlms.cosem.interface_classes import REGISTRY, InterfaceClass
from pydlms.cosem.model import SPECS
from tests.interop.model_shapes import ANYTHING, Shape, array, one, structure

from cosem.model import CATALOGUE

Types: TypeAlias = dict[int, Shape]


@dataclass(frozen=True, slots=True)
class PeerClass:
    """One class version as a peer knows it. Numbers that a peer says nothing about are left out."""

    peer: str
    class_id: int
    version: int
    attribute_count: int
    method_count: int
    attributes: dict[int, str]
    methods: dict[int, str]
    attribute_types: Types
    takes: Types = field(default_factory=dict)
    returns: Types = field(default_factory=dict)


def peer_classes() -> Iterator[PeerClass]:
    """Every class version that a peer describes, known to us or not."""
    yield from _gurux()
    yield from _pydlms()


def _gurux() -> Iterator[PeerClass]:
    for number in ObjectType:
        newest = Factory.createObject(number)
        if type(newest) is GXDLMSObject:
            continue  # an id without a class behind it
        class_id = int(number)
        described = _gurux_class(class_id, newest)
        yield described
        for version in CATALOGUE.versions(class_id):
            if version >= newest.version:
                break
            older: Any = Factory.createObject(number)
            older.version = version
            found = _gurux_class(class_id, older)
            if replace(found, version=described.version) != described:
                yield found


def _gurux_class(class_id: int, thing: Any) -> PeerClass:
    count = int(thing.getAttributeCount())
    types: Types = {}
    for index in range(2, count + 1):
        try:
            tag = int(thing.getDataType(index))
        except ValueError:
            continue
        if tag:
            types[index] = one(tag)
    return PeerClass(
        "gurux-dlms",
        class_id,
        int(thing.version),
        count,
        int(thing.getMethodCount()),
        _numbered(thing.getNames()),
        _numbered(_method_names(thing)),
        types,
    )


def _method_names(thing: Any) -> tuple[str, ...]:
    names: Callable[[], tuple[str, ...] | None] = getattr(thing, "getMethodNames", lambda: None)
    return tuple(names() or ())


def _pydlms() -> Iterator[PeerClass]:
    for (class_id, version), cls in REGISTRY.items():
        spec = SPECS.get(class_id)
        typed = spec is not None and spec.version == version
        yield _pydlms_class(cls, spec if typed else None)


def _pydlms_class(cls: InterfaceClass, spec: Any) -> PeerClass:
    attributes = spec.attributes.values() if spec else ()
    methods = spec.methods.values() if spec else ()
    return PeerClass(
        "pydlms-client",
        cls.class_id,
        cls.version,
        len(cls.attributes),
        len(cls.methods),
        _numbered(cls.attributes),
        _numbered(cls.methods),
        {item.index: _shape(item.type) for item in attributes if item.index > 1},
        {item.index: _shape(item.params) for item in methods if item.params is not None},
        {item.index: _shape(item.returns) for item in methods if item.returns is not None},
    )


def _numbered(names: tuple[str, ...]) -> dict[int, str]:
    return dict(enumerate(names, 1))


_PYDLMS: Final[dict[type, int]] = {
    pydlms.Null: 0,
    pydlms.Boolean: 3,
    pydlms.BitString: 4,
    pydlms.OctetString: 9,
    pydlms.Obis: 9,
    pydlms.DateTime: 9,
    pydlms.Date: 9,
    pydlms.Time: 9,
    pydlms.Enum: 22,
}


def _shape(type: Any) -> Shape:
    match type:
        case pydlms.Any():
            return ANYTHING
        case pydlms.Array():
            return array(_shape(type.item))
        case pydlms.Struct():
            return structure(_shape(kind) for _, kind in type.fields)
        case pydlms.Integer() | pydlms.Float() | pydlms.Text():
            return one(int(type.tag))
        case _:
            return one(_PYDLMS[type.__class__])
