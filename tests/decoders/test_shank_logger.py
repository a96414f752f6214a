"""The open shank logger, which a declared layout understands."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.decoders.catalogue import stream_decoder
from sensor_hub.decoders.samples import Samples
from sensor_hub.model.profile import DeviceProfile
from tests.shank_frames import SHANK_LOGGER, encode

FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-4096, max_value=4096)
SHIPPED = all_profiles()["fuzzylabs-shank-logger"]


def decoded(payloads: list[bytes], profile: DeviceProfile = SHIPPED) -> Samples:
    return stream_decoder(profile.characteristics["2fff"], profile).decode("2fff", payloads)


def test_one_sample_becomes_si_units() -> None:
    samples = decoded([struct.pack("<I6f", 161129, 0.0, 1.0, -2.0, 180.0, 0.0, -90.0)])
    assert_allclose(samples.time_s, [161.129])
    assert_allclose(samples.acceleration_mps2, [[0.0, 9.80665, -19.6133]])
    assert_allclose(samples.angular_velocity_radps, [[np.pi, 0.0, -np.pi / 2]])


@given(st.integers(0, 2**32 - 1), st.lists(FLOAT32, min_size=6, max_size=6))
def test_what_is_encoded_decodes_to_itself(time_ms: int, values: list[float]) -> None:
    samples = decoded([encode(time_ms, values[:3], values[3:])])
    assert_allclose(samples.time_s, [time_ms / 1000])
    assert_allclose(samples.acceleration_mps2[0] / 9.80665, values[:3], rtol=1e-6, atol=1e-6)
    assert_allclose(np.degrees(samples.angular_velocity_radps[0]), values[3:], rtol=1e-6, atol=1e-6)


@given(st.lists(st.binary(min_size=28, max_size=28), min_size=1, max_size=5))
def test_the_profile_of_the_tests_and_the_shipped_one_mean_the_same(payloads: list[bytes]) -> None:
    ours, shipped = decoded(payloads, SHANK_LOGGER), decoded(payloads)
    assert np.array_equal(ours.time_s, shipped.time_s)
    assert np.array_equal(ours.acceleration_mps2, shipped.acceleration_mps2, equal_nan=True)
    assert np.array_equal(ours.angular_velocity_radps, shipped.angular_velocity_radps, equal_nan=True)


@pytest.mark.parametrize("name", ["timestamp", "timestamp_wrap_bits", "timestamp_tick_s", "stale_timeout_s", "mount"])
def test_the_profile_of_the_tests_has_the_clock_of_the_shipped_one(name: str) -> None:
    assert getattr(SHANK_LOGGER, name) == getattr(SHIPPED, name)


def test_a_payload_of_another_length_is_named() -> None:
    ((index, error),) = decoded([bytes(28), bytes(27)]).failures
    assert index == 1
    assert error.problem == "27 bytes, not 28"
