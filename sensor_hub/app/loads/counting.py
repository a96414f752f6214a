"""Heel drops counted from a recording of a sensor on a foot or a shank. Experimental."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np

from sensor_hub.app.analysis import open_file
from sensor_hub.errors import ExerciseError, RecordingError
from sensor_hub.model.diary import ExerciseName, Ground, Knee, PainSide, SayExercise
from sensor_hub.model.gait import Mount
from sensor_hub.session.imu_samples import imu_samples
from sensor_hub.signal.exercise.heel_drops import HeelDropCount, count_heel_drops

EXERCISE: ExerciseName = "heel-drop"


@dataclass(frozen=True, slots=True)
class CountedSet:
    """One set: repetitions, and the mean time of a lowering, s; None where it is not known, or too rough to be told.

    start_s : since the recording began.
    """

    reps: int
    lowering_s: float | None
    start_s: float


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """What a recording holds. start_utc : None where the file does not say when it was made."""

    device: str
    mount: Mount
    start_utc: datetime | None
    sets: tuple[CountedSet, ...]
    drops: HeelDropCount

    @property
    def n_reps(self) -> int:
        """All repetitions."""
        return len(self.drops)


def count_file(
    path: Path, *, mount: Mount | None = None, device: str | None = None, own_profiles: Path | None = None
) -> Counted:
    """Count the heel drops of a recording.

    Raises
    ------
    RecordingError
        If there is no such file or sensor, or several to choose from.
    ExerciseError
        If its sensor cannot tell.
    """
    recording = open_file(path, mount=mount, own_profiles=own_profiles)
    info = recording.info
    samples = imu_samples(recording, info.devices)
    there = {d.device: mount or d.mount or (d.profile.mount if d.profile else None) for d in info.devices}
    wanted = [name for name in samples if device in {None, name}]
    if len(wanted) != 1:
        names = ", ".join(samples) or "none"
        mend = "choose one: --device ID" if samples else "record a sensor with acceleration and angular velocity"
        raise RecordingError(str(path), "sensors", f"one IMU is needed; its IMUs: {names}", mend)
    name = wanted[0]
    where = there.get(name)
    if where is None:
        raise ExerciseError(f"{path}: it does not say where the sensor was worn: give --mount foot or --mount shank")
    block = samples[name]
    t_s, acceleration, rotation = block.t_s, block.acceleration_mps2, block.angular_velocity_radps
    drops = count_heel_drops(t_s, acceleration, rotation, where)
    first_s = float(t_s[np.isfinite(t_s)][0])
    return Counted(name, where, info.start_utc, _sets(drops, where, first_s), drops)


def _sets(drops: HeelDropCount, mount: Mount, first_s: float) -> tuple[CountedSet, ...]:
    found = []
    for number in np.unique(drops.set_number):
        mine = drops.set_number == number
        known = drops.lowering_s[mine & np.isfinite(drops.lowering_s)]
        # of a shank a time is too rough to be held against a tempo
        mean_s = float(known.mean()) if mount == "foot" and len(known) else None
        found.append(CountedSet(int(mine.sum()), mean_s, float(drops.lowering_start_s[mine][0]) - first_s))
    return tuple(found)


def lines_of(
    counted: Counted, start_utc: datetime, side: PainSide, knee: Knee | None, ground: Ground | None, pain: float | None
) -> Sequence[SayExercise]:
    """Return what the diary says of it: one line where all sets are alike, else one a set."""
    alike = len({each.reps for each in counted.sets}) == 1
    groups = [counted.sets] if alike else [(each,) for each in counted.sets]
    return [
        SayExercise(
            at_utc=start_utc + timedelta(seconds=round(group[0].start_s)),
            exercise=EXERCISE,
            sets=len(group),
            reps=group[0].reps,
            side=side,
            knee=knee,
            ground=ground,
            lowering_s=_mean([each.lowering_s for each in group]),
            pain=pain,
            counted=True,
        )
        for group in groups
        if group
    ]


def _mean(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 2) if known and len(known) == len(values) else None
