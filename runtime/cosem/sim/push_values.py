"""Single values of a push: texts that a list asks for, items, and objects of the meter."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import Final

from cosem.core.access import CosemObject
from cosem.core.codecs import DATE_TIME
from cosem.core.data import Data
from cosem.core.errors import AccessError
from cosem.core.obis import LogicalName
from cosem.core.push_list import PushItem
from cosem.server import Column
from cosem.sim.identity import numbered
from cosem.sim.live import LiveNumber, bounded, shown
from cosem.sim.measurand import measurand, unit_number
from cosem.sim.meter import Meter

DATA, CLOCK = 1, 8
"""Class ids."""

_CODE: Final = re.compile(r"\d{1,3}(\.\d{1,3}){5}", re.ASCII)
_LOGICAL_DEVICE_NAME: Final = LogicalName("0.0.42.0.0.255")
_ANY_CODE: Final = LogicalName("0.0.96.15.0.255")
_DIGITS: Final = 10  # that a double-long-unsigned may not hold


def code_in(pattern: str) -> LogicalName | None:
    """The logical name that a pattern of a list is; None if it is another text."""
    return LogicalName(pattern) if _CODE.fullmatch(pattern) else None


def text_for(meter: Meter, pattern: str, name: LogicalName | None = None) -> Data:
    """Something that a pattern of a list fits; ``name`` is the object that it is the value of, if that is known."""
    code = code_in(pattern)
    if code is not None:
        return Data.octet_string(code)
    text = (
        numbered(pattern, meter.serial)
        if name == _LOGICAL_DEVICE_NAME
        else numbered(pattern, meter.serial, len(pattern))
    )
    return Data.octet_string(text.encode("latin-1", "replace"))


def number_for(meter: Meter, pattern: str, measured: Data) -> Data:
    """What is measured if the pattern fits it, as one may ask for so many digits; else a number that it fits."""
    if fnmatchcase(str(measured.value), pattern):
        return measured
    digits = numbered(pattern, meter.serial, len(pattern))
    if digits.isdecimal() and len(digits) < _DIGITS:
        return Data.double_long_unsigned(int(digits))
    return text_for(meter, pattern)


def item_value(meter: Meter, item: PushItem) -> Data:
    """What the meter has for an item, in counts of its scaler."""
    name = item.logical_name
    if item.class_id == CLOCK and item.attribute == 2:
        return Data(DATE_TIME.write(meter.clock.stamp(meter.clock.now())))
    if name is not None and item.unit is None and _hosts(meter, item.class_id, name):
        return column_value(meter, Column(item.class_id or 0, name, item.attribute))
    if item.class_id == DATA and name is not None:
        return Data.octet_string(
            (meter.file.identity.type if "type" in item.name else str(meter.serial)).encode()
        )
    if name is None and item.unit is None:
        return Data.octet_string(item.name.encode())
    what = measurand(name or _ANY_CODE, unit_number(item.unit), item.scaler or 0)
    source = shown(meter.sources.number(what.source), what.factor, what.offset)
    source = bounded(source, what.tag, what.scaler, "roll" if what.counts else "stop")
    return LiveNumber(source, what.tag, what.scaler, meter.clock)()


def column_value(meter: Meter, column: Column) -> Data:
    """An attribute of the meter, null-data if there is none."""
    return Data(column.read(meter.logical_device.read))


def as_asked(meter: Meter, value: Data, pattern: str | None, name: LogicalName) -> Data:
    """The value of an object, or a text that the pattern fits if the value does not."""
    held = value.value
    text = held.decode("latin-1") if isinstance(held, bytes) else str(held)
    return value if pattern is None or fnmatchcase(text, pattern) else text_for(meter, pattern, name)


def scaled_by(described: CosemObject) -> int | None:
    """The attribute that has the scaler and unit of those in front of it; None if there is none."""
    return next((index for index, spec in described.ATTRIBUTES.items() if spec.name == "scaler_unit"), None)


def scaler_unit(meter: Meter, name: LogicalName) -> Data | None:
    """Scaler and unit of a register of the meter."""
    hosted = meter.logical_device.objects.get(name)
    index = None if hosted is None else scaled_by(hosted.description)
    if hosted is None or index is None:
        return None
    try:
        return hosted.get(index)
    except AccessError:
        return None


def item_scaler_unit(item: PushItem) -> Data | None:
    """Scaler and unit of an item."""
    unit = unit_number(item.unit)
    return None if unit is None else Data.structure((Data.integer(item.scaler or 0), Data.enum(unit)))


def _hosts(meter: Meter, class_id: int | None, name: LogicalName) -> bool:
    hosted = meter.logical_device.objects.get(name)
    return hosted is not None and class_id == hosted.description.CLASS_ID
