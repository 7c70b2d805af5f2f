"""Any octets at any time: engines never raise, never hang, and hold a bounded amount."""

from __future__ import annotations

import random
import tracemalloc
from collections.abc import Callable

import pytest
from tests.link.frames import CLIENT_ADDRESS, SERVER_ADDRESS
from tests.link.line import drain

from cosem.core.limits import Limits
from cosem.link.events import ApduReceived, LinkEngine
from cosem.link.hdlc.client import HdlcClient
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.listener import HdlcListener
from cosem.link.hdlc.options import HdlcOptions
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.server import HdlcServer
from cosem.link.wrapper import WrapperClient, WrapperOptions, WrapperServer, encode_pdu

LIMITS = Limits(octets=5000)
OPTIONS = HdlcOptions(parameters=HdlcParameters(200, 200, 7, 7), inactivity_timeout=500)

ENGINES: dict[str, Callable[[], LinkEngine]] = {
    "hdlc client": lambda: HdlcClient(16, 1, OPTIONS, LIMITS),
    "hdlc server": lambda: HdlcServer({1}, options=OPTIONS, limits=LIMITS),
    "listener": lambda: HdlcListener(OPTIONS, LIMITS),
    "wrapper client": lambda: WrapperClient(16, 1),
    "wrapper server": lambda: WrapperServer({1}),
    "datagram server": lambda: WrapperServer({1}, options=WrapperOptions(datagram=True)),
}


def octets_of(draw: random.Random) -> bytes:
    """Frames and PDUs that make sense, that nearly do, and that do not."""
    what = draw.randrange(10)
    if what == 0:
        return draw.randbytes(draw.randrange(100))
    if what == 1:
        return encode_pdu(
            draw.choice([16, 1, 0]), draw.choice([16, 1, 0]), draw.randbytes(draw.randrange(40))
        )
    addresses = [CLIENT_ADDRESS, SERVER_ADDRESS]
    if what < 5:
        addresses.reverse()
    information = draw.choice(
        [b"", b"\xe6\xe6\x00\xc0", b"\xe6\xe7\x00\xc4", draw.randbytes(200), OPTIONS.parameters.encode()]
    )
    frame = bytearray(
        Frame(addresses[0], addresses[1], draw.randrange(256), information, draw.random() < 0.4).encode()
    )
    if draw.random() < 0.3:
        frame[draw.randrange(len(frame))] = draw.randrange(256)
    if draw.random() < 0.1:
        del frame[draw.randrange(len(frame)) :]
    return bytes(frame)


def drive(engine: LinkEngine, draw: random.Random, rounds: int) -> None:
    """What a driver may do, in any order; an engine must stand it."""
    now = 0.0
    for _ in range(rounds):
        engine.receive(octets_of(draw), now)
        engine.take_output()
        for event in drain(engine):
            if isinstance(event, ApduReceived) and event.confirmed:
                assert len(event.apdu) <= 65535
                if isinstance(engine, HdlcServer | WrapperServer):
                    engine.send(bytes(600), now, client_sap=event.client_sap, server_sap=event.server_sap)
        now += draw.choice([0.0, 0.01, 0.3, 2.0, 30.0])
        calls = 0
        while (deadline := engine.deadline()) is not None and deadline <= now:
            engine.on_time(now)
            calls += 1
            assert calls < 100
        engine.take_output()
        drain(engine)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("name", ENGINES)
def test_any_octets_are_stood(name: str, seed: int) -> None:
    draw = random.Random(seed)
    engine = ENGINES[name]()
    engine.open(0)
    drive(engine, draw, 400)


@pytest.mark.parametrize("seed", range(12))
def test_a_client_in_the_middle_of_a_transfer_stands_any_octets(seed: int) -> None:
    draw = random.Random(seed)
    client = HdlcClient(16, 1, OPTIONS, LIMITS)
    for _ in range(20):
        client.open(0)
        client.receive(Frame(CLIENT_ADDRESS, SERVER_ADDRESS, 0x73).encode(), 0)
        client.send(bytes(1000), 0)
        drive(client, draw, 15)
        while (deadline := client.deadline()) is not None:
            client.on_time(deadline)
        client.close(1e6)
        while (deadline := client.deadline()) is not None:
            client.on_time(deadline)
        drain(client)


@pytest.mark.parametrize(
    "name", ["hdlc client", "hdlc server", "listener", "wrapper client", "wrapper server"]
)
def test_what_is_held_does_not_grow_with_what_was_heard(name: str) -> None:
    draw = random.Random(1)
    engine = ENGINES[name]()
    engine.open(0)
    drive(engine, draw, 100)
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    drive(engine, draw, 1500)
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert after - before < 100_000


@pytest.mark.parametrize("segment", [1, 200])
def test_segments_without_end_are_cut_off_at_the_limit(segment: int) -> None:
    server = HdlcServer({1}, options=OPTIONS, limits=LIMITS)
    server.receive(Frame(SERVER_ADDRESS, CLIENT_ADDRESS, 0x93, OPTIONS.parameters.encode()).encode(), 0)
    server.take_output()
    number = 0
    answer = b""
    while answer[5:6] != b"\x97":
        control = (number & 7) << 1 | 0x10
        server.receive(Frame(SERVER_ADDRESS, CLIENT_ADDRESS, control, bytes(segment), True).encode(), 0)
        answer = server.take_output()
        number += 1
        assert number <= LIMITS.octets // segment + 1


IDLE: dict[str, Callable[[], object]] = {
    "hdlc client": lambda: HdlcClient(16, 1),
    "hdlc server": lambda: HdlcServer({1}),
    "wrapper client": lambda: WrapperClient(16, 1),
    "wrapper server": lambda: WrapperServer({1}),
}


@pytest.mark.parametrize("name", IDLE)
def test_an_idle_engine_takes_at_most_2_kib(name: str) -> None:
    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    engines = [IDLE[name]() for _ in range(500)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (after - before) / len(engines) <= 2048


def test_a_link_that_is_up_takes_at_most_2_kib_at_each_end() -> None:
    def pair() -> tuple[HdlcClient, HdlcServer]:
        client, server = HdlcClient(16, 1), HdlcServer({1})
        client.open(0)
        server.receive(client.take_output(), 0)
        client.receive(server.take_output(), 0)
        drain(client)
        drain(server)
        return client, server

    tracemalloc.start()
    before, _ = tracemalloc.get_traced_memory()
    pairs = [pair() for _ in range(500)]
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert (after - before) / len(pairs) <= 2 * 2048
