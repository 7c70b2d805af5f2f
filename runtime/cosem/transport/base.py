"""What a client is written against, and what a meter implements: links that carry APDUs.

The client side has two colours of the same verbs, :class:`AsyncExchange` and :class:`BlockingExchange`. What
comes out of them is an APDU or an error:

- :class:`~cosem.core.errors.Timeout`: no answer in time; the link stays up;
- :class:`~cosem.core.errors.ConnectionLost`: the connection is gone;
- :class:`~cosem.core.errors.LinkError` or another error of the engine: the data link is gone;
- :class:`~cosem.core.errors.LocalProtocolError`: a second reader, or use after the link was closed.

An answer is a confirmed APDU that arrives while ``exchange`` waits. All else is unsolicited: it goes to
``on_unsolicited`` if that is set, and is otherwise kept for ``receive``, the last ``QUEUED_APDUS`` of them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, Protocol, TypeAlias

from cosem.link.events import ApduReceived, LinkDown, LinkUp

QUEUED_APDUS: Final = 16
"""APDUs kept while nobody reads; beyond it the oldest is dropped."""

EXCHANGE_TIMEOUT: Final = 10.0
"""Seconds that an answer may take where the caller names no other time."""

CLOSE_TIMEOUT: Final = 3.0
"""Seconds that an orderly disconnect may take before the connection is simply dropped."""

OnUnsolicited: TypeAlias = Callable[[ApduReceived], None]


class BlockingExchange(Protocol):
    """An open data link to one meter; every verb blocks."""

    on_unsolicited: OnUnsolicited | None

    @property
    def is_open(self) -> bool:
        """Whether APDUs can still be exchanged."""
        ...

    def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        """Send an APDU and return the next confirmed one that arrives, within ``timeout`` seconds."""
        ...

    def send(self, apdu: bytes) -> None:
        """Send an APDU that has no answer, or whose answer ``receive`` will fetch."""
        ...

    def receive(self, timeout: float | None = None) -> ApduReceived:
        """Return the oldest APDU kept, or the next one that arrives within ``timeout`` seconds."""
        ...

    def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        """Disconnect in order, within ``timeout`` seconds; never raises for what the other side does."""
        ...

    def abort(self) -> None:
        """Drop the connection at once."""
        ...


class AsyncExchange(Protocol):
    """An open data link to one meter; one task at a time waits for an APDU."""

    on_unsolicited: OnUnsolicited | None

    @property
    def is_open(self) -> bool:
        """Whether APDUs can still be exchanged."""
        ...

    async def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        """Send an APDU and return the next confirmed one that arrives, within ``timeout`` seconds."""
        ...

    async def send(self, apdu: bytes) -> None:
        """Send an APDU that has no answer, or whose answer ``receive`` will fetch."""
        ...

    async def receive(self, timeout: float | None = None) -> ApduReceived:
        """Return the oldest APDU kept, or the next one that arrives within ``timeout`` seconds."""
        ...

    async def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        """Disconnect in order, within ``timeout`` seconds; never raises for what the other side does."""
        ...

    def abort(self) -> None:
        """Drop the connection at once."""
        ...


class Served(Protocol):
    """One connection as its handler sees it: where it comes from, and a way to send without being asked."""

    @property
    def peer(self) -> str:
        """The other side, for people: ``192.0.2.7:51234``, a device name."""
        ...

    def send(self, apdu: bytes, *, client_sap: int, server_sap: int) -> None:
        """Send an APDU that answers nothing (a push). Raises ConnectionLost when the connection is gone."""
        ...

    def abort(self) -> None:
        """Drop the connection at once; ``link_down`` follows for every link that is up."""
        ...


class Handler(Protocol):
    """The meter's side of one connection, which may carry several links (pairs of SAPs)."""

    def link_up(self, event: LinkUp) -> None:
        """A link is up."""
        ...

    def apdu(self, event: ApduReceived) -> bytes | None:
        """Serve one APDU; what is returned goes back to the same pair of SAPs."""
        ...

    def link_down(self, event: LinkDown) -> None:
        """A link is gone: disconnected, timed out, or lost with its connection (``error`` says which)."""
        ...


HandlerFactory: TypeAlias = Callable[[Served], Handler]
