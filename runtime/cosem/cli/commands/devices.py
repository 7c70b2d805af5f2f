"""``cosem devices``: the devices that are described, by cosem and by installed packages."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from cosem.core.device import Device, DeviceAssociation
    from cosem.core.device_registry import DescribedDevice
    from cosem.core.origin import Origin
    from cosem.core.push_list import PushList
    from cosem.core.text_list import TextList


def devices(
    name: Annotated[
        str | None, typer.Argument(metavar="[NAME]", help="One of them, in detail.", show_default=False)
    ] = None,
    json: AsJson = False,
) -> None:
    """List the devices that are described, what of each, from which documents, and what these leave out."""
    from cosem.core.device_registry import described_device, described_devices

    if name is None:
        found = sorted(described_devices().values(), key=lambda each: each.device.name)
    else:
        found = [described_device(name)]
    if json:
        print_json([_as_json(each) for each in found])
    elif name is None:
        _overview(found)
    else:
        _details(found[0])


def _overview(found: list[DescribedDevice]) -> None:
    rows = table(
        "=Name", "Title", ">Objects", ">Pushes", "Associations", "Recognised by", "Nothing is said of"
    )
    for each in found:
        device = each.device
        add_row(
            rows,
            device.name,
            device.title,
            str(len(device.objects)),
            str(len(pushed_lists(device))),
            ", ".join(association.name for association in device.associations),
            "; ".join(recognised_by(device)),
            ", ".join(untold(device)),
        )
    print_table(rows)
    installed = sum(each.installed for each in found)
    console().print(f"\n{len(found)} devices, {installed} of them from installed packages")


def _details(each: DescribedDevice) -> None:
    device = each.device
    rows = table("=", "")
    add_row(rows, "name", device.name)
    add_row(rows, "title", device.title)
    add_row(rows, "package", each.package)
    if device.extends:
        add_row(rows, "stands on", ", ".join(device.extends))
    if device.variants:
        add_row(rows, "variants", ", ".join(device.variants))
    for text in recognised_by(device):
        add_row(rows, "recognised by", text)
    for association in device.associations:
        add_row(rows, f"association {association.name}", _association_text(association))
    for fact, value in link_facts(device).items():
        add_row(rows, f"link: {fact.replace('_', ' ')}", str(value))
    for quirk, origin in device.quirks.items():
        add_row(rows, f"quirk {quirk.value}", str(origin))
    add_row(rows, "objects", str(len(device.objects)))
    add_row(rows, "pushed lists", ", ".join(known.name for known in pushed_lists(device)) or "0")
    for document, count in sources(device).items():
        add_row(rows, "source", f"{document}: {count} {'fact' if count == 1 else 'facts'}")
    if nothing := untold(device):
        add_row(rows, "nothing is said of", ", ".join(nothing))
    if device.ends:
        add_row(rows, "sources end", device.ends)
    print_table(rows)


def pushed_lists(device: Device) -> list[PushList | TextList]:
    """What a device sends by itself: Data, and text telegrams."""
    return [*device.push, *device.text_lists]


def untold(device: Device) -> list[str]:
    """The kinds of facts that there are none of."""
    told: dict[str, object] = {
        "associations": device.associations,
        "objects": device.objects,
        "pushes": pushed_lists(device),
        "link": link_facts(device),
        "recognition": device.match,
    }
    return [kind for kind, facts in told.items() if not facts]


def recognised_by(device: Device) -> list[str]:
    """Each way to recognise a device, as text."""
    ways = ({"FLAG": each.flag, "name": each.device_name, "firmware": each.firmware} for each in device.match)
    return [", ".join(f"{what} {pattern}" for what, pattern in way.items() if pattern) for way in ways]


def link_facts(device: Device) -> dict[str, Json]:
    """What is said of the link."""
    facts: dict[str, Json] = {}
    for name in device.link.__slots__:
        value: Json = getattr(device.link, name)
        if value is not None:
            facts[name] = value
    return facts


def sources(device: Device) -> dict[str, int]:
    """The documents that a description comes from, and how many of its facts are from each."""
    counted = Counter(f"{origin.document} ({origin.overlay})" for origin in _origins(device))
    return dict(sorted(counted.items()))


def _origins(device: Device) -> Iterator[Origin]:
    for association in device.associations:
        yield association.origin
    for row in device.objects:
        yield row.origin
    for known in pushed_lists(device):
        yield known.origin
    for change in device.changes:
        yield change.origin
    yield from device.quirks.values()


def _mechanism(association: DeviceAssociation) -> str:
    from cosem.apdu import MechanismName

    return MechanismName(association.mechanism).name.lower()


def _association_text(association: DeviceAssociation) -> str:
    facts = [
        f"client {association.client_sap}, server {association.server_sap}",
        _mechanism(association).replace("_", " "),
    ]
    if association.ciphered:
        facts.append("ciphered" if association.suite is None else f"ciphered, suite {association.suite}")
    if association.pre_established:
        facts.append("pre-established")
    return ", ".join(facts)


def _as_json(each: DescribedDevice) -> Json:
    device = each.device
    return {
        "name": device.name,
        "title": device.title,
        "package": each.package,
        "installed": each.installed,
        "ends": device.ends,
        "extends": list[Json](device.extends),
        "variants": list[Json](device.variants),
        "objects": len(device.objects),
        "pushes": [known.name for known in pushed_lists(device)],
        "associations": [
            {
                "name": association.name,
                "client": association.client_sap,
                "server": association.server_sap,
                "mechanism": _mechanism(association),
                "ciphered": association.ciphered,
                "pre_established": association.pre_established,
            }
            for association in device.associations
        ],
        "match": [
            {"flag": way.flag, "device_name": way.device_name, "firmware": way.firmware}
            for way in device.match
        ],
        "link": link_facts(device),
        "quirks": [quirk.value for quirk in device.quirks],
        "sources": dict[str, Json](sources(device)),
        "untold": list[Json](untold(device)),
    }
