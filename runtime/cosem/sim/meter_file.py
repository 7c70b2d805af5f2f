"""A meter described in one YAML file: everything of it that its copies have in common."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

from cosem.core.datetime import DateTime
from cosem.core.device import LinkFacts, Quirk
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.secret import Secret
from cosem.server import Rights
from cosem.server.rights import Grants
from cosem.sim.identity import Identity
from cosem.sim.load import SHAPES, Curve
from cosem.sim.located import (
    MeterFileError,
    Node,
    Table,
    Text,
    integer,
    number,
    one_of,
    read_nodes,
    sequence,
    table,
    text,
    truth,
)
from cosem.sim.object_file import ObjectSpec, read_object
from cosem.sim.rights_file import logical_name, read_rights
from cosem.sim.sources import Supply

T = TypeVar("T")

METERS: Final = Path(__file__).parent / "meters"
"""Where the meters are that come with the package."""

_HOURS: Final = 24
_TOP: Final = ("meter", "clock", "supply", "loads", "associations", "event_logs", "objects")


@dataclass(frozen=True, slots=True)
class ClockSpec:
    """The clock: ``zone`` in minutes east of Greenwich, and when daylight saving begins and ends."""

    zone: int = 0
    begins: DateTime | None = None
    ends: DateTime | None = None
    saving: int = 60


@dataclass(frozen=True, slots=True)
class LoadSpec:
    """A load: what meters of this file share, and what each varies by its seed."""

    curve: Curve
    annual: float
    start: float
    noise: float
    active: bool


@dataclass(frozen=True, slots=True)
class AssociationSpec:
    """An association; ``password`` is None where none is asked for.

    ``high_level`` is the number of a mechanism of high level security and ``ciphered`` asks for ciphering: neither can
    be opened. ``server`` is the SAP of the logical device if it is not that of the meter, ``instance`` the number of
    the association object, ``security_setup`` what it refers to.
    """

    name: str
    client: int
    password: Secret | None
    rights: Rights
    version: int
    max_pdu_size: int
    high_level: int | None = None
    ciphered: bool = False
    server: int | None = None
    instance: int = 0
    security_setup: LogicalName | None = None


@dataclass(slots=True)
class MeterFile:
    """A meter file, read and checked.

    ``blends`` are loads that come of others: the weight of each. ``quirks`` are what its meters do other than the books
    say, ``link`` is how they are reached. ``grants`` keeps what the associations of its meters are granted, by client
    and by SAP: 1 for the management logical device, which has one object more, 0 for a meter at any other.
    """

    name: str
    identity: Identity
    clock: ClockSpec
    supply: Supply
    loads: dict[str, LoadSpec]
    associations: list[AssociationSpec]
    event_logs: dict[str, LogicalName]
    objects: list[ObjectSpec]
    grants: dict[tuple[int, int], Grants] = field(default_factory=dict[tuple[int, int], Grants])
    blends: Mapping[str, Mapping[str, float]] = field(default_factory=dict[str, Mapping[str, float]])
    quirks: frozenset[Quirk] = frozenset()
    sap: int = 1
    link: LinkFacts = field(default_factory=LinkFacts)


def load_meter_file(path: str | Path) -> MeterFile:
    """Read a meter file, or one of those that come with the package by its name (``three_phase``).

    Raises MeterFileError, which lists every mistake with file, line and column.
    """
    path = Path(path)
    known = METERS / f"{path}.yaml"
    if not path.suffix and not path.exists() and known.exists():
        path = known
    try:
        content = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise MeterFileError([f"{path}:1:1: {error}"]) from None
    return read_meter(content, str(path))


def read_meter(content: str, file: str = "<meter>") -> MeterFile:
    """The same from a text. Raises MeterFileError."""
    top = table(read_nodes(content, file), *_TOP)
    mistakes = Mistakes()
    identity = mistakes.keep(lambda: _identity(table(top.need("meter"))))
    if identity is None:
        raise MeterFileError(mistakes.found)
    clock = mistakes.keep(lambda: _clock(top.entries.get("clock"))) or ClockSpec()
    supply = mistakes.keep(lambda: _supply(top.entries.get("supply"))) or Supply()
    loads = mistakes.keep(lambda: _loads(top.entries.get("loads"), identity.installed)) or {}
    objects = mistakes.each(lambda: sequence(top.need("objects")), read_object)
    associations = mistakes.each(lambda: sequence(top.need("associations")), _association)
    logs = mistakes.keep(lambda: _logs(top.entries.get("event_logs"))) or {}
    _check_names(objects, mistakes)
    if mistakes.found:
        raise MeterFileError(mistakes.found)
    return MeterFile(Path(file).stem, identity, clock, supply, loads, associations, logs, objects)


class Mistakes:
    """Mistakes that do not stop the reading."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def keep(self, read: Callable[[], T]) -> T | None:
        """What ``read`` returns; None, and the mistakes kept, if it raises MeterFileError."""
        try:
            return read()
        except MeterFileError as error:
            self.found += error.mistakes
            return None

    def each(self, nodes: Callable[[], Sequence[Node]], read: Callable[[Node], T]) -> list[T]:
        """What ``read`` makes of each node, those that are wrong left out."""
        kept = [self.keep(partial(read, node)) for node in self.keep(nodes) or ()]
        return [found for found in kept if found is not None]


def _check_names(objects: Sequence[ObjectSpec], mistakes: Mistakes) -> None:
    seen: set[bytes] = set()
    for spec in objects:
        name = spec.template.logical_name
        if name in seen:
            mistakes.found.append(f"{spec.place}: a second object {name}")
        seen.add(name)


def _identity(node: Table) -> Identity:
    node.only(("manufacturer", "serial", "type", "installed"))
    manufacturer = text(node.need("manufacturer"))
    if len(manufacturer) != 3 or not manufacturer.isascii() or not manufacturer.isupper():
        raise node.need("manufacturer").place.mistake("a manufacturer has three letters, as in XYZ")
    serial = integer(node.need("serial"), 0, 10**12)
    return Identity(manufacturer, serial, text(node.need("type")), _date(node.need("installed")))


def _date(node: Node) -> dt.date:
    try:
        return dt.date.fromisoformat(text(node))
    except ValueError:
        raise node.place.mistake(f"no date: {text(node)!r} (as in 2024-02-29)") from None


def _clock(node: Node | None) -> ClockSpec:
    if node is None:
        return ClockSpec()
    entries = table(
        node, "zone", "daylight_savings_begin", "daylight_savings_end", "daylight_savings_deviation"
    ).entries
    return ClockSpec(
        integer(entries["zone"], -720, 840) if "zone" in entries else 0,
        _rule(entries.get("daylight_savings_begin")),
        _rule(entries.get("daylight_savings_end")),
        integer(entries["daylight_savings_deviation"], -120, 120)
        if "daylight_savings_deviation" in entries
        else 60,
    )


def _rule(node: Node | None) -> DateTime | None:
    if node is None:
        return None
    try:
        return DateTime.parse(text(node))
    except InvalidValueError as error:
        raise node.place.mistake(str(error)) from None


def _supply(node: Node | None) -> Supply:
    if node is None:
        return Supply()
    entries = table(node, "phases", "voltage", "frequency", "power_factor").entries
    given = Supply()
    return Supply(
        integer(entries["phases"], 1, 3) if "phases" in entries else given.phases,
        number(entries["voltage"], 1, 1e6) if "voltage" in entries else given.voltage,
        number(entries["frequency"], 1, 1000) if "frequency" in entries else given.frequency,
        number(entries["power_factor"], 0.01, 1) if "power_factor" in entries else given.power_factor,
    )


def _loads(node: Node | None, installed: dt.date) -> dict[str, LoadSpec]:
    return {} if node is None else {name: _load(entry, installed) for name, entry in table(node)}


def _load(node: Node, installed: dt.date) -> LoadSpec:
    load = table(node, "annual", "shape", "weekend", "season", "start", "noise", "tariffs", "active")
    entries = load.entries
    try:
        curve = Curve(
            _shape(load.need("shape")),
            first_day=(installed - dt.date(1970, 1, 1)).days,
            weekend=number(entries["weekend"], 0.01, 100) if "weekend" in entries else 1.0,
            season=number(entries["season"], -0.95, 0.95) if "season" in entries else 0.0,
            tariffs=_tariffs(entries.get("tariffs")),
        )
    except InvalidValueError as error:
        raise node.place.mistake(str(error)) from None
    return LoadSpec(
        curve,
        number(load.need("annual"), 0, 1e12),
        number(entries["start"], 0, 1e12) if "start" in entries else 0.0,
        number(entries["noise"], 0, 1) if "noise" in entries else 0.5,
        truth(entries["active"]) if "active" in entries else True,
    )


def _shape(node: Node) -> tuple[float, ...]:
    if isinstance(node, Text):
        return one_of(node, SHAPES)
    return tuple(number(item, 0, 1e6) for item in sequence(node))


def _tariffs(node: Node | None) -> tuple[int, ...]:
    """Tariff of each hour: ``{1: 6-22, 2: 22-6}``; hours that nobody names have tariff 1."""
    hours = [1] * _HOURS
    for name, entry in table(node) if node is not None else ():
        begin, _, end = text(entry).partition("-")
        if not (
            name.isdigit()
            and begin.isdigit()
            and end.isdigit()
            and int(begin) < _HOURS
            and int(end) <= _HOURS
        ):
            raise entry.place.mistake("a tariff has a number and its hours, as in 2: 22-6")
        if not 1 <= int(name) < 64:
            raise entry.place.mistake("tariffs are 1 to 63")
        length = (int(end) - int(begin)) % _HOURS or _HOURS
        for hour in range(int(begin), int(begin) + length):
            hours[hour % _HOURS] = int(name)
    return tuple(hours)


def _association(node: Node) -> AssociationSpec:
    given = table(node, "name", "client", "password", "rights", "version", "max_pdu_size")
    entries = given.entries
    return AssociationSpec(
        text(given.need("name")),
        integer(given.need("client"), 1, 127),
        Secret(text(entries["password"])) if "password" in entries else None,
        read_rights(entries["rights"]) if "rights" in entries else Rights(),
        integer(entries["version"], 0, 3) if "version" in entries else 1,
        integer(entries["max_pdu_size"], 64, 0xFFFF) if "max_pdu_size" in entries else 0xFFFF,
    )


def _logs(node: Node | None) -> dict[str, LogicalName]:
    if node is None:
        return {}
    logs = table(node, "standard", "disconnector")
    return {name: logical_name(entry) for name, entry in logs}
