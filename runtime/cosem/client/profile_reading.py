"""Reading profiles: which rows and which columns are asked for, or chosen from what came (Blue Book 4.3.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from cosem.apdu import Conformance
from cosem.client.discovery import Catalogue
from cosem.client.operations import Operations
from cosem.client.profiles import CaptureObjectLike, Column, Moment, Profile, ProfileObject, time_of
from cosem.client.readings import SCALER_UNIT_OF, ScalerUnitLike, fixed_scaler_unit
from cosem.core.access import ReadOnly, Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime, InvertedDateTime
from cosem.core.errors import DecodeError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.core.simple import Value
from cosem.session.client import Exchange
from cosem.session.targets import AttributeTarget

if TYPE_CHECKING:
    from cosem.core.device import Device

_BY_RANGE: Final = 1
_BY_ENTRY: Final = 2
_LIFO: Final = 2


def profile(
    operations: Operations,
    target: ProfileObject,
    *,
    start: Moment | None = None,
    end: Moment | None = None,
    last: int | None = None,
    entries: tuple[int, int] | None = None,
    columns: Sequence[LogicalName | str] | None = None,
    catalogue: Catalogue | None = None,
) -> Exchange[Profile]:
    """Rows of a profile: from ``start`` to ``end``, the ``last`` n, ``entries`` from 1 on (both included), or all.

    ``columns`` are the codes wanted, in the profile's order; ``catalogue`` gives the columns their units. A meter
    without selective access sends everything; rows and columns are then chosen here. Of a meter that does not select by
    range the rows between two times are asked for by their entries. Raises InvalidValueError.
    """
    _check(start, end, last, entries)
    captured: Sequence[CaptureObjectLike]
    captured, period = yield from _required(operations, target)
    everything = [_column(item, operations.device) for item in captured]
    chosen = _choose(everything, columns)
    options = operations.session.options
    moments = InvertedDateTime if options.switches.inverted_deviation else DateTime
    selective = operations.session.supports(Conformance.SELECTIVE_ACCESS)
    if last is not None:
        entries = yield from _last_entries(operations, target, last)
        if entries is None:
            return Profile(tuple(chosen), Rows(Data.array([]).octets), period, moments)
    selection = None
    if selective and (start is not None or end is not None) and options.switches.no_selective_access_by_range:
        buffer = yield from _by_time(operations, target, everything, start, end)
    else:
        if selective:
            selection = _selection(everything, chosen, start, end, entries, moments)
        data = yield from operations.get_data(_buffer(target, selection))
        buffer = Rows(data.octets, options.limits)
    if selection is None:
        wanted = _Wanted(start, end, entries, dt.timedelta(seconds=period), moments)
        buffer = _select_here(buffer, everything, chosen, wanted)
    if catalogue is not None or operations.device is not None:
        chosen = yield from _with_units(operations, chosen, catalogue)
    return Profile(tuple(chosen), buffer, period, moments)


def _by_time(
    operations: Operations,
    target: ProfileObject,
    captured: list[Column],
    start: Moment | None,
    end: Moment | None,
) -> Exchange[Rows]:
    """Rows among which all between two times are, of a meter that selects by entry only."""
    from cosem.client.profile_search import find_entries

    limits = operations.session.options.limits
    clock = _clock_of(captured)

    def read(selection: Selection | None) -> Exchange[Data]:
        return operations.get_data(_buffer(target, selection))

    found = yield from find_entries(
        operations, target, read, lambda entry: _by_entries(entry, entry, clock, clock), start, end
    )
    if found is not None:
        if found[0] > found[1]:
            return Rows(Data.array([]).octets)
        data = yield from read(_by_entries(*found, 0, len(captured) - 1))
        rows = Rows(data.octets, limits)
        if (
            len(rows) and clock < len(rows[0]) and rows[0][clock] is not None
        ):  # else a row before has the time
            return rows
    return Rows((yield from read(None)).octets, limits)


def _check(
    start: Moment | None, end: Moment | None, last: int | None, entries: tuple[int, int] | None
) -> None:
    if (start is not None or end is not None) + (last is not None) + (entries is not None) > 1:
        raise InvalidValueError("rows are chosen by time, by last or by entries: one of the three")
    if last is not None and last < 1:
        raise InvalidValueError("last is a number of rows from 1 on")
    if entries is not None and not (entries[0] >= 1 and (entries[1] == 0 or entries[1] >= entries[0])):
        raise InvalidValueError("entries are (first, last), counted from 1; last 0 is the end")


def _required(
    operations: Operations, target: ProfileObject
) -> Exchange[tuple[Sequence[CaptureObjectLike], int]]:
    """The captured columns, and the capture period (0 where the meter does not tell)."""
    captured, period = yield from operations.get_many([target.capture_objects, target.capture_period])
    if isinstance(captured, Exception):
        raise captured
    return captured, period if isinstance(period, int) else 0


def _column(item: CaptureObjectLike, device: Device | None) -> Column:
    data_index: int | None = getattr(item, "data_index", None)
    name = LogicalName(item.logical_name)
    called = "" if device is None else device.name_of(item.class_id, name)
    return Column(item.class_id, name, item.attribute_index, data_index, device_name=called)


def _choose(captured: list[Column], wanted: Sequence[LogicalName | str] | None) -> list[Column]:
    if wanted is None:
        return captured
    names = {LogicalName(code) for code in wanted}
    missing = names - {column.logical_name for column in captured}
    if missing:
        raise InvalidValueError(f"the profile has no column {', '.join(map(str, sorted(missing)))}")
    return [column for column in captured if column.logical_name in names]


def _places(captured: list[Column], chosen: list[Column]) -> list[int]:
    """Where the chosen columns stand, from 0. The same may be captured twice, and is chosen twice then."""
    wanted = set(chosen)
    return [place for place, column in enumerate(captured) if column in wanted]


def _last_entries(
    operations: Operations, target: ProfileObject, last: int
) -> Exchange[tuple[int, int] | None]:
    """The entries that the latest rows are; None when there are none. In a LIFO buffer the latest come first."""
    in_use, method = yield from operations.get_many([target.entries_in_use, target.sort_method])
    if isinstance(in_use, Exception):
        raise in_use
    if in_use == 0:
        return None
    return (1, min(last, in_use)) if method == _LIFO else (max(1, in_use - last + 1), in_use)


def _buffer(target: ProfileObject, selection: Selection | None) -> AttributeTarget:
    whole = AttributeTarget.of(target.buffer)
    return AttributeTarget(whole.class_id, whole.logical_name, whole.index, selection)


def _selection(
    captured: list[Column],
    chosen: list[Column],
    start: Moment | None,
    end: Moment | None,
    entries: tuple[int, int] | None,
    moments: type[DateTime],
) -> Selection | None:
    """The selector that asks for these rows and columns; None when everything is wanted."""
    if start is not None or end is not None:
        clock = captured[_clock_of(captured)]
        wanted = [] if chosen == captured else [column.encode() for column in chosen]
        bounds = [
            clock.encode(),
            _moment(start, _EARLIEST, moments),
            _moment(end, _LATEST, moments),
            Data.array(wanted),
        ]
        return Selection(_BY_RANGE, Data.structure(bounds))
    first, last = entries or (1, 0)
    if entries is None and chosen == captured:
        return None
    positions = _places(captured, chosen)
    if positions != list(range(positions[0], positions[-1] + 1)):
        raise InvalidValueError("columns that are chosen without times stand side by side")
    return _by_entries(first, last, positions[0], positions[-1])


def _by_entries(first: int, last: int, left: int, right: int) -> Selection:
    """Entries counted from 1 (0: to the end), columns from 0; all included."""
    descriptor = [
        Data.double_long_unsigned(first),
        Data.double_long_unsigned(last),
        Data.long_unsigned(left + 1),
        Data.long_unsigned(right + 1),
    ]
    return Selection(_BY_ENTRY, Data.structure(descriptor))


def _clock_of(captured: list[Column]) -> int:
    """Which column has the time. Raises InvalidValueError if none has."""
    for index, column in enumerate(captured):
        if column.is_clock:
            return index
    raise InvalidValueError("the profile captures no clock: its rows cannot be chosen by time")


_EARLIEST: Final = DateTime.parse("1970-01-01 00:00:00.00")
_LATEST: Final = DateTime.parse("2099-12-31 23:59:59.00")
"""Bounds that stand for none, inside what meters accept."""


def _moment(moment: Moment | None, default: DateTime, moments: type[DateTime]) -> Data:
    if moment is None:
        moment = default
    if not isinstance(moment, DateTime):
        moment = moments.from_datetime(moment)
    elif moments is InvertedDateTime:
        moment = InvertedDateTime.of(moment)
    return Data.octet_string(moment)


@dataclass(frozen=True, slots=True)
class _Wanted:
    """Which rows are wanted, and what their times are."""

    start: Moment | None
    end: Moment | None
    entries: tuple[int, int] | None
    period: dt.timedelta
    moments: type[DateTime]

    @property
    def by_time(self) -> bool:
        return self.start is not None or self.end is not None


def _select_here(buffer: Rows, captured: list[Column], chosen: list[Column], wanted: _Wanted) -> Rows:
    """What a meter without selective access would have left out."""
    clock = next((index for index, column in enumerate(captured) if column.is_clock), None)
    if wanted.by_time:
        clock = _clock_of(captured)
    elif wanted.entries is None and chosen == captured:
        return buffer
    low, high = _key(wanted.start), _key(wanted.end)
    positions = _places(captured, chosen)
    first, last = wanted.entries or (1, 0)
    kept = [
        Data.structure([row[position] for position in positions])
        for row in _filled(buffer, len(captured), clock, wanted.period)[first - 1 : last or None]
        if clock is None or _between(low, time_of(row[clock].value, wanted.moments), high)
    ]
    return Rows(Data.array(kept).octets)


def _filled(buffer: Rows, width: int, clock: int | None, period: dt.timedelta) -> list[list[Data]]:
    """The cells of all rows, null-data replaced as in :meth:`Profile.rows`: what it stands for may be left out."""
    rows: list[list[Data]] = []
    for row, element in zip(buffer.filled(clock, period), Data(buffer.octets).elements, strict=True):
        cells = element.elements
        if len(cells) != width:
            raise DecodeError(f"a row of {len(cells)} cells in a profile of {width} columns", path="buffer")
        above = rows[-1] if rows else cells
        filled = [old if cell == _NULL else cell for old, cell in zip(above, cells, strict=True)]
        if clock is not None and cells[clock] == _NULL and isinstance(time := row[clock], DateTime):
            filled[clock] = Data.octet_string(time)
        rows.append(filled)
    return rows


_NULL: Final = Data.null()


def _between(low: tuple[int, ...] | None, time: Value, high: tuple[int, ...] | None) -> bool:
    if low is None and high is None:
        return True
    if not isinstance(time, DateTime):
        return False
    key = time.sort_key
    return (low is None or low <= key) and (high is None or key <= high)


def _key(moment: Moment | None) -> tuple[int, ...] | None:
    if moment is None:
        return None
    return (moment if isinstance(moment, DateTime) else DateTime.from_datetime(moment)).sort_key


def _with_units(
    operations: Operations, columns: list[Column], catalogue: Catalogue | None
) -> Exchange[list[Column]]:
    """The columns with their scalers and units; a column whose meter object does not tell keeps none.

    The meter is asked for what its device's object list does not fix.
    """
    references: dict[int, ReadOnly[ScalerUnitLike]] = {}
    found: dict[int, ScalerUnitLike] = {}
    for index, column in enumerate(columns):
        attribute = SCALER_UNIT_OF.get((column.class_id, column.attribute_index))
        if attribute is None:
            continue
        fixed = fixed_scaler_unit(operations.device, column.class_id, column.logical_name, attribute)
        if fixed is not None:
            found[index] = fixed
        elif catalogue is not None and (cls := catalogue.get((column.class_id, 0))) is not None:
            owner = cls(column.logical_name)
            references[index] = ReadOnly(owner, attribute, owner.ATTRIBUTES[attribute].codec)
    found |= zip(references, (yield from operations.get_many(list(references.values()))), strict=True)
    return [
        replace(column, scaler_unit=found[index])
        if index in found and not isinstance(found[index], Exception)
        else column
        for index, column in enumerate(columns)
    ]
