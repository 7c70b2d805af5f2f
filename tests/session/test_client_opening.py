"""The client opens and releases: what it asks for, and what it makes of the AARE."""

from __future__ import annotations

import pytest
from tests.session.host import CLOCK, Silent, run
from tests.session.meter import aare, associated, grant

from cosem.apdu import (
    AARQ,
    AcseRequirements,
    AcseServiceProvider,
    AcseServiceUser,
    AssociateSourceDiagnostic,
    AssociationResult,
    ConfirmedService,
    ConfirmedServiceError,
    Conformance,
    GetResponseNormal,
    InitiateError,
    InitiateRequest,
    MechanismName,
    decode_initiate_request,
    decode_pdu,
)
from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.errors import (
    AssociationError,
    DecodeError,
    ExceptionResponseError,
    InvalidValueError,
    LocalProtocolError,
    RemoteProtocolError,
)
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions, Negotiated
from cosem.session.authentication import Authentication
from cosem.session.client import ClientSession
from cosem.session.states import State


def request_of(options: AssociationOptions) -> tuple[AARQ, InitiateRequest]:
    out = next(ClientSession(options).associate())
    assert out is not None
    aarq = decode_pdu(out)
    assert isinstance(aarq, AARQ)
    return aarq, decode_initiate_request(aarq.user_information or b"")


def test_the_aarq_of_the_lowest_level_has_no_authentication_unit() -> None:
    aarq, initiate = request_of(AssociationOptions(max_receive_pdu_size=500, user_id=3))
    assert aarq.sender_acse_requirements is None
    assert aarq.mechanism_name is None
    assert aarq.calling_authentication_value is None
    assert aarq.calling_ae_invocation_id == 3
    assert initiate == InitiateRequest(6, CLIENT_CONFORMANCE, 500)


def test_the_aarq_of_low_level_security_carries_mechanism_1_and_the_password() -> None:
    aarq, _ = request_of(AssociationOptions(Authentication.low("12345678")))
    assert aarq.sender_acse_requirements == AcseRequirements.AUTHENTICATION
    assert aarq.mechanism_name is MechanismName.LOW_LEVEL_SECURITY
    assert aarq.calling_authentication_value == b"12345678"


@pytest.mark.parametrize(
    "mechanism", [each for each in MechanismName if each > MechanismName.LOW_LEVEL_SECURITY]
)
def test_mechanisms_that_are_not_available_are_refused_when_they_are_named(mechanism: MechanismName) -> None:
    with pytest.raises(InvalidValueError):
        Authentication(mechanism, Authentication.low("x").secret)


def test_the_password_is_in_no_repr() -> None:
    options = AssociationOptions(Authentication.low("topsecret"))
    aarq, _ = request_of(options)
    assert "topsecret" not in repr(options) + repr(aarq) + repr(ClientSession(options))


def test_what_is_granted_is_what_both_have_and_the_meters_pdu_size() -> None:
    session = ClientSession(AssociationOptions(max_receive_pdu_size=300))
    run(session.associate(), lambda _: aare(information=grant(Conformance.GET | Conformance.READ, 125)))
    assert session.negotiated == Negotiated(Conformance.GET, 125, 300)
    assert session.state is State.ASSOCIATED


@pytest.mark.parametrize("bits", ["1", "100001"])
def test_an_aare_with_the_protocol_version_is_taken(bits: str) -> None:
    session = ClientSession(AssociationOptions())
    run(
        session.associate(),
        lambda _: aare(information=grant(), protocol_version=BitString.parse(bits)),
    )
    assert session.state is State.ASSOCIATED


DIAGNOSTICS: list[AssociateSourceDiagnostic] = [*AcseServiceUser, *AcseServiceProvider, AcseServiceUser(99)]


@pytest.mark.parametrize("diagnostic", DIAGNOSTICS, ids=lambda each: f"{type(each).__name__}-{each.name}")
@pytest.mark.parametrize(
    "result",
    [
        AssociationResult.REJECTED_PERMANENT,
        AssociationResult.REJECTED_TRANSIENT,
        AssociationResult(9),
    ],
)
def test_a_refusal_is_an_association_error_with_result_and_diagnostic(
    result: AssociationResult, diagnostic: AssociateSourceDiagnostic
) -> None:
    session = ClientSession(AssociationOptions())
    with pytest.raises(AssociationError) as caught:
        run(session.associate(), lambda _: aare(result, diagnostic))
    source = "service-user" if isinstance(diagnostic, AcseServiceUser) else "service-provider"
    error = caught.value
    assert (error.result, error.diagnostic, error.diagnostic_source) == (result, diagnostic, source)
    assert session.state is State.IDLE


@pytest.mark.parametrize("error", list(InitiateError))
def test_a_refusal_with_an_initiate_error_says_which(error: InitiateError) -> None:
    inner = ConfirmedServiceError(ConfirmedService.INITIATE_ERROR, error).encode()
    refusal = aare(AssociationResult.REJECTED_PERMANENT, AcseServiceUser.NO_REASON_GIVEN, inner)
    with pytest.raises(AssociationError, match=error.name.replace("_", " ").lower()):
        run(ClientSession(AssociationOptions()).associate(), lambda _: refusal)


@pytest.mark.parametrize("inner", [b"\x0e", b"\xff\xff", b"\x08\x00", grant()])
def test_a_refusal_stands_whatever_is_inside_it(inner: bytes) -> None:
    refusal = aare(AssociationResult.REJECTED_PERMANENT, AcseServiceUser.NO_REASON_GIVEN, inner)
    with pytest.raises(AssociationError):
        run(ClientSession(AssociationOptions()).associate(), lambda _: refusal)


@pytest.mark.parametrize(
    ("inner", "error"),
    [
        (InitiateRequest(6, CLIENT_CONFORMANCE, 100).encode(), RemoteProtocolError),
        (GetResponseNormal(0xC1, Data.null()).encode(), RemoteProtocolError),
        (grant()[:-1], DecodeError),
        (grant(version=5), RemoteProtocolError),
        (grant(version=7), RemoteProtocolError),
    ],
)
def test_an_accepting_aare_with_something_else_inside_opens_nothing(
    inner: bytes, error: type[Exception]
) -> None:
    session = ClientSession(AssociationOptions())
    with pytest.raises(error):
        run(session.associate(), lambda _: aare(information=inner))
    assert session.state is State.IDLE


def test_a_meter_that_waits_for_high_level_authentication_has_not_accepted() -> None:
    session = ClientSession(AssociationOptions())
    answer = aare(diagnostic=AcseServiceUser.AUTHENTICATION_REQUIRED, information=grant())
    with pytest.raises(AssociationError, match="authentication required"):
        run(session.associate(), lambda _: answer)
    assert session.state is State.IDLE


def test_an_exception_in_answer_to_the_aarq_opens_nothing() -> None:
    session = ClientSession(AssociationOptions())
    with pytest.raises(ExceptionResponseError):
        run(session.associate(), lambda _: b"\xd8\x01\x02")
    assert session.state is State.IDLE


def test_after_a_refusal_the_next_aarq_may_be_accepted() -> None:
    session = ClientSession(AssociationOptions())
    with pytest.raises(AssociationError):
        run(session.associate(), lambda _: aare(AssociationResult.REJECTED_PERMANENT))
    run(session.associate(), lambda _: aare(information=grant()))
    assert session.state is State.ASSOCIATED


def test_no_service_goes_out_before_an_association() -> None:
    with pytest.raises(LocalProtocolError, match="associate first"):
        next(ClientSession(AssociationOptions()).get(CLOCK))


def test_release_ends_with_rlre() -> None:
    session = associated()
    run(session.release(), lambda _: b"\x63\x03\x80\x01\x00")
    assert session.state is State.IDLE


def test_a_release_that_is_never_answered_may_be_abandoned() -> None:
    session = associated()
    with pytest.raises(Silent):
        run(session.release(), lambda _: None)
    assert session.state is State.IDLE
