"""What a change reaches: a type that uses a changed type is changed, and so is a class version that uses one."""

from __future__ import annotations

from collections.abc import Iterable

from cosem.codegen.ir.model import InterfaceClass, Model, TypeDef
from cosem.codegen.ir.types import TypeExpr
from cosem.codegen.passes.scope import (
    Scope,
    class_scope,
    definition_references,
    expressions,
    references,
    shared_types,
)


def reached_types(
    model: Model, changed: Iterable[tuple[int | None, str]]
) -> frozenset[tuple[int | None, str]]:
    """``changed``, and every type that leads to one of them; a type is named with the class that owns it."""
    found = set(changed)
    if not found:
        return frozenset()
    shared = shared_types(model)
    _spread(None, shared, shared, found)
    for cls in model.classes:
        _spread(cls.id, {definition.name: definition for definition in cls.types}, shared, found)
    return frozenset(found)


def _spread(
    owner: int | None,
    own: dict[str, TypeDef],
    shared: dict[str, TypeDef],
    found: set[tuple[int | None, str]],
) -> None:
    grown = True
    while grown:
        grown = False
        for name, definition in own.items():
            if (owner, name) not in found and any(
                ((owner if used.name in own else None), used.name) in found
                for used in definition_references(definition)
            ):
                found.add((owner, name))
                grown = True


def reached_versions(
    model: Model, types: frozenset[tuple[int | None, str]], changed: Iterable[tuple[int, int]]
) -> frozenset[tuple[int, int]]:
    """``changed``, and every class version that uses one of ``types``."""
    found = set(changed)
    for cls in model.classes if types else ():
        own = {definition.name for definition in cls.types}
        for version in cls.versions:
            used = (each.name for expr in expressions(version) for each in references(expr))
            if any(((cls.id if name in own else None), name) in types for name in used):
                found.add((cls.id, version.number))
    return frozenset(found)


def class_types(model: Model, cls: InterfaceClass) -> frozenset[str]:
    """The names of the types of its own that a class uses."""
    scope, found = class_scope(model, cls), set[str]()
    waiting = [
        used.name for version in cls.versions for expr in expressions(version) for used in references(expr)
    ]
    while waiting:
        name = waiting.pop()
        if name in scope.local and name not in found:
            found.add(name)
            waiting += [used.name for used in definition_references(scope.local[name])]
    return frozenset(found)


def used_names(model: Model, extra: Iterable[TypeExpr]) -> frozenset[str]:
    """The names of the shared types that classes use, or ``extra`` does."""
    plain = Scope({}, shared_types(model))
    waiting = [(plain, -1, used.name) for expr in extra for used in references(expr)]
    for cls in model.classes:
        scope = class_scope(model, cls)
        exprs = (expr for version in cls.versions for expr in expressions(version))
        waiting += [(scope, cls.id, used.name) for expr in exprs for used in references(expr)]
    found: set[tuple[int, str]] = set()
    while waiting:
        scope, owner, name = waiting.pop()
        definition = scope.find(name)
        owner = owner if name in scope.local else -1
        if definition is not None and (owner, name) not in found:
            found.add((owner, name))
            waiting += [(scope, owner, used.name) for used in definition_references(definition)]
    return frozenset(name for owner, name in found if owner == -1)
