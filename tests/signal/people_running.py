"""Simulated people with a sensor on, for the tests of how it is worn; their contacts are the truth."""

from functools import lru_cache

import numpy as np

from sensor_hub.model.gait import Mount, Side
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.wearing.log import WearingLog
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.worn import Fitting, Worn, worn


@lru_cache(maxsize=64)
def runner(
    mount: Mount, side: Side = "L", seed: int = 1, strike: Strike = "rearfoot", speed_mps: float = 3.0, day: int = 1
) -> Worn:
    """Forty seconds of running on the level at 100 Hz."""
    fitting = Fitting(mount=mount, side="R" if side == "R" else "L", rate_hz=100.0)
    return worn(Course.run(speed_mps=speed_mps, duration_s=40.0), Person.drawn(seed, strike), fitting, seed=day)


def contacts_of(run: Worn) -> Contacts:
    contact_s, toe_off_s = run.truth.initial_contact_s, run.truth.toe_off_s
    n = len(contact_s)
    return Contacts(contact_s, toe_off_s, np.full(n, 0.01), np.ones(n), np.full(n, np.nan), np.zeros(n, dtype=bool))


def log_of(run: Worn, mount: Mount, side: Side = "L", usual: GaitPattern | None = None) -> WearingLog:
    """What is noticed of a whole run by a sensor bound to this place."""
    log = WearingLog(mount, side, usual)
    log.take(run.t_s, run.acceleration_mps2, run.rotation_radps, contacts_of(run))
    return log


def pattern_of_run(run: Worn, mount: Mount, side: Side = "L") -> GaitPattern:
    found = log_of(run, mount, side).pattern()
    assert found is not None
    return found
