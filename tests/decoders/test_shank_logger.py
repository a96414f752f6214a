import struct
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.clock import WrappedClock
from sensor_hub.decoders.shank_logger import decode_many, encode
from sensor_hub.errors import DecodeError

FLOAT32 = st.floats(width=32, allow_nan=False, allow_infinity=False, min_value=-4096, max_value=4096)


def test_one_sample_becomes_si_units() -> None:
    payload = struct.pack("<I6f", 161129, 0.0, 1.0, -2.0, 180.0, 0.0, -90.0)
    time_s, acceleration, angular_velocity = decode_many([payload])
    assert_allclose(time_s, [161.129])
    assert_allclose(acceleration, [[0.0, 9.80665, -19.6133]])
    assert_allclose(angular_velocity, [[np.pi, 0.0, -np.pi / 2]])


@given(st.lists(st.binary(max_size=40), max_size=5))
def test_any_payloads_decode_or_raise_decode_error(payloads: list[bytes]) -> None:
    with suppress(DecodeError):
        time_s, acceleration, angular_velocity = decode_many(payloads)
        assert np.all(np.isfinite(time_s))
        assert not np.any(np.isinf(acceleration))
        assert not np.any(np.isinf(angular_velocity))


@given(st.integers(0, 2**32 - 1), st.lists(FLOAT32, min_size=6, max_size=6))
def test_what_is_encoded_decodes_to_itself(time_ms: int, values: list[float]) -> None:
    time_s, acceleration, angular_velocity = decode_many([encode(time_ms, values[:3], values[3:])])
    assert_allclose(time_s, [time_ms / 1000])
    assert_allclose(acceleration[0] / 9.80665, values[:3], rtol=1e-6, atol=1e-6)
    assert_allclose(np.degrees(angular_velocity[0]), values[3:], rtol=1e-6, atol=1e-6)


def test_a_payload_of_another_length_is_named() -> None:
    with pytest.raises(DecodeError, match="27 bytes, not 28"):
        decode_many([bytes(28), bytes(27)])


def test_a_counter_that_wraps_goes_on_rising() -> None:
    clock = WrappedClock(10.0)
    assert_allclose(clock.unwrap(np.array([8.0, 9.5, 0.5])), [8.0, 9.5, 10.5])
    assert_allclose(clock.unwrap(np.array([2.0, 6.9])), [12.0, 16.9])


def test_a_small_step_backwards_is_not_a_wrap() -> None:
    assert_allclose(WrappedClock(10.0).unwrap(np.array([5.0, 4.9, 5.1])), [5.0, 4.9, 5.1])


@given(st.lists(st.floats(0, 4.9), min_size=1, max_size=30), st.integers(1, 7))
def test_unwrapping_does_not_depend_on_block_sizes(steps: list[float], size: int) -> None:
    counter = np.cumsum(steps) % 10.0
    whole = WrappedClock(10.0).unwrap(counter)
    clock = WrappedClock(10.0)
    parts = [clock.unwrap(counter[i : i + size]) for i in range(0, len(counter), size)]
    assert_allclose(np.concatenate(parts), whole)
