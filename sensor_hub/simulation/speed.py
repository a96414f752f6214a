"""How fast a simulated runner goes, and how people step at a speed."""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from sensor_hub.model.arrays import FloatArray

SLOWEST_RUN_MPS: Final = 1.6  # slower is standing about: walking is not simulated
_RAMP_S: Final = 4.0


def step_rate_hz(speed_mps: FloatArray | float) -> FloatArray | float:
    """Steps of both feet a second at a speed: 2.184 + 0.2007·v, the population's (see ``load.reference``)."""
    return 2.184 + 0.2007 * speed_mps


def contact_time_s(speed_mps: FloatArray | float) -> FloatArray | float:
    """Contact time at a speed: contact length 0.434 + 0.0998·v m, divided by v."""
    return (0.434 + 0.0998 * speed_mps) / speed_mps


@dataclass(frozen=True, slots=True, eq=False)
class SpeedProfile:
    """Speed over time, straight between knots.

    t_s : (n,) rising from 0, s. speed_mps : (n,) m/s, >= 0.
    """

    t_s: FloatArray
    speed_mps: FloatArray

    def __post_init__(self) -> None:
        rising = len(self.t_s) >= 2 and self.t_s[0] == 0 and bool(np.all(np.diff(self.t_s) > 0))
        if not rising or self.t_s.shape != self.speed_mps.shape or not bool(np.all(self.speed_mps >= 0)):
            raise ValueError("a speed profile needs two knots or more, times rising from 0 and speeds of 0 or more")

    @classmethod
    def steady(
        cls, speed_mps: float, distance_m: float, *, stand_before_s: float = 5.0, stand_after_s: float = 5.0
    ) -> Self:
        """Stand, run ``distance_m`` at one speed (4 s to get going and to stop are part of it), stand."""
        steady_s = distance_m / speed_mps - _RAMP_S
        if steady_s <= 0 or speed_mps < SLOWEST_RUN_MPS or min(stand_before_s, stand_after_s) <= 0:
            raise ValueError("too short or too slow to be a run")
        pieces = np.array([0.0, stand_before_s, _RAMP_S, steady_s, _RAMP_S, stand_after_s])
        return cls(np.cumsum(pieces), np.array([0.0, 0.0, speed_mps, speed_mps, 0.0, 0.0]))

    @property
    def duration_s(self) -> float:
        """Length of the profile, s."""
        return float(self.t_s[-1])

    def at(self, t_s: FloatArray) -> FloatArray:
        """(n,) m/s at the given times."""
        return np.interp(t_s, self.t_s, self.speed_mps)

    def distance_m(self, t_s: FloatArray) -> FloatArray:
        """(n,) m covered since 0, exact for straight pieces."""
        steps_s = np.diff(self.t_s)
        at_knots = np.concatenate([[0.0], np.cumsum(steps_s * (self.speed_mps[1:] + self.speed_mps[:-1]) / 2)])
        i = np.clip(np.searchsorted(self.t_s, t_s, side="right") - 1, 0, len(self.t_s) - 2)
        into_s = np.clip(t_s, 0.0, self.duration_s) - self.t_s[i]
        return at_knots[i] + into_s * (self.speed_mps[i] + self.at(t_s)) / 2

    def running_bouts(self) -> list[tuple[float, float]]:
        """``[start, end)`` of each stretch at running speed, s."""
        t_s = np.unique(np.concatenate([self.t_s, np.arange(0.0, self.duration_s, 0.01)]))
        fast = np.concatenate([[False], self.at(t_s) >= SLOWEST_RUN_MPS, [False]])
        edges = np.nonzero(np.diff(fast.astype(np.int8)))[0]
        return [(float(t_s[a]), float(t_s[b - 1])) for a, b in zip(edges[::2], edges[1::2], strict=True)]
