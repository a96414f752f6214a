"""Vertical ground force of simulated steps, and the moments at which it crosses 20 N.

Running: sin^p over the time the shoe touches the ground, bent a little in time, and the impact of a rearfoot strike on
top. Walking: two humps (sine plus its third harmonic). The height follows from the impulse: steady gait gains no
vertical momentum, so the impulse of a step is body weight times the time that belongs to it (an identity).
"""

from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray
from sensor_hub.simulation.person import Person
from sensor_hub.units import STANDARD_GRAVITY_MPS2

THRESHOLD_N: Final = 20.0
_WALK_HUMPS: Final = 0.25
_IMPACT_END: Final = 0.24  # of the contact; its peak is in the middle
_KNOTS: Final = 4001


@dataclass(frozen=True, slots=True, eq=False)
class ForceShape:
    """A force over the fraction of touching the ground, 0 to 1, with mean 1."""

    fraction: FloatArray
    force: FloatArray

    @classmethod
    def running(cls, person: Person) -> Self:
        """Return the person's shape of running."""
        s = np.linspace(0.0, 1.0, _KNOTS)
        bent = s - person.force_skew * np.sin(2 * np.pi * s) / (2 * np.pi)
        force = np.sin(np.pi * bent) ** person.force_exponent
        force += person.impact_force * np.where(s < _IMPACT_END, np.sin(np.pi * s / _IMPACT_END) ** 2, 0.0)
        return cls._of(s, force)

    @classmethod
    def walking(cls) -> Self:
        """Return the double hump."""
        s = np.linspace(0.0, 1.0, _KNOTS)
        return cls._of(s, np.sin(np.pi * s) + _WALK_HUMPS * np.sin(3 * np.pi * s))

    @classmethod
    def _of(cls, s: FloatArray, force: FloatArray) -> Self:
        force[[0, -1]] = 0.0
        return cls(s, force * (len(s) - 1) / force.sum())

    def at(self, fraction: FloatArray) -> FloatArray:
        """(n,) the force; 0 outside 0 to 1."""
        return np.interp(fraction, self.fraction, self.force, left=0.0, right=0.0)

    def crossings(self, level: FloatArray) -> tuple[FloatArray, FloatArray]:
        """(n,), (n,) fractions at which the force rises above and falls below small levels."""
        rise = int(np.argmax(self.force > 0.5))
        fall = _KNOTS - int(np.argmax(self.force[::-1] > 0.5))
        on = np.interp(level, self.force[: rise + 1], self.fraction[: rise + 1])
        off = np.interp(-level, -self.force[fall - 1 :], self.fraction[fall - 1 :])
        return on, off


def moments(
    person: Person, runs: BoolArray, touch_s: FloatArray, touching_s: FloatArray, impulse_bw_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(n,), (n,) s at which the vertical force of each step rises above and falls below 20 N."""
    level = THRESHOLD_N * touching_s / (person.mass_kg * STANDARD_GRAVITY_MPS2 * impulse_bw_s)  # in mean forces
    run_on, run_off = ForceShape.running(person).crossings(level)
    walk_on, walk_off = ForceShape.walking().crossings(level)
    on, off = np.where(runs, run_on, walk_on), np.where(runs, run_off, walk_off)
    return touch_s + on * touching_s, touch_s + off * touching_s
