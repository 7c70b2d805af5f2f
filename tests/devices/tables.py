"""What the tests of companion standards ask of a device, in the words that their tables use."""

from __future__ import annotations

from cosem.core.access import ReadOnly
from cosem.core.device import Device, DeviceObject
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.obis import LogicalName


def entry(device: Device, class_id: int, code: str, variant: str = "") -> DeviceObject:
    """A row of the object list; the standard has it."""
    found = device.find(class_id, LogicalName(code), variant)
    assert found is not None, code
    return found


def columns(device: Device, code: str, variant: str = "") -> list[str]:
    """What a profile captures: codes, without the last group if it is 255, and the attribute if it is not 2."""
    return [
        column.codes.text.removesuffix(".255") + (f" {column.attribute}" if column.attribute != 2 else "")
        for column in entry(device, 7, code, variant).columns
    ]


def unit(device: Device, code: str, variant: str = "") -> tuple[int | None, str]:
    """Scaler and symbol of the unit of a register."""
    given = entry(device, 3, code, variant).attributes[3]
    assert given.unit is not None, code
    return given.scaler, given.unit.symbol


def decoded(reference: ReadOnly[object], octets: str) -> object:
    """The value of an attribute, by the type that the object list gives it."""
    data = bytes.fromhex(octets)
    value, end = reference.codec.read(data, 0, DEFAULT_LIMITS)
    assert end == len(data)
    return value


def writers(device: Device, class_id: int, code: str, index: int) -> set[str]:
    """The associations that may write an attribute."""
    return {name for name, access in entry(device, class_id, code).access.items() if index in access.writable}
