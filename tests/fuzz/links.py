"""Link engines as targets: damaged lines, and well-checked frames around damaged contents."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from tests.fuzz import corpus
from tests.fuzz.battery import Target
from tests.link.readouts import CIPHERED, DSMR_5, optical

from cosem.link.events import LinkEngine
from cosem.link.hdlc import (
    Frame,
    FrameParser,
    FrameReject,
    HdlcClient,
    HdlcListener,
    HdlcParameters,
    HdlcServer,
    ServerAddress,
)
from cosem.link.iec21 import ReadoutParser
from cosem.link.wrapper import WrapperClient, WrapperParser, WrapperServer, decode_datagram

_FLAG = b"\x7e"
_CLIENT, _SERVER = b"\x21", b"\x03"
_SNRM, _UA = 0x93, 0x73


def link_targets() -> Iterator[Target]:
    """Every parser and engine of the data links."""
    to_server, to_client = corpus.hdlc()
    hdlc = (*to_server, *to_client, *corpus.telegrams())
    yield Target("FrameParser", hdlc, lambda octets: FrameParser().feed(octets), 4)
    yield Target("HdlcServer", to_server, lambda octets: _talk(_hdlc_server(), octets), 4)
    yield Target("HdlcClient", to_client, lambda octets: _talk(_hdlc_client(), octets), 4)
    yield Target("HdlcListener", hdlc, lambda octets: _talk(HdlcListener(), octets), 2)
    yield Target("HdlcServer, frames checked", to_server, _framed(_hdlc_server, _SERVER, _CLIENT, _SNRM), 4)
    yield Target("HdlcClient, frames checked", to_client, _framed(_hdlc_client, _CLIENT, _SERVER, _UA), 4)
    yield Target(
        "HdlcParameters", [bytes.fromhex("818012050180060180070400000001080400000001")], HdlcParameters.decode
    )
    yield Target("ServerAddress", [b"\x03", b"\x02\x23", b"\x00\x02\x00\x23"], ServerAddress.decode)
    yield Target("FrameReject", [b"\x97\x10\x01"], FrameReject.decode)
    to_server, to_client = corpus.wrapper()
    yield Target("WrapperParser", to_server, lambda octets: WrapperParser().feed(octets), 2)
    yield Target("decode_datagram", to_server, decode_datagram)
    yield Target("WrapperServer", to_server, lambda octets: _talk(WrapperServer({1}), octets), 2)
    yield Target("WrapperClient", to_client, lambda octets: _talk(WrapperClient(16, 1), octets), 2)
    readouts = (DSMR_5, optical("F.F(00)", "1.8.1*05(1*kWh)"), CIPHERED)
    yield Target("ReadoutParser", readouts, _readouts, 4)


def _readouts(octets: bytes) -> None:
    parser = ReadoutParser()
    parser.feed(octets)
    parser.finish()


def _hdlc_server() -> HdlcServer:
    server = HdlcServer({1})
    server.receive(_FLAG + Frame(_SERVER, _CLIENT, _SNRM).encode() + _FLAG, 0.0)
    return server


def _hdlc_client() -> HdlcClient:
    client = HdlcClient(16, 1)
    client.open(0.0)
    client.receive(_FLAG + Frame(_CLIENT, _SERVER, _UA).encode() + _FLAG, 0.0)
    client.send(bytes(300), 0.0)
    return client


def _talk(engine: LinkEngine, octets: bytes) -> None:
    """Octets in two cuts, then all that a driver does; deadlines pass ten times."""
    if isinstance(engine, WrapperClient | WrapperServer):
        engine.open(0.0)
    half = len(octets) // 2
    now = 0.0
    for part in (octets[:half], octets[half:]):
        engine.receive(part, now)
        _drain(engine)
    for _ in range(10):
        deadline = engine.deadline()
        if deadline is None:
            break
        assert deadline >= now
        now = deadline
        engine.on_time(now)
        _drain(engine)


def _drain(engine: LinkEngine) -> None:
    while engine.take_output():
        pass
    while engine.next_event() is not None:
        pass


def _framed(
    make: Callable[[], LinkEngine], destination: bytes, source: bytes, first: int
) -> Callable[[bytes], object]:
    """The octets cut into informations, each with a control octet of its own, in frames without fault."""

    def decode(octets: bytes) -> None:
        pieces = (octets[at : at + 40] for at in range(0, min(len(octets), 400), 40))
        frames = (
            Frame(destination, source, piece[0], piece[1:], segmented=bool(piece[0] & 0x40))
            for piece in pieces
        )
        line = _FLAG.join(chain((frame.encode() for frame in frames), (b"",)))
        _talk(make(), _FLAG + Frame(destination, source, first).encode() + _FLAG + line)

    return decode
