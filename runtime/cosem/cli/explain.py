"""Values as trees of lines: Data with its types, and typed values with the names of their fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import cast

from cosem.cli.meaning import as_date_time, as_text
from cosem.cli.nodes import Node
from cosem.cli.printable import spaced
from cosem.core.bits import Bits
from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.enums import OpenEnum
from cosem.core.obis import LogicalName
from cosem.core.push_forms import Position, as_code
from cosem.core.quantity import Quantity
from cosem.core.rows import Rows
from cosem.core.secret import Secret
from cosem.core.tags import Tag

_HELD = {Tag.ARRAY: "array", Tag.STRUCTURE: "structure", Tag.COMPACT_ARRAY: "compact-array"}


def data_node(data: Data, notes: Mapping[Position, str] | None = None, position: Position = ()) -> Node:
    """Data with its types; ``notes`` by position are put to the elements that they speak of."""
    note = (notes or {}).get(position, "")
    tag = data.tag
    if tag in _HELD:
        elements = data.elements
        node = Node(f"{_HELD[tag]} of {len(elements)}", note=note)
        node.children.extend(
            data_node(element, notes, (*position, index)) for index, element in enumerate(elements, 1)
        )
        return node
    text, meaning = _plain(data.value)
    return Node(tag.book_name, text, "; ".join(filter(None, (meaning, note))))


def field_node(label: str, value: object) -> Node:
    """A typed value under a name."""
    if isinstance(value, Data):
        node = data_node(value)
        node.label = f"{label}: {node.label}"
        return node
    if isinstance(value, Rows):
        node = Node(f"{label}: {len(value)} rows")
        node.children.extend(field_node(str(index), list(row)) for index, row in enumerate(value))
        return node
    if isinstance(value, list | tuple):
        items = cast("list[object] | tuple[object, ...]", value)
        node = Node(f"{label}: {len(items)} element{'' if len(items) == 1 else 's'}")
        node.children.extend(field_node(str(index), item) for index, item in enumerate(items))
        return node
    if dataclasses.is_dataclass(value) and not isinstance(value, Quantity):
        node = Node(label)
        node.children.extend(
            field_node(item.name, getattr(value, item.name))
            for item in dataclasses.fields(value)
            if item.repr
        )
        return node
    text, meaning = text_of(value)
    return Node(label, text, meaning)


def is_plain(value: object) -> bool:
    """Whether a value is one line of text: no list, no structure, no Data that holds others."""
    if isinstance(value, Data):
        return value.tag not in _HELD
    return not (isinstance(value, Rows | list | tuple) or dataclasses.is_dataclass(value)) or isinstance(
        value, Quantity
    )


def cell_of(value: object) -> tuple[str, str]:
    """A value for one cell of a table, and its unit or what else is to be said."""
    if isinstance(value, Quantity):
        number, _, unit = str(value).partition(" ")
        return number, unit
    held = value.value if isinstance(value, Data) and value.tag not in _HELD else value
    if isinstance(held, bytes) and not isinstance(held, LogicalName | DateTime | Date | Time):
        text = as_text(held)
        return (
            (f'"{text}"', "") if text and len(text) > 1 else (spaced(held, 12) or "empty", _looks_like(held))
        )
    return text_of(value)


def text_of(value: object) -> tuple[str, str]:
    """A typed value that is no list and no structure: its text, and what else is to be said."""
    match value:
        case None:
            return "none", ""
        case Secret():
            return "not shown", ""
        case Data():
            return _plain(value.value)
        case Quantity():
            return str(value), ""
        case OpenEnum():
            symbol: object = getattr(value, "symbol", None)
            shown = f", {symbol}" if isinstance(symbol, str) and symbol else ""
            return value.name.lower(), f"{int(value)}{shown}"
        case Bits():
            return ", ".join(name.lower() for name in value.names()) or "none", f"{int(value):#x}"
        case LogicalName():
            return str(value), _described(value)
        case DateTime():
            return str(value), "" if not value.status else f"clock status {value.status:02X}"
        case _:
            return _plain(value)


def _plain(value: object) -> tuple[str, str]:
    match value:
        case None:
            return "null", ""
        case bool():
            return str(value).lower(), ""
        case DateTime() | Date() | Time() | BitString():
            return str(value), ""
        case bytes():
            return spaced(value) or "empty", _looks_like(value)
        case str():
            return f'"{value}"', ""
        case _:
            return str(value), ""


def _looks_like(octets: bytes) -> str:
    from cosem.obis import MEDIA

    if code := as_code(octets, MEDIA):
        return f"{code} {_described(code)}"
    if moment := as_date_time(octets):
        return str(moment)
    text = as_text(octets)
    return f'"{text}"' if text and len(text) > 1 else ""


def _described(code: LogicalName) -> str:
    from cosem.obis import describe

    return describe(code)
