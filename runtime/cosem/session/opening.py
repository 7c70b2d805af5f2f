"""The client's half of opening and releasing an association: the AARQ it sends, what it reads from the AARE, RLRQ."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeGuard

from cosem.apdu import (
    AARE,
    AARQ,
    RLRE,
    RLRQ,
    AcseRequirements,
    AcseServiceProvider,
    AcseServiceUser,
    AssociationResult,
    ConfirmedServiceError,
    InitiateRequest,
    InitiateResponse,
    MechanismName,
    ReleaseRequestReason,
    decode_pdu,
)
from cosem.core.errors import AssociationError, DecodeError, RemoteProtocolError
from cosem.session.association import DLMS_VERSION, LOGICAL_NAMES, AssociationOptions, Negotiated
from cosem.session.conversation import Conversation, Exchange
from cosem.session.states import Input, State

if TYPE_CHECKING:
    from cosem.apdu import CosemPdu


def associate(session: Conversation) -> Exchange[Negotiated]:
    """Open the association. Raises AssociationError when the meter refuses."""
    session.move(Input.AARQ)
    if session.options.pre_established:
        session.move(Input.ACCEPTED)
        session.negotiated = _proposed(session.options)
        return session.negotiated
    try:
        answer = yield from session.converse(association_request(session.options).encode(), _is_aare)
        session.negotiated = agreement(answer, session.options)
    except BaseException:
        if session.state is State.ASSOCIATING:  # else the link went down meanwhile
            session.move(Input.REJECTED)
        raise
    session.move(Input.ACCEPTED)
    return session.negotiated


def release(session: Conversation) -> Exchange[None]:
    """Release the association in order; one that only ends with its link is left to that."""
    session.move(Input.RLRQ)
    if session.options.pre_established or session.options.switches.no_rlrq:
        session.move(Input.LINK_DOWN)
        return
    try:
        yield from session.converse(RLRQ(ReleaseRequestReason.NORMAL).encode(), _is_rlre)
    except BaseException:
        session.move(Input.LINK_DOWN)
        raise
    session.move(Input.RLRE)


def _is_aare(pdu: CosemPdu | None) -> TypeGuard[AARE]:
    return isinstance(pdu, AARE)


def _is_rlre(pdu: CosemPdu | None) -> TypeGuard[RLRE]:
    return isinstance(pdu, RLRE)


def association_request(options: AssociationOptions) -> AARQ:
    """The AARQ that asks for what the options say."""
    initiate = InitiateRequest(DLMS_VERSION, options.conformance, options.max_receive_pdu_size)
    aarq = AARQ(LOGICAL_NAMES, calling_ae_invocation_id=options.user_id, user_information=initiate.encode())
    authentication = options.authentication
    if authentication.mechanism is not MechanismName.LOWEST_LEVEL_SECURITY:
        aarq.sender_acse_requirements = AcseRequirements.AUTHENTICATION
        aarq.mechanism_name = authentication.mechanism
        aarq.calling_authentication_value = authentication.secret.reveal()
    return aarq


def agreement(aare: AARE, options: AssociationOptions) -> Negotiated:
    """What the meter grants. Raises AssociationError when it refuses, RemoteProtocolError for what cannot be granted.

    Of a meter with ``no_user_information_in_aare`` what was proposed is taken as granted, and nothing is assumed of
    the size of its APDUs.
    """
    if aare.result != AssociationResult.ACCEPTED or _wants_more(aare):
        raise _refusal(aare, options)
    if not aare.user_information:
        if not options.switches.no_user_information_in_aare:
            raise RemoteProtocolError(
                "an accepting AARE without user-information; some meters have the quirk no_user_information_in_aare"
            )
        return _proposed(options)
    inner = decode_pdu(aare.user_information, options.limits)
    if not isinstance(inner, InitiateResponse):
        raise RemoteProtocolError(f"an accepting AARE with {type(inner).__name__} in its user-information")
    if inner.negotiated_dlms_version_number != DLMS_VERSION:
        raise RemoteProtocolError(f"the meter speaks xDLMS version {inner.negotiated_dlms_version_number}")
    return Negotiated(
        inner.negotiated_conformance & options.conformance,
        inner.server_max_receive_pdu_size,
        options.max_receive_pdu_size,
    )


def _proposed(options: AssociationOptions) -> Negotiated:
    """What was proposed, or would have been, as granted."""
    return Negotiated(options.conformance, 0, options.max_receive_pdu_size)


def _wants_more(aare: AARE) -> bool:
    """Whether the meter waits for high level authentication, which was not asked for."""
    diagnostic = aare.result_source_diagnostic
    return isinstance(diagnostic, AcseServiceUser) and diagnostic == AcseServiceUser.AUTHENTICATION_REQUIRED


def _refusal(aare: AARE, options: AssociationOptions) -> AssociationError:
    diagnostic = aare.result_source_diagnostic
    source = "service-provider" if isinstance(diagnostic, AcseServiceProvider) else "service-user"
    text = f"{aare.result.name}, {source}: {diagnostic.name}"
    error = _initiate_error(aare.user_information, options)
    if error is not None:
        text += f" (initiate error: {error.service_error.name})"
    return AssociationError(
        text.replace("_", " ").lower(),
        result=aare.result,
        diagnostic=diagnostic,
        diagnostic_source=source,
    )


def _initiate_error(octets: bytes | None, options: AssociationOptions) -> ConfirmedServiceError | None:
    """The reason inside a refusal, if there is one; the refusal stands whatever is found here."""
    try:
        inner: CosemPdu | None = decode_pdu(octets, options.limits) if octets else None
    except DecodeError:
        return None
    return inner if isinstance(inner, ConfirmedServiceError) else None
