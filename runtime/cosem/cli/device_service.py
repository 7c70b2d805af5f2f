"""``cosem serve --device``: a meter of an overlay, as it is asked for, served, and what is said of it."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass

from cosem.cli.json_value import Json
from cosem.cli.output import add_row, console, print_json, print_table, table
from cosem.cli.pushing import push_to, pushing
from cosem.cli.simulated import DEFAULT_PASSWORD, Served, addresses_of, device_meter, make_meters, serving
from cosem.core.device import Device
from cosem.core.errors import InvalidValueError
from cosem.sim import MeterFile, find_package
from cosem.sim.device_rights import needs_protection
from cosem.sim.expand import usual_variant
from cosem.sim.meter_file import AssociationSpec


@dataclass(frozen=True, slots=True)
class DeviceRequest:
    """What the command line asks for; ``password`` is None where the usual one is."""

    name: str
    variant: str = ""
    password: str | None = None
    unprotected: bool = False
    push_to: str | None = None
    push_every: float = 10.0


async def serve_device(asked: DeviceRequest, urls: Sequence[str], count: int, *, as_json: bool) -> None:
    """Serve meters of a device until cancelled. Raises InvalidValueError for what there is not."""
    device = find_package(asked.name).device
    password = DEFAULT_PASSWORD if asked.password is None else asked.password
    file = device_meter(asked.name, asked.variant, password=password, unprotected=asked.unprotected)
    lists = (*device.push, *device.text_lists)
    if not file.associations and not lists:
        raise InvalidValueError(f"{device.title} lists no objects and no pushes: there is nothing to serve")
    if asked.push_to is not None and not lists:
        raise InvalidValueError(f"{device.title} pushes no lists")
    meters = make_meters(file, count)
    async with AsyncExitStack() as stack:
        if not _only_pushes(device, file):
            served = await stack.enter_async_context(serving(meters, urls))
        else:
            wanted = [addresses_of(urls, number) for number in range(count)]
            addresses = await stack.enter_async_context(pushing(device, meters, wanted, asked.push_every))
            served = [
                Served(meter.device_name.decode("latin-1"), tuple(each))
                for meter, each in zip(meters, addresses, strict=True)
            ]
        _tell(asked, device, file, served, as_json=as_json)
        sys.stdout.flush()
        if asked.push_to is None:
            await asyncio.Event().wait()
        else:
            await push_to(device, meters, asked.push_to, asked.push_every)


def _only_pushes(device: Device, file: MeterFile) -> bool:
    """Whether nobody can ask the device: it lists nothing, or it sends text and nothing is said of associations."""
    return not file.associations or bool(device.text_lists and not device.associations)


def _tell(
    asked: DeviceRequest, device: Device, file: MeterFile, served: Sequence[Served], *, as_json: bool
) -> None:
    """What is served, and to whom."""
    opened = _unprotected(asked, device)
    if opened:
        print(
            f"warning: no protection at all for clients {', '.join(opened)}, which a real {device.title} protects",
            file=sys.stderr,
        )
    variant = asked.variant or usual_variant(device)
    if as_json:
        print_json([_as_json(asked, device, variant, each, opened) for each in served])
        return
    out = console()
    out.print(f"{device.title}{f', {variant}' if variant else ''}\n")
    rows = table("=Meter", "Address")
    for each in served:
        add_row(rows, each.name, "  ".join(each.addresses))
    print_table(rows)
    if not _only_pushes(device, file):
        clients = table("=Association", ">Client", ">Server", "Opens with")
        for spec in file.associations:
            add_row(
                clients,
                spec.name,
                str(spec.client),
                str(_server(spec, file)),
                _opens_with(spec, asked, opened),
            )
        out.print()
        print_table(clients)
        out.print("\nServing; Ctrl-C stops.")
    else:
        out.print(f"\nPushes every {asked.push_every:g} s to whoever connects; Ctrl-C stops.")


def _unprotected(asked: DeviceRequest, device: Device) -> list[str]:
    """Associations that need protection and are given none."""
    if not asked.unprotected:
        return []
    return [each.name for each in device.associations if needs_protection(each)]


def _server(spec: AssociationSpec, file: MeterFile) -> int:
    return file.sap if spec.server is None else spec.server


def _opens_with(spec: AssociationSpec, asked: DeviceRequest, opened: Sequence[str]) -> str:
    if spec.high_level is not None or spec.ciphered:
        return "nothing: needs high level security or ciphering, see --open-associations"
    if spec.name in opened:
        return "no protection, by --open-associations"
    if spec.password is None:
        return "no authentication"
    return f"password {DEFAULT_PASSWORD}" if asked.password is None else "the password given"


def _as_json(
    asked: DeviceRequest, device: Device, variant: str, each: Served, opened: Sequence[str]
) -> dict[str, Json]:
    clients: list[Json] = [
        {
            "name": spec.name,
            "client": spec.client,
            "server": each.sap if spec.server is None else spec.server,
            "authentication": "low" if spec.password is not None else "none",
            "refused": spec.high_level is not None or spec.ciphered,
            "unprotected": spec.name in opened,
        }
        for spec in each.clients
    ]
    told: dict[str, Json] = {
        "meter": each.name,
        "addresses": list(each.addresses),
        "device": device.name,
        "variant": variant or None,
        "clients": clients,
    }
    if asked.password is None and any(spec.password is not None for spec in each.clients):
        told["password"] = DEFAULT_PASSWORD
    return told
