"""A client at a desk: it talks to a meter's handler directly, with nothing in between."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from cosem.apdu import Conformance
from cosem.core.access import CosemObject, MethodCall, ReadOnly, Selection
from cosem.core.data import Data
from cosem.link.events import ApduReceived, LinkDown
from cosem.server.device import PhysicalDevice
from cosem.server.service import MeterHandler
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.session.client import ClientSession, Exchange
from cosem.session.targets import AttributeTarget, MethodTarget

T = TypeVar("T")


@dataclass
class Desk:
    """One client SAP at one logical device; ``open`` associates at once."""

    device: PhysicalDevice
    client_sap: int = 16
    server_sap: int = 1
    authentication: Authentication = NO_AUTHENTICATION
    conformance: Conformance = CLIENT_CONFORMANCE
    max_receive_pdu_size: int = 0xFFFF
    handler: MeterHandler = field(init=False)
    session: ClientSession = field(init=False)

    def __post_init__(self) -> None:
        self.handler = MeterHandler(self.device)
        options = AssociationOptions(
            self.authentication, self.conformance, max_receive_pdu_size=self.max_receive_pdu_size
        )
        self.session = ClientSession(options)

    def open(self) -> Desk:
        self.run(self.session.associate())
        return self

    def say(self, apdu: bytes) -> bytes | None:
        """What the meter answers to an APDU."""
        return self.handler.apdu(ApduReceived(apdu, self.client_sap, self.server_sap))

    def hang_up(self) -> None:
        self.handler.link_down(LinkDown(self.client_sap, self.server_sap))

    def run(self, exchange: Exchange[T]) -> T:
        answer: bytes | None = None
        try:
            while True:
                asked = next(exchange) if answer is None else exchange.send(answer)
                assert asked is not None
                answer = self.say(asked)
                assert answer is not None
        except StopIteration as done:
            value: T = done.value
            return value

    def get(self, reference: ReadOnly[T]) -> T:
        return reference.codec.decode(self.run(self.session.get(AttributeTarget.of(reference))).octets)

    def set(self, reference: ReadOnly[T], value: T) -> None:
        self.run(self.session.set(AttributeTarget.of(reference), reference.codec.encode_data(value)))

    def call(self, call: MethodCall[T]) -> Data | None:
        return self.run(self.session.action(MethodTarget.of(call), call.parameters))

    def read(
        self, class_id: int, logical_name: bytes, index: int, selection: Selection | None = None
    ) -> Data:
        return self.run(self.session.get(AttributeTarget(class_id, logical_name, index, selection)))

    def write(self, class_id: int, logical_name: bytes, index: int, value: Data) -> None:
        self.run(self.session.set(AttributeTarget(class_id, logical_name, index), value))

    def invoke(
        self, class_id: int, logical_name: bytes, index: int, parameters: Data | None = None
    ) -> Data | None:
        return self.run(self.session.action(MethodTarget(class_id, logical_name, index), parameters))


def attributes(description: CosemObject) -> Iterator[int]:
    return iter(description.ATTRIBUTES)
