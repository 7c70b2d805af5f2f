"""Whoever misses an object of a shipped device is told whether its sources lack it."""

from __future__ import annotations

import pytest
from tests.devices.overlays import overlays

from cosem.core.device_registry import load_device
from cosem.devices import NAMES


@pytest.mark.parametrize("name", NAMES)
def test_a_shipped_device_says_where_its_public_sources_end(name: str) -> None:
    said = load_device(f"cosem.devices.{name}").ends
    assert said.endswith(".")
    assert said == overlays()[name].ends
