"""Does the load model follow what changes within a simulated runner? Model change beside true change, and beside no
sensor.

A run of half a minute in usual running, and others in which one thing is another: speed, cadence, slope, strike.
Nothing here is a person; the true forces are those of ``simulation.tendon_truth``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from sensor_hub.load.achilles import ACHILLES_1, StepInputs
from sensor_hub.load.modifiers import grade_factor
from sensor_hub.model.arrays import FloatArray
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.footfalls import footfalls
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.tendon_truth import Ankle, tendon_truth
from tests.validation.load_simulated_runs import FIRST_SEED, FOOT, STRIKES
from tests.validation.measures import rounded

Influence: TypeAlias = Literal["speed", "cadence", "slope", "strike"]
INFLUENCES: Final[tuple[Influence, ...]] = ("speed", "cadence", "slope", "strike")
N_RUNNERS: Final = 60
USUAL_MPS: Final = 3.0
SPEEDS_MPS: Final = (2.5, 2.75, 3.4, 3.8, 4.4, 5.0)
CADENCES: Final = (0.92, 0.96, 1.04, 1.08)
SLOPES: Final = (-0.10, -0.05, 0.05, 0.10)
DURATION_S: Final = 30.0
SMALLEST_CHANGE: Final = 0.01  # below it a direction says nothing
_CONTACT: Final = 41  # streams of random numbers
_STEPS: Final = 42


@dataclass(frozen=True, slots=True)
class Way:
    """How a runner runs for half a minute: told by what differs from usual."""

    influence: Influence | None = None
    speed_mps: float = USUAL_MPS
    cadence: float = 1.0
    slope: float = 0.0
    strike: Strike | None = None


@dataclass(frozen=True, slots=True)
class Means:
    """Means over a run's steps: truth, the model, and what a watch without contact times knows.

    untimed_peak_bw : the model's, with the contact time of speed and cadence. way_peak_bw, way_impulse_bw_s : "time x
    slope": the vertical impulse, and a peak that only slopes change.
    """

    true_peak_bw: float
    true_impulse_bw_s: float
    peak_bw: float
    impulse_bw_s: float
    untimed_peak_bw: float
    way_peak_bw: float
    way_impulse_bw_s: float


def following(n_runners: int = N_RUNNERS) -> dict[str, Any]:
    """Return, for peak and impulse of a step and each influence, slope and correlation of the changes, and skill."""
    changes = [change for number in range(n_runners) for change in _changes(number)]
    return {
        "n_runners": n_runners,
        "impulse": {name: _impulse(_of(changes, name)) for name in (*INFLUENCES, "all")},
        "peak": {name: _peak(_of(changes, name)) for name in (*INFLUENCES, "all")},
    }


def ways(strike: Strike) -> Iterator[Way]:
    """Yield what is tried: one thing changed at a time."""
    yield from (Way("speed", speed_mps=v) for v in SPEEDS_MPS)
    yield from (Way("cadence", cadence=c) for c in CADENCES)
    yield from (Way("slope", slope=s) for s in SLOPES)
    others: tuple[Strike, ...] = ("midfoot", "forefoot") if strike == "rearfoot" else ("rearfoot",)
    yield from (Way("strike", strike=other) for other in others)


@dataclass(frozen=True, slots=True)
class _Change:
    influence: Influence
    usual: Means
    means: Means

    def of(self, name: str) -> float:
        return float(np.log(getattr(self.means, name) / getattr(self.usual, name)))


def _changes(number: int) -> Iterator[_Change]:
    strike = STRIKES[number % len(STRIKES)]
    usual = run(number, Way())
    for way in ways(strike):
        if way.influence is not None:
            yield _Change(way.influence, usual, run(number, way))


def run(number: int, way: Way) -> Means:
    """Return what half a minute was and what was made of it; the sensor stays where it is."""
    seed = FIRST_SEED + number
    person, ankle = _person(seed, STRIKES[number % len(STRIKES)], way)
    course = Course.run(way.speed_mps, DURATION_S, grade=way.slope)
    falls = footfalls(course, person, seed)
    truth = tendon_truth(course, person, ankle, falls, seed)
    n = len(falls) - 2
    contact_s = (falls.toe_off_s - falls.initial_contact_s)[:n] + _contact_error_s(seed, way, n)
    step_s = (np.diff(falls.initial_contact_s)[:n] + np.diff(falls.initial_contact_s)[1 : n + 1]) / 2
    unknown, slope = np.full(n, np.nan), np.full(n, way.slope)
    walks = np.zeros(n, dtype=bool)
    inputs = StepInputs(step_s, contact_s, unknown, unknown, slope, truth.strike_rad[:n], walks)
    timed = ACHILLES_1.step_loads(inputs)
    untimed = ACHILLES_1.step_loads(
        replace(inputs, contact_time_s=unknown, speed_mps=np.full(n, way.speed_mps), foot_pitch_rad=unknown)
    )
    by_slope = float(grade_factor(np.array([way.slope]))[0])
    return Means(
        true_peak_bw=float(truth.peak_bw[:n].mean()),
        true_impulse_bw_s=float(truth.impulse_bw_s[:n].mean()),
        peak_bw=float(timed.achilles_peak_bw.mean()),
        impulse_bw_s=float(timed.achilles_impulse_bw_s.mean()),
        untimed_peak_bw=float(untimed.achilles_peak_bw.mean()),
        way_peak_bw=by_slope,
        way_impulse_bw_s=float(step_s.mean()) * by_slope,
    )


def _person(seed: int, strike: Strike, way: Way) -> tuple[Person, Ankle]:
    """Return who runs that way; contact times follow cadence by a power of the person's own."""
    person = Person.drawn(seed, strike)
    ankle = Ankle.drawn(seed, person)
    power = float(np.random.default_rng([seed, _CONTACT]).uniform(0.3, 0.7))
    if way.strike is not None:
        other = Person.drawn(seed, way.strike)
        person = replace(person, strike=way.strike, strike_rad=other.strike_rad, impact_force=other.impact_force)
    factors = person.step_rate_factor * way.cadence, person.contact_time_factor * way.cadence**-power
    return replace(person, step_rate_factor=factors[0], contact_time_factor=factors[1]), ankle


def _contact_error_s(seed: int, way: Way, n: int) -> FloatArray:
    """(n,) s as ``load_simulated_runs.Sensing`` says of a foot sensor that stays on."""
    own = np.random.default_rng([seed, _CONTACT, 1])
    usual_s = own.normal(0.0, FOOT.person_s) + own.normal(0.0, FOOT.person_per_mps_s) * (way.speed_mps - USUAL_MPS)
    error_s: FloatArray = usual_s + np.random.default_rng([seed, _STEPS]).normal(0.0, FOOT.step_s, n)
    return error_s


def _of(changes: list[_Change], influence: str) -> list[_Change]:
    return [c for c in changes if influence in {"all", c.influence}]


def _impulse(changes: list[_Change]) -> dict[str, Any]:
    true, model = _column(changes, "true_impulse_bw_s"), _column(changes, "impulse_bw_s")
    return followed(true, model, {"time_x_slope": _column(changes, "way_impulse_bw_s")})


def _peak(changes: list[_Change]) -> dict[str, Any]:
    true, model = _column(changes, "true_peak_bw"), _column(changes, "peak_bw")
    without = {"slope": _column(changes, "way_peak_bw"), "speed_and_cadence": _column(changes, "untimed_peak_bw")}
    return followed(true, model, without)


def _column(changes: list[_Change], name: str) -> FloatArray:
    return np.array([c.of(name) for c in changes])


def followed(true: FloatArray, model: FloatArray, without: dict[str, FloatArray]) -> dict[str, Any]:
    """How a model's changes follow the true ones, (n,) logarithms each.

    slope : of a line through nothing, 1 is all of a change. right_way_pct : of changes above 1 %. skill : 1 less the
    mean size of the model's errors over that of each way without a sensor; 0 is no better.
    """
    large = np.abs(true) > SMALLEST_CHANGE
    error_pct = 100 * float(np.mean(np.abs(model - true)))
    baselines_pct = {name: 100 * float(np.mean(np.abs(changes - true))) for name, changes in without.items()}
    return {
        "n": len(true),
        "slope": rounded(float(true @ model / (true @ true)), 3),
        "correlation": rounded(float(np.corrcoef(true, model)[0, 1]), 3),
        "right_way_pct": rounded(100 * float(np.mean(np.sign(true[large]) == np.sign(model[large]))), 1),
        "error_pct": rounded(error_pct),
        "error_without_pct": {name: rounded(value) for name, value in baselines_pct.items()},
        "skill": {name: rounded(1 - error_pct / value, 3) for name, value in baselines_pct.items()},
    }
