"""A server in each state of its table, and how to see that it is still there."""

from __future__ import annotations

from collections.abc import Callable

from tests.link.frames import CLIENT_LLC, Station, command, i_frame, kinds, only, rr, snrm
from tests.link.line import drain

from cosem.link.hdlc.control import FrameKind, FrameReject
from cosem.link.hdlc.states import ServerState

REQUEST = CLIENT_LLC + b"\xc0request"
ANSWER = bytes(300)
"""Three segments."""


def in_ndm() -> Station:
    return Station()


def in_idle() -> Station:
    """V(S) = 0, V(R) = 0."""
    station = in_ndm()
    station.say(snrm())
    drain(station.server)
    return station


def receiving() -> Station:
    """One segment of a request is here: V(S) = 0, V(R) = 1."""
    station = in_idle()
    assert kinds(station.say(i_frame(0, 0, REQUEST, segmented=True))) == [FrameKind.RR]
    return station


def sending() -> Station:
    """One of three segments of the answer was sent: V(S) = 1, V(R) = 1."""
    station = in_idle()
    station.say(i_frame(0, 0, REQUEST))
    assert kinds(station.answer(ANSWER)) == [FrameKind.INFORMATION]
    drain(station.server)
    return station


def rejected() -> Station:
    station = in_idle()
    assert kinds(station.say(command(0xEF))) == [FrameKind.FRMR]
    drain(station.server)
    return station


STATES: dict[ServerState, Callable[[], Station]] = {
    ServerState.NDM: in_ndm,
    ServerState.IDLE: in_idle,
    ServerState.RECEIVING: receiving,
    ServerState.SENDING: sending,
    ServerState.REJECTED: rejected,
}
NRM = [ServerState.IDLE, ServerState.RECEIVING, ServerState.SENDING]
EVERY = list(STATES)


def expected_send(state: ServerState) -> int:
    """V(R) in the state."""
    return 1 if state in (ServerState.RECEIVING, ServerState.SENDING) else 0


def unmoved(station: Station, state: ServerState) -> bool:
    """The link is still where it was, seen from outside."""
    if state is ServerState.NDM:
        return kinds(station.say(rr())) == [FrameKind.DM]
    if state is ServerState.REJECTED:
        return kinds(station.say(rr())) == [FrameKind.FRMR]
    frame = only(station.say(rr()))
    kind = FrameKind.INFORMATION if state is ServerState.SENDING else FrameKind.RR
    return frame.kind is kind and frame.receive == expected_send(state)


def reject(octets: bytes) -> FrameReject:
    frame = only(octets)
    assert frame.kind is FrameKind.FRMR
    assert frame.poll_final
    return FrameReject.decode(frame.information)
