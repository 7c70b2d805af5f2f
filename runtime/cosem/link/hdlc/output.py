"""What a station has to say, held back until the line has been silent for long enough."""

from __future__ import annotations


class Output:
    """Octets to put on the line; ``gap`` are the seconds of silence that the other side needs before them."""

    __slots__ = ("_frames", "_gap", "_held", "_quiet_at")

    def __init__(self, gap: float) -> None:
        self._gap = gap
        self._frames: list[bytes] = []
        self._quiet_at = 0.0
        self._held = False

    def heard(self, now: float) -> None:
        """The other side has sent something."""
        if self._gap:
            self._quiet_at = now + self._gap

    def put(self, octets: bytes, now: float) -> float:
        """Take octets in; when they go out."""
        self._frames.append(octets)
        if not self._gap or self._quiet_at <= now:
            return now
        self._held = True
        return self._quiet_at

    def take(self) -> bytes:
        """The octets that go out now; empty if none."""
        if self._held or not self._frames:
            return b""
        octets = b"".join(self._frames)
        self._frames.clear()
        return octets

    def deadline(self) -> float | None:
        """When ``on_time`` wants to be called, or None."""
        return self._quiet_at if self._held else None

    def on_time(self, now: float) -> None:
        """Let the octets go if the line has been silent for long enough."""
        if self._held and now >= self._quiet_at:
            self._held = False
