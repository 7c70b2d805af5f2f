"""CHOICE between types of Data, told apart by the tag."""

from __future__ import annotations

import struct
from typing import Any, TypeVar, overload

from cosem.core.axdr import Reader
from cosem.core.codec import Codec
from cosem.core.errors import DecodeError, EncodeError
from cosem.core.leading import leading_tags
from cosem.core.limits import Limits
from cosem.core.tags import tag_name
from cosem.core.types import ChoiceOf, Type

A = TypeVar("A")
B = TypeVar("B")
C = TypeVar("C")
D = TypeVar("D")
E = TypeVar("E")
F = TypeVar("F")
T = TypeVar("T")


@overload
def choice_codec(a: Codec[A], b: Codec[B], /) -> Codec[A | B]: ...
@overload
def choice_codec(a: Codec[A], b: Codec[B], c: Codec[C], /) -> Codec[A | B | C]: ...
@overload
def choice_codec(a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], /) -> Codec[A | B | C | D]: ...
@overload
def choice_codec(
    a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], e: Codec[E], /
) -> Codec[A | B | C | D | E]: ...
@overload
def choice_codec(
    a: Codec[A], b: Codec[B], c: Codec[C], d: Codec[D], e: Codec[E], f: Codec[F], /
) -> Codec[A | B | C | D | E | F]: ...
@overload
def choice_codec(*alternatives: Codec[T]) -> Codec[T]: ...
def choice_codec(*alternatives: Codec[Any]) -> Codec[Any]:
    """One of several types.

    A value is read by the alternatives its tag may begin, in order (``Date`` and ``DateTime`` share a tag:
    the first that fits wins), and written by the first alternative that can hold it.
    """
    readers: dict[int, list[Reader[Any]]] = {}  # filled on first use: describing a type builds it

    def read(b: bytes, p: int, limits: Limits) -> tuple[Any, int]:
        if not readers:
            for alternative in alternatives:
                for tag in leading_tags(alternative.describe()):
                    readers.setdefault(tag, []).append(alternative.read)
        fitting = readers.get(b[p])
        if fitting is None:
            expected = " or ".join(map(tag_name, sorted(readers)))
            raise DecodeError(f"{expected} expected, not {tag_name(b[p])}", offset=p)
        for reader in fitting[:-1]:
            try:
                return reader(b, p, limits)
            except (DecodeError, IndexError, struct.error):
                continue
        return fitting[-1](b, p, limits)

    def write(value: Any) -> bytes:
        for alternative in alternatives:
            try:
                return alternative.write(value)
            except (EncodeError, struct.error, TypeError, ValueError, AttributeError, OverflowError):
                continue
        raise EncodeError(f"{value!r} fits no alternative of {notation}")

    def describe() -> Type:
        return ChoiceOf(tuple(alternative.describe() for alternative in alternatives))

    notation = f"choice{{{', '.join(alternative.notation for alternative in alternatives)}}}"
    return Codec(notation, read, write, describe)
