"""Whether one type admits only what another admits, too."""

from __future__ import annotations

from cosem.codegen.ir.model import BitsDef, EnumDef, StructureDef
from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    ArrayType,
    Builtin,
    ChoiceType,
    Named,
    StructureType,
    TypeExpr,
)
from cosem.codegen.passes.scope import Scope


def is_narrower(new: TypeExpr, old: TypeExpr, scope: Scope) -> bool:
    """Whether every value of ``new`` is a value of ``old``; equal types are narrower, too."""
    if new == old or old == Builtin("data"):
        return True
    if isinstance(new, ChoiceType):
        return all(is_narrower(alternative, old, scope) for alternative in new.alternatives)
    if isinstance(old, ChoiceType):
        return any(is_narrower(new, alternative, scope) for alternative in old.alternatives)
    if isinstance(new, ArrayType) and isinstance(old, ArrayType):
        return is_narrower(new.element, old.element, scope)
    ours, theirs = _fields(new, scope), _fields(old, scope)
    if ours is not None and theirs is not None:
        return len(ours) == len(theirs) and all(map(is_narrower, ours, theirs, [scope] * len(ours)))
    (tag, size), (wanted, limit) = _carrier(new, scope), _carrier(old, scope)
    plain = isinstance(old, Builtin) and old.name not in FORMATTED_SIZES
    return plain and tag == wanted != "" and limit in (None, size)


def _fields(expr: TypeExpr, scope: Scope) -> list[TypeExpr] | None:
    match expr:
        case StructureType(fields=fields):
            return [field.type for field in fields]
        case Named(name=name):
            definition = scope.find(name)
            return (
                [field.type for field in definition.fields] if isinstance(definition, StructureDef) else None
            )
        case _:
            return None


def _carrier(expr: TypeExpr, scope: Scope) -> tuple[str, int | None]:
    """The tag that carries a type, and its fixed size; no tag where there is more to it."""
    match expr:
        case Builtin(name=name) if name in FORMATTED_SIZES:
            return "octet-string", FORMATTED_SIZES[name]
        case Builtin(name=name, size=size):
            return name, size
        case Named(name=name, base=base):
            match scope.find(name):
                case EnumDef(carrier=carrier):
                    return base or carrier, None
                case BitsDef(tag=tag, width=width):
                    return tag, width if tag == "bit-string" else None
                case _:
                    return "", None
        case _:
            return "", None
