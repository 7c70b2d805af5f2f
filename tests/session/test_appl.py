"""The application layer cases of the conformance test plan (DLMS UA 1001-6, section 6), ids as published."""

from __future__ import annotations

import pytest
from tests.session.host import INITIATE, aarq, memory, offering, opened, stocked_host

from cosem.apdu import (
    AARE,
    AcseRequirements,
    AcseServiceProvider,
    AcseServiceUser,
    ApplicationContextName,
    AssociationResult,
    Conformance,
    InitiateResponse,
    MechanismName,
    decode_initiate_response,
    decode_pdu,
)
from cosem.core.bitstring import BitString
from cosem.session.association import SERVER_CONFORMANCE
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession
from cosem.session.states import State

GET_CLOCK = bytes.fromhex("c001c1 0008 0000010000ff 02 00")
CLOCK_DATA = bytes.fromhex("c401c1 00 090c07e80101010c000000ffc400")
READ = bytes.fromhex("0501020008")
WRITE = bytes.fromhex("060102000801 1100")
RLRQ = bytes.fromhex("6203800100")
RLRE = bytes.fromhex("6303800100")
NOT_ALLOWED = bytes.fromhex("d80102")
UNKNOWN_SERVICE = bytes.fromhex("d80202")
LOW = AssociationPolicy(Authentication.low("12345678"))
PASSWORD = {
    "sender_acse_requirements": AcseRequirements.AUTHENTICATION,
    "mechanism_name": MechanismName.LOW_LEVEL_SECURITY,
    "calling_authentication_value": b"12345678",
}


def session(policy: AssociationPolicy | None = None) -> ServerSession:
    return ServerSession(policy or AssociationPolicy(), stocked_host())


def aare_of(answer: bytes | None) -> AARE:
    assert answer is not None
    aare = decode_pdu(answer)
    assert isinstance(aare, AARE)
    return aare


def accepted(answer: bytes | None) -> InitiateResponse:
    aare = aare_of(answer)
    assert (aare.result, aare.result_source_diagnostic) == (AssociationResult.ACCEPTED, AcseServiceUser.NULL)
    return decode_initiate_response(aare.user_information or b"")


def refused(answer: bytes | None, diagnostic: AcseServiceUser | AcseServiceProvider, *error: int) -> None:
    """A permanent rejection; ``error`` are the octets of the user-information."""
    aare = aare_of(answer)
    assert aare.result is AssociationResult.REJECTED_PERMANENT
    assert aare.result_source_diagnostic is diagnostic
    assert aare.user_information == (bytes(error) or None)


def test_appl_idle_n1_get_before_an_association_is_answered_with_exception_state_1_service_2() -> None:
    assert session().handle(GET_CLOCK) == NOT_ALLOWED


@pytest.mark.parametrize("request_octets", [READ, WRITE])
def test_appl_idle_n1_short_name_service_before_an_association_gets_confirmed_service_error(
    request_octets: bytes,
) -> None:
    assert session().handle(request_octets) == bytes.fromhex("0e010302")


def test_appl_open_1_a_declared_association_opens_serves_and_releases() -> None:
    meter = session()
    assert accepted(meter.handle(aarq())) == InitiateResponse(6, SERVER_CONFORMANCE, 0xFFFF, 7)
    assert meter.handle(GET_CLOCK) == CLOCK_DATA
    assert meter.handle(RLRQ) == RLRE
    assert memory(meter).log == ["opened", "get 8 2", "closed"]


@pytest.mark.parametrize("user", [1, 7])
def test_appl_open_2_a_user_on_the_list_is_accepted(user: int) -> None:
    accepted(session(AssociationPolicy(users=frozenset({1, 7}))).handle(aarq(calling_ae_invocation_id=user)))


@pytest.mark.parametrize("user", [2, None])
def test_appl_open_2_a_user_not_on_the_list_is_refused_with_service_user_6(user: int | None) -> None:
    meter = session(AssociationPolicy(users=frozenset({1, 7})))
    answer = meter.handle(aarq(calling_ae_invocation_id=user))
    refused(answer, AcseServiceUser.CALLING_AE_INVOCATION_IDENTIFIER_NOT_RECOGNIZED)
    assert answer is not None
    assert bytes.fromhex("a203020101 a305a103020106") in answer


def test_appl_open_2_without_a_user_list_every_user_and_none_is_accepted() -> None:
    accepted(session().handle(aarq(calling_ae_invocation_id=99)))
    accepted(session().handle(aarq()))


@pytest.mark.parametrize("bits", [None, "1", "100001"])
def test_appl_open_4_protocol_version_absent_or_with_version_1_is_accepted(bits: str | None) -> None:
    accepted(session().handle(aarq(protocol_version=None if bits is None else BitString.parse(bits))))


@pytest.mark.parametrize("bits", ["010001", "0", ""])
def test_appl_open_4_protocol_version_without_version_1_is_refused_with_no_common_acse_version(
    bits: str,
) -> None:
    answer = session().handle(aarq(protocol_version=BitString.parse(bits)))
    refused(answer, AcseServiceProvider.NO_COMMON_ACSE_VERSION)
    assert answer is not None
    assert bytes.fromhex("a203020101 a305a203020102") in answer


@pytest.mark.parametrize(
    "context",
    [
        ApplicationContextName.SHORT_NAME_REFERENCING_NO_CIPHERING,
        ApplicationContextName.LOGICAL_NAME_REFERENCING_WITH_CIPHERING,
        bytes.fromhex("60857405080163"),
        b"\x2a",
    ],
)
def test_appl_open_5_another_application_context_is_refused_with_service_user_2(
    context: ApplicationContextName | bytes,
) -> None:
    answer = session().handle(aarq(application_context_name=context))
    refused(answer, AcseServiceUser.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED)
    assert answer is not None
    assert bytes.fromhex("a203020101 a305a103020102") in answer


def test_appl_open_6_dummies_in_unused_fields_bring_no_title_or_id_into_the_aare() -> None:
    answer = session().handle(
        aarq(
            called_ap_title=b"dummy",
            called_ae_qualifier=b"dummy",
            called_ap_invocation_id=1,
            called_ae_invocation_id=2,
            calling_ap_title=b"dummydum",
            calling_ae_qualifier=b"dummy",
            calling_ap_invocation_id=3,
            calling_ae_invocation_id=4,
            implementation_information=b"\x04\x01x",
        )
    )
    aare = aare_of(answer)
    accepted(answer)
    assert aare.responding_ap_title is None
    assert aare.responding_ae_qualifier is None
    assert aare.responding_ap_invocation_id is None
    assert aare.responding_ae_invocation_id is None


@pytest.mark.parametrize(
    ("change", "diagnostic", "number"),
    [
        ({"sender_acse_requirements": None}, AcseServiceUser.AUTHENTICATION_REQUIRED, 14),
        ({"sender_acse_requirements": AcseRequirements(0)}, AcseServiceUser.AUTHENTICATION_REQUIRED, 14),
        ({"mechanism_name": None}, AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_REQUIRED, 12),
        (
            {"mechanism_name": MechanismName.HIGH_LEVEL_SECURITY_MD5},
            AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED,
            11,
        ),
        (
            {"mechanism_name": bytes.fromhex("60857405080263")},
            AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED,
            11,
        ),
        ({"calling_authentication_value": None}, AcseServiceUser.AUTHENTICATION_FAILURE, 13),
        ({"calling_authentication_value": b"12345679"}, AcseServiceUser.AUTHENTICATION_FAILURE, 13),
        ({"calling_authentication_value": b"1234567"}, AcseServiceUser.AUTHENTICATION_FAILURE, 13),
    ],
)
def test_appl_open_7_the_authentication_unit_is_refused_with_its_own_diagnostic(
    change: dict[str, object], diagnostic: AcseServiceUser, number: int
) -> None:
    meter = session(LOW)
    refused(meter.handle(aarq(**{**PASSWORD, **change})), diagnostic)
    assert diagnostic == number
    assert meter.state is State.IDLE
    assert memory(meter).log == ["refused"]


def test_appl_open_7_the_right_password_is_accepted() -> None:
    accepted(session(LOW).handle(aarq(**PASSWORD)))


def test_appl_open_7_no_authentication_where_a_password_is_asked_for_is_refused() -> None:
    refused(session(LOW).handle(aarq()), AcseServiceUser.AUTHENTICATION_REQUIRED)


def test_appl_open_7_a_password_where_none_is_asked_for_is_refused() -> None:
    refused(session().handle(aarq(**PASSWORD)), AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED)


def test_appl_open_9_a_dedicated_key_in_clear_is_refused() -> None:
    answer = session().handle(offering(dedicated_key=bytes(16)))
    assert aare_of(answer).result is AssociationResult.REJECTED_PERMANENT


@pytest.mark.parametrize("quality", [0, 1, -1])
def test_appl_open_11_quality_of_service_is_ignored(quality: int) -> None:
    accepted(session().handle(offering(proposed_quality_of_service=quality)))


def test_appl_open_12_version_5_is_refused_with_initiate_error_dlms_version_too_low() -> None:
    answer = session().handle(offering(proposed_dlms_version_number=5))
    refused(answer, AcseServiceUser.NO_REASON_GIVEN, 0x0E, 0x01, 0x06, 0x01)


def test_appl_open_12_version_7_is_answered_with_6() -> None:
    answer = session().handle(offering(proposed_dlms_version_number=7))
    assert accepted(answer).negotiated_dlms_version_number == 6


def test_appl_open_13_all_bits_bring_what_the_meter_has() -> None:
    every = Conformance(0xFFFFFF)
    assert accepted(session().handle(offering(proposed_conformance=every))).negotiated_conformance == (
        SERVER_CONFORMANCE
    )


def test_appl_open_13_the_meter_never_grants_more_than_was_proposed() -> None:
    answer = session().handle(offering(proposed_conformance=Conformance.GET | Conformance.READ))
    assert accepted(answer).negotiated_conformance == Conformance.GET


@pytest.mark.parametrize("proposed", [Conformance(0), Conformance.READ | Conformance.WRITE])
def test_appl_open_13_no_bit_in_common_is_refused_with_incompatible_conformance(
    proposed: Conformance,
) -> None:
    answer = session().handle(offering(proposed_conformance=proposed))
    refused(answer, AcseServiceUser.NO_REASON_GIVEN, 0x0E, 0x01, 0x06, 0x02)


@pytest.mark.parametrize("size", [1, 11])
def test_appl_open_14_a_pdu_size_below_12_is_refused_with_pdu_size_too_short(size: int) -> None:
    answer = session().handle(offering(client_max_receive_pdu_size=size))
    refused(answer, AcseServiceUser.NO_REASON_GIVEN, 0x0E, 0x01, 0x06, 0x03)


@pytest.mark.parametrize("size", [12, 0xFFFF, 0])
def test_appl_open_14_pdu_sizes_from_12_and_none_are_accepted(size: int) -> None:
    accepted(session().handle(offering(client_max_receive_pdu_size=size)))


@pytest.mark.parametrize(
    "information", [None, b"", b"\x01", INITIATE.encode()[:-1], INITIATE.encode() + b"\0"]
)
def test_an_initiate_request_that_is_none_is_refused_with_initiate_error_other(
    information: bytes | None,
) -> None:
    refused(session().handle(aarq(information)), AcseServiceUser.NO_REASON_GIVEN, 0x0E, 0x01, 0x06, 0x00)


GET_ERRORS = {
    "unknown request type": bytes.fromhex("c00bc1 0008 0000010000ff 02 00"),
    "missing elements": GET_CLOCK[:-3],
    "octets left over": GET_CLOCK + b"\x00",
}
SET_ERRORS = {
    "unknown request type": bytes.fromhex("c10bc1 0008 0000010000ff 02 00 1100"),
    "truncated": bytes.fromhex("c101c1 0008 0000010000ff 02 00 090c07e8"),
    "octets left over": bytes.fromhex("c101c1 0008 0000010000ff 02 00 1100 00"),
}


@pytest.mark.parametrize("octets", GET_ERRORS.values(), ids=GET_ERRORS.keys())
def test_appl_data_ln_n1_a_malformed_get_is_answered_and_the_association_serves_on(octets: bytes) -> None:
    meter = opened()
    assert meter.handle(octets) == NOT_ALLOWED
    assert meter.handle(GET_CLOCK) == CLOCK_DATA


def test_appl_data_ln_n1_an_unknown_object_is_answered_and_the_association_serves_on() -> None:
    meter = opened()
    assert meter.handle(bytes.fromhex("c001c1 0008 0101010101ff 02 00")) == bytes.fromhex("c401c1 01 04")
    assert meter.handle(GET_CLOCK) == CLOCK_DATA


@pytest.mark.parametrize("octets", SET_ERRORS.values(), ids=SET_ERRORS.keys())
def test_appl_data_ln_n3_a_malformed_set_is_answered_and_nothing_is_written(octets: bytes) -> None:
    meter = opened()
    assert meter.handle(octets) == NOT_ALLOWED
    assert meter.handle(GET_CLOCK) == CLOCK_DATA
    assert "set 8 2" not in memory(meter).log


@pytest.mark.parametrize("octets", [READ, WRITE])
def test_appl_data_ln_n4_a_short_name_service_is_answered_with_service_not_supported(octets: bytes) -> None:
    meter = opened()
    assert meter.handle(octets) == UNKNOWN_SERVICE
    assert meter.handle(GET_CLOCK) == CLOCK_DATA


def test_appl_rel_p1_after_rlrq_nothing_is_served_until_a_new_aarq() -> None:
    meter = opened()
    assert meter.handle(RLRQ) == RLRE
    assert meter.handle(GET_CLOCK) == NOT_ALLOWED
    accepted(meter.handle(aarq()))
    assert meter.handle(GET_CLOCK) == CLOCK_DATA


def test_appl_rel_p1_when_the_link_goes_down_nothing_is_served_until_a_new_aarq() -> None:
    meter = opened()
    meter.link_down()
    assert memory(meter).log == ["opened", "closed"]
    assert meter.handle(GET_CLOCK) == NOT_ALLOWED
    accepted(meter.handle(aarq()))
    assert meter.handle(GET_CLOCK) == CLOCK_DATA
