"""Rotations of simulated segments: angles put together from pulses of angular velocity, and frames from angles.

World axes: x forward along the ground, y left, z away from the ground. Segment axes are the same when it stands.
Pitch is toes up (foot) or top backwards (shank, pelvis), roll lifts the left side, yaw turns to the left.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensor_hub.model.arrays import FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Pulses:
    """Smooth pulses of angular velocity that follow one another: sin² from start to peak, cos² from peak to end.

    start_s, peak_s, end_s : (m,) rising. area_rad : (m,) what each turns. Velocity and acceleration are continuous.
    """

    start_s: FloatArray
    peak_s: FloatArray
    end_s: FloatArray
    area_rad: FloatArray

    @classmethod
    def of_height(cls, start_s: FloatArray, peak_s: FloatArray, end_s: FloatArray, radps: FloatArray) -> "Pulses":
        """Return pulses of a given height."""
        return cls(start_s, peak_s, end_s, radps * (end_s - start_s) / 2)

    def share_before(self, t_s: FloatArray) -> FloatArray:
        """(m,) the fraction of each pulse's area that lies before a time of its own."""
        rise, fall = self.peak_s - self.start_s, self.end_s - self.peak_s
        return _area(t_s - self.start_s, rise, fall) / ((rise + fall) / 2)

    def at(self, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n,) rad turned since before the first pulse, and (n,) rad/s."""
        if not len(self.start_s):
            return np.zeros(len(t_s)), np.zeros(len(t_s))
        i = np.clip(np.searchsorted(self.start_s, t_s, side="right") - 1, 0, None)
        since = t_s - self.start_s[i]
        rise, whole = (self.peak_s - self.start_s)[i], (self.end_s - self.start_s)[i]
        before = np.concatenate([[0.0], np.cumsum(self.area_rad)])
        angle, rate = np.where(since <= 0, before[i], before[i + 1]), np.zeros(len(t_s))
        inside = np.nonzero((since > 0) & (since < whole))[0]  # most of a stride is not; it costs no sine
        i, since, rise, whole = i[inside], since[inside], rise[inside], whole[inside]
        rises = since < rise
        turn = np.pi * np.where(rises, since / rise, (whole - since) / (whole - rise))
        height = 2 * self.area_rad[i] / whole
        part = height * np.where(rises, rise, whole - rise) * (turn - np.sin(turn)) / (2 * np.pi)
        angle[inside] = np.where(rises, before[i] + part, before[i + 1] - part)
        rate[inside] = height * (1 - np.cos(turn)) / 2
        return angle, rate


def _area(since_s: FloatArray, rise_s: FloatArray, fall_s: FloatArray) -> FloatArray:
    x, y = np.clip(since_s / rise_s, 0, 1), np.clip((since_s - rise_s) / fall_s, 0, 1)
    rising: FloatArray = rise_s * (x / 2 - np.sin(np.pi * x) / (2 * np.pi))
    return rising + fall_s * (y / 2 + np.sin(np.pi * y) / (2 * np.pi))


def turned(parts: Sequence[Pulses], t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """(n,) rad and (n,) rad/s of all pulses together."""
    angle, rate = np.zeros(len(t_s)), np.zeros(len(t_s))
    for part in parts:
        a, r = part.at(t_s)
        angle += a
        rate += r
    return angle, rate


@dataclass(frozen=True, slots=True, eq=False)
class Turning:
    """Angles (n,) rad and their rates (n,) rad/s of one segment."""

    pitch: FloatArray
    pitch_rate: FloatArray
    roll: FloatArray
    roll_rate: FloatArray
    yaw: FloatArray
    yaw_rate: FloatArray

    def axes(self) -> FloatArray:
        """(n, 3, 3) matrices from segment to world: yaw, then pitch, then roll."""
        cp, sp = np.cos(self.pitch), -np.sin(self.pitch)
        cr, sr = np.cos(self.roll), np.sin(self.roll)
        cy, sy = np.cos(self.yaw), np.sin(self.yaw)
        rows = [
            [cy * cp, cy * sp * sr - sy * cr, cy * sp * cr + sy * sr],
            [sy * cp, sy * sp * sr + cy * cr, sy * sp * cr - cy * sr],
            [-sp, cp * sr, cp * cr],
        ]
        return np.moveaxis(np.array(rows), 2, 0)

    def rotation_radps(self) -> FloatArray:
        """(n, 3) angular velocity in segment axes."""
        cp, sp = np.cos(self.pitch), -np.sin(self.pitch)
        cr, sr = np.cos(self.roll), np.sin(self.roll)
        about_y = -self.pitch_rate
        return np.column_stack(
            [
                self.roll_rate - self.yaw_rate * sp,
                about_y * cr + self.yaw_rate * cp * sr,
                -about_y * sr + self.yaw_rate * cp * cr,
            ]
        )


def accelerated(position_m: FloatArray, step_s: float) -> FloatArray:
    """(n, 3) m/s² of positions on an even grid."""
    found = np.empty_like(position_m)
    found[1:-1] = (position_m[2:] - 2 * position_m[1:-1] + position_m[:-2]) / step_s**2
    found[0], found[-1] = found[1], found[-2]
    return found
