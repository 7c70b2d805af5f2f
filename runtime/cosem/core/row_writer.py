"""Rows of plain values to an array of structures: uniform rows at C speed, any other cell by cell."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from itertools import chain
from operator import itemgetter
from typing import cast

from cosem.core.errors import EncodeError
from cosem.core.lengths import write_length
from cosem.core.simple import Value, write_simple
from cosem.core.tags import CONTENT_OCTETS, NUMBER_FORMATS, Tag

_CHUNK = 128
"""Rows that one struct packs."""


def write_rows(rows: Iterable[Sequence[Value]], types: Sequence[Tag]) -> bytes:
    """The octets of array of structure. Raises EncodeError."""
    held = rows if isinstance(rows, list) else list(rows)
    head = b"\x01" + write_length(len(held))
    if not held:
        return head
    body = _write_uniform(held, types)
    return head + (_write_cells(held, types) if body is None else body)


def _write_uniform(rows: list[Sequence[Value]], types: Sequence[Tag]) -> bytes | None:
    """The rows packed together; None if they are not of one shape or a value is none of its type."""
    if set(map(len, rows)) != {len(types)}:
        return None
    frame: list[tuple[int, bytes]] = []  # offset and octets of what is the same in every row
    head = b"\x02" + write_length(len(types))
    format = ""
    size = 0
    for index, tag in enumerate(types):
        content = _content_format(map(itemgetter(index), rows), tag)
        if content is None:
            return None
        head += bytes((tag,))
        if tag == Tag.OCTET_STRING:
            head += write_length(int(content[:-1]))
        frame.append((size, head))
        format += f"{len(head)}x{content}"
        size += len(head) + struct.calcsize(f">{content}")
        head = b""
    body = _packed(rows, format)
    if body is None:
        return None
    for offset, octets in frame:
        for place, octet in enumerate(octets, offset):
            body[place::size] = bytes((octet,)) * len(rows)
    return bytes(body)


def _content_format(column: Iterable[Value], tag: Tag) -> str | None:
    """The struct format that fits every cell of a column; None if none does."""
    if tag == Tag.BOOLEAN:
        return "?" if set(map(type, column)) == {bool} else None  # struct would take anything for a bool
    if tag in NUMBER_FORMATS:
        return NUMBER_FORMATS[tag]
    if tag != Tag.OCTET_STRING and CONTENT_OCTETS[tag] <= 0:
        return None
    try:
        sizes = set(map(len, cast("Iterable[bytes]", column)))
    except TypeError:
        return None
    fixed = sizes if tag == Tag.OCTET_STRING else {CONTENT_OCTETS[tag]}
    return f"{sizes.pop()}s" if len(sizes) == 1 and sizes == fixed else None


def _packed(rows: list[Sequence[Value]], format: str) -> bytearray | None:
    size = struct.calcsize(f">{format}")
    pack = struct.Struct(">" + format * _CHUNK).pack
    filler = [rows[-1]] * (-len(rows) % _CHUNK)
    body = bytearray()
    try:
        for start in range(0, len(rows) - len(rows) % _CHUNK, _CHUNK):
            body += pack(*chain.from_iterable(rows[start : start + _CHUNK]))
        if filler:
            body += pack(*chain.from_iterable(rows[len(filler) - _CHUNK :]), *chain.from_iterable(filler))
    except (struct.error, OverflowError):
        return None  # the other way tells which cell it is
    return body[: len(rows) * size]


def _write_cells(rows: list[Sequence[Value]], types: Sequence[Tag]) -> bytes:
    head = b"\x02" + write_length(len(types))
    parts: list[bytes] = []
    for number, row in enumerate(rows):
        if len(row) != len(types):
            raise EncodeError(f"{len(types)} cells needed, not {len(row)}", path=f"[{number}]")
        parts.append(head)
        for index, (tag, value) in enumerate(zip(types, row, strict=True)):
            try:
                parts.append(b"\x00" if value is None else write_simple(tag, value))
            except EncodeError as error:
                error.within(f"[{number}][{index}]")
                raise
    return b"".join(parts)
