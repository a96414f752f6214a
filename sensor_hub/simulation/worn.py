"""A simulated person with a sensor on foot, shank or sacrum, and the truth beside it.

The truth comes from forces: initial contact and toe-off are where the vertical ground force of a foot crosses 20 N.
The sensor feels what rigid bodies do: angular velocity of its segment, and the second derivative of its place plus
gravity, both in its own axes. Nothing of a contact detector's idea is in it.

It is a simulation and says nothing about people. Assumed, and ours: plantarflexion is fastest 8 ms (SD 3 ms between
people, 2 ms between steps, -1 +- 1.5 ms per m/s of speed) before the force falls below 20 N, and the rotation of a
heel's landing 12 ms (3; 1.5) after it rises above. Falbriard et al. 2018 (10.3389/fphys.2018.00610) found features of
pitch velocity to follow a force plate with biases below 12 +- 10 ms between people and 2 to 4 ms within a trial, which
these spreads are chosen to agree with; they are not taken from data. Shapes of force and rotation are smooth textbook
curves, speeds, step rates and contact times the population's of ``speed``. A sacrum feels the force of both feet
through soft tissue and moves of its own, so that the two agree about as well as in one runner's open data (see
``person``). Not simulated: turning corners, uneven ground, shoes, straps that swing, fingers on the sensor.
"""

from dataclasses import dataclass, fields
from typing import Final

import numpy as np

from sensor_hub.model.arrays import BoolArray, FloatArray, TextArray
from sensor_hub.model.gait import Mount
from sensor_hub.model.imu import ImuBlock
from sensor_hub.simulation.course import Course, Leg
from sensor_hub.simulation.foot_motion import foot_pitch_rad
from sensor_hub.simulation.footfalls import LEFT, RIGHT, Footfalls, footfalls
from sensor_hub.simulation.leg_motion import foot_motion, shank_motion
from sensor_hub.simulation.pelvis_motion import felt, pelvis_force_bw, pelvis_own_mps2, pelvis_turning
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.sensing import Fitting, sample_times_s, sensed, smooth
from sensor_hub.simulation.strides import Strides, strides
from sensor_hub.simulation.turning import accelerated
from sensor_hub.units import STANDARD_GRAVITY_MPS2

__all__ = ["Course", "Fitting", "Leg", "Person", "Truth", "Worn", "worn"]
GRID_HZ: Final = 2000.0
_MARGIN_S: Final = 0.2
_SENSOR: Final = 17  # stream of random numbers
_PIECE_S: Final = 300.0  # bounds the memory of a long course


@dataclass(frozen=True, slots=True, eq=False)
class Truth:
    """Contacts of the feet a mount sees, by initial contact; whole ones, or such that end in standing.

    initial_contact_s, toe_off_s : (m,) at 20 N; toe-off is NaN where the foot stays and the person stands.
    side : (m,) "L" or "R". gait : (m,) "run" or "walk". foot_pitch_rad : (m,) sole to ground at initial contact, toes
    up positive. speed_mps : (m,). vgrf_impulse_bw_s : (m,).
    """

    initial_contact_s: FloatArray
    toe_off_s: FloatArray
    side: TextArray
    gait: TextArray
    foot_pitch_rad: FloatArray
    speed_mps: FloatArray
    vgrf_impulse_bw_s: FloatArray

    def __len__(self) -> int:
        return len(self.initial_contact_s)

    @property
    def contact_time_s(self) -> FloatArray:
        """(m,) s, NaN where toe-off is."""
        return self.toe_off_s - self.initial_contact_s

    def only(self, chosen: BoolArray) -> "Truth":
        """Return the contacts chosen."""
        return Truth(**{f.name: getattr(self, f.name)[chosen] for f in fields(self)})


@dataclass(frozen=True, slots=True, eq=False)
class Worn:
    """What one sensor measured: t_s (n,), acceleration_mps2 (n, 3), rotation_radps (n, 3), and the truth."""

    t_s: FloatArray
    acceleration_mps2: FloatArray
    rotation_radps: FloatArray
    truth: Truth

    def block(self, device: str) -> ImuBlock:
        """Return the samples as one block."""
        return ImuBlock(device, self.t_s, self.acceleration_mps2, self.rotation_radps)


def worn(course: Course, person: Person, fitting: Fitting, *, seed: int) -> Worn:
    """Return what a sensor measures over a course; the steps of one seed are the same whatever is worn where."""
    steps = footfalls(course, person, seed)
    sides = (LEFT, RIGHT) if fitting.mount == "sacrum" else (LEFT if fitting.side == "L" else RIGHT,)
    feet = {side: strides(course, person, steps, side, seed) for side in sides}
    rng = np.random.default_rng([seed, _SENSOR, sides[0] + 1, len(fitting.mount)])
    t_s = sample_times_s(fitting, course.duration_s, rng)
    acceleration, rotation = np.empty((len(t_s), 3)), np.empty((len(t_s), 3))
    for start_s in np.arange(0.0, course.duration_s, _PIECE_S):
        mine = (t_s >= start_s) & (t_s < start_s + _PIECE_S)
        if not np.any(mine):
            continue
        first, last = t_s[mine][0] - _MARGIN_S, t_s[mine][-1] + _MARGIN_S
        grid = first + np.arange(int((last - first) * GRID_HZ) + 2) / GRID_HZ
        felt_mps2, turned_radps = _motion(course, person, fitting.mount, steps, feet[sides[0]], grid)
        for k in range(3):
            acceleration[mine, k] = np.interp(t_s[mine], grid, smooth(felt_mps2[:, k], fitting, GRID_HZ))
            rotation[mine, k] = np.interp(t_s[mine], grid, smooth(turned_radps[:, k], fitting, GRID_HZ))
    acceleration, rotation = sensed(fitting, t_s, acceleration, rotation, rng)
    return Worn(t_s, acceleration, rotation, _truth(course, person, steps, feet))


def _motion(
    course: Course, person: Person, mount: Mount, steps: Footfalls, foot: Strides, grid_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(n, 3) specific force and (n, 3) angular velocity in segment axes."""
    slope = course.slope_rad(grid_s)
    up = np.column_stack([np.sin(slope), np.zeros(len(slope)), np.cos(slope)])
    if mount == "sacrum":
        turning = pelvis_turning(person, steps, grid_s)
        specific = felt(person, pelvis_force_bw(person, steps, grid_s), 1 / GRID_HZ)
        specific += pelvis_own_mps2(person, steps, grid_s)
        specific += STANDARD_GRAVITY_MPS2 * (up - np.array([0.0, 0.0, 1.0]))
    else:
        move = foot_motion if mount == "foot" else shank_motion
        turning, place = move(person, foot, grid_s)
        specific = accelerated(place, 1 / GRID_HZ) + STANDARD_GRAVITY_MPS2 * up
    return np.einsum("nji,nj->ni", turning.axes(), specific), turning.rotation_radps()


def _truth(course: Course, person: Person, steps: Footfalls, feet: dict[int, Strides]) -> Truth:
    ends = np.where(np.isnan(steps.toe_off_s), steps.initial_contact_s, steps.toe_off_s)
    seen = np.isin(steps.side, list(feet)) & (steps.initial_contact_s >= 0) & (ends <= course.duration_s)
    pitch = np.empty(len(steps))
    for side, foot in feet.items():
        mine = steps.side == side
        pitch[mine] = foot_pitch_rad(person, foot, steps.initial_contact_s[mine])
    return Truth(
        initial_contact_s=steps.initial_contact_s[seen],
        toe_off_s=steps.toe_off_s[seen],
        side=np.where(steps.side[seen] == LEFT, "L", "R"),
        gait=np.where(steps.runs[seen], "run", "walk"),
        foot_pitch_rad=pitch[seen],
        speed_mps=steps.speed_mps[seen],
        vgrf_impulse_bw_s=steps.impulse_bw_s[seen],
    )
