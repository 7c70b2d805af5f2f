"""From links to sessions: the rows of the application server table that the link decides."""

from __future__ import annotations

import pytest
from tests.server.desk import Desk
from tests.server.small_meter import ENERGY, LOW, MANAGEMENT, PUBLIC, small_meter

from cosem.apdu import RLRE, ExceptionResponse, ExceptionServiceError, StateError, decode_pdu
from cosem.core.errors import AssociationError, ExceptionResponseError
from cosem.link.events import ApduReceived, LinkUp
from cosem.session.authentication import Authentication
from cosem.session.targets import AttributeTarget

GET = bytes.fromhex("c001c100030100010800ff0200")
NOT_ALLOWED = ExceptionResponse(StateError.SERVICE_NOT_ALLOWED, ExceptionServiceError.SERVICE_NOT_SUPPORTED)


def test_no_service_without_an_association() -> None:
    answer = Desk(small_meter()).say(GET)
    assert answer is not None
    assert decode_pdu(answer) == NOT_ALLOWED


@pytest.mark.parametrize(("client", "server"), [(99, 1), (MANAGEMENT, 2), (PUBLIC, 3), (0, 0)])
def test_pairs_that_nobody_may_use_meet_silence(client: int, server: int) -> None:
    desk = Desk(small_meter(), client, server)
    assert desk.say(GET) is None
    assert desk.say(bytes.fromhex("601da109060760857405080101be10040e01000000065f1f0400007e1fffff")) is None


def test_a_link_that_goes_down_takes_the_association_along() -> None:
    desk = Desk(small_meter()).open()
    assert desk.get(ENERGY.value).value == 1234567
    desk.hang_up()
    with pytest.raises(ExceptionResponseError):
        desk.run(desk.session.get(AttributeTarget.of(ENERGY.value)))


def test_a_link_that_is_set_up_anew_ends_the_association() -> None:
    desk = Desk(small_meter()).open()
    desk.handler.link_up(LinkUp(PUBLIC, 1))
    with pytest.raises(ExceptionResponseError):
        desk.get(ENERGY.value)


def test_after_a_release_nothing_is_served() -> None:
    desk = Desk(small_meter()).open()
    answer = desk.say(bytes.fromhex("6203800100"))
    assert answer is not None
    assert isinstance(decode_pdu(answer), RLRE)
    answer = desk.say(GET)
    assert answer is not None
    assert decode_pdu(answer) == NOT_ALLOWED


def test_each_pair_of_a_connection_has_its_own_association() -> None:
    device = small_meter()
    first = Desk(device).open()
    second = Desk(device, server_sap=2)
    second.handler = first.handler
    second.open()
    first.hang_up()
    assert second.read(1, b"\x00\x00\x2a\x00\x00\xff", 2).value == b"XYZ2"


def test_an_unnumbered_frame_is_not_answered() -> None:
    desk = Desk(small_meter()).open()
    assert desk.handler.apdu(ApduReceived(GET, PUBLIC, 1, confirmed=False)) is None


def test_refusals_are_counted_per_client_until_one_succeeds() -> None:
    device = small_meter()
    for count in range(1, 4):
        with pytest.raises(AssociationError):
            Desk(device, MANAGEMENT, authentication=Authentication.low("guess")).open()
        assert device.failures == {(MANAGEMENT, 1): count}
    Desk(device, MANAGEMENT, authentication=LOW).open()
    assert device.failures == {}


def test_logical_devices_are_told_by_name_and_by_sap_assignment() -> None:
    device = small_meter()
    management = Desk(device).open()
    assert management.read(1, b"\x00\x00\x2a\x00\x00\xff", 2).value == b"XYZ0000000000001"
    assert management.read(17, b"\x00\x00\x29\x00\x00\xff", 2).value == [
        (1, b"XYZ0000000000001"),
        (2, b"XYZ2"),
    ]
    second = device.logical_devices[2].objects
    assert b"\x00\x00\x29\x00\x00\xff" not in second
