from dataclasses import replace
from functools import cache

import numpy as np
from numpy.testing import assert_array_equal

from sensor_hub.model.gait import Mount
from sensor_hub.signal.detectors import detector_for
from sensor_hub.simulation.worn import Course, Leg
from tests.validation.detecting import Recording, contacts_of, told_of
from tests.validation.scenarios import GAITS, MOUNTS, Scenario
from tests.validation.simulated import delays, recording_of, score_person, simulated

SHORT = Scenario("a short run", "tests", Course.of([Leg("stand", 4.0), Leg("run", 9.0, 3.0)]), n_people=1)


@cache
def run_of(mount: Mount) -> Recording:
    return recording_of(simulated(SHORT, mount, 0, 0))


def test_sample_by_sample_finds_what_the_whole_finds() -> None:
    for mount in MOUNTS:
        whole = contacts_of(run_of(mount), detector_for(mount))
        told, told_s = told_of(run_of(mount), detector_for(mount))
        assert len(whole) > 5
        assert_array_equal(whole.initial_contact_s, told.initial_contact_s)
        assert_array_equal(whole.toe_off_s, told.toe_off_s)
        assert len(told_s) == len(told)
        known = np.isfinite(told_s)
        assert np.all(told_s[known] >= told.initial_contact_s[known])


def test_nothing_is_found_across_a_hole() -> None:
    run = run_of("sacrum")
    kept = (run.t_s < 7.0) | (run.t_s > 8.0)
    holed = Recording(run.t_s[kept], run.acceleration_mps2[kept], run.rotation_radps[kept])
    found = contacts_of(holed, detector_for("sacrum"))
    assert len(found) > 5
    assert not np.any((found.initial_contact_s < 7.0) & (found.toe_off_s > 8.0))


def test_a_recording_without_what_the_method_needs_has_no_contacts() -> None:
    run = run_of("sacrum")
    blind = replace(run, acceleration_mps2=np.full_like(run.acceleration_mps2, np.nan))
    assert len(contacts_of(blind, detector_for("sacrum"))) == 0
    told, told_s = told_of(blind, detector_for("sacrum"))
    assert len(told) == len(told_s) == 0


def test_the_same_person_gives_the_same_figures() -> None:
    first, second = (score_person(SHORT, "foot", 1, 0) for _ in range(2))
    assert_array_equal(first[0].contact_error_s, second[0].contact_error_s)
    assert first[1] == second[1]
    assert_array_equal(delays(SHORT, "sacrum", 0, 0).delay_s, delays(SHORT, "sacrum", 0, 0).delay_s)


def test_people_who_differ_in_number_or_foot_strike_are_different_people() -> None:
    samples = [simulated(SHORT, "foot", k, n).acceleration_mps2 for k, n in ((0, 0), (0, 1), (1, 0))]
    assert not np.array_equal(samples[0], samples[1])
    assert not np.array_equal(samples[0], samples[2])


def test_walking_and_running_are_counted_apart() -> None:
    _, counts = score_person(replace(GAITS, n_people=1), "sacrum", 0, 0)
    assert counts["n_walk"] > 50
    assert counts["n_run"] > 50
    assert counts["n_walk_as_run"] <= counts["n_walk"]
    assert counts["n_run_as_run"] <= counts["n_run"]
