"""One shape for values that we and each peer show in a shape of their own."""

from __future__ import annotations

from tests.interop.visit import Plain, plain

from cosem.core.bitstring import BitString


def comparable(value: object) -> Plain:
    """Lists for tuples, and a text of 0 and 1 for a bit-string, which one peer shows as a list of bool."""
    if isinstance(value, BitString):
        return str(value)
    if isinstance(value, (list, tuple)):
        if value and all(isinstance(item, bool) for item in value):
            return "".join("01"[item] for item in value)
        return [comparable(item) for item in value]
    return plain(value)
