"""One who only listens: pushes on a consumer interface, whoever they are addressed to."""

from __future__ import annotations

from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link.events import ApduReceived, LinkEvent
from cosem.link.hdlc.control import FrameKind
from cosem.link.hdlc.options import DEFAULT_OPTIONS, HdlcOptions
from cosem.link.hdlc.parser import DamagedFrame, ParsedItem, TimedFrameParser
from cosem.link.hdlc.unnumbered import UnnumberedAssembler


class HdlcListener:
    """A :class:`~cosem.link.events.LinkEngine` that never speaks and gives up every APDU it hears.

    Pushes come in UI frames; some meters put them into I frames, which are taken the same way.
    The SAPs of its events are the upper parts of the addresses: ``client_sap`` of the destination,
    ``server_sap`` of the source. ``discarded`` counts damaged frames and frames of other kinds.
    """

    __slots__ = ("_events", "_parser", "_unnumbered", "discarded")

    def __init__(self, options: HdlcOptions = DEFAULT_OPTIONS, limits: Limits = DEFAULT_LIMITS) -> None:
        self.discarded = 0
        self._parser = TimedFrameParser(options.inter_octet_timeout)
        self._unnumbered = UnnumberedAssembler(limits.octets)
        self._events: list[LinkEvent] = []

    def open(self, now: float) -> None:
        """Nothing to do."""

    def close(self, now: float) -> None:
        """Nothing to do."""

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """No effect: a listener is silent."""

    def receive(self, octets: bytes, now: float) -> None:
        """Take whatever arrived, in any cut."""
        self._take(self._parser.feed(octets, now))

    def take_output(self) -> bytes:
        """Always empty."""
        return b""

    def next_event(self) -> LinkEvent | None:
        """The oldest event not yet taken."""
        return self._events.pop(0) if self._events else None

    def deadline(self) -> float | None:
        """When a fragment is to be dropped, or None."""
        return self._parser.deadline()

    def on_time(self, now: float) -> None:
        """Drop a fragment whose time has come."""
        self._take(self._parser.on_time(now))

    def _take(self, items: list[ParsedItem]) -> None:
        for item in items:
            if isinstance(item, DamagedFrame):
                self.discarded += 1
                self._unnumbered.damage()
            elif item.kind not in (FrameKind.UI, FrameKind.INFORMATION):
                self.discarded += 1
            elif apdu := self._unnumbered.put(item):
                client_sap, server_sap = _upper(item.destination), _upper(item.source)
                self._events.append(ApduReceived(apdu, client_sap, server_sap, confirmed=False))


def _upper(address: bytes) -> int:
    """The upper part of any well-formed address."""
    return address[0] << 6 | address[1] >> 1 if len(address) == 4 else address[0] >> 1
