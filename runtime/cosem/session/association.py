"""What the two sides of an association settle between them."""

from __future__ import annotations

from typing import Final

from cosem.apdu import ApplicationContextName, Conformance
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.core.record import Frozen
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.session.switches import BY_THE_BOOKS, Switches

DLMS_VERSION: Final = 6
"""The version of xDLMS that both sides speak (Green Book 9.4.6.1)."""

MINIMUM_PDU_SIZE: Final = 12
"""A client that cannot take this many octets is refused (Green Book 9.4.6.1); 0 means no limit is stated."""

LARGEST_PDU_SIZE: Final = 0xFFFF
"""What 16 bits can state of the octets of an APDU."""

LOGICAL_NAMES: Final = ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING
"""The application context that is spoken: objects by logical name, nothing ciphered."""

SERVER_CONFORMANCE: Final = (
    Conformance.PRIORITY_MGMT_SUPPORTED
    | Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ
    | Conformance.BLOCK_TRANSFER_WITH_SET_OR_WRITE
    | Conformance.BLOCK_TRANSFER_WITH_ACTION
    | Conformance.MULTIPLE_REFERENCES
    | Conformance.GET
    | Conformance.SET
    | Conformance.SELECTIVE_ACCESS
    | Conformance.ACTION
)
"""What a meter grants unless told otherwise."""

CLIENT_CONFORMANCE: Final = (
    SERVER_CONFORMANCE | Conformance.DATA_NOTIFICATION | Conformance.EVENT_NOTIFICATION
)
"""What a client proposes unless told otherwise."""


class AssociationOptions(Frozen):
    """What a client asks for.

    ``max_receive_pdu_size`` is the largest APDU this side takes, in octets; 0 states no limit. An association that is
    ``pre_established`` is there with the link, so that nothing is sent to open or to release it. ``switches`` are the
    quirks of the meter.
    """

    authentication: Authentication = NO_AUTHENTICATION
    conformance: Conformance = CLIENT_CONFORMANCE
    max_receive_pdu_size: int = LARGEST_PDU_SIZE
    user_id: int | None = None
    limits: Limits = DEFAULT_LIMITS
    pre_established: bool = False
    switches: Switches = BY_THE_BOOKS


class Negotiated(Frozen):
    """What was agreed: the conformance of both, and the largest APDU each side takes (0: no limit is stated)."""

    conformance: Conformance
    max_send_pdu_size: int
    max_receive_pdu_size: int

    def takes(self, octets: int) -> bool:
        """Whether the other side takes an APDU of this length."""
        return not 0 < self.max_send_pdu_size < octets
