"""What a server session needs from the meter behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from cosem.apdu import Conformance
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.device import Quirk
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.session.association import SERVER_CONFORMANCE, Negotiated
from cosem.session.authentication import NO_AUTHENTICATION, Authentication


@dataclass(frozen=True, slots=True)
class AssociationPolicy:
    """What one association of a meter asks for and grants.

    ``max_receive_pdu_size`` is the largest APDU the meter takes, in octets. ``users`` lists the user ids that may
    associate (calling-AE-invocation-id); None accepts every one, and none. ``high_level`` is the number of a
    mechanism of high level security, ``ciphered`` asks for a ciphered context: such associations are described and
    refused. ``quirks`` are what the meter does other than the books say.
    """

    authentication: Authentication = NO_AUTHENTICATION
    conformance: Conformance = SERVER_CONFORMANCE
    max_receive_pdu_size: int = 0xFFFF
    users: frozenset[int] | None = None
    limits: Limits = DEFAULT_LIMITS
    high_level: int | None = None
    ciphered: bool = False
    quirks: frozenset[Quirk] = frozenset()


class Host(Protocol):
    """One association's view of a logical device.

    ``get``, ``set`` and ``action`` raise AccessError or ActionError with the result that the client shall see.
    A DecodeError out of ``set`` or ``action`` becomes type-unmatched. Anything else they raise becomes
    hardware-fault, and is handed to ``fault``.
    """

    def get(self, class_id: int, logical_name: bytes, index: int, selection: Selection | None) -> Data:
        """Read one attribute."""
        ...

    def set(
        self, class_id: int, logical_name: bytes, index: int, selection: Selection | None, value: Data
    ) -> None:
        """Write one attribute."""
        ...

    def action(self, class_id: int, logical_name: bytes, index: int, parameters: Data | None) -> Data | None:
        """Invoke one method; its return value, or None."""
        ...

    def opened(self, negotiated: Negotiated) -> None:
        """The association is open."""
        ...

    def closed(self) -> None:
        """The association has ended."""
        ...

    def refused(self) -> None:
        """An AARQ was refused."""
        ...

    def fault(self, error: Exception) -> None:
        """An object failed in a way of its own."""
        ...
