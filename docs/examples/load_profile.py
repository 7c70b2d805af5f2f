"""Read a load profile: the last rows, a day, some columns; as quantities and as a file."""

import asyncio
import csv
import datetime as dt
import sys

from cosem.client import Authentication, connect
from cosem.model import CATALOGUE, Clock, ProfileGeneric
from cosem.obis import abstract, electricity

LOAD_PROFILE = ProfileGeneric(electricity.LOAD_PROFILE_1)


async def main(address: str) -> None:
    async with connect(address, client=2, auth=Authentication.low("00000002")) as meter:
        # --8<-- [start:last]
        profile = await meter.profile(LOAD_PROFILE, last=4, catalogue=CATALOGUE)
        for column in profile.columns:
            print(column.logical_name, column.name)
        for time, *values in profile.quantities:
            print(time, *values)
        # --8<-- [end:last]

        # --8<-- [start:range]
        now = (await meter.get(Clock(abstract.CLOCK).time)).to_datetime()
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        yesterday = await meter.profile(
            LOAD_PROFILE,
            start=midnight - dt.timedelta(days=1),
            end=midnight,
            columns=["0.0.1.0.0.255", "1.0.1.8.0.255"],
            catalogue=CATALOGUE,
        )
        # --8<-- [end:range]

        # --8<-- [start:csv]
        table = csv.writer(sys.stdout)
        table.writerow(["time", "energy in Wh"])
        for time, energy in yesterday.rows:
            table.writerow([time, energy])
        # --8<-- [end:csv]


asyncio.run(main(sys.argv[1]))
