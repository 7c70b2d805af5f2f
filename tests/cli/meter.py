"""A meter of a few objects on loopback: registers, clock, breaker, a load profile, and text that means harm."""

from __future__ import annotations

import datetime as dt
from collections.abc import Generator
from contextlib import contextmanager

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.obis import LogicalName
from cosem.model import ActivityCalendar, Clock, DisconnectControl, ProfileGeneric, Register
from cosem.model import Data as DataObject
from cosem.model.c0070_disconnect_control import ControlModeV1, ControlState
from cosem.model.types.structures import ScalerUnit
from cosem.model.types.units import Unit
from cosem.server import (
    Access,
    Association,
    Column,
    HostedObject,
    HostedProfile,
    LogicalDevice,
    ObjectRights,
    PhysicalDevice,
    Rights,
    custom_class,
    serve_in_thread,
)
from cosem.server.row_store import CapturedRows
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy

PASSWORD = "s3cret-w0rd"
HARMFUL = b"\x1b[31mred\x07 [bold]markup[/bold] \xe2\x80\xae"
ENERGY, VOLTAGE = LogicalName("1.0.1.8.0.255"), LogicalName("1.0.32.7.0.255")
HIDDEN = LogicalName("0.0.96.50.0.255")
LOAD = LogicalName("1.0.99.1.0.255")
NOON = DateTime.parse("2024-03-01 12:00:00.00+01:00")


class Breaker:
    """What is behind the disconnect control."""

    def __init__(self) -> None:
        self.closed = True

    def open(self, _: int) -> None:
        self.closed = False

    def close(self, _: int) -> None:
        self.closed = True


def _load() -> HostedProfile:
    columns = [Column(8, LogicalName("0.0.1.0.0.255"), 2), Column(3, ENERGY, 2)]
    rows = CapturedRows(100, clock=0)
    for quarter in range(8):
        time = NOON.shifted(dt.timedelta(minutes=15 * quarter))
        rows.append(
            Data.structure([Data.octet_string(time), Data.double_long_unsigned(1000 + 250 * quarter)]).octets
        )
    return HostedProfile(ProfileGeneric(LOAD), columns, entries=100, capture_period=900, rows=rows)


def meter() -> PhysicalDevice:
    breaker = Breaker()
    state = {True: ControlState.CONNECTED, False: ControlState.DISCONNECTED}
    objects = [
        HostedObject(
            Register(ENERGY),
            {2: Data.double_long_unsigned(1234567), 3: ScalerUnit(0, Unit.ACTIVE_ENERGY)},
        ),
        HostedObject(Register(VOLTAGE), {2: Data.long_unsigned(2301), 3: ScalerUnit(-1, Unit.VOLTAGE)}),
        HostedObject(
            Clock("0.0.1.0.0.255"), {"time": NOON, "time_zone": -60, "daylight_savings_enabled": True}
        ),
        HostedObject(DataObject("0.0.96.1.0.255"), {2: Data.octet_string(HARMFUL)}),
        HostedObject(DataObject("0.0.96.1.1.255"), {2: Data.utf8_string(HARMFUL.decode())}),
        HostedObject(DataObject("0.0.96.1.2.255"), {2: Data.long_unsigned(7)}),
        HostedObject(DataObject(HIDDEN), {2: Data.unsigned(1)}),
        HostedObject(ActivityCalendar("0.0.13.0.0.255"), {"calendar_name_active": b"winter"}),
        HostedObject(custom_class(9000, 0, [2])("0.0.128.0.0.255"), {2: Data.unsigned(9)}),
        HostedObject(
            DisconnectControl("0.0.96.3.10.255"),
            {
                "output_state": lambda: breaker.closed,
                "control_state": lambda: state[breaker.closed],
                "control_mode": ControlModeV1.MODE_4,
            },
            methods={"remote_disconnect": breaker.open, "remote_reconnect": breaker.close},
        ),
        _load(),
    ]
    hidden: dict[bytes, ObjectRights] = {HIDDEN: ObjectRights(attributes={2: Access.NONE})}
    associations = [
        Association(16, AssociationPolicy(), Rights(objects=hidden)),
        Association(
            1,
            AssociationPolicy(Authentication.low(PASSWORD)),
            Rights(Access.READ_WRITE, methods=True, objects=hidden),
        ),
    ]
    return PhysicalDevice([LogicalDevice(1, b"TST0000000000001", objects, associations)])


@contextmanager
def served(scheme: str = "tcp") -> Generator[str, None, None]:
    """The address of a fresh meter."""
    with serve_in_thread(meter(), f"{scheme}://127.0.0.1:0") as address:
        yield address
