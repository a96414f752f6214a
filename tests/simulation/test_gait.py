import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from sensor_hub.model.arrays import FloatArray
from sensor_hub.model.raw import RawNotification
from sensor_hub.simulation.gait import (
    GaitTruth,
    Runner,
    Stream,
    gait,
    notifications,
    rsc_stream,
    shank_columns,
)
from sensor_hub.simulation.speed import SpeedProfile
from tests import need

START_UTC = datetime(2026, 5, 1, 6, 0, 0, 123456, tzinfo=UTC)
RUN = SpeedProfile.steady(2.9, 2.9 * 60)
STOP_AND_GO = SpeedProfile(np.array([0, 5, 8, 30, 33, 40, 43, 70.0, 80]), np.array([0, 0, 3, 3, 0, 0, 3.5, 3.5, 3.5]))


def both(seed: int, profile: SpeedProfile = RUN) -> Iterator[RawNotification]:
    shank = shank_columns(profile, gait(profile, seed=seed), seed=seed).stream()
    return notifications([("shank", shank), ("pod", rsc_stream(profile, seed=seed))], START_UTC)


def test_shank_bytes_are_the_samples_they_were_made_from() -> None:
    columns = shank_columns(RUN, gait(RUN, seed=3), seed=3)
    payloads = columns.stream().payloads
    assert {len(p) for p in payloads} == {28}
    fields = np.array([struct.unpack("<I6f", p) for p in payloads])
    assert_array_equal(fields[:, 0], columns.time_ms)
    assert_allclose(fields[:, 1:4], columns.acceleration_g, atol=1e-5)
    assert_allclose(fields[:, 4:], columns.angular_velocity_dps, atol=1e-3)
    assert fields[0, 0] == 161_129


def test_the_device_clock_ticks_at_ten_and_sometimes_twenty_milliseconds() -> None:
    truth = gait(RUN, seed=3)
    late = shank_columns(RUN, truth, seed=3)
    gaps = np.diff(late.time_ms)
    assert set(gaps) == {10, 20}
    assert 0.09 < np.mean(gaps == 20) < 0.16
    even = shank_columns(RUN, truth, seed=3, jitter=False, device_start_ms=0)
    assert_array_equal(even.time_ms, np.arange(len(even.time_ms)) * 10)
    assert even.t_s[-1] == pytest.approx(RUN.duration_s, abs=0.011)


def test_a_device_clock_near_its_end_wraps_in_the_bytes() -> None:
    columns = shank_columns(RUN, gait(RUN, seed=3), seed=3, jitter=False, device_start_ms=2**32 - 20)
    times = [struct.unpack_from("<I", p)[0] for p in columns.stream().payloads[:4]]
    assert times == [2**32 - 20, 2**32 - 10, 0, 10]


def test_footpod_bytes_say_speed_cadence_stride_and_distance_of_the_run() -> None:
    stream = rsc_stream(RUN, seed=3, runner=Runner(speed_noise_mps=0.0))
    rows = [struct.unpack("<BHBHI", p) for p in stream.payloads]
    flags, speed, cadence, stride, distance = rows[30]
    # 2.9 m/s; 60 * (2.184 + 0.2007 * 2.9) = 165.96 spm; 2 * 2.9 / 2.76603 = 2.0969 m; 30.37 s: 25.37 - 4 / 2 s at 2.9
    assert (flags, speed, cadence, stride, distance) == (7, round(2.9 * 256), 166, 210, round(2.9 * 23.37 * 10))
    assert rows[0] == (3, 0, 0, 0, 0)
    assert rows[-1] == (3, 0, 0, 0, 1740)
    assert_array_equal(np.diff(stream.arrival_us), 1_000_000)


def test_notifications_come_in_order_and_exact_to_the_microsecond() -> None:
    raw = list(both(1))
    times = [r.arrival_utc for r in raw]
    assert times == sorted(times)
    assert times[0] == START_UTC
    assert {(r.device, r.characteristic) for r in raw} == {("shank", "2fff"), ("pod", "2a53")}
    shank = [r for r in raw if r.device == "shank"]
    first_ms = struct.unpack_from("<I", shank[0].payload)[0]
    for r in shank[::97]:
        device_ms = struct.unpack_from("<I", r.payload)[0] - first_ms
        assert r.arrival_utc - START_UTC == timedelta(milliseconds=device_ms)


def test_a_tie_goes_to_the_first_stream_and_no_streams_give_nothing() -> None:
    one, two = (Stream("2a53", np.array([5, 9]), [b"1", b"2"]) for _ in range(2))
    assert [r.device for r in notifications([("b", one), ("a", two)], START_UTC)] == ["b", "a", "b", "a"]
    assert list(notifications([], START_UTC)) == []
    with pytest.raises(ValueError, match="no time zone"):
        list(notifications([("b", one)], datetime(2026, 1, 1)))  # noqa: DTZ001


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    first = list(both(5))
    assert list(both(5)) == first
    assert list(both(6)) != first


def consistent(truth: GaitTruth) -> None:
    going_on = ~np.isnan(truth.next_contact_s)
    assert np.all(np.diff(truth.initial_contact_s) > 0.4)
    assert_array_equal(truth.next_contact_s[going_on], truth.initial_contact_s[1:][going_on[:-1]])
    assert np.all(truth.contact_time_s > 0.1)
    assert np.all(truth.contact_time_s[going_on] < truth.stride_time_s[going_on] / 2)


@given(st.floats(1.7, 6.0), st.integers(0, 2**32), st.floats(0.9, 1.1), st.floats(0.85, 1.2))
def test_the_truth_of_any_run_is_consistent(speed_mps: float, seed: int, rate: float, contact: float) -> None:
    runner = Runner(step_rate_factor=rate, contact_time_factor=contact)
    profile = SpeedProfile.steady(speed_mps, speed_mps * 60)
    truth = gait(profile, seed=seed, runner=runner)
    consistent(truth)
    expected_s = 2 / (2.184 + 0.2007 * speed_mps) / rate
    assert np.nanmedian(truth.stride_time_s) == pytest.approx(expected_s, abs=0.008)
    assert np.isnan(truth.next_contact_s[-1])
    assert not np.any(np.isnan(truth.next_contact_s[:-1]))


def test_a_stop_in_between_ends_a_bout_and_the_leg_stands_still_in_it() -> None:
    truth = gait(STOP_AND_GO, seed=2)
    consistent(truth)
    assert np.count_nonzero(np.isnan(truth.next_contact_s)) == 2
    assert not np.any((truth.initial_contact_s > 33) & (truth.initial_contact_s < 40))
    columns = shank_columns(STOP_AND_GO, truth, seed=2)
    still = (columns.t_s > 34) & (columns.t_s < 39)
    assert np.abs(columns.angular_velocity_dps[still]).max() < 20
    assert_allclose(np.linalg.norm(columns.acceleration_g[still], axis=1), 1.0, atol=0.2)


KNOTS = st.lists(st.tuples(st.floats(0.01, 20), st.floats(0, 6)), min_size=1, max_size=8)


@given(KNOTS, st.integers(0, 99))
def test_any_coming_and_going_gives_feet_that_land_after_they_left_and_samples_in_range(
    knots: list[tuple[float, float]], seed: int
) -> None:
    t_s = np.concatenate([[0.0], np.cumsum([k[0] for k in knots])])
    profile = SpeedProfile(t_s, np.array([0.0, *(k[1] for k in knots)]))
    truth = gait(profile, seed=seed)
    assert np.all(truth.toe_off_s > truth.initial_contact_s)
    assert np.all(truth.initial_contact_s[1:] > truth.toe_off_s[:-1])
    columns = shank_columns(profile, truth, seed=seed)
    assert np.all(np.abs(columns.acceleration_g) <= 16)
    assert np.all(np.abs(columns.angular_velocity_dps) <= 2000)
    rows = [struct.unpack("<BHBHI", p) for p in rsc_stream(profile, seed=seed).payloads]
    assert [row[4] for row in rows] == sorted(row[4] for row in rows)


def test_a_moment_at_running_speed_makes_no_stride() -> None:
    for moment_s in (0.001, 0.3):
        profile = SpeedProfile(
            np.array([0, 5, 5.001, 5.001 + moment_s, 5.002 + moment_s, 9]), np.array([0, 0, 3, 3, 0, 0])
        )
        assert len(gait(profile, seed=1).initial_contact_s) == 0


def test_somebody_who_only_stands_sends_rest_and_has_no_strides() -> None:
    standing = SpeedProfile(np.array([0.0, 20.0]), np.array([0.0, 0.0]))
    truth = gait(standing, seed=1)
    assert len(truth.initial_contact_s) == 0
    columns = shank_columns(standing, truth, seed=1)
    assert np.abs(columns.angular_velocity_dps).max() < 20
    assert_allclose(np.median(np.linalg.norm(columns.acceleration_g, axis=1)), 1.0, atol=0.02)
    assert {p[0] for p in rsc_stream(standing, seed=1).payloads} == {3}


def test_strides_scatter_as_much_as_they_were_told_to() -> None:
    truth = gait(SpeedProfile.steady(3.0, 3000.0), seed=4, runner=Runner(stride_sd_s=0.014, contact_sd_s=0.006))
    middle = slice(10, -10)
    assert np.std(truth.stride_time_s[middle]) == pytest.approx(0.014, rel=0.1)
    assert np.std(truth.contact_time_s[middle]) == pytest.approx(0.006, rel=0.1)


def test_impact_and_push_off_are_where_the_truth_says() -> None:
    truth = gait(RUN, seed=8)
    even = shank_columns(RUN, truth, seed=8, jitter=False)
    size = np.linalg.norm(even.acceleration_g, axis=1)
    for contact_s, toe_off_s in zip(truth.initial_contact_s[3:-3], truth.toe_off_s[3:-3], strict=True):
        near = (even.t_s > contact_s - 0.06) & (even.t_s < contact_s + 0.06)
        rise = np.diff(size[near])
        assert abs(even.t_s[near][np.argmax(rise) + 1] - contact_s) <= 0.011
        late = (even.t_s > contact_s + 0.1) & (even.t_s < toe_off_s + 0.1)
        fastest_s = even.t_s[late][np.argmax(even.angular_velocity_dps[late, 0])]
        assert abs(fastest_s - toe_off_s) <= 0.025


def swing_statistics(t_s: FloatArray, acceleration_g: FloatArray, rotation_dps: FloatArray) -> dict[str, float]:
    """Medians over strides of what makes a lower leg's signal recognisable; rotation about the x axis."""
    even_s = np.arange(t_s[0], t_s[-1], 0.01)
    x = np.interp(even_s, t_s, rotation_dps[:, 0])
    size = np.interp(even_s, t_s, np.linalg.norm(acceleration_g, axis=1))
    edges = np.diff((x < -250).astype(int))
    begins, ends = np.nonzero(edges == 1)[0] + 1, np.nonzero(edges == -1)[0] + 1
    rows = []
    for begin, end in zip(begins, ends[ends > begins[0]], strict=False):
        if end - begin < 10:
            continue
        zero = begin - int(np.argmax(x[begin::-1] >= 0))  # where the swing's rotation begins
        over = end + int(np.argmax(x[end:] >= 0))
        rows.append(
            (over, x[begin:end].min(), over - zero, size[over : over + 12].max(), x[over : over + 12].max(),
             np.median(x[zero - 10 : zero - 3]), np.median(size[zero - 8 : zero - 1]), size[zero : zero + 8].min(),
             x[over + 14 : over + 30].max())
        )  # fmt: skip
    values = np.array(rows[3:-3], dtype=float)
    names = ("swing_dps", "lobe", "peak_g", "spike_dps", "plateau_dps", "late_g", "drop_g", "push_off_dps")
    found = dict(zip(names, np.median(values[:, 1:], axis=0).tolist(), strict=True))
    return found | {"lobe_s": found["lobe"] / 100, "stride_s": float(np.median(np.diff(values[:, 0]))) / 100}


def test_a_simulated_leg_looks_like_the_real_one_it_was_shaped_after() -> None:
    real = np.genfromtxt(need.data("imu_shank/run_out.csv"), delimiter=",", skip_header=1)
    measured = swing_statistics(real[:, 0] / 1000, real[:, 1:4], real[:, 4:7])
    profile = SpeedProfile.steady(3.4, 3.4 * 60)
    columns = shank_columns(profile, gait(profile, seed=1), seed=1)
    simulated = swing_statistics(columns.t_s, columns.acceleration_g, columns.angular_velocity_dps)
    assert measured["stride_s"] == pytest.approx(0.69, abs=0.01)
    for name, tolerance in {
        "swing_dps": 40.0, "lobe_s": 0.05, "peak_g": 4.0, "spike_dps": 80.0, "plateau_dps": 30.0, "late_g": 0.6,
        "drop_g": 0.5, "push_off_dps": 50.0, "stride_s": 0.02,
    }.items():  # fmt: skip
        assert simulated[name] == pytest.approx(measured[name], abs=tolerance), name
