"""Values for any type of the notation: of the type always, likely where names say what they are, and seeded."""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Final

from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.device import Fixed
from cosem.core.lengths import write_length
from cosem.core.obis import LogicalName
from cosem.core.simple import write_simple
from cosem.core.tags import NUMBER_FORMATS, Tag
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

_FLOATS: Final = (Tag.FLOAT32, Tag.FLOAT64)
_STRINGS: Final = (Tag.OCTET_STRING, Tag.VISIBLE_STRING, Tag.UTF8_STRING)
_MOMENTS: Final = {Tag.DATE_TIME: "DateTime", Tag.DATE: "Date", Tag.TIME: "Time"}
_NOTHING: Final[Mapping[str, bytes]] = {}
_NO_OBJECT: Final = LogicalName(bytes(6))

_USUAL: Final = (
    ("status", 0),
    ("alarm", 0),
    ("error", 0),
    ("lost", 0),
    ("port", 4059),
    ("mss", 576),
    ("class_id", 3),
    ("attribute_index", 2),
    ("data_index", 0),
    ("scaler", 0),
    ("baud", 9600),
    ("window_size", 1),
    ("max_info_field_length", 128),
    ("day_id", 1),
    ("monday", 1),
    ("tuesday", 1),
    ("wednesday", 1),
    ("thursday", 1),
    ("friday", 1),
    ("saturday", 1),
    ("sunday", 1),
    ("percent", 50),
    ("signal", 20),
    ("time_out", 30),
    ("timeout", 30),
    ("period", 900),
    ("duration", 60),
    ("interval", 60),
    ("delay", 60),
    ("selector", 0),
)
"""What numbers are whose name contains a word; the first that is found."""

_REFERENCED: Final = (
    ("script", (9,)),
    ("ip_reference", (42, 48)),
    ("dl_reference", (43, 44, 45)),
    ("phy_reference", (27, 45, 23)),
    ("mbus", (74, 76)),
    ("m_bus", (74, 76)),
    ("security_setup", (64,)),
)
"""The classes of objects that a name refers to whose own name contains a word."""

_MEASURING: Final = (3, 4, 5, 1)
_LISTS_OF_NONE: Final = ("certificate", "caller", "multicast", "option")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What values may refer to: the objects of the meter by class id, and the day that it was installed."""

    objects: Mapping[int, Sequence[LogicalName]] = field(default_factory=dict[int, Sequence[LogicalName]])
    installed: dt.date = dt.date(2022, 1, 1)

    def some(self, classes: Sequence[int]) -> LogicalName | None:
        """An object of the first of these classes that there is one of."""
        return next((self.objects[each][0] for each in classes if self.objects.get(each)), None)


class Plausible:
    """Makes up values; the same for the same ``seed``."""

    __slots__ = ("_around", "_random")

    def __init__(self, around: Surroundings, seed: str) -> None:
        self._around = around
        self._random = Random(seed)

    def value(self, type: Type, name: str, given: Mapping[str, bytes] = _NOTHING) -> Data:
        """A value for an attribute or field of this name; fields of structures that are ``given`` are so, encoded."""
        return Data(self._octets(type, name, given))

    def _octets(self, type: Type, name: str, given: Mapping[str, bytes]) -> bytes:
        match type:
            case Simple():
                return self._simple(type, name)
            case Formatted():
                return b"\x09" + write_length(type.size) + self._formatted(type, name)
            case Enumerated():
                known = [int(member) for member in type.enum]
                return write_simple(Tag(type.tag), self._random.choice(known) if known else 0)
            case Flags():
                return flags(type, self._random.choice([0, *type.bits.NAMES]))
            case ArrayOf():
                return self._array(type, name, given)
            case StructureOf():
                return self._structure(type, given)
            case ChoiceOf():
                return self._chosen(type, name, given)
            case AnyData():
                return self._any(name)
            case BufferOf():
                return b"\x01\x00"

    def _simple(self, type: Simple, name: str) -> bytes:
        tag = Tag(type.tag)
        if tag == Tag.BOOLEAN:
            return write_simple(tag, "enabled" in name or self._random.random() < 0.5)
        if tag in _FLOATS:
            return write_simple(tag, float(self._random.randrange(100)))
        if tag in NUMBER_FORMATS:
            return write_simple(tag, within(tag, self._number(name)))
        if tag in _STRINGS:
            return self._string(tag, type.size, name)
        if tag in _MOMENTS:
            return write_simple(tag, self._formatted(Formatted(_MOMENTS[tag], 0), name))
        if tag == Tag.BIT_STRING:
            size = 8 if type.size is None else type.size
            return write_simple(tag, BitString(bytes((size + 7) // 8), size))
        if tag == Tag.COMPACT_ARRAY:
            return bytes((tag, Tag.UNSIGNED, 0))
        return bytes((tag,))

    def _number(self, name: str) -> int:
        usual = next((number for word, number in _USUAL if word in name), None)
        return self._random.randrange(1, 100) if usual is None else usual

    def _string(self, tag: Tag, size: int | None, name: str) -> bytes:
        if tag == Tag.OCTET_STRING and (size is not None or "address" in name or "key" in name):
            return write_simple(tag, self._random.randbytes(8 if size is None else size))
        text = name.upper()[:12] if size is None else name.upper().ljust(size, "0")[:size]
        return write_simple(tag, text.encode() if tag == Tag.OCTET_STRING else text)

    def _formatted(self, type: Formatted, name: str) -> bytes:
        match type.name:
            case "LogicalName":
                classes = next((found for word, found in _REFERENCED if word in name), _MEASURING)
                return self._around.some(classes) or _NO_OBJECT
            case "DateTime":
                past = any(word in name for word in ("capture", "last", "timestamp", "at"))
                return self._moment() if past and "activat" not in name else DateTime.unspecified()
            case "Date":
                return Date.from_date(self._day()) if "last" in name else Date(b"\xff" * 5)
            case _:
                return Time(bytes(4))

    def _day(self) -> dt.date:
        return self._around.installed + dt.timedelta(days=self._random.randrange(1, 300))

    def _moment(self) -> DateTime:
        seconds = self._random.randrange(86_400)
        clock = bytes((seconds // 3600, seconds // 60 % 60, seconds % 60, 0))
        return DateTime(Date.from_date(self._day()) + clock + b"\x80\x00\x00")

    def _array(self, type: ArrayOf, name: str, given: Mapping[str, bytes]) -> bytes:
        count = 0 if any(word in name for word in _LISTS_OF_NONE) else self._random.randint(1, 2)
        items = [self._octets(type.element, name, given) for _ in range(count)]
        return b"\x01" + write_length(count) + b"".join(items)

    def _structure(self, type: StructureOf, given: Mapping[str, bytes]) -> bytes:
        names = [each.name for each in type.fields]
        if "logical_name" in names and "class_id" in names and "logical_name" not in given:
            given = {**given, **self._referred()}
        parts = [given.get(each.name) or self._octets(each.type, each.name, given) for each in type.fields]
        return b"\x02" + write_length(len(parts)) + b"".join(parts)

    def _referred(self) -> dict[str, bytes]:
        """A class id and a logical name that belong together."""
        for class_id in _MEASURING:
            if names := self._around.objects.get(class_id):
                name = self._random.choice(names[:8])
                return {
                    "class_id": write_simple(Tag.LONG_UNSIGNED, class_id),
                    "logical_name": write_simple(Tag.OCTET_STRING, bytes(name)),
                }
        return {}

    def _chosen(self, type: ChoiceOf, name: str, given: Mapping[str, bytes]) -> bytes:
        null = [each for each in type.alternatives if isinstance(each, Simple) and each.tag == Tag.NULL_DATA]
        others = [each for each in type.alternatives if each not in null]
        return self._octets((others or null)[0], name, given)

    def _any(self, name: str) -> bytes:
        if "threshold" in name:
            return write_simple(Tag.DOUBLE_LONG_UNSIGNED, 1_000_000)
        if "restriction" in name:
            return b"\x00"
        if "parameter" in name or "scaler" in name:
            return write_simple(Tag.INTEGER, 0)
        return write_simple(Tag.LONG_UNSIGNED, self._number(name))


def limits_of(tag: int) -> tuple[int, int]:
    """The least and the largest number that a tag carries."""
    letter = NUMBER_FORMATS[tag]
    if letter == "?":
        return 0, 1
    bits = 8 * struct.calcsize(f">{letter}")
    return (-(1 << bits - 1), (1 << bits - 1) - 1) if letter.islower() else (0, (1 << bits) - 1)


def within(tag: int, number: int) -> int:
    """The number, or the next that the tag carries."""
    low, high = limits_of(tag)
    return min(max(number, low), high)


def flags(type: Flags, number: int) -> bytes:
    """A set of bits as it is carried."""
    if type.tag != Tag.BIT_STRING:
        return write_simple(Tag(type.tag), number)
    width = type.bits.WIDTH
    return write_simple(Tag.BIT_STRING, BitString((number << -width % 8).to_bytes((width + 7) // 8), width))


def fixed_value(type: Type, value: Fixed) -> Data | None:
    """A value that an object list prescribes, as the type carries it; None if the type is none for that."""
    match type:
        case Simple() if Tag(type.tag) in (*NUMBER_FORMATS, *_STRINGS):
            return Data(write_simple(Tag(type.tag), value))
        case Formatted() if isinstance(value, bytes):
            return Data(write_simple(Tag.OCTET_STRING, value))
        case Enumerated() if isinstance(value, int):
            return Data(write_simple(Tag(type.tag), value))
        case Flags() if isinstance(value, int):
            return Data(flags(type, value))
        case _:
            return None


def scaler_and_unit(scaler: int, unit: int) -> dict[str, bytes]:
    """The fields of a ScalerUnit, for :meth:`Plausible.value`."""
    return {"scaler": write_simple(Tag.INTEGER, scaler), "unit": write_simple(Tag.ENUM, unit)}
