"""From the numbers in an object list to the generated classes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import TYPE_CHECKING

from cosem.core.access import CosemObject
from cosem.core.obis import LogicalName

if TYPE_CHECKING:
    from cosem.core.device import DeviceObject


class Catalogue(Mapping[tuple[int, int], type[CosemObject]]):
    """(class id, version) → class. A class is imported when it is first asked for; nothing else is.

    ``homes`` gives ``".module:Class"`` for each, the module inside ``package``, or in full if it is another's; what is
    not there is looked up ``behind``. ``rows`` does so for rows of the object list of ``package``, whose types it
    prescribes.
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
            found = {self.of_row(row) for row in rows if row.version == version}
            if len(found) == 1:
                return found.pop()
        return self.get((class_id, version))

    def of_row(self, row: DeviceObject) -> type[CosemObject] | None:
        """The class of the objects of a row of the object list; None for a class or version that is not known."""
        home = (self._rows or {}).get(row.name)
        return self.get((row.class_id, row.version)) if home is None else self._load(home)

    def _load(self, home: str) -> type[CosemObject]:
        module, _, name = home.partition(":")
        cls: object = getattr(import_module(module, self._package), name)
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
