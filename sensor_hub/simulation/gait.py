"""One simulated runner: when the foot lands and leaves, and what two kinds of sensor would send about it.

The truth comes first: a speed profile gives steps, steps are scattered a little, and only then bytes are made from
them, so a detector can be scored against ``GaitTruth``. There is no force plate behind it: toe-off is put
``push_off_lead_s`` after the fastest backward rotation of push-off (0 by default, *ours*).
"""

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.raw import RawNotification
from sensor_hub.simulation.speed import SLOWEST_RUN_MPS, SpeedProfile, contact_time_s, step_rate_hz
from sensor_hub.simulation.waveform import (
    ACCELEROMETER_RANGE_G,
    GYROSCOPE_RANGE_DPS,
    SHAPE_SPEED_MPS,
    STANDING_ACCELERATION_G,
    impact_acceleration_g,
    impact_rotation_dps,
    stride_acceleration_g,
    stride_rotation_dps,
)

SHANK_CHARACTERISTIC: Final = "2fff"
RSC_CHARACTERISTIC: Final = "2a53"
SAMPLE_MS: Final = 10
LATE_SAMPLES: Final = 0.125  # of polls come at 20 ms instead of 10, as in a real recording of this logger
LONGEST_CONTACT: Final = 0.47  # of a stride: running has a flight phase
_SAMPLE: Final = np.dtype([("time_ms", "<u4"), ("acceleration_g", "<f4", 3), ("angular_velocity_dps", "<f4", 3)])
_FADE_S: Final = 0.15
_MOTION: Final = 1  # streams of random numbers, so that one sensor's options do not change another's bytes
_SHANK: Final = 2
_RSC: Final = 3


@dataclass(frozen=True, slots=True)
class Runner:
    """How one simulated runner differs from the population, and how regular they are.

    stride_sd_s, contact_sd_s : one standard deviation from stride to stride; amplitude_sd of the waveform, a fraction.
    push_off_lead_s : how long before toe-off the backward rotation is fastest.
    acceleration_noise_g, rotation_noise_dps, speed_noise_mps : white noise of the sensors.
    """

    step_rate_factor: float = 1.0
    contact_time_factor: float = 1.0
    stride_sd_s: float = 0.012
    contact_sd_s: float = 0.005
    amplitude_sd: float = 0.03
    push_off_lead_s: float = 0.0
    acceleration_noise_g: float = 0.03
    rotation_noise_dps: float = 3.0
    speed_noise_mps: float = 0.03


@dataclass(frozen=True, slots=True, eq=False)
class GaitTruth:
    """What really happened, seconds of the profile; row i of each is the same stride of the instrumented foot.

    initial_contact_s, toe_off_s : (n,). next_contact_s : (n,) of the same foot, NaN where the runner stopped.
    """

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    next_contact_s: FloatArray

    @property
    def contact_time_s(self) -> FloatArray:
        """(n,) s."""
        return self.toe_off_s - self.initial_contact_s

    @property
    def stride_time_s(self) -> FloatArray:
        """(n,) s, NaN for the last stride before a stop."""
        return self.next_contact_s - self.initial_contact_s


@dataclass(frozen=True, slots=True, eq=False)
class Stream:
    """What one simulated sensor sends: arrival (n,) µs after the start, rising, and the payload of each."""

    characteristic: str
    arrival_us: IntArray
    payloads: Sequence[bytes]

    def __len__(self) -> int:
        return len(self.payloads)


@dataclass(frozen=True, slots=True, eq=False)
class ShankColumns:
    """The samples behind the bytes: device time (n,) ms, (n, 3) g, (n, 3) deg/s, and the true time (n,) s."""

    time_ms: IntArray
    acceleration_g: FloatArray
    angular_velocity_dps: FloatArray
    t_s: FloatArray

    def stream(self) -> Stream:
        """Return the samples as 28-byte notifications, one a sample."""
        samples = np.empty(len(self.t_s), dtype=_SAMPLE)
        samples["time_ms"] = self.time_ms % 2**32
        samples["acceleration_g"] = self.acceleration_g
        samples["angular_velocity_dps"] = self.angular_velocity_dps
        joined, size = samples.tobytes(), _SAMPLE.itemsize
        payloads = [joined[i : i + size] for i in range(0, len(joined), size)]
        return Stream(SHANK_CHARACTERISTIC, np.round(self.t_s * 1e6).astype(np.int64), payloads)


def gait(profile: SpeedProfile, *, seed: int, runner: Runner | None = None) -> GaitTruth:
    """Return the strides of one foot over a profile; the same for the same seed."""
    runner = runner or Runner()
    rng = np.random.default_rng([seed, _MOTION])
    contacts, lasts = [], []
    for start_s, end_s in profile.running_bouts():
        t_s = np.arange(start_s, end_s, 0.01)
        if len(t_s) < 2:
            continue
        stride_hz = runner.step_rate_factor * np.asarray(step_rate_hz(profile.at(t_s))) / 2
        phase = np.concatenate([[0.0], np.cumsum((stride_hz[1:] + stride_hz[:-1]) * 0.005)])
        regular_s = np.interp(np.arange(0.5, phase[-1]), phase, t_s)
        scatter_s = np.clip(rng.normal(0, runner.stride_sd_s / np.sqrt(2), len(regular_s)), -0.05, 0.05)
        contacts.append(regular_s + scatter_s)
        lasts.append(np.arange(1, len(regular_s) + 1) == len(regular_s))
    if not contacts:
        return GaitTruth(np.empty(0), np.empty(0), np.empty(0))
    contact_s, is_last = np.concatenate(contacts), np.concatenate(lasts)
    next_s = np.where(is_last, np.nan, np.append(contact_s[1:], np.nan))
    speed_mps = np.maximum(profile.at(contact_s), SLOWEST_RUN_MPS)
    stride_s = np.where(is_last, 2 / np.asarray(step_rate_hz(speed_mps)) / runner.step_rate_factor, next_s - contact_s)
    length_s = runner.contact_time_factor * np.asarray(contact_time_s(speed_mps))
    length_s = length_s + np.clip(rng.normal(0, runner.contact_sd_s, len(length_s)), -0.03, 0.03)
    return GaitTruth(contact_s, contact_s + np.minimum(length_s, LONGEST_CONTACT * stride_s), next_s)


def _clock(duration_s: float, rng: np.random.Generator, *, jitter: bool) -> IntArray:
    """(n,) ms since the first sample: every 10 ms, or now and then 20."""
    n = int(duration_s * 1000) // SAMPLE_MS + 1
    if not jitter:
        return np.arange(n, dtype=np.int64) * SAMPLE_MS
    gaps = np.where(rng.random(n) < LATE_SAMPLES, 2 * SAMPLE_MS, SAMPLE_MS)
    ticks = np.concatenate([[0], np.cumsum(gaps)])
    return ticks[ticks <= (n - 1) * SAMPLE_MS]


def shank_columns(
    profile: SpeedProfile,
    truth: GaitTruth,
    *,
    seed: int,
    runner: Runner | None = None,
    jitter: bool = True,
    device_start_ms: int = 161_129,
    drift_ppm: float = 0.0,
) -> ShankColumns:
    """Return what the simulated shank logger measures over a profile.

    jitter : True polls at 10 ms and sometimes 20 ms, as the real logger does. device_start_ms : its clock at 0 s.
    drift_ppm : how much too fast its clock runs, millionths.
    """
    runner = runner or Runner()
    rng = np.random.default_rng([seed, _SHANK])
    ticks_ms = _clock(profile.duration_s, rng, jitter=jitter)
    t_s = ticks_ms / 1000
    acceleration_g, angular_velocity_dps = leg_motion(profile, truth, t_s, runner, rng)
    return ShankColumns(
        time_ms=device_start_ms + np.round(ticks_ms * (1 + drift_ppm * 1e-6)).astype(np.int64),
        acceleration_g=acceleration_g,
        angular_velocity_dps=angular_velocity_dps,
        t_s=t_s,
    )


def leg_motion(
    profile: SpeedProfile, truth: GaitTruth, t_s: FloatArray, runner: Runner, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Return (n, 3) g and (n, 3) deg/s of a sensor on the leg at times of the profile, with its noise and range."""
    rotation, acceleration = np.zeros((len(t_s), 3)), np.tile(STANDING_ACCELERATION_G, (len(t_s), 1))
    if len(truth.initial_contact_s):
        moving, share = _leg(profile, truth, runner, rng, t_s)
        rotation = moving[:, 3:] * share[:, None]
        acceleration += (moving[:, :3] - acceleration) * share[:, None]
    rotation += rng.normal(0, runner.rotation_noise_dps, rotation.shape)
    acceleration += rng.normal(0, runner.acceleration_noise_g, acceleration.shape)
    return (
        np.clip(acceleration, -ACCELEROMETER_RANGE_G, ACCELEROMETER_RANGE_G),
        np.clip(rotation, -GYROSCOPE_RANGE_DPS, GYROSCOPE_RANGE_DPS),
    )


def _leg(
    profile: SpeedProfile, truth: GaitTruth, runner: Runner, rng: np.random.Generator, t_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(n, 6) g and deg/s of a leg in motion, and (n,) how much of it there is (0: standing)."""
    contact_s, push_s = truth.initial_contact_s, truth.toe_off_s - runner.push_off_lead_s
    period_s = 2 / np.asarray(step_rate_hz(profile.at(contact_s))) / runner.step_rate_factor
    ends_s = np.where(np.isnan(truth.next_contact_s), contact_s + period_s, truth.next_contact_s)
    starts = np.concatenate([[True], np.isnan(truth.next_contact_s[:-1])])  # the leg swings before a first contact, too
    first = contact_s[starts]
    lead_s = 0.62 * period_s[starts]
    edges = np.concatenate([contact_s, push_s, first - lead_s])
    spans = np.concatenate([push_s - contact_s, ends_s - push_s, lead_s])
    base = np.concatenate([np.zeros(len(contact_s)), np.ones(len(contact_s)), np.ones(len(first))])
    strength = np.clip(rng.normal(1, runner.amplitude_sd, len(contact_s)), 0.8, 1.2)
    strength *= np.sqrt(profile.at(contact_s) / SHAPE_SPEED_MPS)
    strength = np.concatenate([strength, strength, strength[starts]])
    order = np.argsort(edges, kind="stable")
    edges, spans, base, strength = edges[order], spans[order], base[order], strength[order]
    i = np.clip(np.searchsorted(edges, t_s, side="right") - 1, 0, len(edges) - 1)
    into = np.clip((t_s - edges[i]) / spans[i], 0.0, 1.0)
    phase = base[i] + into
    near = np.clip(np.searchsorted(contact_s, t_s + 0.05, side="right") - 1, 0, len(contact_s) - 1)
    since_s = t_s - contact_s[near]
    rotation = stride_rotation_dps(phase)
    rotation[:, 0] += impact_rotation_dps(since_s)
    moving = np.column_stack([stride_acceleration_g(phase) + impact_acceleration_g(since_s), rotation])
    return moving * strength[i][:, None], _share(t_s, first - lead_s, truth.toe_off_s[np.isnan(truth.next_contact_s)])


def _share(t_s: FloatArray, starts_s: FloatArray, ends_s: FloatArray) -> FloatArray:
    """(n,) 1 between a start and its end, 0 elsewhere, with soft edges."""
    i = np.clip(np.searchsorted(starts_s, t_s, side="right") - 1, 0, len(starts_s) - 1)
    rise, fall = (t_s - starts_s[i]) / _FADE_S, (ends_s[i] - t_s) / _FADE_S + 1
    return np.clip(np.minimum(rise, fall), 0.0, 1.0)


def rsc_stream(
    profile: SpeedProfile, *, seed: int, runner: Runner | None = None, first_s: float = 0.37, period_s: float = 1.0
) -> Stream:
    """Return what a simulated footpod sends each second: speed, cadence of both feet, stride length, total distance."""
    runner = runner or Runner()
    rng = np.random.default_rng([seed, _RSC])
    t_s = np.arange(first_s, profile.duration_s, period_s)
    runs = profile.at(t_s) >= SLOWEST_RUN_MPS
    speed_mps = np.where(runs, np.maximum(profile.at(t_s) + rng.normal(0, runner.speed_noise_mps, len(t_s)), 0), 0.0)
    cadence_hz = np.where(runs, runner.step_rate_factor * np.asarray(step_rate_hz(profile.at(t_s))), 0.0)
    stride_m = np.where(runs, 2 * speed_mps / np.maximum(cadence_hz, 1.0), 0.0)
    fields = zip(
        np.where(runs, 0b111, 0b011).tolist(),
        np.round(speed_mps * 256).astype(int).tolist(),
        np.round(cadence_hz * 60).astype(int).tolist(),
        np.round(stride_m * 100).astype(int).tolist(),
        np.round(profile.distance_m(t_s) * 10).astype(int).tolist(),
        strict=True,
    )
    payloads = [struct.pack("<BHBHI", *row) for row in fields]
    return Stream(RSC_CHARACTERISTIC, np.round(t_s * 1e6).astype(np.int64), payloads)


def notifications(streams: Sequence[tuple[str, Stream]], start_utc: datetime) -> Iterator[RawNotification]:
    """Yield the notifications of (device pseudonym, stream) pairs in order of arrival; the first stream wins a tie."""
    if start_utc.tzinfo is None:
        raise ValueError(f"{start_utc!r} has no time zone")
    arrival_us = np.concatenate([np.empty(0, np.int64), *(stream.arrival_us for _, stream in streams)])
    which = np.concatenate(
        [np.full(len(s), k, np.int64) for k, (_, s) in enumerate(streams)] or [np.empty(0, np.int64)]
    )
    row = np.concatenate([np.arange(len(s)) for _, s in streams] or [np.empty(0, np.int64)])
    for i in np.argsort(arrival_us, kind="stable").tolist():
        device, stream = streams[which[i]]
        arrival_utc = start_utc + timedelta(microseconds=int(arrival_us[i]))
        yield RawNotification(device, stream.characteristic, arrival_utc, stream.payloads[row[i]])
