"""A meter of a few objects, with a public client (16) and a management client (1, with a password)."""

from __future__ import annotations

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.obis import LogicalName
from cosem.model import Clock, DisconnectControl, Register
from cosem.model import Data as DataObject
from cosem.model.c0070_disconnect_control import ControlModeV1, ControlState
from cosem.model.types.structures import ScalerUnit
from cosem.model.types.units import Unit
from cosem.server import (
    Access,
    Association,
    HostedObject,
    LogicalDevice,
    ObjectRights,
    PhysicalDevice,
    Rights,
    custom_class,
)
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy

PUBLIC, MANAGEMENT = 16, 1
PASSWORD = "s3cret"
LOW = Authentication.low(PASSWORD)

ENERGY = Register("1.0.1.8.0.255")
POWER = Register("1.0.1.7.0.255")
CLOCK = Clock("0.0.1.0.0.255")
NOTE = DataObject("0.0.96.1.0.255")
BREAKER = DisconnectControl("0.0.96.3.10.255")
OWN = custom_class(8192, 0, [2, -1], [1])("0.0.128.0.0.255")
BROKEN = DataObject("0.0.96.99.0.255")

NOW = DateTime.parse("2024-03-01 12:00:00.00+01:00")


class Breaker:
    """The mechanics behind the disconnect control."""

    def __init__(self) -> None:
        self.closed = True

    def open(self, _: int) -> None:
        self.closed = False

    def close(self, _: int) -> None:
        self.closed = True


def explode() -> Data:
    raise ZeroDivisionError("a defect in the meter")


def objects() -> list[HostedObject]:
    breaker = Breaker()
    watts = iter(range(1000))
    return [
        HostedObject(
            ENERGY,
            {"value": Data.double_long_unsigned(1234567), "scaler_unit": ScalerUnit(0, Unit.ACTIVE_ENERGY)},
        ),
        HostedObject(
            POWER, {2: lambda: Data.double_long_unsigned(next(watts)), 3: ScalerUnit(0, Unit.ACTIVE_POWER)}
        ),
        HostedObject(CLOCK, {"time": NOW, "time_zone": -60}),
        HostedObject(NOTE, {"value": Data.octet_string(b"note")}),
        HostedObject(
            BREAKER,
            {
                "output_state": lambda: breaker.closed,
                "control_state": lambda: (
                    ControlState.CONNECTED if breaker.closed else ControlState.DISCONNECTED
                ),
                "control_mode": ControlModeV1.MODE_4,
            },
            methods={"remote_disconnect": breaker.open, "remote_reconnect": breaker.close},
        ),
        HostedObject(OWN, {2: Data.unsigned(7), -1: Data.null()}, methods={1: lambda given: given}),
        HostedObject(BROKEN, {2: explode}),
    ]


MANAGEMENT_RIGHTS = Rights(
    Access.READ_WRITE,
    methods=True,
    classes={15: ObjectRights(attributes={"secret": Access.WRITE})},
)
PUBLIC_RIGHTS = Rights(objects={NOTE.logical_name: ObjectRights(visible=False)})


def small_meter(*, version: int = 1) -> PhysicalDevice:
    associations = [
        Association(PUBLIC, AssociationPolicy(), PUBLIC_RIGHTS, version=version),
        Association(MANAGEMENT, AssociationPolicy(LOW), MANAGEMENT_RIGHTS, version=version),
    ]
    second = Association(PUBLIC, AssociationPolicy(), Rights(), version=version)
    return PhysicalDevice(
        [
            LogicalDevice(1, b"XYZ0000000000001", objects(), associations),
            LogicalDevice(2, b"XYZ2", [], [second]),
        ]
    )


CURRENT = LogicalName("0.0.40.0.0.255")
