"""Pushes of devices that exchange tag and length of logical names: 06 09 where the books have 09 06."""

from __future__ import annotations

from collections.abc import Container
from typing import Final

from cosem.apdu import CosemPduTag, DataNotification, decode_pdu
from cosem.core.errors import DecodeError
from cosem.core.lengths import read_count, read_octets
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.core.tags import Tag
from cosem.core.walk import skip
from cosem.session.switches import BY_THE_BOOKS, Switches

_INVOKE_ID_END: Final = 5
_SWAPPED: Final = bytes((6, Tag.OCTET_STRING))
_RIGHT: Final = bytes((Tag.OCTET_STRING, 6))
_NAME_END: Final = 8
_HIGHEST_MEDIUM: Final = 15
"""Value group A of a logical name is 0 to 15."""
_CURRENT: Final = (255,)
"""Value group F of what is no value of an earlier billing period: nearly all that is pushed."""


def decode_push(
    apdu: bytes, switches: Switches = BY_THE_BOOKS, limits: Limits = DEFAULT_LIMITS
) -> DataNotification:
    """A data-notification, as a device with these quirks sends it. Raises DecodeError, for other messages too.

    What can be read as it is, is. Otherwise, with ``swapped_tags``, 06 09 in front of what may be a logical name is
    taken for 09 06.
    """
    try:
        pdu = decode_pdu(apdu, limits)
    except DecodeError:
        if not switches.swapped_tags:
            raise
        return _swapped(apdu, limits)
    if not isinstance(pdu, DataNotification):
        raise DecodeError(f"no push: {type(pdu).__name__}")
    return pdu


def encode_push(push: DataNotification, switches: Switches = BY_THE_BOOKS) -> bytes:
    """A data-notification, as a device with these quirks sends it. Raises EncodeError."""
    apdu = push.encode()
    if not switches.swapped_tags:
        return apdu
    _, begin = read_octets(apdu, _INVOKE_ID_END)
    return _exchanged(apdu, begin, DEFAULT_LIMITS, _RIGHT, _SWAPPED, range(256))


def _swapped(apdu: bytes, limits: Limits) -> DataNotification:
    try:
        if apdu[0] != CosemPduTag.DATA_NOTIFICATION:
            raise DecodeError(f"no push: a message of tag {apdu[0]}")
        _, begin = read_octets(apdu, _INVOKE_ID_END)
    except IndexError:
        raise DecodeError("the push ends early", offset=len(apdu)) from None
    try:
        mended = _exchanged(apdu, begin, limits, _SWAPPED, _RIGHT, _CURRENT)
        pdu = decode_pdu(mended, limits)
    except DecodeError:
        mended = _exchanged(apdu, begin, limits, _SWAPPED, _RIGHT, range(256))
        pdu = decode_pdu(mended, limits)
    if not isinstance(pdu, DataNotification):
        raise DecodeError(f"no push: {type(pdu).__name__}")
    return pdu


def _exchanged(
    b: bytes, p: int, limits: Limits, there: bytes, wanted: bytes, last_groups: Container[int]
) -> bytes:
    """The octets with the ``wanted`` two in front of logical names, in place of those ``there``, from ``p`` on.

    ``last_groups`` are the numbers that value group F of a name may be: the fewer, the fewer numbers look like names.
    """
    mended = bytearray(b)
    left = 1
    while left and p < len(b):
        left -= 1
        if (
            b[p : p + 2] == there
            and len(b) >= p + _NAME_END
            and b[p + 2] <= _HIGHEST_MEDIUM
            and b[p + _NAME_END - 1] in last_groups
        ):
            mended[p : p + 2] = wanted
            p += _NAME_END
        elif b[p] in (Tag.ARRAY, Tag.STRUCTURE):
            count, p = read_count(b, p + 1, limits.elements)
            left += count
        else:
            p = skip(b, p, limits)
    return bytes(mended)
