"""Named bits: sets of flags carried by an unsigned or a bit-string."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar, Self


class Bits(int):
    """A set of named bits.

    ``WIDTH`` is the number of bits; ``NAMES`` maps a bit's *mask* to its name. Subclasses are generated and
    define one integer constant per bit. For a bit-string the first bit on the wire is the most significant
    one of the number; for an unsigned, bit 0 is the least significant. Unknown bits are kept.
    """

    __slots__ = ()
    WIDTH: ClassVar[int] = 0
    NAMES: ClassVar[dict[int, str]] = {}

    def __or__(self, other: int) -> Self:
        return type(self)(int(self) | int(other))

    def __and__(self, other: int) -> Self:
        return type(self)(int(self) & int(other))

    def __xor__(self, other: int) -> Self:
        return type(self)(int(self) ^ int(other))

    def __invert__(self) -> Self:
        return type(self)(~int(self) & ((1 << self.WIDTH) - 1))

    def __contains__(self, mask: int) -> bool:
        return int(self) & mask == mask

    def names(self) -> Iterator[str]:
        """The names of the bits that are set, most significant first; an unnamed bit reads ``bit_<mask in hex>``."""
        mask = 1 << max(self.WIDTH - 1, 0)
        while mask:
            if int(self) & mask:
                yield self.NAMES.get(mask, f"bit_{mask:#x}")
            mask >>= 1

    def __repr__(self) -> str:
        return f"{type(self).__name__}({' | '.join(self.names()) or '0'})"

    __str__ = __repr__
