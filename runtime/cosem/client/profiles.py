"""Reading profiles: which rows, which columns, and what the columns mean (Blue Book 4.3.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, TypeAlias

from cosem.apdu import Conformance
from cosem.client.discovery import Catalogue
from cosem.client.operations import Operations
from cosem.client.readings import ScalerUnitLike
from cosem.core.access import ReadOnly, Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.core.rows import Rows
from cosem.core.simple import Value
from cosem.obis import describe, name
from cosem.session.client import Exchange
from cosem.session.targets import AttributeTarget

Moment: TypeAlias = dt.datetime | DateTime

Row: TypeAlias = tuple[Value, ...]

_BY_RANGE: Final = 1
_BY_ENTRY: Final = 2
_LIFO: Final = 2
_CLOCK: Final = (8, 2)
"""Class and attribute of a clock's time."""

_SCALER_UNIT: Final = {(3, 2): 3, (4, 2): 3, (5, 2): 4, (5, 3): 4}
"""Class and attribute of a scaled value → the attribute that has scaler and unit."""


class CaptureObjectLike(Protocol):
    """A column as the meter describes it."""

    class_id: int
    logical_name: LogicalName
    attribute_index: int


class ProfileObject(Protocol):
    """A profile generic object, of any version."""

    @property
    def buffer(self) -> ReadOnly[Rows]:
        """Attribute 2."""
        ...

    @property
    def capture_objects(self) -> ReadOnly[Sequence[CaptureObjectLike]]:
        """Attribute 3."""
        ...

    @property
    def capture_period(self) -> ReadOnly[int]:
        """Attribute 4."""
        ...

    @property
    def sort_method(self) -> ReadOnly[int]:
        """Attribute 5."""
        ...

    @property
    def entries_in_use(self) -> ReadOnly[int]:
        """Attribute 7."""
        ...


@dataclass(frozen=True, slots=True)
class Column:
    """One captured attribute. ``scaler_unit`` is there if it was asked for and the object has one.

    ``data_index`` 0 is the whole attribute, n its n-th element; None in profiles of version 0, which have none.
    """

    class_id: int
    logical_name: LogicalName
    attribute_index: int
    data_index: int | None = 0
    scaler_unit: ScalerUnitLike | None = None

    @property
    def is_clock(self) -> bool:
        """Whether the column holds the time of a clock."""
        return (self.class_id, self.attribute_index) == _CLOCK

    @property
    def name(self) -> str:
        """The name of the code, as a constant if it has one, else in words."""
        known = name(self.logical_name)
        return known.rpartition(".")[2].lower() if known else describe(self.logical_name)

    def encode(self) -> Data:
        """As it stands in a selection."""
        elements = [
            Data.long_unsigned(self.class_id),
            Data.octet_string(self.logical_name),
            Data.integer(self.attribute_index),
        ]
        if self.data_index is not None:
            elements.append(Data.long_unsigned(self.data_index))
        return Data.structure(elements)


@dataclass(frozen=True, slots=True)
class Profile:
    """Rows of a profile. ``buffer`` is what came, lossless; iterating gives the rows as tuples.

    In a row, times of a clock are DateTime; a null is replaced by the cell above it, and a null time by the time above
    it plus the capture period (Blue Book 4.3.6, null-data compression).
    """

    columns: tuple[Column, ...]
    buffer: Rows
    capture_period: int

    def __len__(self) -> int:
        return len(self.buffer)

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)

    @property
    def clock(self) -> int | None:
        """Which column holds the time."""
        return next((index for index, column in enumerate(self.columns) if column.is_clock), None)

    @property
    def rows(self) -> list[Row]:
        """The rows in the meter's order."""
        clock = self.clock
        rows = self.buffer.filled(clock, dt.timedelta(seconds=self.capture_period))
        if clock is None:
            return rows
        return [(*row[:clock], *map(_time, row[clock : clock + 1]), *row[clock + 1 :]) for row in rows]

    @property
    def quantities(self) -> list[tuple[Value | Quantity, ...]]:
        """The rows with each number in its unit, where the column has one."""
        units = [column.scaler_unit for column in self.columns]
        return [
            tuple(
                Quantity.scaled(cell, unit.scaler, unit.unit)
                if unit is not None and isinstance(cell, int)
                else cell
                for cell, unit in zip(row, units, strict=False)
            )
            for row in self.rows
        ]


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
    without selective access sends everything; rows and columns are then chosen here. Raises InvalidValueError.
    """
    _check(start, end, last, entries)
    captured: Sequence[CaptureObjectLike]
    captured, period = yield from _required(operations, target)
    everything = [_column(item) for item in captured]
    chosen = _choose(everything, columns)
    selective = operations.session.supports(Conformance.SELECTIVE_ACCESS)
    if last is not None:
        entries = yield from _last_entries(operations, target, last)
        if entries is None:
            return Profile(tuple(chosen), Rows(Data.array([]).octets), period)
    selection = None
    if selective:
        selection = _selection(everything, chosen, start, end, entries)
    limits = operations.session.options.limits
    data = yield from operations.get_data(_buffer(target, selection))
    buffer = Rows(data.octets, limits)
    if selection is None:
        buffer = _select_here(buffer, everything, chosen, start, end, entries, dt.timedelta(seconds=period))
    if catalogue is not None:
        chosen = yield from _with_units(operations, chosen, catalogue)
    return Profile(tuple(chosen), buffer, period)


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


def _column(item: CaptureObjectLike) -> Column:
    data_index: int | None = getattr(item, "data_index", None)
    return Column(item.class_id, LogicalName(item.logical_name), item.attribute_index, data_index)


def _choose(captured: list[Column], wanted: Sequence[LogicalName | str] | None) -> list[Column]:
    if wanted is None:
        return captured
    names = {LogicalName(code) for code in wanted}
    missing = names - {column.logical_name for column in captured}
    if missing:
        raise InvalidValueError(f"the profile has no column {', '.join(map(str, sorted(missing)))}")
    return [column for column in captured if column.logical_name in names]


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
) -> Selection | None:
    """The selector that asks for these rows and columns; None when everything is wanted."""
    clock = next((column for column in captured if column.is_clock), None)
    if start is not None or end is not None:
        if clock is None:
            raise InvalidValueError("the profile captures no clock: its rows cannot be chosen by time")
        wanted = [] if chosen == captured else [column.encode() for column in chosen]
        bounds = [clock.encode(), _moment(start, _EARLIEST), _moment(end, _LATEST), Data.array(wanted)]
        return Selection(_BY_RANGE, Data.structure(bounds))
    first, last = entries or (1, 0)
    if entries is None and chosen == captured:
        return None
    positions = [captured.index(column) + 1 for column in chosen]
    if positions != list(range(positions[0], positions[-1] + 1)):
        raise InvalidValueError("columns that are chosen without times stand side by side")
    descriptor = [
        Data.double_long_unsigned(first),
        Data.double_long_unsigned(last),
        Data.long_unsigned(positions[0]),
        Data.long_unsigned(positions[-1]),
    ]
    return Selection(_BY_ENTRY, Data.structure(descriptor))


_EARLIEST: Final = DateTime.parse("1970-01-01 00:00:00.00")
_LATEST: Final = DateTime.parse("2099-12-31 23:59:59.00")
"""Bounds that stand for none, inside what meters accept."""


def _moment(moment: Moment | None, default: DateTime) -> Data:
    if moment is None:
        moment = default
    return Data.octet_string(moment if isinstance(moment, DateTime) else DateTime.from_datetime(moment))


def _select_here(
    buffer: Rows,
    captured: list[Column],
    chosen: list[Column],
    start: Moment | None,
    end: Moment | None,
    entries: tuple[int, int] | None,
    period: dt.timedelta,
) -> Rows:
    """What a meter without selective access would have left out."""
    clock = next((index for index, column in enumerate(captured) if column.is_clock), None)
    if clock is None and (start is not None or end is not None):
        raise InvalidValueError("the profile captures no clock: its rows cannot be chosen by time")
    if start is None and end is None and entries is None and chosen == captured:
        return buffer
    low, high = _key(start), _key(end)
    positions = [captured.index(column) for column in chosen]
    first, last = entries or (1, 0)
    kept = [
        Data.structure([row[position] for position in positions])
        for row in _filled(buffer, len(captured), clock, period)[first - 1 : last or None]
        if clock is None or _between(low, _time(row[clock].value), high)
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


def _time(cell: Value) -> Value:
    return DateTime(cell) if isinstance(cell, bytes) and len(cell) == DateTime.SIZE else cell


def _with_units(
    operations: Operations, columns: list[Column], catalogue: Catalogue
) -> Exchange[list[Column]]:
    """The columns with their scalers and units; a column whose meter object does not tell keeps none."""
    references: dict[int, ReadOnly[ScalerUnitLike]] = {}
    for index, column in enumerate(columns):
        attribute = _SCALER_UNIT.get((column.class_id, column.attribute_index))
        cls = catalogue.get((column.class_id, 0))
        if attribute is not None and cls is not None:
            owner = cls(column.logical_name)
            references[index] = ReadOnly(owner, attribute, owner.ATTRIBUTES[attribute].codec)
    found = dict(zip(references, (yield from operations.get_many(list(references.values()))), strict=True))
    return [
        replace(column, scaler_unit=found[index])
        if index in found and not isinstance(found[index], Exception)
        else column
        for index, column in enumerate(columns)
    ]
