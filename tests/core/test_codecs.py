"""Codecs of the simple types and what is put together from them."""

from __future__ import annotations

import random
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategies import any_data, simple_data

from cosem.core import codecs
from cosem.core.axdr import read_structure, write_structure
from cosem.core.bits import Bits
from cosem.core.bitstring import BitString
from cosem.core.choice import choice_codec
from cosem.core.codec import Codec
from cosem.core.codecs import array_codec, bit_string_codec, bits_codec, enum_codec, octet_string_codec
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime
from cosem.core.enums import OpenEnum
from cosem.core.errors import DecodeError, EncodeError, IncompleteError
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.obis import LogicalName
from cosem.core.rows import Rows
from cosem.core.tags import DONT_CARE, Tag
from cosem.core.types import AnyData, ArrayOf, BufferOf, ChoiceOf, Simple


class ControlState(OpenEnum):
    DISCONNECTED = 0
    CONNECTED = 1


class ClockStatus(Bits):
    WIDTH = 8
    NAMES: ClassVar[dict[int, str]] = {0x80: "daylight_saving_active", 0x01: "invalid_value"}


class Conformance(Bits):
    WIDTH = 24


SIMPLE: dict[Tag, Codec[object]] = {
    tag: getattr(codecs, f"TAGGED_{tag.name}" if tag in (Tag.DATE_TIME, Tag.DATE, Tag.TIME) else tag.name)
    for tag in Tag
    if tag not in (Tag.ARRAY, Tag.STRUCTURE, Tag.COMPACT_ARRAY)
}


@given(simple_data())
def test_every_simple_type_has_a_codec_that_agrees_with_data(pair: tuple[Data, object]) -> None:
    data, value = pair
    codec = SIMPLE[data.tag]
    assert codec.notation == data.tag.book_name
    assert codec.describe() == Simple(data.tag.book_name, data.tag)
    assert codec.read(data.octets, 0, DEFAULT_LIMITS) == (value, len(data.octets))
    assert codec.decode(data.octets) == value
    assert codec.encode(value) == data.octets


@given(simple_data())
def test_strict_readers_take_their_own_tag_only(pair: tuple[Data, object]) -> None:
    for tag, codec in SIMPLE.items():
        if tag != pair[0].tag:
            with pytest.raises(DecodeError):
                codec.read(pair[0].octets, 0, DEFAULT_LIMITS)


@given(any_data())
def test_data_round_trips_untouched(pair: tuple[Data, object]) -> None:
    assert codecs.DATA.decode(codecs.DATA.encode(pair[0])) == pair[0]
    assert codecs.DATA.encode_data(pair[0]) == pair[0]


@pytest.mark.parametrize(
    ("codec", "value", "octets"),
    [
        (codecs.LOGICAL_NAME, LogicalName("1.0.99.1.0.255"), "0906 0100630100ff"),
        (codecs.DATE_TIME, DateTime.unspecified(), "090c ffffffffffffffffff8000ff"),
        (codecs.DATE, Date.parse("2024-02-29"), "0905 07e8021d04"),
        (codecs.TAGGED_DATE, Date.parse("2024-02-29"), "1a 07e8021d04"),
        (octet_string_codec(2), b"ab", "0902 6162"),
        (bit_string_codec(3), BitString.parse("101"), "0403 a0"),
        (enum_codec(ControlState), ControlState.CONNECTED, "1601"),
        (enum_codec(ControlState, Tag.UNSIGNED), ControlState.CONNECTED, "1101"),
        (bits_codec(ClockStatus, Tag.UNSIGNED), ClockStatus(0x81), "1181"),
        (bits_codec(Conformance, Tag.BIT_STRING), Conformance(0x00501F), "0418 00501f"),
        (array_codec(codecs.UNSIGNED), [1, 2], "0102 1101 1102"),
        (array_codec(array_codec(codecs.NULL_DATA)), [[None], []], "0102 010100 0100"),
        (codecs.DONT_CARE, DONT_CARE, "ff"),
        (codecs.COMPACT_ARRAY, Data(bytes.fromhex("13110101")), "13110101"),
        (codecs.ROWS, Rows(bytes.fromhex("01010201 1107")), "01010201 1107"),
        (codecs.visible_string_codec(2), "ab", "0a02 6162"),
    ],
)
def test_encodings(codec: Codec[object], value: object, octets: str) -> None:
    encoded = bytes.fromhex(octets)
    assert codec.encode(value) == encoded
    decoded = codec.decode(encoded)
    assert decoded == value
    assert type(decoded) is type(value)
    for end in range(len(encoded)):
        with pytest.raises(DecodeError):
            codec.decode(encoded[:end])
    with pytest.raises(DecodeError):
        codec.decode(encoded + b"\x00")


def test_an_enumeration_keeps_unknown_numbers() -> None:
    assert enum_codec(ControlState).decode(b"\x16\x09") == 9


@pytest.mark.parametrize(
    ("codec", "value"),
    [
        (codecs.UNSIGNED, 256),
        (codecs.UNSIGNED, "1"),
        (codecs.BOOLEAN, 1),
        (codecs.NULL_DATA, 0),
        (codecs.LOGICAL_NAME, b"12345"),
        (octet_string_codec(2), b"a"),
        (bit_string_codec(2), BitString.parse("1")),
        (codecs.OCTET_STRING, "text"),
        (codecs.VISIBLE_STRING, "€"),
        (codecs.VISIBLE_STRING, b"a"),
        (codecs.BIT_STRING, b"a"),
        (codecs.DONT_CARE, None),
        (array_codec(codecs.UNSIGNED), [None]),
        (bits_codec(Conformance, Tag.BIT_STRING), 1 << 24),
        (codecs.DATA, b"\x00"),
        (codecs.ROWS, b"\x01\x00"),
    ],
)
def test_values_of_another_kind_are_refused(codec: Codec[object], value: object) -> None:
    with pytest.raises(EncodeError):
        codec.encode(value)


def test_an_array_that_cannot_be_there_is_refused_before_it_is_read() -> None:
    with pytest.raises(IncompleteError):
        array_codec(codecs.UNSIGNED, 2).read(bytes.fromhex("0184ffffffff") + bytes(30), 0, DEFAULT_LIMITS)


def test_a_choice_is_told_by_its_tag_and_written_by_the_first_that_fits() -> None:
    codec = choice_codec(
        codecs.NULL_DATA, codecs.UNSIGNED, codecs.LONG_UNSIGNED, codecs.DATE, codecs.DATE_TIME
    )
    assert codec.notation == "choice{null-data, unsigned, long-unsigned, Date, DateTime}"
    for value in (None, 5, 500, Date.parse("2024-01-01"), DateTime.unspecified()):
        assert codec.decode(codec.encode(value)) == value
    assert codec.encode(500)[0] == Tag.LONG_UNSIGNED
    with pytest.raises(DecodeError):
        codec.decode(b"\x05\xff\xff\xff\xff")
    with pytest.raises(EncodeError):
        codec.encode(70_000)
    assert isinstance(codec.describe(), ChoiceOf)


def test_a_choice_may_hold_data_arrays_and_buffers() -> None:
    codec = choice_codec(codecs.NULL_DATA, array_codec(codecs.UNSIGNED), codecs.DATA)
    assert codec.decode(bytes.fromhex("01011105")) == [5]
    assert codec.decode(bytes.fromhex("0101030f")) == Data(bytes.fromhex("0101030f"))
    assert codec.encode(Data.unsigned(1)) == b"\x11\x01"
    assert codec.describe() == ChoiceOf((Simple("null-data", 0), ArrayOf(Simple("unsigned", 17)), AnyData()))
    assert choice_codec(codecs.ROWS, codecs.NULL_DATA).describe() == ChoiceOf(
        (BufferOf(), Simple("null-data", 0))
    )


def test_structure_heads_are_checked() -> None:
    assert read_structure(write_structure(3), 0, 3) == 2
    for octets in (b"\x02\x02", b"\x01\x03"):
        with pytest.raises(DecodeError):
            read_structure(octets, 0, 3)


@given(st.binary(max_size=60))
def test_any_octets_end_in_a_value_or_a_decode_error(octets: bytes) -> None:
    composed: list[Codec[Any]] = [*SIMPLE.values(), array_codec(codecs.DATE_TIME), codecs.ROWS, codecs.DATA]
    for codec in composed:
        try:
            codec.decode(octets)
        except DecodeError:
            continue


def test_mutations_end_in_a_value_or_a_decode_error() -> None:
    source = random.Random(1)
    choice = choice_codec(codecs.NULL_DATA, codecs.LOGICAL_NAME, enum_codec(ControlState), codecs.DATE_TIME)
    codec = array_codec(choice)
    clean = codec.encode([None, LogicalName("1.0.1.8.0.255"), ControlState.CONNECTED, DateTime.unspecified()])
    for _ in range(2000):
        octets = bytearray(clean)
        octets[source.randrange(len(octets))] = source.randrange(256)
        try:
            value = codec.decode(bytes(octets))
        except DecodeError:
            continue
        assert codec.decode(codec.encode(value)) == value
