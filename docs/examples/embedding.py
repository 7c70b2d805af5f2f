"""Read many meters at once inside an asyncio program, and go on when some of them do not answer."""

import asyncio
import sys
from dataclasses import dataclass

from cosem.client import Authentication, connect
from cosem.core.errors import AssociationError, CosemError, TransportError
from cosem.core.quantity import Quantity
from cosem.model import Register
from cosem.obis import electricity

ENERGY = Register(electricity.ACTIVE_ENERGY_IMPORT)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one meter: a reading, or why there is none."""

    address: str
    energy: Quantity | None = None
    trouble: str = ""


# --8<-- [start:one]
async def read_one(address: str, turn: asyncio.Semaphore) -> Outcome:
    """One meter, when it is its turn; nothing but an Outcome leaves this function."""
    password = Authentication.low("00000002")
    async with turn:
        try:
            async with connect(address, client=2, auth=password, timeout=5.0) as meter:
                meter.on_tolerated(lambda deviation: print(address, "tolerated", deviation))
                return Outcome(address, await meter.read(ENERGY))
        except AssociationError as refused:
            return Outcome(address, trouble=f"refused: {refused}")
        except TransportError as lost:
            return Outcome(address, trouble=f"not reached: {type(lost).__name__}")
        except CosemError as error:
            return Outcome(address, trouble=str(error))


# --8<-- [end:one]


# --8<-- [start:many]
async def main(addresses: list[str]) -> None:
    turn = asyncio.Semaphore(50)  # so many connections at once
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(read_one(address, turn)) for address in addresses]
    for outcome in (task.result() for task in tasks):
        print(outcome.address, outcome.energy or outcome.trouble)


# --8<-- [end:many]


asyncio.run(main(sys.argv[1:]))
