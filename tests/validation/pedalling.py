"""What must not become a run: pedalling, a sensor that lies still, a walk with radio gaps. Simulated, one of each."""

from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.steps import RUN, StepPairer
from sensor_hub.simulation.worn import Course, Fitting, Person, worn
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests.validation.detecting import Recording, stretches

RATE_HZ: Final = 100.0
DURATION_S: Final = 600.0
CRANK_M: Final = 0.17
ANKLE_RAD: Final = 0.38  # by how much a foot on a pedal turns up and down
NOISE_MPS2: Final = 1.0
NOISE_RADPS: Final = 0.05
GAP_EVERY_S: Final = 10.0
GAP_S: Final = 0.15


def no_runs(mount: Mount) -> dict[str, Any]:
    """Return how many running steps are counted in each; the right number is 0."""
    cadences = {f"pedalling, {rpm} turns a minute": pedalling(rpm, seed=rpm) for rpm in (60, 85, 100)}
    kinds = {**cadences, "lying still": still(), "a walk of 1.9 m/s, a gap of 0.15 s every 10 s": walk_with_gaps(mount)}
    return {name: running_steps(recording, mount) for name, recording in kinds.items()}


def pedalling(rpm: float, *, seed: int) -> Recording:
    """Ten minutes of even pedalling: a sensor on a foot that goes round with the pedal and turns a little."""
    t_s = np.arange(0.0, DURATION_S, 1 / RATE_HZ)
    rng = np.random.default_rng([seed, 7])
    crank_radps = 2 * np.pi * rpm / 60
    turned_rad = ANKLE_RAD * np.sin(crank_radps * t_s)
    turning = ANKLE_RAD * crank_radps * np.cos(crank_radps * t_s)
    inward = -CRANK_M * crank_radps**2
    forward = inward * np.cos(crank_radps * t_s)
    up = inward * np.sin(crank_radps * t_s) + STANDARD_GRAVITY_MPS2
    cos, sin, none = np.cos(turned_rad), np.sin(turned_rad), np.zeros_like(t_s)
    felt = np.column_stack([cos * forward - sin * up, none, sin * forward + cos * up])
    return _noisy(t_s, felt, np.column_stack([none, turning, none]), rng)


def still() -> Recording:
    """Ten minutes on a table."""
    t_s = np.arange(0.0, DURATION_S, 1 / RATE_HZ)
    felt = np.tile([0.0, 0.0, STANDARD_GRAVITY_MPS2], (len(t_s), 1))
    return _noisy(t_s, felt, np.zeros_like(felt), np.random.default_rng(7))


def walk_with_gaps(mount: Mount) -> Recording:
    """Five minutes of brisk walking over a link that fails now and then."""
    run = worn(
        Course.walk(speed_mps=1.9, duration_s=DURATION_S / 2),
        Person.drawn(seed=0, strike="rearfoot"),
        Fitting(mount=mount, side="L", rate_hz=RATE_HZ),
        seed=0,
    )
    heard = np.mod(run.t_s, GAP_EVERY_S) > GAP_S
    return Recording(run.t_s[heard], run.acceleration_mps2[heard], run.rotation_radps[heard])


def running_steps(recording: Recording, mount: Mount) -> int:
    """Contacts that became steps of a run."""
    detector = detector_for(mount)
    pairer = StepPairer(detector.feet_seen)
    n = 0
    for part in stretches(recording, detector):
        found = Contacts.concatenate(
            [detector.receive(part.t_s, part.acceleration_mps2, part.rotation_radps), detector.flush()]
        )
        n += sum(int(np.count_nonzero(steps.gait == RUN)) for steps in (pairer.receive(found), pairer.flush()))
    return n


def _noisy(t_s: FloatArray, felt: FloatArray, turning: FloatArray, rng: np.random.Generator) -> Recording:
    return Recording(
        t_s, felt + rng.normal(0, NOISE_MPS2, felt.shape), turning + rng.normal(0, NOISE_RADPS, felt.shape)
    )
