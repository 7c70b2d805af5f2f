"""Connect to a meter, read it, learn what it holds."""

import asyncio
import sys

from cosem.client import Authentication, connect
from cosem.core.errors import AccessError
from cosem.model import CATALOGUE, Clock, Data, Register
from cosem.obis import abstract, electricity


async def main(address: str) -> None:
    # --8<-- [start:read]
    async with connect(address, client=2, auth=Authentication.low("00000002")) as meter:
        energy = await meter.read(Register(electricity.ACTIVE_ENERGY_IMPORT))
        print("energy", energy.value, energy.unit.symbol)

        time = await meter.get(Clock(abstract.CLOCK).time)
        print("clock", time, "deviation", time.deviation)
        # --8<-- [end:read]

        # --8<-- [start:many]
        registers = [Register(f"1.0.{quantity}.7.0.255") for quantity in (32, 52, 72)]
        for value in await meter.get_many([register.value for register in registers]):
            print("voltage", value)
        # --8<-- [end:many]

        # --8<-- [start:errors]
        try:
            await meter.get(Data("0.0.96.99.9.255").value)
        except AccessError as refused:
            print("refused:", refused)
        # --8<-- [end:errors]

        # --8<-- [start:objects]
        for entry in await meter.objects(CATALOGUE):
            print(entry.logical_name, entry.object)
        # --8<-- [end:objects]


asyncio.run(main(sys.argv[1]))
