"""A generated package as it is: what it says of a device, its classes, and the class that each object has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from typing import Final, cast

from cosem.core.access import CosemObject
from cosem.core.catalogue import Catalogue
from cosem.core.device import Device, DeviceObject
from cosem.core.device_registry import installed_packages, load_device
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.devices import NAMES

_SHIPPED: Final = "cosem.devices"
_OBJECTS: Final = "objects"


@dataclass(frozen=True, slots=True)
class DevicePackage:
    """``DEVICE`` and ``CATALOGUE`` of a package; ``objects`` has the objects of the list as attributes, by name."""

    device: Device
    catalogue: Mapping[tuple[int, int], type[CosemObject]]
    objects: type | None = None

    def object(self, row: DeviceObject, logical_name: LogicalName, open: Mapping[str, int]) -> CosemObject:
        """An object of a row, of the class that the package gives it: types that the row narrows are narrow there.

        Raises InvalidValueError if the package has no such class.
        """
        found: object = getattr(self.objects, row.name, None) or getattr(self.objects, f"{row.name}_", None)
        made: object = found(**open) if callable(found) and open else found
        if isinstance(made, CosemObject) and made.logical_name == logical_name:
            return made
        cls = self.catalogue.get((row.class_id, row.version))
        if cls is None:
            raise InvalidValueError(f"{row.name}: no class {row.class_id} version {row.version}")
        return cls(logical_name)


def load_package(package: str) -> DevicePackage:
    """The device of a generated package, by its import path. Raises InvalidValueError if it is none."""
    device = load_device(package)
    try:
        index: object = getattr(import_module(f"{package}._index"), "HOMES", None)
        catalogue: object = getattr(import_module(package), "CATALOGUE", None)
    except (ImportError, AttributeError) as error:
        raise InvalidValueError(f"{package} cannot be loaded: {error}") from error
    if not isinstance(catalogue, Catalogue) or not isinstance(index, dict):
        raise InvalidValueError(f"{package} is no package of a device: build it with cosem-codegen")
    objects: object = None
    for module, names in cast("dict[object, object]", index).items():
        if isinstance(module, str) and module.partition("_")[0] == _OBJECTS and isinstance(names, str):
            objects = getattr(import_module(f"{package}.{module}"), names.split()[0], None)
    return DevicePackage(device, catalogue, objects if isinstance(objects, type) else None)


def find_package(name: str) -> DevicePackage:
    """A device by its name, shipped or installed, or by the import path of its package.

    Raises InvalidValueError that names what is near, if there is none.
    """
    if name in NAMES:
        return load_package(f"{_SHIPPED}.{name}")
    installed = installed_packages()
    if name in installed:
        return load_package(installed[name])
    known = sorted({*NAMES, *installed})
    if _importable(name):
        try:
            return load_package(name)
        except InvalidValueError as error:
            if not isinstance(error.__cause__, ModuleNotFoundError):
                raise
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(known)}"
    raise InvalidValueError(f"no device {name!r}; {hint}")


def _importable(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
