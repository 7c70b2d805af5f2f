"""How much of a readout is taken."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReadoutLimits:
    """Bounds that are kept before anything more is stored; what exceeds one is damaged."""

    identification: int = 128
    """Octets of the identification line, line end included."""

    line: int = 8192
    """Octets of any other line: a text message of a P1 port has 2048 digits, a year of maxima about 700."""

    octets: int = 128 * 1024
    """Octets of one readout. A billing readout with its stored values has some ten thousand."""

    data_sets: int = 4096
    """Addresses in one readout."""


DEFAULT_READOUT_LIMITS = ReadoutLimits()
