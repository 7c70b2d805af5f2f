"""Every verb of the client, in both colours."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.client.links import Meters
from tests.session.host import ECHO, MemoryHost

from cosem.apdu import Conformance, DataNotification, GetResponseNormal
from cosem.apdu.errors import ActionObjectUndefined, ObjectUndefined, ReadWriteDenied, TypeUnmatched
from cosem.client import (
    AssociationOptions,
    AttributeTarget,
    Authentication,
    ConnectOptions,
    MethodTarget,
)
from cosem.client.options import DEFAULT_TIMEOUT
from cosem.core.access import CosemObject, ReadOnly
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import (
    AssociationError,
    ConnectionLost,
    DecodeError,
    EncodeError,
    LinkError,
    LocalProtocolError,
    Timeout,
)
from cosem.core.tolerant import Deviation
from cosem.model import Clock, DemandRegister, DisconnectControl, ExtendedRegister, Register, ScriptTable
from cosem.model import Data as DataObject
from cosem.model.c0070_disconnect_control import ControlState
from cosem.session.association import CLIENT_CONFORMANCE, SERVER_CONFORMANCE
from cosem.session.host import AssociationPolicy

ENERGY = Register("1.0.1.8.0.255")
POWER = ExtendedRegister("1.0.1.6.0.255")
DEMAND = DemandRegister("1.0.1.4.0.255")
BREAKER = DisconnectControl("0.0.96.3.10.255")
CLOCK = Clock("0.0.1.0.0.255")
SERIAL = DataObject("0.0.96.1.0.255")
SCALER_UNIT = Data.structure([Data.integer(-1), Data.enum(30)])
NOW = DateTime.parse("2024-02-29 13:05:00.00+01:00")


def at(owner: CosemObject, index: int) -> tuple[int, bytes, int]:
    return owner.CLASS_ID, owner.logical_name, index


def stocked() -> MemoryHost:
    return MemoryHost(
        {
            at(ENERGY, 2): Data.double_long_unsigned(12345678),
            at(ENERGY, 3): SCALER_UNIT,
            at(POWER, 2): Data.long(-250),
            at(POWER, 3): Data.structure([Data.integer(2), Data.enum(27)]),
            at(DEMAND, 2): Data.long_unsigned(7),
            at(DEMAND, 4): Data.structure([Data.integer(0), Data.enum(27)]),
            at(BREAKER, 2): Data.boolean(True),
            at(BREAKER, 3): Data.enum(1),
            at(BREAKER, 4): Data.enum(4),
            at(CLOCK, 2): Data.octet_string(NOW),
            at(CLOCK, 3): Data.long(60),
            at(SERIAL, 2): Data.octet_string(b"SN-1"),
        }
    )


def test_get_gives_each_attribute_as_its_type(meters: Meters) -> None:
    meter, _ = meters.connect(stocked())
    assert meter.get(BREAKER.control_state) is ControlState.CONNECTED
    assert meter.get(BREAKER.output_state) is True
    assert meter.get(CLOCK.time) == NOW
    assert isinstance(meter.get(CLOCK.time), DateTime)
    assert meter.get(ENERGY.value) == Data.double_long_unsigned(12345678)
    assert meter.get(ENERGY.scaler_unit).unit.symbol == "Wh"
    assert meter.get(SERIAL.value).value == b"SN-1"


def test_get_raises_what_the_meter_refuses_and_names_the_object(meters: Meters) -> None:
    meter, _ = meters.connect(stocked())
    with pytest.raises(ObjectUndefined, match=r"1\.0\.2\.8\.0\.255"):
        meter.get(Register("1.0.2.8.0.255").value)


def test_get_raises_a_decode_error_that_names_the_attribute(meters: Meters) -> None:
    host = stocked()
    host.values[at(BREAKER, 3)] = Data.octet_string(b"on")
    meter, _ = meters.connect(host)
    with pytest.raises(DecodeError, match="control_state"):
        meter.get(BREAKER.control_state)


def test_get_many_gives_a_value_or_the_error_in_its_place(meters: Meters) -> None:
    host = stocked()
    host.values[at(BREAKER, 4)] = Data.octet_string(b"?")
    meter, wire = meters.connect(host)
    missing = Register("1.0.2.8.0.255")
    wanted: list[ReadOnly[object]] = [
        BREAKER.control_state,
        missing.value,
        BREAKER.control_mode,
        CLOCK.time_zone,
    ]
    state, refusal, malformed, zone = meter.get_many(wanted)
    assert state is ControlState.CONNECTED
    assert isinstance(refusal, ObjectUndefined)
    assert isinstance(malformed, DecodeError)
    assert zone == 60
    assert len(wire.asked) == 2
    assert meter.get_many([]) == []


def test_set_writes_the_encoded_value(meters: Meters) -> None:
    host = stocked()
    meter, _ = meters.connect(host)
    meter.set(CLOCK.time_zone, -120)
    meter.set(CLOCK.time, DateTime.parse("2024-03-01 00:00:00"))
    assert host.values[at(CLOCK, 3)] == Data.long(-120)
    assert meter.get(CLOCK.time).date.month == 3


def test_set_raises_what_the_meter_refuses(meters: Meters) -> None:
    meter, _ = meters.connect(stocked())
    with pytest.raises(ReadWriteDenied):
        meter.set(SERIAL.value, Data.octet_string(b"other"))
    with pytest.raises(TypeUnmatched):
        meter.set_data(AttributeTarget.of(CLOCK.time_zone), Data.null())


def test_set_refuses_a_value_that_has_no_encoding_before_anything_is_sent(meters: Meters) -> None:
    meter, wire = meters.connect(stocked())
    with pytest.raises(EncodeError):
        meter.set(CLOCK.time_zone, 40_000)
    assert len(wire.asked) == 1


def test_call_invokes_a_method_and_gives_what_it_returns(meters: Meters) -> None:
    host = stocked()
    meter, _ = meters.connect(host)
    scripts = ScriptTable("0.0.10.0.0.255")
    assert meter.call(scripts.execute(1)) is None
    assert meter.call_data(ECHO, Data.unsigned(5)) == Data.unsigned(5)
    assert meter.call_data(MethodTarget.of(scripts.execute(3)), None) is None
    assert host.log.count("action 9 1") == 3
    with pytest.raises(ActionObjectUndefined):
        meter.call(BREAKER.remote_disconnect())


@pytest.mark.parametrize(
    ("register", "value", "text"),
    [
        (ENERGY, Decimal("1234567.8"), "1234.5678 kWh"),
        (POWER, Decimal(-25000), "-25.0 kW"),
        (DEMAND, Decimal(7), "7 W"),
    ],
    ids=["register", "extended", "demand"],
)
def test_read_gives_a_register_in_its_unit(
    meters: Meters, register: Register | ExtendedRegister | DemandRegister, value: Decimal, text: str
) -> None:
    meter, wire = meters.connect(stocked())
    quantity = meter.read(register)
    assert quantity.value == value
    assert quantity.unit.symbol == text.rpartition(" ")[2].lstrip("k")
    assert str(quantity) == text
    assert len(wire.asked) == 2


@pytest.mark.parametrize("index", [2, 3])
def test_read_raises_what_either_attribute_raises(meters: Meters, index: int) -> None:
    host = stocked()
    del host.values[at(ENERGY, index)]
    meter, _ = meters.connect(host)
    with pytest.raises(ObjectUndefined):
        meter.read(ENERGY)


@pytest.mark.parametrize("value", [Data.octet_string(b"12"), Data.null(), Data.boolean(True)])
def test_read_refuses_what_is_no_number(meters: Meters, value: Data) -> None:
    host = stocked()
    host.values[at(ENERGY, 2)] = value
    meter, _ = meters.connect(host)
    with pytest.raises(DecodeError, match="no number"):
        meter.read(ENERGY)


def test_untyped_verbs_give_data_as_it_came(meters: Meters) -> None:
    meter, _ = meters.connect(stocked())
    target = AttributeTarget.of(ENERGY.scaler_unit)
    assert meter.get_data(target) == SCALER_UNIT
    value, refusal = meter.get_many_data([target, AttributeTarget(3, bytes(6), 2)])
    assert value == SCALER_UNIT
    assert isinstance(refusal, ObjectUndefined)
    meter.set_data(AttributeTarget.of(CLOCK.time_zone), Data.long(0))
    assert meter.get(CLOCK.time_zone) == 0


def test_what_was_tolerated_is_told(meters: Meters) -> None:
    host = stocked()
    host.values[at(CLOCK, 3)] = Data.double_long(60)
    host.values[at(CLOCK, 2)] = Data.date_time(NOW)
    meter, _ = meters.connect(host)
    told: list[Deviation] = []
    meter.on_tolerated(told.append)
    assert meter.get(CLOCK.time_zone) == 60
    assert [(each.expected, each.found) for each in told] == [("long", "double-long")]
    assert meter.get_many([CLOCK.time, CLOCK.time_zone]) == [NOW, 60]
    assert len(told) == 3
    meter.on_tolerated(None)
    assert meter.get(CLOCK.time_zone) == 60
    assert len(told) == 3


# -- verify


class LiesOnce(MemoryHost):
    """Gives one wrong value among the first right ones."""

    def get(self, class_id: int, logical_name: bytes, index: int, selection: object) -> Data:
        value = super().get(class_id, logical_name, index, None)
        return Data.double_long_unsigned(1) if self.log.count(f"get {class_id} {index}") == 1 else value


class NeverTwice(MemoryHost):
    """Gives another value each time."""

    def get(self, class_id: int, logical_name: bytes, index: int, selection: object) -> Data:
        self.log.append("get")
        return Data.double_long_unsigned(len(self.log))


REREAD = ConnectOptions(verify="reread")


def test_reread_ends_with_the_right_value_when_one_reading_was_wrong(meters: Meters) -> None:
    meter, wire = meters.connect(LiesOnce(stocked().values), REREAD)
    assert meter.get(ENERGY.value).value == 12345678
    assert len(wire.asked) == 1 + 3
    meter, _ = meters.connect(LiesOnce(stocked().values), REREAD)
    assert [each.value for each in meter.get_many([ENERGY.value, ENERGY.value])] == [12345678] * 2


def test_reread_takes_two_readings_that_agree_and_two_refusals_too(meters: Meters) -> None:
    meter, wire = meters.connect(stocked(), REREAD)
    assert meter.get(ENERGY.value).value == 12345678
    assert len(wire.asked) == 3
    [refusal] = meter.get_many_data([AttributeTarget(3, bytes(6), 2)])
    assert isinstance(refusal, ObjectUndefined)
    assert len(wire.asked) == 5


def test_reread_gives_up_when_no_two_readings_agree(meters: Meters) -> None:
    meter, wire = meters.connect(NeverTwice(), REREAD)
    with pytest.raises(DecodeError, match="no two in a row agree"):
        meter.get(ENERGY.value)
    assert len(wire.asked) == 1 + 8


# -- the association


def test_negotiated_is_what_was_agreed(meters: Meters) -> None:
    meter, _ = meters.connect(stocked(), policy=AssociationPolicy(max_receive_pdu_size=500))
    assert meter.negotiated.conformance == SERVER_CONFORMANCE & CLIENT_CONFORMANCE
    assert meter.negotiated.max_send_pdu_size == 500
    assert Conformance.EVENT_NOTIFICATION not in meter.negotiated.conformance


def test_a_password_opens_and_a_wrong_one_does_not(meters: Meters) -> None:
    policy = AssociationPolicy(Authentication.low("secret"))
    right = ConnectOptions(association=AssociationOptions(Authentication.low("secret")))
    meter, _ = meters.connect(stocked(), right, policy)
    assert meter.get(CLOCK.time_zone) == 60
    wrong = ConnectOptions(association=AssociationOptions(Authentication.low("guess")))
    meter, wire = meters.connect(stocked(), wrong, policy, associate=False)
    with pytest.raises(AssociationError) as caught:
        meter.associate()
    assert caught.value.diagnostic == 13
    assert "guess" not in str(caught.value) + repr(caught.value)
    with pytest.raises(LocalProtocolError):
        meter.get(CLOCK.time)
    meter.close()
    assert wire.closed == 1


@pytest.mark.parametrize("error", [ConnectionLost("reset"), LinkError("no answer to SNRM")])
def test_an_association_ends_with_its_link(meters: Meters, error: ConnectionLost | LinkError) -> None:
    host = stocked()
    meter, wire = meters.connect(host)
    wire.answer = lambda _: error
    with pytest.raises(type(error)):
        meter.get(CLOCK.time)
    with pytest.raises(LocalProtocolError, match="associate first"):
        meter.get(CLOCK.time)


@pytest.mark.parametrize("error", [ConnectionLost("reset"), LinkError("no answer to SNRM"), Timeout("none")])
def test_a_link_that_goes_down_while_associating_is_told_as_what_it_is(
    meters: Meters, error: ConnectionLost | LinkError | Timeout
) -> None:
    meter, _ = meters.connect(lambda _: error, associate=False)
    with pytest.raises(type(error)):
        meter.associate()


def test_after_a_time_out_the_next_request_works_and_the_late_answer_is_dropped(meters: Meters) -> None:
    meter, wire = meters.connect(stocked())
    good = wire.answer
    wire.answer = lambda _: None
    with pytest.raises(Timeout):
        meter.get(CLOCK.time_zone)
    late = good(wire.asked[-1])
    assert isinstance(late, bytes)
    wire.answer = good
    wire.before.append(late)
    assert meter.get(BREAKER.control_state) is ControlState.CONNECTED
    assert not wire.before


def test_stray_apdus_do_not_prolong_the_time_for_an_answer(meters: Meters) -> None:
    meter, wire = meters.connect(stocked(), ConnectOptions(timeout=0.01))
    push = DataNotification(1, b"", Data.null()).encode()

    def talkative(_: bytes) -> bytes:
        wire.before.append(push)
        return push

    wire.answer = talkative
    before = len(wire.timeouts)
    with pytest.raises(Timeout):
        meter.get(CLOCK.time)
    times = [each or 0.0 for each in wire.timeouts[before:]]
    assert times[0] == 0.01
    assert times == sorted(times, reverse=True)
    assert times[-1] < 0.01


def test_notifications_are_kept_whether_or_not_somebody_waits(meters: Meters) -> None:
    meter, wire = meters.connect(stocked())
    first, second = (DataNotification(number, b"", Data.unsigned(number)) for number in (1, 2))
    wire.push(first.encode())
    wire.push(b"\xff garbage")
    wire.push(GetResponseNormal(0xC1, Data.null()).encode())
    wire.before.append(second.encode())
    assert meter.get(CLOCK.time_zone) == 60
    assert 0 < (wire.timeouts[-1] or 0) <= DEFAULT_TIMEOUT
    assert meter.notifications == [first, second]
    assert meter.notifications == []


# -- closing


def test_close_releases_and_closes_the_link(meters: Meters) -> None:
    host = stocked()
    meter, wire = meters.connect(host)
    meter.close()
    assert wire.asked[-1] == bytes.fromhex("6203800100")
    assert wire.timeouts[-1] == 2.0
    assert wire.closed == 1
    assert host.log[-1] == "closed"
    with pytest.raises(LocalProtocolError):
        meter.get(CLOCK.time)


def test_close_without_release_sends_no_rlrq(meters: Meters) -> None:
    meter, wire = meters.connect(stocked(), ConnectOptions(release=False))
    meter.close()
    assert len(wire.asked) == 1
    assert wire.closed == 1


@pytest.mark.parametrize(
    "answer",
    [
        None,
        b"",
        b"\xff",
        b"\xd8\x01\x02",
        b"\x0e\x01\x03\x02",
        ConnectionLost("gone"),
        LinkError("gone"),
        Timeout("none"),
    ],
    ids=["silence", "nothing", "noise", "exception", "error", "lost", "link", "timeout"],
)
def test_close_never_raises_for_what_the_meter_does(
    meters: Meters, answer: bytes | ConnectionLost | LinkError | Timeout | None
) -> None:
    meter, wire = meters.connect(stocked())
    wire.answer = lambda _: answer
    meter.close()
    assert wire.closed == 1


def test_close_may_be_called_before_an_association_and_twice(meters: Meters) -> None:
    meter, wire = meters.connect(stocked(), associate=False)
    meter.close()
    meter.close()
    assert (wire.asked, wire.closed) == ([], 2)
