"""The meter's end on UDP: every address that sends is a peer, with an engine and a handler of its own."""

from __future__ import annotations

import asyncio
from typing import TypeAlias, cast

from cosem.core.errors import ConnectionLost, CosemError
from cosem.transport.alarm import Alarm
from cosem.transport.base import HandlerFactory
from cosem.transport.connection import peer_name
from cosem.transport.limits import DEFAULT_LISTEN_LIMITS, EngineFactory, ListenLimits
from cosem.transport.listen import SWEEPS_PER_IDLE, Server, check_port
from cosem.transport.served import ServedLink
from cosem.transport.udp import is_whole_wpdu

_SocketAddress: TypeAlias = tuple[object, ...]


class UdpServer(Server, asyncio.DatagramProtocol):
    """A UDP listener. ``dropped`` counts datagrams that were no wrapper PDU or found no room."""

    def __init__(
        self, engine_factory: EngineFactory, handler_factory: HandlerFactory, limits: ListenLimits
    ) -> None:
        super().__init__(engine_factory, handler_factory, limits)
        self.dropped = 0
        self._blocked = False
        self._peers: dict[_SocketAddress, _Peer] = {}
        self._transport: asyncio.DatagramTransport
        self._closed: asyncio.Future[None] = self._loop.create_future()
        self._sweeping = self._loop.call_later(limits.idle / SWEEPS_PER_IDLE, self._sweep)

    @property
    def connections(self) -> int:
        """Peers that are known now."""
        return len(self._peers)

    async def stop(self, grace: float = 5.0) -> None:
        self._sweeping.cancel()
        for peer in tuple(self._peers.values()):
            peer.end(ConnectionLost("the listener was stopped"))
        self._transport.close()
        await asyncio.wait([self._closed], timeout=grace)
        self._transport.abort()
        await asyncio.wait([self._closed])

    def write_to(self, octets: bytes, address: _SocketAddress) -> None:
        """Send a datagram, or drop it when too much waits already."""
        if self._blocked:
            self.dropped += 1
        else:
            self._transport.sendto(octets, address)

    def forget(self, address: _SocketAddress) -> None:
        """A peer is gone."""
        self._peers.pop(address, None)

    # For the event loop

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The socket is there."""
        self._transport = cast(asyncio.DatagramTransport, transport)

    def pause_writing(self) -> None:
        """The network does not take what is sent."""
        self._blocked = True

    def resume_writing(self) -> None:
        """The network takes datagrams again."""
        self._blocked = False

    def connection_lost(self, exc: Exception | None) -> None:
        """The socket is closed."""
        if not self._closed.done():
            self._closed.set_result(None)

    def datagram_received(self, data: bytes, addr: _SocketAddress) -> None:
        """A datagram came."""
        peer = self._peers.get(addr)
        if not is_whole_wpdu(data) or (peer is None and len(self._peers) >= self.limits.connections):
            self.dropped += 1
            return
        try:
            if peer is None:
                peer = _Peer(self, self._loop, addr)
                self._peers[addr] = peer
            peer.received(data)
        except Exception as error:
            self.failed(addr, error)

    def failed(self, address: _SocketAddress, error: Exception) -> None:
        """Something of a peer's raised what it should not have."""
        self.fault(error)
        peer = self._peers.get(address)
        if peer is not None:
            peer.end(ConnectionLost("the peer was dropped"))

    def _sweep(self) -> None:
        """Forget who has been idle too long."""
        now = self._loop.time()
        oldest = now - self.limits.idle
        for peer in tuple(self._peers.values()):
            if peer.served_at < oldest:
                peer.end(ConnectionLost("nothing came from the peer"))
        self._sweeping = self._loop.call_at(now + self.limits.idle / SWEEPS_PER_IDLE, self._sweep)


class _Peer(ServedLink):
    """One address; a :class:`~cosem.transport.base.Served`."""

    __slots__ = ("_address", "_alarm", "_loop", "_server", "served_at")

    def __init__(self, server: UdpServer, loop: asyncio.AbstractEventLoop, address: _SocketAddress) -> None:
        super().__init__()
        self._server = server
        self._loop = loop
        self._alarm = Alarm(loop, self._awake)
        self._address = address
        self.served_at = loop.time()
        self.engine = server.engine_factory()
        self.engine.open(self.served_at)
        self.handler = server.handler_factory(self)

    @property
    def peer(self) -> str:
        """The other side, for people."""
        return peer_name(self._address)

    def send(self, apdu: bytes, *, client_sap: int, server_sap: int) -> None:
        """Send an APDU that answers nothing (a push)."""
        self.engine.send(apdu, self._loop.time(), client_sap=client_sap, server_sap=server_sap)
        self.flush()

    def abort(self) -> None:
        """Forget the peer; ``link_down`` follows for every link that is up."""
        self.end(ConnectionLost("the peer was dropped"))

    def received(self, datagram: bytes) -> None:
        """Serve a datagram."""
        now = self._loop.time()
        self.engine.receive(datagram, now)
        self._serve(now)

    def end(self, error: CosemError) -> None:
        """The peer is gone."""
        self._alarm.stop()
        self._server.forget(self._address)
        try:
            self.lost(error)
        except Exception as fault:
            self._server.fault(fault)

    def _serve(self, now: float) -> None:
        while self.work(now):
            self.served_at = now
        deadline = self.engine.deadline()
        if deadline is not None:
            self._alarm.wake_by(deadline)

    def _awake(self, now: float) -> None:
        try:
            deadline = self.engine.deadline()
            if deadline is not None and deadline <= now:
                self.engine.on_time(now)
            self._serve(now)
        except Exception as error:
            self._server.failed(self._address, error)

    def _write(self, octets: bytes) -> None:
        self._server.write_to(octets, self._address)

    def _broken(self, error: CosemError) -> None:
        self.end(error)


async def serve_udp(
    host: str,
    port: int,
    engine_factory: EngineFactory,
    handler_factory: HandlerFactory,
    limits: ListenLimits = DEFAULT_LISTEN_LIMITS,
) -> UdpServer:
    """Listen on a UDP port; 0 takes a free one. An empty ``host`` is every IPv4 interface.

    Raises ConnectionLost if the port is in use or not ours to take, InvalidValueError if there is no such port.
    """
    check_port(port)
    loop = asyncio.get_running_loop()
    server = UdpServer(engine_factory, handler_factory, limits)
    try:
        transport, _ = await loop.create_datagram_endpoint(
            lambda: server, local_addr=(host or "0.0.0.0", port)
        )
    except (OSError, UnicodeError) as error:
        raise ConnectionLost(f"{host}:{port}: {error}") from error
    server.port = transport.get_extra_info("sockname")[1]
    return server
