"""Who may open what of a simulated device, and the quirks that it acts on."""

from __future__ import annotations

import pytest
from tests.server.desk import Desk
from tests.sim.devices import NOON, PASSWORD, every_class
from tests.sim.world import at

from cosem.apdu import AARE, AcseServiceUser, Conformance, ExceptionResponse, decode_pdu
from cosem.core.access import Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import Device, DeviceAssociation, DeviceObject, ObisPattern, ObjectAccess, Quirk
from cosem.core.errors import AccessError, AssociationError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.origin import Origin
from cosem.model import CATALOGUE, Clock, Register
from cosem.server import Authentication
from cosem.session.targets import AttributeTarget
from cosem.sim import DevicePackage, Meter, device_file, find_package

ORIGIN = Origin("Test", "no source", "")
ENERGY = DeviceObject("energy", ObisPattern("1.0.1.8.0.255"), 3, 0, ORIGIN)
CLOCK = DeviceObject("clock", ObisPattern("0.0.1.0.0.255"), 8, 0, ORIGIN)
LOAD = DeviceObject("load", ObisPattern("1.0.99.1.0.255"), 7, 1, ORIGIN)
PUBLIC = DeviceAssociation("public", 16, ORIGIN)
CIPHERED = DeviceAssociation("management", 1, ORIGIN, mechanism=5, ciphered=True, suite=0)


def meter_of(
    *associations: DeviceAssociation, quirks: tuple[Quirk, ...] = (), unprotected: bool = False
) -> Meter:
    device = Device(
        "test",
        "Test",
        objects=(CLOCK, ENERGY, LOAD),
        associations=associations,
        quirks=dict.fromkeys(quirks, ORIGIN),
    )
    file = device_file(DevicePackage(device, CATALOGUE), password=PASSWORD, unprotected=unprotected)
    return Meter(file, now=lambda: NOON)


def refusal(desk: Desk) -> object:
    with pytest.raises(AssociationError) as refused:
        desk.open()
    return refused.value.diagnostic


def test_what_needs_protection_is_described_and_refused_to_everybody() -> None:
    device = meter_of(PUBLIC, CIPHERED).device()
    desk = Desk(device, 16).open()
    described = desk.read(15, LogicalName("0.0.40.0.2.255"), 4).elements
    assert described[-1].value == 3  # logical names, with ciphering
    assert desk.read(15, LogicalName("0.0.40.0.2.255"), 6).elements[-1].value == 5
    not_supported = AcseServiceUser.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED
    assert refusal(Desk(device, 1)) == not_supported
    assert refusal(Desk(device, 1, authentication=Authentication.low(PASSWORD))) == not_supported


def test_high_level_security_is_refused_in_clear_too() -> None:
    device = meter_of(DeviceAssociation("management", 1, ORIGIN, mechanism=2)).device()
    for authentication in (Authentication.low(""), Authentication.low(PASSWORD)):
        diagnostic = refusal(Desk(device, 1, authentication=authentication))
        assert diagnostic == AcseServiceUser.AUTHENTICATION_MECHANISM_NAME_NOT_RECOGNISED


def test_a_ciphered_association_without_authentication_is_refused() -> None:
    device = meter_of(DeviceAssociation("push", 102, ORIGIN, ciphered=True)).device()
    assert refusal(Desk(device, 102)) == AcseServiceUser.APPLICATION_CONTEXT_NAME_NOT_SUPPORTED


def test_protection_is_left_out_where_that_is_asked_for() -> None:
    desk = Desk(meter_of(PUBLIC, CIPHERED, unprotected=True).device(), 1).open()
    assert desk.get(Clock("0.0.1.0.0.255").time_zone) == -60


def test_low_level_security_asks_for_the_password() -> None:
    device = meter_of(DeviceAssociation("customer", 103, ORIGIN, mechanism=1)).device()
    assert refusal(Desk(device, 103, authentication=Authentication.low("wrong"))) == (
        AcseServiceUser.AUTHENTICATION_FAILURE
    )
    assert Desk(device, 103, authentication=Authentication.low(PASSWORD)).open()


def test_a_list_without_associations_is_read_by_the_public_and_written_by_the_management_client() -> None:
    device = meter_of().device()
    zone = Clock("0.0.1.0.0.255").time_zone
    assert Desk(device, 16).open().get(zone) == -60
    with pytest.raises(AccessError):
        Desk(device, 16).open().set(zone, 0)
    manager = Desk(device, 1).open()
    manager.set(zone, 0)
    assert manager.get(zone) == 0


def test_access_of_the_list_holds_for_those_it_names_and_hides_the_object_from_others() -> None:
    access = {"management": ObjectAccess(frozenset({1, 2, 3}), frozenset({3}), frozenset({1}))}
    row = DeviceObject("energy", ObisPattern("1.0.1.8.0.255"), 3, 0, ORIGIN, access=access)
    device = Device(
        "test", "Test", objects=(row,), associations=(PUBLIC, DeviceAssociation("management", 1, ORIGIN))
    )
    meter = Meter(device_file(DevicePackage(device, CATALOGUE)), now=lambda: NOON).device()
    register = Register("1.0.1.8.0.255")
    with pytest.raises(AccessError, match="undefined"):
        Desk(meter, 16).open().get(register.scaler_unit)
    manager = Desk(meter, 1).open()
    unit = manager.get(register.scaler_unit)
    manager.set(register.scaler_unit, unit)
    with pytest.raises(AccessError):
        manager.set(register.value, Data.double_long_unsigned(0))


def test_associations_at_other_saps_are_logical_devices_with_the_same_objects() -> None:
    meter = meter_of(PUBLIC, DeviceAssociation("other", 16, ORIGIN, server_sap=17))
    first, second = Desk(meter.device(), 16, 1).open(), Desk(meter.device(), 16, 17).open()
    name = LogicalName("1.0.1.8.0.255")
    assert first.read(3, name, 2) == second.read(3, name, 2)


def test_no_rlrq_answers_that_the_service_is_unknown_and_stays_associated() -> None:
    desk = Desk(meter_of(PUBLIC, quirks=(Quirk.NO_RLRQ,)).device()).open()
    answer = desk.say(bytes.fromhex("6203800100"))
    assert answer is not None
    assert isinstance(decode_pdu(answer), ExceptionResponse)
    assert desk.get(Clock("0.0.1.0.0.255").time_zone) == -60


def test_no_user_information_in_aare_grants_what_was_proposed() -> None:
    meter = meter_of(PUBLIC, quirks=(Quirk.NO_USER_INFORMATION_IN_AARE,))
    desk = Desk(meter.device())
    request = next(desk.session.associate())
    assert request is not None
    answer = desk.say(request)
    assert answer is not None
    accepted = decode_pdu(answer)
    assert isinstance(accepted, AARE)
    assert accepted.user_information is None
    session = meter.logical_device.associations[16].negotiated
    assert session is not None
    assert Conformance.DATA_NOTIFICATION in session.conformance


def test_no_get_with_list_fails_where_conformance_grants_it() -> None:
    desk = Desk(meter_of(PUBLIC, quirks=(Quirk.NO_GET_WITH_LIST,)).device()).open()
    assert Conformance.MULTIPLE_REFERENCES in desk.session.negotiated.conformance
    targets = [AttributeTarget(8, LogicalName("0.0.1.0.0.255"), index) for index in (2, 3)]
    with pytest.raises(Exception, match="service"):
        desk.run(desk.session.get_many(targets))


def test_no_selective_access_by_range_refuses_ranges_and_serves_entries() -> None:
    desk = Desk(meter_of(PUBLIC, quirks=(Quirk.NO_SELECTIVE_ACCESS_BY_RANGE,)).device()).open()
    name = LogicalName("1.0.99.1.0.255")
    numbers = [Data.double_long_unsigned(1), Data.double_long_unsigned(2)]
    columns = [Data.long_unsigned(1), Data.long_unsigned(0)]
    assert len(desk.read(7, name, 2, Selection(2, Data.structure(numbers + columns))).elements) == 2
    clock = Data.structure(
        [
            Data.long_unsigned(8),
            Data.octet_string(LogicalName("0.0.1.0.0.255")),
            Data.integer(2),
            Data.long_unsigned(0),
        ]
    )
    span = Data.structure([clock, Data.null(), Data.null(), Data.array([])])
    with pytest.raises(AccessError, match="scope"):
        desk.read(7, name, 2, Selection(1, span))
    assert Desk(meter_of(PUBLIC).device()).open().read(7, name, 2, Selection(1, span)).elements


def test_inverted_deviation_is_written_and_understood() -> None:
    regular, inverted = meter_of(PUBLIC), meter_of(PUBLIC, quirks=(Quirk.INVERTED_DEVIATION,))
    one, other = (each.clock.stamp(NOON) for each in (regular, inverted))
    octets = [DateTime(bytes(stamp)) for stamp in (one, other)]
    assert [moment.deviation for moment in octets] == [-120, 120]
    assert str(one) == str(other)
    assert regular.clock.seconds(octets[0]) == inverted.clock.seconds(octets[1]) == at(2025, 6, 15, 10, 7, 3)


def test_unknown_devices_and_variants_are_told_with_what_there_is() -> None:
    with pytest.raises(InvalidValueError, match="did you mean kaifa_han"):
        find_package("kaifa")
    with pytest.raises(InvalidValueError, match=r"there are .*kpz_m2m"):
        find_package("zzzzzz.nothing")
    with pytest.raises(InvalidValueError, match=r"no package of a device|cannot be loaded"):
        find_package("cosem.core")
    with pytest.raises(InvalidValueError, match="single_phase, polyphase"):
        device_file(find_package("kpz_m2m"), "three_phase")
    assert find_package("cosem.devices.kpz_m2m").device is find_package("kpz_m2m").device


def test_a_hundred_meters_share_what_is_common() -> None:
    file = device_file(every_class())
    first, second = Meter(file, now=lambda: NOON, serial=1), Meter(file, now=lambda: NOON, serial=2)
    grants = [each.logical_device.associations[16].grants for each in (first, second)]
    assert grants[0] is grants[1]
