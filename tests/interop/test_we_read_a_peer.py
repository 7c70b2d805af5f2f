"""Our clients read a peer's simulated meter, over the wrapper and over HDLC on TCP."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.interop.comparable import comparable
from tests.interop.peers import Meter, pydlms_meter, pydlms_walk

from cosem.client import Client, ConnectOptions, connect, connect_blocking, connect_blocking_with
from cosem.core.access import ReadOnly
from cosem.core.datetime import DateTime
from cosem.core.errors import AccessError, AssociationError, CosemError
from cosem.core.obis import LogicalName
from cosem.model import CATALOGUE, Clock, ProfileGeneric, Register
from cosem.session.association import AssociationOptions
from cosem.session.authentication import NO_AUTHENTICATION, Authentication
from cosem.session.targets import AttributeTarget

pytestmark = pytest.mark.interop

PASSWORD = b"12345678"
ENERGY = Register("1.0.1.8.0.255")
CLOCK = Clock("0.0.1.0.0.255")
PROFILE = ProfileGeneric("1.0.99.1.0.255")
NOON = DateTime.parse("2024-05-01 12:00:00.00+02:00")
START = dt.datetime(2024, 5, 1, tzinfo=dt.UTC)

MALFORMED = {
    "0.0.66.0.1.255 Compact data capture_objects": "version 1, and yet the elements of version 0: four, not six",
}
"""What the peer's meter holds in a shape that its class does not have."""


@pytest.fixture(params=[False, True], ids=["wrapper", "hdlc"], name="meter")
def _meter(request: pytest.FixtureRequest) -> Iterator[Meter]:
    with pydlms_meter(hdlc=bool(request.param), password=PASSWORD) as meter:
        yield meter


def _url(meter: Meter) -> str:
    return f"{'hdlc+tcp' if meter.hdlc else 'tcp'}://{meter.host}:{meter.port}"


def _open(meter: Meter) -> Client:
    secret = NO_AUTHENTICATION if meter.password is None else Authentication.low(meter.password)
    return connect_blocking(_url(meter), client=meter.client, auth=secret)


@pytest.mark.parametrize("secret", [None, PASSWORD], ids=["no-authentication", "low-level-security"])
def test_registers_clock_and_profile_are_read_as_their_types(meter: Meter, secret: bytes | None) -> None:
    with _open(meter if secret is None else replace(meter, client=1, password=secret)) as client:
        assert str(client.read(ENERGY)) == "12345.678 kWh"
        assert client.get(CLOCK.time) == NOON
        whole = client.profile(PROFILE)
        assert [(column.class_id, column.attribute_index) for column in whole.columns] == [(8, 2), (3, 2)]
        assert len(whole) == 96
        first = whole.rows[0][0]
        assert isinstance(first, DateTime)
        assert first.to_datetime() == START
        hour = client.profile(PROFILE, start=START + dt.timedelta(hours=1), end=START + dt.timedelta(hours=2))
        assert hour.rows == whole.rows[4:9]
        assert client.profile(PROFILE, entries=(11, 20)).rows == whole.rows[10:20]
        assert client.profile(PROFILE, last=7).rows == whole.rows[-7:]


def test_the_asyncio_client_reads_the_same(meter: Meter) -> None:
    async def read() -> list[object]:
        async with connect(_url(meter)) as client:
            profile = await client.profile(PROFILE, last=3)
            return [
                await client.read(ENERGY),
                await client.get(CLOCK.time),
                *await client.get_many([ENERGY.value, ENERGY.scaler_unit]),
                profile.rows,
                len(await client.objects()),
            ]

    with _open(meter) as client:
        expected = [
            client.read(ENERGY),
            client.get(CLOCK.time),
            *client.get_many([ENERGY.value, ENERGY.scaler_unit]),
            client.profile(PROFILE, last=3).rows,
            len(client.objects()),
        ]
    assert asyncio.run(read()) == expected


def test_every_object_is_found_and_every_attribute_that_is_granted_read(meter: Meter) -> None:
    walked = pydlms_walk(meter)
    with _open(meter) as client:
        objects = client.objects(CATALOGUE)
        targets = [
            AttributeTarget(item.class_id, item.logical_name, index)
            for item in objects
            for index in sorted(item.rights.read)
        ]
        one_by_one = [client.get_data(target) for target in targets]
        together = client.get_many_data(targets)

    assert [(item.class_id, item.version, str(item.logical_name)) for item in objects] == walked.objects
    assert {
        (target.class_id, str(LogicalName(target.logical_name)), target.index): comparable(data.value)
        for target, data in zip(targets, one_by_one, strict=True)
    } == walked.values
    assert together == one_by_one


def test_every_attribute_of_a_class_that_is_known_decodes_as_its_type(meter: Meter) -> None:
    with _open(meter) as client:
        deviations: list[object] = []
        client.on_tolerated(deviations.append)
        references = [
            ReadOnly(item.object, index, item.object.ATTRIBUTES[index].codec)
            for item in client.objects(CATALOGUE)
            if item.object is not None
            for index in sorted(item.rights.read & item.object.ATTRIBUTES.keys())
        ]
        assert len(references) == 39
        values = client.get_many(references)
    failed = {
        str(reference)
        for reference, value in zip(references, values, strict=True)
        if isinstance(value, CosemError)
    }
    assert failed == MALFORMED.keys()
    assert deviations == []


def test_a_refusal_and_a_wrong_password_are_told_apart(meter: Meter) -> None:
    with _open(meter) as client, pytest.raises(AccessError):
        client.get(Register("1.0.99.8.0.255").value)
    with pytest.raises(AssociationError):
        _open(replace(meter, client=1, password=b"87654321"))


@pytest.mark.parametrize("size", [128, 512])
def test_a_long_value_comes_in_blocks_as_small_as_we_ask_for(meter: Meter, size: int) -> None:
    options = ConnectOptions(association=AssociationOptions(max_receive_pdu_size=size))
    with _open(meter) as client:
        whole = client.get(PROFILE.buffer)
    with connect_blocking_with(_url(meter), options) as client:
        assert client.get(PROFILE.buffer) == whole
