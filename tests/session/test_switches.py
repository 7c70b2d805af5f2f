"""Quirks of meters, each with a meter that has it, and with the switch off: what the books ask for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.session.host import CLOCK, READ_ONLY, run, stocked_host
from tests.session.meter import aare, associated, grant

from cosem.apdu import (
    RLRE,
    RLRQ,
    DataNotification,
    GetRequestNormal,
    GetRequestWithList,
    GetResponseNormal,
    ReleaseResponseReason,
    decode_pdu,
)
from cosem.core.data import Data
from cosem.core.device import Quirk
from cosem.core.errors import CosemError, DecodeError, LocalProtocolError, RemoteProtocolError
from cosem.core.tags import Tag
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions, Negotiated
from cosem.session.client import ClientSession
from cosem.session.host import AssociationPolicy
from cosem.session.push import decode_push
from cosem.session.server import ServerSession
from cosem.session.states import State
from cosem.session.switches import BY_THE_BOOKS, UNKNOWN_METER, Switches

CIPHERED = {
    Quirk.EMPTY_SYSTEM_TITLE,
    Quirk.NO_USER_INFORMATION_IN_RLRQ,
    Quirk.TAG_CHECK_OFF,
    Quirk.DEDICATED_KEY_REQUIRED,
}


def with_quirk(*quirks: Quirk) -> AssociationOptions:
    return AssociationOptions(switches=Switches.of(quirks))


def nobody(apdu: bytes) -> bytes:
    raise AssertionError(f"sent {apdu.hex()}")


def test_each_quirk_is_a_switch_of_its_name_unless_it_is_about_ciphering() -> None:
    assert {each.value for each in Quirk} - CIPHERED == set(Switches.__match_args__)
    for quirk in Quirk:
        on = [name for name in Switches.__match_args__ if getattr(Switches.of([quirk]), name)]
        assert on == ([] if quirk in CIPHERED else [quirk.value])
    assert Switches.of([]) == BY_THE_BOOKS


def test_an_aare_without_user_information_is_an_error_by_the_books() -> None:
    session = ClientSession(AssociationOptions())
    with pytest.raises(RemoteProtocolError, match="no_user_information_in_aare"):
        run(session.associate(), lambda _: aare())
    assert session.state is State.IDLE


@pytest.mark.parametrize("switches", [Switches.of([Quirk.NO_USER_INFORMATION_IN_AARE]), UNKNOWN_METER])
def test_an_aare_without_user_information_grants_what_was_proposed_where_that_is_known(
    switches: Switches,
) -> None:
    session = ClientSession(AssociationOptions(switches=switches))
    run(session.associate(), lambda _: aare())
    assert session.negotiated == Negotiated(CLIENT_CONFORMANCE, 0, 0xFFFF)
    assert session.state is State.ASSOCIATED


def test_what_an_aare_states_counts_in_either_case() -> None:
    session = associated(size=125, options=with_quirk(Quirk.NO_USER_INFORMATION_IN_AARE))
    assert session.negotiated.max_send_pdu_size == 125


def test_an_association_is_released_by_rlrq_without_user_information() -> None:
    session = associated(options=with_quirk(Quirk.NO_USER_INFORMATION_IN_RLRQ))
    sent: list[bytes] = []

    def meter(apdu: bytes) -> bytes:
        sent.append(apdu)
        return RLRE(ReleaseResponseReason.NORMAL).encode()

    run(session.release(), meter)
    (rlrq,) = map(decode_pdu, sent)
    assert isinstance(rlrq, RLRQ)
    assert rlrq.user_information is None
    assert session.state is State.IDLE


def test_a_meter_without_rlrq_is_sent_none() -> None:
    session = associated(options=with_quirk(Quirk.NO_RLRQ))
    run(session.release(), nobody)
    assert session.state is State.IDLE
    with pytest.raises(LocalProtocolError):
        run(session.release(), nobody)


def test_a_pre_established_association_is_there_without_a_message() -> None:
    session = ClientSession(AssociationOptions(max_receive_pdu_size=500, pre_established=True))
    run(session.associate(), nobody)
    assert session.negotiated == Negotiated(CLIENT_CONFORMANCE, 0, 500)
    answer = GetResponseNormal(0, Data.unsigned(7))

    def meter(apdu: bytes) -> bytes:
        answer.invoke_id_and_priority = apdu[2]
        return answer.encode()

    assert run(session.get(CLOCK), meter) == Data.unsigned(7)
    run(session.release(), nobody)
    assert session.state is State.IDLE


def asked_for_two(options: AssociationOptions) -> list[type]:
    """The requests that reading two attributes takes, of a meter that grants lists."""
    session = ClientSession(options)
    meter = ServerSession(AssociationPolicy(), stocked_host())
    run(session.associate(), meter.handle)
    asked: list[type] = []

    def answer(apdu: bytes) -> bytes | None:
        asked.append(type(decode_pdu(apdu)))
        return meter.handle(apdu)

    values = run(session.get_many([CLOCK, READ_ONLY]), answer)
    assert [value.tag for value in values if isinstance(value, Data)] == [Tag.OCTET_STRING, Tag.UNSIGNED]
    return asked


def test_several_attributes_are_one_request() -> None:
    assert asked_for_two(AssociationOptions()) == [GetRequestWithList]


def test_a_meter_that_fails_at_lists_is_asked_one_by_one() -> None:
    assert asked_for_two(with_quirk(Quirk.NO_GET_WITH_LIST)) == [GetRequestNormal, GetRequestNormal]


# -- pushes with tag and length of logical names exchanged

SWAPPED = Switches.of([Quirk.SWAPPED_TAGS])
POWER = bytes((1, 0, 1, 7, 0, 255))
VOLTAGE = bytes((1, 0, 32, 7, 0, 255))
BODY = Data.array(
    [
        Data.structure([Data.octet_string(POWER), Data.double_long_unsigned(0x09000102)]),
        Data.structure([Data.octet_string(VOLTAGE), Data.long_unsigned(2305)]),
    ]
)
"""The value of the first is 06 09 00 01 02: a number that begins as a name with exchanged tags does."""
RIGHT = DataNotification(0x40000001, b"", BODY).encode()
EXCHANGED = RIGHT.replace(b"\x09\x06", b"\x06\x09")
PLAIN = DataNotification(
    0x40000001, b"", Data.structure([Data.octet_string(POWER), Data.unsigned(1)])
).encode()


def test_a_push_with_exchanged_tags_is_malformed_by_the_books() -> None:
    assert EXCHANGED != RIGHT
    with pytest.raises(DecodeError):
        decode_push(EXCHANGED)
    session = associated()
    session.overhear(EXCHANGED)
    assert session.notifications is None


def test_exchanged_tags_are_put_right_where_the_meter_is_known_for_them() -> None:
    swapped = PLAIN.replace(b"\x09\x06", b"\x06\x09")
    assert decode_push(swapped, SWAPPED).encode() == PLAIN
    session = associated(options=AssociationOptions(switches=SWAPPED))
    session.overhear(swapped)
    assert session.notifications is not None
    (kept,) = session.notifications
    assert kept.encode() == PLAIN


@pytest.mark.parametrize("last", [255, 101])
def test_numbers_that_look_like_names_and_values_of_billing_periods_are_told_apart(last: int) -> None:
    right = PLAIN.replace(POWER, POWER[:5] + bytes((last,))) if last != 255 else RIGHT
    swapped = right.replace(b"\x09\x06", b"\x06\x09")
    assert decode_push(swapped, SWAPPED).encode() == right


def test_a_push_that_can_be_read_as_it_is_stays_as_it_is() -> None:
    assert decode_push(RIGHT, SWAPPED).encode() == RIGHT


def test_only_a_push_is_mended() -> None:
    with pytest.raises(DecodeError, match="no push"):
        decode_push(aare(information=grant()), SWAPPED)
    with pytest.raises(DecodeError):
        decode_push(b"\xc4\x01\xc1\x00\x06\x09\x01", SWAPPED)


@given(st.binary(max_size=60))
def test_no_octets_break_the_mending(octets: bytes) -> None:
    for apdu in (
        octets,
        b"\x0f\x00\x00\x00\x01\x00" + octets,
        b"\x0f\x00\x00\x00\x01\x00\x02\x02\x06\x09" + octets,
    ):
        try:
            decode_push(apdu, SWAPPED)
        except CosemError:
            continue
