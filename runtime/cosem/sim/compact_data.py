"""Compact data (class 62, Blue Book 4.3.10): values without their tags, and the template that says which they have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from cosem.core.data import Data
from cosem.core.errors import CodecError
from cosem.core.lengths import write_length
from cosem.core.simple import write_simple
from cosem.core.tags import Tag
from cosem.server import Column, HostedObject, LogicalDevice

_DEEPEST: Final = 8
_MOST: Final = 0xFFFF
"""Elements of an array that a description can say; what has more is left out, as null-data."""
_BUFFER, _TEMPLATE_ID, _TEMPLATE = 2, 4, 5


def host_compact_data(hosted: HostedObject, columns: Sequence[Column], device: LogicalDevice) -> None:
    """Let a hosted Compact data hold what its columns are at the moment it is read.

    The buffer is the octet template_id, then the contents of all columns; template_description is a structure of their
    types, unless the object has one that stands still.
    """

    def captured() -> list[Data]:
        return [Data(column.read(device.read)) for column in columns]

    def buffer() -> Data:
        number = hosted.value(_TEMPLATE_ID)
        head = bytes((number & 0xFF if isinstance(number, int) else 0,))
        return _octets(head + b"".join(content(value) for value in captured()))

    def template() -> Data:
        values = captured()
        return _octets(
            bytes((Tag.STRUCTURE,))
            + write_length(len(values))
            + b"".join(described(value) for value in values)
        )

    hosted.bind({_BUFFER: buffer})
    if not hosted.readable(_TEMPLATE):
        hosted.bind({_TEMPLATE: template})


def described(value: Data, depth: int = 0) -> bytes:
    """The type description of a value; of an array whose elements differ that of its first element."""
    tag = value.tag
    if tag not in (Tag.ARRAY, Tag.STRUCTURE):
        return bytes((tag,))
    elements = value.elements
    if depth >= _DEEPEST or not 0 < len(elements) <= _MOST:
        return bytes((Tag.NULL_DATA,))
    inner = [described(element, depth + 1) for element in elements]
    if tag == Tag.ARRAY:
        return bytes((tag,)) + len(elements).to_bytes(2) + inner[0]
    return bytes((tag,)) + write_length(len(elements)) + b"".join(inner)


def content(value: Data, depth: int = 0) -> bytes:
    """The octets of a value without tags."""
    if value.tag not in (Tag.ARRAY, Tag.STRUCTURE):
        return value.octets[1:]
    elements = value.elements
    if depth >= _DEEPEST or len(elements) > _MOST:
        return b""
    return b"".join(content(element, depth + 1) for element in elements)


def _octets(value: bytes) -> Data:
    try:
        return Data(write_simple(Tag.OCTET_STRING, value))
    except CodecError:
        return Data.octet_string(b"")
