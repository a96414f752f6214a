"""A simulated sensor agrees with the forces and bodies behind it."""

import numpy as np
import pytest

from sensor_hub.simulation.footfalls import footfalls, vertical_force_bw
from sensor_hub.simulation.person import Strike
from sensor_hub.simulation.worn import Course, Fitting, Person, worn
from sensor_hub.units import STANDARD_GRAVITY_MPS2


@pytest.mark.parametrize("strike", ["rearfoot", "midfoot", "forefoot"])
def test_the_mean_vertical_force_of_steady_running_is_one_body_weight(strike: Strike) -> None:
    person = Person.drawn(1, strike)
    steps = footfalls(Course.run(3.0, 60.0), person, 1)
    t_s = np.arange(0.0, 60.0, 0.001)
    left, right = vertical_force_bw(steps, person, t_s)
    assert np.mean(left + right) == pytest.approx(1.0, abs=0.01)


def test_truth_is_where_the_force_crosses_twenty_newtons() -> None:
    course, person = Course.run(3.0, 20.0), Person.drawn(2)
    truth = worn(course, person, Fitting("foot", side="R"), seed=2).truth
    newtons = person.mass_kg * STANDARD_GRAVITY_MPS2
    steps = footfalls(course, person, 2)
    for moment_s, rises in ((truth.initial_contact_s, True), (truth.toe_off_s, False)):
        before = vertical_force_bw(steps, person, moment_s - 1e-4)[1] * newtons
        after = vertical_force_bw(steps, person, moment_s + 1e-4)[1] * newtons
        assert np.all((before < 20) == rises)
        assert np.all((after > 20) == rises)


def test_a_flat_foot_feels_gravity_only() -> None:
    found = worn(Course.run(3.0, 20.0), Person.drawn(3), Fitting("foot", noise=0), seed=3)
    flat_s = found.truth.initial_contact_s + 0.4 * found.truth.contact_time_s
    size = np.linalg.norm(found.acceleration_mps2, axis=1)
    assert np.median(np.interp(flat_s, found.t_s, size)) == pytest.approx(STANDARD_GRAVITY_MPS2, rel=0.05)
