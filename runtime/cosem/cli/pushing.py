"""Simulated meters that push: to whoever connects, or to an address; framed as the device's link is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from typing import Final

from cosem.apdu import DataNotification
from cosem.core.device import Device
from cosem.core.errors import InvalidValueError
from cosem.link import llc
from cosem.link.hdlc.address import ServerAddress, encode_client
from cosem.link.hdlc.unnumbered import unnumbered_frames
from cosem.link.iec21 import encode_p1
from cosem.link.wrapper import encode_pdu
from cosem.server.listen import listen_address
from cosem.session.push import encode_push
from cosem.session.switches import Switches
from cosem.sim import Meter, push_body
from cosem.sim.text_telegram import text_telegram
from cosem.transport.address import NetworkAddress

CLIENT, SERVER = 1, 1
"""SAPs of a push."""

_INFORMATION: Final = 1024
"""Octets in a frame; a customer port sends long ones."""
_MOST_LISTENERS: Final = 64
_PATIENCE: Final = 5.0
"""Seconds that a listener may take none of what is sent before it is left."""


def framed(device: Device, apdu: bytes) -> bytes:
    """A notification as it is on the line: in a wrapper PDU if its link is the wrapper, else in HDLC frames."""
    if device.link.start == "wrapper":
        return encode_pdu(SERVER, CLIENT, apdu)
    source = ServerAddress(SERVER).encode()
    return unnumbered_frames(encode_client(CLIENT), source, llc.RESPONSE + apdu, _INFORMATION)


def pushes(device: Device, meter: Meter, first: int = 1) -> Iterator[bytes]:
    """One notification for each list, in their order, numbered from ``first``; then the text telegrams.

    A list is left out if no text can be made that it asks for, such as one with a bracket.
    """
    switches = Switches.of(device.quirks)
    for number, pushed in enumerate(device.push, first):
        body = push_body(meter, pushed, device.push)
        if not pushed.fits(body):
            continue
        stamp = bytes(meter.clock.stamp(meter.clock.now()))
        notification = DataNotification(number & 0xFF_FFFF, stamp, body)
        yield framed(device, encode_push(notification, switches))
    for known in device.text_lists:
        telegram = text_telegram(meter, device, known)
        if known.fits(telegram):
            yield encode_p1(telegram)


@asynccontextmanager
async def pushing(
    device: Device, meters: Sequence[Meter], urls: Sequence[Sequence[str]], every: float
) -> AsyncGenerator[list[list[str]], None]:
    """Push to whoever connects while the block runs; gives the addresses of each meter.

    ``urls`` are where each meter listens, ``tcp`` or ``hdlc+tcp``: how pushes are framed the device says. Raises
    InvalidValueError for another kind of address.
    """
    async with AsyncExitStack() as stack:
        addresses: list[list[str]] = []
        for meter, wanted in zip(meters, urls, strict=True):
            addresses.append([])
            for url in wanted:
                address = _network(url)
                listeners = _Listeners(device, meter, every)
                server = await stack.enter_async_context(
                    await asyncio.start_server(listeners.serve, address.host, address.port)
                )
                stack.callback(listeners.leave)  # before the server closes: it waits for them
                port = int(server.sockets[0].getsockname()[1])
                addresses[-1].append(f"tcp://{address.host}:{port}")
        yield addresses


async def push_to(device: Device, meters: Sequence[Meter], url: str, every: float) -> None:
    """Connect to a listener and push to it until it leaves, every meter in turn. Raises OSError if nobody is there."""
    address = _network(url)
    _, writer = await asyncio.open_connection(address.host, address.port)
    try:
        number = 1
        while True:
            for meter in meters:
                await _send(writer, pushes(device, meter, number))
            number += len(device.push)
            await asyncio.sleep(every)
    finally:
        writer.close()


class _Listeners:
    """Whoever has connected to one meter."""

    def __init__(self, device: Device, meter: Meter, every: float) -> None:
        self._device = device
        self._meter = meter
        self._every = every
        self._there: set[asyncio.Task[None]] = set()

    def leave(self) -> None:
        """Leave all listeners."""
        for task in self._there:
            task.cancel()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Push to one listener until it leaves; what it says is not heard, and beyond 64 nobody is taken."""
        task = asyncio.current_task()
        if task is None or len(self._there) >= _MOST_LISTENERS:
            writer.close()
            return
        self._there.add(task)
        number = 1
        try:
            with suppress(OSError, TimeoutError):
                while not writer.is_closing() and not reader.at_eof():
                    await _send(writer, pushes(self._device, self._meter, number))
                    number += len(self._device.push)
                    await asyncio.sleep(self._every)
        finally:
            self._there.discard(task)
            writer.close()


async def _send(writer: asyncio.StreamWriter, frames: Iterator[bytes]) -> None:
    for frame in frames:
        writer.write(frame)
        await asyncio.wait_for(writer.drain(), _PATIENCE)


def _network(url: str) -> NetworkAddress:
    address = listen_address(url)
    if not isinstance(address, NetworkAddress) or address.scheme == "udp":
        raise InvalidValueError(f"{url}: pushes go over tcp")
    return address
