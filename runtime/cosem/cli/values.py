"""Values as JSON, in the order of the wire.

Typed values: a structure is an object with its fields in order, an enumeration ``{"name", "number"}``, a set of
bits ``{"bits", "number"}``, octets are hexadecimal text, times and logical names their usual text, a profile buffer
a list of rows. In Data, whose type is not known beforehand, an octet-string is ``{"octets": …}`` together with what
it looks like, so that text and octets are never mixed up.
"""

from __future__ import annotations

import dataclasses
import math
from decimal import Decimal
from typing import cast

from cosem.cli.json_value import Json
from cosem.core.bits import Bits
from cosem.core.bitstring import BitString
from cosem.core.data import Data, DontCare
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.enums import OpenEnum
from cosem.core.obis import LogicalName
from cosem.core.quantity import Quantity
from cosem.core.rows import Rows
from cosem.core.secret import Secret
from cosem.core.tags import Tag


def to_json(value: object) -> Json:
    """Any value that a codec gives."""
    match value:
        case OpenEnum():
            return enum_to_json(value)
        case Bits():
            return {"bits": [name.lower() for name in value.names()], "number": int(value)}
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case Data():
            return data_to_json(value)
        case Rows():
            return [[plain_to_json(cell) for cell in row] for row in value]
        case Quantity():
            return {"value": number(value.value), "unit": value.unit.symbol}
        case LogicalName() | DateTime() | Date() | Time() | BitString():
            return str(value)
        case bytes():
            return value.hex().upper()
        case Secret():
            return {"hidden": True}
        case DontCare():
            return {"dont-care": None}
        case list() | tuple():
            return [to_json(item) for item in cast("list[object] | tuple[object, ...]", value)]
        case _ if dataclasses.is_dataclass(value):
            return {item.name: to_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
        case _:
            return str(value)


def enum_to_json(value: OpenEnum) -> Json:
    """Name and number; for a unit its symbol, too."""
    shown: dict[str, Json] = {"name": value.name.lower(), "number": int(value)}
    symbol: object = getattr(value, "symbol", None)
    if isinstance(symbol, str) and symbol:
        shown["symbol"] = symbol
    return shown


def data_to_json(data: Data) -> Json:
    """Data of any type, elements in their order. Raises DecodeError for malformed octets."""
    if data.tag in (Tag.ARRAY, Tag.STRUCTURE, Tag.COMPACT_ARRAY):
        return [data_to_json(element) for element in data.elements]
    return plain_to_json(data.value)


def plain_to_json(value: object) -> Json:
    """A plain Python value as :attr:`Data.value` gives it."""
    match value:
        case list() | tuple():
            return [plain_to_json(item) for item in cast("list[object] | tuple[object, ...]", value)]
        case DateTime():
            return {"date-time": str(value)}
        case Date() | Time():
            return {type(value).__name__.lower(): str(value)}
        case bytes():
            return octets_to_json(value)
        case BitString():
            return {"bit-string": str(value)}
        case _:
            return to_json(value)


def octets_to_json(octets: bytes) -> Json:
    """An octet-string of unknown meaning, with what it looks like."""
    from cosem.cli.meaning import as_date_time, as_text
    from cosem.core.push_forms import as_code
    from cosem.obis import MEDIA, describe

    shown: dict[str, Json] = {"octets": octets.hex().upper()}
    if code := as_code(octets, MEDIA):
        shown["obis"], shown["name"] = str(code), describe(code)
    elif moment := as_date_time(octets):
        shown["date_time"] = str(moment)
    elif text := as_text(octets):
        shown["text"] = text
    return shown


def number(value: Decimal) -> Json:
    """A decimal as a JSON number: whole where it is whole."""
    return int(value) if value == value.to_integral_value() else float(value)
