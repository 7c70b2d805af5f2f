"""Drivers with the engines they are for: HDLC and the wrapper."""

from __future__ import annotations

import asyncio
import os
import tty
from collections.abc import Callable

import pytest
from tests.transport.peers import Meter, ShiftedClock, run, scripted, until

from cosem.core.errors import CosemError, DecodeError, Timeout
from cosem.link.events import LinkEngine
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.frame import encode_frame
from cosem.link.hdlc.server import HdlcServer
from cosem.link.wrapper import WrapperClient, WrapperOptions, WrapperServer
from cosem.transport.address import SerialAddress
from cosem.transport.aio import AsyncLink
from cosem.transport.blocking import BlockingLink
from cosem.transport.limits import ListenLimits
from cosem.transport.listen import Server, serve_serial, serve_tcp
from cosem.transport.listen_udp import serve_udp

DATAGRAMS = WrapperOptions(datagram=True)
CLIENTS: dict[str, Callable[[], LinkEngine]] = {
    "tcp": lambda: WrapperClient(16, 1),
    "udp": lambda: WrapperClient(16, 1, DATAGRAMS),
    "hdlc+tcp": lambda: HdlcClient(16, 1),
}
SERVERS: dict[str, Callable[[], LinkEngine]] = {
    "tcp": lambda: WrapperServer({1}),
    "udp": lambda: WrapperServer({1}, options=DATAGRAMS),
    "hdlc+tcp": lambda: HdlcServer({1}),
}
SNRM = encode_frame(b"\x03", b"\x21", 0x93)


async def listen(scheme: str, meter: Meter, limits: ListenLimits | None = None) -> Server:
    serve = serve_udp if scheme == "udp" else serve_tcp
    return await serve("127.0.0.1", 0, SERVERS[scheme], meter, limits or ListenLimits())


@pytest.mark.parametrize("scheme", CLIENTS)
def test_apdus_pass_both_ways_on_asyncio_and_on_blocking_calls(scheme: str) -> None:
    apdus = [bytes([n]) + bytes(n * 12) for n in range(1, 100)]

    async def main() -> None:
        meter = Meter()
        async with await listen(scheme, meter) as server:
            address = f"{scheme}://127.0.0.1:{server.port}"
            async with await AsyncLink.open(address, CLIENTS[scheme]()) as link:
                assert [await link.exchange(apdu) for apdu in apdus] == [apdu[::-1] for apdu in apdus]
            assert await asyncio.to_thread(read, address) == [apdu[::-1] for apdu in apdus]
        assert [(up.client_sap, up.server_sap) for up in meter.ups] == [(16, 1)] * 2
        assert len(meter.downs) == 2

    def read(address: str) -> list[bytes]:
        with BlockingLink.open(address, CLIENTS[scheme]()) as link:
            return [link.exchange(apdu) for apdu in apdus]

    run(main())


def test_an_hdlc_meter_on_a_serial_line_with_echo() -> None:
    ours, theirs = os.openpty(), os.openpty()
    for descriptor in (*ours, *theirs):
        tty.setraw(descriptor)

    def couple() -> None:
        """What one side sends reaches the other; the client's side gets it back as well."""
        if octets := os.read(ours[0], 4096):
            os.write(ours[0], octets)
            os.write(theirs[0], octets)

    async def main() -> None:
        loop, meter = asyncio.get_running_loop(), Meter()
        loop.add_reader(ours[0], couple)
        loop.add_reader(theirs[0], lambda: os.write(ours[0], os.read(theirs[0], 4096)))
        client, server = SerialAddress(os.ttyname(ours[1]), echo=True), SerialAddress(os.ttyname(theirs[1]))
        async with await serve_serial(server, SERVERS["hdlc+tcp"], meter):
            async with await AsyncLink.open(client, CLIENTS["hdlc+tcp"]()) as link:
                assert await link.exchange(bytes(500) + b"1") == b"1" + bytes(500)
            assert meter.downs == [None]
        loop.remove_reader(ours[0])
        loop.remove_reader(theirs[0])

    run(main())
    for descriptor in (*ours, *theirs):
        os.close(descriptor)


def test_an_hdlc_line_outlives_a_link_that_is_reset() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen("hdlc+tcp", meter) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            for _ in range(3):
                writer.write(b"noise" + SNRM)
                assert (await reader.readexactly(10))[0] == 0x7E
                await until(lambda: bool(meter.ups))
                await reader.readuntil(b"\x7e")
            assert len(meter.ups) == 3
            assert len(meter.downs) == 2
            assert server.connections == 1
            writer.close()
            await writer.wait_closed()

    run(main())


def test_after_a_wrong_wrapper_version_both_ends_hang_up() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(10)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        assert await reader.read() == b""

    async def main() -> None:
        async with await listen("tcp", Meter()) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            writer.write(b"GET / HTTP/1.1\r\n\r\n")
            assert await reader.read() == b""
            writer.close()
            await writer.wait_closed()
        peer, address = await scripted(script)
        async with peer, await AsyncLink.open(address, CLIENTS["tcp"]()) as link:
            with pytest.raises(DecodeError):
                await link.exchange(b"12")

    run(main())


@pytest.mark.parametrize("scheme", ["tcp", "hdlc+tcp"])
def test_a_client_that_never_finishes_what_it_begins_is_dropped(scheme: str) -> None:
    async def main() -> None:
        async with await listen(scheme, Meter(), ListenLimits(idle=0.04)) as server:
            reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
            begun = b"\0\1\0\x10\0\1\xff\xff" if scheme == "tcp" else b"\x7e\xa7"
            writer.write(begun)
            with pytest.raises((ConnectionError, asyncio.IncompleteReadError)):
                await reader.readexactly(1)
            writer.close()
            await until(lambda: server.connections == 0)

    run(main())


@pytest.mark.parametrize("datagram", [False, True])
def test_a_meters_engine_is_woken_for_its_own_time_outs(
    monkeypatch: pytest.MonkeyPatch, datagram: bool
) -> None:
    def engine() -> LinkEngine:
        return WrapperServer({1}, options=WrapperOptions(idle_timeout=2.0, datagram=datagram))

    async def main() -> None:
        meter, clock = Meter(), ShiftedClock(monkeypatch)
        serve, scheme = (serve_udp, "udp") if datagram else (serve_tcp, "tcp")
        async with await serve("127.0.0.1", 0, engine, meter) as server:
            link = await AsyncLink.open(f"{scheme}://127.0.0.1:{server.port}", CLIENTS[scheme]())
            assert await link.exchange(b"12") == b"21"
            clock.forward(1.5)
            assert await link.exchange(b"12") == b"21"
            clock.forward(1.5)
            assert await link.exchange(b"12") == b"21"
            clock.forward(2.5)
            await until(lambda: server.connections == 0)
            link.abort()
        assert [type(error) for error in meter.downs] == [Timeout]

    run(main())


def test_a_handler_that_fails_in_a_time_out_costs_its_peer_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def engine() -> LinkEngine:
        return WrapperServer({1}, options=WrapperOptions(idle_timeout=2.0, datagram=True))

    async def main() -> None:
        meter, clock = Meter(), ShiftedClock(monkeypatch)
        meter.fails_at_the_end = True
        async with await serve_udp("127.0.0.1", 0, engine, meter) as server:
            link = await AsyncLink.open(f"udp://127.0.0.1:{server.port}", CLIENTS["udp"]())
            assert await link.exchange(b"12") == b"21"
            clock.forward(2.5)
            await until(lambda: server.faults == 1)
            assert server.connections == 0
            link.abort()

    run(main())


@pytest.mark.parametrize("scheme", CLIENTS)
def test_an_apdu_that_no_frame_can_carry_is_refused(scheme: str) -> None:
    async def main() -> None:
        async with await listen(scheme, Meter()) as server:
            address = f"{scheme}://127.0.0.1:{server.port}"
            async with await AsyncLink.open(address, CLIENTS[scheme]()) as link:
                if scheme != "hdlc+tcp":
                    with pytest.raises(CosemError):
                        await link.exchange(bytes(70_000))
                assert await link.exchange(b"12") == b"21"

    run(main())
