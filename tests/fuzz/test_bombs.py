"""Bombs: the work that a few octets cause is bounded by their number, not by what they announce."""

from __future__ import annotations

import sys
import tracemalloc
from collections.abc import Callable
from types import FrameType
from typing import Any, TypeAlias

import pytest
from tests.fuzz import bombs, corpus
from tests.fuzz.battery import Target
from tests.fuzz.targets import targets

from cosem.apdu import decode_pdu
from cosem.core.data import Data, skip
from cosem.core.errors import CosemError, DecodeError
from cosem.core.rows import Rows

TARGETS = targets()
SMALL = 64
MOST_MEMORY = 1 << 20
MOST_PER_OCTET = 40
MOST_LINES = 15_000
"""Lines of Python for at most SMALL octets; reading ten profiles, which is one target, takes 10,000 for any."""

EVERY_BOMB = bombs.DATA | bombs.APDUS | bombs.OTHERS


def bombs_for(target: Target) -> dict[str, bytes]:
    """Data where Data is taken, everything elsewhere."""
    return bombs.DATA | bombs.OTHERS if set(target.seeds) & set(corpus.data()) else EVERY_BOMB


TraceFunction: TypeAlias = "Callable[[FrameType, str, Any], TraceFunction | None]"


def outcome(decode: Callable[[bytes], object], octets: bytes) -> CosemError | None:
    try:
        decode(octets)
    except CosemError as error:
        return error
    return None


def memory_for(decode: Callable[[bytes], object], octets: bytes) -> int:
    """The most memory, in octets, that is held at one time."""
    tracemalloc.start()
    try:
        outcome(decode, octets)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def lines_for(decode: Callable[[bytes], object], octets: bytes) -> int:
    """Lines of Python that are run."""
    lines = 0

    def count(frame: FrameType, event: str, argument: object) -> TraceFunction:
        nonlocal lines
        lines += event == "line"
        return count

    # What the first refusal imports is not the work of a bomb, whichever test comes first.
    outcome(decode, octets)
    before = sys.gettrace()
    sys.settrace(count)
    try:
        outcome(decode, octets)
    finally:
        sys.settrace(before)
    return lines


@pytest.fixture(scope="module", autouse=True)
def warm() -> None:
    """What is imported late is not the work of a bomb."""
    for target in TARGETS:
        for octets in target.seeds:
            outcome(target.decode, octets)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_bomb_takes_a_mebibyte(target: Target) -> None:
    taken = {name: memory_for(target.decode, octets) for name, octets in bombs_for(target).items()}
    allowed = {name: MOST_MEMORY + MOST_PER_OCTET * len(octets) for name, octets in EVERY_BOMB.items()}
    assert {name: most for name, most in taken.items() if most >= allowed[name]} == {}


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_no_small_bomb_takes_long(target: Target) -> None:
    taken = {
        name: lines_for(target.decode, octets)
        for name, octets in bombs_for(target).items()
        if len(octets) <= SMALL
    }
    assert {name: lines for name, lines in taken.items() if lines > MOST_LINES} == {}


@pytest.mark.parametrize("octets", bombs.DATA.values(), ids=bombs.DATA.keys())
@pytest.mark.parametrize(
    "decode",
    [lambda octets: skip(octets, 0), lambda octets: Data(octets).value, lambda octets: Rows(octets).tuples()],
    ids=["skip", "value", "rows"],
)
def test_data_bombs_are_refused_with_a_decode_error(decode: Callable[[bytes], object], octets: bytes) -> None:
    assert isinstance(outcome(decode, octets), DecodeError)


@pytest.mark.parametrize("octets", bombs.APDUS.values(), ids=bombs.APDUS.keys())
def test_apdu_bombs_are_refused_with_a_decode_error(octets: bytes) -> None:
    assert isinstance(outcome(decode_pdu, octets), DecodeError)
