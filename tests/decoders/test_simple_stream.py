"""Simple Stream: a configuration, then columns; and anything else that may arrive."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.samples import Samples
from sensor_hub.decoders.simple_stream import SimpleStreamDecoder
from sensor_hub.model.profile import Layout, LayoutField
from tests.decoders.senders import NANO, SIMPLE_CONFIG, SIMPLE_DATA, simple_config, simple_data
from tests.decoders.streams import blocks_of, mutated, same_in_any_grouping

G = 9.80665
ROW = [1000, 0, -8197, 100, -200, 0]


def decoded(config: bytes, *payloads: bytes) -> Samples:
    decoder = SimpleStreamDecoder(NANO)
    assert not decoder.decode(SIMPLE_CONFIG, [config]).failures
    return decoder.decode(SIMPLE_DATA, payloads)


def test_counts_are_those_of_the_chips_data_sheet() -> None:
    got = decoded(simple_config(), simple_data(ROW))
    assert_allclose(got.acceleration_mps2, [[0.122 * G, 0, -8197 * 0.122e-3 * G]])
    assert_allclose(got.angular_velocity_radps, [[math.radians(7), -math.radians(14), 0]])
    assert np.isnan(got.time_s).all()


def test_columns_lie_where_the_configuration_says() -> None:
    names = ["Temperature", "GyroscopeZ", "AccelerometerX", "AccelerometerZ", "AccelerometerY"]
    got = decoded(simple_config(columns=names), simple_data([9, 9, 1000, 3000, 2000]))
    assert_allclose(got.acceleration_mps2, [[0.122 * G, 0.244 * G, 0.366 * G]])
    assert got.measured.tolist() == [1]  # one column of the gyroscope alone is no vector


def test_several_samples_a_packet() -> None:
    got = decoded(simple_config(n=None), simple_data([ROW, ROW]), simple_data(ROW), b"")
    assert got.notification.tolist() == [0, 0, 1]
    assert [i for i, _ in got.failures] == [2]


def test_a_packet_of_another_size_is_a_failure() -> None:
    got = decoded(simple_config(n=2), simple_data(ROW), simple_data([ROW, ROW]), b"\0" * 23, b"")
    assert [i for i, _ in got.failures] == [0, 2, 3]
    assert "12 bytes are not 2 samples of 6 columns" in got.failures[0][1].problem


def test_data_before_a_configuration_are_failures() -> None:
    got = SimpleStreamDecoder(NANO).decode(SIMPLE_DATA, [simple_data(ROW)])
    assert "no configuration yet" in got.failures[0][1].problem


def test_a_rate_that_is_not_the_profiles_is_told() -> None:
    (failure,) = SimpleStreamDecoder(NANO).decode(SIMPLE_CONFIG, [simple_config(rate_hz=476)]).failures
    assert failure[1].problem == "the sensor samples at 476 Hz, its profile says 119 Hz"


@pytest.mark.parametrize(
    ("config", "words"),
    [
        (b"nonsense", "not JSON"), (b"", "not JSON"), (b"[1]", "no column_location"), (b"[" * 500, "not JSON"),
        (b"\xff" * 600, "600 bytes"), (b'{"column_location":{}}', "no column_location"),
        (b'{"column_location":{"AccelerometerX":1}}', "does not number"),
        (b'{"column_location":{"AccelerometerX":true}}', "does not number"),
        (b'{"column_location":{"AccelerometerX":0}}', "neither all Accelerometer"),
        (simple_config(n=0), "samples_per_packet is 0"), (simple_config(rate_hz=-1), "sample_rate is -1"),
    ],
)  # fmt: skip
def test_a_configuration_that_cannot_be_is_a_failure_and_changes_nothing(config: bytes, words: str) -> None:
    decoder = SimpleStreamDecoder(NANO)
    decoder.decode(SIMPLE_CONFIG, [simple_config()])
    (failure,) = decoder.decode(SIMPLE_CONFIG, [config]).failures
    assert words in failure[1].problem
    assert len(decoder.decode(SIMPLE_DATA, [simple_data(ROW)])) == 1


def test_the_profile_may_say_another_scale() -> None:
    layout = Layout("columns", (LayoutField("acceleration_x_mps2", "i16", G / 1000),))
    decoder = SimpleStreamDecoder(replace(NANO, layouts={"columns": layout}))
    decoder.decode(SIMPLE_CONFIG, [simple_config()])
    got = decoder.decode(SIMPLE_DATA, [simple_data([1000] * 6)])
    assert_allclose(got.acceleration_mps2, [[G, 0.122 * G, 0.122 * G]])


CONFIGS = st.sampled_from([simple_config(), simple_config(n=None), simple_config(n=2), simple_config(columns=["A"])])
DATA = st.lists(st.integers(-(2**15), 2**15 - 1), min_size=6, max_size=6).map(simple_data)
NOTIFICATIONS = st.one_of(
    st.tuples(st.just(SIMPLE_CONFIG), mutated(CONFIGS)),
    st.tuples(st.just(SIMPLE_CONFIG), CONFIGS),
    st.tuples(st.just(SIMPLE_DATA), mutated(st.one_of(DATA, st.tuples(DATA, DATA).map(b"".join)))),
)


@given(blocks_of(NOTIFICATIONS))
def test_any_bytes_in_any_grouping_give_the_same_and_raise_nothing(blocks: list[list[tuple[str, bytes]]]) -> None:
    same_in_any_grouping(lambda: SimpleStreamDecoder(NANO), blocks)
