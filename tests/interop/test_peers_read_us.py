"""Installed peers read a meter of ours, over the wrapper and over HDLC on TCP: what they get is what we host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from tests.interop.own_meter import (
    FIRST_ROW,
    LONG_VALUE,
    PASSWORD,
    PERIOD,
    PUBLIC,
    READER,
    VERY_LONG_VALUE,
    own_meter,
    row_values,
)
from tests.interop.peers import VISITS, Attribute, Meter, PeerFailed, Range, Refused

from cosem.server import PhysicalDevice, serve_in_thread
from cosem.transport.address import NetworkAddress, parse_address
from cosem.transport.stations import StationOptions

pytestmark = pytest.mark.interop

ENERGY: Attribute = (3, "1.0.1.8.0.255", 2)
SCALER_UNIT: Attribute = (3, "1.0.1.8.0.255", 3)
DEMAND: Attribute = (5, "1.0.1.4.0.255", 2)
BREAKER: Attribute = (70, "0.0.96.3.10.255", 2)
LONG: Attribute = (1, "0.0.96.1.4.255", 2)
VERY_LONG: Attribute = (1, "0.0.96.1.5.255", 2)
BUFFER: Attribute = (7, "1.0.99.1.0.255", 2)
UNKNOWN: Attribute = (1, "0.0.96.99.99.255", 2)
WRONG_CLASS: Attribute = (1, "1.0.1.8.0.255", 2)
NOT_READABLE: Attribute = (15, "0.0.40.0.0.255", 7)

UNABLE = {
    (
        "dlms-cosem",
        "hdlc",
    ): "it takes a 7E that ends the check sequence of a frame for the closing flag, and waits",
}
"""What a peer cannot do in a long conversation, in which every octet comes up everywhere."""

SCHEMES = {"wrapper": "tcp", "hdlc": "hdlc+tcp"}


@contextmanager
def served(device: PhysicalDevice, link: str, station: StationOptions | None = None) -> Iterator[Meter]:
    """Serve a meter; what comes out is how its public client finds it."""
    url = f"{SCHEMES[link]}://127.0.0.1:0"
    with serve_in_thread(device, url, station=station or StationOptions()) as found:
        address = parse_address(found)
        assert isinstance(address, NetworkAddress)
        yield Meter(address.host, address.port, hdlc=link == "hdlc", client=PUBLIC)


def as_reader(meter: Meter, password: bytes = PASSWORD) -> Meter:
    """The same meter for the client that has a password."""
    return replace(meter, client=READER, password=password)


@pytest.mark.parametrize("link", SCHEMES)
@pytest.mark.parametrize("client", [PUBLIC, READER], ids=["no-authentication", "low-level-security"])
@pytest.mark.parametrize("peer", VISITS)
def test_each_peer_reads_attributes_long_values_and_a_range_and_releases(
    peer: str, client: int, link: str
) -> None:
    attributes = [ENERGY, SCALER_UNIT, DEMAND, BREAKER, LONG, VERY_LONG, UNKNOWN, WRONG_CLASS, NOT_READABLE]
    asked = Range("1.0.99.1.0.255", FIRST_ROW + 500 * PERIOD, FIRST_ROW + 899 * PERIOD)

    with served(own_meter(), link) as meter:
        visit = VISITS[peer](as_reader(meter) if client == READER else meter, attributes, asked)

    assert visit.values[ENERGY] == 12_345_678
    assert visit.values[SCALER_UNIT] == [0, 30]
    assert visit.values[DEMAND] == -17
    assert visit.values[BREAKER] is True
    assert visit.values[LONG] == LONG_VALUE
    assert visit.values[VERY_LONG] == VERY_LONG_VALUE
    for refused in (UNKNOWN, WRONG_CLASS, NOT_READABLE):
        assert isinstance(visit.values[refused], Refused)
    assert visit.rows == [row_values(index) for index in range(500, 900)]
    assert visit.released


@pytest.mark.parametrize("link", SCHEMES)
@pytest.mark.parametrize("peer", VISITS)
def test_a_buffer_longer_than_any_apdu_comes_in_blocks(peer: str, link: str) -> None:
    station = StationOptions(information_field=2_030, window=7)
    with served(own_meter(3_000), link, station) as meter:
        if (peer, link) in UNABLE:
            with pytest.raises(PeerFailed):
                VISITS[peer](replace(meter, timeout=0.5), [BUFFER], None)
            return
        visit = VISITS[peer](meter, [BUFFER], None)

    rows = visit.values[BUFFER]
    assert isinstance(rows, list)
    assert len(rows) == 3_000
    assert rows[::997] == [row_values(index) for index in range(0, 3_000, 997)]


@pytest.mark.parametrize("link", SCHEMES)
@pytest.mark.parametrize("size", [64, 200, 1_024])
@pytest.mark.parametrize("peer", VISITS)
def test_the_blocks_are_as_small_as_the_peer_asks_for(peer: str, size: int, link: str) -> None:
    asked = Range("1.0.99.1.0.255", FIRST_ROW, FIRST_ROW + 4 * PERIOD)
    with served(own_meter(), link) as meter:
        visit = VISITS[peer](replace(meter, pdu_size=size), [ENERGY, LONG], asked)

    assert visit.values == {ENERGY: 12_345_678, LONG: LONG_VALUE}
    assert visit.rows == [row_values(index) for index in range(5)]


@pytest.mark.parametrize("link", SCHEMES)
@pytest.mark.parametrize("peer", VISITS)
def test_a_wrong_password_is_refused(peer: str, link: str) -> None:
    device = own_meter(1)
    with served(device, link) as meter, pytest.raises(PeerFailed):
        VISITS[peer](as_reader(meter, b"87654321"), [ENERGY], None)
    assert device.failures == {(READER, 1): 1}
