"""Whatever the octets, only DecodeError comes out, and what is taken can be written and taken again."""

from __future__ import annotations

import random

import pytest
from tests.apdu.test_vectors import VECTORS

from cosem.apdu import decode_gateway_pdu, decode_pdu
from cosem.core.errors import DecodeError

SEEDS = [bytes.fromhex(vector["octets"]) for vector in VECTORS]


def _mutated(octets: bytes, chance: random.Random) -> bytes:
    changed = bytearray(octets)
    for _ in range(chance.randint(1, 4)):
        place = chance.randrange(len(changed)) if changed else 0
        match chance.randrange(5):
            case 0 if changed:
                changed[place] = chance.randrange(256)
            case 1 if changed:
                changed[place] ^= 1 << chance.randrange(8)
            case 2:
                changed[place:place] = chance.randbytes(chance.randint(1, 5))
            case 3:
                del changed[place : place + chance.randint(1, 6)]
            case _ if changed:
                changed[place] = chance.choice((0, 1, 0x7F, 0x80, 0x84, 0xFF))
    return bytes(changed)


@pytest.mark.parametrize("seed", range(8))
def test_changed_apdus_are_decoded_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(1500):
        octets = _mutated(chance.choice(SEEDS), chance)
        try:
            pdu = decode_pdu(octets)
        except DecodeError:
            continue
        again = pdu.encode()
        assert decode_pdu(again) == pdu


@pytest.mark.parametrize("first", range(256))
def test_random_octets_behind_every_first_octet(first: int) -> None:
    chance = random.Random(first)
    for _ in range(60):
        octets = bytes((first,)) + chance.randbytes(chance.randrange(24))
        for decode in (decode_pdu, decode_gateway_pdu):
            try:
                decode(octets)
            except DecodeError:
                continue
