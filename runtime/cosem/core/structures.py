"""The codec of a structure: generated functions and the description of its fields."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar, dataclass_transform

from cosem.core.codec import Codec
from cosem.core.limits import Limits
from cosem.core.record import Record
from cosem.core.types import ChoiceOf, Field, StructureOf

if TYPE_CHECKING:
    import dataclasses

T = TypeVar("T")


class _DataclassFields:
    """What ``dataclasses`` asks a class for; made when it does."""

    def __get__(self, record: Structure | None, cls: type[Structure]) -> dict[str, dataclasses.Field[Any]]:
        return _dataclass_fields(cls)


@cache
def _dataclass_fields(cls: type[Structure]) -> dict[str, dataclasses.Field[Any]]:
    from dataclasses import fields, make_dataclass

    annotated = [(name, cls.__annotations__[name]) for name in cls.__match_args__]
    return {field.name: field for field in fields(make_dataclass(cls.__name__, annotated))}


@dataclass_transform()
class Structure(Record):
    """The base of generated structures: records whose elements may be set, to all purposes dataclasses.

    ``fields``, ``asdict``, ``replace`` and ``is_dataclass`` of the standard library take them.
    """

    if TYPE_CHECKING:
        __dataclass_fields__: ClassVar[dict[str, dataclasses.Field[Any]]]
    else:
        __dataclass_fields__ = _DataclassFields()


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
        cache(lambda: StructureOf(cls, tuple(Field(name, codec.describe()) for name, codec in fields))),
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
