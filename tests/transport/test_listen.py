"""The meter's end on TCP."""

from __future__ import annotations

import asyncio
import errno
import logging
import resource
import socket
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest
from tests.transport.engines import FakeEngine, Kind, frame
from tests.transport.peers import (
    FAIL,
    NO_ANSWER,
    PUSH,
    Meter,
    ShiftedClock,
    client_engine,
    listen,
    run,
    server_engine,
    until,
)

from cosem.core.errors import ConnectionLost, InvalidValueError
from cosem.transport.aio import AsyncLink
from cosem.transport.base import Served
from cosem.transport.limits import ListenLimits
from cosem.transport.listen import serve_tcp

OPEN, UP = frame(Kind.OPEN), frame(Kind.UP)


async def connect(port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    return await asyncio.open_connection("127.0.0.1", port)


async def closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with suppress(ConnectionError):
        await writer.wait_closed()


def test_requests_octet_by_octet_and_together_are_answered_in_order() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter) as server:
            reader, writer = await connect(server.port)
            for octet in OPEN + frame(Kind.APDU, b"12"):
                writer.write(bytes([octet]))
                await asyncio.sleep(0)
            writer.write(b"".join(frame(Kind.APDU, bytes([n, 0])) for n in range(100)))
            expected = (
                UP + frame(Kind.APDU, b"21") + b"".join(frame(Kind.APDU, bytes([0, n])) for n in range(100))
            )
            assert await reader.readexactly(len(expected)) == expected
            assert (len(meter.ups), meter.downs) == (1, [])
            assert meter.served[0].peer == f"127.0.0.1:{writer.get_extra_info('sockname')[1]}"
            await closed(writer)
            await until(lambda: server.connections == 0)
        assert [type(error) for error in meter.downs] == [ConnectionLost]

    run(main())


def test_a_disconnect_in_order_is_told_without_error() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter) as server:
            link = await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine())
            await link.close()
            await until(lambda: server.connections == 0)
        assert meter.downs == [None]

    run(main())


@pytest.mark.parametrize("garbage", [b"GET / HTTP/1.1\r\n\r\n", b"\xff" * 70_000, b"\0\1\0\2\0\0\xff\xff"])
def test_garbage_and_announcements_beyond_the_bound_close_the_connection(garbage: bytes) -> None:
    async def main() -> None:
        meter = Meter()

        def engine() -> FakeEngine:
            strict = server_engine()
            strict.longest = 1000
            return strict

        async with await serve_tcp("127.0.0.1", 0, engine, meter) as server:
            reader, writer = await connect(server.port)
            writer.write(OPEN)
            await reader.readexactly(len(UP))
            writer.write(garbage)
            with suppress(ConnectionError):
                assert await reader.read() == b""
            await closed(writer)
            await until(lambda: server.connections == 0)
            assert server.faults == 0
        assert len(meter.downs) == 1

    run(main())


def test_who_sends_an_octet_now_and_then_is_dropped_as_idle_and_who_asks_stays(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def main() -> None:
        meter, clock = Meter(), ShiftedClock(monkeypatch)
        async with await listen(meter, ListenLimits(idle=4.0)) as server:
            slow_reader, slow = await connect(server.port)
            busy_reader, busy = await connect(server.port)
            slow.write(frame(Kind.APDU, bytes(1000))[:10])
            await until(lambda: server.connections == 2)
            for _ in range(2):
                clock.forward(2.5)
                slow.write(b"x")
                busy.write(frame(Kind.APDU, b"12"))
                assert await busy_reader.readexactly(10) == frame(Kind.APDU, b"21")
            with suppress(ConnectionError):
                assert await slow_reader.read() == b""
            assert server.connections == 1
            await closed(slow)
            await closed(busy)

    run(main())


def test_beyond_the_cap_accepting_waits_until_somebody_leaves(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        async with await listen(Meter(), ListenLimits(connections=3)) as server:
            address = f"tcp://127.0.0.1:{server.port}"
            inside = [await AsyncLink.open(address, client_engine()) for _ in range(3)]
            waiting = asyncio.create_task(AsyncLink.open(address, client_engine()))
            await until(lambda: server.pauses > 0)
            await asyncio.sleep(0.01)
            assert (server.connections, waiting.done()) == (3, False)
            await inside.pop().close()
            inside.append(await waiting)
            assert await inside[-1].exchange(b"12") == b"21"
            for link in inside:
                await link.close()

    with caplog.at_level(logging.WARNING):
        run(main())
    assert len(caplog.records) == 1, "one line a minute at most"


@contextmanager
def at_most_open_files(count: int) -> Generator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_cap_stays_below_the_limit_of_open_files() -> None:
    async def main() -> None:
        with at_most_open_files(200):
            server = await listen(Meter())
        async with server:
            sockets = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(150)]
            await until(lambda: server.pauses > 0)
            assert server.connections == 200 - 64
            for connected in sockets:
                connected.close()
            await until(lambda: server.connections == 0)

    run(main())


def test_without_descriptors_accepting_pauses_in_silence_and_goes_on(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cosem.transport.listen._RETRY_ACCEPT", 0.001)
    refusals = 20

    async def main() -> None:
        loop = asyncio.get_running_loop()
        accept = loop.sock_accept

        async def out_of_files(listening: socket.socket) -> tuple[socket.socket, object]:
            nonlocal refusals
            if refusals:
                refusals -= 1
                raise OSError(errno.EMFILE, "Too many open files")
            return await accept(listening)

        monkeypatch.setattr(loop, "sock_accept", out_of_files)
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            assert await link.exchange(b"12") == b"21"
            assert server.pauses == 20

    with caplog.at_level(logging.WARNING):
        run(main())
    assert len(caplog.records) == 1


def test_a_handler_that_fails_costs_its_connection_alone_and_is_logged_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter) as server:
            address = f"tcp://127.0.0.1:{server.port}"
            async with await AsyncLink.open(address, client_engine()) as good:
                for _ in range(3):
                    async with await AsyncLink.open(address, client_engine()) as bad:
                        with pytest.raises(ConnectionLost):
                            await bad.exchange(FAIL)
                assert await good.exchange(b"12") == b"21"
                assert server.faults == 3
            assert [type(error) for error in meter.downs[:3]] == [ConnectionLost] * 3

    with caplog.at_level(logging.WARNING):
        run(main())
    assert [record.exc_info is not None for record in caplog.records] == [True]


def test_a_handler_that_fails_at_the_end_does_not_keep_its_connection() -> None:
    async def main() -> None:
        meter = Meter()
        meter.fails_at_the_end = True
        async with await listen(meter) as server:
            link = await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine())
            link.abort()
            await until(lambda: server.faults == 1)
            assert server.connections == 0

    run(main())


def test_a_factory_that_fails_costs_its_connection_alone() -> None:
    engines = [server_engine()]

    async def main() -> None:
        async with await serve_tcp("127.0.0.1", 0, engines.pop, Meter()) as server:
            address = f"tcp://127.0.0.1:{server.port}"
            async with await AsyncLink.open(address, client_engine()) as link:
                with pytest.raises(ConnectionLost):
                    await AsyncLink.open(address, client_engine())
                assert await link.exchange(b"12") == b"21"

    run(main())


def test_a_reader_that_reads_nothing_is_served_no_further_than_the_bound() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter, ListenLimits(write_buffer=10_000)) as server:
            reader, writer = await connect(server.port)
            transport = stop_reading(writer)
            request, count = frame(Kind.APDU, bytes(50_000)), 400
            sending = asyncio.create_task(write_all(writer, request * count))
            served = -1
            while served != len(meter.apdus):
                served = len(meter.apdus)
                await asyncio.sleep(0.03)
            assert served < count
            transport.resume_reading()
            assert await reader.readexactly(len(request) * count) == request * count
            await sending
            assert len(meter.apdus) == count
            await closed(writer)

    async def write_all(writer: asyncio.StreamWriter, octets: bytes) -> None:
        writer.write(octets)
        await writer.drain()

    run(main())


def stop_reading(writer: asyncio.StreamWriter) -> asyncio.Transport:
    transport = writer.transport
    assert isinstance(transport, asyncio.Transport)
    transport.pause_reading()
    return transport


def push_without_end(served: Served) -> None:
    for _ in range(1000):
        served.send(bytes(60_000), client_sap=16, server_sap=1)


def test_a_reader_that_is_pushed_to_and_reads_nothing_is_dropped() -> None:
    async def main() -> None:
        meter = Meter()
        async with await listen(meter, ListenLimits(write_buffer=10_000)) as server:
            reader, writer = await connect(server.port)
            writer.write(OPEN)
            await reader.readexactly(len(UP))
            stop_reading(writer)
            with pytest.raises(ConnectionLost):
                push_without_end(meter.served[0])
            await until(lambda: server.connections == 0)
            await closed(writer)

    run(main())


def test_a_flood_of_one_client_does_not_keep_another_waiting() -> None:
    async def main() -> None:
        meter = Meter()
        async with (
            await listen(meter, ListenLimits(batch=4)) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as good,
        ):
            _, flood = await connect(server.port)
            flood.write(frame(Kind.APDU, NO_ANSWER) * 3000)
            await until(lambda: len(meter.apdus) > 0)
            assert await good.exchange(b"12") == b"21"
            assert len(meter.apdus) < 2000
            await until(lambda: len(meter.apdus) == 3001)
            await closed(flood)

    run(main())


def test_a_handler_may_push_before_it_answers() -> None:
    async def main() -> None:
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            await link.send(PUSH)
            assert [(await link.receive()).apdu for _ in range(2)] == [b"pushed", PUSH[::-1]]

    run(main())


def test_a_handler_may_drop_its_connection() -> None:
    async def main() -> None:
        meter = Meter()
        async with (
            await listen(meter) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            meter.served[0].abort()
            with pytest.raises(ConnectionLost):
                await link.receive()
            with pytest.raises(ConnectionLost):
                meter.served[0].send(b"late", client_sap=16, server_sap=1)

    run(main())


def test_stopping_lets_answers_out_and_drops_who_does_not_take_them() -> None:
    async def main() -> None:
        meter = Meter()
        server = await listen(meter, ListenLimits(write_buffer=100_000_000))
        quick_reader, quick = await connect(server.port)
        _, stuck = await connect(server.port)
        stop_reading(stuck)
        quick.write(frame(Kind.APDU, bytes(60_000)))
        stuck.write(frame(Kind.APDU, bytes(60_000)) * 200)
        await until(lambda: len(meter.apdus) == 201)
        reading = asyncio.create_task(quick_reader.read())
        await server.stop(grace=0.05)
        assert await reading == frame(Kind.APDU, bytes(60_000))
        assert server.connections == 0
        await closed(quick)
        await closed(stuck)
        with pytest.raises(ConnectionRefusedError):
            await connect(server.port)

    run(main())


def test_a_client_that_has_half_closed_is_not_held() -> None:
    async def main() -> None:
        async with await listen(Meter()) as server:
            reader, writer = await connect(server.port)
            writer.write(frame(Kind.APDU, b"12"))
            writer.write_eof()
            assert await reader.read() == frame(Kind.APDU, b"21")
            await closed(writer)
            await until(lambda: server.connections == 0)

    run(main())


def test_a_port_in_use_is_a_lost_connection() -> None:
    async def main() -> None:
        async with await listen(Meter()) as server:
            with pytest.raises(ConnectionLost):
                await serve_tcp("127.0.0.1", server.port, server_engine, Meter())
            with pytest.raises(InvalidValueError):
                await serve_tcp("127.0.0.1", 1 << 20, server_engine, Meter())

    run(main())


def test_without_a_host_every_interface_is_listened_on() -> None:
    async def main() -> None:
        async with (
            await serve_tcp("", 0, server_engine, Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            assert await link.exchange(b"12") == b"21"

    run(main())
