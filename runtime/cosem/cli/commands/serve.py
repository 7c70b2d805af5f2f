"""``cosem serve``: simulated meters to connect to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.output import AsJson, add_row, console, print_json, print_table, table
from cosem.core.errors import InvalidValueError

if TYPE_CHECKING:
    from cosem.cli.simulated import Served
    from cosem.sim.meter import Meter

_DEVICE = "Devices"


def serve(
    meter: Annotated[
        str | None,
        typer.Argument(
            metavar="[METER]", help="A meter file, or the name of one of the package.", show_default=False
        ),
    ] = None,
    listen: Annotated[
        list[str] | None,
        typer.Option(
            "--listen", help="Where to listen, several times if wanted; port 0 is any.", show_default=False
        ),
    ] = None,
    count: Annotated[
        int, typer.Option("--count", min=1, max=10_000, help="Meters, each one port higher.")
    ] = 1,
    device: Annotated[
        str | None,
        typer.Option(
            "--device",
            help="A device of an overlay, by name or import path: shipped, installed or your own. "
            "One that only pushes pushes to whoever connects.",
            show_default=False,
            rich_help_panel=_DEVICE,
        ),
    ] = None,
    variant: Annotated[
        str,
        typer.Option(
            "--variant",
            help="A kind of the device; the first if not given.",
            show_default=False,
            rich_help_panel=_DEVICE,
        ),
    ] = "",
    password: Annotated[
        str | None,
        typer.Option(
            "--password",
            help="Of low level security; printed if not given.",
            show_default=False,
            rich_help_panel=_DEVICE,
        ),
    ] = None,
    open_associations: Annotated[
        bool,
        typer.Option(
            "--open-associations",
            help="Let clients that need high level security or ciphering associate without any. For tests alone.",
            rich_help_panel=_DEVICE,
        ),
    ] = False,
    push_to: Annotated[
        str | None,
        typer.Option(
            "--push-to",
            help="Push the device's lists to tcp://host:port, and serve as well.",
            show_default=False,
            rich_help_panel=_DEVICE,
        ),
    ] = None,
    push_every: Annotated[
        float,
        typer.Option("--push-every", min=0.1, help="Seconds between pushes.", rich_help_panel=_DEVICE),
    ] = 10.0,
    json: AsJson = False,
) -> None:
    """Serve simulated meters until Ctrl-C. Without --listen: tcp://127.0.0.1:4059."""
    import asyncio

    from cosem.cli.device_service import DeviceRequest, serve_device
    from cosem.cli.simulated import DEFAULT_METER, addresses_of, make_meters, meter_file

    urls = listen or ["tcp://127.0.0.1:4059"]
    addresses_of(urls, count - 1)
    if device is None:
        if variant or password is not None or open_associations or push_to is not None:
            raise InvalidValueError("--variant, --password, --open-associations and --push-to need --device")
        serving = _serve(make_meters(meter_file(meter or DEFAULT_METER), count), urls, json)
    elif meter is not None:
        raise InvalidValueError("a meter file or --device: one of the two")
    else:
        asked = DeviceRequest(device, variant, password, open_associations, push_to, push_every)
        serving = serve_device(asked, urls, count, as_json=json)
    try:
        asyncio.run(serving)
    except KeyboardInterrupt:
        if not json:
            print("stopped")


async def _serve(meters: list[Meter], urls: list[str], json: bool) -> None:
    import asyncio

    from cosem.cli.simulated import serving

    async with serving(meters, urls) as served:
        if json:
            print_json([{"meter": each.name, "addresses": list(each.addresses)} for each in served])
        else:
            _print(served)
        sys.stdout.flush()
        await asyncio.Event().wait()


def _print(served: list[Served]) -> None:
    rows = table("=Meter", "Address")
    for each in served:
        add_row(rows, each.name, "  ".join(each.addresses))
    print_table(rows)
    console().print("\nServing; Ctrl-C stops.")
