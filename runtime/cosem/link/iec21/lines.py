"""Lines of a readout: the identification, and data sets (IEC 62056-21 clause 6.3)."""

from __future__ import annotations

import re
from typing import Final

from cosem.core.errors import DecodeError
from cosem.core.text_telegram import DataSet, WrittenValue

BEGIN: Final = re.compile(rb"/[A-Za-z]{3}")
"""How an identification begins: the FLAG id of the maker behind a slash."""

_PRINTABLE: Final = re.compile(rb"[ -~]*")
_VALUE: Final = re.compile(r"([^()]*)\(([^()]*)\)")


def read_identification(line: bytes) -> str | None:
    """What stands behind the slash; None if the line is no identification."""
    plain = BEGIN.match(line) is not None and _PRINTABLE.fullmatch(line) is not None
    return line[1:].decode("ascii") if plain else None


def read_data_line(line: bytes, data_sets: list[DataSet]) -> None:
    """Append the data sets of a line. Values without an address in front of them belong to the last data set.

    Raises DecodeError for a line that is none.
    """
    if _PRINTABLE.fullmatch(line) is None:
        raise DecodeError("an octet in a data line is no printable character")
    text, end = line.decode("ascii"), 0
    for found in _VALUE.finditer(text):
        if found.start() != end:
            break
        end = found.end()
        if found[1]:
            data_sets.append(DataSet(found[1]))
        elif not data_sets:
            raise DecodeError("a value has no address")
        value, _, unit = found[2].partition("*")
        data_sets[-1].values.append(WrittenValue(value, unit))
    if end != len(text):
        raise DecodeError(f"no data set: {text[end:][:40]!r}")
