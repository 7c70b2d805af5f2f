"""Enumerations that keep numbers which no table knows."""

from __future__ import annotations

from enum import IntEnum
from typing import Self


class OpenEnum(IntEnum):
    """An enumeration of the books that accepts any octet.

    A number outside the table becomes a member-like value named ``UNKNOWN(n)`` that compares, hashes and encodes
    as its number. It is not registered: nothing grows with what a meter sends.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN({value})"
        member._value_ = value
        return member

    @property
    def known(self) -> bool:
        """Whether the table of this edition names the number."""
        return not self._name_.startswith("UNKNOWN(")
