"""Addresses of meters as URLs."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import InvalidValueError
from cosem.transport.address import Address, NetworkAddress, SerialAddress, parse_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("tcp://192.0.2.7", NetworkAddress("tcp", "192.0.2.7", 4059)),
        ("tcp://meter.example:4060/", NetworkAddress("tcp", "meter.example", 4060)),
        ("TCP://[2001:db8::7]:4059", NetworkAddress("tcp", "2001:db8::7", 4059)),
        ("udp://192.0.2.7", NetworkAddress("udp", "192.0.2.7", 4059)),
        ("hdlc+tcp://[::1]:4001", NetworkAddress("hdlc+tcp", "::1", 4001)),
        ("serial:///dev/ttyUSB0", SerialAddress("/dev/ttyUSB0")),
        ("serial:///dev/ttyUSB0?baud=115200&echo=1", SerialAddress("/dev/ttyUSB0", 115200, echo=True)),
        (
            "serial://COM3?baud=300&data_bits=7&parity=E&stop_bits=2",
            SerialAddress("COM3", 300, 7, "even", 2),
        ),
        ("serial:///dev/serial/by-id/a%20b", SerialAddress("/dev/serial/by-id/a b")),
    ],
)
def test_an_address_is_read_from_its_url(text: str, address: Address) -> None:
    assert parse_address(text) == address


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("192.0.2.7:4059", "tcp://"),
        ("http://192.0.2.7", "tcp://"),
        ("", "tcp://"),
        ("tcp://", "host is missing"),
        ("tcp://:4059", "host is missing"),
        ("tcp://meter:0", "1 to 65535"),
        ("tcp://meter:65536", "1 to 65535"),
        ("tcp://meter:port", "1 to 65535"),
        ("tcp://user:secret@meter", "tcp://host:port"),
        ("tcp://meter/path", "nothing after it"),
        ("udp://meter?x=1", "nothing after it"),
        ("tcp://[2001:db8::7", "IPv6"),
        ("hdlc+tcp://meter", "hdlc+tcp://host:port"),
        ("tcp://me ter", "no spaces"),
        ("serial://", "/dev/ttyUSB0"),
        ("serial:///", "/dev/ttyUSB0"),
        ("serial:///dev/x?speed=9600", "baud, data_bits, parity, stop_bits, echo"),
        ("serial:///dev/x?baud=fast", "50 to 10000000"),
        ("serial:///dev/x?baud=²", "50 to 10000000"),
        ("serial:///dev/x?baud=", "50 to 10000000"),
        ("serial:///dev/x?baud=9600&baud=300", "twice"),
        ("serial:///dev/x?baud", "baud=9600"),
        ("serial:///dev/x?data_bits=9", "7 or 8"),
        ("serial:///dev/x?stop_bits=3", "1 or 2"),
        ("serial:///dev/x?parity=mark", "none, even or odd"),
        ("serial:///dev/x?echo=yes", "0 or 1"),
    ],
)
def test_a_wrong_address_is_refused_with_what_would_be_right(text: str, right: str) -> None:
    with pytest.raises(InvalidValueError) as refused:
        parse_address(text)
    assert right in str(refused.value)


@pytest.mark.parametrize(
    "address",
    [
        NetworkAddress("tcp", "2001:db8::7", 1),
        NetworkAddress("hdlc+tcp", "192.0.2.7", 4001),
        SerialAddress("/dev/a b?c", 300, 7, "even", 2, echo=True),
    ],
)
def test_an_address_is_written_as_the_url_it_is_read_from(address: Address) -> None:
    assert parse_address(str(address)) == address


def test_the_scheme_says_which_link_is_spoken() -> None:
    links = [parse_address(a).link for a in ("tcp://m", "udp://m", "hdlc+tcp://m:1", "serial:///dev/x")]
    assert links == ["wrapper", "wrapper", "hdlc", "hdlc"]


def test_an_octet_at_300_baud_7e1_takes_ten_bits() -> None:
    assert SerialAddress("x", 300, 7, "even").octet_time == pytest.approx(10 / 300)


@given(
    st.sampled_from(["", "tcp://", "udp://", "hdlc+tcp://", "serial://", "serial:///dev/x?"]),
    st.text(max_size=40) | st.text(alphabet="[]:/@?&=%#.0a9", max_size=20),
)
def test_no_text_has_another_outcome_than_an_address_or_a_refusal(scheme: str, rest: str) -> None:
    with contextlib.suppress(InvalidValueError):
        address = parse_address(scheme + rest)
        assert parse_address(str(address)) == address
