"""Data types reduced to what tables of different makers can be compared by: tags, and what is inside arrays and
structures as far as a table tells.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from cosem.core.tags import Tag
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


@dataclass(frozen=True, slots=True)
class Shape:
    """What may stand at a place: the alternatives of a choice, or anything if there are none."""

    alternatives: tuple[Node, ...]

    def __str__(self) -> str:
        return " | ".join(str(node) for node in self.alternatives) or "data"


@dataclass(frozen=True, slots=True)
class Node:
    """A tag; ``inside`` holds the elements of a structure, or the one of an array; None where nobody says."""

    tag: int
    inside: tuple[Shape, ...] | None = None

    def __str__(self) -> str:
        name = Tag(self.tag).name.lower().replace("_", "-")
        return name if self.inside is None else f"{name}{{{', '.join(str(shape) for shape in self.inside)}}}"


ANYTHING = Shape(())


def one(tag: int) -> Shape:
    """A tag, and nothing known about what is inside."""
    return Shape((Node(tag),))


def array(element: Shape) -> Shape:
    """An array."""
    return Shape((Node(Tag.ARRAY, (element,)),))


def structure(elements: Iterable[Shape]) -> Shape:
    """A structure."""
    return Shape((Node(Tag.STRUCTURE, tuple(elements)),))


def shape_of(type: Type) -> Shape:
    """The shape of one of our types."""
    match type:
        case Simple(tag=tag) | Enumerated(tag=tag) | Flags(tag=tag):
            return one(tag)
        case Formatted():
            return one(Tag.OCTET_STRING)
        case ArrayOf(element=element):
            return array(shape_of(element))
        case StructureOf(fields=fields):
            return structure(shape_of(field.type) for field in fields)
        case ChoiceOf(alternatives=alternatives):
            return Shape(tuple(node for found in alternatives for node in shape_of(found).alternatives))
        case BufferOf():
            return Shape((Node(Tag.ARRAY), Node(Tag.COMPACT_ARRAY)))
        case AnyData():
            return ANYTHING


def agree(ours: Shape, theirs: Shape) -> bool:
    """Whether ours allows what theirs says and says no less.

    Theirs may know less, or one alternative of a choice only.
    """
    if not theirs.alternatives:
        return True
    return any(_node_agrees(mine, his) for mine in ours.alternatives for his in theirs.alternatives)


def _node_agrees(ours: Node, theirs: Node) -> bool:
    if ours.tag != theirs.tag:
        return False
    if ours.inside is None or theirs.inside is None:
        return True
    return len(ours.inside) == len(theirs.inside) and all(map(agree, ours.inside, theirs.inside))
