"""Logical names: the six value groups A to F of an OBIS code (IEC 62056-6-1)."""

from __future__ import annotations

import re
from typing import Self

from cosem.core.errors import InvalidValueError

_LONGEST = len("255.255.255.255.255.255")
_REDUCED = r"(?:(\d{1,3})-)?(?:(\d{1,3}):)?(\d{1,3})\.(\d{1,3})(?:\.(\d{1,3}))?(?:[*&](\d{1,3}))?"
_HEX = r"[0-9A-Fa-f]{12}"

_DEFAULTS = ("1", "0", "", "", "0", "255")
"""What a reduced code may leave out: electricity, no channel, no tariff, no billing period."""


class LogicalName(bytes):
    """The six octets of an OBIS code; equal to, and hashed as, the plain octets.

    A text is read in any of the usual forms: all six groups with dots, the printed form ``A-B:C.D.E*F`` with
    or without A, B, E and F, or twelve hexadecimal digits. Raises InvalidValueError for anything else.

    >>> LogicalName("1.0.1.8.0.255") == LogicalName("1-0:1.8.0*255") == LogicalName("1.8.0")
    True
    >>> LogicalName("0100010800FF")
    LogicalName('1.0.1.8.0.255')
    """

    __slots__ = ()

    def __new__(cls, value: str | bytes) -> Self:
        if isinstance(value, str):
            value = _parse(value)
        if len(value) != 6:
            raise InvalidValueError(f"a logical name has 6 octets, not {len(value)}")
        return super().__new__(cls, value)

    @property
    def a(self) -> int:
        """Value group A: the medium."""
        return self[0]

    @property
    def b(self) -> int:
        """Value group B: the channel."""
        return self[1]

    @property
    def c(self) -> int:
        """Value group C: the quantity."""
        return self[2]

    @property
    def d(self) -> int:
        """Value group D: the processing of the quantity."""
        return self[3]

    @property
    def e(self) -> int:
        """Value group E: tariff or further classification."""
        return self[4]

    @property
    def f(self) -> int:
        """Value group F: the billing period; 255 where there is none."""
        return self[5]

    @property
    def reduced(self) -> str:
        """The printed form ``A-B:C.D.E*F``, without ``*F`` when F is 255."""
        a, b, c, d, e, f = self
        return f"{a}-{b}:{c}.{d}.{e}" + ("" if f == 255 else f"*{f}")

    def having(
        self,
        *,
        a: int | None = None,
        b: int | None = None,
        c: int | None = None,
        d: int | None = None,
        e: int | None = None,
        f: int | None = None,
    ) -> Self:
        """The same name with other value groups, each 0 to 255: another channel, instance or billing period.

        >>> LogicalName("1.0.1.8.0.255").having(e=2, f=101)
        LogicalName('1.0.1.8.2.101')
        """
        given = (a, b, c, d, e, f)
        groups = [old if new is None else new for old, new in zip(self, given, strict=True)]
        if not all(0 <= group <= 255 for group in groups):
            raise InvalidValueError(f"each value group is 0 to 255, not {groups}")
        return type(self)(bytes(groups))

    def __str__(self) -> str:
        a, b, c, d, e, f = self
        return f"{a}.{b}.{c}.{d}.{e}.{f}"

    def __repr__(self) -> str:
        return f"LogicalName('{self}')"


def _parse(text: str) -> bytes:
    text = text.strip()
    groups: list[str]
    # All six groups is by far the most frequent form; modules of constants are full of it.
    if text.count(".") == 5 and len(text) <= _LONGEST and text.isascii() and text.replace(".", "").isdigit():
        groups = text.split(".")
    elif match := re.fullmatch(_REDUCED, text, re.ASCII):
        groups = [
            default if group is None else group
            for group, default in zip(match.groups(), _DEFAULTS, strict=True)
        ]
    elif re.fullmatch(_HEX, text):
        return bytes.fromhex(text)
    else:
        raise InvalidValueError(
            f"not an OBIS code: {text!r} (as in 1.0.1.8.0.255, 1-0:1.8.0 or 0100010800FF)"
        )
    try:
        return bytes(map(int, groups))
    except ValueError:
        raise InvalidValueError(f"not an OBIS code: {text!r} (each group is 0 to 255)") from None
