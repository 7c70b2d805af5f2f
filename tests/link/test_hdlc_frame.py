"""HDLC frames of format type 3."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import EncodeError
from cosem.link.fcs import check_sequence
from cosem.link.hdlc.frame import FLAG, Frame
from cosem.link.hdlc.parser import FrameParser


@dataclass(frozen=True)
class Published:
    name: str
    octets: bytes
    kind: str
    frame: Frame


def published() -> list[Published]:
    text = (Path(__file__).parents[1] / "vectors" / "hdlc_frames.yaml").read_text("utf-8")
    return [
        Published(
            str(row["name"]),
            bytes.fromhex(str(row["octets"])),
            str(row["kind"]),
            Frame(
                bytes.fromhex(str(row["destination"])),
                bytes.fromhex(str(row["source"])),
                int(row["control"]),
                bytes.fromhex(str(row["information"])),
            ),
        )
        for row in cast("list[dict[str, str | int]]", yaml.safe_load(text))
    ]


PUBLISHED = published()


@pytest.mark.parametrize("vector", PUBLISHED, ids=[vector.name for vector in PUBLISHED])
def test_published_frames_decode_and_encode(vector: Published) -> None:
    assert FrameParser().feed(vector.octets) == [vector.frame]
    assert vector.frame.encode() == vector.octets
    assert vector.frame.kind.name == vector.kind


addresses = st.sampled_from(
    [b"\x03", b"\x21", b"\x02\x23", b"\x7e\x7f", b"\x00\x02\x00\x23", b"\xfe\xfe\xfe\xff"]
)
any_frame = st.builds(
    Frame,
    destination=addresses,
    source=addresses,
    control=st.integers(0, 255),
    information=st.binary(max_size=2030) | st.just(b"\x7e" * 40),
    segmented=st.booleans(),
)


@given(any_frame)
def test_frames_round_trip(frame: Frame) -> None:
    assert FrameParser().feed(frame.encode()) == [frame]


@given(any_frame)
def test_the_length_counts_every_octet_between_the_flags(frame: Frame) -> None:
    octets = frame.encode()
    assert octets[0] == octets[-1] == FLAG
    assert int.from_bytes(octets[1:3], "big") & 0x7FF == len(octets) - 2
    assert octets[1] >> 4 == 0xA
    assert bool(octets[1] & 0x08) is frame.segmented


@given(any_frame)
def test_header_and_whole_frame_have_their_check_sequences(frame: Frame) -> None:
    octets = frame.encode()
    header = 1 + 2 + len(frame.destination) + len(frame.source) + 1
    assert octets[header : header + 2] == check_sequence(octets[1:header])
    if frame.information:
        assert octets[-3:-1] == check_sequence(octets[1:-3])


def test_a_frame_without_information_has_one_check_sequence() -> None:
    assert len(Frame(b"\x03", b"\x21", 0x93).encode()) == 9


def test_a_frame_longer_than_the_length_field_is_refused() -> None:
    longest = 0x7FF - 2 - 4 - 1 - 1 - 2 - 2
    assert len(Frame(b"\x00\x02\x00\x23", b"\x21", 0x10, bytes(longest)).encode()) == 0x7FF + 2
    with pytest.raises(EncodeError):
        Frame(b"\x00\x02\x00\x23", b"\x21", 0x10, bytes(longest + 1)).encode()
