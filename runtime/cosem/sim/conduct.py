"""What a meter does beyond answering: classes that act, and what is due from time to time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Protocol

from cosem.core.data import Data
from cosem.core.obis import LogicalName
from cosem.server import Column, HostedObject, HostedProfile, LogicalDevice
from cosem.sim.behaviour import calendar_tick, host_calendar, host_clock, host_special_days
from cosem.sim.binding import bind_known
from cosem.sim.breaker import Breaker
from cosem.sim.clock import MeterClock
from cosem.sim.image import ImageStore
from cosem.sim.scripts import ActionSchedule, Limiter, RegisterMonitor, Scripts

_ACTIVE_FIRMWARE: Final = LogicalName("1.0.0.2.0.255")
_POWER_UP, _CLOCK_SET, _FIRMWARE_ACTIVATED = 2, 5, 18
_DISCONNECTOR_CODES: Final = {"a": 64, "b": 63, "c": 63, "d": 60, "e": 62, "f": 61, "g": 65, "h": 64, "i": 64}
"""Event codes as meters of the IDIS family have them; those of the disconnector by transition."""


class _Ticking(Protocol):
    def tick(self, now: float) -> None:
        """Look at what is due at the meter's time."""
        ...


class Conduct:
    """Makes the objects of a device act by their classes.

    ``breakers`` and ``images`` are those behind Disconnect control and Image transfer; ``on_push`` is told what
    the method push of a Push setup would send.
    """

    __slots__ = (
        "_calendars",
        "_clock",
        "_device",
        "_logs",
        "_ticked",
        "_ticking",
        "breakers",
        "images",
        "on_push",
    )

    def __init__(self, device: LogicalDevice, clock: MeterClock, logs: Mapping[str, LogicalName]) -> None:
        self._device = device
        self._clock = clock
        self._logs = logs
        self._ticking: list[_Ticking] = []
        self._calendars: list[HostedObject] = []
        self._ticked = clock.now()
        self.breakers: dict[LogicalName, Breaker] = {}
        self.images: dict[LogicalName, ImageStore] = {}
        self.on_push: Callable[[LogicalName, Data], None] = _nobody
        scripts = Scripts(device)
        for hosted in tuple(device.objects.values()):
            self._attach(hosted, scripts)
        clock.changed = lambda: self.event("standard", _CLOCK_SET)
        self.event("standard", _POWER_UP)

    def event(self, log: str, code: int) -> None:
        """Write a code into the ``standard`` or the ``disconnector`` log; nothing happens if there is none."""
        name = self._logs.get(log)
        profile = None if name is None else self._device.objects.get(name)
        if not isinstance(profile, HostedProfile):
            return
        for column in profile.columns:
            coded = self._device.objects.get(column.logical_name)
            if coded is not None and column.class_id == 1:
                index = column.attribute_index
                coded.put(index, Data.simple(coded.get(index).tag, code))
        profile.capture()

    def tick(self) -> None:
        """Do what is due by now: scripts at their times, thresholds that were passed, the calendar.

        Call it about once a second, or whenever a clock of one's own has been moved on.
        """
        now = self._clock.now()
        for ticking in self._ticking:
            ticking.tick(now)
        for calendar in self._calendars:
            calendar_tick(calendar, self._clock, self._ticked)
        self._ticked = now

    def _attach(self, hosted: HostedObject, scripts: Scripts) -> None:
        match hosted.description.CLASS_ID:
            case 8:
                host_clock(hosted, self._clock)
            case 9:
                scripts.host(hosted)
            case 11:
                host_special_days(hosted)
            case 18:
                self.images[hosted.logical_name] = ImageStore(hosted, self._activated)
            case 20:
                host_calendar(hosted)
                self._calendars.append(hosted)
            case 21:
                self._ticking.append(RegisterMonitor(hosted, self._device, scripts.run))
            case 22:
                self._ticking.append(ActionSchedule(hosted, scripts.run, self._clock.stamp, self._ticked))
            case 40:
                bind_known(hosted, methods={"push": lambda _: self._push(hosted)})
            case 70:
                breaker = self.breakers[hosted.logical_name] = Breaker(hosted)
                breaker.moved = lambda transition: self.event("disconnector", _DISCONNECTOR_CODES[transition])
            case 71:
                self._ticking.append(Limiter(hosted, self._device, scripts.run, self._clock.seconds))
            case _:
                pass

    def _activated(self, identification: bytes) -> None:
        firmware = self._device.objects.get(_ACTIVE_FIRMWARE)
        if firmware is not None:
            firmware.put("value", Data.octet_string(identification))
        self.event("standard", _FIRMWARE_ACTIVATED)

    def _push(self, hosted: HostedObject) -> None:
        """Hand out the values of push_object_list, null-data for what there is not."""
        items = hosted.get(hosted.attribute("push_object_list")).elements
        columns = [Column.of(tuple(element.value for element in item.elements[:4])) for item in items]
        values = [Data(column.read(self._device.read)) for column in columns]
        self.on_push(hosted.logical_name, Data.structure(values))


def _nobody(logical_name: LogicalName, body: Data) -> None:
    """Nobody wants to know."""
