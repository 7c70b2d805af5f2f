"""Keep what one edition of the books knows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from cosem.codegen.ir.model import (
    Attribute,
    EnumDef,
    InterfaceClass,
    Life,
    Member,
    Method,
    Model,
    TypeDef,
    Version,
)

Lived = TypeVar("Lived", Version, Attribute, Method, Member)


def at_edition(model: Model, edition: str) -> Model:
    """The model as ``edition`` has it. Raises KeyError if there is no such edition.

    Elements whose ``since`` or ``until`` names an edition of another book are kept.
    """
    by_id = {known.id: known for known in model.editions}
    chosen = by_id[edition]
    order = {known.id: known.order for known in model.editions if known.book == chosen.book}
    return replace(
        model,
        types=tuple(
            replace(file, types=tuple(_type(definition, order, chosen.order) for definition in file.types))
            for file in model.types
        ),
        classes=tuple(kept for cls in model.classes if (kept := _class(cls, order, chosen.order)).versions),
    )


def _class(cls: InterfaceClass, order: Mapping[str, int], at: int) -> InterfaceClass:
    versions = (
        replace(
            version,
            attributes=_alive(version.attributes, order, at),
            methods=_alive(version.methods, order, at),
        )
        for version in _alive(cls.versions, order, at)
    )
    types = tuple(_type(definition, order, at) for definition in cls.types)
    return replace(cls, versions=tuple(versions), types=types)


def _type(definition: TypeDef, order: Mapping[str, int], at: int) -> TypeDef:
    if isinstance(definition, EnumDef):
        return replace(definition, members=_alive(definition.members, order, at))
    return definition


def _alive(elements: tuple[Lived, ...], order: Mapping[str, int], at: int) -> tuple[Lived, ...]:
    return tuple(element for element in elements if knows(element.life, order, at))


def knows(life: Life, order: Mapping[str, int], at: int) -> bool:
    """Whether the edition that stands at ``at`` is one of a life; ``order`` is where the editions stand."""
    since = order.get(life.since, at) if life.since else at
    until = order.get(life.until, at) if life.until else at
    return since <= at <= until
