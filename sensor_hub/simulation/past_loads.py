"""What a simulated runner's past session weighs, in the numbers the load model gives a live one at that speed.

The past is not made of steps, so its load comes in closed form: the population's gait at the speed through the running
formula of ``achilles-1.0.0``, in eq-km of ``ref-pop-1``. Peaks scatter from step to step as a simulated sensor's do.
``tests/simulation`` holds these numbers and the instruments against live runs.
"""

from dataclasses import dataclass, replace
from math import erf, hypot, sqrt
from typing import Final

from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Totals
from sensor_hub.simulation.speed import contact_time_s, step_rate_hz
from sensor_hub.units import M_PER_KM

INSTRUMENTS: Final[dict[Tier, str]] = {"imu": "imu/shank/shank-1.0", "speed": "speed/standard-rsc"}
EASY_SPEED_MPS: Final = 2.78
EQ_KM_BW_S: Final = 301.647  # a leg's impulse of one flat kilometre at 2.78 m/s
EQ_KM_S: Final = 359.7  # how long that takes
EASY_PEAK_BW: Final = 4.584
HARD_LINE_BW: Final = 4.962
PUSH_OFF: Final = 0.4907  # of the impulse
# Mean and one standard deviation of the steps' peaks, as fractions of the peak of the mean step.
PEAK_BIAS: Final[dict[Tier, float]] = {"imu": 1.012, "speed": 1.0}
PEAK_SD: Final[dict[Tier, float]] = {"imu": 0.044, "speed": 0.008}
# One standard deviation common to a session: of the day's contact time (s), of the model, and of slopes nobody told.
DAY_CONTACT_SD_S: Final[dict[Tier, float]] = {"imu": 0.006, "speed": 0.003}
DAY_MODEL_SD: Final = 0.02
UNTOLD_GRADE_SD: Final = 0.02
# A normal distribution in five points, without its middle: how many standard deviations away, and the weight.
HARD_POINTS: Final = ((-2.8570, 0.011257), (-1.3556, 0.222076), (1.3556, 0.222076), (2.8570, 0.011257))
FIVE_MINUTES_S: Final = 300.0
HILL_GRADE: Final = 0.05
ROLLING_M_PER_KM: Final = 2.0  # climbed on slopes that are no hills
_OF_THE_PART: Final = (
    "n_steps", "n_strides", "load_eq_km", "load_eq_km_sd", "load_bw_s", "push_off_bw_s", "hard_load_bw_s",
    "hard_load_sd", "uphill_s", "ascent_m",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SpeedLoad:
    """What running at a speed loads a leg with, as a sensor of a tier measures it.

    eq_km_per_s : load of a second. sd, hard, hard_sd : spread, hard part and its spread, as fractions of the load.
    peak_bw : mean of the steps' peaks.
    """

    eq_km_per_s: float
    sd: float
    hard: float
    hard_sd: float
    peak_bw: float


def speed_load(speed_mps: float, tier: Tier) -> SpeedLoad:
    """Return the load of running at a speed."""
    contact_s = float(contact_time_s(speed_mps))
    mean_force = _mean_force_bw(speed_mps) / _mean_force_bw(EASY_SPEED_MPS)
    peak_bw = PEAK_BIAS[tier] * EASY_PEAK_BW * mean_force**1.5
    by_contact = DAY_CONTACT_SD_S[tier] / contact_s
    common = hypot(1.5 * by_contact, DAY_MODEL_SD, UNTOLD_GRADE_SD)
    sd = hypot(0.5 * by_contact, DAY_MODEL_SD, UNTOLD_GRADE_SD)
    hard = _hard(peak_bw, tier)
    moved = (sqrt(weight) * (_hard(peak_bw * (1 + at * common), tier) - hard) for at, weight in HARD_POINTS)
    return SpeedLoad(
        eq_km_per_s=sqrt(mean_force) / EQ_KM_S, sd=sd, hard=hard, hard_sd=hypot(*moved, hard * sd), peak_bw=peak_bw
    )


def loaded(totals: Totals, load: SpeedLoad, load_eq_km: float, hard_load_bw_s: float) -> Totals:
    """Return totals with a load of so much, and what goes with it."""
    load_bw_s = load_eq_km * EQ_KM_BW_S
    return replace(
        totals,
        load_eq_km=load_eq_km,
        load_eq_km_sd=load.sd * load_eq_km,
        load_bw_s=load_bw_s,
        push_off_bw_s=PUSH_OFF * load_bw_s,
        hard_load_bw_s=hard_load_bw_s,
        hard_load_sd=load.hard_sd * load_bw_s,
        achilles_peak_bw=load.peak_bw,
    )


def exposed(totals: Totals, speed_mps: float, fastest: float, uphill_s_per_km: float | None) -> Totals:
    """Return totals with the speed and the hills of the run.

    fastest : speed of its fastest five minutes over its mean. uphill_s_per_km : None where nothing told the slope.
    """
    km = (totals.distance_m or 0.0) / M_PER_KM
    uphill_s = None if uphill_s_per_km is None else uphill_s_per_km * km
    return replace(
        totals,
        median_speed_mps=speed_mps,
        speed_5min_mps=fastest * speed_mps if totals.duration_s >= FIVE_MINUTES_S else 0.0,
        uphill_s=uphill_s,
        ascent_m=None if uphill_s is None else uphill_s * HILL_GRADE * speed_mps + ROLLING_M_PER_KM * km,
    )


def recorded(whole: Totals, coverage: float) -> Totals:
    """Return what is known of a run of which a part was recorded; distance is the device's own count."""
    part = {name: getattr(whole, name) * coverage for name in _OF_THE_PART if getattr(whole, name) is not None}
    return replace(whole, coverage=coverage, **part)


def _mean_force_bw(speed_mps: float) -> float:
    """Mean vertical force of a contact, body weights."""
    return float(1.0 / step_rate_hz(speed_mps) / contact_time_s(speed_mps))


def _hard(peak_bw: float, tier: Tier) -> float:
    """Share of steps whose peak lies above the hard line."""
    return 0.5 * (1.0 + erf((peak_bw - HARD_LINE_BW) / (PEAK_SD[tier] * peak_bw) / sqrt(2.0)))
