"""What classes do beyond holding values, attached to hosted objects by class id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, ActionError, InvalidValueError
from cosem.model.c0008_clock import PresetTime
from cosem.model.c0011_special_days_table import SpecialDay
from cosem.server import ActionResult, DataAccessResult, HostedObject
from cosem.sim.binding import bind_known
from cosem.sim.clock import MeterClock

_QUARTER, _MINUTE = 900, 60
_MOST_SHIFTED: Final = 900
_MOST_SPECIAL_DAYS: Final = 366
_DAYLIGHT_SAVING: Final = 0x80
_CALENDAR: Final = {2: 6, 3: 7, 4: 8, 5: 9}
"""Attributes of Activity calendar: active and passive."""


def host_clock(hosted: HostedObject, clock: MeterClock) -> None:
    """Clock (class 8): tells and sets the meter's time."""
    preset: list[PresetTime] = []

    def set_time(moment: DateTime) -> None:
        try:
            clock.set(clock.seconds(moment))
        except InvalidValueError:
            raise AccessError(DataAccessResult.OTHER_REASON) from None

    def round_to(seconds: int) -> Callable[[int], None]:
        def adjust(_: int) -> None:
            clock.set((clock.now() + seconds / 2) // seconds * seconds)

        return adjust

    def shift(seconds: int) -> None:
        if not -_MOST_SHIFTED <= seconds <= _MOST_SHIFTED:
            raise ActionError(ActionResult.OTHER_REASON)
        clock.set(clock.now() + seconds)

    def keep_preset(asked: PresetTime) -> None:
        preset[:] = [asked]

    def take_preset(_: int) -> None:
        if not preset:
            raise ActionError(ActionResult.OTHER_REASON)
        try:
            start, end = (
                clock.seconds(preset[0].validity_interval_start),
                clock.seconds(preset[0].validity_interval_end),
            )
            if not start <= clock.now() <= end:
                raise ActionError(ActionResult.OTHER_REASON)
            clock.set(clock.seconds(preset[0].preset_time))
        except InvalidValueError:
            raise ActionError(ActionResult.OTHER_REASON) from None

    def set_rules(**rules: object) -> None:
        before = {name: getattr(clock, name) for name in rules}
        for name, value in rules.items():
            setattr(clock, name, value)
        clock.forget()
        try:
            clock.saves(clock.now())
        except InvalidValueError:
            for name, value in before.items():
                setattr(clock, name, value)
            raise AccessError(DataAccessResult.OTHER_REASON) from None

    def set_zone(minutes: int) -> None:
        if not -840 <= minutes <= 720:
            raise AccessError(DataAccessResult.OTHER_REASON)
        set_rules(zone=-minutes)

    bind_known(
        hosted,
        {
            "time": lambda: clock.stamp(clock.now()),
            "time_zone": lambda: -clock.zone,
            "status": lambda: _DAYLIGHT_SAVING if clock.saves(clock.now()) else 0,
            "daylight_savings_begin": lambda: clock.begins,
            "daylight_savings_end": lambda: clock.ends,
            "daylight_savings_deviation": lambda: clock.saving,
            "daylight_savings_enabled": lambda: clock.enabled,
        },
        setters={
            "time": set_time,
            "time_zone": set_zone,
            "daylight_savings_begin": lambda rule: set_rules(begins=rule),
            "daylight_savings_end": lambda rule: set_rules(ends=rule),
            "daylight_savings_deviation": lambda minutes: set_rules(saving=minutes),
            "daylight_savings_enabled": lambda enabled: set_rules(enabled=enabled),
        },
        methods={
            "adjust_to_quarter": round_to(_QUARTER),
            "adjust_to_measuring_period": round_to(_QUARTER),
            "adjust_to_minute": round_to(_MINUTE),
            "adjust_to_preset_time": take_preset,
            "preset_adjusting_time": keep_preset,
            "shift_time": shift,
        },
    )


def host_calendar(hosted: HostedObject) -> None:
    """Activity calendar (class 20): the passive calendar takes the place of the active one."""
    bind_known(hosted, methods={"activate_passive_calendar": lambda _: _activate(hosted)})


def calendar_tick(hosted: HostedObject, clock: MeterClock, since: float) -> None:
    """Activate the passive calendar if its time has come after the meter's time ``since``."""
    value = hosted.value("activate_passive_calendar_time")
    if not isinstance(value, bytes) or not DateTime(value).is_complete:
        return
    if since < clock.seconds(DateTime(value)) <= clock.now():
        _activate(hosted)


def _activate(hosted: HostedObject) -> None:
    for active, passive in _CALENDAR.items():
        hosted.put(active, hosted.get(passive))


def host_special_days(hosted: HostedObject) -> None:
    """Special days table (class 11): days are inserted and deleted."""
    entries = hosted.attribute("entries")
    codec = hosted.description.ATTRIBUTES[entries].codec

    def held() -> list[SpecialDay]:
        days: list[SpecialDay] = codec.decode(hosted.get(entries).octets)
        return days

    def insert(day: SpecialDay) -> None:
        days = [
            old for old in held() if day.index != old.index and day.specialday_date != old.specialday_date
        ]
        if len(days) >= _MOST_SPECIAL_DAYS:
            raise ActionError(ActionResult.OTHER_REASON)
        hosted.put(entries, [*days, day])

    def delete(index: int) -> None:
        days = held()
        if index not in [day.index for day in days]:
            raise ActionError(ActionResult.OTHER_REASON)
        hosted.put(entries, [day for day in days if day.index != index])

    bind_known(hosted, methods={"insert": insert, "delete": delete})
