from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.load.achilles import ACHILLES_1, AchillesModel, StepInputs
from sensor_hub.load.aggregate import CADENCE_BIN_SPM, SessionTotals
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Conditions, Totals

NAN = float("nan")


def rows(
    n: int,
    *,
    n_steps: float,
    step_time_s: float,
    contact_time_s: float = NAN,
    speed_mps: float = NAN,
    gait: str = "run",
) -> StepTable:
    step_s, contact_s, v = (np.full(n, x) for x in (step_time_s, contact_time_s, speed_mps))
    unknown = np.full(n, np.nan)
    is_walk = np.full(n, gait == "walk")
    forces = ACHILLES_1.step_loads(StepInputs(step_s, contact_s, unknown, v, unknown, unknown, is_walk))
    return StepTable(
        time_utc_us=np.arange(n, dtype=np.int64),
        side=np.full(n, "U"),
        n_steps=np.full(n, n_steps),
        step_time_s=step_s,
        contact_time_s=contact_s,
        contact_time_sd=unknown,
        flight_time_s=unknown,
        vgrf_peak_bw=forces.vgrf_peak_bw,
        vgrf_impulse_bw_s=forces.vgrf_impulse_bw_s,
        achilles_peak_bw=forces.achilles_peak_bw,
        achilles_impulse_bw_s=forces.achilles_impulse_bw_s,
        speed_mps=v,
        quality=unknown,
        foot_pitch_rad=unknown,
        step_time_origin=np.full(n, "estimated"),
        vgrf_peak_sd=forces.vgrf_peak_sd,
        achilles_peak_sd=forces.achilles_peak_sd,
        achilles_impulse_sd=forces.achilles_impulse_sd,
        achilles_push_off_bw_s=forces.achilles_push_off_bw_s,
        grade=unknown,
        gait=np.full(n, gait, dtype="<U4"),
    )


def totals(*tables: StepTable, running: bool = True, recorded_s: float = 60.0, unknown_s: float = 0.0) -> Totals:
    sums = SessionTotals(ACHILLES_1)
    for table in tables:
        sums.add(table, np.full(len(table), running))
    sums.recorded_s, sums.unknown_s = recorded_s, unknown_s
    return sums.totals()


def at_speed(speed_mps: float, seconds: float, n_steps: float = 2.0, *, contact: bool = True) -> StepTable:
    """The reference runner at a speed, in rows of n_steps."""
    step_s = float(REF_POP_1.step_time_s(speed_mps))
    contact_s = float(REF_POP_1.contact_time_s(speed_mps)) if contact else NAN
    n = round(seconds / (step_s * n_steps))
    return rows(n, n_steps=n_steps, step_time_s=step_s, contact_time_s=contact_s, speed_mps=speed_mps)


def test_a_flat_kilometre_of_the_reference_runner_is_exactly_one_eq_km() -> None:
    step_s = float(REF_POP_1.step_time_s(EASY_SPEED_MPS))
    steps_of_a_km = 1000.0 / EASY_SPEED_MPS / step_s
    contact_s = float(REF_POP_1.contact_time_s(EASY_SPEED_MPS))
    flat = totals(rows(1, n_steps=steps_of_a_km, step_time_s=step_s, contact_time_s=contact_s))
    assert flat.load_eq_km == pytest.approx(1.0, abs=1e-12)


def test_one_pod_two_pods_and_records_of_the_same_run_have_the_same_load() -> None:
    step_s = 0.36
    one_pod = totals(rows(1000, n_steps=2.0, step_time_s=step_s))
    two_pods = totals(rows(1000, n_steps=1.0, step_time_s=step_s), rows(1000, n_steps=1.0, step_time_s=step_s))
    records = totals(rows(720, n_steps=1.0 / step_s, step_time_s=step_s))
    assert one_pod.n_steps == two_pods.n_steps == pytest.approx(records.n_steps)
    assert one_pod.n_strides == 1000
    assert one_pod.load_eq_km == pytest.approx(two_pods.load_eq_km)
    assert one_pod.load_eq_km == pytest.approx(records.load_eq_km)


@given(st.floats(2.5, 4.5))
def test_push_off_load_of_a_reference_runner_is_nearly_time_on_the_feet(speed_mps: float) -> None:
    mean_bw, easy_bw = (
        float(REF_POP_1.step_time_s(v) / REF_POP_1.contact_time_s(v)) for v in (speed_mps, EASY_SPEED_MPS)
    )
    minutes = 3600 * EASY_SPEED_MPS / 1000
    run = totals(at_speed(speed_mps, 3600.0))
    assert run.load_eq_km == pytest.approx(minutes * (mean_bw / easy_bw) ** 0.5, rel=1e-3)
    assert run.load_eq_km == pytest.approx(minutes, rel=0.08)


@pytest.mark.parametrize("contact", [True, False])
def test_hard_load_is_zero_at_easy_speed_and_positive_when_fast(contact: bool) -> None:
    assert totals(at_speed(EASY_SPEED_MPS, 600.0, contact=contact)).hard_load_bw_s == 0.0
    fast = totals(at_speed(1.4 * EASY_SPEED_MPS, 600.0, contact=contact))
    assert fast.hard_load_bw_s == fast.load_bw_s
    assert fast.contact_time_s is None or contact


def test_hard_load_is_unknown_where_no_peak_is_known() -> None:
    assert totals(rows(100, n_steps=2.0, step_time_s=0.36)).hard_load_bw_s is None


def test_hard_load_is_unknown_where_the_peaks_of_many_steps_are() -> None:
    fast = at_speed(4.5, 100.0)
    n = len(fast)
    unknown = replace(fast, achilles_peak_bw=np.full(n, np.nan))
    assert totals(fast, unknown.slice(0, n // 5)).hard_load_bw_s is not None
    assert totals(fast, unknown.slice(0, n // 2)).hard_load_bw_s is None


def test_a_peak_of_a_step_without_impulse_makes_no_hard_load_known() -> None:
    lone_peak = replace(at_speed(4.0, 10.0), achilles_impulse_bw_s=np.full(len(at_speed(4.0, 10.0)), np.nan))
    assert totals(rows(100, n_steps=2.0, step_time_s=0.36), lone_peak).hard_load_bw_s is None


def test_the_predicted_contact_time_of_a_speed_source_is_not_reported() -> None:
    assert totals(at_speed(3.0, 600.0, contact=False)).contact_time_s is None


def test_an_unknown_contact_time_is_left_out_of_the_mean() -> None:
    known, unknown = rows(3, n_steps=2.0, step_time_s=0.36, contact_time_s=0.24), rows(9, n_steps=2.0, step_time_s=0.36)
    assert totals(known, unknown).contact_time_s == pytest.approx(0.24)
    assert totals(unknown).contact_time_s is None


def test_an_unknown_step_time_adds_a_step_and_no_load() -> None:
    both = totals(rows(10, n_steps=2.0, step_time_s=0.36), rows(1, n_steps=2.0, step_time_s=NAN))
    assert both.n_steps == 22
    assert both.load_eq_km == pytest.approx(totals(rows(10, n_steps=2.0, step_time_s=0.36)).load_eq_km)


def test_walking_adds_to_a_ledger_of_its_own_and_nothing_to_the_run() -> None:
    walk = rows(50, n_steps=2.0, step_time_s=0.55, contact_time_s=0.7, gait="walk")
    walked = totals(walk, running=False)
    assert (walked.n_steps, walked.load_eq_km, walked.cadence_spm, walked.contact_time_s) == (0, 0.0, None, None)
    assert walked.hard_load_bw_s == 0.0
    assert walked.n_walk_steps == 100
    assert walked.walk_load_bw_s == pytest.approx(50 * float(walk.achilles_impulse_bw_s[0]))


def test_a_run_without_walking_says_that_nothing_is_known_of_walking() -> None:
    run = totals(at_speed(3.0, 60.0))
    assert (run.n_walk_steps, run.walk_load_bw_s) == (None, None)


def test_what_nobody_knows_as_running_or_walking_is_in_neither_ledger() -> None:
    lone = totals(rows(5, n_steps=2.0, step_time_s=0.4, gait=""), running=False)
    assert (lone.load_bw_s, lone.n_walk_steps) == (0.0, None)


def test_each_leg_has_its_own_load_only_where_both_were_measured() -> None:
    table = at_speed(3.0, 60.0, n_steps=1.0)
    n = len(table)
    both = totals(replace(table, side=np.array(["L", "R"] * n)[:n]))
    assert both.load_left_bw_s is not None
    assert both.load_right_bw_s is not None
    assert both.load_left_bw_s + both.load_right_bw_s == pytest.approx(2 * (both.load_bw_s or 0.0))
    one = totals(replace(table, side=np.full(n, "L")))
    assert (one.load_left_bw_s, one.load_right_bw_s) == (None, None)


def test_a_leg_whose_sensor_was_silent_for_a_while_has_no_load_beside_the_others() -> None:
    table = at_speed(3.0, 120.0, n_steps=1.0)
    n = len(table)
    two = replace(table, side=np.array(["L", "R"] * n)[:n])
    silent = two.only((two.side == "R") | (np.arange(n) < 0.9 * n))
    assert totals(two).load_left_bw_s is not None
    assert (totals(silent).load_left_bw_s, totals(silent).load_right_bw_s) == (None, None)


def test_clocks_of_two_feet_that_are_apart_make_no_difference_between_the_legs() -> None:
    n, apart_s = 200, 0.005
    sides = np.array(["L", "R"] * n)
    step_s = np.where(sides == "L", 0.36 + apart_s, 0.36 - apart_s)
    parts = [
        replace(rows(1, n_steps=1.0, step_time_s=float(t), contact_time_s=0.25), side=np.array([side]))
        for t, side in zip(step_s, sides, strict=True)
    ]
    run = totals(StepTable.concatenate(parts))
    assert run.load_left_bw_s == pytest.approx(run.load_right_bw_s, rel=1e-3)


def test_steps_whose_peak_nobody_knows_count_as_hard_as_the_others_and_widen_the_spread() -> None:
    fast = at_speed(1.5 * EASY_SPEED_MPS, 600.0)
    n = len(fast)
    unknown = np.arange(n) % 6 == 0
    seen, partly = totals(fast), totals(replace(fast, achilles_peak_bw=np.where(unknown, NAN, fast.achilles_peak_bw)))
    assert partly.hard_load_bw_s == pytest.approx(seen.hard_load_bw_s)
    assert partly.load_m4_eq_km == pytest.approx(seen.load_m4_eq_km)
    assert partly.hard_load_sd is not None
    assert seen.hard_load_sd is not None
    assert partly.hard_load_sd > 1.05 * seen.hard_load_sd


def test_a_run_of_which_no_contact_was_told_is_less_sure_than_one_that_was_measured() -> None:
    step_s = float(REF_POP_1.step_time_s(3.0))
    blind = totals(rows(2000, n_steps=2.0, step_time_s=step_s))
    told = totals(rows(2000, n_steps=2.0, step_time_s=step_s, contact_time_s=0.25))
    assert blind.load_eq_km_sd / blind.load_eq_km > 0.05  # type: ignore[operator]
    assert told.load_eq_km_sd / told.load_eq_km < 0.04  # type: ignore[operator]


def test_steps_without_any_known_impulse_are_no_load_of_zero() -> None:
    run = totals(rows(50, n_steps=2.0, step_time_s=NAN))
    assert (run.load_eq_km, run.load_bw_s, run.hard_load_bw_s) == (None, None, None)


def test_the_weighted_loads_of_the_reference_kilometre_are_one_and_speed_weighs_more_the_higher_the_power() -> None:
    easy = totals(at_speed(EASY_SPEED_MPS, 1000.0 / EASY_SPEED_MPS))
    assert easy.load_m4_eq_km == pytest.approx(1.0, abs=0.01)
    assert easy.load_m9_eq_km == pytest.approx(1.0, abs=0.01)
    fast = totals(at_speed(4.5, 1000.0 / 4.5))
    assert fast.load_eq_km < fast.load_m4_eq_km < fast.load_m9_eq_km  # type: ignore[operator]


def test_hard_load_is_as_sure_as_the_load_far_over_the_line_and_unsure_on_it() -> None:
    far, easy = totals(at_speed(2.0 * EASY_SPEED_MPS, 600.0)), totals(at_speed(0.9 * EASY_SPEED_MPS, 600.0))
    assert easy.hard_load_sd == 0.0
    assert far.hard_load_sd is not None
    assert far.hard_load_bw_s is not None
    assert far.load_eq_km is not None
    assert far.load_eq_km_sd is not None
    assert far.hard_load_sd / far.hard_load_bw_s == pytest.approx(far.load_eq_km_sd / far.load_eq_km)
    on_the_line = totals(at_speed(1.14 * EASY_SPEED_MPS, 600.0))
    assert on_the_line.hard_load_sd is not None
    assert on_the_line.load_bw_s is not None
    # just under the line: half of what the errors may be takes every step over it
    assert on_the_line.hard_load_sd == pytest.approx(on_the_line.load_bw_s / 2, rel=0.06)


def test_stiffness_is_a_mean_over_running_and_the_legs_needs_its_length_and_a_speed() -> None:
    run = totals(at_speed(3.5, 60.0))
    assert run.vertical_stiffness_bw_per_m is not None
    assert 20 < run.vertical_stiffness_bw_per_m < 60
    assert run.leg_stiffness_bw_per_m is None
    sums = SessionTotals(AchillesModel(conditions=Conditions(leg_length_m=0.93)))
    sums.add(at_speed(3.5, 60.0), np.ones(len(at_speed(3.5, 60.0)), dtype=bool))
    leg = sums.totals().leg_stiffness_bw_per_m
    assert leg is not None
    assert 8 < leg < run.vertical_stiffness_bw_per_m


def test_coverage_is_recorded_over_moving_time() -> None:
    assert totals(recorded_s=45.0, unknown_s=15.0).coverage == 0.75
    assert totals(recorded_s=45.0, unknown_s=15.0).duration_s == 60.0


def test_before_any_time_has_passed_everything_is_unknown() -> None:
    fresh = totals(recorded_s=0.0)
    assert fresh.coverage is fresh.load_eq_km is fresh.load_eq_km_sd is fresh.hard_load_bw_s is fresh.distance_m is None


def test_time_of_which_nothing_was_recorded_has_an_unknown_load() -> None:
    silent = totals(recorded_s=0.0, unknown_s=60.0)
    assert silent.coverage == 0.0
    assert silent.load_eq_km is silent.load_eq_km_sd is silent.hard_load_bw_s is None


def test_the_load_carries_its_spread() -> None:
    run = totals(at_speed(3.0, 600.0))
    assert run.load_eq_km is not None
    assert run.load_eq_km_sd is not None
    # 2 % of the model, 2 % of a slope nobody told, 3 to 6 ms a day of contact time at half its weight
    assert 0.028 < run.load_eq_km_sd / run.load_eq_km < 0.032


@given(st.lists(st.floats(120.0, 230.0), min_size=1, max_size=41))
def test_the_cadence_is_the_median_for_odd_and_even_counts(cadences_spm: list[float]) -> None:
    tables = [rows(1, n_steps=2.0, step_time_s=60.0 / c) for c in cadences_spm]
    median = totals(*tables).cadence_spm
    assert median == pytest.approx(float(np.median(cadences_spm)), abs=CADENCE_BIN_SPM / 2 + 1e-6)


def contact_rows(
    sides: list[str], contacts_s: list[float], *, pitches_rad: list[float] | None = None, step_time_s: float = 0.36
) -> StepTable:
    """Steps of one contact each, with a flight where the contact is known."""
    n = len(sides)
    contact_s = np.array(contacts_s)
    return replace(
        rows(n, n_steps=1.0, step_time_s=step_time_s),
        side=np.array(sides, dtype="<U1"),
        contact_time_s=contact_s,
        flight_time_s=step_time_s - contact_s,
        foot_pitch_rad=np.full(n, np.nan) if pitches_rad is None else np.array(pitches_rad),
    )


def test_duty_factor_and_flight_time_are_means_of_the_steps_that_know_them() -> None:
    run = totals(contact_rows(["L", "R", "L"], [0.18, 0.27, NAN]))
    assert run.duty_factor == pytest.approx((0.25 + 0.375) / 2)
    assert run.flight_time_s == pytest.approx((0.18 + 0.09) / 2)


def test_the_balance_is_the_left_mean_in_the_sum_of_both() -> None:
    run = totals(contact_rows(["L", "R", "L", "R", "R"], [0.20, 0.30, 0.22, NAN, 0.28]))
    assert run.contact_balance_left == pytest.approx(0.21 / (0.21 + 0.29))


@pytest.mark.parametrize(
    ("sides", "contacts_s"),
    [(["L", "L"], [0.2, 0.2]), (["R"], [0.2]), (["U", "U"], [0.2, 0.3]), (["L", "R"], [0.2, NAN])],
)
def test_the_balance_is_unknown_unless_both_feet_were_measured(sides: list[str], contacts_s: list[float]) -> None:
    assert totals(contact_rows(sides, contacts_s)).contact_balance_left is None


def test_the_foot_strike_is_that_of_most_steps_and_its_pitch_the_mean() -> None:
    run = totals(contact_rows(["L"] * 5, [0.25] * 5, pitches_rad=[0.3, 0.2, -0.1, NAN, NAN]))
    assert run.foot_strike == "rearfoot"
    assert run.foot_pitch_rad == pytest.approx(0.4 / 3)
    later = totals(contact_rows(["L"] * 3, [0.25] * 3, pitches_rad=[0.3, -0.1, -0.1]))
    assert later.foot_strike == "forefoot"


def test_as_many_steps_of_two_classes_are_none() -> None:
    assert totals(contact_rows(["L", "L"], [0.25, 0.25], pitches_rad=[0.3, -0.3])).foot_strike is None


def test_what_no_step_tells_of_the_feet_is_unknown() -> None:
    run = totals(rows(100, n_steps=2.0, step_time_s=0.36))
    assert run.duty_factor is run.flight_time_s is run.contact_balance_left is run.contact_time_bias_s is None
    assert (run.foot_pitch_rad, run.foot_strike) == (None, None)


def test_the_bound_of_the_bias_is_what_the_session_says_and_none_without_a_contact_time() -> None:
    sums = SessionTotals(ACHILLES_1)
    sums.contact_time_bias_s = 0.005
    assert sums.totals().contact_time_bias_s is None
    sums.add(contact_rows(["L"], [0.25]), np.array([True]))
    assert sums.totals().contact_time_bias_s == 0.005


MAYBE_PITCH = st.one_of(st.just(NAN), st.floats(-0.6, 0.6))
STEPS = st.tuples(st.floats(0.26, 0.49), st.floats(0.1, 0.4), st.sampled_from("LRU"), MAYBE_PITCH, st.booleans())
Step = tuple[float, float, str, float, bool]


def table_of(steps: list[Step]) -> StepTable:
    """Rows of which every other one has a flight."""
    return StepTable.concatenate(
        replace(
            rows(1, n_steps=2.0, step_time_s=step_s, contact_time_s=contact_s, gait="run" if runs else "walk"),
            side=np.array([side]),
            foot_pitch_rad=np.array([pitch_rad]),
            flight_time_s=np.array([step_s - contact_s if i % 2 else NAN]),
        )
        for i, (step_s, contact_s, side, pitch_rad, runs) in enumerate(steps)
    )


@given(st.lists(STEPS, max_size=30), st.lists(st.integers(0, 30), max_size=4))
def test_sums_do_not_depend_on_how_rows_came(steps: list[Step], cuts: list[int]) -> None:
    whole, flags = table_of(steps), np.array([runs for *_, runs in steps], dtype=bool)
    at_once, in_parts = SessionTotals(ACHILLES_1), SessionTotals(ACHILLES_1)
    at_once.add(whole, flags)
    edges = sorted({0, len(whole), *(cut for cut in cuts if cut < len(whole))})
    for first, last in pairwise(edges):
        in_parts.add(whole.slice(first, last), flags[first:last])
    at_once.recorded_s = in_parts.recorded_s = 10.0
    assert at_once.totals() == in_parts.totals()


@given(st.lists(STEPS, min_size=1, max_size=60))
def test_a_sum_is_to_the_last_bit_that_of_adding_one_step_after_another(steps: list[Step]) -> None:
    table = table_of(steps)
    contact_s = pitch_rad = impulse_bw_s = hard_bw_s = 0.0
    n_pitches = 0
    for i in range(len(table)):
        contact_s += float(table.contact_time_s[i])
        if not np.isnan(table.foot_pitch_rad[i]):
            pitch_rad += float(table.foot_pitch_rad[i])
            n_pitches += 1
        a_leg_bw_s = float(table.achilles_impulse_bw_s[i]) * 2.0 / 2
        impulse_bw_s += a_leg_bw_s
        hard_bw_s += a_leg_bw_s if table.achilles_peak_bw[i] > ACHILLES_1.hard_line_bw else 0.0
    found = totals(table)
    assert found.contact_time_s == contact_s / len(table)
    assert found.foot_pitch_rad == (pitch_rad / n_pitches if n_pitches else None)
    assert found.load_eq_km == impulse_bw_s / ACHILLES_1.eq_km_bw_s
    assert found.hard_load_bw_s == hard_bw_s
