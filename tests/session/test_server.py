"""The meter's side: each row of the state table of the application server that needs no ciphering."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from tests.session.host import (
    CLOCK,
    CLOCK_NAME,
    ECHO,
    READ_ONLY,
    aarq,
    key_of,
    memory,
    offering,
    opened,
    stocked_host,
)

from cosem.apdu import (
    AARE,
    AcseServiceUser,
    ActionRequestNormal,
    AssociationResult,
    Conformance,
    CosemMethodDescriptor,
    DataBlockSA,
    GetRequestNext,
    GetRequestNormal,
    SetRequestNormal,
    SetRequestWithDatablock,
    SetRequestWithFirstDatablock,
    decode_pdu,
)
from cosem.apdu.errors import ObjectClassInconsistent, ReadWriteDenied
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError, DecodeError
from cosem.core.limits import Limits
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession
from cosem.session.states import State
from cosem.session.targets import AttributeTarget

NOT_ALLOWED = bytes.fromhex("d80102")
UNKNOWN_SERVICE = bytes.fromhex("d80202")
TOO_LONG = bytes.fromhex("d80104")
GET_CLOCK = GetRequestNormal(0xC1, CLOCK.descriptor).encode()
SET_CLOCK = SetRequestNormal(0xC1, CLOCK.descriptor, Data.octet_string(bytes(12))).encode()
CALL = ActionRequestNormal(0xC1, ECHO.descriptor, Data.unsigned(5)).encode()
LONG = AttributeTarget(1, bytes((1, 0, 0, 2, 0, 255)), 2)
LONG_VALUE = Data.octet_string(bytes(range(100)))


def long_host(session: ServerSession) -> ServerSession:
    memory(session).values[key_of(LONG)] = LONG_VALUE
    return session


def idle() -> ServerSession:
    return ServerSession(AssociationPolicy(), stocked_host())


MALFORMED_AARQS = {
    "not BER": b"\x60" + b"\xff" * 20,
    "truncated": aarq()[:-1],
    "empty": b"\x60\x00",
    "octets left over": aarq() + b"\x00",
    "a field twice": b"\x60" + bytes((len(aarq()) - 2 + 11,)) + aarq()[2:13] + aarq()[2:],
}


@pytest.mark.parametrize("octets", MALFORMED_AARQS.values(), ids=MALFORMED_AARQS.keys())
def test_idle_a_malformed_aarq_is_refused_with_no_reason_given(octets: bytes) -> None:
    session = idle()
    answer = session.handle(octets)
    assert answer is not None
    aare = decode_pdu(answer)
    assert isinstance(aare, AARE)
    assert aare.result is AssociationResult.REJECTED_PERMANENT
    assert aare.result_source_diagnostic is AcseServiceUser.NO_REASON_GIVEN
    assert session.state is State.IDLE


@pytest.mark.parametrize("octets", MALFORMED_AARQS.values(), ids=MALFORMED_AARQS.keys())
def test_associated_a_malformed_aarq_leaves_the_association_untouched(octets: bytes) -> None:
    session = opened()
    assert session.handle(octets) is None
    assert session.state is State.ASSOCIATED
    assert memory(session).log == ["opened"]


def test_associated_a_good_aarq_opens_anew_and_closes_the_old_association() -> None:
    session = opened(proposed_conformance=Conformance.GET)
    assert session.handle(aarq()) is not None
    assert memory(session).log == ["opened", "closed", "opened"]
    assert session.handle(SET_CLOCK) == bytes.fromhex("c501c100")


def test_associated_a_refused_aarq_ends_the_association() -> None:
    session = opened()
    assert session.handle(offering(proposed_dlms_version_number=5)) is not None
    assert session.state is State.IDLE
    assert memory(session).log == ["opened", "closed", "refused"]


@pytest.mark.parametrize("request_octets", [GET_CLOCK, SET_CLOCK, CALL], ids=["get", "set", "action"])
def test_idle_a_service_is_answered_with_exception_1_2(request_octets: bytes) -> None:
    session = idle()
    assert session.handle(request_octets) == NOT_ALLOWED
    assert memory(session).log == []


@pytest.mark.parametrize("make", [idle, opened], ids=["idle", "associated"])
@pytest.mark.parametrize("first", [0xC0, 0xC1, 0xC3], ids=["get", "set", "action"])
@pytest.mark.parametrize("rest", [b"", b"\x01", b"\x01\xc1\x00\x08", b"\x0b\xc1\x00", b"\x00"])
def test_a_truncated_or_unknown_request_of_a_known_service_is_answered_with_exception_1_2(
    make: Callable[[], ServerSession], first: int, rest: bytes
) -> None:
    session = make()
    before = session.state
    assert session.handle(bytes((first,)) + rest) == NOT_ALLOWED
    assert session.state is before


@pytest.mark.parametrize("make", [idle, opened], ids=["idle", "associated"])
@pytest.mark.parametrize("first", [0x00, 0x7E, 0xC4, 0xD9, 0xE0, 0xFF])
def test_an_unknown_service_is_answered_with_exception_2_2(
    make: Callable[[], ServerSession], first: int
) -> None:
    assert make().handle(bytes((first, 1, 0xC1, 0))) == UNKNOWN_SERVICE


@pytest.mark.parametrize("make", [idle, opened], ids=["idle", "associated"])
@pytest.mark.parametrize("octets", [b"\xc8\x00", b"\xdb\x00\x00", b"\xd0\x00", b"\xdd\x00", b"\xdf\x00"])
def test_a_ciphered_apdu_where_nothing_is_ciphered_is_answered_with_exception_deciphering_error(
    make: Callable[[], ServerSession], octets: bytes
) -> None:
    assert make().handle(octets) == bytes.fromhex("d80105")


@pytest.mark.parametrize("make", [idle, opened], ids=["idle", "associated"])
@pytest.mark.parametrize("octets", [b"", b"\x0f", b"\xc2\x00", bytes.fromhex("0f0000000100 00")])
def test_nothing_and_notifications_are_answered_with_silence(
    make: Callable[[], ServerSession], octets: bytes
) -> None:
    assert make().handle(octets) is None


@pytest.mark.parametrize(
    ("request_octets", "missing"),
    [(GET_CLOCK, Conformance.GET), (SET_CLOCK, Conformance.SET), (CALL, Conformance.ACTION)],
    ids=["get", "set", "action"],
)
def test_associated_a_service_outside_the_negotiated_conformance_is_answered_with_exception_1_2(
    request_octets: bytes, missing: Conformance
) -> None:
    session = opened(proposed_conformance=AssociationPolicy().conformance & ~missing)
    assert session.handle(request_octets) == NOT_ALLOWED
    assert memory(session).log == ["opened"]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ObjectClassInconsistent(), 9),
        (ReadWriteDenied(), 3),
        (AccessError(77), 77),
        (ZeroDivisionError("a fault of the object"), 1),
    ],
)
def test_associated_what_the_object_refuses_is_the_result(error: Exception, code: int) -> None:
    session = opened()
    memory(session).broken = error
    assert session.handle(GET_CLOCK) == bytes((0xC4, 1, 0xC1, 1, code))
    assert session.handle(SET_CLOCK) == bytes((0xC5, 1, 0xC1, code))
    assert session.handle(CALL) == bytes((0xC7, 1, 0xC1, code, 0))
    assert memory(session).faults == ([error] * 3 if code == 1 else [])


def test_associated_an_unknown_object_is_object_undefined_4() -> None:
    session = opened()
    nothing = AttributeTarget(3, bytes(6), 2).descriptor
    assert session.handle(GetRequestNormal(0xC1, nothing).encode()) == bytes.fromhex("c401c10104")
    assert session.handle(SetRequestNormal(0xC1, nothing, Data.null()).encode()) == bytes.fromhex("c501c104")
    call = ActionRequestNormal(0xC1, CosemMethodDescriptor(3, bytes(6), 1)).encode()
    assert session.handle(call) == bytes.fromhex("c701c10400")


def test_associated_no_right_to_write_is_read_write_denied_3() -> None:
    session = opened()
    request = SetRequestNormal(0xC1, READ_ONLY.descriptor, Data.unsigned(1)).encode()
    assert session.handle(request) == bytes.fromhex("c501c103")


def test_associated_an_action_refused_is_the_action_result() -> None:
    session = opened()
    memory(session).broken = ActionError(3)
    assert session.handle(CALL) == bytes.fromhex("c701c10300")


@pytest.mark.parametrize("error", [DecodeError("no"), AccessError(12)])
def test_associated_a_wrong_type_on_set_is_type_unmatched_12(error: Exception) -> None:
    session = opened()
    request = SetRequestNormal(0xC1, CLOCK.descriptor, Data.unsigned(1)).encode()
    assert session.handle(request) == bytes.fromhex("c501c10c")
    assert memory(session).values[key_of(CLOCK)].tag == 9
    memory(session).broken = error
    assert session.handle(SET_CLOCK) == bytes.fromhex("c501c10c")


def test_associated_a_wrong_type_of_parameters_is_type_unmatched_12() -> None:
    session = opened()
    memory(session).broken = DecodeError("no")
    assert session.handle(CALL) == bytes.fromhex("c701c10c00")


def test_associated_selective_access_reaches_the_object() -> None:
    session = opened()
    selection = Selection(2, Data.unsigned(9))
    target = AttributeTarget(CLOCK.class_id, CLOCK_NAME, CLOCK.index, selection)
    session.handle(GetRequestNormal(0xC1, target.descriptor, target.access_selection).encode())
    assert memory(session).selections == [selection]


def test_associated_next_block_without_a_transfer_is_no_long_get_16() -> None:
    assert opened().handle(GetRequestNext(0xC1, 1).encode()) == bytes.fromhex("c402c1 01 00000001 01 10")


def test_associated_a_block_without_a_transfer_is_no_long_set_18() -> None:
    request = SetRequestWithDatablock(0xC1, DataBlockSA(True, 2, b"\x00")).encode()
    assert opened().handle(request) == bytes.fromhex("c503c1 12 00000002")


def test_associated_a_get_block_number_that_is_wrong_is_19_and_ends_the_transfer() -> None:
    session = long_host(opened(client_max_receive_pdu_size=34))
    first = session.handle(GetRequestNormal(0xC1, LONG.descriptor).encode())
    assert first == bytes.fromhex("c402c1 00 00000001 00 14") + LONG_VALUE.octets[:20]
    wrong = bytes.fromhex("c402c1 01 00000002 01 13")
    assert session.handle(GetRequestNext(0xC1, 2).encode()) == wrong
    gone = bytes.fromhex("c402c1 01 00000001 01 10")
    assert session.handle(GetRequestNext(0xC1, 1).encode()) == gone


def test_associated_a_set_block_number_that_is_wrong_is_19_and_ends_the_transfer() -> None:
    session = long_host(opened())
    first = SetRequestWithFirstDatablock(0xC1, LONG.descriptor, DataBlockSA(False, 1, b"\x09\x01"))
    assert session.handle(first.encode()) == bytes.fromhex("c502c1 00000001")
    wrong = SetRequestWithDatablock(0xC1, DataBlockSA(True, 3, b"x")).encode()
    assert session.handle(wrong) == bytes.fromhex("c503c1 13 00000003")
    right = SetRequestWithDatablock(0xC1, DataBlockSA(True, 2, b"x")).encode()
    assert session.handle(right) == bytes.fromhex("c503c1 12 00000002")
    assert memory(session).values[key_of(LONG)] == LONG_VALUE


def test_associated_another_get_ends_the_transfer_in_blocks() -> None:
    session = long_host(opened(client_max_receive_pdu_size=34))
    session.handle(GetRequestNormal(0xC1, LONG.descriptor).encode())
    assert session.handle(GET_CLOCK) is not None
    assert session.handle(GetRequestNext(0xC1, 1).encode()) == bytes.fromhex("c402c1 01 00000001 01 10")


def test_associated_blocks_do_not_outlive_the_association() -> None:
    session = long_host(opened(client_max_receive_pdu_size=34))
    session.handle(GetRequestNormal(0xC1, LONG.descriptor).encode())
    session.handle(offering(client_max_receive_pdu_size=34))
    assert session.handle(GetRequestNext(0xC1, 1).encode()) == bytes.fromhex("c402c1 01 00000001 01 10")


def test_associated_blocks_that_exceed_the_limit_are_long_set_aborted_17() -> None:
    session = opened(AssociationPolicy(limits=Limits(octets=50)))
    first = SetRequestWithFirstDatablock(0xC1, CLOCK.descriptor, DataBlockSA(False, 1, bytes(50)))
    assert session.handle(first.encode()) == bytes.fromhex("c502c1 00000001")
    more = SetRequestWithDatablock(0xC1, DataBlockSA(False, 2, b"x")).encode()
    assert session.handle(more) == bytes.fromhex("c503c1 11 00000002")


def test_associated_endless_empty_blocks_are_long_set_aborted_17() -> None:
    session = opened(AssociationPolicy(limits=Limits(octets=10_000)))
    first = SetRequestWithFirstDatablock(0xC1, CLOCK.descriptor, DataBlockSA(False, 1, b""))
    answer = session.handle(first.encode())
    number = 1
    while answer == bytes.fromhex("c502c1") + number.to_bytes(4):
        number += 1
        answer = session.handle(SetRequestWithDatablock(0xC1, DataBlockSA(False, number, b"")).encode())
    assert answer == bytes.fromhex("c503c1 11") + number.to_bytes(4)
    assert number < 20


@pytest.mark.parametrize("octets", [b"", b"\x09\x05abc", b"\x11\x01\x00", b"\xfe"])
def test_associated_blocks_that_carry_no_single_data_are_type_unmatched_12(octets: bytes) -> None:
    session = opened()
    first = SetRequestWithFirstDatablock(0xC1, CLOCK.descriptor, DataBlockSA(True, 1, octets))
    assert session.handle(first.encode()) == bytes.fromhex("c503c1 0c 00000001")
    assert memory(session).log == ["opened"]


def test_associated_a_reply_above_the_clients_pdu_size_without_blocks_is_other_reason_250() -> None:
    no_blocks = AssociationPolicy().conformance & ~Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ
    session = long_host(opened(client_max_receive_pdu_size=34, proposed_conformance=no_blocks))
    assert session.handle(GetRequestNormal(0xC1, LONG.descriptor).encode()) == bytes.fromhex("c401c101fa")


def test_associated_a_result_above_the_clients_pdu_size_without_blocks_is_other_reason_250() -> None:
    no_blocks = AssociationPolicy().conformance & ~Conformance.BLOCK_TRANSFER_WITH_ACTION
    session = opened(client_max_receive_pdu_size=34, proposed_conformance=no_blocks)
    call = ActionRequestNormal(0xC1, ECHO.descriptor, LONG_VALUE).encode()
    assert session.handle(call) == bytes.fromhex("c701c1fa00")


def test_associated_the_unconfirmed_service_class_acts_and_is_not_answered() -> None:
    session = opened()
    assert session.handle(GetRequestNormal(0x81, CLOCK.descriptor).encode()) is None
    assert session.handle(SetRequestNormal(0x01, CLOCK.descriptor, Data.octet_string(b"")).encode()) is None
    assert session.handle(ActionRequestNormal(0x81, ECHO.descriptor).encode()) is None
    assert memory(session).log == ["opened", "get 8 2", "set 8 2", "action 9 1"]
    assert memory(session).values[key_of(CLOCK)] == Data.octet_string(b"")


def test_idle_rlrq_is_answered_with_silence() -> None:
    assert idle().handle(bytes.fromhex("6200")) is None


@pytest.mark.parametrize("rlrq", ["6200", "6203800100", "6203800101"])
def test_associated_rlrq_is_answered_with_rlre(rlrq: str) -> None:
    session = opened()
    assert session.handle(bytes.fromhex(rlrq)) == bytes.fromhex("6303800100")
    assert session.state is State.IDLE
    assert memory(session).log == ["opened", "closed"]


def test_associated_a_malformed_rlrq_leaves_the_association_open() -> None:
    session = opened()
    assert session.handle(b"\x62\x05\x80") == UNKNOWN_SERVICE
    assert session.state is State.ASSOCIATED
