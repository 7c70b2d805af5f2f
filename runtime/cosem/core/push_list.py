"""Lists without OBIS codes: what a push means is known from its shape and from the position of each element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TypeAlias

from cosem.core.data import Data
from cosem.core.errors import DecodeError
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.quantity import HasSymbol, Quantity
from cosem.core.tags import Tag

Position: TypeAlias = tuple[int, ...]
"""Where an element stands, counted from 1; ``(3, 2)`` is the second element of the third."""

_LISTS = frozenset({Tag.ARRAY, Tag.STRUCTURE})


@dataclass(frozen=True, slots=True)
class PushItem:
    """What stands at one position: an attribute of an object, and how its number is scaled."""

    name: str
    at: Position
    logical_name: LogicalName | None = None
    class_id: int | None = None
    attribute: int = 2
    scaler: int | None = None
    unit: HasSymbol | None = None


@dataclass(frozen=True, slots=True)
class PushValue:
    """An item with what was pushed for it. ``quantity`` is there if the item has a unit and the value is an integer."""

    item: PushItem
    data: Data
    quantity: Quantity | None


@dataclass(frozen=True, slots=True)
class PushList:
    """A pushed list: ``count`` elements, with texts at some positions (a version, a list id), read by position.

    A text is a pattern with ``*`` and ``?``. It is compared with a string as it is, with octets as characters if all
    can be printed, with six others as a logical name, else as hexadecimal digits, and with a number in decimal.
    """

    name: str
    origin: Origin
    count: int | None = None
    texts: Mapping[Position, str] = field(default_factory=lambda: MappingProxyType[Position, str]({}))
    items: tuple[PushItem, ...] = ()

    def fits(self, body: Data) -> bool:
        """Whether a notification body has the shape of this list."""
        try:
            if body.tag not in _LISTS or (self.count is not None and len(body.elements) != self.count):
                return False
            found = {at: element_at(body, at) for at in self.texts}
            return all(
                element is not None and fnmatchcase(_text(element), self.texts[at])
                for at, element in found.items()
            )
        except DecodeError:
            return False

    def read(self, body: Data) -> list[PushValue]:
        """The items that are there, in the order of the list. Raises DecodeError if the body is malformed."""
        values: list[PushValue] = []
        for item in self.items:
            data = element_at(body, item.at)
            if data is not None:
                values.append(PushValue(item, data, _quantity(item, data)))
        return values


def element_at(body: Data, at: Position) -> Data | None:
    """The element at a position; None if there is none. Raises DecodeError if the body is malformed."""
    for number in at:
        if body.tag not in _LISTS:
            return None
        elements = body.elements
        if not 1 <= number <= len(elements):
            return None
        body = elements[number - 1]
    return body


def _quantity(item: PushItem, data: Data) -> Quantity | None:
    number = None if item.unit is None else data.value
    if item.unit is None or isinstance(number, bool) or not isinstance(number, int):
        return None
    return Quantity.scaled(number, item.scaler or 0, item.unit)


def _text(data: Data) -> str:
    value = data.value
    if not isinstance(value, bytes):
        return str(value)
    if value.isascii() and value.decode("ascii").isprintable():
        return value.decode("ascii")
    return str(LogicalName(value)) if len(value) == 6 else value.hex()
