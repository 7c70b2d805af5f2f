"""Simulated meters as the commands serve them: out of a meter file or a device, on addresses, kept going."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from cosem.core.errors import InvalidValueError
from cosem.server import MeterServer
from cosem.server.listen import listen_address
from cosem.sim import Fleet, Meter, MeterFile, MeterFileError, device_file, find_package, load_meter_file
from cosem.sim.meter_file import AssociationSpec
from cosem.transport.address import NetworkAddress
from cosem.transport.limits import DEFAULT_LISTEN_LIMITS
from cosem.transport.stations import StationOptions

DEFAULT_METER: Final = "three_phase"
"""The meter that comes with the package and is meant where none is named."""

DEFAULT_PASSWORD: Final = "12345678"
"""The password of low level security of a simulated device where none is given; it is printed."""

_TICK: Final = 1.0
_HIGHEST_PORT: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Served:
    """One meter and where it is reached; ``clients`` are its associations, at ``sap`` if they do not say."""

    name: str
    addresses: tuple[str, ...]
    clients: tuple[AssociationSpec, ...] = ()
    sap: int = 1


def meter_file(name: str) -> MeterFile:
    """A meter file by its path, or one of the package by its name. Raises InvalidValueError, naming every mistake."""
    try:
        return load_meter_file(name)
    except MeterFileError as error:
        raise InvalidValueError(str(error)) from None


def device_meter(
    name: str, variant: str = "", *, password: str | bytes = DEFAULT_PASSWORD, unprotected: bool = False
) -> MeterFile:
    """A meter of a device, by its name or the import path of its package. Raises InvalidValueError.

    ``unprotected`` lets clients whose associations need high level security or ciphering associate without any.
    """
    return device_file(find_package(name), variant, password=password, unprotected=unprotected)


def make_meters(file: MeterFile, count: int) -> list[Meter]:
    """Meters that are alike but for their serial numbers. Raises InvalidValueError."""
    try:
        return Fleet(file, count).meters()
    except MeterFileError as error:
        raise InvalidValueError(str(error)) from None


def addresses_of(urls: Sequence[str], index: int) -> list[str]:
    """Where the meter of this number listens: each further meter one port higher. Raises InvalidValueError."""
    found: list[str] = []
    for url in urls:
        address = listen_address(url)
        if not isinstance(address, NetworkAddress):
            if index:
                raise InvalidValueError(f"{url}: one meter at most is on a serial line")
            found.append(url)
        else:
            port = address.port and address.port + index
            if port > _HIGHEST_PORT:
                raise InvalidValueError(f"{url}: there are not that many ports above this one")
            found.append(str(replace(address, port=port)))
    return found


def meter_server(meter: Meter, *urls: str) -> MeterServer:
    """A server for a meter, with the data link that its device has."""
    station = StationOptions.of(meter.file.link)
    idle = max(DEFAULT_LISTEN_LIMITS.idle, station.inactivity_timeout)
    return MeterServer(
        meter.device(), *urls, station=station, limits=replace(DEFAULT_LISTEN_LIMITS, idle=idle)
    )


@asynccontextmanager
async def serving(meters: Sequence[Meter], urls: Sequence[str]) -> AsyncGenerator[list[Served], None]:
    """Serve the meters while the block runs, and keep them going."""
    async with AsyncExitStack() as stack:
        served: list[Served] = []
        for index, meter in enumerate(meters):
            server = await stack.enter_async_context(meter_server(meter, *addresses_of(urls, index)))
            name = meter.device_name.decode("latin-1")
            served.append(
                Served(name, tuple(server.addresses), tuple(meter.file.associations), meter.file.sap)
            )
        ticking = asyncio.create_task(_tick(meters))
        stack.callback(ticking.cancel)
        yield served


async def _tick(meters: Sequence[Meter]) -> None:
    while True:
        await asyncio.sleep(_TICK)
        for meter in meters:
            meter.tick()
