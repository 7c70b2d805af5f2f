"""``cosem classes``: the interface classes that are known."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, print_trees, table

if TYPE_CHECKING:
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
    """List the interface classes, or every attribute and method of one."""
    from cosem.cli.catalogue import class_id_of, class_ids
    from cosem.core.errors import InvalidValueError
    from cosem.model import CATALOGUE

    ids = class_ids() if class_ is None else [class_id_of(class_)]
    versions = {
        class_id: [CATALOGUE[class_id, version] for version in CATALOGUE.versions(class_id)]
        for class_id in ids
    }
    if not all(versions.values()):
        raise InvalidValueError(f"no table knows class {ids[0]}")
    if json:
        print_json([_as_json(cls) for found in versions.values() for cls in found])
    elif class_ is None:
        _overview(versions)
    else:
        for cls in versions[ids[0]]:
            _details(cls)


def _overview(versions: dict[int, list[type[CosemObject]]]) -> None:
    rows = table(">Id", "Class", "Versions", ">Attributes", ">Methods")
    for class_id, found in versions.items():
        newest = found[-1]
        add_row(
            rows,
            str(class_id),
            newest.NAME,
            ", ".join(str(cls.VERSION) for cls in found),
            str(len(newest.ATTRIBUTES)),
            str(len(newest.METHODS)),
        )
    print_table(rows)
    everything = [cls for found in versions.values() for cls in found]
    attributes = sum(len(cls.ATTRIBUTES) for cls in everything)
    methods = sum(len(cls.METHODS) for cls in everything)
    sure = Counter(confidence(cls, name) for cls in everything for name in _names(cls))
    console().print(
        f"\n{len(versions)} classes, {len(everything)} versions, {attributes} attributes, {methods} methods"
    )
    shares = (
        f"{level} {sure[level] / sure.total():.0%}" for level in ("high", "medium", "low") if sure[level]
    )
    console().print(f"confidence in these: {', '.join(shares)}")


def _names(cls: type[CosemObject]) -> list[str]:
    """The attributes and methods of a class version, without the logical name that all have."""
    attributes = [item.name for item in cls.ATTRIBUTES.values() if item.name != "logical_name"]
    return attributes + [method.name for method in cls.METHODS.values()]


def confidence(cls: type[CosemObject], member: str) -> str:
    """How sure the tables are of an attribute or a method: high unless they say medium or low."""
    for said in (getattr(getattr(cls, member, None), "__doc__", None), cls.__doc__):
        _, marked, level = (said or "").partition("Confidence: ")
        if marked:
            return level.split(".")[0].split()[0]
    return "high"


def _doubt(cls: type[CosemObject], member: str) -> str:
    level = confidence(cls, member)
    return "" if level == "high" else f"{level} confidence"


def _details(cls: type[CosemObject]) -> None:
    from cosem.cli.named_types import members, named_types
    from cosem.cli.nodes import Node

    out = console()
    out.print(f"{cls.NAME}: class {cls.CLASS_ID}, version {cls.VERSION}", style="bold")
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


def _as_json(cls: type[CosemObject]) -> Json:
    from cosem.cli.named_types import members, named_types

    return {
        "class_id": cls.CLASS_ID,
        "version": cls.VERSION,
        "name": cls.NAME,
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
