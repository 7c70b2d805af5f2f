"""Any octets whatever are explained: nothing is raised, nothing is lost, nothing is invented."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st
from tests.cli.telegrams import messages, telegrams

from cosem.cli.decode import decode
from cosem.cli.decode.as_json import item_to_json
from cosem.cli.decode.explain import explain
from cosem.cli.decode.source import from_file
from cosem.cli.nodes import lines

KNOWN = [each.octets for each in telegrams()] + [octets for _, octets, _ in messages()]


def shown(octets: bytes) -> None:
    """Decode in both forms; the items stand side by side and in order."""
    at = 0
    for item in decode(octets):
        assert item.offset >= at
        assert octets[at : item.offset].strip(b"~") == b""  # between units there are flags at most
        at = item.offset + len(item.octets)
        json.dumps(item_to_json(item), allow_nan=False)
        for line in lines(explain(item)):
            assert line.plain.isprintable()
    assert octets[at:].strip(b"~") == b""


@given(st.binary(max_size=300))
def test_any_octets_are_explained(octets: bytes) -> None:
    shown(octets)


@given(
    st.sampled_from(KNOWN),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=4),
    st.integers(0, 20),
)
def test_damaged_telegrams_are_explained(octets: bytes, changes: list[tuple[int, int]], cut: int) -> None:
    damaged = bytearray(octets)
    for at, octet in changes:
        damaged[at % len(damaged)] = octet
    shown(bytes(damaged[cut:]))


@given(
    st.lists(
        st.sampled_from(
            [b"~", b"\xa0\x07", b"\x00\x01", b"h\x05\x05h", b"\xe6\xe7\x00", b"\x0f", b"\xe0\xc0"]
        )
    )
)
def test_beginnings_that_lead_nowhere_are_explained(pieces: list[bytes]) -> None:
    shown(b"".join(pieces))


def test_long_noise_takes_time_in_proportion() -> None:
    for pattern in (
        b"~\xa0",
        b"\x00\x01\x00",
        b"~",
        b"h\x05\x05h",
        b"\x0f\x00\x00\x00\x00\x00\x01\x82\xff\xff",
    ):
        shown(pattern * (100_000 // len(pattern)))


@given(st.binary(max_size=100))
def test_a_file_is_text_if_it_can_be_and_binary_if_not(content: bytes) -> None:
    assert from_file(content.hex(" ").encode()) == content
    assert from_file(b"\xff" + content) == b"\xff" + content
