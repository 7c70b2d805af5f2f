"""Profile buffers: decode and encode, against dlms-cosem and against an unchecked struct.iter_unpack."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial

from dlms_cosem.dlms_data import (
    DataArray,
    DataStructure,
    DoubleLongUnsignedData,
    OctetStringData,
    UnsignedIntegerData,
    UnsignedLongData,
)
from dlms_cosem.utils import parse_as_dlms_data
from tests.benchmarks.harness import Result, compare

from cosem.core.data import Data, skip
from cosem.core.rows import Rows
from cosem.core.tags import Tag

Cells = tuple[bytes | None, int, int, int, int]

TYPES = (
    Tag.OCTET_STRING,
    Tag.DOUBLE_LONG_UNSIGNED,
    Tag.DOUBLE_LONG_UNSIGNED,
    Tag.UNSIGNED,
    Tag.LONG_UNSIGNED,
)
YEAR = 35_040


def sample(count: int) -> list[Cells]:
    """Rows of a load profile: clock, two registers, a status and a voltage."""
    return [
        (
            struct.pack(
                ">HBBBBBBBhB",
                2024,
                i // 2880 % 12 + 1,
                i // 96 % 30 + 1,
                255,
                i // 4 % 24,
                i % 4 * 15,
                0,
                0,
                -60,
                0,
            ),
            i * 37,
            i * 11,
            i % 8,
            2300 + i % 50,
        )
        for i in range(count)
    ]


def stamped(count: int, every: int) -> list[Cells]:
    """The same with the clock in every so manieth row only."""
    return [row if i % every == 0 else (None, *row[1:]) for i, row in enumerate(sample(count))]


def encode_with_peer(rows: list[Cells]) -> bytes:
    """What a user of dlms-cosem writes to encode rows."""
    octets: bytes = DataArray(
        [
            DataStructure(
                [
                    OctetStringData(clock),
                    DoubleLongUnsignedData(a),
                    DoubleLongUnsignedData(b),
                    UnsignedIntegerData(c),
                    UnsignedLongData(d),
                ]
            )
            for clock, a, b, c, d in rows
        ]
    ).to_bytes()
    return octets


def run() -> list[Result]:
    """The ratios of this module."""
    year = Rows.encode(sample(YEAR), TYPES).octets
    bound = struct.Struct(">4x12sxIxIxBxH")
    head = 4

    def unchecked() -> object:
        return list(bound.iter_unpack(memoryview(year)[head:]))

    def peer(octets: bytes) -> Callable[[], object]:
        return partial(parse_as_dlms_data, octets)

    def tuples(octets: bytes) -> Callable[[], object]:
        return lambda: Rows(octets).tuples()

    results = [compare(f"tuples, {YEAR} rows, unchecked struct as peer", tuples(year), unchecked, 1 / 1.5)]
    for name, octets, goal in (
        ("array, 1000 rows", Rows.encode(sample(1000), TYPES).octets, 40),
        (f"array, {YEAR} rows", year, 40),
        ("clock null but first, 1000 rows", Rows.encode(stamped(1000, 10**9), TYPES).octets, 20),
        (f"clock null but first, {YEAR} rows", Rows.encode(stamped(YEAR, 10**9), TYPES).octets, 20),
        (f"clock once a day, {YEAR} rows", Rows.encode(stamped(YEAR, 96), TYPES).octets, 20),
        (f"clock every other row, {YEAR} rows", Rows.encode(stamped(YEAR, 2), TYPES).octets, 5),
    ):
        results.append(compare(f"tuples, {name}", tuples(octets), peer(octets), goal, rounds=3))
    results.append(
        compare(f"all columns, {YEAR} rows", lambda: Rows(year).columns(), peer(year), 300, rounds=3)
    )
    results.append(
        compare(f"numpy view, {YEAR} rows", lambda: Rows(year).to_numpy(), peer(year), 300, rounds=3)
    )
    results.append(compare(f"Data.value, {YEAR} rows", lambda: Data(year).value, peer(year), 40, rounds=3))
    results.append(compare(f"skip, {YEAR} rows", lambda: skip(year, 0), peer(year), 300, rounds=3))
    for count in (1000, YEAR):
        rows = sample(count)
        results.append(
            compare(
                f"encode, {count} rows",
                partial(Rows.encode, rows, TYPES),
                partial(encode_with_peer, rows),
                15,
                rounds=3,
            )
        )
    return results
