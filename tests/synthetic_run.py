"""A leg that runs, with contacts known by construction; and the ways a stream of it can be cut."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from tests.shank_frames import encode

SWING_RADPS = 10.0
TOE_OFF_RADPS = -6.0


@dataclass(frozen=True, slots=True)
class SyntheticRun:
    """Samples of one leg and its true contacts; times in device seconds."""

    t_s: FloatArray
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray
    initial_contact_s: FloatArray
    toe_off_s: FloatArray

    def block(self, device: str = "pod-1") -> ImuBlock:
        return ImuBlock(device, self.t_s, self.acceleration_mps2, self.rotation_radps)


def lobe(t_s: FloatArray, centre_s: FloatArray, width_s: float, height: float) -> FloatArray:
    """A raised cosine of the given full width around each centre."""
    if not len(centre_s):
        return np.zeros_like(t_s)
    nearest = centre_s[np.abs(t_s[:, None] - centre_s[None, :]).argmin(axis=1)]
    distance = np.abs(t_s - nearest) / (width_s / 2)
    return np.where(distance < 1, height * 0.5 * (1 + np.cos(np.pi * np.minimum(distance, 1))), 0.0)


def one_leg(
    duration_s: float = 20.0,
    *,
    rate_hz: float = 100.0,
    stride_s: float = 0.7,
    contact_s: float = 0.24,
    first_contact_s: float = 1.0,
    stop_s: float | None = None,
    seed: int = 0,
    noise: float = 0.02,
) -> SyntheticRun:
    """Strides of equal length from ``first_contact_s`` until ``stop_s``, then standing."""
    t_s = np.arange(0.0, duration_s, 1.0 / rate_hz).round(6)
    contacts = np.arange(first_contact_s, (duration_s if stop_s is None else stop_s) - stride_s, stride_s)
    toe_offs = contacts + contact_s
    swing_s = stride_s - contact_s - 0.06
    # the swing ends (crosses zero) just before the foot lands; the leg turns the other way until toe-off
    about = lobe(t_s, contacts - 0.02 - swing_s / 2, swing_s, SWING_RADPS)
    about += lobe(t_s, toe_offs, 0.16, TOE_OFF_RADPS) - np.where(in_any(t_s, contacts - 0.02, toe_offs), 0.8, 0.0)
    shock = 3.0 * np.exp(-np.maximum(since(t_s, contacts), 0.0) / 0.03) * (since(t_s, contacts) >= 0)
    noisy = np.random.default_rng(seed)
    acceleration = np.zeros((len(t_s), 3))
    acceleration[:, 2] = STANDARD_GRAVITY_MPS2 * (1.0 + shock)
    rotation = np.zeros((len(t_s), 3))
    rotation[:, 0] = about
    acceleration += noisy.normal(0, noise, acceleration.shape)
    rotation += noisy.normal(0, noise, rotation.shape)
    return SyntheticRun(t_s, acceleration, rotation, contacts, toe_offs)


def in_any(t_s: FloatArray, begin_s: FloatArray, end_s: FloatArray) -> BoolArray:
    """(n,) True where a sample lies in one of the intervals ``[begin, end)``."""
    if not len(begin_s):
        return np.zeros(len(t_s), dtype=bool)
    at = np.searchsorted(begin_s, t_s, side="right") - 1
    return (at >= 0) & (t_s < end_s[np.maximum(at, 0)])


def since(t_s: FloatArray, events_s: FloatArray) -> FloatArray:
    """(n,) s since the newest event, a large negative number before the first."""
    if not len(events_s):
        return np.full(len(t_s), -1e3)
    at = np.searchsorted(events_s, t_s, side="right") - 1
    return np.where(at >= 0, t_s - events_s[np.maximum(at, 0)], -1e3)


def payloads(run: SyntheticRun) -> list[bytes]:
    """The run as the shank logger would send it, one sample a notification."""
    times_ms = np.round(run.t_s * 1000).astype(int).tolist()
    acceleration_g = (run.acceleration_mps2 / STANDARD_GRAVITY_MPS2).tolist()
    return [
        encode(ms, g, dps)
        for ms, g, dps in zip(times_ms, acceleration_g, (run.rotation_radps / DEGREE_RAD).tolist(), strict=True)
    ]


def rotated(run: SyntheticRun, turn: FloatArray) -> SyntheticRun:
    """The same run from a sensor that was strapped on another way round."""
    return SyntheticRun(
        run.t_s, run.acceleration_mps2 @ turn.T, run.rotation_radps @ turn.T, run.initial_contact_s, run.toe_off_s
    )


@st.composite
def turns(draw: st.DrawFn) -> FloatArray:
    """Rotation matrices, from unit quaternions."""
    q = np.array(draw(st.lists(st.floats(-1, 1), min_size=4, max_size=4)))
    length = float(np.linalg.norm(q))
    w, x, y, z = q / length if length > 0.1 else np.array([1.0, 0.0, 0.0, 0.0])
    return np.array(
        [
            [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
            [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
            [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
        ]
    )


@st.composite
def cuts(draw: st.DrawFn, n: int) -> list[tuple[int, int]]:
    """[start, stop) pieces that cover n samples: sizes first, or a few single places."""
    sizes = draw(st.lists(st.integers(1, max(1, n // 3)), min_size=1, max_size=60))
    edges, at = [0], 0
    for size in sizes:
        at += size
        if at >= n:
            break
        edges.append(at)
    edges.append(n)
    return list(pairwise(edges))


def equal_cuts(n: int, size: int) -> list[tuple[int, int]]:
    return [(i, min(i + size, n)) for i in range(0, n, size)]
