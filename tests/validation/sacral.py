"""The sacral correction fitted and judged on the trials, each left out of everything that is judged on it.

For every trial the form and the features are chosen, and the numbers fitted, on the other fifteen: among all sets of
step time, loaded time, peakedness and surge, as a sum or as a product of powers, the one whose trial means err least
when each of the fifteen is left out in turn. Not chosen inside the loop, and looked at beforehand on all trials: the
smoothing, the number of parts a step is cut into, the exponent of peakedness, and which four features are offered.
With smoothing, vertical and exponents chosen inside the loop too (592 candidates), the SD of the trial means was
9.1 ms, so that is how much of it luck may be. One runner is one runner.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.sacrum.correction import TRUST_LOST, UNLIKE_LOST
from sensor_hub.signal.sacrum.grid import ImpulseGrid
from sensor_hub.signal.sacrum.stances import StanceFinder
from sensor_hub.signal.sacrum.step_shape import Stances
from tests.validation import recordings
from tests.validation.matching import matched
from tests.validation.scoring import EDGE_S, Scored, Truth, scored

NAMES: Final = ("step_time_s", "loaded_time_s", "peakedness_bw", "surge_bw")
SHIPPED: Final = ("step_time_s", "peakedness_bw", "surge_bw")


@dataclass(frozen=True, slots=True)
class Trial:
    """One trial: stances as found, contacts of the force at 20 N; stance[i] was found for the scored contact[i]."""

    stances: Stances
    span_s: tuple[float, float]
    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    stance: IntArray
    contact: IntArray


@dataclass(frozen=True, slots=True)
class Fit:
    """Contact time and middle as lines of (the logarithms of) features, within the range fitted on.

    carried : least and most of ``carried_bw``. loaded_shorter_s : by how much the loaded time was shorter than contact.
    """

    names: tuple[str, ...]
    is_product: bool
    weights: FloatArray
    middle: FloatArray
    least: FloatArray
    most: FloatArray
    carried: tuple[float, float]
    loaded_shorter_s: float


def trials() -> list[Trial]:
    """Return the 16 trials. AbsentError where the recordings are not here."""
    return [_trial(name) for name in recordings.SACRAL_TRIALS]


def _trial(name: str) -> Trial:
    recording, _ = recordings.sacral_trial(name)
    acceleration = np.nan_to_num(recording.acceleration_mps2, nan=0.0)
    stances = StanceFinder().receive(*ImpulseGrid().receive(recording.t_s, acceleration))
    contact_s, toe_off_s = recordings.expected_contacts(name)
    i, j = matched(contact_s, stances.rise_s)
    begin_s, end_s = recording.span_s
    inside = (contact_s[i] >= begin_s + EDGE_S) & (toe_off_s[i] <= end_s - EDGE_S) & ~np.isnan(stances.step_time_s[j])
    return Trial(stances, recording.span_s, contact_s, toe_off_s, j[inside], i[inside])


def features(stances: Stances, names: Sequence[str], *, is_product: bool) -> FloatArray:
    """(n, k) features, or their logarithms."""
    columns = {
        "step_time_s": stances.step_time_s,
        "loaded_time_s": stances.fall_s - stances.rise_s,
        "peakedness_bw": stances.peakedness_bw,
        "surge_bw": stances.surge_bw,
    }
    table = np.column_stack([columns[name] for name in names])
    return np.log(table) if is_product else table


def fitted(chosen: Sequence[Trial], names: tuple[str, ...], *, is_product: bool) -> Fit:
    """Fit the means of trials by least squares; the range is that of their single steps."""
    steps = [features(t.stances, names, is_product=is_product)[t.stance] for t in chosen]
    table = np.column_stack([np.ones(len(chosen)), [s.mean(axis=0) for s in steps]])
    contact_s = np.array([(t.toe_off_s - t.initial_contact_s)[t.contact].mean() for t in chosen])
    middle_s = np.array([_later_s(t).mean() for t in chosen])
    target = np.log(contact_s) if is_product else contact_s
    weights = np.linalg.lstsq(table, target, rcond=None)[0]
    middle = np.linalg.lstsq(table, middle_s, rcond=None)[0]
    pooled = np.concatenate(steps)
    carried = np.concatenate([t.stances.carried_bw[t.stance] for t in chosen])
    shorter_s = contact_s - [(t.stances.fall_s - t.stances.rise_s)[t.stance].mean() for t in chosen]
    return Fit(
        names,
        is_product,
        weights,
        middle,
        pooled.min(axis=0),
        pooled.max(axis=0),
        (float(carried.min()), float(carried.max())),
        float(shorter_s.mean()),
    )


def _later_s(trial: Trial) -> FloatArray:
    """(n,) s, middle of each true contact after the middle of the loaded time."""
    true_s = (trial.initial_contact_s + trial.toe_off_s)[trial.contact] / 2
    later_s: FloatArray = true_s - (trial.stances.rise_s + trial.stances.fall_s)[trial.stance] / 2
    return later_s


def applied(fit: Fit, stances: Stances) -> Contacts:
    """Return the contacts of stances by a fit; the less a step is like those fitted, the more its loaded time tells."""
    seen = features(stances, fit.names, is_product=fit.is_product)
    table = np.clip(seen, fit.least, fit.most)
    contact_s = fit.weights[0] + table @ fit.weights[1:]
    if fit.is_product:
        contact_s = np.exp(contact_s)
    outside = np.abs(seen - table) if fit.is_product else np.abs(np.log(np.maximum(seen, 1e-3) / table))
    unlike = np.abs(np.log(stances.carried_bw / np.clip(stances.carried_bw, *fit.carried)))
    lost = np.maximum(TRUST_LOST * outside.max(axis=1), UNLIKE_LOST * unlike)
    trust = np.clip(1.0 - lost, 0.0, 1.0)
    contact_s = trust * contact_s + (1.0 - trust) * (stances.fall_s - stances.rise_s + fit.loaded_shorter_s)
    middle_s = (stances.rise_s + stances.fall_s) / 2 + fit.middle[0] + table @ fit.middle[1:]
    unknown = np.full(len(stances), np.nan)
    clipped = np.zeros(len(stances), dtype=bool)
    initial_contact_s = np.where(np.isnan(contact_s), stances.rise_s, middle_s - contact_s / 2)
    return Contacts(initial_contact_s, middle_s + contact_s / 2, unknown, unknown, unknown, clipped)


def chosen_form(known: Sequence[Trial]) -> tuple[tuple[str, ...], bool]:
    """Return the features and whether they are multiplied, that err least when each trial is left out in turn."""
    forms = [
        (names, is_product)
        for k in range(1, len(NAMES) + 1)
        for names in combinations(NAMES, k)
        for is_product in (True, False)
    ]
    squares = [np.mean([_mean_error_s(known, i, *form) ** 2 for i in range(len(known))]) for form in forms]
    return forms[int(np.argmin(squares))]


def _mean_error_s(known: Sequence[Trial], left: int, names: tuple[str, ...], is_product: bool) -> float:
    fit = fitted([t for i, t in enumerate(known) if i != left], names, is_product=is_product)
    one = known[left]
    found = applied(fit, one.stances).contact_time_s[one.stance]
    return float(np.mean(found - (one.toe_off_s - one.initial_contact_s)[one.contact]))


def left_out(
    known: Sequence[Trial],
    leave: Sequence[object] | None = None,
    form: tuple[tuple[str, ...], bool] | None = None,
) -> tuple[Scored, list[tuple[tuple[str, ...], bool]]]:
    """Score every trial by what the others say; return also the form they chose. Groups are the trials.

    leave : (trials,) what is left out together, a speed or a slope; each trial by itself if None. form : features and
    whether they are multiplied; chosen anew on the others if None.
    """
    together = list(range(len(known))) if leave is None else list(leave)
    parts, forms = [], []
    for number, one in enumerate(known):
        others = [t for t, other in zip(known, together, strict=True) if other != together[number]]
        names, is_product = chosen_form(others) if form is None else form
        found = applied(fitted(others, names, is_product=is_product), one.stances)
        truth = Truth.of_events(one.initial_contact_s, one.toe_off_s)
        parts.append(scored(truth, found, one.span_s, number))
        forms.append((names, is_product))
    return Scored.pooled(parts), forms


def threshold_errors_s() -> tuple[FloatArray, IntArray]:
    """(n,) s, error of the time above a quarter of a body weight, uncorrected and not smoothed, and (n,) its trial.

    That is what ``sacral-0.1`` gave; the vertical is the mean of the trial.
    """
    errors, trial = [], []
    for number, name in enumerate(recordings.SACRAL_TRIALS):
        recording, _ = recordings.sacral_trial(name)
        acceleration = np.nan_to_num(recording.acceleration_mps2, nan=0.0)
        mean = acceleration.mean(axis=0)
        loaded = acceleration @ (mean / np.linalg.norm(mean)) > 0.25 * 9.80665
        on_s, off_s = _spans(recording.t_s, loaded)
        contact_s, toe_off_s = recordings.expected_contacts(name)
        i, j = matched(contact_s, on_s)
        begin_s, end_s = recording.span_s
        inside = (contact_s[i] >= begin_s + EDGE_S) & (toe_off_s[i] <= end_s - EDGE_S)
        errors.append(((off_s - on_s)[j] - (toe_off_s - contact_s)[i])[inside])
        trial.append(np.full(int(inside.sum()), number))
    return np.concatenate(errors), np.concatenate(trial)


def _spans(t_s: FloatArray, loaded: BoolArray) -> tuple[FloatArray, FloatArray]:
    """Beginnings and ends of the loaded times of 0.1 s or more."""
    on, off = np.nonzero(~loaded[:-1] & loaded[1:])[0], np.nonzero(loaded[:-1] & ~loaded[1:])[0]
    off = off[off > on[0]]
    n = min(len(on), len(off))
    long = t_s[off[:n]] - t_s[on[:n]] >= 0.1
    return t_s[on[:n]][long], t_s[off[:n]][long]
