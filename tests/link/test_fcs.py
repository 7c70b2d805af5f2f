"""CRC-16/X-25."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from cosem.link.fcs import GOOD, check_sequence, is_good


def bit_by_bit(octets: bytes) -> bytes:
    """The check sequence as ISO/IEC 13239 describes it: a shift register, low bit first, sent complemented."""
    register = 0xFFFF
    for octet in octets:
        for bit in range(8):
            feedback = (register ^ octet >> bit) & 1
            register = register >> 1 ^ (0x8408 if feedback else 0)
    return (register ^ 0xFFFF).to_bytes(2, "little")


def test_the_check_value_of_the_crc_catalogue() -> None:
    assert check_sequence(b"123456789") == (0x906E).to_bytes(2, "little")


@given(st.binary(max_size=300))
def test_it_is_the_shift_register_of_the_standard(octets: bytes) -> None:
    assert check_sequence(octets) == bit_by_bit(octets)


@given(st.binary(max_size=100), st.binary(max_size=100))
def test_after_a_good_header_the_register_does_not_depend_on_the_header(header: bytes, rest: bytes) -> None:
    with_hcs = header + check_sequence(header)
    assert is_good(with_hcs)
    assert check_sequence(rest, GOOD) == bit_by_bit(with_hcs + rest)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_any_changed_octet_is_noticed(octets: bytes, data: st.DataObject) -> None:
    sent = bytearray(octets + check_sequence(octets))
    place = data.draw(st.integers(0, len(sent) - 1))
    sent[place] ^= data.draw(st.integers(1, 255))
    assert not is_good(bytes(sent))
