"""What a meter does by itself: scripts (class 9), at times (22), and when values pass thresholds (21, 71)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeAlias

from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, ActionError
from cosem.core.obis import LogicalName
from cosem.core.simple import Value
from cosem.model.c0009_script_table import ScriptService
from cosem.server import ActionResult, HostedObject, LogicalDevice
from cosem.sim.binding import bind_known

Run: TypeAlias = Callable[[Value], None]
"""Runs an action item: the plain value of (script table, selector)."""

_DEEPEST: Final = 4
_NO_TIME: Final = -1.0


class Scripts:
    """The script tables of a logical device. A script may run others, four deep."""

    __slots__ = ("_depth", "_device")

    def __init__(self, device: LogicalDevice) -> None:
        self._device = device
        self._depth = 0

    def host(self, hosted: HostedObject) -> None:
        """Let a hosted Script table execute."""
        bind_known(hosted, methods={"execute": lambda selector: self.execute(hosted.logical_name, selector)})

    def execute(self, table: LogicalName, selector: int) -> None:
        """Run a script to its end. Raises ActionError if there is none, or an action of it is refused."""
        hosted = self._device.objects.get(table)
        scripts = hosted.value("scripts") if hosted is not None and hosted.description.CLASS_ID == 9 else None
        if selector == 0 or not isinstance(scripts, list) or self._depth >= _DEEPEST:
            raise ActionError(ActionResult.OTHER_REASON)
        actions = next(
            (script[1] for script in scripts if isinstance(script, tuple) and script[0] == selector), None
        )
        if hosted is None or not isinstance(actions, list):
            raise ActionError(ActionResult.OTHER_REASON)
        self._depth += 1
        try:
            for number, action in enumerate(actions):
                match action:
                    case (int(service), int(class_id), bytes(name), int(index), _):
                        parameter = _parameter(hosted, selector, number)
                        self._act(service, class_id, name, index, parameter)
                    case _:
                        raise ActionError(ActionResult.OTHER_REASON)
        finally:
            self._depth -= 1

    def run(self, item: Value) -> None:
        """Run an action item; selector 0 does nothing, and what fails changes nothing further."""
        match item:
            case (bytes(table), int(selector)) if selector and len(table) == 6:
                try:
                    self.execute(LogicalName(table), selector)
                except (ActionError, AccessError):
                    return
            case _:
                return

    def _act(self, service: int, class_id: int, name: bytes, index: int, parameter: Data) -> None:
        target = self._device.objects.get(name)
        if target is None or class_id != target.description.CLASS_ID:
            raise ActionError(ActionResult.OBJECT_UNDEFINED)
        if service == ScriptService.WRITE_ATTRIBUTE:
            target.set(index, parameter)
        else:
            target.call(index, parameter)


def _parameter(hosted: HostedObject, selector: int, action: int) -> Data:
    """The parameter of an action, as it stands in the table: its type matters."""
    for script in hosted.get(hosted.attribute("scripts")).elements:
        identifier, actions = script.elements
        if identifier.value == selector:
            return actions.elements[action].elements[4]
    raise ActionError(ActionResult.OTHER_REASON)


class Watch:
    """One value against one threshold, up and down."""

    __slots__ = ("over", "since")

    def __init__(self) -> None:
        self.over = False
        self.since = _NO_TIME

    def passes(self, over: bool, now: float, after: float = 0.0) -> bool:
        """Whether the other side of the threshold has now been held for ``after`` seconds."""
        if over == self.over:
            self.since = _NO_TIME
            return False
        if self.since < 0:
            self.since = now
        if now - self.since < after:
            return False
        self.over, self.since = over, _NO_TIME
        return True


class RegisterMonitor:
    """A hosted Register monitor (class 21): runs scripts when the monitored value crosses a threshold."""

    __slots__ = ("_device", "_hosted", "_run", "_watches")

    def __init__(self, hosted: HostedObject, device: LogicalDevice, run: Run) -> None:
        self._hosted = hosted
        self._device = device
        self._run = run
        self._watches: list[Watch] = []

    def tick(self, now: float) -> None:
        """Look at the value."""
        value = monitored(self._hosted, self._device)
        thresholds, actions = self._hosted.value("thresholds"), self._hosted.value("actions")
        if value is None or not isinstance(thresholds, list) or not isinstance(actions, list):
            return
        if len(self._watches) != len(thresholds):
            self._watches = [Watch() for _ in thresholds]
        for watch, threshold, action in zip(self._watches, thresholds, actions, strict=False):
            if not isinstance(threshold, int | float) or not isinstance(action, tuple):
                continue
            if watch.passes(value > threshold, now):
                self._run(action[0] if watch.over else action[1])


class Limiter:
    """A hosted Limiter (class 71): acts when the monitored value stays over the threshold, or under it again."""

    __slots__ = ("_device", "_emergency", "_hosted", "_run", "_seconds", "_watch")

    def __init__(
        self, hosted: HostedObject, device: LogicalDevice, run: Run, seconds: Callable[[DateTime], float]
    ) -> None:
        self._hosted = hosted
        self._device = device
        self._run = run
        self._seconds = seconds
        self._watch = Watch()
        self._emergency = False
        bind_known(
            hosted,
            {
                "threshold_active": lambda: hosted.get(hosted.attribute(self._threshold())),
                "emergency_profile_active": lambda: self._emergency,
            },
        )

    def tick(self, now: float) -> None:
        """Look at the value and at the emergency profile, at the meter's time ``now``."""
        self._emergency = self._is_emergency(now)
        hosted = self._hosted
        value, threshold = monitored(hosted, self._device), hosted.value(self._threshold())
        actions = hosted.value("actions")
        if value is None or not isinstance(threshold, int | float) or not isinstance(actions, tuple):
            return
        over = value > threshold
        after = hosted.value("min_over_threshold_duration" if over else "min_under_threshold_duration")
        if isinstance(after, int) and self._watch.passes(over, now, after):
            self._run(actions[0] if over else actions[1])

    def _threshold(self) -> str:
        return "threshold_emergency" if self._emergency else "threshold_normal"

    def _is_emergency(self, now: float) -> bool:
        groups = self._hosted.value("emergency_profile_group_id_list")
        match self._hosted.value("emergency_profile"):
            case (int(group), bytes(start), int(duration)):
                moment = DateTime(start)
                if not isinstance(groups, list) or group not in groups or not moment.is_complete:
                    return False
                return 0 <= now - self._seconds(moment) < duration
            case _:
                return False


class ActionSchedule:
    """A hosted Single action schedule (class 22)."""

    __slots__ = ("_hosted", "_last", "_run", "_stamp")

    def __init__(
        self, hosted: HostedObject, run: Run, stamp: Callable[[float], DateTime], now: float
    ) -> None:
        self._hosted = hosted
        self._run = run
        self._stamp = stamp
        self._last = now

    def tick(self, now: float) -> None:
        """Run the script once if one of its times has come since the last look; a day back is looked at most."""
        times = self._hosted.value("execution_time")
        start, self._last = max(self._last, now - 86_400), now
        if not isinstance(times, list) or now <= start:
            return
        minute = int(start // 60) * 60 + 60
        while minute <= now:
            stamp = self._stamp(minute)
            if any(_matches(time, stamp) for time in times):
                self._run(self._hosted.value("executed_script"))
                return
            minute += 60


def _matches(time: Value, stamp: DateTime) -> bool:
    """Whether an execution time (time, date) with wildcards names this minute."""
    match time:
        case (bytes(clock), bytes(date)):
            asked = date + clock[:2]
            there = stamp[:7]
            return all(wanted in (0xFF, found) for wanted, found in zip(asked, there, strict=False))
        case _:
            return False


def monitored(hosted: HostedObject, device: LogicalDevice) -> float | None:
    """The number that monitored_value refers to; None if there is none."""
    match hosted.value("monitored_value"):
        case (int(class_id), bytes(name), int(index)):
            try:
                value = device.read(class_id, name, index).value
            except AccessError:
                return None
            return value if isinstance(value, int | float) else None
        case _:
            return None
