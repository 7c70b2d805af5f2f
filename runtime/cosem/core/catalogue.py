"""From the numbers in an object list to the generated classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module

from cosem.core.access import CosemObject
from cosem.core.obis import LogicalName


class Catalogue(Mapping[tuple[int, int], type[CosemObject]]):
    """(class id, version) → class. A class is imported when it is first asked for; nothing else is.

    ``homes`` gives ``"module:Class"`` for each, the module inside ``package``; what is not there is looked up
    ``behind``. ``rows`` does so for rows of the object list of ``package``, whose types it prescribes.
    """

    def __init__(
        self,
        package: str,
        homes: Mapping[tuple[int, int], str],
        behind: Catalogue | None = None,
        rows: Mapping[str, str] | None = None,
    ) -> None:
        self._package = package
        self._rows = rows
        self._homes = homes
        self._behind: Mapping[tuple[int, int], type[CosemObject]] = {} if behind is None else behind
        self._loaded: dict[tuple[int, int], type[CosemObject]] = {}

    def __getitem__(self, key: tuple[int, int]) -> type[CosemObject]:
        found = self._loaded.get(key)
        if found is None and key not in self._homes and key in self._behind:
            return self._behind[key]
        if found is None:
            found = self._loaded[key] = self._load(self._homes[key])
        return found

    def class_of(self, class_id: int, version: int, name: LogicalName) -> type[CosemObject] | None:
        """The class of one object: with the types that the device's object list prescribes for it, if any.

        None for a class or version that is not known.
        """
        if self._rows:
            from cosem.core.device_registry import load_device

            rows = load_device(self._package).rows(class_id, name)
            homes = {self._rows.get(row.name) for row in rows if row.version == version}
            home = homes.pop() if len(homes) == 1 else None
            if home is not None:
                return self._load(home)
        return self.get((class_id, version))

    def _load(self, home: str) -> type[CosemObject]:
        module, _, name = home.partition(":")
        cls: object = getattr(import_module(f"{self._package}.{module}"), name)
        if not (isinstance(cls, type) and issubclass(cls, CosemObject)):
            raise TypeError(f"{name} of {module} is no interface class")
        return cls

    def __contains__(self, key: object) -> bool:
        return key in self._homes or key in self._behind

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter({**dict.fromkeys(self._behind), **self._homes})

    def __len__(self) -> int:
        return len({*self._behind, *self._homes})

    def versions(self, class_id: int) -> list[int]:
        """The versions of a class that are known, oldest first."""
        return sorted(version for known, version in self if known == class_id)
