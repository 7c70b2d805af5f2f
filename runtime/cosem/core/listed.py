"""Which rows of a device's object list an object belongs to, and what it is called."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from cosem.core.obis import LogicalName
from cosem.core.quantity import HasSymbol

if TYPE_CHECKING:
    from cosem.core.device import DeviceObject

_GROUPS: Final = "abcdef"


def rows_of(
    objects: Iterable[DeviceObject], name: LogicalName, class_id: int | None = None
) -> list[DeviceObject]:
    """The rows that an object may belong to: those with the fewest open groups, of any class if none is given."""
    rows = [each for each in objects if class_id in (None, each.class_id) and each.codes.admits(name)]
    fewest = min((len(each.codes.open) for each in rows), default=0)
    return [each for each in rows if len(each.codes.open) == fewest]


def filled(row: DeviceObject, name: LogicalName) -> dict[str, int]:
    """The groups that the row leaves open, by letter, as the object fills them."""
    return {letter: name[_GROUPS.index(letter)] for letter in row.codes.open}


def name_in_push(row: DeviceObject | None, name: LogicalName, attribute: int = 2) -> str:
    """What a pushed value is called: ``voltage_c52``, ``control_state_3``; by its code if the object is not listed."""
    parts = [str(name)] if row is None else [row.name]
    if row is not None:
        parts += [f"{letter}{number}" for letter, number in filled(row, name).items()]
    return "_".join(parts if attribute == 2 else [*parts, str(attribute)])


def listed_unit(row: DeviceObject | None, attribute: int) -> tuple[int | None, HasSymbol | None]:
    """Scaler and unit that the object list has: an attribute with a unit scales those in front of it."""
    for index, prescribed in () if row is None else sorted(row.attributes.items()):
        if prescribed.unit is not None and attribute < index:
            return prescribed.scaler, prescribed.unit
    return None, None
