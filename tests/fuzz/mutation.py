"""Seeded damage to octets, of the kinds that decoders trip over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

_EDGES = bytes.fromhex("00 01 02 09 0c 0f 13 7e 7f 80 81 82 84 88 8f a0 fe ff")
_LENGTHS = tuple(
    map(bytes.fromhex, ("84ffffffff", "83ffffff", "82ffff", "827fff", "81ff", "80", "fe", "8400000001"))
)
_NESTS = tuple(map(bytes.fromhex, ("0101", "0201", "130201", "0101020101", "01ffff")))
_LONGEST = 4096


def _flip(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    if octets:
        octets[random.randrange(len(octets))] ^= 1 << random.randrange(8)


def _edge(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    if octets:
        octets[random.randrange(len(octets))] = random.choice(_EDGES)


def _insert(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    at = random.randint(0, len(octets))
    octets[at:at] = random.randbytes(random.randint(1, 4))


def _delete(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    at = random.randint(0, len(octets))
    del octets[at : at + random.randint(1, 8)]


def _cut(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    del octets[random.randint(0, len(octets)) :]


def _length(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    at = random.randint(0, len(octets))
    octets[at : at + random.randint(0, 1)] = random.choice(_LENGTHS)


def _nest(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    at = random.randint(0, len(octets))
    octets[at:at] = random.choice(_NESTS) * random.choice((1, 5, 40, 400))


def _repeat(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    at = random.randint(0, len(octets))
    piece = octets[at : at + random.randint(1, 32)]
    octets[at:at] = piece * random.choice((1, 2, 20))


def _splice(octets: bytearray, random: Random, others: Sequence[bytes]) -> None:
    other = random.choice(others)
    at, start = random.randint(0, len(octets)), random.randint(0, len(other))
    octets[at:] = other[start:]


_WAYS: tuple[Callable[[bytearray, Random, Sequence[bytes]], None], ...] = (
    _flip,
    _flip,
    _edge,
    _edge,
    _insert,
    _delete,
    _cut,
    _length,
    _nest,
    _repeat,
    _splice,
)


def mutated(seeds: Sequence[bytes], random: Random) -> bytes:
    """One of the seeds, damaged once, twice or four times; one in sixteen is noise."""
    if not random.randrange(16):
        return random.randbytes(random.randrange(64))
    octets = bytearray(random.choice(seeds))
    for _ in range(random.choice((1, 1, 1, 2, 4))):
        random.choice(_WAYS)(octets, random, seeds)
    return bytes(octets[:_LONGEST])
