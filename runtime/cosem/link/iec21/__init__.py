"""Readouts of IEC 62056-21: identification, data sets and end, as customer ports (P1) and optical heads send them."""

from __future__ import annotations

from cosem.link.iec21.events import CipheredReadout, DamagedReadout, Readout, ReadoutEvent
from cosem.link.iec21.limits import DEFAULT_READOUT_LIMITS, ReadoutLimits
from cosem.link.iec21.parser import ReadoutParser
from cosem.link.iec21.writing import encode_p1

__all__ = [
    "DEFAULT_READOUT_LIMITS",
    "CipheredReadout",
    "DamagedReadout",
    "Readout",
    "ReadoutEvent",
    "ReadoutLimits",
    "ReadoutParser",
    "encode_p1",
]
