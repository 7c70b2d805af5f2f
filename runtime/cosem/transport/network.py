"""Network connections on blocking calls: octets in and out, each in its time."""

from __future__ import annotations

import socket
import struct
import sys
from math import ceil
from typing import Final

from cosem.core.errors import ConnectionLost
from cosem.transport.address import NetworkAddress
from cosem.transport.udp import MAX_DATAGRAM, is_whole_wpdu

_CHUNK: Final = 65_536
_WRITE_TIMEOUT: Final = 30.0
_STEP: Final = 0.01
"""Seconds, a multiple of which is what a stream waits: so the time-out is another only if the caller's is."""


class StreamLine:
    """TCP, with time-outs that the operating system keeps: Python's own cost a system call for every read and write."""

    __slots__ = ("_socket", "_steps")

    def __init__(self, address: NetworkAddress, timeout: float) -> None:
        self._socket = socket.create_connection((address.host, address.port), timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.settimeout(None)
        self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, _timeval(_WRITE_TIMEOUT))
        self._steps = 0

    def write(self, octets: bytes) -> None:
        """Put octets on the line. Raises ConnectionLost."""
        try:
            self._socket.sendall(octets)
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def read(self, wait: float) -> bytes:
        """What arrives within so many seconds; empty if nothing does. Raises ConnectionLost."""
        steps = ceil(wait / _STEP) or 1
        try:
            if steps != self._steps:
                self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, _timeval(steps * _STEP))
                self._steps = steps
            octets = self._socket.recv(_CHUNK)
        except (BlockingIOError, TimeoutError):
            return b""
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        if not octets:
            raise ConnectionLost("the other side closed the connection")
        return octets

    def close(self) -> None:
        """Drop the connection."""
        self._socket.close()


def _timeval(seconds: float) -> bytes | int:
    """A time-out as the operating system takes it."""
    if sys.platform == "win32":
        return int(seconds * 1000)
    whole = int(seconds)
    return struct.pack("@ll", whole, int((seconds - whole) * 1_000_000))


class DatagramLine:
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
        """Put octets on the line. Raises ConnectionLost."""
        try:
            self._socket.send(octets)
        except OSError as error:
            raise ConnectionLost(str(error)) from error

    def read(self, wait: float) -> bytes:
        """What arrives within so many seconds; empty if nothing does. Raises ConnectionLost."""
        try:
            self._socket.settimeout(wait)
            datagram = self._socket.recv(MAX_DATAGRAM)
        except (TimeoutError, BlockingIOError):
            return b""
        except OSError as error:
            raise ConnectionLost(str(error)) from error
        return datagram if is_whole_wpdu(datagram) else b""

    def close(self) -> None:
        """Drop the connection."""
        self._socket.close()
