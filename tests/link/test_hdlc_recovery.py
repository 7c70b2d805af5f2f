"""Sessions over a bad line, both ends ours: every answer is right, and nearly every session ends well."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
from tests.link.line import Faults, Line

from cosem.core.errors import Timeout
from cosem.link.events import ApduReceived, LinkDown, LinkUp
from cosem.link.hdlc.address import ServerAddress
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.control import FrameKind
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.parser import FrameParser
from cosem.link.hdlc.server import HdlcServer

NARROW = HdlcOptions()
WIDE = HdlcOptions(parameters=HdlcParameters(128, 128, 7, 7))
SMALL = HdlcOptions(parameters=HdlcParameters(64, 64, 3, 3))
ADDRESS = ServerAddress(1, 17)


def answer(request: ApduReceived) -> bytes:
    """As long as the third octet of the request says; the content follows from the request."""
    return b"\xc4" + request.apdu[:2] + random.Random(request.apdu).randbytes(request.apdu[2])


def line(options: HdlcOptions, faults: Faults, think: float = 0.0) -> Line:
    server = HdlcServer({1}, physical=17, options=options)
    return Line(HdlcClient(16, ADDRESS, options), server, answer, faults, think)


def session(options: HdlcOptions, faults: Faults, reads: int = 10, think: float = 0.0) -> bool:
    """Set up, read, release; whether it all went through. A wrong answer is a failed test."""
    joined = line(options, faults, think)
    if not joined.up():
        return False
    for number in range(reads):
        request = bytes((0xC0, number, faults.random.randrange(256))) + bytes(faults.random.randrange(130))
        got = joined.ask(request)
        if got is None:
            return False
        assert got == answer(ApduReceived(request, 16, 1))
    down = joined.down()
    return down is not None and down.error is None


FAULTS: dict[str, Callable[[int], Faults]] = {
    "clean": lambda seed: Faults(random=random.Random(seed)),
    "one octet in a hundred damaged": lambda seed: Faults(damage=0.01, random=random.Random(seed)),
    "one octet in a hundred lost": lambda seed: Faults(drop_octet=0.01, random=random.Random(seed)),
    "every fifth transmission lost": lambda seed: Faults(lose=0.2, random=random.Random(seed)),
    "every third transmission doubled": lambda seed: Faults(double=0.3, random=random.Random(seed)),
    "up to three seconds late": lambda seed: Faults(delay=3.0, random=random.Random(seed)),
    "cut in pieces": lambda seed: Faults(pieces=True, random=random.Random(seed)),
    "all of it": lambda seed: Faults(0.004, 0.001, 0.05, 0.1, 1.0, True, random.Random(seed)),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("options", [NARROW, WIDE, SMALL], ids=["128 octets", "window of 7", "64 octets, 3"])
def test_sessions_recover_from(fault: str, options: HdlcOptions) -> None:
    ended_well = [session(options, FAULTS[fault](seed)) for seed in range(12)]
    assert all(ended_well)


def test_99_of_100_sessions_survive_one_damaged_octet_in_a_hundred() -> None:
    ended_well = [
        session(NARROW, Faults(damage=0.01, random=random.Random(seed)), 8) for seed in range(100, 200)
    ]
    assert ended_well.count(True) >= 99


@pytest.mark.parametrize("think", [0.5, 3.0, 20.0])
def test_a_slow_application_is_waited_for(think: float) -> None:
    assert session(NARROW, Faults(), 5, think)
    assert session(WIDE, Faults(lose=0.1), 5, think)


class LoseOnce(Faults):
    """Loses or doubles the n-th transmission and no other."""

    def __init__(self, place: int, copies: int) -> None:
        super().__init__()
        self.place = place
        self.copies = copies
        self.seen = -1

    def on(self, octets: bytes) -> list[bytes]:
        self.seen += 1
        return [octets] * (self.copies if self.seen == self.place else 1)


@pytest.mark.parametrize("options", [NARROW, WIDE], ids=["window of 1", "window of 7"])
@pytest.mark.parametrize("copies", [0, 2], ids=["lost", "doubled"])
@pytest.mark.parametrize("place", range(24))
def test_any_one_transmission_may_be_lost_or_doubled(place: int, copies: int, options: HdlcOptions) -> None:
    """Of SNRM, UA, requests in segments, RR, answers in segments, DISC and its UA."""
    faults = LoseOnce(place, copies)
    assert session(options, faults, 4)


def test_a_dead_server_ends_in_a_timeout_within_bounded_time() -> None:
    joined = line(NARROW, Faults(lose=1.0))
    assert not joined.up()
    down = joined.client_events[-1]
    assert isinstance(down, LinkDown)
    assert isinstance(down.error, Timeout)
    assert joined.now <= NARROW.response_timeout * (NARROW.retries + 1) + 1


def test_noise_without_end_ends_in_bounded_time() -> None:
    joined = line(NARROW, Faults(damage=0.5))
    assert not joined.up()
    assert joined.now <= NARROW.response_timeout * (NARROW.retries + NARROW.resends + 2)


def test_frames_are_at_most_as_long_and_as_many_as_agreed() -> None:
    options = HdlcOptions(parameters=HdlcParameters(100, 50, 2, 3))
    server = HdlcServer({1}, physical=17, options=HdlcOptions(parameters=HdlcParameters(2030, 60, 7, 7)))
    client = HdlcClient(16, ADDRESS, options)
    sent: list[tuple[bool, bytes]] = []

    class Tap(Faults):
        def on(self, octets: bytes) -> list[bytes]:
            sent.append((octets[3] != 0x21, octets))
            return [octets]

    joined = Line(client, server, answer, Tap())
    assert joined.up()
    assert isinstance(joined.client_events[-1], LinkUp)
    request = bytes((0xC0, 0, 255)) + bytes(400)
    assert joined.ask(request) == answer(ApduReceived(request, 16, 1))
    for from_client, octets in sent:
        frames = [item for item in FrameParser().feed(octets) if isinstance(item, Frame)]
        numbered = [frame for frame in frames if frame.kind is FrameKind.INFORMATION]
        assert len(numbered) <= (2 if from_client else 3)
        assert all(len(frame.information) <= (60 if from_client else 50) for frame in numbered)
        assert [frame.poll_final for frame in frames] == [False] * (len(frames) - 1) + [True]
