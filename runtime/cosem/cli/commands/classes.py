"""``cosem classes``: the interface classes that are known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, print_trees, table

if TYPE_CHECKING:
    from cosem.core.access import CosemObject

LEVELS: Final = ("high", "medium", "low")
_MARK: Final = re.compile(r"\bConfidence:\s+(\w+)")


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
        listed = [cls for found in versions.values() for cls in found]
        total = counts(listed)
        print_json(
            {
                "counts": dict[str, Json](total),
                "confidence": dict[str, Json](shares(total)),
                "classes": [_as_json(cls) for cls in listed],
            }
        )
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
    total = counts([cls for found in versions.values() for cls in found])
    console().print(
        f"\n{total['classes']} classes, {total['versions']} versions, {total['attributes']} attributes, "
        f"{total['methods']} methods, {total['structures']} structures"
    )
    said = (f"{level} {share:.0%}" for level, share in shares(total).items() if share)
    console().print(f"confidence in these: {', '.join(said)}")


def counts(classes: Sequence[type[CosemObject]]) -> dict[str, int]:
    """How much is in class versions: ids, versions, attributes (logical_name included), methods, and types by name.

    ``high_confidence`` and so on count attributes and methods without logical_name.
    """
    from cosem.cli.named_types import named_types
    from cosem.core.types import Enumerated, Flags, StructureOf

    types = {type for cls in classes for type in named_types(cls).values()}
    sure = Counter(confidence(cls, name) for cls in classes for name in _names(cls))
    return {
        "classes": len({cls.CLASS_ID for cls in classes}),
        "versions": len(classes),
        "attributes": sum(len(cls.ATTRIBUTES) for cls in classes),
        "methods": sum(len(cls.METHODS) for cls in classes),
        "structures": len({type.cls for type in types if isinstance(type, StructureOf)}),
        "enumerations": len({type.enum for type in types if isinstance(type, Enumerated)}),
        "bit_sets": len({type.bits for type in types if isinstance(type, Flags)}),
        **{f"{level}_confidence": sure[level] for level in LEVELS},
    }


def shares(counted: Mapping[str, int]) -> dict[str, float]:
    """How sure the tables are: the share of each level of confidence, from 0 to 1."""
    sure = {level: counted[f"{level}_confidence"] for level in LEVELS}
    return {level: count / max(1, sum(sure.values())) for level, count in sure.items()}


def _names(cls: type[CosemObject]) -> list[str]:
    """The attributes and methods of a class version, without the logical name that all have."""
    attributes = [item.name for item in cls.ATTRIBUTES.values() if item.name != "logical_name"]
    return attributes + [method.name for method in cls.METHODS.values()]


def confidence(cls: type[CosemObject], member: str) -> str:
    """How sure the tables are of an attribute or a method: high unless they say medium or low."""
    described: object = getattr(cls, member, None) or getattr(cls, f"{member}_", None)
    for said in (described.__doc__ if described else None, cls.__doc__):
        if marked := _MARK.search(said or ""):
            return marked[1]
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
