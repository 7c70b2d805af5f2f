"""The client's end of a data link, on asyncio."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from math import inf
from types import TracebackType
from typing import Self, cast

from cosem.core.errors import ConnectionLost, CosemError, LocalProtocolError, Timeout
from cosem.link.events import ApduReceived, LinkEngine, LinkUp
from cosem.transport.address import Address, SerialAddress, parse_address
from cosem.transport.alarm import Alarm
from cosem.transport.base import CLOSE_TIMEOUT, EXCHANGE_TIMEOUT, QUEUED_APDUS, OnUnsolicited
from cosem.transport.buffer import receive_buffer
from cosem.transport.udp import is_whole_wpdu


class AsyncLink(asyncio.BufferedProtocol, asyncio.DatagramProtocol):
    """One client engine on one connection; an :class:`~cosem.transport.base.AsyncExchange`.

    Made by :meth:`open`. It is its own asyncio protocol, so that an answer goes from the selector to the
    waiting task without a queue or a reader task in between. ``dropped`` counts APDUs that found the queue
    full and datagrams that were no wrapper PDU. Leaving ``async with`` closes the link.
    """

    __slots__ = (
        "_address",
        "_alarm",
        "_buffer",
        "_drained",
        "_engine",
        "_expires",
        "_failure",
        "_gone",
        "_loop",
        "_opening",
        "_queue",
        "_receiving",
        "_transport",
        "_waiter",
        "_write",
        "dropped",
        "on_unsolicited",
        "timeout",
    )

    def __init__(
        self, address: Address, engine: LinkEngine, loop: asyncio.AbstractEventLoop, timeout: float
    ) -> None:
        self._loop = loop
        self._buffer = receive_buffer(loop)
        self._alarm = Alarm(loop, self._awake)
        self._address = address
        self._engine = engine
        self._queue: deque[ApduReceived] = deque(maxlen=QUEUED_APDUS)
        self._opening: asyncio.Future[None] | None = loop.create_future()
        self._waiter: asyncio.Future[ApduReceived] | None = None
        self._receiving = False
        self._expires = inf
        self._failure: CosemError | None = None
        self._gone: asyncio.Future[None] = loop.create_future()
        self._drained: asyncio.Future[None] | None = None
        self._transport: asyncio.Transport | asyncio.DatagramTransport | None = None
        self._write: Callable[[bytes], None]
        self.timeout = timeout
        self.on_unsolicited: OnUnsolicited | None = None
        self.dropped = 0

    @classmethod
    async def open(
        cls, address: Address | str, engine: LinkEngine, timeout: float = EXCHANGE_TIMEOUT
    ) -> Self:
        """Connect and set the data link up, both within ``timeout`` seconds.

        ``timeout`` also becomes the time for an answer where ``exchange`` and ``receive`` name none.
        ``engine`` is a fresh engine in the client role, of the kind that ``address.link`` names. Raises
        ConnectionLost, Timeout, the engine's error, or InvalidValueError for an address that cannot be.
        """
        if isinstance(address, str):
            address = parse_address(address)
        loop = asyncio.get_running_loop()
        link = cls(address, engine, loop, timeout)
        try:
            async with asyncio.timeout(timeout):
                await link._connect()
                engine.open(loop.time())
                link._pump(loop.time())
                if link._opening is not None:
                    await link._opening
        except BaseException as error:
            link._opening = None
            await link._disconnect()
            if isinstance(error, TimeoutError) and not isinstance(error, CosemError):
                raise Timeout(f"{address}: no data link within {timeout:g} s") from None
            raise
        return link

    async def _connect(self) -> None:
        address = self._address
        try:
            if isinstance(address, SerialAddress):
                from cosem.transport.serial_aio import open_serial_transport

                open_serial_transport(self._loop, self, address)
            elif address.scheme == "udp":
                await self._loop.create_datagram_endpoint(
                    lambda: self, remote_addr=(address.host, address.port)
                )
            else:
                await self._loop.create_connection(lambda: self, address.host, address.port)
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA cannot carry
            if isinstance(error, CosemError | TimeoutError):
                raise
            raise ConnectionLost(f"{address}: {error}") from error

    # What the caller asks for

    @property
    def is_open(self) -> bool:
        """Whether APDUs can still be exchanged."""
        return self._failure is None

    async def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        """Send an APDU and return the next confirmed one that arrives, within ``timeout`` seconds."""
        if self._failure is not None or self._waiter is not None or self._drained is not None:
            await self._clear_to_send(reading=True)
        now = self._loop.time()
        self._engine.send(apdu, now)
        self._expires = now + (self.timeout if timeout is None else timeout)
        waiter: asyncio.Future[ApduReceived] = self._loop.create_future()
        self._waiter = waiter
        try:
            self._pump(now)
            return (await waiter).apdu
        finally:
            self._waiter = None
            self._expires = inf

    async def send(self, apdu: bytes) -> None:
        """Send an APDU that has no answer, or whose answer ``receive`` will fetch.

        Waits while the other side takes nothing off the connection.
        """
        if self._failure is not None or self._drained is not None:
            await self._clear_to_send(reading=False)
        now = self._loop.time()
        self._engine.send(apdu, now)
        self._pump(now)

    async def receive(self, timeout: float | None = None) -> ApduReceived:
        """Return the oldest APDU kept, or the next one that arrives within ``timeout`` seconds."""
        self._check_reader()
        if self._queue:
            return self._queue.popleft()
        self._check_open()
        now = self._loop.time()
        self._expires = now + (self.timeout if timeout is None else timeout)
        waiter: asyncio.Future[ApduReceived] = self._loop.create_future()
        self._waiter = waiter
        self._receiving = True
        try:
            self._alarm.wake_by(self._expires)
            return await waiter
        finally:
            self._waiter = None
            self._receiving = False
            self._expires = inf

    async def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        """Disconnect in order, within ``timeout`` seconds; never raises for what the other side does.

        A task that waits in ``exchange`` or ``receive`` gets ConnectionLost.
        """
        now = self._loop.time()
        if self._failure is None:
            self._engine.close(now)
            self._pump(now)
            self._release(ConnectionLost("the link was closed"))
        await asyncio.wait([self._gone], timeout=timeout)
        await self._disconnect()

    def abort(self) -> None:
        """Drop the connection at once. A task that waits gets ConnectionLost."""
        self._fail(ConnectionLost("the link was aborted"))
        if self._transport is not None:
            self._transport.abort()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _disconnect(self) -> None:
        """Drop the connection, if there is one, and see it gone."""
        self.abort()
        if self._transport is not None:
            await asyncio.wait([self._gone])

    async def _clear_to_send(self, *, reading: bool) -> None:
        """Raise if an APDU cannot be sent, wait while it cannot be sent yet."""
        while True:
            self._check_open()
            if reading:
                self._check_reader()
            if self._drained is None:
                return
            await asyncio.wait([self._drained])

    def _check_open(self) -> None:
        if self._failure is not None:
            raise self._failure.with_traceback(None)

    def _check_reader(self) -> None:
        if self._waiter is not None:
            raise LocalProtocolError("another task waits for an APDU on this link")

    # What the event loop tells

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        if self._address.scheme == "udp":
            datagrams = self._transport = cast(asyncio.DatagramTransport, transport)
            self._write = datagrams.sendto
        else:
            stream = self._transport = cast(asyncio.Transport, transport)
            self._write = stream.write

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where octets are read to."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Octets were read."""
        self.data_received(bytes(self._buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        now = self._loop.time()
        self._engine.receive(data, now)
        self._pump(now)

    def datagram_received(self, data: bytes, addr: tuple[str | object, int]) -> None:
        """A datagram came."""
        if is_whole_wpdu(data):
            self.data_received(data)
        else:
            self.dropped += 1

    def error_received(self, exc: Exception) -> None:
        """A datagram did not get through; who waits for its answer need not."""
        self._release(ConnectionLost(str(exc)))

    def pause_writing(self) -> None:
        """The other side is not reading."""
        self._drained = self._loop.create_future()

    def resume_writing(self) -> None:
        """The other side reads again."""
        if self._drained is not None:
            self._drained.set_result(None)
            self._drained = None

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self._fail(ConnectionLost(str(exc) if exc else "the other side closed the connection"))
        self._alarm.stop()
        self._gone.set_result(None)

    def _awake(self, now: float) -> None:
        deadline = self._engine.deadline()
        if deadline is not None and deadline <= now:
            self._engine.on_time(now)
        if self._expires <= now:
            self._expires = inf
            self._release(Timeout("no answer in time"))
        self._pump(now)

    # Between the two

    def _pump(self, now: float) -> None:
        """Put the engine's octets on the line, hand out its events, mind its deadline."""
        engine = self._engine
        while octets := engine.take_output():
            self._write(octets)
        while (event := engine.next_event()) is not None:
            if isinstance(event, ApduReceived):
                self._arrived(event)
            elif isinstance(event, LinkUp):
                if self._opening is not None and not self._opening.done():
                    self._opening.set_result(None)
                self._opening = None
            else:
                self._fail(event.error or ConnectionLost("the data link was disconnected"))
                return
        deadline = engine.deadline()
        wake = self._expires if deadline is None or deadline > self._expires else deadline
        if wake < inf and self._failure is None:
            self._alarm.wake_by(wake)

    def _arrived(self, event: ApduReceived) -> None:
        waiter = self._waiter
        if (
            waiter is not None
            and not waiter.done()
            and (event.confirmed or (self._receiving and self.on_unsolicited is None))
        ):
            waiter.set_result(event)
        elif self.on_unsolicited is not None:
            self._loop.call_soon(self.on_unsolicited, event)
        else:
            self.dropped += len(self._queue) == QUEUED_APDUS
            self._queue.append(event)

    def _release(self, error: CosemError) -> None:
        """End every wait with an error."""
        for future in (self._waiter, self._opening):
            if future is not None and not future.done():
                future.set_exception(error)

    def _fail(self, error: CosemError) -> None:
        """The link is over, the first reason counts; what is still to be written is written."""
        if self._failure is None:
            self._failure = error
            self._release(error)
            self.resume_writing()
            self._alarm.stop()
            if self._transport is not None:
                self._transport.close()
