"""A type's codec: straight-line functions made by the generator, and the tolerant way around them."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Generic, TypeVar

from cosem.core.data import Data
from cosem.core.errors import DecodeError, EncodeError, IncompleteError
from cosem.core.late import tolerant
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.core.record import Frozen

if TYPE_CHECKING:
    from cosem.core.tolerant import Deviation
    from cosem.core.types import Type

T = TypeVar("T")


class Codec(Frozen, Generic[T]):
    """Between octets of A-XDR Data and a Python value.

    ``read(octets, position, limits)`` returns the value and the position behind it; it may raise IndexError
    and struct.error where the octets end, which :meth:`decode` turns into IncompleteError. ``write(value)`` returns
    the octets, tag included. ``describe()`` gives the type; it is a function so that importing a class builds none.
    """

    notation: str
    read: Callable[[bytes, int, Limits], tuple[T, int]]
    write: Callable[[T], bytes]
    describe: Callable[[], Type]

    def decode(
        self,
        octets: bytes,
        limits: Limits = DEFAULT_LIMITS,
        *,
        tolerated: Callable[[Deviation], None] | None = None,
    ) -> T:
        """The value of exactly these octets.

        What the books ask for is tried first. If it does not fit, a form that meters are known to send instead
        (a wider or narrower integer, a date-time tag for an octet-string, …) is accepted and handed to
        ``tolerated``. Raises DecodeError.
        """
        try:
            value, end = self.read(octets, 0, limits)
            if end == len(octets):
                return value
        except (DecodeError, IndexError, struct.error):
            pass
        return self._decode_tolerant(octets, limits, tolerated)

    def _decode_tolerant(
        self, octets: bytes, limits: Limits, tolerated: Callable[[Deviation], None] | None
    ) -> T:
        regular, deviations = tolerant.normalise(octets, self.describe(), limits)
        try:
            value, end = self.read(regular, 0, limits)
        except (IndexError, struct.error):
            raise IncompleteError(f"{self.notation} ends early", offset=len(octets)) from None
        if end != len(regular):
            raise DecodeError(f"octets left behind {self.notation}", offset=end)
        if tolerated is not None:
            for deviation in deviations:
                tolerated(deviation)
        return value

    def encode(self, value: T) -> bytes:
        """The octets of a value, tag included. Raises EncodeError."""
        try:
            return self.write(value)
        except (struct.error, TypeError, ValueError, AttributeError, OverflowError) as error:
            raise EncodeError(f"{value!r} is no {self.notation}: {error}") from error

    def encode_data(self, value: T) -> Data:
        """The same as :meth:`encode`, as Data."""
        return Data(self.encode(value))
