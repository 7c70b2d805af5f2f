"""HDLC frames of format type 3 (IEC 62056-46 6.4.2).

::

    7E | A S LLL LLLLLLLL | destination | source | control | HCS | information | FCS | 7E

S is the segmentation bit. The length counts every octet between the flags. A frame without information has
one check sequence only, in the place of the HCS.
"""

from __future__ import annotations

from binascii import crc_hqx
from dataclasses import dataclass
from typing import Final

from cosem.core.errors import EncodeError
from cosem.link.fcs import GOOD, REVERSED_BITS, START
from cosem.link.hdlc.control import KINDS, POLL_FINAL, FrameKind

FLAG: Final = 0x7E
FORMAT_TYPE: Final = 0xA0
SEGMENTED: Final = 0x08
LONGEST: Final = 0x7FF
"""Octets between the flags that the length field can say."""

SHORTEST: Final = 7
LONGEST_HEADER: Final = 13
"""Format, two addresses of four octets, control and HCS."""

MAX_INFORMATION: Final = 2030
"""Highest value of the parameter maximum information field length."""


@dataclass(slots=True)
class Frame:
    """One frame. ``destination`` and ``source`` are address octets as they stand on the line."""

    destination: bytes
    source: bytes
    control: int
    information: bytes = b""
    segmented: bool = False

    def encode(self) -> bytes:
        """The frame between its flags; EncodeError if it is longer than the length field can say."""
        return encode_frame(self.destination, self.source, self.control, self.information, self.segmented)

    @property
    def kind(self) -> FrameKind:
        """I, RR, SNRM …"""
        return KINDS[self.control]

    @property
    def poll_final(self) -> bool:
        """The P/F bit."""
        return bool(self.control & POLL_FINAL)

    @property
    def send(self) -> int:
        """N(S), for an I frame."""
        return self.control >> 1 & 7

    @property
    def receive(self) -> int:
        """N(R), for an I, RR or RNR frame."""
        return self.control >> 5


def encode_frame(
    destination: bytes, source: bytes, control: int, information: bytes = b"", segmented: bool = False
) -> bytes:
    """The octets of one frame, flags included; EncodeError if it is longer than the length field can say."""
    length = len(destination) + len(source) + 5
    if information:
        length += len(information) + 2
    if length > LONGEST:
        raise EncodeError(f"a frame of {length} octets is longer than {LONGEST}")
    format_octet = FORMAT_TYPE | SEGMENTED | length >> 8 if segmented else FORMAT_TYPE | length >> 8
    header = b"%c%c%b%b%c" % (format_octet, length & 0xFF, destination, source, control)
    hcs = (
        (crc_hqx(header.translate(REVERSED_BITS), START) ^ 0xFFFF).to_bytes(2, "big").translate(REVERSED_BITS)
    )
    if not information:
        return b"~%b%b~" % (header, hcs)
    # The header with its HCS leaves GOOD in the register, so the FCS starts there.
    fcs = (
        (crc_hqx(information.translate(REVERSED_BITS), GOOD) ^ 0xFFFF)
        .to_bytes(2, "big")
        .translate(REVERSED_BITS)
    )
    return b"~%b%b%b%b~" % (header, hcs, information, fcs)
