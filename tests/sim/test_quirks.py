"""Each quirk from both sides: a simulated meter that has it, a client that knows of it, and one that does not."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from tests.model.memory_link import MemoryLink
from tests.sim.devices import NOON
from tests.sim.test_device_associations import PUBLIC, meter_of

from cosem.apdu import (
    RLRQ,
    DataNotification,
    ExceptionResponse,
    GetRequestWithList,
    ReleaseRequestReason,
    decode_pdu,
)
from cosem.client import Client, ConnectOptions, decode_push
from cosem.core.datetime import DateTime
from cosem.core.device import Device, Quirk
from cosem.core.errors import AccessError, CosemError, DecodeError
from cosem.model import Clock, ProfileGeneric, Register
from cosem.session.push import encode_push
from cosem.session.switches import Switches
from cosem.sim import Meter, device_file, push_body
from cosem.sim.device_package import find_package

CLOCK, ENERGY, LOAD = Clock("0.0.1.0.0.255"), Register("1.0.1.8.0.255"), ProfileGeneric("1.0.99.1.0.255")
CIPHERED = {Quirk.EMPTY_SYSTEM_TITLE, Quirk.TAG_CHECK_OFF, Quirk.DEDICATED_KEY_REQUIRED}
GUIDE = Path(__file__).parents[2] / "docs/guides/devices.md"


@dataclass
class Line(MemoryLink):
    """A meter with a quirk, and what its client asked it."""

    quirk: Quirk
    asked: list[bytes] = field(default_factory=list[bytes])

    def __post_init__(self) -> None:
        super().__init__(meter_of(PUBLIC, quirks=(self.quirk,)).device())

    def exchange(self, apdu: bytes, timeout: float | None = None) -> bytes:
        self.asked.append(apdu)
        return super().exchange(apdu, timeout)


def client_of(quirk: Quirk, *, knows: bool) -> tuple[Client, Line]:
    line = Line(quirk)
    client = Client(line, ConnectOptions.of(quirks=[quirk] if knows else []))
    client.associate()
    return client, line


def hour(client: Client) -> list[dt.datetime]:
    """The times of the rows from 10:00 to 11:00 at +02:00, asked for in another zone."""
    zone = dt.timezone(dt.timedelta(hours=-3))
    start = dt.datetime(2025, 6, 15, 5, tzinfo=zone)
    rows = client.profile(LOAD, start=start, end=start + dt.timedelta(hours=1))
    times = [row[0] for row in rows]
    assert all(isinstance(time, DateTime) for time in times)
    return [time.to_datetime() for time in times if isinstance(time, DateTime)]


def test_no_rlrq() -> None:
    for knows, sent in ((True, 0), (False, 1)):
        client, line = client_of(Quirk.NO_RLRQ, knows=knows)
        before = len(line.asked)
        client.close()
        assert len(line.asked) - before == sent


def test_no_user_information_in_aare() -> None:
    client, _ = client_of(Quirk.NO_USER_INFORMATION_IN_AARE, knows=True)
    assert client.get(ENERGY.scaler_unit).scaler == 0
    with pytest.raises(CosemError, match="user-information"):
        client_of(Quirk.NO_USER_INFORMATION_IN_AARE, knows=False)


def test_no_user_information_in_rlrq() -> None:
    client, line = client_of(Quirk.NO_USER_INFORMATION_IN_RLRQ, knows=False)
    with_it = RLRQ(ReleaseRequestReason.NORMAL, b"\x01\x00\x00\x00\x06\x5f\x1f\x04\x00\x00\x1e\x1d\xff\xff")
    assert isinstance(decode_pdu(line.exchange(with_it.encode())), ExceptionResponse)
    assert client.get(ENERGY.scaler_unit).scaler == 0  # the association stands
    client.close()
    released = decode_pdu(line.asked[-1])
    assert isinstance(released, RLRQ)
    assert released.user_information is None
    with pytest.raises(CosemError):
        client.get(ENERGY.scaler_unit)


def test_no_get_with_list() -> None:
    client, line = client_of(Quirk.NO_GET_WITH_LIST, knows=True)
    zone, unit = client.get_many([CLOCK.time_zone, ENERGY.scaler_unit])
    assert (zone, unit.scaler) == (-60, 0)
    assert not any(isinstance(decode_pdu(apdu), GetRequestWithList) for apdu in line.asked)
    client, _ = client_of(Quirk.NO_GET_WITH_LIST, knows=False)
    with pytest.raises(CosemError, match="service"):
        client.get_many([CLOCK.time_zone, ENERGY.scaler_unit])


def test_no_selective_access_by_range() -> None:
    client, _ = client_of(Quirk.NO_SELECTIVE_ACCESS_BY_RANGE, knows=True)
    times = hour(client)
    assert [time.astimezone(dt.UTC).strftime("%H:%M") for time in times] == [
        "08:00",
        "08:15",
        "08:30",
        "08:45",
        "09:00",
    ]
    client, _ = client_of(Quirk.NO_SELECTIVE_ACCESS_BY_RANGE, knows=False)
    with pytest.raises(AccessError, match="scope"):
        hour(client)


def test_inverted_deviation() -> None:
    client, _ = client_of(Quirk.INVERTED_DEVIATION, knows=True)
    assert client.get(CLOCK.time).to_datetime().timestamp() == NOON
    times = hour(client)
    assert (len(times), times[0].astimezone(dt.UTC).hour) == (5, 8)
    client, _ = client_of(Quirk.INVERTED_DEVIATION, knows=False)
    assert client.get(CLOCK.time).to_datetime().timestamp() == NOON + 4 * 3600
    assert hour(client) != times


def test_swapped_tags() -> None:
    package = find_package("ksm_west")
    device: Device = package.device
    quirky = Switches.of([Quirk.SWAPPED_TAGS])
    body = push_body(Meter(device_file(package), now=lambda: NOON), device.push[0], device.push)
    sent = DataNotification(1, b"", body)
    octets = encode_push(sent, quirky)
    assert b"\x06\x09\x01\x00\x20\x07\x00\xff" in octets
    assert b"\x09\x06" not in octets
    assert len(octets) == len(encode_push(sent))
    knowing = Device("quirky", "Quirky", quirks={Quirk.SWAPPED_TAGS: PUBLIC.origin})
    assert decode_push(octets, knowing).notification_body == body
    with pytest.raises(DecodeError):
        decode_push(octets)


@pytest.mark.parametrize("quirk", [each for each in Quirk if each not in CIPHERED])
def test_there_is_a_test_of_each_quirk_and_the_guide_says_who_acts_on_it(quirk: Quirk) -> None:
    assert callable(globals()[f"test_{quirk}"])
    assert f"\n| `{quirk}` | " in GUIDE.read_text("utf-8")
