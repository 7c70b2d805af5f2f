"""Who a meter is."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Identity:
    """Three letters of the manufacturer, the serial number of the first meter, a type, the day it was installed."""

    manufacturer: str
    serial: int
    type: str
    installed: dt.date

    def device_name(self, serial: int) -> bytes:
        """The logical device name, 16 octets: manufacturer and serial number (Blue Book 4.4.2)."""
        return f"{self.manufacturer}{serial:013d}".encode()

    def text(self, name: str, serial: int) -> str:
        """``serial``, ``device_name`` or ``type`` of the meter of that serial number."""
        match name:
            case "serial":
                return str(serial)
            case "device_name":
                return self.device_name(serial).decode()
            case _:
                return self.type
