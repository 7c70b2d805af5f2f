"""Every error that leaves the public API.

::

    CosemError
    ├── ProtocolError                    the peers do not agree on the protocol
    │   ├── LocalProtocolError           the caller asked for what the state does not allow
    │   └── RemoteProtocolError          the other side sent what the state does not allow
    ├── CodecError
    │   ├── DecodeError                  octets that are not what they should be (path, offset)
    │   │   ├── IncompleteError          … because they end too early
    │   │   └── LimitError               … because they would exceed a bound of Limits
    │   └── EncodeError                  a value that has no encoding (path)
    ├── InvalidValueError                an argument that cannot be right (also ValueError)
    ├── LinkError                        the data link failed (also ConnectionError)
    ├── AssociationError                 AARE refused (result, diagnostic)
    ├── ServiceError                     the meter said no
    │   ├── AccessError                  data-access-result; one generated subclass per code
    │   ├── ActionError                  action-result; one generated subclass per code
    │   ├── ExceptionResponseError       exception-response (state error, service error)
    │   └── ConfirmedServiceErrorReceived  confirmed-service-error (service, error)
    ├── SecurityError                    protection missing, wrong or not possible
    └── TransportError
        ├── ConnectionLost               (also ConnectionError)
        └── Timeout                      (also TimeoutError)

``AccessError`` and ``ActionError`` subclasses live in :mod:`cosem.apdu.errors`; a code that no table knows
raises the parent with the number in ``result``.
"""

from __future__ import annotations

from typing import ClassVar

from cosem.core.enums import OpenEnum


class CosemError(Exception):
    """Root of every error raised by cosem."""


class ProtocolError(CosemError):
    """A rule of the protocol was broken."""


class LocalProtocolError(ProtocolError):
    """The caller asked for something that the present state does not allow."""


class RemoteProtocolError(ProtocolError):
    """The other side sent something that the present state does not allow."""


class CodecError(CosemError):
    """Octets and values that do not fit each other.

    ``path`` names the element from the outside in, ``"get-response.result"`` for example.
    """

    path: str

    def __init__(self, message: str, *, path: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.path = path

    def within(self, outer: str) -> None:
        """Put the name of the enclosing element in front of the path."""
        self.path = f"{outer}.{self.path}" if self.path else outer

    def __str__(self) -> str:
        return f"{self.path}: {self.message}" if self.path else self.message


class DecodeError(CodecError):
    """Octets are not a well-formed encoding of what they should be.

    ``offset`` counts octets from the start of the outermost decoded unit; it is -1 where it is not known.
    """

    offset: int

    def __init__(self, message: str, *, offset: int = -1, path: str = "") -> None:
        super().__init__(message, path=path)
        self.offset = offset

    def __str__(self) -> str:
        text = super().__str__()
        return f"{text} (at octet {self.offset})" if self.offset >= 0 else text


class IncompleteError(DecodeError):
    """Octets end before the element does."""


class LimitError(DecodeError):
    """Octets announce more than :class:`~cosem.core.limits.Limits` allows."""


class EncodeError(CodecError):
    """A value cannot be encoded as the type asks."""


class InvalidValueError(CosemError, ValueError):
    """An argument cannot be right, whatever the state."""


class LinkError(CosemError, ConnectionError):
    """The data link could not be set up, was reset or gave up retrying."""


class AssociationError(CosemError):
    """The meter refused the association.

    ``result`` and ``diagnostic`` are the numbers of the AARE (Green Book 9.4.2), ``diagnostic_source`` is
    ``"service-user"`` or ``"service-provider"``.
    """

    def __init__(
        self, message: str, *, result: int = 1, diagnostic: int = 0, diagnostic_source: str = "service-user"
    ) -> None:
        super().__init__(message)
        self.result = result
        self.diagnostic = diagnostic
        self.diagnostic_source = diagnostic_source


class ServiceError(CosemError):
    """The meter answered a request with an error."""


class AccessError(ServiceError):
    """GET or SET was refused. ``result`` is the data-access-result number."""

    CODE: ClassVar[int | None] = None

    def __init__(self, result: int | None = None, *, subject: str = "") -> None:
        self.result = result if result is not None else (self.CODE if self.CODE is not None else 250)
        self.subject = subject
        super().__init__(self.result, subject)

    def __str__(self) -> str:
        name = f"data-access-result {self.result}" if self.CODE is None else _spoken(type(self).__name__)
        return f"{self.subject}: {name}" if self.subject else name


class ActionError(ServiceError):
    """ACTION was refused. ``result`` is the action-result number."""

    CODE: ClassVar[int | None] = None

    def __init__(self, result: int | None = None, *, subject: str = "") -> None:
        self.result = result if result is not None else (self.CODE if self.CODE is not None else 250)
        self.subject = subject
        super().__init__(self.result, subject)

    def __str__(self) -> str:
        name = f"action-result {self.result}" if self.CODE is None else _spoken(type(self).__name__)
        return f"{self.subject}: {name}" if self.subject else name


class ExceptionResponseError(ServiceError):
    """The meter answered with exception-response.

    ``invocation_counter`` is the value the meter expects when ``service_error`` is invocation-counter-error (6).
    """

    def __init__(
        self, state_error: OpenEnum, service_error: OpenEnum, invocation_counter: int | None = None
    ) -> None:
        text = f"exception-response: {state_error.name}, {service_error.name}"
        super().__init__(text.lower().replace("_", " "))
        self.state_error = state_error
        self.service_error = service_error
        self.invocation_counter = invocation_counter


class ConfirmedServiceErrorReceived(ServiceError):
    """The meter answered with confirmed-service-error: the service that failed, and why (enumerations)."""

    def __init__(self, service: OpenEnum, error: OpenEnum) -> None:
        super().__init__(f"confirmed-service-error: {service.name}: {error.name}".lower().replace("_", " "))
        self.service = service
        self.error = error


class SecurityError(CosemError):
    """Protection is missing, wrong, or cannot be applied."""


class TransportError(CosemError):
    """The physical connection failed."""


class ConnectionLost(TransportError, ConnectionError):
    """The connection was closed or reset, or could not be opened."""


class Timeout(TransportError, TimeoutError):
    """No answer within the time allowed."""


def _spoken(name: str) -> str:
    """``ReadWriteDenied`` → ``read write denied``."""
    return "".join(f" {c.lower()}" if c.isupper() else c for c in name).strip()
