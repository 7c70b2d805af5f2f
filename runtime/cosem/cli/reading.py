"""Attributes read and made sense of: as their type, with their unit, and as they came where neither fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from cosem.cli.json_value import Json
from cosem.cli.references import Located
from cosem.cli.values import data_to_json, to_json
from cosem.client import AttributeTarget, Client
from cosem.client.readings import SCALER_UNIT_OF, ScalerUnitLike, fixed_scaler_unit
from cosem.core.access import AttributeSpec, CosemObject, ReadOnly
from cosem.core.data import Data
from cosem.core.errors import AccessError, DecodeError
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity


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
    object: str = ""
    """What the object list of the meter's device calls the object."""

    def to_json(self) -> dict[str, Json]:
        """As one JSON object."""
        shown: dict[str, Json] = {
            "class_id": self.target.class_id,
            "logical_name": str(LogicalName(self.target.logical_name)),
            "object": self.object or None,
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
    fixed: dict[int, ScalerUnitLike | None] = {}
    asked: dict[int, tuple[AttributeTarget, Sequence[CosemObject]]] = {}
    for position, (target, each) in enumerate(zip(targets, wanted, strict=True)):
        unit = SCALER_UNIT_OF.get((target.class_id, target.index))
        if unit is None:
            continue
        said = fixed_scaler_unit(meter.device, target.class_id, LogicalName(target.logical_name), unit)
        if said is None:
            asked[position] = (
                AttributeTarget(target.class_id, target.logical_name, unit),
                each.candidates,
            )
        else:
            fixed[position] = said
    answers = meter.get_many_data([*targets, *(target for target, _ in asked.values())])
    for (position, (target, candidates)), answer in zip(asked.items(), answers[len(targets) :], strict=True):
        fixed[position] = _scaler_unit(target, candidates, answer)
    return [
        understand(meter, target, spec, each.candidates, answers[position], fixed.get(position))
        for position, (each, (target, spec)) in enumerate(zip(wanted, found, strict=True))
    ]


def understand(
    meter: Client,
    target: AttributeTarget,
    spec: AttributeSpec | None,
    candidates: Sequence[CosemObject],
    answer: Data | AccessError,
    scaler_unit: ScalerUnitLike | None = None,
) -> Answer:
    """One answer as the first class version that it fits has it."""
    device, name = meter.device, LogicalName(target.logical_name)
    called = "" if device is None else device.name_of(target.class_id, name)
    if isinstance(answer, AccessError):
        return Answer(target, spec, answer, object=called)
    fitting = [each for each in candidates if target.index in each.ATTRIBUTES]
    trouble = "" if fitting else "no table knows this attribute"
    for owner in fitting:
        known = owner.ATTRIBUTES[target.index]
        reference: ReadOnly[object] = ReadOnly(owner, target.index, known.codec)
        try:
            value = meter.decode(reference, answer)
        except DecodeError as error:
            trouble = trouble or str(error)
        else:
            quantity = _quantity(value, scaler_unit)
            return Answer(target, known, value if quantity is None else quantity, answer, object=called)
    return Answer(target, spec, answer, answer, trouble, called)


def _scaler_unit(
    target: AttributeTarget, candidates: Sequence[CosemObject], answer: Data | AccessError
) -> ScalerUnitLike | None:
    """Scaler and unit as the likeliest class has them; None if they are refused or something else."""
    spec = next(
        (each.ATTRIBUTES[target.index] for each in candidates if target.index in each.ATTRIBUTES), None
    )
    if spec is None or isinstance(answer, AccessError):
        return None
    try:
        unit: ScalerUnitLike = spec.codec.decode(answer.octets)
    except DecodeError:
        return None
    return unit


def _quantity(value: object, unit: ScalerUnitLike | None) -> Quantity | None:
    number: object = value.value if isinstance(value, Data) else value
    if unit is None or type(number) is not int:
        return None
    return Quantity.scaled(number, unit.scaler, unit.unit)
