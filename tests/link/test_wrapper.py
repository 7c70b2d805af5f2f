"""The wrapper for TCP and UDP."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.link.line import drain

from cosem.core.errors import DecodeError, EncodeError, InvalidValueError, LocalProtocolError, Timeout
from cosem.link.events import ApduReceived, LinkDown, LinkEngine, LinkUp
from cosem.link.wrapper import (
    WrapperClient,
    WrapperOptions,
    WrapperParser,
    WrapperPdu,
    WrapperServer,
    decode_datagram,
    encode_pdu,
)

port = st.integers(0, 0xFFFF)
pdus = st.lists(st.builds(WrapperPdu, port, port, st.binary(max_size=300)), max_size=5)


def test_the_header_is_version_source_destination_length() -> None:
    assert encode_pdu(16, 1, b"apdu") == bytes.fromhex("0001 0010 0001 0004") + b"apdu"


@given(pdus, st.lists(st.integers(0, 1600), max_size=8))
def test_any_cut_gives_the_same_pdus(sent: list[WrapperPdu], places: list[int]) -> None:
    octets = b"".join(pdu.encode() for pdu in sent)
    parser = WrapperParser()
    found: list[WrapperPdu] = []
    begin = 0
    for place in [*sorted(places), len(octets)]:
        found += parser.feed(octets[begin:place])
        begin = max(begin, min(place, len(octets)))
    assert found == sent
    assert not parser.pending
    assert parser.error is None


@given(st.binary(max_size=60), st.lists(st.integers(0, 60), max_size=5))
def test_any_octets_give_pdus_or_an_error_however_they_are_cut(octets: bytes, places: list[int]) -> None:
    whole = WrapperParser()
    expected = whole.feed(octets)
    parser = WrapperParser()
    found: list[WrapperPdu] = []
    begin = 0
    for place in [*sorted(places), len(octets)]:
        found += parser.feed(octets[begin:place])
        begin = max(begin, min(place, len(octets)))
    assert found == expected
    assert (parser.error is None) is (whole.error is None)
    assert b"".join(pdu.encode() for pdu in found) == octets[: sum(8 + len(pdu.apdu) for pdu in found)]


@pytest.mark.parametrize("version", [0, 2, 0x0101, 0xFFFF])
def test_after_a_wrong_version_nothing_comes_out(version: int) -> None:
    parser = WrapperParser()
    good = encode_pdu(16, 1, b"apdu")
    assert parser.feed(good + version.to_bytes(2, "big") + good) == [WrapperPdu(16, 1, b"apdu")]
    assert isinstance(parser.error, DecodeError)
    assert parser.feed(good) == []
    assert not parser.pending


@given(st.builds(WrapperPdu, port, port, st.binary(max_size=300)))
def test_datagrams_round_trip(pdu: WrapperPdu) -> None:
    assert decode_datagram(pdu.encode()) == pdu


@pytest.mark.parametrize(
    "octets",
    [
        "",
        "00010010000100",
        "0002001000010000",
        "000100100001000161 62",
        "0001001000010002 61",
        "0001001000010001",
    ],
)
def test_a_datagram_is_exactly_one_pdu(octets: str) -> None:
    with pytest.raises(DecodeError):
        decode_datagram(bytes.fromhex(octets))


def test_what_does_not_fit_is_refused() -> None:
    assert len(encode_pdu(16, 1, bytes(0xFFFF))) == 8 + 0xFFFF
    with pytest.raises(EncodeError):
        encode_pdu(16, 1, bytes(0x10000))
    with pytest.raises(InvalidValueError):
        encode_pdu(0x10000, 1, b"")
    with pytest.raises(InvalidValueError):
        WrapperClient(16, -1)


def up() -> WrapperClient:
    client = WrapperClient(16, 1)
    client.open(0)
    assert drain(client) == [LinkUp(16, 1)]
    return client


def test_the_client_link_is_up_at_once_and_down_at_once() -> None:
    client = up()
    client.send(b"request", 0)
    assert client.take_output() == encode_pdu(16, 1, b"request")
    client.receive(encode_pdu(1, 16, b"answer"), 1)
    assert drain(client) == [ApduReceived(b"answer", 16, 1)]
    client.close(2)
    assert drain(client) == [LinkDown(16, 1, None)]
    client.close(2)
    assert drain(client) == []


def test_calls_that_the_state_does_not_allow() -> None:
    client = WrapperClient(16, 1)
    with pytest.raises(LocalProtocolError):
        client.send(b"request", 0)
    client.open(0)
    with pytest.raises(LocalProtocolError):
        client.open(0)
    with pytest.raises(EncodeError):
        client.send(bytes(0x10000), 0)


def test_pdus_of_other_ports_and_empty_ones_are_discarded() -> None:
    client = up()
    client.receive(encode_pdu(2, 16, b"a") + encode_pdu(1, 17, b"b") + encode_pdu(1, 16, b""), 0)
    assert drain(client) == []
    assert client.discarded == 3


def test_a_wrong_version_takes_the_link_down() -> None:
    client = up()
    client.receive(encode_pdu(1, 16, b"answer") + b"HTTP/1.1", 0)
    answer, down = drain(client)
    assert answer == ApduReceived(b"answer", 16, 1)
    assert isinstance(down, LinkDown)
    assert isinstance(down.error, DecodeError)
    client.receive(encode_pdu(1, 16, b"answer"), 0)
    assert drain(client) == []
    client.open(1)
    client.receive(encode_pdu(1, 16, b"answer"), 1)
    assert drain(client) == [LinkUp(16, 1), ApduReceived(b"answer", 16, 1)]


def engines() -> list[LinkEngine]:
    options = WrapperOptions(pdu_timeout=60, idle_timeout=0)
    client = WrapperClient(1, 16, options)
    client.open(0)
    server = WrapperServer({16}, options=options)
    server.open(0)
    return [client, server]


@pytest.mark.parametrize("role", [0, 1])
def test_one_octet_at_a_time_does_not_hold_a_connection_for_ever(role: int) -> None:
    engine = engines()[role]
    drain(engine)
    now = 100.0
    engine.receive(encode_pdu(16, 1, bytes(65535))[:8], now)
    while engine.deadline() is not None:
        now += 10
        engine.on_time(now)
        engine.receive(b"\x00", now)
        assert now <= 160
    (down,) = drain(engine)
    assert isinstance(down, LinkDown)
    assert isinstance(down.error, Timeout)


def test_a_pdu_that_ends_in_time_leaves_no_deadline() -> None:
    client, _ = engines()
    client.receive(encode_pdu(16, 1, b"a")[:5], 0)
    assert client.deadline() == 60
    client.receive(encode_pdu(16, 1, b"a")[5:], 10)
    assert client.deadline() is None
    client.receive(encode_pdu(16, 1, b"a") + b"\x00", 20)
    assert client.deadline() == 80
    client.receive(encode_pdu(16, 1, b"a")[1:] + b"\x00", 30)
    assert client.deadline() == 90


def test_a_server_tells_pairs_apart_and_answers_each() -> None:
    server = WrapperServer({1, 2}, clients={16, 32})
    server.open(0)
    octets = [encode_pdu(16, 1, b"a"), encode_pdu(32, 2, b"b"), encode_pdu(16, 1, b"c")]
    server.receive(b"".join(octets), 0)
    assert drain(server) == [
        LinkUp(16, 1),
        ApduReceived(b"a", 16, 1),
        LinkUp(32, 2),
        ApduReceived(b"b", 32, 2),
        ApduReceived(b"c", 16, 1),
    ]
    server.send(b"answer", 0, client_sap=32, server_sap=2)
    assert server.take_output() == encode_pdu(2, 32, b"answer")
    with pytest.raises(LocalProtocolError):
        server.send(b"answer", 0)
    server.close(0)
    assert drain(server) == [LinkDown(16, 1, None), LinkDown(32, 2, None)]


def test_with_one_pair_the_server_needs_no_name() -> None:
    server = WrapperServer({1})
    server.receive(encode_pdu(16, 1, b"a"), 0)
    server.send(b"answer", 0)
    assert server.take_output() == encode_pdu(1, 16, b"answer")


def test_pdus_for_others_meet_silence_at_the_server() -> None:
    server = WrapperServer({1}, clients={16}, options=WrapperOptions(max_links=1))
    for octets in (
        encode_pdu(16, 2, b"a"),
        encode_pdu(17, 1, b"a"),
        encode_pdu(0, 1, b"a"),
        encode_pdu(16, 1, b""),
    ):
        server.receive(octets, 0)
    assert drain(server) == []
    assert server.discarded == 4


def test_the_number_of_pairs_is_bounded() -> None:
    server = WrapperServer(range(1, 1000), options=WrapperOptions(max_links=3))
    for device in range(1, 1000):
        server.receive(encode_pdu(16, device, b"a"), 0)
    assert len(drain(server)) == 6
    assert server.discarded == 996


def test_an_idle_connection_is_given_up() -> None:
    server = WrapperServer({1}, options=WrapperOptions(idle_timeout=180))
    server.open(0)
    assert server.deadline() == 180
    server.receive(encode_pdu(16, 1, b"a"), 100)
    server.send(b"b", 150)
    drain(server)
    server.on_time(180)
    assert drain(server) == []
    server.on_time(330)
    (down,) = drain(server)
    assert isinstance(down, LinkDown)
    assert isinstance(down.error, Timeout)
    assert server.deadline() is None
    server.send(b"late", 331)
    assert server.take_output() == encode_pdu(1, 16, b"b")


def test_a_connection_given_up_before_any_pair_names_no_station() -> None:
    server = WrapperServer({1})
    server.receive(b"GET / HTTP/1.1", 0)
    (down,) = drain(server)
    assert isinstance(down, LinkDown)
    assert (down.client_sap, down.server_sap) == (0, 0)


def test_each_datagram_stands_alone() -> None:
    options = WrapperOptions(datagram=True)
    server = WrapperServer({1}, options=options)
    server.open(0)
    server.receive(b"rubbish", 0)
    server.receive(encode_pdu(16, 1, b"ab")[:9], 0)
    server.receive(encode_pdu(16, 1, b"b"), 0)
    assert drain(server) == [LinkUp(16, 1), ApduReceived(b"b", 16, 1)]
    server.send(b"c", 0)
    server.send(b"d", 0)
    assert [server.take_output() for _ in range(3)] == [encode_pdu(1, 16, b"c"), encode_pdu(1, 16, b"d"), b""]
    assert server.discarded == 2
