"""From octets in any mixture to items: each unit where it stands, each message with the unit that completes it.

A unit is looked for where the one before ended. What cannot be read there is one item, up to the next place where
the header of an HDLC frame (check sequence included), a wrapper PDU, an M-Bus frame or the identification of a text
telegram stands; a bare APDU, which has no mark of its own, is only believed at the beginning and directly behind
something whole.
"""

from __future__ import annotations

from typing import Final

from cosem.cli.decode.frames import (
    Taken,
    begins_mbus,
    has_good_header,
    is_format_octet,
    next_start,
    take_hdlc,
    take_mbus,
    take_wrapper,
)
from cosem.cli.decode.items import HdlcHeader, Item, Layer, MbusHeader, Message, WrapperHeader
from cosem.cli.decode.joining import Joiner
from cosem.cli.decode.messages import claimed_name, may_begin, read_leading
from cosem.cli.decode.text import take_text, text_start
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link import llc
from cosem.link.hdlc.frame import FLAG
from cosem.link.wrapper import VERSION

_BARE: Final = ("apdu", b"", b"")
_NEAR: Final = 1024
"""Octets within which the end of a bare APDU is always looked for; what goes beyond is paid from a budget, so that the
work stays in proportion to the octets."""


def decode(octets: bytes, limits: Limits = DEFAULT_LIMITS) -> list[Item]:
    """Everything in ``octets``, in order. Never raises for what they are."""
    scan = _Scan(octets, limits)
    return scan.run()


class _Scan:
    def __init__(self, octets: bytes, limits: Limits) -> None:
        self.octets = octets
        self.limits = limits
        self.items: list[Item] = []
        self.joiner = Joiner(limits)
        self.budget = 4 * len(octets)

    def run(self) -> list[Item]:
        b, at = self.octets, 0
        while at < len(b):
            first = b[at]
            if first == FLAG:
                at = self._flags(at)
            elif is_format_octet(first) and (b[max(at - 1, 0)] == FLAG or has_good_header(b, at)):
                at = self._hdlc(at, at)
            elif first == 0 and at + 1 < len(b) and b[at + 1] == VERSION:
                at = self._wrapper(at)
            elif (begin := text_start(b, at)) is not None:
                item, at = take_text(b, begin)
                self.items.append(item)
            elif begins_mbus(b, at):
                at = self._mbus(at)
            elif may_begin(first) or b.startswith((llc.COMMAND, llc.RESPONSE), at):
                at = self._apdu(at)
            else:
                at = self._unreadable(at, "unknown", "no frame and no message begins here")
        self.joiner.finish()
        return self.items

    def _flags(self, at: int) -> int:
        """Flags; what follows the last of them decides. At the end they mean nothing."""
        b, begin = self.octets, at
        while at < len(b) and b[at] == FLAG:
            at += 1
        if at == len(b):
            return at
        if is_format_octet(b[at]):
            return self._hdlc(at - 1, at)
        return self._unreadable(begin, "unknown", "no HDLC frame of format type 3 behind the flag", at)

    def _hdlc(self, begin: int, at: int) -> int:
        taken = take_hdlc(self.octets, at)
        item, end = self._item("hdlc", begin, at, taken)
        if begin == at and self.octets[max(at - 1, 0)] != FLAG:
            item.tolerated.append("the opening flag is missing")
        if isinstance(taken.header, HdlcHeader):
            if taken.fault is None:
                self.joiner.hdlc(item, taken.header)
            else:
                item.message = _claimed(llc.strip_any(taken.header.information))
        return end

    def _wrapper(self, at: int) -> int:
        taken = take_wrapper(self.octets, at)
        item, end = self._item("wrapper", at, at, taken)
        if isinstance(taken.header, WrapperHeader):
            apdu = item.octets[8:]
            if taken.fault is not None:
                item.message = _claimed(apdu)
            elif apdu:
                ports = item.octets[2:4], item.octets[4:6]
                self.joiner.message(item, apdu, ("wrapper", *ports))
        return end

    def _mbus(self, at: int) -> int:
        taken = take_mbus(self.octets, at)
        item, end = self._item("mbus", at, at, taken)
        if taken.fault is None and isinstance(taken.header, MbusHeader):
            self.joiner.mbus(item, taken.header)
        return end

    def _apdu(self, at: int) -> int:
        header = self.octets[at : at + llc.SIZE]
        begin = at + llc.SIZE if header in (llc.COMMAND, llc.RESPONSE) else at
        farthest = max(_NEAR, min(self.budget, len(self.octets) - begin))
        message, end = read_leading(self.octets, begin, self.limits, farthest)
        self.budget -= (farthest if end is None else end - begin) if farthest > _NEAR else 0
        if end is None:
            stop = self._unreadable(at, "apdu", "no whole message", at + 1)
            self.items[-1].message = message
        else:
            stop = end
            self.items.append(Item(at, self.octets[at:end], "apdu", message=message))
            self.joiner.block(self.items[-1], _BARE)
        if begin != at:
            self.items[-1].llc = "command" if header == llc.COMMAND else "response"
        return stop

    def _item(self, layer: Layer, begin: int, at: int, taken: Taken) -> tuple[Item, int]:
        """The item for a unit, and where the next one may begin."""
        end = next_start(self.octets, at + 1) if taken.end is None else taken.end
        item = Item(begin, self.octets[begin:end], layer, taken.header)
        if taken.tolerated is not None:
            item.tolerated.append(taken.tolerated)
        if taken.fault is not None:
            item.errors.append(taken.fault)
            self.joiner.damage(taken.header)
        self.items.append(item)
        return item, end

    def _unreadable(self, at: int, layer: Layer, why: str, after: int | None = None) -> int:
        end = next_start(self.octets, at + 1 if after is None else after)
        self.items.append(Item(at, self.octets[at:end], layer, errors=[why]))
        self.joiner.damage()
        return end


def _claimed(octets: bytes) -> Message | None:
    """A message that is not there to be read: its name, as its first octet claims."""
    name = claimed_name(octets[0]) if octets else None
    if name is None:
        return None
    return Message(name, octets, errors=["not delivered: what carries it is damaged or not complete"])
