"""What the octets of a message say, in words: numbers, names, codes, times."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass

from cosem.codegen.ir.apdu import AsnType, BitString, Enumeration, ObjectIdentifier, Primitive
from cosem.codegen.ir.obis import ObisModel

_DATE_TIME, _DATE, _TIME, _LOGICAL_NAME = 12, 5, 4, 6
_UNSPECIFIED = 0xFF
_TIME_FIELDS = frozenset({"date-time", "time"})
_SECURITY_BITS = {0x10: "authenticated", 0x20: "encrypted", 0x40: "broadcast key", 0x80: "compressed"}


@dataclass(frozen=True, slots=True)
class Words:
    """Names that the spec knows: classes by id, and OBIS codes where the spec has them."""

    classes: Mapping[int, str]
    obis: ObisModel | None

    def number(self, number: int, name: str) -> str:
        """A number of a field."""
        match name:
            case "class-id":
                return f"{number}: {self.classes.get(number, 'not known')}"
            case "invoke-id-and-priority":
                said = "high priority" if number & 0x80 else "normal priority"
                return f"invoke id {number & 0x0F}, {'confirmed' if number & 0x40 else 'unconfirmed'}, {said}"
            case "long-invoke-id-and-priority":
                said = "high priority" if number & 0x80000000 else "normal priority"
                return f"invoke id {number & 0xFFFFFF}, {said}"
            case "block-control":
                last = "last block" if number & 0x80 else "more blocks follow"
                return f"{last}, {'streaming, ' if number & 0x40 else ''}window {number & 0x3F}"
            case _:
                return str(number)

    def octet_string(self, content: bytes, name: str) -> str:
        """The content of an OCTET STRING of a field."""
        if name in _TIME_FIELDS and len(content) == _DATE_TIME:
            return date_time(content)
        if name == "instance-id":
            return self.logical_name(content)
        if name.endswith("title"):
            return title(content)
        return text(content) or ("none" if not content else "")

    def data_string(self, content: bytes, octets: bool) -> str:
        """The content of a string in Data: text, a logical name or a time if it looks like one."""
        if octets and len(content) == _LOGICAL_NAME and content[5] == _UNSPECIFIED:
            return self.logical_name(content)
        if octets and len(content) == _DATE_TIME and plausible(content):
            return date_time(content)
        return text(content)

    def logical_name(self, content: bytes) -> str:
        """``1.0.1.8.0.255`` and what it means."""
        dotted = ".".join(map(str, content))
        a, b, c, d, e, f = content
        found = None if self.obis is None else self.obis.describe((a, b, c, d, e, f))
        return dotted if found is None else f"{dotted}, {found[0]}"

    def fixed(self, kind: str, content: bytes, signed: bool) -> str:
        """A value of Data whose size its tag gives."""
        match kind:
            case "null-data" | "dont-care":
                return kind
            case "boolean":
                return f"{kind}: {'true' if content[0] else 'false'}"
            case "float32" | "float64":
                (value,) = struct.unpack(">f" if kind == "float32" else ">d", content)
                return f"{kind}: {value:.7g}"
            case "date-time":
                return f"{kind}: {date_time(content)}"
            case "date" | "time":
                return f"{kind}: {content.hex(' ').upper()}"
            case _:
                return f"{kind}: {int.from_bytes(content, signed=signed)}"

    def bits(self, type: BitString, content: bytes) -> str:
        """A BIT STRING in BER: its first octet counts the bits that are not used."""
        unused, number = content[0], int.from_bytes(content[1:])
        width = 8 * len(content[1:]) - unused
        number >>= unused
        said = [bit.name for bit in type.bits if number >> (width - 1 - bit.value) & 1]
        return ", ".join(said) or "no bit is set"

    def ber(self, type: AsnType, content: bytes, name: str) -> str:
        """The content of an element of BER."""
        match type:
            case ObjectIdentifier(arcs=arcs, numbers=numbers):
                last = next((each.name for each in numbers if each.value == content[-1]), "not known")
                return f"{'.'.join(map(str, arcs))}.{content[-1]}: {last}"
            case Enumeration(numbers=numbers):
                number = int.from_bytes(content, signed=True)
                return (
                    f"{number}: {next((each.name for each in numbers if each.value == number), 'not known')}"
                )
            case BitString():
                return self.bits(type, content)
            case Primitive(name="INTEGER"):
                return str(int.from_bytes(content, signed=True))
            case _:
                return self.octet_string(content, name)

    def security_control(self, control: int) -> str:
        """The security control octet."""
        said = [word for bit, word in _SECURITY_BITS.items() if control & bit]
        return ", ".join([f"suite {control & 0x0F}", *said])


def text(content: bytes) -> str:
    """Octets that are all visible characters, in quotes; nothing for others."""
    said = content.decode("latin-1")
    return f"“{said}”" if content and said.isascii() and said.isprintable() else ""


def title(content: bytes) -> str:
    """A system title: three letters of the maker, then a serial number."""
    maker = text(content[:3])
    return f"maker {maker}, number {content[3:].hex().upper()}" if maker else ""


def plausible(content: bytes) -> bool:
    """Whether 12 octets can be a date-time."""
    month, day, hour, minute = content[2], content[3], content[5], content[6]
    return (
        (month <= 12 or month >= 0xFD)
        and (day <= 31 or day >= 0xFD)
        and (hour < 24 or hour == _UNSPECIFIED)
        and (minute < 60 or minute == _UNSPECIFIED)
    )


def date_time(content: bytes) -> str:
    """Twelve octets as date, time and deviation; what is not specified is a star."""
    year = int.from_bytes(content[:2])
    day = f"{'*' if year == 0xFFFF else f'{year:04}'}-{_two(content[2])}-{_two(content[3])}"
    deviation = int.from_bytes(content[9:11], signed=True)
    zone = "" if deviation == -0x8000 else f", {-deviation:+} min from UTC"
    return f"{day} {_two(content[5])}:{_two(content[6])}:{_two(content[7])}{zone}"


def _two(number: int) -> str:
    return "*" if number == _UNSPECIFIED else f"{number:02}"
