"""Simulated heel drops with a sensor on foot or shank, and the truth beside it: when each lowering begins and ends.

The foot turns about its ball, the shank leans a little as the ankle goes up and back, and both sway as on one leg.
Angular velocity has ramps of random length and a plateau that is not even. It is a simulation and says nothing about
people; every number in it is ours. Not simulated: shoes that slip, straps that swing, a hand on the wall.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from sensor_hub.model.arrays import FloatArray, IntArray
from sensor_hub.model.imu import ImuBlock
from sensor_hub.simulation.sensing import Fitting, sample_times_s, sensed, smooth
from sensor_hub.simulation.turning import Turning, accelerated
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

GRID_HZ: Final = 500.0
_SENSOR_TO_BALL_M: Final = 0.10
_ANKLE_TO_BALL_M: Final = 0.16
_SENSOR_TO_ANKLE_M: Final = 0.15
_SWAY_HZ: Final = (0.15, 1.0)
_SWAY_RAD: Final = {"foot": 0.1 * DEGREE_RAD, "shank": 0.4 * DEGREE_RAD}


@dataclass(frozen=True, slots=True)
class HeelDrops:
    """What is done. lowering_s : (shortest, longest) time of a lowering. ground : from a step, or flat.

    steps_between : quick lifts of the heel between two sets, as somebody makes who stands and waits.
    """

    sets: int = 3
    reps: int = 15
    lowering_s: tuple[float, float] = (3.0, 5.0)
    ground: Literal["step", "flat"] = "step"
    knee: Literal["straight", "bent"] = "straight"
    rest_s: float = 30.0
    steps_between: int = 4


@dataclass(frozen=True, slots=True, eq=False)
class Dropped:
    """What the sensor measured, and of each repetition (m,) when its lowering began and ended, s, and its set."""

    t_s: FloatArray
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray
    lowering_start_s: FloatArray
    lowering_end_s: FloatArray
    set_number: IntArray

    def block(self, device: str) -> ImuBlock:
        """Return the samples as one block."""
        return ImuBlock(device, self.t_s, self.acceleration_mps2, self.rotation_radps)


class _Heel:
    """The angle of the heel over time, put together move by move; up is positive."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self.now_s, self._angle = 0.0, 0.0
        self._rates: list[FloatArray] = []

    def rest(self, duration_s: float) -> None:
        self._add(np.zeros(round(duration_s * GRID_HZ)))

    def move(self, to_rad: float, duration_s: float) -> None:
        """Turn to an angle: ramps up and down of random length, and a plateau that is not even."""
        n = max(round(duration_s * GRID_HZ), 8)
        x = (np.arange(n) + 0.5) / n
        ramps = np.clip(self._rng.uniform(0.15, 0.5, 2) / duration_s, 0.02, 0.45)
        rise, fall = np.clip(x / ramps[0], 0, 1), np.clip((1 - x) / ramps[1], 0, 1)
        shape = (1 - np.cos(np.pi * rise)) * (1 - np.cos(np.pi * fall)) / 4
        shape = shape * (1 + 0.2 * np.sin(2 * np.pi * (x * self._rng.uniform(1, 3) + self._rng.random())))
        self._add(shape * (to_rad - self._angle) * GRID_HZ / shape.sum())
        self._angle = to_rad

    def _add(self, rate_radps: FloatArray) -> None:
        self._rates.append(rate_radps)
        self.now_s += len(rate_radps) / GRID_HZ

    def angle_rad(self) -> FloatArray:
        """(n,) rad on the grid."""
        return np.cumsum(np.concatenate(self._rates)) / GRID_HZ


def heel_drops(done: HeelDrops, fitting: Fitting, *, seed: int) -> Dropped:
    """Return what a sensor measures of sets of heel drops, standing before, between and after them."""
    if fitting.mount == "sacrum":
        raise ValueError("heel drops are simulated for a foot or a shank")
    rng = np.random.default_rng([seed, 23])
    heel, spans, numbers = _Heel(rng), list[tuple[float, float]](), list[int]()
    top, bottom = rng.uniform(28, 42) * DEGREE_RAD, (-rng.uniform(8, 16) * DEGREE_RAD if done.ground == "step" else 0.0)
    tempo_s = float(rng.uniform(*done.lowering_s))
    heel.rest(rng.uniform(2.0, 4.0))
    for number in range(done.sets):
        for rep in range(done.reps):
            tired = 1.0 - 0.25 * rep / done.reps
            heel.move(top * tired * rng.uniform(0.9, 1.1), rng.uniform(0.8, 1.6))
            heel.rest(rng.uniform(0.1, 1.0))
            start_s = heel.now_s
            heel.move(bottom * rng.uniform(0.8, 1.2), float(np.clip(tempo_s * rng.normal(1, 0.08), *done.lowering_s)))
            spans.append((start_s, heel.now_s))
            numbers.append(number + 1)
            heel.rest(rng.uniform(0.2, 1.2))
        heel.move(0.0, rng.uniform(0.6, 1.2))
        if number + 1 < done.sets:
            _wait(heel, done, rng)
    heel.rest(rng.uniform(2.0, 4.0))
    t_s, acceleration, rotation = _sensed(heel.angle_rad(), done, fitting, rng)
    starts, ends = np.array(spans).T.reshape(2, -1)
    return Dropped(t_s, acceleration, rotation, starts, ends, np.array(numbers, np.int64))


def _wait(heel: _Heel, done: HeelDrops, rng: np.random.Generator) -> None:
    heel.rest(done.rest_s / 2)
    for _ in range(done.steps_between):
        heel.move(rng.uniform(8, 25) * DEGREE_RAD, rng.uniform(0.2, 0.4))
        heel.move(0.0, rng.uniform(0.2, 0.35))
        heel.rest(rng.uniform(0.3, 1.0))
    heel.rest(done.rest_s / 2)


def _sensed(
    angle_rad: FloatArray, done: HeelDrops, fitting: Fitting, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray, FloatArray]:
    grid_s = np.arange(len(angle_rad)) / GRID_HZ
    pitch_sway, roll_sway = (_sway(grid_s, rng) * _SWAY_RAD[fitting.mount] for _ in range(2))
    if fitting.mount == "foot":
        pitch = -angle_rad + pitch_sway
        place = _SENSOR_TO_BALL_M * np.column_stack([-np.cos(angle_rad), np.zeros(len(grid_s)), np.sin(angle_rad)])
    else:
        lean, share = (0.0, rng.uniform(0.08, 0.16)) if done.knee == "straight" else (0.35, rng.uniform(0.12, 0.25))
        pitch = -(lean + share * angle_rad) + pitch_sway  # its top goes forward as the heel goes up
        ankle = _ANKLE_TO_BALL_M * np.column_stack([-np.cos(angle_rad), np.zeros(len(grid_s)), np.sin(angle_rad)])
        place = ankle + _SENSOR_TO_ANKLE_M * np.column_stack([-np.sin(pitch), np.sin(roll_sway), np.cos(pitch)])
    rates = [np.gradient(angle, 1 / GRID_HZ) for angle in (pitch, roll_sway)]
    still = np.zeros(len(grid_s))
    turning = Turning(pitch, rates[0], roll_sway, rates[1], still, still)
    specific = accelerated(place, 1 / GRID_HZ) + np.array([0.0, 0.0, STANDARD_GRAVITY_MPS2])
    felt = np.einsum("nji,nj->ni", turning.axes(), specific)
    turned = turning.rotation_radps()
    t_s = sample_times_s(fitting, grid_s[-1], rng)
    columns = [np.interp(t_s, grid_s, smooth(c, fitting, GRID_HZ)) for c in (*felt.T, *turned.T)]
    acceleration, rotation = sensed(fitting, t_s, np.column_stack(columns[:3]), np.column_stack(columns[3:]), rng)
    return t_s, acceleration, rotation


def _sway(t_s: FloatArray, rng: np.random.Generator) -> FloatArray:
    """(n,) a slow wander of one standard deviation 1."""
    n = 6
    hz, phase = rng.uniform(*_SWAY_HZ, n), rng.uniform(0, 2 * np.pi, n)
    wander: FloatArray = np.sin(2 * np.pi * hz[:, np.newaxis] * t_s + phase[:, np.newaxis]).sum(axis=0)
    return wander * float(np.sqrt(2 / n))
