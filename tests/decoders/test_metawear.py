"""MetaMotion frames: both chips, their ranges, and anything else that may arrive."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.metawear import ACC, GYRO, MetaWearDecoder
from sensor_hub.model.profile import DeviceProfile
from tests.decoders.senders import BMI160, METAWEAR, METAWEAR_WRITE, metawear_data, profile
from tests.decoders.streams import blocks_of, mutated, same_in_any_grouping

G = 9.80665
THREE = [[2048, 0, 0], [0, -2048, 0], [0, 0, 32767]]


def configured(*commands: str) -> DeviceProfile:
    return profile("metawear", METAWEAR, start=[(METAWEAR_WRITE, command) for command in commands])


BMI270 = configured("03 03 a9 01", "13 03 a9 02", "03 05 01", "13 05 01")


def test_a_packed_frame_holds_three_samples_without_time() -> None:
    got = MetaWearDecoder(BMI160).decode(METAWEAR, [metawear_data(ACC, 0x1C, THREE)])
    assert_allclose(got.acceleration_mps2, [[G, 0, 0], [0, -G, 0], [0, 0, G * 32767 / 2048]])
    assert np.isnan(got.angular_velocity_radps).all()
    assert np.isnan(got.time_s).all()
    assert got.notification.tolist() == [0, 0, 0]


def test_a_frame_of_one_sample_is_read_too() -> None:
    got = MetaWearDecoder(BMI160).decode(METAWEAR, [metawear_data(GYRO, 0x05, [164, 0, -1640])])
    assert_allclose(got.angular_velocity_radps, [[math.radians(10), 0, -math.radians(100)]])
    assert got.measured.tolist() == [2]


@pytest.mark.parametrize(
    ("config", "packed", "counts_per_g"),
    [
        ("03 03 28 03", "03 1c 01", 16384), ("03 03 28 05", "03 1c 01", 8192), ("03 03 28 08", "03 1c 01", 4096),
        ("03 03 28 0c", "03 1c 01", 2048), ("03 03 a8 00", "03 05 01", 16384), ("03 03 a8 01", "03 05 01", 8192),
        ("03 03 a8 02", "03 05 01", 4096), ("03 03 a8 03", "03 05 01", 2048),
    ],
)  # fmt: skip
def test_one_g_is_one_g_in_every_range_of_both_chips(config: str, packed: str, counts_per_g: int) -> None:
    frame = metawear_data(ACC, int(packed[3:5], 16), [[0, 0, min(counts_per_g, 32767)]] * 3)
    got = MetaWearDecoder(configured(config, packed)).decode(METAWEAR, [frame])
    assert_allclose(got.acceleration_mps2, [[0, 0, G]] * 3, rtol=1e-4)


@pytest.mark.parametrize(("code", "per_dps"), list(enumerate([16.4, 32.8, 65.6, 131.2, 262.4])))
def test_a_turn_is_a_turn_in_every_range(code: int, per_dps: float) -> None:
    decoder = MetaWearDecoder(configured(f"13 03 29 0{code}"))
    got = decoder.decode(METAWEAR, [metawear_data(GYRO, 0x07, [[round(per_dps * 100), 0, 0]] * 3)])
    assert_allclose(got.angular_velocity_radps[0], [math.radians(100), 0, 0], rtol=1e-3)


def test_both_sensors_come_in_the_order_in_which_they_were_sent() -> None:
    frames = [metawear_data(GYRO, 0x05, THREE), metawear_data(ACC, 0x05, THREE), metawear_data(GYRO, 0x05, THREE)]
    got = MetaWearDecoder(BMI270).decode(METAWEAR, frames)
    assert got.notification.tolist() == [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert got.measured.tolist() == [2, 2, 2, 1, 1, 1, 2, 2, 2]


@pytest.mark.parametrize("frame", [b"\x01\x01\x01", b"\x11\x8c\x64\x10\x10", b"\x03\x83\x29\x0c", b"\x13\x02"])
def test_other_modules_and_registers_give_no_samples_and_are_no_failures(frame: bytes) -> None:
    got = MetaWearDecoder(BMI160).decode(METAWEAR, [frame])
    assert (len(got), got.failures) == (0, ())


@pytest.mark.parametrize(
    ("frame", "words"),
    [(b"\x03", "1 bytes"), (b"", "0 bytes"), (b"\x03\x1c" + bytes(17), "acceleration of 19 bytes, not 8 or 20")],
)
def test_a_frame_of_another_length_is_a_failure(frame: bytes, words: str) -> None:
    (failure,) = MetaWearDecoder(BMI160).decode(METAWEAR, [frame]).failures
    assert words in failure[1].problem


def test_without_a_range_in_the_profile_the_scale_is_unknown() -> None:
    got = MetaWearDecoder(configured("03 1c 01")).decode(METAWEAR, [metawear_data(ACC, 0x1C, THREE)])
    assert "set no range of acceleration" in got.failures[0][1].problem


FRAMES = st.builds(
    metawear_data,
    st.sampled_from([ACC, GYRO, ACC, GYRO, 0x11]),
    st.sampled_from([0x04, 0x05, 0x07, 0x1C, 0x83]),
    st.sampled_from([1, 3, 3, 3]).flatmap(lambda n: st.lists(st.integers(-999, 999), min_size=3 * n, max_size=3 * n)),
)


@given(blocks_of(st.tuples(st.just(METAWEAR), mutated(FRAMES))), st.sampled_from([BMI160, BMI270, configured()]))
def test_any_bytes_in_any_grouping_give_the_same_and_raise_nothing(
    blocks: list[list[tuple[str, bytes]]], of: DeviceProfile
) -> None:
    same_in_any_grouping(lambda: MetaWearDecoder(of), blocks)
