"""One connection of a meter on asyncio: a stream, or the datagrams of one peer."""

from __future__ import annotations

import asyncio
from typing import Protocol, cast

from cosem.core.errors import ConnectionLost, CosemError
from cosem.link.hdlc.server import HdlcServer
from cosem.transport.alarm import Alarm
from cosem.transport.base import HandlerFactory
from cosem.transport.limits import EngineFactory, ListenLimits
from cosem.transport.served import ServedLink


class Owner(Protocol):
    """What a connection needs of the server that it belongs to."""

    buffer: memoryview
    engine_factory: EngineFactory
    handler_factory: HandlerFactory
    limits: ListenLimits

    def joined(self, connection: StreamConnection) -> None:
        """A connection is there."""

    def left(self, connection: StreamConnection) -> None:
        """A connection is gone."""

    def fault(self, error: Exception) -> None:
        """A handler or a factory failed with an error that it should not have let out."""


class StreamConnection(ServedLink, asyncio.BufferedProtocol):
    """One accepted connection; a :class:`~cosem.transport.base.Served`.

    ``served_at`` is when its last APDU or link frame was answered.
    """

    __slots__ = ("_alarm", "_blocked", "_loop", "_owner", "_transport", "served_at")

    def __init__(self, owner: Owner, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__()
        self._owner = owner
        self._loop = loop
        self._alarm: Alarm | None = None
        self._blocked = False
        self._transport: asyncio.Transport
        self.served_at = loop.time()

    # For the handler

    @property
    def peer(self) -> str:
        """The other side, for people."""
        return peer_name(self._transport.get_extra_info("peername"))

    def send(self, apdu: bytes, *, client_sap: int, server_sap: int) -> None:
        """Send an APDU that answers nothing (a push). Raises ConnectionLost when the connection is gone."""
        transport = self._transport
        if transport.is_closing():
            raise ConnectionLost("the connection is gone")
        self.engine.send(apdu, self._loop.time(), client_sap=client_sap, server_sap=server_sap)
        self.flush()
        if transport.get_write_buffer_size() > 2 * self._owner.limits.write_buffer:
            transport.abort()
        self._mind_deadline()

    def abort(self) -> None:
        """Drop the connection at once; ``link_down`` follows for every link that is up."""
        self._transport.abort()

    # For the server

    def close(self) -> None:
        """Send what waits, then drop the connection."""
        self._transport.close()

    # For the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast(asyncio.Transport, transport)
        self._transport.set_write_buffer_limits(high=self._owner.limits.write_buffer)
        self._owner.joined(self)
        try:
            self.engine = self._owner.engine_factory()
            self.engine.open(self.served_at)
            self.handler = self._owner.handler_factory(self)
            self._serve(self.served_at)
        except Exception as error:
            self._failed(error)

    def get_buffer(self, sizehint: int) -> memoryview:
        """Where octets are read to."""
        return self._owner.buffer

    def buffer_updated(self, nbytes: int) -> None:
        """Octets were read."""
        self.data_received(bytes(self._owner.buffer[:nbytes]))

    def data_received(self, data: bytes) -> None:
        """Octets came."""
        now = self._loop.time()
        self.engine.receive(data, now)
        self._serve(now)

    def pause_writing(self) -> None:
        """The other side does not read: do not serve it until it does."""
        self._blocked = True
        self._transport.pause_reading()

    def resume_writing(self) -> None:
        """The other side reads again."""
        self._blocked = False
        self._go_on()

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        if self._alarm is not None:
            self._alarm.stop()
        self._owner.left(self)
        try:
            self.lost(ConnectionLost(str(exc) if exc else "the connection was closed"))
        except Exception as error:
            self._owner.fault(error)

    def _awake(self, now: float) -> None:
        deadline = self.engine.deadline()
        if deadline is not None and deadline <= now:
            self.engine.on_time(now)
        self._serve(now)

    def _serve(self, now: float) -> None:
        """Serve what the engine has, as far as the reader and the others' turn allow."""
        try:
            for _ in range(self._owner.limits.batch):
                if self._blocked:
                    break
                if not self.work(now):
                    break
                self.served_at = now
            else:
                self._transport.pause_reading()
                self._loop.call_soon(self._go_on)
        except Exception as error:
            self._failed(error)
            return
        self._mind_deadline()

    def _go_on(self) -> None:
        if not self._blocked and not self._transport.is_closing():
            self._transport.resume_reading()
            self._serve(self._loop.time())

    def _mind_deadline(self) -> None:
        deadline = self.engine.deadline()
        if deadline is not None and not self._transport.is_closing():
            if self._alarm is None:
                self._alarm = Alarm(self._loop, self._awake)
            self._alarm.wake_by(deadline)

    def _write(self, octets: bytes) -> None:
        self._transport.write(octets)

    def _broken(self, error: CosemError) -> None:
        # After FRMR, a time-out or a reset, SNRM may set up a link on the same HDLC line.
        if not isinstance(self.engine, HdlcServer):
            self._transport.close()

    def _failed(self, error: Exception) -> None:
        self._owner.fault(error)
        self._transport.abort()


class SerialConnection(StreamConnection):
    """A serial line, which stays when a link on it fails."""

    __slots__ = ()

    def _broken(self, error: CosemError) -> None:
        pass

    def _failed(self, error: Exception) -> None:
        self._owner.fault(error)
        try:
            self.lost(ConnectionLost("the link was reset"))
            self.engine = self._owner.engine_factory()
            self.engine.open(self._loop.time())
            self.handler = self._owner.handler_factory(self)
        except Exception as again:
            self._owner.fault(again)
            self._transport.abort()


def peer_name(peername: object) -> str:
    """``("192.0.2.7", 51234)`` → ``192.0.2.7:51234``; anything else as its text."""
    if isinstance(peername, tuple):
        host, port = cast(tuple[object, ...], peername)[:2]
        return f"[{host}]:{port}" if ":" in str(host) else f"{host}:{port}"
    return str(peername)
