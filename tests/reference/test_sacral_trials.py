"""Contacts from the sacrum against treadmill force at 20 N, 16 trials.

What this shows is narrow: one runner, a signal that was low-passed and clipped by those who published it, 2.5-4.17 m/s.
The method is provisional and its bounds are loose; its threshold was looked up on these trials, so this is a check that
nothing broke and no validation.
"""

import csv
from collections import defaultdict
from collections.abc import Callable

import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.sacral import CONTACT_SD_S
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests import need
from tests.session.runs import run_one_by_one, setup, steps, summary

TRIALS = [f"{i:02d}" for i in range(0, 32, 2)]
SACRUM = (BoundDevice("pod-1", None, "U", "sacrum"),)
LARGEST_BIAS_MS = 20.0


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


def errors_ms(trial: str) -> FloatArray:
    """(n,) contact time found minus that of the same step on the plate, ms."""
    at_s, contact_s, _ = found(trial)
    truth_s, truth_contact_s = expected(trial)
    nearest = np.abs(truth_s[:, None] - at_s[None, :]).argmin(axis=1)
    same = np.abs(at_s[nearest] - truth_s) < 0.1
    error: FloatArray = 1000 * (contact_s[nearest] - truth_contact_s)[same]
    return error[np.isfinite(error)]


@pytest.mark.parametrize("trial", TRIALS)
def test_steps_of_a_trial_are_found_within_two(trial: str) -> None:
    # a step cut by an edge of the five seconds may count here and not there
    at_s, _, n_steps = found(trial)
    truth_s, _ = expected(trial)
    assert abs(len(at_s) - len(truth_s)) <= 2, f"{len(at_s)} found, {len(truth_s)} on the plate"
    assert abs(n_steps - len(truth_s)) <= 2


@pytest.mark.parametrize("trial", TRIALS)
def test_almost_every_step_of_the_plate_has_a_contact_time(trial: str) -> None:
    truth_s, _ = expected(trial)
    assert len(errors_ms(trial)) >= len(truth_s) - 1


def test_the_mean_error_of_contact_time_stays_within_its_loose_bound(
    record_property: Callable[[str, object], None],
) -> None:
    means = np.array([errors_ms(trial).mean() for trial in TRIALS])
    within = np.array([errors_ms(trial).std() for trial in TRIALS])
    bias, sd = means.mean(), means.std(ddof=1)
    told = f"bias {bias:+.1f} ms, SD of {len(means)} trial means {sd:.1f} ms, SD within trials {within.mean():.1f} ms"
    record_property("measured", told)
    assert abs(bias) <= LARGEST_BIAS_MS, told
    assert sd <= 30.0, told


def test_the_spread_the_detector_claims_covers_what_was_seen() -> None:
    means = np.array([errors_ms(trial).mean() for trial in TRIALS])
    claimed_ms = 1000 * CONTACT_SD_S
    inside = np.mean(np.abs(means) <= 2 * claimed_ms)
    assert inside >= 0.9, f"{inside:.0%} of trial means within two claimed standard deviations"
