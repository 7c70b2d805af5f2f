"""HDLC: check sequences, frames and streams, against dlms-cosem and Gurux."""

from __future__ import annotations

import logging
import random
from collections.abc import Iterable

import structlog
from dlms_cosem.crc import CRCCCITT
from dlms_cosem.hdlc.address import HdlcAddress
from dlms_cosem.hdlc.connection import HdlcConnection
from dlms_cosem.hdlc.frames import InformationFrame
from dlms_cosem.hdlc.state import AWAITING_RESPONSE, NEED_DATA
from gurux_dlms import GXByteBuffer, GXDLMSClient, GXReplyData
from gurux_dlms._GXFCS16 import _GXFCS16
from gurux_dlms.enums import Authentication, InterfaceType
from gurux_dlms.GXDLMS import GXDLMS
from tests.benchmarks.harness import Result, compare

from cosem.link.fcs import check_sequence
from cosem.link.hdlc.frame import Frame, encode_frame
from cosem.link.hdlc.parser import FrameParser

CLIENT, SERVER = b"\x21", b"\x03"
PEER_CLIENT, PEER_SERVER = HdlcAddress(16), HdlcAddress(1, None, "server")


def gurux() -> GXDLMSClient:
    """A Gurux client for the same addresses."""
    client = GXDLMSClient(True, 16, 1, Authentication.NONE, None, InterfaceType.HDLC)
    client.hdlcSettings.maxInfoTX = client.hdlcSettings.maxInfoRX = 2030
    return client


def stream(count: int, size: int) -> list[bytes]:
    """I frames of a server in random pieces, without 0x7E in the information: the peer loses frames over it."""
    draw = random.Random(count * size)
    octets = b"".join(
        encode_frame(CLIENT, SERVER, number % 8 << 1 | 0x10, draw.randbytes(size).replace(b"~", b"-"))
        for number in range(count)
    )
    pieces: list[bytes] = []
    begin = 0
    while begin < len(octets):
        end = begin + draw.randrange(1, 2 * size)
        pieces.append(octets[begin:end])
        begin = end
    return pieces


def parse(pieces: Iterable[bytes]) -> int:
    """How many good frames our parser finds."""
    parser = FrameParser()
    return sum(isinstance(item, Frame) for piece in pieces for item in parser.feed(piece))


def parse_with_peer(pieces: Iterable[bytes]) -> int:
    """How many frames dlms-cosem finds, told before each that it awaits one."""
    connection = HdlcConnection(PEER_CLIENT, PEER_SERVER)
    found = 0
    for piece in pieces:
        connection.receive_data(piece)
        while True:
            connection.state.current_state = AWAITING_RESPONSE
            if connection.next_event() is NEED_DATA:
                break
            found += 1
    return found


def check_sequences() -> list[Result]:
    """CRC-16/X-25 of whole buffers."""
    results: list[Result] = []
    peer = CRCCCITT()
    for size in (128, 1024, 2030):
        octets = random.Random(size).randbytes(size)
        buffer = bytearray(octets)

        def ours(octets: bytes = octets) -> object:
            return check_sequence(octets)

        def cosem_peer(octets: bytes = octets) -> object:
            return peer.calculate_for(octets)

        def gurux_peer(buffer: bytearray = buffer) -> object:
            return _GXFCS16.countFCS16(buffer, 0, len(buffer))

        results.append(compare(f"CRC of {size} octets, dlms-cosem", ours, cosem_peer, 25, rounds=3))
        results.append(compare(f"CRC of {size} octets, Gurux", ours, gurux_peer, 25, rounds=3))
    return results


def frames() -> list[Result]:
    """One I frame there and back."""
    results: list[Result] = []
    for size, goal in ((128, 8), (2030, 20)):
        information = b"\xe6\xe7\x00" + random.Random(size).randbytes(size - 3)
        encoded = encode_frame(CLIENT, SERVER, 0x30, information)
        client = gurux()

        def ours(information: bytes = information) -> object:
            return FrameParser().feed(encode_frame(CLIENT, SERVER, 0x10, information))

        def cosem_peer(information: bytes = information) -> object:
            return InformationFrame.from_bytes(
                InformationFrame(PEER_CLIENT, PEER_SERVER, information).to_bytes()
            )

        def gurux_peer(
            information: bytes = information, encoded: bytes = encoded, client: GXDLMSClient = client
        ) -> object:
            client.settings.resetFrameSequence()
            GXDLMS.getHdlcFrame(client.settings, 0x10, GXByteBuffer(information))
            client.settings.resetFrameSequence()
            return GXDLMS.getHdlcData(False, client.settings, GXByteBuffer(encoded), GXReplyData(), None)

        results.append(
            compare(f"frame of {size} there and back, dlms-cosem", ours, cosem_peer, goal, rounds=5)
        )
        results.append(compare(f"frame of {size} there and back, Gurux", ours, gurux_peer, goal, rounds=5))
    return results


def streams() -> list[Result]:
    """Many frames in random pieces, and how the time grows."""
    results: list[Result] = []
    for count, size in ((1000, 128), (200, 2030)):
        pieces = stream(count, size)
        if not parse(pieces) == parse_with_peer(pieces) == count:
            raise AssertionError("both parsers must find every frame")

        def all_ours(pieces: list[bytes] = pieces) -> object:
            return parse(pieces)

        def all_theirs(pieces: list[bytes] = pieces) -> object:
            return parse_with_peer(pieces)

        results.append(
            compare(f"stream of {count} frames of {size}, dlms-cosem", all_ours, all_theirs, 10, rounds=3)
        )
    once, twice = stream(5000, 128), stream(10000, 128)
    octets = [bytes((octet,)) for octet in b"".join(stream(200, 2030))]
    bad = b"~\xa7\xff\x03\x21" * 20_000
    noise = random.Random(1).randbytes(100_000)
    for name, half, whole in (
        ("random pieces", once, twice),
        ("octet by octet", octets, octets * 2),
        ("headers without end", [bad], [bad * 2]),
        ("noise", [noise], [noise * 2]),
    ):

        def ours(whole: list[bytes] = whole) -> object:
            return parse(whole)

        def halves(half: list[bytes] = half) -> object:
            return parse(half), parse(half)

        # Twice the octets in at most 2.3 times the time: the halves one by one are the peer of the whole.
        results.append(compare(f"2 N against twice N, {name}", ours, halves, 2 / 2.3))
    return results


def run() -> list[Result]:
    """The ratios of this module."""
    # The peer writes a line for every frame unless told otherwise; that is not its work.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return check_sequences() + frames() + streams()
