"""``cosem profile``: rows of a load profile, an event log or any other profile."""

from __future__ import annotations

import csv
import datetime as dt
import sys
from typing import TYPE_CHECKING, Annotated, cast

import typer

from cosem.cli.connection import Connection, catalogue_of, with_connection
from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, table
from cosem.cli.printable import printable

if TYPE_CHECKING:
    from cosem.client import Column, Profile


@with_connection
def profile(
    connection: Connection,
    code: Annotated[str, typer.Argument(metavar="OBIS", help="The profile, as 1.0.99.1.0.255.")],
    start: Annotated[
        str | None,
        typer.Option("--from", help="First time, as 2024-02-29 or 2024-02-29T13:00.", show_default=False),
    ] = None,
    end: Annotated[str | None, typer.Option("--to", help="Last time, included.", show_default=False)] = None,
    last: Annotated[
        int | None, typer.Option("--last", help="The latest rows, this many.", show_default=False)
    ] = None,
    entries: Annotated[
        str | None, typer.Option("--entries", help="Rows A:B, counted from 1.", show_default=False)
    ] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print comma-separated values.")] = False,
    picture: Annotated[bool, typer.Option("--plot", help="Draw the columns that are numbers.")] = False,
    json: AsJson = False,
) -> None:
    """Read rows of a profile."""
    from cosem.core.errors import InvalidValueError
    from cosem.core.obis import LogicalName
    from cosem.model import ProfileGeneric, ProfileGenericV0

    if json + as_csv + picture > 1:
        raise InvalidValueError("--json, --csv or --plot: one of the three")
    name, first, final, chosen = LogicalName(code), _moment(start), _moment(end), _entries(entries)
    with connection.open() as meter:
        version = next(
            (item.version for item in meter.objects() if (item.class_id, item.logical_name) == (7, name)), 1
        )
        which = ProfileGenericV0(name) if version == 0 else ProfileGeneric(name)
        found = meter.profile(
            which, start=first, end=final, last=last, entries=chosen, catalogue=catalogue_of(meter)
        )
    if json:
        print_json(profile_to_json(found))
    elif as_csv:
        _print_csv(found)
    elif picture:
        print_plots(found)
    else:
        print_rows(found)


def print_rows(found: Profile, *, ends: int | None = None) -> None:
    """The rows as a table, each number in the unit that stands in its heading; of many only so many at both ends."""
    headings = (
        f"={_heading(column)}" if column.is_clock else f">{_heading(column).replace('_', ' ')}"
        for column in found.columns
    )
    rows = table(*headings)
    quantities = found.quantities
    cut = ends is not None and len(quantities) > 2 * ends + 1
    for index, row in enumerate(quantities):
        if not cut or ends is None or not ends <= index < len(quantities) - ends:
            add_row(rows, *map(_cell, row))
        elif index == ends:
            add_row(rows, f"… {len(quantities) - 2 * ends} more", *("" for _ in row[1:]))
    print_table(rows)
    if not cut:
        console().print(f"\n{len(found)} rows")


def print_plots(found: Profile, *, most: int | None = None) -> None:
    """The columns of numbers as pictures, their times below; ``most`` of those in which something is to be seen."""
    from cosem.cli.plot import plot
    from cosem.cli.series import series_of

    out = console()
    every = series_of(found)
    chosen = every if most is None else [series for series in every if not series.is_flat][:most]
    for series in chosen:
        out.print(printable(series.name), style="bold")
        for line in plot(series.values, series.labels, series.unit, width=min(out.width, 100)):
            out.print(line)
        out.print()


def _heading(column: Column) -> str:
    unit = _unit(column)
    return f"{column.name} [{unit}]" if unit else column.name


def _unit(column: Column) -> str:
    return "" if column.scaler_unit is None else column.scaler_unit.unit.symbol


def _cell(cell: object) -> str:
    from cosem.cli.explain import text_of
    from cosem.cli.values import plain_to_json
    from cosem.core.quantity import Quantity

    if isinstance(cell, Quantity):
        return f"{cell.value:f}"
    if isinstance(cell, list | tuple):
        return str(plain_to_json(cast("object", cell)))
    text, _ = text_of(cell)
    return text


def _print_csv(found: Profile) -> None:
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(_heading(column) for column in found.columns)
    out.writerows([_cell(cell) for cell in row] for row in found.quantities)


def profile_to_json(found: Profile) -> Json:
    """Columns, and rows in their order."""
    columns: list[Json] = [
        {
            "name": column.name,
            "class_id": column.class_id,
            "logical_name": str(column.logical_name),
            "attribute": column.attribute_index,
            "data_index": column.data_index,
            "unit": _unit(column) or None,
        }
        for column in found.columns
    ]
    rows: list[Json] = [[_number(cell) for cell in row] for row in found.quantities]
    return {"capture_period": found.capture_period, "columns": columns, "rows": rows}


def _number(cell: object) -> Json:
    """A cell; a number without its unit, which stands with the column."""
    from cosem.cli.values import number, plain_to_json, to_json
    from cosem.core.quantity import Quantity

    if isinstance(cell, list | tuple):
        return plain_to_json(cast("object", cell))
    return number(cell.value) if isinstance(cell, Quantity) else to_json(cell)


def _moment(text: str | None) -> dt.datetime | None:
    from cosem.core.errors import InvalidValueError

    if text is None:
        return None
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidValueError(f"{text!r} is no time (right is 2024-02-29 or 2024-02-29T13:00)") from None


def _entries(text: str | None) -> tuple[int, int] | None:
    from cosem.core.errors import InvalidValueError

    if text is None:
        return None
    first, colon, last = text.partition(":")
    if not (colon and (first or "1").isdecimal() and (last or "0").isdecimal()):
        raise InvalidValueError(f"{text!r} are no entries (right is 1:96, or 97: for all from there)")
    return int(first or "1"), int(last or "0")
