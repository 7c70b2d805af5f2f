"""Octets off the line into frames: any cut, noise, damage, silence."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.link.fcs import check_sequence
from cosem.link.hdlc.frame import LONGEST, Frame
from cosem.link.hdlc.parser import DamagedFrame, FrameFault, FrameParser, ParsedItem, TimedFrameParser

SNRM = Frame(b"\x03", b"\x21", 0x93)
LONG = Frame(b"\x00\x02\x00\x23", b"\x21", 0x10, bytes(range(256)) * 4)
FLAGS = Frame(b"\x03", b"\x21", 0x10, b"\x7e" * 100)


def good(items: list[ParsedItem]) -> list[Frame]:
    return [item for item in items if isinstance(item, Frame)]


def faults(items: list[ParsedItem]) -> list[FrameFault]:
    return [item.reason for item in items if isinstance(item, DamagedFrame)]


def parse(octets: bytes) -> list[ParsedItem]:
    """Everything in ``octets``, the line being silent after them."""
    parser = FrameParser()
    return parser.feed(octets) + parser.flush()


def with_check_sequences(header: bytes, information: bytes = b"") -> bytes:
    """A frame with right check sequences whatever the header says."""
    octets = header + check_sequence(header)
    if information:
        octets += information
        octets += check_sequence(octets)
    return b"~" + octets + b"~"


pieces = st.lists(
    st.one_of(
        st.sampled_from(
            [SNRM.encode(), FLAGS.encode(), LONG.encode()[1:], SNRM.encode()[:-1], b"~", b"~~~~"]
        ),
        st.binary(max_size=30),
        st.binary(max_size=30).map(lambda octets: b"~\xa0" + octets),
    ),
    max_size=8,
).map(b"".join)


@given(pieces, st.lists(st.integers(0, 4000), max_size=12))
def test_any_cut_gives_the_same_items(octets: bytes, places: list[int]) -> None:
    parser = FrameParser()
    items: list[ParsedItem] = []
    begin = 0
    for place in sorted(places):
        items += parser.feed(octets[begin:place])
        begin = max(begin, min(place, len(octets)))
    items += parser.feed(octets[begin:]) + parser.flush()
    assert items == parse(octets)


@given(pieces)
def test_octet_by_octet_gives_the_same_items(octets: bytes) -> None:
    parser = FrameParser()
    items = [item for octet in octets for item in parser.feed(bytes((octet,)))]
    assert items + parser.flush() == parse(octets)


@given(st.lists(st.sampled_from([SNRM, FLAGS, LONG]), min_size=1, max_size=6), st.booleans())
def test_neighbouring_frames_may_share_one_flag(sent: list[Frame], shared: bool) -> None:
    octets = [frame.encode() for frame in sent]
    line = b"".join([octets[0], *(frame[shared:] for frame in octets[1:])])
    assert FrameParser().feed(line) == sent


def test_a_flag_inside_the_information_means_nothing() -> None:
    assert FrameParser().feed(FLAGS.encode()) == [FLAGS]


def test_fill_flags_between_frames_are_passed_over() -> None:
    assert parse(b"~" * 5000 + SNRM.encode() + b"~" * 5000) == [SNRM]


def test_octets_before_the_first_flag_are_noise() -> None:
    assert parse(b"noise" + SNRM.encode()) == [DamagedFrame(FrameFault.NOISE, b"noise"), SNRM]


def test_long_noise_comes_in_pieces_of_the_longest_frame() -> None:
    sizes = [len(item.octets) for item in parse(bytes(5000)) if isinstance(item, DamagedFrame)]
    assert sizes == [LONGEST, LONGEST, 5000 - 2 * LONGEST]


def test_a_frame_without_opening_flag_is_noise() -> None:
    assert faults(parse(SNRM.encode()[1:])) == [FrameFault.NOISE]


def test_a_frame_without_closing_flag_ends_with_silence() -> None:
    assert faults(parse(SNRM.encode()[:-1])) == [FrameFault.INCOMPLETE]


@pytest.mark.parametrize("size", range(2, 8))
def test_a_frame_cut_short_gives_no_frame(size: int) -> None:
    assert good(parse(SNRM.encode()[:size])) == []
    assert good(parse(SNRM.encode()[:size] + b"~")) == []


def test_another_format_type_is_no_frame() -> None:
    assert faults(parse(with_check_sequences(bytes.fromhex("9007032193")))) == [FrameFault.FORMAT_TYPE]


@pytest.mark.parametrize("length", [0, 6, 8, 10, 0x7FF])
def test_a_length_that_does_not_fit_is_no_frame(length: int) -> None:
    items = parse(with_check_sequences(bytes((0xA0 | length >> 8, length & 0xFF, 0x03, 0x21, 0x93))))
    assert good(items) == []
    assert faults(items)


@pytest.mark.parametrize("addresses", ["02020321", "020202020321", "03020221", "0302020202 21", "02020202"])
def test_addresses_of_three_or_five_octets_are_no_frame(addresses: str) -> None:
    body = bytes.fromhex(addresses) + b"\x93" + bytes(3)
    header = bytes((0xA0, len(body) + 4)) + body
    assert faults(parse(with_check_sequences(header))) == [FrameFault.ADDRESS]


def test_a_wrong_header_check_sequence_is_named() -> None:
    octets = bytearray(LONG.encode())
    octets[9] ^= 1
    assert faults(parse(bytes(octets)))[0] is FrameFault.HCS


def test_a_wrong_frame_check_sequence_is_named_and_the_frame_kept_whole() -> None:
    octets = bytearray(FLAGS.encode())
    octets[50] ^= 1
    assert parse(bytes(octets)) == [DamagedFrame(FrameFault.FCS, bytes(octets[1:-1]))]


def test_a_lost_octet_costs_one_frame_only() -> None:
    octets = LONG.encode()
    for place in (1, 2, 5, 12, 300, len(octets) - 2):
        line = octets[:place] + octets[place + 1 :] + SNRM.encode() + LONG.encode()
        assert good(parse(line))[-2:] == [SNRM, LONG], place


def test_a_frame_swallowed_by_a_fragment_is_found_when_the_line_falls_silent() -> None:
    parser = FrameParser()
    assert good(parser.feed(LONG.encode()[:40] + SNRM.encode())) == []
    assert good(parser.flush()) == [SNRM]


def test_a_lone_flag_is_not_a_fragment() -> None:
    parser = FrameParser()
    parser.feed(SNRM.encode())
    assert not parser.pending
    parser.feed(b"\xa0")
    assert parser.pending


def test_after_silence_the_last_closing_flag_opens_nothing() -> None:
    parser = TimedFrameParser(1.0)
    assert parser.feed(SNRM.encode(), 0.0) == [SNRM]
    assert good(parser.feed(SNRM.encode()[1:], 5.0)) == []


def test_the_inter_octet_timeout_drops_a_fragment() -> None:
    parser = TimedFrameParser(1.0)
    assert parser.deadline() is None
    parser.feed(SNRM.encode()[:6], 10.0)
    assert parser.deadline() == 11.0
    assert parser.on_time(10.5) == []
    assert faults(parser.on_time(11.0)) == [FrameFault.INCOMPLETE]
    assert parser.deadline() is None
    assert good(parser.feed(SNRM.encode()[6:], 11.5)) == []


def test_within_the_inter_octet_timeout_a_fragment_is_continued() -> None:
    parser = TimedFrameParser(1.0)
    parser.feed(SNRM.encode()[:6], 10.0)
    assert parser.feed(SNRM.encode()[6:], 10.9) == [SNRM]


@pytest.mark.parametrize("seed", range(20))
def test_mutated_streams_neither_raise_nor_pile_up(seed: int) -> None:
    draw = random.Random(seed)
    parser = FrameParser()
    for _ in range(300):
        octets = bytearray(draw.choice([SNRM, FLAGS, LONG]).encode())
        for _ in range(draw.randrange(4)):
            octets[draw.randrange(len(octets))] = draw.randrange(256)
        del octets[draw.randrange(len(octets)) : draw.choice([0, 0, len(octets)])]
        for item in parser.feed(bytes(octets)):
            assert len(item.octets if isinstance(item, DamagedFrame) else item.information) <= LONGEST
        kept = sum(len(piece) for piece in parser._pieces)
        assert kept <= LONGEST + 2
    assert good(parser.feed(b"~" * 2 + bytes(3000) + SNRM.encode()))[-1] == SNRM


def test_good_frames_after_any_damage_are_found() -> None:
    draw = random.Random(7)
    for _ in range(200):
        damaged = bytearray(draw.choice([SNRM, FLAGS, LONG]).encode())
        damaged[draw.randrange(len(damaged))] ^= draw.randrange(1, 256)
        items = parse(bytes(damaged) + SNRM.encode())
        assert good(items)[-1:] == [SNRM]
