"""What link engines tell their driver, and what every link engine offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeAlias

from cosem.core.errors import CosemError


@dataclass(slots=True)
class LinkUp:
    """The data link is ready for APDUs (HDLC: UA received or sent; wrapper: at once)."""

    client_sap: int
    server_sap: int


@dataclass(slots=True)
class ApduReceived:
    """A whole APDU arrived, LLC header removed, segments joined.

    ``confirmed`` is False for what came in an unnumbered frame (push over HDLC UI) and needs no link answer.
    """

    apdu: bytes
    client_sap: int
    server_sap: int
    confirmed: bool = True


@dataclass(slots=True)
class LinkDown:
    """The data link is gone. ``error`` is None after an orderly disconnect."""

    client_sap: int
    server_sap: int
    error: CosemError | None = None


LinkEvent: TypeAlias = LinkUp | ApduReceived | LinkDown


class LinkEngine(Protocol):
    """One end of a data link: octets in, octets and events out, the clock passed in (seconds, monotonic).

    No method blocks or raises for what the other side sent; trouble comes as LinkDown. After any call the
    driver empties ``take_output`` and ``next_event``, and calls ``on_time`` when ``deadline`` has come.
    """

    def open(self, now: float) -> None:
        """Client role: set the link up. Server role: nothing to do."""

    def close(self, now: float) -> None:
        """Client role: disconnect in order."""

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """Queue one APDU. A server that holds several links names the pair; a client has one."""

    def receive(self, octets: bytes, now: float) -> None:
        """Take whatever arrived, in any cut."""

    def take_output(self) -> bytes:
        """Octets to put on the line now, or one datagram; called until it is empty."""
        ...

    def next_event(self) -> LinkEvent | None:
        """The oldest event not yet taken."""

    def deadline(self) -> float | None:
        """When ``on_time`` wants to be called, or None."""

    def on_time(self, now: float) -> None:
        """A deadline has come: retransmit, drop fragments, time out."""
