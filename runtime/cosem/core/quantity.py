"""A physical quantity: an exact decimal and its unit."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, Self


class HasSymbol(Protocol):
    """A unit: anything that knows its symbol, such as the generated ``Unit``."""

    @property
    def symbol(self) -> str:
        """``Wh``, ``m³``, …; empty where there is no unit."""
        ...


_PREFIXED = frozenset({"W", "Wh", "VA", "VAh", "var", "varh"})
"""Units that are spoken of in thousands."""

_KILO, _MEGA = Decimal(10**3), Decimal(10**9)
"""From where k and M are used: M only from a million k on, so that meter readings stay in kWh."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A value in its unit, without prefix: 1234.567 kWh is held as 1234567 Wh.

    Trailing zeros are kept: they tell the resolution of the meter.

    >>> from types import SimpleNamespace
    >>> print(Quantity.scaled(1234567, 0, SimpleNamespace(symbol="Wh")))
    1234.567 kWh
    >>> print(Quantity.scaled(2301, -1, SimpleNamespace(symbol="V")))
    230.1 V
    """

    value: Decimal
    unit: HasSymbol

    @classmethod
    def scaled(cls, value: int, scaler: int, unit: HasSymbol) -> Self:
        """``value`` × 10^``scaler``, exact whatever the decimal context says (scaler_unit, Blue Book 4.3.2)."""
        return cls(Decimal(value) if scaler == 0 else Decimal(f"{value:d}E{scaler:d}"), unit)

    def __float__(self) -> float:
        return float(self.value)

    def __str__(self) -> str:
        value, symbol = self.value, self.unit.symbol
        if symbol in _PREFIXED and value.is_finite() and value.copy_abs() >= _KILO:
            prefix, shift = ("M", -6) if value.copy_abs() >= _MEGA else ("k", -3)
            sign, digits, exponent = value.as_tuple()
            assert isinstance(exponent, int)  # the others are not finite
            value, symbol = Decimal((sign, digits, exponent + shift)), prefix + symbol
        return f"{value:f} {symbol}" if symbol else f"{value:f}"
