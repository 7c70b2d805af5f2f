"""Octets in any cut into readouts.

A readout is an identification line, data lines and a line that begins with ``!``. It comes in two dresses: that of a
P1 port, with a CRC in the last line or nothing, and that of an optical head, with STX in front of the data, ETX and a
block check character behind the end. What stands between readouts is passed over.
"""

from __future__ import annotations

import re
from typing import Final, Literal

from cosem.core.errors import DecodeError, IncompleteError, LimitError
from cosem.core.text_telegram import TextTelegram
from cosem.link.iec21.checks import block_check, crc16
from cosem.link.iec21.ciphered import WRAP, read_ciphered
from cosem.link.iec21.events import DamagedReadout, Readout, ReadoutEvent
from cosem.link.iec21.limits import DEFAULT_READOUT_LIMITS, ReadoutLimits
from cosem.link.iec21.lines import BEGIN, read_data_line, read_identification

_STX: Final = b"\x02"
_ETX: Final = 0x03
_CANDIDATE: Final = re.compile(rb"/|" + re.escape(WRAP[:1]))
_BEGIN_OR_SHORT: Final = re.compile(rb"/[A-Za-z]{0,2}\Z|/[A-Za-z]{3}")
_END: Final = re.compile(rb"!(|[0-9A-Fa-f]{1,4}) *")
"""The last line; the zeros in front of a CRC are not always written."""


class ReadoutParser:
    """Stream parser for one line. It never raises for what the other side sent."""

    __slots__ = ("_at", "_block", "_buffer", "_events", "_limits", "_line", "_telegram")

    def __init__(self, limits: ReadoutLimits = DEFAULT_READOUT_LIMITS) -> None:
        self._limits = limits
        self._events: list[ReadoutEvent] = []
        self._buffer = bytearray()
        self._at = 0  # where the readout at hand begins, or the next one is sought
        self._telegram: TextTelegram | None = None  # what the readout at hand says so far
        self._line = 0  # where its next line begins
        self._block = 0  # where the octets behind its STX begin; 0 if there is none

    @property
    def pending(self) -> bool:
        """A readout has begun and not ended."""
        return self._telegram is not None

    def feed(self, octets: bytes) -> list[ReadoutEvent]:
        """Take ``octets``; the readouts that they complete, and those that turn out to be damaged."""
        self._buffer += octets
        while self._next_line(self._telegram) if self._telegram is not None else self._seek():
            pass
        del self._buffer[: self._at]
        self._line, self._block = self._line - self._at, max(self._block - self._at, 0)
        self._at = 0
        events, self._events = self._events, []
        return events

    def finish(self) -> list[ReadoutEvent]:
        """There is no more: a last line whose end is missing is taken, any other readout that has begun is damaged."""
        last = self._buffer[self._line :]
        events = self.feed(b"\n") if self.pending and last.startswith(b"!") and b"\n" not in last else []
        if self._telegram is not None:
            self._damage(self._telegram, IncompleteError("the readout ends early"), len(self._buffer))
        events += self._events
        self._events, self._at = [], 0
        self._buffer.clear()
        return events

    def _seek(self) -> bool:
        """Go to the next identification; False if more octets are needed to find it."""
        found = _CANDIDATE.search(self._buffer, self._at)
        self._at = len(self._buffer) if found is None else found.start()
        if found is None:
            return False
        if found[0] != b"/":
            return self._ciphered()
        head = self._buffer[self._at : self._at + self._limits.identification]
        end = head.find(b"\n")
        begins = _BEGIN_OR_SHORT.match(head) is not None
        if begins and end < 0 and len(head) < self._limits.identification:
            return False
        identification = read_identification(_stripped(head[:end])) if begins and end >= 0 else None
        if identification is None:
            self._at += 1
        else:
            self._telegram, self._line, self._block = TextTelegram(identification), self._at + end + 1, 0
        return True

    def _ciphered(self) -> bool:
        try:
            found = read_ciphered(self._buffer, self._at, self._limits.octets)
        except IncompleteError:
            return False
        if found is not None:
            self._events.append(found)
        self._at += 1 if found is None else len(found.octets)
        return True

    def _next_line(self, telegram: TextTelegram) -> bool:
        """Take a line of the readout at hand; False if it is not whole."""
        begin = self._line
        end = self._buffer.find(b"\n", begin, begin + self._limits.line) + 1
        if not end:
            if len(self._buffer) - begin < self._limits.line:
                return False
            return self._damage(telegram, LimitError("a line is too long"), begin + self._limits.line)
        line = _stripped(self._buffer[begin : end - 1])
        if line[:1] == _STX and not telegram.data_sets and not self._block:
            self._block, line = begin + 1, line[1:]
        if line.startswith(b"!"):
            return self._end(telegram, line, end)
        if BEGIN.match(line):
            return self._damage(telegram, IncompleteError("the readout ends early"), begin)
        try:
            if end - self._at > self._limits.octets:
                raise LimitError(f"more than {self._limits.octets} octets")
            read_data_line(line, telegram.data_sets)
            if len(telegram.data_sets) > self._limits.data_sets:
                raise LimitError(f"more than {self._limits.data_sets} data sets")
        except DecodeError as error:
            another = BEGIN.search(line)
            return self._damage(telegram, error, end if another is None else begin + another.start())
        self._line = end
        return True

    def _end(self, telegram: TextTelegram, line: bytes, end: int) -> bool:
        """The line with ``!``, and ETX and the block check if STX was there; False if they are to come."""
        stop = end + 2 if self._block else end
        if len(self._buffer) < stop:
            return False
        octets = bytes(self._buffer[self._at : stop])
        check: Literal["crc16", "bcc"] | None = None
        tolerated: str | None = None
        try:
            if self._block:
                _check_block(bytes(self._buffer[self._block : stop]))
                check = "bcc"
            if _END.fullmatch(line) is None:
                raise DecodeError(f"no check sequence behind '!': {line[1:41].decode('latin-1')!r}")
            if line[1:].strip():
                checked = bytes(self._buffer[self._at : self._buffer.index(b"!", self._line) + 1])
                tolerated = _check_crc(checked, int(line[1:], 16))
                check = "crc16"
        except DecodeError as error:
            return self._damage(telegram, error, end)
        self._events.append(Readout(telegram, octets, check, tolerated))
        self._telegram, self._at = None, stop
        return True

    def _damage(self, telegram: TextTelegram, error: DecodeError, end: int) -> bool:
        """Give the readout at hand up; the next one is sought from ``end`` on."""
        octets = bytes(self._buffer[self._at : end])
        self._events.append(DamagedReadout(telegram.identification, octets, error))
        self._telegram, self._at = None, end
        return True


def _check_block(block: bytes) -> None:
    """Raises DecodeError unless octets that stood behind STX end with ETX and their check character."""
    if block[-2] != _ETX:
        raise DecodeError("STX was there, and ETX is missing behind the last line")
    if block_check(block[:-1]) != block[-1]:
        raise DecodeError(f"the block check is {block[-1]:02X}, and {block_check(block[:-1]):02X} is right")


def _check_crc(octets: bytes, told: int) -> str | None:
    """Raises DecodeError for a wrong CRC; a text editor may have taken the CR in front of each LF away."""
    right = crc16(octets)
    if told == right:
        return None
    if b"\r" not in octets and crc16(octets.replace(b"\n", b"\r\n")) == told:
        return "lines end with LF alone; the CRC is that of lines that end with CR LF"
    raise DecodeError(f"the CRC is {told:04X}, and {right:04X} is right")


def _stripped(line: bytes | bytearray) -> bytes:
    return bytes(line).removesuffix(b"\r")
