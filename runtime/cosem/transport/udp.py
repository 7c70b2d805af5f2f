"""UDP: one datagram is one whole wrapper PDU (IEC 62056-47), or nothing."""

from __future__ import annotations

from typing import Final

from cosem.core.errors import DecodeError
from cosem.link.wrapper import decode_datagram

MAX_DATAGRAM: Final = 65_535
"""Octets to make room for when a datagram is read."""


def is_whole_wpdu(datagram: bytes) -> bool:
    """Whether a datagram is one wrapper PDU.

    Anything else is dropped before an engine sees it: one that reads a stream would wait for the rest of it, and
    take the start of the next datagram for that.
    """
    try:
        decode_datagram(datagram)
    except DecodeError:
        return False
    return True
