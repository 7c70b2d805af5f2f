"""What meets silence at a server, in every state: damage, other addresses, no poll bit, and time."""

from __future__ import annotations

from itertools import product

import pytest
from tests.link.frames import (
    CLIENT_ADDRESS,
    CLIENT_LLC,
    SERVER_ADDRESS,
    Station,
    command,
    disc,
    i_frame,
    kinds,
    rr,
    snrm,
)
from tests.link.line import drain
from tests.link.stations import (
    ANSWER,
    EVERY,
    NRM,
    REQUEST,
    STATES,
    in_idle,
    reject,
    unmoved,
)

from cosem.core.errors import Timeout
from cosem.link.events import ApduReceived, LinkDown
from cosem.link.hdlc.address import ALL_STATIONS, NO_STATION, ServerAddress, encode_client
from cosem.link.hdlc.control import FrameKind
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.server import HdlcServer
from cosem.link.hdlc.states import ServerState


def damaged() -> list[bytes]:
    wrong_fcs = bytearray(i_frame(0, 0, bytes(20)))
    wrong_fcs[20] ^= 1
    wrong_hcs = bytearray(i_frame(0, 0, bytes(20)))
    wrong_hcs[5] ^= 4
    wrong_type = bytearray(snrm())
    wrong_type[1] = 0x90
    wrong_length = bytearray(snrm())
    wrong_length[2] += 1
    return [
        b"\x00\x55\xaa" * 20,
        snrm()[1:],
        snrm()[:-1],
        snrm()[:6] + b"~",
        bytes(wrong_type),
        bytes(wrong_length),
        bytes(wrong_hcs),
        bytes(wrong_fcs),
    ]


@pytest.mark.parametrize(("state", "octets"), list(product(EVERY, damaged())))
def test_damage_meets_silence_and_is_counted(state: ServerState, octets: bytes) -> None:
    station = STATES[state]()
    before = station.server.discarded
    assert station.say(octets) == b""
    assert station.wait(5) == b""
    assert station.server.discarded > before
    assert drain(station.server) == []
    assert unmoved(station, state)


def misaddressed() -> list[bytes]:
    def sent(destination: bytes, source: bytes) -> bytes:
        return Frame(destination, source, 0x93).encode()

    return [
        sent(ServerAddress(2).encode(), CLIENT_ADDRESS),
        sent(ServerAddress(1, 17).encode(), CLIENT_ADDRESS),
        sent(ServerAddress(1, 17, 4).encode(), CLIENT_ADDRESS),
        sent(SERVER_ADDRESS, b"\x02\x21"),
        sent(SERVER_ADDRESS, encode_client(NO_STATION)),
        sent(SERVER_ADDRESS, encode_client(ALL_STATIONS)),
        sent(ServerAddress(NO_STATION).encode(), CLIENT_ADDRESS),
        sent(ServerAddress(ALL_STATIONS).encode(), CLIENT_ADDRESS),
    ]


@pytest.mark.parametrize(("state", "octets"), list(product(EVERY, misaddressed())))
def test_unknown_and_no_station_addresses_meet_silence(state: ServerState, octets: bytes) -> None:
    station = STATES[state]()
    assert station.say(octets) == b""
    assert drain(station.server) == []
    assert unmoved(station, state)


@pytest.mark.parametrize("state", EVERY)
def test_ui_to_all_stations_is_delivered_without_an_answer(state: ServerState) -> None:
    station = STATES[state]()
    for poll in (0x00, 0x10):
        octets = Frame(
            ServerAddress(ALL_STATIONS).encode(), CLIENT_ADDRESS, 0x03 | poll, CLIENT_LLC + b"all"
        ).encode()
        assert station.say(octets) == b""
        assert drain(station.server) == [ApduReceived(b"all", 16, ALL_STATIONS, confirmed=False)]
    assert unmoved(station, state)


@pytest.mark.parametrize("state", EVERY)
@pytest.mark.parametrize("control", [0x63, 0x0F, 0x87])
def test_responses_from_a_client_meet_silence(state: ServerState, control: int) -> None:
    station = STATES[state]()
    assert station.say(command(control)) == b""
    assert unmoved(station, state)


@pytest.mark.parametrize("state", EVERY)
def test_a_gap_above_the_inter_octet_timeout_drops_the_fragment(state: ServerState) -> None:
    station = STATES[state]()
    assert station.say(disc()[:6]) == b""
    station.wait(3)
    assert station.say(disc()[6:]) == b""
    station.wait(3)
    assert unmoved(station, state)


@pytest.mark.parametrize("state", [*NRM, ServerState.REJECTED])
def test_inactivity_leads_back_to_ndm_without_a_frame(state: ServerState) -> None:
    server = HdlcServer({1}, options=HdlcOptions(inactivity_timeout=30))
    station = Station(server)
    station.say(snrm())
    if state is ServerState.RECEIVING:
        station.say(i_frame(0, 0, REQUEST, segmented=True))
    elif state is ServerState.SENDING:
        station.say(i_frame(0, 0, REQUEST))
        station.answer(ANSWER)
    elif state is ServerState.REJECTED:
        station.say(command(0xEF))
    drain(server)
    assert station.wait(29) == b""
    assert drain(server) == []
    assert station.wait(1) == b""
    downs = drain(server)
    assert len(downs) == (state is not ServerState.REJECTED)
    assert all(isinstance(down, LinkDown) and isinstance(down.error, Timeout) for down in downs)
    assert kinds(station.say(disc())) == [FrameKind.DM]


def test_frames_keep_a_link_from_inactivity() -> None:
    station = Station(HdlcServer({1}, options=HdlcOptions(inactivity_timeout=30)))
    station.say(snrm())
    for _ in range(10):
        station.wait(25)
        assert kinds(station.say(rr())) == [FrameKind.RR]


def test_an_inactivity_timeout_of_nought_never_comes() -> None:
    station = in_idle()
    assert station.server.deadline() is None
    station.wait(1e6)
    assert kinds(station.say(rr())) == [FrameKind.RR]


@pytest.mark.parametrize(
    "octets",
    [
        command(0x83, poll=False),
        command(0x43, poll=False),
        rr(poll=False),
        rr(5, poll=False),
        i_frame(0, 0, REQUEST, poll=False),
        i_frame(0, 0, REQUEST, poll=False, segmented=True),
        i_frame(4, 0, REQUEST, poll=False),
        i_frame(0, 0, bytes(200), poll=False),
        command(0x09, poll=False),
    ],
)
@pytest.mark.parametrize("state", EVERY)
def test_without_the_poll_bit_there_is_no_answer(state: ServerState, octets: bytes) -> None:
    station = STATES[state]()
    assert station.say(octets) == b""


def test_frmr_for_a_frame_without_the_poll_bit_waits_for_the_next_poll() -> None:
    station = in_idle()
    assert station.say(rr(5, poll=False)) == b""
    assert reject(station.say(rr())).wrong_receive_number
