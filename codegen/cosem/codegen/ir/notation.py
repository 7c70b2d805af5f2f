"""A type as the notation writes it, in one canonical way."""

from __future__ import annotations

from cosem.codegen.ir.types import (
    FORMATTED_SIZES,
    ArrayType,
    Builtin,
    ChoiceType,
    Named,
    StructureType,
    TypeExpr,
)


def write_type(expr: TypeExpr) -> str:
    """The text that reads back as ``expr``."""
    match expr:
        case Builtin(name=name, size=size):
            return name if size is None or name in FORMATTED_SIZES else f"{name}({size})"
        case Named(name=name, kind="structure"):
            return name
        case Named(name=name, kind=kind, base=base):
            return f"{kind} {name}" + (f" in {base}" if base else "")
        case ArrayType(element=element):
            return f"array<{write_type(element)}>"
        case StructureType(fields=fields):
            return f"structure{{{', '.join(f'{field.name}: {write_type(field.type)}' for field in fields)}}}"
        case ChoiceType(alternatives=alternatives):
            return f"choice{{{', '.join(map(write_type, alternatives))}}}"
