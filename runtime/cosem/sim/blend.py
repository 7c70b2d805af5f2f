"""Loads that come of others: reactive energy of active, a phase of all three, the energy of gas of its volume."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

_PHASES: Final = ("l1", "l2", "l3")
_OTHER_QUADRANT: Final = 0.1


class Through(Protocol):
    """What has gone through by when; a :class:`~cosem.sim.load.Load` or a :class:`Blend`."""

    @property
    def active(self) -> bool:
        """Whether it makes the current."""
        ...

    @property
    def tariffs(self) -> tuple[int, ...]:
        """The tariffs that share it."""
        ...

    def tariff(self, time: float) -> int:
        """The tariff at a time."""
        ...

    def energy(self, time: float, tariff: int | None = None) -> float:
        """What has gone through up to a time, in one tariff or in all."""
        ...

    def power(self, time: float) -> float:
        """The power at a time."""
        ...

    def mean_power(self, start: float, end: float) -> float:
        """The mean power between two times."""
        ...


class Blend:
    """The weighted sum of loads, which all have the tariffs of the first."""

    __slots__ = ("_parts",)

    def __init__(self, parts: Sequence[tuple[float, Through]]) -> None:
        self._parts = tuple(parts)

    @property
    def active(self) -> bool:
        """Never: its parts make the current."""
        return False

    @property
    def tariffs(self) -> tuple[int, ...]:
        """The tariffs that share it."""
        return self._parts[0][1].tariffs

    def tariff(self, time: float) -> int:
        """The tariff at a time."""
        return self._parts[0][1].tariff(time)

    def energy(self, time: float, tariff: int | None = None) -> float:
        """What has gone through up to a time, in one tariff or in all."""
        return sum([weight * part.energy(time, tariff) for weight, part in self._parts])

    def power(self, time: float) -> float:
        """The power at a time."""
        return sum([weight * part.power(time) for weight, part in self._parts])

    def mean_power(self, start: float, end: float) -> float:
        """The mean power between two times."""
        return sum([weight * part.mean_power(start, end) for weight, part in self._parts])


def blend_weights(name: str, *, tangent: float, phases: int) -> Mapping[str, float] | None:
    """The weights of the loads in a derived one; None if ``name`` is none.

    With ``tangent``, reactive for active power: reactive import is the sum of its quadrants I and II, apparent power
    fits the power factor, a phase has its even share of all ``phases``. Quadrants are those of import (I, IV) and
    export (II, III).
    """
    base, _, phase = name.rpartition("_")
    if phase in _PHASES:
        whole = blend_weights(base, tangent=tangent, phases=phases) or {base: 1.0}
        return {load: weight / phases for load, weight in whole.items()}
    apparent = (1 + tangent * tangent) ** 0.5
    small = _OTHER_QUADRANT
    match name:
        case "absolute":
            return {"import": 1.0, "export": 1.0}
        case "net":
            return {"import": 1.0, "export": -1.0}
        case "q1" | "q4":
            return {"import": 1 - small if name == "q1" else small}
        case "q2" | "q3":
            return {"export": small if name == "q2" else 1 - small}
        case "reactive_q1" | "reactive_q4":
            return {"import": tangent * (1 - small if name == "reactive_q1" else small)}
        case "reactive_q2" | "reactive_q3":
            return {"export": tangent * (small if name == "reactive_q2" else 1 - small)}
        case "reactive_import":
            return {"import": tangent * (1 - small), "export": tangent * small}
        case "reactive_export":
            return {"import": tangent * small, "export": tangent * (1 - small)}
        case "apparent_import" | "apparent_export":
            return {name.removeprefix("apparent_"): apparent}
        case "heat_volume":
            return {"heat": 1 / 34_890}  # m³ for Wh, where the water comes back 30 K colder
        case "gas_energy":
            return {"gas": 11_200.0}  # Wh for m³
        case _:
            return None
