"""Text telegrams that a simulated meter sends: the data sets of a list, with what the meter has in its objects."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Final

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import Device, DeviceObject
from cosem.core.errors import AccessError, InvalidValueError
from cosem.core.listed import listed_unit
from cosem.core.push_forms import LISTS, scaler_and_unit
from cosem.core.quantity import HasSymbol
from cosem.core.text_forms import Form
from cosem.core.text_list import TextList, TextValue
from cosem.core.text_telegram import DataSet, TextTelegram, WrittenValue
from cosem.model.types.units import Unit
from cosem.server import HostedObject
from cosem.sim.identity import numbered
from cosem.sim.meter import Meter
from cosem.sim.push_values import scaled_by

_KILO: Final = frozenset({"W", "Wh", "VA", "VAh", "var", "varh"})
"""Units that are written in thousands, with three decimals."""
_WHOLE: Final = {"W": 2, "Wh": 6, "VA": 2, "VAh": 6, "var": 2, "varh": 6}
"""Digits in front of the decimals; three for what is not here."""
_MOST_ENTRIES: Final = 10
_MOST_SETS: Final = 1_000


def text_telegram(meter: Meter, device: Device, known: TextList) -> TextTelegram:
    """What the meter sends now for a list of its device; the list takes it for itself.

    Objects that the list has nothing in brackets for, and those that have no value, are left out.
    """
    telegram = TextTelegram(numbered(known.identification or "XYZ5*", meter.serial, 16))
    for hosted in meter.logical_device.objects.values():
        name = hosted.logical_name
        try:
            row = device.find(hosted.description.CLASS_ID, name)
        except InvalidValueError:
            row = None
        if row is None or row.name not in known.values or len(telegram.data_sets) >= _MOST_SETS:
            continue
        values = list(_brackets(device, hosted, row, known.values[row.name]))
        asked = known.codes.get(name)
        if asked is not None and not (values and fnmatchcase(values[0].text, asked)):
            values[:1] = [WrittenValue(numbered(asked, meter.serial, len(asked)))]
        if values:
            telegram.data_sets.append(DataSet(name.reduced, values))
    return telegram


def _brackets(
    device: Device, hosted: HostedObject, row: DeviceObject, places: tuple[TextValue, ...]
) -> Iterator[WrittenValue]:
    for place in places:
        data = _read(hosted, place.attribute)
        if data is None or (data.tag in LISTS and not place.columns):
            return
        if place.columns:
            yield from _buffer(device, data, row, place)
        else:
            yield _written(data, place.form, *_scaling(hosted, row, place.attribute))


def _buffer(device: Device, data: Data, row: DeviceObject, place: TextValue) -> Iterator[WrittenValue]:
    """The number of entries, the codes of what is captured besides the moment, and the cells."""
    rows = [each.elements for each in data.elements[-_MOST_ENTRIES:]] if data.tag in LISTS else []
    rows = [each for each in rows if len(each) == len(place.columns)]
    yield WrittenValue(str(len(rows)))
    captured = list(zip(row.columns, place.columns, strict=False))
    for column, _ in captured[1:]:
        yield WrittenValue(column.codes.at(**dict.fromkeys(column.codes.open, 1)).reduced)
    for cells in rows:
        for cell, (column, (_, form)) in zip(cells, captured, strict=False):
            name = column.codes.at(**dict.fromkeys(column.codes.open, 1))
            scaler, unit = listed_unit(device.find(column.class_id, name), column.attribute)
            yield _written(cell, form, scaler, unit)


def _written(data: Data, form: Form | None, scaler: int | None, unit: HasSymbol | None) -> WrittenValue:
    value = data.value
    if isinstance(value, bytes) and form == "time" and len(value) == DateTime.SIZE:
        return WrittenValue(_moment(DateTime(value)))
    if isinstance(value, bytes):
        return WrittenValue(value.hex().upper())
    if isinstance(value, int) and form == "number":
        return _number(int(value), scaler or 0, unit)
    return WrittenValue("" if value is None else _plain(str(value)))


def _number(value: int, scaler: int, unit: HasSymbol | None) -> WrittenValue:
    symbol = "" if unit is None else unit.symbol.replace("³", "3").replace("²", "2")
    number = Decimal(value).scaleb(scaler)
    decimals = max(-scaler, 0)
    if symbol in _KILO:
        number, decimals, shown = number.scaleb(-3), 3 + decimals, f"k{symbol}"
    else:
        shown = symbol
    whole = _WHOLE.get(symbol, 3)
    width = whole + (decimals + 1 if decimals else 0) + (value < 0)
    return WrittenValue(f"{number:0{width}.{decimals}f}", shown)


def _moment(moment: DateTime) -> str:
    """YYMMDDhhmmss and the season; empty if it is not one moment."""
    if not moment.is_complete:
        return ""
    local = moment.to_datetime()
    return f"{local:%y%m%d%H%M%S}{'S' if moment.daylight_saving else 'W'}"


def _plain(text: str) -> str:
    """Characters that can stand in brackets."""
    return "".join(each for each in text if each.isascii() and each.isprintable() and each not in "()*/!")


def _scaling(hosted: HostedObject, row: DeviceObject, attribute: int) -> tuple[int | None, HasSymbol | None]:
    """Scaler and unit of an attribute: those of the object list, else what the meter has."""
    scaler, unit = listed_unit(row, attribute)
    behind = scaled_by(hosted.description)
    if unit is not None or behind is None or attribute >= behind:
        return scaler, unit
    pair = scaler_and_unit(_read(hosted, behind))
    return (None, None) if pair is None else (pair[0], Unit(pair[1]))


def _read(hosted: HostedObject, attribute: int) -> Data | None:
    try:
        return hosted.get(attribute)
    except AccessError:
        return None
