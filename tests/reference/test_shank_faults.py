"""Real files of the shank logger with its faults: what is unknown is said, and no time is negative.

The files are read twice: as samples of a CSV, and as the notifications the logger would have sent.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise

import numpy as np
import pytest

from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, Event, GapFound, SessionStarted, SessionSummary
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2, utc_us
from tests import need
from tests.session.runs import IMU, START, gaps, logger_file, run_one_by_one, setup, steps, summary
from tests.shank_frames import encode

# file: gaps by cause, coverage, how often its clock falls, how many intervals are longer than a tenth of a second.
# chest3 tells parts of itself twice; as notifications exact copies are known as such, and less of it is unknown.
FAULTS = {
    "chest3.csv": ({"clock-reset": 670}, 0.7252, 670, 1),
    "2020-08-25T11_43_19.036Z.csv": ({"silence": 33}, 0.8758, 0, 36),
    "leg.csv": ({}, 1.0, 0, 0),
    "foot-forward-back.csv": ({"rate-too-low": 1}, 0.0, 0, 301),
}


def as_notifications(block: ImuBlock) -> list[RawNotification]:
    """Every sample in a notification of its own; it arrives 20 ms after it was taken, in the order of the file."""
    arrival_s = np.maximum.accumulate(block.t_s) - block.t_s[0] + 0.02
    rows = zip(
        arrival_s.tolist(),
        np.round(block.t_s * 1000).astype(int).tolist(),
        (block.acceleration_mps2 / STANDARD_GRAVITY_MPS2).tolist(),
        (block.angular_velocity_radps / DEGREE_RAD).tolist(),
        strict=True,
    )
    return [
        RawNotification("pod-1", "2fff", START + timedelta(seconds=s), encode(ms, g, dps)) for s, ms, g, dps in rows
    ]


def assert_no_time_is_negative(events: Sequence[Event]) -> None:
    """Nothing ends before it begins, nothing is told of a time before what was told already."""
    begin = next(e.start_utc for e in events if isinstance(e, SessionStarted))
    end = next(e.end_utc for e in events if isinstance(e, SessionSummary))
    found = [e for e in events if isinstance(e, GapFound)]
    assert all(begin <= gap.start_utc <= gap.end_utc <= end for gap in found)
    assert all(before.end_utc <= after.start_utc for before, after in pairwise(found))
    at_us = steps(events).time_utc_us
    assert np.all(np.diff(at_us) > 0)
    assert not len(at_us) or utc_us(begin) <= at_us[0] <= at_us[-1] <= utc_us(end)
    totals = summary(events).totals
    assert totals.duration_s >= 0
    assert totals.coverage is not None
    assert 0 <= totals.coverage <= 1


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_a_faulty_file_has_gaps_with_causes_and_the_coverage_that_is_left(name: str) -> None:
    causes, coverage, n_falls, n_holes = FAULTS[name]
    block = logger_file(need.data(f"imu_shank/{name}"))
    step_s = np.diff(block.t_s)
    assert np.count_nonzero(step_s < 0) == n_falls
    assert np.count_nonzero(step_s > 0.1) == n_holes
    events = run_one_by_one(setup(), [block])
    assert dict(Counter(gap.cause for gap in gaps(events))) == causes
    assert summary(events).totals.coverage == pytest.approx(coverage, abs=1e-4)
    assert_no_time_is_negative(events)


@pytest.mark.parametrize("name", sorted(FAULTS))
def test_the_same_faults_are_found_in_its_notifications(name: str) -> None:
    causes, coverage, _, _ = FAULTS[name]
    coverage = {"chest3.csv": 0.9518}.get(name, coverage)
    block = logger_file(need.data(f"imu_shank/{name}"))
    events = run_one_by_one(setup((BoundDevice("pod-1", IMU, "R"),), start_utc=None), as_notifications(block))
    assert set(Counter(gap.cause for gap in gaps(events))) == set(causes)
    assert summary(events).totals.coverage == pytest.approx(coverage, abs=0.01)
    assert_no_time_is_negative(events)


def test_a_clock_that_runs_backwards_a_little_makes_no_run_longer() -> None:
    block = logger_file(need.data("imu_shank/chest3.csv"))
    events = run_one_by_one(setup(), [block])
    begin = next(e.start_utc for e in events if isinstance(e, SessionStarted))
    took_s = (summary(events).end_utc - begin).total_seconds()
    assert took_s == pytest.approx(float(block.t_s.max() - block.t_s[0]), abs=1e-3)


def test_holes_of_a_third_of_a_second_are_found_where_they_are() -> None:
    block = logger_file(need.data("imu_shank/2020-08-25T11_43_19.036Z.csv"))
    found = gaps(run_one_by_one(setup(), [block]))
    told_s = [(gap.end_utc - gap.start_utc).total_seconds() for gap in found]
    assert max(told_s) > 0.29
    # three holes follow another at once, with a single sample between the two: one gap each
    assert len(found) == 33
    assert sum(told_s) == pytest.approx(float(np.diff(block.t_s)[np.diff(block.t_s) > 0.1].sum()), abs=0.01)
