"""How a client connects, and how sure it wants to be."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Self, TypeAlias

from cosem.apdu import Conformance
from cosem.core.limits import DEFAULT_LIMITS, Limits
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.transport.engines import LinkOptions

Verify: TypeAlias = Literal["none", "reread"]
"""``"none"``: what the check sequences of the link let through is taken. ``"reread"``: every value is read until two
readings in a row carry the same octets."""

DEFAULT_TIMEOUT = 10.0
"""Seconds that each answer may take."""


RELEASE_TIMEOUT = 2.0
"""Seconds that a meter has to answer RLRQ; some never do."""


@dataclass(frozen=True, slots=True)
class ConnectOptions:
    """Everything about a connection but its address. ``release`` False leaves RLRQ out when closing."""

    link: LinkOptions = field(default_factory=LinkOptions)
    association: AssociationOptions = field(default_factory=AssociationOptions)
    timeout: float = DEFAULT_TIMEOUT
    verify: Verify = "none"
    release: bool = True

    @classmethod
    def of(
        cls,
        *,
        client: int = 16,
        server: int = 1,
        auth: Authentication = NO_AUTHENTICATION,
        timeout: float = DEFAULT_TIMEOUT,
        verify: Verify = "none",
        physical_address: int | None = None,
        conformance: Conformance = CLIENT_CONFORMANCE,
        limits: Limits = DEFAULT_LIMITS,
    ) -> Self:
        """What one mostly wants to say, in one call; see :func:`cosem.client.connect`."""
        return cls(
            LinkOptions(client, server, physical_address),
            AssociationOptions(auth, conformance, limits=limits),
            timeout,
            verify,
        )
