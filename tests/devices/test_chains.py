"""Devices that stand on others: what is the same is one thing, whichever package it is taken from."""

from __future__ import annotations

from importlib import import_module
from itertools import takewhile
from typing import TypeVar

import pytest

from cosem.core.access import CosemObject
from cosem.core.device_registry import described_device, load_device
from cosem.core.enums import OpenEnum
from cosem.devices import NAMES

T = TypeVar("T")

DEVICES = {name: load_device(f"cosem.devices.{name}") for name in NAMES}
PAIRS = [(upper, lower) for upper, device in DEVICES.items() for lower in device.extends]


def test_there_are_chains() -> None:
    assert {("emis_elektra", "spodes"), ("smr_5_5", "dsmr_2_2"), ("is_15959_3", "is_15959_1")} <= {*PAIRS}


@pytest.mark.parametrize(("upper", "lower"), PAIRS)
def test_an_entry_of_the_object_list_that_is_equal_is_the_same(upper: str, lower: str) -> None:
    below = {each.name: each for each in DEVICES[lower].objects}
    for each in DEVICES[upper].objects:
        known = below.get(each.name)
        assert known is None or known is each or known != each


@pytest.mark.parametrize(("upper", "lower"), PAIRS)
def test_an_enumeration_of_the_same_members_is_the_same(upper: str, lower: str) -> None:
    above, below = (enumerations(name) for name in (upper, lower))
    for name in above.keys() & below.keys():
        same = [*above[name].__members__.items()] == [*below[name].__members__.items()]
        assert (above[name] is below[name]) is same, name


@pytest.mark.parametrize(("upper", "lower"), PAIRS)
def test_a_class_of_the_same_attributes_and_methods_is_the_same(upper: str, lower: str) -> None:
    above, below = (exported(name, CosemObject) for name in (upper, lower))
    for name in above.keys() & below.keys():
        same = (above[name].ATTRIBUTES, above[name].METHODS) == (below[name].ATTRIBUTES, below[name].METHODS)
        assert (above[name] is below[name]) is same, name


@pytest.mark.parametrize(("upper", "lower"), PAIRS)
def test_an_object_list_that_begins_as_another_is_a_class_that_goes_on_from_its_class(
    upper: str, lower: str
) -> None:
    above, below = (objects_class(name) for name in (upper, lower))
    pairs = zip(listed(upper), listed(lower), strict=False)
    same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
    assert issubclass(above, below) is (same == len(listed(lower)))
    if same >= 60:
        assert {*above.__mro__} & {*below.__mro__} > {object}


def listed(name: str) -> list[tuple[object, ...]]:
    """What the class of a device's objects shows of each: their rights are not in it."""
    catalogue = described_device(name).catalogue
    return [
        (row.name, row.codes, row.mandatory, row.origin, catalogue.of_row(row))
        for row in DEVICES[name].objects
    ]


def objects_class(name: str) -> type:
    """The class that has the objects of a device: the one that is no interface class."""
    (found,) = (
        each
        for each in exported(name, object).values()
        if each.__module__.rpartition(".")[2].startswith("objects")
    )
    return found


def test_what_one_event_is_called_it_is_called_by_every_maker_of_the_standard() -> None:
    standard = enumerations("spodes")["VoltageEvent"]
    assert all(enumerations(name)["VoltageEvent"] is standard for name in ("emis_elektra", "kpz_m2m"))


def enumerations(name: str) -> dict[str, type[OpenEnum]]:
    return exported(name, OpenEnum)


def exported(name: str, kind: type[T]) -> dict[str, type[T]]:
    """What a device's package offers of one kind."""
    package = import_module(f"cosem.devices.{name}")
    found = {each: getattr(package, each) for each in package.__all__}
    return {
        each: value for each, value in found.items() if isinstance(value, type) and issubclass(value, kind)
    }
