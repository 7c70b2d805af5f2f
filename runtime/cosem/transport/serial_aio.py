"""Serial lines on asyncio, by pyserial.

The file descriptor is watched by the event loop: no thread, but only where the loop can watch a descriptor, that
is on POSIX. Elsewhere run a BlockingLink in a thread (``asyncio.to_thread``).
"""

from __future__ import annotations

import asyncio
import os
import sys
from typing import TYPE_CHECKING, Final, Protocol

from cosem.core.errors import InvalidValueError
from cosem.transport.address import SerialAddress
from cosem.transport.serial import EchoFilter, open_port

if TYPE_CHECKING:
    pass

_CHUNK: Final = 4096


class _Receiver(Protocol):
    """What a serial transport needs of an asyncio protocol."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None: ...

    def data_received(self, data: bytes) -> None: ...

    def pause_writing(self) -> None: ...

    def resume_writing(self) -> None: ...

    def connection_lost(self, exc: Exception | None) -> None: ...


class SerialTransport(asyncio.Transport):
    """A serial device as an asyncio transport, watched by the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop, protocol: _Receiver, address: SerialAddress) -> None:
        super().__init__({"peername": address.device})
        self._loop = loop
        self._protocol = protocol
        self._echo = EchoFilter() if address.echo else None
        self._unsent = bytearray()
        self._high = 64 * 1024
        self._paused = False
        self._reading = True
        self._closing = False
        self._port = open_port(address)
        self._fd = self._port.fileno()
        loop.add_reader(self._fd, self._readable)

    def write(self, data: bytes | bytearray | memoryview) -> None:
        """Send the octets, now or as the line takes them."""
        if self._closing:
            return
        octets = bytes(data)
        if self._echo is not None:
            self._echo.sent(octets)
        if not self._unsent:
            try:
                octets = octets[os.write(self._fd, octets) :]
            except (BlockingIOError, InterruptedError):
                pass
            except OSError as error:
                self._end(error)
                return
            if not octets:
                return
            self._loop.add_writer(self._fd, self._writable)
        self._unsent += octets
        if len(self._unsent) > self._high and not self._paused:
            self._paused = True
            self._protocol.pause_writing()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Bound what waits to be sent; the protocol is told to go on when nothing waits any more."""
        self._high = 64 * 1024 if high is None else high

    def get_write_buffer_size(self) -> int:
        """Octets that wait to be sent."""
        return len(self._unsent)

    def pause_reading(self) -> None:
        """Leave what comes to the operating system's buffer."""
        if self._reading and not self._closing:
            self._reading = False
            self._loop.remove_reader(self._fd)

    def resume_reading(self) -> None:
        """Read again."""
        if not self._reading and not self._closing:
            self._reading = True
            self._loop.add_reader(self._fd, self._readable)

    def is_reading(self) -> bool:
        """Whether what comes is read."""
        return self._reading and not self._closing

    def is_closing(self) -> bool:
        """Whether the device is given back, or about to be."""
        return self._closing

    def close(self) -> None:
        """Send what waits, then give the device back."""
        if self._closing:
            return
        self._closing = True
        self._loop.remove_reader(self._fd)
        if not self._unsent:
            self._loop.call_soon(self._end, None)

    def abort(self) -> None:
        """Give the device back at once."""
        self._end(None)

    def _readable(self) -> None:
        try:
            octets = os.read(self._fd, _CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error)
            return
        if not octets:
            self._end(None)
            return
        if self._echo is not None:
            octets = self._echo.received(octets)
        if octets:
            self._protocol.data_received(octets)

    def _writable(self) -> None:
        try:
            del self._unsent[: os.write(self._fd, self._unsent)]
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(error)
            return
        if self._unsent:
            return
        self._loop.remove_writer(self._fd)
        if self._closing:
            self._end(None)
        elif self._paused:
            self._paused = False
            self._protocol.resume_writing()

    def _end(self, error: Exception | None) -> None:
        if self._fd < 0:
            return
        self._loop.remove_reader(self._fd)
        self._loop.remove_writer(self._fd)
        self._closing = True
        self._fd = -1
        self._unsent.clear()
        self._port.close()
        self._loop.call_soon(self._protocol.connection_lost, error)


def open_serial_transport(
    loop: asyncio.AbstractEventLoop, protocol: _Receiver, address: SerialAddress
) -> SerialTransport:
    """Open the device, have the event loop watch it, and tell the protocol so.

    Raises ConnectionLost or InvalidValueError as ``open_port`` does, and InvalidValueError where event loops
    watch only sockets.
    """
    if sys.platform == "win32":
        raise InvalidValueError(f"{address}: on Windows use BlockingLink for serial lines, in a thread")
    transport = SerialTransport(loop, protocol, address)
    protocol.connection_made(transport)
    return transport
