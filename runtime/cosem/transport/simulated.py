"""A client and a meter joined by a simulated line: as bad as wanted, exact, repeatable, and in no time."""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush
from random import Random
from typing import Final, Literal, Self, TypeAlias

from cosem.core.errors import ConnectionLost, CosemError, LocalProtocolError
from cosem.link.events import LinkEngine
from cosem.transport.base import EXCHANGE_TIMEOUT, HandlerFactory
from cosem.transport.faults import CLEAN, Faults, Wire
from cosem.transport.polled import PolledLink
from cosem.transport.serial import EchoFilter
from cosem.transport.served import ServedLink

Way: TypeAlias = Literal["to meter", "to client", "echo"]
Tap: TypeAlias = Callable[[float, Way, bytes], None]

_TICK: Final = 1e-6
_MOST_OVERDUE: Final = 10_000
"""Calls in a row, a tick apart, after which an engine must be taken to want to be woken for ever."""

_OCTET_TIME: Final = 10 / 9600


class SimulatedLine(PolledLink):
    """A line with a client's engine at one end, and a meter's engine and handler at the other.

    It is a :class:`~cosem.transport.base.BlockingExchange` whose time is simulated: ``now`` moves on while a
    verb waits, and only then, and every time-out counts in it. The same seed brings the same faults at the
    same times.

    ``to_meter`` and ``to_client`` count what happened to the frames; ``tap`` sees all octets as they arrive.

    ``faults`` is what happens to octets on their way to the meter, ``faults_back`` on the way to the client
    (the same if not given). With ``echo`` the client also gets back what it sends, worn as the line wears it,
    and has an EchoFilter. An octet takes ``octet_time`` seconds on the line (9600 8N1 unless given), the meter
    ``service_time`` seconds before it writes.
    """

    def __init__(
        self,
        client: LinkEngine,
        meter: LinkEngine,
        handler_factory: HandlerFactory,
        *,
        seed: int = 0,
        faults: Faults = CLEAN,
        faults_back: Faults | None = None,
        echo: bool = False,
        octet_time: float = _OCTET_TIME,
        service_time: float = 0.0,
        timeout: float = EXCHANGE_TIMEOUT,
    ) -> None:
        super().__init__(client, timeout)
        random = Random(seed)
        self.now = 0.0
        self.tap: Tap | None = None
        self.to_meter = Wire(random, faults, octet_time)
        self.to_client = Wire(random, faults if faults_back is None else faults_back, octet_time)
        self._echo = Wire(random, self.to_client.faults, octet_time) if echo else None
        self._filter = EchoFilter()
        self._service_time = service_time
        self._arrivals: list[tuple[float, int, Way, bytes]] = []
        self._scheduled = 0
        self._overdue = 0
        self._meter = _Meter(self, meter, handler_factory)

    def open(self, timeout: float | None = None, engine: LinkEngine | None = None) -> Self:
        """Set the data link up, for the first time or again, with a fresh client engine if one is given.

        What is on its way stays on its way. Raises Timeout or the engine's error.
        """
        if engine is not None:
            self._engine = engine
        self._failure = None
        self._up = False
        self._queue.clear()
        self._open(self.timeout if timeout is None else timeout)
        return self

    def sleep(self, seconds: float) -> None:
        """Let simulated time pass while the client asks for nothing."""
        until = self.now + seconds
        while self.now < until:
            self._advance(until)
            self._pump()

    @property
    def undetected(self) -> int:
        """Damaged frames, in both directions, that satisfied HCS and FCS as they arrived."""
        return self.to_meter.undetected + self.to_client.undetected

    def answer(self, octets: bytes) -> None:
        """The meter writes."""
        for when, piece in self.to_client.carry(octets, self.now + self._service_time):
            self._schedule(when, "to client", piece)

    def _now(self) -> float:
        return self.now

    def _write(self, octets: bytes) -> None:
        for when, piece in self.to_meter.carry(octets, self.now):
            self._schedule(when, "to meter", piece)
        if self._echo is not None:
            self._filter.sent(octets)
            for when, piece in self._echo.carry(octets, self.now):
                self._schedule(when, "echo", piece)

    def _drop(self) -> None:
        """The meter of a serial line does not learn that the client is gone."""

    def _schedule(self, when: float, way: Way, octets: bytes) -> None:
        self._scheduled += 1  # so that what arrives at the same time arrives in the order it was sent
        heappush(self._arrivals, (when, self._scheduled, way, octets))

    def _advance(self, until: float) -> float:
        """One step: the next arrival or deadline, or nothing before ``until``."""
        client, meter = self._engine, self._meter
        client_due, meter_due = client.deadline(), meter.engine.deadline()
        due = self._arrivals[0][0] if self._arrivals else until
        for deadline in (client_due, meter_due):
            if deadline is not None and deadline < due:
                due = deadline
        if due > until:
            due = until
        arrives = bool(self._arrivals) and self._arrivals[0][0] <= max(due, self.now)
        if arrives or due > self.now:
            self._overdue = 0
            self.now = max(due, self.now)
        else:
            # No clock reads the same twice, so an engine that is woken a rounding error early is not woken for ever.
            self._overdue += 1
            self.now += _TICK
            if self._overdue > _MOST_OVERDUE:
                raise LocalProtocolError("an engine's deadline does not move on when it is called")
        now = self.now
        if arrives:
            _, _, way, octets = heappop(self._arrivals)
            if self.tap is not None:
                self.tap(now, way, octets)
            if way == "to meter":
                self.to_meter.arrive(octets)
                meter.engine.receive(octets, now)
            else:
                if way == "to client":
                    self.to_client.arrive(octets)
                if self._echo is not None:
                    octets = self._filter.received(octets)
                client.receive(octets, now)
        if client_due is not None and client_due <= now:
            client.on_time(now)
        if meter_due is not None and meter_due <= now:
            meter.engine.on_time(now)
        meter.serve(now)
        return now


class _Meter(ServedLink):
    """The meter's end; a :class:`~cosem.transport.base.Served`."""

    __slots__ = ("_line",)

    def __init__(self, line: SimulatedLine, engine: LinkEngine, handler_factory: HandlerFactory) -> None:
        super().__init__()
        self._line = line
        self.engine = engine
        engine.open(line.now)
        self.handler = handler_factory(self)

    @property
    def peer(self) -> str:
        """The other side, for people."""
        return "simulated line"

    def send(self, apdu: bytes, *, client_sap: int, server_sap: int) -> None:
        """Send an APDU that answers nothing (a push)."""
        self.engine.send(apdu, self._line.now, client_sap=client_sap, server_sap=server_sap)
        self.serve(self._line.now)

    def abort(self) -> None:
        """Every link that is up is lost."""
        self.lost(ConnectionLost("the line was dropped"))

    def serve(self, now: float) -> None:
        """Do all that there is to do."""
        while self.work(now):
            pass

    def _broken(self, error: CosemError) -> None:
        """The line stays: there is nothing to close."""

    def _write(self, octets: bytes) -> None:
        self._line.answer(octets)
