import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.movesense import MovesenseDecoder
from sensor_hub.decoders.polar_pmd import PmdDecoder
from sensor_hub.model.profile import Command, DeviceProfile
from sensor_hub.simulation.gait import Stream, gait, shank_columns
from sensor_hub.simulation.imu_frames import (
    MOVESENSE_CHARACTERISTIC,
    PMD_CHARACTERISTIC,
    delivered,
    delta_content,
    imu_columns,
    movesense_stream,
    pmd_factor,
    pmd_stream,
)
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2

RUN = SpeedProfile.steady(3.0, 3.0 * 40)
TRUTH = gait(RUN, seed=4)
PMD_CONTROL = "fb005c81-02e7-f387-1cad-8acd2d8df0c8"


def profile(*start: Command, rate_hz: float) -> DeviceProfile:
    return DeviceProfile(
        "test", 1, "test", (), {}, "imu", "unverified", "made for this test", start=start, sampling_rate_hz=rate_hz
    )


@pytest.mark.parametrize("delta", [False, True])
def test_polar_acceleration_is_decoded_to_the_samples_it_was_made_from(delta: bool) -> None:
    columns = imu_columns(RUN, TRUTH, seed=4, rate_hz=52.0)
    stream = pmd_stream(columns, "acceleration", delta=delta)
    decoder = PmdDecoder(profile(rate_hz=52.0))
    decoder.decode(PMD_CONTROL, [b"\xf0\x02\x02\x00\x00\x05\x01" + struct.pack("<f", pmd_factor("acceleration"))])
    samples = decoder.decode(PMD_CHARACTERISTIC, stream.payloads)
    assert samples.failures == ()
    n = len(samples)
    assert n == len(columns.t_s) // 18 * 18
    expected = np.clip(columns.acceleration_g[:n], -8, 8) * STANDARD_GRAVITY_MPS2
    assert_allclose(samples.acceleration_mps2, expected, atol=0.0006 * STANDARD_GRAVITY_MPS2)
    assert_allclose(samples.time_s - samples.time_s[0], columns.device_s[:n], atol=1e-6)


def test_polar_rotation_is_decoded_to_the_samples_it_was_made_from() -> None:
    columns = imu_columns(RUN, TRUTH, seed=4, rate_hz=52.0)
    decoder = PmdDecoder(profile(rate_hz=52.0))
    decoder.decode(PMD_CONTROL, [b"\xf0\x02\x05\x00\x00\x05\x01" + struct.pack("<f", pmd_factor("rotation"))])
    samples = decoder.decode(PMD_CHARACTERISTIC, pmd_stream(columns, "rotation", delta=True).payloads)
    assert samples.failures == ()
    expected = columns.angular_velocity_dps[: len(samples)] * DEGREE_RAD
    assert_allclose(samples.angular_velocity_radps, expected, atol=0.04 * DEGREE_RAD)


def test_movesense_packets_are_decoded_to_the_samples_they_were_made_from() -> None:
    columns = imu_columns(RUN, TRUTH, seed=4, rate_hz=104.0)
    start = Command("34800001-7185-4d5d-b431-630e7050e8f0", b"\x01\x01/Meas/IMU6/104")
    decoder = MovesenseDecoder(profile(start, rate_hz=104.0))
    samples = decoder.decode(MOVESENSE_CHARACTERISTIC, movesense_stream(columns, reference=1).payloads)
    assert samples.failures == ()
    n = len(samples)
    assert_allclose(samples.acceleration_mps2, columns.acceleration_g[:n] * STANDARD_GRAVITY_MPS2, rtol=1e-6, atol=1e-5)
    assert_allclose(samples.angular_velocity_radps, columns.angular_velocity_dps[:n] * DEGREE_RAD, rtol=1e-6, atol=1e-5)
    assert_allclose(samples.time_s, columns.device_s[:n], atol=0.0006)


def test_a_clock_that_runs_too_fast_shows_in_its_times_and_not_in_the_motion() -> None:
    even = imu_columns(RUN, TRUTH, seed=4, rate_hz=100.0)
    fast = imu_columns(RUN, TRUTH, seed=4, rate_hz=100.0, drift_ppm=10_000.0)
    assert_allclose(fast.device_s / fast.t_s.clip(1e-9), np.where(fast.t_s > 0, 1.01, 0.0))
    assert len(fast.t_s) == pytest.approx(len(even.t_s) * 1.01, abs=2)
    shank = shank_columns(RUN, TRUTH, seed=4, jitter=False, device_start_ms=0, drift_ppm=10_000.0)
    assert_allclose(shank.time_ms, shank.t_s * 1010, atol=0.51)


@given(
    st.lists(st.tuples(*[st.integers(-(2**15), 2**15 - 1)] * 3), min_size=1, max_size=256),
)
def test_any_counts_survive_compression(rows: list[tuple[int, int, int]]) -> None:
    frame = struct.pack("<BQB", 2, 10**18, 0x81) + delta_content(np.array(rows, dtype=np.int64))
    decoder = PmdDecoder(profile(rate_hz=52.0))
    decoder.decode(PMD_CONTROL, [b"\xf0\x02\x02\x00\x00\x05\x01" + struct.pack("<f", 1.0)])
    samples = decoder.decode(PMD_CHARACTERISTIC, [frame])
    assert samples.failures == ()
    assert_allclose(samples.acceleration_mps2, np.array(rows) * STANDARD_GRAVITY_MPS2 / 1000, rtol=1e-12)


def test_what_the_format_cannot_say_is_refused() -> None:
    columns = imu_columns(RUN, TRUTH, seed=4, rate_hz=52.0)
    with pytest.raises(ValueError, match="no raw frames"):
        pmd_stream(columns, "rotation", delta=False)
    with pytest.raises(ValueError, match="255"):
        delta_content(np.zeros((257, 3), dtype=np.int64))


@given(st.integers(0, 99), st.floats(0.0075, 0.5), st.floats(0.0, 0.5))
def test_what_is_delivered_is_all_there_in_order_and_never_early(seed: int, interval_s: float, lost: float) -> None:
    sent_us = np.arange(0, 3_000_000, 10_000, dtype=np.int64)
    payloads = [i.to_bytes(2, "little") for i in range(len(sent_us))]
    late = delivered(Stream("2fff", sent_us, payloads), seed=seed, interval_s=interval_s, lost=lost)
    assert late.payloads == payloads
    assert np.all(np.diff(late.arrival_us) >= 0)
    assert np.all(late.arrival_us >= sent_us)
    if lost == 0:
        assert np.all(late.arrival_us - sent_us <= interval_s * 1e6 + 1)
