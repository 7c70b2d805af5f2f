"""Readings with their units: what objects that hold a scaled value have in common (Blue Book 4.3.2 to 4.3.4)."""

from __future__ import annotations

from typing import Protocol, runtime_checkable

from cosem.client.operations import Operations
from cosem.core.access import ReadOnly
from cosem.core.data import Data
from cosem.core.errors import CosemError, DecodeError
from cosem.core.quantity import HasSymbol, Quantity
from cosem.session.client import Exchange


class ScalerUnitLike(Protocol):
    """A power of ten and a unit."""

    @property
    def scaler(self) -> int:
        """The power of ten."""
        ...

    @property
    def unit(self) -> HasSymbol:
        """The unit."""
        ...


class Scaled(Protocol):
    """An object with a value, a scaler and a unit: Register and Extended register, of any version."""

    @property
    def value(self) -> ReadOnly[Data]:
        """Attribute 2."""
        ...

    @property
    def scaler_unit(self) -> ReadOnly[ScalerUnitLike]:
        """Attribute 3."""
        ...


@runtime_checkable
class ScaledDemand(Protocol):
    """An object with an average, a scaler and a unit: Demand register, of any version."""

    @property
    def current_average_value(self) -> ReadOnly[Data]:
        """Attribute 2."""
        ...

    @property
    def scaler_unit(self) -> ReadOnly[ScalerUnitLike]:
        """Attribute 4."""
        ...


def read(operations: Operations, register: Scaled | ScaledDemand) -> Exchange[Quantity]:
    """The value of a register in its unit. Raises what reading either attribute raises."""
    value = register.current_average_value if isinstance(register, ScaledDemand) else register.value
    number, scaler_unit = yield from operations.get_many([value, register.scaler_unit])
    for answer in (number, scaler_unit):
        if isinstance(answer, CosemError):
            raise answer
    return quantity(number, scaler_unit, str(value))


def quantity(data: Data, scaler_unit: ScalerUnitLike, subject: str) -> Quantity:
    """A number in its unit. Raises DecodeError if the value is no integer."""
    number = data.value
    if isinstance(number, bool) or not isinstance(number, int):
        raise DecodeError(f"{data!r} is no number to be scaled", path=subject)
    return Quantity.scaled(number, scaler_unit.scaler, scaler_unit.unit)
