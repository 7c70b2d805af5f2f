"""What octets that carry no type of their own look like, and which values belong to which object."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import Device
from cosem.core.errors import DecodeError
from cosem.core.obis import LogicalName
from cosem.core.push_forms import Position, coded, described, scaler_and_unit
from cosem.core.push_list import PushValue
from cosem.core.quantity import Quantity
from cosem.core.tags import Tag
from cosem.core.text_list import read_telegram
from cosem.core.text_telegram import TextTelegram

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
    """One value of a push: whose it is, and what it is where scaler and unit are known.

    ``at`` says where the value stands among the elements of the body, counted from 1. ``item`` is the name that the
    device's list has for it; without a device there is none, and ``code`` is what the push itself tells.
    """

    at: Position
    value: Data
    code: LogicalName | None
    class_id: int | None = None
    attribute: int | None = None
    quantity: Quantity | None = None
    item: str | None = None


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a push means: its values, and the device whose list gave them names and units.

    ``candidates`` are the devices that have such a list, if there are more than one: then none of them is taken.
    """

    readings: list[Reading] = field(default_factory=list[Reading])
    device: Device | None = None
    list: str | None = None
    candidates: tuple[str, ...] = ()


def meaning_of(body: Data | TextTelegram, device: Device | None = None) -> Meaning:
    """The values of a push with the objects that they belong to.

    They are those of the list of ``device`` that fits. Without a device, or if none of its lists fits, devices are
    looked for whose lists name themselves in the body. Two forms tell their objects without any device: the push
    object list as first element, then one value for each of its entries; and codes, each followed by its value and
    perhaps scaler and unit. The data sets of a text telegram tell their objects, too.
    """
    try:
        return _of_device(body, device) or _told(body)
    except DecodeError:
        return Meaning()


def _of_device(body: Data | TextTelegram, device: Device | None) -> Meaning | None:
    if device is None:
        from cosem.cli.known_lists import devices_that_push, devices_that_send

        found = devices_that_send(body) if isinstance(body, TextTelegram) else devices_that_push(body)
        if len(found) > 1:
            return replace(_told(body), candidates=tuple(each.name for each in found))
        device = found[0] if found else None
    pushed = None if device is None else device.read_push(body)
    if pushed is None:
        return None
    known, values = pushed
    return Meaning([_reading(each) for each in values], device, known.name)


def _reading(value: PushValue) -> Reading:
    item = value.item
    return Reading(
        item.at, value.data, item.logical_name, item.class_id, item.attribute, value.quantity, item.name
    )


def _told(body: Data | TextTelegram) -> Meaning:
    from cosem.model.types.units import Unit
    from cosem.obis import MEDIA

    if isinstance(body, TextTelegram):
        return Meaning([replace(_reading(each), item=None) for each in read_telegram(body, (), {}, Unit)])
    return Meaning(
        [
            Reading(each.at, each.data, each.logical_name, each.class_id, each.attribute)
            for each in described(body)
        ]
        or [
            Reading(each.at, each.data, each.logical_name, quantity=scaled(each.data, each.scaler_unit))
            for each in coded(body, MEDIA)
        ]
    )


def scaled(value: Data, scaler_unit: Data | None) -> Quantity | None:
    """An integer in its unit, if the structure behind it is a scaler and a unit that the books know."""
    pair = scaler_and_unit(scaler_unit)
    if pair is None or value.tag not in _INTEGERS:
        return None
    from cosem.model.types.units import Unit

    number, unit = value.value, Unit(pair[1])
    return Quantity.scaled(number, pair[0], unit) if isinstance(number, int) and unit.known else None
