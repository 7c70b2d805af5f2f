"""A world whose time is moved by hand, and meters in it."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from tests.server.desk import Desk

from cosem.core.obis import LogicalName
from cosem.core.simple import Value
from cosem.server import HostedProfile
from cosem.session.authentication import Authentication
from cosem.sim import Meter, MeterFile, load_meter_file

MANAGER = Authentication.low("00000001")


@cache
def three_phase() -> MeterFile:
    return load_meter_file("three_phase")


def at(year: int, month: int, day: int, hour: int = 0, minute: int = 0, second: float = 0) -> float:
    """Seconds since 1970, UTC."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC).timestamp() + second


class World:
    """Seconds since 1970, UTC."""

    def __init__(self, time: float = at(2024, 3, 1, 11, 7)) -> None:
        self.time = time

    def __call__(self) -> float:
        return self.time

    def meter(
        self, file: MeterFile | None = None, *, serial: int | None = None, seed: int | None = None
    ) -> Meter:
        return Meter(file or three_phase(), now=self, serial=serial, seed=seed)


def read(meter: Meter, name: str, attribute: str | int = 2) -> Value:
    return meter.logical_device.objects[LogicalName(name)].value(attribute)


def number(meter: Meter, name: str, attribute: str | int = 2) -> int:
    value = read(meter, name, attribute)
    assert isinstance(value, int)
    return value


def profile(meter: Meter, name: str) -> HostedProfile:
    hosted = meter.logical_device.objects[LogicalName(name)]
    assert isinstance(hosted, HostedProfile)
    return hosted


def manager(meter: Meter) -> Desk:
    return Desk(meter.device(), 1, authentication=MANAGER).open()
