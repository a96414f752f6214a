from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.calibration.comparison import Pairs, pair_steps
from sensor_hub.signal.calibration.event_matching import Stances
from sensor_hub.signal.calibration.lag_evidence import SMALLEST_EVIDENCE, lag_evidence

STEP_S = 0.355


def run(n: int, seed: int, *, step_sd_s: float = 0.004, step_s: FloatArray | float = STEP_S) -> Stances:
    """The truth of a steady run; simulated."""
    rng = np.random.default_rng(seed)
    on_s = np.cumsum(step_s + rng.normal(0, step_sd_s, n))
    return Stances(on_s, rng.normal(0.225, 0.006, n))


def worn(truth: Stances, seed: int) -> Stances:
    """What a sensor makes of it: 6 ms at contact, 8 ms at toe-off, 20 ms too late."""
    rng = np.random.default_rng(seed + 1000)
    on_s = truth.initial_contact_s + rng.normal(0, 0.006, len(truth))
    off_s = truth.initial_contact_s + truth.contact_time_s + rng.normal(0.02, 0.008, len(truth))
    return Stances(on_s, off_s - on_s)


def later(run: Stances, by_s: float) -> Stances:
    return Stances(run.initial_contact_s + by_s, run.contact_time_s)


def paired(own: Stances, reference: Stances) -> Pairs:
    return pair_steps(own, np.full(len(own), "U"), reference)


def reasons(pairs: Pairs) -> list[str]:
    return [refusal.reason for refusal in pairs.refusals]


@pytest.mark.parametrize("n", [60, 400, *(pytest.param(n, marks=pytest.mark.thorough) for n in (80, 120, 200))])
def test_another_run_of_the_same_cadence_gives_no_pairs_to_believe(n: int) -> None:
    for seed in range(6):
        near = STEP_S * (1 + np.random.default_rng(seed).normal(0, 0.003))
        assert reasons(paired(worn(run(n, seed), seed), later(run(n, seed + 500, step_s=near), 99.0)))


def test_a_steady_run_of_two_hundred_steps_is_told_from_every_other_lag() -> None:
    for seed in range(12):
        truth = run(200, seed, step_sd_s=0.003)
        pairs = paired(worn(truth, seed), later(truth, 99.0))
        assert reasons(pairs) == []
        assert pairs.lag_s == pytest.approx(-99.0, abs=0.01)


def test_a_metronome_is_ambiguous_and_few_steps_are_that_or_laid_right() -> None:
    even = Stances(np.cumsum(np.full(300, STEP_S)), np.full(300, 0.225))
    assert reasons(paired(even, even.only(slice(50, 250)))) == ["ambiguous"]
    found = []
    for seed in range(12):
        few = run(40, seed)
        pairs = paired(worn(few, seed), later(few, 99.0))
        found += reasons(pairs)
        assert pairs.refusals or pairs.lag_s == pytest.approx(-99.0, abs=0.01)
    assert found.count("ambiguous") >= 9


def two_speeds(n: int) -> FloatArray:
    return np.where(np.arange(n) < n // 2, 0.37, 0.34)


def breathing(n: int) -> FloatArray:
    return STEP_S + 0.004 * np.sin(2 * np.pi * np.arange(n) / 60)


def uneven_feet(n: int) -> FloatArray:
    return STEP_S + np.where(np.arange(n) % 2, 0.008, -0.008)


@pytest.mark.parametrize("shape", [two_speeds, breathing, uneven_feet])
def test_what_any_two_runs_may_share_is_no_evidence_and_does_not_hide_it(shape: Callable[[int], FloatArray]) -> None:
    for seed in range(6):
        truth = run(200, seed, step_s=shape(200))
        other = run(200, seed + 500, step_s=shape(200))
        assert "ambiguous" in reasons(paired(worn(truth, seed), later(other, 99.0)))
        assert reasons(paired(worn(truth, seed), later(truth, 99.0))) == []


@given(seed=st.integers(0, 10_000), beside=st.integers(1, 60))
def test_evidence_is_at_the_true_step_and_at_none_beside_it(seed: int, beside: int) -> None:
    truth = run(300, seed)
    own = worn(truth, seed)
    here = lag_evidence(own, truth)
    assert here.here >= here.needed
    wrong = lag_evidence(own.only(slice(beside, None)), truth.only(slice(None, -beside)))
    assert wrong.here < wrong.needed


def test_unknown_contact_times_and_breaks_carry_no_evidence() -> None:
    truth = run(300, 1, step_sd_s=0.0)
    flat = Stances(truth.initial_contact_s, np.full(300, 0.225))
    pause = np.where(np.arange(300) >= 150, 47.123, 0.0)  # as long in both: one break is no proof
    assert lag_evidence(*[Stances(flat.initial_contact_s + pause, flat.contact_time_s)] * 2).here == 0.0
    unknown = Stances(truth.initial_contact_s, np.full(300, np.nan))
    assert lag_evidence(unknown, truth).here == 0.0
    assert lag_evidence(unknown, truth).needed == SMALLEST_EVIDENCE
    half = worn(run(400, 2), 2)
    half.contact_time_s[::7] = np.nan
    assert reasons(paired(half, run(400, 2))) == []


def test_a_stumble_that_both_saw_does_not_carry_a_match() -> None:
    stumble = np.where(np.arange(100) == 50, STEP_S + 0.15, STEP_S)
    mine, other = run(100, 1, step_s=stumble), run(100, 2, step_s=stumble)
    found = lag_evidence(worn(mine, 1), other)
    assert found.here < found.needed


@pytest.mark.parametrize("n", [0, 1, 2, 3, 4])
def test_hardly_any_pairs_are_no_evidence(n: int) -> None:
    assert lag_evidence(run(n, 0), run(n, 0)).here < SMALLEST_EVIDENCE
