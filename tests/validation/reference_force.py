"""Our own events from force against events that were computed apart from this project, on two treadmills.

A belt reads some newtons with nobody on it. Where its zero is put decides a contact time at 20 N, so both are told.
"""

from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.signal.calibration.force_events import force_events
from sensor_hub.units import MS_PER_S, STANDARD_GRAVITY_MPS2
from tests.validation import recordings
from tests.validation.matching import matched
from tests.validation.measures import errors
from tests.validation.reference_sacral import MASS_KG

THRESHOLDS_N: Final = (20, 30, 50)
SPLIT_BELT: Final = tuple(f"force_bertec2400/JDX_S999_run_0021_f_{plate}.tsv" for plate in (1, 2))


def compared() -> list[dict[str, Any]]:
    """Return, for each treadmill and threshold, how many contacts agree and how their contact times differ."""
    as_it_is = {"offset_n": 0.0, "smoothing_hz": None}
    ways: tuple[tuple[str, tuple[str, ...], str, dict[str, Any]], ...] = (
        ("one belt, 500 Hz", recordings.SACRAL_TRIALS, "as published", as_it_is),
        ("one belt, 500 Hz", recordings.SACRAL_TRIALS, "taken from the flights", {}),
        ("split belt, 2,400 Hz", ("A6_S999",), "taken from the flights", {}),
    )
    told = []
    for treadmill, trials, zero, settings in ways:
        forces = {trial: vertical_force(trial) for trial in trials}
        for threshold_n in THRESHOLDS_N:
            row = agreement(forces, threshold_n, settings)
            told.append({"treadmill": treadmill, "zero": zero, "threshold_n": threshold_n, **row})
    return told


def vertical_force(trial: str) -> tuple[FloatArray, FloatArray]:
    """(n,) s and (n,) N of a trial."""
    if trial.startswith("A1"):
        recording, force_bw = recordings.sacral_trial(trial)
        return recording.t_s, force_bw * MASS_KG * STANDARD_GRAVITY_MPS2
    plates = [recordings.belt_force(name) for name in SPLIT_BELT]
    return plates[0][0], plates[0][1] + plates[1][1]


def agreement(
    forces: dict[str, tuple[FloatArray, FloatArray]], threshold_n: int, settings: dict[str, Any]
) -> dict[str, Any]:
    """Return counts, and the difference of contact times where both found the contact."""
    differences, groups, n_found, n_expected = [], [], 0, 0
    for number, (trial, (t_s, force_n)) in enumerate(forces.items()):
        found = force_events(t_s, force_n, threshold_n=float(threshold_n), **settings)
        on_s, off_s = recordings.expected_contacts(trial, threshold_n)
        i, j = matched(on_s, found.initial_contact_s)
        differences.append(found.contact_time_s[j] - (off_s - on_s)[i])
        groups.append(np.full(len(i), number, dtype=np.int64))
        n_found, n_expected = n_found + len(found), n_expected + len(on_s)
    return {
        "n_expected": n_expected,
        "n_found": n_found,
        "largest_ms": round(MS_PER_S * float(np.abs(np.concatenate(differences)).max()), 2),
        **errors(np.concatenate(differences), np.concatenate(groups)),
    }
