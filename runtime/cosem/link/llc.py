"""The LLC header in front of an APDU on an HDLC line (IEC 62056-46 6.3).

Destination LSAP, source LSAP, and a quality octet that is always 0. The first information field of an APDU
carries it, the following segments do not.
"""

from __future__ import annotations

from typing import Final

COMMAND: Final = b"\xe6\xe6\x00"
"""Client to server."""

RESPONSE: Final = b"\xe6\xe7\x00"
"""Server to client."""

SIZE: Final = 3


def strip(lpdu: bytes, header: bytes) -> bytes | None:
    """The APDU behind ``header``, or None if ``lpdu`` does not begin with it."""
    return lpdu[SIZE:] if lpdu.startswith(header) else None


def strip_any(lpdu: bytes) -> bytes:
    """The APDU behind either header; all of it if there is none, as some meters leave it out in a push."""
    return lpdu[SIZE:] if lpdu.startswith((COMMAND, RESPONSE)) else lpdu
