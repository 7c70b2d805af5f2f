"""Segmentation and reassembly, numbered and in UI frames."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.link.frames import CLIENT_ADDRESS, SERVER_ADDRESS, frames

from cosem.core.errors import LimitError
from cosem.link import llc
from cosem.link.hdlc.frame import Frame
from cosem.link.hdlc.segment import Reassembler, Segmenter, segments
from cosem.link.hdlc.unnumbered import UnnumberedAssembler, unnumbered_frames


@given(st.lists(st.binary(min_size=1, max_size=500), max_size=4), st.integers(1, 200))
def test_segments_join_to_what_was_cut(lpdus: list[bytes], size: int) -> None:
    segmenter = Segmenter()
    for lpdu in lpdus:
        segmenter.put(lpdu)
    reassembler = Reassembler(500)
    joined: list[bytes] = []
    while segmenter:
        information, more = segmenter.take(size)
        assert 1 <= len(information) <= size
        whole = reassembler.put(information, more)
        assert (whole is None) is more
        if whole is not None:
            joined.append(whole)
    assert joined == lpdus
    assert not reassembler


def test_an_lpdu_of_exactly_the_size_is_one_segment() -> None:
    assert segments(bytes(128), 128) == [(bytes(128), False)]
    assert [len(field) for field, _ in segments(bytes(129), 128)] == [128, 1]


def test_what_grows_above_the_limit_is_dropped() -> None:
    reassembler = Reassembler(10)
    assert reassembler.put(bytes(6), True) is None
    with pytest.raises(LimitError):
        reassembler.put(bytes(5), True)
    assert not reassembler
    assert reassembler.put(b"next", False) == b"next"


def ui(information: bytes, segmented: bool = False, source: bytes = SERVER_ADDRESS) -> Frame:
    return Frame(CLIENT_ADDRESS, source, 0x03, information, segmented)


@given(st.binary(min_size=1, max_size=600), st.integers(3, 200))
def test_unnumbered_segments_join(apdu: bytes, size: int) -> None:
    assembler = UnnumberedAssembler(1000)
    sent = frames(unnumbered_frames(CLIENT_ADDRESS, SERVER_ADDRESS, llc.RESPONSE + apdu, size))
    assert [assembler.put(frame) for frame in sent] == [None] * (len(sent) - 1) + [apdu]


def test_a_push_without_llc_header_is_taken_if_it_is_whole() -> None:
    assembler = UnnumberedAssembler(1000)
    assert assembler.put(ui(b"\x0fpush")) == b"\x0fpush"


def test_unnumbered_segments_after_damage_are_dropped_up_to_the_last() -> None:
    assembler = UnnumberedAssembler(1000)
    assert assembler.put(ui(llc.RESPONSE + b"one ", True)) is None
    assembler.damage()
    assert assembler.put(ui(b"three ", True)) is None
    assert assembler.put(ui(b"four")) is None
    assert assembler.put(ui(llc.RESPONSE + b"next")) == b"next"


def test_unnumbered_segments_whose_first_is_missing_are_dropped() -> None:
    assembler = UnnumberedAssembler(1000)
    assert assembler.put(ui(b"two ", True)) is None
    assert assembler.put(ui(b"three")) is None
    assert assembler.put(ui(b"next")) == b"next"


def test_unnumbered_segments_of_another_sender_begin_anew() -> None:
    assembler = UnnumberedAssembler(1000)
    assert assembler.put(ui(llc.RESPONSE + b"one ", True)) is None
    assert assembler.put(ui(llc.RESPONSE + b"other", source=b"\x05")) == b"other"


def test_unnumbered_segments_above_the_limit_are_dropped() -> None:
    assembler = UnnumberedAssembler(20)
    assert assembler.put(ui(llc.RESPONSE + bytes(10), True)) is None
    assert assembler.put(ui(bytes(10), True)) is None
    assert assembler.put(ui(bytes(3))) is None
    assert assembler.put(ui(llc.RESPONSE + b"next")) == b"next"


def test_llc_headers_name_the_direction() -> None:
    assert llc.strip(b"\xe6\xe6\x00apdu", llc.COMMAND) == b"apdu"
    assert llc.strip(b"\xe6\xe7\x00apdu", llc.COMMAND) is None
    assert llc.strip_any(b"\xe6\xe7\x00apdu") == b"apdu"
    assert llc.strip_any(b"apdu") == b"apdu"
