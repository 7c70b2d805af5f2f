"""What the tests of customer ports that send text telegrams ask: readings of captures, in few words."""

from __future__ import annotations

from tests.devices.overlays import captures, values, written
from tests.devices.tables import entry

from cosem.core.device import Device
from cosem.core.text_list import TextList


def readings(device: Device, number: int = 0) -> dict[str, str]:
    """What a capture says, by name: quantities as people read them, octets and moments as text."""
    found = values(device, captures(device.name)[number])
    return {name: str(each.quantity or written(each)) for name, each in found.items()}


def listed(device: Device, table: str) -> list[str]:
    """The lines of a table ``code class name`` that are not in the object list; a name is that of the row."""
    wrong: list[str] = []
    for line in filter(None, map(str.strip, table.splitlines())):
        code, class_id, name = line.split()
        if entry(device, int(class_id), f"{code}.255").name != name:
            wrong.append(line)
    return wrong


def forms(known: TextList, name: str) -> list[tuple[int, str | None]]:
    """What stands in the brackets of an object: attributes, and how they are written."""
    return [(each.attribute, each.form) for each in known.values[name]]


def unread(device: Device, number: int = 0) -> list[str]:
    """What a capture says of objects that the device does not list."""
    return [
        name
        for name, each in values(device, captures(device.name)[number]).items()
        if each.item.class_id is None
    ]
