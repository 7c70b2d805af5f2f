"""Hypothesis strategies for Data and its values."""

from __future__ import annotations

from hypothesis import strategies as st

from cosem.core.bitstring import BitString
from cosem.core.data import Data
from cosem.core.datetime import Date, DateTime, Time
from cosem.core.simple import Value
from cosem.core.tags import CONTENT_OCTETS, DONT_CARE, NUMBER_FORMATS, Tag

INTEGER_TAGS = [tag for tag, letter in NUMBER_FORMATS.items() if letter not in "?fd"]


def integers_of(tag: int) -> st.SearchStrategy[int]:
    """Every number that the integer type holds."""
    bits = CONTENT_OCTETS[tag] * 8
    if NUMBER_FORMATS[tag].islower():
        return st.integers(-(1 << bits - 1), (1 << bits - 1) - 1)
    return st.integers(0, (1 << bits) - 1)


def bit_strings() -> st.SearchStrategy[BitString]:
    """Bit strings of up to 40 bits."""
    return st.lists(st.booleans(), max_size=40).map(BitString.from_bits)


def _tagged(tag: Tag, values: st.SearchStrategy[Value]) -> st.SearchStrategy[tuple[Data, Value]]:
    return values.map(lambda value: (Data.simple(tag, value), value))


def simple_data() -> st.SearchStrategy[tuple[Data, Value]]:
    """Any simple Data with its value."""
    floats = st.floats(allow_nan=False, allow_infinity=False)
    return st.one_of(
        _tagged(Tag.NULL_DATA, st.none()),
        _tagged(Tag.DONT_CARE, st.just(DONT_CARE)),
        _tagged(Tag.BOOLEAN, st.booleans()),
        _tagged(Tag.BIT_STRING, bit_strings()),
        _tagged(Tag.OCTET_STRING, st.binary(max_size=200)),
        _tagged(Tag.VISIBLE_STRING, st.text(st.characters(max_codepoint=255), max_size=20)),
        _tagged(Tag.UTF8_STRING, st.text(max_size=20)),
        _tagged(Tag.FLOAT32, st.floats(width=32, allow_nan=False)),
        _tagged(Tag.FLOAT64, floats),
        _tagged(Tag.DATE_TIME, st.binary(min_size=12, max_size=12).map(DateTime)),
        _tagged(Tag.DATE, st.binary(min_size=5, max_size=5).map(Date)),
        _tagged(Tag.TIME, st.binary(min_size=4, max_size=4).map(Time)),
        *(_tagged(Tag(tag), integers_of(tag)) for tag in INTEGER_TAGS),
    )


def _array(elements: list[tuple[Data, Value]]) -> tuple[Data, Value]:
    return Data.array(data for data, _ in elements), [value for _, value in elements]


def _structure(elements: list[tuple[Data, Value]]) -> tuple[Data, Value]:
    return Data.structure(data for data, _ in elements), tuple(value for _, value in elements)


def any_data() -> st.SearchStrategy[tuple[Data, Value]]:
    """Any Data, nested arrays and structures included, with its value."""
    return st.recursive(
        simple_data(),
        lambda inner: st.lists(inner, max_size=4).flatmap(
            lambda elements: st.sampled_from([_array(elements), _structure(elements)])
        ),
        max_leaves=20,
    )
