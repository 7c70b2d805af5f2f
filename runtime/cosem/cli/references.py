"""Objects, attributes and methods as they are named on the command line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from cosem.cli.catalogue import class_id_of, class_name
from cosem.client import AttributeTarget, MeterObject, MethodTarget
from cosem.core.access import AttributeSpec, CosemObject, MethodSpec
from cosem.core.catalogue import Catalogue
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.model import CATALOGUE

_REFERENCE: Final = re.compile(
    r"(?:(?P<cls>[A-Za-z][\w -]*|\d+)[:/])?"
    r"(?P<code>[0-9A-Fa-f][0-9A-Fa-f.:*&-]*?)"
    r"(?:/(?P<member>-?\w+)|\.(?P<name>[A-Za-z_]\w*))?",
    re.ASCII,
)

_MAIN_ATTRIBUTE: Final = 2
"""What is meant where no attribute is named: value, time, buffer, …"""


@dataclass(frozen=True, slots=True)
class Reference:
    """``CLASS/OBIS/MEMBER`` taken apart; without a class, the meter's object list tells it."""

    logical_name: LogicalName
    class_id: int | None = None
    member: str | None = None

    @classmethod
    def parse(cls, text: str) -> Reference:
        """From ``3/1.0.1.8.0.255/2``, ``register:1.0.1.8.0.255``, ``clock:0.0.1.0.0.255/time``, ``1.0.1.8.0.255``.

        A method is named ``disconnect_control:0.0.96.3.10.255.remote_disconnect``. Raises InvalidValueError.
        """
        match = _REFERENCE.fullmatch(text.strip())
        if match is None:
            raise InvalidValueError(
                f"{text!r} names no attribute (right is register:1.0.1.8.0.255 or 3/1.0.1.8.0.255/2)"
            )
        class_id = None if match["cls"] is None else class_id_of(match["cls"])
        return cls(LogicalName(match["code"]), class_id, match["member"] or match["name"])


@dataclass(frozen=True, slots=True)
class Located:
    """A reference whose class is known. ``candidates`` are the versions it may be of, the likeliest first."""

    logical_name: LogicalName
    class_id: int
    member: str | None
    candidates: tuple[CosemObject, ...]

    def attribute(self) -> tuple[AttributeTarget, AttributeSpec | None]:
        """The attribute; no spec if no table has one of that number. Raises InvalidValueError for an unknown name."""
        member = self.member or str(_MAIN_ATTRIBUTE)
        if _is_number(member):
            index = int(member)
            found = next(
                (each.ATTRIBUTES[index] for each in self.candidates if index in each.ATTRIBUTES), None
            )
        else:
            specs = (spec for each in self.candidates for spec in each.ATTRIBUTES.values())
            found = next((spec for spec in specs if spec.name == member.lower()), None)
            if found is None:
                names = [spec.name for each in self.candidates[:1] for spec in each.ATTRIBUTES.values()]
                raise InvalidValueError(f"{self} has no attribute {member!r}{_choices(names)}")
            index = found.index
        if not (index and -128 <= index <= 127):
            raise InvalidValueError(
                f"attributes are numbered from 1 to 127, a maker's own below 0, not {index}"
            )
        return AttributeTarget(self.class_id, self.logical_name, index), found

    def method(self) -> tuple[MethodTarget, MethodSpec | None]:
        """The method, likewise."""
        if self.member is None:
            names = [spec.name for each in self.candidates[:1] for spec in each.METHODS.values()]
            raise InvalidValueError(f"name a method of {self}{_choices(names)}")
        if _is_number(self.member):
            index = int(self.member)
            found = next((each.METHODS[index] for each in self.candidates if index in each.METHODS), None)
        else:
            specs = (spec for each in self.candidates for spec in each.METHODS.values())
            found = next((spec for spec in specs if spec.name == self.member.lower()), None)
            if found is None:
                names = [spec.name for each in self.candidates[:1] for spec in each.METHODS.values()]
                raise InvalidValueError(f"{self} has no method {self.member!r}{_choices(names)}")
            index = found.index
        if not (index and -128 <= index <= 127):
            raise InvalidValueError(f"methods are numbered from 1 to 127, a maker's own below 0, not {index}")
        return MethodTarget(self.class_id, self.logical_name, index), found

    def __str__(self) -> str:
        return f"{class_name(self.class_id)} {self.logical_name}"


def locate(reference: Reference, held: list[MeterObject] | None, catalogue: Catalogue = CATALOGUE) -> Located:
    """The reference with its class: as named, else as the meter's object list has it. ``catalogue`` has the classes.

    Raises InvalidValueError for a code that the list has not, or has for several classes.
    """
    class_id, name = reference.class_id, reference.logical_name
    entries = [item for item in held or () if item.logical_name == name and class_id in (None, item.class_id)]
    if class_id is None:
        if len({item.class_id for item in entries}) != 1:
            several = ", ".join(
                sorted({f"{class_name(item.class_id)} ({item.class_id})" for item in entries})
            )
            why = f"is there as {several}: name the class" if several else "is not in the meter's object list"
            raise InvalidValueError(f"{name} {why}")
        class_id = entries[0].class_id
    versions = sorted(catalogue.versions(class_id), reverse=True)
    versions.sort(key=lambda version: all(version != item.version for item in entries))
    found = (catalogue.class_of(class_id, version, name) for version in versions)
    return Located(name, class_id, reference.member, tuple(cls(name) for cls in found if cls is not None))


def _is_number(text: str) -> bool:
    digits = text.removeprefix("-")
    return digits.isascii() and digits.isdigit()


def _choices(names: list[str]) -> str:
    return f" (there are {', '.join(names)})" if names else ""
