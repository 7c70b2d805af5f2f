"""What objects of class Data hold that measure nothing: versions, dates, messages, registers of status."""

from __future__ import annotations

from hashlib import sha256
from typing import Final

from cosem.core.access import AttributeSpec, CosemObject
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.simple import write_simple
from cosem.core.tags import NUMBER_FORMATS, Tag
from cosem.core.types import AnyData, Flags, Formatted, Simple, Type
from cosem.obis import describe
from cosem.sim.plausible import flags

_DATA: Final = 1
_STRINGS: Final = (Tag.OCTET_STRING, Tag.VISIBLE_STRING, Tag.UTF8_STRING)
_MOMENTS: Final = {"DateTime": Tag.DATE_TIME, "Date": Tag.DATE, "Time": Tag.TIME}
_QUIET: Final = ("register", "status", "alarm", "error", "signals", "event code", "tamper", "open")
_FIRMWARE: Final = ("firmware identifier", "program version")
_SINCE: Final = DateTime.parse("2024-03-01 08:30:00")


def text_value(described: CosemObject, spec: AttributeSpec, firmware: str) -> Data | None:
    """The value of an object of class 1, as the words of its code have it; None where they say nothing of use."""
    if described.CLASS_ID != _DATA or spec.name != "value":
        return None
    words, type = describe(described.logical_name), spec.codec.describe()
    if any(word in words for word in _FIRMWARE):
        return _text(type, firmware)
    if "signature" in words:
        digest = sha256(firmware.encode()).digest()
        return Data.octet_string(digest) if isinstance(type, AnyData) else None
    if "active tariff" in words:
        return _number(type, 1)
    if "message" in words or "phone number" in words:
        return _text(type, "")
    if words.startswith("date of") or "local date" in words or "corrected date" in words:
        return _moment(type, "Date" if "local date" in words else "DateTime")
    if "local time" in words:
        return _moment(type, "Time")
    if any(word in words for word in _QUIET):
        return _nothing(type)
    return None


def _text(type: Type, text: str) -> Data | None:
    match type:
        case AnyData():
            return Data.octet_string(text.encode())
        case Simple() if type.tag in _STRINGS and type.size in (None, len(text)):
            return Data(write_simple(Tag(type.tag), text.encode() if type.tag == Tag.OCTET_STRING else text))
        case _:
            return None


def _number(type: Type, number: int) -> Data | None:
    """A number in the octets of a string of a size of its own; None for any other type."""
    if isinstance(type, Simple) and type.tag == Tag.OCTET_STRING and type.size is not None:
        return Data.octet_string(number.to_bytes(type.size))
    return None


def _moment(type: Type, format: str) -> Data | None:
    """A date, a time or both, in whichever of the forms the type has."""
    match type:
        case Formatted():
            format = type.name
        case Simple() if type.tag in _MOMENTS.values():
            format = next(name for name, tag in _MOMENTS.items() if tag == type.tag)
        case AnyData():
            pass
        case _:
            return None
    octets: dict[str, DateTime | Date | Time] = {
        "DateTime": _SINCE,
        "Date": _SINCE.date,
        "Time": _SINCE.time,
    }
    value = octets.get(format)
    if value is None:
        return None
    if isinstance(type, Simple):
        return Data(write_simple(_MOMENTS[format], bytes(value)))
    return Data.octet_string(bytes(value))


def _nothing(type: Type) -> Data | None:
    """Nothing is wrong, nothing has happened."""
    match type:
        case AnyData():
            return Data.double_long_unsigned(0)
        case Flags():
            return Data(flags(type, 0))
        case Simple() if type.tag in NUMBER_FORMATS and type.tag not in (Tag.FLOAT32, Tag.FLOAT64):
            return Data(write_simple(Tag(type.tag), 0))
        case _:
            return None
