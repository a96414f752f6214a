"""Reference sets without force beside samples: strides, faults, another maker's pod, a published table."""

import json
from collections import Counter
from typing import Any

import numpy as np

from sensor_hub.model.gait import Mount
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.session import BoundDevice
from sensor_hub.signal.detectors import detector_for
from sensor_hub.units import DEGREE_RAD, MS_PER_S, S_PER_MIN
from tests.session.runs import gaps, run_one_by_one, setup, summary
from tests.validation import recordings
from tests.validation.baseline import left_out
from tests.validation.detecting import contacts_of
from tests.validation.measures import errors, rounded, sd_ms

RUN_FILE = "run_out.csv"
FAULT_FILES = (
    "2020-08-25T11_43_19.036Z.csv",
    "chest3.csv",
    "foot-forward-back.csv",
    "foot-up-down.csv",
    "leg.csv",
    "slow-walking.csv",
)
LEG_MOUNTS: tuple[Mount, ...] = ("foot", "shank")


def shank_run() -> list[dict[str, Any]]:
    """Return strides and contact times of the real run, by each leg method: where its sensor sat is inferred."""
    expected = json.loads(recordings.recording_path("imu_shank/expected.json").read_text(encoding="utf-8"))
    told = []
    for mount in LEG_MOUNTS:
        recording = recordings.logger_file(f"imu_shank/{RUN_FILE}")
        detector = detector_for(mount)
        found = contacts_of(recording, detector)
        known = found.contact_time_s[np.isfinite(found.contact_time_s)]
        stride_s = np.diff(found.initial_contact_s)
        pitch_deg = found.foot_pitch_rad[np.isfinite(found.foot_pitch_rad)] / DEGREE_RAD
        told.append(
            {
                "mount": mount,
                "method": detector.method.name,
                "n_expected": int(expected["strides_gyro"]),
                "n_found": len(found),
                "shortest_stride_ms": rounded(MS_PER_S * float(stride_s.min())),
                "longest_stride_ms": rounded(MS_PER_S * float(stride_s.max())),
                "steps_per_min": rounded(2 * S_PER_MIN / float(np.median(stride_s)), 1),
                "expected_steps_per_min": expected["steps_per_min"],
                "n_timed": len(known),
                "contact_ms": rounded(MS_PER_S * float(known.mean()), 1) if len(known) else None,
                "contact_sd_ms": sd_ms(known),
                "claimed_sd_ms": rounded(MS_PER_S * float(found.contact_time_sd.mean()), 1) if len(found) else None,
                "clipped_pct": rounded(100 * float(found.clipped.mean()), 1) if len(found) else None,
                "foot_pitch_deg": rounded(float(pitch_deg.mean()), 1) if len(pitch_deg) else None,
                "foot_pitch_sd_deg": rounded(float(pitch_deg.std(ddof=1)), 1) if len(pitch_deg) > 1 else None,
            }
        )
    return told


def fault_files() -> list[dict[str, Any]]:
    """Return what a whole session makes of files with faults: none of them holds running."""
    told = []
    for name in FAULT_FILES:
        recording = recordings.logger_file(f"imu_shank/{name}")
        for mount in LEG_MOUNTS:
            block = ImuBlock("pod-1", recording.t_s, recording.acceleration_mps2, recording.rotation_radps)
            events = run_one_by_one(setup((BoundDevice("pod-1", None, "R", mount),)), [block])
            totals = summary(events).totals
            told.append(
                {
                    "file": name,
                    "mount": mount,
                    "minutes": rounded(float(np.ptp(recording.t_s)) / S_PER_MIN, 1),
                    "running_steps": rounded(totals.n_steps, 1),
                    "coverage": rounded(totals.coverage, 3) if totals.coverage is not None else None,
                    "gaps": dict(sorted(Counter(gap.cause for gap in gaps(events)).items())),
                }
            )
    return told


def pod_against_video() -> dict[str, Any]:
    """Return another maker's pod against video at 60 frames a second, by foot; and every step: s, video ms, pod ms."""
    rows = [r for r in recordings.rows_of("pod_vs_video/d12_P02_7mph_excerpt.csv") if r["pod_contact_ms"]]
    told: list[dict[str, Any]] = []
    steps: dict[str, list[list[float]]] = {}
    for foot, name in (("l", "left"), ("r", "right")):
        own = [r for r in rows if r["foot"] == foot]
        pod_s = np.array([float(r["pod_contact_ms"]) for r in own]) / MS_PER_S
        video_s = np.array([float(r["video_contact_ms"]) for r in own]) / MS_PER_S
        order = np.array([float(r["video_t_s"]) for r in own])
        told.append(
            {
                "foot": name,
                "n": len(own),
                "pod_ms": rounded(MS_PER_S * float(pod_s.mean()), 1),
                "video_ms": rounded(MS_PER_S * float(video_s.mean()), 1),
                "bias_ms": rounded(MS_PER_S * float((pod_s - video_s).mean()), 1),
                "sd_ms": sd_ms(pod_s - video_s),
                "video_sd_ms": sd_ms(video_s),
                "correlation": rounded(float(np.corrcoef(pod_s, video_s)[0, 1])),
            }
        )
        steps[name] = np.column_stack([order, MS_PER_S * video_s, MS_PER_S * pod_s]).round(3).tolist()
    return {"feet": told, "steps": steps}


def sacral_table() -> dict[str, Any]:
    """Return published means of 19 runners: a sacral sensor's contact time against a plate's, and without a sensor."""
    rows = list(recordings.rows_of("force_sacral_table_odd_subjects.csv"))
    columns = {name: np.array([float(r[name]) for r in rows]) for name in rows[0]}
    subject = columns["Sub"].astype(np.int64)
    target_s = columns["GRFtc"]
    ways = {
        "as published": None,
        "speed": ["Speed"],
        "speed + cadence": ["Speed", "IMUsf"],
        "speed + cadence + mass": ["Speed", "IMUsf", "Mass"],
        "sensor, straight line": ["IMUtc"],
        "sensor + speed + cadence + mass": ["IMUtc", "Speed", "IMUsf", "Mass"],
    }
    table = []
    for way, names in ways.items():
        if names is None:
            error_s = columns["IMUtc"] - target_s
        else:
            error_s = left_out(np.column_stack([columns[n] for n in names]), target_s, subject) - target_s
        table.append({"way": way, **errors(error_s, subject)})
    return {"n_rows": len(rows), "n_subjects": len(np.unique(subject)), "ways": table}
