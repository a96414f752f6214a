"""Contacts from public treadmill force against those computed apart from this project.

Zero and smoothing are those of the expected values: the sacral trials were used as published, the raw belt with 24 N
added and a low-pass of 60 Hz. What another zero does is pinned too, because at 20 N it moves a contact time by more
than most sensors err.
"""

import csv

import numpy as np
import pytest

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.calibration.force_events import ForceContacts, force_events
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests import need

TRIALS = [f"{i:02d}" for i in range(0, 32, 2)]
MASS_KG = 76.8
THRESHOLDS_N = [20, 30, 50]


def rows_of(name: str, trial: str, threshold_n: int) -> list[dict[str, str]]:
    with need.data(name).open(newline="") as file:
        return [r for r in csv.DictReader(file) if r["trial"] == trial and r["thr_N"] == str(threshold_n)]


def expected(trial: str, threshold_n: int) -> FloatArray:
    """(n, 2) initial contact and toe-off, s."""
    rows = rows_of("force_steps_expected.csv", trial, threshold_n)
    return np.array([(float(r["on_s"]), float(r["off_s"])) for r in rows])


def trial_force(trial: str) -> tuple[FloatArray, FloatArray]:
    columns = np.genfromtxt(need.data(f"imu_sacral_grf/trial_{trial}.csv"), delimiter=",", skip_header=1)
    return columns[:, 0], columns[:, 3] * MASS_KG * STANDARD_GRAVITY_MPS2


def belts() -> tuple[FloatArray, FloatArray]:
    """Times and summed vertical force of a split belt, as exported: it counts downwards."""
    plates = []
    for plate in (1, 2):
        lines = need.data(f"force_bertec2400/JDX_S999_run_0021_f_{plate}.tsv").read_text().splitlines()
        first = next(i for i, line in enumerate(lines) if line.startswith("SAMPLE")) + 1
        plates.append(np.array([[float(cell) for cell in line.split("\t")[:5]] for line in lines[first:]]))
    return plates[0][:, 1], plates[0][:, 4] + plates[1][:, 4]


def compare(found: ForceContacts, trial: str, threshold_n: int, sample_s: float) -> None:
    truth = expected(trial, threshold_n)
    assert len(found) == len(truth)
    assert np.abs(found.initial_contact_s - truth[:, 0]).max() < sample_s
    assert np.abs(found.contact_time_s - (truth[:, 1] - truth[:, 0])).max() < sample_s
    (mean,) = rows_of("force_trials_expected.csv", trial, threshold_n)
    assert len(found) == int(mean["n_steps"])
    assert found.contact_time_s.mean() * 1000 == pytest.approx(float(mean["tc_ms"]), abs=0.15)


@pytest.mark.parametrize("threshold_n", THRESHOLDS_N)
@pytest.mark.parametrize("trial", TRIALS)
def test_every_contact_of_the_sacral_trials_is_found_within_a_fifth_of_a_sample(trial: str, threshold_n: int) -> None:
    found = force_events(*trial_force(trial), threshold_n=threshold_n, offset_n=0.0, smoothing_hz=None)
    compare(found, f"A1_{trial}", threshold_n, 0.2 / 500)


@pytest.mark.parametrize("threshold_n", THRESHOLDS_N)
def test_every_contact_of_the_raw_split_belt_is_found_within_a_sample(threshold_n: int) -> None:
    compare(force_events(*belts(), threshold_n=threshold_n, offset_n=-24.0), "A6_S999", threshold_n, 1 / 2400)


def test_the_zero_taken_from_the_flights_lies_near_the_one_that_was_given_and_its_price_is_known() -> None:
    given, own = force_events(*belts(), offset_n=-24.0), force_events(*belts())
    assert own.offset_n == pytest.approx(-21.2, abs=0.5)
    assert (own.contact_time_s - given.contact_time_s).mean() == pytest.approx(-0.0015, abs=0.0003)


def test_the_belt_of_the_published_trials_does_not_read_zero_in_flight() -> None:
    offsets_n = [force_events(*trial_force(trial)).offset_n for trial in TRIALS]
    assert min(offsets_n) == pytest.approx(-13.4, abs=0.5)
    assert max(offsets_n) == pytest.approx(14.1, abs=0.5)
