"""Values in a meter file, read as the type of the attribute asks."""

from __future__ import annotations

from typing import Final

from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.enums import OpenEnum
from cosem.core.errors import EncodeError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.simple import Value
from cosem.core.tags import Tag
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
from cosem.sim.located import (
    MeterFileError,
    Node,
    Sequence,
    Table,
    Text,
    integer,
    number,
    sequence,
    table,
    text,
    truth,
)

_TAGS: Final = {tag.book_name: tag for tag in Tag}
_FLOATS: Final = (Tag.FLOAT32, Tag.FLOAT64)
_FORMATS: Final = {
    "LogicalName": LogicalName,
    "DateTime": DateTime.parse,
    "Date": Date.parse,
    "Time": Time.parse,
}
_UNSPECIFIED: Final = {
    "DateTime": DateTime.unspecified(),
    "Date": Date(b"\xff" * 5),
    "Time": Time(b"\xff" * 4),
}


def read_value(node: Node, type: Type) -> object:
    """A value of a type. Raises MeterFileError.

    Octet-strings are texts, or 0x and hexadecimal digits. Enumerations go by name (units also by symbol) or
    number, flags by a sequence of names, structures by their fields. Where any Data fits the type comes with the
    value: ``{long-unsigned: 5}``, ``{structure: [...]}``. ``any`` is a date or time that specifies nothing.
    """
    match type:
        case Simple():
            return _simple(node, type)
        case Formatted():
            return _formatted(node, type.name)
        case Enumerated():
            return _member(node, type.enum)
        case Flags():
            return _flags(node, type)
        case ArrayOf():
            return [read_value(item, type.element) for item in sequence(node)]
        case StructureOf():
            fields = table(node, *(field.name for field in type.fields))
            return type.cls(
                **{field.name: read_value(fields.need(field.name), field.type) for field in type.fields}
            )
        case ChoiceOf():
            return _chosen(node, type)
        case AnyData():
            return read_data(node)
        case BufferOf():
            raise node.place.mistake("a buffer is captured, not given")


def read_data(node: Node) -> Data:
    """Any Data: null, or its type and its value."""
    if isinstance(node, Text) and node.is_null:
        return Data.null()
    entries = list(table(node))
    if len(entries) != 1 or entries[0][0] not in _TAGS:
        raise node.place.mistake("a type and its value are needed here, as in {long-unsigned: 5}")
    name, value = entries[0]
    tag = _TAGS[name]
    if tag in (Tag.ARRAY, Tag.STRUCTURE):
        build = Data.array if tag == Tag.ARRAY else Data.structure
        return build(read_data(item) for item in sequence(value))
    if tag == Tag.COMPACT_ARRAY:
        raise node.place.mistake("compact arrays are not given, only made")
    held = _simple(value, Simple(name, tag))
    try:
        return Data.simple(tag, held)
    except EncodeError as error:
        raise value.place.mistake(str(error)) from None


def _simple(node: Node, type: Simple) -> Value:
    tag = Tag(type.tag)
    if tag == Tag.NULL_DATA:
        if isinstance(node, Text) and node.is_null:
            return None
        raise node.place.mistake("null is needed here")
    if tag == Tag.BOOLEAN:
        return truth(node)
    if tag == Tag.OCTET_STRING:
        return octets(node)
    if tag in (Tag.VISIBLE_STRING, Tag.UTF8_STRING):
        return text(node)
    if tag == Tag.BIT_STRING:
        return _bits(node)
    if tag in (Tag.DATE_TIME, Tag.DATE, Tag.TIME):
        return _formatted(node, {Tag.DATE_TIME: "DateTime", Tag.DATE: "Date", Tag.TIME: "Time"}[tag])
    return number(node) if tag in _FLOATS else integer(node)


def octets(node: Node) -> bytes:
    """A text in UTF-8, or 0x and hexadecimal digits."""
    value = text(node)
    if not value.startswith("0x"):
        return value.encode()
    try:
        return bytes.fromhex(value[2:])
    except ValueError:
        raise node.place.mistake(f"no hexadecimal octets: {value!r}") from None


def _bits(node: Node) -> BitString:
    bits = text(node)
    if set(bits) - {"0", "1"}:
        raise node.place.mistake(f"bits are 0 and 1, not {bits!r}")
    size = (len(bits) + 7) // 8
    return BitString(int(bits.ljust(size * 8, "0") or "0", 2).to_bytes(size), len(bits))


def _formatted(node: Node, name: str) -> bytes:
    value = text(node)
    if value == "any" and name in _UNSPECIFIED:
        return _UNSPECIFIED[name]
    try:
        return _FORMATS[name](value)
    except InvalidValueError as error:
        raise node.place.mistake(str(error)) from None


def _member(node: Node, enum: type[OpenEnum]) -> OpenEnum:
    word = text(node)
    for member in enum:
        if word in (member.name.lower(), getattr(member, "symbol", None)):
            return member
    if word.isdigit():
        return enum(integer(node, 0, 255))
    names = ", ".join(member.name.lower() for member in enum)
    raise node.place.mistake(f"no {word!r}; there are {names}")


def _flags(node: Node, type: Flags) -> int:
    if isinstance(node, Text):
        return type.bits(integer(node, 0, (1 << type.bits.WIDTH) - 1))
    masks = {name: mask for mask, name in type.bits.NAMES.items()}
    value = 0
    for item in sequence(node):
        if text(item) not in masks:
            raise item.place.mistake(f"no {text(item)!r}; there are {', '.join(masks)}")
        value |= masks[text(item)]
    return type.bits(value)


def _chosen(node: Node, type: ChoiceOf) -> object:
    mistakes: list[str] = []
    for alternative in type.alternatives:
        if isinstance(alternative, Simple) and alternative.tag == Tag.NULL_DATA:
            if isinstance(node, Text) and node.is_null:
                return None
            continue
        structured = isinstance(alternative, StructureOf | AnyData)
        listed = isinstance(alternative, ArrayOf)
        if isinstance(node, Table) == structured and isinstance(node, Sequence) == listed:
            try:
                return read_value(node, alternative)
            except MeterFileError as error:
                mistakes += error.mistakes
    raise MeterFileError(mistakes[:1]) if mistakes else node.place.mistake("no alternative has this form")
