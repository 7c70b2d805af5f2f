"""The simulated line: exact, repeatable, and honest about what it did."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from tests.transport.engines import FakeEngine, Kind, frame
from tests.transport.peers import NO_ANSWER, PUSH, Meter, client_engine, server_engine

from cosem.core.errors import ConnectionLost, LinkError, LocalProtocolError, Timeout
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.frame import encode_frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.server import HdlcServer
from cosem.transport.base import BlockingExchange
from cosem.transport.faults import CLEAN, Faults, Wire
from cosem.transport.simulated import SimulatedLine, Way

OPTIONS = HdlcOptions(inter_octet_timeout=0.05, response_timeout=1.0)
OCTET_TIME = 10 / 9600


def hdlc_line(seed: int = 0, faults: Faults = CLEAN, *, echo: bool = False) -> SimulatedLine:
    options = replace(OPTIONS, octet_time=OCTET_TIME)
    return SimulatedLine(
        HdlcClient(16, 1, options),
        HdlcServer({1}, options=OPTIONS),
        Meter(),
        seed=seed,
        faults=faults,
        echo=echo,
        timeout=120.0,
    )


def fake_line(faults: Faults = CLEAN, meter: Meter | None = None) -> SimulatedLine:
    return SimulatedLine(client_engine(), server_engine(), meter or Meter(), faults=faults)


def requests(count: int) -> list[bytes]:
    return [b"get request %d" % n for n in range(count)]


def read_all(line: SimulatedLine, asked: list[bytes]) -> int:
    """Exchange, opening the line anew as often as needed; how many answers were wrong."""
    wrong = 0
    for request in asked:
        for _ in range(20):
            try:
                if not line.is_open:
                    line.open(engine=HdlcClient(16, 1, replace(OPTIONS, octet_time=OCTET_TIME)))
                answer = line.exchange(request)
            except (LinkError, Timeout, ConnectionLost):
                line.abort()
                continue
            wrong += answer != request[::-1]
            break
        else:
            pytest.fail("no answer after 20 links")
    line.close()
    return wrong


def test_a_clean_line_brings_everything_and_counts_it() -> None:
    line = hdlc_line()
    exchange: BlockingExchange = line.open()
    assert [exchange.exchange(request) for request in requests(20)] == [r[::-1] for r in requests(20)]
    line.close()
    assert not line.is_open
    assert (line.to_meter.sent, line.to_client.sent) == (22, 22)
    assert line.undetected == line.to_meter.damaged == line.to_client.damaged == line.to_meter.lost == 0


def test_time_passes_as_octets_take_it_and_not_otherwise() -> None:
    line = fake_line().open()
    length = len(frame(Kind.APDU, b"12"))
    before = line.now
    assert line.exchange(b"12") == b"21"
    assert line.now - before == pytest.approx(2 * length * OCTET_TIME)
    before = line.now
    line.sleep(5.0)
    assert line.now == before + 5.0


def test_time_outs_count_in_simulated_time() -> None:
    line = fake_line().open()
    before = line.now
    with pytest.raises(Timeout):
        line.exchange(NO_ANSWER, timeout=3600.0)
    assert line.now == pytest.approx(before + 3600.0)
    assert line.exchange(b"12") == b"21"


def test_a_meter_that_is_not_there_ends_the_opening() -> None:
    line = fake_line(Faults(frame_loss=1.0))
    with pytest.raises(LinkError):
        line.open()
    assert line.now == pytest.approx(3.0)
    with pytest.raises(LinkError):
        line.exchange(b"12")
    with pytest.raises(Timeout):
        line.open(timeout=0.5, engine=client_engine())


def test_a_line_may_be_opened_again() -> None:
    meter = Meter()
    line = fake_line(meter=meter).open()
    line.close()
    with pytest.raises(ConnectionLost):
        line.exchange(b"12")
    assert line.open(engine=client_engine()).exchange(b"12") == b"21"
    line.close()
    assert meter.downs == [None, None]


def test_leaving_the_block_closes_the_link() -> None:
    meter = Meter()
    with fake_line(meter=meter).open() as line:
        assert line.exchange(b"12") == b"21"
    assert meter.downs == [None]


def test_a_push_arrives_while_time_passes() -> None:
    meter = Meter()
    line = fake_line(meter=meter).open()
    assert line.exchange(PUSH) == b"pushed"
    assert line.receive().apdu == PUSH[::-1]
    line.sleep(1.0)
    meter.served[0].send(b"alarm", client_sap=16, server_sap=1)
    line.sleep(1.0)
    assert line.receive().apdu == b"alarm"
    meter.served[0].abort()
    assert [type(error) for error in meter.downs] == [ConnectionLost]
    assert meter.served[0].peer == "simulated line"


BAD = Faults(
    octet_damage=0.004,
    octet_loss=0.001,
    octet_doubling=0.001,
    parity_flip=0.001,
    burst=0.02,
    frame_loss=0.03,
    frame_doubling=0.02,
    splitting=0.05,
    gap=0.01,
    delay=(0.0, 0.2),
)


def traced(seed: int) -> tuple[list[tuple[float, Way, bytes]], tuple[int, ...]]:
    line, trace = hdlc_line(seed, BAD), list[tuple[float, Way, bytes]]()
    line.tap = lambda now, way, octets: trace.append((now, way, octets))
    read_all(line, requests(30))
    return trace, (line.to_meter.damaged, line.to_meter.lost, line.to_client.doubled, line.undetected)


def test_the_same_seed_brings_the_same_trace_and_another_one_another() -> None:
    first = traced(7)
    assert first == traced(7)
    assert first != traced(8)
    assert min(first[1][:3]) > 0, "the faults have happened"


@pytest.mark.parametrize(
    "faults",
    [
        Faults(octet_damage=0.01),
        Faults(octet_loss=0.005),
        Faults(octet_doubling=0.005),
        Faults(parity_flip=0.01),
        Faults(burst=0.1),
        Faults(frame_loss=0.3),
        Faults(frame_doubling=0.2),
        Faults(splitting=0.5, gap=0.02),
        Faults(delay=(0.0, 3.0)),
        Faults(delay=(0.0, 0.5), reorder=True),
        Faults(outage=(2.0, 5.0)),
        BAD,
    ],
    ids=lambda faults: ",".join(
        name for name in Faults.__slots__ if getattr(faults, name) != getattr(CLEAN, name)
    ),
)
@pytest.mark.parametrize("echo", [False, True], ids=["", "echo"])
def test_hdlc_brings_right_answers_over_any_bad_line(faults: Faults, echo: bool) -> None:
    line = hdlc_line(1, faults, echo=echo)
    wrong = read_all(line, requests(20))
    assert wrong <= line.undetected


class TestWire:
    def test_every_octet_may_be_damaged_and_none_is_by_chance_right(self) -> None:
        wire = Wire(_random(), Faults(octet_damage=1.0), OCTET_TIME)
        octets = b"".join(piece for _, piece in wire.carry(bytes(1000), 0.0))
        assert len(octets) == 1000
        assert 0 not in octets
        assert (wire.sent, wire.damaged) == (1, 1)

    def test_damage_comes_as_often_as_it_is_said_to(self) -> None:
        wire = Wire(_random(), Faults(octet_damage=0.01), OCTET_TIME)
        octets = b"".join(piece for _, piece in wire.carry(bytes(100_000), 0.0))
        assert 900 < sum(octet != 0 for octet in octets) < 1100

    def test_octets_are_lost_and_doubled_in_their_places(self) -> None:
        octets = bytes(range(256))
        lost = Wire(_random(), Faults(octet_loss=0.1), OCTET_TIME)
        left = b"".join(piece for _, piece in lost.carry(octets, 0.0))
        assert len(left) < 256
        assert sorted(set(left)) == list(left)
        doubled = Wire(_random(), Faults(octet_doubling=1.0), OCTET_TIME)
        assert b"".join(piece for _, piece in doubled.carry(octets, 0.0)) == bytes(n // 2 for n in range(512))

    def test_pieces_keep_their_order_and_their_octets(self) -> None:
        wire = Wire(_random(), Faults(splitting=0.3, gap=1.0, delay=(0.0, 2.0)), OCTET_TIME)
        pieces = [piece for n in range(20) for piece in wire.carry(bytes([n]) * 20, 0.0)]
        assert b"".join(octets for _, octets in pieces) == b"".join(bytes([n]) * 20 for n in range(20))
        times = [when for when, _ in pieces]
        assert times == sorted(times)
        assert len(pieces) > 60

    def test_a_frame_may_overtake_if_that_is_said(self) -> None:
        wire = Wire(_random(), Faults(delay=(0.0, 5.0), reorder=True), OCTET_TIME)
        times = [when for n in range(20) for when, _ in wire.carry(bytes([n]), 0.0)]
        assert times != sorted(times)

    def test_nothing_arrives_during_an_outage(self) -> None:
        wire = Wire(_random(), Faults(outage=(5.0, 2.0)), 0.0)
        assert [bool(list(wire.carry(b"x", now))) for now in (0.0, 4.9, 5.0, 6.9, 7.0)] == [
            False,
            False,
            True,
            True,
            False,
        ]
        assert (wire.sent, wire.lost) == (5, 3)

    def test_frames_written_together_fare_one_by_one(self) -> None:
        hdlc = encode_frame(b"\x03", b"\x21", 0x10, b"information")
        wrapper = frame(Kind.APDU, b"apdu")
        wire = Wire(_random(), CLEAN, OCTET_TIME)
        arrived = [octets for _, octets in wire.carry(hdlc + hdlc + wrapper + hdlc, 0.0)]
        assert arrived == [hdlc, hdlc, wrapper, hdlc]
        assert wire.sent == 4

    def test_a_good_frame_that_nobody_sent_is_undetected_damage(self) -> None:
        wire = Wire(_random(), CLEAN, OCTET_TIME)
        sent = encode_frame(b"\x03", b"\x21", 0x10, b"information")
        list(wire.carry(sent, 0.0))
        wire.arrive(sent)
        wire.arrive(sent[:8])
        wire.arrive(sent[8:])
        assert wire.undetected == 0
        damaged = bytearray(sent)
        damaged[10] ^= 1
        wire.arrive(bytes(damaged))
        assert wire.undetected == 0, "the check sequence tells"
        wire.arrive(encode_frame(b"\x03", b"\x21", 0x10, b"another one"))
        assert wire.undetected == 1


class _Restless(FakeEngine):
    """Asks to be woken at once, for ever."""

    def deadline(self) -> float | None:
        return 0.0

    def on_time(self, now: float) -> None:
        pass


def test_an_engine_that_never_rests_does_not_hang_the_line() -> None:
    line = SimulatedLine(client_engine(), _Restless(client=False), Meter(), faults=Faults(frame_loss=1.0))
    with pytest.raises(LocalProtocolError):
        line.open()


def _random() -> Random:
    return Random(1)
