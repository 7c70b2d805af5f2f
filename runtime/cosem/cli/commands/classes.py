"""``cosem classes``: the interface classes that are known."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, print_trees, table

if TYPE_CHECKING:
    from cosem.cli.class_counts import Counts, Listed
    from cosem.core.access import CosemObject


def classes(
    class_: Annotated[
        str | None,
        typer.Argument(
            metavar="[CLASS]", help="Id or name: 3, register, profile-generic.", show_default=False
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """List the interface classes, of the books and of national standards, or every attribute and method of one."""
    from cosem.cli.class_counts import of_books, of_national_standards

    listed = of_books() + of_national_standards() if class_ is None else _chosen(class_)
    if json:
        _print_json(listed)
    elif class_ is None:
        _overview(listed)
    else:
        for each in listed:
            _details(each)


def _chosen(text: str) -> list[Listed]:
    """The class versions of an id or a name. Raises InvalidValueError if there are none."""
    from cosem.cli.catalogue import class_id_of, plain_name
    from cosem.cli.class_counts import of_books, of_national_standards
    from cosem.core.errors import InvalidValueError

    try:
        class_id = class_id_of(text)
    except InvalidValueError:
        named = [each for each in of_national_standards() if plain_name(each.cls.NAME) == plain_name(text)]
        if not named:
            raise
        return named
    found = of_books(class_id) or of_national_standards(class_id)
    if not found:
        raise InvalidValueError(f"no table knows class {class_id}")
    return found


def _counted(listed: list[Listed]) -> dict[str, Counts]:
    """The counts of the books, of what national standards add, and of both together."""
    from cosem.cli.class_counts import Counts

    books = Counts.of([each for each in listed if not each.devices])
    total = Counts.of(listed)
    return {"books": books, "national": total.without(books), "total": total}


def _print_json(listed: list[Listed]) -> None:
    counted = _counted(listed)
    national: Json = [
        {
            "class_id": each.cls.CLASS_ID,
            "version": each.cls.VERSION,
            "name": each.cls.NAME,
            "devices": list[Json](each.devices),
        }
        for each in listed
        if each.devices
    ]
    print_json(
        {
            "counts": {part: dict[str, Json](counts.numbers()) for part, counts in counted.items()},
            "confidence": {part: dict[str, Json](counts.shares()) for part, counts in counted.items()},
            "national": national,
            "classes": [_as_json(each) for each in listed],
        }
    )


def _overview(listed: list[Listed]) -> None:
    rows = table(">Id", "Class", "Versions", ">Attributes", ">Methods", "Only of")
    for (class_id, name), same in groupby(listed, key=lambda each: (each.cls.CLASS_ID, each.cls.NAME)):
        found = [*same]
        newest = found[-1].cls
        add_row(
            rows,
            str(class_id),
            name,
            ", ".join(str(each.cls.VERSION) for each in found),
            str(len(newest.ATTRIBUTES)),
            str(len(newest.METHODS)),
            ", ".join(found[-1].devices),
        )
    print_table(rows)
    console().print()
    rows = table("", ">Classes", ">Versions", ">Attributes", ">Methods", ">Structures", "Confidence")
    for part, counts in _counted(listed).items():
        said = (f"{level} {share:.0%}" for level, share in counts.shares().items() if share)
        numbers = (counts.classes, counts.versions, counts.attributes, counts.methods, counts.structures)
        add_row(rows, part, *map(str, numbers), ", ".join(said))
    print_table(rows)


def _doubt(cls: type[CosemObject], member: str) -> str:
    from cosem.cli.class_counts import confidence

    level = confidence(cls, member)
    return "" if level == "high" else f"{level} confidence"


def _details(listed: Listed) -> None:
    from cosem.cli.named_types import members, named_types
    from cosem.cli.nodes import Node

    cls, out = listed.cls, console()
    where = f", only of {', '.join(listed.devices)}" if listed.devices else ""
    out.print(f"{cls.NAME}: class {cls.CLASS_ID}, version {cls.VERSION}{where}", style="bold")
    rows = table(">Attribute", "Name", "Type", "Access", "", "")
    for item in cls.ATTRIBUTES.values():
        access = "read, write" if item.writable else "read"
        add_row(
            rows, str(item.index), item.name, item.codec.notation, access, "dynamic" if item.dynamic else ""
        )
    print_table(rows)
    if cls.METHODS:
        rows = table(">Method", "Name", "Takes", "Returns", "", "")
        for method in cls.METHODS.values():
            add_row(
                rows,
                str(method.index),
                method.name,
                method.takes.notation if method.takes else "",
                method.returns.notation if method.returns else "",
                "mandatory" if method.mandatory else "",
                _doubt(cls, method.name),
            )
        out.print()
        print_table(rows)
    out.print()
    print_trees(
        Node(name, children=[Node(label, text) for label, text in members(type)])
        for name, type in named_types(cls).items()
    )
    out.print()


def _as_json(listed: Listed) -> Json:
    from cosem.cli.class_counts import confidence
    from cosem.cli.named_types import members, named_types

    cls = listed.cls
    return {
        "class_id": cls.CLASS_ID,
        "version": cls.VERSION,
        "name": cls.NAME,
        "devices": list[Json](listed.devices),
        "attributes": [
            {
                "index": item.index,
                "name": item.name,
                "type": item.codec.notation,
                "writable": item.writable,
                "dynamic": item.dynamic,
                "confidence": confidence(cls, item.name),
            }
            for item in cls.ATTRIBUTES.values()
        ],
        "methods": [
            {
                "index": method.index,
                "name": method.name,
                "takes": method.takes.notation if method.takes else None,
                "returns": method.returns.notation if method.returns else None,
                "mandatory": method.mandatory,
                "confidence": confidence(cls, method.name),
            }
            for method in cls.METHODS.values()
        ],
        "types": {name: dict[str, Json](members(type)) for name, type in named_types(cls).items()},
    }
