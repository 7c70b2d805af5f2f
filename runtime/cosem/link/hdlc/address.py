"""HDLC addresses (IEC 62056-46 6.4.2.3).

Seven bits an octet, the last octet has bit 0 set. A client address is one octet. A server address is one
octet (upper), two (upper, lower) or four (upper, lower on two octets each): the upper part names the logical
device, the lower one the physical device on a multi-drop line.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cosem.core.errors import DecodeError, InvalidValueError

NO_STATION: Final = 0
"""Upper address or client SAP that no station has."""

CLIENT_MANAGEMENT: Final = 0x01
PUBLIC_CLIENT: Final = 0x10
SERVER_MANAGEMENT: Final = 0x01

ALL_STATIONS: Final = 0x7F
"""Broadcast, as upper or lower address on one octet and as server SAP in events."""

ALL_STATIONS_WIDE: Final = 0x3FFF
"""Broadcast, as upper or lower address on two octets."""

_HIGHEST = {1: 0x7F, 2: 0x7F, 4: 0x3FFF}


@dataclass(frozen=True, slots=True)
class ServerAddress:
    """Address of a server: logical device (``upper``) and physical device (``lower``).

    ``size`` is the number of octets on the line: 1, 2 or 4; 0 takes the shortest that holds both parts.
    ``lower`` is None exactly for the one-octet form. Raises InvalidValueError for parts that do not fit.
    """

    upper: int
    lower: int | None = None
    size: int = 0

    def __post_init__(self) -> None:
        size = self.size
        if size == 0:
            size = 1 if self.lower is None else 2 if max(self.upper, self.lower) <= 0x7F else 4
            object.__setattr__(self, "size", size)
        if size not in _HIGHEST:
            raise InvalidValueError(f"a server address has 1, 2 or 4 octets, not {size}")
        if (size == 1) is not (self.lower is None):
            raise InvalidValueError(f"a server address of {size} octets and lower address {self.lower}")
        for part in (self.upper, self.lower or 0):
            if not 0 <= part <= _HIGHEST[size]:
                raise InvalidValueError(f"{part} does not fit a server address of {size} octets")

    def encode(self) -> bytes:
        """The octets on the line."""
        lower = self.lower or 0
        if self.size == 1:
            return bytes((self.upper << 1 | 1,))
        if self.size == 2:
            return bytes((self.upper << 1, lower << 1 | 1))
        return bytes(
            (self.upper >> 6 & 0xFE, self.upper << 1 & 0xFE, lower >> 6 & 0xFE, lower << 1 & 0xFE | 1)
        )

    @classmethod
    def decode(cls, octets: bytes) -> ServerAddress:
        """The address in all of ``octets``; DecodeError if they are not 1, 2 or 4 well-formed octets."""
        size = address_size(octets, 0, len(octets))
        if not size or size != len(octets):
            raise DecodeError(f"{octets.hex()} is not a server address")
        if size == 1:
            return cls(octets[0] >> 1, None, 1)
        if size == 2:
            return cls(octets[0] >> 1, octets[1] >> 1, 2)
        return cls(octets[0] << 6 | octets[1] >> 1, octets[2] << 6 | octets[3] >> 1, 4)

    @property
    def sap(self) -> int:
        """The upper address as server SAP; every broadcast form is :data:`ALL_STATIONS`."""
        return ALL_STATIONS if self.is_broadcast_upper else self.upper

    @property
    def is_broadcast_upper(self) -> bool:
        """All logical devices are meant."""
        return self.upper == (ALL_STATIONS_WIDE if self.size == 4 else ALL_STATIONS)

    @property
    def is_broadcast_lower(self) -> bool:
        """All physical devices on the line are meant."""
        return self.lower == (ALL_STATIONS_WIDE if self.size == 4 else ALL_STATIONS)


def encode_client(sap: int) -> bytes:
    """The octet of a client address; InvalidValueError outside 0..127."""
    if not 0 <= sap <= 0x7F:
        raise InvalidValueError(f"{sap} is not a client SAP: HDLC has one octet for it, 0..127")
    return bytes((sap << 1 | 1,))


def decode_client(octets: bytes) -> int:
    """The client SAP in ``octets``; DecodeError if it is not one well-formed octet."""
    if len(octets) != 1 or not octets[0] & 1:
        raise DecodeError(f"{octets.hex()} is not a client address")
    return octets[0] >> 1


def address_size(octets: bytes, start: int, stop: int) -> int:
    """How many octets the address at ``start`` has: 1, 2 or 4, or 0 if it does not end before ``stop``."""
    for size in (1, 2, 3, 4):
        if start + size > stop:
            return 0
        if octets[start + size - 1] & 1:
            return 0 if size == 3 else size
    return 0
