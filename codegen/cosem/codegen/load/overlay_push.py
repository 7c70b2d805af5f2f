"""``push``: lists that are known by their shape and read by position; ``captures``: such lists as they were seen."""

from __future__ import annotations

import re

from cosem.codegen.errors import Mistakes
from cosem.codegen.ir.names import is_snake
from cosem.codegen.ir.overlay import Capture, Pushed, PushItem, PushList
from cosem.codegen.load.nodes import Entry, Items, Keys, Table, Text, as_table, as_text
from cosem.codegen.load.overlay_objects import read_code
from cosem.codegen.load.overlay_origin import Origins
from cosem.codegen.load.overlay_text import read_code_texts, read_text_list
from cosem.codegen.load.types import read_word

_POSITION = re.compile(r"[1-9]\d{0,3}(\.[1-9]\d{0,3}){0,7}", re.ASCII)
_OCTETS = re.compile(r"([0-9A-Fa-f]{2}\s*)+")


def read_push(table: Table | None, origins: Origins, mistakes: Mistakes) -> tuple[Pushed, ...]:
    """The entries of a ``push`` mapping."""
    found = (_list(entry, origins, mistakes) for entry in table or ())
    return tuple(row for row in found if row is not None)


def _list(entry: Entry, origins: Origins, mistakes: Mistakes) -> Pushed | None:
    name = entry.key
    if not is_snake(name.value):
        mistakes.add(name.span, f"{name.value!r} is not in snake_case")
    table = as_table(entry.value, f"list {name.value}", mistakes)
    if table is None:
        return None
    keys = Keys(table, f"list {name.value}", mistakes)
    if keys.flag("text", default=False):
        return read_text_list(name, keys, origins, mistakes)
    described_by, coded = keys.integer("described_by", required=False), keys.flag("coded", default=False)
    told = described_by is not None or coded
    match, items, origin = keys.table("match"), keys.items("items", required=not told), origins.of(keys)
    keys.close()
    if match is None:
        return None
    if coded and described_by is not None:
        mistakes.add(name.span, "'coded' or 'described_by': one of the two")
    if described_by is not None and described_by < 1:
        mistakes.add(name.span, "'described_by' is the number of an element, counted from 1")
    inner = Keys(match, f"'match' of list {name.value}", mistakes)
    count, first = inner.integer("count", required=False), inner.text("first", required=False)
    texts: dict[tuple[int, ...], str] = {(1,): first.value} if first else {}
    for row in inner.table("at", required=False) or ():
        at, text = _position(row.key, mistakes), as_text(row.value, "a text", mistakes)
        if at is not None and text is not None:
            texts[at] = text.value
    codes = _codes(inner.table("codes", required=False), told, mistakes)
    inner.close()
    if count is None and not texts and not codes:
        mistakes.add(match.span, "'match' needs 'count', 'first', 'at' or 'codes'")
    return PushList(
        name.value,
        count,
        tuple(texts.items()),
        codes,
        described_by,
        coded,
        _items(items, mistakes),
        origin,
        name.span,
    )


def _codes(table: Table | None, told: bool, mistakes: Mistakes) -> tuple[tuple[str, str], ...]:
    """Texts by code, of a list that tells codes itself."""
    if table is not None and not told:
        mistakes.add(table.span, "'codes' needs a list that is 'coded' or 'described_by' an element")
    return read_code_texts(table, mistakes)


def _items(items: Items | None, mistakes: Mistakes) -> tuple[PushItem, ...]:
    found: dict[tuple[int, ...], PushItem] = {}
    names: set[str] = set()
    following = 1
    for item in items or ():
        table = as_table(item, "an item", mistakes)
        if table is None:
            continue
        keys = Keys(table, "an item", mistakes)
        given, name = keys.text("at", required=False), keys.text("name")
        at = (following,) if given is None else _position(given, mistakes)
        obis = read_code(keys.text("obis", required=False), mistakes)
        class_id, attribute = keys.integer("class", required=False), keys.integer("attribute", required=False)
        scaler, unit = keys.integer("scaler", required=False), read_word(keys, "unit")
        keys.close()
        if at is None or name is None:
            continue
        following = at[0] + 1
        if at in found:
            mistakes.add(table.span, f"position {'.'.join(map(str, at))} is {found[at].name} already")
        if not is_snake(name.value) or name.value in names:
            mistakes.add(name.span, f"{name.value!r} is not in snake_case, or stands here twice")
        names.add(name.value)
        index = 2 if attribute is None else attribute
        found[at] = PushItem(name.value, at, obis, class_id, index, scaler, unit, table.span)
    return tuple(found.values())


def _position(text: Text, mistakes: Mistakes) -> tuple[int, ...] | None:
    if _POSITION.fullmatch(text.value) is None:
        mistakes.add(text.span, f"{text.value!r} is no position; write 3, or 3.2 for the second of the third")
        return None
    return tuple(map(int, text.value.split(".")))


def read_captures(items: Items | None, origins: Origins, mistakes: Mistakes) -> tuple[Capture, ...]:
    """``captures``: notification bodies in octets, or text telegrams in lines, and what they say."""
    found: list[Capture] = []
    for item in items or ():
        table = as_table(item, "a capture", mistakes)
        if table is None:
            continue
        keys = Keys(table, "a capture", mistakes)
        text = keys.text("text", required=False)
        name, octets, origin = keys.text("list"), keys.text("octets", required=text is None), origins.of(keys)
        values = _values(keys.table("values"), mistakes)
        keys.close()
        if octets is not None and _OCTETS.fullmatch(octets.value) is None:
            mistakes.add(octets.span, "octets are written as pairs of hexadecimal digits")
        elif text is not None and octets is not None:
            mistakes.add(octets.span, "'octets' or 'text': one of the two")
        elif name is not None and (octets or text) is not None:
            plain = "".join(octets.value.split()) if octets else ""
            lines = text.value if text else ""
            found.append(Capture(name.value, plain, lines, values, origin, table.span))
    return tuple(found)


def _values(table: Table | None, mistakes: Mistakes) -> tuple[tuple[str, str], ...]:
    texts = ((entry.key.value, as_text(entry.value, entry.key.value, mistakes)) for entry in table or ())
    return tuple((name, text.value) for name, text in texts if text is not None)
