"""Typed values to JSON and back, for every attribute type of the model."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cosem.cli.given import data_from_json, from_json, from_text
from cosem.cli.json_value import Json
from cosem.cli.values import data_to_json, to_json
from cosem.core.access import AttributeSpec
from cosem.core.bitstring import BitString
from cosem.core.codecs import DATE_TIME, LONG_UNSIGNED, OCTET_STRING
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.errors import InvalidValueError
from cosem.core.obis import LogicalName
from cosem.core.tags import Tag
from cosem.core.types import (
    AnyData,
    ArrayOf,
    BufferOf,
    ChoiceOf,
    Enumerated,
    Flags,
    Formatted,
    Simple,
    StructureOf,
    Type,
)
from cosem.model import CATALOGUE
from cosem.model.c0030_cosem_data_protection import REQUIRED_PROTECTION, RequiredProtection
from cosem.model.types.structures import SCALER_UNIT, ScalerUnit
from cosem.model.types.units import Unit

RANGES = {
    Tag.DOUBLE_LONG: (-(2**31), 2**31 - 1),
    Tag.DOUBLE_LONG_UNSIGNED: (0, 2**32 - 1),
    Tag.INTEGER: (-128, 127),
    Tag.LONG: (-(2**15), 2**15 - 1),
    Tag.UNSIGNED: (0, 255),
    Tag.LONG_UNSIGNED: (0, 2**16 - 1),
    Tag.LONG64: (-(2**63), 2**63 - 1),
    Tag.LONG64_UNSIGNED: (0, 2**64 - 1),
    Tag.ENUM: (0, 255),
    Tag.BCD: (-128, 127),
}
FORMATTED = {
    "LogicalName": st.binary(min_size=6, max_size=6).map(LogicalName),
    "DateTime": st.sampled_from([DateTime.parse("2024-02-29 13:05:00.25-03:30"), DateTime.unspecified()]),
    "Date": st.sampled_from([Date.parse("*-12-last"), Date.parse("2024-02-29")]),
    "Time": st.sampled_from([Time.parse("13:05:59.99"), Time.parse("*:15:00")]),
}


def values(type: Type) -> st.SearchStrategy[Any]:
    """Values of a type whose JSON is unmistakable."""
    match type:
        case Simple(tag=Tag.BOOLEAN):
            return st.booleans()
        case Simple(tag=Tag.OCTET_STRING, size=size):
            return st.binary(min_size=size or 0, max_size=20 if size is None else size)
        case Simple(tag=Tag.VISIBLE_STRING | Tag.UTF8_STRING):
            return st.text("abc 123", max_size=8)
        case Simple(tag=Tag.BIT_STRING, size=size):
            return st.text("01", min_size=size or 0, max_size=size or 9).map(BitString.parse)
        case Simple(tag=Tag.NULL_DATA):
            return st.none()
        case Simple(tag=Tag.FLOAT32 | Tag.FLOAT64):
            return st.floats(allow_nan=False, allow_infinity=False, width=32)
        case Simple(tag=tag) if tag in RANGES:
            return st.integers(*RANGES[Tag(tag)])
        case Simple(tag=Tag.DATE_TIME | Tag.DATE | Tag.TIME):
            return FORMATTED[{Tag.DATE_TIME: "DateTime", Tag.DATE: "Date", Tag.TIME: "Time"}[Tag(type.tag)]]
        case Formatted():
            return FORMATTED[type.name]
        case Enumerated():
            return st.integers(0, 255).map(type.enum)
        case Flags():
            return st.integers(0, (1 << type.bits.WIDTH) - 1).map(type.bits)
        case ArrayOf():
            return st.lists(values(type.element), max_size=3)
        case StructureOf():
            return st.builds(type.cls, *(values(field.type) for field in type.fields))
        case _:
            raise AssertionError(f"no strategy makes a value of {type}")


def unmistakable(type: Type) -> bool:
    match type:
        case ChoiceOf() | AnyData() | BufferOf():
            return False
        case ArrayOf():
            return unmistakable(type.element)
        case StructureOf():
            return all(unmistakable(field.type) for field in type.fields)
        case Simple():
            return type.tag not in (Tag.COMPACT_ARRAY, Tag.DONT_CARE)
        case _:
            return True


ATTRIBUTES: list[AttributeSpec] = [
    spec
    for key in sorted(CATALOGUE)
    for spec in CATALOGUE[key].ATTRIBUTES.values()
    if unmistakable(spec.codec.describe())
]


@settings(deadline=None)
@given(st.data())
def test_json_and_back_is_the_same_value(data: st.DataObject) -> None:
    spec = data.draw(st.sampled_from(ATTRIBUTES))
    type = spec.codec.describe()
    value = data.draw(values(type))
    text = json.dumps(to_json(value))
    back = from_json(json.loads(text), type)
    assert back == value
    assert spec.codec.encode(back) == spec.codec.encode(value)


def test_a_bit_without_a_name_is_read_as_it_is_printed() -> None:
    type, value = REQUIRED_PROTECTION.describe(), RequiredProtection(0b101)
    printed = to_json(value)
    assert printed == {"bits": ["authenticated_request", "bit_0x1"], "number": 5}
    assert from_json(printed, type) == value
    assert from_json("bit_0x1", type) == RequiredProtection(1)


def test_most_attributes_have_json_that_is_unmistakable() -> None:
    assert len(ATTRIBUTES) > sum(len(CATALOGUE[key].ATTRIBUTES) for key in CATALOGUE) * 0.8


SAMPLES = [
    Data.null(),
    Data.boolean(True),
    Data.long_unsigned(7),
    Data.double_long(-7),
    Data.octet_string(b"\x00\x01"),
    Data.visible_string("AB"),
    Data.bit_string(BitString.parse("0110")),
    Data.date_time(DateTime.parse("2024-02-29 13:05:00.00+01:00")),
    Data.float32(1.5),
    Data.structure([Data.unsigned(1), Data.array([Data.enum(2), Data.enum(3)])]),
]


@pytest.mark.parametrize("data", SAMPLES, ids=str)
def test_data_keeps_the_type_that_it_has_now(data: Data) -> None:
    assert data_from_json(data_to_json(data), data) == data


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"long-unsigned": 7}, Data.long_unsigned(7)),
        (
            {"structure": [{"enum": 1}, {"array": [{"octets": "00FF"}]}]},
            Data.structure([Data.enum(1), Data.array([Data.octet_string(b"\x00\xff")])]),
        ),
        ({"bit-string": "101"}, Data.bit_string(BitString.parse("101"))),
        (None, Data.null()),
        (True, Data.boolean(True)),
        ("text", Data.visible_string("text")),
    ],
)
def test_data_may_name_its_type(given: Json, expected: Data) -> None:
    assert data_from_json(given) == expected


@pytest.mark.parametrize(
    "given", [5, 1.5, [1], {"no-such-type": 1}, {"unsigned": 256}, {"octets": "0"}, {"compact-array": []}]
)
def test_data_that_may_be_of_several_types_is_refused(given: Json) -> None:
    with pytest.raises(InvalidValueError):
        data_from_json(given)


@pytest.mark.parametrize(
    ("text", "codec", "expected"),
    [
        ("5", LONG_UNSIGNED, 5),
        ("0105", OCTET_STRING, b"\x01\x05"),
        ("01 05", OCTET_STRING, b"\x01\x05"),
        ("10", OCTET_STRING, b"\x10"),
        ("2024-02-29", None, None),
        ('{"scaler": -1, "unit": "watt"}', SCALER_UNIT, None),
    ],
)
def test_text_is_read_as_the_type_asks(text: str, codec: Any, expected: object) -> None:
    if expected is None:
        with pytest.raises(InvalidValueError):
            from_text(text, (codec or DATE_TIME).describe())
    else:
        assert from_text(text, codec.describe()) == expected


def test_structures_are_given_by_name_or_in_order() -> None:
    type, value = SCALER_UNIT.describe(), ScalerUnit(-1, Unit.VOLTAGE)
    assert from_text('{"unit": "voltage", "scaler": -1}', type) == value
    assert from_text("[-1, 35]", type) == value
    assert list(json.loads(json.dumps(to_json(value)))) == ["scaler", "unit"]
    for wrong in ("[1]", '{"scaler": 1}', "5", '{"scaler": 1, "unit": 35, "more": 0}'):
        with pytest.raises(InvalidValueError):
            from_text(wrong, type)
