"""Names to definitions: which types a class file sees, and what uses what."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from cosem.codegen.ir.model import InterfaceClass, Model, StructureDef, TypeDef, Version
from cosem.codegen.ir.types import ArrayType, Builtin, ChoiceType, Named, StructureType, TypeExpr


@dataclass(frozen=True, slots=True)
class Scope:
    """What a name means in one class file: its own types first, the shared ones second."""

    local: Mapping[str, TypeDef]
    shared: Mapping[str, TypeDef]

    def find(self, name: str) -> TypeDef | None:
        """The definition of a name."""
        return self.local.get(name) or self.shared.get(name)

    def __getitem__(self, name: str) -> TypeDef:
        found = self.find(name)
        if found is None:
            raise KeyError(name)
        return found

    def names(self) -> list[str]:
        """Every name that can be used, sorted."""
        return sorted({*self.local, *self.shared})


def shared_types(model: Model) -> dict[str, TypeDef]:
    """The types of ``spec/types`` by name."""
    return {definition.name: definition for file in model.types for definition in file.types}


def class_scope(model: Model, cls: InterfaceClass) -> Scope:
    """What names mean in a class file."""
    return Scope({definition.name: definition for definition in cls.types}, shared_types(model))


def expressions(version: Version) -> Iterator[TypeExpr]:
    """Every type that a version's tables write."""
    for attribute in version.attributes:
        yield attribute.type
        for selector in attribute.selectors:
            yield selector.type
    for method in version.methods:
        if method.takes is not None:
            yield method.takes
        if method.returns is not None:
            yield method.returns


def walk(expr: TypeExpr) -> Iterator[TypeExpr]:
    """A type and all types written inside it."""
    yield expr
    match expr:
        case ArrayType(element=element):
            yield from walk(element)
        case StructureType(fields=fields):
            for field in fields:
                yield from walk(field.type)
        case ChoiceType(alternatives=alternatives):
            for alternative in alternatives:
                yield from walk(alternative)
        case Builtin() | Named():
            pass


def references(expr: TypeExpr) -> Iterator[Named]:
    """The names used in a type."""
    return (part for part in walk(expr) if isinstance(part, Named))


def definition_references(definition: TypeDef) -> Iterator[Named]:
    """The names that a definition uses."""
    if isinstance(definition, StructureDef):
        for field in definition.fields:
            yield from references(field.type)
