"""Readings with their units: what objects that hold a scaled value have in common (Blue Book 4.3.2 to 4.3.4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol, runtime_checkable

from cosem.client.operations import Operations
from cosem.core.access import ReadOnly
from cosem.core.data import Data
from cosem.core.errors import CosemError, DecodeError
from cosem.core.quantity import HasSymbol, Quantity
from cosem.session.client import Exchange

if TYPE_CHECKING:
    from cosem.core.device import Device
    from cosem.core.obis import LogicalName

SCALER_UNIT_OF: Final = {(3, 2): 3, (4, 2): 3, (5, 2): 4, (5, 3): 4}
"""Class and attribute of a scaled value → the attribute that has its scaler and unit."""


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
    def value(self) -> ReadOnly[Data | int]:
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
    def current_average_value(self) -> ReadOnly[Data | int]:
        """Attribute 2."""
        ...

    @property
    def scaler_unit(self) -> ReadOnly[ScalerUnitLike]:
        """Attribute 4."""
        ...


@dataclass(frozen=True, slots=True)
class FixedScalerUnit:
    """A power of ten and a unit that a device's object list fixes."""

    scaler: int
    unit: HasSymbol


def fixed_scaler_unit(
    device: Device | None, class_id: int, name: LogicalName, attribute: int
) -> FixedScalerUnit | None:
    """What ``attribute`` of an object is in every meter of a device; None where the meter is to be asked."""
    said = None if device is None else device.prescribed(class_id, name, attribute)
    if said is None or said.scaler is None or said.unit is None:
        return None
    return FixedScalerUnit(said.scaler, said.unit)


def read(operations: Operations, register: Scaled | ScaledDemand) -> Exchange[Quantity]:
    """The value of a register in its unit, which the meter is asked for unless the device's object list fixes it.

    Raises what reading either attribute raises.
    """
    value: ReadOnly[Data | int]
    value = register.current_average_value if isinstance(register, ScaledDemand) else register.value
    if operations.device is not None:
        owner, unit = value.owner, register.scaler_unit.index
        fixed = fixed_scaler_unit(operations.device, owner.CLASS_ID, owner.logical_name, unit)
        if fixed is not None:
            return quantity((yield from operations.get(value)), fixed, str(value))
    number, scaler_unit = yield from operations.get_many([value, register.scaler_unit])
    for answer in (number, scaler_unit):
        if isinstance(answer, CosemError):
            raise answer
    return quantity(number, scaler_unit, str(value))


def quantity(data: Data | int, scaler_unit: ScalerUnitLike, subject: str) -> Quantity:
    """A number in its unit. Raises DecodeError if the value is no integer."""
    number = data.value if isinstance(data, Data) else data
    if isinstance(number, bool) or not isinstance(number, int):
        raise DecodeError(f"{data!r} is no number to be scaled", path=subject)
    return Quantity.scaled(number, scaler_unit.scaler, scaler_unit.unit)
