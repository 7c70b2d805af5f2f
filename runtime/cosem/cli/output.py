"""Standard output: tables and trees on a terminal, plain lines where there is none, JSON where it is asked for."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

import typer

from cosem.cli.json_value import Json
from cosem.cli.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from cosem.cli.nodes import Node

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON, values in the order of the wire.")
]

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_WIDE = 10_000
"""Columns of an output that is no terminal: nothing is wrapped or cut there."""


def console(*, stderr: bool = False) -> Console:
    """Where to print. Nothing in a text is taken for markup."""
    from rich.console import Console

    plain = Console(stderr=stderr, markup=False, emoji=False, highlight=False, soft_wrap=True)
    if not plain.is_terminal:
        plain = Console(stderr=stderr, markup=False, emoji=False, highlight=False, width=_WIDE)
    return plain


def print_json(value: Json) -> None:
    """One JSON text, ASCII only: nothing that a meter supplied reaches the terminal as it is."""
    print(json.dumps(value, indent=2))


def table(*columns: str) -> Table:
    """A table with these columns. ``>`` before a title: to the right; ``=``: never broken, others give way."""
    from rich import box
    from rich.table import Table

    lines = box.SIMPLE_HEAD if console().is_terminal else None
    made = Table(box=lines, header_style="bold", pad_edge=False, show_edge=False)
    for column in columns:
        justify: Literal["left", "right"] = "right" if column.startswith(">") else "left"
        title = printable(column.lstrip(">="))
        made.add_column(title, justify=justify, overflow="fold", no_wrap=column.startswith("="))
    return made


def add_row(to: Table, *cells: str, style: str | None = None) -> None:
    """A row of texts, made printable. In a column that belongs to the right words stay on the left."""
    from rich.text import Text

    to.add_row(
        *(Text(printable(cell), justify=None if _NUMBER.fullmatch(cell) else "left") for cell in cells),
        style=style,
    )


def print_table(rows: Table) -> None:
    """Print a table; without a terminal, without the blanks that fill its lines."""
    out = console()
    if out.is_terminal:
        out.print(rows)
        return
    with out.capture() as captured:
        out.print(rows)
    print("\n".join(line.rstrip() for line in captured.get().splitlines()))


def print_trees(roots: Iterable[Node]) -> None:
    """Print trees of lines, one below the other."""
    from cosem.cli.nodes import lines

    out = console()
    for root in roots:
        for line in lines(root):
            out.print(line, soft_wrap=True)
