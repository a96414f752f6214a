"""Load of a session so far, and what of it is left against the runner's own history."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias

from sensor_hub.model.foot_strike import FootStrike

Measure: TypeAlias = Literal["distance_m", "load_eq_km", "hard_load_bw_s"]
COVERAGE_FLOOR = 0.8  # ours: recorded over moving time, below which a load is a lower bound
Surface: TypeAlias = Literal["overground", "treadmill", "track", "trail", "unknown"]
"""What was run on. To the load model a track and a trail are ground like any other: no table supports a number."""


def is_partly_recorded(coverage: float | None) -> bool:
    """Whether so little was recorded that a load is "at least" so much. coverage : 0 to 1; None is of no sensor."""
    return coverage is not None and coverage < COVERAGE_FLOOR


@dataclass(frozen=True, slots=True)
class LoadReference:
    """What a load is expressed in: one flat kilometre at 2.78 m/s, and where a step begins to be hard.

    id : "ref-pop-1", or "ref-own-N" for the N-th that was learned where the athlete is registered.
    step_time_s, contact_time_s : of a flat step at 2.78 m/s. hard_line_bw : modelled Achilles peak above which a step
        is hard, body weights.
    instrument : what measured it (``SessionHeader.instrument``), "" for the population. model : version of the load
        model that hard_line_bw holds for. learned_on : the athlete's local day, None for the population.
    strike_factor : Achilles impulse of an easy step as the foot lands over that of a heel strike of the same times.
    """

    id: str
    step_time_s: float
    contact_time_s: float
    hard_line_bw: float
    model: str
    instrument: str = ""
    learned_on: date | None = None
    n_sessions: int = 0
    n_steps: float = 0.0
    strike_factor: float = 1.0


@dataclass(frozen=True, slots=True)
class Conditions:
    """What the load model is told of a session, because no sensor tells it; None is unknown.

    shoe_drop_mm : heel-to-toe drop. drop_per_mm : fraction by which one millimetre more than 10 mm is assumed to lower
        the load; 0 is off, because no table supports a number. leg_length_m : hip to floor, for leg stiffness.
    """

    surface: Surface = "unknown"
    shoe_drop_mm: float | None = None
    drop_per_mm: float = 0.0
    leg_length_m: float | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Running totals of one session; None is unknown.

    n_steps : steps of both feet; n_strides : strides of one foot.
    duration_s : moving time, s. coverage : recorded / moving time, 0 to 1; below 0.8 every load is a lower bound.
    cadence_spm : median over running. contact_time_s : mean of measured contact times while running.
    load_eq_km : push-off load in equivalent easy kilometres; load_eq_km_sd one standard deviation of it, in a
        comparison with the same runner's sessions from the same instrument.
    hard_load_bw_s : Achilles impulse a leg of the steps above the hard line, BW·s; hard_load_sd as above.
    duty_factor : mean over running of contact time / stride time. flight_time_s : mean, estimated where the steps' is.
    contact_balance_left : part of the left in the sum of the left and the right mean contact time, 0 to 1; None unless
        both feet were measured.
    contact_time_bias_s : how far contact_time_s may lie from a force plate's at 20 N, by the evidence of the method.
    foot_pitch_rad : mean angle of the sole to the ground at initial contact, toes up positive.
    foot_strike : that of most steps; None where no class has the most.
    load_bw_s : modelled Achilles impulse a leg while running, BW·s, the mean of both legs; what load_eq_km is made of.
    load_left_bw_s, load_right_bw_s : the same of each leg; None unless both were measured.
    push_off_bw_s : the part of load_bw_s from the peaks to toe-off.
    load_m4_eq_km, load_m9_eq_km : the load with forces weighted by their 4th and 9th power; shown, never judged.
    achilles_peak_bw, vgrf_peak_bw : means over running steps whose peak is known.
    vertical_stiffness_bw_per_m, leg_stiffness_bw_per_m : means over running, modelled.
    n_walk_steps : steps walked, of both feet. walk_load_bw_s : modelled Achilles impulse a leg while walking: a ledger
        of its own, no part of the run's load.
    median_speed_mps : over running time. speed_5min_mps : the speed that was held or exceeded for five minutes in all;
        of a shorter run 0. Both None unless the speed of most of it is known.
    uphill_s : time on slopes of 3 % and more. ascent_m : metres climbed. None unless the slope of most of it is known.
    """

    n_steps: float = 0.0
    n_strides: float = 0.0
    duration_s: float = 0.0
    distance_m: float | None = None
    cadence_spm: float | None = None
    contact_time_s: float | None = None
    load_eq_km: float | None = None
    load_eq_km_sd: float | None = None
    hard_load_bw_s: float | None = None
    coverage: float | None = None
    duty_factor: float | None = None
    flight_time_s: float | None = None
    contact_balance_left: float | None = None
    contact_time_bias_s: float | None = None
    foot_pitch_rad: float | None = None
    foot_strike: FootStrike | None = None
    hard_load_sd: float | None = None
    load_bw_s: float | None = None
    load_left_bw_s: float | None = None
    load_right_bw_s: float | None = None
    push_off_bw_s: float | None = None
    load_m4_eq_km: float | None = None
    load_m9_eq_km: float | None = None
    achilles_peak_bw: float | None = None
    vgrf_peak_bw: float | None = None
    vertical_stiffness_bw_per_m: float | None = None
    leg_stiffness_bw_per_m: float | None = None
    n_walk_steps: float | None = None
    walk_load_bw_s: float | None = None
    median_speed_mps: float | None = None
    speed_5min_mps: float | None = None
    uphill_s: float | None = None
    ascent_m: float | None = None


@dataclass(frozen=True, slots=True)
class Headroom:
    """What one session limit leaves today.

    limit, reference, so_far and left are in the measure's unit; left may be negative. None means unknown, and
    ``reason`` says why in a word: "no-history", "low-coverage", "no-source", "hub-away", "nothing-before" (it was
    zero in all earlier runs), "bridging" (the load is measured another way than before, since fewer than 14 days),
    "unknown-run" (of another run of the day it is not known), "not-recorded" (somebody said so of the day), "held" (the
    guidelines hold it back).
    confidence is "low" or "learning" in the first 14 days of history.
    probability : that the true value is above the limit, 0 to 1, at least; None where that is unknown.
    without_hills : a run is going on, and nothing tells its slopes.
    """

    measure: Measure
    reference: float | None
    limit: float | None
    so_far: float | None
    left: float | None
    confidence: Literal["learning", "low", "normal"]
    reason: str | None = None
    probability: float | None = None
    without_hills: bool = False


@dataclass(frozen=True, slots=True)
class LoadSums:
    """Sums over a day's or a week's sessions; None is unknown, and a sum with an unknown part is unknown.

    Runs (ledger "run"): distance_m; load_eq_km in the newest of their references, with one standard deviation in a
    comparison; load_bw_s, load_left_bw_s, load_right_bw_s, push_off_bw_s, hard_load_bw_s and its spread, a leg.
    load_per_km : eq-km to a kilometre, over what was recorded. lower_bound : part of a run was not recorded.
    walk_load_bw_s : of every walked step, in runs and walks. exercise_load_bw_s : of ledger "exercise". Neither is part
    of the run's load.
    reason : why loads are unknown although each run's is known: "mixed-instruments" (several ways of measuring, which
    are not added) or "mixed-references" (hard loads above different lines); "without-load" where of a run only the
    distance is known, "unknown-run" where nothing of one is. "not-recorded": somebody ran on a day without a record, so
    every sum is a lower bound, the distance too.
    """

    n_runs: int = 0
    distance_m: float | None = None
    load_eq_km: float | None = None
    load_eq_km_sd: float | None = None
    load_per_km: float | None = None
    load_bw_s: float | None = None
    load_left_bw_s: float | None = None
    load_right_bw_s: float | None = None
    push_off_bw_s: float | None = None
    hard_load_bw_s: float | None = None
    hard_load_sd: float | None = None
    walk_load_bw_s: float | None = None
    exercise_load_bw_s: float | None = None
    lower_bound: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class InstrumentChange:
    """From a day on, an athlete's load was measured another way: another instrument, tier or version of the model.

    first_day : of the first run measured the new way, the athlete's local day, ISO. normal_from : from this day on its
    loads are judged again; the days between are the bridging period. before, before_model : how the run before was
    measured.
    """

    first_day: str
    normal_from: str
    instrument: str
    model: str
    before: str
    before_model: str


@dataclass(frozen=True, slots=True)
class LoadStatus:
    """An athlete's load as the hub publishes it (topic ``…/load``).

    day : the athlete's local day, ISO. today_* are sums of the day's sessions, week_* of the current week; ``today``
    and ``week`` say more of the same.
    instrument, model, reference : what today's load is measured with and expressed in: that of the session in progress,
    else of the newest run; None without one. bridging : the change that today's load is still learned after, or None.
    """

    athlete: str
    zone: str
    day: str
    today_distance_m: float | None
    today_load_eq_km: float | None
    week_distance_m: float | None
    week_load_eq_km: float | None
    headroom: tuple[Headroom, ...]
    origin: str
    today: LoadSums = LoadSums()
    week: LoadSums = LoadSums()
    instrument: str | None = None
    model: str | None = None
    reference: str | None = None
    bridging: InstrumentChange | None = None
