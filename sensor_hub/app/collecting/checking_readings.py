"""What a pod's readings alone tell: rate, gaps, doubles, gravity, the way a leg swings."""

from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, pairwise
from typing import Any, Final, Literal, TypeAlias

import numpy as np

from sensor_hub.app.collecting.collecting_gate import BoundPod
from sensor_hub.decoders.catalogue import is_stream, stream_decoder
from sensor_hub.decoders.clock import WrappedClock
from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY, Samples, StreamDecoder
from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.signal.wearing.mounting import Doubt
from sensor_hub.units import STANDARD_GRAVITY_MPS2

Verdict: TypeAlias = Literal["ok", "look", "no"]
Code: TypeAlias = Literal[
    "not-heard", "no-data", "dropped", "problem", "slow", "very-slow", "gaps", "doubled", "undecodable",
    "some-undecodable", "battery-low", "battery-empty", "gravity", "gyro-drift", "gyro-missing", "clock-residual",
    "clock-reset", "turned", "unverified", Doubt,
]  # fmt: skip
SEVERITY: Final[Mapping[Code, Verdict]] = {
    "not-heard": "no", "no-data": "no", "dropped": "look", "problem": "look", "slow": "look", "very-slow": "no",
    "gaps": "look", "doubled": "no", "undecodable": "no", "some-undecodable": "look", "battery-low": "look",
    "battery-empty": "no", "gravity": "look", "gyro-drift": "look", "gyro-missing": "no", "clock-residual": "look",
    "clock-reset": "look", "turned": "look", "unverified": "ok", "upside-down": "look", "sides-swapped": "look",
    "not-this-mount": "look", "slipped": "look", "pattern-differs": "look", "fits-better": "look",
    "units-doubtful": "no", "clipped": "look",
}  # fmt: skip

# All ours. A contact of 200 ms is timed to a sample: a tenth of the samples missing moves it by a tenth at most.
RATE_LOOK, RATE_NO = 0.95, 0.8
LONGEST_STEP: Final = 5.0  # sampling intervals; more is a hole
GRAVITY_TOLERANCE: Final = 0.05
REST_SD_G, REST_S, REST_DRIFT_RADPS = 0.03, 0.5, 0.1
SWING_SD_RADPS, SWING_SKEWNESS = 1.0, 0.3
COPIES: Final = 16  # notifications of which a second subscription may tell again


@dataclass(slots=True)
class Numbers:
    """What was measured, None where it could not be, and what is wrong with it."""

    rate_hz: float | None = None
    n_gaps: int = 0
    longest_gap_s: float | None = None
    n_doubled: int = 0
    gravity: float | None = None
    swing: str | None = None
    findings: list[tuple[Code, float | None]] = field(default_factory=list)


def of_records(profile: DeviceProfile, readings: Sequence[RawNotification]) -> Numbers:
    """About one a second; a repeated value is what a standing pod says, so nothing can be called doubled."""
    numbers = Numbers()
    steps_s = [(b.arrival_utc - a.arrival_utc).total_seconds() for a, b in pairwise(readings)]
    if not steps_s:
        return numbers
    numbers.rate_hz = len(steps_s) / sum(steps_s) if sum(steps_s) > 0 else None
    _find_gaps(numbers, np.array(steps_s), profile.stale_timeout_s)
    return numbers


def _find_gaps(numbers: Numbers, steps_s: FloatArray, longest_s: float) -> None:
    holes_s = steps_s[steps_s > longest_s]
    numbers.n_gaps = len(holes_s)
    if len(holes_s):
        numbers.longest_gap_s = float(holes_s.max())
        numbers.findings.append(("gaps", float(len(holes_s))))


def of_imu(pod: BoundPod, readings: Sequence[RawNotification]) -> Numbers:
    """Measure an IMU: by the clock of its samples where it has one, else by arrival."""
    numbers = Numbers()
    samples = _samples(pod.profile, readings)
    has_acceleration = (samples.measured & ACCELERATION).astype(bool)
    if not has_acceleration.any():
        return numbers
    time_s = samples.time_s[has_acceleration]
    span_s = (readings[-1].arrival_utc - readings[0].arrival_utc).total_seconds()
    steps_s = np.diff(_unwrapped(pod.profile, time_s))
    if np.isfinite(steps_s).any():
        forward = steps_s[steps_s > 0]
        numbers.n_doubled = max(int(np.count_nonzero(steps_s == 0.0)), _n_copies(readings))
        if len(forward):
            _find_gaps(numbers, steps_s, LONGEST_STEP * float(np.median(forward)))
    else:  # no clock of its own: what arrives twice is the same bytes twice
        numbers.n_doubled = _n_copies(readings, window=1)
        arrived_s = [(b.arrival_utc - a.arrival_utc).total_seconds() for a, b in pairwise(readings)]
        _find_gaps(numbers, np.array(arrived_s), pod.profile.stale_timeout_s / 2)
    if numbers.n_doubled:
        numbers.findings.append(("doubled", float(numbers.n_doubled)))
    if span_s > 0:
        numbers.rate_hz = (len(time_s) - 1) / span_s
        _judge_rate(numbers, pod.profile.sampling_rate_hz)
    _judge_motion(numbers, pod, samples, span_s)
    return numbers


def _n_copies(readings: Sequence[RawNotification], window: int = COPIES) -> int:
    """How many are, byte for byte, one of the last few before them; decoders leave such out."""
    recent: deque[tuple[str, bytes]] = deque(maxlen=window)
    n_copies = 0
    for raw in readings:
        said = (raw.characteristic, raw.payload)
        n_copies += said in recent
        recent.append(said)
    return n_copies


def _judge_rate(numbers: Numbers, declared_hz: float | None) -> None:
    if declared_hz is None or numbers.rate_hz is None:
        return
    share = numbers.rate_hz / declared_hz
    if share < RATE_LOOK:
        numbers.findings.append(("very-slow" if share < RATE_NO else "slow", share))


def _samples(profile: DeviceProfile, readings: Sequence[RawNotification]) -> Samples:
    decoders: dict[str, StreamDecoder] = {}
    parts: list[Samples] = []
    for characteristic, run in groupby(readings, key=lambda raw: raw.characteristic):
        name = profile.characteristics[characteristic]
        if is_stream(name, profile):
            decoder = decoders.setdefault(name, stream_decoder(name, profile))
            parts.append(decoder.decode(characteristic, [raw.payload for raw in run]))
    if not parts:
        none = np.empty(0)
        return Samples(none.astype(int), none, np.empty((0, 3)), np.empty((0, 3)), none.astype(np.uint8))
    return Samples(
        notification=np.concatenate([part.notification for part in parts]),
        time_s=np.concatenate([part.time_s for part in parts]),
        acceleration_mps2=np.concatenate([part.acceleration_mps2 for part in parts]),
        angular_velocity_radps=np.concatenate([part.angular_velocity_radps for part in parts]),
        measured=np.concatenate([part.measured for part in parts]),
    )


def _unwrapped(profile: DeviceProfile, time_s: FloatArray) -> FloatArray:
    if profile.timestamp_wrap_bits is None or profile.timestamp_tick_s is None:
        return time_s
    return WrappedClock(2**profile.timestamp_wrap_bits * profile.timestamp_tick_s).unwrap(time_s)


def _judge_motion(numbers: Numbers, pod: BoundPod, samples: Samples, span_s: float) -> None:
    """Gravity and gyroscope at rest, and which way the leg swung."""
    acceleration_g = _measured(samples.acceleration_mps2, samples.measured, ACCELERATION) / STANDARD_GRAVITY_MPS2
    rotation_radps = _measured(samples.angular_velocity_radps, samples.measured, ANGULAR_VELOCITY)
    size_g = np.linalg.norm(acceleration_g, axis=1)
    if (rest := _quietest(size_g, span_s)) is not None and np.std(size_g[rest]) < REST_SD_G:
        numbers.gravity = float(np.median(size_g[rest]))
        if abs(numbers.gravity - 1.0) > GRAVITY_TOLERANCE:
            numbers.findings.append(("gravity", numbers.gravity))
        if len(rotation_radps) == len(size_g):
            drift_radps = float(np.linalg.norm(np.median(rotation_radps[rest], axis=0)))
            if drift_radps > REST_DRIFT_RADPS:
                numbers.findings.append(("gyro-drift", drift_radps))
    mount = pod.device.mount or pod.profile.mount
    if mount in {"foot", "shank"}:
        if not len(rotation_radps):
            numbers.findings.append(("gyro-missing", None))
        numbers.swing = swing_of(rotation_radps)


def _measured(columns: FloatArray, measured: Any, part: int) -> FloatArray:
    known: FloatArray = columns[(measured & part).astype(bool) & np.isfinite(columns).all(axis=1)]
    return known


def _quietest(size_g: FloatArray, span_s: float) -> slice | None:
    """The stretch of ``REST_S`` in which the acceleration changed least."""
    n = int(len(size_g) / span_s * REST_S) if span_s > 0 else 0
    if n < 5 or len(size_g) < n:
        return None
    starts = range(0, len(size_g) - n + 1, max(1, n // 2))
    best = min(starts, key=lambda start: float(np.std(size_g[start : start + n])))
    return slice(best, best + n)


def swing_of(rotation_radps: FloatArray) -> str | None:
    """Return the axis a leg turns about and the sign of its swing, such as ``"z+"``; None if it did not swing.

    Parameters
    ----------
    rotation_radps : (n, 3)
        Angular velocity, rad/s, sensor axes.

    Notes
    -----
    In running the swing is the fastest and shortest turn of foot and shank, so the distribution about the
    medio-lateral axis is skewed to its sign. Worn on the other leg, on the same side of it, the sign is the other.
    """
    if len(rotation_radps) < 2:
        return None
    spread = rotation_radps.std(axis=0)
    axis = int(spread.argmax())
    if spread[axis] < SWING_SD_RADPS:
        return None
    about = rotation_radps[:, axis] - rotation_radps[:, axis].mean()
    skewness = float((about**3).mean() / spread[axis] ** 3)
    if abs(skewness) < SWING_SKEWNESS:
        return None
    return "xyz"[axis] + ("+" if skewness > 0 else "-")
