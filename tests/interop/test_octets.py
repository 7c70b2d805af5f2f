"""Peers decode the octets of our messages and write the same octets again, and we decode theirs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pytest
from dlms_cosem.connection import XDlmsApduFactory
from pydlms.apdu import acse, gbt, xdlms
from tests.interop.messages import MESSAGES
from tests.interop.visit import PeerFailed, contained

from cosem.apdu import decode_pdu

pytestmark = pytest.mark.interop

_NOT_IMPLEMENTED = "NotImplementedError"
_UNKNOWN_TAG = "not available in DLMS APDU Factory"

UNABLE: Final[dict[tuple[str, str], str]] = {
    ("dlms-cosem", "get-request-normal by entry"): _NOT_IMPLEMENTED,
    ("dlms-cosem", "get-response-normal"): "TypeError",
    **{
        ("dlms-cosem", f"set-{name}"): _NOT_IMPLEMENTED
        for name in (
            "request-with-first-datablock",
            "request-with-datablock",
            "request-with-list",
            "request-with-list-and-first-datablock",
            "response-datablock",
            "response-last-datablock",
            "response-last-datablock-with-list",
            "response-with-list",
        )
    },
    **{
        ("dlms-cosem", f"action-{name}"): _NOT_IMPLEMENTED
        for name in (
            "request-next-pblock",
            "request-with-list",
            "request-with-first-pblock",
            "request-with-pblock",
            "request-with-list-and-first-pblock",
            "response-with-pblock",
            "response-next-pblock",
            "response-with-list",
        )
    },
    **{
        ("dlms-cosem", name): _UNKNOWN_TAG
        for name in (
            "access-request",
            "access-response",
            "event-notification-request",
            "event-notification-request without a time",
            "general-block-transfer",
        )
    },
    ("pydlms-client", "general-glo-ciphering"): "no xDLMS decoder",
}
"""Messages that a peer cannot decode and write again, and what its error says."""

LOSSY: Final = {
    ("dlms-cosem", "get-request-normal by range"): "day of week and status of the times are lost",
    ("dlms-cosem", "data-notification"): "the same, and the length of date-time is written as 1",
}
"""Messages that a peer understands but does not write again as they came."""


def _by_dlms_cosem(octets: bytes) -> bytes:
    return bytes(XDlmsApduFactory.apdu_from_bytes(octets).to_bytes())


def _by_pydlms(octets: bytes) -> bytes:
    if 0x60 <= octets[0] <= 0x63:
        return bytes(acse.decode_acse(octets).to_bytes())
    if octets[0] == 0xE0:
        return gbt.encode_gbt(gbt.decode_gbt(octets))
    return bytes(xdlms.decode_apdu(octets).to_bytes())


PEERS: Final[dict[str, Callable[[bytes], bytes]]] = {
    "dlms-cosem": _by_dlms_cosem,
    "pydlms-client": _by_pydlms,
}


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("peer", PEERS)
def test_what_we_encode_a_peer_decodes_and_encodes_the_same(peer: str, name: str) -> None:
    message = MESSAGES[name]
    if (peer, name) in UNABLE:
        with pytest.raises(PeerFailed, match=UNABLE[peer, name]), contained():
            PEERS[peer](message.encode())
        return
    with contained():
        theirs = PEERS[peer](message.encode())
    if (peer, name) in LOSSY:
        assert theirs != message.encode()
    else:
        assert theirs == message.encode()
        assert decode_pdu(theirs) == message


def test_every_message_is_understood_by_a_peer() -> None:
    assert all(any((peer, name) not in UNABLE for peer in PEERS) for name in MESSAGES)
