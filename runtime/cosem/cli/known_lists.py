"""Pushes that are known by their shape: lists of devices, of the spec or of installed packages."""

from __future__ import annotations

from functools import cache

from cosem.core.data import Data
from cosem.core.device import Device
from cosem.core.device_registry import known_devices
from cosem.core.text_telegram import TextTelegram


def devices_that_push(body: Data) -> list[Device]:
    """The devices that have such a list.

    Only a list that names itself, by a version or a list id, is known by its shape: a count of elements alone, or the
    codes in it, may be anybody's.
    """
    return [
        each for each in _devices() if any(known.names_itself and known.fits(body) for known in each.push)
    ]


def devices_that_send(telegram: TextTelegram) -> list[Device]:
    """The devices that have a list for a text telegram which names itself, and of these those that ask for most.

    What a country asks for beyond the companion standard that it stands on tells it from the others.
    """
    asked = {
        each.name: max(
            (known.conditions for known in each.text_lists if known.names_itself and known.fits(telegram)),
            default=0,
        )
        for each in _devices()
    }
    most = max(asked.values(), default=0)
    return [each for each in _devices() if most and asked[each.name] == most]


@cache
def _devices() -> tuple[Device, ...]:
    return tuple(known_devices().values())
