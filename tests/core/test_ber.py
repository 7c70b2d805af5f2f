"""BER primitives: X.690 by example, and bounded by what encloses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core import ber
from cosem.core.bitstring import BitString
from cosem.core.errors import DecodeError, EncodeError, IncompleteError, LimitError


@pytest.mark.parametrize("length", [0, 1, 127, 128, 255, 256, 65535, 65536])
def test_lengths_are_definite_and_shortest(length: int) -> None:
    element = ber.write_tlv(0xA1, bytes(length))
    assert ber.read_tlv(element, 0, len(element)) == (0xA1, len(element) - length, len(element))


def test_two_octet_tags() -> None:
    element = ber.write_tlv(0x5F1F, b"\x00\x00\x7e\x1f")
    assert element == bytes.fromhex("5f1f0400007e1f")
    assert ber.expect(element, 0, len(element), 0x5F1F) == (3, 7)
    with pytest.raises(DecodeError):
        ber.expect(element, 0, len(element), 0x60)


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        ("", IncompleteError),
        ("60", IncompleteError),
        ("6005", IncompleteError),
        ("6080", DecodeError),
        ("6085", LimitError),
        ("6084ffffffff", IncompleteError),
        ("6082ff", IncompleteError),
        ("5f", IncompleteError),
        ("5f8101", LimitError),
    ],
)
def test_elements_that_cannot_be_are_refused(octets: str, error: type[DecodeError]) -> None:
    with pytest.raises(error):
        ber.read_tlv(bytes.fromhex(octets), 0, len(bytes.fromhex(octets)))


def test_an_element_ends_where_the_one_around_it_does() -> None:
    with pytest.raises(IncompleteError):
        ber.read_tlv(bytes.fromhex("8002aabb"), 0, 3)


@pytest.mark.parametrize(
    ("arcs", "octets"),
    [
        ((2, 16, 756, 5, 8, 1, 1), "60857405080101"),
        ((1, 2, 840), "2a8648"),
        ((2, 999), "8837"),
        ((0, 39), "27"),
    ],
)
def test_object_identifiers(arcs: tuple[int, ...], octets: str) -> None:
    assert ber.write_object_identifier(arcs).hex() == octets
    assert ber.read_object_identifier(bytes.fromhex(octets), 0, len(octets) // 2) == arcs


@pytest.mark.parametrize("octets", ["", "80", "6085", "60ffffffffff7f"])
def test_object_identifiers_that_cannot_be_are_refused(octets: str) -> None:
    with pytest.raises(DecodeError):
        ber.read_object_identifier(bytes.fromhex(octets), 0, len(octets) // 2)


@pytest.mark.parametrize("arcs", [(), (1,), (3, 1), (1, 40), (1, -1)])
def test_arcs_that_cannot_be_are_refused(arcs: tuple[int, ...]) -> None:
    with pytest.raises(EncodeError):
        ber.write_object_identifier(arcs)


@given(st.integers(-(2**63), 2**63 - 1))
def test_integers_are_shortest_twos_complement(value: int) -> None:
    content = ber.write_integer(value)
    assert ber.read_integer(content, 0, len(content)) == value
    assert len(content) == 1 or value not in range(-(1 << 8 * len(content) - 9), 1 << 8 * len(content) - 9)


@given(st.lists(st.booleans(), max_size=40).map(BitString.from_bits))
def test_bit_strings_say_their_unused_bits(bits: BitString) -> None:
    content = ber.write_bit_string(bits)
    assert ber.read_bit_string(content, 0, len(content)) == bits


@pytest.mark.parametrize("content", ["", "08ff", "01"])
def test_bit_strings_that_cannot_be_are_refused(content: str) -> None:
    with pytest.raises(DecodeError):
        ber.read_bit_string(bytes.fromhex(content), 0, len(content) // 2)


def test_booleans_have_one_octet() -> None:
    assert ber.read_boolean(ber.write_boolean(True), 0, 1)
    assert not ber.read_boolean(ber.write_boolean(False), 0, 1)
    for stop in (0, 2):
        with pytest.raises(DecodeError):
            ber.read_boolean(b"\xff\xff", 0, stop)


@given(st.binary(max_size=40))
def test_any_octets_end_in_an_element_or_a_decode_error(octets: bytes) -> None:
    try:
        _, start, stop = ber.read_tlv(octets, 0, len(octets))
    except DecodeError:
        return
    assert start <= stop <= len(octets)
