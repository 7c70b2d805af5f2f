"""The state tables of an association: complete, reachable, and what the engines really do."""

from __future__ import annotations

import ast
import inspect
from types import ModuleType

import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from tests.session.host import CLOCK, Silent, aarq, offering, run, stocked_host

from cosem.apdu import AARE, RLRQ, AcseServiceUser, ApplicationContextName, AssociationResult
from cosem.core.errors import CosemError, LocalProtocolError
from cosem.session import conversation, opening, server
from cosem.session.association import AssociationOptions
from cosem.session.client import ClientSession
from cosem.session.host import AssociationPolicy
from cosem.session.server import ServerSession
from cosem.session.states import CLIENT, SERVER, Input, State, Transitions
from cosem.session.targets import AttributeTarget

HLS = {
    Input.AUTHENTICATION_REQUIRED,
    Input.REPLY_TO_HLS,
    Input.AUTHENTICATED,
    Input.AUTHENTICATION_FAILED,
}
"""Inputs of high level security, which no engine takes; both tables say where they lead."""


def reached(table: Transitions) -> set[State]:
    states = {State.IDLE}
    while more := {after for (before, _), after in table.items() if before in states} - states:
        states |= more
    return states


def test_every_state_of_the_client_is_reachable() -> None:
    assert reached(CLIENT) == set(State)


def test_every_state_of_the_meter_is_reachable_and_it_has_none_of_waiting_for_answers() -> None:
    assert reached(SERVER) == {State.IDLE, State.HLS_PENDING, State.ASSOCIATED}


@pytest.mark.parametrize("table", [CLIENT, SERVER], ids=["client", "server"])
def test_a_link_that_goes_down_ends_every_state(table: Transitions) -> None:
    assert {table[state, Input.LINK_DOWN] for state in State} == {State.IDLE}


@pytest.mark.parametrize("table", [CLIENT, SERVER], ids=["client", "server"])
def test_from_every_state_there_is_a_way_back_to_idle_without_losing_the_link(table: Transitions) -> None:
    orderly = {key: after for key, after in table.items() if key[1] is not Input.LINK_DOWN}
    back = {State.IDLE}
    while more := {before for (before, _), after in orderly.items() if after in back} - back:
        back |= more
    assert reached(table) <= back


def inputs_named_in(*modules: ModuleType) -> set[Input]:
    return {
        Input[node.attr]
        for module in modules
        for node in ast.walk(ast.parse(inspect.getsource(module)))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "Input"
    }


def test_every_input_of_a_table_is_taken_by_its_engine_or_belongs_to_high_level_security() -> None:
    assert {on for _, on in CLIENT} == inputs_named_in(opening, conversation) | HLS
    assert {on for _, on in SERVER} == inputs_named_in(server) | HLS
    assert inputs_named_in(opening, conversation) & HLS == inputs_named_in(server) & HLS == set()
    assert inputs_named_in(opening, conversation) | inputs_named_in(server) | HLS == set(Input)


class ServerMachine(RuleBasedStateMachine):
    """Whatever a client sends, the meter is where its table says."""

    def __init__(self) -> None:
        super().__init__()
        self.host = stocked_host()
        self.session = ServerSession(AssociationPolicy(), self.host)
        self.state = State.IDLE

    def move(self, on: Input) -> None:
        self.state = SERVER[self.state, on]

    @rule()
    def good_aarq(self) -> None:
        assert self.session.handle(aarq()) is not None
        self.move(Input.ACCEPTED)

    @rule()
    def refused_aarq(self) -> None:
        assert self.session.handle(offering(proposed_dlms_version_number=5)) is not None
        self.move(Input.REJECTED)

    @rule()
    def malformed_aarq(self) -> None:
        answer = self.session.handle(aarq()[:-1])
        assert (answer is None) == (self.state is State.ASSOCIATED)

    @rule()
    def get(self) -> None:
        answer = self.session.handle(bytes.fromhex("c001c1 0008 0000010000ff 02 00"))
        assert answer is not None
        assert (answer[0] == 0xC4) == ((self.state, Input.SERVICE) in SERVER)

    @rule()
    def next_block(self) -> None:
        answer = self.session.handle(bytes.fromhex("c002c1 00000001"))
        assert answer is not None
        assert (answer[0] == 0xC4) == ((self.state, Input.SERVICE) in SERVER)

    @rule()
    def rlrq(self) -> None:
        answer = self.session.handle(RLRQ().encode())
        assert (answer is not None) == ((self.state, Input.RLRQ) in SERVER)
        if answer is not None:
            self.move(Input.RLRQ)

    @rule()
    def link_down(self) -> None:
        self.session.link_down()
        self.move(Input.LINK_DOWN)

    @invariant()
    def is_where_the_table_says(self) -> None:
        assert self.session.state is self.state
        assert (self.session.negotiated is not None) == (self.state is State.ASSOCIATED)
        opened, closed = self.host.log.count("opened"), self.host.log.count("closed")
        assert opened - closed == (self.state is State.ASSOCIATED)


TestServerMachine = ServerMachine.TestCase
TestServerMachine.settings = settings(max_examples=100, stateful_step_count=40)

REFUSAL = AARE(
    ApplicationContextName.LOGICAL_NAME_REFERENCING_NO_CIPHERING,
    AssociationResult.REJECTED_PERMANENT,
    AcseServiceUser.NO_REASON_GIVEN,
).encode()


class ClientMachine(RuleBasedStateMachine):
    """Whatever is asked of a client and whatever the meter answers, the client is where its table says."""

    def __init__(self) -> None:
        super().__init__()
        self.session = ClientSession(AssociationOptions())
        self.meter = ServerSession(AssociationPolicy(), stocked_host())
        self.state = State.IDLE

    def allowed(self, on: Input) -> bool:
        return (self.state, on) in CLIENT

    @rule()
    def associate(self) -> None:
        if self.allowed(Input.AARQ):
            run(self.session.associate(), self.meter.handle)
            self.state = State.ASSOCIATED
        else:
            with pytest.raises(LocalProtocolError):
                run(self.session.associate(), self.meter.handle)

    @rule()
    def associate_in_vain(self) -> None:
        with pytest.raises(CosemError):
            run(self.session.associate(), lambda _: REFUSAL)

    @rule()
    def associate_without_answer(self) -> None:
        with pytest.raises((Silent, LocalProtocolError)):
            run(self.session.associate(), lambda _: None)

    @rule()
    def associate_while_the_link_goes_down(self) -> None:
        def lost(_: bytes) -> bytes | None:
            self.session.lost()
            return None

        if self.allowed(Input.AARQ):
            with pytest.raises(Silent):
                run(self.session.associate(), lost)

    @rule()
    def get(self) -> None:
        if self.allowed(Input.SERVICE):
            run(self.session.get(CLOCK), self.meter.handle)
        else:
            with pytest.raises(LocalProtocolError):
                run(self.session.get(CLOCK), self.meter.handle)

    @rule()
    def get_without_answer(self) -> None:
        with pytest.raises((Silent, LocalProtocolError)):
            run(self.session.get(AttributeTarget(1, bytes(6), 2)), lambda _: None)

    @rule()
    def release(self) -> None:
        if self.allowed(Input.RLRQ):
            run(self.session.release(), self.meter.handle)
            self.state = State.IDLE
        else:
            with pytest.raises(LocalProtocolError):
                run(self.session.release(), self.meter.handle)

    @rule()
    def release_without_answer(self) -> None:
        if self.allowed(Input.RLRQ):
            with pytest.raises(Silent):
                run(self.session.release(), lambda _: None)
            self.state = State.IDLE

    @rule()
    def lose(self) -> None:
        self.session.lost()
        self.meter.link_down()
        self.state = State.IDLE

    @invariant()
    def is_where_the_table_says(self) -> None:
        assert self.session.state is self.state


TestClientMachine = ClientMachine.TestCase
TestClientMachine.settings = settings(max_examples=100, stateful_step_count=40)
