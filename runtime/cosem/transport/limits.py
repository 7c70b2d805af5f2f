"""What one listener lets others make it hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from cosem.link.events import LinkEngine

EngineFactory: TypeAlias = Callable[[], LinkEngine]


@dataclass(frozen=True, slots=True)
class ListenLimits:
    """Bounds of one listener."""

    connections: int = 10_000
    """Connections at once (UDP: peers at once). A TCP listener also stays below the limit of open files."""

    idle: float = 180.0
    """Seconds without a whole APDU, or a link frame worth an answer, after which a connection is dropped. A
    serial line is never dropped."""

    write_buffer: int = 256 * 1024
    """Octets that may wait for a slow reader before its requests have to wait as well. A reader that is
    pushed to without taking anything is dropped at twice as many."""

    batch: int = 32
    """APDUs served in a row before other connections have their turn."""


DEFAULT_LISTEN_LIMITS = ListenLimits()
