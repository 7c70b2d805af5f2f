"""The codec of a structure: generated functions and the description of its fields."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from cosem.core.codec import Codec
from cosem.core.limits import Limits
from cosem.core.types import ChoiceOf, Field, StructureOf

T = TypeVar("T")


def structure_codec(
    cls: type[T],
    read: Callable[[bytes, int, Limits], tuple[T, int]],
    write: Callable[[T], bytes],
    *fields: tuple[str, Codec[Any]],
    notation: str = "",
) -> Codec[T]:
    """A structure held by ``cls``; ``fields`` are its elements in wire order, as the books name them."""
    return Codec(
        notation or cls.__name__,
        read,
        write,
        lambda: StructureOf(cls, tuple(Field(name, codec.describe()) for name, codec in fields)),
    )


def choice_codec(
    notation: str,
    read: Callable[[bytes, int, Limits], tuple[T, int]],
    write: Callable[[T], bytes],
    *alternatives: Codec[Any],
) -> Codec[T]:
    """One of several types."""
    return Codec(
        notation, read, write, lambda: ChoiceOf(tuple(alternative.describe() for alternative in alternatives))
    )
