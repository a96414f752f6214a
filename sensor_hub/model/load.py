"""Load of a session so far, and what of it is left against the runner's own history."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

from sensor_hub.model.foot_strike import FootStrike

Measure: TypeAlias = Literal["distance_m", "load_eq_km", "hard_load_bw_s"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Running totals of one session; None is unknown.

    n_steps : steps of both feet; n_strides : strides of one foot.
    duration_s : moving time, s. coverage : recorded / moving time, 0 to 1; below 0.8 every load is a lower bound.
    cadence_spm : median over running. contact_time_s : mean of measured contact times while running.
    load_eq_km : push-off load in equivalent easy kilometres; load_eq_km_sd one standard deviation of it.
    hard_load_bw_s : Achilles impulse a leg of the steps above the hard line, BW·s.
    duty_factor : mean over running of contact time / stride time. flight_time_s : mean, estimated where the steps' is.
    contact_balance_left : part of the left in the sum of the left and the right mean contact time, 0 to 1; None unless
        both feet were measured.
    contact_time_bias_s : how far contact_time_s may lie from a force plate's at 20 N, by the evidence of the method.
    foot_pitch_rad : mean angle of the sole to the ground at initial contact, toes up positive.
    foot_strike : that of most steps; None where no class has the most.
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


@dataclass(frozen=True, slots=True)
class Headroom:
    """What one session limit leaves today.

    limit, reference, so_far and left are in the measure's unit; left may be negative. None means unknown, and
    ``reason`` says why in a word: "no-history", "low-coverage", "no-source", "hub-away".
    confidence is "low" in the first 14 days of history.
    """

    measure: Measure
    reference: float | None
    limit: float | None
    so_far: float | None
    left: float | None
    confidence: Literal["learning", "low", "normal"]
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LoadStatus:
    """An athlete's load as the hub publishes it (topic ``…/load``).

    day : the athlete's local day, ISO. today_* are sums of the day's sessions, week_* of the current week.
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
