"""What the class tables say can be read, can be written back, octet by octet."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import suppress
from random import Random

import pytest
from tests.model.values import encoded

from cosem.core.access import CosemObject
from cosem.core.codec import Codec
from cosem.core.errors import DecodeError
from cosem.core.limits import DEFAULT_LIMITS
from cosem.core.tolerant import Deviation
from cosem.model import CATALOGUE

ROUNDS = 8
KEYS = list(CATALOGUE)


def codecs(cls: type[CosemObject]) -> Iterator[tuple[str, Codec[object]]]:
    """Every type of a class's tables."""
    for attribute in cls.ATTRIBUTES.values():
        yield attribute.name, attribute.codec
        for number, selector in (attribute.selectors or {}).items():
            yield f"{attribute.name} selector {number}", selector
    for method in cls.METHODS.values():
        if method.takes is not None:
            yield f"{method.name} parameter", method.takes
        if method.returns is not None:
            yield f"{method.name} result", method.returns


def samples(cls: type[CosemObject]) -> Iterator[tuple[str, Codec[object], bytes]]:
    for name, codec in codecs(cls):
        random = Random(zlib.crc32(f"{cls.__name__} {name}".encode()))
        for _ in range(ROUNDS):
            yield name, codec, encoded(codec.describe(), random)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key[0]}v{key[1]}")
def test_every_type_reads_strictly_and_writes_back_the_same_octets(key: tuple[int, int]) -> None:
    for name, codec, octets in samples(CATALOGUE[key]):
        value, end = codec.read(octets, 0, DEFAULT_LIMITS)
        assert end == len(octets), name
        assert codec.encode(value) == octets, name
        again, _ = codec.read(codec.encode_data(value).octets, 0, DEFAULT_LIMITS)
        assert again == value, name


@pytest.mark.parametrize("key", KEYS, ids=lambda key: f"{key[0]}v{key[1]}")
def test_broken_octets_are_refused_with_a_decode_error_or_read_as_something_else(
    key: tuple[int, int],
) -> None:
    random = Random(key[0] * 256 + key[1])
    for _, codec, octets in samples(CATALOGUE[key]):
        broken = bytearray(octets)
        broken[random.randrange(len(broken))] ^= 1 << random.randrange(8)
        for candidate in (bytes(broken), octets[:-1], octets + b"\x00", random.randbytes(12)):
            with suppress(DecodeError):
                codec.decode(candidate)


def test_a_wider_integer_than_the_book_asks_for_is_taken_and_reported() -> None:
    codec = CATALOGUE[8, 0].ATTRIBUTES[7].codec
    deviations: list[Deviation] = []
    assert codec.decode(b"\x10\x00\x3c", tolerated=deviations.append) == 60
    assert [(deviation.expected, deviation.found) for deviation in deviations] == [("integer", "long")]


def test_a_regular_value_is_not_reported() -> None:
    codec = CATALOGUE[8, 0].ATTRIBUTES[7].codec
    deviations: list[Deviation] = []
    assert codec.decode(b"\x0f\x3c", tolerated=deviations.append) == 60
    assert deviations == []


def test_a_deviation_inside_a_structure_names_its_place() -> None:
    codec = CATALOGUE[3, 0].ATTRIBUTES[3].codec
    deviations: list[Deviation] = []
    codec.decode(b"\x02\x02\x0f\xfd\x11\x1e", tolerated=deviations.append)
    assert [deviation.path for deviation in deviations] == ["unit"]
