"""Find out which device a meter is, then read it with what is described of that device."""

import asyncio
import sys

from cosem.client import connect
from cosem.core.device_registry import known_devices
from cosem.devices.example import CATALOGUE, DEVICE, ExampleEM3


async def main(address: str) -> None:
    # --8<-- [start:recognise]
    async with connect(address) as meter:
        found = await meter.identify(known_devices())
        print("recognised", found.title if found else "nothing")
    # --8<-- [end:recognise]

    # --8<-- [start:connect]
    async with connect(address, device=DEVICE, association="public") as meter:
        time = await meter.get(ExampleEM3.clock.time)
        print("clock", time.to_datetime().isoformat())
        print("points", await meter.read(ExampleEM3.tariff_points(e=1)))
        # --8<-- [end:connect]

        # --8<-- [start:objects]
        for entry in await meter.objects(CATALOGUE):
            if entry.name:
                print(entry.name, entry.object)
        # --8<-- [end:objects]


asyncio.run(main(sys.argv[1]))
