"""Text telegrams as a P1 port puts them on the line."""

from __future__ import annotations

from cosem.core.errors import EncodeError
from cosem.core.text_telegram import TextTelegram
from cosem.link.iec21.checks import crc16
from cosem.link.iec21.lines import read_identification

_RESERVED = frozenset("()!/")


def encode_p1(telegram: TextTelegram) -> bytes:
    """Identification, an empty line, a line for each data set, and the end with its CRC.

    Raises EncodeError for characters that cannot stand where they are.
    """
    head = f"/{telegram.identification}"
    if not head.isascii() or read_identification(head.encode("ascii")) is None:
        raise EncodeError(f"{telegram.identification!r} is no identification", path="identification")
    lines = [head, ""]
    for data_set in telegram.data_sets:
        brackets = list(map(str, data_set.values))
        for text in (data_set.address, *brackets):
            if not (text.isascii() and text.isprintable() and _RESERVED.isdisjoint(text)):
                raise EncodeError(f"{text!r} cannot stand in a data set", path=data_set.address)
        lines.append(data_set.address + "".join(f"({text})" for text in brackets))
    octets = "".join(f"{line}\r\n" for line in lines).encode("ascii") + b"!"
    return octets + f"{crc16(octets):04X}\r\n".encode()
