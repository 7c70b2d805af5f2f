"""Link parameters: the group in SNRM and UA, and the negotiation."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import DecodeError, InvalidValueError
from cosem.link.hdlc.parameters import HdlcParameters

octets = st.integers(1, 2030)
frames = st.integers(1, 7)
parameters = st.builds(HdlcParameters, octets, octets, frames, frames)


@given(parameters)
def test_the_group_round_trips(value: HdlcParameters) -> None:
    assert HdlcParameters.decode(value.encode()) == value


def test_no_information_means_128_octets_and_a_window_of_one() -> None:
    assert HdlcParameters.decode(b"") == HdlcParameters(128, 128, 1, 1)


def test_what_is_absent_has_its_default() -> None:
    assert HdlcParameters.decode(bytes.fromhex("818004050207ee")) == HdlcParameters(2030, 128, 1, 1)
    assert HdlcParameters.decode(bytes.fromhex("818000")) == HdlcParameters()


def test_lengths_above_255_take_two_octets() -> None:
    assert HdlcParameters(2030, 128).encode()[:10] == bytes.fromhex("818013 050207ee 060180")


def test_a_value_may_be_written_on_one_to_four_octets() -> None:
    for value in ("050180", "05020080", "050300 0080", "050400000080"):
        group = bytes.fromhex(value)
        assert HdlcParameters.decode(bytes((0x81, 0x80, len(group))) + group) == HdlcParameters()


def test_values_above_the_highest_count_as_the_highest() -> None:
    assert HdlcParameters.decode(bytes.fromhex("81800a 0502ffff 070400000010")) == HdlcParameters(
        2030, 128, 7, 1
    )


def test_unknown_parameters_are_passed_over() -> None:
    assert HdlcParameters.decode(bytes.fromhex("818006 0901ff 060140")) == HdlcParameters(128, 64)


@pytest.mark.parametrize(
    "group",
    [
        "81",
        "8180",
        "828000",
        "818100",
        "818001",
        "818001 05",
        "818003 050280",
        "818003 0502 80 00",
        "818002 0500",
        "818007 05050000000080",
        "818003 050100",
        "818006 070400000000",
        "818006 050180 050140",
        "818003 050180 00",
    ],
)
def test_malformed_groups_are_refused(group: str) -> None:
    with pytest.raises(DecodeError):
        HdlcParameters.decode(bytes.fromhex(group))


@given(st.one_of(st.binary(max_size=40), st.binary(max_size=30).map(lambda rest: b"\x81\x80" + rest)))
def test_any_octets_are_parameters_or_a_decode_error(field: bytes) -> None:
    try:
        value = HdlcParameters.decode(field)
    except DecodeError:
        return
    assert HdlcParameters.decode(value.encode()) == value


@given(parameters, parameters)
def test_both_sides_agree_and_nobody_gets_more_than_proposed(
    client: HdlcParameters, server: HdlcParameters
) -> None:
    answered = server.agreed_with(client)
    used = client.agreed_with(answered)
    assert answered.max_information_transmit == used.max_information_receive
    assert answered.max_information_receive == used.max_information_transmit
    assert answered.window_transmit == used.window_receive
    assert answered.window_receive == used.window_transmit
    assert used.max_information_transmit == min(
        client.max_information_transmit, server.max_information_receive
    )
    assert used.max_information_receive == min(
        client.max_information_receive, server.max_information_transmit
    )
    assert used.window_receive == min(client.window_receive, server.window_transmit)


@pytest.mark.parametrize("values", [(0, 128, 1, 1), (128, 2031, 1, 1), (128, 128, 0, 1), (128, 128, 1, 8)])
def test_parameters_outside_their_range_are_refused(values: tuple[int, int, int, int]) -> None:
    with pytest.raises(InvalidValueError):
        HdlcParameters(*values)
