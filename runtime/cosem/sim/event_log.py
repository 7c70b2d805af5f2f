"""What an event log has seen before the meter was first asked: a few events at seeded times."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from cosem.core.codecs import DATE_TIME
from cosem.core.data import Data
from cosem.core.errors import CodecError
from cosem.core.simple import write_simple
from cosem.core.tags import NUMBER_FORMATS
from cosem.server import Column, HostedProfile, LogicalDevice
from cosem.server.columns import write_row
from cosem.sim.clock import MeterClock
from cosem.sim.noise import mix, unit
from cosem.sim.periodic_rows import Cell

_CLOCK, _VALUE = 8, 2
_FEWEST, _MOST = 3, 12
_DAY: Final = 86_400


def fill_log(
    profile: HostedProfile,
    cells: Sequence[Cell],
    codes: Mapping[int, Sequence[int]],
    device: LogicalDevice,
    *,
    clock: MeterClock,
    since: float,
    seed: int,
) -> None:
    """Rows of past events, oldest first; ``codes`` are what columns, by their number, choose from.

    The last code stays in the object that the column captures. ``since`` (seconds, UTC) is before the first event.
    """
    now = clock.now()
    for number, time in enumerate(_times(seed, since, now)):
        row: list[bytes] = []
        for place, (column, cell) in enumerate(zip(profile.columns, cells, strict=True)):
            known = codes.get(place)
            coded = None
            if known:
                coded = _coded(column, known[mix(seed, -1 - number) % len(known)], device)
            if column.class_id == _CLOCK and column.attribute_index == _VALUE:
                row.append(DATE_TIME.write(clock.stamp(time)))
            else:
                row.append(cell(time) if coded is None else coded.octets)
        profile.rows.append(write_row(row))


def _times(seed: int, since: float, now: float) -> Iterator[float]:
    """Moments in their order, in whole seconds; fewer where there is hardly any time between."""
    span = now - max(since, now - 400 * _DAY)
    count = _FEWEST + mix(seed, 0) % (_MOST - _FEWEST + 1)
    if span < count * 60:
        return
    for number in range(count):
        yield now - span * (count - number - 0.8 * unit(seed, number + 1)) // count


def _coded(column: Column, code: int, device: LogicalDevice) -> Data | None:
    """The code as the object of a column holds it, which it does from now on; None if it holds no number."""
    hosted = device.objects.get(column.logical_name)
    if hosted is None or column.attribute_index != _VALUE or not hosted.writable(_VALUE):
        return None
    tag = hosted.get(_VALUE).tag
    if tag not in NUMBER_FORMATS:
        return None
    try:
        value = Data(write_simple(tag, code))
    except CodecError:
        return None
    hosted.put(_VALUE, value)
    return value
