"""What decoding finds: units on the line in their order, and the messages that they complete."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from cosem.apdu import CosemPdu
from cosem.core.text_telegram import TextTelegram

Layer: TypeAlias = Literal["hdlc", "wrapper", "mbus", "text", "apdu", "unknown"]


@dataclass(frozen=True, slots=True)
class HdlcHeader:
    """An HDLC frame (IEC 62056-46 6.4.2). ``hcs`` and ``fcs`` say whether the check sequences are right.

    None where there is none (a frame without information has the FCS only) or where it never came.
    """

    length: int
    segmented: bool
    destination: bytes
    source: bytes
    control: int
    hcs: bool | None
    fcs: bool | None
    information: bytes


@dataclass(frozen=True, slots=True)
class WrapperHeader:
    """The header of a wrapper PDU (IEC 62056-47)."""

    source_wport: int
    destination_wport: int
    length: int


@dataclass(frozen=True, slots=True)
class MbusHeader:
    """A long frame of wired M-Bus (EN 13757-2) that carries DLMS segments."""

    control: int
    address: int
    control_information: int
    checksum: bool
    data: bytes


@dataclass(frozen=True, slots=True)
class TextHeader:
    """The identification of a text telegram (IEC 62056-21), and which check was sent and is right."""

    identification: str
    check: Literal["crc16", "bcc"] | None

    @property
    def flag(self) -> str:
        """The FLAG id of the maker."""
        return self.identification[:3].upper()


Header: TypeAlias = HdlcHeader | WrapperHeader | MbusHeader | TextHeader


@dataclass(slots=True)
class Message:
    """One APDU. ``pdu`` is None if the octets are no whole, well-formed message: ``errors`` say why.

    ``apdu`` is the name that the first octet claims. ``carried_by`` names the envelopes it was taken out of, the
    outermost first. ``tolerated`` says where it is not quite what the books ask for.
    """

    apdu: str | None
    octets: bytes
    pdu: CosemPdu | None = None
    carried_by: list[str] = field(default_factory=list[str])
    tolerated: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])


@dataclass(slots=True)
class Item:
    """One unit as it stood on the line, at ``offset`` of the source.

    ``message`` is what it completes; for general-block-transfer ``block`` is the block, and ``message`` the joined
    message once the last block is there. ``joined`` counts the units that were joined to it. A text telegram has no
    message; what it says is in ``telegram``. What is wrong with the unit itself is in ``errors``: its ``message`` then
    has a name at most.
    """

    offset: int
    octets: bytes
    layer: Layer
    header: Header | None = None
    llc: Literal["command", "response"] | None = None
    segment: bool = False
    block: Message | None = None
    message: Message | None = None
    joined: int = 1
    telegram: TextTelegram | None = None
    tolerated: list[str] = field(default_factory=list[str])
    errors: list[str] = field(default_factory=list[str])
