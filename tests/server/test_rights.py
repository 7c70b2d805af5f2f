"""What an association may do with objects: Blue Book 4.4.4, and the application server table."""

from __future__ import annotations

import pytest
from tests.server.desk import Desk
from tests.server.small_meter import (
    BREAKER,
    BROKEN,
    CLOCK,
    ENERGY,
    LOW,
    MANAGEMENT,
    NOTE,
    NOW,
    OWN,
    POWER,
    small_meter,
)

from cosem.apdu import ActionResult, DataAccessResult
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, ActionError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.model import Register
from cosem.server import Access, HostedObject, ObjectRights, Rights


@pytest.fixture
def public() -> Desk:
    return Desk(small_meter()).open()


@pytest.fixture
def manager() -> Desk:
    return Desk(small_meter(), MANAGEMENT, authentication=LOW).open()


def refused(error: pytest.ExceptionInfo[AccessError | ActionError]) -> int:
    return error.value.result


def test_values_come_typed_through_the_generated_classes(manager: Desk) -> None:
    assert manager.get(ENERGY.value) == Data.double_long_unsigned(1234567)
    assert manager.get(ENERGY.scaler_unit).unit.symbol == "Wh"
    assert manager.get(CLOCK.time) == NOW
    assert manager.get(BREAKER.output_state) is True


def test_what_changes_is_read_anew_each_time(public: Desk) -> None:
    assert [public.get(POWER.value).value for _ in range(3)] == [0, 1, 2]


def test_logical_name_is_attribute_1_of_every_object(public: Desk) -> None:
    assert public.read(3, ENERGY.logical_name, 1).value == ENERGY.logical_name


@pytest.mark.parametrize(
    ("class_id", "name", "index", "result"),
    [
        (3, "1.0.99.99.99.255", 2, DataAccessResult.OBJECT_UNDEFINED),
        (1, "0.0.96.1.0.255", 2, DataAccessResult.OBJECT_UNDEFINED),  # there, and hidden from this client
        (4, "1.0.1.8.0.255", 2, DataAccessResult.OBJECT_CLASS_INCONSISTENT),
        (3, "1.0.1.8.0.255", 0, DataAccessResult.READ_WRITE_DENIED),
        (3, "1.0.1.8.0.255", 9, DataAccessResult.READ_WRITE_DENIED),
        (3, "1.0.1.8.0.255", -1, DataAccessResult.READ_WRITE_DENIED),
        (8, "0.0.1.0.0.255", 9, DataAccessResult.READ_WRITE_DENIED),  # of the class, but without a value
    ],
)
def test_what_is_not_there_names_the_reason(
    public: Desk, class_id: int, name: str, index: int, result: DataAccessResult
) -> None:
    with pytest.raises(AccessError) as error:
        public.read(class_id, LogicalName(name), index)
    assert refused(error) == result
    with pytest.raises(AccessError) as error:
        public.write(class_id, LogicalName(name), index, Data.unsigned(1))
    assert refused(error) == result
    assert public.get(ENERGY.value).value == 1234567  # the association stays


def test_a_client_without_the_right_may_not_write(public: Desk) -> None:
    with pytest.raises(AccessError) as error:
        public.set(CLOCK.time, DateTime.parse("2030-01-01 00:00:00"))
    assert refused(error) == DataAccessResult.READ_WRITE_DENIED
    assert public.get(CLOCK.time) == NOW


def test_a_client_without_the_right_may_not_invoke(public: Desk) -> None:
    with pytest.raises(ActionError) as error:
        public.call(BREAKER.remote_disconnect())
    assert refused(error) == ActionResult.READ_WRITE_DENIED
    assert public.get(BREAKER.output_state) is True


@pytest.mark.parametrize(
    ("class_id", "name", "index", "result"),
    [
        (70, "0.0.96.3.99.255", 1, ActionResult.OBJECT_UNDEFINED),
        (71, "0.0.96.3.10.255", 1, ActionResult.OBJECT_CLASS_INCONSISTENT),
        (70, "0.0.96.3.10.255", 3, ActionResult.READ_WRITE_DENIED),
        (3, "1.0.1.8.0.255", 1, ActionResult.READ_WRITE_DENIED),  # reset: of the class, not of this object
    ],
)
def test_methods_that_are_not_there_name_the_reason(
    manager: Desk, class_id: int, name: str, index: int, result: ActionResult
) -> None:
    with pytest.raises(ActionError) as error:
        manager.invoke(class_id, LogicalName(name), index, Data.integer(0))
    assert refused(error) == result


def test_a_method_acts_and_its_effect_shows(manager: Desk) -> None:
    assert manager.call(BREAKER.remote_disconnect()) is None
    assert manager.get(BREAKER.output_state) is False
    manager.call(BREAKER.remote_reconnect())
    assert manager.get(BREAKER.output_state) is True


@pytest.mark.parametrize("parameters", [None, Data.null(), Data.long(0), Data(b"\x0f")])
def test_a_method_takes_only_parameters_of_its_type(parameters: Data | None) -> None:
    hosted = small_meter().logical_devices[1].objects[BREAKER.logical_name]
    with pytest.raises(ActionError) as error:
        hosted.call(1, parameters)
    assert refused(error) == ActionResult.TYPE_UNMATCHED
    assert hosted.value("output_state") is True


def test_a_written_value_is_read_back(manager: Desk) -> None:
    later = DateTime.parse("2024-06-01 10:00:00.00+02:00")
    manager.set(CLOCK.time, later)
    assert manager.get(CLOCK.time) == later


@pytest.mark.parametrize(
    ("class_id", "name", "index", "value"),
    [
        (8, CLOCK.logical_name, 2, Data.double_long_unsigned(1)),
        (8, CLOCK.logical_name, 2, Data.octet_string(b"short")),
        (8, CLOCK.logical_name, 2, Data.date_time(NOW)),  # a meter is strict where a client is tolerant
        (8, CLOCK.logical_name, 3, Data.integer(-60)),
        (8, CLOCK.logical_name, 3, Data.null()),
        (3, ENERGY.logical_name, 3, Data.structure([Data.integer(0)])),
        (3, ENERGY.logical_name, 2, Data.long64_unsigned(5)),  # any Data by the class; the value says which
        (1, NOTE.logical_name, 2, Data.visible_string("note")),
    ],
)
def test_a_value_of_another_type_is_refused_and_nothing_changes(
    manager: Desk, class_id: int, name: bytes, index: int, value: Data
) -> None:
    before = manager.read(class_id, name, index)
    with pytest.raises(AccessError) as error:
        manager.write(class_id, name, index, value)
    assert refused(error) == DataAccessResult.TYPE_UNMATCHED
    assert manager.read(class_id, name, index) == before


def test_what_the_class_has_read_only_is_not_written(manager: Desk) -> None:
    with pytest.raises(AccessError) as error:
        manager.write(70, BREAKER.logical_name, 3, Data.enum(1))
    assert refused(error) == DataAccessResult.READ_WRITE_DENIED
    with pytest.raises(AccessError) as error:
        manager.write(3, ENERGY.logical_name, 1, Data.octet_string(bytes(6)))
    assert refused(error) == DataAccessResult.READ_WRITE_DENIED


def test_objects_of_a_class_of_ones_own_are_served(manager: Desk) -> None:
    assert manager.read(8192, OWN.logical_name, 2) == Data.unsigned(7)
    assert manager.read(8192, OWN.logical_name, -1) == Data.null()
    manager.write(8192, OWN.logical_name, 2, Data.unsigned(8))
    assert manager.read(8192, OWN.logical_name, 2) == Data.unsigned(8)
    assert manager.invoke(8192, OWN.logical_name, 1, Data.unsigned(3)) == Data.unsigned(3)


def test_a_defect_of_an_object_is_a_hardware_fault_and_is_counted(public: Desk) -> None:
    for count in (1, 2):
        with pytest.raises(AccessError) as error:
            public.get(BROKEN.value)
        assert refused(error) == DataAccessResult.HARDWARE_FAULT
        assert public.device.faults == count
    assert public.get(ENERGY.value).value == 1234567


def test_later_rights_win_over_earlier_ones() -> None:
    hosted = HostedObject(ENERGY, {2: Data.unsigned(1), 3: Data(b"\x02\x02\x0f\x00\x16\x1e")})
    rights = Rights(
        Access.READ,
        classes={3: ObjectRights(default=Access.READ_WRITE, attributes={"value": Access.NONE})},
        objects={ENERGY.logical_name: ObjectRights(attributes={2: Access.WRITE})},
    )
    grant = rights.grants([hosted])[ENERGY.logical_name]
    assert grant.attributes == {1: Access.READ, 2: Access.WRITE, 3: Access.READ_WRITE}


def test_visible_lists_what_is_there_for_a_client() -> None:
    hosted = [HostedObject(Register(f"1.0.{c}.8.0.255"), {2: Data.unsigned(c)}) for c in (1, 2, 3)]
    rights = Rights(
        visible=[LogicalName("1.0.1.8.0.255")],
        objects={LogicalName("1.0.3.8.0.255"): ObjectRights(visible=True)},
    )
    assert [str(LogicalName(name)) for name in rights.grants(hosted)] == ["1.0.1.8.0.255", "1.0.3.8.0.255"]


def test_copies_share_values_until_one_writes() -> None:
    first = HostedObject(ENERGY, {2: Data.unsigned(1)})
    second = first.copy()
    second.put("value", Data.unsigned(2))
    first.put("scaler_unit", Data(b"\x02\x02\x0f\x00\x16\x1e"))
    assert (first.value("value"), second.value("value")) == (1, 2)
    assert not second.readable(3)


def test_unknown_attributes_and_methods_are_mistakes() -> None:
    with pytest.raises(InvalidValueError):
        HostedObject(ENERGY, {"no_such": 1})
    with pytest.raises(InvalidValueError):
        HostedObject(ENERGY, methods={"no_such": print})
