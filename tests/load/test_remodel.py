"""Stored steps with another model's forces."""

from dataclasses import replace

import numpy as np

from sensor_hub.load.achilles import ACHILLES_1
from sensor_hub.load.remodel import gait_of, remodelled, told_contact_time_s
from sensor_hub.model.gait import StepTable
from tests.load.test_aggregate import NAN, at_speed, rows


def as_stored_before_gait_was(steps: StepTable) -> StepTable:
    n = len(steps)
    return replace(steps, gait=np.full(n, "", dtype="<U4"), achilles_push_off_bw_s=np.full(n, NAN))


def run_and_walk() -> StepTable:
    walk = rows(20, n_steps=2.0, step_time_s=0.55, gait="walk")
    end = replace(rows(1, n_steps=2.0, step_time_s=NAN, contact_time_s=0.25), gait=np.array(["run"]))
    return StepTable.concatenate([at_speed(3.0, 60.0), end, walk])


def test_the_gait_of_older_rows_is_told_by_their_times() -> None:
    steps = run_and_walk()
    assert gait_of(as_stored_before_gait_was(steps)).tolist() == steps.gait.tolist()


def test_half_of_the_rows_taken_already_the_other_half_is_told_all_the_same() -> None:
    steps = run_and_walk()
    n = len(steps)
    older = as_stored_before_gait_was(steps)
    for taken in (np.arange(n) < n // 2, np.arange(n) >= n // 2, np.arange(n) == 3):
        mixed = replace(
            older,
            gait=np.where(taken, steps.gait, older.gait),
            achilles_push_off_bw_s=np.where(taken, steps.achilles_push_off_bw_s, NAN),
        )
        assert gait_of(mixed).tolist() == steps.gait.tolist()


def test_a_contact_that_is_neither_running_nor_walking_stays_so() -> None:
    lone = replace(rows(1, n_steps=2.0, step_time_s=NAN, contact_time_s=0.25), gait=np.array([""], dtype="<U4"))
    steps = StepTable.concatenate([at_speed(3.0, 30.0), lone])
    assert gait_of(steps)[-1] == ""


def test_steps_whose_time_nobody_told_stay_as_todays_model_has_them() -> None:
    n = 5
    timeless = rows(n, n_steps=2.0, step_time_s=NAN, contact_time_s=0.25)
    timeless = replace(timeless, gait=np.full(n, "", dtype="<U4"))
    assert gait_of(timeless).tolist() == [""] * n


def test_remodelling_with_the_same_model_changes_nothing() -> None:
    steps = run_and_walk()
    again = remodelled(remodelled(steps, ACHILLES_1, "speed"), ACHILLES_1, "speed")
    assert again == remodelled(steps, ACHILLES_1, "speed")


def test_a_source_that_should_tell_contacts_gets_none_predicted_from_speed() -> None:
    contact_s = np.array([0.24, NAN])
    assert np.array_equal(told_contact_time_s(contact_s, "speed"), contact_s, equal_nan=True)
    assert told_contact_time_s(contact_s, "contact").tolist() == [0.24, 0.0]
    unseen = rows(3, n_steps=2.0, step_time_s=0.36, speed_mps=3.0)
    assert np.isnan(remodelled(unseen, ACHILLES_1, "contact").achilles_peak_bw).all()
    assert not np.isnan(remodelled(unseen, ACHILLES_1, "speed").achilles_peak_bw).any()
