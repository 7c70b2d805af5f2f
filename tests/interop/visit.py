"""What all drivers of installed peers share: whom to visit, what comes back, the stream, and containment.

Every driver takes a :class:`Meter`, opens its own connection, associates, works, releases and closes it,
and returns plain Python values: ``None``, ``bool``, ``int``, ``float``, ``str``, ``bytes`` and lists of
them (array and structure alike). An octet-string is ``bytes`` with every peer. A refused attribute is a
:class:`Refused` in the result; anything that breaks the conversation (no answer within ``Meter.timeout``,
connection closed, association rejected, malformed answer) raises :class:`PeerFailed`.

Drivers block: run them in a thread (``asyncio.to_thread``) when the meter lives in the same event loop.
Warnings raised inside a peer's own modules are silenced while a driver runs, those of our modules are not.
"""

from __future__ import annotations

import datetime as dt
import logging
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TypeAlias

import structlog

Plain: TypeAlias = "bool | int | float | str | bytes | list[Plain] | None"
Attribute: TypeAlias = tuple[int, str, int]
"""Class id, logical name as ``"1.0.1.8.0.255"``, attribute index."""

_PEERS: Final = r"(dlms_cosem|gurux_dlms|gurux_common|pydlms)(\.|$)"


class PeerFailed(Exception):
    """The conversation with the meter broke; the peer's own words."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The meter answered an attribute with an error; ``reason`` in the peer's words."""

    reason: str


@dataclass(frozen=True, slots=True)
class Meter:
    """Where the meter listens, and as whom to associate.

    ``password`` means low level security; without it no authentication. ``timeout`` is for each answer, in
    seconds. ``pdu_size`` is the largest APDU, in octets, that the client says it takes.
    """

    host: str
    port: int
    hdlc: bool = False
    client: int = 16
    server: int = 1
    password: bytes | None = None
    timeout: float = 3.0
    pdu_size: int = 0xFFFF


@dataclass(frozen=True, slots=True)
class Range:
    """Rows of a profile from ``start`` to ``end``, both included, both aware; its clock is 0.0.1.0.0.255."""

    logical_name: str
    start: dt.datetime
    end: dt.datetime


@dataclass(slots=True)
class Visit:
    """What one association gave: attributes read one by one, and the rows of the asked range."""

    values: dict[Attribute, Plain | Refused] = field(default_factory=dict)
    rows: list[list[Plain]] | Refused | None = None
    released: bool = False


@dataclass(slots=True)
class Walk:
    """The object list (class id, version, logical name) and every attribute the association may read."""

    objects: list[tuple[int, int, str]] = field(default_factory=list)
    values: dict[Attribute, Plain | Refused] = field(default_factory=dict)


@contextmanager
def contained() -> Iterator[None]:
    """Silence the peers' warnings and logs, and turn whatever a peer raises into :class:`PeerFailed`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module=_PEERS)
        try:
            yield
        except PeerFailed:
            raise
        except Exception as error:
            raise PeerFailed(f"{type(error).__name__}: {error}") from error


def plain(value: object) -> Plain:
    """A peer's value as plain Python; types of its own become ``str``."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return str(value)


def rows_of(value: Plain) -> list[list[Plain]]:
    """A profile buffer as rows; anything else is a :class:`PeerFailed`."""
    if not isinstance(value, list):
        raise PeerFailed(f"a profile buffer that is no array: {value!r}")
    rows: list[list[Plain]] = []
    for row in value:
        if not isinstance(row, list):
            raise PeerFailed(f"a profile row that is no structure: {row!r}")
        rows.append(row)
    return rows


class Stream:
    """A blocking TCP connection that raises at a closed end and at a late answer."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._socket: socket.socket | None = None
        self._held = bytearray()

    def connect(self) -> None:
        self._socket = socket.create_connection((self._meter.host, self._meter.port), self._meter.timeout)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def disconnect(self) -> None:
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def send(self, data: bytes) -> None:
        self._open().sendall(data)

    def some(self) -> bytes:
        """At least one octet: what was read ahead, or what the socket has."""
        if self._held:
            taken = bytes(self._held)
            self._held.clear()
            return taken
        octets = self._open().recv(4096)
        if not octets:
            raise PeerFailed("the meter closed the connection")
        return octets

    def recv(self, amount: int = 1) -> bytes:
        while len(self._held) < amount:
            octets = self._open().recv(4096)
            if not octets:
                raise PeerFailed("the meter closed the connection")
            self._held += octets
        taken = bytes(self._held[:amount])
        del self._held[:amount]
        return taken

    def recv_until(self, end: bytes) -> bytes:
        """Octets up to and with the first ``end``, which is one octet."""
        taken = bytearray()
        while not taken.endswith(end):
            taken += self.recv(1)
        return bytes(taken)

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise PeerFailed("not connected")
        return self._socket
