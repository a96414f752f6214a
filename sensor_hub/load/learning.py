"""A runner's own reference from their stored steps: a flat kilometre at 2.78 m/s, and where a step begins to be hard.

Of the last 28 days with one instrument and one model. Times are medians of the sessions' medians, because what is
common to a session (how the sensor sat that day) is larger than what differs from step to step. The hard line is the
90th percentile of the peaks of all easy steps together. Where speed is known every row's times are brought to 2.78 m/s
by the ratio the population's have between the two speeds; where it is not, they are of easy running as it was, and that
is said. How the foot lands is told by a sensor on the foot only. Every constant is ours.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.load.reference import EASY_SPEED_MPS, REF_POP_1
from sensor_hub.load.tendon import REARFOOT, curve_numbers
from sensor_hub.load.vgrf import STEEP
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import LoadReference
from sensor_hub.model.reference import Learned, Missing, NotYet

WINDOW: Final = timedelta(days=28)
LEAST_AGE: Final = timedelta(days=14)  # since the first run with the instrument
LEAST_SESSIONS: Final = 4
LEAST_STEPS: Final = 2000.0  # easy and flat, of both feet, of all sessions
LEAST_STEPS_OF_A_SESSION: Final = 200.0  # with fewer a session's median is no session's
LEAST_COVERAGE: Final = 0.8
HARD_PERCENTILE: Final = 0.90
FASTEST_EASY: Final = 1.15  # of the median speed of the window
EASY_QUARTERS: Final = 0.75  # without a speed: all but the quarter with the largest mean force
LEAST_SPEED_KNOWN: Final = 0.5  # of the steps; with less, speed is taken for unknown
SLOWEST_REFERRED_MPS: Final = 2.0  # the population's lines are held beyond these; they were fitted on 2.5-4.5 m/s
FASTEST_REFERRED_MPS: Final = 4.5
OFF: Final = 0.05  # of the easy kilometre or the hard line: more than this, and a new reference is worth asking for


@dataclass(frozen=True, slots=True, eq=False)
class PastSession:
    """A stored run of one instrument and model: sid, the athlete's local day, coverage (None unknown), its steps."""

    sid: str
    day: date
    coverage: float | None
    steps: StepTable


@dataclass(frozen=True, slots=True)
class Change:
    """What a new reference does beside an old one, as fractions: 0.03 is 3 % more.

    easy_km : Achilles impulse of an easy kilometre. Loads in eq-km become so much smaller. hard_line : as a peak.
    """

    easy_km: float
    hard_line: float

    @property
    def is_off(self) -> bool:
        """Whether the old one no longer stands for the new one."""
        return max(abs(self.easy_km), abs(self.hard_line)) > OFF


def learn(
    sessions: Iterable[PastSession], *, instrument: str, model: str, first_day: date, today: date
) -> Learned | NotYet:
    """Learn a reference from runs with one instrument and model; their order does not matter.

    Parameters
    ----------
    sessions : iterable of PastSession
        Those outside the 28 days that end with ``today`` are passed over, and those of coverage below 0.8.
    instrument, model : str
        What they were all measured and modelled with.
    first_day : date
        Of the first run there ever was with that instrument.
    today : date
        The athlete's local day; it becomes ``learned_on``.

    Returns
    -------
    Learned or NotYet
        The reference without a number, or what is missing.
    """
    in_window = sorted((s for s in sessions if _counts(s, today)), key=lambda s: (s.day, s.sid))
    measured = [s.steps.only(_measured(s.steps)) for s in in_window]
    pooled = StepTable.concatenate(measured)
    at_easy_speed = _knows_speed(pooled)
    limit = _easy_limit(pooled, at_easy_speed=at_easy_speed)
    easy = [steps.only(_easy_and_flat(steps, limit, at_easy_speed=at_easy_speed)) for steps in measured]
    easy = [steps for steps in easy if steps.n_steps.sum() >= LEAST_STEPS_OF_A_SESSION]
    n_steps = float(sum(steps.n_steps.sum() for steps in easy))
    missing = NotYet(
        instrument=instrument,
        missing=(),
        days_left=max((first_day + LEAST_AGE - today).days, 0),
        sessions_left=max(LEAST_SESSIONS - len(easy), 0),
        steps_left=max(LEAST_STEPS - n_steps, 0.0),
    )
    what = _missing(missing, tells_contacts=not in_window or _tells_contacts(in_window))
    if what:
        return NotYet(instrument, what, missing.days_left, missing.sessions_left, missing.steps_left)
    times = [_median_times_s(steps, at_easy_speed=at_easy_speed) for steps in easy]
    hard = StepTable.concatenate(easy)
    reference = LoadReference(
        id="",
        step_time_s=median(step_s for step_s, _ in times),
        contact_time_s=median(contact_s for _, contact_s in times),
        hard_line_bw=_quantile(hard.achilles_peak_bw, hard.n_steps, HARD_PERCENTILE),
        model=model,
        instrument=instrument,
        learned_on=today,
        n_sessions=len(easy),
        n_steps=n_steps,
        strike_factor=median(_strike_factor(steps) for steps in easy),
    )
    return Learned(reference, at_easy_speed)


def change(before: LoadReference, after: LoadReference) -> Change:
    """What ``after`` does beside ``before``."""
    easy_km = AchillesModel(after).eq_km_bw_s / AchillesModel(before).eq_km_bw_s - 1
    return Change(easy_km, after.hard_line_bw / before.hard_line_bw - 1)


def _missing(counted: NotYet, *, tells_contacts: bool) -> tuple[Missing, ...]:
    if not counted.instrument:
        return ("instrument",)
    if not tells_contacts:
        return ("contact-time",)
    wanted: dict[Missing, float] = {
        "days": counted.days_left, "sessions": counted.sessions_left, "steps": counted.steps_left,
    }  # fmt: skip
    return tuple(name for name, left in wanted.items() if left > 0)


def _counts(session: PastSession, today: date) -> bool:
    recorded = session.coverage is not None and session.coverage >= LEAST_COVERAGE
    return recorded and timedelta(0) <= today - session.day < WINDOW


def _tells_contacts(sessions: Iterable[PastSession]) -> bool:
    return any(not np.isnan(s.steps.contact_time_s).all() for s in sessions if len(s.steps))


def _measured(steps: StepTable) -> BoolArray:
    """(n,) running rows whose times, and with them the peak, were measured."""
    known = ~np.isnan(steps.step_time_s * steps.contact_time_s * steps.achilles_peak_bw)
    usable: BoolArray = (steps.gait == "run") & (steps.n_steps > 0) & (steps.quality > 0) & known
    return usable


def _knows_speed(steps: StepTable) -> bool:
    told = steps.n_steps[~np.isnan(steps.speed_mps)].sum()
    return bool(len(steps)) and bool(told >= LEAST_SPEED_KNOWN * steps.n_steps.sum())


def _easy_limit(steps: StepTable, *, at_easy_speed: bool) -> float:
    """Speed in m/s, or without one the mean force in body weights, up to which running is easy; NaN of no steps."""
    if not len(steps):
        return float("nan")
    if at_easy_speed:
        told = steps.only(~np.isnan(steps.speed_mps))
        return FASTEST_EASY * _quantile(told.speed_mps, told.n_steps, 0.5)
    return _quantile(steps.step_time_s / steps.contact_time_s, steps.n_steps, EASY_QUARTERS)


def _easy_and_flat(steps: StepTable, limit: float, *, at_easy_speed: bool) -> BoolArray:
    """(n,) easy rows; a slope nobody told counts as flat, as it does for the load."""
    effort = steps.speed_mps if at_easy_speed else steps.step_time_s / steps.contact_time_s
    chosen: BoolArray = (effort <= limit) & ~(np.abs(steps.grade) > STEEP)
    return chosen


def _median_times_s(steps: StepTable, *, at_easy_speed: bool) -> tuple[float, float]:
    """Step and contact time of a session, s; at 2.78 m/s where speed is known."""
    step_s, contact_s = steps.step_time_s, steps.contact_time_s
    if at_easy_speed:
        speed_mps = np.clip(steps.speed_mps, SLOWEST_REFERRED_MPS, FASTEST_REFERRED_MPS)
        step_s = step_s * REF_POP_1.step_time_s(EASY_SPEED_MPS) / REF_POP_1.step_time_s(speed_mps)
        contact_s = contact_s * REF_POP_1.contact_time_s(EASY_SPEED_MPS) / REF_POP_1.contact_time_s(speed_mps)
    return _quantile(step_s, steps.n_steps, 0.5), _quantile(contact_s, steps.n_steps, 0.5)


def _strike_factor(steps: StepTable) -> float:
    """What the way the foot lands does to a session's impulses beside a heel strike; 1 where no sensor tells it."""
    lever, _, _ = curve_numbers(steps.foot_pitch_rad)
    return _quantile(lever / REARFOOT.lever, steps.n_steps, 0.5)


def _quantile(values: FloatArray, weights: FloatArray, part: float) -> float:
    """Return the smallest value at and below which this part of the weight lies."""
    order = np.argsort(values, kind="stable")
    reached = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(reached, part * reached[-1])])
