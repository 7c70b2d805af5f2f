"""``cosem serve --push-to``: what a listener at the other end of the line hears of every device."""

from __future__ import annotations

import asyncio

import pytest
from tests.sim.devices import Kind, kinds

from cosem.cli.pushing import push_to
from cosem.client import decode_push
from cosem.core.device import Device
from cosem.link.events import ApduReceived, LinkEngine
from cosem.link.hdlc.listener import HdlcListener
from cosem.link.wrapper import WrapperServer

PUSHING = [kind for kind in kinds() if kind.package.device.push]


async def heard(kind: Kind) -> list[bytes]:
    """The APDUs of one round of pushes, taken from a socket as they come."""
    device = kind.package.device
    listener: LinkEngine = WrapperServer({1}) if device.link.start == "wrapper" else HdlcListener()
    apdus: list[bytes] = []
    whole = asyncio.Event()

    async def listen(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener.open(0.0)
        while len(apdus) < len(device.push):
            listener.receive(await reader.read(4096), 0.0)
            while event := listener.next_event():
                if isinstance(event, ApduReceived):
                    apdus.append(event.apdu)
        writer.close()
        whole.set()

    async with await asyncio.start_server(listen, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        pushing = asyncio.create_task(push_to(device, [kind.meter()], f"tcp://127.0.0.1:{port}", 60.0))
        await asyncio.wait_for(whole.wait(), 30)
        pushing.cancel()
    return apdus


def lists_in(device: Device, apdus: list[bytes]) -> list[str]:
    """The lists that the device takes the APDUs for, with its quirks."""
    found = [device.read_push(decode_push(apdu, device).notification_body) for apdu in apdus]
    return [each[0].name for each in found if each is not None and each[1]]


@pytest.mark.parametrize("kind", PUSHING, ids=str)
def test_a_listener_hears_every_list_of_a_device_once_a_round(kind: Kind) -> None:
    device = kind.package.device
    assert lists_in(device, asyncio.run(heard(kind))) == [each.name for each in device.push]
