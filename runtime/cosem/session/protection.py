"""Where protection sits in the data flow: between the APDU codec and the block layer.

Every APDU of an association passes through one :class:`Protection`, out by ``protect`` and in by ``unprotect``.
Without ciphering both hand the octets through, and a protected APDU that arrives is refused.
"""

from __future__ import annotations

from typing import Final, Protocol

from cosem.apdu import CosemPduTag
from cosem.core.errors import SecurityError

PROTECTED_TAGS: Final = frozenset(
    int(tag)
    for tag in CosemPduTag
    if tag.name.startswith(("GLO_", "DED_")) or tag.name.endswith(("_CIPHERING", "_SIGNING"))
)
"""First octets of ciphered and signed APDUs."""


class Protection(Protocol):
    """Ciphering, authentication and signing of whole APDUs under one security context."""

    def protect(self, apdu: bytes) -> bytes:
        """The APDU as it goes out. Raises SecurityError."""
        ...

    def unprotect(self, octets: bytes) -> bytes:
        """The plain APDU inside what came in; refuses what is protected too little. Raises SecurityError."""
        ...


class NoProtection:
    """The context without ciphering: nothing is added, and nothing protected is understood."""

    __slots__ = ()

    def protect(self, apdu: bytes) -> bytes:
        """The same octets."""
        return apdu

    def unprotect(self, octets: bytes) -> bytes:
        """The same octets. Raises SecurityError if they are ciphered or signed."""
        if octets and octets[0] in PROTECTED_TAGS:
            raise SecurityError(
                f"a protected APDU (tag {octets[0]:#04x}) in an association without ciphering"
            )
        return octets


NO_PROTECTION: Final = NoProtection()
