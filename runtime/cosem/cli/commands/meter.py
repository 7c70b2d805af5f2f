"""``cosem read``, ``write`` and ``call``: single attributes and methods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cosem.cli.connection import Connection, catalogue_of, with_connection
from cosem.cli.failures import REFUSED
from cosem.cli.output import AsJson, add_row, print_json, print_table, print_trees, table

if TYPE_CHECKING:
    from cosem.cli.reading import Answer
    from cosem.cli.references import Located
    from cosem.client import Client
    from cosem.core.access import MethodSpec
    from cosem.core.codec import Codec
    from cosem.core.data import Data

_REFERENCE = "As 3/1.0.1.8.0.255/2, register:1.0.1.8.0.255, clock:0.0.1.0.0.255/time or 1.0.1.8.0.255."


@with_connection
def read(
    connection: Connection,
    references: Annotated[list[str], typer.Argument(metavar="REF", help=_REFERENCE)],
    json: AsJson = False,
) -> None:
    """Read attributes, registers with their units. The exit status is 1 if any was refused."""
    from cosem.cli.reading import read_attributes
    from cosem.core.errors import AccessError

    wanted = _parsed(references)
    with connection.open() as meter:
        answers = read_attributes(meter, _located(meter, wanted))
    if json:
        print_json([answer.to_json() for answer in answers])
    else:
        _print(answers)
    if any(isinstance(answer.value, AccessError) for answer in answers):
        raise typer.Exit(REFUSED)


@with_connection
def write(
    connection: Connection,
    reference: Annotated[str, typer.Argument(metavar="REF", help=_REFERENCE)],
    value: Annotated[
        str,
        typer.Argument(
            metavar="VALUE",
            help='Text or JSON, as the attribute has it; {"long-unsigned": 5} where any type may stand.',
        ),
    ],
    json: AsJson = False,
) -> None:
    """Write an attribute. A plain number for an attribute of any type is written in the type it has now."""
    from cosem.cli.given import from_text
    from cosem.core.access import ReadWrite
    from cosem.core.codecs import DATA
    from cosem.core.types import AnyData

    wanted = _parsed([reference])
    with connection.open() as meter:
        (where,) = _located(meter, wanted)
        target, spec = where.attribute()
        codec: Codec[Any] = DATA if spec is None else spec.codec
        type = codec.describe()
        like = (
            meter.get_data(target)
            if isinstance(type, AnyData) and not value.lstrip().startswith("{")
            else None
        )
        given = from_text(value, type, like)
        if where.candidates:
            attribute: ReadWrite[object] = ReadWrite(where.candidates[0], target.index, codec)
            meter.set(attribute, given)
        else:
            meter.set_data(target, codec.encode_data(given))
    _done("written", where, json)


@with_connection
def call(
    connection: Connection,
    reference: Annotated[
        str,
        typer.Argument(
            metavar="REF",
            help="As disconnect_control:0.0.96.3.10.255.remote_disconnect or 70/0.0.96.3.10.255/1.",
        ),
    ],
    parameters: Annotated[
        str | None, typer.Argument(metavar="[JSON]", help="The parameter, 0 if left out.", show_default=False)
    ] = None,
    json: AsJson = False,
) -> None:
    """Invoke a method and print what it returns."""
    from cosem.cli.explain import data_node
    from cosem.cli.values import data_to_json

    wanted = _parsed([reference])
    with connection.open() as meter:
        (where,) = _located(meter, wanted)
        target, spec = where.method()
        given = _parameters(where, spec, parameters)
        returned = meter.call_data(target, given)
    if json:
        print_json({"called": str(where), "returned": None if returned is None else data_to_json(returned)})
    elif returned is None:
        _done("done", where, json)
    else:
        print_trees([data_node(returned)])


def _parameters(where: Located, spec: MethodSpec | None, text: str | None) -> Data | None:
    """What a method is given. Most take an integer that means nothing, and 0 then."""
    from cosem.cli.given import from_text
    from cosem.core.codecs import DATA
    from cosem.core.errors import InvalidValueError
    from cosem.core.tags import Tag
    from cosem.core.types import Simple

    takes: Codec[Any] | None = DATA if spec is None else spec.takes
    if text is not None:
        if takes is None:
            raise InvalidValueError(f"{where} {where.member} takes no parameter")
        return takes.encode_data(from_text(text, takes.describe()))
    if spec is None or takes is None:
        return None
    match takes.describe():
        case Simple(tag=Tag.INTEGER):
            return takes.encode_data(0)
        case _:
            raise InvalidValueError(f"{where} {where.member} takes {takes.notation}: give it as JSON")


def _parsed(references: list[str]) -> list[str]:
    """The references, every one of them readable: a mistake is told before anything is sent."""
    from cosem.cli.references import Reference

    for text in references:
        Reference.parse(text)
    return references


def _located(meter: Client, references: list[str]) -> list[Located]:
    """The references with their classes; the object list is read only if one does not name its own."""
    from cosem.cli.references import Reference, locate

    parsed = [Reference.parse(text) for text in references]
    held = meter.objects() if any(each.class_id is None for each in parsed) else None
    catalogue = catalogue_of(meter)
    return [locate(each, held, catalogue) for each in parsed]


def _print(answers: list[Answer]) -> None:
    from cosem.cli.explain import cell_of, field_node, is_plain
    from cosem.cli.nodes import Node
    from cosem.cli.reading import result_of
    from cosem.core.errors import AccessError
    from cosem.core.obis import LogicalName
    from cosem.obis import describe

    rows = table("=Object", "Meaning", "Attribute", ">Value", "")
    trees: list[Node] = []
    for answer in answers:
        code = LogicalName(answer.target.logical_name)
        meaning = answer.object or describe(code)
        name = answer.spec.name if answer.spec else str(answer.target.index)
        if isinstance(answer.value, AccessError):
            add_row(rows, str(code), meaning, name, "refused", result_of(answer.value), style="red")
        elif is_plain(answer.value):
            add_row(rows, str(code), meaning, name, *cell_of(answer.value))
        else:
            tree = field_node(name, answer.value)
            trees.append(Node(str(code), note=meaning, children=[tree]))
    if rows.row_count:
        print_table(rows)
    print_trees(trees)


def _done(what: str, where: Located, json: bool) -> None:
    if json:
        print_json({what: str(where)})
    else:
        print(f"{what}: {where}")
