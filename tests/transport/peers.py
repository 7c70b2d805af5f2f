"""The other side of drivers under test: a meter that answers with the request turned round, and bare sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine, Generator
from contextlib import contextmanager
from typing import TypeVar

import pytest
from tests.transport.engines import FakeEngine

from cosem.core.errors import CosemError
from cosem.link.events import ApduReceived, LinkDown, LinkUp
from cosem.transport.base import Served
from cosem.transport.limits import ListenLimits
from cosem.transport.listen import Server, serve_tcp
from cosem.transport.listen_udp import serve_udp

T = TypeVar("T")

NO_ANSWER = b"say nothing"
FAIL = b"raise"
PUSH = b"push first"


class Meter:
    """Hosts every connection of a test, and keeps what it was told."""

    def __init__(self) -> None:
        self.ups: list[LinkUp] = []
        self.downs: list[CosemError | None] = []
        self.apdus: list[bytes] = []
        self.served: list[Served] = []
        self.fails_at_the_end = False

    def __call__(self, served: Served) -> Meter:
        self.served.append(served)
        return self

    def link_up(self, event: LinkUp) -> None:
        self.ups.append(event)

    def apdu(self, event: ApduReceived) -> bytes | None:
        self.apdus.append(event.apdu)
        if event.apdu == FAIL:
            raise ZeroDivisionError
        if event.apdu == PUSH:
            served = self.served[-1]
            served.send(b"pushed", client_sap=event.client_sap, server_sap=event.server_sap)
        return None if event.apdu == NO_ANSWER else event.apdu[::-1]

    def link_down(self, event: LinkDown) -> None:
        self.downs.append(event.error)
        if self.fails_at_the_end:
            raise ZeroDivisionError


def server_engine() -> FakeEngine:
    return FakeEngine(client=False)


def client_engine() -> FakeEngine:
    return FakeEngine(client=True)


def run(main: Coroutine[object, object, T]) -> T:
    """Run a test to its end, or to its failure if it hangs."""

    async def bounded() -> T:
        async with asyncio.timeout(20):
            return await main

    return asyncio.run(bounded())


async def until(condition: Callable[[], bool]) -> None:
    """Let the event loop go on until something has come true."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.001)


class ShiftedClock:
    """The running loop's clock, set forward at will, so that idle time-outs need no waiting."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._ahead = 0.0
        loop = asyncio.get_running_loop()
        time = loop.time
        monkeypatch.setattr(loop, "time", lambda: time() + self._ahead)

    def forward(self, seconds: float) -> None:
        self._ahead += seconds


async def listen(meter: Meter, limits: ListenLimits | None = None) -> Server:
    return await serve_tcp("127.0.0.1", 0, server_engine, meter, limits or ListenLimits())


Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def scripted(script: Script) -> tuple[asyncio.Server, str]:
    """A listener that plays a script on every connection and then closes it; and its address."""

    async def play(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await script(reader, writer)
        finally:
            writer.close()

    server = await asyncio.start_server(play, "127.0.0.1", 0)
    return server, f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@contextmanager
def meter_in_thread(meter: Meter, scheme: str = "tcp") -> Generator[str]:
    """A meter on an event loop of its own, for blocking clients; gives its address."""
    started = threading.Event()
    stopping: list[Callable[[], object]] = []
    addresses: list[str] = []

    async def main() -> None:
        loop, stop = asyncio.get_running_loop(), asyncio.Event()
        serve = serve_udp if scheme == "udp" else serve_tcp
        async with await serve("127.0.0.1", 0, server_engine, meter) as server:
            stopping.append(lambda: loop.call_soon_threadsafe(stop.set))
            addresses.append(f"{scheme}://127.0.0.1:{server.port}")
            started.set()
            await stop.wait()

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    assert started.wait(10)
    try:
        yield addresses[0]
    finally:
        stopping[0]()
        thread.join(10)
        assert not thread.is_alive()
