"""Conversation with a meter: an APDU out, its answer in; the ground that every service of a client stands on."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from contextlib import suppress
from typing import TYPE_CHECKING, Final, TypeAlias, TypeGuard, TypeVar

from cosem.apdu import Conformance, CosemPduTag, decode_pdu
from cosem.core.errors import CosemError, DecodeError, LocalProtocolError
from cosem.session.association import AssociationOptions, Negotiated
from cosem.session.protection import NO_PROTECTION, Protection
from cosem.session.states import CLIENT, Input, State

if TYPE_CHECKING:
    from cosem.apdu import ActionResponse, CosemPdu, GetResponse, SetResponse
    from cosem.session.remarks import Notification

T = TypeVar("T")
Exchange: TypeAlias = Generator[bytes | None, bytes, T]
"""Yields the octets of an APDU to send, or None to wait for one more; is sent the octets of each APDU that arrives."""

Response: TypeAlias = "GetResponse | SetResponse | ActionResponse"

_CONFIRMED_HIGH_PRIORITY: Final = 0xC0
_KEPT_NOTIFICATIONS: Final = 64
_REMARKS: Final = frozenset(
    (
        CosemPduTag.DATA_NOTIFICATION,
        CosemPduTag.EVENT_NOTIFICATION_REQUEST,
        CosemPduTag.EXCEPTION_RESPONSE,
        CosemPduTag.CONFIRMED_SERVICE_ERROR,
    )
)
"""First octets of what comes in place of an answer, or between answers."""
_SERVING: Final = tuple(state for state, on in CLIENT if on is Input.SERVICE)
"""States in which services are allowed."""


class Conversation:
    """The state of one association at its client, and the way of a request through it.

    ``notifications`` keeps the latest notifications that arrived between answers, oldest first.
    """

    __slots__ = ("_invoke_id", "negotiated", "notifications", "options", "protection", "state")

    def __init__(self, options: AssociationOptions, protection: Protection = NO_PROTECTION) -> None:
        self.options = options
        self.protection = protection
        self.state = State.IDLE
        self.negotiated = Negotiated(options.conformance, 0, options.max_receive_pdu_size)
        self.notifications: deque[Notification] | None = None
        self._invoke_id = 0

    def lost(self) -> None:
        """The link is gone, and the association with it."""
        self.move(Input.LINK_DOWN)

    def overhear(self, octets: bytes) -> None:
        """Take an APDU that nobody waits for: a notification is kept, all else is dropped."""
        with suppress(CosemError):
            self._take(octets)

    def supports(self, feature: Conformance) -> bool:
        """Whether a feature was agreed on."""
        return feature in self.negotiated.conformance

    def next_invoke_id(self) -> int:
        """A fresh invoke-id-and-priority: confirmed, high priority."""
        self._invoke_id = (self._invoke_id + 1) & 0x0F
        return _CONFIRMED_HIGH_PRIORITY | self._invoke_id

    def room_for(self, overhead: int) -> int:
        """Octets left for content in an APDU that the meter takes, beside ``overhead``."""
        return max((self.negotiated.max_send_pdu_size or 0xFFFF) - overhead, 1)

    def fits(self, apdu: bytes) -> bool:
        """Whether the meter takes an APDU of this length."""
        return not 0 < self.negotiated.max_send_pdu_size < len(apdu)

    def request(self, apdu: bytes, invoke_id: int) -> Exchange[Response]:
        """Send one request and wait for the response of the same invoke id."""
        octets = yield self.outgoing(apdu)
        while (response := self.response(octets, invoke_id)) is None:
            octets = yield None
        return response

    def outgoing(self, apdu: bytes) -> bytes:
        """A request as it goes out. Raises LocalProtocolError if it may not, or is too long for the meter."""
        if self.state not in _SERVING:
            raise LocalProtocolError(f"no service in state {self.state.name.lower()}: associate first")
        if not self.fits(apdu):
            most = self.negotiated.max_send_pdu_size
            raise LocalProtocolError(f"a request of {len(apdu)} octets; the meter takes {most}")
        return self.protection.protect(apdu)

    def response(self, octets: bytes, invoke_id: int) -> Response | None:
        """What arrived, if it is a response of this invoke id. Raises what the meter reports as an error."""
        pdu = self._take(octets)
        if _has_invoke_id(pdu) and not (pdu.invoke_id_and_priority ^ invoke_id) & 0x0F:
            return pdu
        return None

    def move(self, on: Input) -> None:
        """Take a transition of the client's table. Raises LocalProtocolError if there is none."""
        after = CLIENT.get((self.state, on))
        if after is None:
            raise LocalProtocolError(f"{on.name} is not possible in state {self.state.name.lower()}")
        self.state = after

    def converse(self, apdu: bytes, wanted: Callable[[CosemPdu | None], TypeGuard[T]]) -> Exchange[T]:
        """Send an APDU as it is and wait for the answer that is wanted."""
        octets = yield apdu
        while True:
            pdu = self._take(octets)
            if wanted(pdu):
                return pdu
            octets = yield None

    def _take(self, octets: bytes) -> CosemPdu | None:
        """One APDU that arrived; None for a notification, which is kept. Raises what the meter reports as an error."""
        plain = self.protection.unprotect(octets)
        try:
            pdu = decode_pdu(plain, self.options.limits)
        except DecodeError:
            if not self.options.switches.swapped_tags:
                raise
            from cosem.session.push import decode_push

            pdu = decode_push(plain, self.options.switches, self.options.limits)
        return self._heed(pdu) if plain[0] in _REMARKS else pdu

    def _heed(self, pdu: CosemPdu) -> CosemPdu | None:
        from cosem.session.remarks import noted

        notification = noted(pdu)
        if notification is None:
            return pdu
        if self.notifications is None:
            self.notifications = deque(maxlen=_KEPT_NOTIFICATIONS)
        self.notifications.append(notification)
        return None


def _has_invoke_id(pdu: CosemPdu | None) -> TypeGuard[Response]:
    """Whether this is a message of GET, SET or ACTION, told without importing all three; a meter sends responses."""
    return hasattr(pdu, "invoke_id_and_priority")
