"""From the links of one connection to sessions: one for every pair of client SAP and logical device."""

from __future__ import annotations

from typing import Protocol

from cosem.server.device import PhysicalDevice
from cosem.session.server import ServerSession
from cosem.session.states import State


class Pair(Protocol):
    """What tells one link of a connection from the others."""

    @property
    def client_sap(self) -> int:
        """The client."""
        ...

    @property
    def server_sap(self) -> int:
        """The logical device."""
        ...


class Request(Pair, Protocol):
    """An APDU and the link that it came on."""

    @property
    def apdu(self) -> bytes:
        """Its octets."""
        ...

    @property
    def confirmed(self) -> bool:
        """Whether it came on the link, not in an unnumbered frame."""
        ...


class MeterHandler:
    """The meter's side of one connection; a :class:`~cosem.transport.base.Handler`.

    Sessions are there only while an association is: nothing is kept for a client that has none. A link that comes up,
    comes up again or goes down ends the association on it. Pairs of SAPs that nobody may use meet silence.
    """

    __slots__ = ("_device", "_sessions")

    def __init__(self, device: PhysicalDevice) -> None:
        self._device = device
        self._sessions: dict[tuple[int, int], ServerSession] = {}

    def link_up(self, event: Pair) -> None:
        """A link is up, or was set up anew."""
        self._end(event)

    def apdu(self, event: Request) -> bytes | None:
        """Serve one APDU; None is silence."""
        pair = event.client_sap, event.server_sap
        session = self._sessions.get(pair)
        if session is None:
            session = self._device.session(*pair)
            if session is None:
                return None
        answer = session.handle(event.apdu)
        if session.state is not State.IDLE:
            self._sessions[pair] = session
        else:
            self._sessions.pop(pair, None)
        return answer if event.confirmed else None

    def link_down(self, event: Pair) -> None:
        """A link is gone."""
        self._end(event)

    def _end(self, pair: Pair) -> None:
        session = self._sessions.pop((pair.client_sap, pair.server_sap), None)
        if session is not None:
            session.link_down()
