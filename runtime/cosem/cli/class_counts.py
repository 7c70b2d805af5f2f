"""How much the tables hold: class versions of the books and of national standards, and how sure the tables are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from cosem.cli.named_types import named_types
from cosem.core.access import CosemObject
from cosem.core.device_registry import shipped_catalogues
from cosem.core.types import Enumerated, Flags, StructureOf
from cosem.model import CATALOGUE

LEVELS: Final = ("high", "medium", "low")
_MARK: Final = re.compile(r"\bConfidence:\s+(\w+)")


@dataclass(frozen=True, slots=True)
class Listed:
    """A class version; ``devices`` are those that have it where the books do not."""

    cls: type[CosemObject]
    devices: tuple[str, ...] = ()


def of_books(class_id: int | None = None) -> list[Listed]:
    """The class versions of the Blue Book, or those of one id; by id and version."""
    return [Listed(CATALOGUE[key]) for key in sorted(CATALOGUE) if class_id in (None, key[0])]


def of_national_standards(class_id: int | None = None) -> list[Listed]:
    """The class versions that overlays which come with cosem add to the books, or those of one id; by id and version.

    Of one id, two standards may make different classes; what has one name is one class, whoever else has it.
    """
    found: dict[tuple[int, int, str], Listed] = {}
    for device, catalogue in shipped_catalogues().items():
        for key in catalogue:
            if key not in CATALOGUE and class_id in (None, key[0]):
                cls = catalogue[key]
                known = found.get((*key, cls.NAME), Listed(cls))
                found[*key, cls.NAME] = Listed(known.cls, (*known.devices, device))
    return [found[key] for key in sorted(found)]


@dataclass(frozen=True, slots=True)
class Counts:
    """How much is in class versions: ids, versions, attributes (logical_name included), methods, and types by name.

    ``confidence`` counts attributes and methods without logical_name, by level.
    """

    classes: int
    versions: int
    attributes: int
    methods: int
    structures: int
    enumerations: int
    bit_sets: int
    confidence: Mapping[str, int]

    @classmethod
    def of(cls, listed: Sequence[Listed]) -> Counts:
        """Count; a type that several classes share counts once."""
        found = [each.cls for each in listed]
        types = {type for each in found for type in named_types(each).values()}
        sure = Counter(confidence(each, name) for each in found for name in _names(each))
        return cls(
            len({(each.CLASS_ID, each.NAME) for each in found}),
            len(found),
            sum(len(each.ATTRIBUTES) for each in found),
            sum(len(each.METHODS) for each in found),
            len({type.cls for type in types if isinstance(type, StructureOf)}),
            len({type.enum for type in types if isinstance(type, Enumerated)}),
            len({type.bits for type in types if isinstance(type, Flags)}),
            {level: sure[level] for level in LEVELS},
        )

    def without(self, other: Counts) -> Counts:
        """What is here beyond ``other``, which is a part of it."""
        return Counts(
            self.classes - other.classes,
            self.versions - other.versions,
            self.attributes - other.attributes,
            self.methods - other.methods,
            self.structures - other.structures,
            self.enumerations - other.enumerations,
            self.bit_sets - other.bit_sets,
            {level: self.confidence[level] - other.confidence[level] for level in LEVELS},
        )

    def numbers(self) -> dict[str, int]:
        """Each count by its name, levels as ``high_confidence`` and so on."""
        return {
            "classes": self.classes,
            "versions": self.versions,
            "attributes": self.attributes,
            "methods": self.methods,
            "structures": self.structures,
            "enumerations": self.enumerations,
            "bit_sets": self.bit_sets,
            **{f"{level}_confidence": self.confidence[level] for level in LEVELS},
        }

    def shares(self) -> dict[str, float]:
        """How sure the tables are: the share of each level of confidence, from 0 to 1."""
        rows = max(1, sum(self.confidence.values()))
        return {level: count / rows for level, count in self.confidence.items()}


def confidence(cls: type[CosemObject], member: str) -> str:
    """How sure the tables are of an attribute or a method: high unless they say medium or low."""
    described: object = getattr(cls, member, None) or getattr(cls, f"{member}_", None)
    for said in (described.__doc__ if described else None, cls.__doc__):
        if marked := _MARK.search(said or ""):
            return marked[1]
    return "high"


def _names(cls: type[CosemObject]) -> list[str]:
    """The attributes and methods of a class version, without the logical name that all have."""
    attributes = [item.name for item in cls.ATTRIBUTES.values() if item.name != "logical_name"]
    return attributes + [method.name for method in cls.METHODS.values()]
