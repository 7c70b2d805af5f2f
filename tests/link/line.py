"""Two engines on one half-duplex line with a fake clock, and what a line does to octets."""

from __future__ import annotations

import heapq
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from cosem.link.events import ApduReceived, LinkDown, LinkEngine, LinkEvent, LinkUp

OCTET_TIME = 10 / 9600
Answer = Callable[[ApduReceived], bytes | None]


def drain(engine: LinkEngine) -> list[LinkEvent]:
    """All events that wait."""
    events: list[LinkEvent] = []
    while (event := engine.next_event()) is not None:
        events.append(event)
    return events


@dataclass
class Faults:
    """Chances, each drawn on its own: per octet for ``damage``, ``drop_octet``; else per transmission."""

    damage: float = 0.0
    drop_octet: float = 0.0
    lose: float = 0.0
    double: float = 0.0
    delay: float = 0.0
    """Longest extra delay in seconds; order is kept."""
    pieces: bool = False
    random: random.Random = field(default_factory=lambda: random.Random(1))

    def on(self, octets: bytes) -> list[bytes]:
        """What arrives of one transmission: nothing, it, or it twice."""
        draw = self.random.random
        if draw() < self.lose:
            return []
        changed = bytearray()
        for octet in octets:
            if draw() < self.drop_octet:
                continue
            changed.append(octet ^ self.random.randrange(1, 256) if draw() < self.damage else octet)
        copies = 2 if draw() < self.double else 1
        return [bytes(changed)] * copies


class Line:
    """A client and a server joined; ``answer`` is the application of the server."""

    def __init__(
        self,
        client: LinkEngine,
        server: LinkEngine,
        answer: Answer,
        faults: Faults | None = None,
        think: float = 0.0,
    ) -> None:
        self.client = client
        self.server = server
        self.answer = answer
        self.faults = faults or Faults()
        self.think = think
        self.now = 0.0
        self.client_events: list[LinkEvent] = []
        self.server_events: list[LinkEvent] = []
        self.transmissions = 0
        self._order = 0
        self._due: list[tuple[float, int, bool, bytes]] = []
        self._answers: list[tuple[float, bytes, int, int]] = []
        self._free_at = 0.0

    def settle(self) -> None:
        """Take output and events of both ends until there is nothing more to take."""
        while True:
            moved = False
            for engine, to_server in ((self.client, True), (self.server, False)):
                while octets := engine.take_output():
                    moved = True
                    self._transmit(octets, to_server)
            self.client_events += drain(self.client)
            for event in drain(self.server):
                moved = True
                self.server_events.append(event)
                if isinstance(event, ApduReceived) and event.confirmed:
                    reply = self.answer(event)
                    if reply is not None:
                        self._answers.append(
                            (self.now + self.think, reply, event.client_sap, event.server_sap)
                        )
            for answer in [answer for answer in self._answers if answer[0] <= self.now]:
                self._answers.remove(answer)
                moved = True
                _, reply, client_sap, server_sap = answer
                self.server.send(reply, self.now, client_sap=client_sap, server_sap=server_sap)
            if not moved:
                return

    def _transmit(self, octets: bytes, to_server: bool) -> None:
        self.transmissions += 1
        begin = max(self.now, self._free_at)
        for arrived in self.faults.on(octets):
            begin += len(arrived) * OCTET_TIME + self.faults.random.random() * self.faults.delay
            for piece in self._cut(arrived):
                self._order += 1
                heapq.heappush(self._due, (begin, self._order, to_server, piece))
        self._free_at = begin

    def _cut(self, octets: bytes) -> list[bytes]:
        if not self.faults.pieces or len(octets) < 2:
            return [octets] if octets else []
        at = self.faults.random.randrange(1, len(octets))
        return [octets[:at], octets[at:]]

    def step(self) -> bool:
        """On to the next thing that happens; False if nothing will."""
        self.settle()
        times = [due[0] for due in self._due[:1]] + [answer[0] for answer in self._answers]
        times += [time for time in (self.client.deadline(), self.server.deadline()) if time is not None]
        if not times:
            return False
        self.now = max(self.now, min(times))
        while self._due and self._due[0][0] <= self.now:
            _, _, to_server, piece = heapq.heappop(self._due)
            (self.server if to_server else self.client).receive(piece, self.now)
            self.settle()
        for engine in (self.client, self.server):
            deadline = engine.deadline()
            if deadline is not None and deadline <= self.now:
                engine.on_time(self.now)
        self.settle()
        return True

    def until(self, reached: Callable[[], bool], within: float = 3600.0) -> bool:
        """Run until ``reached`` or the time is over; whether it was reached."""
        end = self.now + within
        self.settle()
        while not reached():
            if self.now > end or not self.step():
                return False
        return True

    def up(self) -> bool:
        """Set the link up."""
        self.client.open(self.now)
        return self.until(lambda: bool(self.client_events)) and isinstance(self.client_events[-1], LinkUp)

    def ask(self, request: bytes) -> bytes | None:
        """One request and its answer; None if the link went down."""
        before = len(self.client_events)
        self.client.send(request, self.now)
        if not self.until(lambda: len(self.client_events) > before):
            return None
        event = self.client_events[before]
        return event.apdu if isinstance(event, ApduReceived) else None

    def down(self) -> LinkDown | None:
        """Disconnect."""
        self.client.close(self.now)
        if not self.until(lambda: isinstance(self.client_events[-1], LinkDown)):
            return None
        event = self.client_events[-1]
        return event if isinstance(event, LinkDown) else None
