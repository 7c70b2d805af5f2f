"""The object list: what a meter holds, and what this association may do with it; in both colours."""

from __future__ import annotations

import pytest
from tests.client.links import Meters
from tests.session.host import MemoryHost

from cosem.apdu.errors import ObjectUndefined
from cosem.client import AccessRights
from cosem.client.discovery import CURRENT_ASSOCIATION
from cosem.core.data import Data
from cosem.core.errors import DecodeError
from cosem.core.obis import LogicalName
from cosem.model import CATALOGUE, Clock, ProfileGenericV0, Register

CLOCK, ENERGY, PROFILE, PRIVATE = (
    LogicalName("0.0.1.0.0.255"),
    LogicalName("1.0.1.8.0.255"),
    LogicalName("1.0.99.1.0.255"),
    LogicalName("0.0.96.99.0.255"),
)


def entry(
    class_id: int,
    version: int,
    name: bytes,
    attributes: dict[int, int],
    methods: dict[int, int] | None = None,
) -> Data:
    rights = [
        Data.structure([Data.integer(index), Data.enum(mode), Data.null()])
        for index, mode in attributes.items()
    ]
    calls = [
        Data.structure([Data.integer(index), Data.enum(mode)]) for index, mode in (methods or {}).items()
    ]
    return Data.structure(
        [
            Data.long_unsigned(class_id),
            Data.unsigned(version),
            Data.octet_string(name),
            Data.structure([Data.array(rights), Data.array(calls)]),
        ]
    )


def host(*entries: Data) -> MemoryHost:
    return MemoryHost({(15, CURRENT_ASSOCIATION, 2): Data.array(entries)})


def test_entries_come_in_the_meters_order_with_their_objects(meters: Meters) -> None:
    meter_host = host(
        entry(8, 0, CLOCK, {1: 1, 2: 3}),
        entry(3, 0, ENERGY, {2: 1}),
        entry(7, 0, PROFILE, {}),
        entry(9999, 3, PRIVATE, {}),
    )
    meter, _ = meters.connect(meter_host)
    found = meter.objects(CATALOGUE)
    assert [(each.class_id, each.version, each.logical_name) for each in found] == [
        (8, 0, CLOCK),
        (3, 0, ENERGY),
        (7, 0, PROFILE),
        (9999, 3, PRIVATE),
    ]
    assert [each.object for each in found] == [
        Clock(CLOCK),
        Register(ENERGY),
        ProfileGenericV0(PROFILE),
        None,
    ]
    assert [each.object for each in meter.objects()] == [None] * 4


@pytest.mark.parametrize("version", [0, 1, 2])
def test_access_modes_are_numbers_up_to_version_2(meters: Meters, version: int) -> None:
    meter, _ = meters.connect(
        host(
            entry(15, version, CURRENT_ASSOCIATION, {}),
            entry(8, 0, CLOCK, {index: index for index in range(7)}, {1: 0, 2: 1, 3: 2}),
        )
    )
    rights = meter.objects()[1].rights
    assert rights == AccessRights(
        read=frozenset({1, 3, 4, 6}), write=frozenset({2, 3, 5, 6}), invoke=frozenset({2, 3})
    )


def test_access_modes_are_bit_masks_from_version_3(meters: Meters) -> None:
    masks = {1: 0, 2: 1, 3: 2, 4: 3, 5: 0b100, 6: 0b1101, 7: 0b1110}
    meter, _ = meters.connect(
        host(
            entry(8, 0, CLOCK, masks, {1: 0, 2: 1, 3: 0b100101, 4: 0b100}),
            entry(15, 3, CURRENT_ASSOCIATION, {}),
        )
    )
    rights = meter.objects()[0].rights
    assert rights == AccessRights(
        read=frozenset({2, 4, 6}), write=frozenset({3, 4, 7}), invoke=frozenset({2, 3})
    )


def test_the_version_that_counts_is_that_of_the_current_association(meters: Meters) -> None:
    other = LogicalName("0.0.40.0.2.255")
    meter, _ = meters.connect(host(entry(15, 3, other, {}), entry(8, 0, CLOCK, {2: 4})))
    assert meter.objects()[1].rights.read == {2}


@pytest.mark.parametrize(
    "data",
    [
        Data.null(),
        Data.octet_string(b"?"),
        Data.array([Data.null()]),
        Data.array([Data.structure([])]),
        Data.array([entry(8, 0, b"short", {})]),
        Data.array([Data.structure([*entry(8, 0, CLOCK, {}).elements, Data.null()])]),
        Data.array(
            [Data.structure([*entry(8, 0, CLOCK, {}).elements[:3], Data.structure([Data.null()] * 2)])]
        ),
        Data.array(
            [
                Data.structure(
                    [
                        *entry(8, 0, CLOCK, {}).elements[:3],
                        Data.structure([Data.array([Data.unsigned(1)]), Data.array([])]),
                    ]
                )
            ]
        ),
    ],
)
def test_a_malformed_object_list_is_a_decode_error(meters: Meters, data: Data) -> None:
    meter_host = host()
    meter_host.values[15, CURRENT_ASSOCIATION, 2] = data
    meter, _ = meters.connect(meter_host)
    with pytest.raises(DecodeError, match="object_list"):
        meter.objects(CATALOGUE)


def test_a_refused_object_list_is_the_access_error(meters: Meters) -> None:
    meter, _ = meters.connect(MemoryHost())
    with pytest.raises(ObjectUndefined):
        meter.objects()
