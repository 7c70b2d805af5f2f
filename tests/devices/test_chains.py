"""Devices that stand on others: what is the same is one thing, whichever package it is taken from."""

from __future__ import annotations

from importlib import import_module

import pytest

from cosem.core.device_registry import load_device
from cosem.core.enums import OpenEnum
from cosem.devices import NAMES

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


def test_what_one_event_is_called_it_is_called_by_every_maker_of_the_standard() -> None:
    standard = enumerations("spodes")["VoltageEvent"]
    assert all(enumerations(name)["VoltageEvent"] is standard for name in ("emis_elektra", "kpz_m2m"))


def enumerations(name: str) -> dict[str, type[OpenEnum]]:
    package = import_module(f"cosem.devices.{name}")
    found = {each: getattr(package, each) for each in package.__all__}
    return {
        each: value
        for each, value in found.items()
        if isinstance(value, type) and issubclass(value, OpenEnum)
    }
