"""Text that a meter supplied, made safe for a terminal: nothing in it moves the cursor, colours or reorders."""

from __future__ import annotations

import unicodedata
from typing import Final

_UNSAFE: Final = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories: controls, formats (bidirectional marks among them), surrogates, unassigned, line separators."""


def printable(text: str) -> str:
    """``text`` with every character that is not plainly visible written as an escape.

    >>> printable("A\\x1b[31m\\u202eB\\\\")
    'A\\\\x1b[31m\\\\u202eB\\\\\\\\'
    """
    if text.isascii() and text.isprintable() and "\\" not in text:
        return text
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character == "\\":
        return "\\\\"
    if unicodedata.category(character) not in _UNSAFE:
        return character
    number = ord(character)
    return (
        f"\\x{number:02x}"
        if number < 0x100
        else f"\\u{number:04x}"
        if number < 0x10000
        else f"\\U{number:08x}"
    )


def spaced(octets: bytes, most: int = 64) -> str:
    """Octets in hexadecimal, two digits and a blank; what is beyond ``most`` is only counted."""
    text = octets[:most].hex(" ").upper()
    return text if len(octets) <= most else f"{text} … ({len(octets)} octets)"
