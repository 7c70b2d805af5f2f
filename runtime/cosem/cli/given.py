"""Values as given on the command line, in the type that an attribute or a method wants."""

from __future__ import annotations

import json as jsonlib
import re
from collections.abc import Callable, Mapping
from typing import Final, cast

from cosem.cli.json_value import Json
from cosem.core.bitstring import BitString
from cosem.core.data import Data, decode_value
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import EncodeError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.core.tags import Tag
from cosem.core.types import (
    AnyData,
    ArrayOf,
    BufferOf,
    ChoiceOf,
    Enumerated,
    Flags,
    Formatted,
    Simple,
    StructureOf,
    Type,
)

_FORMATTED: Final[Mapping[str, Callable[[str], bytes]]] = {
    "LogicalName": LogicalName,
    "DateTime": DateTime.parse,
    "Date": Date.parse,
    "Time": Time.parse,
}
_TIMES: Final[Mapping[int, Callable[[str], bytes]]] = {
    Tag.DATE_TIME: DateTime.parse,
    Tag.DATE: Date.parse,
    Tag.TIME: Time.parse,
}
_BY_SIZE: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "LogicalName": LogicalName,
    "DateTime": DateTime,
    "Date": Date,
    "Time": Time,
}
_TAGS: Final = {tag.book_name: tag for tag in Tag}
_FLOATS: Final = (Tag.FLOAT32, Tag.FLOAT64)
_STRINGS: Final = (Tag.VISIBLE_STRING, Tag.UTF8_STRING)
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2})*")
_NAMELESS_BIT: Final = re.compile(r"bit_0x([0-9a-f]+)")


def from_text(text: str, type: Type, like: Data | None = None) -> object:
    """A value from the command line: JSON if it is that, else the text itself. Raises InvalidValueError."""
    try:
        given: Json = jsonlib.loads(text)
    except ValueError:
        return from_json(text, type, like)
    except RecursionError:
        raise InvalidValueError("the JSON nests too deep") from None
    if isinstance(given, int | float) and not isinstance(given, bool):
        # 0100010800 and 1.8 may also be meant as they are written: octets, a code, a text.
        try:
            return from_json(given, type, like)
        except InvalidValueError:
            return from_json(text, type, like)
    return from_json(given, type, like)


def from_json(given: Json, type: Type, like: Data | None = None) -> object:
    """The value of a type that a JSON text stands for; the forms of :func:`cosem.cli.values.to_json` and shorter ones.

    Structures may be objects or lists, enumerations and bits names or numbers, octets hexadecimal text. Data, which
    has any type, takes it from ``like``, or names it: ``{"long-unsigned": 5}``. Raises InvalidValueError.
    """
    match type:
        case Simple():
            return _simple(given, Tag(type.tag))
        case Formatted():
            return _formatted(given, type.name)
        case Enumerated():
            return type.enum(_number_or_name(given, {member.name: int(member) for member in type.enum}))
        case Flags():
            names = {name: mask for mask, name in type.bits.NAMES.items()}
            given = given.get("bits", given.get("number")) if isinstance(given, dict) else given
            if isinstance(given, list):
                return type.bits(sum({_bit(name, names) for name in given}))
            return type.bits(_bit(given, names))
        case ArrayOf():
            return [from_json(item, type.element) for item in _list(given)]
        case StructureOf():
            return _structure(given, type)
        case ChoiceOf():
            return _choice(given, type)
        case AnyData():
            return data_from_json(given, like)
        case BufferOf():
            return Rows(data_from_json(given, like).octets)


def data_from_json(given: Json, like: Data | None = None) -> Data:
    """Data: its type as named in ``{"long-unsigned": 5}``, else that of ``like``, else what leaves no doubt.

    Raises InvalidValueError.
    """
    if isinstance(given, dict):
        if set(given) >= {"octets"}:
            return Data.octet_string(_octets(given["octets"]))
        if len(given) == 1:
            (name, inner), *_ = given.items()
            if name in _TAGS:
                return _tagged(inner, _TAGS[name], None)
        raise InvalidValueError(f'{_shown(given)} names no type (right is {{"long-unsigned": 5}})')
    if like is not None:
        return _tagged(given, like.tag, like)
    match given:
        case None:
            return Data.null()
        case bool():
            return Data.boolean(given)
        case str():
            return Data.visible_string(given)
        case _:
            raise InvalidValueError(
                f'{_shown(given)} may be of several types: name one, as in {{"long-unsigned": 5}}'
            )


def _tagged(given: Json, tag: Tag, like: Data | None) -> Data:
    if tag in (Tag.ARRAY, Tag.STRUCTURE):
        elements = like.elements if like is not None and like.tag == tag else []
        items = _list(given)
        if tag == Tag.STRUCTURE and elements and len(items) != len(elements):
            raise InvalidValueError(f"the structure has {len(elements)} elements, not {len(items)}")
        models = elements if tag == Tag.STRUCTURE else elements[:1] * len(items)
        filled = [*models, *[None] * (len(items) - len(models))]
        made = [data_from_json(item, model) for item, model in zip(items, filled, strict=True)]
        return Data.array(made) if tag == Tag.ARRAY else Data.structure(made)
    if tag == Tag.COMPACT_ARRAY:
        raise InvalidValueError("a compact-array cannot be written from here")
    try:
        return Data.simple(
            tag, cast("bool | int | float | str | bytes | BitString | None", _simple(given, tag))
        )
    except EncodeError as error:
        raise InvalidValueError(str(error)) from None


def _simple(given: Json, tag: Tag) -> object:
    if isinstance(given, dict) and len(given) == 1 and tag.book_name in given:
        given = given[tag.book_name]
    if tag == Tag.NULL_DATA and given is None:
        return None
    if tag == Tag.DONT_CARE:
        return decode_value(b"\xff")
    if tag == Tag.BOOLEAN and isinstance(given, bool):
        return given
    if tag == Tag.OCTET_STRING:
        return _octets(given)
    if tag in _STRINGS and isinstance(given, str):
        return given
    if tag == Tag.BIT_STRING and isinstance(given, str):
        return BitString.parse(given)
    if tag in _TIMES and isinstance(given, str):
        return _TIMES[tag](given)
    if tag in _FLOATS and isinstance(given, int | float) and not isinstance(given, bool):
        return float(given)
    if (
        isinstance(given, int)
        and not isinstance(given, bool)
        and tag not in (*_STRINGS, *_TIMES, Tag.BIT_STRING)
    ):
        return given
    raise InvalidValueError(f"{_shown(given)} is no {tag.book_name}")


def _formatted(given: Json, name: str) -> bytes:
    if isinstance(given, str):
        return _FORMATTED[name](given)
    if isinstance(given, dict):
        return _BY_SIZE[name](_octets(given))
    raise InvalidValueError(f"{_shown(given)} is no {name}")


def _structure(given: Json, type: StructureOf) -> object:
    names = [field.name for field in type.fields]
    if isinstance(given, dict):
        if set(given) != set(names):
            raise InvalidValueError(f"{type.cls.__name__} has the fields {', '.join(names)}")
        given = [given[name] for name in names]
    items = _list(given)
    if len(items) != len(names):
        raise InvalidValueError(f"{type.cls.__name__} has {len(names)} fields: {', '.join(names)}")
    make = cast("Callable[..., object]", type.cls)
    return make(*(from_json(item, field.type) for item, field in zip(items, type.fields, strict=True)))


def _choice(given: Json, type: ChoiceOf) -> object:
    failure: InvalidValueError | None = None
    for alternative in type.alternatives:
        try:
            return from_json(given, alternative)
        except InvalidValueError as error:
            failure = failure or error
    raise failure or InvalidValueError("there is nothing to choose from")


def _number_or_name(given: Json, numbers: Mapping[str, int]) -> int:
    if isinstance(given, dict):
        given = given.get("number")
    if isinstance(given, int) and not isinstance(given, bool):
        if given < 0:
            raise InvalidValueError(f"{given} is below 0")
        return given
    if isinstance(given, str):
        wanted = re.sub(r"[\s-]", "_", given.strip()).upper()
        for name, number in numbers.items():
            if name.upper() == wanted:
                return number
    names = ", ".join(name.lower() for name in numbers)
    raise InvalidValueError(f"{_shown(given)} is none of: {names}")


def _bit(given: Json, names: Mapping[str, int]) -> int:
    """A set bit: its number, its name, or what is printed of a bit that has no name."""
    nameless = _NAMELESS_BIT.fullmatch(given) if isinstance(given, str) else None
    return int(nameless[1], 16) if nameless else _number_or_name(given, names)


def _octets(given: Json) -> bytes:
    if isinstance(given, dict):
        given = given.get("octets")
    digits = re.sub(r"[\s:-]", "", given) if isinstance(given, str) else None
    if digits is None or not _HEX.fullmatch(digits):
        raise InvalidValueError(f"{_shown(given)} is no octet-string: two hexadecimal digits for each octet")
    return bytes.fromhex(digits)


def _list(given: Json) -> list[Json]:
    if isinstance(given, list):
        return given
    raise InvalidValueError(f"a list is needed, not {_shown(given)}")


def _shown(given: Json) -> str:
    text = jsonlib.dumps(given)
    return text if len(text) <= 60 else f"{text[:60]}…"
