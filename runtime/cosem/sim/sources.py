"""What a simulated meter measures, by name; every value is a function of time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from cosem.core.errors import InvalidValueError
from cosem.sim.clock import MeterClock
from cosem.sim.load import QUARTER, Load
from cosem.sim.noise import smooth

Number: TypeAlias = Callable[[float], float]
"""Seconds since 1970 in UTC → Wh, W, V, A, Hz, or a plain number."""

Moment: TypeAlias = Callable[[float], float]
"""The same, and what comes out is a time as well."""

_VOLTAGE, _SHARE, _FREQUENCY = 11, 21, 31
"""Seeds of what has noise, besides loads."""


@dataclass(frozen=True, slots=True)
class Supply:
    """The mains: nominal ``voltage`` (V) and ``frequency`` (Hz), ``phases`` and the ``power_factor`` of what hangs on
    them."""

    phases: int = 1
    voltage: float = 230.0
    frequency: float = 50.0
    power_factor: float = 0.95


class Sources:
    """Names and what they measure.

    ========================================  =====================================================
    ``energy.LOAD``, ``energy.LOAD.TARIFF``   Wh since ever
    ``power.LOAD``, ``power.LOAD.l1`` …       W, of all or of one phase
    ``demand.LOAD.running``                   W, mean of the present quarter of an hour, so far
    ``demand.LOAD.last``                      W, mean of the last one
    ``demand.LOAD.maximum``                   W, the highest of the present month
    ``voltage.l1``, ``current.l1`` …          V, A
    ``frequency``                             Hz
    ``tariff.LOAD``                           the number of the present tariff
    ========================================  =====================================================

    Times are ``start.quarter`` and ``end.quarter`` (of the last whole quarter of an hour) and ``maximum.LOAD``
    (the end of the quarter of the highest demand).
    """

    __slots__ = ("_clock", "_loads", "_maxima", "_seed", "_supply")

    def __init__(self, loads: Mapping[str, Load], supply: Supply, clock: MeterClock, seed: int) -> None:
        self._loads = loads
        self._supply = supply
        self._clock = clock
        self._seed = seed
        self._maxima: dict[str, _Maximum] = {}

    def number(self, name: str) -> Number:
        """What a name measures. Raises InvalidValueError if there is nothing of that name."""
        kind, *rest = name.split(".")
        match kind, rest:
            case "energy", [load]:
                return self._load(load).energy
            case "energy", [load, tariff] if tariff.isdigit() and int(tariff) in self._load(load).tariffs:
                held, of = self._load(load), int(tariff)
                return lambda time: held.energy(time, of)
            case "power", [load]:
                return self._load(load).power
            case "power", [load, phase]:
                held, number = self._load(load), self._phase(phase)
                return lambda time: held.power(time) * self._share(number, time)
            case "demand", [load, "running"]:
                held = self._load(load)
                return lambda time: held.mean_power(time // QUARTER * QUARTER, time)
            case "demand", [load, "last"]:
                held = self._load(load)
                return lambda time: held.mean_power(
                    time // QUARTER * QUARTER - QUARTER, time // QUARTER * QUARTER
                )
            case "demand", [load, "maximum"]:
                maximum = self._maximum(load)
                return lambda time: maximum.until(time)[0]
            case "voltage", [phase]:
                number = self._phase(phase)
                return lambda time: self._voltage(number, time)
            case "current", [phase]:
                number = self._phase(phase)
                return lambda time: self._current(number, time)
            case "frequency", []:
                return lambda time: self._supply.frequency + 0.03 * smooth(self._seed + _FREQUENCY, time / 60)
            case "tariff", [load]:
                held = self._load(load)
                return lambda time: float(held.tariff(time))
            case _:
                raise InvalidValueError(f"nothing measures {name!r}")

    def moment(self, name: str) -> Moment:
        """What time a name stands for. Raises InvalidValueError if there is none of that name."""
        match name.split("."):
            case ["start", "quarter"]:
                return lambda time: time // QUARTER * QUARTER - QUARTER
            case ["end", "quarter"]:
                return lambda time: time // QUARTER * QUARTER
            case ["maximum", load]:
                maximum = self._maximum(load)
                return lambda time: maximum.until(time)[1]
            case _:
                raise InvalidValueError(f"no time is called {name!r}")

    def _load(self, name: str) -> Load:
        load = self._loads.get(name)
        if load is None:
            raise InvalidValueError(f"no load {name!r}; there are {', '.join(self._loads)}")
        return load

    def _phase(self, name: str) -> int:
        names = [f"l{number}" for number in range(1, self._supply.phases + 1)]
        if name not in names:
            raise InvalidValueError(f"no phase {name!r}; there are {', '.join(names)}")
        return names.index(name)

    def _maximum(self, load: str) -> _Maximum:
        if load not in self._maxima:
            self._maxima[load] = _Maximum(self._load(load), self._clock)
        return self._maxima[load]

    def _voltage(self, phase: int, time: float) -> float:
        seed = self._seed + _VOLTAGE + phase
        return self._supply.voltage * (1 + 0.02 * smooth(seed, time / 600) + 0.004 * smooth(seed, time / 20))

    def _share(self, phase: int, time: float) -> float:
        weights = [
            1 + 0.6 * smooth(self._seed + _SHARE + each, time / 1800) for each in range(self._supply.phases)
        ]
        return weights[phase] / sum(weights)

    def _current(self, phase: int, time: float) -> float:
        power = sum(load.power(time) for load in self._loads.values() if load.active) * self._share(
            phase, time
        )
        return power / (self._voltage(phase, time) * self._supply.power_factor)


class _Maximum:
    """The highest demand of a month so far, worked out once for each quarter of an hour."""

    __slots__ = ("_clock", "_from", "_highest", "_load", "_seen")

    def __init__(self, load: Load, clock: MeterClock) -> None:
        self._load = load
        self._clock = clock
        self._from = self._seen = -1.0
        self._highest = 0.0, 0.0

    def until(self, time: float) -> tuple[float, float]:
        """The highest mean of a quarter, in W, and when that ended; 0 at the start of the month if there is none."""
        month = self._clock.midnight(self._clock.date(time).replace(day=1))
        last = time // QUARTER * QUARTER
        if self._from != month or last < self._seen:
            self._from = self._seen = month
            self._highest = 0.0, month
        while self._seen < last:
            end = self._seen + QUARTER
            self._highest = max(self._highest, (self._load.mean_power(self._seen, end), end))
            self._seen = end
        return self._highest
