"""Every APDU of the grammar comes back from its octets, and nothing less or more than its octets is taken."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.apdu.strategies import messages, values

from cosem.apdu import decode_gateway_pdu, decode_pdu
from cosem.core.errors import DecodeError

_QUICK = settings(
    max_examples=30, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
)


def _decode(octets: bytes) -> object:
    return decode_gateway_pdu(octets) if octets[0] in (0xE6, 0xE7) else decode_pdu(octets)


@pytest.mark.parametrize("name", messages())
def test_what_is_encoded_decodes_to_the_same_and_encodes_to_the_same_octets(name: str) -> None:
    @_QUICK
    @given(values(name))
    def check(pdu: Any) -> None:
        octets = pdu.encode()
        again: Any = _decode(octets)
        assert again == pdu
        assert type(again) is type(pdu)
        assert again.encode() == octets

    check()


_OPEN_ENDED = ("Gateway-Request", "Gateway-Response")


@pytest.mark.parametrize("name", [name for name in messages() if name not in _OPEN_ENDED])
def test_every_proper_prefix_is_refused(name: str) -> None:
    @settings(_QUICK, max_examples=4)
    @given(values(name))
    def check(pdu: Any) -> None:
        octets = pdu.encode()
        for length in range(len(octets)):
            with pytest.raises(DecodeError):
                decode_pdu(octets[:length])

    check()


@pytest.mark.parametrize("name", [name for name in messages() if name not in _OPEN_ENDED])
def test_an_octet_left_over_is_refused(name: str) -> None:
    @settings(_QUICK, max_examples=4)
    @given(values(name), st.binary(min_size=1, max_size=2))
    def check(pdu: Any, rest: bytes) -> None:
        with pytest.raises(DecodeError):
            decode_pdu(pdu.encode() + rest)

    check()
