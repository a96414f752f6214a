"""Peak vertical force from timing, on a published table of 19 runners: each predicted from the others."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sensor_hub.load.achilles import AchillesModel
from sensor_hub.model.arrays import FloatArray, IntArray
from tests.validation import recordings
from tests.validation.baseline import left_out
from tests.validation.load_steps import inputs
from tests.validation.measures import group_means, rounded

TABLE = "force_sacral_table_odd_subjects.csv"


@dataclass(frozen=True, slots=True, eq=False)
class ForceTable:
    """Means of a subject at a speed, (44,) each: force plate, and a sacral sensor as its authors evaluated it.

    impulse_over_identity : plate impulse over body weight times step time; 1 in steady running.
    """

    subject: IntArray
    speed_mps: FloatArray
    step_time_s: FloatArray
    contact_time_s: FloatArray
    peak_bw: FloatArray
    is_female: FloatArray
    mass_kg: FloatArray
    sensor_contact_s: FloatArray
    sensor_peak_bw: FloatArray
    impulse_over_identity: FloatArray


def force_table() -> ForceTable:
    """Return the table. AbsentError where it is not here."""
    rows = list(recordings.rows_of(TABLE))
    column = {name: np.array([float(row[name]) for row in rows]) for name in rows[0]}
    step_time_s = 1.0 / column["IMUsf"]
    return ForceTable(
        subject=column["Sub"].astype(np.int64),
        speed_mps=column["Speed"],
        step_time_s=step_time_s,
        contact_time_s=column["GRFtc"],
        peak_bw=column["GRFPeak"],
        is_female=column["IsFemale"],
        mass_kg=column["Mass"],
        sensor_contact_s=column["IMUtc"],
        sensor_peak_bw=column["IMUPeak"],
        impulse_over_identity=column["GRFImpulse"] / step_time_s,
    )


def by_factor(predictors: FloatArray | None, base_bw: FloatArray, peak_bw: FloatArray, group: IntArray) -> FloatArray:
    """(n,) peaks as a base times a line in the predictors (None: a constant), fitted on all other groups."""
    terms = np.empty((len(peak_bw), 0)) if predictors is None else predictors
    factors = left_out(terms, peak_bw / base_bw, group)
    return base_bw * factors


def by_powers(predictors: FloatArray, peak_bw: FloatArray, group: IntArray) -> FloatArray:
    """(n,) peaks as a product of powers of the predictors, fitted on all other groups."""
    peaks: FloatArray = np.exp(left_out(np.log(predictors), np.log(peak_bw), group))
    return peaks


def peak_errors(predicted_bw: FloatArray, peak_bw: FloatArray, group: IntArray) -> dict[str, Any]:
    """Return mean absolute error, bias and spreads, % of the measured peak."""
    error = predicted_bw / peak_bw - 1
    means = group_means(error, group)
    return {
        "n": len(error),
        "mape_pct": rounded(100 * float(np.abs(error).mean())),
        "bias_pct": rounded(100 * float(error.mean())),
        "sd_pct": rounded(100 * float(error.std(ddof=1))),
        "between_sd_pct": rounded(100 * float(means.std(ddof=1))) if len(means) > 1 else None,
        "rmse_bw": rounded(float(np.sqrt(np.mean((predicted_bw - peak_bw) ** 2))), 3),
    }


def shipped_peak_bw(table: ForceTable, *, by_speed: bool = True) -> tuple[FloatArray, FloatArray]:
    """(n,) peak and its SD beside a plate, BW, as shipped, with the plate's contact time and that exactly."""
    loads = AchillesModel().step_loads(
        inputs(
            table.step_time_s,
            table.contact_time_s,
            contact_time_sd=0.0,
            speed_mps=table.speed_mps if by_speed else np.nan,
            grade=0.0,
        )
    )
    return loads.vgrf_peak_bw, loads.vgrf_peak_sd


def predictions(table: ForceTable) -> dict[str, FloatArray]:
    """Return (44,) peaks by way; all but the half sine and the shipped constants leave the subject out."""
    who, peak_bw = table.subject, table.peak_bw
    mean_bw = table.step_time_s / table.contact_time_s
    sensed_bw = table.step_time_s / table.sensor_contact_s
    speed, step_s = table.speed_mps, table.step_time_s
    timing = np.column_stack([table.sensor_peak_bw, sensed_bw, step_s])
    shipped_bw, blind_bw = shipped_peak_bw(table)[0], shipped_peak_bw(table, by_speed=False)[0]
    return {
        "plate contact, k by speed (the model's form)": by_factor(speed[:, np.newaxis], mean_bw, peak_bw, who),
        "plate contact, k by contact time": by_factor(table.contact_time_s[:, np.newaxis], mean_bw, peak_bw, who),
        "plate contact, one k": by_factor(None, mean_bw, peak_bw, who),
        "plate contact, k by speed and sex": by_factor(
            np.column_stack([speed, table.is_female]), mean_bw, peak_bw, who
        ),
        "plate contact, half sine (nothing fitted)": np.pi / 2 * mean_bw,
        "plate contact, shipped constants": shipped_bw,
        "plate contact, shipped constants, speed unknown": blind_bw,
        "the sensor's contact time, powers": by_powers(sensed_bw[:, np.newaxis], peak_bw, who),
        "the sensor's own peak, powers": by_powers(table.sensor_peak_bw[:, np.newaxis], peak_bw, who),
        "the sensor's own peak, contact and step time": by_powers(timing, peak_bw, who),
        "no sensor: speed and step time": by_powers(np.column_stack([speed, step_s]), peak_bw, who),
    }


def vgrf_table() -> dict[str, Any]:
    """Return how far each way is off the plate's peak, as given and brought to the identity; and every prediction."""
    table = force_table()
    ways = predictions(table)
    balanced_bw = table.peak_bw / table.impulse_over_identity
    shipped = {way: peak_errors(ways[way], balanced_bw, table.subject) for way in ways if "shipped" in way}
    return {
        "n_rows": len(table.subject),
        "n_subjects": len(np.unique(table.subject)),
        "identity": {
            "mean": rounded(float(table.impulse_over_identity.mean()), 3),
            "sd": rounded(float(table.impulse_over_identity.std(ddof=1)), 3),
        },
        "ways": [{"way": way, **peak_errors(peaks, table.peak_bw, table.subject)} for way, peaks in ways.items()],
        "balanced": [{"way": way, **figures} for way, figures in shipped.items()],
        "rows": [
            [rounded(one, 3) for one in row]
            for row in np.column_stack(
                [table.speed_mps, table.peak_bw, ways["plate contact, k by speed (the model's form)"]]
            ).tolist()
        ],
    }
