"""Whole sessions over loopback, the meter in a process of its own: speed against dlms-cosem, and memory.

Both clients read the same attribute of the same meter down to a Python number, in turn. The peer's log is switched off:
as installed it prints every frame. Client and meter share one processor, as only one of them has something to do at a
time: waking another processor may take longer than either side needs, and says nothing about them.
"""

from __future__ import annotations

import asyncio
import logging
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any

import structlog
from dlms_cosem import cosem, enumerations
from dlms_cosem.client import DlmsClient
from dlms_cosem.io import BlockingTcpIO, TcpTransport
from dlms_cosem.security import NoSecurityAuthentication
from dlms_cosem.utils import parse_as_dlms_data
from tests.benchmarks.harness import Result, bounded, compare
from tests.benchmarks.processes import clients_process, descriptors, meter_process
from tests.interop.own_meter import IMPORTED, LOAD_PROFILE

from cosem.client import connect, connect_blocking
from cosem.transport.address import NetworkAddress, parse_address

YEAR = 35_040
SESSIONS = 10_000
GOAL = 2.0
KIB_A_SESSION = 10.0
_GETS = 2_000
_SPARE_DESCRIPTORS = 1_000


def run() -> list[Result]:
    """GETs, a profile of a year, and what a session weighs."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    return [*_speed(), *_memory()]


def _speed() -> list[Result]:
    with (
        _one_processor(),
        meter_process(YEAR) as (_, url),
        _peer(url) as peer,
        connect_blocking(url) as client,
    ):
        value, buffer = IMPORTED.value, LOAD_PROFILE.buffer
        theirs = _reading(peer, 3, "1.0.1.8.0.255")
        their_profile = _reading(peer, 7, "1.0.99.1.0.255")
        blocking = compare(
            "session: GET, blocking client", lambda: client.get(value).value, theirs, GOAL, rounds=25
        )
        aio = min(asyncio.run(_aio_get(url)) for _ in range(3))
        profile = compare(
            "session: profile of 35,040 rows", lambda: client.get(buffer).tuples(), their_profile, rounds=3
        )
    return [
        blocking,
        Result("session: GET, asyncio client", aio, blocking.peer, blocking.peer / aio),
        profile,
    ]


@contextmanager
def _one_processor() -> Iterator[None]:
    """This process, and those that it starts meanwhile."""
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(processors)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, processors)


async def _aio_get(url: str) -> float:
    """Seconds a GET."""
    async with connect(url) as client:
        reference = IMPORTED.value
        start = perf_counter()
        values = [(await client.get(reference)).value for _ in range(_GETS)]
        return (perf_counter() - start) / len(values)


@contextmanager
def _peer(url: str) -> Iterator[Any]:
    address = parse_address(url)
    assert isinstance(address, NetworkAddress)
    transport = TcpTransport(
        client_logical_address=16, server_logical_address=1, io=BlockingTcpIO(address.host, address.port)
    )
    client = DlmsClient(transport=transport, authentication=NoSecurityAuthentication())
    client.connect()
    client.associate()
    yield client
    client.release_association()
    client.disconnect()


def _reading(client: Any, class_id: int, logical_name: str) -> Callable[[], object]:
    attribute = cosem.CosemAttribute(
        interface=enumerations.CosemInterface(class_id),
        instance=cosem.Obis(*(int(part) for part in logical_name.split("."))),
        attribute=2,
    )
    return lambda: parse_as_dlms_data(client.get(attribute))


def _memory() -> list[Result]:
    """KiB that one more association takes on each side, at as many as descriptors allow."""
    count = min(SESSIONS, descriptors() - _SPARE_DESCRIPTORS)
    if count < SESSIONS:
        print(f"sessions: only {descriptors()} descriptors here, so {count:,} sessions and not {SESSIONS:,}")
    with meter_process() as (meter, url):
        with clients_process(url, 0):
            before = meter.memory()
        with clients_process(url, count) as (clients, clients_before):
            ours = (clients.memory() - clients_before) / count
            theirs = (meter.memory() - before) / count
    name = f"sessions: {count:,} held at once"
    return [
        bounded(f"{name}, client, KiB each", ours, KIB_A_SESSION, "KiB"),
        bounded(f"{name}, meter, KiB each", theirs, KIB_A_SESSION, "KiB"),
    ]
