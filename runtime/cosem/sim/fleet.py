"""Many meters of one file."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Final

from cosem.core.errors import InvalidValueError
from cosem.server import MeterServer, PhysicalDevice
from cosem.sim.meter import Meter
from cosem.sim.meter_file import MeterFile

_HIGHEST_SAP: Final = 0x3FFF


class Fleet:
    """``count`` meters with serial numbers in a row from that of the file, or from ``first_serial``.

    ::

        async with Fleet(load_meter_file("three_phase"), 100).serve("tcp://127.0.0.1:5000") as addresses:
            ...
    """

    def __init__(
        self,
        file: MeterFile,
        count: int,
        *,
        now: Callable[[], float] = time.time,
        first_serial: int | None = None,
    ) -> None:
        if not 1 <= count < _HIGHEST_SAP:
            raise InvalidValueError(f"a fleet has 1 to {_HIGHEST_SAP - 1} meters, not {count}")
        self._file = file
        self._now = now
        first = file.identity.serial if first_serial is None else first_serial
        self.serials = range(first, first + count)

    def meters(self) -> list[Meter]:
        """The meters, each the management logical device of its own."""
        return [Meter(self._file, now=self._now, serial=serial) for serial in self.serials]

    def device(self) -> PhysicalDevice:
        """All meters as logical devices of one physical device, SAP 1 and up."""
        return PhysicalDevice(
            [
                Meter(self._file, now=self._now, serial=serial, sap=sap).logical_device
                for sap, serial in enumerate(self.serials, 1)
            ]
        )

    @asynccontextmanager
    async def serve(self, url: str) -> AsyncGenerator[list[str], None]:
        """Serve each meter on a port of its own, upwards from that of ``url`` (port 0: free ones).

        Gives the addresses, in the order of the serial numbers. Raises ConnectionLost if a port cannot be had.
        """
        head, _, port = url.rpartition(":")
        if not port.isdigit():
            raise InvalidValueError(f"{url!r}: an address with a port is needed, as in tcp://127.0.0.1:4059")
        first = int(port)
        async with AsyncExitStack() as stack:
            servers = [
                await stack.enter_async_context(
                    MeterServer(meter.device(), f"{head}:{first + number if first else 0}")
                )
                for number, meter in enumerate(self.meters())
            ]
            yield [server.addresses[0] for server in servers]
