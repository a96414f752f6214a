"""What real runs of watches and pods say of the load: how well it repeats, and how far two makers differ.

Both halves of a run share device, mounting and day. What taking a sensor off and on adds is in none of these numbers.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from sensor_hub.app.analysis import Analysis, analyze
from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.load.reference import EASY_SPEED_MPS
from sensor_hub.model.arrays import BoolArray, FloatArray, IntArray
from sensor_hub.model.gait import StepTable
from sensor_hub.units import M_PER_KM, MS_PER_S, S_PER_MIN, US_PER_S
from tests.validation import recordings
from tests.validation.measures import rounded

CANDIDATES: Final = (
    "activity-small-fenix2-run.fit",
    "activity_1378220136.fit",
    "activity_2477200414.fit",
    "activity_2545022458.fit",
    "activity_2944936628.fit",
    "developer-types-sample.fit",
    "stryd-backgaden-0.3km.fit",
    "stryd-backgaden-1km.fit",
    "stryd-sport-field-circles.fit",
    "stryd-sport-field-lap.fit",
    "track_cs_5611.fit",
    "track_cs_728599.fit",
    "track_cs_777501.fit",
)  # every run with contact times
N_LONGEST: Final = 3
STREAMS: Final = ("stance_time", "Ground Time")
TWO_STREAMS: Final = "activity_2477200414.fit"
LONGEST_ROW_S: Final = 30.0


@dataclass(frozen=True, slots=True, eq=False)
class RunRows:
    """Rows of running of one file, (n,): time, how long each is, its way, its load, and whether contact is known."""

    name: str
    minute: FloatArray
    moving_s: FloatArray
    way_m: FloatArray
    load_eq_km: FloatArray
    time_and_grade: FloatArray
    has_contact: BoolArray

    def part(self, chosen: BoolArray) -> tuple[float, float, float, float]:
        """Return load, its stand-in by time and slope, kilometres and minutes of some rows."""
        sums = [column[chosen].sum() for column in (self.load_eq_km, self.time_and_grade, self.way_m, self.moving_s)]
        return float(sums[0]), float(sums[1]), float(sums[2]) / M_PER_KM, float(sums[3]) / S_PER_MIN


def analysed(name: str, stream: str | None = None) -> Analysis:
    """Return a file analysed. AbsentError where it is not here."""
    return analyze(recordings.recording_path(f"fit/{name}"), contact_stream=stream)


def rows_of(name: str, steps: StepTable) -> RunRows:
    """Return the running rows whose length, speed and load are known."""
    moving_s = steps.n_steps * steps.step_time_s
    known = (steps.gait == "run") & np.isfinite(moving_s * steps.speed_mps * steps.achilles_impulse_bw_s)
    known &= moving_s <= LONGEST_ROW_S
    chosen = steps.only(known)
    moving_s = moving_s[known]
    slope_rad = np.arctan(np.where(np.isnan(chosen.grade), 0.0, chosen.grade))
    easy_s = M_PER_KM / EASY_SPEED_MPS
    return RunRows(
        name=name,
        minute=np.floor((chosen.time_utc_us - steps.time_utc_us[0]) / US_PER_S / S_PER_MIN),
        moving_s=moving_s,
        way_m=chosen.speed_mps * moving_s,
        load_eq_km=chosen.achilles_impulse_bw_s * chosen.n_steps / 2 / ACHILLES_1.eq_km_bw_s,
        time_and_grade=moving_s / easy_s * np.exp(0.053 * np.degrees(slope_rad)),
        has_contact=np.isfinite(chosen.contact_time_s),
    )


def halves(rows: RunRows) -> dict[str, Any]:
    """Return what even and odd minutes say, and how far they are apart: |a - b| / sqrt 2 over their mean, %."""
    even = rows.minute % 2 == 0
    one, other = rows.part(even), rows.part(~even)
    whole = rows.part(np.ones(len(even), dtype=np.bool_))

    def spread(a: float, b: float) -> float | None:
        return rounded(100 * abs(a - b) / 2**0.5 / ((a + b) / 2))

    return {
        "file": rows.name,
        "contact_min": rounded(float(rows.moving_s[rows.has_contact].sum()) / S_PER_MIN, 1),
        "km": rounded(whole[2]),
        "minutes": rounded(whole[3], 1),
        "eq_km": rounded(whole[0]),
        "time_and_grade_km": rounded(whole[1]),
        "per_km": [rounded(part[0] / part[2], 4) for part in (one, other)],
        "per_km_cv_pct": spread(one[0] / one[2], other[0] / other[2]),
        "per_min_cv_pct": spread(one[0] / one[3], other[0] / other[3]),
        "km_per_min_cv_pct": spread(one[2] / one[3], other[2] / other[3]),
        "time_and_grade_per_km_cv_pct": spread(one[1] / one[2], other[1] / other[2]),
        "over_time_and_grade_cv_pct": spread(one[0] / one[1], other[0] / other[1]),
    }


def repeatability() -> dict[str, Any]:
    """Return the halves of every run with contact times, longest first, and of the longest three together."""
    rows = [rows_of(name, analysed(name).steps) for name in CANDIDATES]
    rows.sort(key=lambda one: -float(one.moving_s[one.has_contact].sum()))
    long = [one for one in rows if one.moving_s.sum() >= 10 * S_PER_MIN]
    told = [halves(one) for one in long]

    def together(key: str) -> float | None:
        return rounded(float(np.sqrt(np.mean([row[key] ** 2 for row in told[:N_LONGEST]]))))

    keys = [key for key in told[0] if key.endswith("_cv_pct")]
    return {
        "files": told,
        "named": [row["file"] for row in told[:N_LONGEST]],
        "largest": {key: max(row[key] for row in told[:N_LONGEST]) for key in keys},
        "together": {key: together(key) for key in keys},
    }


def makers() -> dict[str, Any]:
    """Return how two contact-time streams of one run differ, and what that does to the modelled load."""
    native, pod = (analysed(TWO_STREAMS, stream) for stream in STREAMS)
    _, *rows = np.intersect1d(native.steps.time_utc_us, pod.steps.time_utc_us, return_indices=True)
    i, j = (one.astype(np.int64) for one in rows)
    own, other = native.steps.only(_rows(native.steps, i)), pod.steps.only(_rows(pod.steps, j))
    both = np.isfinite(own.contact_time_s) & np.isfinite(other.contact_time_s)
    difference_ms = MS_PER_S * (own.contact_time_s - other.contact_time_s)[both]
    minute = ((own.time_utc_us[both] - own.time_utc_us[0]) // (S_PER_MIN * US_PER_S)).astype(np.int64)
    by_minute = np.array([difference_ms[minute == one].mean() for one in np.unique(minute)])
    sums = [analysis.summary.totals for analysis in (native, pod) if analysis.summary is not None]
    runs = [rows_of(TWO_STREAMS, analysis.steps) for analysis in (native, pod)]
    wholes = [run.part(np.ones(len(run.minute), dtype=np.bool_)) for run in runs]
    return {
        "file": TWO_STREAMS,
        "streams": list(STREAMS),
        "n": int(both.sum()),
        "means_ms": [rounded(MS_PER_S * float(one.contact_time_s[both].mean()), 1) for one in (own, other)],
        "bias_ms": rounded(float(difference_ms.mean()), 1),
        "sd_ms": rounded(float(difference_ms.std(ddof=1)), 1),
        "minute_sd_ms": rounded(float(by_minute.std(ddof=1)), 1),
        "n_minutes": len(by_minute),
        "correlation": rounded(float(np.corrcoef(own.contact_time_s[both], other.contact_time_s[both])[0, 1])),
        "limits_ms": [rounded(float(one), 1) for one in np.percentile(difference_ms, (2.5, 97.5))],
        "km": [rounded(whole[2], 3) for whole in wholes],
        "time_and_grade_km": [rounded(whole[1], 3) for whole in wholes],
        "eq_km": [rounded(one.load_eq_km, 3) if one.load_eq_km is not None else None for one in sums],
        "hard_load_bw_s": [rounded(one.hard_load_bw_s, 1) if one.hard_load_bw_s is not None else None for one in sums],
        "peak_bw": [rounded(one.achilles_peak_bw, 3) if one.achilles_peak_bw is not None else None for one in sums],
    }


def _rows(steps: StepTable, numbers: IntArray) -> BoolArray:
    chosen = np.zeros(len(steps), dtype=np.bool_)
    chosen[numbers] = True
    return chosen
