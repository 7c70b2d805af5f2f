"""The modules that describing an object does not take, imported when something of them is first used.

They decode what is nested, long or irregular, write rows, and know the calendar. A type checker sees plain imports.
"""

from __future__ import annotations

from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import datetime as dt

    from cosem.core import alike, compact, frames, rows, spoken, tolerant
else:

    class _Late(ModuleType):
        """Stands for the module that it is named after; from the first use on a plain module with the same contents."""

        def __getattr__(self, name: str) -> object:
            module = import_module(self.__name__)
            self.__dict__.update(vars(module))
            self.__class__ = ModuleType
            return getattr(module, name)

    dt = _Late("datetime")
    alike = _Late("cosem.core.alike")
    compact = _Late("cosem.core.compact")
    frames = _Late("cosem.core.frames")
    rows = _Late("cosem.core.rows")
    spoken = _Late("cosem.core.spoken")
    tolerant = _Late("cosem.core.tolerant")

__all__ = ["alike", "compact", "dt", "frames", "rows", "spoken", "tolerant"]
