import csv
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.calibration.comparison import Pairs, means_of, pair_minutes, pair_steps
from sensor_hub.signal.calibration.event_matching import Stances
from sensor_hub.signal.calibration.fit import Fit, fit
from sensor_hub.signal.contacts import Method
from tests import need
from tests.signal.test_event_matching import run, seen

METHOD = Method("foot-9.9", "foot", "", "", 0.011, 0.02, 38.0, "")
TODAY = date(2026, 11, 21)


def pairs(
    n: int = 400,
    *,
    bias_s: float = 0.012,
    slope: float = 0.0,
    speeds: int = 1,
    noise_s: float = 0.008,
    right_s: float = 0.0,
    seed: int = 0,
    apart_s: float = 0.02,
) -> Pairs:
    """Pairs of which measured is reference + bias, and ``slope`` of every second above 240 ms too much."""
    rng = np.random.default_rng(seed)
    levels: FloatArray = np.linspace(0.24, 0.24 - apart_s * (speeds - 1), speeds).astype(np.float64)
    level_s = np.repeat(levels, n // speeds)
    reference_s = level_s + rng.normal(0, 0.006, len(level_s))
    side = np.where(np.arange(len(level_s)) % 2 == 0, "L", "R")
    measured_s = reference_s + bias_s + slope * (reference_s - 0.24) + rng.normal(0, noise_s, len(level_s))
    measured_s = measured_s + np.where(side == "R", right_s, 0.0)
    ones, at_s = np.ones(len(level_s)), np.cumsum(np.full(len(level_s), 0.35))
    return Pairs(at_s, measured_s, reference_s, side, ones, of_minutes=False)


def reasons(found: Fit) -> list[str]:
    return [refusal.reason for refusal in found.refusals]


@given(bias_s=st.floats(-0.05, 0.05), seed=st.integers(0, 100))
def test_a_constant_bias_is_found_within_its_standard_error_and_taken_off(bias_s: float, seed: int) -> None:
    given_pairs = pairs(bias_s=bias_s, seed=seed)
    found = fit(given_pairs)
    assert reasons(found) == []
    assert found.slope == 0.0
    assert found.offset_s == pytest.approx(-bias_s, abs=5 * found.offset_se_s)
    assert found.bias_before_s == -found.offset_s
    assert abs(found.bias_after_s) < 1e-4
    assert found.residual_sd_s == pytest.approx(0.008, rel=0.15)
    calibrated_s = found.calibration(METHOD, "foot", "plate", TODAY).contact_time_s(given_pairs.measured_s)
    assert abs(float(np.mean(calibrated_s - given_pairs.reference_s))) < 0.001


def test_one_speed_gives_no_slope_however_noisy_its_steps_are() -> None:
    found = [fit(pairs(noise_s=0.015, seed=seed)) for seed in range(30)]
    assert [f.slope for f in found] == [0.0] * 30


@pytest.mark.parametrize("slope", [0.2, -0.2])
def test_several_speeds_show_a_slope_and_it_is_taken_off_at_each_of_them(slope: float) -> None:
    speeds = pairs(800, slope=slope, speeds=4, noise_s=0.006)
    found = fit(speeds)
    assert found.sd_after_s < 1.05 * found.sd_before_s
    assert abs(found.bias_after_s) < 0.0005
    line = found.calibration(METHOD, "foot", "plate", TODAY)
    assert line.slope == pytest.approx(1 / (1 + slope) - 1, abs=0.04)
    error_s = (line.contact_time_s(speeds.measured_s) - speeds.reference_s).reshape(4, -1).mean(axis=1)
    assert np.abs(error_s).max() < 0.002
    assert np.abs((speeds.measured_s - speeds.reference_s - 0.012).reshape(4, -1).mean(axis=1)).max() > 0.008


def test_several_speeds_without_a_slope_show_none() -> None:
    found = [fit(pairs(800, speeds=4, seed=seed)) for seed in range(30)]
    assert sum(f.slope != 0 for f in found) <= 1


def test_few_blocks_seldom_show_a_slope_that_is_not_there() -> None:
    found = [fit(pairs(160, speeds=4, seed=seed)) for seed in range(200)]
    assert sum(f.slope != 0 for f in found) <= 8


def test_speeds_that_hardly_differ_show_no_slope_though_there_is_one() -> None:
    alike = {"slope": 0.2, "noise_s": 0.001, "speeds": 4}
    assert fit(pairs(800, apart_s=0.004, **alike)).slope == 0.0  # type: ignore[arg-type]
    assert fit(pairs(800, apart_s=0.02, **alike)).slope != 0.0  # type: ignore[arg-type]


def test_a_slope_never_rests_on_a_single_block() -> None:
    steady = pairs(260, noise_s=0.002)
    sprint = np.arange(260) >= 240
    reference_s = steady.reference_s - np.where(sprint, 0.08, 0.0)
    measured_s = steady.measured_s - np.where(sprint, 0.07, 0.0)
    assert fit(replace(steady, reference_s=reference_s, measured_s=measured_s)).slope == 0.0


def test_what_is_said_of_the_fit_is_said_of_steps_that_were_not_in_it() -> None:
    reference_s = np.full(40, 0.24)
    later = np.arange(40) >= 20
    two = Pairs(
        np.cumsum(np.full(40, 0.35)), reference_s + np.where(later, 0.02, 0.0), reference_s, np.full(40, "U"),
        np.ones(40), of_minutes=False,
    )  # fmt: skip
    found = fit(two)
    assert found.sd_before_s == pytest.approx(0.0101, abs=1e-4)
    assert found.sd_after_s == pytest.approx(0.0203, abs=1e-4)


def test_what_was_wrongly_paired_does_not_pull_the_line() -> None:
    clean = pairs()
    broken_s = clean.measured_s.copy()
    broken_s[::20] += 0.2
    found = fit(replace(clean, measured_s=broken_s))
    assert found.n_left_out == pytest.approx(20, abs=3)
    assert found.offset_s == pytest.approx(fit(clean).offset_s, abs=0.001)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"bias_s": 0.08}, "offset-too-large"),
        ({"bias_s": -0.07}, "offset-too-large"),
        ({"right_s": 0.04}, "sides-differ"),
        ({"noise_s": 0.04}, "residual-too-large"),
        ({"n": 20}, "too-few"),
        ({"n": 1200, "slope": 1.5, "speeds": 4, "bias_s": 0.0}, "slope-too-large"),
    ],
)
def test_what_cannot_be_a_matter_of_calibration_is_refused_with_its_reason(
    changed: dict[str, float], reason: str
) -> None:
    found = fit(pairs(**changed))  # type: ignore[arg-type]
    assert reason in reasons(found)
    with pytest.raises(ValueError, match=reason):
        found.calibration(METHOD, "foot", "plate", TODAY)


def test_a_calibration_says_what_it_rests_on() -> None:
    line = fit(pairs(100)).calibration(METHOD, "foot", "plate at 20 N", TODAY)
    assert (line.method, line.mount, line.n_steps) == ("foot-9.9", "foot", 100)
    assert (line.reference, line.made_on) == ("plate at 20 N", TODAY)


def test_a_mean_is_bound_by_the_references_own_error_and_unknown_without_one() -> None:
    found = fit(pairs(400))
    by_force = found.calibration(METHOD, "foot", "plate", TODAY, reference_error_s=0.01)
    assert by_force.bias_bound_s == pytest.approx(0.01 + 2 * found.offset_se_s)
    assert 0.01 < (by_force.bias_bound_s or 0.0) < 0.0115
    assert found.calibration(METHOD, "foot", "another pod", TODAY).bias_bound_s is None


def test_steps_too_few_for_two_blocks_still_have_a_standard_error() -> None:
    found = fit(pairs(34))
    assert found.offset_se_s == pytest.approx(found.sd_before_s / 34**0.5, rel=0.1)


def test_steps_are_paired_though_the_clocks_are_apart_and_one_foot_is_seen() -> None:
    truth = run(300, 4)
    left = np.arange(300) % 2 == 0
    found = pair_steps(
        seen(truth, left, 4), np.full(150, "L"), Stances(truth.initial_contact_s + 99, truth.contact_time_s)
    )
    assert len(found) >= 147
    assert found.lag_s == pytest.approx(-99, abs=0.01)
    assert fit(found).offset_s == pytest.approx(0.016, abs=0.003)
    assert set(found.side) == {"L"}


def test_another_run_is_refused() -> None:
    paired = pair_steps(run(200, 1, step_s=0.36), np.full(200, "U"), run(200, 2, step_s=0.31))
    assert fit(paired).refusals != ()


def test_a_run_of_which_a_third_has_no_partner_is_another() -> None:
    truth = run(200, 8)
    odd = np.arange(200) % 3 == 0
    at_s = np.sort(truth.initial_contact_s + np.where(odd, 0.15, 0.0))
    paired = pair_steps(Stances(at_s, truth.contact_time_s), np.full(200, "U"), truth)
    assert [refusal.reason for refusal in paired.refusals] == ["other-run"]
    assert paired.refusals[0].found == pytest.approx(0.67, abs=0.03)


def test_clocks_that_drift_beyond_belief_are_refused() -> None:
    truth = run(200, 8)
    slow = Stances(truth.initial_contact_s * 1.001, truth.contact_time_s)
    assert [r.reason for r in pair_steps(truth, np.full(200, "U"), slow).refusals] == ["drift"]
    good = Stances(truth.initial_contact_s * 1.0001, truth.contact_time_s)
    assert pair_steps(truth, np.full(200, "U"), good).refusals == ()


def test_a_step_whose_contact_time_one_of_the_two_does_not_know_is_no_pair() -> None:
    truth = run(200, 8)
    without, without_too = (Stances(truth.initial_contact_s, truth.contact_time_s.copy()) for _ in range(2))
    without.contact_time_s[:50] = np.nan
    without_too.contact_time_s[40:60] = np.nan
    paired = pair_steps(without, np.full(200, "U"), without_too)
    assert len(paired) == 140
    assert np.isfinite(paired.measured_s).all()
    assert np.isfinite(paired.reference_s).all()


def test_too_few_steps_and_none_at_all_are_refused() -> None:
    for n in (0, 10):
        paired = pair_steps(run(n), np.full(n, "U"), run(200))
        found = fit(paired)
        assert reasons(found) == ["too-few"]
        assert np.isnan(found.offset_s)


# --- means of minutes ------------------------------------------------------------------------------------------------


def table(minutes: int, contact_s: float, *, every_s: float = 1.0, seed: int = 0) -> tuple[FloatArray, ...]:
    t_s = np.arange(0, minutes * 60, every_s)
    rng = np.random.default_rng(seed)
    return t_s, rng.normal(contact_s, 0.008, len(t_s)), np.full(len(t_s), 2.8 * every_s)


def test_the_mean_of_a_minute_weighs_rows_by_their_steps_and_leaves_out_the_unknown() -> None:
    t_s = np.array([0.0, 30.0, 59.9, 60.0, 61.0])
    found = means_of(t_s, np.array([0.2, 0.3, np.nan, 0.25, 0.27]), np.array([1.0, 3.0, 9.0, 2.0, 0.0]))
    assert found.minute.tolist() == [0, 1]
    assert found.contact_time_s == pytest.approx([0.275, 0.25])
    assert found.n_steps.tolist() == [4.0, 2.0]


def test_a_pod_without_single_steps_gives_an_offset_and_never_a_better_sd_than_the_methods() -> None:
    own, watch = means_of(*table(12, 0.252)), means_of(*table(10, 0.24, seed=1))
    found = fit(pair_minutes(own, watch))
    assert (found.n, reasons(found)) == (10, [])
    assert found.n_steps == 1680
    assert found.offset_s == pytest.approx(-0.012, abs=0.001)
    assert found.residual_sd_s < 0.003
    assert found.calibration(METHOD, "foot", "watch", TODAY).residual_sd_s == METHOD.contact_time_sd_s


def test_minutes_that_do_not_meet_and_minutes_that_are_too_few_are_refused() -> None:
    t_s, contact_s, n_steps = table(12, 0.25)
    own = means_of(t_s, contact_s, n_steps)
    assert reasons(fit(pair_minutes(own, means_of(t_s + 86_400, contact_s, n_steps)))) == ["no-common-minute"]
    assert reasons(fit(pair_minutes(own, means_of(t_s[:200], contact_s[:200], n_steps[:200])))) == ["too-few"]
    assert reasons(fit(pair_minutes(own, means_of(t_s, contact_s, n_steps / 10)))) == ["no-common-minute"]


# --- a real comparison: a pod on each foot beside video, the left one faulty -----------------------------------------


def video_pairs(feet: str) -> Pairs:
    with need.data("pod_vs_video/d12_P02_7mph_excerpt.csv").open(newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["foot"] in feet and r["pod_contact_ms"]]
    at_s, pod_ms, video_ms = (
        np.array([float(r[k]) for r in rows]) for k in ("pod_t_s", "pod_contact_ms", "video_contact_ms")
    )
    side = np.array([r["foot"].upper() for r in rows])
    return Pairs(at_s, pod_ms / 1000, video_ms / 1000, side, np.ones(len(rows)), of_minutes=False)


def test_a_faulty_pod_beside_video_is_refused_and_its_twin_shows_no_offset_of_that_kind() -> None:
    left, right, both = (fit(video_pairs(feet)) for feet in ("l", "r", "lr"))
    assert "offset-too-large" in reasons(left)
    assert left.bias_before_s > 0.1
    assert reasons(right) == ["too-few"]  # 27 steps; nothing else is wrong with them
    assert abs(right.bias_before_s) < 0.01
    assert {"sides-differ", "residual-too-large"} <= set(reasons(both))
    assert dict(both.by_side_s)["L"] == pytest.approx(-0.124, abs=0.005)
