"""Serial lines, over pairs of pseudo terminals, and their echo."""

from __future__ import annotations

import asyncio
import os
import termios
import threading
import tty
from collections.abc import Iterator
from contextlib import suppress
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.transport.engines import Kind, frame
from tests.transport.peers import FAIL, Meter, client_engine, run, server_engine

from cosem.core.errors import ConnectionLost, InvalidValueError, Timeout
from cosem.transport.address import SerialAddress
from cosem.transport.aio import AsyncLink
from cosem.transport.blocking import BlockingLink
from cosem.transport.limits import ListenLimits
from cosem.transport.listen import serve_serial
from cosem.transport.serial import EchoFilter, SerialLine
from cosem.transport.serial_aio import SerialTransport


@pytest.fixture
def pair() -> Iterator[tuple[int, str]]:
    """One end of a line as a descriptor, the other as a device."""
    ours, theirs = os.openpty()
    tty.setraw(ours)
    tty.setraw(theirs)
    try:
        yield ours, os.ttyname(theirs)
    finally:
        os.close(ours)
        os.close(theirs)


def play(descriptor: int, echo: bool) -> None:
    """A meter on a descriptor that confirms the link, answers one APDU turned round, and confirms the end."""
    for kind, answer in (
        (Kind.OPEN, frame(Kind.UP)),
        (Kind.APDU, frame(Kind.APDU, b"21")),
        (Kind.CLOSE, frame(Kind.CLOSED)),
    ):
        expected = frame(kind, b"12" if kind is Kind.APDU else b"")
        heard = b""
        while heard != expected:
            heard += os.read(descriptor, len(expected) - len(heard))
        os.write(descriptor, expected + answer if echo else answer)


@pytest.mark.parametrize("echo", [False, True])
def test_a_blocking_link_over_a_serial_line(pair: tuple[int, str], echo: bool) -> None:
    ours, device = pair
    meter = threading.Thread(target=play, args=(ours, echo))
    meter.start()
    with BlockingLink.open(SerialAddress(device, echo=echo), client_engine()) as link:
        assert link.exchange(b"12") == b"21"
        link.close()
    meter.join(10)
    assert not meter.is_alive()


@pytest.mark.parametrize("echo", [False, True])
def test_an_asyncio_link_over_a_serial_line(pair: tuple[int, str], echo: bool) -> None:
    ours, device = pair

    async def main() -> None:
        meter = asyncio.create_task(asyncio.to_thread(play, ours, echo))
        async with await AsyncLink.open(SerialAddress(device, echo=echo), client_engine()) as link:
            assert await link.exchange(b"12") == b"21"
        await meter

    run(main())


def test_a_meter_on_a_serial_line_survives_a_handler_that_fails(pair: tuple[int, str]) -> None:
    ours, device = pair
    os.set_blocking(ours, False)

    async def main() -> None:
        meter = Meter()

        async def hear(octets: bytes) -> None:
            heard = b""
            while heard != octets:
                with suppress(BlockingIOError):
                    heard += os.read(ours, len(octets) - len(heard))
                await asyncio.sleep(0)

        async with await serve_serial(SerialAddress(device), server_engine, meter) as server:
            for _ in range(2):
                os.write(ours, frame(Kind.OPEN))
                await hear(frame(Kind.UP))
                os.write(ours, frame(Kind.APDU, b"12") + frame(Kind.APDU, FAIL))
                await hear(frame(Kind.APDU, b"21"))
            while server.faults < 2:
                await asyncio.sleep(0)
            assert server.connections == 1
            assert meter.served[0].peer == device
        assert (len(meter.ups), len(meter.downs)) == (2, 2)

    run(main())


def test_a_meter_that_cannot_start_anew_gives_the_line_back(pair: tuple[int, str]) -> None:
    ours, device = pair
    engines = [server_engine()]

    async def main() -> None:
        async with await serve_serial(SerialAddress(device), engines.pop, Meter()) as server:
            os.write(ours, frame(Kind.OPEN) + frame(Kind.APDU, FAIL))
            while server.connections:
                await asyncio.sleep(0)
            assert server.faults == 2

    run(main())


def test_noise_ends_a_link_and_not_the_line(pair: tuple[int, str]) -> None:
    ours, device = pair

    async def main() -> None:
        meter = Meter()
        async with await serve_serial(SerialAddress(device), server_engine, meter) as server:
            os.write(ours, frame(Kind.OPEN))
            while not meter.ups:
                await asyncio.sleep(0)
            os.write(ours, b"noise on the line")
            while not meter.downs:
                await asyncio.sleep(0)
            assert server.connections == 1

    run(main())


def test_a_device_has_one_user(pair: tuple[int, str]) -> None:
    line = SerialLine(SerialAddress(pair[1]))
    with pytest.raises(ConnectionLost):
        SerialLine(SerialAddress(pair[1]))
    line.close()


def test_a_silent_line_is_a_time_out(pair: tuple[int, str]) -> None:
    with pytest.raises(Timeout):
        BlockingLink.open(SerialAddress(pair[1]), client_engine(), timeout=0.02)

    async def main() -> None:
        with pytest.raises(Timeout):
            await AsyncLink.open(SerialAddress(pair[1]), client_engine(), timeout=0.02)

    run(main())


def test_a_line_that_hangs_up_is_a_lost_connection() -> None:
    async def main() -> None:
        ours, theirs = os.openpty()
        tty.setraw(theirs)
        meter = asyncio.create_task(asyncio.to_thread(os.read, ours, 100))
        opening = asyncio.create_task(AsyncLink.open(SerialAddress(os.ttyname(theirs)), client_engine()))
        await meter
        os.write(ours, frame(Kind.UP))
        link = await opening
        os.close(theirs)
        waiting = asyncio.create_task(link.exchange(b"12"))
        await asyncio.sleep(0)
        os.close(ours)
        with pytest.raises(ConnectionLost):
            await waiting
        await link.close()

    run(main())


def use(line: SerialLine, writing: bool) -> None:
    if writing:
        line.write(b"x")
    else:
        line.read(0.01)


@pytest.mark.parametrize("writing", [False, True])
def test_a_blocking_line_that_hangs_up_is_a_lost_connection(writing: bool) -> None:
    ours, theirs = os.openpty()
    tty.setraw(theirs)
    line = SerialLine(SerialAddress(os.ttyname(theirs)))
    os.close(ours)
    with pytest.raises(ConnectionLost):
        use(line, writing)
    line.close()
    os.close(theirs)


def test_a_meter_waits_for_a_line_that_takes_no_answers(pair: tuple[int, str]) -> None:
    ours, device = pair
    asked = frame(Kind.APDU, bytes(60_000))
    heard = bytearray()

    def converse() -> None:
        for turn in range(1, 4):
            left = asked
            while left:
                left = left[os.write(ours, left) :]
            while len(heard) < turn * len(asked):
                heard.extend(os.read(ours, 1000))

    async def main() -> None:
        limits = ListenLimits(write_buffer=100)
        async with await serve_serial(SerialAddress(device), server_engine, Meter(), limits):
            await asyncio.to_thread(converse)

    run(main())
    assert heard == asked * 3


def test_a_serial_transport_says_how_it_is(pair: tuple[int, str]) -> None:
    async def main() -> None:
        loop = asyncio.get_running_loop()
        transport = SerialTransport(loop, _Silent(), SerialAddress(pair[1]))
        assert (transport.is_reading(), transport.is_closing()) == (True, False)
        transport.pause_reading()
        assert not transport.is_reading()
        transport.resume_reading()
        assert transport.is_reading()
        transport.write(bytes(1_000_000))
        assert 0 < transport.get_write_buffer_size() <= 1_000_000
        transport.close()
        transport.close()
        transport.write(b"too late")
        assert (transport.is_reading(), transport.is_closing()) == (False, True)
        transport.abort()
        transport.abort()
        assert transport.get_write_buffer_size() == 0

    run(main())


class _Silent(asyncio.Protocol):
    def data_received(self, data: bytes) -> None:
        pass


def test_octets_wait_for_a_line_that_takes_none(pair: tuple[int, str]) -> None:
    ours, device = pair
    amount = 300_000
    heard = bytearray()

    def listen_slowly() -> None:
        os.read(ours, 8)
        os.write(ours, frame(Kind.UP))
        while len(heard) < amount:
            heard.extend(os.read(ours, 4096))

    async def main() -> None:
        meter = asyncio.create_task(asyncio.to_thread(listen_slowly))
        link = await AsyncLink.open(SerialAddress(device), client_engine())
        for _ in range(amount // 60_000):
            await link.send(bytes(60_000 - 8))
        await meter
        await link.close(timeout=0.01)

    run(main())
    assert heard == (frame(Kind.APDU, bytes(60_000 - 8))) * (amount // 60_000)


def test_a_setting_that_no_line_has_is_refused(
    pair: tuple[int, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise ValueError("no such baud rate")

    monkeypatch.setattr(termios, "tcsetattr", refuse)
    with pytest.raises(InvalidValueError):
        SerialLine(SerialAddress(pair[1], 123_457))


class TestEcho:
    def test_what_was_sent_is_taken_out(self) -> None:
        echo = EchoFilter()
        echo.sent(b"request")
        assert echo.received(b"requestanswer") == b"answer"
        assert echo.received(b"requestanswer") == b"requestanswer"

    def test_a_lost_echo_costs_no_answer_even_if_it_begins_alike(self) -> None:
        echo = EchoFilter()
        echo.sent(b"~\xa0request~")
        assert echo.received(b"~\xa0") == b""
        assert echo.received(b"answer~") == b"~\xa0answer~"

    def test_noise_before_an_echo_is_passed_on_and_the_echo_still_taken_out(self) -> None:
        echo = EchoFilter()
        echo.sent(b"request")
        assert echo.received(b"!requestanswer") == b"!answer"

    def test_an_echo_is_known_after_one_that_was_lost(self) -> None:
        echo = EchoFilter()
        echo.sent(b"first")
        echo.sent(b"second")
        assert echo.received(b"secondanswer") == b"answer"

    def test_without_anything_sent_all_is_passed_on(self) -> None:
        echo = EchoFilter()
        echo.sent(b"")
        assert echo.received(b"answer") == b"answer"

    @given(
        st.binary(min_size=1, max_size=12), st.binary(max_size=12), st.lists(st.integers(0, 24), max_size=6)
    )
    def test_the_cut_of_what_arrives_does_not_matter(
        self, sent: bytes, answer: bytes, cuts: list[int]
    ) -> None:
        echo = EchoFilter()
        echo.sent(sent)
        octets, places = sent + answer, [0, *sorted(cuts), 24]
        assert b"".join(echo.received(octets[a:b]) for a, b in pairwise(places)) == answer
