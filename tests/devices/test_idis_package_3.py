"""IDIS package 3: next to nothing is public, and the package says so."""

from __future__ import annotations

from cosem.devices import idis_package_2
from cosem.devices.idis_package_3 import DEVICE


def test_it_stands_on_package_2_and_adds_nothing() -> None:
    assert set(DEVICE.extends) == {"idis_package_1", "idis_package_2"}
    assert DEVICE.objects == idis_package_2.DEVICE.objects
    assert DEVICE.associations == idis_package_2.DEVICE.associations
    assert DEVICE.push == idis_package_2.DEVICE.push


def test_it_is_known_to_be_taken_for_what_package_2_is() -> None:
    assert "relation to package 2" in DEVICE.ends
    assert "low confidence" in DEVICE.ends


def test_no_meter_is_recognised_as_one_of_package_3() -> None:
    assert not DEVICE.match
