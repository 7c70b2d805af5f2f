"""Two meters as shipped overlays describe them, on loopback: a gas meter by UNI/TS 11291 and one of KPZ by SPODES.

The gas meter has a class of its own, and turns the deviation of its times round. The other one says who it is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager

from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, InvertedDateTime, Time
from cosem.core.obis import LogicalName
from cosem.devices.kpz_m2m import KpzM2M, VoltageEvent
from cosem.devices.uni_ts_11291 import (
    ActivationTime,
    PublicHolidays,
    TariffBand,
    TariffPlanContent,
    UniTs11291,
    ValveClosureCause,
)
from cosem.model import ProfileGeneric
from cosem.model.types.structures import ScalerUnit
from cosem.model.types.units import Unit
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

PASSWORD = "00000032"
CLOCK, VOLUME = LogicalName("0.0.1.0.0.255"), LogicalName("7.0.13.2.0.255")
LOAD = UniTs11291.daily_load_profile.logical_name
NOON = DateTime.parse("2024-03-01 12:00:00.00+01:00")
PLAN = TariffPlanContent(TariffBand.F2, [], PublicHolidays(0x400), [])
ROWS = 96


def inverted(moment: DateTime) -> bytes:
    return bytes(InvertedDateTime.of(moment))


def gas_meter() -> PhysicalDevice:
    """Its profile captures the clock in place of the seconds that the overlay names, for it is about times."""
    activation = ActivationTime(Time.parse("06:00:00.00"), Date.parse("2024-04-01"))
    objects = [
        HostedObject(UniTs11291.clock, {2: InvertedDateTime.of(NOON), 3: 60}),
        HostedObject(
            UniTs11291.converted_volume,
            {2: Data.double_long_unsigned(1234567), 3: ScalerUnit(-3, Unit.CORRECTED_VOLUME)},
        ),
        HostedObject(UniTs11291.valve_closure_cause, {2: ValveClosureCause.LEAKAGE}),
        HostedObject(UniTs11291.on_demand_snapshot_time, {2: InvertedDateTime.of(NOON)}),
        HostedObject(UniTs11291.active_tariff_plan, {2: b"PLAN", 3: True, 4: PLAN, 5: activation}),
        _load(),
    ]
    return _device(b"XYZ0000000000001", objects, Association(16, AssociationPolicy(), Rights()))


def kpz_meter(name: bytes = b"KPZ0000000000001") -> PhysicalDevice:
    """Opens to the public client, and to the reader with a password."""
    objects = [
        HostedObject(KpzM2M.clock, {2: NOON, 3: -60}),
        HostedObject(
            KpzM2M.active_energy_import(e=0),
            {2: Data.double_long_unsigned(1234567), 3: ScalerUnit(0, Unit.ACTIVE_ENERGY)},
        ),
        HostedObject(KpzM2M.voltage_event, {2: VoltageEvent.VOLTAGE_L2_MISSING}),
        HostedObject(KpzM2M.firmware_name, {2: b"1.6.2"}),
    ]
    reader = Association(32, AssociationPolicy(Authentication.low(PASSWORD)), Rights())
    return _device(name, objects, Association(16, AssociationPolicy(), Rights()), reader)


@contextmanager
def served(device: PhysicalDevice, scheme: str = "tcp") -> Generator[str, None, None]:
    """The address of a fresh meter."""
    with serve_in_thread(device, f"{scheme}://127.0.0.1:0") as address:
        yield address


def _load() -> HostedProfile:
    columns = [Column(8, CLOCK, 2), Column(3, VOLUME, 2)]
    kept = CapturedRows(ROWS, clock=0, moments=InvertedDateTime)
    for quarter in range(ROWS):
        time = inverted(NOON.shifted(dt.timedelta(minutes=15 * quarter)))
        kept.append(
            Data.structure([Data.octet_string(time), Data.double_long_unsigned(1000 + quarter)]).octets
        )
    return HostedProfile(
        ProfileGeneric(LOAD), columns, entries=ROWS, capture_period=900, rows=kept, moments=InvertedDateTime
    )


def _device(
    name: bytes, objects: list[HostedObject | HostedProfile], *associations: Association
) -> PhysicalDevice:
    return PhysicalDevice([LogicalDevice(1, name, objects, [*associations])])
