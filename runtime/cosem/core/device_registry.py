"""Devices that are described: by packages of ``cosem.devices``, and by installed ones.

Installed packages register under the entry points of group ``cosem.overlays``, each as ``package:DEVICE``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import cast

from cosem.core.catalogue import Catalogue
from cosem.core.device import Device
from cosem.core.errors import InvalidValueError

GROUP = "cosem.overlays"
_SHIPPED = "cosem.devices"


@dataclass(frozen=True, slots=True)
class DescribedDevice:
    """A device and the package that describes it; ``installed`` if it registers itself."""

    device: Device
    package: str
    installed: bool = False

    @property
    def catalogue(self) -> Catalogue:
        """(class id, version) → class, and the classes of objects whose types the device prescribes.

        Raises InvalidValueError if the package has none.
        """
        return _catalogue(self.package)


def load_device(package: str) -> Device:
    """The ``DEVICE`` of a generated package. Raises InvalidValueError if there is none."""
    return _loaded(EntryPoint(package, f"{package}:DEVICE", GROUP))


def installed_devices() -> dict[str, Device]:
    """Every registered device by its name. Raises InvalidValueError if one is broken, or two have one name."""
    return {name: each.device for name, each in _installed().items()}


def described_devices() -> dict[str, DescribedDevice]:
    """Every device that comes with cosem or is installed, by its name; of one name the installed one.

    Raises InvalidValueError as :func:`installed_devices`.
    """
    found = {
        name: DescribedDevice(load_device(package), package)
        for name, package in ((name, f"{_SHIPPED}.{name}") for name in _shipped())
    }
    return found | _installed()


def shipped_catalogues() -> dict[str, Catalogue]:
    """The classes of each device that comes with cosem, by its name; no object list is loaded for it."""
    return {name: _catalogue(f"{_SHIPPED}.{name}") for name in _shipped()}


def known_devices() -> dict[str, Device]:
    """The same, without the packages: what ``identify`` of a client chooses from."""
    return {name: each.device for name, each in described_devices().items()}


def find_device(name: str) -> Device:
    """The device of a name, as :func:`described_device` finds it."""
    return described_device(name).device


def described_device(name: str) -> DescribedDevice:
    """A device with its package: by its name, of one name the installed one, or by the import path of the package.

    Raises InvalidValueError that names what is near, if there is none.
    """
    installed, shipped = _installed(), _shipped()
    if name in installed:
        return installed[name]
    if name in shipped:
        package = f"{_SHIPPED}.{name}"
        return DescribedDevice(load_device(package), package)
    if all(part.isidentifier() for part in name.split(".")):
        try:
            return DescribedDevice(load_device(name), name)
        except InvalidValueError as error:
            if not isinstance(error.__cause__, ModuleNotFoundError):
                raise
    known = sorted({*installed, *shipped})
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    raise InvalidValueError(f"no device {name!r}; {hint}")


def recognise(
    devices: Mapping[str, Device], *, flag: str = "", device_name: str = "", firmware: str = ""
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


def _shipped() -> tuple[str, ...]:
    return cast("tuple[str, ...]", _attribute(_SHIPPED, "NAMES"))


def _installed() -> dict[str, DescribedDevice]:
    found: dict[str, DescribedDevice] = {}
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        device = _loaded(point)
        if device.name in found:
            raise InvalidValueError(f"two installed packages describe {device.name}")
        found[device.name] = DescribedDevice(device, point.value.partition(":")[0], installed=True)
    return found


def _catalogue(package: str) -> Catalogue:
    found = _attribute(package, "CATALOGUE")
    if not isinstance(found, Catalogue):
        raise InvalidValueError(f"{package}:CATALOGUE is no catalogue")
    return found


def _loaded(point: EntryPoint) -> Device:
    module, _, name = point.value.partition(":")
    found = _attribute(module, name)
    if not isinstance(found, Device):
        raise InvalidValueError(f"{point.value} is no device")
    return found


def _attribute(module: str, name: str) -> object:
    try:
        found: object = getattr(import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise InvalidValueError(f"{module}:{name} cannot be loaded: {error}") from error
    return found
