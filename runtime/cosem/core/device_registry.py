"""Devices that installed packages describe: the entry points of group ``cosem.overlays``, each a ``package:DEVICE``."""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import EntryPoint, entry_points

from cosem.core.device import Device
from cosem.core.errors import InvalidValueError

GROUP = "cosem.overlays"


def load_device(package: str) -> Device:
    """The ``DEVICE`` of a generated package. Raises InvalidValueError if there is none."""
    return _loaded(EntryPoint(package, f"{package}:DEVICE", GROUP))


def installed_devices() -> dict[str, Device]:
    """Every registered device by its name. Raises InvalidValueError if one is broken, or two have one name."""
    found: dict[str, Device] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        device = _loaded(point)
        if device.name in found:
            raise InvalidValueError(f"two installed packages describe {device.name}")
        found[device.name] = device
    return found


def installed_packages() -> dict[str, str]:
    """The import path of each registered package by the name of its device. Raises InvalidValueError as above."""
    found = {_loaded(point).name: point.module for point in entry_points(group=GROUP)}
    return dict(sorted(found.items()))


def recognise(
    devices: dict[str, Device], *, flag: str = "", device_name: str = "", firmware: str = ""
) -> Device | None:
    """The device that what is known of a meter fits; None if there is none.

    Raises InvalidValueError if more than one fits: which is right cannot be told.
    """
    fitting = [
        each for each in devices.values() if each.fits(flag=flag, device_name=device_name, firmware=firmware)
    ]
    if len(fitting) > 1:
        raise InvalidValueError(
            f"{', '.join(each.name for each in fitting)} all fit; they must differ in 'match'"
        )
    return fitting[0] if fitting else None


def _loaded(point: EntryPoint) -> Device:
    module, _, name = point.value.partition(":")
    try:
        found: object = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise InvalidValueError(f"{point.value} cannot be loaded: {error}") from error
    if not isinstance(found, Device):
        raise InvalidValueError(f"{point.value} is no device")
    return found
