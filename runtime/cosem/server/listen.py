"""A meter at its addresses: listeners of every kind, each connection served by a handler of its own."""

from __future__ import annotations

from contextlib import AsyncExitStack
from dataclasses import replace
from types import TracebackType
from typing import Self

from cosem.core.errors import InvalidValueError
from cosem.server.device import PhysicalDevice
from cosem.server.service import MeterHandler
from cosem.transport.address import Address, NetworkAddress, parse_address
from cosem.transport.limits import DEFAULT_LISTEN_LIMITS, ListenLimits
from cosem.transport.listen import Server, serve_serial, serve_tcp
from cosem.transport.listen_udp import serve_udp
from cosem.transport.stations import DEFAULT_STATION_OPTIONS, StationOptions, server_engines


class MeterServer:
    """Serves a device while its ``async with`` block runs, on every address given.

    Addresses are URLs as of :mod:`cosem.transport.address`; port 0 takes a free one, which ``port`` (of the first
    listener) and ``addresses`` tell. Entering raises ConnectionLost if an address cannot be had, InvalidValueError if
    it is none.

    ::

        async with MeterServer(device, "tcp://127.0.0.1:0", "udp://127.0.0.1:0") as server:
            print(server.addresses)
    """

    def __init__(
        self,
        device: PhysicalDevice,
        *urls: str,
        station: StationOptions = DEFAULT_STATION_OPTIONS,
        limits: ListenLimits = DEFAULT_LISTEN_LIMITS,
    ) -> None:
        if not urls:
            raise InvalidValueError("a meter listens on one address at least")
        self.device = device
        self.listeners: list[Server] = []
        self._asked = [listen_address(url) for url in urls]
        self._station = station
        self._limits = limits
        self._stack = AsyncExitStack()

    @property
    def port(self) -> int:
        """The port of the first listener; 0 for a serial line."""
        return self.listeners[0].port

    @property
    def addresses(self) -> list[str]:
        """Where clients reach the meter, as URLs."""
        return [
            str(replace(address, port=listener.port) if isinstance(address, NetworkAddress) else address)
            for address, listener in zip(self._asked, self.listeners, strict=True)
        ]

    @property
    def connections(self) -> int:
        """Connections and peers that are there now."""
        return sum(listener.connections for listener in self.listeners)

    async def __aenter__(self) -> Self:
        async with AsyncExitStack() as stack:
            for address in self._asked:
                self.listeners.append(await stack.enter_async_context(await self._listen(address)))
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()
        self.listeners.clear()

    async def _listen(self, address: Address) -> Server:
        device, limits = self.device, self._limits
        engines = server_engines(address, device.logical_devices, options=self._station)
        if not isinstance(address, NetworkAddress):
            return await serve_serial(address, engines, lambda _: MeterHandler(device), limits)
        serve = serve_udp if address.scheme == "udp" else serve_tcp
        return await serve(address.host, address.port, engines, lambda _: MeterHandler(device), limits)


def listen_address(url: str) -> Address:
    """An address to listen on; unlike one to connect to it may name port 0. Raises InvalidValueError."""
    if not url.endswith(":0"):
        return parse_address(url)
    address = parse_address(f"{url}1")
    return replace(address, port=0) if isinstance(address, NetworkAddress) else address
