"""One timer for a connection's every deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable


class Alarm:
    """Calls at the earliest time anybody asked for, or before.

    The event loop's timer is set again only when an earlier time is asked for. A call that turns out to be
    too early is ignored by who gets it; so a request that is answered in time touches no timer at all.
    """

    __slots__ = ("_call", "_loop", "_timer")

    def __init__(self, loop: asyncio.AbstractEventLoop, call: Callable[[float], None]) -> None:
        self._loop = loop
        self._call = call
        self._timer: asyncio.TimerHandle | None = None

    def wake_by(self, when: float) -> None:
        """Call at ``when`` (loop time), with the time it then is, or before."""
        timer = self._timer
        if timer is not None:
            if timer.when() <= when:
                return
            timer.cancel()
        self._timer = self._loop.call_at(when, self._ring)

    def stop(self) -> None:
        """Call no more."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _ring(self) -> None:
        self._timer = None
        self._call(self._loop.time())
