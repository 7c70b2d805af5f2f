"""Whatever octets come, only CosemError comes out of a decoder; the long battery is ``python -m tests.fuzz``."""

from __future__ import annotations

import pytest
from tests.fuzz import corpus
from tests.fuzz.battery import Target, run
from tests.fuzz.targets import targets

from cosem.apdu import decode_pdu
from cosem.core.errors import CosemError, DecodeError

INPUTS = 30_000
TARGETS = targets()


def test_30000_mutated_inputs_bring_nothing_but_cosem_errors() -> None:
    report = run(TARGETS, INPUTS, seed=1)
    assert [str(failure) for failure in report.failures[:10]] == []
    assert report.inputs == INPUTS
    assert INPUTS // 10 < report.accepted < INPUTS * 9 // 10


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_every_target_takes_its_seeds_and_nothing_at_all(target: Target) -> None:
    for octets in (*target.seeds, b""):
        try:
            target.decode(octets)
        except CosemError:
            continue


def test_the_same_seed_brings_the_same_inputs() -> None:
    seen: list[bytes] = []
    target = Target("all", corpus.data(), seen.append)
    run([target], 50, seed=3)
    run([target], 50, seed=3)
    run([target], 50, seed=4)
    assert seen[:50] == seen[50:100] != seen[100:]


def test_the_battery_keeps_what_is_no_cosem_error() -> None:
    def faulty(octets: bytes) -> None:
        if octets[3] == 0:
            raise DecodeError("documented")

    report = run([Target("faulty", [bytes(10)], faulty)], 500)
    assert {type(failure.error) for failure in report.failures} == {IndexError}
    assert all(len(failure.octets) < 4 for failure in report.failures)


@pytest.mark.parametrize("octets", corpus.apdus(), ids=range(len(corpus.apdus())))
def test_every_prefix_of_a_published_apdu_is_refused(octets: bytes) -> None:
    for end in range(len(octets)):
        with pytest.raises(DecodeError):
            decode_pdu(octets[:end])
