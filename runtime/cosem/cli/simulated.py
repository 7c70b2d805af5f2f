"""Simulated meters as the commands serve them: out of a meter file, on addresses, kept going."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Final

from cosem.core.errors import InvalidValueError
from cosem.server import MeterServer
from cosem.server.listen import listen_address
from cosem.sim import Fleet, Meter, MeterFile, MeterFileError, load_meter_file
from cosem.transport.address import NetworkAddress

DEFAULT_METER: Final = "three_phase"
"""The meter that comes with the package and is meant where none is named."""

_TICK: Final = 1.0
_HIGHEST_PORT: Final = 0xFFFF


@dataclass(frozen=True, slots=True)
class Served:
    """One meter and where it is reached."""

    name: str
    addresses: tuple[str, ...]


def meter_file(name: str) -> MeterFile:
    """A meter file by its path, or one of the package by its name. Raises InvalidValueError, naming every mistake."""
    try:
        return load_meter_file(name)
    except MeterFileError as error:
        raise InvalidValueError(str(error)) from None


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


@asynccontextmanager
async def serving(meters: Sequence[Meter], urls: Sequence[str]) -> AsyncGenerator[list[Served], None]:
    """Serve the meters while the block runs, and keep them going."""
    async with AsyncExitStack() as stack:
        served: list[Served] = []
        for index, meter in enumerate(meters):
            server = await stack.enter_async_context(MeterServer(meter.device(), *addresses_of(urls, index)))
            served.append(Served(meter.device_name.decode("latin-1"), tuple(server.addresses)))
        ticking = asyncio.create_task(_tick(meters))
        stack.callback(ticking.cancel)
        yield served


async def _tick(meters: Sequence[Meter]) -> None:
    while True:
        await asyncio.sleep(_TICK)
        for meter in meters:
            meter.tick()
