"""AARQ, AARE, RLRQ and RLRE as meters send them, and as they must not be."""

from __future__ import annotations

from typing import Any

import pytest

from cosem.apdu import (
    AARE,
    AARQ,
    RLRQ,
    AcseRequirements,
    AcseServiceProvider,
    AcseServiceUser,
    ApplicationContextName,
    AssociationResult,
    MechanismName,
    OtherAuthenticationValue,
    ReleaseRequestReason,
    decode_aare,
    decode_aarq,
    decode_pdu,
    decode_rlrq,
)
from cosem.core.bitstring import BitString
from cosem.core.errors import DecodeError, EncodeError, IncompleteError

LN = "a109060760857405080101"
REFUSED = "a203020101a305a103020102"


def _message(tag: int, content: str) -> bytes:
    octets = bytes.fromhex(content)
    return bytes((tag, len(octets))) + octets


def test_a_password_association_is_written_in_the_order_of_the_tags() -> None:
    aarq = AARQ(
        ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING,
        calling_ap_title=b"ABCDEFGH",
        sender_acse_requirements=AcseRequirements.AUTHENTICATION,
        mechanism_name=MechanismName.LOW_LEVEL_SECURITY,
        calling_authentication_value=b"12345678",
        user_information=b"\x01",
    )
    assert aarq.encode().hex() == (
        "6035" + LN + "a60a04084142434445464748" + "8a020780" + "8b0760857405080201"
        "ac0a80083132333435363738" + "be030401" + "01"
    )


def test_secrets_are_not_in_the_repr() -> None:
    aarq = AARQ(ApplicationContextName(1), calling_authentication_value=b"12345678", user_information=b"key")
    assert "12345678" not in repr(aarq)
    assert "key" not in repr(aarq)


def test_an_aare_may_lack_user_information() -> None:
    aare = decode_aare(_message(0x61, LN + REFUSED))
    assert aare.user_information is None
    assert aare.result is AssociationResult.REJECTED_PERMANENT
    assert aare.result_source_diagnostic is AcseServiceUser.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED


def test_the_provider_and_the_user_have_diagnostics_of_their_own() -> None:
    aare = decode_aare(_message(0x61, LN + "a203020101a305a203020102"))
    assert aare.result_source_diagnostic is AcseServiceProvider.NO_COMMON_ACSE_VERSION
    assert aare.encode() == _message(0x61, LN + "a203020101a305a203020102")


def test_a_protocol_version_keeps_its_bits() -> None:
    octets = _message(0x61, "80020284" + LN + REFUSED)
    aare = decode_aare(octets)
    assert aare.protocol_version == BitString.parse("100001")
    assert aare.encode() == octets


def test_elements_in_another_order_are_read() -> None:
    assert decode_aare(_message(0x61, REFUSED + LN)) == decode_aare(_message(0x61, LN + REFUSED))


def test_unknown_context_elements_are_skipped() -> None:
    assert decode_aare(_message(0x61, LN + REFUSED + "9b0101")) == decode_aare(_message(0x61, LN + REFUSED))


@pytest.mark.parametrize("element", ["040101", "9f2a00", "300101", "1f"])
def test_elements_that_are_no_context_ones_of_one_octet_are_refused(element: str) -> None:
    with pytest.raises(DecodeError):
        decode_aare(_message(0x61, LN + REFUSED + element))


@pytest.mark.parametrize("element", [LN, "a203020101", "88020780", "be0304010f"])
def test_an_element_that_comes_twice_is_refused(element: str) -> None:
    once = LN + REFUSED + "88020780" + "be0304010e"
    with pytest.raises(DecodeError, match="twice"):
        decode_aare(_message(0x61, once + element))


@pytest.mark.parametrize(
    ("content", "path"),
    [
        (REFUSED, "aare.application-context-name"),
        (LN + "a305a103020102", "aare.result"),
        (LN + "a203020101", "aare.result-source-diagnostic"),
    ],
)
def test_a_mandatory_element_that_lacks_is_named(content: str, path: str) -> None:
    with pytest.raises(DecodeError, match="missing") as caught:
        decode_aare(_message(0x61, content))
    assert caught.value.path == path


def test_an_unknown_application_context_is_kept_so_that_it_can_be_refused() -> None:
    octets = _message(0x60, "a10706052a03040506")
    aarq = decode_aarq(octets)
    assert aarq.application_context_name == bytes.fromhex("2a03040506")
    assert aarq.encode() == octets


def test_unknown_results_are_kept() -> None:
    octets = _message(0x61, LN + "a20302012a" + "a305a10302012a")
    aare = decode_aare(octets)
    assert aare.result == 42
    assert not aare.result.known
    assert aare.encode() == octets


def test_long_lengths_are_read_and_written() -> None:
    title = bytes(range(200))
    aarq = AARQ(ApplicationContextName(1), calling_ae_qualifier=title, user_information=bytes(70_000))
    assert decode_pdu(aarq.encode()) == aarq


def test_a_length_in_more_octets_than_needed_is_read() -> None:
    octets = bytes.fromhex("61820017" + "a18109060760857405080101" + REFUSED)
    octets = b"\x61\x82" + (len(octets) - 4).to_bytes(2) + octets[4:]
    assert decode_aare(octets) == decode_aare(_message(0x61, LN + REFUSED))


def test_other_authentication_values_are_carried_as_they_are() -> None:
    aarq = AARQ(
        ApplicationContextName(1), calling_authentication_value=OtherAuthenticationValue(b"\x06\x01\x2a")
    )
    assert aarq.encode() == _message(0x60, LN + "ac05a30306012a")
    assert decode_pdu(aarq.encode()) == aarq


def test_an_inner_element_must_fill_the_outer_one() -> None:
    with pytest.raises(DecodeError):
        decode_aarq(_message(0x60, LN + "a6050401aabbcc"))


def test_an_element_must_not_end_behind_the_message() -> None:
    for element in ("be0504", "be0504030102", "8a0207", "8b0901", "ac0580", "bd7f", "800201", "a903020100"):
        with pytest.raises(DecodeError):
            decode_aarq(_message(0x60, LN + element)[:-1] + bytes(9))
        with pytest.raises(DecodeError):
            decode_aarq(_message(0x60, LN + element[:-2]))
    with pytest.raises(IncompleteError):
        decode_aarq(_message(0x60, LN + "be"))


def test_a_release_request_may_be_empty() -> None:
    assert decode_rlrq(b"\x62\x00") == RLRQ()
    assert RLRQ(ReleaseRequestReason.NORMAL).encode() == bytes.fromhex("6203800100")


def test_what_has_no_encoding_is_an_encode_error() -> None:
    wrong: Any = 5
    broken = AARE(ApplicationContextName(1), AssociationResult(0), AcseServiceUser(0), user_information=wrong)
    with pytest.raises(EncodeError, match="aare"):
        broken.encode()
