"""What meters send instead: taken, reported, and never more than that."""

from __future__ import annotations

import random
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategies import INTEGER_TAGS, any_data, integers_of

from cosem.core.bits import Bits
from cosem.core.data import Data, skip
from cosem.core.enums import OpenEnum
from cosem.core.errors import DecodeError, EncodeError, IncompleteError
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.tags import Tag
from cosem.core.tolerant import Deviation, normalise
from cosem.core.types import (
    AnyData,
    ArrayOf,
    BufferOf,
    ChoiceOf,
    Enumerated,
    Field,
    Flags,
    Formatted,
    Simple,
    StructureOf,
    Type,
)


@dataclass(slots=True)
class CaptureObject:
    class_id: int
    logical_name: bytes


class State(OpenEnum):
    ON = 1


class Wide(Bits):
    WIDTH = 12


NULL = Simple("null-data", 0)
UNSIGNED = Simple("unsigned", 17)
LONG_UNSIGNED = Simple("long-unsigned", 18)
OCTET_STRING = Simple("octet-string", 9)
LOGICAL_NAME = Formatted("LogicalName", 6)
DATE_TIME = Formatted("DateTime", 12)
CAPTURE_OBJECT = StructureOf(
    CaptureObject, (Field("class_id", LONG_UNSIGNED), Field("logical_name", LOGICAL_NAME))
)
NAME = "0100630100ff"
ANY_TIME = "ffffffffffffffffff8000ff"


@pytest.mark.parametrize(
    ("type", "sent", "regular", "path", "found"),
    [
        (UNSIGNED, "120005", "1105", "", "long-unsigned"),
        (UNSIGNED, "1605", "1105", "", "enum"),
        (UNSIGNED, "0301", "1101", "", "boolean"),
        (Simple("long64", 20), "0fff", "14ffffffffffffffff", "", "integer"),
        (Simple("boolean", 3), "1105", "0301", "", "unsigned"),
        (Simple("float64", 24), "173f800000", "183ff0000000000000", "", "float32"),
        (Simple("float32", 23), "1102", "1740000000", "", "unsigned"),
        (Enumerated(State), "1101", "1601", "", "unsigned"),
        (Flags(Wide, 17), "120007", "1107", "", "long-unsigned"),
        (Flags(Wide, 4), "0408f0", "040cf000", "", "bit-string"),
        (Flags(Wide, 4), "0410f000", "040cf000", "", "bit-string"),
        (OCTET_STRING, "0a026162", "09026162", "", "visible-string"),
        (Simple("visible-string", 10), "09026162", "0a026162", "", "octet-string"),
        (Simple("visible-string", 10), "00", "0a00", "", "null-data"),
        (DATE_TIME, "19" + ANY_TIME, "090c" + ANY_TIME, "", "date-time"),
        (Simple("date-time", 25), "090c" + ANY_TIME, "19" + ANY_TIME, "", "octet-string"),
        (DATE_TIME, "0900", "090c" + ANY_TIME, "", "octet-string"),
        (DATE_TIME, "00", "090c" + ANY_TIME, "", "null-data"),
        (Formatted("Date", 5), "1a07e8021d04", "090507e8021d04", "", "date"),
        (Formatted("Time", 4), "0900", "0904ffffffff", "", "octet-string"),
        (LOGICAL_NAME, "0a06" + NAME, "0906" + NAME, "", "visible-string"),
        (ArrayOf(UNSIGNED), "00", "0100", "", "null-data"),
        (ArrayOf(UNSIGNED), "02011101", "01011101", "", "structure"),
        (ArrayOf(UNSIGNED), "1311020102", "010211011102", "", "compact-array"),
        (ArrayOf(UNSIGNED), "0102120001120002", "010211011102", "[]", "long-unsigned"),
        (CAPTURE_OBJECT, "0102120007" + "0906" + NAME, "0202120007" + "0906" + NAME, "", "array"),
        (
            ArrayOf(CAPTURE_OBJECT),
            "010102021107" + "0906" + NAME,
            "01010202120007" + "0906" + NAME,
            "[].class_id",
            "unsigned",
        ),
        (ChoiceOf((NULL, UNSIGNED)), "120005", "1105", "", "long-unsigned"),
        (BufferOf(), "00", "0100", "", "null-data"),
    ],
)
def test_known_deviations_are_taken_and_reported(
    type: Type, sent: str, regular: str, path: str, found: str
) -> None:
    octets, deviations = normalise(bytes.fromhex(sent), type, DEFAULT_LIMITS)
    assert octets.hex() == regular
    assert [(deviation.path, deviation.found) for deviation in deviations] == [(path, found)]
    again, none = normalise(octets, type, DEFAULT_LIMITS)
    assert (again, none) == (octets, [])


@pytest.mark.parametrize(
    ("type", "sent", "path"),
    [
        (UNSIGNED, "120100", ""),
        (UNSIGNED, "0fff", ""),
        (UNSIGNED, "173f800000", ""),
        (UNSIGNED, "00", ""),
        (UNSIGNED, "09020001", ""),
        (LOGICAL_NAME, "0900", ""),
        (LOGICAL_NAME, "00", ""),
        (LOGICAL_NAME, "09050100630100", ""),
        (DATE_TIME, "090507e8021d04", ""),
        (DATE_TIME, "1a07e8021d04", ""),
        (Flags(Wide, 4), "0410f00f", ""),
        (Simple("octet-string", 9, 2), "090161", ""),
        (Simple("bit-string", 4), "1101", ""),
        (NULL, "1100", ""),
        (CAPTURE_OBJECT, "0201120007", ""),
        (CAPTURE_OBJECT, "0203120007" + "0906" + NAME + "00", ""),
        (CAPTURE_OBJECT, "1105", ""),
        (CAPTURE_OBJECT, "00", ""),
        (ArrayOf(UNSIGNED), "1105", ""),
        (
            ArrayOf(CAPTURE_OBJECT),
            "01020202120007" + "0906" + NAME + "0202120007" + "0900",
            "[1].logical_name",
        ),
        (ChoiceOf((NULL, UNSIGNED)), "0901aa", ""),
        (BufferOf(), "0200", ""),
    ],
)
def test_what_does_not_fit_is_refused_with_its_path(type: Type, sent: str, path: str) -> None:
    with pytest.raises(DecodeError) as caught:
        normalise(bytes.fromhex(sent), type, DEFAULT_LIMITS)
    assert caught.value.path == path


@given(st.sampled_from(INTEGER_TAGS), st.sampled_from(INTEGER_TAGS), st.data())
def test_an_integer_is_taken_for_another_exactly_if_it_fits(
    sent: int, wanted: int, data: st.DataObject
) -> None:
    value = data.draw(integers_of(sent))
    octets = Data.simple(Tag(sent), value).octets
    type = Simple(Tag(wanted).book_name, wanted)
    try:
        regular, _ = normalise(octets, type, DEFAULT_LIMITS)
    except DecodeError:
        with pytest.raises(EncodeError):
            Data.simple(Tag(wanted), value)
    else:
        assert Data(regular).value == value
        assert regular[0] == wanted


def test_each_kind_of_deviation_is_reported_once() -> None:
    octets = Data.array([Data.long_unsigned(1)] * 50 + [Data.enum(1)] * 50).octets
    _, deviations = normalise(octets, ArrayOf(UNSIGNED), DEFAULT_LIMITS)
    assert deviations == [Deviation("[]", "unsigned", "long-unsigned"), Deviation("[]", "unsigned", "enum")]
    assert str(deviations[0]) == "[]: long-unsigned for unsigned"


@given(any_data())
def test_any_data_is_never_rewritten(pair: tuple[Data, object]) -> None:
    assert normalise(pair[0].octets, AnyData(), DEFAULT_LIMITS) == (pair[0].octets, [])


def test_octets_that_end_early_are_incomplete_and_more_is_refused() -> None:
    octets = bytes.fromhex("0101" + "0202120007" + "0906" + NAME)
    for end in range(len(octets)):
        with pytest.raises(IncompleteError):
            normalise(octets[:end], ArrayOf(CAPTURE_OBJECT), DEFAULT_LIMITS)
    with pytest.raises(DecodeError):
        normalise(octets + b"\x00", ArrayOf(CAPTURE_OBJECT), DEFAULT_LIMITS)


def test_mutations_end_in_regular_octets_or_a_decode_error() -> None:
    source = random.Random(3)
    types: list[Type] = [
        ArrayOf(CAPTURE_OBJECT),
        ArrayOf(ChoiceOf((NULL, DATE_TIME, UNSIGNED))),
        BufferOf(),
        AnyData(),
    ]
    clean = bytes.fromhex("0102" + "0202120007" + "0906" + NAME + "0202120008" + "0906" + NAME)
    for _ in range(3000):
        octets = bytearray(clean)
        for _ in range(source.randint(1, 3)):
            octets[source.randrange(len(octets))] = source.choice((0, 1, 2, 9, 0x13, 0x19, 0x81, 0x84, 0xFF))
        for type in types:
            try:
                regular, _ = normalise(bytes(octets), type, DEFAULT_LIMITS)
            except DecodeError:
                continue
            assert skip(regular, 0) == len(regular)
