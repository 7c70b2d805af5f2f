"""Data: one value of the A-XDR CHOICE that carries every attribute (Green Book 9.5)."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Final, Self

from cosem.core.bitstring import BitString
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import DecodeError, IncompleteError
from cosem.core.late import alike, compact, spoken
from cosem.core.lengths import read_count, write_length
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.core.simple import WHOLE_NUMBERS, Value, write_simple
from cosem.core.tags import CONTENT_OCTETS, DONT_CARE, UNKNOWN, DontCare, Tag
from cosem.core.values import read_value
from cosem.core.walk import skip

_MANY = 128
"""Octets from which an array is searched for elements that are laid out alike."""


def decode_value(octets: bytes, limits: Limits = DEFAULT_LIMITS) -> Value:
    """The plain Python value of exactly one Data. Raises DecodeError."""
    value: Value
    if len(octets) >= _MANY and octets[0] == Tag.ARRAY:
        try:
            value, end, _ = alike.read_array(octets, 1, limits)
        except (IndexError, struct.error):
            raise IncompleteError("the value ends early", offset=len(octets)) from None
    else:
        value, end = read_value(octets, 0, limits)
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind the value", offset=end)
    return value


class Data:
    """The octets of one Data, tag included; what was decoded re-encodes bit for bit.

    Making one checks nothing; ``value`` and ``elements`` raise DecodeError for what is malformed. Equality
    and hash are those of the octets.

    >>> Data.structure([Data.long_unsigned(8), Data.octet_string(b"\\x01\\x02"), Data.enum(27)])
    Data(structure{long-unsigned 8, octet-string 0102, enum 27})
    """

    __slots__ = ("octets",)

    def __init__(self, octets: bytes) -> None:
        self.octets: Final = octets
        """Tag and content."""

    @property
    def tag(self) -> Tag:
        """The alternative. Raises DecodeError if there is none of that number."""
        octets = self.octets
        if not octets:
            raise IncompleteError("no octets", offset=0)
        if CONTENT_OCTETS[octets[0]] == UNKNOWN:
            raise DecodeError(f"no Data has tag {octets[0]}", offset=0)
        return Tag(octets[0])

    @property
    def value(self) -> Value:
        """The value in plain Python, see :data:`cosem.core.simple.Value`."""
        octets = self.octets
        try:
            if unpack := WHOLE_NUMBERS[octets[0]]:
                number: Value = unpack(octets)[0]
                return number
        except (IndexError, struct.error):
            pass  # of another size; what is wrong with it is said below
        return decode_value(octets)

    @property
    def elements(self) -> list[Data]:
        """The elements of an array, structure or compact-array (each with a tag of its own).

        Raises DecodeError for any other Data.
        """
        b, tag = self.octets, self.tag
        if tag == Tag.COMPACT_ARRAY:
            return _compact_elements(b)
        if tag not in (Tag.ARRAY, Tag.STRUCTURE):
            raise DecodeError(f"{tag.book_name} has no elements", offset=0)
        try:
            count, p = read_count(b, 1, DEFAULT_LIMITS.elements)
        except IndexError:
            raise IncompleteError("the value ends early", offset=len(b)) from None
        elements: list[Data] = []
        for _ in range(count):
            end = skip(b, p)
            elements.append(Data(b[p:end]))
            p = end
        if p != len(b):
            raise DecodeError(f"{len(b) - p} octets behind the value", offset=p)
        return elements

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Data):
            return NotImplemented
        return self.octets == other.octets

    def __hash__(self) -> int:
        return hash(self.octets)

    def __repr__(self) -> str:
        return f"Data({spoken.spoken(self.octets)})"

    @classmethod
    def simple(cls, tag: Tag, value: Value) -> Self:
        """Any simple alternative by its tag. Raises EncodeError."""
        return cls(write_simple(tag, value))

    @classmethod
    def null(cls) -> Self:
        """null-data."""
        return cls(b"\x00")

    @classmethod
    def dont_care(cls) -> Self:
        """dont-care."""
        return cls(b"\xff")

    @classmethod
    def array(cls, elements: Iterable[Data]) -> Self:
        """array; its elements should all be of one type."""
        return cls(_container(Tag.ARRAY, elements))

    @classmethod
    def structure(cls, elements: Iterable[Data]) -> Self:
        """structure."""
        return cls(_container(Tag.STRUCTURE, elements))

    @classmethod
    def boolean(cls, value: bool) -> Self:
        """boolean: 01 or 00."""
        return cls(b"\x03\x01" if value else b"\x03\x00")

    @classmethod
    def bit_string(cls, value: BitString) -> Self:
        """bit-string."""
        return cls(write_simple(Tag.BIT_STRING, value))

    @classmethod
    def octet_string(cls, value: bytes) -> Self:
        """octet-string; also of a LogicalName, DateTime, Date or Time."""
        return cls(write_simple(Tag.OCTET_STRING, value))

    @classmethod
    def visible_string(cls, value: str) -> Self:
        """visible-string: ASCII."""
        return cls(write_simple(Tag.VISIBLE_STRING, value))

    @classmethod
    def utf8_string(cls, value: str) -> Self:
        """utf8-string."""
        return cls(write_simple(Tag.UTF8_STRING, value))

    @classmethod
    def date_time(cls, value: DateTime) -> Self:
        """date-time by its own tag (25)."""
        return cls(b"\x19" + value)

    @classmethod
    def date(cls, value: Date) -> Self:
        """date by its own tag (26)."""
        return cls(b"\x1a" + value)

    @classmethod
    def time(cls, value: Time) -> Self:
        """time by its own tag (27)."""
        return cls(b"\x1b" + value)

    @classmethod
    def double_long(cls, value: int) -> Self:
        """double-long."""
        return cls(write_simple(Tag.DOUBLE_LONG, value))

    @classmethod
    def double_long_unsigned(cls, value: int) -> Self:
        """double-long-unsigned."""
        return cls(write_simple(Tag.DOUBLE_LONG_UNSIGNED, value))

    @classmethod
    def bcd(cls, value: int) -> Self:
        """bcd."""
        return cls(write_simple(Tag.BCD, value))

    @classmethod
    def integer(cls, value: int) -> Self:
        """integer."""
        return cls(write_simple(Tag.INTEGER, value))

    @classmethod
    def long(cls, value: int) -> Self:
        """long."""
        return cls(write_simple(Tag.LONG, value))

    @classmethod
    def unsigned(cls, value: int) -> Self:
        """unsigned."""
        return cls(write_simple(Tag.UNSIGNED, value))

    @classmethod
    def long_unsigned(cls, value: int) -> Self:
        """long-unsigned."""
        return cls(write_simple(Tag.LONG_UNSIGNED, value))

    @classmethod
    def long64(cls, value: int) -> Self:
        """long64."""
        return cls(write_simple(Tag.LONG64, value))

    @classmethod
    def long64_unsigned(cls, value: int) -> Self:
        """long64-unsigned."""
        return cls(write_simple(Tag.LONG64_UNSIGNED, value))

    @classmethod
    def enum(cls, value: int) -> Self:
        """enum."""
        return cls(write_simple(Tag.ENUM, value))

    @classmethod
    def float32(cls, value: float) -> Self:
        """float32."""
        return cls(write_simple(Tag.FLOAT32, value))

    @classmethod
    def float64(cls, value: float) -> Self:
        """float64."""
        return cls(write_simple(Tag.FLOAT64, value))

    @classmethod
    def delta_integer(cls, value: int) -> Self:
        """delta-integer."""
        return cls(write_simple(Tag.DELTA_INTEGER, value))

    @classmethod
    def delta_long(cls, value: int) -> Self:
        """delta-long."""
        return cls(write_simple(Tag.DELTA_LONG, value))

    @classmethod
    def delta_double_long(cls, value: int) -> Self:
        """delta-double-long."""
        return cls(write_simple(Tag.DELTA_DOUBLE_LONG, value))

    @classmethod
    def delta_unsigned(cls, value: int) -> Self:
        """delta-unsigned."""
        return cls(write_simple(Tag.DELTA_UNSIGNED, value))

    @classmethod
    def delta_long_unsigned(cls, value: int) -> Self:
        """delta-long-unsigned."""
        return cls(write_simple(Tag.DELTA_LONG_UNSIGNED, value))

    @classmethod
    def delta_double_long_unsigned(cls, value: int) -> Self:
        """delta-double-long-unsigned."""
        return cls(write_simple(Tag.DELTA_DOUBLE_LONG_UNSIGNED, value))


def _container(tag: Tag, elements: Iterable[Data]) -> bytes:
    octets = [element.octets for element in elements]
    return bytes((tag,)) + write_length(len(octets)) + b"".join(octets)


def _compact_elements(b: bytes) -> list[Data]:
    try:
        array = compact.open_compact_array(b, 1, DEFAULT_LIMITS)
        starts = compact.element_positions(array, b, DEFAULT_LIMITS)
        if array.end != len(b):
            raise DecodeError(f"{len(b) - array.end} octets behind the value", offset=array.end)
        return [Data(compact.element_octets(array.element, b, start)[0]) for start in starts[:-1]]
    except IndexError:
        raise IncompleteError("the value ends early", offset=len(b)) from None


__all__ = ["DONT_CARE", "Data", "DontCare", "Tag", "Value", "decode_value", "skip"]
