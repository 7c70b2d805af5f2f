"""Pushes that tell their objects: by a list of them in front, or by a code in front of each value."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from cosem.core.data import Data
from cosem.core.obis import LogicalName
from cosem.core.tags import Tag

Position: TypeAlias = tuple[int, ...]
"""Where an element stands, counted from 1; ``(3, 2)`` is the second element of the third."""

LISTS: Final = frozenset({Tag.ARRAY, Tag.STRUCTURE})

_ANY: Final = 0xFF
_PUSH_OBJECT: Final = (Tag.LONG_UNSIGNED, Tag.OCTET_STRING, Tag.INTEGER, Tag.LONG_UNSIGNED)
"""class_id, logical_name, attribute_index, data_index; later versions have more behind them (BB 4.4.8.2)."""


@dataclass(frozen=True, slots=True)
class Told:
    """A value and what the push says of it. Without class (``class_id`` None), the attribute is taken for the value.

    ``data_index`` is not 0 if a part of the attribute was pushed. ``scaler_unit`` is the structure behind the value.
    """

    at: Position
    data: Data
    logical_name: LogicalName
    class_id: int | None = None
    attribute: int = 2
    data_index: int = 0
    scaler_unit: Data | None = None


def as_code(octets: bytes, media: Collection[int]) -> LogicalName | None:
    """Six octets that look like an OBIS code: one of ``media`` (``cosem.obis.MEDIA``), and no billing period."""
    return LogicalName(octets) if len(octets) == 6 and octets[0] in media and octets[5] == _ANY else None


def described(body: Data, by: int = 1) -> list[Told]:
    """The values of a push whose element number ``by`` lists the objects of all elements, in their order.

    The element that is the list tells nothing more. Empty if the body is not of this form. Raises DecodeError if it
    is malformed.
    """
    elements = body.elements if body.tag in LISTS else []
    if not 1 <= by <= len(elements) or elements[by - 1].tag != Tag.ARRAY:
        return []
    entries = [entry.elements if entry.tag == Tag.STRUCTURE else [] for entry in elements[by - 1].elements]
    if len(entries) != len(elements) or not all(map(_is_push_object, entries)):
        return []
    return [
        Told(
            (number,),
            element,
            LogicalName(entry[1].octets[2:]),
            int.from_bytes(entry[0].octets[1:]),
            int.from_bytes(entry[2].octets[1:], signed=True),
            int.from_bytes(entry[3].octets[1:]),
        )
        for number, (entry, element) in enumerate(zip(entries, elements, strict=True), 1)
        if number != by
    ]


def coded(body: Data, media: Collection[int]) -> list[Told]:
    """The values of a push in which a code goes in front of each, perhaps with scaler and unit behind it.

    They stand in one row, or each in a structure of its own; a code begins with one of ``media``. What has no code in
    front is left out. Raises DecodeError if the body is malformed.
    """
    return list(_coded(body.elements, (), media)) if body.tag in LISTS else []


def scaler_and_unit(data: Data | None) -> tuple[int, int] | None:
    """The numbers of a structure of scaler and unit; None if this is none. Raises DecodeError if it is malformed."""
    pair = data.elements if data is not None and data.tag == Tag.STRUCTURE else []
    if [part.tag for part in pair] != [Tag.INTEGER, Tag.ENUM]:
        return None
    return int.from_bytes(pair[0].octets[1:], signed=True), pair[1].octets[1]


def _is_push_object(entry: Sequence[Data]) -> bool:
    return tuple(part.tag for part in entry[:4]) == _PUSH_OBJECT and len(entry[1].octets) == 8


def _coded(elements: Sequence[Data], outer: Position, media: Collection[int]) -> Iterator[Told]:
    index = 0
    while index < len(elements):
        element = elements[index]
        if element.tag == Tag.STRUCTURE and not outer:
            yield from _coded(element.elements, (index + 1,), media)
        code = _code(element, media)
        following = elements[index + 1 : index + 2]
        if code is not None and following and _code(following[0], media) is None:
            value = following[0]
            behind = elements[index + 2] if index + 2 < len(elements) else None
            if value.tag not in LISTS:
                pair = behind if scaler_and_unit(behind) is not None else None
                yield Told((*outer, index + 2), value, code, scaler_unit=pair)
                index += 1
        index += 1


def _code(data: Data, media: Collection[int]) -> LogicalName | None:
    octets = data.octets
    return as_code(octets[2:], media) if data.tag == Tag.OCTET_STRING and octets[1] == 6 else None
