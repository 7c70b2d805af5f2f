"""Simulated meters: described in YAML or out of a device's package, moved by a clock, served like real ones."""

from __future__ import annotations

from cosem.sim.device_file import device_file
from cosem.sim.device_package import DevicePackage, find_package
from cosem.sim.fleet import Fleet
from cosem.sim.located import MeterFileError
from cosem.sim.meter import Meter
from cosem.sim.meter_file import METERS, MeterFile, load_meter_file, read_meter
from cosem.sim.pushing import push_body

__all__ = [
    "METERS",
    "DevicePackage",
    "Fleet",
    "Meter",
    "MeterFile",
    "MeterFileError",
    "device_file",
    "find_package",
    "load_meter_file",
    "push_body",
    "read_meter",
]
