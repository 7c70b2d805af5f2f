"""What a simulated meter measures, by name; every value is a function of time."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import cos, pi
from typing import Final, TypeAlias

from cosem.core.errors import InvalidValueError
from cosem.sim.blend import Through
from cosem.sim.clock import MeterClock
from cosem.sim.load import QUARTER
from cosem.sim.noise import smooth, unit

Number: TypeAlias = Callable[[float], float]
"""Seconds since 1970 in UTC → Wh, W, V, A, Hz, or a plain number."""

Moment: TypeAlias = Callable[[float], float]
"""The same, and what comes out is a time as well."""

_VOLTAGE, _SHARE, _FREQUENCY, _TEMPERATURE, _PRESSURE, _EVENTS = 11, 21, 31, 41, 51, 61
"""Seeds of what has noise, besides loads."""

_NUMBER: Final = re.compile(r"-?\d{1,12}(\.\d{1,12})?", re.ASCII)
_DAY: Final = 86_400
_YEAR: Final = 31_556_952
_COLDEST: Final = 15 * _DAY  # of the year
_LONGEST: Final = 12  # parts of a name
_HOURS_OF_MAXIMUM: Final = 220
"""Energy of a month by its highest demand, about."""

_TEMPERATURES: Final = {
    "ambient": (17.0, -3.0, 1.5),
    "gas": (12.0, -6.0, 1.0),
    "water": (12.0, -3.0, 0.5),
    "flow": (68.0, 6.0, 2.5),
    "return": (38.0, 6.0, 2.5),
    "difference": (30.0, 0.0, 0.0),
}
"""°C: the mean, how much winter exceeds it, and how far it wanders. What flows and what returns wander together."""


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
    ``current.n``, ``current.sum``            A, of the neutral, of all phases
    ``line_voltage``                          V, between two phases
    ``power_factor``                          of the supply
    ``temperature.ambient`` …                 °C: ambient, gas, water, flow, return, difference
    ``pressure``                              bar
    ``cumulative.LOAD``                       W, the sum of the highest demands of all months
    ``count.N``                               events so far, about N a year
    ``elapsed``                               s since the meter was installed
    ``constant.X``                            X
    ``month.NAME``, ``interval.NAME``         what NAME has grown by in this month, in the last quarter of an hour
    ``billing.K.NAME``                        what NAME was at the end of the K-th last month
    ========================================  =====================================================

    Times are ``start.quarter`` and ``end.quarter`` (of the last whole quarter of an hour) and ``maximum.LOAD``
    (the end of the quarter of the highest demand).
    """

    __slots__ = ("_clock", "_loads", "_maxima", "_seed", "_since", "_supply")

    def __init__(
        self,
        loads: Mapping[str, Through],
        supply: Supply,
        clock: MeterClock,
        seed: int,
        *,
        since: float = 0.0,
    ) -> None:
        self._loads = loads
        self._supply = supply
        self._clock = clock
        self._seed = seed
        self._since = since
        self._maxima: dict[str, _Maximum] = {}

    def number(self, name: str) -> Number:
        """What a name measures. Raises InvalidValueError if there is nothing of that name."""
        kind, *rest = name.split(".")
        if len(rest) > _LONGEST:
            raise InvalidValueError("a name of a source has too many parts")
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
            case "current", ["n"]:
                return lambda time: self._neutral(time)
            case "current", ["sum"]:
                return lambda time: sum(self._current(phase, time) for phase in range(self._supply.phases))
            case "current", [phase]:
                number = self._phase(phase)
                return lambda time: self._current(number, time)
            case "line_voltage", []:
                return lambda time: self._voltage(0, time) * 3**0.5
            case "power_factor", []:
                return lambda time: self._supply.power_factor
            case "frequency", []:
                return lambda time: self._supply.frequency + 0.03 * smooth(self._seed + _FREQUENCY, time / 60)
            case "tariff", [load]:
                held = self._load(load)
                return lambda time: float(held.tariff(time))
            case _:
                return self._further(name, kind, rest)

    def _further(self, name: str, kind: str, rest: list[str]) -> Number:
        """What is not electricity, and what another has been."""
        match kind, rest:
            case "cumulative", [load]:
                held = self._load(load)
                return lambda time: held.energy(self._month(time)) / _HOURS_OF_MAXIMUM
            case "temperature", [which] if which in _TEMPERATURES:
                return lambda time: self._temperature(which, time)
            case "pressure", []:
                seed = self._seed + _PRESSURE
                return lambda time: 1.02 + 0.02 * smooth(seed, time / 7200)
            case "count", [per_year] if per_year.isdecimal() and len(per_year) < 7:
                return lambda time: self._count(int(per_year), time)
            case "elapsed", []:
                return lambda time: max(time - self._since, 0.0)
            case "constant", [_, *_]:
                value = _constant(".".join(rest), name)
                return lambda time: value
            case "month", [_, *_]:
                grown = self.number(".".join(rest))
                return lambda time: grown(time) - grown(self._month(time))
            case "interval", [_, *_]:
                inner = self.number(".".join(rest))
                return lambda time: inner(_quarter(time)) - inner(_quarter(time) - QUARTER)
            case "billing", [back, *further] if back.isdecimal() and len(back) < 4 and further:
                once, months = self.number(".".join(further)), int(back)
                return lambda time: once(self._month(time, months))
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

    def _load(self, name: str) -> Through:
        load = self._loads.get(name)
        if load is None:
            raise InvalidValueError(f"no load {name!r}; there are {', '.join(self._loads)}")
        return load

    def _phase(self, name: str) -> int:
        names = [f"l{number}" for number in range(1, self._supply.phases + 1)]
        if name not in names:
            raise InvalidValueError(f"no phase {name!r}; there are {', '.join(names)}")
        return names.index(name)

    def _month(self, time: float, back: int = 1) -> float:
        """When the month began that was the last one ``back`` months ago; 1 is this month."""
        day = self._clock.date(time).replace(day=1)
        months = day.year * 12 + day.month - back
        return max(self._clock.midnight(day.replace(year=months // 12, month=months % 12 + 1)), 0.0)

    def _temperature(self, which: str, time: float) -> float:
        mean, winter, wanders = _TEMPERATURES[which]
        season = cos(2 * pi * (time - _COLDEST) / _YEAR)
        return mean + winter * season + wanders * smooth(self._seed + _TEMPERATURE, time / 3600)

    def _count(self, per_year: int, time: float) -> float:
        """One event in each equal part of a year, at some time within it."""
        parts = max(time - self._since, 0.0) * per_year / _YEAR
        whole = int(parts)
        return whole + (parts - whole >= unit(self._seed + _EVENTS + per_year, whole))

    def _neutral(self, time: float) -> float:
        currents = [self._current(phase, time) for phase in range(self._supply.phases)]
        return currents[0] if len(currents) == 1 else max(currents) - min(currents)

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

    def __init__(self, load: Through, clock: MeterClock) -> None:
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


def _quarter(time: float) -> float:
    return time // QUARTER * QUARTER


def _constant(text: str, name: str) -> float:
    if _NUMBER.fullmatch(text) is None:
        raise InvalidValueError(f"nothing measures {name!r}")
    return float(text)
