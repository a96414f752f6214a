"""Polar Measurement Data: hand-made frames, their times, answers, and anything else that may arrive."""

import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from sensor_hub.decoders.pmd_frames import ACC, GYRO
from sensor_hub.decoders.polar_pmd import PmdDecoder, settings_of
from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY
from sensor_hub.errors import DecodeError
from tests.decoders.senders import (
    PMD,
    PMD_CONTROL,
    PMD_DATA,
    pmd_answer,
    pmd_delta,
    pmd_factor,
    pmd_frame,
    profile,
)
from tests.decoders.streams import blocks_of, copies_add_nothing, decode_all, mutated, same_in_any_grouping

G = 9.80665
S = 1_000_000_000  # ns
NO_RATE = profile("polar_pmd", PMD_CONTROL, PMD_DATA)


def at_rest(last_ns: int, n: int = 4) -> bytes:
    return pmd_frame(ACC, last_ns, 1, struct.pack("<3h", 0, 0, 1000) * n)


@pytest.mark.parametrize(("frame_type", "octets"), [(0, 1), (1, 2), (2, 3)])
def test_raw_acceleration_of_each_width_is_in_milli_g(frame_type: int, octets: int) -> None:
    values = (-9, -1, 99, -128, 127, 0)
    content = b"".join(v.to_bytes(octets, "little", signed=True) for v in values)
    got = PmdDecoder(PMD).decode(PMD_DATA, [pmd_frame(ACC, S, frame_type, content)])
    assert_allclose(got.acceleration_mps2 / G * 1000, [values[:3], values[3:]])
    assert np.isnan(got.angular_velocity_radps).all()
    assert got.measured.tolist() == [ACCELERATION, ACCELERATION]


def test_differences_are_unpacked_from_the_least_significant_bit_and_added_up() -> None:
    # reference 100, -2, 3; two differences a channel of 3 bits: 1 -2 3, -4 0 2
    packed = (0b001 | 0b110 << 3 | 0b011 << 6 | 0b100 << 9 | 0b000 << 12 | 0b010 << 15).to_bytes(3, "little")
    content = struct.pack("<3h", 100, -2, 3) + bytes([3, 2]) + packed
    got = PmdDecoder(PMD).decode(PMD_DATA, [pmd_frame(ACC, S, 0x81, content)])
    assert_allclose(got.acceleration_mps2 / G * 1000, [[100, -2, 3], [101, -4, 6], [97, -4, 8]])


def test_compressed_acceleration_of_type_0_is_in_g_times_the_factor_of_the_answer() -> None:
    decoder = PmdDecoder(PMD)
    decoder.decode(PMD_CONTROL, [pmd_answer(ACC, settings=pmd_factor(0.5))])
    got = decoder.decode(PMD_DATA, [pmd_frame(ACC, S, 0x80, struct.pack("<3h", 2, -4, 0))])
    assert_allclose(got.acceleration_mps2, [[G, -2 * G, 0.0]], rtol=1e-12)


def test_without_an_answer_the_range_of_the_start_command_scales_acceleration() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [pmd_frame(ACC, S, 0x80, struct.pack("<3h", 0, 0, 4096))])
    assert_allclose(got.acceleration_mps2, [[0, 0, G]])  # ±8 g over ±2^15


def test_angular_velocity_has_no_scale_before_the_answer_and_the_factor_after_it() -> None:
    frames = [pmd_frame(GYRO, S, 0x80, struct.pack("<3h", 90, -180, 0)), pmd_frame(GYRO, 2 * S, 0x80, bytes(6))]
    decoder = PmdDecoder(PMD)
    (failure,) = decoder.decode(PMD_DATA, frames[1:]).failures
    assert "scale is not known" in failure[1].problem
    decoder.decode(PMD_CONTROL, [pmd_answer(GYRO, settings=pmd_factor(2.0))])
    got = decoder.decode(PMD_DATA, frames[:1])
    assert_allclose(got.angular_velocity_radps, [[math.pi, -2 * math.pi, 0]])
    assert got.measured.tolist() == [ANGULAR_VELOCITY]


def test_an_answer_without_a_factor_means_one() -> None:
    decoder = PmdDecoder(PMD)
    decoder.decode(PMD_CONTROL, [pmd_answer(GYRO)])
    got = decoder.decode(PMD_DATA, [pmd_frame(GYRO, S, 0x80, struct.pack("<3h", 180, 0, 0))])
    assert_allclose(got.angular_velocity_radps, [[math.pi, 0, 0]])


def test_an_answer_that_the_stream_already_runs_says_nothing_about_its_scale() -> None:
    decoder = PmdDecoder(PMD)
    assert not decoder.decode(PMD_CONTROL, [pmd_answer(GYRO, status=6)]).failures
    assert decoder.decode(PMD_DATA, [pmd_frame(GYRO, S, 0x80, bytes(6))]).failures


def test_compressed_floats_are_differences_of_bit_patterns() -> None:
    one, ten = (struct.unpack("<i", struct.pack("<f", v))[0] for v in (1.0, 10.0))
    decoder = PmdDecoder(PMD)
    decoder.decode(PMD_CONTROL, [pmd_answer(GYRO, settings=pmd_factor(0.5))])
    content = pmd_delta([[one] * 3, [ten] * 3, [one] * 3], [2], reference_bytes=4)
    got = decoder.decode(PMD_DATA, [pmd_frame(GYRO, S, 0x81, content)])
    assert_allclose(np.degrees(got.angular_velocity_radps), [[0.5] * 3, [5.0] * 3, [0.5] * 3])


def test_raw_and_compressed_frames_may_come_in_one_run() -> None:
    compressed = pmd_frame(ACC, S, 0x81, pmd_delta([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [2]))
    raw = pmd_frame(ACC, S + 40_000_000, 1, struct.pack("<6h", 10, 11, 12, 13, 14, 15))
    got = PmdDecoder(PMD).decode(PMD_DATA, [compressed, raw])
    assert_allclose(got.acceleration_mps2 / G * 1000, np.arange(1, 16).reshape(5, 3))


def test_where_no_command_asks_for_a_rate_the_profile_says_it() -> None:
    of = profile("polar_pmd", PMD_CONTROL, PMD_DATA, rate_hz=100.0)
    assert_allclose(PmdDecoder(of).decode(PMD_DATA, [at_rest(S, 2)]).time_s, [0.99, 1.0])


def test_a_time_belongs_to_the_last_sample_and_the_first_frame_is_spread_by_the_rate() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(10 * S, 3)])
    assert_allclose(got.time_s, [10 - 2 / 52, 10 - 1 / 52, 10])


def test_later_frames_are_spread_since_the_frame_before() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(10 * S), at_rest(10 * S + 80_000_000)])
    assert_allclose(got.time_s[4:], [10.02, 10.04, 10.06, 10.08])


def test_after_a_lost_notification_samples_are_not_spread_over_the_hole() -> None:
    times = [10 * S, 10 * S + 80_000_000, 10 * S + 240_000_000]  # one of 80 ms is missing
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(t) for t in times])
    assert_allclose(got.time_s[8:], [10.18, 10.20, 10.22, 10.24])


def test_a_sensor_slower_than_it_was_told_is_believed_the_second_time() -> None:
    frames = [at_rest(10 * S + i * 1_000_000) for i in (0, 400, 812)]  # about 10 Hz, told 52
    got = PmdDecoder(PMD).decode(PMD_DATA, frames)
    assert_allclose(np.diff(got.time_s[4:8]), 1 / 52, rtol=1e-6)
    assert_allclose(np.diff(got.time_s[8:]), 0.103, rtol=1e-6)


def test_two_holes_of_different_length_do_not_make_a_sensor_slow() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(10 * S + i * 1_000_000) for i in (0, 400, 1400)])
    assert_allclose(np.diff(got.time_s[8:]), 1 / 52, rtol=1e-6)


def test_the_upper_bits_of_the_kind_say_nothing_about_the_measurement() -> None:
    frame = bytes([at_rest(S)[0] | 0x40]) + at_rest(S)[1:]
    assert len(PmdDecoder(PMD).decode(PMD_DATA, [frame])) == 4


def test_without_any_rate_the_first_frame_fails_and_the_second_is_spread_by_the_times() -> None:
    got = PmdDecoder(NO_RATE).decode(PMD_DATA, [at_rest(S), at_rest(S + 80_000_000)])
    assert [index for index, _ in got.failures] == [0]
    assert_allclose(got.time_s, [1.02, 1.04, 1.06, 1.08])


def test_a_clock_that_falls_is_told_as_sent() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(10 * S), at_rest(2 * S, 2)])
    assert_allclose(got.time_s[4:], [2 - 1 / 52, 2])


def test_a_copy_of_a_frame_gives_nothing() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(S), at_rest(S)])
    assert (len(got), got.failures) == (4, ())


IRREGULAR_NS = [10 * S + 80_000_000 * i + (i * i * 7919) % 50_000 for i in range(12)]
CROSSED = [
    [0, 1, 2, 1, 2, 3, 4, 3, 4, 5],
    [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 6, 7, 4, 5, 6, 7],
    [*range(12), *range(12)],  # a copy may be later than the newest few
]


@pytest.mark.parametrize("order", CROSSED)
def test_copies_that_are_crossed_change_neither_samples_nor_times(order: list[int]) -> None:
    once = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(t) for t in IRREGULAR_NS[: max(order) + 1]])
    crossed = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(IRREGULAR_NS[i]) for i in order])
    assert crossed.time_s.tolist() == once.time_s.tolist()


def test_a_copy_of_a_frame_of_several_seconds_is_found_by_its_time() -> None:
    times = [10 * S, 13 * S, 10 * S, 13 * S, 16 * S]  # 25 Hz, compressed
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(t) for t in times])
    assert got.notification.tolist() == [0] * 4 + [1] * 4 + [4] * 4


def test_a_copy_from_before_the_clock_was_set_gives_nothing() -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(t) for t in (10 * S, 2 * S, 10 * S, 2 * S, 2 * S + 80_000_000)])
    assert got.notification.tolist() == [0] * 4 + [1] * 4 + [4] * 4
    assert_allclose(got.time_s[-4:], [2.02, 2.04, 2.06, 2.08])


def test_acceleration_and_angular_velocity_keep_their_own_clocks() -> None:
    decoder = PmdDecoder(PMD)
    decoder.decode(PMD_CONTROL, [pmd_answer(GYRO)])
    rotation = pmd_frame(GYRO, S, 0x80, bytes(6))
    got = decoder.decode(PMD_DATA, [at_rest(S), rotation, at_rest(S + 40_000_000, 2)])
    assert got.notification.tolist() == [0, 0, 0, 0, 1, 2, 2]
    assert got.measured.tolist() == [1, 1, 1, 1, 2, 1, 1]
    assert_allclose(got.time_s[-2:], [1.02, 1.04])


@pytest.mark.parametrize("kind", [0, 1, 3, 6])
def test_other_measurements_give_no_samples_and_are_no_failures(kind: int) -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [pmd_frame(kind, S, 0, b"12345")])
    assert (len(got), got.failures) == (0, ())


@pytest.mark.parametrize(
    ("frame", "words"),
    [
        (b"\x02\0", "too few for a frame"),
        (pmd_frame(ACC, S + 1, 1, b"12345"), "no whole samples of 6"),
        (pmd_frame(ACC, S + 1, 1, b""), "no whole samples"),
        (pmd_frame(ACC, S + 1, 3, b"123456"), "unknown frame type 0x03 of acceleration"),
        (pmd_frame(GYRO, S + 1, 1, b"123456"), "unknown frame type 0x01 of angular velocity"),
        (pmd_frame(ACC, S + 1, 0x81, b"12345"), "breaks off in the reference"),
        (pmd_frame(ACC, S + 1, 0x81, b"123456\x03"), "breaks off at byte 16"),
        (pmd_frame(ACC, S + 1, 0x81, b"123456\x03\x02\0\0"), "1 more announced"),
        (pmd_frame(ACC, S + 1, 0x81, b"123456\x00\x02"), "differences of 0 bits"),
        (pmd_frame(ACC, S + 1, 0x81, b"123456\x21\x01" + bytes(13)), "differences of 33 bits"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_broken_frame_is_a_failure_that_says_what_is_wrong(frame: bytes, words: str) -> None:
    got = PmdDecoder(PMD).decode(PMD_DATA, [at_rest(S), frame, at_rest(2 * S)])
    assert [(index, words in error.problem) for index, error in got.failures] == [(1, True)]
    assert set(got.notification.tolist()) == {0, 2}


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (pmd_answer(ACC, status=8), "command 2 for acceleration was refused: sampling rate not possible"),
        (pmd_answer(GYRO, status=13), "angular velocity was refused: not possible in its charger"),
        (pmd_answer(7, status=200), "measurement 7 was refused: status 200"),
        (b"\xf0\x02\x02", "an answer of 3 bytes"),
        (pmd_answer(ACC, settings=b"\x05\x01\0"), "settings break off"),
        (b"\x01\x02", "the sensor stopped acceleration by itself"),
    ],
)
def test_a_refusal_is_told_in_words(answer: bytes, words: str) -> None:
    (failure,) = PmdDecoder(PMD).decode(PMD_CONTROL, [answer]).failures
    assert words in failure[1].problem


def test_neither_the_list_of_abilities_nor_a_needless_stop_is_a_failure() -> None:
    answers = [bytes.fromhex("0f 36 02 00"), pmd_answer(ACC, op=3), pmd_answer(ACC, status=12, op=3)]
    assert not PmdDecoder(PMD).decode(PMD_CONTROL, answers).failures


def test_settings_are_read_by_the_size_of_each() -> None:
    said = bytes.fromhex("00 02 34 00 68 00 04 01 03 05 01 00 00 80 3f")
    assert settings_of(said) == {0: (b"\x34\0", b"\x68\0"), 4: (b"\x03",), 5: (b"\0\0\x80\x3f",)}
    for broken in ("00 01 34", "00", "00 01 34 00 10 01 00", "05 02 00 00 80 3f"):
        with pytest.raises(DecodeError, match="break off at byte"):
            settings_of(bytes.fromhex(broken))


def test_the_rate_of_the_answer_wins_over_that_of_the_command() -> None:
    decoder = PmdDecoder(PMD)
    decoder.decode(PMD_CONTROL, [pmd_answer(ACC, settings=b"\x00\x01" + struct.pack("<H", 200))])
    assert_allclose(np.diff(decoder.decode(PMD_DATA, [at_rest(S)]).time_s), 1 / 200, rtol=1e-6)


@given(
    st.lists(st.tuples(*[st.integers(-(2**15), 2**15 - 1)] * 3), min_size=2, max_size=60),
    st.lists(st.integers(1, 20), min_size=1, max_size=6),
)
def test_what_is_compressed_comes_back(samples: list[tuple[int, int, int]], sizes: list[int]) -> None:
    groups, left = [], len(samples) - 1
    for size in sizes * left:
        groups.append(min(size, left))
        left -= groups[-1]
        if not left:
            break
    got = PmdDecoder(PMD).decode(PMD_DATA, [pmd_frame(ACC, S, 0x81, pmd_delta(samples, groups))])
    assert not got.failures
    assert_allclose(got.acceleration_mps2 / G * 1000, samples, rtol=1e-12, atol=1e-9)


COUNTS = st.lists(st.tuples(*[st.integers(-4000, 4000)] * 3), min_size=2, max_size=9)
TIMES = st.sampled_from([S, S + 80_000_000, 2 * S, 3 * S, 0, 2**64 - 1])
FRAMES = st.one_of(
    st.builds(lambda t, c: pmd_frame(ACC, t, 0x80, pmd_delta(c, [len(c) - 1])), TIMES, COUNTS),
    st.builds(lambda t, c: pmd_frame(GYRO, t, 0x80, pmd_delta(c, [1] * (len(c) - 1))), TIMES, COUNTS),
    st.builds(lambda t, c: pmd_frame(GYRO, t, 0x81, pmd_delta(c, [len(c) - 1], 4)), TIMES, COUNTS),
    st.builds(at_rest, TIMES, st.integers(0, 5)),
)
ANSWERS = st.builds(
    pmd_answer,
    st.sampled_from([ACC, GYRO, 0]),
    st.sampled_from([0, 0, 6, 8]),
    st.sampled_from([b"", pmd_factor(0.061), pmd_factor(math.nan), pmd_factor(3e38), b"\0\x01\x68\0", b"\0\x01\0\0"]),
)
NOTIFICATIONS = st.one_of(
    st.tuples(st.just(PMD_DATA), mutated(FRAMES)), st.tuples(st.just(PMD_CONTROL), mutated(ANSWERS))
)


@given(blocks_of(NOTIFICATIONS), st.sampled_from([PMD, NO_RATE]))
def test_any_bytes_in_any_grouping_give_the_same_and_raise_nothing(
    blocks: list[list[tuple[str, bytes]]], of: object
) -> None:
    same_in_any_grouping(lambda: PmdDecoder(of), blocks)  # type: ignore[arg-type]


@given(st.lists(st.tuples(st.just(PMD_DATA), FRAMES), max_size=8))
def test_every_notification_twice_gives_no_sample_twice(notifications: list[tuple[str, bytes]]) -> None:
    copies_add_nothing(lambda: PmdDecoder(PMD), notifications)


def test_samples_come_out() -> None:
    # the properties above would hold for a decoder that never finds anything
    columns, failures = decode_all(PmdDecoder(PMD), [[(PMD_DATA, at_rest(S)), (PMD_DATA, at_rest(S + 80_000_000))]])
    assert (len(columns[1]) // 8, failures) == (8, [])
