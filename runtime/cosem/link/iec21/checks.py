"""The two checks of a readout: CRC-16/ARC behind ``!`` (P1 companion), and the block check character (IEC 62056-21)."""

from __future__ import annotations

from typing import Final

_POLYNOMIAL: Final = 0xA001
"""x^16 + x^15 + x^2 + 1, the low bit first."""


def _entry(octet: int) -> int:
    for _ in range(8):
        octet = octet >> 1 ^ (_POLYNOMIAL if octet & 1 else 0)
    return octet


_TABLE: Final = tuple(map(_entry, range(256)))


def crc16(octets: bytes) -> int:
    """The number that is written in four digits behind ``!``; ``octets`` are those from ``/`` to ``!``, both included.

    >>> f"{crc16(b'123456789'):04X}"
    'BB3D'
    """
    register = 0
    for octet in octets:
        register = register >> 8 ^ _TABLE[(register ^ octet) & 0xFF]
    return register


def block_check(octets: bytes) -> int:
    """The octet that follows ETX; ``octets`` are those behind STX, ETX included (IEC 62056-21 clause 6.3)."""
    check = 0
    for octet in octets:
        check ^= octet
    return check
