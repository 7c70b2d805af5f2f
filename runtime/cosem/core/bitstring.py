"""Bit strings: a count of bits and the octets that hold them, first bit most significant."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Self

from cosem.core.errors import InvalidValueError


class BitString:
    """An immutable string of bits. Padding in the last octet does not count and is held as zero.

    >>> BitString.parse("1010 0000 01")
    BitString('1010000001')
    >>> BitString.parse("101")[2], BitString.parse("101").octets
    (True, b'\\xa0')
    """

    __slots__ = ("_count", "_octets")

    def __init__(self, octets: bytes, count: int | None = None) -> None:
        """``count`` bits out of ``octets``, by default all. Raises InvalidValueError if they do not fit."""
        if count is None:
            count = len(octets) * 8
        elif (count + 7) // 8 != len(octets):
            raise InvalidValueError(f"{count} bits do not take {len(octets)} octets")
        if padding := -count % 8:
            octets = octets[:-1] + bytes((octets[-1] >> padding << padding,))
        self._octets = bytes(octets)
        self._count = count

    @classmethod
    def from_bits(cls, bits: Iterable[bool | int]) -> Self:
        """Bits in the order of the wire."""
        return cls.parse("".join("1" if bit else "0" for bit in bits))

    @classmethod
    def from_int(cls, number: int, count: int) -> Self:
        """The ``count`` low bits of a number, the most significant of them first on the wire."""
        if not 0 <= number < 1 << count:
            raise InvalidValueError(f"{number} does not fit {count} bits")
        return cls((number << -count % 8).to_bytes((count + 7) // 8), count)

    @classmethod
    def parse(cls, text: str) -> Self:
        """From zeros and ones; blanks and underscores are skipped. Raises InvalidValueError."""
        digits = text.replace(" ", "").replace("_", "")
        if digits.strip("01"):
            raise InvalidValueError(f"not a bit string: {text!r}")
        return cls.from_int(int(digits or "0", 2), len(digits))

    @property
    def octets(self) -> bytes:
        """The octets, padded with zero bits."""
        return self._octets

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, index: int) -> bool:
        if index < 0:
            index += self._count
        if not 0 <= index < self._count:
            raise IndexError("bit out of range")
        return bool(self._octets[index >> 3] & 0x80 >> (index & 7))

    def __iter__(self) -> Iterator[bool]:
        return (bit == "1" for bit in str(self))

    def __int__(self) -> int:
        """The number whose most significant bit is the first one."""
        return int.from_bytes(self._octets) >> (-self._count % 8)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, BitString):
            return NotImplemented
        return self._count == other._count and self._octets == other._octets

    def __hash__(self) -> int:
        return hash((self._count, self._octets))

    def __str__(self) -> str:
        return f"{int(self):0{self._count}b}" if self._count else ""

    def __repr__(self) -> str:
        return f"BitString('{self}')"
