"""The drivers against a peer's simulated meter: what they report is what that meter holds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace

import pytest
from tests.interop.peers import VISITS, WALKS, Attribute, Meter, PeerFailed, Range, Refused, pydlms_meter

pytestmark = pytest.mark.interop

_PASSWORD = b"12345678"
_ENERGY: Attribute = (3, "1.0.1.8.0.255", 2)
_SCALER_UNIT: Attribute = (3, "1.0.1.8.0.255", 3)
_PROFILE: Attribute = (7, "1.0.99.1.0.255", 2)
_UNKNOWN: Attribute = (1, "0.0.96.99.99.255", 2)


@pytest.fixture(params=[False, True], ids=["wrapper", "hdlc"], name="meter")
def _meter(request: pytest.FixtureRequest) -> Iterator[Meter]:
    with pydlms_meter(hdlc=bool(request.param), password=_PASSWORD) as meter:
        yield meter


@pytest.mark.parametrize("secret", [None, _PASSWORD], ids=["no-authentication", "low-level-security"])
@pytest.mark.parametrize("peer", VISITS)
def test_each_client_reads_attributes_blocks_and_a_range_of_rows_and_releases(
    meter: Meter, peer: str, secret: bytes | None
) -> None:
    as_client = meter if secret is None else replace(meter, client=1, password=secret)
    start = dt.datetime(2024, 5, 1, 1, tzinfo=dt.UTC)
    asked = Range("1.0.99.1.0.255", start, start + dt.timedelta(hours=2))

    visit = VISITS[peer](as_client, [_ENERGY, _SCALER_UNIT, _PROFILE, _UNKNOWN], asked)

    assert visit.values[_ENERGY] == 12345678
    assert visit.values[_SCALER_UNIT] == [0, 30]
    assert isinstance(visit.values[_UNKNOWN], Refused)
    buffer = visit.values[_PROFILE]
    assert isinstance(buffer, list)
    assert len(buffer) == 96
    assert visit.rows == buffer[4:13]
    assert visit.released


@pytest.mark.parametrize("peer", VISITS)
def test_a_wrong_password_is_a_failed_visit(meter: Meter, peer: str) -> None:
    with pytest.raises(PeerFailed):
        VISITS[peer](replace(meter, client=1, password=b"87654321"), [_ENERGY], None)


@pytest.mark.parametrize("peer", VISITS)
def test_a_closed_port_is_a_failed_visit(peer: str) -> None:
    with pydlms_meter() as gone:
        pass
    with pytest.raises(PeerFailed):
        VISITS[peer](gone, [_ENERGY], None)


def test_the_walks_of_two_peers_agree_on_objects_and_values(meter: Meter) -> None:
    gurux, pydlms = (WALKS[peer](meter) for peer in ("gurux-dlms", "pydlms-client"))

    assert len(gurux.objects) == 12
    assert gurux.objects == pydlms.objects
    assert gurux.values == pydlms.values
    assert not any(isinstance(value, Refused) for value in gurux.values.values())
