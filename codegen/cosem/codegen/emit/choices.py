"""When a choice is a union in Python, and how its alternatives are told apart on either side."""

from __future__ import annotations

from itertools import combinations

from cosem.codegen.emit.wire import LETTERS, TAGGED_FORMATS, prefix
from cosem.codegen.ir.model import BitsDef, EnumDef
from cosem.codegen.ir.notation import write_type
from cosem.codegen.ir.types import ArrayType, Builtin, ChoiceType, Named, StructureType, TypeExpr
from cosem.codegen.passes.scope import Scope

_KINDS = {
    "null-data": "None", "boolean": "bool", "float32": "float", "float64": "float", "octet-string": "bytes",
    "visible-string": "str", "utf8-string": "str", "bit-string": "BitString", "data": "Data",
    "compact-array": "Data", "dont-care": "DontCare", "profile-buffer": "Rows", **TAGGED_FORMATS,
}  # fmt: skip


def python_kind(expr: TypeExpr, scope: Scope) -> str:
    """What ``isinstance`` can see of a value: equal for two types whose values it cannot tell apart."""
    match expr:
        case Builtin(name=name):
            return _KINDS.get(name, "int" if name in LETTERS else name)
        case ArrayType():
            return "list"
        case Named(name=name):
            return name
        case StructureType() | ChoiceType():
            return write_type(expr)


def is_union(choice: ChoiceType, scope: Scope) -> bool:
    """Whether every alternative is known by its first octets when read, and by its Python type when written."""
    kinds = [python_kind(alternative, scope) for alternative in choice.alternatives]
    if len(set(kinds)) < len(kinds) or any(isinstance(part, ChoiceType) for part in choice.alternatives):
        return False
    heads = [prefix(alternative, scope) for alternative in choice.alternatives]
    return all(heads) and not any(
        one.startswith(other) or other.startswith(one) for one, other in combinations(heads, 2)
    )


def write_order(choice: ChoiceType, scope: Scope) -> list[TypeExpr]:
    """Alternatives so that a subclass is asked for before its base: bool, enumerations and bits before int, …"""
    return sorted(choice.alternatives, key=lambda expr: _rank(expr, scope))


def _rank(expr: TypeExpr, scope: Scope) -> int:
    kind = python_kind(expr, scope)
    if kind == "None":
        return 0
    if kind == "bool" or (isinstance(expr, Named) and isinstance(scope[expr.name], EnumDef | BitsDef)):
        return 1
    return {"int": 3, "float": 4, "bytes": 4}.get(kind, 2)
