"""The meter's side of an association, sans-IO: an APDU in, the answer out (Green Book 9.4).

A :class:`ServerSession` serves one client SAP at one logical device. It never raises for what a client
sends; what it answers to every kind of nonsense follows the state table of the application layer, of which each row is
a test.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from cosem.apdu import (
    AARQ,
    RLRE,
    RLRQ,
    AcseServiceUser,
    ActionRequest,
    ActionResponse,
    ConfirmedService,
    ConfirmedServiceError,
    Conformance,
    CosemPduTag,
    ExceptionResponse,
    ExceptionServiceError,
    GetRequest,
    GetRequestWithList,
    GetResponse,
    ReleaseResponseReason,
    ServiceSupportError,
    SetRequest,
    SetRequestWithList,
    SetRequestWithListAndFirstDatablock,
    SetResponse,
    StateError,
    decode_pdu,
)
from cosem.core.device import Quirk
from cosem.core.errors import DecodeError, SecurityError
from cosem.session.acceptance import Rejection, judge, welcome
from cosem.session.association import Negotiated
from cosem.session.attribute_services import GetService, SetService
from cosem.session.host import AssociationPolicy, Host
from cosem.session.method_services import ActionService
from cosem.session.protection import NO_PROTECTION, Protection
from cosem.session.states import SERVER, Input, State
from cosem.session.transfers import RESULTS_OVERHEAD

_Request: TypeAlias = GetRequest | SetRequest | ActionRequest
_SetOfList: TypeAlias = SetRequestWithList | SetRequestWithListAndFirstDatablock

_UNCONFIRMED: Final = frozenset(
    (
        CosemPduTag.DATA_NOTIFICATION,
        CosemPduTag.DATA_NOTIFICATION_CONFIRM,
        CosemPduTag.UNCONFIRMED_WRITE_REQUEST,
        CosemPduTag.INFORMATION_REPORT_REQUEST,
        CosemPduTag.EVENT_NOTIFICATION_REQUEST,
    )
)
"""APDUs that nobody answers."""

_SERVICES: Final = frozenset((CosemPduTag.GET_REQUEST, CosemPduTag.SET_REQUEST, CosemPduTag.ACTION_REQUEST))
_SHORT_NAME_SERVICES: Final = frozenset((CosemPduTag.READ_REQUEST, CosemPduTag.WRITE_REQUEST))

_SERVING: Final = tuple(state for state, on in SERVER if on is Input.SERVICE)
"""States in which services are allowed."""

_CONFIRMED: Final = 0x40
"""Bit of invoke-id-and-priority: an answer is wanted."""

_NOT_ALLOWED: Final = ExceptionResponse(
    StateError.SERVICE_NOT_ALLOWED, ExceptionServiceError.SERVICE_NOT_SUPPORTED
).encode()
_UNKNOWN: Final = ExceptionResponse(
    StateError.SERVICE_UNKNOWN, ExceptionServiceError.SERVICE_NOT_SUPPORTED
).encode()
_TOO_LONG: Final = ExceptionResponse(
    StateError.SERVICE_NOT_ALLOWED, ExceptionServiceError.PDU_TOO_LONG
).encode()
_UNDECIPHERABLE: Final = ExceptionResponse(
    StateError.SERVICE_NOT_ALLOWED, ExceptionServiceError.DECIPHERING_ERROR
).encode()
_NO_ASSOCIATION: Final = ConfirmedServiceError(
    ConfirmedService.INITIATE_ERROR, ServiceSupportError.SERVICE_UNSUPPORTED
).encode()


class ServerSession:
    """One client SAP at one logical device of a meter."""

    __slots__ = ("_action", "_get", "_set", "host", "negotiated", "policy", "protection", "state")

    def __init__(self, policy: AssociationPolicy, host: Host, protection: Protection = NO_PROTECTION) -> None:
        self.policy = policy
        self.host = host
        self.protection = protection
        self.state = State.IDLE
        self.negotiated: Negotiated | None = None
        self._get: GetService | None = None
        self._set: SetService | None = None
        self._action: ActionService | None = None

    def handle(self, octets: bytes) -> bytes | None:
        """The answer to one APDU; None where silence is the answer."""
        if not octets:
            return None
        try:
            plain = self.protection.unprotect(octets)
        except SecurityError:
            return _UNDECIPHERABLE
        try:
            request = decode_pdu(plain, self.policy.limits)
        except DecodeError:
            return self._malformed(plain[0])
        if isinstance(request, _Request):
            answer = self._serve(request)
        elif isinstance(request, AARQ):
            answer = self._associate(request)
        elif isinstance(request, RLRQ):
            answer = self._release(request)
        else:
            answer = self._unexpected(plain[0])
        return None if answer is None else self.protection.protect(answer)

    def link_down(self) -> None:
        """The link is gone: no association survives it."""
        self._end(Input.LINK_DOWN)

    def _malformed(self, tag: int) -> bytes | None:
        """The answer to octets that are no APDU."""
        if tag == CosemPduTag.AARQ:
            # An association that stands is left alone.
            return (
                None
                if self.state is State.ASSOCIATED
                else Rejection(AcseServiceUser.NO_REASON_GIVEN).answer()
            )
        return _NOT_ALLOWED if tag in _SERVICES else self._unexpected(tag)

    def _unexpected(self, tag: int) -> bytes | None:
        """The answer to an APDU that has no place here."""
        if tag in _UNCONFIRMED:
            return None
        if tag in _SHORT_NAME_SERVICES and self.state is State.IDLE:
            return _NO_ASSOCIATION
        return _UNKNOWN

    def _serve(self, request: _Request) -> bytes | None:
        negotiated = self.negotiated
        if negotiated is None or self.state not in _SERVING:
            return _NOT_ALLOWED
        confirmed = request.invoke_id_and_priority & _CONFIRMED
        if (
            confirmed
            and isinstance(request, _SetOfList)
            and not negotiated.takes(len(request.attribute_descriptor_list) + RESULTS_OVERHEAD)
        ):
            return _TOO_LONG  # there are no blocks for such results, so nothing is written in vain
        response = self._respond(request, negotiated)
        if response is None:
            return _NOT_ALLOWED
        if not confirmed:
            return None
        octets = response.encode()
        return octets if negotiated.takes(len(octets)) else _TOO_LONG

    def _respond(
        self, request: _Request, negotiated: Negotiated
    ) -> GetResponse | SetResponse | ActionResponse | None:
        """The response; None if this association may not use the service."""
        if isinstance(request, GetRequest):
            if isinstance(request, GetRequestWithList) and Quirk.NO_GET_WITH_LIST in self.policy.quirks:
                return None
            if self._get is None:
                if Conformance.GET not in negotiated.conformance:
                    return None
                self._get = GetService(self.host, negotiated)
            return self._get.serve(request)
        if isinstance(request, SetRequest):
            if self._set is None:
                if Conformance.SET not in negotiated.conformance:
                    return None
                self._set = SetService(self.host, self.policy.limits)
            return self._set.serve(request)
        if self._action is None:
            if Conformance.ACTION not in negotiated.conformance:
                return None
            self._action = ActionService(self.host, negotiated, self.policy.limits)
        return self._action.serve(request)

    def _associate(self, aarq: AARQ) -> bytes:
        try:
            negotiated = judge(aarq, self.policy)
        except Rejection as rejection:
            self._end(Input.REJECTED)
            self.host.refused()
            return rejection.answer()
        self._end(Input.ACCEPTED)
        self.negotiated = negotiated
        self.host.opened(negotiated)
        return welcome(negotiated, self.policy)

    def _release(self, rlrq: RLRQ) -> bytes | None:
        if self.state is State.IDLE:
            return None
        quirks = self.policy.quirks
        if Quirk.NO_RLRQ in quirks or (
            Quirk.NO_USER_INFORMATION_IN_RLRQ in quirks and rlrq.user_information is not None
        ):
            return _UNKNOWN
        self._end(Input.RLRQ)
        return RLRE(ReleaseResponseReason.NORMAL).encode()

    def _end(self, on: Input) -> None:
        """Take a transition; an association that stood until now ends with it."""
        if self.negotiated is not None:
            self.host.closed()
        self.negotiated = self._get = self._set = self._action = None
        self.state = SERVER[self.state, on]
