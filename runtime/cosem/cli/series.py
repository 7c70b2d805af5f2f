"""Columns of a profile as series that can be drawn: readings that only rise are drawn as what they rise by."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from cosem.core.quantity import Quantity

if TYPE_CHECKING:
    from cosem.client import Profile

_HOUR: Final = 3600
_POWER_OF: Final = {"Wh": "W", "varh": "var", "VAh": "VA"}


@dataclass(frozen=True, slots=True)
class Series:
    """One column as numbers. ``labels`` are the first and the last time."""

    name: str
    unit: str
    values: list[float | None]
    labels: tuple[str, str]

    @property
    def is_flat(self) -> bool:
        """Whether there is nothing to be seen: one value throughout."""
        return len({value for value in self.values if value is not None}) <= 1


def series_of(found: Profile) -> list[Series]:
    """The columns that are numbers, in their order. Meter readings become the mean power between two rows."""
    rows = found.quantities
    clock = found.clock
    times = (
        [str(index) for index in range(1, len(rows) + 1)]
        if clock is None
        else [str(row[clock])[:16] for row in rows]
    )
    made: list[Series] = []
    for index, column in enumerate(found.columns):
        values = [_number(row[index]) for row in rows]
        if column.is_clock or all(value is None for value in values):
            continue
        unit = "" if column.scaler_unit is None else column.scaler_unit.unit.symbol
        power = _POWER_OF.get(unit)
        if power is not None and found.capture_period and _rises(values):
            mean = [_mean_power(before, after, found.capture_period) for before, after in pairwise(values)]
            made.append(Series(f"{column.name}, mean power", power, mean, (times[1], times[-1])))
        else:
            made.append(Series(column.name, unit, values, (times[0], times[-1])))
    return made


def _number(cell: object) -> float | None:
    if isinstance(cell, bool):
        return None
    return float(cell) if isinstance(cell, int | float | Quantity) else None


def _rises(values: list[float | None]) -> bool:
    known = [value for value in values if value is not None]
    return len(known) > 1 and all(before <= after for before, after in pairwise(known))


def _mean_power(before: float | None, after: float | None, seconds: int) -> float | None:
    return None if before is None or after is None else (after - before) * _HOUR / seconds
