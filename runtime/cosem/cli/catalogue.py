"""The interface classes by id and by name."""

from __future__ import annotations

import re
from functools import cache

from cosem.core.access import CosemObject
from cosem.core.catalogue import Catalogue
from cosem.core.errors import InvalidValueError
from cosem.model import CATALOGUE

_NOISE = re.compile(r"[^a-z0-9]")


def newest(class_id: int, catalogue: Catalogue = CATALOGUE) -> type[CosemObject] | None:
    """The newest version of a class; None if no table knows the id."""
    versions = catalogue.versions(class_id)
    return catalogue[class_id, versions[-1]] if versions else None


def class_name(class_id: int, catalogue: Catalogue = CATALOGUE) -> str:
    """The name of a class as the books, or a device's catalogue, spell it."""
    cls = newest(class_id, catalogue)
    return cls.NAME if cls else "unknown class"


def plain_name(text: str) -> str:
    """A name without what people leave out or write otherwise: case, blanks, hyphens."""
    return _NOISE.sub("", text.lower())


def class_ids() -> list[int]:
    """The ids of all classes."""
    return sorted({class_id for class_id, _ in CATALOGUE})


def class_id_of(text: str) -> int:
    """The id that a number or a name stands for: ``3``, ``register``, ``profile-generic``. Raises InvalidValueError."""
    if text.isascii() and text.isdigit():
        return int(text)
    found = _by_name().get(plain_name(text))
    if found is None:
        raise InvalidValueError(f"no class is called {text!r} (see: cosem classes)")
    return found


@cache
def _by_name() -> dict[str, int]:
    return {plain_name(class_name(class_id)): class_id for class_id in class_ids()}
