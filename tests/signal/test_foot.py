from dataclasses import replace

import numpy as np
import pytest

from sensor_hub.signal.leg.foot import FootDetector
from sensor_hub.simulation.course import Course
from sensor_hub.simulation.person import Person, Strike
from sensor_hub.simulation.worn import Fitting, Worn, worn
from tests.signal.detecting import whole
from tests.signal.test_shank import as_run


def on_a_foot(strike: Strike, offset_radps: float = 0.0) -> Worn:
    fitting = Fitting(mount="foot", rotation_offset_radps=(offset_radps, -offset_radps, offset_radps))
    return worn(Course.run(speed_mps=3.0, duration_s=15.0), Person.drawn(7, strike), fitting, seed=7)


@pytest.mark.parametrize("strike", ["rearfoot", "midfoot", "forefoot"])
@pytest.mark.parametrize("offset_radps", [0.0, 0.05])
def test_foot_pitch_at_initial_contact_is_that_of_the_sole(strike: Strike, offset_radps: float) -> None:
    sensed = on_a_foot(strike, offset_radps)
    found = whole(FootDetector(), as_run(sensed))
    at = np.abs(sensed.truth.initial_contact_s[:, None] - found.initial_contact_s).argmin(axis=0)[1:-1]
    error_rad = found.foot_pitch_rad[1:-1] - sensed.truth.foot_pitch_rad[at]
    assert np.degrees(np.abs(error_rad)).max() < 6.0
    assert np.degrees(abs(error_rad.mean())) < 2.5


def test_a_heel_strike_is_toes_up_and_a_forefoot_strike_toes_down() -> None:
    assert np.nanmedian(whole(FootDetector(), as_run(on_a_foot("rearfoot"))).foot_pitch_rad) > np.radians(5)
    assert np.nanmedian(whole(FootDetector(), as_run(on_a_foot("forefoot"))).foot_pitch_rad) < np.radians(-2)


def test_a_pitch_that_no_foot_lands_with_is_unknown() -> None:
    run = as_run(on_a_foot("rearfoot"))
    in_another_unit = replace(run, rotation_radps=12 * run.rotation_radps)
    pitch_rad = whole(FootDetector(), in_another_unit).foot_pitch_rad
    assert len(pitch_rad)
    assert not (np.abs(pitch_rad) > np.pi / 3).any()


def test_a_foot_that_never_lies_flat_has_no_known_pitch() -> None:
    sensed = on_a_foot("forefoot")
    about_y = sensed.rotation_radps[:, 1]
    about_y[np.abs(about_y) < 1.5] = 1.5  # it always turns
    assert np.isnan(whole(FootDetector(), as_run(sensed)).foot_pitch_rad).all()
