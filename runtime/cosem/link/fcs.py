"""CRC-16/X-25, the check sequence of HDLC frames (ISO/IEC 13239, IEC 62056-46 6.4.2).

X-25 sends the low bit of an octet first, :func:`binascii.crc_hqx` reads the high bit first. On octets whose
bits were reversed both are the same polynomial, so two calls into C do the work of a loop over octets.

Octets followed by their own good check sequence leave a constant in the register. The header check sequence
of a good frame therefore sets the register to :data:`GOOD`, whatever the header was, and the frame check
sequence can be reckoned and checked from there without reading the header again.
"""

from __future__ import annotations

from binascii import crc_hqx

START = 0xFFFF
"""The register before the first octet."""

GOOD = 0x1D0F
"""The register after octets and their good check sequence."""

REVERSED_BITS = bytes(int(f"{octet:08b}"[::-1], 2) for octet in range(256))
"""Translation table: each octet with its bits in reverse order."""


def check_sequence(octets: bytes, start: int = START) -> bytes:
    """The two octets that follow ``octets`` on the line; ``start=GOOD`` continues after a good header."""
    register = crc_hqx(octets.translate(REVERSED_BITS), start) ^ 0xFFFF
    return register.to_bytes(2, "big").translate(REVERSED_BITS)


def is_good(octets: bytes, start: int = START) -> bool:
    """Whether the last two of ``octets`` are the check sequence of the ones before."""
    return crc_hqx(octets.translate(REVERSED_BITS), start) == GOOD
