"""The wrapper for TCP and UDP (IEC 62056-47): version, source and destination wPort, length, APDU.

The wrapper has no connection of its own and no way to find the next header again once one is wrong.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Container
from dataclasses import dataclass
from struct import Struct
from typing import Final

from cosem.core.errors import (
    CosemError,
    DecodeError,
    EncodeError,
    InvalidValueError,
    LocalProtocolError,
    Timeout,
)
from cosem.link.events import ApduReceived, LinkDown, LinkEvent, LinkUp

VERSION: Final = 1
HEADER_SIZE: Final = 8
LONGEST_APDU: Final = 0xFFFF
NO_STATION: Final = 0

_HEADER: Final = Struct(">HHHH")


@dataclass(frozen=True, slots=True)
class WrapperOptions:
    """Times are seconds, 0 switches a time-out off."""

    pdu_timeout: float = 60.0
    """From the first octet of a PDU to its last; who takes longer is cut off. Not kept for datagrams."""

    idle_timeout: float = 180.0
    """Server: silence after which the connection is given up. Attribute 6 of class 41."""

    max_links: int = 64
    """Server: pairs of client and server wPort at one time; PDUs of further pairs are discarded."""

    datagram: bool = False
    """UDP: each ``receive`` takes one datagram and each ``take_output`` gives one."""


DEFAULT_OPTIONS = WrapperOptions()


@dataclass(slots=True)
class WrapperPdu:
    """One wrapper PDU."""

    source: int
    destination: int
    apdu: bytes

    def encode(self) -> bytes:
        """Header and APDU; EncodeError above 65,535 octets, InvalidValueError for an impossible wPort."""
        return encode_pdu(self.source, self.destination, self.apdu)


def encode_pdu(source: int, destination: int, apdu: bytes) -> bytes:
    """Header and APDU; EncodeError above 65,535 octets, InvalidValueError for an impossible wPort."""
    if len(apdu) > LONGEST_APDU:
        raise EncodeError(f"an APDU of {len(apdu)} octets does not fit the wrapper")
    if not (0 <= source <= 0xFFFF and 0 <= destination <= 0xFFFF):
        raise InvalidValueError(f"wPorts {source} and {destination}: 0..65535 is possible")
    return _HEADER.pack(VERSION, source, destination, len(apdu)) + apdu


def decode_datagram(octets: bytes) -> WrapperPdu:
    """The PDU in all of ``octets``; DecodeError for anything else."""
    if len(octets) < HEADER_SIZE:
        raise DecodeError("a datagram is shorter than the wrapper header", path="wrapper")
    version, source, destination, length = _HEADER.unpack_from(octets)
    if version != VERSION:
        raise DecodeError(f"wrapper version {version}, not 1", offset=0, path="wrapper.version")
    if length != len(octets) - HEADER_SIZE:
        raise DecodeError(
            f"length {length} with {len(octets) - HEADER_SIZE} octets", offset=6, path="wrapper.length"
        )
    return WrapperPdu(source, destination, octets[HEADER_SIZE:])


class WrapperParser:
    """Stream parser: octets in any cut into PDUs.

    After a wrong version there is no way on: ``error`` says so, and nothing more comes out.
    """

    __slots__ = ("_have", "_need", "_pieces", "error")

    def __init__(self) -> None:
        self.error: DecodeError | None = None
        self._pieces: list[bytes] = []
        self._have = 0
        self._need = 2

    @property
    def pending(self) -> bool:
        """A PDU has begun and not ended."""
        return self._have > 0

    def feed(self, octets: bytes) -> list[WrapperPdu]:
        """Take ``octets``; the PDUs that they complete."""
        if self.error is not None or not octets:
            return []
        if not self._have and len(octets) >= HEADER_SIZE:
            # Most reads bring one PDU and nothing else.
            version, source, destination, length = _HEADER.unpack_from(octets)
            if version == VERSION and length == len(octets) - HEADER_SIZE:
                return [WrapperPdu(source, destination, octets[HEADER_SIZE:])]
        self._pieces.append(octets)
        self._have += len(octets)
        if self._have < self._need:
            return []
        octets = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        pdus: list[WrapperPdu] = []
        end = len(octets)
        at = 0
        self._need = 2
        while end - at >= 2:
            if octets[at] or octets[at + 1] != VERSION:
                version = octets[at] << 8 | octets[at + 1]
                self.error = DecodeError(f"wrapper version {version}, not 1", path="wrapper.version")
                at = end
                break
            if end - at < HEADER_SIZE:
                self._need = HEADER_SIZE
                break
            _, source, destination, length = _HEADER.unpack_from(octets, at)
            stop = at + HEADER_SIZE + length
            if stop > end:
                self._need = HEADER_SIZE + length
                break
            pdus.append(WrapperPdu(source, destination, octets[at + HEADER_SIZE : stop]))
            at = stop
        rest = octets[at:]
        self._pieces = [rest] if rest else []
        self._have = len(rest)
        return pdus


class _WrapperEngine(ABC):
    """What both roles share: the stream, its time-outs, and what waits to be taken."""

    __slots__ = ("_begun", "_events", "_heard", "_options", "_output", "_parser", "_up", "discarded")

    def __init__(self, options: WrapperOptions) -> None:
        self.discarded = 0
        self._options = options
        self._parser = WrapperParser()
        self._output: list[bytes] = []
        self._events: list[LinkEvent] = []
        self._up = False
        self._heard = 0.0
        self._begun: float | None = None  # when the PDU at hand began

    def receive(self, octets: bytes, now: float) -> None:
        """Take whatever arrived, in any cut; one whole datagram if the options say so."""
        if not self._up:
            return
        self._heard = now
        if self._options.datagram:
            try:
                self._on_pdu(decode_datagram(octets))
            except DecodeError:
                self.discarded += 1
            return
        parser = self._parser
        pdus = parser.feed(octets)
        for pdu in pdus:
            self._on_pdu(pdu)
        if parser.error is not None:
            self._down(parser.error)
        elif not parser.pending:
            self._begun = None
        elif pdus or self._begun is None:
            self._begun = now

    def take_output(self) -> bytes:
        """Octets to send now, one datagram of them if the options say so; empty if none."""
        if self._options.datagram:
            return self._output.pop(0) if self._output else b""
        if not self._output:
            return b""
        octets = b"".join(self._output)
        self._output.clear()
        return octets

    def next_event(self) -> LinkEvent | None:
        """The oldest event not yet taken."""
        return self._events.pop(0) if self._events else None

    def deadline(self) -> float | None:
        """When ``on_time`` wants to be called, or None."""
        if self._begun is None or not self._options.pdu_timeout:
            return None
        return self._begun + self._options.pdu_timeout

    def on_time(self, now: float) -> None:
        """A deadline has come: give the connection up."""
        deadline = _WrapperEngine.deadline(self)
        if deadline is not None and now >= deadline:
            self._down(Timeout("a wrapper PDU was begun and not finished in time"))

    @abstractmethod
    def _on_pdu(self, pdu: WrapperPdu) -> None:
        """One whole PDU."""

    @abstractmethod
    def _down(self, error: CosemError | None) -> None:
        """Give the connection up."""


class WrapperClient(_WrapperEngine):
    """A :class:`~cosem.link.events.LinkEngine` in the client role, for one pair of wPorts.

    ``discarded`` counts PDUs of other wPorts, empty ones and, for datagrams, malformed ones.
    """

    __slots__ = ("client_sap", "server_sap")

    def __init__(self, client_sap: int, server_sap: int, options: WrapperOptions = DEFAULT_OPTIONS) -> None:
        super().__init__(options)
        encode_pdu(client_sap, server_sap, b"")
        self.client_sap = client_sap
        self.server_sap = server_sap

    def open(self, now: float) -> None:
        """The connection is there: LinkUp at once. LocalProtocolError unless the link is down."""
        if self._up:
            raise LocalProtocolError("the wrapper link is not down")
        self._parser = WrapperParser()
        self._begun = None
        self._up = True
        self._events.append(LinkUp(self.client_sap, self.server_sap))

    def close(self, now: float) -> None:
        """The connection goes: LinkDown at once. No effect if the link is down."""
        if self._up:
            self._down(None)

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """Queue one APDU; LocalProtocolError unless the link is up, EncodeError above 65,535 octets."""
        if not self._up:
            raise LocalProtocolError("the wrapper link is not up")
        self._output.append(encode_pdu(self.client_sap, self.server_sap, apdu))

    def _on_pdu(self, pdu: WrapperPdu) -> None:
        if pdu.source == self.server_sap and pdu.destination == self.client_sap and pdu.apdu:
            self._events.append(ApduReceived(pdu.apdu, self.client_sap, self.server_sap))
        else:
            self.discarded += 1

    def _down(self, error: CosemError | None) -> None:
        self._up = False
        self._begun = None
        self._events.append(LinkDown(self.client_sap, self.server_sap, error))


class WrapperServer(_WrapperEngine):
    """A :class:`~cosem.link.events.LinkEngine` in the server role, for one connection.

    ``logical_devices`` are the wPorts hosted here, ``clients`` the client wPorts served (None: all); any
    container does. LinkUp comes before the first APDU of each pair. If the connection must be given up before
    any pair was seen, LinkDown names no station (0, 0). ``discarded`` counts PDUs for others, empty ones and,
    for datagrams, malformed ones.
    """

    __slots__ = ("_clients", "_devices", "_links")

    def __init__(
        self,
        logical_devices: Container[int],
        *,
        clients: Container[int] | None = None,
        options: WrapperOptions = DEFAULT_OPTIONS,
    ) -> None:
        super().__init__(options)
        self._devices = logical_devices
        self._clients = clients
        self._links: dict[tuple[int, int], None] = {}
        self._up = True

    def open(self, now: float) -> None:
        """The connection is there: the idle time-out starts."""
        self._up = True
        self._heard = now

    def close(self, now: float) -> None:
        """The connection goes: LinkDown for each pair. No effect if it is down."""
        if self._up:
            self._down(None)

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """Queue one APDU; without the pair the only one is meant, LocalProtocolError if there are several.

        An APDU for a connection that is down is dropped. EncodeError above 65,535 octets.
        """
        if not self._up:
            return
        if client_sap is None or server_sap is None:
            if len(self._links) != 1:
                raise LocalProtocolError("name client_sap and server_sap: not exactly one pair is in use")
            client_sap, server_sap = next(iter(self._links))
        self._heard = now
        self._output.append(encode_pdu(server_sap, client_sap, apdu))

    def deadline(self) -> float | None:
        """When ``on_time`` wants to be called, or None."""
        begun = None if self._begun is None else super().deadline()
        if not self._up or not self._options.idle_timeout:
            return begun
        idle = self._heard + self._options.idle_timeout
        return idle if begun is None else min(begun, idle)

    def on_time(self, now: float) -> None:
        """A deadline has come: give the connection up."""
        super().on_time(now)
        if self._up and self._options.idle_timeout and now >= self._heard + self._options.idle_timeout:
            self._down(Timeout("no PDU within the idle time-out"))

    def _on_pdu(self, pdu: WrapperPdu) -> None:
        pair = (pdu.source, pdu.destination)
        if not pdu.apdu or not (pair in self._links or self._admit(*pair)):
            self.discarded += 1
        else:
            self._events.append(ApduReceived(pdu.apdu, *pair))

    def _admit(self, client_sap: int, server_sap: int) -> bool:
        known = (
            client_sap != NO_STATION
            and server_sap in self._devices
            and (self._clients is None or client_sap in self._clients)
            and len(self._links) < self._options.max_links
        )
        if known:
            self._links[client_sap, server_sap] = None
            self._events.append(LinkUp(client_sap, server_sap))
        return known

    def _down(self, error: CosemError | None) -> None:
        self._up = False
        self._begun = None
        pairs = list(self._links) or [(NO_STATION, NO_STATION)]
        self._links.clear()
        self._events.extend(LinkDown(client_sap, server_sap, error) for client_sap, server_sap in pairs)
