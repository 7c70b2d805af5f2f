"""Loads are pure functions of time, and energy never falls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cosem.core.errors import InvalidValueError
from cosem.sim.load import DAY, SHAPES, Curve, Load
from cosem.sim.noise import smooth, unit

FIRST_DAY = 19_000
START = FIRST_DAY * DAY
TARIFFS = [2] * 6 + [1] * 16 + [2] * 2


def load(*, seed: int = 7, noise: float = 1.0, shape: str = "household", start: float = 0.0) -> Load:
    curve = Curve(SHAPES[shape], first_day=FIRST_DAY, weekend=1.3, season=0.4, tariffs=TARIFFS)
    return Load(curve, annual=4e6, start=start, noise=noise, seed=seed)


moments = st.floats(START - 2 * DAY, START + 3000 * DAY)


@given(
    moments, moments, st.sampled_from([None, 1, 2]), st.integers(0, 2**64), st.sampled_from(sorted(SHAPES))
)
def test_energy_never_falls(one: float, other: float, tariff: int | None, seed: int, shape: str) -> None:
    source = load(seed=seed, shape=shape)
    assert source.energy(min(one, other), tariff) <= source.energy(max(one, other), tariff)


@given(st.integers(0, 2000 * 96), st.floats(-1, 1))
def test_energy_does_not_fall_at_the_end_of_a_quarter(quarter: int, near: float) -> None:
    source = load()
    end = START + quarter * 900.0
    assert source.energy(end - abs(near)) <= source.energy(end) <= source.energy(end + abs(near))


@given(moments)
def test_tariffs_share_the_energy(time: float) -> None:
    source = load(start=5000.0)
    assert source.energy(time) == pytest.approx(source.energy(time, 1) + source.energy(time, 2))


def test_only_the_present_tariff_counts() -> None:
    source = load()
    for day in range(40):
        midnight = START + day * DAY
        assert source.energy(midnight + 6 * 3600, 1) == source.energy(midnight, 1)
        assert source.energy(midnight + 22 * 3600, 2) == source.energy(midnight + 6 * 3600, 2)
        assert source.tariff(midnight + 5 * 3600) == 2
        assert source.tariff(midnight + 6 * 3600) == 1


def test_the_same_question_has_the_same_answer_in_any_order() -> None:
    times = [START + 86_000.0 * step for step in range(200)]
    forwards = [load().energy(time) for time in times]
    source = load()
    assert [source.energy(time) for time in reversed(times)] == forwards[::-1]


def test_seeds_tell_meters_apart_and_noise_does_not_change_a_year() -> None:
    year = START + 365.2425 * DAY
    assert load(seed=1).energy(year) != load(seed=2).energy(year)
    for seed in range(5):
        assert load(seed=seed).energy(year) == pytest.approx(4e6, rel=0.01)


def test_a_load_without_noise_is_its_curve() -> None:
    source = load(noise=0.0)
    monday = START + (4 - FIRST_DAY % 7) % 7 * DAY
    week = [source.mean_power(monday + day * DAY, monday + (day + 1) * DAY) for day in range(7)]
    assert week[5] / week[4] == pytest.approx(1.3, rel=0.01)
    assert source.mean_power(monday + 18 * 3600, monday + 19 * 3600) > 3 * source.mean_power(
        monday, monday + 3600
    )


def test_winter_and_summer_differ_by_the_season() -> None:
    source = load(noise=0.0)
    january = (19_723 + 1) * DAY  # 2024-01-02
    july = january + 182 * DAY
    ratio = source.mean_power(january, january + 14 * DAY) / source.mean_power(july, july + 14 * DAY)
    assert ratio == pytest.approx(1.4 / 0.6, rel=0.05)


def test_power_is_the_slope_of_energy_and_never_negative() -> None:
    source = load()
    quarter = START + 500 * 900.0
    mean = source.mean_power(quarter, quarter + 900)
    for second in range(0, 900, 30):
        assert source.power(quarter + second) == pytest.approx(mean, rel=0.1)
        assert source.power(quarter + second) >= 0


def test_before_the_first_day_nothing_moves() -> None:
    source = load(start=1234.0)
    assert source.energy(0) == source.energy(START) == pytest.approx(1234.0)


@pytest.mark.parametrize(
    ("shape", "first_day", "weekend", "season", "tariffs"),
    [
        ([1.0] * 23, 1, 1.0, 0.0, [1] * 24),
        ([0.0] * 24, 1, 1.0, 0.0, [1] * 24),
        ([-1.0] + [1.0] * 23, 1, 1.0, 0.0, [1] * 24),
        ([1.0] * 24, 1, 1.0, 1.0, [1] * 24),
        ([1.0] * 24, 1, 0.0, 0.0, [1] * 24),
        ([1.0] * 24, 1, 1.0, 0.0, [1]),
        ([1.0] * 24, 10**6, 1.0, 0.0, [1] * 24),
    ],
)
def test_impossible_curves_are_refused(
    shape: list[float], first_day: int, weekend: float, season: float, tariffs: list[int]
) -> None:
    with pytest.raises(InvalidValueError):
        Curve(shape, first_day=first_day, weekend=weekend, season=season, tariffs=tariffs)


@given(st.integers(0, 2**64 - 1), st.floats(-1e9, 1e9))
def test_noise_stays_within_its_bounds(seed: int, position: float) -> None:
    assert 0 <= unit(seed, int(position)) <= 1
    assert -1 <= smooth(seed, position) <= 1
