"""How often a band of 90 % holds what it is a band of, on left-out data, with the exact interval of so few.

Every band of a left-out subject or trial is as wide as the errors left out of one another among the others say. Steps
of a trial and speeds of a subject are not independent, so the true intervals are wider than those given.
"""

from collections.abc import Callable
from math import comb
from typing import Any, Final

import numpy as np

from sensor_hub.load.reference import REF_POP_1
from sensor_hub.load.uncertainty import PREDICTED_CONTACT_SD_S
from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.signal.detectors import detector_for
from tests.validation.load_force_table import ForceTable, force_table, shipped_peak_bw
from tests.validation.load_force_trials import TrialSteps, shipped_loads, trial_steps
from tests.validation.measures import rounded
from tests.validation.sacral import SHIPPED, Trial, applied, fitted, trials

BAND: Final = 0.90
WIDE: Final = 1.645  # standard deviations either side of a band of 90 %
INTERVAL: Final = 0.95


def exact_interval(k: int, n: int, confidence: float = INTERVAL) -> tuple[float, float]:
    """Return the exact binomial (Clopper-Pearson) interval of a share of k in n, 0 to 1. ValueError if n is 0."""
    if not 0 <= k <= n or n == 0:
        raise ValueError(f"{k} of {n} is no share")
    tail = (1 - confidence) / 2
    low = 0.0 if k == 0 else _where(lambda p: _at_least(k, n, p) - tail)
    high = 1.0 if k == n else _where(lambda p: tail - (1 - _at_least(k + 1, n, p)))
    return low, high


def _at_least(k: int, n: int, p: float) -> float:
    """Probability of k or more of n."""
    return float(sum(comb(n, i) * p**i * (1 - p) ** (n - i) for i in range(k, n + 1)))


def _where(rises: Callable[[float], float]) -> float:
    """Where a rising function of 0 to 1 crosses 0."""
    low, high = 0.0, 1.0
    for _ in range(50):
        middle = (low + high) / 2
        low, high = (middle, high) if rises(middle) < 0 else (low, middle)
    return (low + high) / 2


def told_of(what: str, data: str, inside: BoolArray, group: IntArray, *, is_left_out: bool = True) -> dict[str, Any]:
    """Return a row: how many are inside, of how many, and the interval."""
    n, k = len(inside), int(np.count_nonzero(inside))
    low, high = exact_interval(k, n)
    return {
        "what": what,
        "data": data,
        "left_out": is_left_out,
        "n": n,
        "n_groups": len(np.unique(group)),
        "inside": k,
        "coverage_pct": rounded(100 * k / n, 1),
        "low_pct": rounded(100 * low, 1),
        "high_pct": rounded(100 * high, 1),
        "contains_90": bool(low <= BAND <= high),
    }


def pooled(rows: list[dict[str, Any]], what: str) -> dict[str, Any]:
    """Return the row of several rows together."""
    inside = np.concatenate([np.arange(row["n"]) < row["inside"] for row in rows])
    group = np.concatenate([np.full(row["n"], i) for i, row in enumerate(rows)])
    told = told_of(what, "; ".join(row["data"] for row in rows), inside, group)
    return {**told, "n_groups": sum(row["n_groups"] for row in rows)}


def by_others(predict: Callable[[BoolArray], FloatArray], target: FloatArray, group: IntArray) -> BoolArray:
    """(n,) whether a row lies in the band around its prediction, both made of the other groups alone.

    predict : from which rows are known to (n,) predictions. The band's width is the root mean square of the relative
    errors of the other groups, each of them left out in turn.
    """
    inside = np.zeros(len(target), dtype=np.bool_)
    groups = np.unique(group)
    for one in groups:
        asked = group == one
        errors = [(target / predict(~asked & (group != other)) - 1)[group == other] for other in groups if other != one]
        sd = float(np.sqrt(np.mean(np.concatenate(errors) ** 2)))
        inside[asked] = np.abs(target / predict(~asked) - 1)[asked] <= WIDE * sd
    return inside


def factor_line(terms: FloatArray, base: FloatArray, target: FloatArray) -> Callable[[BoolArray], FloatArray]:
    """Return a way to predict a base times a line in the terms, fitted on the rows that are known."""
    table = np.column_stack([np.ones(len(target)), terms])

    def predict(known: BoolArray) -> FloatArray:
        weights = np.linalg.lstsq(table[known], (target / base)[known], rcond=None)[0]
        predicted: FloatArray = base * (table @ weights)
        return predicted

    return predict


def _errors_s(known: list[Trial], left: set[int], one: Trial) -> FloatArray:
    """(n,) s, errors of one trial's contact times by what is fitted on all that are not left out."""
    fit = fitted([t for i, t in enumerate(known) if i not in left], SHIPPED, is_product=True)
    found_s = applied(fit, one.stances).contact_time_s[one.stance]
    errors_s: FloatArray = found_s - (one.toe_off_s - one.initial_contact_s)[one.contact]
    return errors_s


def sacral_contact() -> list[dict[str, Any]]:
    """Return the bands of the sacral method's contact time: of a step, of a trial's mean, and as claimed."""
    known = trials()
    steps_in, means_in, claimed_in, who = [], [], [], []
    claimed_s = detector_for("sacrum").method.contact_time_sd_s
    for i, one in enumerate(known):
        others = [_errors_s(known, {i, j}, known[j]) for j in range(len(known)) if j != i]
        step_sd = float(np.sqrt(np.mean(np.concatenate(others) ** 2)))
        mean_sd = float(np.sqrt(np.mean([error.mean() ** 2 for error in others])))
        errors_s = _errors_s(known, {i}, one)
        steps_in.append(np.abs(errors_s) <= WIDE * step_sd)
        means_in.append(abs(errors_s.mean()) <= WIDE * mean_sd)
        claimed_in.append(np.abs(errors_s) <= WIDE * claimed_s)
        who.append(np.full(len(errors_s), i, dtype=np.int64))
    group, number = np.concatenate(who), np.arange(len(known), dtype=np.int64)
    data = "16 trials, one runner, sacrum"
    return [
        told_of("contact time of a step", data, np.concatenate(steps_in), group),
        told_of("mean contact time of a trial", data, np.array(means_in), number),
        told_of("contact time of a step, SD as claimed", data, np.concatenate(claimed_in), group),
    ]


def predicted_contact(table: ForceTable) -> list[dict[str, Any]]:
    """Return the bands of a contact time that no sensor told: its scale from the others, and as shipped."""
    expected_s = REF_POP_1.contact_time_at(table.speed_mps, table.step_time_s)
    scaled = factor_line(np.empty((len(expected_s), 0)), expected_s, table.contact_time_s)
    inside = by_others(scaled, table.contact_time_s, table.subject)
    shipped = np.abs(expected_s - table.contact_time_s) <= WIDE * PREDICTED_CONTACT_SD_S
    data = "44 means of 19 runners, no sensor"
    return [
        told_of("contact time by speed and step time, scale from the others", data, inside, table.subject),
        told_of("the same as shipped, beside the plate at 20 N", data, shipped, table.subject, is_left_out=False),
    ]


def peaks_of_table(table: ForceTable) -> list[dict[str, Any]]:
    """Return the bands of the peak on the table: refitted on the others, and as shipped."""
    mean_bw = table.step_time_s / table.contact_time_s
    line = factor_line(table.speed_mps[:, np.newaxis], mean_bw, table.peak_bw)
    peak_bw, sd_bw = shipped_peak_bw(table)
    balanced_bw = table.peak_bw / table.impulse_over_identity
    data = "44 means of 19 runners, plate contact time"
    return [
        told_of("peak force, k by speed", data, by_others(line, table.peak_bw, table.subject), table.subject),
        told_of(
            "vgrf_peak_sd as shipped, peaks as given", data, np.abs(peak_bw - table.peak_bw) <= WIDE * sd_bw,
            table.subject, is_left_out=False,
        ),
        told_of(
            "vgrf_peak_sd as shipped, peaks brought to the identity", data,
            np.abs(peak_bw - balanced_bw) <= WIDE * sd_bw, table.subject, is_left_out=False,
        ),
    ]  # fmt: skip


def peaks_of_trials(steps: TrialSteps) -> list[dict[str, Any]]:
    """Return the bands of a step's peak on the trials: refitted on the others, and as shipped."""
    mean_bw = steps.step_time_s / steps.contact_time_s
    line = factor_line(steps.contact_time_s[:, np.newaxis], mean_bw, steps.peak_bw)
    claimed_s = detector_for("sacrum").method.contact_time_sd_s
    plate = shipped_loads(steps, steps.contact_time_s, 0.0, speed=True)
    sensed = shipped_loads(steps, steps.sensor_contact_s, claimed_s, speed=False)
    data = "16 trials, one runner"
    return [
        told_of(
            "peak force of a step, k by contact time", f"{data}, plate contact time",
            by_others(line, steps.peak_bw, steps.trial), steps.trial,
        ),
        *(
            told_of(
                "vgrf_peak_sd as shipped", f"{data}, {where} contact time",
                np.abs(loads.vgrf_peak_bw - steps.peak_bw) <= WIDE * loads.vgrf_peak_sd, steps.trial, is_left_out=False,
            )
            for where, loads in (("plate", plate), ("sacral", sensed))
        ),
    ]  # fmt: skip


def bands() -> dict[str, Any]:
    """Return the coverage of every band, and of those on left-out data together."""
    table, steps = force_table(), trial_steps()
    contact = [*sacral_contact(), *predicted_contact(table)]
    vgrf = [*peaks_of_table(table), *peaks_of_trials(steps)]
    return {
        "contact": contact,
        "vgrf": vgrf,
        "contact_pooled": pooled([contact[0], contact[3]], "contact time, pooled"),
        "vgrf_pooled": pooled([vgrf[0], vgrf[3]], "peak force, pooled"),
    }
