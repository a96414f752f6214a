"""``achilles-1.0.0``: from a step's timing to the modelled force of the Achilles tendon.

For a running step of mean vertical force m = step time / contact time (body weights):

    impulse = lever(strike) · sqrt(m / 1.425) · exp(3.10 · slope) · conditions · step time        [BW·s]
    peak    = peak_over_mean(strike) · impulse / contact time                                     [BW]

The first line is the vertical impulse (an identity, ``vgrf``) times how far the centre of pressure lies ahead of the
ankle over the tendon's own lever (``tendon``). The root of m is the one term for speed and cadence: it was fitted as
a power (0.52) on six ratios of Van Hooren et al. 2024 and set to a half. With the slope's 0.054 a degree it meets
their ten ratios of impulse per km within 1.1 % on average (1.3 % with each left out in turn; "1/v x exp(grade)" alone
3.0 %). The second line says that the curve keeps its shape; to it nothing was fitted, and it gives Starbuck et al.
2021's rise of the peak (18.9 % beside 19.5 %). Where the contact time is unknown and the speed known (tier ``speed``)
it is predicted inside the model and reported nowhere. With neither, m is the population's and the peak is unknown.

With m nearly constant over a run, impulse is close to a stopwatch; what a sensor adds is in the strike and the sides,
and a little in the peak and the hard load. Forces are worth ±40 % and compared, never believed; nothing here says
anything about injury.
Sources beside those: ``modifiers`` (each influence and its evidence), ``uncertainty`` (bands).
Validity: steady running, 2.5-5.6 m/s, slopes to 6 degrees (to 10 held on); walking by a curve of its own.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sensor_hub.load.modifiers import (
    MEAN_FORCE_AT_EASY_BW,
    MEAN_FORCE_EXPONENT,
    PEAK_EXPONENT,
    condition_factor,
    grade_factor,
)
from sensor_hub.load.reference import EASY_SPEED_MPS, HARD_SPEED_FACTOR, REF_POP_1, PopulationReference
from sensor_hub.load.tendon import REARFOOT, WALK, curve_numbers, peak_over_mean_of
from sensor_hub.load.uncertainty import (
    MAKER_CONTACT_SD_S,
    PREDICTED_CONTACT_SD_S,
    UNKNOWN_MEAN_FORCE_SD,
    UNSAID_CONTACT_SD_S,
    step_variances,
)
from sensor_hub.load.vgrf import mean_force_bw, peak_factor, peak_sd
from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.load import Conditions, LoadReference
from sensor_hub.units import M_PER_KM

VERSION: Final = "achilles-1.0.0"
SHORTEST_CONTACT_S: Final = 0.10
LONGEST_CONTACT_S: Final = 0.45
SHORTEST_WALK_CONTACT_S: Final = 0.40
LONGEST_WALK_CONTACT_S: Final = 1.20
WALK_DUTY: Final = 0.62  # contact over stride of walking where it is not measured (textbooks: 0.60-0.64)
WALK_PEAK_OVER_MEAN: Final = 1.448  # of the two humps (``tendon.walking_shape``)
WALK_SD: Final = 0.15  # one standard deviation of a walking step's load in a comparison, as a fraction (ours)


@dataclass(frozen=True, slots=True)
class StepInputs:
    """What a step's load is made of, (n,) each; NaN is unknown.

    is_walk : rows that are modelled as walking; all others as running.
    """

    step_time_s: FloatArray
    contact_time_s: FloatArray
    contact_time_sd: FloatArray
    speed_mps: FloatArray
    grade: FloatArray
    foot_pitch_rad: FloatArray
    is_walk: BoolArray


@dataclass(frozen=True, slots=True)
class StepLoads:
    """Force columns of the same length as the steps they belong to; NaN where unknown.

    ``vgrf_peak_sd`` is beside a force plate; the other spreads are of comparisons with the same runner's steps.
    """

    vgrf_peak_bw: FloatArray
    vgrf_peak_sd: FloatArray
    vgrf_impulse_bw_s: FloatArray
    achilles_peak_bw: FloatArray
    achilles_peak_sd: FloatArray
    achilles_impulse_bw_s: FloatArray
    achilles_impulse_sd: FloatArray
    achilles_push_off_bw_s: FloatArray


class AchillesModel:
    """The model as a session sees it: with the reference its loads are expressed in, and the session's conditions.

    reference : None for the population's.
    """

    def __init__(self, reference: LoadReference | None = None, conditions: Conditions | None = None) -> None:
        self.conditions = Conditions() if conditions is None else conditions
        self._factor = condition_factor(self.conditions)
        assumes_drop = bool(self.conditions.drop_per_mm) and self.conditions.shoe_drop_mm is not None
        # a load with an assumption in it is of another model: it is never held against one without
        self.version = f"{VERSION}+drop{self.conditions.drop_per_mm:g}" if assumes_drop else VERSION
        self.reference = population_reference() if reference is None else reference
        step_s, contact_s = self.reference.step_time_s, self.reference.contact_time_s
        lever = _flat_lever(step_s, contact_s) * self.reference.strike_factor
        self.easy_peak_bw = peak_over_mean_of(lever_factor=self.reference.strike_factor) * lever * step_s / contact_s
        # a leg's steps of a kilometre at 2.78 m/s, times what each of them is worth
        self.eq_km_bw_s = M_PER_KM / EASY_SPEED_MPS / step_s / 2 * lever * step_s
        self.hard_line_bw = self.reference.hard_line_bw

    def step_loads(self, steps: StepInputs) -> StepLoads:
        """Estimate the forces of each step.

        Returns
        -------
        StepLoads
            Peaks in body weights, impulses in BW·s. An impulse needs the step time only, and is the surer the more is
            known beside it; a peak needs a contact time, or a speed to predict one from.
        """
        walks = steps.is_walk
        if not walks.any():
            return self._running(steps)
        if walks.all():
            return self._walking(steps)
        run, walk = self._running(steps), self._walking(steps)
        pairs = ((getattr(walk, name), getattr(run, name)) for name in StepLoads.__slots__)
        return StepLoads(*(np.where(walks, of_walk, of_run) for of_walk, of_run in pairs))

    def _running(self, steps: StepInputs) -> StepLoads:
        step_s, speed_mps, grade = steps.step_time_s, steps.speed_mps, steps.grade
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            contact_s, own_sd_s, plate_sd_s = _contact(steps)
            mean_bw = mean_force_bw(step_s, contact_s)
            blind = np.isnan(mean_bw)
            sees = not blind.any()
            lever, peak_over_mean, push_off = _curve(steps.foot_pitch_rad)
            known_bw = mean_bw if sees else np.where(blind, MEAN_FORCE_AT_EASY_BW, mean_bw)
            # a root, and not a power of MEAN_FORCE_EXPONENT: it is the same bits on every machine
            impulse_bw_s = lever * self._factor * np.sqrt(known_bw / MEAN_FORCE_AT_EASY_BW) * step_s
            if not np.isnan(grade).all():
                impulse_bw_s *= grade_factor(grade)
            peak_bw = peak_over_mean * impulse_bw_s / contact_s
            own = own_sd_s / contact_s  # of the contact time, as a fraction
            vgrf_bw = peak_factor(speed_mps, contact_s) * mean_bw
            vgrf_sd = np.hypot(peak_sd(speed_mps, contact_s, grade), plate_sd_s / contact_s)
            of_impulse, of_peak = step_variances(grade)
            mean_force_sd = own if sees else np.where(blind, UNKNOWN_MEAN_FORCE_SD, own)
            impulse_sd = impulse_bw_s * np.sqrt(MEAN_FORCE_EXPONENT**2 * mean_force_sd * mean_force_sd + of_impulse)
            peak_sd_bw = peak_bw * np.sqrt(PEAK_EXPONENT**2 * own * own + of_peak)
        return StepLoads(
            vgrf_peak_bw=vgrf_bw,
            vgrf_peak_sd=vgrf_bw * vgrf_sd,
            vgrf_impulse_bw_s=step_s.copy(),
            achilles_peak_bw=peak_bw,
            achilles_peak_sd=peak_sd_bw,
            achilles_impulse_bw_s=impulse_bw_s,
            achilles_impulse_sd=impulse_sd,
            achilles_push_off_bw_s=push_off * impulse_bw_s,
        )

    def _walking(self, steps: StepInputs) -> StepLoads:
        """Model two humps and an even way under the foot; it carries body weight a step time here too."""
        step_s, told_s = steps.step_time_s, steps.contact_time_s
        usable = (told_s >= SHORTEST_WALK_CONTACT_S) & (told_s <= LONGEST_WALK_CONTACT_S)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
            mean_bw = mean_force_bw(step_s, np.where(usable, told_s, 2 * WALK_DUTY * step_s))
            impulse_bw_s = WALK.lever * step_s  # what a treadmill does to walking is not known
            if not np.isnan(steps.grade).all():
                impulse_bw_s = impulse_bw_s * grade_factor(steps.grade)
            peak_bw = WALK.peak_over_mean * impulse_bw_s / step_s * mean_bw
        vgrf_bw = WALK_PEAK_OVER_MEAN * mean_bw
        return StepLoads(
            vgrf_peak_bw=vgrf_bw,
            vgrf_peak_sd=vgrf_bw * WALK_SD,
            vgrf_impulse_bw_s=step_s.copy(),
            achilles_peak_bw=peak_bw,
            achilles_peak_sd=peak_bw * WALK_SD,
            achilles_impulse_bw_s=impulse_bw_s,
            achilles_impulse_sd=impulse_bw_s * WALK_SD,
            achilles_push_off_bw_s=WALK.push_off * impulse_bw_s,
        )


def _curve(foot_pitch_rad: FloatArray) -> tuple[FloatArray | float, ...]:
    """``curve_numbers``, or one number for all steps where no angle is known: most sensors tell none."""
    if np.isnan(foot_pitch_rad).all():
        return REARFOOT.lever, REARFOOT.peak_over_mean, REARFOOT.push_off
    return curve_numbers(foot_pitch_rad)


def _contact(steps: StepInputs) -> tuple[FloatArray, FloatArray, FloatArray]:
    """(n,) each: contact time used, its own SD, and its SD beside a force plate, s.

    A contact time that no running step has says nothing and is not replaced by a guess; one that nobody told is
    predicted.
    """
    told_s, sd_s = steps.contact_time_s, steps.contact_time_sd
    usable = (told_s >= SHORTEST_CONTACT_S) & (told_s <= LONGEST_CONTACT_S)
    unsaid = np.isnan(sd_s)
    if usable.all() and not unsaid.any():
        return told_s, sd_s, sd_s
    contact_s = np.where(usable, told_s, np.nan)
    own_sd_s = np.where(unsaid, UNSAID_CONTACT_SD_S, sd_s)
    plate_sd_s = np.where(unsaid, MAKER_CONTACT_SD_S, sd_s)
    guessed = np.isnan(told_s) & (steps.speed_mps > 0)
    if guessed.any():
        predicted_s = REF_POP_1.contact_time_at(steps.speed_mps, steps.step_time_s)
        # of somebody who runs, a speed that leads to no running contact is a receiver's that lost its way
        guessed &= (predicted_s >= SHORTEST_CONTACT_S) & (predicted_s <= LONGEST_CONTACT_S)
        contact_s = np.where(guessed, predicted_s, contact_s)
        own_sd_s = np.where(guessed, PREDICTED_CONTACT_SD_S, own_sd_s)
        plate_sd_s = np.where(guessed, PREDICTED_CONTACT_SD_S, plate_sd_s)
    return contact_s, own_sd_s, plate_sd_s


def _flat_lever(step_time_s: float, contact_time_s: float) -> float:
    """Achilles over vertical impulse of a flat rearfoot step."""
    return float(REARFOOT.lever * (step_time_s / contact_time_s / MEAN_FORCE_AT_EASY_BW) ** MEAN_FORCE_EXPONENT)


def population_reference(population: PopulationReference = REF_POP_1) -> LoadReference:
    """``ref-pop-1``: a flat kilometre of the population; hard is what it reaches 15 % faster than easy."""
    hard_mps = HARD_SPEED_FACTOR * EASY_SPEED_MPS
    step_s, contact_s = float(population.step_time_s(hard_mps)), float(population.contact_time_s(hard_mps))
    return LoadReference(
        id=population.id,
        step_time_s=float(population.step_time_s(EASY_SPEED_MPS)),
        contact_time_s=float(population.contact_time_s(EASY_SPEED_MPS)),
        hard_line_bw=REARFOOT.peak_over_mean * _flat_lever(step_s, contact_s) * step_s / contact_s,
        model=VERSION,
    )


ACHILLES_1: Final = AchillesModel()
