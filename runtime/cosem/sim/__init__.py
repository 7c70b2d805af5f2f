"""Simulated meters: described in YAML, moved by a clock, served like real ones."""

from __future__ import annotations

from cosem.sim.fleet import Fleet
from cosem.sim.located import MeterFileError
from cosem.sim.meter import Meter
from cosem.sim.meter_file import METERS, MeterFile, load_meter_file, read_meter

__all__ = ["METERS", "Fleet", "Meter", "MeterFile", "MeterFileError", "load_meter_file", "read_meter"]
