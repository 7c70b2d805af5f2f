"""What the parser finds on a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from cosem.core.errors import DecodeError
from cosem.core.text_telegram import TextTelegram


@dataclass(slots=True)
class Readout:
    """A whole readout. ``octets`` are all of it, from ``/`` to the end.

    ``check`` says which check was sent, and is right: "crc16" (P1, four digits behind ``!``), "bcc" (the octet behind
    ETX), or None where there was none. ``tolerated`` says where it is not quite what the books ask for.
    """

    telegram: TextTelegram
    octets: bytes
    check: Literal["crc16", "bcc"] | None = None
    tolerated: str | None = None


@dataclass(slots=True)
class DamagedReadout:
    """A readout that began with a good identification and is not whole or not right: what it says is not given."""

    identification: str
    octets: bytes
    error: DecodeError


@dataclass(slots=True)
class CipheredReadout:
    """A readout that is ciphered as a whole, in the form of general-glo-ciphering (Luxembourg's smarty port).

    ``ciphertext`` is without the ``tag`` of twelve octets behind it. Deciphered it is a readout as others are.
    """

    system_title: bytes
    security_control: int
    invocation_counter: int
    ciphertext: bytes
    tag: bytes
    octets: bytes


ReadoutEvent: TypeAlias = Readout | DamagedReadout | CipheredReadout
