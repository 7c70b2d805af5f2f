"""A meter in a thread of its own, for programs that block."""

from __future__ import annotations

import asyncio
from collections.abc import Generator
from concurrent.futures import Future
from contextlib import contextmanager
from threading import Thread
from typing import TypeAlias

from cosem.server.device import PhysicalDevice
from cosem.server.listen import MeterServer
from cosem.transport.limits import DEFAULT_LISTEN_LIMITS, ListenLimits
from cosem.transport.stations import DEFAULT_STATION_OPTIONS, StationOptions

_Running: TypeAlias = tuple[asyncio.AbstractEventLoop, asyncio.Event, str]


@contextmanager
def serve_in_thread(
    device: PhysicalDevice,
    url: str = "tcp://127.0.0.1:0",
    *,
    station: StationOptions = DEFAULT_STATION_OPTIONS,
    limits: ListenLimits = DEFAULT_LISTEN_LIMITS,
) -> Generator[str, None, None]:
    """Serve a device while the ``with`` block runs, which is given the address to connect to.

    The device belongs to the thread meanwhile: leave it alone until the block ends. Raises as MeterServer does.

    ::

        with serve_in_thread(device) as address:
            ...
    """
    started: Future[_Running] = Future()
    thread = Thread(target=lambda: asyncio.run(_serve(device, url, station, limits, started)), name="meter")
    thread.start()
    try:
        loop, stop, address = started.result()
    except BaseException:
        thread.join()
        raise
    try:
        yield address
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


async def _serve(
    device: PhysicalDevice,
    url: str,
    station: StationOptions,
    limits: ListenLimits,
    started: Future[_Running],
) -> None:
    try:
        async with MeterServer(device, url, station=station, limits=limits) as server:
            stop = asyncio.Event()
            started.set_result((asyncio.get_running_loop(), stop, server.addresses[0]))
            await stop.wait()
    except Exception as error:
        if started.done():
            raise
        started.set_exception(error)
