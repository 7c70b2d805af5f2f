"""APDUs out of octets: strictly, and in the few forms besides that meters are known to send."""

from __future__ import annotations

import re
from typing import Final

from cosem.apdu import (
    CosemPdu,
    CosemPduTag,
    DedCiphered,
    GloCiphered,
    decode_pdu,
)
from cosem.cli.decode.contents import held_data
from cosem.cli.decode.items import Message
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError, IncompleteError
from cosem.core.limits import DEFAULT_LIMITS, Limits

_WINDOWS: Final = (1024, 0x10000)
"""How far ahead a message of unknown length is looked for before all octets are: copies stay small."""

_DATE_TIME_AT: Final = 5
"""Where the length of the date-time stands in data-notification: behind tag and long-invoke-id-and-priority."""

_OCTET_STRING, _DATE_TIME_TAG = 0x09, 0x19
_TAGGED_EVENT_TIME: Final = bytes((CosemPduTag.EVENT_NOTIFICATION_REQUEST, _OCTET_STRING, DateTime.SIZE))
"""How an event notification begins whose time is tagged, as Iskraemeco's MT382 sends it."""
_WORDS: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")


def may_begin(octet: int) -> bool:
    """Whether a message begins with this octet."""
    return CosemPduTag(octet).known


def claimed_name(octet: int) -> str | None:
    """The name of the message that begins with this octet; None if there is none."""
    tag = CosemPduTag(octet)
    return tag.name.lower().replace("_", "-") if tag.known else None


def read_message(octets: bytes, limits: Limits = DEFAULT_LIMITS) -> Message:
    """The message in octets whose end is known from the layer below.

    Octets that stand behind a whole message are tolerated: a check sequence vouches for them.
    """
    message, end = _read(octets, limits)
    if end is None:
        message.octets = octets
    elif end < len(octets):
        message.tolerated.append(
            f"{len(octets) - end} octets behind the message: {octets[end:].hex(' ')[:60]}"
        )
    return message


def read_leading(octets: bytes, at: int, limits: Limits, farthest: int) -> tuple[Message, int | None]:
    """The message that begins at ``at`` and where it ends; None if it is no whole message of ``farthest`` octets."""
    for window in _WINDOWS:
        if window < min(farthest, len(octets) - at):
            message, end = _read(octets[at : at + window], limits)
            if end is not None:
                return message, at + end
    message, end = _read(octets[at : at + farthest], limits)
    return message, None if end is None else at + end


def named(pdu: CosemPdu) -> str:
    """The name of a message as the books spell it: ``get-response-normal``, ``glo-get-request``."""
    if isinstance(pdu, GloCiphered | DedCiphered):
        return claimed_name(pdu.tag) or f"message {pdu.tag:#04x}"
    return _WORDS.sub("-", type(pdu).__name__).lower()


def enclosed(inner: Message, envelope: Message) -> Message:
    """``inner``, knowing what carried it."""
    inner.carried_by[:0] = [*envelope.carried_by, envelope.apdu or ""]
    return inner


def _read(octets: bytes, limits: Limits) -> tuple[Message, int | None]:
    message = Message(claimed_name(octets[0]) if octets else None, octets)
    try:
        regular, shift = _regular(octets, message.tolerated)
        pdu, end = _decode(regular, limits)
    except DecodeError as error:
        message.tolerated.clear()
        message.errors.append(str(error))
        return message, None
    end += shift
    message.apdu, message.octets, message.pdu = named(pdu), octets[:end], pdu
    try:
        for data in held_data(pdu):
            _ = data.value
    except DecodeError as error:
        message.pdu = None
        message.errors.append(str(error))
    return message, end


def _decode(octets: bytes, limits: Limits) -> tuple[CosemPdu, int]:
    """The message in front, and where it ends."""
    try:
        return decode_pdu(octets, limits), len(octets)
    except IncompleteError:
        raise
    except DecodeError as error:
        # What stands behind a whole message is reported at its end; anything else fails there once more.
        if not 0 < error.offset < len(octets):
            raise
        try:
            return decode_pdu(octets[: error.offset], limits), error.offset
        except DecodeError:
            raise error from None


def _regular(octets: bytes, tolerated: list[str]) -> tuple[bytes, int]:
    """The octets as the books ask for them, and by how many they are shorter now.

    A date-time has 12 octets or none, so its length tells the known forms apart without a doubt. In an event
    notification an octet says whether there is one, 0 or 1, so that a tag there is none of the books' either.
    """
    if octets[: len(_TAGGED_EVENT_TIME)] == _TAGGED_EVENT_TIME:
        tolerated.append("a tag octet 09 in place of the time's presence")
        return octets[:1] + b"\x01" + octets[2:], 0
    if not octets or octets[0] != CosemPduTag.DATA_NOTIFICATION or len(octets) <= _DATE_TIME_AT + 1:
        return octets, 0
    before, length, rest = octets[:_DATE_TIME_AT], octets[_DATE_TIME_AT], octets[_DATE_TIME_AT + 1 :]
    if length in (0, DateTime.SIZE):
        return octets, 0
    if length == _OCTET_STRING and rest[0] == DateTime.SIZE:
        tolerated.append("a tag octet 09 in front of the date-time's length")
        return before + rest, 1
    if length == _DATE_TIME_TAG:
        tolerated.append("the tag octet 19 in place of the date-time's length")
        return before + bytes((DateTime.SIZE,)) + rest, 0
    raise DecodeError(
        f"a date-time of {length} octets", offset=_DATE_TIME_AT, path="data-notification.date-time"
    )
