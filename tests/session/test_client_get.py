"""GET as a client does it: values, refusals, blocks, lists; and SET of lists."""

from __future__ import annotations

import pytest
from tests.session.host import CLOCK, READ_ONLY, run
from tests.session.meter import associated, scripted

from cosem.apdu import (
    Conformance,
    CosemPdu,
    DataAccessResult,
    DataBlockG,
    GetRequestNext,
    GetRequestNormal,
    GetResponseNormal,
    GetResponseWithDatablock,
    GetResponseWithList,
    SetResponseNormal,
    SetResponseWithList,
    decode_pdu,
)
from cosem.apdu.errors import (
    LongGetAborted,
    ObjectUndefined,
    OtherReason,
    TypeUnmatched,
)
from cosem.core.data import Data
from cosem.core.errors import (
    DecodeError,
    LimitError,
    RemoteProtocolError,
)
from cosem.core.limits import Limits
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions


def get_block(number: int, octets: bytes | DataAccessResult, *, last: bool = False) -> CosemPdu:
    return GetResponseWithDatablock(0, DataBlockG(last, number, octets))


def test_a_refused_get_is_the_access_error_of_its_code() -> None:
    with pytest.raises(ObjectUndefined) as caught:
        run(associated().get(CLOCK), scripted(GetResponseNormal(0, DataAccessResult.OBJECT_UNDEFINED)))
    assert "0.0.1.0.0.255" in str(caught.value)


@pytest.mark.parametrize(
    "answers",
    [
        [SetResponseNormal(0, DataAccessResult.SUCCESS)],
        [GetResponseWithList(0, [Data.null()])],
        [get_block(2, b"\x00", last=True)],
        [get_block(0, b"\x00", last=True)],
        [get_block(1, b"\x09"), get_block(1, b"\x00", last=True)],
        [get_block(1, b"\x09"), get_block(3, b"\x00", last=True)],
        [get_block(1, b"\x09"), GetResponseNormal(0, Data.null())],
        [get_block(1, b"\x09"), SetResponseNormal(0, DataAccessResult.SUCCESS)],
    ],
)
def test_an_answer_to_a_get_that_is_out_of_place_is_a_remote_protocol_error(answers: list[CosemPdu]) -> None:
    with pytest.raises(RemoteProtocolError):
        run(associated().get(CLOCK), scripted(*answers))


@pytest.mark.parametrize(
    "end",
    [
        get_block(2, DataAccessResult.LONG_GET_ABORTED, last=True),
        GetResponseNormal(0, DataAccessResult.LONG_GET_ABORTED),
    ],
)
def test_a_transfer_that_the_meter_ends_is_the_access_error_it_gives(end: CosemPdu) -> None:
    with pytest.raises(LongGetAborted):
        run(associated().get(CLOCK), scripted(get_block(1, b"\x09"), end))


def test_blocks_are_asked_for_by_the_number_of_the_last_one_and_joined() -> None:
    asked: list[CosemPdu] = []
    answer = scripted(get_block(1, b"\x09"), get_block(2, b"\x02a"), get_block(3, b"b", last=True))

    def meter(request: bytes) -> bytes | None:
        asked.append(decode_pdu(request))
        return answer(request)

    assert run(associated().get(CLOCK), meter) == Data.octet_string(b"ab")
    assert asked == [
        GetRequestNormal(0xC1, CLOCK.descriptor),
        GetRequestNext(0xC1, 1),
        GetRequestNext(0xC1, 2),
    ]


@pytest.mark.parametrize("joined", [b"", b"\x09", b"\x09\x02a", b"\x09\x01ab", b"\xfe"])
def test_blocks_that_carry_no_single_data_are_a_decode_error(joined: bytes) -> None:
    with pytest.raises(DecodeError):
        run(associated().get(CLOCK), scripted(get_block(1, joined, last=True)))


@pytest.mark.parametrize("octets", [b"x" * 50, b"x", b""])
def test_endless_blocks_end_at_the_limit(octets: bytes) -> None:
    session = associated(options=AssociationOptions(limits=Limits(octets=1000)))
    number = 0

    def meter(request: bytes) -> bytes:
        nonlocal number
        number += 1
        return GetResponseWithDatablock(request[2], DataBlockG(False, number, octets)).encode()

    with pytest.raises(LimitError):
        run(session.get(CLOCK), meter)
    assert number <= 1001


@pytest.mark.parametrize("count", [0, 1, 3])
def test_a_list_of_results_of_another_length_is_a_remote_protocol_error(count: int) -> None:
    answer = scripted(GetResponseWithList(0, [Data.null()] * count))
    with pytest.raises(RemoteProtocolError, match=f"{count} results for a list of 2"):
        run(associated().get_many([CLOCK, READ_ONLY]), answer)
    results = scripted(SetResponseWithList(0, [DataAccessResult.SUCCESS] * count))
    with pytest.raises(RemoteProtocolError, match=f"{count} results for a list of 2"):
        run(associated().set_many([(CLOCK, Data.null()), (READ_ONLY, Data.null())]), results)


def test_a_list_answered_with_something_else_is_a_remote_protocol_error() -> None:
    with pytest.raises(RemoteProtocolError):
        run(associated().get_many([CLOCK] * 2), scripted(GetResponseNormal(0, Data.null())))
    done = SetResponseNormal(0, DataAccessResult.SUCCESS)
    with pytest.raises(RemoteProtocolError):
        run(associated().set_many([(CLOCK, Data.null())] * 2), scripted(done))


def test_a_refused_item_takes_the_place_of_its_value() -> None:
    answer = scripted(GetResponseWithList(0, [Data.unsigned(1), DataAccessResult.OBJECT_UNDEFINED]))
    value, refusal = run(associated().get_many([CLOCK, READ_ONLY]), answer)
    assert value == Data.unsigned(1)
    assert isinstance(refusal, ObjectUndefined)


@pytest.mark.parametrize("size", [25, 26, 100, 0xFFFF, 0])
def test_a_list_is_cut_so_that_each_request_fits_the_meter(size: int) -> None:
    lengths: list[int] = []

    def meter(request: bytes) -> bytes:
        lengths.append(len(request))
        if request[1] == 1:
            return GetResponseNormal(request[2], Data.null()).encode()
        return GetResponseWithList(request[2], [Data.null()] * request[3]).encode()

    assert run(associated(size=size).get_many([CLOCK] * 20), meter) == [Data.null()] * 20
    assert not size or max(lengths) <= size
    assert len(lengths) == {25: 20, 26: 10, 100: 3, 0xFFFF: 1, 0: 1}[size]


def test_a_list_that_is_refused_as_a_whole_is_a_refusal_of_each_item() -> None:
    answer = scripted(GetResponseNormal(0, DataAccessResult.OTHER_REASON))
    results = run(associated().get_many([CLOCK, READ_ONLY]), answer)
    assert [type(each) for each in results] == [OtherReason, OtherReason]


def test_without_multiple_references_a_list_is_read_and_written_one_by_one() -> None:
    session = associated(CLIENT_CONFORMANCE & ~Conformance.MULTIPLE_REFERENCES)
    refused = GetResponseNormal(0, DataAccessResult.OTHER_REASON)
    first, second = run(
        session.get_many([CLOCK, READ_ONLY]), scripted(GetResponseNormal(0, Data.null()), refused)
    )
    assert first == Data.null()
    assert isinstance(second, OtherReason)
    answers = [
        SetResponseNormal(0, DataAccessResult.SUCCESS),
        SetResponseNormal(0, DataAccessResult.TYPE_UNMATCHED),
    ]
    done, wrong = run(session.set_many([(CLOCK, Data.null()), (READ_ONLY, Data.null())]), scripted(*answers))
    assert done is None
    assert isinstance(wrong, TypeUnmatched)
