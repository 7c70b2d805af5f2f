"""Every attribute of every class version, through our meter and our client."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

import pytest
from tests.model.memory_link import associated
from tests.model.values import encoded

from cosem.client import Client
from cosem.core.access import AttributeSpec, CosemObject, ReadOnly, ReadWrite
from cosem.core.codecs import DATA
from cosem.core.data import Data
from cosem.core.errors import AccessError
from cosem.core.obis import LogicalName
from cosem.model import CATALOGUE
from cosem.server import Access, Association, HostedObject, LogicalDevice, PhysicalDevice, Rights
from cosem.session.host import AssociationPolicy
from cosem.session.targets import AttributeTarget

TURNS = 8
OBJECTS = [cls(LogicalName(bytes((0, 0, 128, *key, 255)))) for key, cls in CATALOGUE.items()]
"""One of each class version; the logical name tells which."""


def attributes(described: CosemObject) -> Iterator[AttributeSpec]:
    """All but the logical name."""
    return (spec for index, spec in described.ATTRIBUTES.items() if index > 1)


def seeded(described: CosemObject, spec: AttributeSpec, purpose: str) -> Data:
    """A value of the type that the spec gives an attribute."""
    seed = f"{described.CLASS_ID} {described.VERSION} {spec.index} {purpose}"
    return Data(encoded(spec.codec.describe(), Random(zlib.crc32(seed.encode()))))


def reference(described: CosemObject, spec: AttributeSpec) -> ReadOnly[object]:
    """What the generated class hands out for an attribute."""
    found: object = getattr(described, spec.name, None) or getattr(described, f"{spec.name}_")
    assert isinstance(found, ReadOnly)
    return found


@dataclass(frozen=True, slots=True)
class Turn:
    """A client of a meter that holds one value for each attribute."""

    number: int
    client: Client

    def held(self, described: CosemObject, spec: AttributeSpec) -> Data:
        """What the meter was given."""
        return seeded(described, spec, f"read {self.number}")

    def written(self, described: CosemObject, spec: AttributeSpec) -> Data:
        """What the client shall write: another value, of the same type where the book leaves the type to the meter."""
        value = seeded(described, spec, f"write {self.number}")
        held = self.held(described, spec)
        return held if spec.codec is DATA and value.tag != held.tag else value


@pytest.fixture(params=range(TURNS), name="turn")
def _turn(request: pytest.FixtureRequest) -> Turn:
    number = int(request.param)
    hosted = [
        HostedObject(
            described,
            {spec.index: seeded(described, spec, f"read {number}") for spec in attributes(described)},
        )
        for described in OBJECTS
    ]
    everything = Association(16, AssociationPolicy(), Rights(Access.READ_WRITE))
    device = PhysicalDevice([LogicalDevice(1, b"ACM0000000000001", hosted, [everything])])
    return Turn(number, associated(device))


def test_every_attribute_of_every_class_version_is_read_as_the_meter_holds_it(turn: Turn) -> None:
    for described in OBJECTS:
        for spec in attributes(described):
            value = turn.held(described, spec)
            asked = reference(described, spec)
            assert turn.client.get_data(AttributeTarget.of(asked)) == value, str(asked)
            assert spec.codec.encode(turn.client.get(asked)) == value.octets, str(asked)


def test_every_writable_attribute_is_written_and_read_back_and_no_other(turn: Turn) -> None:
    for described in OBJECTS:
        for spec in attributes(described):
            new = turn.written(described, spec)
            asked = reference(described, spec)
            target = AttributeTarget.of(asked)
            if isinstance(asked, ReadWrite):
                turn.client.set(asked, spec.codec.decode(new.octets))
                assert turn.client.get_data(target) == new, str(asked)
            else:
                with pytest.raises(AccessError):
                    turn.client.set_data(target, new)
                assert turn.client.get_data(target) == turn.held(described, spec), str(asked)


def test_the_seeds_reach_far() -> None:
    everything = [(described, spec) for described in OBJECTS for spec in attributes(described)]
    assert len(everything) > 1000
    assert sum(spec.writable for _, spec in everything) > 500
    lengths = [len(seeded(described, spec, "read 0").octets) for described, spec in everything]
    assert max(lengths) > 200


def test_the_meter_lists_every_class_version(turn: Turn) -> None:
    listed = {(found.class_id, found.version, found.logical_name) for found in turn.client.objects()}
    wanted = {(described.CLASS_ID, described.VERSION, described.logical_name) for described in OBJECTS}
    assert wanted - listed == set()
