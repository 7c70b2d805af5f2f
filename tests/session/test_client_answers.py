"""Between request and answer: invoke ids, stray APDUs, notifications, errors of the meter."""

from __future__ import annotations

import pytest
from tests.session.host import CLOCK, Silent, run
from tests.session.meter import aare, associated, feed, grant, scripted

from cosem.apdu import (
    DataNotification,
    EventNotificationRequest,
    ExceptionResponse,
    ExceptionServiceError,
    GetResponseNormal,
    StateError,
    decode_pdu,
)
from cosem.core.data import Data
from cosem.core.errors import (
    ConfirmedServiceErrorReceived,
    DecodeError,
    ExceptionResponseError,
    SecurityError,
)


def test_invoke_ids_go_round_through_16_values_with_confirmed_and_high_priority() -> None:
    session = associated()
    seen = [session.next_invoke_id() for _ in range(32)]
    assert set(seen) == set(range(0xC0, 0xD0))
    assert seen[:16] == seen[16:]


@pytest.mark.parametrize("flags", [0x00, 0x40, 0x80, 0xC0])
def test_an_answer_is_known_by_its_invoke_id_alone(flags: int) -> None:
    session = associated()
    exchange = session.get(CLOCK)
    out = next(exchange)
    assert out is not None
    with pytest.raises(StopIteration) as done:
        exchange.send(GetResponseNormal(out[2] & 0x0F | flags, Data.unsigned(1)).encode())
    assert done.value.value == Data.unsigned(1)


def test_a_late_answer_with_another_invoke_id_is_dropped_and_the_next_waited_for() -> None:
    session = associated()
    with pytest.raises(Silent):
        run(session.get(CLOCK), lambda _: None)
    late = GetResponseNormal(0xC1, Data.unsigned(1))
    assert feed(session.get(CLOCK), late, GetResponseNormal(0xFF, Data.unsigned(2))) == Data.unsigned(2)


def test_a_late_aare_and_rlre_are_dropped() -> None:
    session = associated()
    stray = [decode_pdu(aare(information=grant())), decode_pdu(b"\x63\x00")]
    assert feed(session.get(CLOCK), *stray, GetResponseNormal(0xFF, Data.unsigned(2))) == Data.unsigned(2)


def test_notifications_in_between_are_kept_and_the_latest_64_of_them() -> None:
    session = associated()
    pushes = [DataNotification(number, b"", Data.long_unsigned(number)) for number in range(100)]
    event = EventNotificationRequest(CLOCK.descriptor, Data.null())
    answer = GetResponseNormal(0xFF, Data.unsigned(2))
    assert feed(session.get(CLOCK), *pushes, event, answer) == Data.unsigned(2)
    assert list(session.notifications or ()) == [*pushes[37:], event]


def test_a_notification_that_nobody_waited_for_is_kept_and_all_else_dropped() -> None:
    session = associated()
    push = DataNotification(1, b"", Data.null())
    for octets in (push.encode(), b"", b"\xff", b"\xd8\x01\x02", b"\xc8\x00", aare()):
        session.overhear(octets)
    assert list(session.notifications or ()) == [push]


def test_an_exception_response_is_raised_and_the_next_request_works() -> None:
    session = associated()
    refusal = ExceptionResponse(StateError.SERVICE_NOT_ALLOWED, ExceptionServiceError.OPERATION_NOT_POSSIBLE)
    with pytest.raises(ExceptionResponseError) as caught:
        run(session.get(CLOCK), lambda _: refusal.encode())
    assert (caught.value.state_error, caught.value.service_error) == (1, 1)
    assert run(session.get(CLOCK), scripted(GetResponseNormal(0, Data.null()))) == Data.null()


def test_a_confirmed_service_error_is_raised_with_service_and_error() -> None:
    with pytest.raises(ConfirmedServiceErrorReceived) as caught:
        run(associated().get(CLOCK), lambda _: bytes.fromhex("0e010302"))
    assert (caught.value.service, caught.value.error) == (1, 2)


@pytest.mark.parametrize("octets", [b"\xcc\x00", b"\xd4\x00", b"\xdb\x00\x00", b"\xdd\x00"])
def test_a_protected_answer_in_an_association_without_ciphering_is_a_security_error(octets: bytes) -> None:
    with pytest.raises(SecurityError):
        run(associated().get(CLOCK), lambda _: octets)


@pytest.mark.parametrize("octets", [b"", b"\xff", b"\xc4", b"\xc4\x01\xc1\x00\x09\x05a", b"\xc4\x09\xc1"])
def test_a_malformed_answer_is_a_decode_error_and_the_next_request_works(octets: bytes) -> None:
    session = associated()
    with pytest.raises(DecodeError):
        run(session.get(CLOCK), lambda _: octets)
    assert run(session.get(CLOCK), scripted(GetResponseNormal(0, Data.null()))) == Data.null()
