"""A series of values as a picture in the terminal: one column of block characters for each value."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

_EIGHTHS: Final = " ▁▂▃▄▅▆▇█"


def plot(
    values: Sequence[float | None], labels: tuple[str, str], unit: str, *, width: int = 72, height: int = 8
) -> list[str]:
    """The lines of a picture at most ``width`` columns wide and ``height`` rows high, axes included.

    ``labels`` stand below the first and the last value. None, and what is no finite number, is a gap. Where there are
    more values than columns each column is the mean of its values.
    """
    values = [value if value is not None and math.isfinite(value) else None for value in values]
    known = [value for value in values if value is not None]
    if not known:
        return ["(no values)"]
    low, high = min(0.0, *known), max(0.0, *known)
    span = high / 2 - low / 2 or 0.5  # halves, as the whole may be more than a float holds
    scale = [f"{value:.4g}" for value in (high, low)]
    margin = max(map(len, scale))
    columns = _columns(values, max(width - margin - 2, 8))
    steps = [None if value is None else round((value / 2 - low / 2) / span * height * 8) for value in columns]
    lines: list[str] = []
    for row in range(height - 1, -1, -1):
        cells = "".join(" " if step is None else _EIGHTHS[min(max(step - row * 8, 0), 8)] for step in steps)
        mark = scale[0] if row == height - 1 else scale[1] if row == 0 else ""
        lines.append(f"{mark:>{margin}} ┤{cells}".rstrip())
    lines.append(f"{'':>{margin}} └{'─' * len(columns)}")
    first, last = labels
    gap = max(len(columns) - len(first) - len(last), 1)
    lines.append(f"{'':>{margin}}  {first}{' ' * gap}{last}")
    return [f"{'':>{margin}}  {unit}", *lines] if unit else lines


def _columns(values: Sequence[float | None], most: int) -> list[float | None]:
    """One value for each column; few values take several columns each."""
    count = len(values)
    if count <= most:
        return [value for value in values for _ in range(min(most // count, 4))]
    edges = [index * count // most for index in range(most + 1)]
    return [_mean(values[begin:end]) for begin, end in pairwise(edges)]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return sum(value / len(known) for value in known) if known else None
