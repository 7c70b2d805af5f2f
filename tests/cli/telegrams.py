"""The captured telegrams of ``tests/vectors`` and what they are known to say."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

VECTORS = Path(__file__).parent.parent / "vectors"


@dataclass(frozen=True)
class Telegram:
    """One file: the octets, and every fact that the file states."""

    name: str
    octets: bytes
    facts: dict[str, Any]

    def __str__(self) -> str:
        return self.name

    @property
    def delivers(self) -> bool:
        """Whether its values can be had without a key."""
        return self.facts["values"] is not None and "ciphered" not in self.facts and "keys" not in self.facts

    @property
    def ciphered(self) -> bool:
        """Whether it ends in a ciphered message."""
        return "security_control" in self.facts


def telegrams() -> list[Telegram]:
    """All of them."""
    files = sorted((VECTORS / "telegrams").glob("*.yaml"))
    return [Telegram(file.stem, bytes.fromhex(facts["octets"]), facts) for file, facts in map(_load, files)]


def messages() -> list[tuple[str, bytes, dict[str, Any]]]:
    """The single APDUs: name, octets, facts."""
    _, entries = _load(VECTORS / "apdus.yaml")
    return [(entry["name"], bytes.fromhex(entry["octets"]), entry) for entry in entries]


def _load(file: Path) -> tuple[Path, Any]:
    return file, yaml.safe_load(file.read_text("utf-8"))


def plain(value: Any) -> Any:
    """A JSON value in the form of the vectors: octets as ``{"octets": "01 00 …"}`` alone."""
    match value:
        case {"octets": str(octets)}:
            return {"octets": bytes.fromhex(octets).hex(" ").upper()}
        case [*items]:
            return [plain(item) for item in items]
        case _:
            return value


def delivered(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The items that hand out values."""
    return (item for item in items if item["values"] is not None)


def parsed(text: str) -> list[dict[str, Any]]:
    """What ``decode --json`` printed."""
    items: list[dict[str, Any]] = json.loads(text)
    return items
