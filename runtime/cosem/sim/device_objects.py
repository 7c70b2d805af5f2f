"""One object of a device's list as a meter has it: what stands still, and what it measures."""

from __future__ import annotations

import re
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

from cosem.core.access import AttributeSpec, CosemObject
from cosem.core.data import Data
from cosem.core.device import DeviceObject, Prescribed
from cosem.core.errors import CodecError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.simple import write_simple
from cosem.core.tags import NUMBER_FORMATS, Tag
from cosem.core.types import AnyData, ChoiceOf, Formatted, Simple, Type
from cosem.model.types.units import Unit
from cosem.obis import describe
from cosem.server import Column, HostedObject
from cosem.server.hosted import decode_strictly
from cosem.sim.captured import UNRESTRICTED, captured, list_attribute
from cosem.sim.class_values import class_values
from cosem.sim.device_texts import text_value
from cosem.sim.expand import Expanded
from cosem.sim.located import Place
from cosem.sim.measurand import Measurand, measurand, tag_for, unit_number
from cosem.sim.object_file import ColumnSpec, Identified, LiveSpec, Measured, ObjectSpec, Timed
from cosem.sim.plausible import Plausible, Surroundings, fixed_value, scaler_and_unit, within

_BY_ITSELF: Final = (15, 17)
"""Classes of objects that a logical device has without being given them."""
_REGISTERS: Final = (3, 4, 5)
_NUMBER: Final = re.compile(r"\bID( \d|$)|\bID\b.*number")
_TITLE_OCTETS: Final = 8
_MEASURED: Final = ("value", "current_average_value", "last_average_value")


@dataclass(frozen=True, slots=True)
class ObjectMaker:
    """Makes the objects of a list.

    ``described`` has the class of each, ``tariffs`` is how many are in use, ``firmware`` what the version is called.
    """

    name: str
    described: Mapping[LogicalName, CosemObject]
    around: Surroundings
    tariffs: int
    firmware: str

    def place(self, row: DeviceObject) -> Place:
        """What a mistake is said of: the row, as there is no file."""
        return Place(f"{self.name} {row.name}", 1, 1)

    def columns(self, expanded: Expanded) -> tuple[ColumnSpec, ...]:
        """The columns of a row; what this meter does not have, as a variant may lack it, is not captured."""
        found: list[ColumnSpec] = []
        for column in expanded.row.columns:
            try:
                name = expanded.column(column)
            except (InvalidValueError, KeyError):
                continue
            of_list = self.described.get(name)
            if of_list is None or column.class_id != of_list.CLASS_ID:
                continue
            if column.attribute in of_list.ATTRIBUTES:
                place = self.place(expanded.row)
                of = column.class_id if column.class_id in _BY_ITSELF else 0
                found.append(ColumnSpec(place, name, str(column.attribute), column.element, of))
        return tuple(found)

    def make(self, expanded: Expanded) -> ObjectSpec:
        """An object that is no profile."""
        return _Making(self, expanded, self.described[expanded.logical_name]).done()

    def prescribed(self, spec: AttributeSpec, given: Prescribed | None) -> Data | None:
        """What the list fixes for an attribute; None if nothing, or if the type cannot hold it."""
        if given is None or given.value is None:
            return None
        try:
            value = fixed_value(spec.codec.describe(), given.value)
        except CodecError:
            return None
        return value if value is not None and fits(spec, value) else None


@dataclass(slots=True)
class _Making:
    """An object while it is made."""

    maker: ObjectMaker
    expanded: Expanded
    described: CosemObject
    live: dict[int, LiveSpec] = field(default_factory=dict[int, LiveSpec])
    values: dict[str | int, object] = field(default_factory=dict[str | int, object])

    def done(self) -> ObjectSpec:
        row, described = self.expanded.row, self.described
        usual = class_values(described, self.maker.around)
        capturing = list_attribute(described)
        columns = () if capturing is None else self.maker.columns(self.expanded)
        shown = self._shown()
        for index, spec in described.ATTRIBUTES.items():
            if index == 1:
                continue
            value = self.maker.prescribed(spec, row.attributes.get(index))
            if value is None and (self._says_who(spec) or (shown and self._measures(spec, shown))):
                continue
            if value is None and index == capturing and row.columns:
                value = Data.array(captured(described, self._column(column)) for column in columns)
            value = value or usual.get(spec.name) or text_value(described, spec, self.maker.firmware)
            self.values[index] = value if value is not None and fits(spec, value) else self._made(spec, shown)
        compact = columns if described.CLASS_ID == 62 else ()
        if compact and row.attributes.get(5, Prescribed()).value is None:
            self.values.pop(5, None)  # the template follows the columns
        return ObjectSpec(
            self.maker.place(row), HostedObject(described, self.values), self.live, compact=compact
        )

    def _shown(self) -> Measurand | None:
        """How a register shows its value; None for what measures nothing."""
        described, row = self.described, self.expanded.row
        if described.CLASS_ID not in (1, *_REGISTERS):
            return None
        given = next((each for each in row.attributes.values() if each.unit or each.scaler is not None), None)
        unit = None if given is None else unit_number(given.unit)
        scaler = None if given is None else given.scaler
        if described.CLASS_ID == 1:
            shown = measurand(described.logical_name, None, 0, tariffs=self.maker.tariffs)
            return shown if shown.constant is None else None
        return measurand(described.logical_name, unit, scaler, tariffs=self.maker.tariffs)

    def _measures(self, spec: AttributeSpec, shown: Measurand) -> bool:
        """Let the attribute measure, if it is one that does; False if it is another."""
        type, name = spec.codec.describe(), spec.name
        place = self.maker.place(self.expanded.row)
        if self.described.CLASS_ID != 1 and isinstance(type, Formatted) and type.name == "DateTime":
            moment = {"capture_time": self._captured_at(shown), "start_time_current": "end.quarter"}.get(name)
            if moment is not None:
                self.live[spec.index] = Timed(place, moment)
            return moment is not None
        tag = _number_tag(type, shown)
        if name not in _MEASURED or tag is None:
            return False
        if self.described.CLASS_ID == 5 and shown.source.startswith("demand."):
            which = "running" if name == "current_average_value" else "last"
            source = ".".join([*shown.source.split(".")[:2], which])
        else:
            source = shown.source
        if shown.constant is not None:
            self.values[spec.index] = _constant(shown, shown.constant, tag)
            return True
        beyond: Literal["roll", "stop"] = "roll" if shown.counts else "stop"
        self.live[spec.index] = Measured(place, source, tag, shown.scaler, shown.factor, shown.offset, beyond)
        return True

    @staticmethod
    def _captured_at(shown: Measurand) -> str:
        match shown.source.split("."):
            case ["demand", load, "maximum"]:
                return f"maximum.{load}"
            case _:
                return "end.quarter"

    def _says_who(self, spec: AttributeSpec) -> bool:
        """Let the attribute say who the meter is, if it is one that does."""
        type = spec.codec.describe()
        identity = _identity(self.described, spec, self.expanded.row.name)
        if not identity:
            return False
        tag = Tag.OCTET_STRING if isinstance(type, AnyData) else _string_tag(type, identity)
        if tag is None:
            return False
        self.live[spec.index] = Identified(self.maker.place(self.expanded.row), identity, tag)
        return True

    def _column(self, column: ColumnSpec) -> Column:
        class_id = self.maker.described[column.logical_name].CLASS_ID
        return Column(class_id, column.logical_name, int(column.attribute), column.element)

    def _made(self, spec: AttributeSpec, shown: Measurand | None) -> Data:
        """A value of the type, made up."""
        given = self.expanded.row.attributes.get(spec.index)
        fields: dict[str, bytes] = dict(UNRESTRICTED)
        if shown is not None:
            fields |= scaler_and_unit(shown.scaler, shown.unit)
        elif given is not None and (given.unit or given.scaler is not None):
            fields |= scaler_and_unit(given.scaler or 0, unit_number(given.unit) or Unit.COUNT)
        made = Plausible(self.maker.around, f"{self.maker.name} {self.described.logical_name} {spec.index}")
        return made.value(spec.codec.describe(), spec.name, fields)


def fits(spec: AttributeSpec, value: Data) -> bool:
    """Whether a value is exactly of the type of an attribute."""
    try:
        decode_strictly(spec.codec, value.octets)
    except (CodecError, struct.error):
        return False
    return True


def _number_tag(type: Type, shown: Measurand) -> Tag | None:
    """What carries a measured number in an attribute of this type; None if nothing does."""
    match type:
        case AnyData():
            return shown.tag
        case Simple() if type.tag in NUMBER_FORMATS and type.tag != Tag.BOOLEAN:
            return tag_for(shown, type.tag).tag
        case ChoiceOf():
            found = [_number_tag(each, shown) for each in type.alternatives]
            return shown.tag if shown.tag in found else next((tag for tag in found if tag is not None), None)
        case _:
            return None


def _constant(shown: Measurand, value: float, tag: Tag) -> Data:
    counts = value / 10.0**shown.scaler
    if tag in (Tag.FLOAT32, Tag.FLOAT64):
        return Data(write_simple(tag, counts))
    return Data(write_simple(tag, within(tag, round(counts))))


def _string_tag(type: Type, identity: str) -> Tag | None:
    """The string that a type is; None if it is none, or has a size that the identity has not."""
    if isinstance(type, Simple) and type.tag in (Tag.OCTET_STRING, Tag.VISIBLE_STRING, Tag.UTF8_STRING):
        right = type.size is None or (type.size, identity) == (_TITLE_OCTETS, "system_title")
        return Tag(type.tag) if right else None
    return None


def _identity(described: CosemObject, spec: AttributeSpec, name: str) -> str:
    """Which part of the identity of the meter an attribute tells; "" if none. ``name`` is that of the row."""
    if described.CLASS_ID == 64 and spec.name == "server_system_title":
        return "system_title"
    if described.CLASS_ID != 1 or spec.name != "value":
        return ""
    words = describe(described.logical_name)
    if "logical device name" in words:
        return "device_name"
    if _NUMBER.search(words):
        return "type" if "type" in name else "serial"
    return ""
