import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.calibration.force_events import ForceContacts, force_events, upwards

RATE_HZ = 1000.0
STEP_S, CONTACT_S, PEAK_N = 0.35, 0.25, 1700.0


def run(n_steps: int = 12, *, contact_s: float = CONTACT_S, rate_hz: float = RATE_HZ) -> tuple[FloatArray, FloatArray]:
    """Times and force of half sines, one a step, the first after half a flight."""
    t_s = np.arange(round(n_steps * STEP_S * rate_hz)) / rate_hz
    phase_s = t_s % STEP_S - (STEP_S - contact_s) / 2
    on = (phase_s > 0) & (phase_s < contact_s)
    return t_s, np.where(on, PEAK_N * np.sin(np.pi * phase_s / contact_s), 0.0)


def above_s(threshold_n: float) -> float:
    """Time a half sine of the run is above a threshold."""
    return CONTACT_S * (1 - 2 / np.pi * math.asin(threshold_n / PEAK_N))


@pytest.mark.parametrize("threshold_n", [20.0, 30.0, 50.0])
def test_a_half_sine_is_above_the_threshold_for_as_long_as_geometry_says(threshold_n: float) -> None:
    found = force_events(*run(), threshold_n=threshold_n, smoothing_hz=None)
    assert len(found) == 12
    assert found.contact_time_s == pytest.approx(np.full(12, above_s(threshold_n)), abs=1e-5)
    assert found.peak_n == pytest.approx(np.full(12, PEAK_N), rel=1e-3)
    assert (found.offset_n, found.threshold_n) == (0.0, threshold_n)


@given(st.floats(-200.0, 200.0), st.sampled_from([1.0, -1.0]), st.sampled_from([None, 60.0]))
@settings(max_examples=25)
def test_the_zero_of_the_belt_and_the_sign_of_the_force_move_nothing(
    zero_n: float, sign: float, smoothing_hz: float | None
) -> None:
    t_s, force_n = run()
    plain = force_events(t_s, force_n, smoothing_hz=smoothing_hz)
    found = force_events(t_s, sign * (force_n + zero_n), smoothing_hz=smoothing_hz)
    assert found.offset_n == pytest.approx(plain.offset_n + zero_n, abs=1e-6)
    assert found.contact_time_s == pytest.approx(plain.contact_time_s, abs=1e-9)


def test_noise_around_the_threshold_makes_no_contacts_of_its_own() -> None:
    t_s, force_n = run(60)
    noisy = force_n + np.random.default_rng(1).normal(0, 8.0, len(force_n))
    found = force_events(t_s, noisy)
    assert len(found) == 60
    assert abs(found.contact_time_s.mean() - force_events(t_s, force_n).contact_time_s.mean()) < 0.001
    assert len(force_events(t_s, noisy, smoothing_hz=None, shortest_contact_s=0.001)) >= 60


def test_contacts_that_the_file_cuts_are_left_out() -> None:
    t_s, force_n = run(4)
    inner = (t_s > 0.15) & (t_s < 1.2)
    whole, cut = force_events(t_s, force_n), force_events(t_s[inner], force_n[inner])
    assert len(cut) == 2
    assert cut.initial_contact_s == pytest.approx(whole.initial_contact_s[1:3], abs=2e-3)


@pytest.mark.parametrize("as_nan", [True, False])
def test_a_hole_takes_the_contact_it_lies_in_and_no_other(as_nan: bool) -> None:
    t_s, force_n = run(8)
    hole = (t_s > 2 * STEP_S + 0.15) & (t_s < 2 * STEP_S + 0.2)
    cut = (t_s, np.where(hole, np.nan, force_n)) if as_nan else (t_s[~hole], force_n[~hole])
    found = force_events(*cut)
    whole = force_events(t_s, force_n)
    assert len(found) == 7
    assert found.initial_contact_s == pytest.approx(np.delete(whole.initial_contact_s, 2), abs=1e-3)


def test_a_stone_on_the_belt_and_a_knock_are_no_contacts() -> None:
    t_s, force_n = run(8)
    knocked = force_n + np.where(np.abs(t_s - 0.02) < 0.012, 900.0, 0.0) + np.where(np.abs(t_s - STEP_S) < 0.02, 60, 0)
    assert len(force_events(t_s, knocked)) == 8


def test_a_belt_that_sways_with_nobody_on_it_is_no_contact() -> None:
    t_s, force_n = run(8)
    empty_s = t_s[-1] + np.arange(1, 2001) / RATE_HZ
    sway_n = 60.0 * np.sin(2 * np.pi * 1.5 * (empty_s - empty_s[0]))
    found = force_events(np.concatenate([t_s, empty_s]), np.concatenate([force_n, sway_n]), offset_n=0.0)
    assert len(found) == 8


def test_two_feet_on_one_belt_are_one_contact_and_walking_has_no_zero() -> None:
    t_s = np.arange(0, 5, 1 / RATE_HZ)
    walking = 700.0 + 100.0 * np.sin(2 * np.pi * 1.8 * t_s)
    with pytest.raises(ValueError, match="flights are too few"):
        force_events(t_s, np.where((t_s > 1) & (t_s < 4), walking, 0.0))
    found = force_events(t_s, np.where((t_s > 1) & (t_s < 4), walking, 0.0), offset_n=0.0)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("t_s", "force_n", "said"),
    [
        ([0.0, 0.1], [1.0], "not two columns"),
        ([0.0, 0.1, 0.1], [0.0, 1.0, 2.0], "do not grow"),
        ([0.0], [0.0], "do not grow"),
        ([0.0, 0.1, 0.2], [np.nan, np.nan, np.nan], "do not grow"),
        ([0.0, 0.1, 0.2], [1.0, 2.0, 3.0], "nobody runs on it"),
    ],
)
def test_what_is_no_force_is_refused(t_s: list[float], force_n: list[float], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        force_events(np.array(t_s), np.array(force_n))


def test_a_threshold_has_to_be_above_zero() -> None:
    with pytest.raises(ValueError, match="not above zero"):
        force_events(*run(), threshold_n=0.0)


@given(st.lists(st.one_of(st.floats(-3000, 3000), st.just(float("nan"))), min_size=2, max_size=60))
def test_any_force_gives_ordered_contacts_or_a_reason(force_n: list[float]) -> None:
    try:
        found = force_events(np.arange(len(force_n)) / 100.0, np.array(force_n), offset_n=0.0)
    except ValueError:
        return
    assert isinstance(found, ForceContacts)
    assert (found.initial_contact_s[1:] >= found.toe_off_s[:-1]).all()
    assert (found.contact_time_s >= 0.08).all()


def test_a_force_that_counts_downwards_is_turned_round() -> None:
    assert upwards(np.array([0.0, -5.0, 1.0])).tolist() == [0.0, 5.0, -1.0]
    assert upwards(np.array([0.0, 5.0, -1.0])).tolist() == [0.0, 5.0, -1.0]
