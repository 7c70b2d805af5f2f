"""Peers walk our whole meter: the object list, then every attribute that it grants to read."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from tests.interop.comparable import comparable
from tests.interop.own_meter import own_meter
from tests.interop.peers import WALKS, Attribute, Plain, Refused, Walk
from tests.interop.test_peers_read_us import SCHEMES, served

from cosem.server import PhysicalDevice
from cosem.sim import Meter, load_meter_file

pytestmark = pytest.mark.interop

NEGOTIATED = (5, 8)
"""Attributes of an association that are another with every client: what was agreed, and whether it is open."""


def _hosted(device: PhysicalDevice) -> dict[Attribute, Plain]:
    """Everything that can be read, but for what is negotiated."""
    return {
        (hosted.description.CLASS_ID, str(hosted.logical_name), index): comparable(hosted.get(index).value)
        for hosted in device.logical_devices[1].objects.values()
        for index in hosted.description.ATTRIBUTES
        if hosted.readable(index) and not (hosted.description.CLASS_ID == 15 and index in NEGOTIATED)
    }


UNSHOWN: dict[str, set[Attribute]] = {"gurux-dlms": {(47, "0.0.25.6.0.255", 8)}}
"""What a peer does not show as it came: a date-time of which nothing is specified is an empty text to this one."""


def _blank(value: Plain) -> Plain:
    """Empty arrays and bit-strings as None, which is how peers show some of them."""
    if isinstance(value, list):
        return [_blank(item) for item in value] or None
    return None if value == "" else value


def _walk(peer: str, link: str, device: PhysicalDevice) -> Walk:
    with served(device, link) as meter:
        return WALKS[peer](meter)


@pytest.mark.parametrize("link", SCHEMES)
@pytest.mark.parametrize("peer", WALKS)
def test_a_walk_finds_every_object_and_value_that_is_hosted(peer: str, link: str) -> None:
    device = own_meter(50)
    walk = _walk(peer, link, device)

    hosted = _hosted(device)
    objects = {(class_id, name) for class_id, _, name in walk.objects}
    assert objects == {(class_id, name) for class_id, name, _ in hosted} | {(15, "0.0.40.0.0.255")}
    found = {attribute: comparable(value) for attribute, value in walk.values.items()}
    assert {attribute: found.get(attribute) for attribute in hosted} == hosted
    assert not any(isinstance(value, Refused) for value in walk.values.values())


@pytest.mark.parametrize("version", [0, 1, 2, 3])
@pytest.mark.parametrize("peer", WALKS)
def test_a_walk_reads_nothing_that_is_refused_whatever_the_version_of_the_association(
    peer: str, version: int
) -> None:
    walk = _walk(peer, "wrapper", own_meter(1, association_version=version))

    assert (15, version, "0.0.40.0.0.255") in walk.objects
    assert len(walk.values) > 70
    assert not any(isinstance(value, Refused) for value in walk.values.values())


@pytest.mark.parametrize("peer", WALKS)
def test_a_walk_finds_a_simulated_meter_with_a_year_of_rows_as_it_is(peer: str) -> None:
    noon = dt.datetime(2024, 3, 1, 12, tzinfo=dt.UTC).timestamp()
    device = Meter(load_meter_file("three_phase"), now=lambda: noon).device()
    with served(device, "wrapper") as address:
        walk = WALKS[peer](replace(address, client=1, password=b"00000001", timeout=10.0))

    hosted = _hosted(device)
    assert len(walk.objects) == len(device.logical_devices[1].objects) + 1
    assert not any(isinstance(value, Refused) for value in walk.values.values())
    shown = hosted.keys() - UNSHOWN.get(peer, set())
    found = {attribute: _blank(comparable(walk.values[attribute])) for attribute in shown}
    assert found == {attribute: _blank(hosted[attribute]) for attribute in shown}
    rows = walk.values[7, "1.0.99.1.0.255", 2]
    assert isinstance(rows, list)
    assert len(rows) == 35_040
