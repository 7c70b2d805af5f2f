"""Bit strings and quantities."""

from __future__ import annotations

import decimal
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.bitstring import BitString
from cosem.core.errors import InvalidValueError
from cosem.core.quantity import Quantity


@dataclass(frozen=True)
class Unit:
    symbol: str


@given(st.lists(st.booleans(), max_size=70))
def test_bits_keep_their_order_and_number(bits: list[bool]) -> None:
    string = BitString.from_bits(bits)
    assert list(string) == bits == [string[i] for i in range(len(string))]
    assert len(string) == len(bits)
    assert BitString(string.octets, len(bits)) == string == BitString.parse(str(string))
    assert BitString.from_int(int(string), len(bits)) == string


def test_padding_does_not_count() -> None:
    assert BitString(b"\xff", 3) == BitString(b"\xe0", 3)
    assert hash(BitString(b"\xff", 3)) == hash(BitString(b"\xe0", 3))
    assert BitString(b"\xe0", 3) != BitString(b"\xe0")
    assert BitString(b"\xe0", 3)[-1] is True


def test_bits_and_octets_must_fit() -> None:
    for octets, count in ((b"", 1), (b"\x00", 0), (b"\x00", 9)):
        with pytest.raises(InvalidValueError):
            BitString(octets, count)
    with pytest.raises(InvalidValueError):
        BitString.parse("012")
    with pytest.raises(InvalidValueError):
        BitString.from_int(8, 3)
    with pytest.raises(IndexError):
        _ = BitString(b"\x00")[8]


@pytest.mark.parametrize(
    ("value", "scaler", "symbol", "text"),
    [
        (1234567, 0, "Wh", "1234.567 kWh"),
        (1234567, -3, "Wh", "1.234567 kWh"),
        (999, 0, "W", "999 W"),
        (-1500, 0, "var", "-1.500 kvar"),
        (123, 7, "VAh", "1230 MVAh"),
        (0, 3, "Wh", "0 Wh"),
        (2301, -1, "V", "230.1 V"),
        (50_000, -3, "Hz", "50.000 Hz"),
        (12345, 0, "V", "12345 V"),
        (7, 0, "", "7"),
    ],
)
def test_quantities_print_with_the_usual_prefix(value: int, scaler: int, symbol: str, text: str) -> None:
    assert str(Quantity.scaled(value, scaler, Unit(symbol))) == text


@given(st.integers(-(2**63), 2**64), st.integers(-128, 127))
def test_scaling_is_exact_whatever_the_context(value: int, scaler: int) -> None:
    with decimal.localcontext(prec=3):
        quantity = Quantity.scaled(value, scaler, Unit("Wh"))
        str(quantity)
    assert quantity.value == Decimal((0 if value >= 0 else 1, tuple(map(int, str(abs(value)))), scaler))
