"""HDLC addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import DecodeError, InvalidValueError
from cosem.link.hdlc.address import (
    ALL_STATIONS,
    ALL_STATIONS_WIDE,
    ServerAddress,
    address_size,
    decode_client,
    encode_client,
)


@pytest.mark.parametrize(
    ("address", "octets"),
    [
        (ServerAddress(1), "03"),
        (ServerAddress(1, 17), "0223"),
        (ServerAddress(1, 17, 4), "00020023"),
        (ServerAddress(0x1234, 0x3FFF), "4868fe ff"),
        (ServerAddress(1, 2836), "00022c29"),
    ],
)
def test_the_octets_of_a_server_address(address: ServerAddress, octets: str) -> None:
    assert address.encode() == bytes.fromhex(octets)
    assert ServerAddress.decode(address.encode()) == address


wide = st.integers(0, 0x3FFF)
narrow = st.integers(0, 0x7F)


@given(
    st.one_of(
        st.builds(ServerAddress, narrow),
        st.builds(ServerAddress, narrow, narrow),
        st.builds(ServerAddress, wide, wide, st.just(4)),
    )
)
def test_server_addresses_round_trip(address: ServerAddress) -> None:
    assert ServerAddress.decode(address.encode()) == address
    assert len(address.encode()) == address.size


@given(narrow)
def test_client_addresses_round_trip(sap: int) -> None:
    assert decode_client(encode_client(sap)) == sap


@pytest.mark.parametrize("octets", ["", "02", "0202", "020203", "02020202", "0202020203", "0303", "030203"])
def test_only_one_two_or_four_octets_ending_in_a_set_bit_are_an_address(octets: str) -> None:
    with pytest.raises(DecodeError):
        ServerAddress.decode(bytes.fromhex(octets))


@pytest.mark.parametrize("octets", ["", "02", "0203"])
def test_a_client_address_is_one_octet(octets: str) -> None:
    with pytest.raises(DecodeError):
        decode_client(bytes.fromhex(octets))


@given(st.binary(max_size=8))
def test_any_octets_are_an_address_or_a_decode_error(octets: bytes) -> None:
    try:
        address = ServerAddress.decode(octets)
    except DecodeError:
        assert address_size(octets, 0, len(octets)) != len(octets) or not octets
    else:
        assert address.encode() == octets


def test_an_address_must_end_before_the_bound() -> None:
    assert address_size(b"\x02\x03", 0, 2) == 2
    assert address_size(b"\x02\x03", 0, 1) == 0


@pytest.mark.parametrize(
    ("upper", "lower", "size"),
    [(0x80, None, 1), (1, 0x80, 2), (0x4000, 1, 4), (1, None, 2), (1, 1, 1), (1, 1, 3), (-1, None, 0)],
)
def test_parts_that_do_not_fit_are_refused(upper: int, lower: int | None, size: int) -> None:
    with pytest.raises(InvalidValueError):
        ServerAddress(upper, lower, size)


@pytest.mark.parametrize("sap", [-1, 128])
def test_client_saps_that_do_not_fit_are_refused(sap: int) -> None:
    with pytest.raises(InvalidValueError):
        encode_client(sap)


def test_broadcast_is_all_ones_in_the_size_of_the_part() -> None:
    assert ServerAddress(ALL_STATIONS).is_broadcast_upper
    assert ServerAddress(1, ALL_STATIONS).is_broadcast_lower
    assert not ServerAddress(ALL_STATIONS, ALL_STATIONS, 4).is_broadcast_upper
    assert ServerAddress(ALL_STATIONS_WIDE, ALL_STATIONS_WIDE).is_broadcast_upper
    assert ServerAddress(ALL_STATIONS_WIDE, 1).sap == ALL_STATIONS
    assert ServerAddress(0x1234, 1).sap == 0x1234
