"""Sessions as targets: a meter in each state that is sent anything, a client that is answered anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from itertools import repeat
from typing import TypeVar

from tests.fuzz import corpus
from tests.fuzz.battery import Target
from tests.session.host import CLOCK, ECHO, READ_ONLY, key_of, memory, opened, stocked_host

from cosem.apdu import (
    AARE,
    AcseServiceUser,
    ApplicationContextName,
    AssociationResult,
    DataBlockSA,
    GetRequest,
    GetRequestNormal,
    GetRequestWithList,
    GetResponseNormal,
    GetResponseWithList,
    InitiateResponse,
    SetRequestWithFirstDatablock,
    decode_pdu,
)
from cosem.client.discovery import objects
from cosem.client.operations import Operations
from cosem.client.profile_reading import profile
from cosem.client.readings import read
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import CosemError
from cosem.model import CATALOGUE, DemandRegister, ProfileGeneric, Register
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions
from cosem.session.client import ClientSession, Exchange
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession

T = TypeVar("T")

_LONG = Data.octet_string(bytes(300))
_ANSWERS = 40
"""Hostile answers that a client is given before it is left alone."""


def session_targets() -> Iterator[Target]:
    """The meter in each state, each exchange of a client, and what a client makes of attribute values."""
    for state, make in (
        ("idle", lambda: ServerSession(AssociationPolicy(), stocked_host())),
        ("associated", opened),
        ("sending blocks", _sending),
        ("receiving blocks", _receiving),
    ):
        yield Target(f"ServerSession {state}", corpus.requests(), partial(_serve, make), 5)
    yield Target("client associate", corpus.responses(), _associate, 3)
    exchanges: dict[str, Callable[[ClientSession], Exchange[object]]] = {
        "get": lambda session: _any(session.get(CLOCK)),
        "get_many": lambda session: _any(session.get_many([CLOCK, READ_ONLY])),
        "set": lambda session: _any(session.set(CLOCK, Data.null())),
        "set in blocks": lambda session: _any(session.set(CLOCK, _LONG)),
        "set_many": lambda session: _any(session.set_many([(CLOCK, Data.null())] * 2)),
        "action": lambda session: _any(session.action(ECHO)),
        "action in blocks": lambda session: _any(session.action(ECHO, _LONG)),
        "release": lambda session: _any(session.release()),
    }
    for verb, start in exchanges.items():
        yield Target(f"client {verb}", corpus.responses(), partial(_answer, start), 3)
    yield Target("client overhears", corpus.apdus(), lambda octets: _client().overhear(octets))
    for title, index in (("buffer", 2), ("capture_objects", 3), ("capture_period", 4), ("entries_in_use", 7)):
        yield Target(f"client profile, {title}", corpus.data(), partial(_profile, index), 3)
    yield Target("client objects", corpus.data(), _objects, 3)
    for index in (2, 3, 4):
        yield Target(f"client read, attribute {index}", corpus.data(), partial(_read, index))


# -- the meter


def _sending() -> ServerSession:
    session = opened(client_max_receive_pdu_size=40)
    memory(session).values[key_of(CLOCK)] = _LONG
    session.handle(GetRequestNormal(0xC1, CLOCK.descriptor).encode())
    return session


def _receiving() -> ServerSession:
    session = opened()
    block = DataBlockSA(False, 1, b"\x09\x82\x01")
    session.handle(SetRequestWithFirstDatablock(0xC1, CLOCK.descriptor, block).encode())
    return session


def _serve(make: Callable[[], ServerSession], octets: bytes) -> None:
    """Whatever came before, the next good association is served."""
    session = make()
    for _ in range(3):
        answer = session.handle(octets)
        if answer is not None:
            decode_pdu(answer)
    assert not memory(session).faults


# -- the client


def _any(exchange: Exchange[T]) -> Exchange[object]:
    return (yield from exchange)


def _client(size: int = 100) -> ClientSession:
    session = ClientSession(AssociationOptions())
    exchange = session.associate()
    next(exchange)
    granted = InitiateResponse(6, CLIENT_CONFORMANCE, size, 7).encode()
    context = ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING
    aare = AARE(context, AssociationResult.ACCEPTED, AcseServiceUser.NULL, user_information=granted)
    try:
        exchange.send(aare.encode())
    except StopIteration:
        return session
    raise AssertionError("not associated")


def _associate(octets: bytes) -> None:
    _feed(_any(ClientSession(AssociationOptions()).associate()), octets)


def _answer(start: Callable[[ClientSession], Exchange[object]], octets: bytes) -> None:
    _feed(start(_client()), octets)


def _feed(exchange: Exchange[object], octets: bytes) -> None:
    """The same octets again and again, with the invoke id that is waited for."""
    invoke_id = 0
    try:
        out = next(exchange)
        for _ in repeat(None, _ANSWERS):
            if out is not None and len(out) > 2:
                invoke_id = out[2]
            if len(octets) > 2 and octets[0] in (0xC4, 0xC5, 0xC7):
                octets = octets[:2] + bytes((invoke_id,)) + octets[3:]
            out = exchange.send(octets)
    except StopIteration:
        pass
    finally:
        exchange.close()


# -- what the client makes of values

_PROFILE = ProfileGeneric("1.0.99.1.0.255")
_GOOD = {
    2: bytes.fromhex("0102 0202 090c07e80101010c000000ffc400 0600000001 0202 00 0600000002"),
    3: bytes.fromhex(
        "0102 0204 120008 09060000010000ff 0f02 120000 0204 120003 09060100010800ff 0f02 120000"
    ),
    4: bytes.fromhex("0600000384"),
    5: bytes.fromhex("1601"),
    7: bytes.fromhex("0600000002"),
}


def _meter(value: Callable[[int, int], bytes], request: bytes) -> bytes:
    """Answers GETs; ``value`` gives the Data of a class and attribute."""
    get = decode_pdu(request)
    assert isinstance(get, GetRequest)
    if isinstance(get, GetRequestWithList):
        wanted = [each.cosem_attribute_descriptor for each in get.attribute_descriptor_list]
        values = [Data(value(each.class_id, each.attribute_id)) for each in wanted]
        return GetResponseWithList(get.invoke_id_and_priority, list(values)).encode()
    assert isinstance(get, GetRequestNormal)
    each = get.cosem_attribute_descriptor
    return GetResponseNormal(
        get.invoke_id_and_priority, Data(value(each.class_id, each.attribute_id))
    ).encode()


def _run(exchange: Exchange[T], value: Callable[[int, int], bytes]) -> T:
    try:
        out = next(exchange)
        while True:
            assert out is not None
            out = exchange.send(_meter(value, out))
    except StopIteration as done:
        result: T = done.value
        return result
    finally:
        exchange.close()


def _profile(hostile: int, octets: bytes) -> None:
    def value(class_id: int, index: int) -> bytes:
        if class_id != 7:
            return bytes.fromhex("02020ffd161e")
        return octets if index == hostile else _GOOD[index]

    moment = DateTime.parse("2024-01-01 12:00:00")
    session = _client()
    operations = Operations(session)
    for features in (CLIENT_CONFORMANCE, CLIENT_CONFORMANCE & ~4):
        session.negotiated = type(session.negotiated)(features, 0, 0)
        for start, end in ((moment, None), (None, moment), (None, None)):
            got = _run(profile(operations, _PROFILE, start=start, end=end, catalogue=CATALOGUE), value)
            assert len(got) == len(got.rows) == len(got.quantities)
            assert all(column.name for column in got.columns)
        _run(profile(operations, _PROFILE, last=1), value)
        _run(profile(operations, _PROFILE, columns=["1.0.1.8.0.255"]), value)


def _objects(octets: bytes) -> None:
    _run(objects(Operations(_client()), CATALOGUE), lambda _class_id, _index: octets)


def _read(hostile: int, octets: bytes) -> None:
    def value(_class_id: int, index: int) -> bytes:
        return octets if index == hostile else bytes.fromhex("02020ffd161e")

    operations = Operations(_client())
    for register in (Register("1.0.1.8.0.255"), DemandRegister("1.0.1.4.0.255")):
        with suppress(CosemError):
            str(_run(read(operations, register), value))
