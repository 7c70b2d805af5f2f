"""The bounds that every decoder and reassembler keeps."""

from __future__ import annotations

from cosem.core.record import Frozen


class Limits(Frozen):
    """Bounds on what the other side may make us hold or walk through.

    Counts and lengths are checked against the octets at hand before anything is allocated; these bounds come
    on top of that.
    """

    depth: int = 32
    """Nesting of array, structure and compact-array type descriptions."""

    elements: int = 1_000_000
    """Elements of one decoded value, all levels together, those of compact arrays included."""

    octets: int = 16 * 1024 * 1024
    """One reassembled value: a block transfer, or an APDU out of segments."""

    list_items: int = 4096
    """Items of one with-list request or response."""


DEFAULT_LIMITS = Limits()
