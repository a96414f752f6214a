"""What methods and load model answer to something fixed: a report of other answers is out of date."""

import hashlib
from typing import Final

import numpy as np

from sensor_hub.model.gait import Mount
from sensor_hub.signal.detectors import detector_for
from sensor_hub.simulation.worn import Course, Fitting, Leg, Person, worn
from tests.validation.detecting import Recording, contacts_of
from tests.validation.load_fingerprint import load_fingerprint
from tests.validation.scenarios import MOUNTS, STRIKES

DIGITS: Final = 4  # of a second: what another processor rounds otherwise does not count
COURSE: Final = Course.of([Leg("stand", 4.0), Leg("run", 12.0, 3.0), Leg("run", 8.0, 4.2), Leg("walk", 8.0, 1.4)])


def fingerprint() -> dict[str, str]:
    """Return a word for each mount that changes when its contacts do, and one for the load model."""
    return {**{mount: _answers(mount) for mount in MOUNTS}, "load": load_fingerprint()}


def _answers(mount: Mount) -> str:
    told = hashlib.sha256()
    for seed, strike in enumerate(STRIKES):
        fitting = Fitting(mount=mount, side="L", rate_hz=200.0)
        person = Person.drawn(seed=seed, strike=strike)
        run = worn(COURSE, person, fitting, seed=seed)
        detector = detector_for(mount)
        found = contacts_of(Recording(run.t_s, run.acceleration_mps2, run.rotation_radps), detector)
        for column in (found.initial_contact_s, found.toe_off_s, found.contact_time_sd, found.quality):
            told.update(np.round(column, DIGITS).astype("<f8").tobytes())
    return told.hexdigest()[:16]
