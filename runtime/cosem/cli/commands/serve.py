"""``cosem serve``: simulated meters to connect to."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.output import AsJson, add_row, console, print_json, print_table, table

if TYPE_CHECKING:
    from cosem.cli.simulated import Served
    from cosem.sim.meter import Meter


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
    json: AsJson = False,
) -> None:
    """Serve simulated meters until Ctrl-C. Without --listen: tcp://127.0.0.1:4059."""
    import asyncio

    from cosem.cli.simulated import DEFAULT_METER, addresses_of, make_meters, meter_file

    urls = listen or ["tcp://127.0.0.1:4059"]
    addresses_of(urls, count - 1)
    meters = make_meters(meter_file(meter or DEFAULT_METER), count)
    try:
        asyncio.run(_serve(meters, urls, json))
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
