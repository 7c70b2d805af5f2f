"""What stands in any message: fields in wire order, Data, the header of a ciphered one."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Final, NamedTuple, cast

from cosem.apdu import (
    CosemPdu,
    DedCiphered,
    GeneralCiphering,
    GeneralDedCiphering,
    GeneralGloCiphering,
    GeneralSigning,
    GloCiphered,
)
from cosem.core.data import Data

SECURITY_HEADER: Final = 5
"""Security control and invocation counter."""

_AUTHENTICATED, _ENCRYPTED, _BROADCAST_KEY, _COMPRESSED = 0x10, 0x20, 0x40, 0x80


class Field(NamedTuple):
    """One field of a message. ``secret`` says that it is not to be shown."""

    name: str
    value: object
    secret: bool


class Security(NamedTuple):
    """What a ciphered message tells without a key (Green Book 9.2.7)."""

    system_title: bytes | None
    control: int
    invocation_counter: int
    octets: int

    @property
    def suite(self) -> int:
        """The security suite."""
        return self.control & 0x0F

    @property
    def words(self) -> list[str]:
        """What the security control says."""
        said = {
            "authenticated": self.control & _AUTHENTICATED,
            "encrypted": self.control & _ENCRYPTED,
            "broadcast key": self.control & _BROADCAST_KEY,
            "compressed": self.control & _COMPRESSED,
        }
        return [word for word, applies in said.items() if applies]


def fields(pdu: object) -> list[Field]:
    """The fields of a message or of a structure in it. Passwords, challenges and keys are secret."""
    if not dataclasses.is_dataclass(pdu):
        return []
    return [
        Field(item.name, value, not item.repr and item.name != "user_information" and value is not None)
        for item in dataclasses.fields(pdu)
        for value in (getattr(pdu, item.name),)
    ]


def held_data(value: object) -> Iterator[Data]:
    """All Data in a message, in wire order."""
    if isinstance(value, Data):
        yield value
    elif isinstance(value, list):
        for item in cast("list[object]", value):
            yield from held_data(item)
    else:
        for field in fields(value):
            yield from held_data(field.value)


def security(pdu: CosemPdu | None) -> Security | None:
    """The header of a ciphered message; None for any other, and where the content is too short to have one."""
    title: bytes | None
    match pdu:
        case GeneralGloCiphering() | GeneralDedCiphering():
            title = pdu.system_title
        case GeneralCiphering():
            title = pdu.originator_system_title
        case GloCiphered() | DedCiphered():
            title = None
        case _:
            return None
    content = pdu.ciphered_content
    if len(content) < SECURITY_HEADER:
        return None
    return Security(title, content[0], int.from_bytes(content[1:5]), len(content) - SECURITY_HEADER)


def enclosed_octets(field: Field, pdu: object) -> bytes | None:
    """The octets of a message inside a field: association information, signed content."""
    inside = field.name == "user_information" or (field.name == "content" and isinstance(pdu, GeneralSigning))
    return field.value if inside and isinstance(field.value, bytes) else None
