"""Pushes that name no object, known by their shape: lists of devices, of the spec or of installed packages."""

from __future__ import annotations

from functools import cache

from cosem.core.data import Data
from cosem.core.device import Device
from cosem.core.device_registry import installed_devices, load_device
from cosem.core.push_list import PushList, PushValue


@cache
def _devices() -> tuple[Device, ...]:
    from cosem.devices import NAMES

    return (*(load_device(f"cosem.devices.{name}") for name in NAMES), *installed_devices().values())


def read_known(body: Data) -> tuple[str, list[PushValue]] | None:
    """The name of the device that pushes such a list, and what it says; None if none does, or more than one list fits.

    Only a list that names itself, by a version or a list id, is known by its shape: a count of elements alone may be
    anybody's.
    """
    fitting: list[tuple[str, PushList]] = [
        (device.name, known)
        for device in _devices()
        for known in device.push
        if known.texts and known.fits(body)
    ]
    if len(fitting) != 1:
        return None
    device, known = fitting[0]
    return device, known.read(body)
