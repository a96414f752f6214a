"""What a simulated person does over time: stand, walk and run in legs, with slopes and fatigue."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal, Self, TypeAlias

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.simulation.speed import SpeedProfile

Gait: TypeAlias = Literal["stand", "walk", "run"]
TRANSITION_S: Final = 2.0  # ours: people take a few steps to change speed
PAD_S: Final = 6.0  # the first and last leg go on outside the recording, so its edges are cut out of steady gait
SLOWEST_MPS: Final = {"walk": 0.4, "run": 1.6}
FASTEST_MPS: Final = {"walk": 2.5, "run": 7.0}
STEEPEST: Final = 0.3
_S_PER_H: Final = 3600.0


@dataclass(frozen=True, slots=True)
class Leg:
    """A stretch of one gait at one speed, m/s, and one grade: rise over horizontal distance, a fraction."""

    gait: Gait
    duration_s: float
    speed_mps: float = 0.0
    grade: float = 0.0

    def __post_init__(self) -> None:
        if self.gait == "stand":
            right_speed = self.speed_mps == 0
        else:
            right_speed = SLOWEST_MPS[self.gait] <= self.speed_mps <= FASTEST_MPS[self.gait]
        if not right_speed:
            raise ValueError(f"nobody is simulated to {self.gait} at {self.speed_mps} m/s")
        if not self.duration_s >= 2 * TRANSITION_S or not abs(self.grade) <= STEEPEST:
            raise ValueError(f"a leg lasts {2 * TRANSITION_S} s or more, on slopes up to {STEEPEST}: {self}")


@dataclass(frozen=True)
class Course:
    """Legs one after another; speed changes over ``TRANSITION_S``.

    cadence_drift_per_h, contact_drift_per_h : fatigue, the fraction by which step rate and contact time have changed
        after an hour; 0 by default.
    """

    legs: tuple[Leg, ...]
    cadence_drift_per_h: float = 0.0
    contact_drift_per_h: float = 0.0

    def __post_init__(self) -> None:
        if not self.legs:
            raise ValueError("a course needs a leg")

    @classmethod
    def of(cls, legs: Sequence[Leg], *, cadence_drift_per_h: float = 0.0, contact_drift_per_h: float = 0.0) -> Self:
        """Return the course of these legs."""
        return cls(tuple(legs), cadence_drift_per_h, contact_drift_per_h)

    @classmethod
    def run(cls, speed_mps: float, duration_s: float = 60.0, *, grade: float = 0.0) -> Self:
        """Return steady running; the recording begins and ends within it."""
        return cls((Leg("run", duration_s, speed_mps, grade),))

    @classmethod
    def walk(cls, speed_mps: float, duration_s: float = 60.0, *, grade: float = 0.0) -> Self:
        """Return steady walking; the recording begins and ends within it."""
        return cls((Leg("walk", duration_s, speed_mps, grade),))

    @property
    def duration_s(self) -> float:
        """Length of the recording, s."""
        return sum(leg.duration_s for leg in self.legs)

    @cached_property
    def _edges_s(self) -> FloatArray:
        return np.concatenate([[0.0], np.cumsum([leg.duration_s for leg in self.legs])])

    @cached_property
    def _profile(self) -> SpeedProfile:
        t_s, speed_mps = [0.0], [self.legs[0].speed_mps]
        for edge, before, after in zip(self._edges_s[1:-1] + PAD_S, self.legs[:-1], self.legs[1:], strict=True):
            early = TRANSITION_S / 2
            if before.gait == "stand":
                early = 0.0
            elif after.gait == "stand":
                early = TRANSITION_S
            begin_s = edge - early
            if begin_s > t_s[-1] + 1e-6:  # else the last change has only just ended
                t_s.append(begin_s)
                speed_mps.append(before.speed_mps)
            t_s.append(begin_s + TRANSITION_S)
            speed_mps.append(after.speed_mps)
        t_s.append(self.duration_s + 2 * PAD_S)
        speed_mps.append(self.legs[-1].speed_mps)
        return SpeedProfile(np.array(t_s), np.array(speed_mps))

    def speed_mps(self, t_s: FloatArray) -> FloatArray:
        """(n,) m/s along the ground."""
        return self._profile.at(t_s + PAD_S)

    def distance_m(self, t_s: FloatArray) -> FloatArray:
        """(n,) m along the ground since ``PAD_S`` before the recording."""
        return self._profile.distance_m(t_s + PAD_S)

    def slope_rad(self, t_s: FloatArray) -> FloatArray:
        """(n,) angle of the ground, uphill positive; it changes over ``TRANSITION_S``."""
        inner = self._edges_s[1:-1]
        knots = np.column_stack([inner - TRANSITION_S / 2, inner + TRANSITION_S / 2]).ravel()
        angles = np.arctan([leg.grade for leg in self.legs])
        values = np.column_stack([angles[:-1], angles[1:]]).ravel()
        return np.interp(t_s, knots, values) if len(knots) else np.full(len(t_s), angles[0])

    def runs(self, t_s: FloatArray) -> BoolArray:
        """(n,) True where the person runs."""
        i = np.clip(np.searchsorted(self._edges_s, t_s, side="right") - 1, 0, len(self.legs) - 1)
        return np.array([leg.gait == "run" for leg in self.legs])[i]

    def fatigue(self, t_s: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n,), (n,) factors of step rate and contact time."""
        hours = np.maximum(t_s, 0.0) / _S_PER_H
        return 1 + self.cadence_drift_per_h * hours, 1 + self.contact_drift_per_h * hours

    def bouts(self) -> list[tuple[float, float]]:
        """``[start, end)`` of every stretch without standing, s; it may reach beyond the recording."""
        found: list[tuple[float, float]] = []
        for k, leg in enumerate(self.legs):
            if leg.gait == "stand":
                continue
            start, end = float(self._edges_s[k]), float(self._edges_s[k + 1])
            start = -PAD_S if k == 0 else start
            end = end + PAD_S if k == len(self.legs) - 1 else end
            if found and found[-1][1] == start:
                start = found.pop()[0]
            found.append((start, end))
        return found
