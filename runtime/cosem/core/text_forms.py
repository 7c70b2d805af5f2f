"""How values are written in a text telegram: addresses, numbers with units, moments, octets in hexadecimal digits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal, TypeAlias

from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.quantity import HasSymbol
from cosem.core.text_telegram import WrittenValue

Form: TypeAlias = Literal["number", "time", "octets", "text"]
"""A decimal number, perhaps with a unit; YYMMDDhhmmss with S or W for summer or winter time; two hexadecimal digits for
each octet; characters as they are."""

_ADDRESS: Final = re.compile(
    r"(?:(\d{1,3})-)?(?:(\d{1,3}):)?(\d{1,3}|[CFLP])\.(\d{1,3}|[CFLP])(?:\.(\d{1,3}))?(?:[*&.](\d{1,3}))?",
    re.ASCII,
)
_LETTERS: Final = {"C": "96", "F": "97", "L": "98", "P": "99"}
"""General purpose, errors, lists and profiles, as reduced codes write them (62056-6-1, reduced ID codes)."""
_GENERAL: Final = range(96, 100)
"""Group C of what belongs to no medium; the others are taken for electricity where no medium is written."""

_NUMBER: Final = re.compile(r"([+-]?)0*(\d{1,18})(?:\.(\d{1,18}))?", re.ASCII)
_MOMENT: Final = re.compile(r"((?:\d\d){6})([SW]?)", re.ASCII)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*", re.ASCII)
_PREFIXES: Final = {"": 0, "k": 3, "M": 6, "G": 9}
_EPOCH: Final = 70
_SUMMER: Final = 0x80
"""The bit of the clock status that says so."""


@dataclass(frozen=True, slots=True)
class ReadValue:
    """A written value as Data, and scaler and unit where one is written."""

    data: Data
    scaler: int | None = None
    unit: HasSymbol | None = None


def as_address(text: str) -> LogicalName | None:
    """The OBIS code that an address means: ``1-0:1.8.1``, ``1.8.1*05``, ``F.F``; None if it is none.

    What is left out is channel 0, E 0 and no billing period; the medium is electricity, or abstract for general codes.
    """
    found = _ADDRESS.fullmatch(text)
    if found is None:
        return None
    a, b, c, d, e, f = (_LETTERS.get(group, group) if group else None for group in found.groups())
    medium = a or ("0" if int(c or 0) in _GENERAL else "1")
    groups = [int(group) for group in (medium, b or "0", c or "0", d or "0", e or "0", f or "255")]
    return LogicalName(bytes(groups)) if max(groups) <= 255 else None


def symbols_of(units: Iterable[HasSymbol]) -> dict[str, HasSymbol]:
    """Units by the characters that a telegram can write for them: no superscripts, any case."""
    found: dict[str, HasSymbol] = {}
    for unit in units:
        symbol = unit.symbol.replace("³", "3").replace("²", "2")
        for spelled in (symbol, symbol.casefold()) if symbol else ():
            found.setdefault(spelled, unit)
    return found


def read_value(
    value: WrittenValue, form: Form | None, symbols: Mapping[str, HasSymbol], plain: HasSymbol | None = None
) -> ReadValue:
    """A value in the form that it has; without one, what it looks like. What is of another form is characters.

    ``plain`` is the unit of an object that has a plain number, and no unit behind it.
    """
    match form:
        case "number":
            found = _number(value, symbols if plain is None else {**symbols, "": plain})
        case "time":
            found = _moment(value)
        case "octets":
            found = _octets(value)
        case "text":
            found = None
        case None:
            moment = _moment(value) if value.text.endswith(("S", "W")) else None
            found = moment or (_number(value, symbols) if value.unit else None)
    return ReadValue(_characters(str(value))) if found is None else found


def _characters(text: str) -> Data:
    return Data.visible_string(text) if text.isascii() else Data.utf8_string(text)


def _number(value: WrittenValue, symbols: Mapping[str, HasSymbol]) -> ReadValue | None:
    if not (value.text or value.unit):
        return ReadValue(Data.null())
    found = _NUMBER.fullmatch(value.text)
    unit = _unit(value.unit, symbols)
    if found is None or (value.unit and unit is None):
        return None
    sign, whole, decimals = found.groups(default="")
    number = int(sign + whole + decimals)
    if not -(1 << 63) <= number < 1 << 64:
        return None
    data = _integer(number)
    if unit is None:
        return ReadValue(data) if not decimals else None
    return ReadValue(data, unit[0] - len(decimals), unit[1])


def _integer(number: int) -> Data:
    if number < 0:
        return Data.double_long(number) if number >= -(1 << 31) else Data.long64(number)
    return Data.double_long_unsigned(number) if number < 1 << 32 else Data.long64_unsigned(number)


def _unit(text: str, symbols: Mapping[str, HasSymbol]) -> tuple[int, HasSymbol] | None:
    """A unit and the power of ten that is written in front of it: ``kWh`` is 3, Wh."""
    for prefix, exponent in _PREFIXES.items():
        rest = text.removeprefix(prefix)
        unit = symbols.get(rest) or symbols.get(rest.casefold())
        if text.startswith(prefix) and (rest or not prefix) and unit is not None:
            return exponent, unit
    return None


def _moment(value: WrittenValue) -> ReadValue | None:
    """Local time: its deviation from UTC is not written. Years from 70 on are those of a clock that was never set."""
    if not (value.text or value.unit):
        return ReadValue(Data.null())
    found = _MOMENT.fullmatch(value.text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(found[1][at : at + 2]) for at in range(0, 12, 2))
    status = {"S": _SUMMER, "W": 0}.get(found[2])
    try:
        date = Date.of((2000 if year < _EPOCH else 1900) + year, month, day)
        moment = DateTime.combine(date, Time.of(hour, minute, second), status=status)
    except InvalidValueError:
        return None
    return ReadValue(Data.octet_string(moment))


def _octets(value: WrittenValue) -> ReadValue | None:
    plain = _HEX.fullmatch(value.text) is not None and not value.unit
    return ReadValue(Data.octet_string(bytes.fromhex(value.text))) if plain else None
