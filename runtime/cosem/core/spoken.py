"""Data in the words of the books, for repr: bounded, and total over any octets."""

from __future__ import annotations

import struct

from cosem.core.errors import DecodeError
from cosem.core.lengths import read_length
from cosem.core.simple import Value, read_simple
from cosem.core.tags import DONT_CARE, Tag, tag_name

_LONGEST = 300


def spoken(octets: bytes) -> str:
    """``structure{long-unsigned 8, enum 27}``; what is long or malformed ends in an ellipsis."""
    text = ""
    missing: list[int] = []  # elements to come, for each bracket that is open
    p = 0
    try:
        while len(text) <= _LONGEST:
            tag = octets[p]
            if tag in (Tag.ARRAY, Tag.STRUCTURE):
                count, p = read_length(octets, p + 1)
                text += f"{tag_name(tag)}{{"
                missing.append(count)
            elif tag == Tag.COMPACT_ARRAY:
                text += f"compact-array {octets[p + 1 :].hex()}"
                p = len(octets)
            else:
                value, p = read_simple(tag, octets, p + 1)
                text += f"{tag_name(tag)}{_value_words(value)}"
            while missing and not missing[-1]:
                missing.pop()
                text += "}"
            if not missing and len(text) <= _LONGEST:
                return text
            if missing:
                missing[-1] -= 1
                text += "" if text.endswith("{") else ", "
    except (DecodeError, IndexError, struct.error):
        return f"{text}… malformed: {octets[:64].hex()}"
    return f"{text[:_LONGEST]}…"


def _value_words(value: Value) -> str:
    if value is None or value is DONT_CARE:
        return ""
    if type(value) is bytes:
        return f" {value.hex()}"
    return f" {value!r}" if isinstance(value, str) else f" {value!s}"
