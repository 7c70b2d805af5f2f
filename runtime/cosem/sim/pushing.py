"""Notification bodies of the lists that a device pushes, with what a simulated meter measures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from cosem.core.data import Data
from cosem.core.errors import InvalidValueError
from cosem.core.push_forms import Position
from cosem.core.push_list import PushItem, PushList
from cosem.sim.meter import Meter
from cosem.sim.push_objects import add_codes, add_description
from cosem.sim.push_values import CLOCK, as_asked, item_value, number_for, text_for

_MOST_ELEMENTS: Final = 1_000


def push_body(meter: Meter, pushed: PushList, among: Sequence[PushList] = ()) -> Data:
    """What the meter sends now for a list, as the list is read by :meth:`PushList.read`.

    Each item stands at its position, in counts of its scaler; texts are such that the list fits; what nobody names is
    the logical name of the item behind it, or null-data. A list that tells its objects has besides those that it asks
    for: what the columns of its Push setup name, else the meter's own objects in their order, as many as there is room
    for. ``among`` are all lists of the device: what would make the body one of another list is left out.

    Raises InvalidValueError for positions that cannot all be.
    """
    leaves = _leaves(meter, pushed)
    others = [each for each in among if each is not pushed and each.conditions >= pushed.conditions]
    left_out = {code for each in others for code in each.codes} - set(pushed.codes)
    if pushed.described_by is not None:
        add_description(meter, pushed, pushed.described_by, leaves, left_out)
    else:
        add_codes(meter, pushed, leaves, left_out)
    return _structure(leaves, (), pushed.count)


def _leaves(meter: Meter, pushed: PushList) -> dict[Position, Data]:
    """What texts and items say of single positions."""
    names = {item.at: item.logical_name for item in pushed.items}
    leaves: dict[Position, Data] = {
        at: text_for(meter, text, names.get(at)) for at, text in pushed.texts.items()
    }
    for item in pushed.items:
        text = pushed.texts.get(item.at)
        if text is None:
            leaves[item.at] = _item(meter, pushed, item)
        elif item.unit is not None:
            leaves[item.at] = number_for(meter, text, item_value(meter, item))
        elif item.class_id == CLOCK and fnmatchcase(meter.clock.stamp(meter.clock.now()).hex(), text):
            leaves[item.at] = item_value(meter, item)
    return leaves


def _item(meter: Meter, pushed: PushList, item: PushItem) -> Data:
    """What the meter has for an item, as the list asks for it where it asks by code."""
    value, name = item_value(meter, item), item.logical_name
    if name is None or item.attribute != 2:
        return value
    return as_asked(meter, value, pushed.codes.get(name), name)


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
