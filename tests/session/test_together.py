"""A client and a meter joined: what is read is what was stored, and nobody is sent more than it takes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.session.host import ECHO, MemoryHost, Silent, key_of, run

from cosem.apdu import Conformance
from cosem.apdu.errors import OtherReason
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError, ExceptionResponseError, LocalProtocolError
from cosem.session.association import CLIENT_CONFORMANCE, AssociationOptions, Negotiated
from cosem.session.client import ClientSession, Exchange
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession
from cosem.session.targets import AttributeTarget

T = TypeVar("T")

SMALLEST_FOR_EVERYTHING = 20
"""Octets of a first block with one octet in it: who takes less can be sent no long value."""

_OPTIONAL = (
    Conformance.MULTIPLE_REFERENCES
    | Conformance.BLOCK_TRANSFER_WITH_GET_OR_READ
    | Conformance.BLOCK_TRANSFER_WITH_SET_OR_WRITE
    | Conformance.BLOCK_TRANSFER_WITH_ACTION
)

pdu_sizes = st.one_of(
    st.sampled_from([0, 12, 13, 20, 25, 0xFFFF]), st.integers(12, 200), st.integers(12, 0xFFFF)
)
values = st.one_of(st.sampled_from([0, 1, 127, 128, 255, 256, 1000, 5000]), st.integers(0, 300)).map(
    lambda size: Data.octet_string(bytes(range(256)) * (size // 256) + bytes(range(size % 256)))
)


def target(number: int) -> AttributeTarget:
    return AttributeTarget(1, bytes((0, 0, 96, 2, number, 255)), 2)


class Pair:
    """Both sides, and every APDU between them measured."""

    def __init__(
        self, client_takes: int, meter_takes: int, conformance: Conformance = CLIENT_CONFORMANCE
    ) -> None:
        self.client_takes, self.meter_takes = client_takes, meter_takes
        self.host = MemoryHost(same_tag=False)
        policy = AssociationPolicy(max_receive_pdu_size=meter_takes)
        self.meter = ServerSession(policy, self.host)
        self.client = ClientSession(
            AssociationOptions(conformance=conformance, max_receive_pdu_size=client_takes)
        )
        run(self.client.associate(), self.meter.handle)
        self.apdus = 0

    def do(self, exchange: Exchange[T]) -> T:
        return run(exchange, self._answer)

    def _answer(self, request: bytes) -> bytes | None:
        assert not 0 < self.meter_takes < len(request)
        answer = self.meter.handle(request)
        assert answer is not None
        assert not 0 < self.client_takes < len(answer)
        self.apdus += 1
        return answer


@given(client_takes=pdu_sizes, meter_takes=pdu_sizes, value=values)
def test_what_is_written_is_stored_and_what_is_stored_is_read(
    client_takes: int, meter_takes: int, value: Data
) -> None:
    pair = Pair(client_takes, meter_takes)
    pair.host.values[key_of(target(1))] = Data.null()
    if 0 < meter_takes < SMALLEST_FOR_EVERYTHING:
        with pytest.raises(LocalProtocolError, match="the meter takes"):
            pair.do(pair.client.set(target(1), Data.octet_string(bytes(100))))
        pair.host.values[key_of(target(1))] = value
    else:
        pair.do(pair.client.set(target(1), value))
    assert pair.host.values[key_of(target(1))] in (value, Data.null())
    if meter_takes != 12:
        assert pair.do(pair.client.get(target(1))) == pair.host.values[key_of(target(1))]


@given(
    client_takes=pdu_sizes,
    meter_takes=pdu_sizes.filter(lambda size: size == 0 or size >= SMALLEST_FOR_EVERYTHING),
    stored=st.lists(st.one_of(values, st.none()), max_size=8),
    written=st.lists(values, max_size=8),
)
def test_lists_are_read_and_written_item_by_item(
    client_takes: int, meter_takes: int, stored: list[Data | None], written: list[Data]
) -> None:
    pair = Pair(client_takes, meter_takes)
    for number, value in enumerate(stored):
        if value is not None:
            pair.host.values[key_of(target(number))] = value
    wanted = [target(number) for number in range(len(stored))]
    read = pair.do(pair.client.get_many(wanted))
    assert [None if isinstance(each, AccessError) else each for each in read] == stored
    done = pair.do(pair.client.set_many([(target(number), each) for number, each in enumerate(written)]))
    present = [number < len(stored) and stored[number] is not None for number in range(len(written))]
    assert [each is None for each in done] == present
    for number, each in enumerate(written):
        if present[number]:
            assert pair.host.values[key_of(target(number))] == each


@given(meter_takes=st.integers(60, 200), chosen=st.integers(0, 30), value=values)
def test_a_selection_takes_its_room_in_every_request(meter_takes: int, chosen: int, value: Data) -> None:
    pair = Pair(0, meter_takes)
    selection = Selection(2, Data.octet_string(bytes(chosen)))
    wanted = [replace(target(number), selection=selection) for number in range(6)]
    pair.host.values = {key_of(each): Data.null() for each in wanted}
    pair.do(pair.client.set(wanted[0], value))
    assert pair.do(pair.client.get_many(wanted)) == [value] + [Data.null()] * 5
    assert pair.host.selections == [selection] * 6


@given(
    client_takes=pdu_sizes,
    meter_takes=pdu_sizes.filter(lambda size: size == 0 or size >= SMALLEST_FOR_EVERYTHING),
    parameters=st.one_of(values, st.none()),
)
def test_a_method_gets_its_parameters_and_its_result_comes_back(
    client_takes: int, meter_takes: int, parameters: Data | None
) -> None:
    pair = Pair(client_takes, meter_takes)
    assert pair.do(pair.client.action(ECHO, parameters)) == parameters


@given(
    client_takes=pdu_sizes,
    meter_takes=pdu_sizes,
    missing=st.integers(0, int(_OPTIONAL)).map(lambda bits: _OPTIONAL & bits),
    value=values,
)
def test_without_blocks_or_lists_it_works_or_says_why_not_and_nobody_is_sent_too_much(
    client_takes: int, meter_takes: int, missing: Conformance, value: Data
) -> None:
    pair = Pair(client_takes, meter_takes, CLIENT_CONFORMANCE & ~missing)
    pair.host.values = {key_of(target(number)): value for number in range(3)}
    wanted = [target(number) for number in range(3)]
    attempts: list[tuple[Callable[[], object], object]] = [
        (lambda: pair.do(pair.client.get(wanted[0])), value),
        (lambda: pair.do(pair.client.get_many(wanted)), [value] * 3),
        (lambda: pair.do(pair.client.set(wanted[0], value)), None),
        (lambda: pair.do(pair.client.set_many([(each, value) for each in wanted])), [None] * 3),
        (lambda: pair.do(pair.client.action(ECHO, value)), value),
    ]
    for attempt, right in attempts:
        with suppress(LocalProtocolError, ExceptionResponseError, AccessError, ActionError):
            result = attempt()
            refused = isinstance(result, list) and any(isinstance(each, OtherReason) for each in result)
            assert result == right or (refused and missing)
    assert set(pair.host.values.values()) == {value}


@given(client_takes=st.integers(12, 60), value=values, abandoned_after=st.integers(0, 6))
def test_an_exchange_that_is_abandoned_leaves_the_next_one_whole(
    client_takes: int, value: Data, abandoned_after: int
) -> None:
    pair = Pair(client_takes, 0)
    pair.host.values = {key_of(target(1)): value, key_of(target(2)): Data.unsigned(7)}
    late: list[bytes] = []

    def silent_after(request: bytes) -> bytes | None:
        answer = pair.meter.handle(request)
        if len(late) == abandoned_after:
            return None
        assert answer is not None
        late.append(answer)
        return answer

    with suppress(Silent):
        assert run(pair.client.get(target(1)), silent_after) == value
    exchange = pair.client.get(target(2))
    request = next(exchange)
    assert request is not None
    for answer in late[-1:]:
        assert exchange.send(answer) is None
    good = pair.meter.handle(request)
    assert good is not None
    with pytest.raises(StopIteration) as done:
        exchange.send(good)
    assert done.value.value == Data.unsigned(7)


def test_a_list_of_results_that_the_client_cannot_take_is_written_one_by_one() -> None:
    pair = Pair(12, 0)
    pair.host.values = {key_of(target(number)): Data.null() for number in range(9)}
    items = [(target(number), Data.unsigned(number)) for number in range(9)]
    assert pair.do(pair.client.set_many(items)) == [None] * 9
    assert pair.apdus == 9
    pair = Pair(19, 0)
    pair.host.values = {key_of(target(number)): Data.null() for number in range(9)}
    assert pair.do(pair.client.set_many(items)) == [None] * 9
    assert pair.apdus == 1


def test_short_values_take_one_apdu_each_way_and_long_ones_as_few_as_fit() -> None:
    pair = Pair(114, 114)
    pair.host.values[key_of(target(1))] = Data.octet_string(bytes(108))
    pair.do(pair.client.get(target(1)))
    assert pair.apdus == 1
    pair.host.values[key_of(target(1))] = Data.octet_string(bytes(296))
    pair.do(pair.client.get(target(1)))
    assert pair.apdus == 1 + 3


def test_pdu_sizes_of_the_two_sides_are_kept_apart() -> None:
    pair = Pair(100, 5000)
    assert (pair.client.negotiated.max_send_pdu_size, pair.client.negotiated.max_receive_pdu_size) == (
        5000,
        100,
    )
    assert pair.host.negotiated == Negotiated(pair.client.negotiated.conformance, 100, 5000)
