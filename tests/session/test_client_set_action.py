"""SET and ACTION as a client does them: values, refusals, blocks."""

from __future__ import annotations

import pytest
from tests.session.host import CLOCK, ECHO, run
from tests.session.meter import LONG, associated, scripted

from cosem.apdu import (
    ActionResponseNextPblock,
    ActionResponseNormal,
    ActionResponseWithOptionalData,
    ActionResponseWithPblock,
    ActionResult,
    Conformance,
    CosemPdu,
    DataAccessResult,
    DataBlockSA,
    GetResponseNormal,
    SetResponseDatablock,
    SetResponseLastDatablock,
    SetResponseNormal,
)
from cosem.apdu.errors import (
    ActionOtherReason,
    ActionReadWriteDenied,
    OtherReason,
    TypeUnmatched,
)
from cosem.core.data import Data
from cosem.core.errors import (
    DecodeError,
    LimitError,
    LocalProtocolError,
    RemoteProtocolError,
)
from cosem.core.limits import Limits
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions


def test_a_refused_set_is_the_access_error_of_its_code() -> None:
    with pytest.raises(TypeUnmatched):
        run(
            associated().set(CLOCK, Data.null()),
            scripted(SetResponseNormal(0, DataAccessResult.TYPE_UNMATCHED)),
        )


SUCCESS = DataAccessResult.SUCCESS


@pytest.mark.parametrize(
    "answers",
    [
        [GetResponseNormal(0, Data.null())],
        [SetResponseDatablock(0, 2)],
        [SetResponseDatablock(0, 1), SetResponseDatablock(0, 1)],
        [SetResponseLastDatablock(0, SUCCESS, 1)],
        [SetResponseNormal(0, SUCCESS)],
    ],
)
def test_an_answer_to_a_set_in_blocks_that_is_out_of_place_is_a_remote_protocol_error(
    answers: list[CosemPdu],
) -> None:
    with pytest.raises(RemoteProtocolError):
        run(associated(size=40).set(CLOCK, LONG), scripted(*answers))


def test_a_set_in_blocks_that_the_meter_ends_is_the_access_error_it_gives() -> None:
    end = SetResponseLastDatablock(0, DataAccessResult.OTHER_REASON, 1)
    with pytest.raises(OtherReason):
        run(associated(size=40).set(CLOCK, LONG), scripted(end))


def test_a_value_that_the_meter_cannot_take_at_all_is_a_local_protocol_error() -> None:
    no_blocks = CLIENT_CONFORMANCE & ~(
        Conformance.BLOCK_TRANSFER_WITH_SET_OR_WRITE | Conformance.BLOCK_TRANSFER_WITH_ACTION
    )
    session = associated(no_blocks, 40)
    with pytest.raises(LocalProtocolError):
        run(session.set(CLOCK, LONG), scripted())
    with pytest.raises(LocalProtocolError):
        run(session.action(ECHO, LONG), scripted())


@pytest.mark.parametrize("size", [1, 12])
def test_a_request_that_the_meter_cannot_take_is_never_sent(size: int) -> None:
    session = associated(size=size)
    for exchange in (session.get(CLOCK), session.set(CLOCK, LONG), session.action(ECHO, LONG)):
        with pytest.raises(LocalProtocolError, match=f"the meter takes {size}"):
            run(exchange, scripted())


def test_a_refused_action_is_the_action_error_of_its_code() -> None:
    refusal = ActionResponseNormal(0, ActionResponseWithOptionalData(ActionResult.READ_WRITE_DENIED))
    with pytest.raises(ActionReadWriteDenied):
        run(associated().action(ECHO), scripted(refusal))


@pytest.mark.parametrize(
    ("returned", "value"),
    [(None, None), (Data.unsigned(3), Data.unsigned(3)), (DataAccessResult.SUCCESS, None)],
)
def test_an_action_that_is_done_gives_what_it_returns(
    returned: Data | DataAccessResult | None, value: Data | None
) -> None:
    answer = ActionResponseNormal(0, ActionResponseWithOptionalData(ActionResult.SUCCESS, returned))
    assert run(associated().action(ECHO), scripted(answer)) == value


def test_an_action_whose_return_value_alone_is_refused_is_an_access_error() -> None:
    answer = ActionResponseNormal(
        0, ActionResponseWithOptionalData(ActionResult.SUCCESS, DataAccessResult.OTHER_REASON)
    )
    with pytest.raises(OtherReason):
        run(associated().action(ECHO), scripted(answer))


def result_block(number: int, octets: bytes, *, last: bool = False) -> CosemPdu:
    return ActionResponseWithPblock(0, DataBlockSA(last, number, octets))


@pytest.mark.parametrize(
    "octets",
    [b"\x09\x02ab", b"\x00\x01\x00\x09\x02ab"],
    ids=["return parameters alone", "action-result in front"],
)
def test_a_long_result_is_understood_with_and_without_an_action_result(octets: bytes) -> None:
    answers = scripted(result_block(1, octets[:3]), result_block(2, octets[3:], last=True))
    assert run(associated().action(ECHO), answers) == Data.octet_string(b"ab")


def test_a_long_result_that_is_a_refusal_is_the_action_error() -> None:
    with pytest.raises(ActionOtherReason):
        run(associated().action(ECHO), scripted(result_block(1, b"\xfa\x00", last=True)))


@pytest.mark.parametrize("octets", [b"", b"\xfe", b"\x09\x05a", b"\x00\x01\x00\x09"])
def test_a_long_result_that_is_neither_is_a_decode_error(octets: bytes) -> None:
    with pytest.raises(DecodeError):
        run(associated().action(ECHO), scripted(result_block(1, octets, last=True)))


@pytest.mark.parametrize(
    "answers",
    [
        [GetResponseNormal(0, Data.null())],
        [ActionResponseNextPblock(0, 1)],
        [result_block(2, b"\x00", last=True)],
        [result_block(1, b"\x09"), result_block(1, b"\x00", last=True)],
        [result_block(1, b"\x09"), ActionResponseNextPblock(0, 1)],
    ],
)
def test_an_answer_to_an_action_that_is_out_of_place_is_a_remote_protocol_error(
    answers: list[CosemPdu],
) -> None:
    with pytest.raises(RemoteProtocolError):
        run(associated().action(ECHO), scripted(*answers))


def test_a_block_of_parameters_acknowledged_by_another_number_is_a_remote_protocol_error() -> None:
    with pytest.raises(RemoteProtocolError, match="2 acknowledged where 1 was due"):
        run(associated(size=40).action(ECHO, LONG), scripted(ActionResponseNextPblock(0, 2)))


@pytest.mark.parametrize("octets", [b"x" * 50, b""])
def test_endless_blocks_of_a_result_end_at_the_limit(octets: bytes) -> None:
    session = associated(options=AssociationOptions(limits=Limits(octets=1000)))
    number = 0

    def meter(request: bytes) -> bytes:
        nonlocal number
        number += 1
        return ActionResponseWithPblock(request[2], DataBlockSA(False, number, octets)).encode()

    with pytest.raises(LimitError):
        run(session.action(ECHO), meter)
    assert number < 50
