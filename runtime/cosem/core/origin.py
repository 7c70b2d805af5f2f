"""Where a fact about a device comes from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Origin:
    """The overlay that states a fact, its document, and the place in that."""

    overlay: str
    document: str
    place: str = ""

    def __str__(self) -> str:
        return f"{self.overlay} ({self.document}{', ' if self.place else ''}{self.place})"
