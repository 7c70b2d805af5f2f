"""What a meter holds: its association's object list, as typed objects (Blue Book 4.4.4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from cosem.client.operations import Operations
from cosem.core.access import CosemObject
from cosem.core.catalogue import Catalogue as DeviceCatalogue
from cosem.core.errors import DecodeError
from cosem.core.obis import LogicalName
from cosem.core.simple import Value
from cosem.session.client import Exchange
from cosem.session.targets import AttributeTarget

CURRENT_ASSOCIATION: Final = LogicalName("0.0.40.0.0.255")
_ASSOCIATION_LN: Final = 15
_OBJECT_LIST: Final = 2

_READABLE: Final = frozenset((1, 3, 4, 6))
_WRITABLE: Final = frozenset((2, 3, 5, 6))
"""Access modes that allow reading, and writing, up to association version 2; 4 to 6 ask for authentication."""

_BIT_MASK_VERSION: Final = 3
"""From this association version on access modes are bit masks: bit 0 read or invoke, bit 1 write."""

Catalogue: TypeAlias = Mapping[tuple[int, int], type[CosemObject]]
"""(class id, version) → class: ``cosem.model.CATALOGUE``, or a device's own, which also knows the classes of objects
whose types the device prescribes."""


@dataclass(frozen=True, slots=True)
class AccessRights:
    """What this association may do with an object, by attribute and method index."""

    read: frozenset[int] = frozenset()
    write: frozenset[int] = frozenset()
    invoke: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class MeterObject:
    """One entry of an object list.

    ``object`` is the typed object if the catalogue knows its class and version, else None. ``name`` is what the object
    list of the meter's device calls it; empty if no device is known, or it is not listed there.
    """

    class_id: int
    version: int
    logical_name: LogicalName
    rights: AccessRights
    object: CosemObject | None = None
    name: str = ""


def objects(operations: Operations, catalogue: Catalogue | None) -> Exchange[list[MeterObject]]:
    """The object list of the current association, in the meter's order. Raises DecodeError if it is malformed."""
    data = yield from operations.get_data(AttributeTarget(_ASSOCIATION_LN, CURRENT_ASSOCIATION, _OBJECT_LIST))
    entries = data.value
    if not isinstance(entries, list):
        raise DecodeError("the object list is no array", path="object_list")
    rows = [_row(entry) for entry in entries]
    bit_masks = any(
        name == CURRENT_ASSOCIATION and version >= _BIT_MASK_VERSION for _, version, name, _, _ in rows
    )
    device = operations.device
    found: list[MeterObject] = []
    for class_id, version, name, attributes, methods in rows:
        cls = _class_of(catalogue, class_id, version, name)
        rights = _masks(attributes, methods) if bit_masks else _modes(attributes, methods)
        called = "" if device is None else device.name_of(class_id, name)
        found.append(MeterObject(class_id, version, name, rights, cls(name) if cls else None, called))
    return found


def _class_of(
    catalogue: Catalogue | None, class_id: int, version: int, name: LogicalName
) -> type[CosemObject] | None:
    if isinstance(catalogue, DeviceCatalogue):
        return catalogue.class_of(class_id, version, name)
    return None if catalogue is None else catalogue.get((class_id, version))


_Modes: TypeAlias = dict[int, int]


def _row(entry: Value) -> tuple[int, int, LogicalName, _Modes, _Modes]:
    match entry:
        case (int(class_id), int(version), bytes(name), (list(attributes), list(methods))) if len(name) == 6:
            return (
                class_id,
                version,
                LogicalName(name),
                dict(map(_mode, attributes)),
                dict(map(_mode, methods)),
            )
        case _:
            raise DecodeError(f"no object list element: {entry!r:.120}", path="object_list")


def _mode(item: Value) -> tuple[int, int]:
    match item:
        case (int(index), int(mode), *_):
            return index, mode
        case _:
            raise DecodeError(f"no access right: {item!r:.80}", path="object_list")


def _modes(attributes: _Modes, methods: _Modes) -> AccessRights:
    return AccessRights(
        frozenset(index for index, mode in attributes.items() if mode in _READABLE),
        frozenset(index for index, mode in attributes.items() if mode in _WRITABLE),
        frozenset(index for index, mode in methods.items() if mode),
    )


def _masks(attributes: _Modes, methods: _Modes) -> AccessRights:
    return AccessRights(
        frozenset(index for index, mode in attributes.items() if mode & 1),
        frozenset(index for index, mode in attributes.items() if mode & 2),
        frozenset(index for index, mode in methods.items() if mode & 1),
    )
