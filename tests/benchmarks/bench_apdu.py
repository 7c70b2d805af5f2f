"""Small APDUs: decode and encode, against dlms-cosem.

Both go down to Python values: the Data of a get-response, a set-request and an action-request is decoded too,
and so is the initiate-request inside an AARQ and the initiate-response inside an AARE. The peer cannot encode a
get-response (TypeError), so that one is only decoded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

from dlms_cosem.protocol import xdlms
from dlms_cosem.protocol.acse import ApplicationAssociationRequest, ApplicationAssociationResponse
from dlms_cosem.utils import parse_as_dlms_data
from tests.benchmarks.harness import Result, compare

from cosem.apdu import AARE, AARQ, decode_pdu

DECODE_GOAL = 8.0
ENCODE_GOAL = 6.0

GET_REQUEST = bytes.fromhex("c001c100030100010800ff0200")
GET_RESPONSE = bytes.fromhex("c401c1000600012345")
SET_REQUEST = bytes.fromhex("c101c100080000010000ff02000600012345")
ACTION_REQUEST = bytes.fromhex("c301c100460000600300ff01010f00")
AARQ_HLS = bytes.fromhex(
    "6042a109060760857405080101a60a040841424344454647488a0207808b0760857405080205"
    "ac0a80083132333435363738be10040e01000000065f1f040000181dffff"
)
AARE_HLS = bytes.fromhex(
    "6142a109060760857405080101a203020100a305a10302010e88020780890760857405080205"
    "aa0a8008503677524a21468ebe10040e0800065f1f0400005019ffff0007"
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One APDU, and how each side decodes it down to values."""

    name: str
    octets: bytes
    ours: Callable[[], object]
    theirs: Callable[[], object]
    peer: Callable[[bytes], Any]
    encoded_by_peer: bool = True


def samples() -> list[Sample]:
    """The APDUs that are measured."""
    # Any on both sides, so that neither spends time on telling a type checker what it got.
    decode: Callable[[bytes], Any] = decode_pdu
    get_request: Callable[[bytes], Any] = xdlms.GetRequestNormal.from_bytes
    get_response: Callable[[bytes], Any] = xdlms.GetResponseNormal.from_bytes
    set_request: Callable[[bytes], Any] = xdlms.SetRequestNormal.from_bytes
    action_request: Callable[[bytes], Any] = xdlms.ActionRequestNormal.from_bytes
    aarq: Callable[[bytes], Any] = ApplicationAssociationRequest.from_bytes
    aare: Callable[[bytes], Any] = ApplicationAssociationResponse.from_bytes
    value: Callable[[bytes], object] = parse_as_dlms_data
    return [
        Sample(
            "get-request",
            GET_REQUEST,
            lambda: decode(GET_REQUEST),
            lambda: get_request(GET_REQUEST),
            get_request,
        ),
        Sample(
            "get-response",
            GET_RESPONSE,
            lambda: decode(GET_RESPONSE).result.value,
            lambda: value(get_response(GET_RESPONSE).data),
            get_response,
            encoded_by_peer=False,
        ),
        Sample(
            "set-request",
            SET_REQUEST,
            lambda: decode(SET_REQUEST).value.value,
            lambda: value(set_request(SET_REQUEST).data),
            set_request,
        ),
        Sample(
            "action-request",
            ACTION_REQUEST,
            lambda: decode(ACTION_REQUEST).method_invocation_parameters.value,
            lambda: value(action_request(ACTION_REQUEST).data),
            action_request,
        ),
        Sample(
            "aarq",
            AARQ_HLS,
            lambda: decode(decode(AARQ_HLS).user_information),
            lambda: aarq(AARQ_HLS),
            aarq,
        ),
        Sample(
            "aare",
            AARE_HLS,
            lambda: decode(decode(AARE_HLS).user_information),
            lambda: aare(AARE_HLS),
            aare,
        ),
    ]


def encoder(octets: bytes) -> Callable[[], bytes]:
    """What writes the APDU again, and the one inside it."""
    pdu = decode_pdu(octets)
    if not isinstance(pdu, AARQ | AARE) or pdu.user_information is None:
        return pdu.encode
    outer, inner = pdu, decode_pdu(pdu.user_information)

    def encode() -> bytes:
        outer.user_information = inner.encode()
        return outer.encode()

    return encode


def run() -> list[Result]:
    """Each APDU, and the geometric means, which are what the goals are set for."""
    for each in samples():  # what the first call loads does not count
        each.ours()
        each.theirs()
    decoded = [compare(f"APDU decode {each.name}", each.ours, each.theirs) for each in samples()]
    encoded = [
        compare(f"APDU encode {each.name}", encoder(each.octets), each.peer(each.octets).to_bytes)
        for each in samples()
        if each.encoded_by_peer
    ]
    return [
        *decoded,
        _mean("APDU decode, geometric mean", decoded, DECODE_GOAL),
        *encoded,
        _mean("APDU encode, geometric mean", encoded, ENCODE_GOAL),
    ]


def _mean(name: str, results: list[Result], goal: float) -> Result:
    count = len(results)
    ours = prod(result.ours for result in results) ** (1 / count)
    peer = prod(result.peer for result in results) ** (1 / count)
    return Result(name, ours, peer, peer / ours, goal)
