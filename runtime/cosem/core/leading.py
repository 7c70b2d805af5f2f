"""The tags with which the values of a type begin."""

from __future__ import annotations

from cosem.core.tags import CONTENT_OCTETS, UNKNOWN, Tag
from cosem.core.types import (
    AnyData,
    ArrayOf,
    BufferOf,
    ChoiceOf,
    Enumerated,
    Flags,
    Formatted,
    Simple,
    StructureOf,
    Type,
)

_ALL = frozenset(tag for tag, octets in enumerate(CONTENT_OCTETS) if octets != UNKNOWN)


def leading_tags(type: Type) -> frozenset[int]:
    """The tags that a value of the type may have."""
    match type:
        case Simple() | Enumerated() | Flags():
            return frozenset((type.tag,))
        case Formatted():
            return frozenset((Tag.OCTET_STRING,))
        case ArrayOf():
            return frozenset((Tag.ARRAY,))
        case StructureOf():
            return frozenset((Tag.STRUCTURE,))
        case BufferOf():
            return frozenset((Tag.ARRAY, Tag.COMPACT_ARRAY))
        case ChoiceOf():
            return frozenset[int]().union(*map(leading_tags, type.alternatives))
        case AnyData():
            return _ALL
