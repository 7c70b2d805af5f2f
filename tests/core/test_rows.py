"""Profile buffers: whatever the shape of the rows, they decode like plain Data."""

from __future__ import annotations

import datetime as dt
import random
from array import array

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.strategies import any_data, simple_data

from cosem.core.bitstring import BitString
from cosem.core.codecs import ROWS
from cosem.core.data import Data, Tag, decode_value
from cosem.core.datetime import DateTime
from cosem.core.errors import DecodeError, EncodeError, IncompleteError, InvalidValueError, LimitError
from cosem.core.limits import Limits
from cosem.core.rows import Rows
from cosem.core.simple import Value
from cosem.core.values import read_value

CLOCK = bytes(DateTime.parse("2024-02-29 00:00:00.00+01:00"))
TYPES = (Tag.OCTET_STRING, Tag.DOUBLE_LONG_UNSIGNED, Tag.UNSIGNED)


def plain(octets: bytes) -> list[Value]:
    """The elements by the plain decoder, one by one."""
    value, end = read_value(octets, 0, Limits())
    assert end == len(octets)
    assert isinstance(value, list)
    return value


def nested(number: int) -> Data:
    """A row with cells of every kind."""
    return Data.structure(
        [
            Data.octet_string(CLOCK),
            Data.visible_string(f"{number:04}"),
            Data.null(),
            Data.structure([Data.integer(-3), Data.enum(number % 200)]),
            Data.boolean(number % 2 == 0),
            Data.bit_string(BitString.from_int(number % 1024, 10)),
            Data.date_time(DateTime(CLOCK)),
            Data.array([Data.long(number), Data.long(-number)]),
            Data.dont_care(),
            Data.utf8_string("äö"),
            Data.float64(number / 4),
            Data(bytes((0x13, 0x11, 2, 1, number % 256))),
        ]
    )


def test_uniform_rows_with_cells_of_every_kind() -> None:
    rows = Rows(Data.array([nested(i) for i in range(1200)]).octets)
    assert rows.tuples() == plain(rows.octets)
    assert [list(column) for column in rows.columns()] == [
        list(cells) for cells in zip(*rows.tuples(), strict=True)
    ]
    assert rows[7] == rows.tuples()[7]
    assert rows[-1] == rows.tuples()[-1]
    assert rows[3:5] == rows.tuples()[3:5]
    assert len(rows) == 1200


@given(
    st.lists(any_data().map(lambda pair: pair[0]), min_size=1, max_size=5),
    st.lists(st.integers(0, 4), max_size=60),
)
def test_any_mixture_of_shapes_decodes_like_plain_data(shapes: list[Data], order: list[int]) -> None:
    octets = Data.array([shapes[i % len(shapes)] for i in order]).octets
    expected = plain(octets)
    assert decode_value(octets) == expected
    rows = Rows(octets).tuples()
    assert rows == [
        element if isinstance(element, tuple) else tuple(element) if isinstance(element, list) else (element,)
        for element in expected
    ]
    assert list(Rows(octets)) == rows
    assert len(Rows(octets)) == len(order)


@given(st.lists(simple_data().map(lambda pair: pair[0]), min_size=1, max_size=4), st.data())
def test_every_damage_is_found(cells: list[Data], data: st.DataObject) -> None:
    octets = bytearray(Data.array([Data.structure(cells)] * 40).octets)
    octets[data.draw(st.integers(2, len(octets) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    damaged = bytes(octets)
    try:
        expected = plain(damaged)
    except (DecodeError, AssertionError):
        with pytest.raises(DecodeError):
            Rows(damaged).tuples()
        with pytest.raises(DecodeError):
            decode_value(damaged)
        return
    assert repr(decode_value(damaged)) == repr(expected)  # repr, because nan is not equal to itself


def test_a_run_is_found_wherever_it_ends() -> None:
    for period in (1, 2, 3, 5, 16, 17, 96, 300):
        octets = Data.array(
            [
                Data.structure(
                    [Data.octet_string(CLOCK) if i % period == 0 else Data.null(), Data.unsigned(i % 256)]
                )
                for i in range(700)
            ]
        ).octets
        assert Rows(octets).tuples() == plain(octets)


def test_rows_that_are_all_different_decode_too() -> None:
    source = random.Random(7)
    octets = Data.array(
        [
            Data.structure([Data.octet_string(bytes(source.randrange(60)))] * source.randrange(4))
            for _ in range(900)
        ]
    ).octets
    assert Rows(octets).tuples() == plain(octets)


def test_null_data_stands_for_the_value_above_and_a_period_later_in_the_clock() -> None:
    rows = Rows.encode(
        [(CLOCK, 5, None), (None, None, 1), (None, 7, None)], (Tag.OCTET_STRING, Tag.UNSIGNED, Tag.UNSIGNED)
    )
    clocks = [DateTime.parse(f"2024-02-29 00:{minute}:00.00+01:00") for minute in ("00", "15", "30")]
    assert rows.filled(0, dt.timedelta(minutes=15)) == [
        (clocks[0], 5, None),
        (clocks[1], 5, 1),
        (clocks[2], 7, 1),
    ]
    assert rows.filled() == [(CLOCK, 5, None), (CLOCK, 5, 1), (CLOCK, 7, 1)]


def test_a_clock_with_wildcards_is_not_counted_on() -> None:
    rows = Rows.encode([(bytes(DateTime.unspecified()),), (None,)], (Tag.OCTET_STRING,))
    assert rows.filled(0, dt.timedelta(hours=1))[1] == (None,)


def test_compact_arrays_of_fixed_and_of_varying_size() -> None:
    fixed = Rows(bytes.fromhex("1302030611030c000000010201000000030400"))
    assert fixed.tuples() == [(1, 2, True), (3, 4, False)]
    assert fixed[1] == (3, 4, False)
    assert list(fixed.column(0)) == [1, 3]
    assert fixed.column(2) == [True, False]
    varying = Rows(bytes.fromhex("130202091106026162010002"))
    assert varying.tuples() == [(b"ab", 1), (b"", 2)]
    assert varying[1] == (b"", 2)
    assert len(varying) == 2
    simple = Rows(bytes.fromhex("13120400010002"))
    assert simple.tuples() == [(1,), (2,)]


def test_columns_are_numbers_in_native_order_and_octets() -> None:
    rows = Rows.encode([(CLOCK, 2**32 - 1, 3), (CLOCK, 1, 4)], TYPES)
    assert rows.column(1) == array("I", [2**32 - 1, 1])
    clocks = rows.column(0)
    assert (list(clocks), len(clocks), clocks[1], list(clocks[1:])) == ([CLOCK] * 2, 2, CLOCK, [CLOCK])
    with pytest.raises(InvalidValueError):
        rows.column(3)


def test_numpy_sees_the_octets_without_a_copy() -> None:
    numpy = pytest.importorskip("numpy")
    rows = Rows.encode([(CLOCK, i, i) for i in range(10)], TYPES)
    view = rows.to_numpy()
    assert view["f1"].tolist() == list(range(10))
    assert view["f0"][3].tobytes() == CLOCK
    assert numpy.shares_memory(view, numpy.frombuffer(rows.octets, "u1"))
    with pytest.raises(InvalidValueError):
        Rows.encode([(CLOCK, 1, 1), (None, 1, 1)], TYPES).to_numpy()


def test_an_empty_buffer_has_no_rows() -> None:
    for octets in (b"\x01\x00", b"\x13\x11\x00"):
        rows = Rows(octets)
        assert (rows.tuples(), len(rows), list(rows.column(0)), rows.filled()) == ([], 0, [], [])


@given(
    st.lists(
        st.tuples(
            st.none() | st.binary(max_size=20),
            st.none() | st.integers(0, 2**32 - 1),
            st.none() | st.integers(0, 255),
        ),
        max_size=40,
    )
)
def test_rows_encode_like_data_does(cells: list[tuple[bytes | None, int | None, int | None]]) -> None:
    rows = Rows.encode(cells, TYPES)
    expected = Data.array(
        Data.structure(
            Data.null() if value is None else Data.simple(tag, value)
            for tag, value in zip(TYPES, row, strict=True)
        )
        for row in cells
    )
    assert rows.octets == expected.octets
    assert rows.tuples() == cells
    assert ROWS.decode(ROWS.encode(rows)) == rows


@pytest.mark.parametrize("count", [1, 127, 128, 129, 256, 300, 1000])
def test_uniform_rows_encode_whole_in_any_number(count: int) -> None:
    cells = [(CLOCK, i * 3, i % 256) for i in range(count)]
    assert Rows.encode(cells, TYPES).tuples() == cells


@pytest.mark.parametrize(
    "row",
    [
        (CLOCK, -1, 0),
        (CLOCK, 0),
        (CLOCK, 0, 0, 0),
        ("text", 0, 0),
        (CLOCK, 0, 256),
        (CLOCK, 0, 1.5),
        (1, 0, 0),
    ],
)
def test_cells_that_do_not_fit_their_type_are_refused(row: tuple[Value, ...]) -> None:
    with pytest.raises(EncodeError, match=r"\[1\]"):
        Rows.encode([(CLOCK, 0, 0), row], TYPES)


def test_booleans_are_booleans() -> None:
    assert Rows.encode([(True,), (False,)], (Tag.BOOLEAN,)).tuples() == [(True,), (False,)]
    with pytest.raises(EncodeError):
        Rows.encode([(True,), (1,)], (Tag.BOOLEAN,))


def test_prefixes_are_incomplete_and_more_is_refused() -> None:
    for rows in (
        Rows.encode([(CLOCK, i, i) for i in range(12)], TYPES),
        Rows(bytes.fromhex("13120400010002")),
    ):
        for end in range(len(rows.octets)):
            with pytest.raises(IncompleteError):
                Rows(rows.octets[:end]).tuples()
        with pytest.raises(DecodeError):
            Rows(rows.octets + b"\x00").tuples()
    with pytest.raises(DecodeError):
        Rows(b"\x11\x05").tuples()


def test_values_of_all_rows_are_bounded() -> None:
    rows = Rows.encode([(CLOCK, i, i % 256) for i in range(100)], TYPES)
    assert len(Rows(rows.octets, Limits(elements=400)).tuples()) == 100
    with pytest.raises(LimitError):
        Rows(rows.octets, Limits(elements=399)).tuples()


def test_mutated_buffers_end_in_rows_or_a_decode_error() -> None:
    source = random.Random(1107)
    clean = Rows.encode([(CLOCK if i % 9 else None, i, i % 256) for i in range(60)], TYPES).octets
    for _ in range(1500):
        octets = bytearray(clean)
        for _ in range(source.randint(1, 3)):
            octets[source.randrange(len(octets))] = source.choice((0, 1, 2, 6, 9, 0x13, 0x81, 0x84, 0xFF))
        damaged = bytes(octets)
        try:
            expected = decode_value(damaged)
        except DecodeError:
            with pytest.raises(DecodeError):
                Rows(damaged).tuples()
        else:
            if isinstance(expected, list):
                assert len(Rows(damaged).tuples()) == len(expected)
