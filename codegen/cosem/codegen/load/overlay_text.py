"""Lists of ``push`` that come as text telegrams: what they are known by, what stands in the brackets of an object."""

from __future__ import annotations

from typing import Final

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.overlay import TextList, TextPlace
from cosem.codegen.load.nodes import Entry, Items, Keys, Table, Text, as_text
from cosem.codegen.load.overlay_objects import read_code
from cosem.codegen.load.overlay_origin import Origins
from cosem.codegen.load.types import read_word

FORMS: Final = ("number", "time", "octets", "text")


def read_text_list(name: Text, keys: Keys, origins: Origins, mistakes: Mistakes) -> TextList | None:
    """An entry that says ``text: true``; ``keys`` are those of the entry."""
    match, values, origin = keys.table("match"), keys.table("values", required=False), origins.of(keys)
    keys.close()
    if match is None:
        return None
    inner = Keys(match, f"'match' of list {name.value}", mistakes)
    identification = read_word(inner, "identification")
    codes = read_code_texts(inner.table("codes", required=False), mistakes)
    inner.close()
    if not identification and not codes:
        mistakes.add(match.span, "'match' needs 'identification' or 'codes'")
    found = tuple((entry.key.value, _places(entry, mistakes)) for entry in values or ())
    return TextList(name.value, identification, codes, found, origin, name.span)


def read_code_texts(table: Table | None, mistakes: Mistakes) -> tuple[tuple[str, str], ...]:
    """``codes``: texts that values have, by code."""
    found: dict[str, str] = {}
    for row in table or ():
        code, text = read_code(row.key, mistakes), as_text(row.value, "a text", mistakes)
        if code and text is not None:
            found[code] = text.value
    return tuple(found.items())


def _places(entry: Entry, mistakes: Mistakes) -> tuple[TextPlace, ...]:
    """``[capture_time, value number]``: the attribute in each pair of brackets, how it is written; ``[]``: not sent."""
    if not isinstance(entry.value, Items):
        mistakes.add(entry.value.span, f"{entry.key.value} is a list of attributes, as [capture_time, value]")
        return ()
    found: list[TextPlace] = []
    for item in entry.value:
        text = as_text(item, "an attribute", mistakes)
        if text is None:
            continue
        attribute, *form = text.value.split()
        if len(form) > 1 or (form and form[0] not in FORMS):
            mistakes.add(text.span, f"{text.value!r}: write an attribute and one of {', '.join(FORMS)}")
        else:
            found.append(TextPlace(attribute, form[0] if form else "", text.span))
    return tuple(found)
