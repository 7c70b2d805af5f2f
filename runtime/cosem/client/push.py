"""Pushes as a device sends them, for those who listen without an association."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.session import push
from cosem.session.switches import BY_THE_BOOKS, Switches

if TYPE_CHECKING:
    from cosem.apdu import DataNotification
    from cosem.core.device import Device


def decode_push(
    apdu: bytes, device: Device | None = None, limits: Limits = DEFAULT_LIMITS
) -> DataNotification:
    """A data-notification, with the quirks of the device that sent it. Raises DecodeError, for other messages too."""
    switches = BY_THE_BOOKS if device is None else Switches.of(device.quirks)
    return push.decode_push(apdu, switches, limits)
