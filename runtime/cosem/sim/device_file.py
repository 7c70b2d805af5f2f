"""A meter out of a device: everything that an overlay says of it, made up where it says nothing.

::

    package = find_package("example")
    meter = Meter(device_file(package, password="12345678"))
"""

from __future__ import annotations

import datetime as dt
import re
import zlib
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Final

from cosem.core.access import CosemObject
from cosem.core.datetime import DateTime
from cosem.core.device import Device
from cosem.core.obis import LogicalName
from cosem.core.secret import Secret
from cosem.obis import describe
from cosem.sim.blend import blend_weights
from cosem.sim.device_objects import ObjectMaker
from cosem.sim.device_package import DevicePackage
from cosem.sim.device_profiles import make_profile
from cosem.sim.device_rights import main_sap, offered
from cosem.sim.expand import Expanded, expand, usual_variant
from cosem.sim.identity import Identity, numbered
from cosem.sim.load import SHAPES, Curve
from cosem.sim.measurand import measurand
from cosem.sim.meter_file import ClockSpec, LoadSpec, MeterFile
from cosem.sim.object_file import Measured, ObjectSpec, Timed
from cosem.sim.plausible import Surroundings
from cosem.sim.sources import Supply

INSTALLED: Final = dt.date(2022, 1, 1)
"""When a simulated meter begins to count."""

_FLAG: Final = "XYZ"
_FIRMWARE: Final = "V1.4.2"
_ASSOCIATION_CLASSES: Final = (15,)
_ADDED: Final = {(17, LogicalName("0.0.41.0.0.255"))}
"""What a logical device has by itself, besides association objects."""
_PROFILE: Final = 7
_MOST_TARIFFS: Final = 4
_TARIFF: Final = re.compile(r"tariff (\d+)")
_PHASES: Final = re.compile(r"\bL[23]\b")
_POWER_FACTOR: Final = 0.96
_HOURS: Final = {
    1: (1,) * 24,
    2: (2,) * 6 + (1,) * 16 + (2,) * 2,
    3: (2,) * 6 + (1,) * 11 + (3,) * 4 + (1,) + (2,) * 2,
    4: (2,) * 6 + (4,) * 4 + (1,) * 7 + (3,) * 4 + (1,) + (2,) * 2,
}
"""By how many tariffs there are: that of each hour."""
_LOADS: Final = {
    "import": ("household", 4_200_000.0, 1_650_000.0, 0.35, 0.8),
    "export": ("solar", 2_400_000.0, 310_000.0, -0.75, 0.6),
    "gas": ("household", 1_450.0, 5_120.0, 0.85, 0.6),
    "water": ("household", 110.0, 402.0, 0.0, 0.8),
    "hot_water": ("household", 38.0, 120.0, 0.1, 0.8),
    "heat": ("household", 11_000_000.0, 24_000_000.0, 0.85, 0.5),
}
"""Name: shape, Wh or m³ in a mean year, what stands on the first day, season, noise."""
_KINDS: Final = frozenset(("energy", "power", "demand", "cumulative", "tariff", "maximum"))


def device_file(
    package: DevicePackage,
    variant: str = "",
    *,
    password: str | bytes | Secret = "",
    unprotected: bool = False,
) -> MeterFile:
    """What all meters of a device have in common, to be made of it by :class:`~cosem.sim.meter.Meter`.

    ``variant`` is a kind of the device; the first where none is named. :func:`cosem.sim.expand.expand` says which
    objects there are, :func:`cosem.sim.device_rights.offered` who may do what with them, and what ``password`` and
    ``unprotected`` are for. Objects are of the device's own classes. Their values are what the list fixes, then what
    their codes and units say they measure, then values of the type that are the same every time.

    Raises InvalidValueError for a variant or a class that there is not.
    """
    device = package.device
    expanded = expand(device, variant or usual_variant(device))
    described = {each.logical_name: package.object(each.row, each.logical_name) for each in expanded}
    identity, firmware = _identity(device)
    hosted = [each for each in expanded if not _comes_by_itself(described[each.logical_name])]
    spoken = _spoken(device, described)
    tariffs = _tariffs(spoken)
    maker = ObjectMaker(device.name, described, _surroundings(hosted), tariffs, firmware)
    objects = [
        make_profile(maker, each) if each.row.class_id == _PROFILE else maker.make(each) for each in hosted
    ]
    supply = Supply(3 if any(_PHASES.search(words) for words in spoken) else 1, power_factor=_POWER_FACTOR)
    measured = _load_names(_sources(device, objects, tariffs))
    blends = _blends(measured, supply)
    return MeterFile(
        device.name,
        identity,
        ClockSpec(60, DateTime.parse("*-03-last Sun 02:00:00"), DateTime.parse("*-10-last Sun 03:00:00")),
        supply,
        _loads(measured, blends, tariffs),
        offered(
            device,
            expanded,
            described,
            password=password if isinstance(password, Secret) else Secret(password),
            unprotected=unprotected,
        ),
        {},
        objects,
        blends=blends,
        quirks=frozenset(device.quirks),
        sap=main_sap(device),
        link=device.link,
    )


def _comes_by_itself(described: CosemObject) -> bool:
    key = described.CLASS_ID, described.logical_name
    return described.CLASS_ID in _ASSOCIATION_CLASSES or key in _ADDED


def _identity(device: Device) -> tuple[Identity, str]:
    """Who the first meter is, as the device is recognised, and what its firmware is called."""
    match = next(iter(device.match), None)
    serial = 10_000_000 + zlib.crc32(device.name.encode()) % 80_000_000
    flag = match.flag if match is not None and len(match.flag) == 3 and match.flag.isascii() else _FLAG
    flag = "".join(letter if letter.isalnum() else "X" for letter in flag)
    pattern = match.device_name if match is not None else ""
    firmware = numbered(match.firmware, 0, len(match.firmware)) if match and match.firmware else _FIRMWARE
    return Identity(flag, serial, device.title, INSTALLED, pattern), firmware


def _surroundings(expanded: Iterable[Expanded]) -> Surroundings:
    objects: dict[int, list[LogicalName]] = {}
    for each in expanded:
        objects.setdefault(each.row.class_id, []).append(each.logical_name)
    return Surroundings(objects, INSTALLED)


def _spoken(device: Device, described: Mapping[LogicalName, CosemObject]) -> list[str]:
    """The words for every code that the device has or pushes."""
    pushed = [item.logical_name for each in device.push for item in each.items if item.logical_name]
    return [describe(name) for name in [*described, *pushed]]


def _tariffs(spoken: Iterable[str]) -> int:
    """How many tariffs are in use."""
    found = [int(match[1]) for words in spoken if (match := _TARIFF.search(words))]
    return min(max(found, default=1), _MOST_TARIFFS)


def _sources(device: Device, objects: Iterable[ObjectSpec], tariffs: int) -> list[str]:
    """The names of everything that is measured, or may be pushed."""
    found: list[str] = []
    for spec in objects:
        for live in spec.live.values():
            if isinstance(live, Measured):
                found.append(live.source)
            elif isinstance(live, Timed):
                found.append(live.moment)
    for each in device.push:
        names = [item.logical_name for item in each.items if item.logical_name is not None]
        found += [measurand(name, tariffs=tariffs).source for name in names]
    return found


def _blends(measured: Iterable[str], supply: Supply) -> dict[str, Mapping[str, float]]:
    """What derived loads are made of: those that are measured."""
    tangent = (1 - supply.power_factor**2) ** 0.5 / supply.power_factor
    found: dict[str, Mapping[str, float]] = {}
    for name in sorted(measured):
        weights = blend_weights(name, tangent=tangent, phases=supply.phases)
        if weights is not None:
            found[name] = weights
    return found


def _load_names(sources: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for source in sources:
        parts = source.split(".")
        found |= {after for kind, after in pairwise(parts) if kind in _KINDS}
    return found


def _loads(
    measured: Iterable[str], blends: Mapping[str, Mapping[str, float]], tariffs: int
) -> dict[str, LoadSpec]:
    """The loads that are measured themselves or in a blend; import always, as it makes the currents."""
    wanted = {"import", *measured} | {part for each in blends.values() for part in each}
    first_day = (INSTALLED - dt.date(1970, 1, 1)).days
    return {
        name: LoadSpec(
            Curve(SHAPES[shape], first_day=first_day, season=season, tariffs=_HOURS[tariffs]),
            annual,
            start,
            noise,
            name == "import",
        )
        for name, (shape, annual, start, season, noise) in _LOADS.items()
        if name in wanted
    }
