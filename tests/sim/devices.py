"""Devices to make meters of: all that are shipped, in each variant, and one with every class there is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tests.model.memory_link import associated
from tests.sim.world import at

from cosem.client import NO_AUTHENTICATION, Authentication, Client
from cosem.core.device import Device, DeviceObject, ObisPattern
from cosem.core.origin import Origin
from cosem.devices import NAMES
from cosem.model import CATALOGUE
from cosem.sim import DevicePackage, Meter, MeterFile, device_file, find_package
from cosem.sim.meter_file import AssociationSpec

PASSWORD = "87654321"
NOON = at(2025, 6, 15, 10, 7, 3)
ORIGIN = Origin("Test", "no source", "")


@dataclass(frozen=True)
class Kind:
    """A device in one variant."""

    package: DevicePackage
    variant: str

    def __str__(self) -> str:
        return f"{self.package.device.name} {self.variant}".strip()

    def file(self, *, unprotected: bool = True) -> MeterFile:
        return device_file(self.package, self.variant, password=PASSWORD, unprotected=unprotected)

    def meter(self, seed: int = 1) -> Meter:
        return Meter(self.file(), now=lambda: NOON, seed=seed)


def every_class() -> DevicePackage:
    """A device with an object of each class version, under codes that no table knows."""
    rows = tuple(
        DeviceObject(
            f"class_{number}_{version}",
            ObisPattern(f"0.{version}.128.{number}.0.255"),
            number,
            version,
            ORIGIN,
        )
        for number, version in CATALOGUE
        if number < 256
    )
    return DevicePackage(Device("every_class", "Every class", objects=rows), CATALOGUE)


def kinds() -> Iterator[Kind]:
    """Shipped devices by variant, then the one with every class."""
    for package in [*(find_package(name) for name in NAMES), every_class()]:
        for variant in package.device.variants or ("",):
            yield Kind(package, variant)


def client_of(meter: Meter, spec: AssociationSpec) -> Client:
    """A client that has opened this association."""
    authentication = NO_AUTHENTICATION if spec.password is None else Authentication.low(PASSWORD)
    server = meter.file.sap if spec.server is None else spec.server
    return associated(meter.device(), spec.client, server, authentication)
