"""Date-times of meters that count the deviation in the opposite sense, on their way in and out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from typing import TypeVar, cast

from cosem.core.datetime import DateTime, InvertedDateTime

T = TypeVar("T")


def received(value: T) -> T:
    """A typed value with every date-time in it read in the sense of that meter; the octets stay."""
    return cast(T, _mapped(value, _as_inverted))


def to_send(value: T) -> T:
    """A typed value with the octets of every date-time in it as that meter wants them."""
    return cast(T, _mapped(value, InvertedDateTime.of))


def _as_inverted(moment: DateTime) -> DateTime:
    return InvertedDateTime(moment)


def _mapped(value: object, turn: Callable[[DateTime], DateTime]) -> object:
    if isinstance(value, DateTime):
        return turn(value)
    if isinstance(value, list):
        return [_mapped(item, turn) for item in cast("list[object]", value)]
    if is_dataclass(value) and not isinstance(value, type):
        before = {each.name: cast(object, getattr(value, each.name)) for each in fields(value) if each.init}
        after = {name: _mapped(item, turn) for name, item in before.items()}
        changed = {name: item for name, item in after.items() if item is not before[name]}
        return replace(value, **changed) if changed else value
    return value
