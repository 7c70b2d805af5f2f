"""``cosem dump``: a whole meter in one file."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cosem.cli.connection import Connection, catalogue_of, with_connection
from cosem.cli.json_value import Json

if TYPE_CHECKING:
    from cosem.client import Client, MeterObject
    from cosem.core.access import AttributeSpec


@with_connection
def dump(
    connection: Connection,
    output: Annotated[
        Path, typer.Option("--output", "-o", help="The JSON file to write; - is standard output.")
    ],
) -> None:
    """Read every attribute of every object into one JSON file.

    What is refused or not understood is noted in the file. If the connection is lost, what was read is kept.
    """
    from cosem.cli.catalogue import class_name
    from cosem.cli.progress import tracked
    from cosem.core.errors import LinkError, ServiceError, TransportError
    from cosem.obis import describe

    with connection.open() as meter:
        held = meter.objects(catalogue_of(meter))
        found: list[Json] = []
        whole: dict[str, Json] = {
            "meter": connection.url,
            "device": None if meter.device is None else meter.device.name,
            "negotiated": _negotiated(meter),
            "objects": found,
        }
        try:
            for item in tracked(held, "reading the meter"):
                shown: dict[str, Json] = {
                    "class_id": item.class_id,
                    "class": class_name(item.class_id) if item.object is None else item.object.NAME,
                    "version": item.version,
                    "logical_name": str(item.logical_name),
                    "description": describe(item.logical_name),
                    "name": item.name or None,
                }
                found.append(shown)
                shown["attributes"] = _attributes(meter, item)
        except (TransportError, LinkError, ServiceError) as error:
            whole["incomplete"] = str(error)
            _write(output, whole)
            raise
    _write(output, whole)
    if str(output) != "-":
        attributes = sum(
            len(each["attributes"])
            for each in found
            if isinstance(each, dict) and isinstance(each["attributes"], dict)
        )
        print(f"{output}: {len(found)} objects, {attributes} attributes")


def _attributes(meter: Client, item: MeterObject) -> Json:
    """Each attribute of an object by its index: typed value and octets, or why there are none."""
    from cosem.cli.reading import understand
    from cosem.client import AttributeTarget
    from cosem.core.errors import CosemError, LinkError, TransportError

    known: Mapping[int, AttributeSpec] = {} if item.object is None else item.object.ATTRIBUTES
    candidates = () if item.object is None else (item.object,)
    shown: dict[str, Json] = {}
    for index in sorted({*item.rights.read, *known} - {0}):
        spec = known.get(index)
        about: dict[str, Json] = {"name": spec.name if spec else None}
        shown[str(index)] = about
        if index not in item.rights.read:
            about["error"] = "this association may not read it"
            continue
        target = AttributeTarget(item.class_id, item.logical_name, index)
        try:
            (answer,) = meter.get_many_data([target])
            told = understand(meter, target, spec, candidates, answer)
            about |= {
                key: value for key, value in told.to_json().items() if key in ("value", "error", "trouble")
            }
            if told.data is not None:
                about["octets"] = told.data.octets.hex().upper()
        except (TransportError, LinkError):
            raise
        except CosemError as error:
            about["error"] = str(error)
    return shown


def _negotiated(meter: Client) -> Json:
    from cosem.cli.values import to_json

    agreed = meter.negotiated
    return {"conformance": to_json(agreed.conformance), "max_send_pdu_size": agreed.max_send_pdu_size}


def _write(output: Path, whole: Json) -> None:
    text = json.dumps(whole, indent=1)
    if str(output) == "-":
        print(text)
        return
    # A file that is there already stays whole until the new one is.
    beside = output.with_name(f"{output.name}.part")
    beside.write_text(text + "\n", "utf-8")
    os.replace(beside, output)
