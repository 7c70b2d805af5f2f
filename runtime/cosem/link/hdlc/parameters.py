"""Link parameters and how SNRM and UA agree on them (IEC 62056-46 6.4.4.4.3.2).

The information field of SNRM and UA is ``81 80 length`` and a list of (id, length, value). "Transmit" and
"receive" are meant as seen by the station that sends the group. What is absent has its default.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cosem.core.errors import DecodeError, InvalidValueError
from cosem.link.hdlc.frame import MAX_INFORMATION

DEFAULT_INFORMATION: Final = 128
DEFAULT_WINDOW: Final = 1
MAX_WINDOW: Final = 7

_FORMAT: Final = 0x81
_GROUP: Final = 0x80
_INFORMATION_TRANSMIT: Final = 0x05
_INFORMATION_RECEIVE: Final = 0x06
_WINDOW_TRANSMIT: Final = 0x07
_WINDOW_RECEIVE: Final = 0x08


@dataclass(frozen=True, slots=True)
class HdlcParameters:
    """What one station may send and is ready to receive: octets of an information field, frames of a window.

    InvalidValueError outside 1..2030 octets and 1..7 frames.
    """

    max_information_transmit: int = DEFAULT_INFORMATION
    max_information_receive: int = DEFAULT_INFORMATION
    window_transmit: int = DEFAULT_WINDOW
    window_receive: int = DEFAULT_WINDOW

    def __post_init__(self) -> None:
        for octets in (self.max_information_transmit, self.max_information_receive):
            if not 1 <= octets <= MAX_INFORMATION:
                raise InvalidValueError(
                    f"an information field of {octets} octets is outside 1..{MAX_INFORMATION}"
                )
        for frames in (self.window_transmit, self.window_receive):
            if not 1 <= frames <= MAX_WINDOW:
                raise InvalidValueError(f"a window of {frames} frames is outside 1..{MAX_WINDOW}")

    def encode(self) -> bytes:
        """The whole group, for the information field of SNRM or UA."""
        values = b"".join(
            (
                _information_length(_INFORMATION_TRANSMIT, self.max_information_transmit),
                _information_length(_INFORMATION_RECEIVE, self.max_information_receive),
                bytes((_WINDOW_TRANSMIT, 4, 0, 0, 0, self.window_transmit)),
                bytes((_WINDOW_RECEIVE, 4, 0, 0, 0, self.window_receive)),
            )
        )
        return bytes((_FORMAT, _GROUP, len(values))) + values

    @classmethod
    def decode(cls, octets: bytes) -> HdlcParameters:
        """The parameters in an information field; an empty one means the defaults, unknown ids are passed
        over.

        Values above the highest allowed count as the highest. DecodeError for anything malformed, and for 0.
        """
        if not octets:
            return cls()
        if len(octets) < 3 or octets[0] != _FORMAT or octets[1] != _GROUP or octets[2] != len(octets) - 3:
            raise DecodeError("the link parameter group is malformed", path="parameters")
        values: dict[int, int] = {}
        at = 3
        while at < len(octets):
            begin = at + 2
            if begin > len(octets) or begin + octets[at + 1] > len(octets):
                raise DecodeError("a link parameter ends too early", offset=at, path="parameters")
            end = begin + octets[at + 1]
            identifier = octets[at]
            if _INFORMATION_TRANSMIT <= identifier <= _WINDOW_RECEIVE:
                if identifier in values:
                    raise DecodeError(
                        f"link parameter {identifier} is there twice", offset=at, path="parameters"
                    )
                if not 1 <= end - begin <= 4:
                    raise DecodeError("a link parameter has 1 to 4 octets", offset=at, path="parameters")
                values[identifier] = int.from_bytes(octets[begin:end], "big")
                if values[identifier] == 0:
                    raise DecodeError(f"link parameter {identifier} is 0", offset=at, path="parameters")
            at = end
        return cls(
            min(values.get(_INFORMATION_TRANSMIT, DEFAULT_INFORMATION), MAX_INFORMATION),
            min(values.get(_INFORMATION_RECEIVE, DEFAULT_INFORMATION), MAX_INFORMATION),
            min(values.get(_WINDOW_TRANSMIT, DEFAULT_WINDOW), MAX_WINDOW),
            min(values.get(_WINDOW_RECEIVE, DEFAULT_WINDOW), MAX_WINDOW),
        )

    def agreed_with(self, peer: HdlcParameters) -> HdlcParameters:
        """What this station uses after the peer said ``peer``: what one sends the other must be ready for."""
        return HdlcParameters(
            min(self.max_information_transmit, peer.max_information_receive),
            min(self.max_information_receive, peer.max_information_transmit),
            min(self.window_transmit, peer.window_receive),
            min(self.window_receive, peer.window_transmit),
        )


def _information_length(identifier: int, octets: int) -> bytes:
    if octets <= 0xFF:
        return bytes((identifier, 1, octets))
    return bytes((identifier, 2, octets >> 8, octets & 0xFF))
