"""What other sensors on the same simulated leg would send: Polar PMD, Movesense, and the open layout.

The samples are of the same gait as the shank logger's, taken evenly on the sensor's own clock, which may run too fast
or too slow. A payload leaves when its last sample is taken; ``delivered`` adds what a radio does to it.
Source of the frames: the documents named by the decoders of these formats.
"""

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.simulation.gait import GaitTruth, Runner, Stream, leg_motion
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.simulation.waveform import ACCELEROMETER_RANGE_G, GYROSCOPE_RANGE_DPS
from sensor_hub.units import STANDARD_GRAVITY_MPS2, US_PER_S

PMD_CHARACTERISTIC: Final = "fb005c82-02e7-f387-1cad-8acd2d8df0c8"
MOVESENSE_CHARACTERISTIC: Final = "34800002-7185-4d5d-b431-630e7050e8f0"
GENERIC_CHARACTERISTIC: Final = "9efe8702-e301-49c3-a739-1f98bd11ef9d"
PMD_CLOCK_START_NS: Final = 820_000_000_000_000_000  # since 2000-01-01
PMD_RANGES: Final = {"acceleration": 8.0, "rotation": 2000.0}  # ± g, ± deg/s
_PMD_KIND: Final = {"acceleration": 2, "rotation": 5}
_FULL_SCALE: Final = 2**15
_NS_PER_S: Final = 1_000_000_000
_IMU: Final = 4  # stream of random numbers


@dataclass(frozen=True, slots=True, eq=False)
class ImuColumns:
    """Samples of one sensor: its own clock since its start (n,) s, true time (n,) s, (n, 3) g, (n, 3) deg/s."""

    device_s: FloatArray
    t_s: FloatArray
    acceleration_g: FloatArray
    angular_velocity_dps: FloatArray
    rate_hz: float

    def packets(self, n_samples: int) -> Iterator[slice]:
        """Yield the samples of each full packet."""
        for end in range(n_samples, len(self.t_s) + 1, n_samples):
            yield slice(end - n_samples, end)

    def stream(self, characteristic: str, n_samples: int, encode: Callable[[slice], bytes]) -> Stream:
        """Return packets of ``n_samples``, each leaving at the true time of its last sample."""
        slices = list(self.packets(n_samples))
        ends = np.array([one.stop - 1 for one in slices], dtype=np.int64)
        arrival_us = np.round(self.t_s[ends] * US_PER_S).astype(np.int64)
        return Stream(characteristic, arrival_us, [encode(one) for one in slices])


def imu_columns(
    profile: SpeedProfile,
    truth: GaitTruth,
    *,
    seed: int,
    rate_hz: float,
    runner: Runner | None = None,
    drift_ppm: float = 0.0,
) -> ImuColumns:
    """Return what a sensor on the leg measures over a profile, ``rate_hz`` times a second of its own clock.

    drift_ppm : how much too fast that clock runs, millionths.
    """
    rng = np.random.default_rng([seed, _IMU])
    pace = 1 + drift_ppm * 1e-6
    device_s = np.arange(0.0, profile.duration_s * pace, 1 / rate_hz)
    t_s = device_s / pace
    acceleration_g, rotation_dps = leg_motion(profile, truth, t_s, runner or Runner(), rng)
    return ImuColumns(device_s, t_s, acceleration_g, rotation_dps, rate_hz)


def pmd_factor(kind: Literal["acceleration", "rotation"]) -> float:
    """Return what one count is, g or deg/s: the factor in the answer to the start command."""
    return PMD_RANGES[kind] / _FULL_SCALE


def pmd_stream(
    columns: ImuColumns, kind: Literal["acceleration", "rotation"], *, delta: bool, n_samples: int = 18
) -> Stream:
    """Return Polar PMD frames of acceleration or rotation.

    delta : compressed frames of type 0, in counts of ``pmd_factor``; else raw frames of type 1 in mg, which only
    acceleration has.
    """
    if not delta and kind != "acceleration":
        raise ValueError("the format has no raw frames of rotation")
    values = columns.acceleration_g if kind == "acceleration" else columns.angular_velocity_dps
    full = PMD_RANGES[kind]
    unit = pmd_factor(kind) if delta else 0.001
    counts = np.clip(np.round(np.clip(values, -full, full) / unit), -_FULL_SCALE, _FULL_SCALE - 1).astype(np.int64)
    last_ns = PMD_CLOCK_START_NS + np.round(columns.device_s * _NS_PER_S).astype(np.int64)

    def encode(one: slice) -> bytes:
        head = struct.pack("<BQB", _PMD_KIND[kind], int(last_ns[one.stop - 1]), 0x80 if delta else 1)
        return head + (delta_content(counts[one]) if delta else counts[one].astype("<i2").tobytes())

    return columns.stream(PMD_CHARACTERISTIC, n_samples, encode)


def delta_content(counts: IntArray) -> bytes:
    """Return (n, 3) counts as a reference sample and one group of differences as narrow as they can be.

    Raises
    ------
    ValueError
        If there are more samples than a group counts.
    """
    if len(counts) > 256:
        raise ValueError(f"{len(counts)} samples do not fit a group of 255 differences")
    reference: bytes = counts[0].astype("<i2").tobytes()
    steps = np.diff(counts, axis=0).reshape(-1)
    if not len(steps):
        return reference
    bits = max(int(max(-int(steps.min()) - 1, int(steps.max()), 0)).bit_length() + 1, 1)
    digits = (steps[:, None] >> np.arange(bits)) & 1
    packed: bytes = np.packbits(digits.astype(np.uint8).reshape(-1), bitorder="little").tobytes()
    return reference + bytes([bits, len(counts) - 1]) + packed


def movesense_stream(columns: ImuColumns, *, n_samples: int = 8, reference: int = 1) -> Stream:
    """Return Movesense packets of ``/Meas/IMU6``: time of the first sample, all acceleration, then all rotation."""
    first_ms = np.round(columns.device_s * 1000).astype(np.int64) % 2**32
    acceleration = (columns.acceleration_g * STANDARD_GRAVITY_MPS2).astype("<f4")
    rotation = columns.angular_velocity_dps.astype("<f4")

    def encode(one: slice) -> bytes:
        head = struct.pack("<BBI", 2, reference, int(first_ms[one.start]))
        return head + acceleration[one].tobytes() + rotation[one].tobytes()

    return columns.stream(MOVESENSE_CHARACTERISTIC, n_samples, encode)


def generic_imu_stream(columns: ImuColumns, *, n_samples: int = 10) -> Stream:
    """Return notifications of the open layout: u16 sequence, u32 µs of the first sample, then i16 g and deg/s rows."""
    full = np.array([ACCELEROMETER_RANGE_G] * 3 + [GYROSCOPE_RANGE_DPS] * 3)
    values = np.column_stack([columns.acceleration_g, columns.angular_velocity_dps])
    counts = np.clip(np.round(values / full * _FULL_SCALE), -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2")
    first_us = np.round(columns.device_s * US_PER_S).astype(np.int64) % 2**32

    def encode(one: slice) -> bytes:
        head = struct.pack("<HI", one.start // n_samples % 2**16, int(first_us[one.start]))
        return head + bytes(counts[one].tobytes())

    return columns.stream(GENERIC_CHARACTERISTIC, n_samples, encode)


def delivered(stream: Stream, *, seed: int, interval_s: float = 0.03, lost: float = 0.02) -> Stream:
    """Return a stream as it arrives over a link: at connection events, later where a packet had to be repeated.

    interval_s : between connection events. lost : share of packets that fail at each attempt; every failure costs one
    event, for all that wait behind it too, because a link keeps the order. Nothing is lost for good.
    """
    rng = np.random.default_rng([seed, 5])
    interval_us = interval_s * US_PER_S
    phase_us = rng.uniform(0, interval_us)
    events = np.ceil((stream.arrival_us - phase_us) / interval_us)
    events += rng.geometric(1 - lost, len(events)) - 1 if lost > 0 else 0
    arrival_us = np.maximum.accumulate(np.round(events * interval_us + phase_us).astype(np.int64))
    return Stream(stream.characteristic, arrival_us, stream.payloads)
