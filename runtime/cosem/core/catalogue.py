"""From the numbers in an object list to the generated classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from cosem.core.access import CosemObject


class Catalogue(Mapping[tuple[int, int], type[CosemObject]]):
    """(class id, version) → class. A class is imported when it is first asked for; nothing else is.

    ``homes`` gives ``"module:Class"`` for each, the module inside ``package``; what is not there is looked up
    ``behind``.
    """

    def __init__(
        self, package: str, homes: Mapping[tuple[int, int], str], behind: Catalogue | None = None
    ) -> None:
        self._package = package
        self._homes = homes
        self._behind: Mapping[tuple[int, int], type[CosemObject]] = {} if behind is None else behind
        self._loaded: dict[tuple[int, int], type[CosemObject]] = {}

    def __getitem__(self, key: tuple[int, int]) -> type[CosemObject]:
        found = self._loaded.get(key)
        if found is None and key not in self._homes and key in self._behind:
            return self._behind[key]
        if found is None:
            module, _, name = self._homes[key].partition(":")
            cls: object = getattr(import_module(f"{self._package}.{module}"), name)
            if not (isinstance(cls, type) and issubclass(cls, CosemObject)):
                raise TypeError(f"{name} of {module} is no interface class")
            found = self._loaded[key] = cls
        return found

    def __contains__(self, key: object) -> bool:
        return key in self._homes or key in self._behind

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter({**dict.fromkeys(self._behind), **self._homes})

    def __len__(self) -> int:
        return len({*self._behind, *self._homes})

    def versions(self, class_id: int) -> list[int]:
        """The versions of a class that are known, oldest first."""
        return sorted(version for known, version in self if known == class_id)
