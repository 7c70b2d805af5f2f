"""The meter's end: connections accepted, each with an engine and a handler, and nothing more.

No connection has a task, and none has a timer unless its engine asks for one: idle connections are found by
one sweep of the server. At the cap, or when the process has no descriptor left, accepting pauses; who
connects then waits in the operating system's queue.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
import sys
from types import TracebackType
from typing import Final, Self

from cosem.core.errors import ConnectionLost, InvalidValueError
from cosem.transport.address import SerialAddress
from cosem.transport.base import HandlerFactory
from cosem.transport.buffer import receive_buffer
from cosem.transport.connection import SerialConnection, StreamConnection
from cosem.transport.limits import DEFAULT_LISTEN_LIMITS, EngineFactory, ListenLimits
from cosem.transport.serial_aio import open_serial_transport

_LOG: Final = logging.getLogger("cosem.transport")
_LOG_EVERY: Final = 60.0
SWEEPS_PER_IDLE: Final = 4
_RESERVED_DESCRIPTORS: Final = 64
_RETRY_ACCEPT: Final = 0.1
_BACKLOG: Final = 1024


class Server:
    """A listener that runs until it is stopped; an async context manager.

    ``port`` is the port listened on (0 for a serial line). ``pauses`` counts how often accepting paused,
    ``faults`` the exceptions that handlers should not have raised.
    """

    def __init__(
        self,
        engine_factory: EngineFactory,
        handler_factory: HandlerFactory,
        limits: ListenLimits,
        port: int = 0,
    ) -> None:
        self.engine_factory = engine_factory
        self.handler_factory = handler_factory
        self.limits = limits
        self.port = port
        self.pauses = 0
        self.faults = 0
        self._loop = asyncio.get_running_loop()
        self.buffer = receive_buffer(self._loop)
        self._connections: set[StreamConnection] = set()
        self._changed: asyncio.Future[None] | None = None
        self._logged_at: dict[str, float] = {}

    @property
    def connections(self) -> int:
        """Connections that are there now."""
        return len(self._connections)

    async def stop(self, grace: float = 5.0) -> None:
        """Listen no more, let what is being written be written for ``grace`` seconds, drop the rest."""
        for connection in tuple(self._connections):
            connection.close()
        try:
            async with asyncio.timeout(grace):
                await self._empty()
        except TimeoutError:
            for connection in tuple(self._connections):
                connection.abort()
            await self._empty()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    # For the connections

    def joined(self, connection: StreamConnection) -> None:
        """A connection is there."""
        self._connections.add(connection)

    def left(self, connection: StreamConnection) -> None:
        """A connection is gone."""
        self._connections.discard(connection)
        if self._changed is not None and not self._changed.done():
            self._changed.set_result(None)

    def fault(self, error: Exception) -> None:
        """A handler or a factory failed with an error that it should not have let out."""
        self.faults += 1
        self._log("a handler failed (%d so far)", self.faults, error=error)

    def _log(self, message: str, number: int, error: Exception | None = None) -> None:
        """Log a warning, each message at most once a minute."""
        now = self._loop.time()
        if now >= self._logged_at.get(message, 0.0):
            self._logged_at[message] = now + _LOG_EVERY
            _LOG.warning(message, number, exc_info=error)

    async def _change(self) -> None:
        """Wait until a connection is gone."""
        self._changed = self._loop.create_future()
        await self._changed

    async def _empty(self) -> None:
        while self._connections:
            await self._change()


class _TcpServer(Server):
    def __init__(
        self,
        listening: socket.socket,
        engine_factory: EngineFactory,
        handler_factory: HandlerFactory,
        limits: ListenLimits,
    ) -> None:
        super().__init__(engine_factory, handler_factory, limits, listening.getsockname()[1])
        self._listening = listening
        self._cap = min(limits.connections, max(1, _descriptors() - _RESERVED_DESCRIPTORS))
        self._accepting = self._loop.create_task(self._accept(), name=f"accept on port {self.port}")
        self._sweeping = self._loop.call_later(limits.idle / SWEEPS_PER_IDLE, self._sweep)

    async def stop(self, grace: float = 5.0) -> None:
        self._sweeping.cancel()
        self._accepting.cancel()
        await asyncio.wait([self._accepting])
        self._listening.close()
        await super().stop(grace)

    async def _accept(self) -> None:
        while True:
            while len(self._connections) >= self._cap:
                self.pauses += 1
                self._log("%d connections: no more are accepted", self._cap)
                await self._change()
            try:
                accepted, _ = await self._loop.sock_accept(self._listening)
            except OSError as error:
                if error.errno != errno.ECONNABORTED:
                    self.pauses += 1
                    self._log("accepting pauses (%d times so far)", self.pauses, error=error)
                    await asyncio.sleep(_RETRY_ACCEPT)
                continue
            try:
                await self._loop.connect_accepted_socket(lambda: StreamConnection(self, self._loop), accepted)
            except OSError:
                accepted.close()

    def _sweep(self) -> None:
        """Drop who has been idle too long."""
        now = self._loop.time()
        oldest = now - self.limits.idle
        for connection in tuple(self._connections):
            if connection.served_at < oldest:
                connection.abort()
        self._sweeping = self._loop.call_at(now + self.limits.idle / SWEEPS_PER_IDLE, self._sweep)


async def serve_tcp(
    host: str,
    port: int,
    engine_factory: EngineFactory,
    handler_factory: HandlerFactory,
    limits: ListenLimits = DEFAULT_LISTEN_LIMITS,
) -> Server:
    """Listen on a TCP port; 0 takes a free one. An empty ``host`` is every interface, IPv4 and IPv6.

    Raises ConnectionLost if the port is in use or not ours to take, InvalidValueError if there is no such port.
    """
    check_port(port)
    try:
        if not host and socket.has_dualstack_ipv6():
            listening = socket.create_server(
                ("", port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=True
            )
        else:
            family = socket.AF_INET6 if ":" in host else socket.AF_INET
            listening = socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except (OSError, UnicodeError) as error:
        raise ConnectionLost(f"{host}:{port}: {error}") from error
    listening.setblocking(False)
    return _TcpServer(listening, engine_factory, handler_factory, limits)


async def serve_serial(
    address: SerialAddress,
    engine_factory: EngineFactory,
    handler_factory: HandlerFactory,
    limits: ListenLimits = DEFAULT_LISTEN_LIMITS,
) -> Server:
    """Be the meter on a serial line. Raises ConnectionLost or InvalidValueError without the device."""
    loop = asyncio.get_running_loop()
    server = Server(engine_factory, handler_factory, limits)
    open_serial_transport(loop, SerialConnection(server, loop), address)
    return server


def check_port(port: int) -> None:
    """Raise InvalidValueError for what cannot be a port to listen on."""
    if not 0 <= port <= 65_535:
        raise InvalidValueError(f"port {port}: there are 0 (any that is free) to 65535")


def _descriptors() -> int:
    """How many files this process may have open."""
    if sys.platform == "win32":
        return 1 << 20
    import resource

    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return 1 << 20 if soft == resource.RLIM_INFINITY else soft
