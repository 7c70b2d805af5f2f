"""BER primitives for ACSE and the conformance block (ITU-T X.690): definite lengths only.

A tag is the number its octets form: ``0x60``, ``0xA1``, ``0x5F1F``. Readers take the octets, a position and
the end of what encloses them; they never look behind that end.
"""

from __future__ import annotations

from cosem.core.bitstring import BitString
from cosem.core.errors import DecodeError, EncodeError, IncompleteError, LimitError

_CONTINUED = 0x80


def read_tag(b: bytes, p: int, end: int) -> tuple[int, int]:
    """A tag of one octet, or of two where the number is 31 or more, and the position behind it."""
    if p >= end:
        raise IncompleteError("a tag ends early", offset=p)
    tag = b[p]
    p += 1
    if tag & 0x1F != 0x1F:
        return tag, p
    if p >= end:
        raise IncompleteError("a tag ends early", offset=p)
    if b[p] & _CONTINUED:
        raise LimitError("a tag of more than two octets", offset=p)
    return tag << 8 | b[p], p + 1


def read_length(b: bytes, p: int, end: int) -> tuple[int, int]:
    """A definite length that fits before ``end``, and the position behind it."""
    if p >= end:
        raise IncompleteError("a length ends early", offset=p)
    length = b[p]
    p += 1
    if length >= 0x80:
        width = length & 0x7F
        if width == 0:
            raise DecodeError("indefinite lengths are not used", offset=p - 1)
        if width > 4:
            raise LimitError(f"a length of {width} octets", offset=p - 1)
        if p + width > end:
            raise IncompleteError("a length ends early", offset=end)
        length = int.from_bytes(b[p : p + width])
        p += width
    if length > end - p:
        raise IncompleteError(f"{length} octets announced, {end - p} left", offset=p)
    return length, p


def read_tlv(b: bytes, p: int, end: int) -> tuple[int, int, int]:
    """Tag, start and stop of the content; the next element begins at stop."""
    tag, p = read_tag(b, p, end)
    length, p = read_length(b, p, end)
    return tag, p, p + length


def expect(b: bytes, p: int, end: int, tag: int) -> tuple[int, int]:
    """Start and stop of the content of an element that must have this tag."""
    found, start, stop = read_tlv(b, p, end)
    if found != tag:
        raise DecodeError(f"tag {tag:02X} expected, not {found:02X}", offset=p)
    return start, stop


def write_length(length: int) -> bytes:
    """The shortest definite length."""
    if 0 <= length < 0x80:
        return bytes((length,))
    if not 0 <= length <= 0xFFFF_FFFF:
        raise EncodeError(f"no length: {length}")
    width = (length.bit_length() + 7) // 8
    return bytes((0x80 | width,)) + length.to_bytes(width)


def write_tlv(tag: int, content: bytes) -> bytes:
    """One element."""
    return tag.to_bytes(1 if tag < 0x100 else 2) + write_length(len(content)) + content


def read_integer(b: bytes, start: int, stop: int) -> int:
    """The content of an INTEGER: two's complement, 1 to 8 octets."""
    if not 1 <= stop - start <= 8:
        raise DecodeError(f"an INTEGER of {stop - start} octets", offset=start)
    return int.from_bytes(b[start:stop], signed=True)


def write_integer(value: int) -> bytes:
    """The shortest content of an INTEGER."""
    return value.to_bytes((value + (value < 0)).bit_length() // 8 + 1, signed=True)


def read_boolean(b: bytes, start: int, stop: int) -> bool:
    """The content of a BOOLEAN: any octet but 0 is True."""
    if stop - start != 1:
        raise DecodeError(f"a BOOLEAN of {stop - start} octets", offset=start)
    return b[start] != 0


def write_boolean(value: bool) -> bytes:
    """The content of a BOOLEAN."""
    return b"\xff" if value else b"\x00"


def read_bit_string(b: bytes, start: int, stop: int) -> BitString:
    """The content of a BIT STRING: the number of unused bits, then the octets."""
    if start >= stop:
        raise DecodeError("a BIT STRING without octets", offset=start)
    unused = b[start]
    count = (stop - start - 1) * 8 - unused
    if unused > 7 or count < 0:
        raise DecodeError(f"a BIT STRING with {unused} unused bits", offset=start)
    return BitString(b[start + 1 : stop], count)


def write_bit_string(value: BitString) -> bytes:
    """The content of a BIT STRING."""
    return bytes((-len(value) % 8,)) + value.octets


def read_object_identifier(b: bytes, start: int, stop: int) -> tuple[int, ...]:
    """The content of an OBJECT IDENTIFIER, as its arcs: ``(2, 16, 756, 5, 8, 1, 1)``."""
    if start >= stop or b[stop - 1] & _CONTINUED:
        raise DecodeError("an OBJECT IDENTIFIER ends inside an arc", offset=start)
    arcs: list[int] = []
    arc = 0
    for octet in b[start:stop]:
        arc = arc << 7 | octet & 0x7F
        if arc > 0xFFFF_FFFF:
            raise LimitError("an arc of an OBJECT IDENTIFIER above 32 bits", offset=start)
        if not octet & _CONTINUED:
            arcs.append(arc)
            arc = 0
    root = min(arcs[0] // 40, 2)
    return (root, arcs[0] - root * 40, *arcs[1:])


def write_object_identifier(arcs: tuple[int, ...]) -> bytes:
    """The content of an OBJECT IDENTIFIER."""
    if len(arcs) < 2 or not 0 <= arcs[0] <= 2 or (arcs[0] < 2 and arcs[1] > 39) or min(arcs) < 0:
        raise EncodeError(f"no object identifier: {arcs}")
    octets = bytearray()
    for arc in (arcs[0] * 40 + arcs[1], *arcs[2:]):
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | _CONTINUED)
        octets += bytes(reversed(groups))
    return bytes(octets)
