"""A readout inside general-glo-ciphering: DB, system title, length, security control, counter, ciphertext, tag.

That is the APDU of the books (Green Book 9.2.7); here it stands bare on the line and holds a readout, no other APDU.
"""

from __future__ import annotations

from typing import Final

from cosem.core.errors import IncompleteError
from cosem.link.iec21.events import CipheredReadout

WRAP: Final = b"\xdb\x08"
"""The tag of general-glo-ciphering and the length of the system title."""

_TITLE: Final = 8
_LENGTH_AT: Final = len(WRAP) + _TITLE
_TAG: Final = 12
_SHORTEST: Final = 5 + _TAG


def read_ciphered(octets: bytes | bytearray, at: int, most: int) -> CipheredReadout | None:
    """The ciphered readout that begins at ``at``; None if there is none of ``most`` octets or fewer.

    Raises IncompleteError if more octets are needed to tell.
    """
    head = octets[at : at + _LENGTH_AT + 3]
    title = bytes(head[len(WRAP) : _LENGTH_AT])
    if not head.startswith(WRAP[: len(head)]) or (title and not title[:3].isalnum()):
        return None
    if len(head) <= _LENGTH_AT:
        raise IncompleteError("the head of a ciphered readout ends early")
    first = head[_LENGTH_AT]
    size = first & 0x7F if first & 0x80 else 0
    if size > 2:
        return None
    if len(head) < _LENGTH_AT + 1 + size:
        raise IncompleteError("the length of a ciphered readout ends early")
    content = _LENGTH_AT + 1 + size
    length = int.from_bytes(head[_LENGTH_AT + 1 : content]) if size else first
    if not _SHORTEST <= length <= most - content or first == 0x80:
        return None
    whole = bytes(octets[at : at + content + length])
    if len(whole) < content + length:
        raise IncompleteError("a ciphered readout ends early")
    return CipheredReadout(
        title,
        whole[content],
        int.from_bytes(whole[content + 1 : content + 5]),
        whole[content + 5 : -_TAG],
        whole[-_TAG:],
        whole,
    )
