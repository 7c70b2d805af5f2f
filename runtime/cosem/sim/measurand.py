"""What a register of an object list measures: from its OBIS code and its unit to a source, a scale and a type.

The words of :func:`cosem.obis.describe` say what a code is, so what the tables of the spec know is known here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from cosem.core.obis import LogicalName
from cosem.core.quantity import HasSymbol
from cosem.core.tags import NUMBER_FORMATS, Tag
from cosem.model.types.units import Unit
from cosem.obis import describe

_TARIFF: Final = re.compile(r"tariff (\d+)")
_PHASE: Final = re.compile(r"\bL([123])\b(?!-)")
_ANGLE: Final = re.compile(r"angle of ([UI])\(L(\d)\) to ([UI])\(L(\d)\)")
_RECENT: Final = 100
_CURRENT: Final = 255
_MEDIA: Final = ("gas", "heat", "water", "hot_water")
"""What the meters on the channels of an M-Bus measure, from channel 1 on."""


@dataclass(frozen=True, slots=True)
class Dimension:
    """Units that measure the same: ``natural`` is that of the source, ``scaler`` and ``typical`` what is usual."""

    natural: Unit
    scaler: int
    typical: str
    factors: tuple[tuple[Unit, float], ...] = ()
    signed: bool = False
    wide: bool = False

    def factor(self, unit: int) -> float | None:
        """Counts of ``unit`` in one natural unit; None if it measures something else."""
        return 1.0 if unit == self.natural else dict(self.factors).get(Unit(unit))


ENERGY: Final = Dimension(
    Unit.ACTIVE_ENERGY,
    0,
    "energy.import",
    ((Unit.REACTIVE_ENERGY, 1), (Unit.APPARENT_ENERGY, 1), (Unit.ENERGY, 3600)),
    wide=True,
)
POWER: Final = Dimension(
    Unit.ACTIVE_POWER,
    0,
    "power.import",
    ((Unit.REACTIVE_POWER, 1), (Unit.APPARENT_POWER, 1), (Unit.THERMAL_POWER, 3600)),
    wide=True,
)
VOLTAGE: Final = Dimension(Unit.VOLTAGE, -1, "voltage.l1")
CURRENT: Final = Dimension(Unit.CURRENT, -2, "current.l1")
FREQUENCY: Final = Dimension(Unit.FREQUENCY, -2, "frequency")
ANGLE: Final = Dimension(Unit.PHASE_ANGLE, -1, "constant.120")
VOLUME: Final = Dimension(
    Unit.VOLUME, -3, "energy.water", ((Unit.CORRECTED_VOLUME, 1), (Unit.VOLUME_LITRE, 1000)), wide=True
)
FLOW: Final = Dimension(
    Unit.VOLUME_FLUX,
    -3,
    "power.water",
    (
        (Unit.CORRECTED_VOLUME_FLUX, 1),
        (Unit.VOLUME_FLUX_PER_DAY, 24),
        (Unit.CORRECTED_VOLUME_FLUX_PER_DAY, 24),
    ),
    wide=True,
)
TEMPERATURE: Final = Dimension(
    Unit.TEMPERATURE, -1, "temperature.ambient", ((Unit.TEMPERATURE_KELVIN, 1),), signed=True
)
PRESSURE: Final = Dimension(Unit.PRESSURE_BAR, -3, "pressure", ((Unit.PRESSURE, 100_000),))
SECONDS: Final = Dimension(
    Unit.SECOND,
    0,
    "constant.180",
    (
        (Unit.MINUTE, 1 / 60),
        (Unit.HOUR, 1 / 3600),
        (Unit.DAY, 1 / 86_400),
        (Unit.WEEK, 1 / 604_800),
        (Unit.MONTH, 1 / 2_629_746),
        (Unit.YEAR, 1 / 31_556_952),
    ),
    wide=True,
)
PERCENT: Final = Dimension(Unit.PERCENTAGE, -1, "constant.2.5")
SIGNAL: Final = Dimension(Unit.SIGNAL_STRENGTH, 0, "constant.-71", signed=True)
MASS: Final = Dimension(Unit.MASS, -1, "energy.water", wide=True)
COUNT: Final = Dimension(Unit.COUNT, 0, "count.7")
RATIO: Final = Dimension(Unit.COUNT, -3, "power_factor")

_DIMENSIONS: Final = (
    *(ENERGY, POWER, VOLTAGE, CURRENT, FREQUENCY, ANGLE, VOLUME, FLOW, TEMPERATURE, PRESSURE),
    *(SECONDS, PERCENT, SIGNAL, MASS, COUNT),
)
_SIGNED: Final = (Tag.LONG, Tag.DOUBLE_LONG, Tag.LONG64)
_UNSIGNED: Final = (Tag.LONG_UNSIGNED, Tag.DOUBLE_LONG_UNSIGNED, Tag.LONG64_UNSIGNED)
"""By how many digits there are: a scaler finer than is usual needs more."""
_KELVIN: Final = 273.15
_FEWEST, _SPREAD = 5, 97
"""Events a year of what is only known to be counted; one object differs from the next."""


@dataclass(frozen=True, slots=True)
class Measurand:
    """A source of :mod:`cosem.sim.sources` and how a register shows it.

    The shown number is (source × ``factor`` + ``offset``) / 10^``scaler``, in ``unit`` (its number in the books),
    carried by ``tag`` where the class leaves the type open. ``counts`` says that it only grows: it rolls over
    where its type ends.
    """

    source: str
    unit: int
    scaler: int
    tag: Tag
    factor: float = 1.0
    offset: float = 0.0
    counts: bool = False

    @property
    def constant(self) -> float | None:
        """The value, if it stands still."""
        kind, _, value = self.source.partition(".")
        return float(value) * self.factor + self.offset if kind == "constant" else None


def measurand(
    code: LogicalName, unit: int | None = None, scaler: int | None = None, *, tariffs: int = 4
) -> Measurand:
    """What a register of this code shows; ``unit`` and ``scaler`` where its list says them.

    A unit that does not fit the code goes first. Tariffs above ``tariffs`` are not in use and stand at 0.
    """
    source, dimension = _measured(code, tariffs)
    factor = None if unit is None else dimension.factor(unit)
    if unit is not None and factor is None:
        dimension = next((each for each in _DIMENSIONS if each.factor(unit) is not None), COUNT)
        source, factor = dimension.typical, dimension.factor(unit) or 1.0
        if dimension is COUNT:
            source = f"count.{_FEWEST + sum(code) % _SPREAD}"
    natural = _natural(source, dimension)
    shown = natural if unit is None else unit
    scale = dimension.scaler if scaler is None else scaler
    return Measurand(
        source,
        shown,
        scale,
        _tag(source, dimension, scale),
        factor or 1.0,
        _KELVIN if shown == Unit.TEMPERATURE_KELVIN else 0.0,
        counts=source.split(".")[0] in ("energy", "count", "elapsed") and "net" not in source,
    )


def _natural(source: str, dimension: Dimension) -> int:
    """The unit of a source where no list says one: reactive and apparent quantities have their own."""
    for word, energy, power in (
        ("reactive", Unit.REACTIVE_ENERGY, Unit.REACTIVE_POWER),
        ("apparent", Unit.APPARENT_ENERGY, Unit.APPARENT_POWER),
    ):
        if word in source:
            return energy if dimension is ENERGY else power if dimension is POWER else dimension.natural
    return dimension.natural


def _tag(source: str, dimension: Dimension, scaler: int) -> Tag:
    size = (1 if dimension.wide else 0) + (1 if scaler < dimension.scaler - 1 else 0)
    return (_SIGNED if dimension.signed or "net" in source else _UNSIGNED)[size]


def _measured(code: LogicalName, tariffs: int) -> tuple[str, Dimension]:
    source, dimension = _by_words(code.having(f=_CURRENT), tariffs)
    kind = source.partition(".")[0]
    if code.f == _CURRENT or kind in ("constant", "tariff"):
        return source, dimension
    back = code.f - _RECENT if _RECENT < code.f < _RECENT + 27 else code.f % 12 + 1
    return f"billing.{back}.{source}", dimension


@cache
def _by_words(code: LogicalName, tariffs: int) -> tuple[str, Dimension]:
    words = describe(code)
    if code.a == 1 or code.a == 2:
        return _electricity(words, tariffs)
    if code.a == 0:
        return _abstract(code, words)
    return _pipe(_medium(code.a), words)


def _electricity(words: str, tariffs: int) -> tuple[str, Dimension]:
    phase = _PHASE.search(words)
    line = f"l{phase[1]}" if phase else "l1"
    load = _load(words)
    if any(word in words for word in ("threshold", "occurrences", "magnitude", "duration")):
        return _limit(words)
    if load is not None:
        return _through(load, line if phase else "", words, tariffs)
    if "distortion" in words or "harmonic" in words:
        return "constant.2.5", PERCENT
    if "sum of phase currents" in words:
        return "current.sum", CURRENT
    if words.startswith("current"):
        return ("current.n" if "neutral" in words else f"current.{line}"), CURRENT
    if words.startswith("voltage"):
        return (f"voltage.{line}" if "L1-" not in words and "-L" not in words else "line_voltage"), VOLTAGE
    if "power factor" in words:
        return "power_factor", RATIO
    if "frequency" in words:
        return "frequency", FREQUENCY
    if angle := _ANGLE.search(words):
        between = (int(angle[2]) - int(angle[4])) * 120 + (16 if angle[1] != angle[3] else 0)
        return f"constant.{between % 360}", ANGLE
    return _counter(words)


def _load(words: str) -> str | None:
    """The load that a quantity is of, without its phase."""
    kind, _, rest = words.partition(" ")
    if not rest.startswith(("energy", "power")):
        return None
    part = next((f"q{len(q)}" for q in ("III", "II") if f" Q{q}" in rest), "")
    part = part or ("q4" if " QIV" in rest else "q1" if " QI" in rest else "")
    export = "export" in rest or "capacitive" in rest
    direction = part or ("export" if export else "import")
    match kind:
        case "active":
            return next((word for word in ("absolute", "net") if word in rest), direction)
        case "reactive" | "apparent":
            return f"{kind}_{direction}"
        case _:
            return None


def _through(load: str, phase: str, words: str, tariffs: int) -> tuple[str, Dimension]:
    """Energy, power or demand of a load, or of one phase of it."""
    if phase and "instantaneous" in words:
        return f"power.{load}.{phase}", POWER
    load = f"{load}_{phase}" if phase else load
    tariff = _TARIFF.search(words)
    number = int(tariff[1]) if tariff else 0
    of = f".{number}" if number else ""
    if number > tariffs:
        return "constant.0", ENERGY if "energy" in words else POWER
    if "time integral 2" in words:
        return f"month.energy.{load}{of}", ENERGY
    if "time integral 5" in words or "time integral 6" in words:
        return f"interval.energy.{load}{of}", ENERGY
    if "time integral" in words:
        return f"energy.{load}{of}", ENERGY
    if "cumulative" in words:
        return f"cumulative.{load}", POWER
    if "current average" in words:
        return f"demand.{load}.running", POWER
    if "average" in words:
        return f"demand.{load}.last", POWER
    if "maximum" in words:
        return f"demand.{load}.maximum", POWER
    return ("constant.90" if "minimum" in words else f"power.{load}"), POWER


def _limit(words: str) -> tuple[str, Dimension]:
    """Thresholds, and how often and how long something was beyond them."""
    if "occurrences" in words:
        return "count.40", COUNT
    if "duration" in words or "time threshold" in words:
        return "constant.180", SECONDS
    low = "under" in words or "missing" in words
    if words.startswith("voltage"):
        return ("constant.207" if low else "constant.253"), VOLTAGE
    if words.startswith("current"):
        return ("constant.0.1" if low else "constant.60"), CURRENT
    return ("constant.100" if low else "constant.17250"), POWER


def _abstract(code: LogicalName, words: str) -> tuple[str, Dimension]:
    if words.startswith("M-Bus value"):
        medium = _MEDIA[(code.b - 1) % len(_MEDIA)]
        return f"energy.{medium}", ENERGY if medium == "heat" else VOLUME
    if "temperature" in words:
        return "temperature.ambient", TEMPERATURE
    if "pressure" in words:
        return "constant.1.013", PRESSURE
    if "humidity" in words:
        return "constant.48", PERCENT
    if "voltage" in words:
        return "constant.3.6", VOLTAGE
    if "field strength" in words:
        return "constant.-71", SIGNAL
    if "remaining use time" in words:
        return "constant.252460800", SECONDS
    if "operating time" in words or "use time" in words:
        return "elapsed", SECONDS
    if "duration" in words or words.startswith("time ") or "time threshold" in words:
        return "constant.180", SECONDS
    return _counter(words)


def _counter(words: str) -> tuple[str, Dimension]:
    if "active tariff" in words:
        return "tariff.import", COUNT
    if words.startswith("number of") or "counter" in words:
        return "count.30", COUNT
    if any(word in words for word in ("register", "status", "alarm", "error", "signals")):
        return "constant.0", COUNT
    return "constant.1", COUNT


def _medium(a: int) -> str:
    return {5: "heat", 6: "heat", 7: "gas", 9: "hot_water"}.get(a, "water")


def _pipe(medium: str, words: str) -> tuple[str, Dimension]:
    """Gas, water, heat and cold."""
    if "energy" in words:
        return (f"energy.{medium}" if medium == "heat" else "energy.gas_energy"), ENERGY
    if "temperature" in words:
        which = next((word for word in ("flow", "return", "difference") if word in words), "water")
        return f"temperature.{'gas' if medium == 'gas' else which}", TEMPERATURE
    if "pressure" in words:
        return "pressure", PRESSURE
    volume = "heat_volume" if medium == "heat" else medium
    if "flow rate" in words:
        return f"power.{volume}", FLOW
    if "volume" in words:
        if "reverse" in words:
            return "constant.0", VOLUME
        if "current measurement period" in words or "current billing period" in words:
            return f"month.energy.{volume}", VOLUME
        return (f"interval.energy.{volume}" if "difference" in words else f"energy.{volume}"), VOLUME
    if "mass" in words:
        return f"energy.{volume}", MASS
    if "power" in words:
        return "power.heat", POWER
    return ("count.100", COUNT) if "integral" in words else ("constant.1", RATIO)


def unit_number(unit: HasSymbol | None) -> int | None:
    """The number of a unit in the books."""
    return int(unit) if isinstance(unit, int) else None


def tag_for(shown: Measurand, tag: int) -> Measurand:
    """The same carried by another tag, if that is a number's."""
    return replace(shown, tag=Tag(tag)) if tag in NUMBER_FORMATS else shown
