"""A-XDR lengths and counts (IEC 61334-6): one octet up to 127, else 0x80 + n and n octets, n from 1 to 4."""

from __future__ import annotations

from cosem.core.errors import DecodeError, EncodeError, IncompleteError, LimitError


def read_length(b: bytes, p: int) -> tuple[int, int]:
    """A length or count and the position behind it; longer forms than needed are accepted.

    Raises IndexError where the octets end before the first, else DecodeError. The number is what the other
    side announced and bounds nothing yet: see :func:`read_count` and :func:`read_octets`.
    """
    first = b[p]
    p += 1
    if first < 0x80:
        return first, p
    width = first & 0x7F
    if width == 0:
        raise DecodeError("indefinite lengths do not exist in A-XDR", offset=p - 1)
    if width > 4:
        raise LimitError(f"a length of {width} octets", offset=p - 1)
    end = p + width
    if end > len(b):
        raise IncompleteError("a length ends early", offset=len(b))
    return int.from_bytes(b[p:end]), end


def read_count(b: bytes, p: int, elements: int, minimum_octets: int = 1) -> tuple[int, int]:
    """A count of elements that can be there: not above ``elements``, each with its minimum of octets at hand."""
    count, p = read_length(b, p)
    if count * minimum_octets > len(b) - p:
        raise IncompleteError(f"{count} elements announced, {len(b) - p} octets left", offset=p)
    if count > elements:
        raise LimitError(f"{count} elements, {elements} allowed", offset=p)
    return count, p


def read_octets(b: bytes, p: int) -> tuple[bytes, int]:
    """A length and that many octets."""
    length, p = read_length(b, p)
    end = p + length
    if end > len(b):
        raise IncompleteError(f"{length} octets announced, {len(b) - p} left", offset=p)
    return b[p:end], end


def write_length(length: int) -> bytes:
    """The shortest encoding of a length or count. Raises EncodeError above 32 bits."""
    if 0 <= length < 0x80:
        return _SHORT[length]
    if not 0 <= length <= 0xFFFF_FFFF:
        raise EncodeError(f"no length: {length}")
    width = (length.bit_length() + 7) // 8
    return bytes((0x80 + width,)) + length.to_bytes(width)


_SHORT = tuple(bytes((length,)) for length in range(0x80))
