"""True force of a simulated person's Achilles tendon, made so that a model of it can be wrong.

The moment about the ankle is that of the whole ground force, brake and drive included, on a foot whose centre of
pressure goes its own way; the tendon has a lever of its own that grows as the foot points. Nothing here is taken from
``load.tendon``: another law of the way under the foot, another shape of force (``ground_force``: skewed, with an
impact), slopes by the pull of gravity along them. People differ in all of it, and a person differs a little from day to
day and from step to step; the model is told none of that.

The means over people were set near published means, so that the model is not judged on people nobody has seen: the
ratios of Van Hooren et al. 2024 a kilometre by speed, slope and cadence, +11 % of impulse without a heel strike
(Almonroeder et al. 2013), a peak of about five body weights (Fukuchi et al. 2017, lever 5 cm). How far people and days
lie from those means is ours: nobody has measured it. So this can show that a band is too narrow for what it claims to
hold, and never that it is right for people.
"""

from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.footfalls import LEFT, RIGHT, Footfalls
from sensor_hub.simulation.ground_force import ForceShape
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.speed import step_rate_hz
from sensor_hub.simulation.strides import strides

_ANKLE: Final = 21  # streams of random numbers
_DAY: Final = 22
_STEP: Final = 23
_PHASES: Final = 121
_S_PER_H: Final = 3600.0
USUAL_SPEED_MPS: Final = 3.0
DAY_ROLL_SD: Final = 0.008  # from day to day, as a part of contact; ours
DAY_START_SD_M: Final = 0.0015


@dataclass(frozen=True, slots=True)
class Ankle:
    """An ankle and how the ground force goes under its foot. Lengths are ahead of the ankle, along the sole.

    tendon_lever_m : of the Achilles tendon in the middle of contact. lever_growth : fraction by which it grows from
        landing to toe-off.
    ball_m : metatarsal heads. toes_m : how far beyond them the centre of pressure ends. height_m : of the ankle over
        the ground.
    start_m : centre of pressure when a level sole lands. start_per_rad : m further for each rad of toes up.
    roll : part of contact after which it is half way, running at 3 m/s on the level. steepness : how sudden it goes
        there.
    roll_per_mps, roll_per_rad, roll_per_ln_step, roll_per_h : change of ``roll`` with speed, slope (uphill), the
        logarithm of step time over the population's at that speed, and an hour of running.
    brake : forward force over mean normal force, at its most.
    roll_sd, start_sd_m : from step to step.
    """

    tendon_lever_m: float = 0.05
    lever_growth: float = 0.06
    ball_m: float = 0.13
    toes_m: float = 0.015
    height_m: float = 0.08
    start_m: float = -0.018
    start_per_rad: float = -0.085
    roll: float = 0.30
    steepness: float = 2.4
    roll_per_mps: float = -0.02
    roll_per_rad: float = -1.15
    roll_per_ln_step: float = -0.35
    roll_per_h: float = 0.0
    brake: float = 0.18
    roll_sd: float = 0.008
    start_sd_m: float = 0.003

    @classmethod
    def drawn(cls, seed: int, person: Person) -> Self:
        """Return the ankle of a person, drawn from the declared spreads; the same for the same seed."""
        rng = np.random.default_rng([seed, _ANKLE])

        def draw(mean: float, sd: float, low: float, high: float) -> float:
            return float(np.clip(rng.normal(mean, sd), low, high))

        return cls(
            tendon_lever_m=draw(0.05, 0.005, 0.04, 0.06),
            lever_growth=draw(0.06, 0.06, -0.1, 0.2),
            ball_m=person.foot_length_m - person.ankle_m[0],
            toes_m=draw(0.015, 0.008, 0.0, 0.04),
            height_m=person.ankle_m[2],
            start_m=draw(-0.018, 0.008, -0.035, 0.01),
            start_per_rad=draw(-0.085, 0.02, -0.14, -0.03),
            roll=draw(0.30, 0.03, 0.21, 0.39),
            steepness=draw(2.4, 0.3, 1.7, 3.2),
            roll_per_mps=draw(-0.02, 0.01, -0.05, 0.01),
            roll_per_rad=draw(-1.15, 0.3, -2.0, -0.3),
            roll_per_ln_step=draw(-0.35, 0.2, -0.9, 0.2),
            roll_per_h=draw(0.0, 0.015, -0.04, 0.04),
            brake=draw(0.18, 0.03, 0.1, 0.26),
            roll_sd=draw(0.008, 0.002, 0.003, 0.014),
            start_sd_m=draw(0.003, 0.001, 0.001, 0.006),
        )

    def on_day(self, seed: int, day: int, *, spread: float = 1.0) -> Self:
        """Return the same ankle on one day: the way under the foot is a little another; ``spread`` makes it more so."""
        rng = np.random.default_rng([seed, _DAY, day])
        roll = float(np.clip(self.roll + rng.normal(0.0, DAY_ROLL_SD * spread), 0.15, 0.45))
        return replace(self, roll=roll, start_m=self.start_m + float(rng.normal(0.0, DAY_START_SD_M * spread)))


@dataclass(frozen=True, slots=True, eq=False)
class TendonTruth:
    """True force of one tendon in each step of ``Footfalls``, (n,) each; NaN where the person does not run.

    peak_bw : body weights. impulse_bw_s : BW·s. push_off_bw_s : part of the impulse after the peak. strike_rad : pitch
    of the sole at initial contact, toes up positive. slope_rad : of the ground.
    """

    peak_bw: FloatArray
    impulse_bw_s: FloatArray
    push_off_bw_s: FloatArray
    strike_rad: FloatArray
    slope_rad: FloatArray


def tendon_truth(course: Course, person: Person, ankle: Ankle, steps: Footfalls, seed: int) -> TendonTruth:
    """Return the true force of both tendons; the steps must be those of the same course, person and seed."""
    n = len(steps)
    rng = np.random.default_rng([seed, _STEP])
    slope_rad, strike_rad = course.slope_rad(steps.initial_contact_s), _strike_rad(course, person, steps, seed)
    phase = np.linspace(0.0, 1.0, _PHASES)
    start_m = ankle.start_m + ankle.start_per_rad * strike_rad + rng.normal(0.0, ankle.start_sd_m, n)
    roll = _roll(ankle, steps, slope_rad) + rng.normal(0.0, ankle.roll_sd, n)
    ahead_m = _way_m(ankle, phase, start_m, np.clip(roll, 0.08, 0.6))
    touching_s = steps.lift_s - steps.touch_s
    normal = ForceShape.running(person).at(phase) * (np.cos(slope_rad) * steps.impulse_bw_s / touching_s)[:, np.newaxis]
    along = normal * np.tan(slope_rad)[:, np.newaxis]
    along -= ankle.brake * np.sin(2 * np.pi * phase) * normal.mean(axis=1, keepdims=True)
    moment = normal * ahead_m + along * ankle.height_m
    force = np.maximum(moment, 0.0) / (ankle.tendon_lever_m * (1.0 + ankle.lever_growth * (phase - 0.5)))
    a_phase_s = (touching_s / (_PHASES - 1))[:, np.newaxis]
    after = phase >= phase[np.argmax(force, axis=1)][:, np.newaxis]
    walks = ~steps.runs

    def known(column: FloatArray) -> FloatArray:
        return np.where(walks, np.nan, column)

    return TendonTruth(
        peak_bw=known(force.max(axis=1)),
        impulse_bw_s=known((force * a_phase_s).sum(axis=1)),
        push_off_bw_s=known((force * after * a_phase_s).sum(axis=1)),
        strike_rad=strike_rad,
        slope_rad=slope_rad,
    )


def _way_m(ankle: Ankle, phase: FloatArray, start_m: FloatArray, roll: FloatArray) -> FloatArray:
    """(n, phases) m, centre of pressure ahead of the ankle: slow under the heel, quick under the arch, slow on."""
    start_m = np.clip(start_m, -0.06, ankle.ball_m)[:, np.newaxis]
    half = (roll**ankle.steepness)[:, np.newaxis]
    gone = phase**ankle.steepness
    gone = gone / (gone + half) * (1.0 + half)
    way_m: FloatArray = start_m + (ankle.ball_m - start_m) * gone
    return way_m + ankle.toes_m * np.clip((phase - 0.7) / 0.3, 0.0, 1.0) ** 2


def _roll(ankle: Ankle, steps: Footfalls, slope_rad: FloatArray) -> FloatArray:
    """(n,) part of contact after which the centre of pressure is half way."""
    speed_mps = np.maximum(steps.speed_mps, 1.6)
    longer = np.log(np.maximum(_step_time_s(steps) * step_rate_hz(speed_mps), 0.5))
    roll: FloatArray = ankle.roll + ankle.roll_per_mps * (speed_mps - USUAL_SPEED_MPS)
    hours = np.maximum(steps.initial_contact_s, 0.0) / _S_PER_H
    return roll + ankle.roll_per_rad * slope_rad + ankle.roll_per_ln_step * longer + ankle.roll_per_h * hours


def _step_time_s(steps: Footfalls) -> FloatArray:
    """(n,) s to the next landing, without its scatter from step to step: a median of eleven."""
    step_s = np.diff(steps.touch_s, append=np.nan)
    same = np.append(steps.bout[1:] == steps.bout[:-1], False)
    step_s[~same] = np.nan
    padded = np.pad(step_s, 5, constant_values=np.nan)
    around = np.lib.stride_tricks.sliding_window_view(padded, 11)
    usual: FloatArray = np.nanmedian(around, axis=1)
    return usual


def _strike_rad(course: Course, person: Person, steps: Footfalls, seed: int) -> FloatArray:
    """(n,) pitch of the sole at each landing."""
    strike_rad = np.full(len(steps), person.strike_rad)
    for side in (LEFT, RIGHT):
        mine = steps.side == side
        if mine.any():
            strike_rad[mine] = strides(course, person, steps, side, seed).strike_rad[1:]
    return strike_rad
