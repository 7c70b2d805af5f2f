"""How a meter judges an AARQ (Green Book 9.4.2, 9.4.6.1): the first rule broken names the answer."""

from __future__ import annotations

from typing import Final

from cosem.apdu import (
    AARE,
    AARQ,
    AcseRequirements,
    AcseServiceProvider,
    AcseServiceUser,
    AssociationResult,
    ConfirmedService,
    ConfirmedServiceError,
    InitiateError,
    InitiateResponse,
    MechanismName,
    decode_initiate_request,
)
from cosem.core.device import Quirk
from cosem.core.errors import DecodeError
from cosem.session.association import DLMS_VERSION, LOGICAL_NAMES, MINIMUM_PDU_SIZE, Negotiated
from cosem.session.host import AssociationPolicy

_VAA_NAME: Final = 7
"""Virtual application association name with logical name referencing."""


class Rejection(Exception):
    """An AARQ is refused: the diagnostic, and the initiate error if the InitiateRequest was at fault."""

    def __init__(
        self, diagnostic: AcseServiceUser | AcseServiceProvider, error: InitiateError | None = None
    ) -> None:
        super().__init__(diagnostic.name)
        self.diagnostic = diagnostic
        self.error = error

    def answer(self) -> bytes:
        """The AARE that refuses."""
        error = self.error
        return AARE(
            LOGICAL_NAMES,
            AssociationResult.REJECTED_PERMANENT,
            self.diagnostic,
            user_information=None
            if error is None
            else ConfirmedServiceError(ConfirmedService.INITIATE_ERROR, error).encode(),
        ).encode()


def judge(aarq: AARQ, policy: AssociationPolicy) -> Negotiated:
    """What an AARQ is granted under a policy. Raises Rejection."""
    versions = aarq.protocol_version
    if versions is not None and not next(iter(versions), False):
        raise Rejection(AcseServiceProvider.NO_COMMON_ACSE_VERSION)
    if policy.ciphered or aarq.application_context_name != LOGICAL_NAMES:
        raise Rejection(AcseServiceUser.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED)
    if policy.users is not None and aarq.calling_ae_invocation_id not in policy.users:
        raise Rejection(AcseServiceUser.CALLING_AE_INVOCATION_IDENTIFIER_NOT_RECOGNIZED)
    _judge_authentication(aarq, policy)
    return _judge_initiate(aarq, policy)


def _judge_authentication(aarq: AARQ, policy: AssociationPolicy) -> None:
    if policy.high_level is not None:
        raise Rejection(AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED)
    wanted, name = policy.authentication.mechanism, aarq.mechanism_name
    if name is not None and name != wanted:
        raise Rejection(AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED)
    if wanted is MechanismName.LOWEST_LEVEL_SECURITY:
        return
    requirements = aarq.sender_acse_requirements
    if requirements is None or AcseRequirements.AUTHENTICATION not in requirements:
        raise Rejection(AcseServiceUser.AUTHENTICATION_REQUIRED)
    if name is None:
        raise Rejection(AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_REQUIRED)
    value = aarq.calling_authentication_value
    if not isinstance(value, bytes) or not policy.authentication.secret.matches(value):
        raise Rejection(AcseServiceUser.AUTHENTICATION_FAILURE)


def _judge_initiate(aarq: AARQ, policy: AssociationPolicy) -> Negotiated:
    try:
        request = decode_initiate_request(aarq.user_information or b"", policy.limits)
    except DecodeError:
        raise _initiate_error(InitiateError.OTHER) from None
    if request.dedicated_key is not None:
        # A dedicated key travels inside a ciphered InitiateRequest or not at all.
        raise _initiate_error(InitiateError.REFUSED_BY_VDE_HANDLER)
    if request.proposed_dlms_version_number < DLMS_VERSION:
        raise _initiate_error(InitiateError.DLMS_VERSION_TOO_LOW)
    conformance = request.proposed_conformance
    if Quirk.NO_USER_INFORMATION_IN_AARE not in policy.quirks:
        conformance &= policy.conformance
    if not conformance:
        raise _initiate_error(InitiateError.INCOMPATIBLE_CONFORMANCE)
    size = request.client_max_receive_pdu_size
    if 0 < size < MINIMUM_PDU_SIZE:
        raise _initiate_error(InitiateError.PDU_SIZE_TOO_SHORT)
    return Negotiated(conformance, size, policy.max_receive_pdu_size)


def _initiate_error(error: InitiateError) -> Rejection:
    return Rejection(AcseServiceUser.NO_REASON_GIVEN, error)


def welcome(negotiated: Negotiated, policy: AssociationPolicy) -> bytes:
    """The AARE that accepts."""
    initiate = InitiateResponse(
        DLMS_VERSION, negotiated.conformance, negotiated.max_receive_pdu_size, _VAA_NAME
    )
    return AARE(
        LOGICAL_NAMES,
        AssociationResult.ACCEPTED,
        AcseServiceUser.NULL,
        user_information=None if Quirk.NO_USER_INFORMATION_IN_AARE in policy.quirks else initiate.encode(),
    ).encode()
