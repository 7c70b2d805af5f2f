"""What a client of an HDLC line does about silence: it keeps an idle link up, and lets the line rest before a frame."""

from __future__ import annotations

from tests.link.frames import SERVER_LLC, kinds, response
from tests.link.line import Line
from tests.link.test_hdlc_client import OPTIONS, connected, rr

from cosem.core.errors import Timeout
from cosem.link.events import LinkDown
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.control import FrameKind, information
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.server import HdlcServer
from cosem.link.hdlc.states import ClientState

ALIVE = HdlcOptions(response_timeout=5, retries=2, poll_interval=1, keep_alive=60)
GAP = HdlcOptions(response_timeout=5, retries=2, frame_gap=0.25)


def test_a_link_with_nothing_under_way_is_kept_up_by_rr() -> None:
    caller = connected(ALIVE)
    assert caller.wait(59) == b""
    assert kinds(caller.wait(1)) == [FrameKind.RR]
    assert caller.hear(rr(0)) == b""
    assert caller.wait(59) == b""
    assert kinds(caller.wait(1)) == [FrameKind.RR]


def test_a_request_puts_off_the_keep_alive() -> None:
    caller = connected(ALIVE)
    caller.wait(59)
    assert kinds(caller.ask(b"\xc0")) == [FrameKind.INFORMATION]
    caller.hear(response(information(0, 1), SERVER_LLC + b"\xc4"))
    assert kinds(caller.wait(1)) == [FrameKind.RR]  # whether the server has more to say
    caller.hear(rr(1))
    assert caller.wait(59) == b""
    assert kinds(caller.wait(1)) == [FrameKind.RR]


def test_a_keep_alive_that_nobody_answers_ends_the_link() -> None:
    caller = connected(ALIVE)
    assert kinds(caller.wait(60 + 3 * 5)) == [FrameKind.RR] * 3
    assert isinstance(caller.down(), Timeout)


def test_without_keep_alive_an_idle_client_is_silent() -> None:
    caller = connected(OPTIONS)
    assert caller.client.deadline() is None
    assert caller.wait(1000) == b""


def test_keep_alive_outlasts_the_inactivity_timeout_of_the_server() -> None:
    for keep_alive, stays in ((0.0, False), (60.0, True)):
        client = HdlcClient(16, 1, HdlcOptions(keep_alive=keep_alive))
        line = Line(client, HdlcServer({1}, options=HdlcOptions(inactivity_timeout=120)), lambda _: None)
        client.open(line.now)
        while line.now < 1000 and line.step():
            pass
        downs = [event for event in line.server_events if isinstance(event, LinkDown)]
        assert (client.state is ClientState.CONNECTED, not downs) == (True, stays)


def test_the_client_speaks_when_the_line_has_been_silent_for_the_gap() -> None:
    caller = connected(GAP)
    assert caller.ask(b"\xc0") == b""
    caller.now += 0.125
    assert caller.hear(b"") == b""  # an empty read is no noise
    assert kinds(caller.wait(0.125)) == [FrameKind.INFORMATION]
    assert caller.wait(4.75) == b""  # the time for an answer counts from when the frame went out
    assert kinds(caller.wait(0.25)) == [FrameKind.RR]


def test_octets_heard_meanwhile_make_the_gap_begin_anew() -> None:
    caller = connected(GAP)
    caller.ask(b"\xc0")
    caller.now += 0.125
    assert caller.hear(b"\x00") == b""
    assert caller.wait(0.125) == b""
    assert kinds(caller.wait(0.125)) == [FrameKind.INFORMATION]


def test_after_a_longer_silence_than_the_gap_a_frame_goes_at_once() -> None:
    caller = connected(GAP)
    caller.now += 0.25
    assert kinds(caller.ask(b"\xc0")) == [FrameKind.INFORMATION]
    caller = connected(OPTIONS)
    assert kinds(caller.ask(b"\xc0")) == [FrameKind.INFORMATION]
