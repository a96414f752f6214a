"""The simulator of segments through every method: people, conditions, delay of the record. Nothing here is a person."""

from dataclasses import replace
from typing import Literal

import numpy as np

from sensor_hub.model.gait import Mount
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.detectors import detector_for
from sensor_hub.signal.steps import RUN, StepPairer
from sensor_hub.simulation.worn import Fitting, Person, Worn, worn
from tests.validation.delays import Delays, delays_of
from tests.validation.detecting import Recording, contacts_of
from tests.validation.matching import matched
from tests.validation.scenarios import FIRST_SEED, STRIKES, Scenario
from tests.validation.scoring import Scored, Truth, scored


def simulated(scenario: Scenario, mount: Mount, strike_number: int, number: int) -> Worn:
    """Return what a sensor on one simulated person felt; the same numbers give the same samples."""
    seed = person_number(strike_number, number)
    person = Person.drawn(seed=seed, strike=STRIKES[strike_number])
    person = replace(person, **{name: getattr(person, name) + by for name, by in scenario.person.items()})
    side: Literal["L", "R"] = "R" if number % 2 else "L"
    fitting = Fitting(mount=mount, side=side, rate_hz=scenario.rate_hz, **scenario.fitting)
    return worn(scenario.course, person, fitting, seed=seed)


def person_number(strike_number: int, number: int) -> int:
    """Return the number, and seed, of a simulated person."""
    return FIRST_SEED * (strike_number + 1) + number


def truth_of(run: Worn, feet_seen: int) -> Truth:
    """Return the true contacts; the step rate is that of the contacts themselves."""
    t = run.truth
    interval_s = np.diff(t.initial_contact_s, append=np.nan)
    if len(interval_s) > 1:
        interval_s[-1] = interval_s[-2]
    runs = t.gait == "run"
    return Truth(
        t.initial_contact_s,
        t.toe_off_s,
        t.speed_mps,
        (2 / feet_seen) / interval_s,
        t.foot_pitch_rad,
        runs,
    )


def recording_of(run: Worn) -> Recording:
    """Return the samples alone."""
    return Recording(run.t_s, run.acceleration_mps2, run.rotation_radps)


def score_person(scenario: Scenario, mount: Mount, strike_number: int, number: int) -> tuple[Scored, dict[str, int]]:
    """Return the errors of one simulated person, and how the steps were told apart."""
    run = simulated(scenario, mount, strike_number, number)
    detector = detector_for(mount)
    recording = recording_of(run)
    found = contacts_of(recording, detector)
    truth = truth_of(run, detector.feet_seen)
    errors = scored(truth, found, recording.span_s, person_number(strike_number, number))
    return errors, gait_counts(truth, found, detector.feet_seen)


def gait_counts(truth: Truth, found: Contacts, feet_seen: int) -> dict[str, int]:
    """Count true walking and running contacts, and which of them became steps of a run."""
    pairer = StepPairer(feet_seen)
    steps = [pairer.receive(found), pairer.flush()]
    runs = np.concatenate([s.gait for s in steps]) == RUN
    i, j = matched(truth.initial_contact_s, found.initial_contact_s)
    as_run = np.zeros(len(truth.initial_contact_s), dtype=bool)
    as_run[i] = runs[j]
    beside = np.ones(len(found), dtype=bool)
    beside[j] = False
    return {
        "n_walk": int(np.count_nonzero(~truth.wanted)),
        "n_walk_as_run": int(np.count_nonzero(as_run & ~truth.wanted)),
        "n_run": int(np.count_nonzero(truth.wanted)),
        "n_run_as_run": int(np.count_nonzero(as_run & truth.wanted)),
        "n_nothing_as_run": int(np.count_nonzero(runs & beside)),
    }


def delays(scenario: Scenario, mount: Mount, strike_number: int, number: int) -> Delays:
    """Return the delays of one simulated person's records, fed sample by sample."""
    run = simulated(scenario, mount, strike_number, number)
    detector = detector_for(mount)
    return delays_of(recording_of(run), truth_of(run, detector.feet_seen), detector)
