"""A client whose octets are counted on their way."""

from __future__ import annotations

from dataclasses import dataclass

from cosem.client import Client, ConnectOptions
from cosem.link.events import LinkEngine, LinkEvent
from cosem.transport.address import parse_address
from cosem.transport.blocking import BlockingLink
from cosem.transport.engines import client_engine


@dataclass(slots=True)
class Traffic:
    """Octets on the wire."""

    sent: int = 0
    received: int = 0


class CountedEngine:
    """Any link engine, with its octets counted into a :class:`Traffic`."""

    __slots__ = ("_engine", "_traffic")

    def __init__(self, engine: LinkEngine, traffic: Traffic) -> None:
        self._engine = engine
        self._traffic = traffic

    def open(self, now: float) -> None:
        """As the engine."""
        self._engine.open(now)

    def close(self, now: float) -> None:
        """As the engine."""
        self._engine.close(now)

    def send(
        self, apdu: bytes, now: float, *, client_sap: int | None = None, server_sap: int | None = None
    ) -> None:
        """As the engine."""
        self._engine.send(apdu, now, client_sap=client_sap, server_sap=server_sap)

    def receive(self, octets: bytes, now: float) -> None:
        """As the engine, and counted."""
        self._traffic.received += len(octets)
        self._engine.receive(octets, now)

    def take_output(self) -> bytes:
        """As the engine, and counted."""
        octets = self._engine.take_output()
        self._traffic.sent += len(octets)
        return octets

    def next_event(self) -> LinkEvent | None:
        """As the engine."""
        return self._engine.next_event()

    def deadline(self) -> float | None:
        """As the engine."""
        return self._engine.deadline()

    def on_time(self, now: float) -> None:
        """As the engine."""
        self._engine.on_time(now)


def connect_counted(url: str, options: ConnectOptions) -> tuple[Client, Traffic]:
    """Connect and associate; what goes over the wire from now on is counted."""
    address, traffic = parse_address(url), Traffic()
    engine = CountedEngine(client_engine(address, options.link, options.association.limits), traffic)
    client = Client(BlockingLink.open(address, engine, options.timeout), options)
    try:
        client.associate()
    except BaseException:
        client.close()
        raise
    return client, traffic
