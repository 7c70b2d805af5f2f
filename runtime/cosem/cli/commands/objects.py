"""``cosem objects``: what a meter holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.connection import Connection, catalogue_of, with_connection
from cosem.cli.json_value import Json
from cosem.cli.output import AsJson, add_row, console, print_json, print_table, table

if TYPE_CHECKING:
    from cosem.cli.reading import Answer
    from cosem.client import Client, MeterObject

_BATCH = 16
"""Objects whose values are read in one go."""

_MANY = "buffer"
"""The attribute that is never read just to be looked at: it may be the load of a year."""


@with_connection
def objects(
    connection: Connection,
    values: Annotated[bool, typer.Option("--values", help="Read the main attribute of each object.")] = False,
    json: AsJson = False,
) -> None:
    """List the objects of a meter, from its association's object list."""
    with connection.open() as meter:
        held = meter.objects(catalogue_of(meter))
        answers = main_values(meter, held) if values else {}
    if json:
        print_json([object_to_json(item, answers.get(index)) for index, item in enumerate(held)])
    else:
        print_objects(held, answers if values else None)


def main_values(meter: Client, held: list[MeterObject]) -> dict[int, Answer]:
    """The main attribute of each object that may be read, by its place in the list."""
    from cosem.cli.progress import batches, tracked
    from cosem.cli.reading import read_attributes
    from cosem.cli.references import Located, Reference, locate

    catalogue = catalogue_of(meter)

    def located(item: MeterObject) -> Located:
        return locate(Reference(item.logical_name, item.class_id), [item], catalogue)

    wanted = [
        (index, where)
        for index, item in enumerate(held)
        if 2 in item.rights.read
        and ((spec := (where := located(item)).attribute()[1]) is None or spec.name != _MANY)
    ]
    found: dict[int, Answer] = {}
    for batch in tracked(batches(wanted, _BATCH), "reading values"):
        answers = read_attributes(meter, [where for _, where in batch])
        found |= dict(zip((index for index, _ in batch), answers, strict=True))
    return found


def print_objects(held: list[MeterObject], answers: dict[int, Answer] | None = None) -> None:
    """The object list as a table, with values where they are given."""
    from cosem.obis import describe

    rows = table(
        "Class",
        ">Version",
        "=Object",
        "Meaning",
        *((">Value", "") if answers is not None else ("Rights",)),
    )
    for index, item in enumerate(held):
        last = (_rights(item),) if answers is None else _value(answers.get(index))
        add_row(
            rows,
            f"{_class_name(item)} ({item.class_id})",
            str(item.version),
            str(item.logical_name),
            item.name or describe(item.logical_name),
            *last,
        )
    print_table(rows)
    classes = len({item.class_id for item in held})
    console().print(f"\n{len(held)} objects of {classes} classes")


def _class_name(item: MeterObject) -> str:
    """As the class of the object says, or that of any version known."""
    from cosem.cli.catalogue import class_name

    return class_name(item.class_id) if item.object is None else item.object.NAME


def _value(answer: Answer | None) -> tuple[str, str]:
    from cosem.cli.explain import cell_of, is_plain
    from cosem.cli.reading import result_of
    from cosem.core.errors import AccessError

    if answer is None:
        return "", ""
    if isinstance(answer.value, AccessError):
        return "refused", result_of(answer.value)
    if is_plain(answer.value):
        return cell_of(answer.value)
    return "…", answer.spec.codec.notation if answer.spec else ""


def _rights(item: MeterObject) -> str:
    told = {"read": item.rights.read, "write": item.rights.write, "invoke": item.rights.invoke}
    return "  ".join(f"{name} {_ranges(indices)}" for name, indices in told.items() if indices)


def _ranges(numbers: Iterable[int]) -> str:
    """``1, 2, 3, 7`` → ``1-3,7``."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ",".join(str(run[0]) if len(run) == 1 else f"{run[0]}-{run[-1]}" for run in runs)


def object_to_json(item: MeterObject, answer: Answer | None = None) -> Json:
    """An entry of the object list, with its main value if it was read."""
    from cosem.obis import describe

    shown: dict[str, Json] = {
        "class_id": item.class_id,
        "class": _class_name(item),
        "version": item.version,
        "logical_name": str(item.logical_name),
        "description": describe(item.logical_name),
        "name": item.name or None,
        "rights": {
            "read": list[Json](sorted(item.rights.read)),
            "write": list[Json](sorted(item.rights.write)),
            "invoke": list[Json](sorted(item.rights.invoke)),
        },
    }
    if answer is not None:
        shown["main"] = answer.to_json()
    return shown
