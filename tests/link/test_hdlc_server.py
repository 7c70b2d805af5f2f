"""One station with several links, its bounds, its pushes; and who only listens."""

from __future__ import annotations

import pytest
from tests.link.frames import CLIENT_LLC, SERVER_LLC, Station, frames, kinds, only
from tests.link.line import drain
from tests.link.test_hdlc_frame import PUBLISHED

from cosem.core.errors import LocalProtocolError
from cosem.link.events import ApduReceived, LinkDown, LinkUp
from cosem.link.hdlc.address import ALL_STATIONS, ALL_STATIONS_WIDE, ServerAddress, encode_client
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.control import FrameKind
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.listener import HdlcListener
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.server import HdlcServer


def sent(control: int, client: int = 16, device: int = 1, octets: bytes = b"") -> bytes:
    return Frame(ServerAddress(device).encode(), encode_client(client), control, octets).encode()


SNRM = 0x93
PAIRS = [(16, 1), (16, 2), (32, 1)]


def test_links_of_different_pairs_do_not_touch_each_other() -> None:
    station = Station(HdlcServer({1, 2}))
    for client, device in PAIRS:
        assert kinds(station.say(sent(SNRM, client, device))) == [FrameKind.UA]
    assert drain(station.server) == [LinkUp(*pair) for pair in PAIRS]
    for client, device in PAIRS:
        station.say(sent(0x10, client, device, CLIENT_LLC + b"request"))
    assert drain(station.server) == [ApduReceived(b"request", *pair) for pair in PAIRS]
    for client, device in reversed(PAIRS):
        station.server.send(bytes((client, device)), station.now, client_sap=client, server_sap=device)
        frame = only(station.server.take_output())
        assert frame.destination == encode_client(client)
        assert frame.source == ServerAddress(device).encode()
        assert frame.information == SERVER_LLC + bytes((client, device))
    assert kinds(station.say(sent(0x53, 16, 1))) == [FrameKind.UA]
    assert drain(station.server) == [LinkDown(16, 1)]
    assert kinds(station.say(sent(0x31, 16, 2))) == [FrameKind.RR]


def test_among_several_links_the_pair_must_be_named() -> None:
    station = Station(HdlcServer({1, 2}))
    station.say(sent(SNRM, 16, 1))
    station.server.send(b"the only link", 0)
    station.say(sent(SNRM, 16, 2))
    with pytest.raises(LocalProtocolError):
        station.server.send(b"which?", 0)


def test_an_apdu_for_a_link_that_is_down_is_dropped() -> None:
    station = Station()
    station.server.send(b"nobody", 0)
    station.server.send(b"nobody", 0, client_sap=16, server_sap=1)
    assert station.say(sent(SNRM)) != b""
    assert kinds(station.say(sent(0x11))) == [FrameKind.RR]


def test_clients_that_are_not_served_meet_silence() -> None:
    station = Station(HdlcServer({1}, clients={16}))
    assert station.say(sent(SNRM, 17)) == b""
    assert kinds(station.say(sent(SNRM, 16))) == [FrameKind.UA]


def test_the_number_of_links_is_bounded() -> None:
    station = Station(HdlcServer(range(1, 100), options=HdlcOptions(max_links=2)))
    answers = [kinds(station.say(sent(SNRM, 16, device)))[0] for device in range(1, 5)]
    assert answers == [FrameKind.UA, FrameKind.UA, FrameKind.DM, FrameKind.DM]
    assert kinds(station.say(sent(SNRM, 16, 2))) == [FrameKind.UA]


def test_the_address_form_belongs_to_the_link() -> None:
    station = Station(HdlcServer({1}, physical=17))
    short, wide = ServerAddress(1, 17).encode(), ServerAddress(1, 17, 4).encode()
    client = encode_client(16)
    assert kinds(station.say(Frame(short, client, SNRM).encode())) == [FrameKind.UA]
    assert kinds(station.say(Frame(wide, client, 0x11).encode())) == [FrameKind.DM]
    assert kinds(station.say(Frame(wide, client, SNRM).encode())) == [FrameKind.UA]
    assert kinds(station.say(Frame(short, client, 0x11).encode())) == [FrameKind.DM]
    assert [type(event) for event in drain(station.server)] == [LinkUp, LinkDown, LinkUp]


def test_closing_drops_every_link_without_a_frame() -> None:
    station = Station(HdlcServer({1, 2}))
    for pair in PAIRS:
        station.say(sent(SNRM, *pair))
    drain(station.server)
    station.server.close(station.now)
    assert drain(station.server) == [LinkDown(*pair) for pair in PAIRS]
    assert station.server.take_output() == b""


def test_several_answers_go_out_one_poll_after_the_other() -> None:
    station = Station()
    station.say(sent(SNRM))
    station.say(sent(0x10, octets=CLIENT_LLC + b"request"))
    for number in range(3):
        station.server.send(bytes((number,)), station.now)
    octets = [station.server.take_output(), station.say(sent(0x31)), station.say(sent(0x51))]
    assert [only(frame).information[3:] for frame in octets] == [b"\x00", b"\x01", b"\x02"]


@pytest.mark.parametrize(
    "address",
    [
        ServerAddress(ALL_STATIONS),
        ServerAddress(1, ALL_STATIONS),
        ServerAddress(ALL_STATIONS, ALL_STATIONS),
        ServerAddress(ALL_STATIONS_WIDE, ALL_STATIONS_WIDE),
        ServerAddress(ALL_STATIONS_WIDE, 17),
        ServerAddress(1, ALL_STATIONS_WIDE),
    ],
)
def test_broadcast_in_every_form_reaches_every_station(address: ServerAddress) -> None:
    client = HdlcClient(16, 1)
    client.send_unconfirmed(b"time" * 100, server=address)
    broadcast = client.take_output()
    assert len(frames(broadcast)) == 4
    for physical in (17, 18):
        station = Station(HdlcServer({1}, physical=physical))
        reached = address.lower != 17 or physical == 17
        assert station.say(broadcast) == b""
        expected = [ApduReceived(b"time" * 100, 16, address.sap, confirmed=False)]
        assert drain(station.server) == (expected if reached else [])


def test_a_push_needs_no_link_and_comes_in_segments() -> None:
    server = HdlcServer({1}, physical=17)
    server.send_unconfirmed(b"push" * 100, client_sap=16, server_sap=1)
    octets = server.take_output()
    assert [frame.kind for frame in frames(octets)] == [FrameKind.UI] * 4
    assert [frame.segmented for frame in frames(octets)] == [True, True, True, False]
    expected = ApduReceived(b"push" * 100, 16, 1, confirmed=False)
    client = HdlcClient(16, ServerAddress(1, 17))
    listener = HdlcListener()
    for engine in (client, listener):
        engine.receive(octets, 0)
        assert drain(engine) == [expected]
        assert engine.take_output() == b""


def test_a_push_on_a_link_keeps_the_agreed_size() -> None:
    station = Station(HdlcServer({1}, options=HdlcOptions(parameters=HdlcParameters(64, 64))))
    station.say(sent(SNRM))
    station.server.send_unconfirmed(bytes(100), client_sap=16, server_sap=1)
    assert [len(frame.information) for frame in frames(station.server.take_output())] == [64, 39]


def test_a_listener_takes_pushes_of_meters_as_they_are() -> None:
    listener = HdlcListener()
    for number, vector in enumerate(PUBLISHED):
        listener.receive(vector.octets, float(number))
    pushes = [event for event in drain(listener) if isinstance(event, ApduReceived)]
    assert [(push.client_sap, push.server_sap, push.apdu[:1].hex()) for push in pushes] == [
        (1, 16, "60"),
        (32, 4, "0f"),
        (0, 1, "0f"),
        (103, 1, "e0"),
    ]
    assert not any(push.confirmed for push in pushes)
    assert listener.discarded == 4


def test_a_listener_drops_a_fragment_in_time_and_stays_silent() -> None:
    listener = HdlcListener()
    listener.open(0)
    listener.send(b"nothing", 0)
    listener.receive(PUBLISHED[-1].octets[:20], 0)
    deadline = listener.deadline()
    assert deadline == 1.0
    listener.on_time(deadline)
    assert listener.discarded > 0
    assert listener.deadline() is None
    listener.close(2)
    assert listener.take_output() == b""
    assert drain(listener) == []
