"""Octets to begin with: published APDUs and telegrams, every Data inside them, and conversations of our engines."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from functools import cache
from pathlib import Path

import yaml

from cosem.apdu import CosemPdu, decode_pdu
from cosem.core.data import Data
from cosem.core.errors import CosemError
from cosem.link.events import ApduReceived, LinkEngine
from cosem.link.hdlc import HdlcClient, HdlcServer
from cosem.link.wrapper import WrapperClient, WrapperServer

VECTORS = Path(__file__).parents[1] / "vectors"

_MORE_DATA = (
    "00",
    "0f80",
    "04 0c abc0",
    "0c 03 e282ac",
    "17 3f800000",
    "18 3ff0000000000000",
    "19 07e80101010c000000ffc400",
    "1a 07e8010101",
    "1b 0c000000",
    "01 02 02 02 11 01 12 0002 02 02 11 03 12 0004",
    "01 03 02 02 090c 07e80101010c000000ffc400 06 00000001 02 02 00 06 00000002 02 02 00 00",
    "13 02 02 11 12 06 010002 030004",
    "13 02 03 09 01 0003 11 0c 0161 010203 0162 040506",
    "02 02 0f fd 16 1e",
    "01 01 02 04 12 0008 09 06 0000010000ff 0f 02 12 0000",
    "01 01 02 04 12 0003 11 00 09 06 0100010800ff 02 02"
    "01 02 02 03 0f 01 16 01 00 02 03 0f 02 16 03 00 01 01 02 02 0f 01 16 01",
)


@cache
def apdus() -> tuple[bytes, ...]:
    """The published APDUs."""
    vectors = yaml.safe_load((VECTORS / "apdus.yaml").read_text("utf-8"))
    return tuple(bytes.fromhex(vector["octets"]) for vector in vectors)


@cache
def telegrams() -> tuple[bytes, ...]:
    """The captured telegrams, frames and all."""
    found = [
        yaml.safe_load(path.read_text("utf-8")) for path in sorted((VECTORS / "telegrams").glob("*.yaml"))
    ]
    return tuple(bytes.fromhex(each["octets"]) for each in found if isinstance(each.get("octets"), str))


@cache
def data() -> tuple[bytes, ...]:
    """Every Data inside the published APDUs, and some of kinds that they lack."""
    found = dict.fromkeys(map(bytes.fromhex, _MORE_DATA))
    for octets in apdus():
        try:
            _collect(decode_pdu(octets), found)
        except CosemError:
            continue
    return tuple(found)


def _collect(value: object, found: dict[bytes, None]) -> None:
    if isinstance(value, Data):
        found[value.octets] = None
    elif isinstance(value, list):
        for item in value:
            _collect(item, found)
    elif is_dataclass(value):
        for each in fields(value):
            _collect(getattr(value, each.name), found)


@cache
def requests() -> tuple[bytes, ...]:
    """APDUs that a client sends."""
    return tuple(octets for octets in apdus() if octets[0] in (0x60, 0x62, 0xC0, 0xC1, 0xC3, 0xC8, 0xD9))


@cache
def responses() -> tuple[bytes, ...]:
    """APDUs that a meter sends."""
    more = ("c503c10000000002", "c502c100000001", "c702c10000000001020102", "c704c100000001", "c403c1010011")
    sent = (0x61, 0x63, 0xC4, 0xC5, 0xC7, 0xD8, 0x0E, 0x0F, 0xC2, 0xDA)
    return (*map(bytes.fromhex, more), *(octets for octets in apdus() if octets[0] in sent))


@cache
def hdlc() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """What a client and a server say over HDLC: each transmission, and all of them in a row."""
    return _conversation(HdlcClient(16, 1), HdlcServer({1}))


@cache
def wrapper() -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    """The same over the wrapper."""
    return _conversation(WrapperClient(16, 1), WrapperServer({1}))


def _conversation(client: LinkEngine, server: LinkEngine) -> tuple[tuple[bytes, ...], tuple[bytes, ...]]:
    said: tuple[list[bytes], list[bytes]] = ([], [])
    client.open(0.0)
    server.open(0.0)
    pairs: list[CosemPdu | bytes] = [octets for octets in apdus() if octets[0] in (0x60, 0xC0)]
    for request in (*pairs[:6], None):
        if request is None:
            client.close(0.0)
        elif isinstance(request, bytes):
            _settle(client, server, said)
            client.send(request, 0.0)
        _settle(client, server, said)
    return (*said[0], b"".join(said[0])), (*said[1], b"".join(said[1]))


def _settle(client: LinkEngine, server: LinkEngine, said: tuple[list[bytes], list[bytes]]) -> None:
    while (up := client.take_output()) or (down := server.take_output()):
        if up:
            said[0].append(up)
            server.receive(up, 0.0)
            while (event := server.next_event()) is not None:
                if isinstance(event, ApduReceived):
                    server.send(event.apdu, 0.0, client_sap=event.client_sap, server_sap=event.server_sap)
        else:
            said[1].append(down)
            client.receive(down, 0.0)
            while client.next_event() is not None:
                pass
