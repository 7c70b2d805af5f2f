"""Pushed lists: what a push means, known from its shape; by position, by code, or by the list that it brings along."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Protocol

from cosem.core.data import Data
from cosem.core.errors import DecodeError
from cosem.core.listed import listed_unit, name_in_push, rows_of
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.push_forms import LISTS, Position, Told, coded, described, scaler_and_unit
from cosem.core.quantity import HasSymbol, Quantity

if TYPE_CHECKING:
    from cosem.core.device import DeviceObject

_ANYBODYS: Final = re.compile(r"[*?.\d]*", re.ASCII)


class PushedUnit(HasSymbol, Protocol):
    """A unit made of a number on the wire, such as the generated ``Unit``."""

    @property
    def known(self) -> bool:
        """Whether the number stands for a unit."""
        ...


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
    """A pushed list: ``count`` elements, with texts at some positions (a version, a list id).

    Its elements are told by position (``items``); besides, by the push itself: ``described_by`` is the number of the
    element that lists the objects of all elements, ``coded`` says that a code goes in front of each value. Such a list
    can ask for texts by code, too (``codes``). For a coded list, ``media`` are the numbers that a code may begin with,
    and ``units`` makes a unit of the number that may be pushed.

    A text is a pattern with ``*`` and ``?``. It is compared with a string as it is, with octets as characters if all
    can be printed, with six others as a logical name, else as hexadecimal digits, and with a number in decimal.
    """

    name: str
    origin: Origin
    count: int | None = None
    texts: Mapping[Position, str] = field(default_factory=lambda: MappingProxyType[Position, str]({}))
    items: tuple[PushItem, ...] = ()
    described_by: int | None = None
    coded: bool = False
    codes: Mapping[LogicalName, str] = field(default_factory=lambda: MappingProxyType[LogicalName, str]({}))
    units: Callable[[int], PushedUnit] | None = None
    media: Collection[int] = range(16)

    @property
    def conditions(self) -> int:
        """How much is asked of a body; of two lists that fit, the one that asks for more is meant."""
        return len(self.texts) + len(self.codes) + (self.count is not None)

    @property
    def names_itself(self) -> bool:
        """Whether a text tells whose list this is. A count, codes and numbers alone may be anybody's."""
        return any(map(is_somebodys, (*self.texts.values(), *self.codes.values())))

    def fits(self, body: Data) -> bool:
        """Whether a notification body has the shape of this list."""
        try:
            if body.tag not in LISTS or (self.count is not None and len(body.elements) != self.count):
                return False
            if not all(_matches(element_at(body, at), text) for at, text in self.texts.items()):
                return False
            if self.described_by is None and not self.coded:
                return True
            told = {each.logical_name: each.data for each in self._told(body)}
            return bool(told) and all(_matches(told.get(code), text) for code, text in self.codes.items())
        except DecodeError:
            return False

    def read(self, body: Data, objects: Sequence[DeviceObject] = ()) -> list[PushValue]:
        """The values that are there, in their order. Raises DecodeError if the body is malformed.

        What has no item is named by the push: name, scaler and unit are those of the device's ``objects``, and an
        object that is not among them has its code for a name. A scaler and a unit that are pushed go before all others.
        """
        told = {each.at: each for each in self._told(body)}
        items = {at: self._item(each, objects) for at, each in told.items()}
        items |= {item.at: item for item in self.items}
        values: list[PushValue] = []
        for at in sorted(items):
            item, data = items[at], element_at(body, at)
            pushed = self._pushed_unit(told[at]) if at in told else None
            if pushed is not None:
                item = replace(item, scaler=pushed[0], unit=pushed[1])
            if data is not None:
                values.append(PushValue(item, data, _quantity(item, data)))
        return values

    def _told(self, body: Data) -> list[Told]:
        if self.described_by is not None:
            return described(body, self.described_by)
        return coded(body, self.media) if self.coded else []

    def _item(self, told: Told, objects: Sequence[DeviceObject]) -> PushItem:
        code = told.logical_name
        row = next(iter(rows_of(objects, code, told.class_id)), None)
        class_id = told.class_id if row is None else row.class_id
        whole = None if told.data_index else row
        scaler, unit = listed_unit(whole, told.attribute)
        name = name_in_push(row, code, told.attribute)
        return PushItem(name, told.at, code, class_id, told.attribute, scaler, unit)

    def _pushed_unit(self, told: Told) -> tuple[int, HasSymbol] | None:
        pair = scaler_and_unit(told.scaler_unit)
        if pair is None or self.units is None:
            return None
        unit = self.units(pair[1])
        return (pair[0], unit) if unit.known else None


def is_somebodys(text: str) -> bool:
    """Whether a pattern tells whose list it is: codes, numbers and wildcards are in many makers' lists."""
    return _ANYBODYS.fullmatch(text) is None


def element_at(body: Data, at: Position) -> Data | None:
    """The element at a position; None if there is none. Raises DecodeError if the body is malformed."""
    for number in at:
        if body.tag not in LISTS:
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


def _matches(data: Data | None, text: str) -> bool:
    return data is not None and fnmatchcase(_text(data), text)


def _text(data: Data) -> str:
    value = data.value
    if not isinstance(value, bytes):
        return str(value)
    if value.isascii() and value.decode("ascii").isprintable():
        return value.decode("ascii")
    return str(LogicalName(value)) if len(value) == 6 else value.hex()
