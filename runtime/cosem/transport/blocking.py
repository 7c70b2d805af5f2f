"""The client's end of a data link, on blocking calls."""

from __future__ import annotations

from time import monotonic
from typing import Protocol, Self

from cosem.core.errors import ConnectionLost, Timeout
from cosem.link.events import LinkEngine
from cosem.transport.address import Address, SerialAddress, parse_address
from cosem.transport.base import EXCHANGE_TIMEOUT
from cosem.transport.polled import PolledLink


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

    def _advance(self, until: float) -> float:
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
        return now

    def _write(self, octets: bytes) -> None:
        self._line.write(octets)

    def _drop(self) -> None:
        self._line.close()


def _connect(address: Address, timeout: float) -> _Line:
    # Sockets are imported for those who use them, as serial devices are.
    if isinstance(address, SerialAddress):
        from cosem.transport.serial import SerialLine

        return SerialLine(address)
    from cosem.transport.network import DatagramLine, StreamLine

    try:
        return DatagramLine(address) if address.scheme == "udp" else StreamLine(address, timeout)
    except TimeoutError:
        raise Timeout(f"{address}: no connection within {timeout:g} s") from None
    except (OSError, UnicodeError) as error:  # UnicodeError: a host name that IDNA cannot carry
        raise ConnectionLost(f"{address}: {error}") from error
