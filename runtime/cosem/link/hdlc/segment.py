"""APDUs into information fields and back (IEC 62056-46 6.4.4.4.5)."""

from __future__ import annotations

from cosem.core.errors import LimitError


class Segmenter:
    """A queue of LPDUs, cut into information fields when their turn comes."""

    __slots__ = ("_at", "_queue")

    def __init__(self) -> None:
        self._queue: list[bytes] = []
        self._at = 0

    def __bool__(self) -> bool:
        return bool(self._queue)

    def put(self, lpdu: bytes) -> None:
        """Queue an LPDU, at least one octet long."""
        self._queue.append(lpdu)

    def take(self, size: int) -> tuple[bytes, bool]:
        """The next information field, at most ``size`` octets, and whether more of the same LPDU follow."""
        lpdu = self._queue[0]
        begin = self._at
        end = begin + size
        if end < len(lpdu):
            self._at = end
            return lpdu[begin:end], True
        del self._queue[0]
        self._at = 0
        return (lpdu[begin:] if begin else lpdu), False


class Reassembler:
    """Information fields joined to LPDUs of at most ``limit`` octets."""

    __slots__ = ("_begun", "_limit")

    def __init__(self, limit: int) -> None:
        self._begun: bytearray | None = None
        self._limit = limit

    def __bool__(self) -> bool:
        """Whether an LPDU has begun and not ended."""
        return self._begun is not None

    def put(self, information: bytes, segmented: bool) -> bytes | None:
        """Take a field; the whole LPDU after its last one.

        Above the limit the LPDU is dropped and LimitError raised.
        """
        begun = self._begun
        if (len(begun) if begun is not None else 0) + len(information) > self._limit:
            self._begun = None
            raise LimitError(f"an APDU out of segments exceeds {self._limit} octets", path="hdlc")
        if begun is None:
            if not segmented:
                return information
            self._begun = bytearray(information)
            return None
        begun += information
        if segmented:
            return None
        self._begun = None
        return bytes(begun)

    def drop(self) -> None:
        """Forget what has begun."""
        self._begun = None


def segments(lpdu: bytes, size: int) -> list[tuple[bytes, bool]]:
    """All information fields of one LPDU, each with its segmentation bit."""
    segmenter = Segmenter()
    segmenter.put(lpdu)
    fields: list[tuple[bytes, bool]] = []
    while segmenter:
        fields.append(segmenter.take(size))
    return fields
