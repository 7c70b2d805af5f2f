"""Pushes that tell their objects, made by a simulated meter: by a list of them, or by a code in front of each value."""

from __future__ import annotations

from collections.abc import Iterator, Set
from itertools import pairwise
from typing import Final

from cosem.core.data import Data
from cosem.core.errors import AccessError
from cosem.core.obis import LogicalName
from cosem.core.push_forms import LISTS, Position, as_code
from cosem.core.push_list import PushList
from cosem.model import PushSetupV0
from cosem.server import Column, HostedObject
from cosem.sim.captured import captured, list_attribute
from cosem.sim.meter import Meter
from cosem.sim.push_values import CLOCK, DATA, as_asked, code_in, column_value, item_scaler_unit, scaler_unit

_PUSH_SETUP: Final = PushSetupV0.CLASS_ID
_LIST, _VALUE = 2, 2
_TOLD: Final = (DATA, 3, 4, 5, CLOCK)
"""Classes of objects that a meter tells by itself: Data, registers, Clock."""
_MOST_TOLD: Final = 40
"""Elements of a list of no certain size."""


def add_description(
    meter: Meter, pushed: PushList, by: int, leaves: dict[Position, Data], left_out: Set[LogicalName]
) -> None:
    """Add the list of the objects of all elements as element ``by``, and what the others have not got yet.

    The list is that of the Push setup if its columns are known; else it is made.
    """
    asked = {at[1]: code for at, text in pushed.texts.items() if (code := _entry_code(at, text, by))}
    for at in [at for at in leaves if at[0] == by]:
        del leaves[at]
    setup = _push_setup(meter, asked.get(by))
    entries, columns = _listed(setup, pushed, by, asked)
    if not columns:
        columns = _described(meter, pushed, by, asked, setup, left_out)
        described = PushSetupV0("0.0.25.9.0.255") if setup is None else setup.description
        entries = [captured(described, column) for column in columns]
    for number, column in enumerate(columns, 1):
        if not any(at[0] == number for at in leaves):
            leaves[(number,)] = _asked(meter, pushed, column)
    leaves[(by,)] = Data.array(entries)


def add_codes(
    meter: Meter, pushed: PushList, leaves: dict[Position, Data], left_out: Set[LogicalName]
) -> None:
    """Add the code in front of each item; of a coded list also scalers and units, and objects that it has room for."""
    if pushed.coded:
        _add_values(meter, pushed, leaves)
        _add_units(meter, pushed, leaves)
    for item in pushed.items:
        if item.logical_name is not None and item.at[-1] > 1:
            _put(leaves, _next_to(item.at, -1), Data.octet_string(item.logical_name))
    if pushed.coded:
        _add_objects(meter, pushed, leaves, left_out)


def _entry_code(at: Position, text: str, by: int) -> LogicalName | None:
    """The logical name of an entry of the list of objects, if a text asks for one."""
    return code_in(text) if len(at) == 3 and at[0] == by and at[2] == _LIST else None


def _push_setup(meter: Meter, name: LogicalName | None) -> HostedObject | None:
    """The Push setup of a name, or the first there is."""
    objects = meter.logical_device.objects.values()
    setups = [each for each in objects if each.description.CLASS_ID == _PUSH_SETUP]
    return next((each for each in setups if name in (None, each.logical_name)), None)


def _listed(
    setup: HostedObject | None, pushed: PushList, by: int, asked: dict[int, LogicalName]
) -> tuple[list[Data], list[Column]]:
    """The list that the Push setup itself has, and its columns; empty if it is another list than is asked for."""
    index = None if setup is None else list_attribute(setup.description)
    if setup is None or index is None:
        return [], []
    try:
        entries = setup.get(index).elements
        columns = [Column.of(tuple(field.value for field in entry.elements[:4])) for entry in entries]
    except AccessError:
        return [], []
    wanted = {by: setup.logical_name, **asked}
    names = {number: column.logical_name for number, column in enumerate(columns, 1)}
    right = all(names.get(number) == name for number, name in wanted.items())
    whole = {column.logical_name for column in columns} >= set(pushed.codes)
    return (entries, columns) if right and whole and pushed.count in (None, len(columns)) else ([], [])


def _described(
    meter: Meter,
    pushed: PushList,
    by: int,
    asked: dict[int, LogicalName],
    setup: HostedObject | None,
    left_out: Set[LogicalName],
) -> list[Column]:
    """A column for each element: those that items and texts ask for, then objects of the meter."""
    name = asked.get(by, LogicalName("0.0.25.9.0.255") if setup is None else setup.logical_name)
    columns = {number: _column_of(meter, code) for number, code in asked.items()}
    columns[by] = Column(_PUSH_SETUP, name, _LIST)
    for item in pushed.items:
        if item.logical_name is not None and item.class_id is not None:
            columns[item.at[0]] = Column(item.class_id, item.logical_name, item.attribute)
    taken = {column.logical_name for column in columns.values()}
    further = _own_objects(meter, pushed, taken | left_out)
    size = pushed.count or max(_MOST_TOLD, *columns)
    for number in range(1, size + 1):
        if number not in columns:
            found = next(further, None)
            if found is None and pushed.count is None and number > max(columns):
                break
            columns[number] = Column(_PUSH_SETUP, name, 1) if found is None else found
    return [columns[number] for number in sorted(columns)]


def _add_values(meter: Meter, pushed: PushList, leaves: dict[Position, Data]) -> None:
    """What stands behind the codes that texts ask for."""
    for at, text in pushed.texts.items():
        code = code_in(text)
        if code is not None:
            _put(leaves, _next_to(at, 1), _asked(meter, pushed, _column_of(meter, code)))


def _add_units(meter: Meter, pushed: PushList, leaves: dict[Position, Data]) -> None:
    """Scalers and units behind values, where no code of an item stands; items three apart leave room for both."""
    units = {item.at: item_scaler_unit(item) for item in pushed.items}
    for at, text in pushed.texts.items():
        code = code_in(text)
        if code is not None and _next_to(at, 1) not in units:
            units[_next_to(at, 1)] = scaler_unit(meter, code)
    row = sorted(item.at[0] for item in pushed.items if len(item.at) == 1)
    apart = [later - earlier for earlier, later in pairwise(row)]
    codes = {_next_to(item.at, -1) for item in pushed.items if item.logical_name is not None}
    if apart.count(3) > apart.count(2):
        codes.clear()
    for at, unit in units.items():
        behind = _next_to(at, 1)
        if unit is not None and behind not in codes and _has_room(pushed, behind):
            _put(leaves, behind, unit)


def _add_objects(
    meter: Meter, pushed: PushList, leaves: dict[Position, Data], left_out: Set[LogicalName]
) -> None:
    """Objects of the meter in the elements that nothing is said of: in a row if codes stand so, else in structures."""
    taken = {item.logical_name for item in pushed.items} | {code_in(text) for text in pushed.texts.values()}
    further = _own_objects(meter, pushed, left_out | {each for each in taken if each is not None})
    codes = [at for at, text in pushed.texts.items() if code_in(text) is not None]
    codes += [_next_to(item.at, -1) for item in pushed.items if item.logical_name is not None]
    in_a_row = any(at[1:] == () and at != (0,) for at in codes)
    width = 2 if in_a_row else 1
    number, size = 1, pushed.count or _MOST_TOLD * width
    while number <= size - width + 1:
        if any(at[0] in range(number, number + width) for at in leaves):
            number += 1
            continue
        column = next(further, None)
        if column is None:
            return
        at: Position = (number,) if in_a_row else (number, 1)
        leaves[at] = Data.octet_string(column.logical_name)
        leaves[_next_to(at, 1)] = _asked(meter, pushed, column)
        unit = scaler_unit(meter, column.logical_name)
        if unit is not None and _has_room(pushed, _next_to(at, 2)):
            _put(leaves, _next_to(at, 2), unit)
        number += width


def _own_objects(meter: Meter, pushed: PushList, but: Set[LogicalName]) -> Iterator[Column]:
    """Those whose text the list asks for, then what else the meter tells, in the order of its objects."""
    for asked in pushed.codes:
        if asked not in but:
            yield _column_of(meter, asked)
    for hosted in meter.logical_device.objects.values():
        name = hosted.logical_name
        if name in but or name in pushed.codes or hosted.description.CLASS_ID not in _TOLD:
            continue
        column = Column(hosted.description.CLASS_ID, name, _VALUE)
        value = column_value(meter, column)
        text = value.value
        if value.tag not in LISTS and not (isinstance(text, bytes) and as_code(text, pushed.media)):
            yield column


def _column_of(meter: Meter, name: LogicalName) -> Column:
    """The value of the object of a name; it is taken for Data if the meter has none."""
    hosted = meter.logical_device.objects.get(name)
    return Column(DATA if hosted is None else hosted.description.CLASS_ID, name, _VALUE)


def _asked(meter: Meter, pushed: PushList, column: Column) -> Data:
    """An attribute of the meter, as the list asks for it."""
    pattern = pushed.codes.get(column.logical_name) if column.attribute_index == _VALUE else None
    return as_asked(meter, column_value(meter, column), pattern, column.logical_name)


def _next_to(at: Position, by: int) -> Position:
    return (*at[:-1], at[-1] + by)


def _has_room(pushed: PushList, at: Position) -> bool:
    outer, number = at[:-1], at[-1]
    return bool(outer) or pushed.count is None or number <= pushed.count


def _put(leaves: dict[Position, Data], at: Position, value: Data) -> None:
    """Put a value where nothing is yet."""
    if not any(place[: len(at)] == at for place in leaves):
        leaves[at] = value
