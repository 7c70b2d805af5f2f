"""The examples of messages that the reference explains: octets and a sentence, by the name of the definition."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cosem.codegen.errors import Mistakes, Span
from cosem.codegen.load.nodes import Keys, as_table, load_file


@dataclass(frozen=True, slots=True)
class Example:
    """One whole message; ``doc`` says what happens in it."""

    octets: bytes
    doc: str
    span: Span


def load_examples(path: Path, mistakes: Mistakes) -> dict[str, Example]:
    """The examples of one YAML file by the names of the grammar; its keys are ``octets`` and ``doc``."""
    found: dict[str, Example] = {}
    for entry in load_file(path, path.name, mistakes) or ():
        name = entry.key.value
        row = as_table(entry.value, f"example {name}", mistakes)
        if row is None:
            continue
        keys = Keys(row, f"example {name}", mistakes)
        octets, doc = keys.text("octets"), keys.text("doc")
        keys.close()
        if octets is None or doc is None:
            continue
        try:
            found[name] = Example(bytes.fromhex(octets.value), doc.value, entry.key.span)
        except ValueError:
            mistakes.add(octets.span, "these are no octets in hexadecimal")
    return found
