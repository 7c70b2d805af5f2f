"""Numbers that look like chance and are a function of what they are asked for."""

from __future__ import annotations

from typing import Final

_MASK: Final = (1 << 64) - 1
_STEP: Final = 0x9E3779B97F4A7C15
_FIRST: Final = 0xBF58476D1CE4E5B9
_SECOND: Final = 0x94D049BB133111EB
_SCALE: Final = 2.0**-64


def mix(seed: int, number: int) -> int:
    """64 well mixed bits of two numbers, the same every time."""
    x = (seed + number * _STEP) & _MASK
    x = ((x ^ x >> 30) * _FIRST) & _MASK
    x = ((x ^ x >> 27) * _SECOND) & _MASK
    return x ^ x >> 31


def unit(seed: int, number: int) -> float:
    """The same as a number from 0 to 1; written out, as loads ask for it all the time."""
    x = (seed + number * _STEP) & _MASK
    x = ((x ^ x >> 30) * _FIRST) & _MASK
    x = ((x ^ x >> 27) * _SECOND) & _MASK
    return (x ^ x >> 31) * _SCALE


def smooth(seed: int, position: float) -> float:
    """From -1 to 1, and without jumps: between integers it runs from one chance to the next."""
    whole = int(position // 1)
    part = position - whole
    before, after = unit(seed, whole), unit(seed, whole + 1)
    return 2 * (before + (after - before) * part * part * (3 - 2 * part)) - 1
