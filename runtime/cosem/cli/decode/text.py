"""One readout of IEC 62056-21 at a known place: a text telegram, good or damaged."""

from __future__ import annotations

import re
from typing import Final

from cosem.cli.decode.items import Item, TextHeader
from cosem.link.iec21 import (
    DEFAULT_READOUT_LIMITS,
    CipheredReadout,
    DamagedReadout,
    ReadoutEvent,
    ReadoutParser,
)

IDENTIFICATION: Final = rb"/[A-Za-z]{3}[ -~]{0,%d}\r?\n" % (
    DEFAULT_READOUT_LIMITS.identification - len(b"/XYZ\r\n")
)
"""How a text telegram begins; no longer than the parser takes."""

_START: Final = re.compile(rb"[\r\n]{0,8}(?=" + IDENTIFICATION + rb")")
_BLANK: Final = re.compile(rb"[\r\n]*")
_PIECE: Final = 4096


def text_start(b: bytes, at: int) -> int | None:
    """Where a text telegram begins that stands at ``at``, perhaps behind empty lines; None if there is none."""
    found = _START.match(b, at)
    return None if found is None else found.end()


def take_text(b: bytes, at: int) -> tuple[Item, int]:
    """The item for the text telegram that begins at ``at``, and where the next unit may begin."""
    event = _first(b, at)
    octets = event.octets
    if isinstance(event, DamagedReadout):
        header = TextHeader(event.identification, None)
        return Item(at, octets, "text", header, errors=[str(event.error)]), at + len(octets)
    assert not isinstance(event, CipheredReadout)  # that begins otherwise
    item = Item(
        at, octets, "text", TextHeader(event.telegram.identification, event.check), telegram=event.telegram
    )
    if event.tolerated is not None:
        item.tolerated.append(event.tolerated)
    blank = _BLANK.match(b, at + len(octets))
    assert blank is not None  # it matches nothing at least
    return item, blank.end()


def _first(b: bytes, at: int) -> ReadoutEvent:
    """The first event from ``at`` on; pieces are small, so that little beyond it is looked at."""
    parser = ReadoutParser()
    for begin in range(at, len(b), _PIECE):
        events = parser.feed(b[begin : begin + _PIECE])
        if events:
            return events[0]
    return parser.finish()[0]
