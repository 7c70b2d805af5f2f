"""What a bad line does to what is sent over it, and the truth about what it did."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from random import Random
from typing import Final

from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.parser import FrameParser

_REMEMBERED: Final = 4096
"""Frames sent that a frame received is looked for among."""


@dataclass(frozen=True, slots=True)
class Faults:
    """How bad a line is, in one direction. All are probabilities from 0 to 1 unless said otherwise."""

    octet_damage: float = 0.0
    """Of each octet: it becomes another one."""
    octet_loss: float = 0.0
    """Of each octet: it does not arrive."""
    octet_doubling: float = 0.0
    """Of each octet: it arrives twice."""
    parity_flip: float = 0.0
    """Of each octet: its top bit is inverted, as on a line set to 7 data bits with the other parity."""
    burst: float = 0.0
    """Of each frame: noise covers it from some octet on, for ``burst_time``."""
    burst_time: float = 0.2
    """Seconds."""
    frame_loss: float = 0.0
    """Of each frame: it does not arrive."""
    frame_doubling: float = 0.0
    """Of each frame: it arrives twice."""
    splitting: float = 0.0
    """Of each octet but the first: what is read ends before it, so that a frame arrives in pieces."""
    gap: float = 0.0
    """Seconds of silence, at most, between two pieces."""
    delay: tuple[float, float] = (0.0, 0.0)
    """Seconds that a frame takes on its way on top of its own length, from … to."""
    reorder: bool = False
    """Whether a frame that is delayed less may overtake the one before."""
    outage: tuple[float, float] = (0.0, 0.0)
    """Seconds during which all is lost, and seconds during which the line then works, in turns."""


CLEAN = Faults()


class Wire:
    """One direction of a simulated line.

    ``sent``, ``lost``, ``doubled`` and ``damaged`` count frames, the last one those that arrived with other
    octets than were sent. ``undetected`` counts HDLC frames that satisfy HCS and FCS as they arrive and were
    never sent. Wrapper PDUs count as frames too, but as they have no check sequence, none of them is ever
    ``undetected``.
    """

    def __init__(self, random: Random, faults: Faults, octet_time: float) -> None:
        self.faults = faults
        self.sent = 0
        self.lost = 0
        self.doubled = 0
        self.damaged = 0
        self.undetected = 0
        self._random = random
        self._octet_time = octet_time
        self._free_at = 0.0
        self._last_arrival = 0.0
        self._genuine: dict[bytes, None] = {}
        self._parser = FrameParser()

    def carry(self, octets: bytes, now: float) -> Iterator[tuple[float, bytes]]:
        """Send octets at ``now``, or when those before are through: when which of them arrive."""
        faults, random = self.faults, self._random
        for frame in _frames(octets):
            self.sent += 1
            self._remember(frame)
            start = max(now, self._free_at)
            self._free_at = start + len(frame) * self._octet_time
            if self._is_out(start) or random.random() < faults.frame_loss:
                self.lost += 1
                continue
            copies = 1
            if random.random() < faults.frame_doubling:
                self.doubled += 1
                copies = 2
            for _ in range(copies):
                arriving = self._worn(frame)
                self.damaged += arriving != frame
                yield from self._pieces(arriving, self._free_at + random.uniform(*faults.delay))

    def arrive(self, octets: bytes) -> None:
        """Octets arrive: look for frames that nobody sent."""
        for item in self._parser.feed(octets):
            if isinstance(item, Frame) and item.encode() not in self._genuine:
                self.undetected += 1

    def _remember(self, frame: bytes) -> None:
        self._genuine.pop(frame, None)
        self._genuine[frame] = None
        if len(self._genuine) > _REMEMBERED:
            del self._genuine[next(iter(self._genuine))]

    def _is_out(self, when: float) -> bool:
        out, working = self.faults.outage
        return out > 0 and when % (out + working) < out

    def _worn(self, frame: bytes) -> bytes:
        faults, random = self.faults, self._random
        octets = bytearray(frame)
        for i in self._chosen(faults.octet_damage, len(octets)):
            octets[i] ^= random.randrange(1, 256)
        for i in self._chosen(faults.parity_flip, len(octets)):
            octets[i] ^= 0x80
        if random.random() < faults.burst:
            start = random.randrange(len(octets))
            stop = min(len(octets), start + max(1, round(faults.burst_time / self._octet_time)))
            octets[start:stop] = random.randbytes(stop - start)
        # From the back, so that places further on stay where they are.
        for i in reversed(list(self._chosen(faults.octet_loss, len(octets)))):
            del octets[i]
        for i in reversed(list(self._chosen(faults.octet_doubling, len(octets)))):
            octets.insert(i, octets[i])
        return bytes(octets)

    def _chosen(self, probability: float, count: int) -> Iterator[int]:
        """Places out of ``count``, each chosen with ``probability``, by one random number for each chosen."""
        if probability <= 0:
            return
        if probability >= 1:
            yield from range(count)
            return
        scale = log(1 - probability)
        place = -1
        while True:
            gap = log(1 - self._random.random()) / scale
            if gap >= count:
                return
            place += 1 + int(gap)
            if place >= count:
                return
            yield place

    def _pieces(self, octets: bytes, end: float) -> Iterator[tuple[float, bytes]]:
        """Cut the octets of a frame whose last one arrives at ``end``, or later if there are gaps."""
        if not self.faults.reorder:
            end = max(end, self._last_arrival)
        cuts = [place + 1 for place in self._chosen(self.faults.splitting, len(octets) - 1)]
        late = 0.0
        for start, stop in zip([0, *cuts], [*cuts, len(octets)], strict=True):
            when = end - (len(octets) - stop) * self._octet_time + late
            if not self.faults.reorder:
                when = max(when, self._last_arrival)
            self._last_arrival = max(self._last_arrival, when)
            late += self._random.uniform(0, self.faults.gap) if self.faults.gap else 0.0
            if stop > start:
                yield when, octets[start:stop]


def _frames(octets: bytes) -> Iterator[bytes]:
    """Cut what an engine wrote into its HDLC frames or wrapper PDUs; what is neither stays whole."""
    at = 0
    while at < len(octets):
        end = len(octets)
        if octets[at] == 0x7E and at + 3 <= end:
            end = at + 2 + ((octets[at + 1] & 7) << 8 | octets[at + 2])
        elif octets[at : at + 2] == b"\x00\x01" and at + 8 <= end:
            end = at + 8 + int.from_bytes(octets[at + 6 : at + 8])
        yield octets[at:end]
        at = end
