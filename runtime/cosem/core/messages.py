"""What the generated codecs of :mod:`cosem.apdu` share: errors with a path, whole messages, elements of ACSE."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import Field, fields
from typing import Any, ClassVar, Final, TypeVar

from cosem.core.ber import expect, read_bit_string, read_integer, write_integer, write_length
from cosem.core.bitstring import BitString
from cosem.core.errors import DecodeError, EncodeError, IncompleteError
from cosem.core.lengths import read_count
from cosem.core.limits import Limits
from cosem.core.tags import CONTENT_OCTETS

T = TypeVar("T")

_pack_head = struct.Struct(">BB").pack
_pack_heads = struct.Struct(">BBBB").pack

DATA_OCTETS: Final = tuple(content + 1 if content >= 0 else 0 for content in CONTENT_OCTETS)
"""By tag: the octets of a whole Data, 0 where they vary."""

MALFORMED: Final = (IndexError, struct.error, DecodeError)
"""What a reader meets when octets are not what they should be."""

UNENCODABLE: Final = (struct.error, TypeError, ValueError, AttributeError, OverflowError, EncodeError)
"""What a writer meets when a value has no encoding."""


class Message:
    """What all messages and their parts have in common. To write it for each class would double the cost of importing
    them."""

    __slots__ = ()
    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    def __eq__(self, other: object) -> bool:
        if type(other) is not type(self):
            return NotImplemented
        return all(getattr(self, each.name) == getattr(other, each.name) for each in fields(self))

    def __repr__(self) -> str:
        shown = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
        return f"{type(self).__name__}({shown})"


def malformed(error: Exception, name: str, b: bytes) -> DecodeError:
    """One of MALFORMED as a DecodeError inside the element ``name``, to be raised."""
    if isinstance(error, DecodeError):
        error.within(name)
        return error
    return IncompleteError("the octets end early", offset=len(b), path=name)


def unencodable(error: Exception, name: str) -> EncodeError:
    """One of UNENCODABLE as an EncodeError inside the element ``name``, to be raised."""
    if isinstance(error, EncodeError):
        error.within(name)
        return error
    return EncodeError(str(error), path=name)


def no_alternative(tag: int, p: int, path: str) -> DecodeError:
    """The error for a tag that a choice does not have, to be raised; the tag stands before ``p``."""
    return DecodeError(f"there is no alternative {tag}", offset=p - 1, path=path)


def bad_presence(p: int, path: str) -> DecodeError:
    """The error for a presence octet other than 0 and 1, to be raised; it stands before ``p``."""
    return DecodeError("the presence octet is neither 0 nor 1", offset=p - 1, path=path)


def decode_message(
    octets: bytes, tag: int, read: Callable[[bytes, int, Limits], tuple[T, int]], limits: Limits, name: str
) -> T:
    """The one message of this tag that the octets are. Raises DecodeError."""
    if not octets:
        raise IncompleteError("no octets", offset=0, path=name)
    if octets[0] != tag:
        raise DecodeError(f"it begins with {tag:#04x}, not {octets[0]:#04x}", offset=0, path=name)
    value, end = read(octets, 1, limits)
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind the message", offset=end, path=name)
    return value


def decode_content(
    octets: bytes, read: Callable[[bytes, int, Limits], tuple[T, int]], limits: Limits, name: str
) -> T:
    """The one untagged value that the octets are. Raises DecodeError."""
    try:
        value, end = read(octets, 0, limits)
    except MALFORMED as error:
        raise malformed(error, name, octets) from None
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind the value", offset=end, path=name)
    return value


def read_list(
    b: bytes, p: int, limits: Limits, read: Callable[[bytes, int, Limits], tuple[T, int]], minimum: int
) -> tuple[list[T], int]:
    """A count and that many elements of ``minimum`` octets or more; the count is bounded before anything is read."""
    count, p = read_count(b, p, limits.list_items, minimum)
    items: list[T] = []
    for _ in range(count):
        item, p = read(b, p, limits)
        items.append(item)
    return items, p


def checked_size(octets: bytes, size: int, name: str) -> bytes:
    """The octets, if there are ``size`` of them. Raises EncodeError."""
    if len(octets) != size:
        raise EncodeError(f"{size} octets needed, not {len(octets)}", path=name)
    return octets


def twice(p: int, path: str) -> DecodeError:
    """The error for an element of ACSE that occurs again, to be raised; ``p`` is where its content starts."""
    return DecodeError("the element occurs twice", offset=p, path=path)


def missing(p: int, path: str) -> DecodeError:
    """The error for an element of ACSE that is not there, to be raised."""
    return DecodeError("the element is missing", offset=p, path=path)


def check_skipped(tag: int, p: int) -> None:
    """An element of ACSE that no table knows is skipped if its tag is a context one of one octet."""
    if tag & 0xC0 != 0x80 or tag & 0x1F == 0x1F:
        raise DecodeError(f"an element of tag {tag:#04x}", offset=p)


def inner(b: bytes, start: int, stop: int, tag: int) -> bytes:
    """The content of the one element ``tag`` that fills ``b[start:stop]``."""
    first, last = expect(b, start, stop, tag)
    if last != stop:
        raise DecodeError(f"{stop - last} octets behind the inner element", offset=last)
    return b[first:last]


def inner_integer(b: bytes, start: int, stop: int) -> int:
    """The INTEGER that fills ``b[start:stop]``, tag included."""
    if stop - start == 3 and b[start] == 2 and b[start + 1] == 1 and b[start + 2] < 0x80:
        return b[start + 2]
    content = inner(b, start, stop, 2)
    return read_integer(content, 0, len(content))


def read_bits(content: bytes) -> BitString:
    """The content of a BIT STRING."""
    return read_bit_string(content, 0, len(content))


def read_flags(content: bytes, width: int) -> int:
    """The content of a BIT STRING with ``width`` named bits, as a number; further bits are dropped."""
    bits = read_bits(content)
    number, count = int(bits), len(bits)
    return number >> (count - width) if count >= width else number << (width - count)


def element(tag: int, content: bytes) -> bytes:
    """One element of ACSE with a tag of one octet."""
    length = len(content)
    if length < 0x80:
        return _pack_head(tag, length) + content
    return bytes((tag,)) + write_length(length) + content


def explicit(tag: int, inner_tag: int, content: bytes) -> bytes:
    """One element of ACSE that holds another one."""
    length = len(content)
    if length < 0x7E:
        return _pack_heads(tag, length + 2, inner_tag, length) + content
    return element(tag, element(inner_tag, content))


def explicit_integer(tag: int, value: int) -> bytes:
    """One element of ACSE that holds an INTEGER."""
    if 0 <= value < 0x80:
        return bytes((tag, 3, 2, 1, value))
    return explicit(tag, 2, write_integer(value))
