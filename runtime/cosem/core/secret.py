"""Passwords and keys that never show."""

from __future__ import annotations

from typing import Final


class Secret:
    """Octets that stay out of every repr, log and exception. Compared in constant time."""

    __slots__ = ("_octets",)

    def __init__(self, value: bytes | str) -> None:
        self._octets: Final = value.encode() if isinstance(value, str) else bytes(value)

    def reveal(self) -> bytes:
        """The octets; for the one place that puts them on the wire."""
        return self._octets

    def matches(self, other: bytes) -> bool:
        """Whether ``other`` is the same, without telling by time where it differs."""
        import hmac  # loads OpenSSL, which only a judge of secrets needs

        return hmac.compare_digest(self._octets, other)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self.matches(other._octets)

    def __hash__(self) -> int:
        return hash((Secret, self._octets))

    def __repr__(self) -> str:
        return "Secret(…)"

    __str__ = __repr__
