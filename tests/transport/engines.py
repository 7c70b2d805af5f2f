"""Small engines for driver tests: a frame is a wrapper PDU whose source names its kind.

A client opens with a handshake that it repeats every second, three times in all; a server confirms it.
"""

from __future__ import annotations

from collections import deque
from enum import IntEnum

from cosem.core.errors import LinkError, LocalProtocolError
from cosem.link.events import ApduReceived, LinkDown, LinkEvent, LinkUp

CLIENT_SAP = 16
SERVER_SAP = 1


class Kind(IntEnum):
    OPEN = 0
    UP = 1
    APDU = 2
    CLOSE = 3
    CLOSED = 4
    PUSH = 5


def frame(kind: Kind, apdu: bytes = b"") -> bytes:
    return b"\0\1" + kind.to_bytes(2) + b"\0\0" + len(apdu).to_bytes(2) + apdu


class FakeEngine:
    """Either role of the link."""

    def __init__(self, *, client: bool) -> None:
        self.client = client
        self.longest = 0xFFFF
        self.repeat_after = 1.0
        self._in = b""
        self._out = b""
        self._events: deque[LinkEvent] = deque()
        self._deadline: float | None = None
        self._tries = 0
        self._waits_for: Kind | None = None

    def open(self, now: float) -> None:
        if self.client:
            self._ask(Kind.OPEN, Kind.UP, now)

    def close(self, now: float) -> None:
        self._ask(Kind.CLOSE, Kind.CLOSED, now)

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        if len(apdu) > self.longest:
            raise LocalProtocolError("too long")
        self._out += frame(Kind.APDU, apdu)

    def send_push(self, apdu: bytes) -> None:
        self._out += frame(Kind.PUSH, apdu)

    def receive(self, octets: bytes, now: float) -> None:
        self._in += octets
        at = 0
        while len(self._in) - at >= 8:
            body = at + 8
            end = body + int.from_bytes(self._in[at + 6 : body])
            kind = int.from_bytes(self._in[at + 2 : at + 4])
            if self._in[at : at + 2] != b"\0\1" or kind > Kind.PUSH or end - body > self.longest:
                self._events.append(LinkDown(CLIENT_SAP, SERVER_SAP, LinkError("not a frame")))
                at = len(self._in)
                break
            if len(self._in) < end:
                break
            self._take(Kind(kind), self._in[body:end])
            at = end
        self._in = self._in[at:]

    def take_output(self) -> bytes:
        out, self._out = self._out, b""
        return out

    def next_event(self) -> LinkEvent | None:
        return self._events.popleft() if self._events else None

    def deadline(self) -> float | None:
        return self._deadline

    def on_time(self, now: float) -> None:
        if self._deadline is None or now < self._deadline:
            return
        if self._tries == 3:
            self._deadline = None
            self._events.append(LinkDown(CLIENT_SAP, SERVER_SAP, LinkError("no answer to the handshake")))
        elif self._waits_for is not None:
            self._ask(Kind(self._waits_for - 1), self._waits_for, now)

    def _ask(self, kind: Kind, answer: Kind, now: float) -> None:
        self._tries = self._tries + 1 if self._waits_for == answer else 1
        self._out += frame(kind)
        self._waits_for = answer
        self._deadline = now + self.repeat_after

    def _take(self, kind: Kind, apdu: bytes) -> None:
        match kind:
            case Kind.APDU | Kind.PUSH:
                self._events.append(ApduReceived(apdu, CLIENT_SAP, SERVER_SAP, kind is Kind.APDU))
            case Kind.OPEN:
                self._out += frame(Kind.UP)
                self._events.append(LinkUp(CLIENT_SAP, SERVER_SAP))
            case Kind.CLOSE:
                self._out += frame(Kind.CLOSED)
                self._events.append(LinkDown(CLIENT_SAP, SERVER_SAP))
            case Kind.UP | Kind.CLOSED:
                if self._waits_for is kind:
                    self._waits_for = self._deadline = None
                    self._events.append(
                        LinkUp(CLIENT_SAP, SERVER_SAP)
                        if kind is Kind.UP
                        else LinkDown(CLIENT_SAP, SERVER_SAP)
                    )
