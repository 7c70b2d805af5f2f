"""A profile of a device's list as a meter has it: what it captures, how often, and how many rows it keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Final

from cosem.core.access import CosemObject
from cosem.core.data import Data
from cosem.core.device import DeviceObject
from cosem.core.obis import LogicalName
from cosem.core.tags import NUMBER_FORMATS, Tag
from cosem.core.types import AnyData, ArrayOf, Enumerated, Simple, StructureOf, Type
from cosem.obis import describe
from cosem.server import HostedObject
from cosem.sim.device_objects import ObjectMaker
from cosem.sim.expand import Expanded
from cosem.sim.object_file import ColumnSpec, ObjectSpec, ProfileSpec
from cosem.sim.plausible import Plausible

_CLOCK, _TIME = 8, 2
_DATA, _REGISTER, _PROFILE = 1, 3, 7
_BUFFER, _PERIOD, _SORT_METHOD, _ENTRIES = 2, 4, 5, 8
"""Attributes of Profile generic."""
_OWN: Final = range(2, 9)
"""Attributes that a hosted profile fills by itself."""
_FIFO, _FARTHEST = 1, 6
_LARGEST: Final = 1_000_000
_QUARTER, _HOUR, _DAY = 900, 3_600, 86_400
_USUAL_CODES: Final = (1, 2, 3)
_MOST_REGISTERS: Final = 4
_LOG: Final = "log"
_TYPED_ROWS: Final = 6
_TIMES: Final = ("time", "begin", "end", "until")


def make_profile(maker: ObjectMaker, expanded: Expanded) -> ObjectSpec:
    """A profile (class 7).

    Its period is what the list fixes, else what the words of its code say; without either it is a day. Where the list
    names no columns it captures the clock and a few registers, or what the code of an event is in. A log of events is
    told by its words, and by what it captures, if no period is fixed. Where the list has a type for rows and names no
    columns, there are a few rows of that type, and no more come.
    """
    row, described = expanded.row, maker.described[expanded.logical_name]
    typed = described.ATTRIBUTES[_BUFFER].codec.describe()
    if not row.columns and isinstance(typed, ArrayOf) and isinstance(typed.element, StructureOf):
        kept = _typed_rows(maker, described, typed.element)
        shown = _shown(maker, row, described)
        spec = ProfileSpec((), 0, _usual_entries(0), _FIFO, None, shown, kept=kept)
        return ObjectSpec(maker.place(row), HostedObject(described), profile=spec)
    columns = maker.columns(expanded) if row.columns else _usual_columns(maker, expanded)
    period, past = _period(maker, row, described, columns)
    if not columns:
        period = 0
    entries = min(max(_fixed(row, _ENTRIES) or _usual_entries(period), 1), _LARGEST)
    method = _fixed(row, _SORT_METHOD) or _FIFO
    sort = next((each for each in columns if _sorts(maker, each)), None) if method > _FIFO + 1 else None
    if method > _FARTHEST or (method > _FIFO + 1 and sort is None):
        method = _FIFO
    return ObjectSpec(
        maker.place(row),
        HostedObject(described),
        profile=ProfileSpec(columns, period, entries, method, sort, _shown(maker, row, described), past),
    )


def _typed_rows(maker: ObjectMaker, described: CosemObject, type: StructureOf) -> tuple[bytes, ...]:
    """Rows of a type. Times that are numbers are seconds since 1970, and go on from row to row."""
    made = Plausible(maker.around, f"{maker.name} {described.logical_name} rows")
    begin = int(dt.datetime.combine(maker.around.installed, dt.time(), dt.UTC).timestamp())
    times = [each.name for each in type.fields if each.name in _TIMES and _is_seconds(each.type)]
    rows: list[bytes] = []
    for number in range(1, _TYPED_ROWS + 1):
        seconds = range(begin + number * _DAY, begin + (number + 1) * _DAY, _QUARTER)
        given = {
            name: Data.double_long_unsigned(time).octets for name, time in zip(times, seconds, strict=False)
        }
        rows.append(made.value(type, "", given).octets)
    return tuple(rows)


def _is_seconds(type: Type) -> bool:
    return isinstance(type, Simple) and type.tag == Tag.DOUBLE_LONG_UNSIGNED


def _fixed(row: DeviceObject, index: int) -> int | None:
    given = row.attributes.get(index)
    value = None if given is None else given.value
    return value if isinstance(value, int) else None


def _period(
    maker: ObjectMaker, row: DeviceObject, described: CosemObject, columns: Sequence[ColumnSpec]
) -> tuple[int | str, dict[int, tuple[int, ...]] | None]:
    """How often it captures, in the words of a ProfileSpec, and the codes of events if it is a log."""
    fixed, words = _fixed(row, _PERIOD), describe(described.logical_name)
    if fixed:
        return (fixed if fixed < _DAY else "day" if fixed < 7 * _DAY else "month"), None
    codes = {number: found for number, each in enumerate(columns) if (found := _codes(maker, each))}
    if codes or _LOG in words.split() or _LOG in row.name.split("_"):
        return 0, codes
    if "billing" in words or fixed == 0:
        return "month", None
    if "60 minutes" in words or "M-Bus profile" in words:
        return _HOUR, None
    return (_QUARTER if "recording interval 1" in words else "day"), None


def _usual_entries(period: int | str) -> int:
    match period:
        case "month":
            return 24
        case "day":
            return 400
        case 0:
            return 100
        case _:
            return 2_976  # quarters of an hour in a long month


def _usual_columns(maker: ObjectMaker, expanded: Expanded) -> tuple[ColumnSpec, ...]:
    place, found = maker.place(expanded.row), list[LogicalName]()
    words = describe(expanded.logical_name)
    if _LOG in words.split():
        found = [name for name, each in maker.described.items() if _codes_of(each)][:1]
    found = found or [name for name, each in maker.described.items() if each.CLASS_ID == _REGISTER]
    clock = [name for name, each in maker.described.items() if each.CLASS_ID == _CLOCK][:1]
    return tuple(ColumnSpec(place, name, str(_TIME), 0) for name in [*clock, *found[:_MOST_REGISTERS]])


def _codes(maker: ObjectMaker, column: ColumnSpec) -> tuple[int, ...]:
    """The codes of events that a column holds; empty if it holds none."""
    described = maker.described[column.logical_name]
    return _codes_of(described) if column.attribute == str(_TIME) and not column.element else ()


def _codes_of(described: CosemObject) -> tuple[int, ...]:
    """Of an object of class Data: the members of its enumeration, some where its words speak of an event code."""
    if described.CLASS_ID != _DATA:
        return ()
    type = described.ATTRIBUTES[_TIME].codec.describe()
    speaks = "event code" in describe(described.logical_name)
    match type:
        case Enumerated() if speaks or len(type.enum) > 0:
            return tuple(int(member) for member in type.enum) or _USUAL_CODES
        case AnyData():
            return _USUAL_CODES if speaks else ()
        case Simple() if type.tag in NUMBER_FORMATS:
            return _USUAL_CODES if speaks else ()
        case _:
            return ()


def _sorts(maker: ObjectMaker, column: ColumnSpec) -> bool:
    """Whether a column can be what rows are sorted by."""
    return maker.described[column.logical_name].CLASS_ID in (3, 4, 5) and column.attribute in ("2", "3")


def _shown(maker: ObjectMaker, row: DeviceObject, described: CosemObject) -> dict[int, Data]:
    """What the list fixes, and attributes that the maker has added."""
    shown: dict[int, Data] = {}
    for index, spec in described.ATTRIBUTES.items():
        value = maker.prescribed(spec, row.attributes.get(index))
        if value is None and index != 1 and index not in _OWN:
            made = Plausible(maker.around, f"{maker.name} {described.logical_name} {index}")
            value = made.value(spec.codec.describe(), spec.name)
        if value is not None and index != 1:
            shown[index] = value
    return shown
