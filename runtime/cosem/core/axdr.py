"""A-XDR primitives for generated codecs: each simple type with its Data tag in front.

Readers have the shape ``(octets, position, limits) -> (value, position)`` and raise DecodeError where the
octets are not of the type, IndexError or struct.error where they may just end
(:class:`cosem.core.codec.Codec` maps those). Writers have the shape ``(value) -> octets`` and raise
struct.error, TypeError, ValueError or EncodeError.

For a type ``long-unsigned`` they are called ``read_long_unsigned`` and ``write_long_unsigned``. The octet
strings with an inner format are ``read_logical_name``, ``read_date_time``, ``read_date``, ``read_time``; the
alternatives of Data that carry the same octets under tags 25, 26 and 27 are ``read_tagged_date_time`` and so
on.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TypeAlias, TypeVar

from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import DecodeError, EncodeError, IncompleteError
from cosem.core.lengths import read_count, read_length, read_octets, write_length
from cosem.core.limits import Limits
from cosem.core.obis import LogicalName
from cosem.core.simple import decode_text, read_bits
from cosem.core.tags import CONTENT_OCTETS, DONT_CARE, NUMBER_FORMATS, DontCare, Tag, tag_name
from cosem.core.walk import skip

T = TypeVar("T")
Octets = TypeVar("Octets", bound=bytes)

Reader: TypeAlias = Callable[[bytes, int, Limits], tuple[T, int]]
Writer: TypeAlias = Callable[[T], bytes]


def wrong_tag(b: bytes, p: int, expected: int) -> DecodeError:
    """The error for another tag at ``p`` than expected, to be raised."""
    if p >= len(b):
        return IncompleteError(f"{tag_name(expected)} expected, nothing left", offset=len(b))
    return DecodeError(f"{tag_name(expected)} expected, not {tag_name(b[p])}", offset=p)


def read_structure(b: bytes, p: int, count: int) -> int:
    """The head of a structure of exactly ``count`` elements; gives the position of the first."""
    if b[p] != Tag.STRUCTURE:
        raise wrong_tag(b, p, Tag.STRUCTURE)
    found, p = read_length(b, p + 1)
    if found != count:
        raise DecodeError(f"a structure of {count} elements expected, not of {found}", offset=p)
    return p


def write_structure(count: int) -> bytes:
    """The head of a structure of ``count`` elements."""
    return b"\x02" + write_length(count)


def write_array(count: int) -> bytes:
    """The head of an array of ``count`` elements."""
    return b"\x01" + write_length(count)


def read_null(b: bytes, p: int, limits: Limits) -> tuple[None, int]:
    """null-data."""
    if b[p] != 0:
        raise wrong_tag(b, p, Tag.NULL_DATA)
    return None, p + 1


def write_null(value: None) -> bytes:
    """null-data; nothing but None is taken."""
    if value is not None:
        raise TypeError("null-data has no value")
    return b"\x00"


def read_dont_care(b: bytes, p: int, limits: Limits) -> tuple[DontCare, int]:
    """dont-care."""
    if b[p] != 0xFF:
        raise wrong_tag(b, p, Tag.DONT_CARE)
    return DONT_CARE, p + 1


def write_dont_care(value: DontCare) -> bytes:
    """dont-care."""
    if value is not DONT_CARE:
        raise TypeError("dont-care has one value")
    return b"\xff"


def read_boolean(b: bytes, p: int, limits: Limits) -> tuple[bool, int]:
    """boolean: any octet but 0 is True."""
    if b[p] != 3:
        raise wrong_tag(b, p, Tag.BOOLEAN)
    return b[p + 1] != 0, p + 2


def write_boolean(value: bool) -> bytes:
    """boolean: 01 or 00."""
    if value is True:
        return b"\x03\x01"
    if value is False:
        return b"\x03\x00"
    raise TypeError("not a bool")


def _octet_reader(tag: Tag) -> Reader[int]:
    def read(b: bytes, p: int, limits: Limits) -> tuple[int, int]:
        if b[p] != tag:
            raise wrong_tag(b, p, tag)
        return b[p + 1], p + 2

    return read


def _integer_reader(tag: Tag) -> Reader[int]:
    unpack = struct.Struct(f">{NUMBER_FORMATS[tag]}").unpack_from
    size = CONTENT_OCTETS[tag] + 1

    def read(b: bytes, p: int, limits: Limits) -> tuple[int, int]:
        if b[p] != tag:
            raise wrong_tag(b, p, tag)
        return unpack(b, p + 1)[0], p + size

    return read


def _float_reader(tag: Tag) -> Reader[float]:
    unpack = struct.Struct(f">{NUMBER_FORMATS[tag]}").unpack_from
    size = CONTENT_OCTETS[tag] + 1

    def read(b: bytes, p: int, limits: Limits) -> tuple[float, int]:
        if b[p] != tag:
            raise wrong_tag(b, p, tag)
        return unpack(b, p + 1)[0], p + size

    return read


def integer_writer(tag: Tag) -> Writer[int]:
    pack = struct.Struct(f">B{NUMBER_FORMATS[tag]}").pack

    def write(value: int) -> bytes:
        return pack(tag, value)

    return write


def _float_writer(tag: Tag) -> Writer[float]:
    pack = struct.Struct(f">B{NUMBER_FORMATS[tag]}").pack

    def write(value: float) -> bytes:
        return pack(tag, value)

    return write


read_unsigned: Reader[int] = _octet_reader(Tag.UNSIGNED)
read_enum: Reader[int] = _octet_reader(Tag.ENUM)
read_double_long: Reader[int] = _integer_reader(Tag.DOUBLE_LONG)
read_double_long_unsigned: Reader[int] = _integer_reader(Tag.DOUBLE_LONG_UNSIGNED)
read_bcd: Reader[int] = _integer_reader(Tag.BCD)
read_integer: Reader[int] = _integer_reader(Tag.INTEGER)
read_long: Reader[int] = _integer_reader(Tag.LONG)
read_long_unsigned: Reader[int] = _integer_reader(Tag.LONG_UNSIGNED)
read_long64: Reader[int] = _integer_reader(Tag.LONG64)
read_long64_unsigned: Reader[int] = _integer_reader(Tag.LONG64_UNSIGNED)
read_delta_integer: Reader[int] = _integer_reader(Tag.DELTA_INTEGER)
read_delta_long: Reader[int] = _integer_reader(Tag.DELTA_LONG)
read_delta_double_long: Reader[int] = _integer_reader(Tag.DELTA_DOUBLE_LONG)
read_delta_unsigned: Reader[int] = _integer_reader(Tag.DELTA_UNSIGNED)
read_delta_long_unsigned: Reader[int] = _integer_reader(Tag.DELTA_LONG_UNSIGNED)
read_delta_double_long_unsigned: Reader[int] = _integer_reader(Tag.DELTA_DOUBLE_LONG_UNSIGNED)
read_float32: Reader[float] = _float_reader(Tag.FLOAT32)
read_float64: Reader[float] = _float_reader(Tag.FLOAT64)

write_unsigned: Writer[int] = integer_writer(Tag.UNSIGNED)
write_enum: Writer[int] = integer_writer(Tag.ENUM)
write_double_long: Writer[int] = integer_writer(Tag.DOUBLE_LONG)
write_double_long_unsigned: Writer[int] = integer_writer(Tag.DOUBLE_LONG_UNSIGNED)
write_bcd: Writer[int] = integer_writer(Tag.BCD)
write_integer: Writer[int] = integer_writer(Tag.INTEGER)
write_long: Writer[int] = integer_writer(Tag.LONG)
write_long_unsigned: Writer[int] = integer_writer(Tag.LONG_UNSIGNED)
write_long64: Writer[int] = integer_writer(Tag.LONG64)
write_long64_unsigned: Writer[int] = integer_writer(Tag.LONG64_UNSIGNED)
write_delta_integer: Writer[int] = integer_writer(Tag.DELTA_INTEGER)
write_delta_long: Writer[int] = integer_writer(Tag.DELTA_LONG)
write_delta_double_long: Writer[int] = integer_writer(Tag.DELTA_DOUBLE_LONG)
write_delta_unsigned: Writer[int] = integer_writer(Tag.DELTA_UNSIGNED)
write_delta_long_unsigned: Writer[int] = integer_writer(Tag.DELTA_LONG_UNSIGNED)
write_delta_double_long_unsigned: Writer[int] = integer_writer(Tag.DELTA_DOUBLE_LONG_UNSIGNED)
write_float32: Writer[float] = _float_writer(Tag.FLOAT32)
write_float64: Writer[float] = _float_writer(Tag.FLOAT64)


def read_octet_string(b: bytes, p: int, limits: Limits) -> tuple[bytes, int]:
    """octet-string."""
    if b[p] != 9:
        raise wrong_tag(b, p, Tag.OCTET_STRING)
    return read_octets(b, p + 1)


def write_octet_string(value: bytes) -> bytes:
    """octet-string."""
    return b"\x09" + write_length(len(value)) + value


def read_visible_string(b: bytes, p: int, limits: Limits) -> tuple[str, int]:
    """visible-string: ASCII by the books; any octet is read, as Latin-1, so that it can be written back."""
    if b[p] != 10:
        raise wrong_tag(b, p, Tag.VISIBLE_STRING)
    octets, p = read_octets(b, p + 1)
    return octets.decode("latin-1"), p


def write_visible_string(value: str) -> bytes:
    """visible-string."""
    octets = value.encode("latin-1")
    return b"\x0a" + write_length(len(octets)) + octets


def read_utf8_string(b: bytes, p: int, limits: Limits) -> tuple[str, int]:
    """utf8-string; broken UTF-8 is a DecodeError."""
    if b[p] != 12:
        raise wrong_tag(b, p, Tag.UTF8_STRING)
    octets, end = read_octets(b, p + 1)
    return decode_text(Tag.UTF8_STRING, octets, p), end


def write_utf8_string(value: str) -> bytes:
    """utf8-string."""
    octets = value.encode()
    return b"\x0c" + write_length(len(octets)) + octets


def read_bit_string(b: bytes, p: int, limits: Limits) -> tuple[BitString, int]:
    """bit-string."""
    if b[p] != 4:
        raise wrong_tag(b, p, Tag.BIT_STRING)
    return read_bits(b, p + 1)


def write_bit_string(value: BitString) -> bytes:
    """bit-string."""
    return b"\x04" + write_length(len(value)) + value.octets


def fixed_reader(head: bytes, size: int, make: Callable[[bytes], Octets]) -> Reader[Octets]:
    """Reader of ``size`` octets behind a constant head (tag, or tag and length), held as ``make`` says."""
    start = len(head)
    whole = start + size

    def read(b: bytes, p: int, limits: Limits) -> tuple[Octets, int]:
        end = p + whole
        if b[p : p + start] != head:
            if b[p] != head[0]:
                raise wrong_tag(b, p, head[0])
            raise DecodeError(f"{tag_name(head[0])} of {size} octets expected", offset=p)
        if end > len(b):
            raise IncompleteError(f"{size} octets needed, {len(b) - p - start} left", offset=p)
        return make(b[p + start : end]), end

    return read


def fixed_writer(head: bytes, size: int) -> Writer[bytes]:
    """Writer of exactly ``size`` octets behind a constant head."""

    def write(value: bytes) -> bytes:
        if len(value) != size:
            raise EncodeError(f"{size} octets needed, not {len(value)}")
        return head + value

    return write


read_logical_name: Reader[LogicalName] = fixed_reader(b"\x09\x06", 6, LogicalName)
read_date_time: Reader[DateTime] = fixed_reader(b"\x09\x0c", 12, DateTime)
read_date: Reader[Date] = fixed_reader(b"\x09\x05", 5, Date)
read_time: Reader[Time] = fixed_reader(b"\x09\x04", 4, Time)
read_tagged_date_time: Reader[DateTime] = fixed_reader(b"\x19", 12, DateTime)
read_tagged_date: Reader[Date] = fixed_reader(b"\x1a", 5, Date)
read_tagged_time: Reader[Time] = fixed_reader(b"\x1b", 4, Time)

write_logical_name: Writer[LogicalName] = fixed_writer(b"\x09\x06", 6)
write_date_time: Writer[DateTime] = fixed_writer(b"\x09\x0c", 12)
write_date: Writer[Date] = fixed_writer(b"\x09\x05", 5)
write_time: Writer[Time] = fixed_writer(b"\x09\x04", 4)
write_tagged_date_time: Writer[DateTime] = fixed_writer(b"\x19", 12)
write_tagged_date: Writer[Date] = fixed_writer(b"\x1a", 5)
write_tagged_time: Writer[Time] = fixed_writer(b"\x1b", 4)


def read_data(b: bytes, p: int, limits: Limits) -> tuple[Data, int]:
    """Any Data, walked and bounded but not taken apart."""
    octets = CONTENT_OCTETS[b[p]]
    end = p + 1 + octets if octets >= 0 else skip(b, p, limits)
    if end > len(b):
        raise IndexError
    return Data(b[p:end]), end


def write_data(value: Data) -> bytes:
    """Any Data."""
    return value.octets


def array_reader(read_element: Reader[T], minimum_octets: int = 1) -> Reader[list[T]]:
    """Reader of an array; ``minimum_octets`` is what one element takes at least, and bounds the count."""

    def read(b: bytes, p: int, limits: Limits) -> tuple[list[T], int]:
        if b[p] != 1:
            raise wrong_tag(b, p, Tag.ARRAY)
        count, p = read_count(b, p + 1, limits.elements, minimum_octets)
        elements: list[T] = []
        append = elements.append
        for _ in range(count):
            element, p = read_element(b, p, limits)
            append(element)
        return elements, p

    return read


def array_writer(write_element: Writer[T]) -> Writer[list[T]]:
    """Writer of an array."""

    def write(value: list[T]) -> bytes:
        return write_array(len(value)) + b"".join(map(write_element, value))

    return write
