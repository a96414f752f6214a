"""Are the bands of Achilles loads honest, on simulated runners? Nothing here is a person.

The truth is ``simulation.tendon_truth``: not the model's law, and with days that differ by what the simulator declares.
So a coverage says whether the bands hold what they claim to hold if people vary like that, and no more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from sensor_hub.guidelines.judgement import ALERT_PROBABILITY, Amount, probability_above
from sensor_hub.load.uncertainty import ABSOLUTE_BAND
from sensor_hub.model.arrays import FloatArray
from tests.validation.load_bands import WIDE, exact_interval
from tests.validation.load_following import following
from tests.validation.load_simulated_runs import EXACT, FOOT, FOOT_WITHOUT_GRADE, KINDS, Run, Runner, Sensing, runner
from tests.validation.measures import FEWEST, rounded

N_RUNNERS: Final = 60
# Of the measured ratio: limits that may be passed. At 1 the probability is a half whatever the band: it tells nothing.
BETWEEN_FACTORS: Final = (0.9, 0.95, 0.975, 0.985, 0.995)


@dataclass(frozen=True, slots=True)
class Case:
    """How the sensor errs and days differ, and how that is called."""

    name: str
    sensing: Sensing
    day_spread: float = 1.0


CASES: Final = (
    Case("exact contact times and slopes", EXACT),
    Case("foot sensor, slopes from a watch", FOOT),
    Case("foot sensor, slopes untold", FOOT_WITHOUT_GRADE),
    Case("foot sensor, remounting adds 10 ms", replace(FOOT, day_s=0.010)),
    Case("foot sensor, days differ twice as much", FOOT, day_spread=2.0),
)


def bands(n_runners: int = N_RUNNERS, cases: Sequence[Case] = CASES) -> dict[str, Any]:
    """Return, for each case, the coverage of the 90 % bands of loads, hard loads, steps and people's mean peaks."""
    return {"n_runners": n_runners, "cases": [{"name": case.name, **case_bands(case, n_runners)} for case in cases]}


def case_bands(case: Case, n_runners: int) -> dict[str, Any]:
    """Return one case's coverages; the simulated people are the same in each."""
    people = [runner(k, case.sensing, day_spread=case.day_spread) for k in range(n_runners)]
    return {
        "load_ratio": load_ratios(people),
        "hard_load": hard_loads(people),
        "hard_load_by_kind": {kind: hard_loads(people, kind) for kind in KINDS},
        "step_peak": steps(people, _peak),
        "step_impulse": steps(people, _impulse),
        "step_peak_by_kind": {kind: steps(people, _peak, kind) for kind in KINDS},
        "step_impulse_by_kind": {kind: steps(people, _impulse, kind) for kind in KINDS},
        "alerts": alerts(people),
        "absolute": absolute(people),
    }


def coverage(error: FloatArray, claimed_sd: FloatArray) -> dict[str, Any]:
    """Share of errors inside their band of 90 %, its exact interval, and what was claimed and found, one SD."""
    inside, n = np.abs(error) <= WIDE * claimed_sd, len(error)
    if n < FEWEST:
        return {"n": n}
    k = int(np.count_nonzero(inside))
    low, high = exact_interval(k, n)
    return {
        "n": n,
        "inside_pct": rounded(100 * k / n, 1),
        "from_pct": rounded(100 * low, 1),
        "to_pct": rounded(100 * high, 1),
        "claimed_sd_pct": rounded(100 * float(np.sqrt(np.mean(claimed_sd**2)))),
        "found_sd_pct": rounded(100 * float(np.sqrt(np.mean(error**2)))),
        "bias_pct": rounded(100 * float(error.mean())),
    }


# --- sessions ---------------------------------------------------------------------------------------------------------


def pairs(people: Iterable[Runner]) -> list[tuple[Run, Run]]:
    """Two sessions of one runner each; no session is in two pairs."""
    return [(p.runs[k], p.runs[k + 1]) for p in people for k in range(0, len(p.runs) - 1, 2)]


def load_ratios(people: Iterable[Runner]) -> dict[str, Any]:
    """How far the ratio of two sessions' loads is from the true ratio, and what their bands say."""
    both = [(_ratio_error(a, b), np.hypot(_relative_sd(a), _relative_sd(b))) for a, b in pairs(people)]
    return coverage(*(np.array(column) for column in zip(*both, strict=True)))


def _ratio_error(a: Run, b: Run) -> float:
    return float(np.log(_value(a) / _value(b) / (a.true_load_bw_s / b.true_load_bw_s)))


def hard_loads(people: Iterable[Runner], kind: str | None = None) -> dict[str, Any]:
    """How far hard load is from what it would be without error at the same line, in parts of the session's load."""
    chosen = [(p, r) for p in people for r in p.runs if kind in {None, r.kind}]
    load = np.array([r.totals.load_bw_s for _, r in chosen], dtype=float)
    hard = np.array([r.totals.hard_load_bw_s for _, r in chosen], dtype=float)
    sd = np.array([r.totals.hard_load_sd for _, r in chosen], dtype=float)
    truth = np.array([p.true_hard_bw_s(r) for p, r in chosen])
    return {
        **coverage((hard - truth) / load, sd / load),
        "true_share_pct": rounded(100 * float((truth / load).mean()), 1),
    }


def alerts(people: Iterable[Runner]) -> dict[str, Any]:
    """Of two sessions of a runner, how often one is truly above a multiple of the other where that was likely."""
    claims = np.array([claim for pair in pairs(people) for claim in _claims(*pair)])
    called = claims[claims[:, 0] >= ALERT_PROBABILITY]
    unsure = claims[(claims[:, 0] >= 0.5) & (claims[:, 0] < ALERT_PROBABILITY)]
    return {"likely": _calibration(called), "too_close_to_call": _calibration(unsure)}


def _claims(a: Run, b: Run) -> list[tuple[float, bool]]:
    """Return (probability said, whether it is so), for limits around the ratio that was measured."""
    one, other = (Amount(_value(r), _value(r), _relative_sd(r) * _value(r)) for r in (a, b))
    measured, true = one.value / other.value, a.true_load_bw_s / b.true_load_bw_s
    limits = [measured * factor for factor in BETWEEN_FACTORS]
    return [(probability_above(one, other, limit), true > limit) for limit in limits]


def _calibration(claims: FloatArray) -> dict[str, Any]:
    if len(claims) < FEWEST:
        return {"n": len(claims)}
    said, so = claims.mean(axis=0)
    return {"n": len(claims), "said_pct": rounded(100 * float(said), 1), "so_pct": rounded(100 * float(so), 1)}


def _value(run: Run) -> float:
    return run.totals.load_eq_km or float("nan")


def _relative_sd(run: Run) -> float:
    return (run.totals.load_eq_km_sd or float("nan")) / _value(run)


# --- steps ------------------------------------------------------------------------------------------------------------


def _peak(person: Runner, run: Run) -> tuple[FloatArray, FloatArray]:
    relative = run.steps.achilles_peak_bw / run.true_peak_bw / person.peak_scale
    return np.log(relative), run.steps.achilles_peak_sd / run.steps.achilles_peak_bw


def _impulse(person: Runner, run: Run) -> tuple[FloatArray, FloatArray]:
    relative = run.steps.achilles_impulse_bw_s / run.true_impulse_bw_s / person.load_scale
    return np.log(relative), run.steps.achilles_impulse_sd / run.steps.achilles_impulse_bw_s


def steps(
    people: Iterable[Runner], of: Callable[[Runner, Run], tuple[FloatArray, FloatArray]], kind: str | None = None
) -> dict[str, Any]:
    """How far a step is from the truth on its runner's scale; the interval counts people, whose steps are alike."""
    by_person = [[of(p, r) for r in p.runs if kind in {None, r.kind}] for p in people]
    joined = [tuple(np.concatenate(column) for column in zip(*parts, strict=True)) for parts in by_person]
    shares = np.array([np.mean(np.abs(error) <= WIDE * sd) for error, sd in joined])
    error, sd = (np.concatenate(column) for column in zip(*joined, strict=True))
    half = 1.96 * float(shares.std(ddof=1)) / len(shares) ** 0.5
    return {
        "n": len(error),
        "n_runners": len(shares),
        "inside_pct": rounded(100 * float(shares.mean()), 1),
        "from_pct": rounded(100 * (float(shares.mean()) - half), 1),
        "to_pct": rounded(min(100.0, 100 * (float(shares.mean()) + half)), 1),
        "claimed_sd_pct": rounded(100 * float(np.sqrt(np.mean(sd**2)))),
        "found_sd_pct": rounded(100 * float(np.sqrt(np.mean(error**2)))),
    }


# --- people -----------------------------------------------------------------------------------------------------------


def absolute(people: Sequence[Runner]) -> dict[str, Any]:
    """How many people's true mean peak lies within 40 % of the modelled."""
    true_over_modelled = np.array([1.0 / p.peak_scale for p in people])
    k, n = int(np.count_nonzero(np.abs(true_over_modelled - 1.0) <= ABSOLUTE_BAND)), len(people)
    low, high = exact_interval(k, n)
    return {
        "n": n,
        "inside_pct": rounded(100 * k / n, 1),
        "from_pct": rounded(100 * low, 1),
        "to_pct": rounded(100 * high, 1),
        "smallest": rounded(float(true_over_modelled.min())),
        "largest": rounded(float(true_over_modelled.max())),
    }


def figures() -> dict[str, Any]:
    """Return all that is told of loads on simulated runners: a minute or two."""
    return {"bands": bands(), "following": following()}
