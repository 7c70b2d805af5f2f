"""The state machine of Disconnect control (class 70, Blue Book 4.5.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from cosem.core.errors import AccessError, ActionError
from cosem.model.c0070_disconnect_control import ControlState
from cosem.server import ActionResult, DataAccessResult, HostedObject
from cosem.sim.binding import bind_known

_DISCONNECTED: Final = ControlState.DISCONNECTED
_CONNECTED: Final = ControlState.CONNECTED
_READY: Final = ControlState.READY_FOR_RECONNECTION

_TRANSITIONS: Final = {
    "a": (_DISCONNECTED, _CONNECTED),
    "b": (_CONNECTED, _DISCONNECTED),
    "c": (_READY, _DISCONNECTED),
    "d": (_DISCONNECTED, _READY),
    "e": (_READY, _CONNECTED),
    "f": (_CONNECTED, _READY),
    "g": (_CONNECTED, _READY),
    "h": (_READY, _CONNECTED),
    "i": (_READY, _CONNECTED),
}
"""Each transition of the book, from and to."""

_MODES: Final = ("", "bcdefg", "abcefg", "bcdeg", "abceg", "bcdefgh", "bcdegh", "abceghi")
"""The transitions that each control_mode allows."""

REMOTE_DISCONNECT, REMOTE_RECONNECT = "bc", "adi"
MANUAL_RECONNECT, MANUAL_DISCONNECT, LOCAL_DISCONNECT, LOCAL_RECONNECT = "e", "f", "g", "h"


class Breaker:
    """A breaker behind a hosted Disconnect control, whose control_mode it obeys."""

    __slots__ = ("_hosted", "moved", "state")

    def __init__(self, hosted: HostedObject) -> None:
        self.state = _CONNECTED
        self.moved: Callable[[str], None] = _nobody
        """Is told each transition."""
        self._hosted = hosted
        bind_known(
            hosted,
            {"output_state": lambda: self.state == _CONNECTED, "control_state": lambda: self.state},
            methods={
                "remote_disconnect": lambda _: self._remotely(REMOTE_DISCONNECT, _DISCONNECTED),
                "remote_reconnect": lambda _: self._remotely(REMOTE_RECONNECT, _CONNECTED),
            },
            setters={"control_mode": self._check_mode},
        )

    def move(self, transitions: str) -> bool:
        """Take the first of these transitions that the mode and the state allow; False if none is."""
        mode = self._hosted.value("control_mode")
        allowed = _MODES[mode] if isinstance(mode, int) and mode < len(_MODES) else ""
        for transition in transitions:
            source, target = _TRANSITIONS[transition]
            if transition in allowed and self.state == source:
                self.state = target
                self.moved(transition)
                return True
        return False

    def _remotely(self, transitions: str, wanted: ControlState) -> None:
        if not self.move(transitions) and self.state != wanted:
            raise ActionError(ActionResult.TEMPORARY_FAILURE)

    @staticmethod
    def _check_mode(mode: int) -> None:
        if mode >= len(_MODES):
            raise AccessError(DataAccessResult.OTHER_REASON)


def _nobody(transition: str) -> None:
    """Nobody wants to know."""
