"""Few octets that announce much: every decoder must refuse them, or answer, at a cost that their own length bounds."""

from __future__ import annotations

from typing import Final

_COUNTS = {
    "array of 2^32-1": "01 84ffffffff",
    "array of 2^31": "01 8480000000",
    "array of 2^24-1": "01 83ffffff",
    "array of 65535": "01 82ffff",
    "structure of 2^32-1": "02 84ffffffff",
    "structure of 65535": "02 82ffff",
    "array of 65535 of nothing": "01 82ffff 02 00 02 00",
    "array whose first element is an array of 2^32-1": "01 02 01 84ffffffff",
    "octet-string of 2^32-1": "09 84ffffffff",
    "visible-string of 2^32-1": "0a 84ffffffff",
    "utf8-string of 2^31": "0c 8480000000",
    "bit-string of 2^32-1": "04 84ffffffff",
    "bit-string of 2^27": "04 8408000000",
    "a length of 127 octets": "09 ff",
    "a length of 8 octets": "09 88ffffffffffffffff",
    "compact-array of 2^32-1 octets": "13 11 84ffffffff",
    "compact-array of nothing": "13 00 84ffffffff",
    "compact-array of empty structures": "13 02 00 05 0000000000",
    "compact-array of arrays of 65535^4 nulls": "13 01ffff 01ffff 01ffff 01ffff 00 00",
    "compact-array of arrays of 65535^4": "13 01ffff 01ffff 01ffff 01ffff 11 04 00000000",
    "compact-array of a string and 33792 nulls": "13 02 03 09 01 8400 00 00 0a 00000000000000000000",
    "compact-array of a number and 65535 nulls": "13 02 02 11 01 ffff 00 0f 000000000000000000000000000000",
    "compact-array of structures of 2^32-1": "13 02 84ffffffff",
}

_NESTS = {
    f"{name} nested {times} deep": octets * times
    for times in (500, 2_000, 30_000)
    for name, octets in (
        ("arrays", b"\x01\x01"),
        ("structures", b"\x02\x01"),
        ("structures of two", b"\x02\x02\x00"),
        ("compact-arrays", b"\x13\x01\x00\x01"),
    )
} | {
    f"type description of {name} nested {times} deep": b"\x13" + octets * times + b"\x11\x01\x00"
    for times in (500, 2_000)
    for name, octets in (("arrays", b"\x01\x00\x01"), ("structures", b"\x02\x01"))
}

DATA: Final[dict[str, bytes]] = {name: bytes.fromhex(octets) for name, octets in _COUNTS.items()} | _NESTS
"""Data that explode."""

_AROUND = {
    "get-response": "c401c100",
    "get-response-with-list": "c403c10100",
    "set-request": "c101c1 0008 0000010000ff 02 00",
    "selective access": "c001c1 0007 0100630100ff 02 01 01",
    "set-request-with-list": "c104c1 01 0008 0000010000ff 02 00 01",
    "action-request": "c301c1 0009 00000a0000ff 01 01",
    "action-response": "c701c1 00 01 00",
    "data-notification": "0f 00000001 00",
    "event-notification": "c2 00 0008 0000010000ff 02",
    "access-response": "da 00000001 00 00 01",
    "read-response": "0c 01 00",
    "write-request": "06 01 02 0008 01",
}

_APDUS = {
    "get-response-with-list of 2^32-1": "c403c1 84ffffffff 00 00",
    "get-request-with-list of 2^32-1": "c003c1 84ffffffff 0008 0000010000ff 02 00",
    "set-request-with-list of 65535": "c104c1 82ffff 0008 0000010000ff 02 00",
    "action-request-with-list of 2^32-1": "c303c1 84ffffffff",
    "a block of 2^32-1": "c402c1 00 00000001 00 84ffffffff 00",
    "a first block of 2^31": "c102c1 0008 0000010000ff 02 00 00 00000001 8480000000",
    "general-block-transfer of 2^32-1": "e0 00 0001 0000 84ffffffff",
    "access-request of 2^32-1": "d9 00000001 00 84ffffffff",
    "glo-get-request of 2^32-1": "c8 84ffffffff",
    "general-glo-ciphering of 2^32-1": "db 84ffffffff",
    "AARQ of 2^32-1": "60 84ffffffff",
    "AARQ without an end": "60 80 a1 80 06 80",
    "AARQ, user-information of 2^31": "60 0f a109060760857405080101 be 8480000000",
    "AARE of 2^32-1": "61 84ffffffff",
    "AARQ, a length of 127 octets": "60 ff" + "ff" * 38,
    "BER nested": "60 7f" + "a1 7d" * 20,
    "HDLC frame of 2047": "7e a7ff 03 21 93",
    "wrapper PDU of 65535": "0001 0010 0001 ffff 00",
}

APDUS: Final[dict[str, bytes]] = {name: bytes.fromhex(octets) for name, octets in _APDUS.items()} | {
    f"{around} of {name}": bytes.fromhex(octets) + bomb
    for around, octets in _AROUND.items()
    for name, bomb in DATA.items()
    if len(bomb) <= 64 or around in ("get-response", "set-request")
}
"""APDUs that explode, and APDUs around Data that do."""

OTHERS: Final[dict[str, bytes]] = {
    "object identifier whose arc never ends": b"\xff" * 30_000,
    "digits": b"9" * 30_000,
    "dots": b"1." * 15_000,
    "flags": b"\x7e" * 30_000,
    "an HDLC address that never ends": b"\x7e\xa7\xff" + bytes(3_000),
}
"""Other octets and text that cost, if anything, in proportion to their number."""
