"""What meters send instead of what the books ask for, rewritten into the regular form.

Taken are: integers, enum, bcd and boolean of any width for one another where the value fits; integers and the
other width for a float; the string types for one another; date-time, date and time by their tags for the
octet-strings and the other way round, and an empty string or null-data for one that is not specified;
null-data for an empty string or array; array and structure for one another where the number of elements is
right; compact-array for array; bit strings that differ in zeros at the end. Never taken are values that do
not fit, missing or extra elements, and anything for a logical name but six octets.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from cosem.core.bitstring import BitString
from cosem.core.compact import element_octets, element_positions, open_compact_array
from cosem.core.datetime import DateTime
from cosem.core.errors import CodecError, DecodeError, EncodeError, IncompleteError
from cosem.core.leading import leading_tags
from cosem.core.lengths import read_count, read_length, read_octets, write_length
from cosem.core.limits import Limits
from cosem.core.simple import NUMBERS, read_bits, read_simple, write_simple
from cosem.core.tags import Tag, tag_name
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
from cosem.core.walk import skip

_FLOATS = (Tag.FLOAT32, Tag.FLOAT64)
_STRINGS = (Tag.OCTET_STRING, Tag.VISIBLE_STRING, Tag.UTF8_STRING)
_TIMES = {Tag.DATE_TIME: 12, Tag.DATE: 5, Tag.TIME: 4}
_TIME_TAGS = {"DateTime": Tag.DATE_TIME, "Date": Tag.DATE, "Time": Tag.TIME}
_UNSPECIFIED = {12: bytes(DateTime.unspecified()), 5: b"\xff" * 5, 4: b"\xff" * 4}


@dataclass(frozen=True, slots=True)
class Deviation:
    """A value that was not of the expected type and was taken all the same.

    ``path`` names the place in the type (``[]`` is any element of an array), ``expected`` and ``found`` are
    types.
    """

    path: str
    expected: str
    found: str

    def __str__(self) -> str:
        return f"{self.path or 'value'}: {self.found} for {self.expected}"


def normalise(octets: bytes, type: Type, limits: Limits) -> tuple[bytes, list[Deviation]]:
    """The octets in the regular form of ``type``, and what had to be changed for it, each kind of change
    once.

    Raises DecodeError, with the path of the element, if the octets cannot be taken for the type.
    """
    normaliser = _Normaliser(octets, limits)
    try:
        regular, end = normaliser.take(type, 0, "")
    except (IndexError, struct.error):
        raise IncompleteError("the value ends early", offset=len(octets)) from None
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind the value", offset=end)
    return regular, list(normaliser.deviations)


class _Normaliser:
    def __init__(self, octets: bytes, limits: Limits) -> None:
        self.octets = octets
        self.limits = limits
        self.deviations: dict[Deviation, None] = {}  # a set that keeps its order

    def take(self, type: Type, p: int, path: str) -> tuple[bytes, int]:
        """The regular form of the Data at ``p``, and the position behind it."""
        match type:
            case Simple():
                return self.simple(type.tag, type.size, p, path)
            case Enumerated():
                return self.simple(type.tag, None, p, path)
            case Flags():
                return self.simple(type.tag, type.bits.WIDTH if type.tag == Tag.BIT_STRING else None, p, path)
            case Formatted():
                return self.formatted(type, p, path)
            case ArrayOf():
                return self.array(type, p, path)
            case StructureOf():
                return self.structure(type, p, path)
            case ChoiceOf():
                return self.choice(type, p, path)
            case BufferOf():
                return self.buffer(p, path)
            case AnyData():
                end = skip(self.octets, p, self.limits)
                return self.octets[p:end], end

    def tolerate(self, path: str, expected: str, found: int) -> None:
        self.deviations[Deviation(path, expected, tag_name(found))] = None

    def simple(self, expected: int, size: int | None, p: int, path: str) -> tuple[bytes, int]:
        b = self.octets
        found = b[p]
        tag = Tag(expected)
        if expected in _TIMES:
            content, end = self.time(_TIMES[tag], tag, p)
            regular = bytes((tag,)) + content
        elif expected in _STRINGS:
            content, end = self.string(p)
            if size not in (None, len(content)):
                raise DecodeError(f"{size} octets expected, not {len(content)}", offset=p)
            regular = bytes((tag,)) + write_length(len(content)) + content
        elif expected in NUMBERS and found in NUMBERS:
            regular, end = self.number(tag, p)
        elif found == expected == Tag.BIT_STRING and size is not None:
            bits, end = read_bits(b, p + 1)
            regular = write_simple(tag, _resized(bits, size, p))
        elif found == expected:
            end = skip(b, p, self.limits)
            regular = b[p:end]
        else:
            raise _unfit(tag.book_name, found, p)
        if regular != b[p:end] and (found != expected or expected == Tag.BIT_STRING):
            self.tolerate(path, tag.book_name, found)
        return regular, end

    def number(self, tag: Tag, p: int) -> tuple[bytes, int]:
        found = self.octets[p]
        if found == tag:
            end = p + 1 + NUMBERS[tag][1]
            if end > len(self.octets):
                raise IncompleteError("the value ends early", offset=p)
            return self.octets[p:end], end
        value, end = read_simple(found, self.octets, p + 1)
        if found in _FLOATS and tag not in _FLOATS:
            raise _unfit(tag.book_name, found, p)
        if tag == Tag.BOOLEAN:
            return (b"\x03\x01" if value else b"\x03\x00"), end
        try:
            return write_simple(tag, value), end
        except EncodeError:
            raise DecodeError(
                f"{value!r} ({tag_name(found)}) does not fit {tag.book_name}", offset=p
            ) from None

    def string(self, p: int) -> tuple[bytes, int]:
        """The octets of any string type, of date-time, date and time, or of null-data, which has none."""
        found = self.octets[p]
        if found in _STRINGS:
            return read_octets(self.octets, p + 1)
        if found == Tag.NULL_DATA:
            return b"", p + 1
        if found in _TIMES:
            end = skip(self.octets, p, self.limits)
            return self.octets[p + 1 : end], end
        raise _unfit("octet-string", found, p)

    def time(self, size: int, tag: Tag, p: int) -> tuple[bytes, int]:
        """The octets of a date-time, date or time, however they are carried."""
        if self.octets[p] in _TIMES and self.octets[p] != tag:
            raise _unfit(tag.book_name, self.octets[p], p)
        content, end = self.string(p)
        if not content:
            return _UNSPECIFIED[size], end
        if len(content) != size:
            raise DecodeError(f"{size} octets expected, not {len(content)}", offset=p)
        return content, end

    def formatted(self, type: Formatted, p: int, path: str) -> tuple[bytes, int]:
        tag = _TIME_TAGS.get(type.name)
        if tag is not None:
            content, end = self.time(type.size, tag, p)
        else:
            content, end = self.string(p)
            if len(content) != type.size:
                raise DecodeError(f"{type.size} octets expected, not {len(content)}", offset=p)
        if self.octets[p] != Tag.OCTET_STRING or content not in self.octets[p:end]:
            self.tolerate(path, type.name, self.octets[p])
        return b"\x09" + write_length(len(content)) + content, end

    def array(self, type: ArrayOf, p: int, path: str) -> tuple[bytes, int]:
        b = self.octets
        found = b[p]
        if found != Tag.ARRAY:
            if found == Tag.COMPACT_ARRAY:
                return self.expanded(type, p, path)
            if found not in (Tag.STRUCTURE, Tag.NULL_DATA):
                raise _unfit("array", found, p)
            self.tolerate(path, "array", found)
        if found == Tag.NULL_DATA:
            return b"\x01\x00", p + 1
        count, p = read_count(b, p + 1, self.limits.elements)
        parts = [b"\x01" + write_length(count)]
        for index in range(count):
            part, p = self.inner(type.element, p, f"{path}[]", f"[{index}]")
            parts.append(part)
        return b"".join(parts), p

    def expanded(self, type: ArrayOf, p: int, path: str) -> tuple[bytes, int]:
        """A compact-array in place of an array: its elements get their tags back first."""
        b, limits = self.octets, self.limits
        compact = open_compact_array(b, p + 1, limits)
        starts = element_positions(compact, b, limits)[:-1]
        elements = b"".join(element_octets(compact.element, b, start)[0] for start in starts)
        spread = _Normaliser(b"\x01" + write_length(len(starts)) + elements, limits)
        regular, _ = spread.array(type, 0, path)
        self.tolerate(path, "array", Tag.COMPACT_ARRAY)
        self.deviations |= spread.deviations
        return regular, compact.end

    def structure(self, type: StructureOf, p: int, path: str) -> tuple[bytes, int]:
        b = self.octets
        if b[p] not in (Tag.STRUCTURE, Tag.ARRAY):
            raise _unfit("structure", b[p], p)
        if b[p] == Tag.ARRAY:
            self.tolerate(path, "structure", Tag.ARRAY)
        count, p = read_length(b, p + 1)
        if count != len(type.fields):
            raise DecodeError(
                f"a structure of {len(type.fields)} elements expected, not of {count}", offset=p
            )
        parts = [b"\x02" + write_length(count)]
        for field in type.fields:
            part, p = self.inner(field.type, p, f"{path}.{field.name}" if path else field.name, field.name)
            parts.append(part)
        return b"".join(parts), p

    def inner(self, type: Type, p: int, path: str, name: str) -> tuple[bytes, int]:
        try:
            return self.take(type, p, path)
        except CodecError as error:
            error.within(name)
            raise

    def choice(self, type: ChoiceOf, p: int, path: str) -> tuple[bytes, int]:
        """The alternatives that the tag may begin come first; then all the others, for what they tolerate."""
        found = self.octets[p]
        order = sorted(type.alternatives, key=lambda alternative: found not in leading_tags(alternative))
        failure: DecodeError | None = None
        for alternative in order:
            before = dict(self.deviations)
            try:
                return self.take(alternative, p, path)
            except DecodeError as error:
                self.deviations = before
                failure = failure or error
        raise failure or _unfit("one of several types", found, p)

    def buffer(self, p: int, path: str) -> tuple[bytes, int]:
        found = self.octets[p]
        if found == Tag.NULL_DATA:
            self.tolerate(path, "array", found)
            return b"\x01\x00", p + 1
        if found not in (Tag.ARRAY, Tag.COMPACT_ARRAY):
            raise _unfit("array", found, p)
        end = skip(self.octets, p, self.limits)
        return self.octets[p:end], end


def _resized(bits: BitString, count: int, p: int) -> BitString:
    text = str(bits).ljust(count, "0")
    if "1" in text[count:]:
        raise DecodeError(f"{count} bits expected, not {len(bits)}", offset=p)
    return BitString.parse(text[:count])


def _unfit(expected: str, found: int, p: int) -> DecodeError:
    return DecodeError(f"{expected} expected, not {tag_name(found)}", offset=p)
