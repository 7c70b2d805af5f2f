"""Numbered information transfer: V(S), V(R), the window and what waits in it (IEC 62056-46 6.4.4.4).

Client and server are the same here; they differ in who may speak when.
"""

from __future__ import annotations

from enum import Enum

from cosem.link.hdlc.control import POLL_FINAL, RR, information, supervisory
from cosem.link.hdlc.frame import Frame, encode_frame
from cosem.link.hdlc.parameters import HdlcParameters
from cosem.link.hdlc.segment import Reassembler, Segmenter


class Acknowledgement(Enum):
    """What an N(R) is to the station that sent the frames."""

    VALID = 0
    STALE = 1
    """It was valid before the last one: a late or repeated frame."""
    INVALID = 2
    """It was never sent."""


class NumberedTransfer:
    """One station's end of the exchange of I frames with ``peer``; both addresses as octets on the line."""

    __slots__ = (
        "_acknowledged",
        "_acknowledged_before",
        "_incoming",
        "_outgoing",
        "_own",
        "_peer",
        "_unacknowledged",
        "expected",
        "parameters",
    )

    def __init__(self, own: bytes, peer: bytes, parameters: HdlcParameters, limit: int) -> None:
        self._own = own
        self._peer = peer
        self.parameters = parameters
        self.expected = 0
        """V(R), the N(S) expected next."""
        self._acknowledged = 0
        self._acknowledged_before = 0
        self._unacknowledged: list[tuple[bytes, bool]] = []
        self._outgoing = Segmenter()
        self._incoming = Reassembler(limit)

    @property
    def next_send(self) -> int:
        """V(S)."""
        return (self._acknowledged + len(self._unacknowledged)) & 7

    @property
    def receiving(self) -> bool:
        """Segments of an unfinished LPDU are here."""
        return bool(self._incoming)

    @property
    def unacknowledged(self) -> int:
        """I frames that were sent and not acknowledged."""
        return len(self._unacknowledged)

    @property
    def sending(self) -> bool:
        """There are I frames to send, or to have acknowledged."""
        return bool(self._unacknowledged or self._outgoing)

    def queue(self, lpdu: bytes) -> None:
        """Put an LPDU behind those that wait."""
        self._outgoing.put(lpdu)

    def judge(self, receive: int) -> Acknowledgement:
        """Whether ``receive`` is an N(R) that can be, without acting on it."""
        if (receive - self._acknowledged) & 7 <= len(self._unacknowledged):
            return Acknowledgement.VALID
        last_step = (self._acknowledged - self._acknowledged_before) & 7
        if (receive - self._acknowledged_before) & 7 < last_step:
            return Acknowledgement.STALE
        return Acknowledgement.INVALID

    def acknowledge(self, receive: int) -> bool:
        """Drop the frames that a valid N(R) acknowledges; whether there were any."""
        count = (receive - self._acknowledged) & 7
        if not count:
            return False
        del self._unacknowledged[:count]
        self._acknowledged_before = self._acknowledged
        self._acknowledged = receive
        return True

    def window(self) -> bytes:
        """All I frames that may be on the line now, the unacknowledged ones again, the last with P/F = 1."""
        unacknowledged = self._unacknowledged
        size = self.parameters.max_information_transmit
        while self._outgoing and len(unacknowledged) < self.parameters.window_transmit:
            unacknowledged.append(self._outgoing.take(size))
        last = len(unacknowledged) - 1
        return b"".join(
            [
                encode_frame(
                    self._peer,
                    self._own,
                    information((self._acknowledged + place) & 7, self.expected)
                    | (place == last) * POLL_FINAL,
                    octets,
                    segmented,
                )
                for place, (octets, segmented) in enumerate(unacknowledged)
            ]
        )

    def receive_ready(self) -> bytes:
        """An RR frame with P/F = 1."""
        return encode_frame(self._peer, self._own, supervisory(RR, self.expected) | POLL_FINAL)

    def accept(self, frame: Frame) -> bytes | None:
        """Take the I frame with the expected N(S); the whole LPDU if it is the last segment.

        LimitError if the LPDU grows above the limit; it is dropped then.
        """
        self.expected = (self.expected + 1) & 7
        return self._incoming.put(frame.information, frame.segmented)
