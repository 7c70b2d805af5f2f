"""Attributes read and made sense of: as their type, with their unit, and as they came where neither fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cosem.cli.json_value import Json
from cosem.cli.references import Located
from cosem.cli.values import data_to_json, to_json
from cosem.client import AttributeTarget, Client
from cosem.core.access import AttributeSpec, CosemObject
from cosem.core.data import Data
from cosem.core.errors import AccessError, DecodeError
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.model.types.structures import ScalerUnit

SCALER_UNIT_OF: Final = {(3, 2): 3, (4, 2): 3, (5, 2): 4, (5, 3): 4}
"""Class and attribute of a scaled value → the attribute that has its scaler and unit."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the meter said about one attribute.

    ``value`` is the typed value, a Quantity where there is a unit, or an AccessError; it is the Data itself where its
    type is not known or does not fit, ``trouble`` says how.
    """

    target: AttributeTarget
    spec: AttributeSpec | None
    value: object
    data: Data | None = None
    trouble: str = ""

    def to_json(self) -> dict[str, Json]:
        """As one JSON object."""
        shown: dict[str, Json] = {
            "class_id": self.target.class_id,
            "logical_name": str(LogicalName(self.target.logical_name)),
            "attribute": self.target.index,
            "name": self.spec.name if self.spec else None,
        }
        if isinstance(self.value, AccessError):
            return shown | {"error": str(self.value), "result": self.value.result}
        shown["value"] = data_to_json(self.value) if isinstance(self.value, Data) else to_json(self.value)
        return shown | {"trouble": self.trouble} if self.trouble else shown


def result_of(error: AccessError) -> str:
    """What the meter said, without repeating whom it was asked about."""
    return str(error).removeprefix(f"{error.subject}: ")


def read_attributes(meter: Client, wanted: Sequence[Located]) -> list[Answer]:
    """Read attributes in as few requests as the meter allows, with the units of those that have one."""
    found = [each.attribute() for each in wanted]
    targets = [target for target, _ in found]
    units = {
        position: AttributeTarget(target.class_id, target.logical_name, unit)
        for position, target in enumerate(targets)
        if (unit := SCALER_UNIT_OF.get((target.class_id, target.index))) is not None
    }
    answers = meter.get_many_data([*targets, *units.values()])
    unit_of = dict(zip(units, answers[len(targets) :], strict=True))
    return [
        understand(target, spec, each.candidates, answers[position], unit_of.get(position))
        for position, (each, (target, spec)) in enumerate(zip(wanted, found, strict=True))
    ]


def understand(
    target: AttributeTarget,
    spec: AttributeSpec | None,
    candidates: Sequence[CosemObject],
    answer: Data | AccessError,
    scaler_unit: Data | AccessError | None = None,
) -> Answer:
    """One answer as the first class version that it fits has it."""
    if isinstance(answer, AccessError):
        return Answer(target, spec, answer)
    specs = [each.ATTRIBUTES[target.index] for each in candidates if target.index in each.ATTRIBUTES]
    trouble = "" if specs else "no table knows this attribute"
    for known in specs:
        try:
            value: object = known.codec.decode(answer.octets)
        except DecodeError as error:
            trouble = trouble or str(error)
        else:
            quantity = _quantity(value, scaler_unit)
            return Answer(target, known, value if quantity is None else quantity, answer)
    return Answer(target, spec, answer, answer, trouble)


def _quantity(value: object, scaler_unit: Data | AccessError | None) -> Quantity | None:
    if not isinstance(value, Data) or not isinstance(scaler_unit, Data):
        return None
    from cosem.model.types.structures import SCALER_UNIT

    number = value.value
    try:
        unit: ScalerUnit = SCALER_UNIT.decode(scaler_unit.octets)
    except DecodeError:
        return None
    if isinstance(number, bool) or not isinstance(number, int):
        return None
    return Quantity.scaled(number, unit.scaler, unit.unit)
