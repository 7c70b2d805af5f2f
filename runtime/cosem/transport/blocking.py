"""The client's end of a data link, on blocking calls."""

from __future__ import annotations

import select
import socket
import sys
from collections.abc import Callable
from time import monotonic
from typing import Protocol, Self

from cosem.core.errors import ConnectionLost, Timeout
from cosem.link.events import LinkEngine
from cosem.transport.address import Address, NetworkAddress, SerialAddress, parse_address
from cosem.transport.base import EXCHANGE_TIMEOUT
from cosem.transport.polled import PolledLink
from cosem.transport.serial import SerialLine
from cosem.transport.udp import MAX_DATAGRAM, is_whole_wpdu

_CHUNK = 65_536
_WRITE_TIMEOUT = 30.0


class _Line(Protocol):
    def write(self, octets: bytes) -> None: ...

    def read(self, wait: float) -> bytes: ...

    def close(self) -> None: ...


class BlockingLink(PolledLink):
    """One client engine on one connection; a :class:`~cosem.transport.base.BlockingExchange`.

    Made by :meth:`open`. To be used by one thread at a time.
    """

    __slots__ = ("_line",)

    def __init__(self, line: _Line, engine: LinkEngine, timeout: float) -> None:
        super().__init__(engine, timeout)
        self._line = line

    @classmethod
    def open(cls, address: Address | str, engine: LinkEngine, timeout: float = EXCHANGE_TIMEOUT) -> Self:
        """Connect and set the data link up, both within ``timeout`` seconds.

        ``timeout`` also becomes the time for an answer where ``exchange`` and ``receive`` name none.
        ``engine`` is a fresh engine in the client role, of the kind that ``address.link`` names. Raises
        ConnectionLost, Timeout, the engine's error, or InvalidValueError for an address that cannot be.
        """
        if isinstance(address, str):
            address = parse_address(address)
        until = monotonic() + timeout
        link = cls(_connect(address, timeout), engine, timeout)
        link._open(until - monotonic())
        return link

    def _now(self) -> float:
        return monotonic()

    def _advance(self, until: float) -> None:
        engine = self._engine
        deadline = engine.deadline()
        wait = (until if deadline is None or deadline > until else deadline) - monotonic()
        octets = self._line.read(wait if wait > 0 else 0)
        now = monotonic()
        if octets:
            engine.receive(octets, now)
        deadline = engine.deadline()
        if deadline is not None and deadline <= now:
            engine.on_time(now)

    def _write(self, octets: bytes) -> None:
        self._line.write(octets)

    def _drop(self) -> None:
        self._line.close()


def _connect(address: Address, timeout: float) -> _Line:
    if isinstance(address, SerialAddress):
        return SerialLine(address)
    try:
        return _DatagramLine(address) if address.scheme == "udp" else _StreamLine(address, timeout)
    except TimeoutError:
        raise Timeout(f"{address}: no connection within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA cannot carry
        raise ConnectionLost(f"{address}: {error}") from error


class _StreamLine:
    """TCP. The socket does not block, as each change of its time-out and each send in its time costs a system call."""

    __slots__ = ("_await_octets", "_socket")

    def __init__(self, address: NetworkAddress, timeout: float) -> None:
        self._socket = socket.create_connection((address.host, address.port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setblocking(False)
        self._await_octets = _waiting_for(self._socket)

    def write(self, octets: bytes) -> None:
        try:
            sent = self._socket.send(octets)
        except BlockingIOError:
            sent = 0
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        if sent < len(octets):
            self._write_in_time(octets[sent:])

    def _write_in_time(self, octets: bytes) -> None:
        """Write what the operating system had no room for."""
        try:
            self._socket.settimeout(_WRITE_TIMEOUT)
            self._socket.sendall(octets)
            self._socket.setblocking(False)
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def read(self, wait: float) -> bytes:
        try:
            self._await_octets(wait)
            octets = self._socket.recv(_CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        if not octets:
            raise ConnectionLost("the other side closed the connection")
        return octets

    def close(self) -> None:
        self._socket.close()


def _waiting_for(readable: socket.socket) -> Callable[[float], object]:
    """What waits, so many seconds at most, until there is something to read."""
    if sys.platform == "win32":
        return lambda wait: select.select([readable], [], [], wait)
    poll = select.poll()
    poll.register(readable, select.POLLIN)
    return lambda wait: poll.poll(wait * 1000)


class _DatagramLine:
    """UDP, connected so that only the meter's datagrams arrive. What is no wrapper PDU is dropped."""

    __slots__ = ("_socket",)

    def __init__(self, address: NetworkAddress) -> None:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_DGRAM
        )[0]
        self._socket = socket.socket(family, kind, protocol)
        try:
            self._socket.connect(where)
        except OSError:
            self._socket.close()
            raise

    def write(self, octets: bytes) -> None:
        try:
            self._socket.send(octets)
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def read(self, wait: float) -> bytes:
        try:
            self._socket.settimeout(wait)
            datagram = self._socket.recv(MAX_DATAGRAM)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        return datagram if is_whole_wpdu(datagram) else b""

    def close(self) -> None:
        self._socket.close()
