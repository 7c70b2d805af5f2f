"""Ready-made codecs: a constant for each simple type, factories for the others.

The constant of a type is its name in capitals: ``long-unsigned`` is :data:`LONG_UNSIGNED`. ``LogicalName``,
``DateTime``, ``Date`` and ``Time`` (octet-strings with an inner format) are :data:`LOGICAL_NAME`,
:data:`DATE_TIME`, :data:`DATE`, :data:`TIME`; the alternatives ``date-time``, ``date``, ``time`` of Data
(tags 25 to 27) are :data:`TAGGED_DATE_TIME`, :data:`TAGGED_DATE`, :data:`TAGGED_TIME`. ``data`` is
:data:`DATA`, ``profile-buffer`` is :data:`ROWS`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from cosem.core import axdr
from cosem.core.axdr import Reader, Writer
from cosem.core.bits import Bits
from cosem.core.bitstring import BitString
from cosem.core.codec import Codec
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.enums import OpenEnum
from cosem.core.errors import DecodeError, EncodeError
from cosem.core.late import rows
from cosem.core.lengths import write_length
from cosem.core.limits import Limits
from cosem.core.obis import LogicalName
from cosem.core.simple import NUMBERS, read_bits
from cosem.core.tags import DontCare, Tag
from cosem.core.types import AnyData, ArrayOf, BufferOf, Enumerated, Flags, Formatted, Simple, Type
from cosem.core.walk import skip

if TYPE_CHECKING:
    from cosem.core.rows import Rows

T = TypeVar("T")
E = TypeVar("E", bound=OpenEnum)
B = TypeVar("B", bound=Bits)


def _simple(tag: Tag, read: Reader[T], write: Writer[T]) -> Codec[T]:
    type = Simple(tag.book_name, int(tag))
    return Codec(type.name, read, write, lambda: type)


def _formatted(name: str, size: int, read: Reader[T], write: Writer[T]) -> Codec[T]:
    type = Formatted(name, size)
    return Codec(name, read, write, lambda: type)


def _read_compact_array(b: bytes, p: int, limits: Limits) -> tuple[Data, int]:
    if b[p] != Tag.COMPACT_ARRAY:
        raise axdr.wrong_tag(b, p, Tag.COMPACT_ARRAY)
    return axdr.read_data(b, p, limits)


def _read_rows(b: bytes, p: int, limits: Limits) -> tuple[Rows, int]:
    if b[p] not in (Tag.ARRAY, Tag.COMPACT_ARRAY):
        raise axdr.wrong_tag(b, p, Tag.ARRAY)
    end = skip(b, p, limits)
    return rows.Rows(b[p:end], limits), end


def _write_rows(value: Rows) -> bytes:
    return value.octets


NULL_DATA: Codec[None] = _simple(Tag.NULL_DATA, axdr.read_null, axdr.write_null)
BOOLEAN: Codec[bool] = _simple(Tag.BOOLEAN, axdr.read_boolean, axdr.write_boolean)
BIT_STRING: Codec[BitString] = _simple(Tag.BIT_STRING, axdr.read_bit_string, axdr.write_bit_string)
DOUBLE_LONG: Codec[int] = _simple(Tag.DOUBLE_LONG, axdr.read_double_long, axdr.write_double_long)
DOUBLE_LONG_UNSIGNED: Codec[int] = _simple(
    Tag.DOUBLE_LONG_UNSIGNED, axdr.read_double_long_unsigned, axdr.write_double_long_unsigned
)
BCD: Codec[int] = _simple(Tag.BCD, axdr.read_bcd, axdr.write_bcd)
INTEGER: Codec[int] = _simple(Tag.INTEGER, axdr.read_integer, axdr.write_integer)
LONG: Codec[int] = _simple(Tag.LONG, axdr.read_long, axdr.write_long)
UNSIGNED: Codec[int] = _simple(Tag.UNSIGNED, axdr.read_unsigned, axdr.write_unsigned)
LONG_UNSIGNED: Codec[int] = _simple(Tag.LONG_UNSIGNED, axdr.read_long_unsigned, axdr.write_long_unsigned)
LONG64: Codec[int] = _simple(Tag.LONG64, axdr.read_long64, axdr.write_long64)
LONG64_UNSIGNED: Codec[int] = _simple(
    Tag.LONG64_UNSIGNED, axdr.read_long64_unsigned, axdr.write_long64_unsigned
)
ENUM: Codec[int] = _simple(Tag.ENUM, axdr.read_enum, axdr.write_enum)
DELTA_INTEGER: Codec[int] = _simple(Tag.DELTA_INTEGER, axdr.read_delta_integer, axdr.write_delta_integer)
DELTA_LONG: Codec[int] = _simple(Tag.DELTA_LONG, axdr.read_delta_long, axdr.write_delta_long)
DELTA_DOUBLE_LONG: Codec[int] = _simple(
    Tag.DELTA_DOUBLE_LONG, axdr.read_delta_double_long, axdr.write_delta_double_long
)
DELTA_UNSIGNED: Codec[int] = _simple(Tag.DELTA_UNSIGNED, axdr.read_delta_unsigned, axdr.write_delta_unsigned)
DELTA_LONG_UNSIGNED: Codec[int] = _simple(
    Tag.DELTA_LONG_UNSIGNED, axdr.read_delta_long_unsigned, axdr.write_delta_long_unsigned
)
DELTA_DOUBLE_LONG_UNSIGNED: Codec[int] = _simple(
    Tag.DELTA_DOUBLE_LONG_UNSIGNED,
    axdr.read_delta_double_long_unsigned,
    axdr.write_delta_double_long_unsigned,
)
FLOAT32: Codec[float] = _simple(Tag.FLOAT32, axdr.read_float32, axdr.write_float32)
FLOAT64: Codec[float] = _simple(Tag.FLOAT64, axdr.read_float64, axdr.write_float64)
OCTET_STRING: Codec[bytes] = _simple(Tag.OCTET_STRING, axdr.read_octet_string, axdr.write_octet_string)
VISIBLE_STRING: Codec[str] = _simple(Tag.VISIBLE_STRING, axdr.read_visible_string, axdr.write_visible_string)
UTF8_STRING: Codec[str] = _simple(Tag.UTF8_STRING, axdr.read_utf8_string, axdr.write_utf8_string)
TAGGED_DATE_TIME: Codec[DateTime] = _simple(
    Tag.DATE_TIME, axdr.read_tagged_date_time, axdr.write_tagged_date_time
)
TAGGED_DATE: Codec[Date] = _simple(Tag.DATE, axdr.read_tagged_date, axdr.write_tagged_date)
TAGGED_TIME: Codec[Time] = _simple(Tag.TIME, axdr.read_tagged_time, axdr.write_tagged_time)
DONT_CARE: Codec[DontCare] = _simple(Tag.DONT_CARE, axdr.read_dont_care, axdr.write_dont_care)
LOGICAL_NAME: Codec[LogicalName] = _formatted(
    "LogicalName", 6, axdr.read_logical_name, axdr.write_logical_name
)
DATE_TIME: Codec[DateTime] = _formatted("DateTime", 12, axdr.read_date_time, axdr.write_date_time)
DATE: Codec[Date] = _formatted("Date", 5, axdr.read_date, axdr.write_date)
TIME: Codec[Time] = _formatted("Time", 4, axdr.read_time, axdr.write_time)
COMPACT_ARRAY: Codec[Data] = _simple(Tag.COMPACT_ARRAY, _read_compact_array, axdr.write_data)
DATA: Codec[Data] = Codec("data", axdr.read_data, axdr.write_data, AnyData)
ROWS: Codec[Rows] = Codec("profile-buffer", _read_rows, _write_rows, BufferOf)


def octet_string_codec(size: int) -> Codec[bytes]:
    """octet-string of exactly ``size`` octets."""
    type = Simple("octet-string", Tag.OCTET_STRING, size)
    head = b"\x09" + write_length(size)
    read = axdr.fixed_reader(head, size, bytes)
    return Codec(f"octet-string({size})", read, axdr.fixed_writer(head, size), lambda: type)


def visible_string_codec(size: int) -> Codec[str]:
    """visible-string of exactly ``size`` characters."""
    type = Simple("visible-string", Tag.VISIBLE_STRING, size)

    def read(b: bytes, p: int, limits: Limits) -> tuple[str, int]:
        value, end = axdr.read_visible_string(b, p, limits)
        if len(value) != size:
            raise DecodeError(f"{size} characters expected, not {len(value)}", offset=p)
        return value, end

    def write(value: str) -> bytes:
        if len(value) != size:
            raise EncodeError(f"{size} characters needed, not {len(value)}")
        return axdr.write_visible_string(value)

    return Codec(f"visible-string({size})", read, write, lambda: type)


def bit_string_codec(count: int) -> Codec[BitString]:
    """bit-string of exactly ``count`` bits."""
    type = Simple("bit-string", Tag.BIT_STRING, count)

    def read(b: bytes, p: int, limits: Limits) -> tuple[BitString, int]:
        value, end = axdr.read_bit_string(b, p, limits)
        if len(value) != count:
            raise DecodeError(f"{count} bits expected, not {len(value)}", offset=p)
        return value, end

    def write(value: BitString) -> bytes:
        if len(value) != count:
            raise EncodeError(f"{count} bits needed, not {len(value)}")
        return axdr.write_bit_string(value)

    return Codec(f"bit-string({count})", read, write, lambda: type)


def enum_codec(cls: type[E], tag: int = Tag.ENUM) -> Codec[E]:
    """An enumeration, carried by enum or by the integer type of ``tag``."""
    carrier = Tag(tag)
    type = Enumerated(cls, carrier)
    unpack, size = NUMBERS[carrier]
    write_number = axdr.integer_writer(carrier)

    def read(b: bytes, p: int, limits: Limits) -> tuple[E, int]:
        if b[p] != carrier:
            raise axdr.wrong_tag(b, p, carrier)
        return cls(unpack(b, p + 1)[0]), p + 1 + size

    notation = f"enum {cls.__name__}" + ("" if carrier == Tag.ENUM else f" in {carrier.book_name}")
    return Codec(notation, read, write_number, lambda: type)


def bits_codec(cls: type[B], tag: int) -> Codec[B]:
    """A set of bits, carried by bit-string (of exactly ``cls.WIDTH`` bits) or by the integer type of ``tag``."""
    carrier = Tag(tag)
    type = Flags(cls, carrier)
    notation = f"bits {cls.__name__}"
    if carrier != Tag.BIT_STRING:
        unpack, size = NUMBERS[carrier]

        def read_number(b: bytes, p: int, limits: Limits) -> tuple[B, int]:
            if b[p] != carrier:
                raise axdr.wrong_tag(b, p, carrier)
            return cls(unpack(b, p + 1)[0]), p + 1 + size

        return Codec(notation, read_number, axdr.integer_writer(carrier), lambda: type)
    head = b"\x04" + write_length(cls.WIDTH)
    width = (cls.WIDTH + 7) // 8
    padding = -cls.WIDTH % 8

    def read(b: bytes, p: int, limits: Limits) -> tuple[B, int]:
        if b[p] != 4:
            raise axdr.wrong_tag(b, p, carrier)
        bits, end = read_bits(b, p + 1)
        if len(bits) != cls.WIDTH:
            raise DecodeError(f"{cls.WIDTH} bits expected, not {len(bits)}", offset=p)
        return cls(int(bits)), end

    def write(value: B) -> bytes:
        return head + (int(value) << padding).to_bytes(width)

    return Codec(notation, read, write, lambda: type)


def array_codec(element: Codec[T], minimum_octets: int = 1) -> Codec[list[T]]:
    """array of one element type, of which each takes ``minimum_octets`` at least."""

    def describe() -> Type:
        return ArrayOf(element.describe())

    read = axdr.array_reader(element.read, minimum_octets)
    return Codec(f"array<{element.notation}>", read, axdr.array_writer(element.write), describe)
