"""Data: every alternative round-trips, and no octets do harm."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from tests.core.strategies import any_data

from cosem.core.data import Data, Tag, decode_value, skip
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import DecodeError, EncodeError, IncompleteError, LimitError
from cosem.core.limits import Limits
from cosem.core.simple import Value
from cosem.core.tags import CONTENT_OCTETS, DONT_CARE, UNKNOWN

SAMPLES = [
    bytes.fromhex(text)
    for text in (
        "00",
        "0301",
        "0409ff80",
        "05fffffffe",
        "06ffffffff",
        "0903010203",
        "0a0161",
        "0c02c3a4",
        "0d12",
        "0ff6",
        "108000",
        "11ff",
        "12ffff",
        "148000000000000000",
        "15ffffffffffffffff",
        "161b",
        "173f800000",
        "183ff0000000000000",
        "1907e8021d040d050000ffc400",
        "1a07e8021d04",
        "1b0d050000",
        "1cff",
        "1d8000",
        "1e80000000",
        "1fff",
        "20ffff",
        "21ffffffff",
        "ff",
        "0203110112000200",
        "010211011102",
        "13010002110401020304",
        "130202120909000102aabb000201cc",
    )
]


@given(any_data())
def test_every_value_round_trips_through_its_octets(pair: tuple[Data, Value]) -> None:
    data, value = pair
    assert data.value == value
    assert skip(data.octets, 0) == len(data.octets)
    assert Data(data.octets) == data
    assert hash(Data(data.octets)) == hash(data)
    if data.tag in (Tag.ARRAY, Tag.STRUCTURE):
        rebuilt = Data.array(data.elements) if data.tag == Tag.ARRAY else Data.structure(data.elements)
        assert rebuilt == data


@given(any_data())
def test_a_prefix_of_data_is_incomplete(pair: tuple[Data, Value]) -> None:
    octets = pair[0].octets
    for end in range(len(octets)):
        with pytest.raises(IncompleteError):
            decode_value(octets[:end])
        with pytest.raises(IncompleteError):
            skip(octets[:end], 0)


@given(any_data())
def test_octets_behind_data_are_refused(pair: tuple[Data, Value]) -> None:
    with pytest.raises(DecodeError):
        decode_value(pair[0].octets + b"\x00")


@pytest.mark.parametrize(
    ("octets", "value"),
    [
        ("00", None),
        ("03ff", True),
        ("0d12", 0x12),
        ("0d80", -128),
        ("1cff", -1),
        ("1fff", 255),
        ("21ffffffff", 0xFFFFFFFF),
        ("ff", DONT_CARE),
        ("09820003010203", b"\x01\x02\x03"),
        ("1907e8021d040d050000ffc4ff", DateTime.parse("2024-02-29 13:05:00.00+01:00")),
        ("1a07e8021d04", Date.parse("2024-02-29")),
        ("1b0d0500ff", Time.parse("13:05:00")),
    ],
)
def test_alternatives_mean_what_the_book_says(octets: str, value: Value) -> None:
    assert decode_value(bytes.fromhex(octets)) == value


def test_a_compact_array_decodes_like_the_array_it_stands_for() -> None:
    octets = bytes.fromhex("130202120909000102aabb000201cc")
    data = Data(octets)
    assert data.value == [(1, b"\xaa\xbb"), (2, b"\xcc")]
    assert data.elements == [
        Data.structure([Data.long_unsigned(1), Data.octet_string(b"\xaa\xbb")]),
        Data.structure([Data.long_unsigned(2), Data.octet_string(b"\xcc")]),
    ]


def test_a_compact_array_of_fixed_arrays_needs_no_counts_inside() -> None:
    data = Data(bytes.fromhex("13010002110401020304"))
    assert data.value == [[1, 2], [3, 4]]
    assert data.elements[1] == Data.array([Data.unsigned(3), Data.unsigned(4)])


@pytest.mark.parametrize(
    ("octets", "error"),
    [
        ("130000", DecodeError),  # null-data has no octets
        ("1302000400000000", DecodeError),
        ("131104", IncompleteError),
        ("131203000102", DecodeError),  # contents end inside an element
        ("1313", DecodeError),
        ("13090305aabb", DecodeError),  # the last element passes the end
        ("13" + "01ffff" * 8 + "11" + "00", LimitError),
        ("13" + "0201" * 40 + "11" + "00", LimitError),
    ],
)
def test_a_compact_array_that_cannot_be_is_refused(octets: str, error: type[DecodeError]) -> None:
    with pytest.raises(error):
        decode_value(bytes.fromhex(octets))
    with pytest.raises(error):
        skip(bytes.fromhex(octets), 0)
    with pytest.raises(error):
        _ = Data(bytes.fromhex(octets)).elements


def test_unknown_tags_are_refused_with_their_offset() -> None:
    for tag in range(256):
        if CONTENT_OCTETS[tag] == UNKNOWN:
            octets = bytes((2, 2, 0, tag)) + bytes(20)
            with pytest.raises(DecodeError) as caught:
                decode_value(octets)
            assert caught.value.offset == 3
            with pytest.raises(DecodeError):
                skip(octets, 0)


@pytest.mark.parametrize("octets", ["01 84 ffffffff", "02 84 ffffffff", "09 84 ffffffff", "04 84 ffffffff"])
def test_a_count_beyond_the_octets_at_hand_costs_nothing(octets: str) -> None:
    bomb = bytes.fromhex(octets).ljust(40, b"\x00")
    with pytest.raises(IncompleteError):
        decode_value(bomb)
    with pytest.raises(IncompleteError):
        skip(bomb, 0)


@pytest.mark.parametrize("octets", ["0980", "09850000000001aa", "01ff"])
def test_lengths_have_one_to_four_octets(octets: str) -> None:
    with pytest.raises(DecodeError):
        decode_value(bytes.fromhex(octets))


@pytest.mark.parametrize("container", [b"\x01\x01", b"\x02\x01"])
def test_nesting_is_bounded(container: bytes) -> None:
    deepest = container * 32 + b"\x00"
    assert skip(deepest, 0) == len(deepest)
    decode_value(deepest)
    for depth in (33, 100_000):
        deeper = container * depth + b"\x00"
        with pytest.raises(LimitError):
            skip(deeper, 0)
        with pytest.raises(LimitError):
            decode_value(deeper)
    # what the caller allows is never a matter of the interpreter's stack
    liberal = Limits(depth=1_000_000)
    assert skip(container * 50_000 + b"\x00", 0, liberal) == 100_001
    decode_value(container * 5_000 + b"\x00", liberal)


def test_elements_are_bounded_over_all_levels() -> None:
    octets = Data.array([Data.array([Data.null()] * 10)] * 20).octets
    enough, short = Limits(elements=220), Limits(elements=219)
    assert skip(octets, 0, enough) == len(octets)
    assert decode_value(octets, enough) == [[None] * 10] * 20
    with pytest.raises(LimitError):
        skip(octets, 0, short)
    with pytest.raises(LimitError):
        decode_value(octets, short)


def test_compact_arrays_cannot_multiply_beyond_the_limits() -> None:
    one = bytes.fromhex("13020201ffff00110f") + bytes(15)  # 15 octets: 15 x 65538 values
    bomb = b"\x01\x20" + one * 32
    with pytest.raises(LimitError):
        decode_value(bomb)
    with pytest.raises(LimitError):
        skip(bomb, 0)


def test_constructors_refuse_what_does_not_fit() -> None:
    for make, value in ((Data.unsigned, 256), (Data.integer, -129), (Data.long64_unsigned, -1)):
        with pytest.raises(EncodeError):
            make(value)
    with pytest.raises(EncodeError):
        Data.simple(Tag.OCTET_STRING, "text")
    with pytest.raises(EncodeError):
        Data.visible_string("€")


def test_repr_speaks_the_books_words_and_never_fails() -> None:
    assert repr(Data.array([Data.structure([]), Data.null()])) == "Data(array{structure{}, null-data})"
    assert repr(Data.visible_string("ab")) == "Data(visible-string 'ab')"
    assert "malformed" in repr(Data(b"\x02\x02\x11"))
    assert len(repr(Data(b"\x09\x82\xff\xff" + bytes(65535)))) < 500
    assert len(repr(Data(b"\x01\x84\xff\xff\xff\xff" + bytes(10_000)))) < 500


def test_random_mutations_end_in_a_value_or_a_decode_error() -> None:
    source = random.Random(62056)
    for _ in range(4000):
        octets = bytearray(source.choice(SAMPLES) + source.choice(SAMPLES))
        for _ in range(source.randint(1, 4)):
            octets[source.randrange(len(octets))] = source.choice((0, 1, 2, 9, 0x13, 0x7F, 0x81, 0x84, 0xFF))
        wrapped = bytes((source.choice((1, 2)), 2)) + bytes(octets)
        repr(Data(wrapped))
        outcomes: list[bool] = []
        for decode in (decode_value, lambda b: skip(b, 0)):
            try:
                decode(wrapped)
                outcomes.append(True)
            except DecodeError:
                outcomes.append(False)
        if outcomes[0]:
            assert outcomes[1]
