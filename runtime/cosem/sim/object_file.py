"""One object of a meter file: its class, its values, and what it measures or captures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal, TypeAlias

from cosem.core.access import AttributeSpec, CosemObject
from cosem.core.data import Data
from cosem.core.errors import CodecError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.tags import Tag
from cosem.core.types import AnyData, Formatted, Simple
from cosem.model import CATALOGUE
from cosem.server import HostedObject
from cosem.sim.located import MeterFileError, Node, Place, Table, Text, integer, one_of, sequence, table, text
from cosem.sim.rights_file import logical_name
from cosem.sim.typed_values import read_value

_TAGS: Final = {tag.book_name: tag for tag in Tag}
_PROFILE: Final = 7
_SORT_METHODS: Final = {
    name: number
    for number, name in enumerate(
        ("fifo", "lifo", "largest", "smallest", "nearest_to_zero", "farthest_from_zero"), 1
    )
}
_PROFILE_KEYS: Final = (
    "class",
    "logical_name",
    "columns",
    "capture_period",
    "entries",
    "sort_method",
    "sort_object",
)
_LIVE_KEYS: Final = ("source", "moment", "identity", "type")
_IDENTITIES: Final = ("serial", "device_name", "type", "system_title")


@dataclass(frozen=True, slots=True)
class Measured:
    """``{source: NAME, type: TYPE}``: a number in counts of 10^``scaler``.

    What is measured is taken times ``factor`` and ``offset`` is added. ``beyond`` says what becomes of a number that
    the type cannot hold: it rolls over, stops at the end, or (None) is an error.
    """

    place: Place
    source: str
    tag: Tag
    scaler: int
    factor: float = 1.0
    offset: float = 0.0
    beyond: Literal["roll", "stop"] | None = None


@dataclass(frozen=True, slots=True)
class Timed:
    """``{moment: NAME}``: a date-time."""

    place: Place
    moment: str


@dataclass(frozen=True, slots=True)
class Identified:
    """``{identity: serial}``, ``device_name``, ``type`` or ``system_title``: who the meter is."""

    place: Place
    identity: str
    tag: Tag

    @property
    def is_text(self) -> bool:
        """Whether it is a visible-string."""
        return self.tag == Tag.VISIBLE_STRING


LiveSpec: TypeAlias = Measured | Timed | Identified


@dataclass(frozen=True, slots=True)
class ColumnSpec:
    """``OBIS-code``, ``OBIS-code attribute`` or ``OBIS-code attribute element``; the attribute by name or number.

    ``class_id`` is that of an object which the logical device has by itself, such as its association.
    """

    place: Place
    logical_name: LogicalName
    attribute: str
    element: int
    class_id: int = 0


@dataclass(frozen=True, slots=True)
class ProfileSpec:
    """A profile. ``period`` is in seconds, or ``day`` or ``month``; 0 captures by method and by events alone.

    ``shown`` are attributes that say something else than they would. A log of events has ``past``: for each column that
    holds codes, by its number from 0, the codes of events that may have happened. ``kept`` are rows that are there from
    the beginning, encoded; what they were captured from is not known.
    """

    columns: tuple[ColumnSpec, ...]
    period: int | str
    entries: int
    sort_method: int
    sort_object: ColumnSpec | None
    shown: Mapping[int, Data] = field(default_factory=dict[int, Data])
    past: Mapping[int, tuple[int, ...]] | None = None
    kept: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class ObjectSpec:
    """An object: the values that stand still, hosted once for all meters of the file, and what each adds.

    ``compact`` are the columns of Compact data.
    """

    place: Place
    template: HostedObject
    live: dict[int, LiveSpec] = field(default_factory=dict[int, LiveSpec])
    profile: ProfileSpec | None = None
    compact: tuple[ColumnSpec, ...] = ()


def read_object(node: Node) -> ObjectSpec:
    """An object. Raises MeterFileError with all its mistakes."""
    entries = table(node)
    description = _description(entries)
    if description.CLASS_ID == _PROFILE:
        return ObjectSpec(node.place, HostedObject(description), profile=_profile(entries))
    specs = {spec.name: spec for spec in description.ATTRIBUTES.values() if spec.index != 1}
    entries.only(("class", "logical_name", *specs))
    values: dict[str | int, object] = {}
    live: dict[int, LiveSpec] = {}
    mistakes: list[str] = []
    scaler = _scaler(entries.entries.get("scaler_unit"))
    for name, spec in specs.items():
        value = entries.entries.get(name)
        if value is None:
            continue
        try:
            if isinstance(value, Table) and value.entries.keys() & set(_LIVE_KEYS[:3]):
                live[spec.index] = _live(value, spec, scaler)
            else:
                values[spec.index] = _static(value, spec)
        except MeterFileError as error:
            mistakes += error.mistakes
    if mistakes:
        raise MeterFileError(mistakes)
    return ObjectSpec(node.place, HostedObject(description, values), live)


def _description(entries: Table) -> CosemObject:
    """``class: 3`` is the newest version of a class, ``class: 3.0`` a fixed one; the name does as well."""
    node = entries.need("class")
    wanted, _, version = text(node).partition(".")
    ids = {name: key for key in CATALOGUE for name in (str(key[0]), CATALOGUE[key].NAME.lower())}
    if wanted.lower() not in ids:
        raise node.place.mistake(f"no class {wanted!r}")
    class_id = ids[wanted.lower()][0]
    versions = CATALOGUE.versions(class_id)
    if version and (not version.isdigit() or int(version) not in versions):
        raise node.place.mistake(f"class {class_id} has the versions {', '.join(map(str, versions))}")
    return CATALOGUE[class_id, int(version) if version else versions[-1]](
        logical_name(entries.need("logical_name"))
    )


def _static(node: Node, spec: AttributeSpec) -> Data:
    value = read_value(node, spec.codec.describe())
    try:
        return spec.codec.encode_data(value)
    except (CodecError, InvalidValueError) as error:
        raise node.place.mistake(f"{spec.name}: {error}") from None


def _live(node: Table, spec: AttributeSpec, scaler: int) -> LiveSpec:
    node.only(_LIVE_KEYS)
    type = spec.codec.describe()
    entries = node.entries
    if "moment" in entries:
        if not (isinstance(type, Formatted) and type.name == "DateTime"):
            raise node.place.mistake(f"{spec.name} is no time")
        return Timed(node.place, text(entries["moment"]))
    if "type" in entries:
        tag = one_of(entries["type"], _TAGS)
        if not isinstance(type, AnyData):
            raise entries["type"].place.mistake(f"{spec.name} has a type of its own")
    elif isinstance(type, Simple):
        tag = Tag(type.tag)
    else:
        raise node.place.mistake(
            "a type is needed here, as in {source: energy.import, type: double-long-unsigned}"
        )
    if "identity" in entries:
        identity = text(entries["identity"])
        if identity not in _IDENTITIES or tag not in (Tag.OCTET_STRING, Tag.VISIBLE_STRING):
            raise node.place.mistake(
                f"an identity is {', '.join(_IDENTITIES)}, and an octet-string or visible-string"
            )
        return Identified(node.place, identity, tag)
    return Measured(node.place, text(node.need("source")), tag, scaler)


def _scaler(node: Node | None) -> int:
    if not isinstance(node, Table) or "scaler" not in node.entries:
        return 0
    return integer(node.entries["scaler"], -20, 20)


def _profile(entries: Table) -> ProfileSpec:
    entries.only(_PROFILE_KEYS)
    given = entries.entries
    period = given.get("capture_period")
    seconds: int | str = 0
    if isinstance(period, Text):
        seconds = period.text if period.text in ("day", "month") else integer(period, 0, 86_400)
    return ProfileSpec(
        tuple(map(_column, sequence(entries.need("columns")))),
        seconds,
        integer(entries.need("entries"), 1, 1_000_000),
        one_of(given["sort_method"], _SORT_METHODS) if "sort_method" in given else 1,
        _column(given["sort_object"]) if "sort_object" in given else None,
    )


def _column(node: Node) -> ColumnSpec:
    parts = text(node).split()
    if not 1 <= len(parts) <= 3 or (len(parts) == 3 and not parts[2].isdigit()):
        raise node.place.mistake(
            "a column is an OBIS code, an attribute and an element, as in 1.0.1.8.0.255 value"
        )
    try:
        name = LogicalName(parts[0])
    except InvalidValueError as error:
        raise node.place.mistake(str(error)) from None
    return ColumnSpec(
        node.place, name, parts[1] if len(parts) > 1 else "2", int(parts[2]) if len(parts) > 2 else 0
    )
