"""Segments and blocks: messages that come in pieces, joined where nothing is missing."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, TypeAlias

from cosem.apdu import GeneralBlockTransfer
from cosem.cli.decode.items import HdlcHeader, Header, Item, MbusHeader
from cosem.cli.decode.messages import enclosed, read_message
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.link import llc
from cosem.link.hdlc import FrameKind
from cosem.link.hdlc.control import KINDS

Line: TypeAlias = tuple[str, bytes, bytes]
"""Who speaks to whom, on which layer."""

_LAST_BLOCK: Final = 0x80
_FINAL_SEGMENT: Final = 0x10
_MBUS_TRANSPORT_OCTETS: Final = 2
_MOST_LINES: Final = 256
"""Messages in pieces that are held at one time."""


@dataclass(slots=True)
class _Begun:
    """A message whose first pieces are there; ``item`` is the unit that brought the latest."""

    octets: bytearray
    pieces: int
    item: Item
    number: int = 0


@dataclass(slots=True)
class Joiner:
    """Takes units in their order and gives each the message that it completes."""

    limits: Limits = DEFAULT_LIMITS
    _segments: dict[Line, _Begun] = field(default_factory=dict[Line, _Begun])
    _blocks: dict[Line, _Begun] = field(default_factory=dict[Line, _Begun])
    _headless: set[Line] = field(default_factory=set[Line])
    """Lines on which segments may come whose beginning is lost."""

    def hdlc(self, item: Item, header: HdlcHeader) -> None:
        """A good HDLC frame."""
        kind = KINDS[header.control]
        if kind not in (FrameKind.INFORMATION, FrameKind.UI) or not header.information:
            return
        line = _line(header)
        number = header.control >> 1 & 7
        begun = self._segments.get(line)
        opens = header.information.startswith((llc.COMMAND, llc.RESPONSE))
        if begun is not None and kind is FrameKind.INFORMATION and number == begun.number:
            item.segment = True
            item.tolerated.append("a repetition of the segment before")
            return
        if begun is not None and (
            opens or (kind is FrameKind.INFORMATION and number != begun.number + 1 & 7)
        ):
            self._lose(self._segments.pop(line), "the next segment is another message's")
            begun = None
        if opens:
            self._headless.discard(line)
            item.llc = "command" if header.information.startswith(llc.COMMAND) else "response"
        elif begun is None and (header.segmented or line in self._headless):
            item.segment = True
            item.errors.append("a segment whose beginning is missing")
            if header.segmented:
                self._headless.add(line)
            else:
                self._headless.discard(line)
            return
        whole = self._segment(line, item, header.information, header.segmented, number)
        if whole is not None:
            self.message(item, llc.strip_any(whole), line)

    def mbus(self, item: Item, header: MbusHeader) -> None:
        """A good M-Bus frame: control information 00 to 1F counts the segments, bit 4 marks the last."""
        if header.control_information > 0x1F or len(header.data) <= _MBUS_TRANSPORT_OCTETS:
            return
        saps, piece = header.data[:_MBUS_TRANSPORT_OCTETS], header.data[_MBUS_TRANSPORT_OCTETS:]
        line = ("mbus", bytes((header.address,)), saps)
        number = header.control_information & 0x0F
        begun = self._segments.get(line)
        if (begun.number + 1 & 0x0F if begun is not None else 0) != number:
            if begun is not None:
                self._lose(self._segments.pop(line), "the next segment is missing")
            if number:
                item.segment = True
                item.errors.append(f"segment {number} without the ones before it")
                return
        whole = self._segment(line, item, piece, not header.control_information & _FINAL_SEGMENT, number)
        if whole is not None:
            self.message(item, whole, line)

    def message(self, item: Item, octets: bytes, line: Line) -> None:
        """A whole APDU on a line."""
        item.message = read_message(octets, self.limits)
        self.block(item, line)

    def block(self, item: Item, line: Line) -> None:
        """If the item's message is a block of general-block-transfer, put it to the ones before it."""
        block = item.message
        if block is None or not isinstance(block.pdu, GeneralBlockTransfer):
            return
        item.block, item.message = block, None
        pdu = block.pdu
        begun = self._blocks.get(line)
        if pdu.block_number == 1 and (begun is None or begun.number != 1):
            if begun is not None:
                self._lose(begun, "block 1 of another message came before its last block")
            begun = self._blocks[line] = _Begun(bytearray(), 0, item)
        if begun is None:
            block.errors.append(f"block {pdu.block_number} without the ones before it")
        elif pdu.block_number == begun.number and begun.pieces:
            block.tolerated.append(f"a repetition of block {pdu.block_number}")
        elif pdu.block_number != begun.number + 1:
            block.errors.append(f"block {pdu.block_number}, where block {begun.number + 1} is the next")
        elif len(begun.octets) + len(pdu.block_data) > self.limits.octets:
            block.errors.append(f"the blocks exceed {self.limits.octets} octets")
            del self._blocks[line]
        else:
            begun.octets += pdu.block_data
            begun.number = pdu.block_number
            begun.pieces += 1
            begun.item = item
            if pdu.block_control & _LAST_BLOCK:
                del self._blocks[line]
                item.joined = begun.pieces
                item.message = enclosed(read_message(bytes(begun.octets), self.limits), block)
        self._bound(self._blocks)

    def damage(self, header: Header | None = None) -> None:
        """A damaged unit or noise: it may have been the next segment of anything. Blocks are numbered and can wait."""
        for begun in self._segments.values():
            self._lose(begun, "what follows is damaged")
        self._headless.update(self._segments)
        if isinstance(header, HdlcHeader) and header.hcs and header.segmented:
            self._headless.add(_line(header))
        self._segments.clear()

    def finish(self) -> None:
        """There is no more."""
        for begun in self._segments.values():
            self._lose(begun, "further segments are missing")
        for begun in self._blocks.values():
            self._lose(begun, f"block {begun.number + 1} is missing")
        self._segments.clear()
        self._blocks.clear()

    def _segment(self, line: Line, item: Item, piece: bytes, more: bool, number: int) -> bytes | None:
        begun = self._segments.get(line)
        if begun is None:
            if not more:
                return piece
            begun = self._segments[line] = _Begun(bytearray(), 0, item)
        begun.octets += piece
        begun.pieces += 1
        begun.item, begun.number = item, number
        item.segment = True
        if len(begun.octets) > self.limits.octets:
            self._lose(self._segments.pop(line), f"the segments exceed {self.limits.octets} octets")
            return None
        if more:
            self._bound(self._segments)
            return None
        item.joined = begun.pieces
        del self._segments[line]
        return bytes(begun.octets)

    def _bound(self, begun: dict[Line, _Begun]) -> None:
        if len(begun) > _MOST_LINES:
            self._lose(begun.pop(next(iter(begun))), "too many messages in pieces at one time")

    @staticmethod
    def _lose(begun: _Begun, why: str) -> None:
        there = "1 piece is" if begun.pieces == 1 else f"{begun.pieces} pieces are"
        begun.item.errors.append(f"the message is not complete ({there} there): {why}")


def _line(header: HdlcHeader) -> Line:
    kind = "I" if KINDS[header.control] is FrameKind.INFORMATION else "UI"
    return kind, header.destination, header.source
