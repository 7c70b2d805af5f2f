"""The Dutch chain: its devices by name, and what the tests of its rules ask of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module

from cosem.core.bits import Bits
from cosem.core.device import Device
from cosem.core.enums import OpenEnum
from cosem.devices import dsmr_2_2, dsmr_4_2_2, smr_4_3, smr_5_0, smr_5_1, smr_5_2, smr_5_5

CHAIN: dict[str, Device] = {
    "dsmr_2_2": dsmr_2_2.DEVICE,
    "dsmr_4_2_2": dsmr_4_2_2.DEVICE,
    "smr_4_3": smr_4_3.DEVICE,
    "smr_5_0": smr_5_0.DEVICE,
    "smr_5_1": smr_5_1.DEVICE,
    "smr_5_2": smr_5_2.DEVICE,
    "smr_5_5": smr_5_5.DEVICE,
}
VERSIONS = list(CHAIN)
SMR_5 = VERSIONS[3:]


def since(first: str, last: str = "") -> list[str]:
    """The versions from ``first`` on, to ``last``."""
    return VERSIONS[VERSIONS.index(first) : VERSIONS.index(last) + 1 if last else None]


def events(version: str, name: str) -> dict[int, str]:
    """An enumeration of a version: names by number."""
    found = getattr(import_module(f"cosem.devices.{version}"), name)
    assert issubclass(found, OpenEnum)
    return {int(each): each.name.lower() for each in found}


def bits(version: str, name: str) -> dict[int, str]:
    """Bits of a version: names by position in a number."""
    found = getattr(import_module(f"cosem.devices.{version}"), name)
    assert issubclass(found, Bits)
    return {mask.bit_length() - 1: text for mask, text in found.NAMES.items()}


def channels(codes: Iterable[int], step: int = 10) -> Iterator[int]:
    """Codes of the first M-Bus channel, and those of the other three."""
    return (code + step * channel for channel in range(4) for code in codes)
