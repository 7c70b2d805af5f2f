"""What octets that carry no type of their own look like, and which values belong to which object."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.core.tags import Tag

_MEDIA: Final = frozenset((0, 1, 4, 5, 6, 7, 8, 9, 15))
"""Value group A: abstract, electricity, heat cost, cooling, heat, gas, water cold and hot, other."""

_ANY: Final = 0xFF
_ANY_YEAR: Final = 0xFFFF
_YEARS: Final = range(1980, 2150)
_INTEGERS: Final = frozenset(
    (
        Tag.DOUBLE_LONG,
        Tag.DOUBLE_LONG_UNSIGNED,
        Tag.INTEGER,
        Tag.LONG,
        Tag.UNSIGNED,
        Tag.LONG_UNSIGNED,
        Tag.LONG64,
        Tag.LONG64_UNSIGNED,
    )
)
_OBJECT_LIST_ENTRY: Final = (Tag.LONG_UNSIGNED, Tag.OCTET_STRING, Tag.INTEGER, Tag.LONG_UNSIGNED)
"""class_id, logical_name, attribute_index, data_index."""


def as_code(octets: bytes) -> LogicalName | None:
    """Six octets that look like an OBIS code: a known medium, and no billing period."""
    return LogicalName(octets) if len(octets) == 6 and octets[0] in _MEDIA and octets[5] == _ANY else None


def as_date_time(octets: bytes) -> DateTime | None:
    """Twelve octets that can be a date-time."""
    if len(octets) != DateTime.SIZE:
        return None
    year, month, day, weekday, hour, minute, second, hundredths = (octets[0] << 8 | octets[1], *octets[2:9])
    fits = (
        (year == _ANY_YEAR or year in _YEARS)
        and (1 <= month <= 12 or month >= 0xFD)
        and (1 <= day <= 31 or day >= 0xFD)
        and (weekday <= 7 or weekday == _ANY)
        and all(
            number <= most or number == _ANY
            for number, most in ((hour, 23), (minute, 59), (second, 59), (hundredths, 99))
        )
    )
    return DateTime(octets) if fits else None


def as_text(octets: bytes) -> str | None:
    """Octets that are all visible ASCII characters, perhaps filled up with NUL."""
    text = octets.rstrip(b"\0").decode("latin-1")
    return text if text and text.isascii() and text.isprintable() else None


@dataclass(frozen=True, slots=True)
class Reading:
    """One value of a push: whose it is, and what it is where scaler and unit came with it.

    ``position`` says where the value stands among the elements of the body, from the outside in. ``device`` names
    the device whose lists gave the push its meaning; None if it told it itself.
    """

    code: LogicalName
    value: Data
    position: tuple[int, ...]
    class_id: int | None = None
    attribute: int | None = None
    quantity: Quantity | None = None
    device: str | None = None


def readings(body: Data) -> list[Reading]:
    """The values of a push with the objects that they belong to.

    Three forms tell their objects: the push object list as first element, then one value for each of its entries; an
    array of structures ``code, value, {scaler, unit}``; and codes, each followed by its value, in one row. What
    tells no units is looked up among the lists of known devices.
    """
    if body.tag not in (Tag.ARRAY, Tag.STRUCTURE):
        return []
    try:
        elements = body.elements
        listed = _listed(elements)
        if listed:
            return listed
        coded = list(_coded(elements, ()))
        return coded if any(each.quantity for each in coded) else _known(body) or coded
    except DecodeError:
        return []


def scaled(value: Data, scaler_unit: Data | None) -> Quantity | None:
    """An integer in its unit, if the structure behind it is a scaler and a unit that the books know."""
    if scaler_unit is None or scaler_unit.tag != Tag.STRUCTURE or value.tag not in _INTEGERS:
        return None
    pair = scaler_unit.elements
    if [part.tag for part in pair] != [Tag.INTEGER, Tag.ENUM]:
        return None
    from cosem.model.types.units import Unit

    number, scaler, unit = value.value, pair[0].value, Unit(pair[1].octets[1])
    if not (isinstance(number, int) and isinstance(scaler, int) and unit.known):
        return None
    return Quantity.scaled(number, scaler, unit)


def _known(body: Data) -> list[Reading]:
    from cosem.cli.known_lists import read_known

    found = read_known(body)
    if found is None:
        return []
    device, values = found
    return [
        Reading(
            value.item.logical_name,
            value.data,
            tuple(number - 1 for number in value.item.at),
            value.item.class_id,
            value.item.attribute,
            value.quantity,
            device,
        )
        for value in values
        if value.item.logical_name is not None
    ]


def _listed(elements: Sequence[Data]) -> list[Reading]:
    if not elements or elements[0].tag != Tag.ARRAY:
        return []
    entries = [entry.elements if entry.tag == Tag.STRUCTURE else [] for entry in elements[0].elements]
    if len(entries) != len(elements) or any(
        tuple(part.tag for part in entry) != _OBJECT_LIST_ENTRY or len(entry[1].octets) != 8
        for entry in entries
    ):
        return []
    return [
        Reading(
            LogicalName(entry[1].octets[2:]),
            element,
            (index,),
            int.from_bytes(entry[0].octets[1:]),
            int.from_bytes(entry[2].octets[1:], signed=True),
        )
        for index, (entry, element) in enumerate(zip(entries, elements, strict=True))
    ]


def _coded(elements: Sequence[Data], outer: tuple[int, ...]) -> Iterator[Reading]:
    index = 0
    while index < len(elements):
        element = elements[index]
        if element.tag == Tag.STRUCTURE and not outer:
            yield from _coded(element.elements, (index,))
        code = _code(element)
        if code is not None and index + 1 < len(elements) and _code(elements[index + 1]) is None:
            value = elements[index + 1]
            behind = elements[index + 2] if index + 2 < len(elements) else None
            if value.tag not in (Tag.ARRAY, Tag.STRUCTURE):
                yield Reading(code, value, (*outer, index + 1), quantity=scaled(value, behind))
                index += 1
        index += 1


def _code(data: Data) -> LogicalName | None:
    octets = data.octets
    return as_code(octets[2:]) if data.tag == Tag.OCTET_STRING and octets[1] == 6 else None
