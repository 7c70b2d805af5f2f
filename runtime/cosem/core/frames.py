"""Elements that are laid out alike: recognised and checked together.

The octets of an element that say how it is built (tags, lengths, counts) are its frame. Elements with the
same frame have the same size, so a run of them is checked by slices that step over whole elements, at the
speed of C.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, Self, TypeVar

from cosem.core.compact import open_compact_array
from cosem.core.errors import DecodeError, IncompleteError, LimitError
from cosem.core.lengths import read_count, read_length
from cosem.core.limits import Limits
from cosem.core.tags import BITS, COMPACT, CONTAINER, CONTENT_OCTETS, STRING

_MOST = 4096
"""Octets of a frame; an element with more of them is decoded by itself."""


class NotFramed(Exception):
    """An element has no frame worth to be held. It does not leave this package."""


class Frame:
    """The frame of the element at ``p``, which is walked whole and checked.

    ``outside`` is the nesting around the element. Raises NotFramed, DecodeError, or IndexError where the octets
    end.
    """

    __slots__ = ("_mask", "_pattern", "cells", "checks", "follower", "size", "usual", "values")

    def __init__(self, b: bytes, p: int, limits: Limits, outside: int) -> None:
        start = p
        marks: list[int] = []  # the octets of the frame
        self.cells: list[int] = []
        """Where the elements of the element begin, and where the last ends; counted from its tag."""
        outer: list[int] = []
        missing = values = 1
        while True:
            while missing:
                if len(outer) == 1:
                    self.cells.append(p - start)
                tag = b[p]
                head = p
                p += 1
                content = octets = CONTENT_OCTETS[tag]
                if octets >= 0:
                    marks.append(head)
                elif octets == CONTAINER:
                    if outside + len(outer) >= limits.depth:
                        raise LimitError("values nest too deep", offset=head)
                    count, p = read_count(b, p, limits.elements - values)
                    values += count
                    marks += range(head, p)
                    outer.append(missing - 1)
                    missing = count
                    continue
                elif octets in (STRING, BITS):
                    content, p = read_length(b, p)
                    if octets == BITS:
                        content = (content + 7) // 8
                    marks += range(head, p)
                elif octets == COMPACT:
                    array = open_compact_array(b, p, limits, outside + len(outer) + 1)
                    if array.count is None:
                        raise NotFramed
                    values += array.count * array.element.values
                    if values > limits.elements:
                        raise LimitError(f"more than {limits.elements} values", offset=head)
                    marks += range(head, array.start)
                    content, p = 0, array.end
                else:
                    raise DecodeError(f"no Data has tag {tag}", offset=head)
                if len(marks) > _MOST:
                    raise NotFramed
                p += content
                missing -= 1
            if p > len(b):
                raise IncompleteError("the value ends early", offset=len(b))
            if not outer:
                break
            missing = outer.pop()
        self.size = p - start
        self.cells.append(self.size)
        self.values = values
        self.checks = [(mark - start, b[mark : mark + 1]) for mark in marks]
        """Offset and octet of the whole frame."""
        self.follower: Self | None = None
        """What came behind a run of this frame the last time."""
        self.usual = 1
        """How long that run was."""
        self._mask = self._pattern = 0

    def matches(self, b: bytes, p: int) -> bool:
        """Whether the element at ``p`` has this frame, and all its octets are there."""
        if not self._mask:
            self._prepare()
        end = p + self.size
        return int.from_bytes(b[p:end]) & self._mask == self._pattern and end <= len(b)

    def run(self, b: bytes, p: int, most: int) -> int:
        """How many elements in a row have this frame from ``p`` on, out of ``most``."""
        most = min(most, (len(b) - p) // self.size)
        found, window = 0, max(self.usual, 16)
        while found < most:
            asked = min(window, most - found)
            alike = self._alike(b, p + found * self.size, asked)
            found += alike
            if alike < asked or not self.matches(b, p + found * self.size):
                break
            window = found * 16  # a short run costs little, a long one few steps
        return found

    def _alike(self, b: bytes, p: int, count: int) -> int:
        end = p + count * self.size
        for offset, octet in self.checks:
            column = b[p + offset : end : self.size]
            if column != octet * count:
                count -= len(column.lstrip(octet))
                if not count:
                    return 0
                end = p + count * self.size
        return count

    def _prepare(self) -> None:
        mask, pattern = bytearray(self.size), bytearray(self.size)
        for offset, octet in self.checks:
            mask[offset] = 0xFF
            pattern[offset] = octet[0]
        self._mask, self._pattern = int.from_bytes(mask), int.from_bytes(pattern)


F = TypeVar("F", bound=Frame)

_KNOWN = 5
"""Frames that are held; the least recently used one goes."""

_CREDIT = 16
"""The most credit there is; to learn a frame takes a quarter of it."""

_STRETCHES = (16, 4096)
"""The first and the longest stretch of elements that are left alone."""


class Recogniser(Generic[F]):
    """Recognises the elements of one array by the frames seen before.

    To learn a frame or to try many costs more than to decode one element. So both are done on credit that
    recognised elements earn; without it elements are left to be decoded one by one, in stretches that double
    until runs are found again.
    """

    __slots__ = ("_credit", "_frames", "_last", "_learn", "_plain", "_run", "_stretch")

    def __init__(self, learn: Callable[[bytes, int], F]) -> None:
        self._learn = learn
        self._frames: list[F] = []
        self._last: F | None = None
        self._run = 0
        self._credit = _CREDIT
        self._plain = 0
        self._stretch = _STRETCHES[0]

    def find(self, b: bytes, p: int, most: int) -> tuple[F, int] | None:
        """The frame of the element at ``p`` and how many there are in a row; None: decode this one by itself."""
        if self._plain:
            self._plain -= 1
            return None
        last = self._last
        frame = None if last is None else last.follower
        if frame is not None and frame.matches(b, p):
            count = 1
        else:
            known = self._search(b, p, most, frame)
            if known is None:
                return None
            frame, count = known
        if frame is not last:
            if last is not None:
                last.follower = frame
                last.usual = self._run
            self._last = frame
            self._run = 0
        if count == 1 and (frame.usual > 3 or self._run > 2):
            count = frame.run(b, p, most)
        if count > 3:
            self._credit = _CREDIT
            self._stretch = _STRETCHES[0]
        self._run += count
        return frame, count

    def _search(self, b: bytes, p: int, most: int, refuted: F | None) -> tuple[F, int] | None:
        for index, frame in enumerate(self._frames):
            if frame is not refuted and frame.matches(b, p):
                if index:
                    self._frames.insert(0, self._frames.pop(index))
                self._credit = min(self._credit + 1 - index, _CREDIT)
                return frame, 1
        learnt = self._try_learning(b, p)
        if learnt is None:
            self._plain = self._stretch
            self._stretch = min(self._stretch * 2, _STRETCHES[1])
            self._credit = _CREDIT // 2
            return None
        self._credit -= _CREDIT // 4
        self._frames.insert(0, learnt)
        del self._frames[_KNOWN:]
        return learnt, learnt.run(b, p, most)

    def _try_learning(self, b: bytes, p: int) -> F | None:
        if self._credit <= 0:
            return None
        try:
            return self._learn(b, p)
        except NotFramed:
            return None
