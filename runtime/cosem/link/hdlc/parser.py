"""Octets as they come off the line, in any cut, into frames.

A frame is taken by its length field, never by looking for the closing flag, so 0x7E inside it means nothing.
The header has its own check sequence: once that is good the length can be trusted, and if it is bad the hunt
goes on at the next flag. Every octet is looked at a bounded number of times, so the work is linear in the
octets, whatever they are, and at most one frame of octets is kept.
"""

from __future__ import annotations

import re
from binascii import crc_hqx
from dataclasses import dataclass
from enum import Enum
from typing import Final, TypeAlias

from cosem.link.fcs import GOOD, REVERSED_BITS, START
from cosem.link.hdlc.address import address_size
from cosem.link.hdlc.frame import FLAG, FORMAT_TYPE, LONGEST, LONGEST_HEADER, SEGMENTED, SHORTEST, Frame

_OTHER_THAN_FLAG: Final = re.compile(rb"[^\x7e]")


class FrameFault(Enum):
    """What is wrong with octets that are no good frame."""

    NOISE = "no opening flag"
    FORMAT_TYPE = "format type is not 3"
    LENGTH = "the length field does not fit the frame"
    ADDRESS = "an address is not 1, 2 or 4 octets"
    HCS = "header check sequence is wrong"
    FCS = "frame check sequence is wrong"
    CLOSING_FLAG = "no closing flag where the length says"
    INCOMPLETE = "the line fell silent inside the frame"


@dataclass(slots=True)
class DamagedFrame:
    """Octets between two flags (at most 2,047 in one piece) that are no good frame, and why."""

    reason: FrameFault
    octets: bytes


ParsedItem: TypeAlias = Frame | DamagedFrame


class FrameParser:
    """Stream parser. What :meth:`feed` returns, all calls together, does not depend on how the octets were
    cut.

    The closing flag of a frame may be the opening flag of the next.
    """

    __slots__ = ("_fault", "_have", "_need", "_pieces")

    def __init__(self) -> None:
        # Pieces wait unjoined until there are as many octets as the next step needs.
        self._pieces: list[bytes] = []
        self._have = 0
        self._need = 1
        self._fault = FrameFault.NOISE

    @property
    def pending(self) -> bool:
        """Octets are kept that may be the beginning of a frame (a lone flag does not count)."""
        return self._have > 1 or (self._have == 1 and self._pieces[0] != b"~")

    def feed(self, octets: bytes) -> list[ParsedItem]:
        """Take ``octets``; the frames, good and damaged, that they complete."""
        self._have += len(octets)
        self._pieces.append(octets)
        return self._parse(False) if self._have >= self._need else []

    def flush(self) -> list[ParsedItem]:
        """The line has been silent too long: what is kept is not continued. Frames inside it are found."""
        return self._parse(True) if self._have else []

    def _parse(self, silent: bool) -> list[ParsedItem]:
        octets = self._pieces[0] if len(self._pieces) == 1 else b"".join(self._pieces)
        items: list[ParsedItem] = []
        at = self._scan(octets, items, silent)
        rest = octets[at:]
        self._pieces = [rest] if rest else []
        self._have = len(rest)
        return items

    def _scan(self, octets: bytes, items: list[ParsedItem], silent: bool) -> int:
        """Walk ``octets``, append what is found, set ``_need``; where the octets to keep begin."""
        end = len(octets)
        at = 0
        while at < end:
            if octets[at] != FLAG:
                stop = octets.find(FLAG, at, at + LONGEST)
                if stop < 0:
                    stop = min(at + LONGEST, end)
                    if stop - at < LONGEST and not silent:
                        self._need = end - at + 1
                        return at
                items.append(DamagedFrame(self._fault, octets[at:stop]))
                self._fault = FrameFault.NOISE
                at = stop
                continue
            left = end - at - 1
            if left == 0:
                break
            if octets[at + 1] == FLAG:
                other = _OTHER_THAN_FLAG.search(octets, at + 2)
                at = (other.start() if other else end) - 1
                continue
            fault, need = self._take(octets, at, left, items)
            if fault is not None:
                self._fault = fault
                at += 1
            elif not need:
                at += (octets[at + 1] << 8 & 0x700 | octets[at + 2]) + 1
            elif silent:
                self._fault = FrameFault.INCOMPLETE
                at += 1
            else:
                self._need = need + 1
                return at
        self._need = end - at + 1
        return end if silent else at

    def _take(
        self, octets: bytes, at: int, left: int, items: list[ParsedItem]
    ) -> tuple[FrameFault | None, int]:
        """Try the ``left`` octets after the flag at ``at``: a fault, or how many it needs, or 0 if taken."""
        format_octet = octets[at + 1]
        if format_octet & 0xF0 != FORMAT_TYPE:
            return FrameFault.FORMAT_TYPE, 0
        if left < 2:
            return None, 2
        length = (format_octet & 7) << 8 | octets[at + 2]
        if length < SHORTEST:
            return FrameFault.LENGTH, 0
        if left < LONGEST_HEADER and left < length:
            return None, min(length, LONGEST_HEADER)

        begin = at + 1
        bound = begin + length if length < LONGEST_HEADER else begin + LONGEST_HEADER
        source = at + 4 if octets[at + 3] & 1 else at + 3 + address_size(octets, at + 3, bound)
        control = source + 1 if octets[source] & 1 else source + address_size(octets, source, bound)
        if source == at + 3 or control == source:
            return FrameFault.ADDRESS, 0
        body = control + 3
        if body > begin + length:
            return FrameFault.LENGTH, 0
        if crc_hqx(octets[begin:body].translate(REVERSED_BITS), START) != GOOD:
            return FrameFault.HCS, 0
        end = begin + length
        if body != end and body + 3 > end:
            return FrameFault.LENGTH, 0

        if left <= length:
            return None, length + 1
        if octets[end] != FLAG:
            return FrameFault.CLOSING_FLAG, 0
        # From here the length is right, so a damaged frame is skipped whole.
        if body != end and crc_hqx(octets[body:end].translate(REVERSED_BITS), GOOD) != GOOD:
            items.append(DamagedFrame(FrameFault.FCS, octets[begin:end]))
        else:
            items.append(
                Frame(
                    octets[at + 3 : source],
                    octets[source:control],
                    octets[control],
                    octets[body : end - 2],
                    format_octet & SEGMENTED != 0,
                )
            )
        return None, 0


class TimedFrameParser:
    """A frame parser that keeps the inter-octet time-out (seconds) of IEC 62056-46 6.4.4.3.3."""

    __slots__ = ("_heard", "_parser", "_timeout")

    def __init__(self, timeout: float) -> None:
        self._parser = FrameParser()
        self._timeout = timeout
        self._heard = 0.0

    def feed(self, octets: bytes, now: float) -> list[ParsedItem]:
        """Take ``octets``; a fragment that waited longer than the time-out is dropped first."""
        if now >= self._heard + self._timeout:
            stale = self._parser.flush()
            self._heard = now
            return stale + self._parser.feed(octets) if stale else self._parser.feed(octets)
        self._heard = now
        return self._parser.feed(octets)

    def deadline(self) -> float | None:
        """When the fragment at hand, if any, is given up."""
        return self._heard + self._timeout if self._parser.pending else None

    def on_time(self, now: float) -> list[ParsedItem]:
        """Give the fragment up if its time has come."""
        if self._parser.pending and now >= self._heard + self._timeout:
            return self._parser.flush()
        return []
