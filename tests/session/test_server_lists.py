"""Lists and blocks as a meter serves them: with-list requests, lists in blocks, results too long for one APDU."""

from __future__ import annotations

import pytest
from tests.session.host import CLOCK, ECHO, READ_ONLY, key_of, memory, opened

from cosem.apdu import (
    ActionRequestNextPblock,
    ActionRequestNormal,
    ActionRequestWithFirstPblock,
    ActionRequestWithList,
    ActionRequestWithListAndFirstPblock,
    ActionRequestWithPblock,
    ActionResponseNextPblock,
    ActionResponseNormal,
    ActionResponseWithList,
    ActionResponseWithOptionalData,
    ActionResponseWithPblock,
    ActionResult,
    Conformance,
    CosemMethodDescriptor,
    CosemPdu,
    DataAccessResult,
    DataBlockSA,
    GetRequestNext,
    GetRequestWithList,
    GetResponseWithDatablock,
    GetResponseWithList,
    SetRequestWithDatablock,
    SetRequestWithList,
    SetRequestWithListAndFirstDatablock,
    SetResponseDatablock,
    SetResponseLastDatablockWithList,
    SetResponseWithList,
    decode_action_response_list,
    decode_get_data_result_list,
    decode_pdu,
    encode_data_list,
)
from cosem.core.data import Data
from cosem.session.association import SERVER_CONFORMANCE
from cosem.session.server import ServerSession
from cosem.session.targets import AttributeTarget

INVOKE = 0xC1
ABSENT = AttributeTarget(1, bytes(6), 2)
NEW_TIME = Data.octet_string(bytes(12))
LISTED = [CLOCK.with_selection, READ_ONLY.with_selection, ABSENT.with_selection]
VALUES = [NEW_TIME, Data.unsigned(1), Data.null()]
RESULTS = [
    DataAccessResult.SUCCESS,
    DataAccessResult.READ_WRITE_DENIED,
    DataAccessResult.OBJECT_UNDEFINED,
]
NO_METHOD = CosemMethodDescriptor(9, bytes(6), 1)


def ask(session: ServerSession, request: CosemPdu) -> CosemPdu:
    answer = session.handle(request.encode())
    assert answer is not None
    return decode_pdu(answer)


def blocks_of(octets: bytes, size: int) -> list[DataBlockSA]:
    starts = range(0, len(octets), size)
    return [
        DataBlockSA(start + size >= len(octets), number, octets[start : start + size])
        for number, start in enumerate(starts, 1)
    ]


def test_get_with_list_answers_each_item_by_itself() -> None:
    session = opened()
    clock = memory(session).values[key_of(CLOCK)]
    answer = ask(session, GetRequestWithList(INVOKE, LISTED))
    assert answer == GetResponseWithList(INVOKE, [clock, Data.unsigned(7), DataAccessResult.OBJECT_UNDEFINED])


def test_get_with_list_that_is_long_comes_in_blocks_of_the_results() -> None:
    session = opened(client_max_receive_pdu_size=23)
    octets = b""
    answer = ask(session, GetRequestWithList(INVOKE, LISTED))
    for number in range(1, 10):
        assert isinstance(answer, GetResponseWithDatablock)
        block = answer.result
        assert isinstance(block.result, bytes)
        assert (block.block_number, len(answer.encode()) <= 23) == (number, True)
        octets += block.result
        if block.last_block:
            break
        answer = ask(session, GetRequestNext(INVOKE, number))
    clock = memory(session).values[key_of(CLOCK)]
    assert decode_get_data_result_list(octets) == [
        clock,
        Data.unsigned(7),
        DataAccessResult.OBJECT_UNDEFINED,
    ]


def test_get_with_list_that_is_long_without_blocks_is_other_reason_for_each_item() -> None:
    no_blocks = SERVER_CONFORMANCE & ~Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ
    session = opened(client_max_receive_pdu_size=23, proposed_conformance=no_blocks)
    answer = ask(session, GetRequestWithList(INVOKE, LISTED))
    assert answer == GetResponseWithList(INVOKE, [DataAccessResult.OTHER_REASON] * 3)


def test_get_with_list_of_which_not_even_the_refusals_fit_is_answered_with_pdu_too_long() -> None:
    no_blocks = SERVER_CONFORMANCE & ~Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ
    session = opened(client_max_receive_pdu_size=12, proposed_conformance=no_blocks)
    assert session.handle(GetRequestWithList(INVOKE, LISTED * 2).encode()) == bytes.fromhex("d80104")


def test_action_with_list_that_is_long_without_blocks_keeps_the_results_that_fit() -> None:
    no_blocks = SERVER_CONFORMANCE & ~Conformance.BLOCK_TRANSFER_WITH_ACTION
    session = opened(client_max_receive_pdu_size=23, proposed_conformance=no_blocks)
    parameters = [Data.octet_string(bytes(20)), Data.null()]
    answer = ask(session, ActionRequestWithList(INVOKE, [ECHO.descriptor, NO_METHOD], parameters))
    assert isinstance(answer, ActionResponseWithList)
    assert [each.result for each in answer.list_of_responses] == [
        ActionResult.OTHER_REASON,
        ActionResult.OBJECT_UNDEFINED,
    ]


def test_set_with_list_answers_each_item_by_itself() -> None:
    session = opened()
    answer = ask(session, SetRequestWithList(INVOKE, LISTED, VALUES))
    assert answer == SetResponseWithList(INVOKE, RESULTS)
    assert memory(session).values[key_of(CLOCK)] == NEW_TIME


def test_set_with_list_of_another_number_of_values_writes_nothing() -> None:
    session = opened()
    answer = ask(session, SetRequestWithList(INVOKE, LISTED, VALUES[:2]))
    assert answer == SetResponseWithList(INVOKE, [DataAccessResult.OTHER_REASON] * 3)
    assert memory(session).log == ["opened"]


def test_set_with_list_and_first_datablock_writes_when_the_last_block_is_there() -> None:
    session = opened()
    first, *others = blocks_of(encode_data_list(VALUES), 5)
    answer = ask(session, SetRequestWithListAndFirstDatablock(INVOKE, LISTED, first))
    for block in others:
        assert answer == SetResponseDatablock(INVOKE, block.block_number - 1)
        assert "set 8 2" not in memory(session).log
        answer = ask(session, SetRequestWithDatablock(INVOKE, block))
    assert answer == SetResponseLastDatablockWithList(INVOKE, RESULTS, len(others) + 1)
    assert memory(session).values[key_of(CLOCK)] == NEW_TIME


@pytest.mark.parametrize(
    "octets", [b"", encode_data_list(VALUES[:2]), encode_data_list(VALUES)[:-1], b"\xff"]
)
def test_set_of_a_list_in_blocks_that_carry_no_such_list_is_type_unmatched(octets: bytes) -> None:
    session = opened()
    request = SetRequestWithListAndFirstDatablock(INVOKE, LISTED, DataBlockSA(True, 1, octets))
    assert ask(session, request) == SetResponseLastDatablockWithList(
        INVOKE, [DataAccessResult.TYPE_UNMATCHED] * 3, 1
    )
    assert memory(session).log == ["opened"]


@pytest.mark.parametrize("in_blocks", [False, True])
def test_set_of_a_list_whose_results_the_client_cannot_take_is_refused_before_anything_is_written(
    in_blocks: bool,
) -> None:
    session = opened(client_max_receive_pdu_size=12)
    request: CosemPdu = SetRequestWithList(INVOKE, LISTED, VALUES)
    if in_blocks:
        block = DataBlockSA(True, 1, encode_data_list(VALUES))
        request = SetRequestWithListAndFirstDatablock(INVOKE, LISTED, block)
    assert session.handle(request.encode()) == bytes.fromhex("d80104")
    assert memory(session).log == ["opened"]


def test_action_with_list_answers_each_item_by_itself() -> None:
    request = ActionRequestWithList(INVOKE, [ECHO.descriptor, NO_METHOD], [Data.unsigned(5), Data.null()])
    assert ask(opened(), request) == ActionResponseWithList(
        INVOKE,
        [
            ActionResponseWithOptionalData(ActionResult.SUCCESS, Data.unsigned(5)),
            ActionResponseWithOptionalData(ActionResult.OBJECT_UNDEFINED),
        ],
    )


def test_action_with_list_of_another_number_of_parameters_does_nothing() -> None:
    session = opened()
    answer = ask(session, ActionRequestWithList(INVOKE, [ECHO.descriptor], []))
    assert answer == ActionResponseNormal(INVOKE, ActionResponseWithOptionalData(ActionResult.TYPE_UNMATCHED))
    assert memory(session).log == ["opened"]


def test_action_with_list_and_first_pblock_acts_when_the_last_block_is_there() -> None:
    session = opened()
    parameters = encode_data_list([Data.octet_string(b"abcdefgh"), Data.null()])
    first, *others = blocks_of(parameters, 4)
    answer = ask(session, ActionRequestWithListAndFirstPblock(INVOKE, [ECHO.descriptor, NO_METHOD], first))
    for block in others:
        assert answer == ActionResponseNextPblock(INVOKE, block.block_number - 1)
        assert memory(session).log == ["opened"]
        answer = ask(session, ActionRequestWithPblock(INVOKE, block))
    assert isinstance(answer, ActionResponseWithList)
    assert [each.result for each in answer.list_of_responses] == [0, ActionResult.OBJECT_UNDEFINED]


@pytest.mark.parametrize("octets", [b"", b"\x02\x00", b"\xff"])
def test_action_of_a_list_in_blocks_that_carry_no_such_list_is_type_unmatched(octets: bytes) -> None:
    session = opened()
    block = DataBlockSA(True, 1, octets)
    answer = ask(session, ActionRequestWithListAndFirstPblock(INVOKE, [ECHO.descriptor], block))
    assert answer == ActionResponseNormal(INVOKE, ActionResponseWithOptionalData(ActionResult.TYPE_UNMATCHED))
    assert memory(session).log == ["opened"]


@pytest.mark.parametrize("octets", [b"", b"\x09\x05abc", b"\x11\x01\x00"])
def test_action_in_blocks_that_carry_no_single_data_is_type_unmatched(octets: bytes) -> None:
    session = opened()
    answer = ask(session, ActionRequestWithFirstPblock(INVOKE, ECHO.descriptor, DataBlockSA(True, 1, octets)))
    assert answer == ActionResponseNormal(INVOKE, ActionResponseWithOptionalData(ActionResult.TYPE_UNMATCHED))
    assert memory(session).log == ["opened"]


def test_action_with_list_whose_results_are_long_come_in_blocks() -> None:
    session = opened(client_max_receive_pdu_size=24)
    request = ActionRequestWithList(INVOKE, [ECHO.descriptor] * 2, [Data.octet_string(bytes(20))] * 2)
    answer = ask(session, request)
    octets = b""
    for number in range(1, 20):
        assert isinstance(answer, ActionResponseWithPblock)
        assert answer.pblock.block_number == number
        octets += answer.pblock.raw_data
        if answer.pblock.last_block:
            break
        answer = ask(session, ActionRequestNextPblock(INVOKE, number))
    responses = decode_action_response_list(octets)
    assert [each.return_parameters for each in responses] == [Data.octet_string(bytes(20))] * 2


def test_action_next_pblock_without_a_transfer_is_no_long_action_16() -> None:
    assert opened().handle(ActionRequestNextPblock(INVOKE, 1).encode()) == bytes.fromhex("c701c11000")


def test_action_pblock_without_a_transfer_is_no_long_action_16() -> None:
    request = ActionRequestWithPblock(INVOKE, DataBlockSA(True, 2, b"")).encode()
    assert opened().handle(request) == bytes.fromhex("c701c11000")


def test_action_block_number_that_is_wrong_ends_the_transfer_in_either_direction() -> None:
    session = opened(client_max_receive_pdu_size=24)
    ask(session, ActionRequestWithFirstPblock(INVOKE, ECHO.descriptor, DataBlockSA(False, 1, b"\x09")))
    wrong = ActionRequestWithPblock(INVOKE, DataBlockSA(True, 3, b"\x00")).encode()
    assert session.handle(wrong) == bytes.fromhex("c701c10f00")
    right = ActionRequestWithPblock(INVOKE, DataBlockSA(True, 2, b"\x00")).encode()
    assert session.handle(right) == bytes.fromhex("c701c11000")
    long = ActionRequestNormal(INVOKE, ECHO.descriptor, Data.octet_string(bytes(50)))
    assert isinstance(ask(session, long), ActionResponseWithPblock)
    assert session.handle(ActionRequestNextPblock(INVOKE, 2).encode()) == bytes.fromhex("c701c10f00")
    assert session.handle(ActionRequestNextPblock(INVOKE, 1).encode()) == bytes.fromhex("c701c11000")
