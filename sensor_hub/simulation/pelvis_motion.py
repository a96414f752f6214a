"""What the ground force does to a simulated pelvis, and what reaches a sensor over its soft tissue."""

from typing import Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.simulation.footfalls import LEFT, RIGHT, Footfalls, stance, vertical_force_bw
from sensor_hub.simulation.person import Person
from sensor_hub.simulation.turning import Turning
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

BRAKING_BW: Final = 0.28  # height of braking and of propulsion, running; walking 0.18; ours
_WALK_BRAKING_BW: Final = 0.18
_SIDEWAYS_BW: Final = 0.08
_WALKS_SOFTER: Final = 0.2
JOLT_DECAY_S: Final = 0.025


def pelvis_turning(person: Person, steps: Footfalls, t_s: FloatArray) -> Turning:
    """Return the angles of the pelvis: it nods with every step, and rolls and turns with every stride."""
    moving = 1 - steps.standing(t_s)
    if not len(steps):
        still = np.zeros(len(t_s))
        return Turning(still - person.trunk_lean_rad, still, still, still, still, still)
    phase = _phase(steps, t_s)
    if steps.side[0] == RIGHT:
        phase = phase + np.pi
    rate = np.gradient(phase, t_s)
    nod, drop, turn = 1.5 * DEGREE_RAD, 3.0 * DEGREE_RAD, 5.0 * DEGREE_RAD
    return Turning(
        pitch=-person.trunk_lean_rad + moving * nod * np.sin(2 * phase),
        pitch_rate=moving * nod * 2 * rate * np.cos(2 * phase),
        roll=moving * drop * np.cos(phase),
        roll_rate=-moving * drop * rate * np.sin(phase),
        yaw=moving * turn * np.sin(phase),
        yaw_rate=moving * turn * rate * np.cos(phase),
    )


def _phase(steps: Footfalls, t_s: FloatArray) -> FloatArray:
    """(n,) π a step, a multiple of it in the middle of a contact."""
    middle_s: FloatArray = (steps.touch_s + steps.lift_s) / 2
    phase: FloatArray = np.interp(t_s, middle_s, np.pi * np.arange(len(middle_s)))
    return phase


def pelvis_own_mps2(person: Person, steps: Footfalls, t_s: FloatArray) -> FloatArray:
    """(n, 3) m/s² of the pelvis against the centre of mass, along the axes of the world; almost no mean.

    A pelvis is not the centre of mass: legs and trunk move against it, and every landing shakes it.
    """
    own = np.zeros((len(t_s), 3))
    if not len(steps):
        return own
    step = 2 * _phase(steps, t_s)
    for axis, harmonics in ((0, person.pelvis_forward_g), (2, person.pelvis_up_g)):
        for k, (cosine, sine) in enumerate(harmonics, start=1):
            own[:, axis] += cosine * np.cos(k * step) + sine * np.sin(k * step)
    i = np.clip(np.searchsorted(steps.touch_s, t_s, side="right") - 1, 0, None)
    own *= ((1 - steps.standing(t_s)) * np.where(steps.runs[i], 1.0, _WALKS_SOFTER))[:, None]
    since_s = np.maximum(t_s - steps.touch_s[i], 0.0)
    shake = steps.jolt[i] * np.exp(-since_s / JOLT_DECAY_S) * np.sin(2 * np.pi * person.jolt_hz * since_s)
    own[:, 0] += person.jolt_g[0] * shake
    own[:, 2] += person.jolt_g[1] * shake
    own *= STANDARD_GRAVITY_MPS2
    return own


def pelvis_force_bw(person: Person, steps: Footfalls, t_s: FloatArray) -> FloatArray:
    """(n, 3) force on the body along the axes of the world, BW; standing is 1 BW upwards."""
    force = np.zeros((len(t_s), 3))
    force[:, 2] = steps.standing(t_s)
    for side, up in zip((LEFT, RIGHT), vertical_force_bw(steps, person, t_s), strict=True):
        if not np.any(steps.side == side):
            continue
        i, fraction = stance(steps, t_s, side)
        on = (fraction >= 0) & (fraction < 1)
        height = np.where(steps.runs[i], BRAKING_BW, _WALK_BRAKING_BW)
        force[:, 2] += up
        force[:, 0] -= np.where(on, height * np.sin(2 * np.pi * fraction), 0.0)
        force[:, 1] -= np.where(on, side * _SIDEWAYS_BW * np.sin(np.pi * fraction) ** 2, 0.0)
    return force


def felt(person: Person, force_bw: FloatArray, step_s: float) -> FloatArray:
    """(n, 3) m/s² of a mass that hangs on the pelvis by a damped spring; late by a few milliseconds."""
    omega, damping = 2 * np.pi * person.wobble_hz, person.wobble_damping
    t_s = np.arange(0.0, 8 / (damping * omega), step_s)
    own = omega * np.sqrt(1 - damping**2)
    answer = np.exp(-damping * omega * t_s) * np.sin(own * t_s)
    answer /= answer.sum()
    late = np.column_stack([np.convolve(force_bw[:, k], answer)[: len(force_bw)] for k in range(3)])
    return late * STANDARD_GRAVITY_MPS2
