"""Lists that come as text telegrams: what their data sets mean, as values of the objects that they name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import TYPE_CHECKING

from cosem.core.listed import listed_unit, name_in_push, rows_of
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.core.push_list import PushItem, PushValue, is_somebodys
from cosem.core.quantity import HasSymbol, Quantity
from cosem.core.text_forms import Form, as_address, read_value, symbols_of
from cosem.core.text_telegram import DataSet, TextTelegram, WrittenValue

if TYPE_CHECKING:
    from cosem.core.device import DeviceObject


@dataclass(frozen=True, slots=True)
class TextValue:
    """What stands in one pair of brackets: an attribute of the object that the address names, and how it is written.

    ``columns`` are there for the buffer of a profile: all brackets are its, behind the number of entries and the codes
    of what it captures, if these are written. Each column has a name and a form.
    """

    attribute: int
    form: Form | None = None
    columns: tuple[tuple[str, Form], ...] = ()


@dataclass(frozen=True, slots=True)
class TextList:
    """A list that comes as a text telegram.

    ``identification`` is a pattern with ``*`` and ``?`` for what stands behind the slash, ``codes`` are patterns for
    the first values of objects. ``values`` say by the name of a listed object what stands in its brackets. ``units``
    are the units that can be written.
    """

    name: str
    origin: Origin
    identification: str = ""
    codes: Mapping[LogicalName, str] = field(default_factory=lambda: MappingProxyType[LogicalName, str]({}))
    values: Mapping[str, tuple[TextValue, ...]] = field(
        default_factory=lambda: MappingProxyType[str, tuple[TextValue, ...]]({})
    )
    units: Iterable[HasSymbol] = ()

    @property
    def conditions(self) -> int:
        """How much is asked of a telegram; of two lists that fit, the one that asks for more is meant."""
        return len(self.codes) + bool(self.identification)

    @property
    def names_itself(self) -> bool:
        """Whether the identification tells whose list this is, or the value of an object by which standard."""
        return is_somebodys(self.identification) or any(text.strip("*?") for text in self.codes.values())

    def fits(self, telegram: TextTelegram) -> bool:
        """Whether a telegram is one of these."""
        if self.identification and not fnmatchcase(telegram.identification, self.identification):
            return False
        firsts = {as_address(each.address): each.values[0].text for each in telegram.data_sets if each.values}
        return all(code in firsts and fnmatchcase(firsts[code], text) for code, text in self.codes.items())

    def read(self, telegram: TextTelegram, objects: Sequence[DeviceObject] = ()) -> list[PushValue]:
        """The values that are there, in their order.

        They are named after the device's ``objects``; one that is not among them has its code for a name, and what it
        looks like for a value. A number is the digits that are written, scaler and unit are those that the unit says.
        """
        return read_telegram(telegram, objects, self.values, self.units)


def read_telegram(
    telegram: TextTelegram,
    objects: Sequence[DeviceObject],
    values: Mapping[str, tuple[TextValue, ...]],
    units: Iterable[HasSymbol],
) -> list[PushValue]:
    """The values of a telegram; without ``objects``, what it tells of itself."""
    symbols = symbols_of(units)
    found: list[PushValue] = []
    for number, data_set in enumerate(telegram.data_sets, 1):
        code = as_address(data_set.address)
        row = None if code is None else next(iter(rows_of(objects, code)), None)
        places = () if row is None else values.get(row.name, ())
        for cell in _cells(data_set, places):
            name = data_set.address if code is None else name_in_push(row, code, cell.attribute)
            _, unit = listed_unit(row, cell.attribute)
            plain = unit if unit is not None and not unit.symbol else None
            read = read_value(cell.value, cell.form, symbols, plain)
            at = (number,) if len(data_set.values) == 1 else (number, cell.number)
            item = PushItem(
                "_".join((name, *cell.names)),
                at,
                code,
                None if row is None else row.class_id,
                cell.attribute,
                read.scaler,
                read.unit,
            )
            raw = read.data.value
            quantity = (
                Quantity.scaled(raw, read.scaler or 0, read.unit)
                if read.unit is not None and isinstance(raw, int)
                else None
            )
            found.append(PushValue(item, read.data, quantity))
    return found


@dataclass(slots=True)
class _Cell:
    """One pair of brackets; ``number`` is counted from 1, ``names`` follow that of the object."""

    number: int
    value: WrittenValue
    attribute: int
    form: Form | None
    names: tuple[str, ...] = ()


def _cells(data_set: DataSet, places: Sequence[TextValue]) -> Iterator[_Cell]:
    values = data_set.values
    if places and places[0].columns:
        yield from _entries(values, places[0])
        return
    seen: set[int] = set()
    for number, value in enumerate(values, 1):
        place = places[number - 1] if number <= len(places) else TextValue(2)
        again = place.attribute in seen or (number > 1 and number > len(places))
        seen.add(place.attribute)
        yield _Cell(number, value, place.attribute, place.form, (str(number),) if again else ())


def _entries(values: Sequence[WrittenValue], buffer: TextValue) -> Iterator[_Cell]:
    """The cells of a buffer, row by row."""
    columns = buffer.columns
    for place, value in enumerate(values[(begin := _head(values)) :]):
        entry, column = divmod(place, len(columns))
        name, form = columns[column]
        if value.text or len(values) - begin >= len(columns):
            yield _Cell(begin + place + 1, value, buffer.attribute, form, (str(entry + 1), name))


def _head(values: Sequence[WrittenValue]) -> int:
    """How many values stand in front of the entries: their number, and codes of what is captured."""
    if not values or not values[0].text.isdecimal() or len(values[0].text) > 4:
        return 0
    codes = 1
    while codes < len(values) and not values[codes].unit and as_address(values[codes].text) is not None:
        codes += 1
    return codes
