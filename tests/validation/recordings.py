"""Where the reference recordings are, and how their files are read."""

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.units import DEGREE_RAD, MS_PER_S, STANDARD_GRAVITY_MPS2
from tests import need
from tests.validation.detecting import Recording

THRESHOLD_N: Final = 20
SACRAL_TRIALS: Final = tuple(f"A1_{i:02d}" for i in range(0, 32, 2))


class AbsentError(Exception):
    """A reference recording is not on this computer; the text is its name."""


def recording_path(relative: str) -> Path:
    """Return where a reference recording is. AbsentError if it is nowhere."""
    for root in (need.SHARED, need.FETCHED):
        if (root / relative).exists():
            return root / relative
    raise AbsentError(relative)


def rows_of(relative: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table with a heading."""
    with recording_path(relative).open(newline="", encoding="utf-8") as file:
        yield from csv.DictReader(file)


def sacral_trial(trial: str) -> tuple[Recording, FloatArray]:
    """Return what the sensor at the sacrum felt, and (n,) the belt's vertical force, body weights.

    Published: vertical and fore-aft acceleration in g, low-passed, the vertical never below 0; nothing else.
    """
    name = f"imu_sacral_grf/trial_{trial.removeprefix('A1_')}.csv"
    columns = np.genfromtxt(recording_path(name), delimiter=",", skip_header=1)
    acceleration = np.full((len(columns), 3), np.nan)
    acceleration[:, 0] = columns[:, 2] * STANDARD_GRAVITY_MPS2
    acceleration[:, 2] = columns[:, 1] * STANDARD_GRAVITY_MPS2
    return Recording(columns[:, 0], acceleration, np.full_like(acceleration, np.nan)), columns[:, 3]


def expected_contacts(trial: str, threshold_n: int = THRESHOLD_N) -> tuple[FloatArray, FloatArray]:
    """(n,) initial contacts and toe-offs of the force at a threshold, s, computed apart from this project."""
    rows = [r for r in rows_of("force_steps_expected.csv") if r["trial"] == trial and r["thr_N"] == str(threshold_n)]
    return np.array([float(r["on_s"]) for r in rows]), np.array([float(r["off_s"]) for r in rows])


def trial_table(threshold_n: int = THRESHOLD_N) -> list[dict[str, str]]:
    """Rows of the trials' means: speed, slope, contact time, cadence."""
    return [r for r in rows_of("force_trials_expected.csv") if r["thr_N"] == str(threshold_n)]


def logger_file(relative: str) -> Recording:
    """Return a file of the open shank logger (ms, g, deg/s)."""
    rows = np.genfromtxt(recording_path(relative), delimiter=",", invalid_raise=False)
    rows = rows[np.isfinite(rows).all(axis=1)]
    return Recording(rows[:, 0] / MS_PER_S, rows[:, 1:4] * STANDARD_GRAVITY_MPS2, rows[:, 4:7] * DEGREE_RAD)


def belt_force(relative: str) -> tuple[FloatArray, FloatArray]:
    """(n,) s and (n,) N, the vertical force of one plate of the split-belt treadmill as recorded, offset included."""
    with recording_path(relative).open(encoding="utf-8") as file:
        for line in file:
            words = line.split()
            if words[0] == "FREQUENCY":
                rate_hz = float(words[1])
            if words[0] == "SAMPLE":
                break
        force_n = np.loadtxt(file, usecols=words.index("Force_Z"))
    return np.arange(len(force_n)) / rate_hz, force_n
