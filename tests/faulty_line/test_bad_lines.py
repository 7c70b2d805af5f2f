"""Two of our engines over a bad line: what was lost is sent again, and no wrong value passes for a right one."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.faulty_line.sessions import BAD, LONGEST_SESSION, NOISY, OPTIONS, Outcome, session

from cosem.client import LinkOptions
from cosem.core.errors import LinkError, Timeout
from cosem.transport.faults import CLEAN, Faults

CAREFUL = replace(OPTIONS, verify="reread")

VARIANTS: dict[str, Faults] = {
    "octets are lost": Faults(octet_loss=0.01),
    "octets are doubled": Faults(octet_doubling=0.01),
    "frames are lost": Faults(frame_loss=0.2),
    "frames are doubled": Faults(frame_doubling=0.3),
    "frames overtake each other": Faults(delay=(0.0, 0.5), reorder=True),
    "frames take up to 3 s": Faults(delay=(0.0, 3.0)),
    "bursts of 200 ms": Faults(burst=0.2, burst_time=0.2),
    "the top bit flips": Faults(parity_flip=0.01),
    "frames arrive octet by octet": Faults(splitting=1.0, gap=0.05),
    "the line fails for 2 s in 7": Faults(outage=(2.0, 5.0)),
    "all of it": Faults(
        octet_damage=0.005,
        octet_loss=0.002,
        octet_doubling=0.002,
        parity_flip=0.001,
        burst=0.02,
        frame_loss=0.02,
        frame_doubling=0.02,
        splitting=0.1,
        gap=0.02,
        delay=(0.0, 0.3),
    ),
}

HOPELESS: dict[str, Faults] = {
    "nothing arrives": Faults(frame_loss=1.0),
    "a line set to 7 data bits": Faults(parity_flip=0.5),
    "one octet in five is damaged": Faults(octet_damage=0.2),
    "noise covers every frame": Faults(burst=1.0, burst_time=10.0),
}


def _check(outcomes: list[Outcome]) -> None:
    """Nearly all complete, none hangs, no wrong value that the check sequences could have caught."""
    assert sum(outcome.complete for outcome in outcomes) >= 0.99 * len(outcomes)
    assert all(outcome.explained for outcome in outcomes)
    assert all(outcome.seconds < LONGEST_SESSION for outcome in outcomes)


@pytest.mark.parametrize("faults", [NOISY, BAD], ids=["damage", "damage, loss, duplication and splitting"])
def test_sessions_complete_by_retransmission(faults: Faults) -> None:
    outcomes = [session(seed, faults) for seed in range(60)]
    _check(outcomes)
    assert all(outcome.damaged > 5 for outcome in outcomes)


@pytest.mark.parametrize("echo", [False, True], ids=["no echo", "echo"])
@pytest.mark.parametrize("name", VARIANTS)
def test_sessions_complete_whatever_is_wrong_with_the_line(name: str, echo: bool) -> None:
    _check([session(seed, VARIANTS[name], echo=echo) for seed in range(6)])


def test_an_echo_alone_costs_nothing() -> None:
    assert session(1, CLEAN, echo=True) == session(1, CLEAN)


@pytest.mark.parametrize("name", HOPELESS)
def test_a_hopeless_line_ends_in_an_error_of_its_kind_within_bounds(name: str) -> None:
    for seed in range(5):
        outcome = session(seed, HOPELESS[name])
        assert isinstance(outcome.error, LinkError | Timeout)
        assert outcome.seconds < LONGEST_SESSION
        assert outcome.wrong == 0


def test_a_session_opens_within_a_minute_though_a_third_of_all_frames_is_lost() -> None:
    quick = replace(OPTIONS, link=LinkOptions(response_timeout=1.0))
    outcomes = [session(seed, Faults(frame_loss=0.3), options=quick) for seed in range(20)]
    assert all(outcome.complete for outcome in outcomes)
    assert all(outcome.seconds < 120 for outcome in outcomes)


def test_reading_twice_finds_what_the_check_sequences_let_through() -> None:
    once = [session(seed, CLEAN, forging=True) for seed in range(20)]
    twice = [session(seed, CLEAN, forging=True, options=CAREFUL) for seed in range(20)]
    assert sum(outcome.wrong for outcome in once) > 5
    assert all(outcome.complete for outcome in twice)
    assert sum(outcome.wrong for outcome in twice) == 0


def test_reading_twice_completes_on_a_bad_line_too() -> None:
    outcomes = [session(seed, BAD, options=CAREFUL) for seed in range(20)]
    _check(outcomes)
    assert sum(outcome.wrong for outcome in outcomes) == 0


def test_the_same_seed_is_the_same_session() -> None:
    assert session(7, VARIANTS["all of it"]) == session(7, VARIANTS["all of it"])
    assert session(7, BAD) != session(8, BAD)
