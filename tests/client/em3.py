"""A meter as the overlay ``example`` describes it, on loopback: what it says of itself, and its quirks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager

from cosem.core.data import Data
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.obis import LogicalName
from cosem.devices.example import ExampleEM3, ScalerUnit, TamperCause, TamperEvent, Unit
from cosem.model import ProfileGeneric
from cosem.server import (
    Association,
    Column,
    HostedObject,
    HostedProfile,
    LogicalDevice,
    PhysicalDevice,
    Rights,
    serve_in_thread,
)
from cosem.server.row_store import CapturedRows
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy

PASSWORD = "00000103"
CLOCK, ENERGY, POINTS = (
    LogicalName("0.0.1.0.0.255"),
    LogicalName("1.0.1.8.0.255"),
    LogicalName("1.0.96.52.1.255"),
)
LOAD = LogicalName("1.0.99.1.0.255")
NOON = DateTime.parse("2024-03-01 12:00:00.00+01:00")
ROWS = 96


def inverted(moment: DateTime) -> bytes:
    return bytes(InvertedDateTime.of(moment))


def _load(rows: int) -> HostedProfile:
    columns = [Column(8, CLOCK, 2), Column(3, ENERGY, 2)]
    kept = CapturedRows(rows, clock=0, moments=InvertedDateTime)
    for quarter in range(rows):
        time = inverted(NOON.shifted(dt.timedelta(minutes=15 * quarter)))
        kept.append(
            Data.structure([Data.octet_string(time), Data.double_long_unsigned(1000 + quarter)]).octets
        )
    return HostedProfile(
        ProfileGeneric(LOAD), columns, entries=rows, capture_period=900, rows=kept, moments=InvertedDateTime
    )


def meter(name: bytes = b"ZZX3000000000001", firmware: bytes = b"2.10", rows: int = ROWS) -> PhysicalDevice:
    objects = [
        HostedObject(ExampleEM3.clock, {2: InvertedDateTime.of(NOON), 3: 60}),
        HostedObject(
            ExampleEM3.active_energy_import(e=0),
            {2: Data.double_long_unsigned(1234567), 3: ScalerUnit(0, Unit.ACTIVE_ENERGY)},
        ),
        HostedObject(
            ExampleEM3.tariff_points(e=1), {2: Data.long_unsigned(25), 3: ScalerUnit(-1, Unit.TARIFF_POINT)}
        ),
        HostedObject(ExampleEM3.last_cause, {2: TamperCause.MAGNET}),
        HostedObject(ExampleEM3.firmware, {2: firmware}),
        HostedObject(
            ExampleEM3.tamper_log,
            {2: [TamperEvent(InvertedDateTime.of(NOON), TamperCause.COVER)]},
        ),
        _load(rows),
    ]
    associations = [
        Association(16, AssociationPolicy(), Rights()),
        Association(103, AssociationPolicy(Authentication.low(PASSWORD)), Rights()),
    ]
    return PhysicalDevice([LogicalDevice(1, name, objects, associations)])


@contextmanager
def served(device: PhysicalDevice | None = None, scheme: str = "tcp") -> Generator[str, None, None]:
    """The address of a fresh meter."""
    with serve_in_thread(device or meter(), f"{scheme}://127.0.0.1:0") as address:
        yield address
