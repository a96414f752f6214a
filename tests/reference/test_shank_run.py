"""A real run with a sensor on one leg, counted by hand: 70 strides in 50 s; and files with every fault of a logger.

Where it sat is not written; it is called a shank, yet its calm phase looks like a foot's, so both detectors are tried.
There is no force plate beside it, so contact times are only checked to be a runner's.
"""

import json
from collections.abc import Callable

import numpy as np
import pytest

from sensor_hub.model.gait import Mount
from sensor_hub.model.session import Event
from sensor_hub.signal.contacts import Contacts
from sensor_hub.signal.detectors import detector_for
from tests import need
from tests.session.runs import gaps, logger_file, run_one_by_one, setup, steps, summary

FAULTY = ["chest3.csv", "foot-forward-back.csv", "foot-up-down.csv", "slow-walking.csv"]


def session_of(name: str) -> list[Event]:
    return run_one_by_one(setup(), [logger_file(need.data(f"imu_shank/{name}"))])


def test_every_stride_of_the_run_is_found_and_none_is_invented() -> None:
    expected = json.loads(need.data("imu_shank/expected.json").read_text())
    totals = summary(session_of("run_out.csv")).totals
    assert totals.n_strides == expected["strides_gyro"] == 70
    assert totals.n_steps == 140
    assert totals.cadence_spm == pytest.approx(expected["steps_per_min"], abs=1.0)
    assert totals.coverage == 1.0


@pytest.mark.parametrize("mount", ["foot", "shank"])
def test_either_detector_finds_seventy_contacts_and_none_twice(
    mount: Mount, record_property: Callable[[str, object], None]
) -> None:
    run = logger_file(need.data("imu_shank/run_out.csv"))
    detector = detector_for(mount)
    found = Contacts.concatenate(
        [detector.receive(run.t_s, run.acceleration_mps2, run.angular_velocity_radps), detector.flush()]
    )
    assert len(found) == 70
    stride_s = np.diff(found.initial_contact_s)
    assert np.all((stride_s > 0.6) & (stride_s < 0.8))
    known_s = found.contact_time_s[np.isfinite(found.contact_time_s)]
    told = f"{mount}: contact time {1000 * known_s.mean():.1f} ms, SD {1000 * known_s.std():.1f} ms, n {len(known_s)}"
    record_property("measured", told)
    assert len(known_s) >= 69
    assert 0.15 < known_s.mean() < 0.25, told
    assert known_s.std() < 0.025, told
    assert 30 <= np.count_nonzero(found.clipped) <= 50  # 49 samples are at 16 g


def test_strides_are_as_even_as_they_were_counted() -> None:
    expected = json.loads(need.data("imu_shank/expected.json").read_text())
    strides_s = np.diff(steps(session_of("run_out.csv")).time_utc_us) / 1e6
    sd_ms = 1000 * float(np.std(strides_s[strides_s < 1.0]))
    # the samples come every 10 or 20 ms, which alone adds up to 6 ms to either end
    assert sd_ms == pytest.approx(expected["stride_ms_sd"], abs=8.0), f"SD of strides {sd_ms:.1f} ms"


def test_contact_times_of_the_run_are_a_runners(record_property: Callable[[str, object], None]) -> None:
    table = steps(session_of("run_out.csv"))
    known = table.contact_time_s[np.isfinite(table.contact_time_s)]
    mean_ms, sd_ms = 1000 * known.mean(), 1000 * known.std()
    told = f"contact time: mean {mean_ms:.1f} ms, SD {sd_ms:.1f} ms, n {len(known)}"
    record_property("measured", told)
    assert len(known) >= 0.95 * len(table)
    # without a correction to force-plate events the method looks short at 173 steps/min; the bound says no more
    assert 150 < mean_ms < 320, told
    assert sd_ms < 35, told
    assert np.all(table.contact_time_sd[np.isfinite(table.contact_time_s)] >= 0.02)


@pytest.mark.parametrize("name", FAULTY)
def test_a_file_without_running_has_no_running_steps(name: str) -> None:
    totals = summary(session_of(name)).totals
    assert (totals.n_steps, totals.n_strides) == (0.0, 0.0)
    assert not totals.load_eq_km


def test_walking_is_not_running() -> None:
    events = session_of("2020-08-25T11_43_19.036Z.csv")
    assert summary(events).totals.n_steps == 0.0
    assert {g.cause for g in gaps(events)} == {"silence"}


def test_a_clock_that_runs_backwards_is_told() -> None:
    events = session_of("chest3.csv")
    assert "clock-reset" in {g.cause for g in gaps(events)}
    coverage = summary(events).totals.coverage
    assert coverage is not None
    assert coverage < 1.0


@pytest.mark.parametrize("name", ["foot-forward-back.csv", "foot-up-down.csv", "slow-walking.csv"])
def test_ten_samples_a_second_are_told_as_too_slow(name: str) -> None:
    events = session_of(name)
    assert "rate-too-low" in {g.cause for g in gaps(events)}
    assert summary(events).totals.coverage == pytest.approx(0.0, abs=0.05)
