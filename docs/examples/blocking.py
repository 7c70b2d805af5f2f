"""The same verbs without asyncio: for scripts, threads and test benches."""

import sys

from cosem.client import AttributeTarget, Authentication, connect_blocking
from cosem.model import Clock
from cosem.obis import abstract

# --8<-- [start:blocking]
with connect_blocking(sys.argv[1], client=2, auth=Authentication.low("00000002")) as meter:
    clock = Clock(abstract.CLOCK)
    print("time zone", meter.get(clock.time_zone))

    untyped = meter.get_data(AttributeTarget(8, abstract.CLOCK, 2))  # class id, code, attribute
    print(untyped)
# --8<-- [end:blocking]
