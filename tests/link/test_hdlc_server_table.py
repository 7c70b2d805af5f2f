"""Every row and column of the server's state table that has an answer, by what goes over the line."""

from __future__ import annotations

import pytest
from tests.link.frames import (
    CLIENT_LLC,
    SERVER_LLC,
    Station,
    command,
    disc,
    frames,
    i_frame,
    kinds,
    only,
    rnr,
    rr,
    snrm,
    ui,
)
from tests.link.line import drain
from tests.link.stations import (
    EVERY,
    NRM,
    REQUEST,
    STATES,
    expected_send,
    in_idle,
    in_ndm,
    receiving,
    reject,
    rejected,
    sending,
    unmoved,
)

from cosem.core.errors import LinkError
from cosem.core.limits import Limits
from cosem.link.events import ApduReceived, LinkDown, LinkUp
from cosem.link.hdlc.control import FrameKind, FrameReject
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.server import HdlcServer
from cosem.link.hdlc.states import SERVER, Do, ServerInput, ServerState


@pytest.mark.parametrize("state", [ServerState.NDM, *NRM])
def test_ui_is_delivered_without_an_answer(state: ServerState) -> None:
    station = STATES[state]()
    assert station.say(ui(b"one")) == b""
    assert drain(station.server) == [ApduReceived(b"one", 16, 1, confirmed=False)]
    assert unmoved(station, state)


@pytest.mark.parametrize("state", [ServerState.NDM, *NRM])
def test_ui_with_poll_gets_one_final_answer(state: ServerState) -> None:
    (frame,) = frames(STATES[state]().say(ui(b"one", poll=True)))
    assert frame.kind is (FrameKind.DM if state is ServerState.NDM else FrameKind.RR)
    assert frame.poll_final


@pytest.mark.parametrize("state", EVERY)
@pytest.mark.parametrize(
    "information", [b"", HdlcParameters(2030, 2030, 7, 7).encode(), bytes.fromhex("818003050140")]
)
def test_snrm_gets_ua_and_begins_from_nought(state: ServerState, information: bytes) -> None:
    station = STATES[state]()
    ua = only(station.say(snrm(information)))
    assert ua.kind is FrameKind.UA
    assert ua.poll_final
    assert HdlcParameters.decode(ua.information) == HdlcParameters().agreed_with(
        HdlcParameters.decode(information)
    )
    events = drain(station.server)
    assert events[-1] == LinkUp(16, 1)
    assert [type(event) for event in events[:-1]] == ([LinkDown] if state in NRM else [])
    ready = only(station.say(rr()))
    assert (ready.kind, ready.receive) == (FrameKind.RR, 0)
    station.say(i_frame(0, 0, REQUEST))
    assert only(station.answer(b"answer")).send == 0


@pytest.mark.parametrize("state", EVERY)
def test_snrm_with_a_malformed_parameter_group(state: ServerState) -> None:
    station = STATES[state]()
    octets = station.say(snrm(bytes.fromhex("818005 05")))
    assert kinds(octets) == ([FrameKind.DM] if state is ServerState.NDM else [])
    assert drain(station.server) == []
    assert unmoved(station, state)


@pytest.mark.parametrize("state", EVERY)
def test_disc_gets_ua_in_nrm_and_dm_in_ndm(state: ServerState) -> None:
    station = STATES[state]()
    assert kinds(station.say(disc())) == [FrameKind.DM if state is ServerState.NDM else FrameKind.UA]
    assert drain(station.server) == ([LinkDown(16, 1, None)] if state in NRM else [])
    assert kinds(station.say(disc())) == [FrameKind.DM]


@pytest.mark.parametrize(
    "octets", [i_frame(0, 0, REQUEST), i_frame(0, 0, REQUEST, segmented=True), rr(), rnr()]
)
def test_numbered_frames_in_ndm_get_dm(octets: bytes) -> None:
    station = in_ndm()
    frame = only(station.say(octets))
    assert frame.kind is FrameKind.DM
    assert frame.poll_final
    assert drain(station.server) == []


def test_a_good_i_frame_is_delivered_and_answered_by_the_application() -> None:
    station = in_idle()
    assert station.say(i_frame(0, 0, REQUEST)) == b""
    assert drain(station.server) == [ApduReceived(b"\xc0request", 16, 1)]
    frame = only(station.answer(b"answer"))
    assert frame.information == SERVER_LLC + b"answer"
    assert (frame.kind, frame.send, frame.receive, frame.poll_final) == (FrameKind.INFORMATION, 0, 1, True)


def test_a_good_i_frame_is_answered_with_rr_if_the_application_is_slow() -> None:
    station = in_idle()
    assert station.say(i_frame(0, 0, REQUEST)) == b""
    frame = only(station.wait(1.5))
    assert (frame.kind, frame.receive) == (FrameKind.RR, 1)
    assert station.answer(b"late") == b""
    assert only(station.say(rr())).information == SERVER_LLC + b"late"


def test_the_last_segment_completes_the_apdu() -> None:
    station = receiving()
    assert station.say(i_frame(1, 0, b" in two")) == b""
    assert drain(station.server) == [ApduReceived(b"\xc0request in two", 16, 1)]


@pytest.mark.parametrize("state", [ServerState.IDLE, ServerState.RECEIVING])
def test_a_segment_gets_rr(state: ServerState) -> None:
    station = STATES[state]()
    expected = expected_send(state)
    frame = only(station.say(i_frame(expected, 0, REQUEST, segmented=True)))
    assert (frame.kind, frame.receive) == (FrameKind.RR, expected + 1)


def test_segments_above_the_limit_get_frmr_y() -> None:
    station = Station(HdlcServer({1}, limits=Limits(octets=200)))
    station.say(snrm())
    assert kinds(station.say(i_frame(0, 0, CLIENT_LLC + bytes(100), segmented=True))) == [FrameKind.RR]
    assert reject(station.say(i_frame(1, 0, bytes(100), segmented=True))).too_long


def test_a_good_i_frame_while_sending_counts_as_acknowledgement_only() -> None:
    station = sending()
    frame = only(station.say(i_frame(1, 1, REQUEST)))
    assert (frame.kind, frame.send, frame.receive) == (FrameKind.INFORMATION, 1, 1)
    assert drain(station.server) == []


def test_a_segment_while_sending_gets_rr_and_is_not_taken() -> None:
    station = sending()
    frame = only(station.say(i_frame(1, 1, REQUEST, segmented=True)))
    assert (frame.kind, frame.receive) == (FrameKind.RR, 1)


@pytest.mark.parametrize("state", [ServerState.IDLE, ServerState.RECEIVING])
def test_an_i_frame_out_of_sequence_gets_rr_with_the_expected_number(state: ServerState) -> None:
    station = STATES[state]()
    frame = only(station.say(i_frame(expected_send(state) + 1, 0, REQUEST)))
    assert (frame.kind, frame.receive) == (FrameKind.RR, expected_send(state))
    assert drain(station.server) == []
    assert unmoved(station, state)


def test_a_repeat_of_the_last_i_frame_gets_the_stored_answer_again() -> None:
    station = in_idle()
    station.say(i_frame(0, 0, REQUEST))
    answer = station.answer(b"answer")
    drain(station.server)
    assert station.say(i_frame(0, 0, REQUEST)) == answer
    assert drain(station.server) == []
    assert station.say(i_frame(1, 1, REQUEST)) == b""
    assert only(station.answer(b"next")).send == 1


def test_another_i_frame_out_of_sequence_while_sending_gets_rr() -> None:
    frame = only(sending().say(i_frame(3, 0, REQUEST)))
    assert (frame.kind, frame.receive) == (FrameKind.RR, 1)


@pytest.mark.parametrize("state", NRM)
@pytest.mark.parametrize("octets", [i_frame(0, 5, REQUEST), rr(5), rnr(5)])
def test_an_n_r_never_sent_gets_frmr_z(state: ServerState, octets: bytes) -> None:
    station = STATES[state]()
    refused = reject(station.say(octets))
    assert refused == FrameReject(
        only(octets).control,
        int(state is ServerState.SENDING),
        expected_send(state),
        wrong_receive_number=True,
    )
    (down,) = drain(station.server)
    assert isinstance(down, LinkDown)
    assert isinstance(down.error, LinkError)


def test_an_n_r_of_the_step_before_is_a_late_repeat_and_meets_silence() -> None:
    station = sending()
    assert only(station.say(rr(1))).send == 1
    assert station.say(rr(0)) == b""
    assert only(station.say(rr(2))).send == 2


@pytest.mark.parametrize("state", NRM)
def test_information_longer_than_agreed_gets_frmr_y(state: ServerState) -> None:
    station = STATES[state]()
    assert reject(station.say(i_frame(expected_send(state), 0, bytes(129)))).too_long


@pytest.mark.parametrize("state", [ServerState.IDLE, ServerState.RECEIVING])
@pytest.mark.parametrize("octets", [rr(), rnr()])
def test_rr_and_rnr_get_rr(state: ServerState, octets: bytes) -> None:
    frame = only(STATES[state]().say(octets))
    assert (frame.kind, frame.receive, frame.poll_final) == (FrameKind.RR, expected_send(state), True)


def test_rr_while_sending_gets_the_next_window() -> None:
    station = sending()
    assert only(station.say(rr(1))).send == 1
    assert only(station.say(rr(1))).send == 1
    last = only(station.say(rr(2)))
    assert (last.send, last.segmented) == (2, False)
    assert kinds(station.say(rr(3))) == [FrameKind.RR]


def test_rnr_pauses_and_rr_resumes() -> None:
    station = sending()
    assert kinds(station.say(rnr(1))) == [FrameKind.RR]
    assert kinds(station.say(rnr(1))) == [FrameKind.RR]
    assert only(station.say(rr(1))).send == 1


@pytest.mark.parametrize("state", NRM)
@pytest.mark.parametrize("control", [0x09, 0x0D])
def test_rej_and_srej_get_frmr_w(state: ServerState, control: int) -> None:
    refused = reject(STATES[state]().say(command(control)))
    assert refused.undefined
    assert refused.control == control | 0x10


@pytest.mark.parametrize("control", [0x09, 0x0D])
def test_rej_and_srej_in_ndm_get_dm(control: int) -> None:
    assert kinds(in_ndm().say(command(control))) == [FrameKind.DM]


@pytest.mark.parametrize("state", NRM)
@pytest.mark.parametrize("poll", [True, False])
def test_an_undefined_control_field_gets_frmr_w(state: ServerState, poll: bool) -> None:
    assert reject(STATES[state]().say(command(0xEF, poll=poll))).undefined


def test_an_undefined_control_field_in_ndm_meets_silence() -> None:
    assert in_ndm().say(command(0xEF)) == b""


@pytest.mark.parametrize("state", NRM)
@pytest.mark.parametrize("octets", [command(0x01, b"info"), command(0x05, b"info")])
def test_rr_and_rnr_with_information_get_frmr_x(state: ServerState, octets: bytes) -> None:
    refused = reject(STATES[state]().say(octets))
    assert refused.unexpected_information
    assert refused.undefined


@pytest.mark.parametrize(
    "octets",
    [
        rr(),
        rnr(),
        rr(5),
        command(0x01, b"info"),
        command(0x09),
        command(0xEF),
        i_frame(0, 0, REQUEST),
        i_frame(0, 0, REQUEST, segmented=True),
        i_frame(3, 0, REQUEST),
        i_frame(0, 0, bytes(129)),
    ],
)
def test_after_frmr_only_snrm_and_disc_are_served(octets: bytes) -> None:
    station = rejected()
    assert kinds(station.say(octets)) == [FrameKind.FRMR]
    assert drain(station.server) == []
    assert kinds(station.say(snrm())) == [FrameKind.UA]
    station = rejected()
    assert kinds(station.say(disc())) == [FrameKind.UA]


@pytest.mark.parametrize("segmented", [False, True])
def test_a_late_repeat_meets_silence_in_every_state_of_nrm(segmented: bool) -> None:
    station = sending()
    for number in (1, 2, 3):
        station.say(rr(number))
    if segmented:
        station.say(i_frame(1, 3, REQUEST, segmented=True))
    assert station.say(rr(2)) == b""
    assert kinds(station.say(rr(3))) == [FrameKind.RR]


def test_a_late_repeat_after_frmr_gets_the_frmr() -> None:
    station = sending()
    station.say(rr(1))
    station.say(command(0xEF))
    assert kinds(station.say(rr(0))) == [FrameKind.FRMR]


def test_ui_after_frmr_is_not_delivered() -> None:
    station = rejected()
    assert station.say(ui(b"one", poll=True)) == b""
    assert drain(station.server) == []


def test_numbered_frames_have_no_sequence_to_be_judged_by_in_ndm() -> None:
    """All their rows say DM there, so it does not matter which of them a frame would be."""
    numbered = set(ServerInput) - {
        ServerInput.SNRM,
        ServerInput.UI,
        ServerInput.UNDEFINED,
        ServerInput.RESPONSE,
    }
    assert {SERVER[what][ServerState.NDM] for what in numbered} == {Do.DM}


def test_the_table_has_every_row_and_column() -> None:
    assert set(SERVER) == set(ServerInput)
    assert all(len(row) == len(ServerState) for row in SERVER.values())
