"""APDUs in UI frames: pushes and broadcasts, possibly in segments.

UI frames carry no number, so a lost segment can only be noticed by damage on the line or by what is missing
around it. Segments that cannot be joined for certain are dropped.
"""

from __future__ import annotations

from cosem.core.errors import LimitError
from cosem.link import llc
from cosem.link.hdlc.control import POLL_FINAL, UI
from cosem.link.hdlc.frame import Frame, encode_frame
from cosem.link.hdlc.segment import Reassembler, segments


class UnnumberedAssembler:
    """Joins the UI frames of one sender at a time to APDUs of at most ``limit`` octets."""

    __slots__ = ("_addresses", "_fields", "_lost")

    def __init__(self, limit: int) -> None:
        self._fields = Reassembler(limit)
        self._addresses = (b"", b"")
        self._lost = False

    def put(self, frame: Frame) -> bytes | None:
        """Take a UI frame; the APDU if it is the last segment, without an LLC header.

        Some meters leave the LLC header out; that is tolerated in a frame that is not segmented.
        """
        addresses = (frame.destination, frame.source)
        if self._addresses != addresses:
            self._fields.drop()
            self._lost = False
            self._addresses = addresses
        has_header = frame.information.startswith((llc.COMMAND, llc.RESPONSE))
        if not self._fields:
            self._lost = not has_header and (self._lost or frame.segmented)
            if self._lost:
                self._lost = frame.segmented
                return None
        try:
            lpdu = self._fields.put(frame.information, frame.segmented)
        except LimitError:
            self._lost = frame.segmented
            return None
        return None if lpdu is None else llc.strip_any(lpdu)

    def damage(self) -> None:
        """A damaged frame was on the line: it may have been the next segment."""
        if self._fields:
            self._fields.drop()
            self._lost = True


def unnumbered_frames(destination: bytes, source: bytes, lpdu: bytes, size: int) -> bytes:
    """The UI frames (P/F = 0) that carry one LPDU, at most ``size`` octets of information each."""
    return b"".join(
        [
            encode_frame(destination, source, UI & ~POLL_FINAL, octets, segmented)
            for octets, segmented in segments(lpdu, size)
        ]
    )
