"""How a client shows who it is (Green Book 9.2.2.2)."""

from __future__ import annotations

from typing import Final, Self

from cosem.apdu import MechanismName
from cosem.core.errors import InvalidValueError
from cosem.core.record import Frozen, put
from cosem.core.secret import Secret

_AVAILABLE: Final = frozenset((MechanismName.LOWEST_LEVEL_SECURITY, MechanismName.LOW_LEVEL_SECURITY))


class Authentication(Frozen):
    """A mechanism and its secret: what a client shows, or what a meter asks for.

    :data:`NO_AUTHENTICATION` is the lowest level; ``Authentication.low("password")`` is low level security (LLS).
    """

    mechanism: MechanismName
    secret: Secret

    def __init__(self, mechanism: MechanismName, secret: Secret) -> None:
        if mechanism not in _AVAILABLE:
            raise InvalidValueError(f"authentication by {mechanism.name.lower()} is not available")
        put(self, "mechanism", mechanism)
        put(self, "secret", secret)

    @classmethod
    def low(cls, password: str | bytes | Secret) -> Self:
        """Low level security: a password that goes over the line as it is."""
        secret = password if isinstance(password, Secret) else Secret(password)
        return cls(MechanismName.LOW_LEVEL_SECURITY, secret)


NO_AUTHENTICATION: Final = Authentication(MechanismName.LOWEST_LEVEL_SECURITY, Secret(b""))
"""The lowest level: the client SAP alone says who asks."""
