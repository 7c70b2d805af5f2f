"""What a meter says besides answers: notifications, and errors of the whole association."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from cosem.apdu import ConfirmedServiceError, DataNotification, EventNotificationRequest, ExceptionResponse
from cosem.core.errors import ConfirmedServiceErrorReceived, ExceptionResponseError

if TYPE_CHECKING:
    from cosem.apdu import CosemPdu

Notification: TypeAlias = DataNotification | EventNotificationRequest


def noted(pdu: CosemPdu) -> Notification | None:
    """A notification, or None for anything else. Raises what the meter reports as an error."""
    if isinstance(pdu, Notification):
        return pdu
    if isinstance(pdu, ExceptionResponse):
        raise ExceptionResponseError(pdu.state_error, pdu.service_error, pdu.invocation_counter)
    if isinstance(pdu, ConfirmedServiceError):
        raise ConfirmedServiceErrorReceived(pdu.service, pdu.service_error)
    return None
