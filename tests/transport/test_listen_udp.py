"""The meter's end on UDP."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest
from tests.transport.engines import FakeEngine, Kind, frame
from tests.transport.peers import FAIL, Meter, ShiftedClock, client_engine, run, server_engine, until

from cosem.core.errors import ConnectionLost, Timeout
from cosem.transport.aio import AsyncLink
from cosem.transport.limits import ListenLimits
from cosem.transport.listen_udp import UdpServer, serve_udp


async def listen(meter: Meter, limits: ListenLimits | None = None) -> UdpServer:
    return await serve_udp("127.0.0.1", 0, server_engine, meter, limits or ListenLimits())


async def connect(server: UdpServer) -> AsyncLink:
    return await AsyncLink.open(f"udp://127.0.0.1:{server.port}", client_engine())


def test_every_peer_has_a_link_of_its_own() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter) as server:
            links = [await connect(server) for _ in range(5)]
            assert server.connections == 5
            assert [await link.exchange(bytes([n, 9])) for n, link in enumerate(links)] == [
                bytes([9, n]) for n in range(5)
            ]
            assert len({served.peer for served in meter.served}) == 5
            for link in links:
                await link.close()
        assert meter.downs == [None] * 5

    run(main())


def test_a_datagram_that_is_no_wrapper_pdu_makes_no_peer() -> None:
    async def main() -> None:
        async with await listen(Meter()) as server:
            transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(
                asyncio.DatagramProtocol, remote_addr=("127.0.0.1", server.port)
            )
            for datagram in (
                b"x",
                frame(Kind.OPEN)[:-1],
                frame(Kind.APDU, b"12")[:-1],
                frame(Kind.OPEN) + b"x",
            ):
                transport.sendto(datagram)
            await until(lambda: server.dropped == 4)
            assert server.connections == 0
            transport.close()

    run(main())


def test_beyond_the_cap_new_peers_are_not_heard_and_idle_ones_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        meter, clock = Meter(), ShiftedClock(monkeypatch)
        async with await listen(meter, ListenLimits(connections=1, idle=4.0)) as server:
            first = await connect(server)
            with pytest.raises(Timeout):
                await AsyncLink.open(f"udp://127.0.0.1:{server.port}", client_engine(), timeout=0.01)
            await until(lambda: server.dropped == 1)
            clock.forward(5.0)
            await until(lambda: server.connections == 0)
            assert [type(error) for error in meter.downs] == [ConnectionLost]
            second = await connect(server)
            assert await second.exchange(b"12") == b"21"
            first.abort()
            await second.close()

    run(main())


def test_a_handler_that_fails_costs_its_peer_alone() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter) as server, await connect(server) as good, await connect(server) as bad:
            with pytest.raises(Timeout):
                await bad.exchange(FAIL, timeout=0.02)
            assert (server.faults, server.connections) == (1, 1)
            assert await good.exchange(b"12") == b"21"
            bad.abort()

    run(main())


def test_a_handler_that_fails_at_the_end_does_not_keep_its_peer() -> None:
    async def main() -> None:
        meter = Meter()
        meter.fails_at_the_end = True
        async with await listen(meter) as server:
            link = await connect(server)
            meter.served[0].abort()
            assert (server.faults, server.connections) == (1, 0)
            link.abort()

    run(main())


def test_a_handler_may_push_and_may_forget_its_peer() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter) as server:
            link = await connect(server)
            meter.served[0].send(b"alarm", client_sap=16, server_sap=1)
            assert (await link.receive()).apdu == b"alarm"
            meter.served[0].abort()
            assert server.connections == 0
            link.abort()

    run(main())


def test_a_link_that_fails_ends_its_peer() -> None:
    def strict_engine() -> FakeEngine:
        engine = server_engine()
        engine.longest = 100
        return engine

    async def main() -> None:
        meter = Meter()
        async with await serve_udp("127.0.0.1", 0, strict_engine, meter) as server:
            link = await connect(server)
            await link.send(bytes(101))
            await until(lambda: server.connections == 0)
            assert len(meter.downs) == 1
            link.abort()

    run(main())


def test_nobody_listening_ends_the_wait_and_not_the_link() -> None:
    async def main() -> None:
        async with await listen(Meter()) as server:
            link = await connect(server)
        with pytest.raises(ConnectionLost):
            await link.exchange(b"12")
        assert link.is_open
        link.abort()

    run(main())


def test_a_client_drops_datagrams_that_are_no_wrapper_pdu() -> None:
    class Garbler(asyncio.DatagramProtocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast(asyncio.DatagramTransport, transport)

        def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
            for datagram in (b"x", frame(Kind.UP)[:-1], frame(Kind.UP)):
                self.transport.sendto(datagram, addr)

    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport, _ = await loop.create_datagram_endpoint(Garbler, local_addr=("127.0.0.1", 0))
        port = transport.get_extra_info("sockname")[1]
        link = await AsyncLink.open(f"udp://127.0.0.1:{port}", client_engine())
        assert link.dropped == 2
        link.abort()
        transport.close()

    run(main())


def test_a_port_in_use_is_a_lost_connection() -> None:
    async def main() -> None:
        async with await listen(Meter()) as server:
            with pytest.raises(ConnectionLost):
                await serve_udp("127.0.0.1", server.port, server_engine, Meter())

    run(main())
