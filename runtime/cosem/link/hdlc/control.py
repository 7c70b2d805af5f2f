"""The control octet, and the information field of FRMR (IEC 62056-46 6.4.3, ISO/IEC 13239).

====== ================== =========================
frame  bits 8 … 1         sent by
====== ================== =========================
I      N(R) P/F N(S) 0    both
RR     N(R) P/F 0001      both
RNR    N(R) P/F 0101      both
SNRM   100 P 0011         client
DISC   010 P 0011         client
UA     011 F 0011         server
DM     000 F 1111         server
FRMR   100 F 0111         server
UI     000 P/F 0011       both
====== ================== =========================

REJ and SREJ are HDLC but not part of the profile.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from cosem.core.errors import DecodeError


class FrameKind(IntEnum):
    """What a control octet says."""

    INFORMATION = 0
    RR = 1
    RNR = 2
    REJ = 3
    SREJ = 4
    SNRM = 5
    DISC = 6
    UA = 7
    DM = 8
    FRMR = 9
    UI = 10
    UNDEFINED = 11


POLL_FINAL: Final = 0x10
"""P in a command, F in a response."""

RR: Final = 0x01
RNR: Final = 0x05
SNRM: Final = 0x83
DISC: Final = 0x43
UA: Final = 0x63
DM: Final = 0x0F
FRMR: Final = 0x87
UI: Final = 0x03

_SUPERVISORY = {0x01: FrameKind.RR, 0x05: FrameKind.RNR, 0x09: FrameKind.REJ, 0x0D: FrameKind.SREJ}
_UNNUMBERED = {
    SNRM: FrameKind.SNRM,
    DISC: FrameKind.DISC,
    UA: FrameKind.UA,
    DM: FrameKind.DM,
    FRMR: FrameKind.FRMR,
    UI: FrameKind.UI,
}


def _kind(control: int) -> FrameKind:
    if not control & 1:
        return FrameKind.INFORMATION
    if control & 3 == 1:
        return _SUPERVISORY[control & 0x0F]
    return _UNNUMBERED.get(control & ~POLL_FINAL, FrameKind.UNDEFINED)


KINDS: Final = tuple(_kind(control) for control in range(256))
"""The kind of frame for every control octet."""


def information(send: int, receive: int) -> int:
    """Control octet of an I frame with N(S) and N(R), P/F = 0."""
    return receive << 5 | send << 1


def supervisory(control: int, receive: int) -> int:
    """Control octet of an RR or RNR frame with N(R), P/F = 0."""
    return receive << 5 | control


@dataclass(frozen=True, slots=True)
class FrameReject:
    """The information field of FRMR: which control octet was refused, the receiver's state and why."""

    control: int
    send: int
    """V(S) of the station that refuses."""
    receive: int
    """V(R) of the station that refuses."""
    undefined: bool = False
    """W: the control field is undefined or not part of the profile."""
    unexpected_information: bool = False
    """X: the frame may not have an information field (W is set as well)."""
    too_long: bool = False
    """Y: the information field is longer than agreed."""
    wrong_receive_number: bool = False
    """Z: N(R) was never sent."""

    def encode(self) -> bytes:
        """The three octets."""
        why = (
            self.undefined
            | self.unexpected_information << 1
            | self.too_long << 2
            | self.wrong_receive_number << 3
        )
        return bytes((self.control, self.receive << 5 | self.send << 1, why))

    @classmethod
    def decode(cls, octets: bytes) -> FrameReject:
        """The field in all of ``octets``; DecodeError if they are not three."""
        if len(octets) != 3:
            raise DecodeError(f"FRMR with {len(octets)} octets of information, not 3")
        control, state, why = octets
        return cls(
            control, state >> 1 & 7, state >> 5, bool(why & 1), bool(why & 2), bool(why & 4), bool(why & 8)
        )

    def __str__(self) -> str:
        reasons = (
            ("W: undefined control field", self.undefined),
            ("X: information field not permitted", self.unexpected_information),
            ("Y: information field too long", self.too_long),
            ("Z: N(R) was never sent", self.wrong_receive_number),
        )
        why = ", ".join(text for text, applies in reasons if applies) or "no reason given"
        return f"{KINDS[self.control].name} frame refused ({why})"
