"""Movesense packets: whole, in parts, refused, and anything else that may arrive."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from sensor_hub.decoders.movesense import MovesenseDecoder
from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY
from sensor_hub.model.profile import DeviceProfile
from tests.decoders.senders import IMU6, MOVESENSE, MOVESENSE_WRITE, movesense_data, profile
from tests.decoders.streams import blocks_of, columns_of, copies_add_nothing, mutated, same_in_any_grouping

REST = [[0.0, 0.0, 9.81]]
STILL = [[0.0, 0.0, 0.0]]
SEVERAL = profile(
    "movesense",
    MOVESENSE,
    start=[
        (MOVESENSE_WRITE, b"\x00"),
        (MOVESENSE_WRITE, b"\x01\x01/Meas/IMU9/52"),
        (MOVESENSE_WRITE, b"\x01\x02/Meas/Acc/104"),
        (MOVESENSE_WRITE, b"\x01\x03Meas/Gyro/104"),
        (MOVESENSE_WRITE, b"\x01\x04/Meas/HR"),
        (MOVESENSE_WRITE, b"\x01\x05/Meas/Magn/52"),
    ],
)


def imu6(first_ms: int, n: int = 2, reference: int = 1) -> bytes:
    return movesense_data(reference, first_ms, REST * n, STILL * n)


def test_acceleration_and_angular_velocity_are_blocks_and_the_time_is_that_of_the_first_sample() -> None:
    packet = movesense_data(1, 5000, [[1, 2, 3], [4, 5, 6]], [[180, 0, 0], [0, -90, 0]])
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [packet])
    assert_allclose(got.time_s, [5.0, 5.0 + 1 / 104])
    assert_allclose(got.acceleration_mps2, [[1, 2, 3], [4, 5, 6]])
    assert_allclose(got.angular_velocity_radps, [[np.pi, 0, 0], [0, -np.pi / 2, 0]])
    assert got.measured.tolist() == [ACCELERATION | ANGULAR_VELOCITY] * 2
    assert got.notification.tolist() == [0, 0]


def test_each_subscription_is_read_by_its_path() -> None:
    packets = [
        movesense_data(3, 10, STILL * 2),
        movesense_data(2, 10, REST * 3),
        movesense_data(1, 10, REST, STILL, [[20, 30, 40]]),
        movesense_data(4, 10, REST),  # heart rate: not ours
        movesense_data(5, 10, REST),  # magnetic field alone: not ours
        movesense_data(77, 10, REST),  # not subscribed
    ]
    got = MovesenseDecoder(SEVERAL).decode(MOVESENSE, packets)
    assert not got.failures
    assert got.notification.tolist() == [0, 0, 1, 1, 1, 2]
    assert got.measured.tolist() == [2, 2, 1, 1, 1, 3]
    assert_allclose(got.time_s[2:5], [0.01, 0.01 + 1 / 104, 0.01 + 2 / 104])


def test_a_packet_in_two_parts_belongs_to_the_notification_that_completes_it() -> None:
    packet = imu6(7000, 8)
    parts = [packet[:155], b"\x03\x01" + packet[155:]]
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [*parts, imu6(7077, 8)])
    assert not got.failures
    assert got.notification.tolist() == [1] * 8 + [2] * 8
    assert_allclose(got.acceleration_mps2, REST * 16, rtol=1e-6)


def test_a_lost_continuation_drops_its_packet_and_nothing_else() -> None:
    lost, packet = imu6(6923, 8), imu6(7000, 8)
    decoder = MovesenseDecoder(IMU6)
    got = decoder.decode(MOVESENSE, [lost[:155], packet[:155], b"\x03\x01" + packet[155:]])
    assert [(i, "was never completed" in e.problem) for i, e in got.failures] == [(1, True)]
    assert got.notification.tolist() == [2] * 8


def test_a_continuation_without_its_beginning_is_a_failure() -> None:
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [b"\x03\x01" + bytes(24), imu6(1)])
    assert [(i, "without its beginning" in e.problem) for i, e in got.failures] == [(0, True)]
    assert got.notification.tolist() == [1, 1]


def test_a_first_part_that_looks_whole_is_known_from_its_first_continuation_on() -> None:
    packets = [imu6(1000 + 80 * i, 8) for i in range(3)]
    parts = [p for packet in packets for p in (packet[:150], b"\x03\x01" + packet[150:])]  # 150 = 6 + 6 * 24
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, parts)
    assert [i for i, _ in got.failures] == [1]
    assert got.notification.tolist() == [0] * 6 + [3] * 8 + [5] * 8
    assert_allclose(got.acceleration_mps2[6:], REST * 16, rtol=1e-6)


def test_a_packet_that_never_ends_is_given_up() -> None:
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [imu6(1)[:-1], *[b"\x03\x01" + bytes(239)] * 30])
    assert any("a packet of" in e.problem for _, e in got.failures)


@pytest.mark.parametrize("status", [b"\xc8\0", b"\0\xc8", b"\xc9\0"])
def test_an_answer_of_success_is_read_in_either_byte_order(status: bytes) -> None:
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [b"\x01\x01" + status, b"\x01\x00" + status + b"more"])
    assert (len(got), got.failures) == (0, ())


@pytest.mark.parametrize("status", [b"\x94\x01", b"\x01\x94"])
def test_a_refusal_names_the_subscription_and_the_status(status: bytes) -> None:
    (failure,) = MovesenseDecoder(IMU6).decode(MOVESENSE, [b"\x01\x01" + status]).failures
    assert failure[1].problem == "the sensor refused /Meas/IMU6/104: status 404"


@pytest.mark.parametrize(
    ("payload", "words"),
    [(b"\x02", "1 bytes"), (b"\x01\x01\xc8", "an answer of 3"), (b"\x02\x01abc", "too few"), (b"\x09\x01", "kind 9")],
)
def test_what_is_no_notification_of_the_protocol_is_a_failure(payload: bytes, words: str) -> None:
    (failure,) = MovesenseDecoder(IMU6).decode(MOVESENSE, [payload]).failures
    assert words in failure[1].problem


def test_numbers_that_are_not_finite_are_unknown() -> None:
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [movesense_data(1, 1, [[np.inf, np.nan, 1]], [[0, -np.inf, 0]])])
    assert np.isnan(got.acceleration_mps2).tolist() == [[True, True, False]]
    assert np.isnan(got.angular_velocity_radps).tolist() == [[False, True, False]]


def test_a_copy_of_a_packet_gives_nothing() -> None:
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [imu6(1), imu6(1), imu6(20)])
    assert got.notification.tolist() == [0, 0, 2, 2]


def in_parts(first_ms: int, size: int) -> list[bytes]:
    acceleration = [[0.1 * i + first_ms, 0, 9.81] for i in range(8)]
    packet = movesense_data(1, first_ms, acceleration, [[i, first_ms, -i] for i in range(8)])
    rest = packet[size:]
    return [packet[:size], *(b"\x03\x01" + rest[at : at + size - 2] for at in range(0, len(rest), size - 2))]


@pytest.mark.parametrize("size", [198, 155, 80])
@pytest.mark.parametrize("crossing", [1, 2, 3, 4])
def test_copies_that_are_crossed_change_nothing_and_are_no_failures(size: int, crossing: int) -> None:
    sent = [part for i in range(12) for part in in_parts(1000 + 80 * i + i * i % 3, size)]
    groups = [sent[at : at + crossing] for at in range(0, len(sent), crossing)]
    once = MovesenseDecoder(IMU6).decode(MOVESENSE, sent)
    crossed = MovesenseDecoder(IMU6).decode(MOVESENSE, [part for group in groups for part in group * 2])
    assert (once.failures, crossed.failures) == ((), ())
    assert len(once) == 96
    for values, expected in zip(columns_of(crossed)[1:], columns_of(once)[1:], strict=True):
        assert_array_equal(values, expected)


def test_parts_of_a_sensor_at_rest_may_be_alike() -> None:
    packets = [imu6(1000 + 80 * i, 8) for i in range(3)]
    got = MovesenseDecoder(IMU6).decode(MOVESENSE, [p for x in packets for p in (x[:155], b"\x03\x01" + x[155:])])
    assert (got.notification.tolist(), got.failures) == ([1] * 8 + [3] * 8 + [5] * 8, ())


@pytest.mark.parametrize("command", [b"\x01\x01/Meas/IMU6/fast", b"\x01\x01/Meas/IMU6/0", b"\x01\x01", b""])
def test_a_profile_without_a_usable_subscription_gives_no_samples(command: bytes) -> None:
    of = profile("movesense", MOVESENSE, start=[(MOVESENSE_WRITE, command)])
    assert len(MovesenseDecoder(of).decode(MOVESENSE, [imu6(1)])) == 0


TIMES = st.sampled_from([0, 77, 1000, 1077, 2**32 - 1])
PACKETS = st.one_of(
    st.builds(imu6, TIMES, st.integers(0, 4), st.sampled_from([1, 1, 1, 2, 3, 9])),
    st.builds(lambda t: imu6(t, 3)[:54], TIMES),
    st.builds(lambda t: imu6(t, 3)[:50], TIMES),
    st.builds(lambda n: b"\x03\x01" + bytes(n), st.sampled_from([24, 28])),
    st.sampled_from([b"\x01\x01\xc8\0", b"\x01\x01\x94\x01"]),
)
NOTIFICATIONS = st.tuples(st.just(MOVESENSE), mutated(PACKETS))


@given(blocks_of(NOTIFICATIONS), st.sampled_from([IMU6, SEVERAL]))
def test_any_bytes_in_any_grouping_give_the_same_and_raise_nothing(
    blocks: list[list[tuple[str, bytes]]], of: DeviceProfile
) -> None:
    same_in_any_grouping(lambda: MovesenseDecoder(of), blocks)


@given(st.lists(st.builds(imu6, st.integers(0, 9), st.integers(1, 3)), max_size=8))
def test_every_notification_twice_gives_no_sample_twice(packets: list[bytes]) -> None:
    copies_add_nothing(lambda: MovesenseDecoder(IMU6), [(MOVESENSE, packet) for packet in packets])
