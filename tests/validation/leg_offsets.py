"""The offsets of foot and shank fitted anew, on the simulated people they came from and no others.

For each mount: 150 simulated people (50 of each foot strike, no two with the same draws: toe-offs differ by some 8 ms
from one to the next, so fewer would leave the mean open by milliseconds), 2.5 to 5 m/s at 200 Hz. The raw events of
the shipped method are compared with the true ones; each error is a line of the raw contact time around ``CENTRE_S``.
The report puts it beside what is shipped: whoever changes a feature sees by how much its offsets no longer fit. The
people of every other table are others.
"""

from dataclasses import asdict
from typing import Any, Final

import numpy as np

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.gait import Mount
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.leg.event_offsets import CENTRE_S, FOOT, SHANK, EventOffsets
from sensor_hub.signal.leg.foot import FootDetector
from sensor_hub.signal.leg.shank import ShankDetector
from sensor_hub.signal.leg.stream import LegDetector
from sensor_hub.simulation.worn import Course, Fitting, Person, worn
from tests.validation.matching import matched
from tests.validation.measures import rounded
from tests.validation.scenarios import RATE_HZ, STRIKES

SHIPPED: Final[dict[Mount, EventOffsets]] = {"foot": FOOT, "shank": SHANK}
N_PEOPLE: Final = 50  # of each foot strike; their seeds are below 1000, those of the people judged on are not
SPEEDS_MPS: Final = (2.5, 3.2, 4.0, 5.0)
DURATION_S: Final = 20.0
SETTLED_S: Final = 1.0  # events nearer to an end of a recording are not fitted on


def detector_with(mount: Mount, offsets: EventOffsets) -> LegDetector:
    """Return a new detector of foot or shank with other offsets than those shipped."""
    detector = FootDetector() if mount == "foot" else ShankDetector()
    detector._offsets = offsets
    return detector


def fitted(mount: Mount, n_people: int = N_PEOPLE) -> dict[str, Any]:
    """Return the offsets fitted anew and those shipped, ms and ms per ms, with n and the spread that is left."""
    shipped = SHIPPED[mount]
    raw = EventOffsets(0.0, 0.0, 0.0, 0.0, 0.0, "none")
    parts = [
        _errors(mount, raw, strike_number, seed, speed_mps)
        for strike_number in range(len(STRIKES))
        for seed in range(strike_number, len(STRIKES) * n_people, len(STRIKES))
        for speed_mps in SPEEDS_MPS
    ]
    errors = np.concatenate(parts, axis=1)
    above_s = errors[0] - CENTRE_S
    contact = _line(above_s, errors[1])
    off = _line(above_s, errors[2] - shipped.toe_off_interval / RATE_HZ)
    found = {
        "initial_contact_s": contact[0],
        "initial_contact_slope": contact[1],
        "toe_off_s": off[0],
        "toe_off_slope": off[1],
    }
    return {
        "n_contacts": len(above_s),
        "n_people": n_people * len(STRIKES),
        "fitted": {name: rounded(value, 4) for name, value in found.items()},
        "shipped": {name: value for name, value in asdict(shipped).items() if name in found},
    }


def _errors(mount: Mount, raw: EventOffsets, strike_number: int, seed: int, speed_mps: float) -> FloatArray:
    """(3, n) s: raw contact time, and by how much initial contact and toe-off must be moved."""
    person = Person.drawn(seed=seed, strike=STRIKES[strike_number])
    course = Course.run(speed_mps=speed_mps, duration_s=DURATION_S)
    run = worn(course, person, Fitting(mount=mount, side="L", rate_hz=RATE_HZ), seed=seed)
    detector = detector_with(mount, raw)
    parts = detector.receive(run.t_s, run.acceleration_mps2, run.rotation_radps), detector.flush()
    found, truth = Contacts.concatenate(parts), run.truth
    i, j = matched(truth.initial_contact_s, found.initial_contact_s)
    inside = (truth.initial_contact_s[i] > SETTLED_S) & (truth.initial_contact_s[i] < DURATION_S - SETTLED_S)
    inside &= ~np.isnan(found.toe_off_s[j])
    i, j = i[inside], j[inside]
    return np.stack(
        [
            found.toe_off_s[j] - found.initial_contact_s[j],
            truth.initial_contact_s[i] - found.initial_contact_s[j],
            truth.toe_off_s[i] - found.toe_off_s[j],
        ]
    )


def _line(x: FloatArray, y: FloatArray) -> tuple[float, float]:
    """Return value at 0 and slope."""
    slope, at_zero = np.polyfit(x, y, 1)
    return float(at_zero), float(slope)
