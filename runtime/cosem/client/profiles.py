"""Profiles: their columns, their rows, and what the cells mean (Blue Book 4.3.6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeAlias

from cosem.client.readings import ScalerUnitLike
from cosem.core.access import ReadOnly
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.core.rows import Rows
from cosem.core.simple import Value
from cosem.obis import describe, name

Moment: TypeAlias = dt.datetime | DateTime

Row: TypeAlias = tuple[Value, ...]

_CLOCK: Final = (8, 2)
"""Class and attribute of a clock's time."""


class CaptureObjectLike(Protocol):
    """A column as the meter describes it."""

    class_id: int
    logical_name: LogicalName
    attribute_index: int


class ProfileObject(Protocol):
    """A profile generic object, of any version, and of a device whose object list has types for the rows."""

    @property
    def buffer(self) -> ReadOnly[object]:
        """Attribute 2: Rows, or a list of structures. It is read as Rows in any case."""
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
    ``device_name`` is what the object list of the meter's device calls the object.
    """

    class_id: int
    logical_name: LogicalName
    attribute_index: int
    data_index: int | None = 0
    scaler_unit: ScalerUnitLike | None = None
    device_name: str = ""

    @property
    def is_clock(self) -> bool:
        """Whether the column holds the time of a clock."""
        return (self.class_id, self.attribute_index) == _CLOCK

    @property
    def name(self) -> str:
        """What the device calls it; else the name of the code, as a constant if it has one, or in words."""
        if self.device_name:
            return self.device_name
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
    moments: type[DateTime] = DateTime
    """What the times are: InvertedDateTime where the meter counts the deviation in the opposite sense."""

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
        moments = self.moments
        return [
            (*row[:clock], *(time_of(cell, moments) for cell in row[clock : clock + 1]), *row[clock + 1 :])
            for row in rows
        ]

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


def time_of(cell: Value, moments: type[DateTime]) -> Value:
    """A cell of 12 octets as the time that it is; any other as it is."""
    return moments(cell) if isinstance(cell, bytes) and len(cell) == DateTime.SIZE else cell
