"""The sacral trials laid end to end, calibrated by the force beside them: real signals and real steps, one runner."""

import numpy as np
import pytest

from sensor_hub.signal.calibration.comparison import pair_steps
from sensor_hub.signal.calibration.event_matching import Stances
from sensor_hub.signal.calibration.fit import LARGEST_OFFSET_S, fit
from sensor_hub.signal.calibration.force_events import force_events
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.detectors import detector_for
from sensor_hub.units import STANDARD_GRAVITY_MPS2
from tests import need

MASS_KG, LAG_S, APART_S = 76.8, 77.0, 10.0


def both(trials: list[int]) -> tuple[Stances, Stances]:
    """What the sacral method finds, and the force's contacts on a clock ``LAG_S`` behind."""
    found, force = [], []
    for place, trial in enumerate(trials):
        columns = np.genfromtxt(need.data(f"imu_sacral_grf/trial_{trial:02d}.csv"), delimiter=",", skip_header=1)
        acceleration = np.full((len(columns), 3), np.nan)
        acceleration[:, 0], acceleration[:, 2] = columns[:, 2], columns[:, 1]
        acceleration *= STANDARD_GRAVITY_MPS2
        detector = detector_for("sacrum")
        told = detector.receive(columns[:, 0], acceleration, np.full_like(acceleration, np.nan))
        contacts = Contacts.concatenate([told, detector.flush()])
        events = force_events(columns[:, 0], columns[:, 3] * MASS_KG * STANDARD_GRAVITY_MPS2, offset_n=0.0)
        shift_s = place * APART_S
        found.append(np.array([contacts.initial_contact_s + shift_s, contacts.contact_time_s]))
        force.append(np.array([events.initial_contact_s + shift_s - LAG_S, events.contact_time_s]))
    own, reference = np.concatenate(found, axis=1), np.concatenate(force, axis=1)
    return Stances(own[0], own[1]), Stances(reference[0], reference[1])


@pytest.mark.parametrize("trials", [list(range(0, 32, 2)), list(range(0, 32, 4)), list(range(2, 32, 4))])
def test_real_steps_find_their_lag_and_leave_a_bias_near_zero(trials: list[int]) -> None:
    own, reference = both(trials)
    pairs = pair_steps(own, np.full(len(own), "U"), reference)
    assert pairs.refusals == ()
    assert pairs.lag_s == pytest.approx(LAG_S, abs=0.03)
    assert len(pairs) >= 0.9 * len(reference)
    found = fit(pairs)
    assert found.refusals == ()
    assert abs(found.offset_s) < LARGEST_OFFSET_S
    assert abs(found.bias_after_s) < 0.002
