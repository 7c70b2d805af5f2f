"""A meter that answers a client by a script."""

from __future__ import annotations

from collections.abc import Callable

from tests.session.host import Silent, run

from cosem.apdu import (
    AARE,
    AcseServiceUser,
    ApplicationContextName,
    AssociateSourceDiagnostic,
    AssociationResult,
    Conformance,
    CosemPdu,
    InitiateResponse,
)
from cosem.core.data import Data
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions
from cosem.session.client import ClientSession, Exchange

LONG = Data.octet_string(bytes(100))


def aare(
    result: AssociationResult = AssociationResult.ACCEPTED,
    diagnostic: AssociateSourceDiagnostic = AcseServiceUser.NULL,
    information: bytes | None = None,
    **fields: object,
) -> bytes:
    answer = AARE(
        ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING,
        result,
        diagnostic,
        user_information=information,
    )
    for name, value in fields.items():
        setattr(answer, name, value)
    return answer.encode()


def grant(conformance: Conformance = CLIENT_CONFORMANCE, size: int = 0xFFFF, version: int = 6) -> bytes:
    return InitiateResponse(version, conformance, size, 7).encode()


def associated(
    conformance: Conformance = CLIENT_CONFORMANCE,
    size: int = 0xFFFF,
    options: AssociationOptions | None = None,
) -> ClientSession:
    session = ClientSession(options or AssociationOptions())
    run(session.associate(), lambda _: aare(information=grant(conformance, size)))
    return session


def scripted(*answers: CosemPdu) -> Callable[[bytes], bytes | None]:
    """A meter that gives these answers, with the invoke id of the request, and then none."""
    queue = list(answers)

    def answer(request: bytes) -> bytes | None:
        if not queue:
            return None
        octets = bytearray(queue.pop(0).encode())
        octets[2] = request[2]
        return bytes(octets)

    return answer


def feed(exchange: Exchange[Data], *answers: CosemPdu) -> Data:
    """Hand an exchange one APDU after the other, asked for or not."""
    out = next(exchange)
    asked = out
    try:
        for answer in answers:
            octets = bytearray(answer.encode())
            if octets[0] in (0xC4, 0xC5, 0xC7) and octets[2] == 0xFF:
                assert asked is not None
                octets[2] = asked[2]
            out = exchange.send(bytes(octets))
            asked = out or asked
    except StopIteration as done:
        data: Data = done.value
        return data
    finally:
        exchange.close()
    raise Silent
