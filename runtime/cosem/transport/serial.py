"""Serial lines on blocking calls, by pyserial, on every platform."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Final

from cosem.core.errors import ConnectionLost, InvalidValueError
from cosem.transport.address import SerialAddress

if TYPE_CHECKING:
    from serial import Serial

_CHUNK: Final = 4096
_UNECHOED: Final = 8
"""Writes whose echo is still looked for; a half-duplex line never has more on the way."""
_WRITE_TIMEOUT: Final = 30.0


class EchoFilter:
    """Takes out of what a line brings exactly the octets that were sent into it.

    An echo that is lost or damaged does not cost an answer: octets which begin like the echo are held back
    only until they differ from it, and are then passed on.
    """

    __slots__ = ("_held", "_sent")

    def __init__(self) -> None:
        self._sent: deque[bytes] = deque(maxlen=_UNECHOED)
        self._held = b""

    def sent(self, octets: bytes) -> None:
        """Expect these octets back."""
        if octets:
            self._sent.append(octets)

    def received(self, octets: bytes) -> bytes:
        """What of ``octets``, and of those held back before, the other side sent."""
        passed = b""
        octets = self._held + octets
        while self._sent and octets:
            echo = self._sent[0]
            start = octets.find(echo)
            if start >= 0:
                passed += octets[:start]
                octets = octets[start + len(echo) :]
            elif echo.startswith(octets):
                self._held = octets
                return passed
            self._sent.popleft()
        self._held = b""
        return passed + octets


def open_port(address: SerialAddress) -> Serial:
    """Open the device for this process alone, with a read that does not wait.

    Raises ConnectionLost if the device is missing, in use or not ours, InvalidValueError if it cannot be set
    so.
    """
    from serial import Serial  # here, because only serial users need it

    try:
        return Serial(
            address.device,
            address.baud,
            bytesize=address.data_bits,
            parity=address.parity[0].upper(),
            stopbits=address.stop_bits,
            timeout=0,
            write_timeout=_WRITE_TIMEOUT,
            exclusive=True,
        )
    except ValueError as error:
        raise InvalidValueError(f"{address}: {error}") from error
    except OSError as error:
        raise ConnectionLost(f"{address}: {error}") from error


class SerialLine:
    """A serial line that is read and written by blocking calls."""

    __slots__ = ("_echo", "_port")

    def __init__(self, address: SerialAddress) -> None:
        self._port = open_port(address)
        self._echo = EchoFilter() if address.echo else None

    def write(self, octets: bytes) -> None:
        """Send all of the octets."""
        try:
            self._port.write(octets)
        except OSError as error:
            raise ConnectionLost(f"serial line: {error}") from error
        if self._echo is not None:
            self._echo.sent(octets)

    def read(self, wait: float) -> bytes:
        """Whatever came, or comes first within ``wait`` seconds; empty if nothing did."""
        try:
            self._port.timeout = wait
            octets = self._port.read(1)
            if octets and (more := self._port.in_waiting):
                octets += self._port.read(min(more, _CHUNK))
        except OSError as error:
            raise ConnectionLost(f"serial line: {error}") from error
        return octets if self._echo is None else self._echo.received(octets)

    def close(self) -> None:
        """Give the device back."""
        self._port.close()
