"""The structures, enumerations and bit sets that a class is made of, in words."""

from __future__ import annotations

from collections.abc import Iterator

from cosem.core.access import CosemObject
from cosem.core.types import ArrayOf, ChoiceOf, Enumerated, Flags, Formatted, Simple, StructureOf, Type


def named_types(cls: type[CosemObject]) -> dict[str, Type]:
    """By name: the types with a name of their own in the attributes, selectors and methods of a class, outer
    ones first.
    """
    found: dict[str, Type] = {}
    for item in cls.ATTRIBUTES.values():
        for codec in (item.codec, *(item.selectors or {}).values()):
            _collect(codec.describe(), found)
    for method in cls.METHODS.values():
        for codec in filter(None, (method.takes, method.returns)):
            _collect(codec.describe(), found)
    return found


def members(type: Type) -> Iterator[tuple[str, str]]:
    """What a named type consists of: fields with their types, names with their numbers, bits with their masks."""
    match type:
        case StructureOf():
            yield from ((field.name, words(field.type)) for field in type.fields)
        case Enumerated():
            yield from ((str(int(member)), member.name.lower()) for member in type.enum)
        case Flags():
            yield from ((f"{mask:#x}", name.lower()) for mask, name in type.bits.NAMES.items())
        case _:
            return


def words(type: Type) -> str:
    """A type in the notation of the spec."""
    match type:
        case Simple():
            return type.name if type.size is None else f"{type.name}({type.size})"
        case Formatted():
            return type.name
        case Enumerated():
            return f"enum {type.enum.__name__}"
        case Flags():
            return f"bits {type.bits.__name__}"
        case ArrayOf():
            return f"array<{words(type.element)}>"
        case StructureOf():
            return type.cls.__name__
        case ChoiceOf():
            return f"choice{{{', '.join(map(words, type.alternatives))}}}"
        case _:
            return "data"


def _collect(type: Type, found: dict[str, Type]) -> None:
    match type:
        case StructureOf():
            if type.cls.__name__ not in found:
                found[type.cls.__name__] = type
                for field in type.fields:
                    _collect(field.type, found)
        case Enumerated() | Flags():
            found.setdefault(words(type), type)
        case ArrayOf():
            _collect(type.element, found)
        case ChoiceOf():
            for alternative in type.alternatives:
                _collect(alternative, found)
        case _:
            return
