"""A meter of any device: every object of its list is there, and every value is what the list and its type say."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from tests.sim.devices import Kind, client_of, kinds

from cosem.client import Client
from cosem.core.access import AttributeSpec, CosemObject, Selection
from cosem.core.data import Data
from cosem.core.datetime import DateTime
from cosem.core.device import DeviceObject
from cosem.core.obis import LogicalName
from cosem.core.types import AnyData, ArrayOf, BufferOf, ChoiceOf, Enumerated, StructureOf, Type
from cosem.server.hosted import decode_strictly
from cosem.session.targets import AttributeTarget
from cosem.sim import Meter
from cosem.sim.expand import Expanded, expand
from cosem.sim.plausible import fixed_value

KINDS = list(kinds())
HOSTED = [kind for kind in KINDS if kind.package.device.objects]
ASSOCIATION, SAP_ASSIGNMENT, PROFILE, CLOCK = 15, 17, 7, 8
SCALED = {3: 3, 4: 3, 5: 4}
"""By class: the attribute that has scaler and unit."""

every_kind = pytest.mark.parametrize("kind", KINDS, ids=str)
hosted_kind = pytest.mark.parametrize("kind", HOSTED, ids=str)


def typed(kind: Kind, each: Expanded) -> CosemObject:
    return kind.package.object(each.row, each.logical_name)


def own(kind: Kind) -> list[Expanded]:
    """What the list brings, but for what a logical device has by itself."""
    return [each for each in expand(kind.package.device, kind.variant) if each.row.class_id != ASSOCIATION]


def readers(kind: Kind, meter: Meter) -> list[Client]:
    """A client of each association."""
    return [client_of(meter, spec) for spec in meter.file.associations]


def target(described: CosemObject, index: int) -> AttributeTarget:
    return AttributeTarget(described.CLASS_ID, described.logical_name, index)


def members_are_known(type: Type, value: Data) -> bool:
    """Whether every enumeration in a value is a member of its table, if that has any."""
    match type:
        case Enumerated() if len(type.enum):
            return value.value in [int(member) for member in type.enum]
        case ArrayOf():
            return all(members_are_known(type.element, each) for each in value.elements)
        case StructureOf():
            fields = zip(type.fields, value.elements, strict=True)
            return all(members_are_known(field.type, each) for field, each in fields)
        case ChoiceOf():
            return True
        case _:
            return True


def held_fixed(row: DeviceObject, spec: AttributeSpec) -> Data | None:
    given = row.attributes.get(spec.index)
    return None if given is None or given.value is None else fixed_value(spec.codec.describe(), given.value)


@hosted_kind
def test_what_associations_see_is_what_the_list_grants_them(kind: Kind) -> None:
    meter = kind.meter()
    listed = {each.logical_name: each.row for each in own(kind)}
    by_itself = {LogicalName("0.0.41.0.0.255"), LogicalName("0.0.42.0.0.255")}
    for spec, client in zip(meter.file.associations, readers(kind, meter), strict=True):
        found = client.objects(kind.package.catalogue)
        names = {each.logical_name: (each.class_id, each.version) for each in found}
        assert len(names) == len(found)
        wanted = {
            name: (row.class_id, row.version)
            for name, row in listed.items()
            if not row.access or spec.name in row.access
        }
        assert {name: names.get(name) for name in wanted} == wanted
        further = {name: key for name, key in names.items() if name not in wanted}
        assert all(key[0] == ASSOCIATION or name in by_itself for name, key in further.items()), further


@hosted_kind
def test_rows_of_the_list_become_objects_that_they_admit_and_none_is_lost(kind: Kind) -> None:
    device = kind.package.device
    expanded = expand(device, kind.variant)
    assert all(each.row.codes.admits(each.logical_name) for each in expanded)
    taken = {each.logical_name for each in expanded}
    for row in device.objects_of(kind.variant):
        if not row.codes.open:
            assert row.codes.at() in taken
        else:
            assert any(row.codes.admits(name) for name in taken)


@hosted_kind
def test_every_attribute_is_read_and_is_exactly_of_its_type(kind: Kind) -> None:
    meter = kind.meter()
    clients = readers(kind, meter)
    read = 0
    for each in own(kind):
        described = typed(kind, each)
        if described.CLASS_ID == SAP_ASSIGNMENT:
            continue
        for spec in described.ATTRIBUTES.values():
            value = first_granted(clients, described, spec)
            if value is None:
                continue
            read += 1
            decode_strictly(spec.codec, value.octets)
            if not isinstance(spec.codec.describe(), AnyData) and spec.index > 1:
                assert members_are_known(spec.codec.describe(), value), (described, spec.name)
            fixed = held_fixed(each.row, spec)
            assert fixed is None or value == fixed, (described, spec.name)
    assert read > len(own(kind))


def first_granted(clients: list[Client], described: CosemObject, spec: AttributeSpec) -> Data | None:
    """The value, from the first association that may read it; of a profile the last rows are asked for."""
    if described.CLASS_ID == PROFILE and spec.index == 2:
        return None
    for client in clients:
        answer = client.get_many_data([target(described, spec.index)])[0]
        if isinstance(answer, Data):
            return answer
    return None


@hosted_kind
def test_every_attribute_that_an_association_may_read_is_granted(kind: Kind) -> None:
    """What the list lets an association read is readable: nothing is missing behind a right."""
    meter = kind.meter()
    for spec, client in zip(meter.file.associations, readers(kind, meter), strict=True):
        rights = {each.logical_name: each.rights for each in client.objects()}
        for each in own(kind):
            access = each.row.access.get(spec.name)
            described = typed(kind, each)
            if access is not None:
                assert rights[each.logical_name].read == access.readable | {1}
                assert rights[each.logical_name].write <= access.writable
                assert rights[each.logical_name].invoke <= access.callable
            elif not each.row.access and described.CLASS_ID != SAP_ASSIGNMENT:
                assert rights[each.logical_name].read == set(described.ATTRIBUTES), described


@hosted_kind
def test_registers_have_the_scaler_and_unit_of_the_list(kind: Kind) -> None:
    meter = kind.meter()
    for each in own(kind):
        given = each.row.attributes.get(SCALED.get(each.row.class_id, 0))
        if given is None:
            continue
        scaled = meter.logical_device.objects[each.logical_name].value(SCALED[each.row.class_id])
        assert isinstance(scaled, tuple)
        if given.scaler is not None:
            assert scaled[0] == given.scaler, each
        if given.unit is not None:
            assert scaled[1] == given.unit, each


@hosted_kind
def test_profiles_capture_the_columns_of_the_list_in_rows_that_go_on(kind: Kind) -> None:
    meter = kind.meter()
    clients = readers(kind, meter)
    hosted = meter.logical_device.objects
    for each in own(kind):
        if each.row.class_id != PROFILE:
            continue
        profile = hosted[each.logical_name]
        columns = profile.get(3).elements
        captured = [(int(str(column.elements[0].value)), column.elements[1].value) for column in columns]
        if each.row.columns:
            listed = [(column.class_id, bytes(each.column(column))) for column in each.row.columns]
            assert captured == [
                pair for pair in listed if LogicalName(pair[1]) in hosted or pair[0] == ASSOCIATION
            ]
        assert profile.value(7), each.logical_name
        rows = last_rows(clients, typed(kind, each), int(str(profile.value(7))))
        assert rows
        assert all(len(row.elements) == len(columns) for row in rows)
        check_order(rows, captured, newest_first=profile.value(5) == 2)


@hosted_kind
def test_rows_that_the_list_has_a_type_for_are_read_as_these(kind: Kind) -> None:
    """With a type of their own, rows come as structures of it, in the order of their times."""
    meter = kind.meter()
    clients = readers(kind, meter)
    for each in own(kind):
        described = typed(kind, each)
        if described.CLASS_ID != PROFILE or isinstance(described.ATTRIBUTES[2].codec.describe(), BufferOf):
            continue
        codec = described.ATTRIBUTES[2].codec
        asked = [target(described, 2)]
        answers = (client.get_many_data(asked)[0] for client in clients)
        buffer = next(answer for answer in answers if isinstance(answer, Data))
        rows = decode_strictly(codec, buffer.octets)
        assert isinstance(rows, list)
        assert [codec.encode_data(rows)] == [buffer]
        assert last_rows(clients, described, len(rows)) == buffer.elements[-6:]
        times = [row.elements[0].value for row in buffer.elements]
        assert times == sorted({time for time in times if isinstance(time, int)})


def last_rows(clients: list[Client], described: CosemObject, count: int) -> list[Data]:
    """The last few rows of a profile, read by entry through whichever association may."""
    first = max(count - 5, 1)
    entries = Data.structure(
        [
            Data.double_long_unsigned(first),
            Data.double_long_unsigned(0),
            Data.long_unsigned(1),
            Data.long_unsigned(0),
        ]
    )
    asked = AttributeTarget(PROFILE, described.logical_name, 2, Selection(2, entries))
    for client in clients:
        answer = client.get_many_data([asked])[0]
        if isinstance(answer, Data):
            return answer.elements
    raise AssertionError(f"nobody may read {described}")


def check_order(rows: list[Data], captured: Sequence[tuple[int, object]], *, newest_first: bool) -> None:
    """Times go on, and no energy that is imported falls."""
    ordered = rows[::-1] if newest_first else rows
    for place, (class_id, name) in enumerate(captured):
        cells = [row.elements[place].value for row in ordered]
        if class_id == CLOCK and all(
            isinstance(cell, bytes) and len(cell) == DateTime.SIZE for cell in cells
        ):
            moments = [DateTime(bytes(cell)).sort_key for cell in cells if isinstance(cell, bytes)]
            assert all(before < after for before, after in pairwise(moments))
        if (
            class_id == 3
            and isinstance(name, bytes)
            and name[:1] == b"\x01"
            and name[2:] == b"\x01\x08\x00\xff"
        ):
            numbers = [cell for cell in cells if isinstance(cell, int)]
            assert numbers == sorted(numbers)


def everything(meter: Meter) -> dict[tuple[LogicalName, int], bytes]:
    """All values, but for those of profile buffers, of which the newest row stands for all."""
    found: dict[tuple[LogicalName, int], bytes] = {}
    for hosted in meter.logical_device.objects.values():
        for index in hosted.description.ATTRIBUTES:
            if hosted.readable(index) and (hosted.description.CLASS_ID, index) != (PROFILE, 2):
                found[hosted.logical_name, index] = hosted.get(index).octets
    return found


@every_kind
def test_the_same_seed_is_the_same_meter_and_another_seed_another(kind: Kind) -> None:
    first, again = everything(kind.meter(1)), everything(kind.meter(1))
    assert first == again
    measured = any(spec.live for spec in kind.file().objects if spec.template.description.CLASS_ID in SCALED)
    assert (everything(kind.meter(2)) != first) == measured or kind.package.device.name == "every_class"


@every_kind
def test_what_a_meter_does_by_itself_harms_nothing(kind: Kind) -> None:
    time = [kind.meter().clock.world()]
    meter = Meter(kind.file(), now=lambda: time[0], seed=1)
    breakers = {name: breaker.state for name, breaker in meter.conduct.breakers.items()}
    for _ in range(3):
        time[0] += 86_400
        meter.tick()
    assert {name: breaker.state for name, breaker in meter.conduct.breakers.items()} == breakers
    assert meter.device().faults == 0


def test_a_device_with_every_class_is_whole() -> None:
    kind = KINDS[-1]
    assert str(kind) == "every_class"
    assert len(own(kind)) > 100
