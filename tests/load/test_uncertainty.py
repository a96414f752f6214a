"""How sure a load is: what must widen it, what must not, and that nothing is ever certain."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.judgement import Amount, probability_above
from sensor_hub.load.achilles import ACHILLES_1, StepInputs, StepLoads
from sensor_hub.load.modifiers import grade_factor
from sensor_hub.load.uncertainty import (
    DAY_CONTACT_SD_S,
    DAY_MODEL_SD,
    HARD_AT_SD,
    HARD_WEIGHTS,
    STEP_MODEL_SD,
    SessionSpread,
    common_peak_sd,
    hard_sd,
    step_variances,
)
from sensor_hub.model.gait import Tier
from tests.load.sessions import session, totals_of

NAN = math.nan
STEP_S = st.floats(0.27, 0.45)
CONTACT_S = st.floats(0.15, 0.4)
CONTACT_SD_S = st.floats(0.001, 0.03)
GRADE = st.one_of(st.just(NAN), st.floats(-0.15, 0.15))
FRACTION = st.floats(0.001, 0.3)
TIERS: tuple[Tier, ...] = ("imu", "contact", "speed")


def step(step_s: float, contact_s: float, sd_s: float, *, grade: float = 0.0, speed_mps: float = NAN) -> StepLoads:
    step_time_s, contact_time_s, contact_time_sd, speed, slope, unknown = (
        np.array([x]) for x in (step_s, contact_s, sd_s, speed_mps, grade, NAN)
    )
    steps = StepInputs(step_time_s, contact_time_s, contact_time_sd, speed, slope, unknown, np.array([False]))
    return ACHILLES_1.step_loads(steps)


def fraction(loads: StepLoads, of: str) -> float:
    """A spread as a part of what it is of."""
    value = loads.achilles_peak_bw if of == "peak" else loads.achilles_impulse_bw_s
    return float((loads.achilles_peak_sd if of == "peak" else loads.achilles_impulse_sd)[0] / value[0])


# --- a step -----------------------------------------------------------------------------------------------------------


@given(STEP_S, CONTACT_S, CONTACT_SD_S, GRADE)
def test_no_step_is_certain(step_s: float, contact_s: float, sd_s: float, grade: float) -> None:
    loads = step(step_s, contact_s, sd_s, grade=grade)
    assert min(loads.achilles_peak_sd[0], loads.achilles_impulse_sd[0], loads.vgrf_peak_sd[0]) > 0
    sure = step(step_s, contact_s, 1e-9, grade=grade)
    assert min(fraction(sure, "peak"), fraction(sure, "impulse")) >= STEP_MODEL_SD


@given(STEP_S, CONTACT_S, CONTACT_SD_S, st.floats(1.01, 3.0), GRADE)
def test_a_less_sure_contact_time_makes_a_step_less_sure(
    step_s: float, contact_s: float, sd_s: float, more: float, grade: float
) -> None:
    sure, unsure = (step(step_s, contact_s, sd, grade=grade) for sd in (sd_s, more * sd_s))
    assert fraction(unsure, "peak") > fraction(sure, "peak")
    assert fraction(unsure, "impulse") > fraction(sure, "impulse")


@given(STEP_S, CONTACT_S, CONTACT_SD_S)
def test_a_slope_nobody_told_makes_a_step_less_sure_than_a_flat_one(
    step_s: float, contact_s: float, sd_s: float
) -> None:
    flat, untold = (step(step_s, contact_s, sd_s, grade=grade) for grade in (0.0, NAN))
    assert fraction(untold, "peak") > fraction(flat, "peak")
    assert fraction(untold, "impulse") > fraction(flat, "impulse")


@given(STEP_S, st.floats(0.15, 0.3), st.floats(2.5, 5.0))
def test_a_contact_that_was_measured_is_surer_than_one_from_speed_and_that_than_none(
    step_s: float, contact_s: float, speed_mps: float
) -> None:
    told = step(step_s, contact_s, 0.002)
    guessed, blind = step(step_s, NAN, NAN, speed_mps=speed_mps), step(step_s, NAN, NAN)
    assert fraction(told, "impulse") < fraction(guessed, "impulse") < fraction(blind, "impulse")
    assert math.isnan(blind.achilles_peak_sd[0])


@given(st.floats(0.0, 0.25), st.floats(0.001, 0.1))
def test_the_steeper_the_less_sure_and_as_much_down_as_up(grade: float, more: float) -> None:
    (up, up_peak), (down, down_peak), (steeper, steeper_peak) = (
        [np.asarray(part) for part in step_variances(np.array([g]))] for g in (grade, -grade, grade + more)
    )
    assert (up[0], up_peak[0]) == (down[0], down_peak[0])
    assert steeper[0] > up[0]
    assert steeper_peak[0] > up_peak[0] >= up[0]


def test_on_the_flat_no_part_of_a_peak_is_in_doubt_for_its_slope() -> None:
    of_impulse, of_peak = (np.asarray(part) for part in step_variances(np.array([0.0, 0.1])))
    assert of_peak[0] == of_impulse[0]
    # the doubt is smaller than the effect itself: that can be less, and does not turn round
    assert 0.0 < math.sqrt(of_peak[1] - of_impulse[1]) < math.log(grade_factor(np.array([0.1]))[0])


@given(CONTACT_S, st.floats(0.0, 0.2), st.sampled_from(TIERS))
def test_the_peaks_of_a_run_uphill_have_more_in_common_to_be_wrong_about(
    contact_s: float, grade: float, tier: Tier
) -> None:
    contact_time_s = np.full(4, contact_s)
    flat, up, down, untold = common_peak_sd(contact_time_s, np.array([0.0, grade, -grade, NAN]), tier)
    assert up == down >= flat
    assert untold > flat > DAY_MODEL_SD


# --- a session --------------------------------------------------------------------------------------------------------


@given(CONTACT_SD_S, st.floats(1.05, 3.0), st.sampled_from(TIERS))
def test_a_session_of_less_sure_contacts_is_less_sure(sd_s: float, more: float, tier: Tier) -> None:
    sure, unsure = (totals_of(session(50, contact_sd_s=sd), tier) for sd in (sd_s, more * sd_s))
    assert sure.load_eq_km == unsure.load_eq_km
    assert (unsure.load_eq_km_sd or 0.0) > (sure.load_eq_km_sd or 0.0) > 0


def test_what_is_each_steps_own_averages_out_and_what_is_common_does_not() -> None:
    def relative_sd(n: int) -> float:
        told = totals_of(session(n, contact_sd_s=0.02))
        return (told.load_eq_km_sd or 0.0) / (told.load_eq_km or 1.0)

    few, more, many, most = (relative_sd(n) for n in (10, 100, 1000, 10_000))
    assert few > more > many > most
    floor = math.hypot(DAY_MODEL_SD, DAY_CONTACT_SD_S["imu"] / (2 * 0.24))
    assert most == pytest.approx(floor, rel=0.01)
    # own² = total² - common² falls as 1 / n
    assert (few**2 - floor**2) / (many**2 - floor**2) == pytest.approx(100, rel=0.05)


def test_slopes_nobody_told_and_contacts_nobody_measured_widen_a_session() -> None:
    contact_s = np.linspace(0.20, 0.28, 1000)
    told, untold = (totals_of(session(1000, contact_time_s=contact_s, grade=grade)) for grade in (0.0, NAN))
    blind = totals_of(session(1000, contact_time_s=NAN, contact_sd_s=NAN))
    assert (untold.load_eq_km_sd or 0.0) > (told.load_eq_km_sd or 0.0)
    assert (untold.hard_load_sd or 0.0) > (told.hard_load_sd or 0.0) > 0
    assert blind.load_eq_km_sd is not None
    assert blind.load_eq_km_sd > 0
    assert blind.hard_load_sd is None


@given(st.floats(0.01, 50.0), st.floats(0.0, 5.0), st.floats(0.0, 500.0), st.floats(0.0, 1.0), st.sampled_from(TIERS))
def test_no_session_with_a_load_is_certain(load: float, own: float, by_contact: float, untold: float, t: Tier) -> None:
    sd = SessionSpread(load, 0.0, own, by_contact, untold * load).load_sd(t)
    assert sd >= max(DAY_MODEL_SD * load, own)
    assert SessionSpread(load, 0.0, own, by_contact, 0.0).load_sd(t) <= sd


# --- hard load --------------------------------------------------------------------------------------------------------


def test_five_points_know_the_spread_of_what_is_in_proportion_and_that_of_a_step() -> None:
    in_proportion = tuple(100.0 + 7.0 * away for away in HARD_AT_SD)
    assert hard_sd(100.0, in_proportion, 0.0) == pytest.approx(7.0, rel=1e-3)
    # the share of a bell curve over a line, moved by a tenth of its width: against a fine sum
    away = np.linspace(-8, 8, 4001)
    weights = np.exp(-(away**2) / 2)
    for line in (-1.0, 0.0, 1.5):
        shares = [share_over(line - 0.5 * a) for a in away]
        exact = np.sqrt(np.average((np.array(shares) - share_over(line)) ** 2, weights=weights))
        few = hard_sd(share_over(line), tuple(share_over(line - 0.5 * a) for a in HARD_AT_SD), 0.0)
        assert few == pytest.approx(exact, rel=0.03)
    assert 2 * (HARD_WEIGHTS[2] + HARD_WEIGHTS[3]) < 1.0  # the rest is that nothing is moved


def share_over(line: float) -> float:
    return 0.5 * math.erfc(line / math.sqrt(2))


@given(st.floats(0.01, 100.0), st.lists(st.floats(0.0, 100.0), min_size=4, max_size=4), FRACTION)
def test_hard_load_is_never_surer_than_the_load_it_is_part_of(hard: float, moved: list[float], load_sd: float) -> None:
    assert hard_sd(hard, tuple(moved), load_sd) >= hard * load_sd * (1 - 1e-12)


def test_a_run_without_a_step_near_the_line_has_no_hard_load_for_sure() -> None:
    assert hard_sd(0.0, (0.0, 0.0, 0.0, 0.0), 0.03) == 0.0
    assert hard_sd(0.0, (0.0, 0.0, 0.0, 5.0), 0.03) > 0.0


@given(CONTACT_S, st.floats(1.01, 1.5), st.sampled_from(TIERS))
def test_a_day_moves_the_peaks_of_short_contacts_more(contact_s: float, longer: float, tier: Tier) -> None:
    flat = np.zeros(1)
    short_sd, long_sd = (
        common_peak_sd(np.array([contact]), flat, tier)[0] for contact in (contact_s, longer * contact_s)
    )
    assert short_sd > long_sd > DAY_MODEL_SD


# --- the probability that a limit is passed ---------------------------------------------------------------------------

VALUE = st.floats(0.5, 30.0)
FACTOR = st.floats(0.8, 2.0)


def certain(value: float, sd: float) -> Amount:
    return Amount(value, value, sd * value)


@given(VALUE, VALUE, FACTOR, FRACTION, FRACTION, st.floats(1.001, 2.0))
def test_more_load_is_never_less_likely_over_a_limit_and_a_higher_limit_never_more_likely_passed(
    value: float, reference: float, factor: float, sd: float, reference_sd: float, more: float
) -> None:
    limit_of = certain(reference, reference_sd)
    chance = probability_above(Amount(value, value, sd), limit_of, factor)
    assert 0.0 <= chance <= 1.0
    assert probability_above(Amount(more * value, more * value, sd), limit_of, factor) >= chance
    assert probability_above(Amount(value, value, sd), limit_of, more * factor) <= chance


@given(VALUE, FACTOR, st.floats(1.01, 1.5), FRACTION, st.floats(1.1, 5.0))
def test_the_less_sure_a_load_the_nearer_its_chance_to_a_half(
    reference: float, factor: float, over: float, sd: float, more: float
) -> None:
    for value in (over * factor * reference, factor * reference / over):
        sure, unsure = (probability_above(certain(value, s), certain(reference, s), factor) for s in (sd, more * sd))
        assert abs(unsure - 0.5) <= abs(sure - 0.5)
        assert (sure >= 0.5) == (unsure >= 0.5) == (value > factor * reference)


@given(VALUE, FACTOR, FRACTION)
def test_on_the_limit_it_is_as_likely_as_not(reference: float, factor: float, sd: float) -> None:
    on_it = certain(factor * reference, sd)
    assert probability_above(on_it, certain(reference, sd), factor) == pytest.approx(0.5)
