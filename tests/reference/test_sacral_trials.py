"""Contacts from the sacrum against treadmill force at 20 N, 16 trials.

What this shows is narrow: one runner, a signal that was low-passed and clipped by those who published it, 2.5-4.17 m/s.
``tests/validation/sacral.py`` leaves each trial out of the fit that judges it.
"""

import csv
from collections import defaultdict
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.sacrum.correction import (
    CARRIED,
    LEAST,
    LOADED_SHORTER_S,
    LOG_CONTACT_TIME,
    MIDDLE_S,
    MOST,
    STEP_SD_S,
)
from sensor_hub.signal.sacrum.detector import SacralDetector
from sensor_hub.units import MS_PER_S, STANDARD_GRAVITY_MPS2
from tests import need
from tests.session.runs import run_one_by_one, setup, steps, summary
from tests.validation import recordings, reference_sacral, sacral
from tests.validation.detecting import told_of
from tests.validation.measures import figures, group_means
from tests.validation.scoring import Scored

TRIALS = [f"{i:02d}" for i in range(0, 32, 2)]
SACRUM = (BoundDevice("pod-1", None, "U", "sacrum"),)
LeftOut: TypeAlias = tuple[Scored, list[tuple[tuple[str, ...], bool]]]


def found(trial: str) -> tuple[FloatArray, FloatArray, float]:
    """(n,) initial contacts and contact times, s, and the steps counted."""
    columns = np.genfromtxt(need.data(f"imu_sacral_grf/trial_{trial}.csv"), delimiter=",", skip_header=1)
    acceleration = np.full((len(columns), 3), np.nan)
    acceleration[:, 0], acceleration[:, 2] = columns[:, 2], columns[:, 1]
    unknown = np.full_like(acceleration, np.nan)
    block = ImuBlock("pod-1", columns[:, 0], acceleration * STANDARD_GRAVITY_MPS2, unknown)
    what = setup(SACRUM)
    events = run_one_by_one(what, [block])
    assert what.start_utc is not None
    table = steps(events)
    return (
        table.seconds_since(int(what.start_utc.timestamp() * 1e6)),
        table.contact_time_s,
        summary(events).totals.n_steps,
    )


def expected(trial: str) -> tuple[FloatArray, FloatArray]:
    """(n,) initial contacts and contact times of the force plate at 20 N, s."""
    rows: dict[str, list[tuple[float, float]]] = defaultdict(list)
    with need.data("force_steps_expected.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            if row["thr_N"] == "20":
                rows[row["trial"]].append((float(row["on_s"]), float(row["tc_ms"]) / 1000))
    table = np.array(rows[f"A1_{trial}"])
    return table[:, 0], table[:, 1]


@pytest.mark.parametrize("trial", TRIALS)
def test_steps_of_a_trial_are_found_within_two(trial: str) -> None:
    # a step cut by an edge of the five seconds may count here and not there
    at_s, _, n_steps = found(trial)
    truth_s, _ = expected(trial)
    assert abs(len(at_s) - len(truth_s)) <= 2, f"{len(at_s)} found, {len(truth_s)} on the plate"
    assert abs(n_steps - len(truth_s)) <= 2


@pytest.fixture(scope="module")
def trials() -> list[sacral.Trial]:
    need.data("force_steps_expected.csv")
    need.data("imu_sacral_grf/trial_00.csv")
    return sacral.trials()


@pytest.fixture(scope="module")
def left_out(trials: list[sacral.Trial]) -> LeftOut:
    return sacral.left_out(trials)


def test_each_trial_is_told_by_the_other_fifteen(
    left_out: LeftOut, record_property: Callable[[str, object], None]
) -> None:
    scores, forms = left_out
    means_ms = MS_PER_S * group_means(scores.contact_error_s, scores.group)
    baseline = reference_sacral.baseline_figures()[0]["trial_mean_sd_ms"]
    bias, sd = means_ms.mean(), means_ms.std(ddof=1)
    told = f"bias {bias:+.1f} ms, SD of {len(means_ms)} trial means {sd:.1f} ms, without a sensor {baseline} ms"
    record_property("measured", told)
    counted = figures(scores)
    assert (counted["recall_pct"] or 0.0) >= 99.5
    assert (counted["precision_pct"] or 0.0) >= 99.5
    assert abs(bias) <= 5.0, told
    assert sd <= 8.0, told
    assert sd < baseline, told
    assert set(forms) == {(sacral.SHIPPED, True)}, "the fifteen do not choose what is shipped"


def test_the_beginnings_and_the_ends_are_right_by_themselves(left_out: LeftOut) -> None:
    scores, _ = left_out
    for error_s in (scores.initial_contact_error_s, scores.toe_off_error_s):
        assert abs(error_s.mean()) <= 0.005
        assert error_s.std() <= 0.012


def test_what_is_shipped_is_the_fit_of_all_sixteen(trials: list[sacral.Trial]) -> None:
    fit = sacral.fitted(trials, sacral.SHIPPED, is_product=True)
    np.testing.assert_allclose(fit.weights, LOG_CONTACT_TIME, atol=1e-4)
    np.testing.assert_allclose(fit.middle, MIDDLE_S, atol=1e-5)
    assert fit.loaded_shorter_s == pytest.approx(LOADED_SHORTER_S, abs=1e-4)
    np.testing.assert_allclose(np.exp(fit.least), LEAST, rtol=0.01)
    np.testing.assert_allclose(np.exp(fit.most), MOST, rtol=0.01)
    carried = np.concatenate([t.stances.carried_bw[t.stance] for t in trials])
    np.testing.assert_allclose([carried.min(), carried.max()], CARRIED, rtol=0.01)


def test_the_spread_the_detector_claims_is_the_one_left_out(left_out: LeftOut) -> None:
    scores, _ = left_out
    assert 0.9 * STEP_SD_S <= scores.contact_error_s.std() <= 1.05 * STEP_SD_S


def test_a_method_without_features_is_worse(left_out: LeftOut) -> None:
    error_s, trial = sacral.threshold_errors_s()
    scores, _ = left_out
    assert group_means(error_s, trial).std() > 1.5 * group_means(scores.contact_error_s, scores.group).std()


def test_a_contact_is_told_within_twenty_milliseconds_of_the_true_toe_off() -> None:
    late_s = []
    for name in recordings.SACRAL_TRIALS if need.data("imu_sacral_grf/trial_00.csv") else ():
        recording, _ = recordings.sacral_trial(name)
        contacts, told_s = told_of(recording.only(slice(0, None, 5)), SacralDetector())  # 100 a second
        _, toe_off_s = recordings.expected_contacts(name)
        live = told_s > 3.1  # what came before was held back
        nearest = np.abs(contacts.toe_off_s[live, None] - toe_off_s).argmin(axis=1)
        beside = np.abs(contacts.toe_off_s[live] - toe_off_s[nearest]) < 0.1  # one cut by the end has no truth
        late_s.append((told_s[live] - toe_off_s[nearest])[beside])
    pooled = np.concatenate(late_s)
    assert len(pooled) > 70
    assert np.percentile(pooled, 99) <= 0.02
