"""Octets for any type, from its description: regular encodings, seeded, with the edges in."""

from __future__ import annotations

import struct
from random import Random

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

_RANGES = {"b": (-0x80, 0x7F), "B": (0, 0xFF), "h": (-0x8000, 0x7FFF), "H": (0, 0xFFFF)}
_RANGES |= {"i": (-(1 << 31), (1 << 31) - 1), "I": (0, (1 << 32) - 1)}
_RANGES |= {"q": (-(1 << 63), (1 << 63) - 1), "Q": (0, (1 << 64) - 1)}
_TAGGED_MOMENTS = {Tag.DATE_TIME: "DateTime", Tag.DATE: "Date", Tag.TIME: "Time"}
_ANYTIME = 0xFF
_ANY = (
    Simple("null-data", 0),
    Simple("unsigned", 17),
    Simple("octet-string", 9),
    ArrayOf(Simple("long", 16)),
    ArrayOf(ArrayOf(Simple("boolean", 3))),
)


def encoded(type: Type, random: Random) -> bytes:
    """One encoding of ``type``, as the books ask for it."""
    match type:
        case Simple():
            return bytes([type.tag]) + _simple(type, random)
        case Formatted(name=name, size=size):
            return bytes([9, size]) + (_moment(name, random) or random.randbytes(size))
        case Enumerated(enum=enum, tag=tag):
            known = [int(member) for member in enum]
            return struct.pack(f">B{NUMBER_FORMATS[tag]}", tag, random.choice(known) if known else 0)
        case Flags(bits=bits, tag=tag):
            return _flags(random.getrandbits(bits.WIDTH), bits.WIDTH, tag)
        case ArrayOf(element=element):
            items = [encoded(element, random) for _ in range(random.randrange(4))]
            return bytes([1, len(items)]) + b"".join(items)
        case StructureOf(fields=fields):
            return bytes([2, len(fields)]) + b"".join(encoded(field.type, random) for field in fields)
        case ChoiceOf(alternatives=alternatives):
            return encoded(random.choice(alternatives), random)
        case AnyData():
            return encoded(random.choice(_ANY), random)
        case BufferOf():
            row = bytes([2, 2, 17, random.randrange(256), 18, 0, random.randrange(256)])
            return bytes([1, 3]) + row * 3


def _simple(type: Simple, random: Random) -> bytes:
    letter = NUMBER_FORMATS.get(type.tag)
    if letter == "?":
        return bytes([random.randrange(2)])
    if letter in ("f", "d"):
        return struct.pack(f">{letter}", random.randrange(-1000, 1000) / 8)
    if letter is not None:
        low, high = _RANGES[letter]
        return struct.pack(f">{letter}", random.choice([low, high, 0, random.randint(low, high)]))
    if type.tag in _TAGGED_MOMENTS:
        return _moment(_TAGGED_MOMENTS[Tag(type.tag)], random)
    size = random.randrange(20) if type.size is None else type.size
    match type.tag:
        case Tag.BIT_STRING:
            return _flags(random.getrandbits(size), size, Tag.BIT_STRING)[1:]
        case Tag.OCTET_STRING:
            return bytes([size]) + random.randbytes(size)
        case Tag.VISIBLE_STRING | Tag.UTF8_STRING:
            return bytes([size]) + bytes(random.randrange(0x20, 0x7F) for _ in range(size))
        case Tag.COMPACT_ARRAY:
            return bytes([Tag.UNSIGNED, size]) + random.randbytes(size)
        case _:
            return b""


def _flags(number: int, width: int, tag: int) -> bytes:
    if tag != Tag.BIT_STRING:
        return struct.pack(f">B{NUMBER_FORMATS[tag]}", tag, number)
    return bytes([tag, width]) + (number << -width % 8).to_bytes((width + 7) // 8)


def _moment(format: str, random: Random) -> bytes:
    """A date and a time with wildcards here and there; nothing for a format that is no moment."""
    date = struct.pack(
        ">H3B", random.randrange(2000, 2100), random.randint(1, 12), random.randint(1, 28), _ANYTIME
    )
    time = bytes([random.randrange(24), random.randrange(60), random.choice([_ANYTIME, 0, 59]), _ANYTIME])
    deviation = struct.pack(">h", random.choice([-0x8000, -720, 0, 60, 720]))
    match format:
        case "DateTime":
            return date + time + deviation + bytes([random.choice([0, 0x80, 0xFF])])
        case "Date":
            return date
        case "Time":
            return time
        case _:
            return b""
