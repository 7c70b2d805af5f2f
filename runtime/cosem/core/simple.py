"""The content of the simple alternatives of Data: what follows the tag, here and in compact arrays."""

from __future__ import annotations

import struct
from typing import TypeAlias

from cosem.core.bitstring import BitString
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import DecodeError, EncodeError, IncompleteError
from cosem.core.lengths import read_length, read_octets, write_length
from cosem.core.tags import CONTENT_OCTETS, DONT_CARE, NUMBER_FORMATS, DontCare, Tag

Value: TypeAlias = (
    "bool | int | float | str | bytes | BitString | DontCare | list[Value] | tuple[Value, ...] | None"
)
"""What Data holds, in plain Python: list for array and compact-array, tuple for structure, bytes for
octet-string and (as their subclasses DateTime, Date, Time) for date-time, date and time."""

NUMBERS = {
    tag: (struct.Struct(f">{letter}").unpack_from, CONTENT_OCTETS[tag])
    for tag, letter in NUMBER_FORMATS.items()
}
"""By tag: how to unpack a number, and its octets."""

WHOLE_NUMBERS = [
    struct.Struct(f">x{NUMBER_FORMATS[tag]}").unpack if tag in NUMBER_FORMATS else None for tag in range(256)
]
"""By tag: how to unpack exactly one number with its tag in front; None for what is no number."""

_PACK = {tag: struct.Struct(f">B{letter}").pack for tag, letter in NUMBER_FORMATS.items() if letter != "?"}
_TEXTS = {Tag.VISIBLE_STRING: "latin-1", Tag.UTF8_STRING: "utf-8"}


def read_simple(tag: int, b: bytes, p: int) -> tuple[Value, int]:
    """The value of a simple alternative and the position behind it.

    Raises DecodeError for an unknown tag; IndexError or struct.error where the octets end.
    """
    number = NUMBERS.get(tag)
    if number is not None:
        unpack, size = number
        return unpack(b, p)[0], p + size
    match tag:
        case Tag.OCTET_STRING:
            return read_octets(b, p)
        case Tag.NULL_DATA:
            return None, p
        case Tag.VISIBLE_STRING | Tag.UTF8_STRING:
            octets, end = read_octets(b, p)
            return decode_text(tag, octets, p), end
        case Tag.BIT_STRING:
            return read_bits(b, p)
        case Tag.DATE_TIME:
            return DateTime(_exactly(b, p, 12)), p + 12
        case Tag.DATE:
            return Date(_exactly(b, p, 5)), p + 5
        case Tag.TIME:
            return Time(_exactly(b, p, 4)), p + 4
        case Tag.DONT_CARE:
            return DONT_CARE, p
        case _:
            raise DecodeError(f"no Data has tag {tag}", offset=p - 1)


def read_bits(b: bytes, p: int) -> tuple[BitString, int]:
    """A count of bits and the octets that hold them."""
    count, p = read_length(b, p)
    size = (count + 7) // 8
    return BitString(_exactly(b, p, size), count), p + size


def decode_text(tag: int, octets: bytes, offset: int = -1) -> str:
    """A visible-string (any octet is taken, as Latin-1) or utf8-string. Raises DecodeError for broken UTF-8."""
    try:
        return octets.decode(_TEXTS[Tag(tag)])
    except UnicodeDecodeError as error:
        raise DecodeError("utf8-string is not UTF-8", offset=offset) from error


def _exactly(b: bytes, p: int, size: int) -> bytes:
    octets = b[p : p + size]
    if len(octets) != size:
        raise IncompleteError(f"{size} octets needed, {len(octets)} left", offset=p)
    return octets


def write_simple(tag: Tag, value: Value) -> bytes:
    """Tag and content of a simple alternative. Raises EncodeError if the value is none of it."""
    try:
        if pack := _PACK.get(tag):
            return pack(tag, value)
        return bytes((tag,)) + _simple_content(tag, value)
    except (struct.error, UnicodeEncodeError, TypeError, OverflowError) as error:
        raise EncodeError(f"{value!r} is no {tag.book_name}") from error


def _simple_content(tag: Tag, value: Value) -> bytes:
    match tag, value:
        case (Tag.NULL_DATA, None) | (Tag.DONT_CARE, DontCare.DONT_CARE):
            return b""
        case Tag.BOOLEAN, bool():
            return b"\x01" if value else b"\x00"
        case Tag.OCTET_STRING, bytes():
            return write_length(len(value)) + value
        case Tag.VISIBLE_STRING, str():
            octets = value.encode("latin-1")
            return write_length(len(octets)) + octets
        case Tag.UTF8_STRING, str():
            octets = value.encode()
            return write_length(len(octets)) + octets
        case Tag.BIT_STRING, BitString():
            return write_length(len(value)) + value.octets
        case ((Tag.DATE_TIME | Tag.DATE | Tag.TIME), bytes()) if len(value) == CONTENT_OCTETS[tag]:
            return value
        case _:
            raise TypeError
