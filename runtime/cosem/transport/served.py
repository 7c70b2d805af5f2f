"""A server engine and its handler, joined: the part of a meter's connection that knows no socket."""

from __future__ import annotations

from abc import ABC, abstractmethod

from cosem.core.errors import CosemError
from cosem.link.events import ApduReceived, LinkDown, LinkEngine, LinkUp
from cosem.transport.base import Handler


class ServedLink(ABC):
    """One engine in the server role, and the handler that serves what it receives.

    The driver feeds ``engine`` and calls :meth:`work` until nothing is left. What the handler raises passes
    through ``work``; the driver then drops the connection.
    """

    __slots__ = ("_up", "engine", "handler")

    engine: LinkEngine
    handler: Handler

    def __init__(self) -> None:
        self._up: list[tuple[int, int]] | None = None

    @abstractmethod
    def _write(self, octets: bytes) -> None:
        """Put octets on the line."""

    @abstractmethod
    def _broken(self, error: CosemError) -> None:
        """The last link that was up has failed."""

    def work(self, now: float) -> bool:
        """Serve the engine's oldest event and write what it has to say; False if there was neither."""
        engine = self.engine
        event = engine.next_event()
        if event is None:
            return self.flush()
        if isinstance(event, ApduReceived):
            answer = self.handler.apdu(event)
            if answer is not None:
                engine.send(answer, now, client_sap=event.client_sap, server_sap=event.server_sap)
        elif isinstance(event, LinkUp):
            self._note_up(event)
        self.flush()
        if isinstance(event, LinkDown):
            self._note_down(event)
        return True

    def flush(self) -> bool:
        """Write what the engine has to say; whether it had anything."""
        wrote = False
        while octets := self.engine.take_output():
            self._write(octets)
            wrote = True
        return wrote

    def lost(self, error: CosemError) -> None:
        """The connection is gone, and every link on it."""
        pairs, self._up = self._up, None
        for client_sap, server_sap in pairs or ():
            self.handler.link_down(LinkDown(client_sap, server_sap, error))

    def _note_up(self, event: LinkUp) -> None:
        if self._up is None:
            self._up = []
        pair = event.client_sap, event.server_sap
        if pair not in self._up:
            self._up.append(pair)
        self.handler.link_up(event)

    def _note_down(self, event: LinkDown) -> None:
        pair = event.client_sap, event.server_sap
        if self._up and pair in self._up:
            self._up.remove(pair)
            self.handler.link_down(event)
        if event.error is not None and not self._up:
            self._broken(event.error)
