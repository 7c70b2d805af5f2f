"""``cosem decode``: what captured octets say."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from cosem.cli.failures import FAILED
from cosem.cli.output import AsJson, print_json, print_trees


def decode(
    octets: Annotated[
        list[str] | None,
        typer.Argument(help="Octets in hexadecimal, or a text telegram as it is.", show_default=False),
    ] = None,
    file: Annotated[
        str | None,
        typer.Option(
            "--file", "-f", help="A file with hexadecimal text, or with the octets; - is standard input."
        ),
    ] = None,
    device: Annotated[
        str | None,
        typer.Option(
            "--device", help="Whose pushed lists these are: a device of cosem or of an installed package."
        ),
    ] = None,
    json: AsJson = False,
) -> None:
    """Explain captured octets: HDLC, wrapper, M-Bus, bare APDUs and text telegrams (P1), in any mixture.

    Pushed lists without codes or units get them from the device whose list it is. One that names its maker is known
    without --device.

    Without octets and file, standard input is read. The exit status is 3 if anything was damaged or incomplete.
    """
    from cosem.cli.decode import decode as find
    from cosem.core.errors import InvalidValueError

    given = _octets(octets or [], file)
    if not given:
        raise InvalidValueError("there are no octets to decode")
    named = None
    if device is not None:
        from cosem.core.device_registry import find_device

        named = find_device(device)
    items = find(given)
    if json:
        from cosem.cli.decode.as_json import item_to_json

        print_json([item_to_json(item, named) for item in items])
    else:
        from cosem.cli.decode.explain import explain

        print_trees(explain(item, named) for item in items)
    if any(part.errors for item in items for part in (item, item.block, item.message) if part is not None):
        raise typer.Exit(FAILED)


def _octets(words: list[str], file: str | None) -> bytes:
    from cosem.cli.decode.source import LARGEST, from_file, from_text
    from cosem.core.errors import InvalidValueError

    if words:
        if file is not None:
            raise InvalidValueError("octets or --file: one of the two")
        text = " ".join(words)
        return text.encode() if text.startswith("/") else from_text(text)
    if file is None and sys.stdin.isatty():
        raise InvalidValueError("name octets or --file, or send them to standard input")
    if file in (None, "-"):
        return from_file(sys.stdin.buffer.read(LARGEST + 1))
    with Path(file).open("rb") as source:
        return from_file(source.read(LARGEST + 1))
