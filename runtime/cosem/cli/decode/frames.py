"""One HDLC, wrapper or M-Bus unit at a known place, good or damaged, with everything its header tells.

Other than the parsers of :mod:`cosem.link` these never hunt and never throw away: a damaged unit is told of, too.
"""

from __future__ import annotations

import re
from struct import Struct
from typing import Final, NamedTuple

from cosem.cli.decode.items import HdlcHeader, MbusHeader, WrapperHeader
from cosem.cli.decode.text import IDENTIFICATION
from cosem.link.fcs import is_good
from cosem.link.hdlc import FrameFault
from cosem.link.hdlc.address import address_size
from cosem.link.hdlc.frame import FLAG, FORMAT_TYPE, LONGEST_HEADER, SEGMENTED, SHORTEST
from cosem.link.wrapper import HEADER_SIZE

_WRAPPER: Final = Struct(">4H")
_MBUS_OVERHEAD: Final = 6
_SLASH: Final = 0x2F
_START: Final = re.compile(
    rb"~(?=[\xa0-\xaf])|(?=\x00\x01)|(?=h([\x03-\xff])\1h)|(?=" + IDENTIFICATION + rb")", re.DOTALL
)


class Taken(NamedTuple):
    """What stands at a place: its header, where it ends (None if that cannot be told), what is wrong or tolerated."""

    header: HdlcHeader | WrapperHeader | MbusHeader | None
    end: int | None
    fault: str | None = None
    tolerated: str | None = None


def is_format_octet(octet: int) -> bool:
    """Whether an HDLC frame of type 3 may begin with it."""
    return octet & 0xF0 == FORMAT_TYPE


def take_hdlc(b: bytes, at: int) -> Taken:
    """The HDLC frame whose format field is at ``at``."""
    if len(b) < at + 2:
        return _bad(FrameFault.INCOMPLETE)
    length = (b[at] & 7) << 8 | b[at + 1]
    if length < SHORTEST:
        return _bad(FrameFault.LENGTH)
    stop = at + length
    header_end = at + min(length, LONGEST_HEADER)
    bound = min(header_end, len(b))
    source = at + 2 + address_size(b, at + 2, bound)
    control = source + address_size(b, source, bound)
    if source == at + 2 or control == source:
        return _bad(FrameFault.ADDRESS if bound == header_end else FrameFault.INCOMPLETE)
    body = control + 3
    if body > stop or body < stop < body + 3:
        return _bad(FrameFault.LENGTH)
    if len(b) < body:
        return _bad(FrameFault.INCOMPLETE)
    hcs = is_good(b[at:body])
    whole = len(b) >= stop
    header = HdlcHeader(
        length,
        bool(b[at] & SEGMENTED),
        b[at + 2 : source],
        b[source:control],
        b[control],
        hcs if body != stop else None,
        is_good(b[at:stop]) if whole else None,
        b[body : max(body, stop - 2)],
    )
    closed = stop < len(b) and b[stop] == FLAG
    if not hcs:
        fault = FrameFault.FCS if body == stop else FrameFault.HCS
        return Taken(header, stop + 1 if closed else None, fault.value)
    if not whole:
        return Taken(header, None, FrameFault.INCOMPLETE.value)
    if not header.fcs:
        return Taken(header, stop + 1 if closed else None, FrameFault.FCS.value)
    if closed:
        return Taken(header, stop + 1)
    return Taken(header, stop, tolerated="the closing flag is missing")


def has_good_header(b: bytes, at: int) -> bool:
    """Whether an HDLC header with a right check sequence begins at ``at``."""
    header = take_hdlc(b, at).header
    return isinstance(header, HdlcHeader) and (header.fcs if header.hcs is None else header.hcs) is True


def take_wrapper(b: bytes, at: int) -> Taken:
    """The wrapper PDU that begins at ``at`` with its version, which is right."""
    if len(b) < at + HEADER_SIZE:
        return Taken(None, None, "the wrapper header ends early")
    _, source, destination, length = _WRAPPER.unpack_from(b, at)
    end = at + HEADER_SIZE + length
    header = WrapperHeader(source, destination, length)
    if len(b) < end:
        missing = end - len(b)
        return Taken(header, None, f"the wrapper announces {length} octets, {missing} of them are missing")
    return Taken(header, end)


def begins_mbus(b: bytes, at: int) -> bool:
    """Whether a long frame of wired M-Bus may begin at ``at``."""
    return b[at] == 0x68 and b[at + 1 : at + 4] == bytes((*b[at + 1 : at + 2], *b[at + 1 : at + 2], 0x68))


def take_mbus(b: bytes, at: int) -> Taken:
    """The M-Bus long frame that begins at ``at``."""
    length = b[at + 1]
    end = at + _MBUS_OVERHEAD + length
    if length < 3 or len(b) < end:
        return Taken(None, None, "the M-Bus frame ends early")
    body = b[at + 4 : at + 4 + length]
    right = sum(body) & 0xFF == b[end - 2]
    header = MbusHeader(body[0], body[1], body[2], right, body[3:])
    if not right:
        return Taken(header, end, "the M-Bus checksum is wrong")
    return (
        Taken(header, end)
        if b[end - 1] == 0x16
        else Taken(header, end, "no stop octet where the length says")
    )


def next_start(b: bytes, after: int) -> int:
    """The next place from ``after`` on where a unit begins for all that a look at its header can tell; the end if none.

    Each candidate costs a bounded look, so hunting is linear in the octets.
    """
    for match in _START.finditer(b, after):
        at, behind = match.span()
        if behind > at:
            if has_good_header(b, behind):
                return at
        elif b[at] == _SLASH:
            return at
        elif b[at]:
            taken = take_mbus(b, at)
            if taken.fault is None:
                return at
        elif _plausible_wrapper(b, at):
            return at
    return len(b)


def _plausible_wrapper(b: bytes, at: int) -> bool:
    """A wrapper PDU that fits and is followed by the end, by another one or by an HDLC frame."""
    header, end, _, _ = take_wrapper(b, at)
    if end is None or not isinstance(header, WrapperHeader) or not header.length:
        return False
    return end == len(b) or b[end : end + 2] == b"\x00\x01" or b[end] == FLAG


def _bad(fault: FrameFault) -> Taken:
    return Taken(None, None, fault.value)
