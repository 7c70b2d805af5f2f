"""Single rules of the grammar: what is absent, what is limited, where an error is."""

from __future__ import annotations

import pytest

from cosem.apdu import (
    DED_TAG,
    GLO_TAG,
    PLAIN_TAG,
    AccessResponseSet,
    ActionRequestNormal,
    AgreedKey,
    ApplicationReferenceError,
    BlockNumber,
    ConfirmedService,
    ConfirmedServiceError,
    Conformance,
    CosemAttributeDescriptor,
    CosemMethodDescriptor,
    DataAccessResult,
    DataBlockSA,
    DedCiphered,
    ExceptionResponse,
    ExceptionServiceError,
    GatewayRequest,
    GeneralBlockTransfer,
    GeneralCiphering,
    GetDataResult,
    GetRequestNormal,
    GetResponseNormal,
    GloCiphered,
    InformationReportRequest,
    InitiateError,
    InitiateRequest,
    InitiateResponse,
    ReadResponse,
    SetRequestNormal,
    SetRequestWithDatablock,
    StateError,
    WriteResponse,
    decode_gateway_pdu,
    decode_get_data_result_list,
    decode_initiate_request,
    decode_initiate_response,
    decode_pdu,
    encode_get_data_result_list,
)
from cosem.apdu.errors import (
    ActionReadWriteDenied,
    ObjectUndefined,
    ReadWriteDenied,
    access_error,
    action_error,
)
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError, DecodeError, EncodeError, IncompleteError, LimitError
from cosem.core.limits import Limits
from cosem.core.obis import LogicalName

CLOCK = CosemAttributeDescriptor(8, LogicalName("0.0.1.0.0.255"), 2)


def test_an_initiate_request_is_fourteen_octets() -> None:
    proposed = Conformance.GET | Conformance.SET
    request = InitiateRequest(
        proposed_dlms_version_number=6, proposed_conformance=proposed, client_max_receive_pdu_size=0xFFFF
    )
    assert request.encode() == bytes.fromhex("01000000065f1f0400000018ffff")
    assert decode_initiate_request(request.encode()) == request


def test_a_response_that_is_not_wanted_is_said_so() -> None:
    request = InitiateRequest(6, Conformance(0), 0, response_allowed=False)
    assert request.encode() == bytes.fromhex("0100010000065f1f04000000000000")
    assert decode_initiate_request(request.encode()).response_allowed is False


def test_any_octet_but_zero_is_true() -> None:
    assert decode_initiate_request(bytes.fromhex("010001ff00065f1f04000000000000")).response_allowed is True


def test_a_dedicated_key_is_not_in_the_repr() -> None:
    assert "aaaaaaaa" not in repr(InitiateRequest(6, Conformance(0), 0, dedicated_key=b"aaaaaaaa"))


def test_the_vaa_name_is_signed() -> None:
    assert (
        decode_initiate_response(bytes.fromhex("0800065f1f0400001e1d04c8fa00")).vaa_name == 0xFA00 - 0x10000
    )
    assert InitiateResponse(6, Conformance(0), 0, 7).encode().hex() == "0800065f1f04000000000000" + "0007"


def test_bit_0_of_conformance_is_the_most_significant() -> None:
    assert Conformance.ACTION == 1
    assert Conformance.RESERVED_ZERO == 0x800000
    assert Conformance(0x11) == Conformance.GET | Conformance.ACTION
    assert list(Conformance(0x7E1F).names())[-1] == "action"


@pytest.mark.parametrize("octets", ["5f1f0300", "5f200400", "421f0400"])
def test_conformance_must_begin_as_it_always_does(octets: str) -> None:
    with pytest.raises(DecodeError, match="Conformance") as caught:
        decode_initiate_request(bytes.fromhex("0100000006" + octets + "00007e1f04b0"))
    assert (caught.value.path, caught.value.offset) == ("initiate-request.proposed-conformance", 5)


def test_the_expected_counter_comes_with_that_error_only() -> None:
    error = ExceptionResponse(StateError(1), ExceptionServiceError.INVOCATION_COUNTER_ERROR, 77)
    assert error.encode() == bytes.fromhex("d801060000004d")
    assert decode_pdu(error.encode()) == error
    with pytest.raises(DecodeError, match="behind"):
        decode_pdu(bytes.fromhex("d801050000004d"))
    with pytest.raises(EncodeError, match="exactly when"):
        ExceptionResponse(StateError(1), ExceptionServiceError.INVOCATION_COUNTER_ERROR).encode()
    with pytest.raises(EncodeError, match="exactly when"):
        ExceptionResponse(StateError(1), ExceptionServiceError.OTHER_REASON, 1).encode()


def test_a_confirmed_service_error_is_three_octets_behind_its_tag() -> None:
    error = ConfirmedServiceError(ConfirmedService.INITIATE_ERROR, InitiateError.PDU_SIZE_TOO_SHORT)
    assert error.encode() == bytes.fromhex("0e010603")
    assert decode_pdu(bytes.fromhex("0e050006")) == ConfirmedServiceError(
        ConfirmedService.READ, ApplicationReferenceError.DECIPHERING_ERROR
    )


def test_numbers_that_no_table_knows_are_kept() -> None:
    response = decode_pdu(bytes.fromhex("c401c1012a"))
    assert response == GetResponseNormal(0xC1, DataAccessResult(42))
    assert response.encode() == bytes.fromhex("c401c1012a")


def test_presence_octets_are_zero_or_one() -> None:
    with pytest.raises(DecodeError, match="presence octet") as caught:
        decode_pdu(bytes.fromhex("c001c100030100010800ff0202"))
    assert caught.value.path == "get-request.get-request-normal.access-selection"
    assert caught.value.offset == 12


@pytest.mark.parametrize(
    "octets", ["c000", "c004c1", "c40401", "c108c1", "da000000", "e2", "0e0163", "c6", "00"]
)
def test_what_no_table_knows_is_refused(octets: str) -> None:
    with pytest.raises(DecodeError):
        decode_pdu(bytes.fromhex(octets))


def test_octets_that_end_early_are_incomplete_and_tell_where() -> None:
    with pytest.raises(IncompleteError) as caught:
        decode_pdu(bytes.fromhex("c001c1000301"))
    assert (caught.value.path, caught.value.offset) == ("get-request.get-request-normal", 6)
    with pytest.raises(IncompleteError):
        decode_pdu(b"")


def test_what_has_no_encoding_is_an_encode_error() -> None:
    with pytest.raises(EncodeError, match="6 octets needed, not 5") as caught:
        GetRequestNormal(0xC1, CosemAttributeDescriptor(8, b"12345", 2)).encode()
    assert caught.value.path == "get-request-normal.instance-id"
    with pytest.raises(EncodeError, match="get-request-normal"):
        GetRequestNormal(0x1C1, CLOCK).encode()


@pytest.mark.parametrize(
    ("plain", "glo", "ded"),
    [(1, 33, 65), (8, 40, 72), (14, 46, 78), (24, 56, 88), (192, 200, 208), (199, 207, 215), (194, 202, 210)],
)
def test_ciphered_tags_follow_the_plain_ones(plain: int, glo: int, ded: int) -> None:
    assert (GLO_TAG[plain], DED_TAG[plain]) == (glo, ded)
    assert PLAIN_TAG[glo] == PLAIN_TAG[ded] == plain
    assert decode_pdu(bytes((glo, 2, 1, 2))) == GloCiphered(glo, b"\x01\x02")
    assert decode_pdu(bytes((ded, 1, 9))) == DedCiphered(ded, b"\x09")


def test_services_without_a_ciphered_form_have_no_tag_for_it() -> None:
    assert {0x0F, 0xD8, 0xD9, 0xDA, 0xE0}.isdisjoint(GLO_TAG)
    assert len(GLO_TAG) == len(DED_TAG) == 16


def test_set_and_action_carry_data_as_it_came() -> None:
    value = Data(bytes.fromhex("090c07e50118ff0e303950ffc400"))
    octets = SetRequestNormal(0xC1, CLOCK, value).encode()
    assert octets == bytes.fromhex("c101c10008" + "0000010000ff" + "0200") + value.octets
    method = CosemMethodDescriptor(70, LogicalName("0.0.96.3.10.255"), 1)
    assert ActionRequestNormal(0xC1, method).encode()[-1] == 0
    assert ActionRequestNormal(0xC1, method, Data.integer(0)).encode()[-3:] == b"\x01\x0f\x00"


def test_a_block_longer_than_127_octets_has_a_long_length() -> None:
    request = SetRequestWithDatablock(1, DataBlockSA(True, 3, bytes(200)))
    assert request.encode() == bytes.fromhex("c103010100000003" + "81c8") + bytes(200)
    assert decode_pdu(request.encode()) == request


def test_short_name_answers_mix_values_errors_and_blocks() -> None:
    response = ReadResponse([Data.unsigned(5), DataAccessResult.OBJECT_UNDEFINED, BlockNumber(2)])
    assert response.encode() == bytes.fromhex("0c0300110501040300" + "02")
    assert WriteResponse([None, DataAccessResult(3), BlockNumber(1)]).encode() == bytes.fromhex(
        "0d03000103020001"
    )
    report = InformationReportRequest([-1536], [Data.null()], current_time=b"20240101000000Z")
    assert decode_pdu(report.encode()) == report


def test_a_key_is_told_in_a_general_ciphering() -> None:
    message = GeneralCiphering(b"\x01", b"A" * 8, b"B" * 8, b"", b"", b"content", AgreedKey(b"\x02", b""))
    assert message.encode().hex().endswith("0000" + "01" + "02" + "0102" + "00" + "07" + b"content".hex())
    assert decode_pdu(message.encode()) == message


def test_a_block_of_general_block_transfer_may_be_empty() -> None:
    block = GeneralBlockTransfer(0x80, 4, 0, b"")
    assert block.encode() == bytes.fromhex("e0800004000000")


def test_the_gateway_prefix_has_no_length_of_what_follows() -> None:
    routed = GatewayRequest(1, b"12", GetRequestNormal(0xC1, CLOCK).encode())
    assert routed.encode()[:5] == bytes.fromhex("e601023132")
    assert decode_gateway_pdu(routed.encode()) == routed


def test_the_raw_data_of_a_list_in_blocks_is_a_list_of_results() -> None:
    results: list[GetDataResult] = [Data.unsigned(7), DataAccessResult.HARDWARE_FAULT]
    octets = encode_get_data_result_list(results)
    assert octets == bytes.fromhex("020011070101")
    assert decode_get_data_result_list(octets) == results
    with pytest.raises(DecodeError, match="behind"):
        decode_get_data_result_list(octets + b"\x00")
    with pytest.raises(IncompleteError):
        decode_get_data_result_list(octets[:-1])


def test_every_result_code_has_an_error() -> None:
    assert type(access_error(3)) is ReadWriteDenied
    assert type(access_error(4, "clock")) is ObjectUndefined
    assert str(access_error(4, "clock")) == "clock: object undefined"
    assert type(action_error(3)) is ActionReadWriteDenied
    assert ActionReadWriteDenied.CODE == 3
    assert (type(access_error(99)), access_error(99).result) == (AccessError, 99)
    assert type(action_error(99)) is ActionError
    for result in DataAccessResult:
        if result:
            assert result == type(access_error(result)).CODE


@pytest.mark.parametrize(
    "octets",
    [
        "c003c184ffffffff",
        "c403c1847fffffff00",
        "c505c1847fffffff00",
        "0584ffffffff02",
        "d9000000010084ffffffff",
        "c104c1847fffffff",
        "e080000100008800000000000000ff",
        "e08000010000847fffffff00",
        "c401c10001" + "847fffffff",
        "c401c100" + "0101" * 40 + "00",
        "6084ffffffffa1",
        "0f0000000184ffffffff",
        "dd84ffffffff",
    ],
)
def test_announced_counts_and_lengths_do_not_take_memory(octets: str) -> None:
    with pytest.raises(DecodeError):
        decode_pdu(bytes.fromhex(octets))


def test_lists_are_bounded_by_the_limits() -> None:
    octets = encode_get_data_result_list([AccessResponseSet(DataAccessResult(0)).result] * 5)
    assert len(decode_get_data_result_list(octets)) == 5
    with pytest.raises(LimitError):
        decode_get_data_result_list(octets, Limits(list_items=4))
    with pytest.raises(LimitError):
        decode_pdu(bytes.fromhex("c505c105") + bytes(5), Limits(list_items=4))
