"""``cosem obis``: what codes say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, print_json, print_table, table

if TYPE_CHECKING:
    from cosem.core.obis import LogicalName


def obis(
    codes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[CODE]...", help="1.0.1.8.0.255, 1-0:1.8.0 or 0100010800FF.", show_default=False
        ),
    ] = None,
    find: Annotated[
        str | None,
        typer.Option("--find", help="List the codes that have all these words, named objects first."),
    ] = None,
    json: AsJson = False,
) -> None:
    """Say what OBIS codes mean, and which classes their objects usually have."""
    from cosem.core.errors import InvalidValueError
    from cosem.core.obis import LogicalName
    from cosem.obis import find as find_named

    wanted = [LogicalName(code) for code in codes or []]
    if find is not None:
        wanted += [item.code for item in find_named(find)]
        if not wanted:
            raise InvalidValueError(f"no code has the words {find!r}")
    if not wanted:
        raise InvalidValueError("name a code, or --find with words")
    if json:
        print_json([_as_json(code) for code in wanted])
        return
    rows = table("=Code", "Printed", "Meaning", "Constant", "Classes")
    for code in wanted:
        add_row(rows, str(code), code.reduced, *_words(code))
    print_table(rows)


def _words(code: LogicalName) -> tuple[str, str, str]:
    from cosem.cli.catalogue import class_name
    from cosem.obis import classes_of, describe, name

    classes = ", ".join(f"{class_name(class_id)} ({class_id})" for class_id in classes_of(code))
    return describe(code), name(code) or "", classes


def _as_json(code: LogicalName) -> Json:
    from cosem.obis import classes_of, describe, name

    return {
        "code": str(code),
        "reduced": code.reduced,
        "name": name(code),
        "description": describe(code),
        "classes": list[Json](classes_of(code)),
    }
