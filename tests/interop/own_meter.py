"""A meter of ours for peers, bad lines and benchmarks: what stands in it, and what a client has to read from it.

Everything stands still, so that what was read can be compared. Client 16 needs no authentication, client 1 has a
password. ``LONG`` is longer than one HDLC frame, ``VERY_LONG`` longer than a small APDU.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from cosem.apdu import DataAccessResult
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError
from cosem.model import (
    Clock,
    DemandRegister,
    DisconnectControl,
    ExtendedRegister,
    ProfileGeneric,
    Register,
)
from cosem.model import (
    Data as DataObject,
)
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
    PhysicalDevice,
    Rights,
)
from cosem.server.columns import boundaries
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy

PUBLIC, READER = 16, 1
PASSWORD = b"12345678"

CLOCK = Clock("0.0.1.0.0.255")
IMPORTED = Register("1.0.1.8.0.255")
EXPORTED = Register("1.0.2.8.0.255")
MAXIMUM = ExtendedRegister("1.0.1.6.0.255")
DEMAND = DemandRegister("1.0.1.4.0.255")
SERIAL_NUMBER = DataObject("0.0.96.1.0.255")
STATUS = DataObject("0.0.96.5.0.255")
LONG = DataObject("0.0.96.1.4.255")
VERY_LONG = DataObject("0.0.96.1.5.255")
BREAKER = DisconnectControl("0.0.96.3.10.255")
LOAD_PROFILE = ProfileGeneric("1.0.99.1.0.255")

FIRST_ROW = dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
PERIOD = dt.timedelta(minutes=15)
NOW = DateTime.from_datetime(dt.datetime(2024, 5, 1, 12, tzinfo=dt.timezone(dt.timedelta(hours=2))))
LONG_VALUE = bytes(range(256)) + b"a value of several frames" * 4
VERY_LONG_VALUE = bytes(range(256)) * 12

_COLUMNS = (
    Column(8, CLOCK.logical_name, 2),
    Column(1, STATUS.logical_name, 2),
    Column(3, IMPORTED.logical_name, 2),
    Column(3, EXPORTED.logical_name, 2),
)


class FixedRows:
    """Rows that were encoded once, all of one shape, in the order of their times."""

    __slots__ = ("_octets", "_stride", "shape")

    ascending = True

    def __init__(self, octets: bytes, stride: int) -> None:
        self._octets = octets
        self._stride = stride
        self.shape: Sequence[int] | None = boundaries(octets[:stride])

    def __len__(self) -> int:
        return len(self._octets) // self._stride

    def octets(self, start: int, stop: int) -> bytes:
        """The rows from ``start`` to before ``stop``."""
        return self._octets[start * self._stride : stop * self._stride]

    def row(self, index: int) -> bytes:
        """One row."""
        return self.octets(index, index + 1)

    def append(self, row: bytes) -> None:
        """Nothing is captured here."""
        raise AccessError(DataAccessResult.READ_WRITE_DENIED)

    def clear(self) -> None:
        """Nothing is dropped either."""
        raise AccessError(DataAccessResult.READ_WRITE_DENIED)


def row_values(index: int) -> list[bytes | int]:
    """The cells of one row of the load profile."""
    return [DateTime.from_datetime(FIRST_ROW + index * PERIOD), 0, 1_000_000 + 7 * index, 3 * index]


def load_profile(rows: int) -> HostedProfile:
    """The load profile with its first ``rows`` rows."""
    octets = bytearray()
    for index in range(rows):
        time, status, imported, exported = row_values(index)
        assert isinstance(time, bytes)
        octets += b"\x02\x04\x09\x0c" + time + b"\x11" + bytes((int(status),))
        octets += b"\x06" + int(imported).to_bytes(4) + b"\x06" + int(exported).to_bytes(4)
    return HostedProfile(
        LOAD_PROFILE,
        _COLUMNS,
        entries=max(rows, 1),
        capture_period=int(PERIOD.total_seconds()),
        rows=FixedRows(bytes(octets), len(octets) // rows),
    )


def own_meter(rows: int = 2_000, *, association_version: int = 1) -> PhysicalDevice:
    """The meter, with a load profile of so many rows."""
    energy = ScalerUnit(0, Unit.ACTIVE_ENERGY)
    power = ScalerUnit(-1, Unit.ACTIVE_POWER)
    objects = [
        HostedObject(
            CLOCK,
            {
                "time": NOW,
                "time_zone": -60,
                "status": 0x80,
                "daylight_savings_begin": DateTime.parse("*-03-last Sun 02:00:00"),
                "daylight_savings_end": DateTime.parse("*-10-last Sun 03:00:00"),
                "daylight_savings_deviation": 60,
                "daylight_savings_enabled": True,
                "clock_base": 1,
            },
        ),
        HostedObject(IMPORTED, {"value": Data.double_long_unsigned(12_345_678), "scaler_unit": energy}),
        HostedObject(EXPORTED, {"value": Data.double_long_unsigned(0), "scaler_unit": energy}),
        HostedObject(
            MAXIMUM,
            {
                "value": Data.long_unsigned(54_321),
                "scaler_unit": power,
                "status": Data.unsigned(0),
                "capture_time": NOW,
            },
        ),
        HostedObject(
            DEMAND,
            {
                "current_average_value": Data.double_long(-17),
                "last_average_value": Data.double_long(2_000),
                "scaler_unit": power,
                "status": Data.unsigned(0),
                "capture_time": NOW,
                "start_time_current": NOW,
                "period": 900,
                "number_of_periods": 1,
            },
        ),
        HostedObject(SERIAL_NUMBER, {"value": Data.octet_string(b"COS0000000000001")}),
        HostedObject(STATUS, {"value": Data.unsigned(0)}),
        HostedObject(LONG, {"value": Data.octet_string(LONG_VALUE)}),
        HostedObject(VERY_LONG, {"value": Data.octet_string(VERY_LONG_VALUE)}),
        HostedObject(
            BREAKER,
            {
                "output_state": True,
                "control_state": ControlState.CONNECTED,
                "control_mode": ControlModeV1.MODE_4,
            },
        ),
        load_profile(rows),
    ]
    associations = [
        Association(PUBLIC, AssociationPolicy(), Rights(), version=association_version),
        Association(
            READER,
            AssociationPolicy(Authentication.low(PASSWORD)),
            Rights(Access.READ_WRITE, methods=True),
            version=association_version,
        ),
    ]
    return PhysicalDevice([LogicalDevice(1, b"COS0000000000001", objects, associations)])
