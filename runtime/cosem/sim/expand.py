"""From the rows of an object list, which leave value groups open, to the objects of one meter."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import Final

from cosem.core.device import Device, DeviceColumn, DeviceObject, ObisPattern
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName

MOST_OF_A_ROW: Final = 48
"""Objects that one row becomes at most."""

_LETTERS: Final = "abcdef"
_ALL: Final = (0, 255)
_FEW: Final = {"a": 4, "b": 4, "c": 16, "d": 4, "e": 8, "f": 4}
"""How many numbers of a group that is open in part are taken."""
_M_BUS: Final = 24
_PROFILES: Final = (98, 99)


@dataclass(frozen=True, slots=True)
class Expanded:
    """One object: its row of the list, its logical name, and the numbers that the open groups have in it."""

    row: DeviceObject
    logical_name: LogicalName
    open: dict[str, int] = field(default_factory=dict[str, int])

    def column(self, column: DeviceColumn) -> LogicalName:
        """The object that a column of the row captures."""
        return column.codes.at(**{letter: self.open[letter] for letter in column.codes.open})


def expand(device: Device, variant: str = "") -> list[Expanded]:
    """The objects of one meter, in the order of the list; no logical name twice.

    A group that is open altogether becomes a few usual numbers (channels 1 to 4, tariffs 0 to 4), one that is open in
    part the first of those that it admits, and each row :data:`MOST_OF_A_ROW` objects at most. What profiles capture,
    lists push and associations refer to is there in any case, if the list admits it. Where rows overlap the one with
    fewer open groups has the object, and of two that are alike the first. Raises InvalidValueError for an unknown
    variant.
    """
    rows = device.objects_of(variant)
    named = _named(device, rows)
    taken: dict[LogicalName, Expanded] = {}
    for row in sorted(rows, key=lambda each: len(each.codes.open)):
        for logical_name in _codes(row.codes, named.get(row.class_id, ())):
            taken.setdefault(logical_name, Expanded(row, logical_name, _opened(row.codes, logical_name)))
    _add_captured(rows, taken)
    order = {id(row): number for number, row in enumerate(rows)}
    return sorted(taken.values(), key=lambda each: (order[id(each.row)], each.logical_name))


def usual_variant(device: Device) -> str:
    """The variant that is meant where none is named: the first."""
    return device.variants[0] if device.variants else ""


def _opened(codes: ObisPattern, logical_name: LogicalName) -> dict[str, int]:
    return {letter: logical_name[_LETTERS.index(letter)] for letter in codes.open}


def _codes(codes: ObisPattern, named: Iterable[LogicalName]) -> Iterator[LogicalName]:
    """The codes that a pattern becomes; what is named elsewhere comes first."""
    if not codes.open:
        yield codes.at()
        return
    found = {name: None for name in named if codes.admits(name)}
    firsts = {letter: group[0][0] for letter, group in zip(_LETTERS, codes.groups, strict=True)}
    choices = [_numbers(letter, group, firsts) for letter, group in zip(_LETTERS, codes.groups, strict=True)]
    found |= {LogicalName(bytes(numbers)): None for numbers in product(*choices)}
    yield from list(found)[:MOST_OF_A_ROW]


def _numbers(letter: str, group: Sequence[tuple[int, int]], firsts: dict[str, int]) -> list[int]:
    if tuple(group) == (_ALL,):
        return _usual(letter, firsts)
    admitted = [number for first, last in group for number in range(first, last + 1)]
    return admitted[: _FEW[letter]]


def _usual(letter: str, firsts: dict[str, int]) -> list[int]:
    """What a group that is open altogether becomes."""
    match letter:
        case "b":
            return [1, 2, 3, 4] if firsts["c"] == _M_BUS or firsts["a"] > 1 else [0]
        case "d" if firsts["c"] in _PROFILES:
            return [1, 2]
        case "e":
            return [0, 1, 2, 3, 4]
        case "f":
            return [255, 101, 102]  # this billing period, the last and the one before
        case _:
            return [0, 1]


def _named(device: Device, rows: Sequence[DeviceObject]) -> dict[int, list[LogicalName]]:
    """By class id: logical names that lists speak of, where no group is open."""
    found: dict[int, list[LogicalName]] = {}
    for row in rows:
        for column in row.columns:
            if not column.codes.open:
                found.setdefault(column.class_id, []).append(column.codes.at())
    for pushed in device.push:
        for item in pushed.items:
            if item.logical_name is not None and item.class_id is not None:
                found.setdefault(item.class_id, []).append(item.logical_name)
    for association in device.associations:
        for class_id, name in ((64, association.security_setup), (1, association.invocation_counter)):
            if name is not None:
                found.setdefault(class_id, []).append(name)
    return found


def _add_captured(rows: Sequence[DeviceObject], taken: dict[LogicalName, Expanded]) -> None:
    """What a row captures by its own open groups, where the row of that object did not come to it by itself."""
    for holder in list(taken.values()):
        for column in holder.row.columns:
            try:
                name = holder.column(column)
            except (InvalidValueError, KeyError):
                continue  # the column is open where its row is not: it names no object
            if name in taken:
                continue
            row = next((r for r in rows if r.class_id == column.class_id and r.codes.admits(name)), None)
            if row is not None:
                taken[name] = Expanded(row, name, _opened(row.codes, name))
