"""Who a meter is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Final

_NAME_OCTETS: Final = 16


@dataclass(frozen=True, slots=True)
class Identity:
    """Three letters of the manufacturer, the serial number of the first meter, a type, the day it was installed.

    ``pattern`` is what the logical device name shall look like, with ``*`` and ``?``.
    """

    manufacturer: str
    serial: int
    type: str
    installed: dt.date
    pattern: str = ""

    def device_name(self, serial: int) -> bytes:
        """The logical device name, 16 octets: manufacturer and serial (Blue Book 4.4.2); or as in the pattern."""
        if self.pattern:
            name = numbered(self.pattern, serial)
            if fnmatchcase(name, self.pattern) and name.isascii():
                return name.encode()
        return f"{self.manufacturer}{serial:013d}".encode()

    def text(self, name: str, serial: int) -> str:
        """``serial``, ``device_name``, ``type`` or ``system_title`` of the meter of that serial number."""
        match name:
            case "serial":
                return str(serial)
            case "device_name":
                return self.device_name(serial).decode()
            case "system_title":
                return f"{self.manufacturer}{serial % 100_000:05d}"
            case _:
                return self.type


def numbered(pattern: str, serial: int, size: int = _NAME_OCTETS) -> str:
    """A text that fits a pattern, of ``size`` characters if it lets us; digits of a serial are for ``?*``."""
    digits = f"{serial:0{size}d}"
    fixed = len(pattern) - pattern.count("*")
    text = ""
    for number, part in enumerate(pattern.split("*")):
        if number == 1:
            room = max(size - fixed, 0)
            text += digits[len(digits) - room :] if room else ""
        for letter in part:
            text += digits[-1 - len(text) % len(digits)] if letter == "?" else letter
    return text
