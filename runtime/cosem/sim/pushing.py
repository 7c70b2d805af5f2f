"""Notification bodies of the lists that a device pushes, with what a simulated meter measures."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from cosem.core.codecs import DATE_TIME
from cosem.core.data import Data
from cosem.core.errors import AccessError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.push_forms import Position
from cosem.core.push_list import PushItem, PushList
from cosem.sim.identity import numbered
from cosem.sim.live import LiveNumber, bounded, shown
from cosem.sim.measurand import measurand, unit_number
from cosem.sim.meter import Meter

_CODE: Final = re.compile(r"\d{1,3}(\.\d{1,3}){5}", re.ASCII)
_ANY_CODE: Final = LogicalName("0.0.96.15.0.255")
_CLOCK, _DATA = 8, 1
_MOST_ELEMENTS: Final = 1_000
_DIGITS: Final = 10  # that a double-long-unsigned may not hold


def push_body(meter: Meter, pushed: PushList) -> Data:
    """What the meter sends now for a list, as the list is read by :meth:`PushList.read`.

    Each item stands at its position, in counts of its scaler; texts are such that the list fits; what nobody names is
    the logical name of the item behind it, or null-data. Raises InvalidValueError for positions that cannot all be.
    """
    leaves: dict[Position, Data] = {at: _text(meter, text) for at, text in pushed.texts.items()}
    for item in pushed.items:
        text = pushed.texts.get(item.at)
        if text is None:
            leaves[item.at] = _value(meter, item)
        elif item.unit is not None:
            leaves[item.at] = _number(_value(meter, item), text, meter)
        elif item.class_id == _CLOCK and fnmatchcase(meter.clock.stamp(meter.clock.now()).hex(), text):
            leaves[item.at] = _value(meter, item)
    for item in pushed.items:
        if item.logical_name is not None and item.at[-1] > 1:
            before = (*item.at[:-1], item.at[-1] - 1)
            if not any(at[: len(before)] == before for at in leaves):
                leaves[before] = Data.octet_string(item.logical_name)
    return _structure(leaves, (), pushed.count)


def _structure(leaves: Mapping[Position, Data], at: Position, count: int | None) -> Data:
    """The element at a position: a leaf, or a structure of those below it."""
    if at in leaves:
        return leaves[at]
    depth = len(at)
    below = [place[depth] for place in leaves if place[:depth] == at and len(place) > depth]
    if not below and depth:
        return Data.null()
    size = max(below, default=0) if count is None else count
    if not max(below, default=0) <= size <= _MOST_ELEMENTS:
        raise InvalidValueError(f"a list of {size} elements has none at {max(below, default=0)}")
    return Data.structure(_structure(leaves, (*at, number), None) for number in range(1, size + 1))


def _text(meter: Meter, pattern: str) -> Data:
    """Something that a pattern of a list fits."""
    if _CODE.fullmatch(pattern):
        return Data.octet_string(LogicalName(pattern))
    return Data.octet_string(numbered(pattern, meter.serial, len(pattern)).encode("latin-1", "replace"))


def _number(measured: Data, pattern: str, meter: Meter) -> Data:
    """What is measured if the pattern fits it, as one may ask for so many digits; else a number that it fits."""
    if fnmatchcase(str(measured.value), pattern):
        return measured
    digits = numbered(pattern, meter.serial, len(pattern))
    if digits.isdecimal() and len(digits) < _DIGITS:
        return Data.double_long_unsigned(int(digits))
    return _text(meter, pattern)


def _value(meter: Meter, item: PushItem) -> Data:
    name = item.logical_name
    if item.class_id == _CLOCK:
        return Data(DATE_TIME.write(meter.clock.stamp(meter.clock.now())))
    if item.class_id == _DATA and name is not None:
        return _held(meter, item, name)
    if name is None and item.unit is None:
        return Data.octet_string(item.name.encode())
    what = measurand(name or _ANY_CODE, unit_number(item.unit), item.scaler or 0)
    source = shown(meter.sources.number(what.source), what.factor, what.offset)
    source = bounded(source, what.tag, what.scaler, "roll" if what.counts else "stop")
    return LiveNumber(source, what.tag, what.scaler, meter.clock)()


def _held(meter: Meter, item: PushItem, name: LogicalName) -> Data:
    """An object of class Data: what the meter has, else who it is."""
    hosted = meter.logical_device.objects.get(name)
    if hosted is not None and hosted.description.CLASS_ID == _DATA:
        try:
            return hosted.get(item.attribute)
        except AccessError:
            return Data.null()
    if "type" in item.name:
        return Data.octet_string(meter.file.identity.type.encode())
    return Data.octet_string(str(meter.serial).encode())
