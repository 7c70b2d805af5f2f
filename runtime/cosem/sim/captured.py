"""Entries of the lists in which objects say what they capture, as the version of their class has them."""

from __future__ import annotations

from typing import Final

from cosem.core.access import CosemObject
from cosem.core.data import Data
from cosem.core.simple import write_simple
from cosem.core.tags import Tag
from cosem.core.types import ArrayOf, StructureOf
from cosem.server import Column
from cosem.sim.plausible import Plausible, Surroundings

_LISTS: Final = {40: "push_object_list", 62: "capture_objects"}
"""By class: the attribute that is such a list."""

UNRESTRICTED: Final = {
    "restriction_type": write_simple(Tag.ENUM, 0),
    "restriction_value": b"\x00",
    "columns": b"\x01\x00",
}
"""What later versions have behind the four fields: the whole of a buffer, and all its columns."""

_AROUND: Final = Surroundings()


def list_attribute(described: CosemObject) -> int | None:
    """The number of the attribute that lists what an object captures; None if it captures nothing."""
    name = _LISTS.get(described.CLASS_ID)
    return next((index for index, spec in described.ATTRIBUTES.items() if spec.name == name), None)


def captured(described: CosemObject, column: Column) -> Data:
    """The entry for a column in the list of an object that captures."""
    index = list_attribute(described)
    type = None if index is None else described.ATTRIBUTES[index].codec.describe()
    if not isinstance(type, ArrayOf) or not isinstance(type.element, StructureOf):
        return column.data()
    fields = {
        **UNRESTRICTED,
        "class_id": write_simple(Tag.LONG_UNSIGNED, column.class_id),
        "logical_name": write_simple(Tag.OCTET_STRING, bytes(column.logical_name)),
        "attribute_index": write_simple(Tag.INTEGER, column.attribute_index),
        "data_index": write_simple(Tag.LONG_UNSIGNED, column.data_index),
    }
    return Plausible(_AROUND, str(column.logical_name)).value(type.element, "", fields)
