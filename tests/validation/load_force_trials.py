"""Peak vertical force on 16 trials of one runner: from timing, from the sacral waveform, on slopes; and the identity.

Each trial is predicted by what was fitted on the other fifteen, its sacral contact times too. One runner is one runner.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sensor_hub.load.achilles import AchillesModel, StepLoads
from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.signal.detectors import detector_for
from sensor_hub.units import DEGREE_RAD, MS_PER_S, S_PER_MIN, STANDARD_GRAVITY_MPS2
from tests.validation import recordings
from tests.validation.load_force_table import by_factor, by_powers, peak_errors
from tests.validation.load_steps import inputs
from tests.validation.measures import group_means, rounded
from tests.validation.sacral import SHIPPED, Trial, applied, fitted, trials

BERTEC: Final = "A6_S999"
SMOOTHED: Final = 25  # samples of a running mean, 50 ms: takes the jolt of landing off; set once, not chosen


@dataclass(frozen=True, slots=True, eq=False)
class TrialSteps:
    """Scored contacts of all trials, (n,) each.

    sensor_contact_s : by the sacral method, fitted without the trial. wave_peak_bw : of the sacral vertical
        acceleration, as published, while that contact lasts. smooth_peak_bw : the same of its running mean.
    """

    trial: IntArray
    speed_mps: FloatArray
    slope_deg: FloatArray
    step_time_s: FloatArray
    contact_time_s: FloatArray
    sensor_contact_s: FloatArray
    peak_bw: FloatArray
    wave_peak_bw: FloatArray
    smooth_peak_bw: FloatArray


def trial_steps() -> TrialSteps:
    """Return the trials' steps. AbsentError where the recordings are not here."""
    known = trials()
    table = {row["trial"]: row for row in recordings.trial_table()}
    parts = [_steps_of(known, number, table[name]) for number, name in enumerate(recordings.SACRAL_TRIALS)]
    return TrialSteps(*(np.concatenate(column) for column in zip(*parts, strict=True)))


def _steps_of(known: list[Trial], number: int, row: dict[str, str]) -> tuple[Any, ...]:
    one, name = known[number], row["trial"]
    fit = fitted([t for i, t in enumerate(known) if i != number], SHIPPED, is_product=True)
    found = applied(fit, one.stances)
    expected = [r for r in recordings.rows_of("force_steps_expected.csv") if r["trial"] == name and r["thr_N"] == "20"]
    peak_bw = np.array([float(r["peak_BW"]) for r in expected])[one.contact]
    recording, _ = recordings.sacral_trial(name)
    wave_bw = recording.acceleration_mps2[:, 2] / STANDARD_GRAVITY_MPS2
    spans = np.column_stack([found.initial_contact_s, found.toe_off_s])[one.stance]
    inside = [(recording.t_s >= on_s) & (recording.t_s <= off_s) for on_s, off_s in spans]
    smooth_bw = np.convolve(wave_bw, np.ones(SMOOTHED) / SMOOTHED, mode="same")
    n = len(one.contact)
    return (
        np.full(n, number, dtype=np.int64),
        np.full(n, float(row["speed"])),
        np.full(n, float(row["slope"])),
        one.stances.step_time_s[one.stance],
        (one.toe_off_s - one.initial_contact_s)[one.contact],
        found.contact_time_s[one.stance],
        peak_bw,
        np.array([wave_bw[rows].max() for rows in inside]),
        np.array([smooth_bw[rows].max() for rows in inside]),
    )


def shipped_loads(
    steps: TrialSteps, contact_time_s: FloatArray, sd_s: float, *, speed: bool, slope: bool = True
) -> StepLoads:
    """Return what the shipped model says of the steps with these contact times."""
    return AchillesModel().step_loads(
        inputs(
            steps.step_time_s,
            contact_time_s,
            contact_time_sd=sd_s,
            speed_mps=steps.speed_mps if speed else np.nan,
            grade=np.tan(steps.slope_deg * DEGREE_RAD) if slope else np.nan,
        )
    )


def predictions(steps: TrialSteps) -> dict[str, FloatArray]:
    """Return (n,) peaks by way."""
    who, peak_bw = steps.trial, steps.peak_bw
    plate_bw, sensed_bw = steps.step_time_s / steps.contact_time_s, steps.step_time_s / steps.sensor_contact_s
    wave_bw, smooth_bw = steps.wave_peak_bw, steps.smooth_peak_bw
    return {
        "plate contact, k by speed": by_factor(steps.speed_mps[:, np.newaxis], plate_bw, peak_bw, who),
        "plate contact, k by contact time": by_factor(steps.contact_time_s[:, np.newaxis], plate_bw, peak_bw, who),
        "plate contact, one k": by_factor(None, plate_bw, peak_bw, who),
        "plate contact, shipped constants": shipped_loads(steps, steps.contact_time_s, 0.0, speed=True).vgrf_peak_bw,
        "sacral contact, one k": by_factor(None, sensed_bw, peak_bw, who),
        "sacral contact, k by contact time": by_factor(steps.sensor_contact_s[:, np.newaxis], sensed_bw, peak_bw, who),
        "sacral contact, shipped constants, speed unknown": shipped_loads(
            steps, steps.sensor_contact_s, 0.0, speed=False
        ).vgrf_peak_bw,
        "sacral waveform's peak, one factor": by_factor(None, wave_bw, peak_bw, who),
        "sacral waveform's peak, power": by_powers(wave_bw[:, np.newaxis], peak_bw, who),
        "sacral waveform's peak over 50 ms, power": by_powers(smooth_bw[:, np.newaxis], peak_bw, who),
        "sacral waveform's peak over 50 ms and sacral contact, powers": by_powers(
            np.column_stack([smooth_bw, sensed_bw]), peak_bw, who
        ),
        "no sensor: speed and step time": by_powers(
            np.column_stack([steps.speed_mps, steps.step_time_s]), peak_bw, who
        ),
    }


def mean_errors(predicted_bw: FloatArray, steps: TrialSteps) -> dict[str, Any]:
    """Return the error of the trials' mean peaks."""
    predicted, true = group_means(predicted_bw, steps.trial), group_means(steps.peak_bw, steps.trial)
    return peak_errors(predicted, true, np.arange(len(true), dtype=np.int64))


def by_slope(steps: TrialSteps, predicted_bw: FloatArray) -> list[dict[str, Any]]:
    """Return the error of trial means by slope, and k over that of the level trials' line."""
    told = []
    for slope in np.unique(steps.slope_deg):
        chosen = steps.slope_deg == slope
        predicted = group_means(predicted_bw[chosen], steps.trial[chosen])
        true = group_means(steps.peak_bw[chosen], steps.trial[chosen])
        error = predicted / true - 1
        told.append(
            {
                "slope_deg": float(slope),
                "n_trials": len(error),
                "bias_pct": rounded(100 * float(error.mean())),
                "mape_pct": rounded(100 * float(np.abs(error).mean())),
                "largest_pct": rounded(100 * float(error[np.abs(error).argmax()])),
            }
        )
    return told


def identity() -> dict[str, Any]:
    """Return impulse over body weight times step time, of the trials and on the split belt, from the expected steps."""
    rows = [r for r in recordings.rows_of("force_steps_expected.csv") if r["thr_N"] == "20"]
    told = []
    for trial in recordings.trial_table():
        impulse = np.mean([float(r["impulse_BWs"]) for r in rows if r["trial"] == trial["trial"]])
        slope = float(trial["slope"])
        told.append(
            {
                "trial": trial["trial"],
                "slope_deg": slope,
                "ratio": rounded(float(impulse) * float(trial["spm"]) / S_PER_MIN, 3),
                "over_cos": rounded(float(impulse) * float(trial["spm"]) / S_PER_MIN / np.cos(slope * DEGREE_RAD), 3),
            }
        )
    return {
        "trials": [r for r in told if r["trial"] != BERTEC],
        "split_belt": [r for r in told if r["trial"] == BERTEC],
    }


def vgrf_trials() -> dict[str, Any]:
    """Return how far each way is off the treadmill's peak: of steps, and of the trials' means."""
    steps = trial_steps()
    ways = predictions(steps)
    return {
        "n_steps": len(steps.trial),
        "n_trials": len(np.unique(steps.trial)),
        "method": detector_for("sacrum").method.name,
        "contact_sd_ms": rounded(MS_PER_S * float((steps.sensor_contact_s - steps.contact_time_s).std(ddof=1)), 1),
        "ways": [
            {
                "way": way,
                "steps": peak_errors(peaks, steps.peak_bw, steps.trial),
                "means": mean_errors(peaks, steps),
            }
            for way, peaks in ways.items()
        ],
        "slopes": by_slope(steps, ways["plate contact, shipped constants"]),
        "identity": identity(),
    }
