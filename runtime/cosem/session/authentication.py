"""How a client shows who it is (Green Book 9.2.2.2)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Self

from cosem.apdu import MechanismName
from cosem.core.errors import InvalidValueError
from cosem.core.secret import Secret

_AVAILABLE: Final = frozenset((MechanismName.LOWEST_LEVEL_SECURITY, MechanismName.LOW_LEVEL_SECURITY))


@dataclass(frozen=True, slots=True)
class Authentication:
    """A mechanism and its secret: what a client shows, or what a meter asks for.

    :data:`NO_AUTHENTICATION` is the lowest level; ``Authentication.low("password")`` is low level security (LLS).
    """

    mechanism: MechanismName
    secret: Secret

    def __post_init__(self) -> None:
        if self.mechanism not in _AVAILABLE:
            raise InvalidValueError(f"authentication by {self.mechanism.name.lower()} is not available")

    @classmethod
    def low(cls, password: str | bytes | Secret) -> Self:
        """Low level security: a password that goes over the line as it is."""
        secret = password if isinstance(password, Secret) else Secret(password)
        return cls(MechanismName.LOW_LEVEL_SECURITY, secret)


NO_AUTHENTICATION: Final = Authentication(MechanismName.LOWEST_LEVEL_SECURITY, Secret(b""))
"""The lowest level: the client SAP alone says who asks."""
