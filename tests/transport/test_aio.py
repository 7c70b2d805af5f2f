"""The client's end on asyncio."""

from __future__ import annotations

import asyncio
import socket

import pytest
from tests.transport.engines import Kind, frame
from tests.transport.peers import NO_ANSWER, PUSH, Meter, client_engine, listen, run, scripted, until

from cosem.core.errors import (
    ConnectionLost,
    CosemError,
    InvalidValueError,
    LinkError,
    LocalProtocolError,
    Timeout,
)
from cosem.link.events import ApduReceived
from cosem.transport.aio import AsyncLink
from cosem.transport.base import QUEUED_APDUS, AsyncExchange


async def up(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readexactly(len(frame(Kind.OPEN)))
    writer.write(frame(Kind.UP))


async def down(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(frame(Kind.CLOSE))
    writer.write(frame(Kind.CLOSED))


def test_an_answer_goes_to_who_asked() -> None:
    async def main() -> None:
        async with await listen(Meter()) as server:
            link = await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine())
            exchange: AsyncExchange = link
            assert [await exchange.exchange(bytes([n, 0])) for n in range(50)] == [
                bytes([0, n]) for n in range(50)
            ]
            assert link.is_open
            await link.close()
            assert not link.is_open

    run(main())


def test_an_apdu_of_64_kib_arrives_whole() -> None:
    async def main() -> None:
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            apdu = bytes(range(256)) * 255
            assert await link.exchange(apdu) == apdu[::-1]

    run(main())


def test_an_answer_may_come_octet_by_octet() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))
        for octet in frame(Kind.APDU, b"value"):
            writer.write(bytes([octet]))
            await writer.drain()
            await asyncio.sleep(0)
        await down(reader, writer)

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            assert await link.exchange(b"get") == b"value"

    run(main())


def test_of_apdus_that_come_together_the_first_is_the_answer_and_the_others_are_kept_in_order() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))
        writer.write(b"".join(frame(Kind.APDU, bytes([n])) for n in range(4)))
        await down(reader, writer)

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            assert await link.exchange(b"get") == b"\0"
            assert [(await link.receive()).apdu for _ in range(3)] == [b"\1", b"\2", b"\3"]
            with pytest.raises(Timeout):
                await link.receive(timeout=0.01)

    run(main())


def test_only_the_newest_apdus_are_kept_for_nobody() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        writer.write(b"".join(frame(Kind.APDU, n.to_bytes(2)) for n in range(1000)))
        await down(reader, writer)

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            await until(lambda: link.dropped == 1000 - QUEUED_APDUS)
            kept = [(await link.receive()).apdu for _ in range(QUEUED_APDUS)]
            assert kept == [n.to_bytes(2) for n in range(1000 - QUEUED_APDUS, 1000)]

    run(main())


def test_an_unconfirmed_apdu_is_no_answer() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))
        writer.write(frame(Kind.PUSH, b"alarm") + frame(Kind.APDU, b"value"))
        await down(reader, writer)

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            assert await link.exchange(b"get") == b"value"
            assert (await link.receive()).apdu == b"alarm"

    run(main())


def test_who_listens_for_unsolicited_apdus_gets_them_in_place_of_the_queue() -> None:
    async def main() -> None:
        meter, heard = Meter(), list[ApduReceived]()
        async with await listen(meter) as server:
            link = await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine())
            link.on_unsolicited = heard.append
            await until(lambda: bool(meter.ups))
            meter.served[0].send(b"alarm", client_sap=16, server_sap=1)
            await until(lambda: bool(heard))
            assert await link.exchange(PUSH) == b"pushed", "the first that arrives is the answer"
            await until(lambda: len(heard) == 2)
            await link.close()
        assert [event.apdu for event in heard] == [b"alarm", PUSH[::-1]]

    run(main())


def test_a_time_out_leaves_the_link_up() -> None:
    async def main() -> None:
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            with pytest.raises(Timeout):
                await link.exchange(NO_ANSWER, timeout=0.01)
            assert await link.exchange(b"12") == b"21"
            link.timeout = 0.01
            with pytest.raises(TimeoutError):
                await link.exchange(NO_ANSWER)

    run(main())


def test_a_cancelled_exchange_leaves_the_link_usable() -> None:
    async def main() -> None:
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            waiting = asyncio.create_task(link.exchange(NO_ANSWER))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
            assert waiting.cancelled()
            assert await link.exchange(b"12") == b"21"

    run(main())


def test_one_task_at_a_time_waits_for_an_apdu() -> None:
    async def main() -> None:
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", client_engine()) as link,
        ):
            waiting = asyncio.create_task(link.exchange(NO_ANSWER))
            await asyncio.sleep(0)
            with pytest.raises(LocalProtocolError):
                await link.exchange(b"12")
            with pytest.raises(LocalProtocolError):
                await link.receive()
            await link.send(b"34")
            assert await waiting == b"43"

    run(main())


def test_a_connection_lost_while_waiting_ends_the_wait() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            with pytest.raises(ConnectionLost):
                await link.exchange(b"get")
            assert not link.is_open
            with pytest.raises(ConnectionError):
                await link.exchange(b"get")
            with pytest.raises(ConnectionLost):
                await link.send(b"get")
            with pytest.raises(ConnectionLost):
                await link.receive()

    run(main())


def test_a_reset_while_waiting_ends_the_wait() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            with pytest.raises(ConnectionLost):
                await link.exchange(b"get")

    run(main())


def test_garbage_from_the_meter_ends_the_link_with_the_engines_error() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await down(reader, writer)

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            with pytest.raises(LinkError):
                await link.exchange(b"get")

    run(main())


def test_a_disconnect_by_the_meter_is_a_lost_connection() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.readexactly(len(frame(Kind.APDU, b"get")))
        writer.write(frame(Kind.CLOSE))
        await down(reader, writer)

    async def main() -> None:
        server, address = await scripted(script)
        async with server, await AsyncLink.open(address, client_engine()) as link:
            with pytest.raises(ConnectionLost):
                await link.exchange(b"get")

    run(main())


def test_a_handshake_without_answer_is_a_time_out_and_leaves_no_connection() -> None:
    closed = asyncio.Event()

    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        closed.set()

    async def main() -> None:
        server, address = await scripted(script)
        async with server:
            with pytest.raises(Timeout):
                await AsyncLink.open(address, client_engine(), timeout=0.02)
            await closed.wait()

    run(main())


def test_a_connection_refused_is_a_lost_connection() -> None:
    async def main() -> None:
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
        for address in (
            f"tcp://127.0.0.1:{port}",
            "tcp://" + "a" * 64 + ".invalid",
            "serial:///dev/no-such-line",
        ):
            with pytest.raises(ConnectionLost):
                await AsyncLink.open(address, client_engine())
        with pytest.raises(InvalidValueError):
            await AsyncLink.open("meter", client_engine())

    run(main())


def test_closing_never_hangs_on_a_meter_that_says_nothing() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await up(reader, writer)
        await reader.read()

    async def main() -> None:
        server, address = await scripted(script)
        async with server:
            link = await AsyncLink.open(address, client_engine())
            waiting = asyncio.create_task(link.receive())
            await asyncio.sleep(0)
            await link.close(timeout=0.02)
            with pytest.raises(ConnectionLost):
                await waiting
            await link.close()
            link.abort()

    run(main())


async def send_without_end(link: AsyncLink) -> None:
    while True:  # waits once the connection takes no more
        await link.send(bytes(60_000))


def test_closing_never_hangs_on_a_meter_that_reads_nothing() -> None:
    async def main() -> None:
        done = asyncio.Event()

        async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await up(reader, writer)
            await done.wait()

        server, address = await scripted(script)
        async with server:
            link = await AsyncLink.open(address, client_engine())
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(send_without_end(link), 0.05)
            await link.close(timeout=0.02)
            done.set()

    run(main())


def test_an_engine_that_repeats_is_woken_for_it() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readexactly(2 * len(frame(Kind.OPEN)))
        writer.write(frame(Kind.UP))
        await reader.read()

    async def main() -> None:
        server, address = await scripted(script)
        engine = client_engine()
        engine.repeat_after = 0.01
        async with server, await AsyncLink.open(address, engine) as link:
            assert link.is_open

    run(main())


def test_an_engine_that_gives_up_ends_the_opening() -> None:
    async def script(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def main() -> None:
        server, address = await scripted(script)
        engine = client_engine()
        engine.repeat_after = 0.005
        async with server:
            with pytest.raises(LinkError):
                await AsyncLink.open(address, engine)

    run(main())


def test_what_the_engine_refuses_to_send_is_refused_and_the_link_stays() -> None:
    async def main() -> None:
        engine = client_engine()
        engine.longest = 100
        async with (
            await listen(Meter()) as server,
            await AsyncLink.open(f"tcp://127.0.0.1:{server.port}", engine) as link,
        ):
            with pytest.raises(CosemError):
                await link.exchange(bytes(101))
            assert await link.exchange(b"12") == b"21"

    run(main())
