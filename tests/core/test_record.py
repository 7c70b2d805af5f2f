"""Records behave like the dataclasses that they stand for."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from typing import Any, cast

import pytest

from cosem.core.record import Frozen
from cosem.core.types import AnyData, BufferOf
from cosem.model.types import CaptureObject, ScalerUnit, Unit


class Shelf(Frozen):
    width: int
    label: str = "none"
    full: bool = False


class Cabinet(Shelf):
    doors: int = 2


SHELF: Any = Shelf
"""The class without its types, for arguments that a type checker refuses."""


def test_fields_are_given_by_place_or_by_name_and_the_rest_has_defaults() -> None:
    assert Shelf(3, "tools", True) == Shelf(3, full=True, label="tools")
    shelf = Shelf(3, full=True)
    assert (shelf.width, shelf.label, shelf.full) == (3, "none", True)


@pytest.mark.parametrize(
    ("places", "names"),
    [
        ((), {}),
        ((1, "a", True, 4), {}),
        ((1,), {"width": 2}),
        ((1,), {"depth": 2}),
        ((1, "a", True), {"x": 1}),
    ],
)
def test_missing_surplus_and_repeated_arguments_are_type_errors(
    places: tuple[object, ...], names: dict[str, object]
) -> None:
    with pytest.raises(TypeError, match="Shelf takes width, label, full"):
        SHELF(*places, **names)


def test_a_subclass_has_the_fields_of_its_base_in_front() -> None:
    cabinet = Cabinet(1, "a", False, 4)
    assert repr(cabinet) == "Cabinet(width=1, label='a', full=False, doors=4)"
    assert Cabinet(1).doors == 2
    assert cast("object", Cabinet(1)) != Shelf(1)


def test_what_is_frozen_has_slots_and_cannot_be_set_or_deleted() -> None:
    shelf = Shelf(1)
    with pytest.raises(AttributeError, match="Shelf is frozen"):
        cast("Any", shelf).width = 2
    with pytest.raises(AttributeError, match="Shelf is frozen"):
        del cast("Any", shelf).width
    assert shelf.width == 1
    assert not hasattr(shelf, "__dict__")


def test_what_is_frozen_hashes_by_its_fields() -> None:
    assert len({Shelf(1), Shelf(1, "none"), Shelf(2)}) == 2
    assert cast("object", AnyData()) != BufferOf()
    assert AnyData() == AnyData()


def test_records_are_copied_and_pickled() -> None:
    for record in (Shelf(1, full=True), ScalerUnit(-1, Unit.VOLTAGE)):
        assert copy.copy(record) == copy.deepcopy(record) == pickle.loads(pickle.dumps(record)) == record


def test_a_record_is_matched_by_place_and_replaced_by_name() -> None:
    match Shelf(1, "a"):
        case Shelf(width, label):
            assert (width, label) == (1, "a")
    assert Shelf(1, "a").__replace__(width=2) == Shelf(2, "a")  # what copy.replace() of Python 3.13 calls


def test_a_structure_is_a_dataclass_to_the_standard_library() -> None:
    voltage = ScalerUnit(-1, Unit.VOLTAGE)
    assert dataclasses.is_dataclass(voltage)
    assert dataclasses.asdict(voltage) == {"scaler": -1, "unit": Unit.VOLTAGE}
    assert [field.name for field in dataclasses.fields(CaptureObject)] == list(CaptureObject.__match_args__)
    assert dataclasses.replace(voltage, scaler=0) == ScalerUnit(0, Unit.VOLTAGE)
    assert repr(voltage) == f"ScalerUnit(scaler=-1, unit={Unit.VOLTAGE!r})"


def test_a_structure_may_change_and_therefore_has_no_hash() -> None:
    voltage = ScalerUnit(-1, Unit.VOLTAGE)
    voltage.scaler = 0
    assert voltage == ScalerUnit(0, Unit.VOLTAGE)
    with pytest.raises(TypeError, match="unhashable"):
        hash(voltage)
    with pytest.raises(AttributeError):
        cast("Any", voltage).prefix = "k"
