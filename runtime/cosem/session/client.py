"""The client's side of an association, sans-IO.

Every operation is an :data:`Exchange`: a generator that yields the octets of an APDU to send, or None to wait for
one more, is sent the octets of each APDU that arrives, and returns the result. A driver runs it over any link::

    def run(exchange, link):
        reply = None
        try:
            while True:
                out = exchange.send(reply)
                reply = link.exchange(out) if out is not None else link.receive()
        except StopIteration as done:
            return done.value

One exchange runs at a time. Abandoning one (a time-out) leaves the session usable: the next request takes another
invoke id, and what still arrives for the old one is recognised and dropped.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Sequence
from contextlib import suppress
from typing import Final, TypeAlias, TypeGuard, TypeVar

from cosem.apdu import (
    AARE,
    RLRE,
    RLRQ,
    ActionResponse,
    ConfirmedServiceError,
    Conformance,
    CosemPdu,
    DataNotification,
    EventNotificationRequest,
    ExceptionResponse,
    GetResponse,
    ReleaseRequestReason,
    SetResponse,
    decode_pdu,
)
from cosem.core.data import Data
from cosem.core.errors import (
    AccessError,
    ConfirmedServiceErrorReceived,
    CosemError,
    ExceptionResponseError,
    LocalProtocolError,
)
from cosem.session import invoking, reading, writing
from cosem.session.association import AssociationOptions, Negotiated
from cosem.session.opening import agreement, association_request
from cosem.session.protection import NO_PROTECTION, Protection
from cosem.session.states import CLIENT, Input, State
from cosem.session.targets import AttributeTarget, MethodTarget

T = TypeVar("T")
Exchange: TypeAlias = Generator[bytes | None, bytes, T]

Response: TypeAlias = GetResponse | SetResponse | ActionResponse
Notification: TypeAlias = DataNotification | EventNotificationRequest

_CONFIRMED_HIGH_PRIORITY: Final = 0xC0
_KEPT_NOTIFICATIONS: Final = 64
_NO_ANSWERS: Final = frozenset(
    (DataNotification, EventNotificationRequest, ExceptionResponse, ConfirmedServiceError)
)
"""What comes in place of an answer, or between answers."""
_SERVING: Final = tuple(state for state, on in CLIENT if on is Input.SERVICE)
"""States in which services are allowed."""


class ClientSession:
    """One application association as its client sees it.

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

    # -- the association

    def associate(self) -> Exchange[Negotiated]:
        """Open the association. Raises AssociationError when the meter refuses."""
        self._move(Input.AARQ)
        try:
            answer = yield from self._converse(association_request(self.options).encode(), _is_aare)
            self.negotiated = agreement(answer, self.options)
        except BaseException:
            if self.state is State.ASSOCIATING:  # else the link went down meanwhile
                self._move(Input.REJECTED)
            raise
        self._move(Input.ACCEPTED)
        return self.negotiated

    def release(self) -> Exchange[None]:
        """Release the association in order. Some meters never answer: a driver may stop waiting at any time."""
        self._move(Input.RLRQ)
        try:
            yield from self._converse(RLRQ(ReleaseRequestReason.NORMAL).encode(), _is_rlre)
        except BaseException:
            self._move(Input.LINK_DOWN)
            raise
        self._move(Input.RLRE)

    def lost(self) -> None:
        """The link is gone, and the association with it."""
        self._move(Input.LINK_DOWN)

    def overhear(self, octets: bytes) -> None:
        """Take an APDU that nobody waits for: a notification is kept, all else is dropped."""
        with suppress(CosemError):
            self._take(octets)

    # -- services

    def get(self, target: AttributeTarget) -> Exchange[Data]:
        """GET one attribute. Raises AccessError when the meter refuses."""
        return reading.get(self, target)

    def get_many(self, targets: Sequence[AttributeTarget]) -> Exchange[list[Data | AccessError]]:
        """GET several attributes, in as few requests as the meter allows; a refusal takes the place of a value."""
        return reading.get_many(self, targets)

    def set(self, target: AttributeTarget, value: Data) -> Exchange[None]:
        """SET one attribute. Raises AccessError when the meter refuses."""
        return writing.set_one(self, target, value)

    def set_many(self, items: Sequence[tuple[AttributeTarget, Data]]) -> Exchange[list[AccessError | None]]:
        """SET several attributes, in as few requests as the meter allows; None where it was done."""
        return writing.set_many(self, items)

    def action(self, target: MethodTarget, parameters: Data | None = None) -> Exchange[Data | None]:
        """Invoke a method; its return value, or None. Raises ActionError when the meter refuses."""
        return invoking.action(self, target, parameters)

    # -- for the services

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
        if self.state not in _SERVING:
            raise LocalProtocolError(f"no service in state {self.state.name.lower()}: associate first")
        if not self.fits(apdu):
            most = self.negotiated.max_send_pdu_size
            raise LocalProtocolError(f"a request of {len(apdu)} octets; the meter takes {most}")
        octets = yield self.protection.protect(apdu)
        while True:
            pdu = self._take(octets)
            if isinstance(pdu, Response) and not (pdu.invoke_id_and_priority ^ invoke_id) & 0x0F:
                return pdu
            octets = yield None

    def _move(self, on: Input) -> None:
        after = CLIENT.get((self.state, on))
        if after is None:
            raise LocalProtocolError(f"{on.name} is not possible in state {self.state.name.lower()}")
        self.state = after

    def _converse(self, apdu: bytes, wanted: Callable[[CosemPdu | None], TypeGuard[T]]) -> Exchange[T]:
        octets = yield apdu
        while True:
            pdu = self._take(octets)
            if wanted(pdu):
                return pdu
            octets = yield None

    def _take(self, octets: bytes) -> CosemPdu | None:
        """One APDU that arrived; None for a notification, which is kept. Raises what the meter reports as an error."""
        pdu = decode_pdu(self.protection.unprotect(octets), self.options.limits)
        return self._heed(pdu) if type(pdu) in _NO_ANSWERS else pdu

    def _heed(self, pdu: CosemPdu) -> CosemPdu | None:
        if isinstance(pdu, Notification):
            if self.notifications is None:
                self.notifications = deque(maxlen=_KEPT_NOTIFICATIONS)
            self.notifications.append(pdu)
            return None
        if isinstance(pdu, ExceptionResponse):
            raise ExceptionResponseError(pdu.state_error, pdu.service_error, pdu.invocation_counter)
        if isinstance(pdu, ConfirmedServiceError):
            raise ConfirmedServiceErrorReceived(pdu.service, pdu.service_error)
        return pdu


def _is_aare(pdu: CosemPdu | None) -> TypeGuard[AARE]:
    return isinstance(pdu, AARE)


def _is_rlre(pdu: CosemPdu | None) -> TypeGuard[RLRE]:
    return isinstance(pdu, RLRE)
