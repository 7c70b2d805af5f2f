"""The client of an HDLC line, frame by frame."""

from __future__ import annotations

import pytest
from tests.link.frames import CLIENT_LLC, SERVER_LLC, frames, kinds, only, response
from tests.link.line import drain

from cosem.core.errors import CosemError, LimitError, LinkError, LocalProtocolError, Timeout
from cosem.core.limits import Limits
from cosem.link.events import ApduReceived, LinkDown, LinkEngine, LinkUp
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.control import DISC, FRMR, SNRM, UA, FrameKind, FrameReject, information, supervisory
from cosem.link.hdlc.control import DM as DM_CONTROL
from cosem.link.hdlc.control import RNR as RNR_CONTROL
from cosem.link.hdlc.control import RR as RR_CONTROL
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.states import CLIENT, ClientState

OPTIONS = HdlcOptions(response_timeout=5, retries=2, resends=4, answer_timeout=20, poll_interval=1)
WINDOW = HdlcOptions(parameters=HdlcParameters(128, 128, 3, 3), response_timeout=5)


class Caller:
    """A client with a clock; what it says is kept until asked for."""

    def __init__(self, options: HdlcOptions = OPTIONS, limits: Limits | None = None) -> None:
        self.client = HdlcClient(16, 1, options, limits or Limits())
        self.now = 100.0

    def hear(self, octets: bytes) -> bytes:
        self.client.receive(octets, self.now)
        return self.client.take_output()

    def wait(self, seconds: float) -> bytes:
        end = self.now + seconds
        while (deadline := self.client.deadline()) is not None and deadline <= end:
            self.now = max(self.now, deadline)
            self.client.on_time(self.now)
        self.now = end
        return self.client.take_output()

    def ask(self, apdu: bytes) -> bytes:
        self.client.send(apdu, self.now)
        return self.client.take_output()

    def down(self) -> CosemError | None:
        """The link must have gone down; why."""
        (event,) = drain(self.client)
        assert isinstance(event, LinkDown)
        assert self.client.state is ClientState.DISCONNECTED
        return event.error


def rr(receive: int) -> bytes:
    return response(supervisory(RR_CONTROL, receive))


def rnr(receive: int) -> bytes:
    return response(supervisory(RNR_CONTROL, receive))


def i_frame(send: int, receive: int, octets: bytes, *, final: bool = True, segmented: bool = False) -> bytes:
    return response(information(send, receive), octets, final=final, segmented=segmented)


def connected(options: HdlcOptions = OPTIONS, limits: Limits | None = None) -> Caller:
    caller = Caller(options, limits)
    caller.client.open(caller.now)
    caller.client.take_output()
    assert caller.hear(response(UA, options.parameters.encode())) == b""
    assert drain(caller.client) == [LinkUp(16, 1)]
    return caller


def test_both_stations_are_link_engines() -> None:
    engine: LinkEngine = HdlcClient(16, 1)
    assert engine.deadline() is None


def test_with_the_default_parameters_snrm_has_no_information() -> None:
    caller = Caller()
    caller.client.open(caller.now)
    frame = only(caller.client.take_output())
    assert (frame.control, frame.information) == (SNRM | 0x10, b"")


def test_other_parameters_are_proposed_and_what_ua_grants_is_used() -> None:
    caller = Caller(HdlcOptions(parameters=HdlcParameters(2030, 1024, 7, 4)))
    caller.client.open(caller.now)
    frame = only(caller.client.take_output())
    assert HdlcParameters.decode(frame.information) == HdlcParameters(2030, 1024, 7, 4)
    caller.hear(response(UA, HdlcParameters(512, 256, 2, 3).encode()))
    assert caller.client.parameters == HdlcParameters(256, 512, 3, 2)


def test_a_request_and_its_answer() -> None:
    caller = connected()
    frame = only(caller.ask(b"request"))
    assert frame.information == CLIENT_LLC + b"request"
    assert (frame.send, frame.receive, frame.poll_final) == (0, 0, True)
    assert caller.hear(i_frame(0, 1, SERVER_LLC + b"answer")) == b""
    assert drain(caller.client) == [ApduReceived(b"answer", 16, 1)]
    assert only(caller.ask(b"next")).receive == 1


def test_a_long_request_goes_segment_by_segment() -> None:
    caller = connected()
    first = only(caller.ask(bytes(300)))
    assert (len(first.information), first.segmented) == (128, True)
    second = only(caller.hear(rr(1)))
    assert (second.send, len(second.information), second.segmented) == (1, 128, True)
    third = only(caller.hear(rr(2)))
    assert (third.send, len(third.information), third.segmented) == (2, 47, False)


def test_a_window_goes_out_at_once_with_one_poll() -> None:
    sent = frames(connected(WINDOW).ask(bytes(600)))
    assert [(frame.send, frame.poll_final) for frame in sent] == [(0, False), (1, False), (2, True)]


def test_each_segment_of_an_answer_is_asked_for_with_rr() -> None:
    caller = connected()
    caller.ask(b"request")
    for number in range(10):
        octets = SERVER_LLC if number == 0 else b"segment"
        ready = only(caller.hear(i_frame(number & 7, 1, octets, segmented=True)))
        assert (ready.kind, ready.receive) == (FrameKind.RR, number + 1 & 7)
    caller.hear(i_frame(2, 1, b"end"))
    assert drain(caller.client) == [ApduReceived(b"segment" * 9 + b"end", 16, 1)]


def test_without_the_final_bit_the_client_stays_silent() -> None:
    caller = connected(WINDOW)
    caller.ask(b"request")
    assert caller.hear(i_frame(0, 1, SERVER_LLC, final=False, segmented=True)) == b""
    assert kinds(caller.hear(i_frame(1, 1, b"more", segmented=True))) == [FrameKind.RR]


def test_snrm_is_repeated_until_the_link_is_given_up() -> None:
    caller = Caller()
    caller.client.open(caller.now)
    caller.client.take_output()
    assert kinds(caller.wait(5)) == [FrameKind.SNRM]
    assert kinds(caller.wait(5)) == [FrameKind.SNRM]
    assert caller.wait(5) == b""
    assert isinstance(caller.down(), Timeout)
    assert caller.client.deadline() is None


def test_dm_refuses_the_link_and_drops_it() -> None:
    caller = Caller()
    caller.client.open(caller.now)
    caller.hear(response(DM_CONTROL))
    assert isinstance(caller.down(), LinkError)
    caller = connected()
    caller.ask(b"request")
    caller.hear(response(DM_CONTROL))
    assert isinstance(caller.down(), LinkError)


def test_frmr_drops_the_link_and_says_why() -> None:
    caller = connected()
    caller.ask(b"request")
    caller.hear(response(FRMR, FrameReject(0x10, 0, 0, too_long=True).encode()))
    assert "information field too long" in str(caller.down())


@pytest.mark.parametrize("information_field", [b"", bytes(5)])
def test_a_malformed_frmr_drops_the_link_all_the_same(information_field: bytes) -> None:
    caller = connected()
    caller.hear(response(FRMR, information_field))
    assert isinstance(caller.down(), LinkError)


def test_a_malformed_ua_drops_the_link() -> None:
    caller = Caller()
    caller.client.open(caller.now)
    caller.hear(response(UA, b"\x81\x80\x05\x05"))
    assert isinstance(caller.down(), LinkError)


def test_after_silence_rr_asks_where_the_server_stands() -> None:
    caller = connected()
    request = caller.ask(b"request")
    ready = only(caller.wait(5))
    assert (ready.kind, ready.receive) == (FrameKind.RR, 0)
    assert caller.hear(rr(0)) == request


def test_a_lost_answer_comes_again_after_rr() -> None:
    caller = connected()
    caller.ask(b"request")
    assert kinds(caller.wait(5)) == [FrameKind.RR]
    caller.hear(i_frame(0, 1, SERVER_LLC + b"answer"))
    assert drain(caller.client) == [ApduReceived(b"answer", 16, 1)]


def test_of_a_window_only_the_lost_frames_go_again() -> None:
    caller = connected(WINDOW)
    caller.ask(bytes(600))
    again = frames(caller.hear(rr(2)))
    assert [frame.send for frame in again] == [2, 3, 4]


def test_a_damaged_answer_is_asked_for_again_after_a_short_silence() -> None:
    caller = connected()
    caller.ask(b"request")
    damaged = bytearray(i_frame(0, 1, SERVER_LLC + b"answer"))
    damaged[-4] ^= 1
    assert caller.hear(bytes(damaged)) == b""
    assert kinds(caller.wait(0.25)) == [FrameKind.RR]


def test_damage_without_end_gives_the_link_up() -> None:
    caller = connected()
    caller.ask(b"request")
    for _ in range(OPTIONS.resends):
        caller.hear(b"~noise~")
        assert kinds(caller.wait(0.25)) == [FrameKind.RR]
    caller.hear(b"~noise~")
    caller.wait(0.2)
    assert isinstance(caller.down(), LinkError)


def test_a_server_that_never_takes_a_frame_is_given_up() -> None:
    caller = connected()
    caller.ask(b"request")
    for _ in range(OPTIONS.resends + 1):
        caller.wait(5)
        caller.hear(rr(0))
        if caller.client.state is ClientState.DISCONNECTED:
            break
    assert isinstance(caller.down(), LinkError)


def test_silence_gives_the_link_up() -> None:
    caller = connected()
    caller.ask(b"request")
    assert kinds(caller.wait(5)) == [FrameKind.RR]
    assert kinds(caller.wait(5)) == [FrameKind.RR]
    caller.wait(5)
    assert isinstance(caller.down(), Timeout)


def test_an_acknowledged_request_is_polled_for_until_its_answer_comes() -> None:
    caller = connected()
    caller.ask(b"request")
    assert caller.hear(rr(1)) == b""
    for _ in range(5):
        assert caller.wait(0.5) == b""
        assert kinds(caller.wait(0.5)) == [FrameKind.RR]
        assert caller.hear(rr(1)) == b""
    caller.wait(1)
    caller.hear(i_frame(0, 1, SERVER_LLC + b"answer"))
    assert drain(caller.client) == [ApduReceived(b"answer", 16, 1)]


def test_polling_ends_with_the_answer_timeout_and_the_link_stays() -> None:
    caller = connected()
    caller.ask(b"unconfirmed request")
    caller.hear(rr(1))
    polls = 0
    while caller.wait(1):
        caller.hear(rr(1))
        polls += 1
    assert 15 <= polls <= 20
    assert caller.client.state is ClientState.CONNECTED
    assert only(caller.ask(b"next")).send == 1


def test_one_rr_after_an_answer_fetches_what_else_the_server_has() -> None:
    caller = connected()
    caller.ask(b"request")
    caller.hear(i_frame(0, 1, SERVER_LLC + b"one"))
    assert only(caller.wait(1)).kind is FrameKind.RR
    caller.hear(i_frame(1, 1, SERVER_LLC + b"two"))
    assert only(caller.wait(1)).receive == 2
    caller.hear(rr(1))
    assert caller.wait(60) == b""
    assert drain(caller.client) == [ApduReceived(b"one", 16, 1), ApduReceived(b"two", 16, 1)]


def test_rnr_holds_the_segments_back_until_rr() -> None:
    caller = connected()
    caller.ask(bytes(300))
    assert caller.hear(rnr(1)) == b""
    assert kinds(caller.wait(1)) == [FrameKind.RR]
    assert caller.hear(rnr(1)) == b""
    assert kinds(caller.wait(1)) == [FrameKind.RR]
    assert only(caller.hear(rr(1))).send == 1


def test_a_server_busy_for_ever_is_given_up() -> None:
    caller = connected()
    caller.ask(bytes(300))
    caller.hear(rnr(1))
    for _ in range(30):
        caller.wait(1)
        if caller.client.state is ClientState.DISCONNECTED:
            break
        caller.hear(rnr(1))
    assert isinstance(caller.down(), Timeout)


def test_repeated_and_late_frames_have_no_effect() -> None:
    caller = connected()
    caller.ask(b"request")
    answer = i_frame(0, 1, SERVER_LLC + b"answer")
    caller.hear(answer)
    drain(caller.client)
    caller.ask(b"next")
    assert caller.hear(answer) == b""
    assert caller.hear(response(UA)) == b""
    assert caller.hear(rr(0)) == b""
    assert drain(caller.client) == []
    assert caller.client.discarded == 3


def test_close_sends_disc_and_ends_in_order() -> None:
    caller = connected()
    caller.client.close(caller.now)
    assert only(caller.client.take_output()).control == DISC | 0x10
    caller.hear(response(UA))
    assert caller.down() is None


def test_dm_to_disc_is_an_orderly_end() -> None:
    caller = connected()
    caller.client.close(caller.now)
    caller.hear(response(DM_CONTROL))
    assert caller.down() is None


def test_close_waits_for_the_answer_under_way() -> None:
    caller = connected()
    caller.ask(b"request")
    caller.client.close(caller.now)
    assert caller.client.take_output() == b""
    assert kinds(caller.hear(i_frame(0, 1, SERVER_LLC + b"answer"))) == [FrameKind.DISC]
    assert drain(caller.client) == [ApduReceived(b"answer", 16, 1)]


def test_close_without_an_answer_is_a_timeout() -> None:
    caller = connected()
    caller.client.close(caller.now)
    caller.client.take_output()
    assert kinds(caller.wait(5)) == [FrameKind.DISC]
    caller.wait(10)
    assert isinstance(caller.down(), Timeout)


def test_close_while_connecting() -> None:
    caller = Caller()
    caller.client.open(caller.now)
    caller.client.take_output()
    caller.client.close(caller.now)
    assert kinds(caller.client.take_output()) == [FrameKind.DISC]
    caller.hear(response(UA))
    assert caller.down() is None


def test_the_link_can_be_set_up_again() -> None:
    caller = connected()
    caller.ask(b"request")
    caller.hear(response(DM_CONTROL))
    caller.down()
    caller.client.open(caller.now)
    assert kinds(caller.client.take_output()) == [FrameKind.SNRM]
    caller.hear(response(UA))
    assert only(caller.ask(b"request")).send == 0


def test_calls_that_the_state_does_not_allow() -> None:
    caller = Caller()
    with pytest.raises(LocalProtocolError):
        caller.client.send(b"request", 0)
    caller.client.close(0)
    assert drain(caller.client) == []
    caller.client.open(0)
    with pytest.raises(LocalProtocolError):
        caller.client.open(0)


def test_an_answer_without_llc_header_drops_the_link() -> None:
    caller = connected()
    caller.ask(b"request")
    caller.hear(i_frame(0, 1, b"answer"))
    assert isinstance(caller.down(), LinkError)


def test_an_answer_without_end_drops_the_link_at_the_limit() -> None:
    caller = connected(limits=Limits(octets=1000))
    caller.ask(b"request")
    number = 0
    while caller.client.state is ClientState.CONNECTED:
        caller.hear(i_frame(number & 7, 1, SERVER_LLC + bytes(97), segmented=True))
        number += 1
    assert number == 11
    assert isinstance(caller.down(), LimitError)


def test_a_slow_line_prolongs_the_wait_by_its_octets() -> None:
    caller = Caller(HdlcOptions(response_timeout=2, octet_time=1 / 30))
    caller.client.open(0.0)
    assert caller.client.deadline() == pytest.approx(2 + (9 + 144) / 30)


def test_a_push_is_delivered_whatever_the_state() -> None:
    push = Frame(b"\x21", b"\x03", 0x03, SERVER_LLC + b"\x0fpush").encode()
    for make in STATES.values():
        caller = make()
        assert caller.hear(push) == b""
        assert drain(caller.client) == [ApduReceived(b"\x0fpush", 16, 1, confirmed=False)]


def test_frames_of_others_on_the_line_have_no_effect() -> None:
    caller = connected()
    caller.ask(b"request")
    other = Frame(b"\x21", b"\x05", 0x30, SERVER_LLC + b"answer").encode()
    assert caller.hear(other) == b""
    assert drain(caller.client) == []
    assert caller.client.discarded == 1


def connecting() -> Caller:
    caller = Caller()
    caller.client.open(caller.now)
    caller.client.take_output()
    return caller


def disconnecting() -> Caller:
    caller = connected()
    caller.client.close(caller.now)
    caller.client.take_output()
    return caller


STATES = {
    ClientState.DISCONNECTED: Caller,
    ClientState.CONNECTING: connecting,
    ClientState.CONNECTED: connected,
    ClientState.DISCONNECTING: disconnecting,
}
IGNORED = {
    ClientState.DISCONNECTED: [UA, DM_CONTROL, FRMR, 0x00, RR_CONTROL, RNR_CONTROL],
    ClientState.CONNECTING: [0x00, RR_CONTROL, RNR_CONTROL],
    ClientState.CONNECTED: [UA],
    ClientState.DISCONNECTING: [FRMR, 0x00, RR_CONTROL, RNR_CONTROL],
}
COMMANDS_AND_OTHERS = [SNRM, DISC, 0x09, 0x0D, 0xEF]


@pytest.mark.parametrize(
    ("state", "control"),
    [
        (state, control)
        for state, controls in IGNORED.items()
        for control in [*controls, *COMMANDS_AND_OTHERS]
    ],
)
def test_frames_that_a_state_does_not_wait_for_are_counted_and_no_more(
    state: ClientState, control: int
) -> None:
    caller = STATES[state]()
    deadline = caller.client.deadline()
    assert caller.hear(response(control)) == b""
    assert drain(caller.client) == []
    assert caller.client.state is state
    assert caller.client.deadline() == deadline
    assert caller.client.discarded == 1


def test_frmr_to_snrm_refuses_the_link() -> None:
    caller = connecting()
    caller.hear(response(FRMR, FrameReject(0x93, 0, 0, undefined=True).encode()))
    assert isinstance(caller.down(), LinkError)


def test_the_table_has_every_kind_of_frame_and_every_state() -> None:
    assert set(CLIENT) == set(FrameKind)
    assert all(len(row) == len(ClientState) for row in CLIENT.values())
