"""Octets out of whatever they were handed over as: binary, or text with hexadecimal digits."""

from __future__ import annotations

import re
from typing import Final

from cosem.core.errors import InvalidValueError

LARGEST: Final = 16 * 1024 * 1024
"""Octets of a source that is still taken."""

_COMMENT: Final = re.compile(r"#[^\r\n]*")
_FILLING: Final = re.compile(r"0x|\\x|[\s:,;.\-_|\[\](){}\"']", re.IGNORECASE)
_HEX: Final = re.compile(r"[0-9A-Fa-f]*", re.ASCII)


def from_text(text: str) -> bytes:
    """The octets that a text of hexadecimal digits names.

    Blanks, line ends, ``0x`` and the usual punctuation between digits do not count; ``#`` begins a comment.
    Raises InvalidValueError for anything else.
    """
    digits = _FILLING.sub("", _COMMENT.sub("", text))
    good = _HEX.match(digits)
    assert good is not None  # it matches nothing at least
    if good.end() != len(digits):
        raise InvalidValueError(f"{digits[good.end()]!r} is no hexadecimal digit (right is 7E A0 27 …)")
    if len(digits) % 2:
        raise InvalidValueError(f"{len(digits)} hexadecimal digits: an octet has two")
    return bytes.fromhex(digits)


def from_file(content: bytes) -> bytes:
    """The octets that the content of a file stands for: hexadecimal text if it is that, else the content itself.

    Raises InvalidValueError for more than :data:`LARGEST` octets.
    """
    if len(content) > LARGEST:
        raise InvalidValueError(f"more than {LARGEST} octets; cut the capture into pieces")
    try:
        return from_text(content.decode("utf-8-sig"))
    except (UnicodeDecodeError, InvalidValueError):
        return content
