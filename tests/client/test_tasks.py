"""What only the asyncio client has: several tasks on one association, and tasks that are cancelled."""

from __future__ import annotations

import asyncio

import pytest
from tests.client.links import AsyncWire
from tests.session.host import MemoryHost

from cosem.client import AsyncClient, ConnectOptions
from cosem.core.data import Data
from cosem.core.errors import ConnectionLost, CosemError, LocalProtocolError
from cosem.model import Clock, Register
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession

CLOCK = Clock("0.0.1.0.0.255")
ENERGY = Register("1.0.1.8.0.255")


def host() -> MemoryHost:
    return MemoryHost(
        {
            (8, CLOCK.logical_name, 3): Data.long(60),
            (3, ENERGY.logical_name, 2): Data.octet_string(bytes(500)),
        }
    )


async def connected() -> tuple[AsyncClient, AsyncWire]:
    policy = AssociationPolicy()
    wire = AsyncWire(ServerSession(policy, host()).handle)
    client = AsyncClient(wire, ConnectOptions())
    await client.associate()
    return client, wire


def test_tasks_that_call_at_once_wait_their_turn() -> None:
    async def body() -> None:
        client, wire = await connected()
        reads = [client.get(CLOCK.time_zone) for _ in range(20)]
        writes = [client.set(CLOCK.time_zone, 60) for _ in range(5)]
        assert await asyncio.gather(*reads) == [60] * 20
        await asyncio.gather(*writes, client.get(ENERGY.value))
        assert len(wire.asked) == 1 + 26

    asyncio.run(body())


def test_a_refusal_of_one_task_is_no_concern_of_the_others() -> None:
    async def body() -> None:
        client, _ = await connected()
        answers = await asyncio.gather(
            client.get(CLOCK.time_zone),
            client.get(Register("1.0.2.8.0.255").value),
            client.get(CLOCK.time_zone),
            return_exceptions=True,
        )
        assert answers[0] == answers[2] == 60
        assert isinstance(answers[1], CosemError)

    asyncio.run(body())


class Held(AsyncWire):
    """Answers once it is let."""

    def __init__(self, wire: AsyncWire) -> None:
        super().__init__(wire.answer)
        self.let = asyncio.Event()

    async def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        answer = self.ask(apdu, timeout)
        await self.let.wait()
        return answer


async def held() -> tuple[AsyncClient, Held]:
    wire = Held(AsyncWire(ServerSession(AssociationPolicy(), host()).handle))
    client = AsyncClient(wire, ConnectOptions())
    wire.let.set()
    await client.associate()
    wire.let.clear()
    return client, wire


def test_a_task_that_is_cancelled_leaves_the_association_usable() -> None:
    async def body() -> None:
        client, wire = await held()
        task = asyncio.create_task(client.get(CLOCK.time_zone))
        waiting = asyncio.create_task(client.get(CLOCK.time_zone))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        wire.let.set()
        assert await waiting == 60
        assert await client.get(CLOCK.time_zone) == 60

    asyncio.run(body())


def test_a_task_that_is_cancelled_while_it_waits_for_its_turn_sends_nothing() -> None:
    async def body() -> None:
        client, wire = await held()
        first = asyncio.create_task(client.get(CLOCK.time_zone))
        second = asyncio.create_task(client.get(CLOCK.time_zone))
        await asyncio.sleep(0)
        second.cancel()
        wire.let.set()
        assert await first == 60
        with pytest.raises(asyncio.CancelledError):
            await second
        assert len(wire.asked) == 2

    asyncio.run(body())


def test_who_waits_when_the_link_is_lost_is_told_so() -> None:
    async def body() -> None:
        client, wire = await connected()
        wire.answer = lambda _: ConnectionLost("reset")
        answers = await asyncio.gather(
            *(client.get(CLOCK.time_zone) for _ in range(3)), return_exceptions=True
        )
        assert isinstance(answers[0], ConnectionLost)
        assert [type(each) for each in answers[1:]] == [LocalProtocolError] * 2

    asyncio.run(body())


def test_leaving_the_context_closes_whatever_happened_inside() -> None:
    async def body() -> None:
        client, wire = await connected()
        with pytest.raises(ZeroDivisionError):
            async with client:
                raise ZeroDivisionError
        assert wire.closed == 1

    asyncio.run(body())
