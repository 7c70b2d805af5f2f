"""A device with its classes, and the class that each of its objects has."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.core.access import CosemObject
from cosem.core.catalogue import Catalogue
from cosem.core.device import Device, DeviceObject
from cosem.core.device_registry import described_device
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName


@dataclass(frozen=True, slots=True)
class DevicePackage:
    """``DEVICE`` and ``CATALOGUE`` of a generated package."""

    device: Device
    catalogue: Catalogue

    def object(self, row: DeviceObject, logical_name: LogicalName) -> CosemObject:
        """An object of a row, of the class that the package gives it: types that the row narrows are narrow there.

        Raises InvalidValueError if the package has no such class.
        """
        cls = self.catalogue.of_row(row)
        if cls is None:
            raise InvalidValueError(f"{row.name}: no class {row.class_id} version {row.version}")
        return cls(logical_name)


def find_package(name: str) -> DevicePackage:
    """A device as :func:`cosem.core.device_registry.described_device` finds it. Raises InvalidValueError."""
    found = described_device(name)
    return DevicePackage(found.device, found.catalogue)
