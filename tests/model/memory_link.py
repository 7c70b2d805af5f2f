"""A client and a meter in one process, with nothing between them."""

from __future__ import annotations

from cosem.client import NO_AUTHENTICATION, Authentication, Client, ConnectOptions
from cosem.core.errors import Timeout
from cosem.link.events import ApduReceived
from cosem.server import PhysicalDevice
from cosem.server.service import MeterHandler
from cosem.session.association import AssociationOptions
from cosem.transport.base import CLOSE_TIMEOUT, OnUnsolicited

_CLIENT, _SERVER = 16, 1


class MemoryLink:
    """A :class:`~cosem.transport.base.BlockingExchange` whose other end is a meter."""

    on_unsolicited: OnUnsolicited | None = None
    is_open = True

    def __init__(self, device: PhysicalDevice, client: int = _CLIENT, server: int = _SERVER) -> None:
        self._meter = MeterHandler(device)
        self._pair = client, server

    def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        answer = self._meter.apdu(ApduReceived(apdu, *self._pair))
        if answer is None:
            raise Timeout("the meter says nothing")
        return answer

    def send(self, apdu: bytes) -> None:
        self._meter.apdu(ApduReceived(apdu, *self._pair))

    def receive(self, timeout: float | None = None) -> ApduReceived:
        raise Timeout("the meter pushes nothing")

    def close(self, timeout: float = CLOSE_TIMEOUT) -> None:
        self.is_open = False

    def abort(self) -> None:
        self.is_open = False


def associated(
    device: PhysicalDevice,
    client: int = _CLIENT,
    server: int = _SERVER,
    authentication: Authentication = NO_AUTHENTICATION,
) -> Client:
    """A client that has opened its association."""
    options = ConnectOptions(association=AssociationOptions(authentication))
    opened = Client(MemoryLink(device, client, server), options)
    opened.associate()
    return opened
