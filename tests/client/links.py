"""Clients of both colours over links that are a meter in memory."""

from __future__ import annotations

import asyncio
import inspect
from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, cast

from cosem.client import AsyncClient, Client, ConnectOptions
from cosem.core.errors import ConnectionLost, CosemError, Timeout
from cosem.link.events import ApduReceived
from cosem.session.host import AssociationPolicy, Host
from cosem.session.server import ServerSession
from cosem.transport.base import CLOSE_TIMEOUT, OnUnsolicited

Answer = Callable[[bytes], bytes | CosemError | None]
"""A meter: an answer, silence, or an error of the link."""


class Wire:
    """What both links share: a meter, what it was asked, and what comes before its answers."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[bytes] = []
        self.timeouts: list[float | None] = []
        self.before: deque[bytes] = deque()
        self.closed = 0
        self.is_open = True
        self.on_unsolicited: OnUnsolicited | None = None

    def ask(self, apdu: bytes, timeout: float | None) -> bytes:
        self.asked.append(apdu)
        self.timeouts.append(timeout)
        answer = self.answer(apdu)
        if isinstance(answer, CosemError):
            self.is_open = not isinstance(answer, ConnectionError)
            raise answer
        if answer is not None:
            self.before.append(answer)
        return self.next(timeout)

    def next(self, timeout: float | None) -> bytes:
        if not self.is_open:
            raise ConnectionLost("gone")
        if not self.before:
            raise Timeout("no answer in time")
        return self.before.popleft()

    def push(self, apdu: bytes) -> None:
        """An APDU that comes while nobody waits."""
        assert self.on_unsolicited is not None
        self.on_unsolicited(ApduReceived(apdu, 16, 1, confirmed=False))

    def abort(self) -> None:
        self.is_open = False


class BlockingWire(Wire):
    """A :class:`~cosem.transport.base.BlockingExchange`."""

    def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        return self.ask(apdu, timeout)

    def send(self, apdu: bytes) -> None:
        self.asked.append(apdu)

    def receive(self, timeout: float | None = None) -> ApduReceived:
        self.timeouts.append(timeout)
        return ApduReceived(self.next(timeout), 16, 1)

    def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        self.closed += 1
        self.is_open = False


class AsyncWire(Wire):
    """A :class:`~cosem.transport.base.AsyncExchange`; every verb lets the other tasks run."""

    busy = False

    async def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        assert not self.busy, "two tasks on one link"
        self.busy = True
        try:
            await asyncio.sleep(0)
            return self.ask(apdu, timeout)
        finally:
            self.busy = False

    async def send(self, apdu: bytes) -> None:
        self.asked.append(apdu)

    async def receive(self, timeout: float | None = None) -> ApduReceived:
        await asyncio.sleep(0)
        self.timeouts.append(timeout)
        return ApduReceived(self.next(timeout), 16, 1)

    async def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        self.closed += 1
        self.is_open = False


class _Driven:
    """An asyncio client with the verbs of the blocking one."""

    def __init__(self, client: AsyncClient, runner: asyncio.Runner) -> None:
        self._client = client
        self._runner = runner

    def __getattr__(self, name: str) -> Any:
        attribute = getattr(self._client, name)
        if not inspect.iscoroutinefunction(attribute):
            return attribute
        return lambda *args, **kwargs: self._runner.run(attribute(*args, **kwargs))

    def __setattr__(self, name: str, value: object) -> None:
        if name.startswith("_"):
            super().__setattr__(name, value)
        else:
            setattr(self._client, name, value)


class Meters:
    """Makes clients of one colour; the asyncio one is driven so that both have the same verbs."""

    def __init__(self, runner: asyncio.Runner | None) -> None:
        self._runner = runner

    def connect(
        self,
        meter: Host | Answer,
        options: ConnectOptions | None = None,
        policy: AssociationPolicy | None = None,
        *,
        associate: bool = True,
    ) -> tuple[Client, Wire]:
        """A client and its link to a host in memory, or to anything that answers."""
        answer = meter if callable(meter) else ServerSession(policy or AssociationPolicy(), meter).handle
        wire: Wire
        if self._runner is None:
            wire = blocking = BlockingWire(answer)
            client = Client(blocking, options or ConnectOptions())
        else:
            wire = link = AsyncWire(answer)
            driven = _Driven(AsyncClient(link, options or ConnectOptions()), self._runner)
            client = cast(Client, driven)
        if associate:
            client.associate()
        return client, wire


def colours(colour: str) -> Iterator[Meters]:
    """The body of a fixture."""
    if colour == "blocking":
        yield Meters(None)
    else:
        with asyncio.Runner() as runner:
            yield Meters(runner)
