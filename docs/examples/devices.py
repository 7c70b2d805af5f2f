"""Find out which device a meter is, then read it with what is described of that device."""

import asyncio
import sys

from cosem.client import connect
from cosem.core.device_registry import known_devices
from cosem.devices.kpz_m2m import CATALOGUE, DEVICE, KpzM2M


async def main(address: str) -> None:
    # --8<-- [start:recognise]
    async with connect(address) as meter:
        found = await meter.identify(known_devices())
        print("recognised", found.title if found else "nothing")
    # --8<-- [end:recognise]

    # --8<-- [start:connect]
    async with connect(address, device=DEVICE, association="public_client") as meter:
        time = await meter.get(KpzM2M.clock.time)
        print("clock", time.to_datetime().isoformat())
        print("energy", await meter.read(KpzM2M.active_energy_import(e=0)))
        # --8<-- [end:connect]

        # --8<-- [start:objects]
        event = await meter.get(KpzM2M.voltage_event.value)
        print("last event", event.name, event.value)

        for entry in await meter.objects(CATALOGUE):
            if entry.name:
                print(entry.name, entry.object)
        # --8<-- [end:objects]


asyncio.run(main(sys.argv[1]))
