"""What a peer makes of our values: it writes them again in our types, element by element."""

from __future__ import annotations

import zlib
from functools import cache
from random import Random

import pytest
from tests.interop.model_comparison import Difference, reviewed
from tests.interop.model_echo import echo, echoes
from tests.model.values import encoded

from cosem.core.codec import Codec
from cosem.core.errors import DecodeError
from cosem.core.limits import DEFAULT_LIMITS
from cosem.model import CATALOGUE

pytestmark = pytest.mark.interop

ROUNDS = 12
ATTRIBUTES = [
    (*key, index) for key, cls in CATALOGUE.items() if echoes(*key) for index in cls.ATTRIBUTES if index > 1
]


def test_the_peer_writes_what_it_read_from_us_in_our_types_or_the_difference_is_reviewed() -> None:
    assert _differing() == {difference for difference, _ in reviewed() if difference.what == "echo"}


def test_the_peer_echoes_most_of_what_it_knows() -> None:
    echoed = [place for place in ATTRIBUTES if any(octets is not None for octets in _echoed(*place))]
    assert len(ATTRIBUTES) > 550
    assert len(echoed) > 0.93 * len(ATTRIBUTES)


@cache
def _echoed(class_id: int, version: int, index: int) -> tuple[bytes | None, ...]:
    random = Random(zlib.crc32(bytes((class_id, version, index))))
    type = CATALOGUE[class_id, version].ATTRIBUTES[index].codec.describe()
    return tuple(echo(class_id, version, index, encoded(type, random)) for _ in range(ROUNDS))


def _differing() -> set[Difference]:
    found: set[Difference] = set()
    for class_id, version, index in ATTRIBUTES:
        codec = CATALOGUE[class_id, version].ATTRIBUTES[index].codec
        answers = [octets for octets in _echoed(class_id, version, index) if octets is not None]
        if not all(_is_of(codec, octets) for octets in answers):
            found.add(
                Difference("gurux-dlms", class_id, version, "echo", index, codec.notation, "another type")
            )
    return found


def _is_of(codec: Codec[object], octets: bytes) -> bool:
    try:
        _, end = codec.read(octets, 0, DEFAULT_LIMITS)
    except (DecodeError, IndexError):
        return False
    return end == len(octets)
