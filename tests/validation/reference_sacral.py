"""The sacral method against treadmill force at 20 N: 16 trials of one runner."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.signal.contacts import ContactDetector
from sensor_hub.signal.sacrum.detector import SacralDetector
from sensor_hub.units import MS_PER_S
from tests.validation import recordings
from tests.validation.baseline import left_out
from tests.validation.delays import Delays, delay_figures, delays_of
from tests.validation.detecting import contacts_of
from tests.validation.measures import errors, figures, group_means, rounded, sd_ms
from tests.validation.sacral import SHIPPED, threshold_errors_s, trials
from tests.validation.sacral import left_out as left_out_trials
from tests.validation.scoring import Scored, Truth, scored

MASS_KG: Final = 76.8
_TOLD: Final = {True: "multiplied", False: "added"}


def score_trials(detector: Callable[[], ContactDetector]) -> Scored:
    """Return every trial through a new detector, pooled; groups are the trials in order."""
    parts = []
    for number, row in enumerate(recordings.trial_table()):
        if row["set"] != "A1":
            continue
        recording, _ = recordings.sacral_trial(row["trial"])
        truth = Truth.of_events(*recordings.expected_contacts(row["trial"]), speed_mps=float(row["speed"]))
        parts.append(scored(truth, contacts_of(recording, detector()), recording.span_s, number))
    return Scored.pooled(parts)


def baseline_figures() -> list[dict[str, Any]]:
    """Errors of trial means without a sensor, each trial predicted from the other fifteen."""
    rows = [row for row in recordings.trial_table() if row["set"] == "A1"]
    trial = np.arange(len(rows), dtype=np.int64)
    target_s = np.array([float(row["tc_ms"]) for row in rows]) / MS_PER_S
    columns = {
        "speed": np.array([float(row["speed"]) for row in rows]),
        "cadence": np.array([float(row["spm"]) for row in rows]),
    }
    told = []
    for names in (("speed", "cadence"), ("speed",)):
        predictors = np.column_stack([columns[name] for name in names])
        error_s = left_out(predictors, target_s, trial) - target_s
        each_ms = [rounded(MS_PER_S * one) for one in error_s.tolist()]
        harder = {}
        for left, together in groups_of_trials().items():
            numbers = np.unique(together, return_inverse=True)[1].astype(np.int64)
            group_error_s = left_out(predictors, target_s, numbers) - target_s
            harder[left] = trial_mean_figures(group_error_s, trial)["trial_mean_sd_ms"]
        told.append(
            {"predictors": list(names), **trial_mean_figures(error_s, trial), "errors_ms": each_ms, "harder": harder}
        )
    return told


def groups_of_trials() -> dict[str, list[str]]:
    """What is left out together where a trial's like must not be known either: its speed, or its slope."""
    rows = [row for row in recordings.trial_table() if row["set"] == "A1"]
    return {"speed": [row["speed"] for row in rows], "slope": [row["slope"] for row in rows]}


def trial_mean_figures(error_s: FloatArray, trial: IntArray) -> dict[str, Any]:
    """Bias and SD of the means of trials, ms."""
    means_s = group_means(error_s, trial)
    return {
        "n_trials": len(means_s),
        "trial_bias_ms": rounded(MS_PER_S * means_s.mean()),
        "trial_mean_sd_ms": sd_ms(means_s),
    }


def trial_means_sd_ms(scores: Scored) -> float | None:
    """SD of the means of trials, ms."""
    told: float | None = trial_mean_figures(scores.contact_error_s, scores.group)["trial_mean_sd_ms"]
    return told


def per_trial(scores: Scored) -> list[dict[str, Any]]:
    """Return one row a trial: speed, slope, contact time on the belt, error."""
    rows = [row for row in recordings.trial_table() if row["set"] == "A1"]
    table = []
    for number, row in enumerate(rows):
        own = scores.only(scores.group == number)
        table.append(
            {
                "trial": row["trial"],
                "speed_mps": float(row["speed"]),
                "slope_deg": float(row["slope"]),
                "n": len(own),
                "contact_ms": rounded(MS_PER_S * own.truth_s.mean()) if len(own) else None,
                "error_ms": rounded(MS_PER_S * own.contact_error_s.mean()) if len(own) else None,
                "step_sd_ms": sd_ms(own.contact_error_s),
            }
        )
    return table


def sacral_figures(scores: Scored) -> dict[str, Any]:
    """Return what the report tells of one way of evaluating the trials."""
    return {**figures(scores), **trial_mean_figures(scores.contact_error_s, scores.group), "trials": per_trial(scores)}


def sacral_trials() -> dict[str, Any]:
    """Return every way of evaluating the trials, the honest one first, and what is known without a sensor."""
    known = trials()
    scores, forms = left_out_trials(known)
    name = SacralDetector.method.name
    left = {"way": f"{name}, each trial left out", **sacral_figures(scores)}
    left["harder"] = {
        group: {
            "shipped_form": trial_means_sd_ms(left_out_trials(known, together, (SHIPPED, True))[0]),
            "chosen_form": trial_means_sd_ms(left_out_trials(known, together)[0]),
        }
        for group, together in groups_of_trials().items()
    }
    left["forms"] = dict(Counter(f"{' '.join(names)}, {_TOLD[is_product]}" for names, is_product in forms))
    shipped = {"way": f"{name} as shipped, fitted on all 16", **sacral_figures(score_trials(SacralDetector))}
    error_s, trial = threshold_errors_s()
    threshold = {"way": "time above 0.25 BW", **errors(error_s, trial), **trial_mean_figures(error_s, trial)}
    return {
        "left_out": left,
        "ways": [left, shipped, threshold],
        "baselines": baseline_figures(),
        "latency": delay_figures(list(trial_delays())),
    }


def trial_delays() -> Iterator[Delays]:
    """Yield the delays of each trial's records, samples given one by one."""
    for trial in recordings.SACRAL_TRIALS:
        recording, _ = recordings.sacral_trial(trial)
        truth = Truth.of_events(*recordings.expected_contacts(trial))
        yield delays_of(recording, truth, SacralDetector())
