"""One receive buffer for all the connections of an event loop.

``asyncio.Protocol`` allocates 256 KiB for every read, which costs more than all the rest of a short exchange.
A loop reads one connection at a time and hands the octets over before the next, so one buffer is enough for
all.
"""

from __future__ import annotations

import asyncio
from typing import Final
from weakref import WeakKeyDictionary

_SIZE: Final = 65_536

_buffers: WeakKeyDictionary[asyncio.AbstractEventLoop, memoryview] = WeakKeyDictionary()


def receive_buffer(loop: asyncio.AbstractEventLoop) -> memoryview:
    """The buffer of a loop; loops in different threads have different ones."""
    buffer = _buffers.get(loop)
    if buffer is None:
        buffer = _buffers[loop] = memoryview(bytearray(_SIZE))
    return buffer
