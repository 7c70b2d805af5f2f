"""A meter's host in memory, and the AARQs and exchanges that the tests speak."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from cosem.apdu import (
    AARE,
    AARQ,
    ApplicationContextName,
    Conformance,
    InitiateRequest,
    decode_pdu,
)
from cosem.apdu.errors import ActionObjectUndefined, ObjectUndefined, ReadWriteDenied
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.errors import DecodeError
from cosem.session.association import CLIENT_CONFORMANCE, Negotiated
from cosem.session.client import Exchange
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession
from cosem.session.targets import AttributeTarget, MethodTarget

T = TypeVar("T")

CLOCK = AttributeTarget(8, bytes((0, 0, 1, 0, 0, 255)), 2)
CLOCK_NAME = CLOCK.logical_name
ECHO = MethodTarget(9, bytes((0, 0, 10, 0, 0, 255)), 1)
"""A method that returns its parameters."""
READ_ONLY = AttributeTarget(1, bytes((0, 0, 96, 1, 0, 255)), 2)

Key = tuple[int, bytes, int]


@dataclass
class MemoryHost:
    """Attributes by (class, logical name, index); each keeps the tag it began with."""

    values: dict[Key, Data] = field(default_factory=dict)
    log: list[str] = field(default_factory=list)
    faults: list[Exception] = field(default_factory=list)
    selections: list[Selection | None] = field(default_factory=list)
    negotiated: Negotiated | None = None
    same_tag: bool = True
    broken: Exception | None = None

    def get(self, class_id: int, logical_name: bytes, index: int, selection: Selection | None) -> Data:
        self.log.append(f"get {class_id} {index}")
        self.selections.append(selection)
        if self.broken is not None:
            raise self.broken
        try:
            return self.values[class_id, logical_name, index]
        except KeyError:
            raise ObjectUndefined() from None

    def set(
        self, class_id: int, logical_name: bytes, index: int, selection: Selection | None, value: Data
    ) -> None:
        self.log.append(f"set {class_id} {index}")
        if self.broken is not None:
            raise self.broken
        key = (class_id, logical_name, index)
        if key not in self.values:
            raise ObjectUndefined
        if key == (READ_ONLY.class_id, READ_ONLY.logical_name, READ_ONLY.index):
            raise ReadWriteDenied
        if self.same_tag and value.tag != self.values[key].tag:
            raise DecodeError("another type")
        self.values[key] = value

    def action(self, class_id: int, logical_name: bytes, index: int, parameters: Data | None) -> Data | None:
        self.log.append(f"action {class_id} {index}")
        if self.broken is not None:
            raise self.broken
        if (class_id, logical_name, index) != (ECHO.class_id, ECHO.logical_name, ECHO.index):
            raise ActionObjectUndefined
        return parameters

    def opened(self, negotiated: Negotiated) -> None:
        self.log.append("opened")
        self.negotiated = negotiated

    def closed(self) -> None:
        self.log.append("closed")
        self.negotiated = None

    def refused(self) -> None:
        self.log.append("refused")

    def fault(self, error: Exception) -> None:
        self.faults.append(error)


def key_of(target: AttributeTarget) -> Key:
    return target.class_id, target.logical_name, target.index


def stocked_host() -> MemoryHost:
    """A clock, a read-only object, and one long octet-string (1, 1.0.0.2.0.255, 2)."""
    return MemoryHost(
        {
            key_of(CLOCK): Data.octet_string(bytes.fromhex("07e80101010c000000ffc400")),
            key_of(READ_ONLY): Data.unsigned(7),
        }
    )


INITIATE = InitiateRequest(6, CLIENT_CONFORMANCE, 0xFFFF)


def aarq(initiate: InitiateRequest | bytes | None = INITIATE, /, **fields: object) -> bytes:
    """An AARQ with logical names and no authentication, some fields changed."""
    information = initiate.encode() if isinstance(initiate, InitiateRequest) else initiate
    plain = AARQ(ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING, user_information=information)
    for name, value in fields.items():
        setattr(plain, name, value)
    return plain.encode()


def offering(**fields: object) -> bytes:
    """An AARQ whose InitiateRequest has some fields changed."""
    initiate = replace(INITIATE)
    for name, value in fields.items():
        setattr(initiate, name, value)
    return aarq(initiate)


def opened(
    policy: AssociationPolicy | None = None, host: MemoryHost | None = None, **fields: object
) -> ServerSession:
    """A session in state ASSOCIATED; the fields are those of the InitiateRequest."""
    session = ServerSession(policy or AssociationPolicy(), host or stocked_host())
    answer = session.handle(offering(**fields))
    assert answer is not None
    aare = decode_pdu(answer)
    assert isinstance(aare, AARE)
    assert aare.result == 0
    return session


def memory(session: ServerSession) -> MemoryHost:
    """The host of a session made by :func:`opened`."""
    assert isinstance(session.host, MemoryHost)
    return session.host


def run(exchange: Exchange[T], answer: Callable[[bytes], bytes | None]) -> T:
    """Drive an exchange; ``answer`` is the meter. Silence abandons it with :class:`Silent`."""
    try:
        out = next(exchange)
        while True:
            if out is None:
                raise Silent
            reply = answer(out)
            if reply is None:
                raise Silent
            out = exchange.send(reply)
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        exchange.close()


class Silent(Exception):
    """The meter says nothing, or nothing more."""


ALL_BUT_LISTS = CLIENT_CONFORMANCE & ~Conformance.MULTIPLE_REFERENCES
