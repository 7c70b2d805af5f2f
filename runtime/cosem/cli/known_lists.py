"""Devices by name, and pushes that are known by their shape: lists of devices, of the spec or of installed packages."""

from __future__ import annotations

from functools import cache

from cosem.core.data import Data
from cosem.core.device import Device
from cosem.core.device_registry import installed_devices, load_device
from cosem.core.errors import InvalidValueError


def device_named(name: str) -> Device:
    """A device of the spec or of an installed package. Raises InvalidValueError if there is none of that name."""
    found = next((each for each in _devices() if each.name == name), None)
    if found is None:
        known = ", ".join(each.name for each in _devices())
        raise InvalidValueError(f"there is no device {name!r}; there are {known}")
    return found


def devices_that_push(body: Data) -> list[Device]:
    """The devices that have such a list.

    Only a list that names itself, by a version or a list id, is known by its shape: a count of elements alone, or the
    codes in it, may be anybody's.
    """
    return [
        each for each in _devices() if any(known.names_itself and known.fits(body) for known in each.push)
    ]


@cache
def _devices() -> tuple[Device, ...]:
    from cosem.devices import NAMES

    return (*(load_device(f"cosem.devices.{name}") for name in NAMES), *installed_devices().values())
