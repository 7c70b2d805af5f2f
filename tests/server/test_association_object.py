"""The association objects tell the truth: Blue Book 4.4.4."""

from __future__ import annotations

import pytest
from tests.server.desk import Desk
from tests.server.small_meter import (
    CURRENT,
    ENERGY,
    LOW,
    MANAGEMENT,
    NOTE,
    OWN,
    PUBLIC,
    objects,
    small_meter,
)

from cosem.apdu import Conformance, DataAccessResult
from cosem.core.access import CosemObject, Selection
from cosem.core.codec import Codec
from cosem.core.data import Data
from cosem.core.errors import AccessError, ActionError, AssociationError, InvalidValueError
from cosem.core.obis import LogicalName
from cosem.model import CATALOGUE, AssociationLNV1
from cosem.model.c0015_association_ln_types import ObjectListElementV1
from cosem.server import Access, Association, HostedObject, LogicalDevice, PhysicalDevice, Rights
from cosem.session.authentication import Authentication
from cosem.session.host import AssociationPolicy

HERE = AssociationLNV1(CURRENT)
NON_ASSOCIATED, ASSOCIATED = 0, 2


def clients() -> list[Desk]:
    device = small_meter()
    return [Desk(device).open(), Desk(device, MANAGEMENT, authentication=LOW).open()]


def name(element: ObjectListElementV1) -> LogicalName:
    return LogicalName(element.logical_name)


@pytest.mark.parametrize("who", [0, 1])
def test_every_listed_attribute_is_as_its_rights_say(who: int) -> None:
    desk = clients()[who]
    faulty = 0
    for element in desk.get(HERE.object_list):
        for item in element.access_rights.attribute_access:
            try:
                desk.read(element.class_id, element.logical_name, item.attribute_id)
                readable = True
            except AccessError as error:
                readable = error.result == DataAccessResult.HARDWARE_FAULT
                faulty += readable
            assert readable == bool(item.access_mode & Access.READ), (name(element), item)
    assert faulty == 1  # the object that is there to fail


@pytest.mark.parametrize("who", [0, 1])
def test_every_listed_attribute_is_writable_as_its_rights_say(who: int) -> None:
    desk = clients()[who]
    for element in desk.get(HERE.object_list):
        for item in element.access_rights.attribute_access:
            if item.access_mode & Access.READ and element.logical_name != b"\x00\x00\x60\x63\x00\xff":
                value = desk.read(element.class_id, element.logical_name, item.attribute_id)
            else:
                value = Data.octet_string(b"")
            try:
                desk.write(element.class_id, element.logical_name, item.attribute_id, value)
                writable = True
            except AccessError as error:
                writable = error.result != DataAccessResult.READ_WRITE_DENIED
            assert writable == bool(item.access_mode & Access.WRITE), (name(element), item)


@pytest.mark.parametrize("who", [0, 1])
def test_every_listed_method_is_as_its_rights_say(who: int) -> None:
    desk = clients()[who]
    for element in desk.get(HERE.object_list):
        for item in element.access_rights.method_access:
            try:
                desk.invoke(element.class_id, element.logical_name, item.method_id, Data.integer(0))
                allowed = True
            except ActionError as error:
                allowed = error.result != DataAccessResult.READ_WRITE_DENIED
            assert allowed == bool(item.access_mode), (name(element), item)


def test_what_is_listed_is_what_is_there() -> None:
    public, manager = clients()
    listed = {name(element): element for element in manager.get(HERE.object_list)}
    hosted = public.device.logical_devices[1].objects
    assert set(listed) == {CURRENT, *hosted}
    for logical_name, element in listed.items():
        if logical_name in hosted:
            description = hosted[logical_name].description
            assert (element.class_id, element.version) == (description.CLASS_ID, description.VERSION)
            assert [item.attribute_id for item in element.access_rights.attribute_access] == list(
                description.ATTRIBUTES
            )
    assert set(listed) - {name(element) for element in public.get(HERE.object_list)} == {NOTE.logical_name}


def test_current_association_is_that_of_the_client() -> None:
    for desk in clients():
        partners = desk.get(HERE.associated_partners_id)
        assert (partners.client_sap, partners.server_sap) == (desk.client_sap, 1)
        assert desk.get(HERE.association_status) == ASSOCIATED


def test_instances_describe_each_association() -> None:
    device = small_meter()
    public = Desk(device).open()
    first, second = AssociationLNV1("0.0.40.0.1.255"), AssociationLNV1("0.0.40.0.2.255")
    assert public.get(first.associated_partners_id).client_sap == PUBLIC
    assert public.get(second.associated_partners_id).client_sap == MANAGEMENT
    assert public.get(first.association_status) == ASSOCIATED
    assert public.get(second.association_status) == NON_ASSOCIATED
    manager = Desk(device, MANAGEMENT, authentication=LOW).open()
    assert public.get(second.association_status) == ASSOCIATED
    manager.hang_up()
    assert public.get(second.association_status) == NON_ASSOCIATED


def test_context_information_is_what_was_negotiated() -> None:
    proposed = Conformance.GET | Conformance.SELECTIVE_ACCESS | Conformance.READ
    desk = Desk(small_meter(), conformance=proposed, max_receive_pdu_size=512).open()
    # A list that does not fit into 512 octets cannot be had without blocks; the context can.
    info = desk.get(HERE.xdlms_context_info)
    assert int(info.conformance) == int(Conformance.GET | Conformance.SELECTIVE_ACCESS)
    assert (info.max_receive_pdu_size, info.max_send_pdu_size, info.dlms_version_number) == (65535, 512, 6)


def test_names_of_context_and_mechanism_are_object_identifiers() -> None:
    public, manager = clients()
    arcs = (2, 16, 756, 5, 8)
    assert public.read(15, CURRENT, 4).value == (*arcs, 1, 1)
    assert public.read(15, CURRENT, 6).value == (*arcs, 2, 0)
    assert manager.read(15, CURRENT, 6).value == (*arcs, 2, 1)


def test_the_secret_is_never_read() -> None:
    for desk in clients():
        with pytest.raises(AccessError) as error:
            desk.get(HERE.secret)
        assert error.value.result == DataAccessResult.READ_WRITE_DENIED


def test_a_new_secret_holds_from_the_next_association_on() -> None:
    device = small_meter()
    manager = Desk(device, MANAGEMENT, authentication=LOW).open()
    manager.set(HERE.secret, b"another")
    with pytest.raises(AccessError):
        manager.get(HERE.secret)
    manager.hang_up()
    with pytest.raises(AssociationError):
        Desk(device, MANAGEMENT, authentication=LOW).open()
    Desk(device, MANAGEMENT, authentication=Authentication.low("another")).open()


@pytest.mark.parametrize("version", [0, 1, 2, 3])
def test_each_version_lists_itself_and_decodes_as_its_class(version: int) -> None:
    desk = Desk(small_meter(version=version)).open()
    here: CosemObject = CATALOGUE[15, version](CURRENT)
    for index, spec in here.ATTRIBUTES.items():
        codec: Codec[object] = spec.codec
        if spec.name in ("secret", "lls_secret", "current_user"):
            continue
        codec.decode(desk.read(15, CURRENT, index).octets)
    listed = desk.read(15, CURRENT, 2).value
    assert isinstance(listed, list)
    assert (15, version, CURRENT) in [element[:3] for element in listed if isinstance(element, tuple)]


def selected(desk: Desk, selector: int, parameters: Data) -> list[ObjectListElementV1]:
    data = desk.read(15, CURRENT, 2, Selection(selector, parameters))
    return HERE.object_list.codec.decode(data.octets)


def definition(class_id: int, logical_name: bytes) -> Data:
    return Data.structure([Data.long_unsigned(class_id), Data.octet_string(logical_name)])


def test_selectors_1_and_2_leave_the_rights_out() -> None:
    desk = clients()[0]
    everything = [(item.class_id, name(item)) for item in desk.get(HERE.object_list)]
    bare = selected(desk, 1, Data.null())
    assert [(item.class_id, name(item)) for item in bare] == everything
    assert not any(item.access_rights.attribute_access or item.access_rights.method_access for item in bare)
    by_class = selected(desk, 2, Data.array([Data.long_unsigned(3), Data.long_unsigned(8)]))
    assert [item.class_id for item in by_class] == [3, 3, 8]


def test_selectors_3_and_4_give_the_elements_as_they_are() -> None:
    desk = clients()[0]
    whole = {name(item): item for item in desk.get(HERE.object_list)}
    own, energy = definition(8192, OWN.logical_name), definition(3, ENERGY.logical_name)
    absent = definition(3, bytes(6))
    assert selected(desk, 3, Data.array([own, energy, absent])) == [
        whole[ENERGY.logical_name],
        whole[OWN.logical_name],
    ]
    assert selected(desk, 4, energy) == [whole[ENERGY.logical_name]]
    assert selected(desk, 4, absent) == []


@pytest.mark.parametrize(
    ("selector", "parameters", "result"),
    [
        (1, Data.unsigned(1), DataAccessResult.TYPE_UNMATCHED),
        (3, Data.array([Data.unsigned(1)]), DataAccessResult.TYPE_UNMATCHED),
        (4, Data.array([]), DataAccessResult.TYPE_UNMATCHED),
        (4, Data.structure([Data.unsigned(1), Data.octet_string(b"12345")]), DataAccessResult.TYPE_UNMATCHED),
        (5, Data.null(), DataAccessResult.SCOPE_OF_ACCESS_VIOLATED),
    ],
)
def test_selections_that_are_none_are_refused(
    selector: int, parameters: Data, result: DataAccessResult
) -> None:
    desk = clients()[0]
    with pytest.raises(AccessError) as error:
        selected(desk, selector, parameters)
    assert error.value.result == result


def test_attribute_0_is_all_attributes_where_it_was_agreed() -> None:
    feature = Conformance.ATTRIBUTE0_SUPPORTED_WITH_GET
    policy = AssociationPolicy(conformance=AssociationPolicy().conformance | feature)
    device = PhysicalDevice([LogicalDevice(1, b"X", objects(), [Association(PUBLIC, policy, Rights())])])
    desk = Desk(device, conformance=Conformance.GET | feature).open()
    whole = desk.read(3, ENERGY.logical_name, 0)
    assert [element.value for element in whole.elements[:2]] == [ENERGY.logical_name, 1234567]
    clock = desk.read(8, b"\x00\x00\x01\x00\x00\xff", 0)
    assert [element.tag for element in clock.elements[3:]] == [0] * 6  # what has no value is null-data


def test_devices_that_contradict_themselves_cannot_be_built() -> None:
    energy = HostedObject(ENERGY, {2: Data.unsigned(1)})
    public = Association(PUBLIC, AssociationPolicy(), Rights())
    with pytest.raises(InvalidValueError):
        LogicalDevice(1, b"X", [energy, energy], [])
    with pytest.raises(InvalidValueError):
        LogicalDevice(1, b"X", [], [public, public.copy()])
    with pytest.raises(InvalidValueError):
        PhysicalDevice([LogicalDevice(1, b"X", [], []), LogicalDevice(1, b"Y", [], [])])
    with pytest.raises(InvalidValueError):
        Association(300, AssociationPolicy(), Rights())
    with pytest.raises(InvalidValueError):
        Association(1, AssociationPolicy(), Rights(), version=9)
