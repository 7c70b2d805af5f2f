"""A session of twenty reads between our two engines, over a line as bad as wanted, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from random import Random

from tests.interop.own_meter import (
    CLOCK,
    DEMAND,
    EXPORTED,
    IMPORTED,
    LONG,
    MAXIMUM,
    PUBLIC,
    SERIAL_NUMBER,
    STATUS,
    own_meter,
)

from cosem.client import AttributeTarget, Client, ConnectOptions, LinkOptions
from cosem.core.access import ReadOnly
from cosem.core.data import Data
from cosem.core.errors import CosemError
from cosem.link.hdlc import HdlcServer
from cosem.server import PhysicalDevice
from cosem.server.service import MeterHandler, Request
from cosem.transport.address import SerialAddress
from cosem.transport.base import Served
from cosem.transport.engines import client_engine
from cosem.transport.faults import Faults
from cosem.transport.simulated import SimulatedLine

ADDRESS = SerialAddress("simulated")
OPTIONS = ConnectOptions(LinkOptions(PUBLIC), timeout=120.0)
LONGEST_SESSION = 600.0
"""Simulated seconds in which a session has come to an end, of either kind."""

NOISY = Faults(octet_damage=0.01)
"""One octet in a hundred is damaged, both ways."""
BAD = Faults(
    octet_damage=0.01, octet_loss=0.001, frame_loss=0.01, frame_doubling=0.01, splitting=0.05, gap=0.01
)
"""The same with loss, duplication and arbitrary cuts."""

_GET_RESPONSE = b"\xc4\x01"

_REFERENCES: list[ReadOnly[object]] = [
    IMPORTED.value,
    IMPORTED.scaler_unit,
    EXPORTED.value,
    CLOCK.time,
    MAXIMUM.value,
    MAXIMUM.capture_time,
    DEMAND.current_average_value,
    DEMAND.last_average_value,
    SERIAL_NUMBER.value,
    STATUS.value,
]
READS = [AttributeTarget.of(reference) for reference in (*_REFERENCES, LONG.value, *_REFERENCES[:-1])]
"""Twenty attributes; one of them is longer than a frame."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a session.

    ``wrong`` counts values that the meter does not hold, ``damaged`` frames that arrived with other octets than were
    sent, ``undetected`` those of them that satisfied both check sequences. ``seconds`` are simulated.
    """

    error: CosemError | None
    wrong: int
    undetected: int
    damaged: int
    seconds: float

    @property
    def complete(self) -> bool:
        """Whether all was read."""
        return self.error is None

    @property
    def explained(self) -> bool:
        """Whether wrong values, if there are any, came in frames that satisfied both check sequences."""
        return not self.wrong or self.undetected > 0


@cache
def meter() -> PhysicalDevice:
    """The meter; nothing in it changes."""
    return own_meter(1)


@cache
def truth() -> list[Data]:
    """What the meter holds of the attributes that are read."""
    device = meter().logical_devices[1]
    return [device.read(item.class_id, item.logical_name, item.index) for item in READS]


class Forging(MeterHandler):
    """A meter whose answers arrive, now and then, with another octet and yet with good check sequences."""

    def __init__(self, device: PhysicalDevice, random: Random) -> None:
        super().__init__(device)
        self._random = random

    def apdu(self, event: Request) -> bytes | None:
        answer = super().apdu(event)
        if answer is None or not answer.startswith(_GET_RESPONSE) or self._random.random() > 0.03:
            return answer
        return answer[:-1] + bytes((answer[-1] ^ self._random.randrange(1, 256),))


def session(
    seed: int,
    faults: Faults,
    *,
    options: ConnectOptions = OPTIONS,
    echo: bool = False,
    forging: bool = False,
) -> Outcome:
    """Associate, read, release; the release is not waited for in vain. Raises what is no CosemError."""
    device = meter()

    def handler(_: Served) -> MeterHandler:
        return Forging(device, Random(seed)) if forging else MeterHandler(device)

    line = SimulatedLine(
        client_engine(ADDRESS, options.link),
        HdlcServer(device.logical_devices),
        handler,
        seed=seed,
        faults=faults,
        echo=echo,
    )
    client = Client(line, options)
    wrong = 0
    error: CosemError | None = None
    try:
        line.open(options.timeout)
        client.associate()
        for target, held in zip(READS, truth(), strict=True):
            wrong += client.get_data(target) != held
    except CosemError as reason:
        error = reason
    client.close()
    damaged = line.to_meter.damaged + line.to_client.damaged
    return Outcome(error, wrong, line.undetected, damaged, line.now)
