"""Service-specific block transfer, both directions (Green Book 9.4.6.13): a long value in numbered blocks."""

from __future__ import annotations

from cosem.core.data import Data, skip
from cosem.core.errors import DecodeError
from cosem.core.limits import Limits

BLOCK_OVERHEAD = 14
"""Octets of an APDU that carries a block, beside the block: tags, invoke id, last, number, choice, length."""

FIRST_BLOCK_OVERHEAD = BLOCK_OVERHEAD + 10
"""The same for a first block that also names one attribute or method."""


RESULTS_OVERHEAD = 10
"""Octets of the response to a SET of a list, beside its results, for which there are no blocks."""

_EMPTY_BLOCK = 1024
"""Octets that a block without octets counts for, so that a transfer of nothing but those ends too."""


class Outgoing:
    """A long value on its way out, a block at a time. Blocks are numbered from 1."""

    __slots__ = ("number", "octets", "position", "size")

    def __init__(self, octets: bytes, size: int) -> None:
        self.octets = octets
        self.size = max(size, 1)
        self.position = 0
        self.number = 0

    def next_block(self) -> tuple[int, bool, bytes]:
        """``(block number, whether it is the last, its octets)``."""
        start = self.position
        self.position = end = min(start + self.size, len(self.octets))
        self.number += 1
        return self.number, end == len(self.octets), self.octets[start:end]


class Incoming:
    """A long value on its way in. ``expected`` is the number of the next block."""

    __slots__ = ("_counted", "expected", "limit", "octets")

    def __init__(self, limits: Limits) -> None:
        self.octets = bytearray()
        self.expected = 1
        self.limit = limits.octets
        self._counted = 0

    def fits(self, octets: bytes) -> bool:
        """Whether a block of these octets stays within the limit."""
        return self._counted + len(octets) <= self.limit

    def add(self, octets: bytes) -> None:
        """Append the expected block."""
        self.octets += octets
        self.expected += 1
        self._counted += len(octets) or _EMPTY_BLOCK


def joined_value(octets: bytes, limits: Limits) -> Data:
    """The one Data that blocks have carried. Raises DecodeError if it is malformed or something is behind it."""
    end = skip(octets, 0, limits)
    if end != len(octets):
        raise DecodeError(f"{len(octets) - end} octets behind the value", offset=end)
    return Data(octets)
