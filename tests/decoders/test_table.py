"""Declared layouts: examples with hand-made bytes, and what must hold for any bytes in any grouping."""

import itertools
import math
import struct
from collections.abc import Sequence
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose, assert_array_equal

from sensor_hub.decoders.samples import ACCELERATION, ANGULAR_VELOCITY, Samples
from sensor_hub.decoders.table import LayoutDecoder, decode_values
from sensor_hub.errors import DecodeError
from sensor_hub.model.profile import Layout, LayoutField, Presence, Quantity, TimestampKind

ACC: tuple[Quantity, ...] = ("acceleration_x_mps2", "acceleration_y_mps2", "acceleration_z_mps2")
GYR: tuple[Quantity, ...] = ("angular_velocity_x_radps", "angular_velocity_y_radps", "angular_velocity_z_radps")
G, DPS = 9.80665, math.radians(1)


def vector(quantities: Sequence[Quantity], kind: str, scale: float, *, repeated: bool = False) -> list[LayoutField]:
    return [LayoutField(q, kind, scale, repeated=repeated) for q in quantities]


SHANK = Layout(
    "shank",
    (LayoutField("time_s", "u32", 0.001), *vector(ACC, "f32", G), *vector(GYR, "f32", DPS)),
    frame_bytes=28,
)
BATCH = Layout(
    "batch",
    (
        LayoutField("sequence", "u16"),
        LayoutField("time_s", "u32", 1e-6),
        *vector(ACC, "i16", G / 2048, repeated=True),
        *vector(GYR, "i16", DPS / 16, repeated=True),
    ),
    repeat_at=6,
    repeat_bytes=12,
)
WITMOTION = Layout(
    "wt901",
    tuple(LayoutField(q, "i16", 16 * G / 32768, at=2 + 2 * i) for i, q in enumerate(ACC))
    + tuple(LayoutField(q, "i16", 2000 * DPS / 32768, at=8 + 2 * i) for i, q in enumerate(GYR)),
    frame_bytes=20,
    match=((0, b"\x55\x61"),),
    resync=True,
)
FLAGGED = Layout(
    "flagged",
    (
        *(LayoutField(q, "i16", 0.01, at=1 if q.endswith("x_mps2") else None) for q in ACC),
        *(LayoutField(q, "i16", 0.001, present=Presence(0, 0b01, 0b01)) for q in GYR),
        LayoutField("time_s", "u24", 0.001, present=Presence(0, 0b10, 0b10)),
    ),
)
STRYD = Layout(
    "stryd",
    (LayoutField("contact_time_s", "u16", 0.001, at=4, valid_min=1, valid_max=1000),),
    frame_bytes=20,
    match=((0, b"\x32"),),
    ignore_unmatched=True,
)
WIDE = Layout(
    "wide",
    (LayoutField("time_s", "u64", 1e-9), *vector(ACC, "i24", 0.001, repeated=True)),
    repeat_at=8,
    repeat_bytes=9,
)
LAYOUTS: dict[str, tuple[Layout, TimestampKind]] = {
    "shank": (SHANK, "last_sample"),
    "batch-first": (BATCH, "first_sample"),
    "batch-last": (BATCH, "last_sample"),
    "resync": (WITMOTION, "none"),
    "flags": (FLAGGED, "last_sample"),
    "ignoring": (STRYD, "none"),
    "24 bits": (WIDE, "last_sample"),
}


def decoder(layout: Layout, timestamp: TimestampKind = "last_sample", rate_hz: float | None = 100.0) -> LayoutDecoder:
    return LayoutDecoder(layout, timestamp=timestamp, sampling_rate_hz=rate_hz)


def shank(time_ms: int, acc_g: Sequence[float] = (0, 0, 1), gyr_dps: Sequence[float] = (0, 0, 0)) -> bytes:
    return struct.pack("<I6f", time_ms, *acc_g, *gyr_dps)


def batch(sequence: int, time_us: int, n: int, z: int = 2048) -> bytes:
    return struct.pack("<HI", sequence, time_us) + struct.pack("<6h", 0, 0, z, 16, 0, 0) * n


def wit(z: int = 2048) -> bytes:
    return b"\x55\x61" + struct.pack("<9h", 0, 0, z, 16384, 0, 0, 0, 0, 0)


# --- examples --------------------------------------------------------------------------------------------------------


def test_one_sample_a_notification_arrives_in_si() -> None:
    got = decoder(SHANK).decode("2fff", [shank(1500, (0, -1, 0.5), (180, 0, -90)), shank(1510)])
    assert_array_equal(got.notification, [0, 1])
    assert_array_equal(got.time_s, [1.5, 1.51])
    assert_allclose(got.acceleration_mps2, [[0, -G, G / 2], [0, 0, G]])
    assert_allclose(got.angular_velocity_radps[0], [math.pi, 0, -math.pi / 2])
    assert_array_equal(got.measured, [ACCELERATION | ANGULAR_VELOCITY] * 2)
    assert got.failures == ()


def test_a_notification_of_another_length_is_a_failure_and_the_others_are_read() -> None:
    got = decoder(SHANK).decode("2fff", [shank(0), b"", shank(10)[:-1], shank(20), shank(30) + b"\0"])
    assert_array_equal(got.notification, [0, 3])
    assert [(i, e.problem) for i, e in got.failures] == [
        (1, "no bytes"),
        (2, "27 bytes, not 28"),
        (4, "29 bytes, not 28"),
    ]


def test_a_number_that_is_not_finite_is_unknown() -> None:
    got = decoder(SHANK).decode("2fff", [shank(0, (math.nan, math.inf, 1), (0, -math.inf, 0))])
    assert_array_equal(np.isnan(got.acceleration_mps2[0]), [True, True, False])
    assert_array_equal(np.isnan(got.angular_velocity_radps[0]), [False, True, False])


def test_no_notifications_are_no_samples() -> None:
    for layout, timestamp in LAYOUTS.values():
        assert len(decoder(layout, timestamp).decode("2fff", [])) == 0


def test_several_samples_are_spread_back_from_the_time_of_the_last() -> None:
    got = decoder(BATCH, "last_sample").decode("x", [batch(0, 1_000_000, 4), batch(1, 1_044_000, 4)])
    # the first by the nominal 10 ms, the second by (1.044 - 1.0) / 4
    assert_allclose(got.time_s, [0.97, 0.98, 0.99, 1.0, 1.011, 1.022, 1.033, 1.044])
    assert_array_equal(got.notification, [0] * 4 + [1] * 4)


def test_several_samples_are_spread_on_from_the_time_of_the_first() -> None:
    got = decoder(BATCH, "first_sample").decode("x", [batch(0, 1_000_000, 3), batch(1, 1_033_000, 2)])
    assert_allclose(got.time_s, [1.0, 1.01, 1.02, 1.033, 1.044])


def test_samples_after_a_hole_are_not_spread_over_it() -> None:
    got = decoder(BATCH, "last_sample").decode("x", [batch(0, 0, 2), batch(3, 500_000, 2)])
    assert_allclose(got.time_s, [-0.01, 0.0, 0.49, 0.5])


def test_a_counter_that_wraps_between_two_notifications_keeps_the_spacing() -> None:
    wrap_us = 2**32
    got = decoder(BATCH, "last_sample").decode("x", [batch(0, wrap_us - 15_000, 2), batch(1, 5_000, 2)])
    assert_allclose(got.time_s[2:], [-0.005, 0.005], atol=1e-9)


def test_a_notification_told_twice_gives_its_samples_once() -> None:
    twice = [batch(7, 0, 2), batch(7, 0, 2), batch(8, 20_000, 2), batch(8, 20_000, 2)]
    got = decoder(BATCH, "first_sample").decode("x", twice)
    assert_array_equal(got.notification, [0, 0, 2, 2])
    assert_allclose(got.time_s, [0, 0.01, 0.02, 0.03])


@pytest.mark.parametrize("timestamp", ["first_sample", "last_sample"])
@pytest.mark.parametrize("order", [[0, 1, 2, 1, 2, 3, 4, 3, 4, 5], [0, 1, 2, 3, 0, 1, 2, 3, 4, 5, 4, 5]])
def test_copies_that_are_crossed_change_neither_samples_nor_times(timestamp: TimestampKind, order: list[int]) -> None:
    frames = [batch(i, 20_000 * i + i * i * 379 % 500, 2, z=i) for i in range(6)]
    once = decoder(BATCH, timestamp).decode("x", frames)
    crossed = [frames[i] for i in order]
    assert_array_equal(decoder(BATCH, timestamp).decode("x", crossed).time_s, once.time_s)
    alone = decoder(BATCH, timestamp)
    assert_array_equal(np.concatenate([alone.decode("x", [f]).time_s for f in crossed]), once.time_s)


def test_a_time_alone_proves_a_copy_and_other_bytes_disprove_it() -> None:
    frames = [shank(5, (0, 0, 1), (0, 0, 0)), shank(6, (0, 0, 1), (0, 0, 0)), shank(6, (0, 0, 2), (0, 0, 0))]
    got = decoder(SHANK).decode("2fff", [*frames, *frames])
    assert_array_equal(got.notification, [0, 1, 2])


def test_frames_without_time_or_number_are_never_copies() -> None:
    frame = b"\x55\x61" + bytes(18)
    assert len(decoder(WITMOTION, "none").decode("x", [frame] * 3)) == 3


def test_a_sequence_number_that_stands_still_costs_nothing() -> None:
    got = decoder(BATCH, "first_sample").decode("x", [batch(7, 0, 2), batch(7, 20_000, 2), batch(7, 40_000, 2)])
    assert_array_equal(got.notification, [0, 0, 1, 1, 2, 2])


def test_a_header_without_samples_is_no_failure() -> None:
    got = decoder(BATCH).decode("x", [batch(0, 0, 0), batch(1, 20_000, 1)])
    assert_array_equal(got.notification, [1])
    assert got.failures == ()


def test_half_a_sample_is_a_failure() -> None:
    got = decoder(BATCH).decode("x", [batch(0, 0, 2)[:-1]])
    assert [e.problem for _, e in got.failures] == ["29 bytes, not 6 and a multiple of 12"]


def test_several_samples_with_one_time_need_a_rate() -> None:
    with pytest.raises(ValueError, match="sampling rate"):
        decoder(BATCH, rate_hz=None)
    assert np.isnan(decoder(BATCH, "none", None).decode("x", [batch(0, 0, 2)]).time_s).all()


def test_a_flag_says_whether_a_field_is_there() -> None:
    acceleration = struct.pack("<3h", 1, 2, 3)
    frames = [
        b"\x00" + acceleration,
        b"\x01" + acceleration + struct.pack("<3h", 4, 5, 6),
        b"\x02" + acceleration + (70_000).to_bytes(3, "little"),
        b"\x03" + acceleration + struct.pack("<3h", 4, 5, 6) + (80_000).to_bytes(3, "little"),
    ]
    got = decoder(FLAGGED).decode("x", frames)
    assert_array_equal(got.measured, [1, 3, 1, 3])
    assert_allclose(got.time_s, [np.nan, np.nan, 70, 80])
    assert_allclose(got.acceleration_mps2, [[0.01, 0.02, 0.03]] * 4)
    assert_array_equal(np.isnan(got.angular_velocity_radps[:, 0]), [True, False, True, False])


def test_flags_that_contradict_the_length_are_a_failure() -> None:
    got = decoder(FLAGGED).decode("x", [b"\x01" + bytes(6), b"\x00" + bytes(7)])
    assert [e.problem for _, e in got.failures] == ["7 bytes, not 13", "8 bytes, not 7"]


def test_24_bits_have_a_sign() -> None:
    payload = (2_000_000_000).to_bytes(8, "little") + b"\xff\xff\xff" + b"\xe8\x03\x00" + b"\x00\x00\x80"
    got = decoder(WIDE).decode("x", [payload])
    assert_allclose(got.acceleration_mps2, [[-0.001, 1.0, -8388.608]])
    assert_array_equal(got.time_s, [2.0])


def test_axes_may_come_in_any_order_with_a_scale_each() -> None:
    fields = (
        LayoutField("acceleration_z_mps2", "i16", 0.1),
        LayoutField("acceleration_y_mps2", "i16", 0.1),
        LayoutField("acceleration_x_mps2", "i8", -0.1, offset=1.0),
        *vector(GYR, "i32", 0.001),
    )
    got = decoder(Layout("odd", fields), "none").decode("x", [struct.pack("<hhb3i", 30, 20, 10, 1, -2, 3)])
    assert_allclose(got.acceleration_mps2, [[0, 2, 3]], atol=1e-12)
    assert_allclose(got.angular_velocity_radps, [[0.001, -0.002, 0.003]])


def test_a_raw_value_outside_its_valid_range_is_unknown_alone() -> None:
    fields = tuple(LayoutField(q, "i16", repeated=True, valid_min=-32767, valid_max=32766) for q in ACC)
    layout = Layout("limits", fields, repeat_at=0, repeat_bytes=6)
    got = decoder(layout, "none").decode("x", [struct.pack("<6h", -32768, -32767, 0, 32766, 32767, 1)])
    assert_array_equal(got.acceleration_mps2, [[np.nan, -32767, 0], [32766, np.nan, 1]])
    assert_array_equal(got.measured, [ACCELERATION, ACCELERATION])


def test_a_vector_that_is_not_all_there_is_not_measured() -> None:
    flag = Presence(0, 1, 1)
    fields = (LayoutField(ACC[0], "i8", at=1), LayoutField(ACC[1], "i8"), LayoutField(ACC[2], "i8", present=flag))
    got = decoder(Layout("two", fields), "none").decode("x", [b"\x01\1\2\3", b"\x00\1\2"])
    assert_array_equal(got.measured, [ACCELERATION, 0])
    assert_array_equal(np.isnan(got.acceleration_mps2), [[False] * 3, [True] * 3])


def test_frames_run_on_over_notifications() -> None:
    stream = wit(1) + wit(2) + wit(3)
    got = decoder(WITMOTION, "none").decode("ffe4", [stream[:7], stream[7:33], stream[33:40], stream[40:]])
    assert_array_equal(got.notification, [1, 2, 3])
    assert_allclose(got.acceleration_mps2[:, 2], np.array([1, 2, 3]) * 16 * G / 32768)
    assert_allclose(got.angular_velocity_radps[:, 0], 1000 * DPS)
    assert np.isnan(got.time_s).all()
    assert got.failures == ()


def test_bytes_between_frames_are_one_failure_and_cost_the_samples_of_their_notification_only() -> None:
    got = decoder(WITMOTION, "none").decode("ffe4", [wit(1), b"junk" + wit(2), wit(3)])
    assert_array_equal(got.notification, [0, 2])
    assert [(i, e.problem) for i, e in got.failures] == [(1, "bytes between two frames")]


def test_a_first_byte_that_may_begin_a_frame_is_kept() -> None:
    got = decoder(WITMOTION, "none").decode("ffe4", [b"\x55", wit(1)[1:]])
    assert_array_equal(got.notification, [1])
    assert got.failures == ()


def test_a_record_layout_gives_its_values() -> None:
    frame = bytearray(20)
    frame[0], frame[4:6] = 0x32, (243).to_bytes(2, "little")
    assert decode_values(STRYD, bytes(frame)) == {"contact_time_s": 0.243}
    for raw in (0, 1001):
        frame[4:6] = raw.to_bytes(2, "little")
        assert decode_values(STRYD, bytes(frame)) == {"contact_time_s": None}
    frame[0] = 0x31
    assert decode_values(STRYD, bytes(frame)) == {}
    with pytest.raises(DecodeError, match="19 bytes, not 20"):
        decode_values(STRYD, b"\x32" + bytes(18))


def test_values_of_a_frame_are_those_of_its_last_sample() -> None:
    payload = batch(5, 2_000_000, 1, z=0) + batch(0, 0, 1)[6:]
    values = decode_values(BATCH, payload)
    assert values["sequence"] == 5
    assert values["time_s"] == 2.0
    assert values["acceleration_z_mps2"] == pytest.approx(G)


def test_a_frame_of_another_kind_is_a_failure_unless_it_is_to_be_ignored() -> None:
    heard = Layout("heard", SHANK.fields[1:], frame_bytes=25, match=((24, b"\x01"),))
    assert [e.problem for _, e in decoder(heard).decode("x", [bytes(25), bytes(3)]).failures] == [
        "not a frame of this layout",
        "not a frame of this layout",
    ]
    with pytest.raises(DecodeError, match="not a frame"):
        decode_values(heard, bytes(25))
    assert decoder(STRYD).decode("x", [bytes(20)]).failures == ()


# --- whatever comes --------------------------------------------------------------------------------------------------

GOOD = st.one_of(
    st.builds(shank, st.integers(0, 2**32 - 1)),
    st.builds(batch, st.integers(0, 3), st.integers(0, 2**32 - 1), st.integers(0, 4)),
    st.builds(wit, st.integers(-32768, 32767)),
    st.binary(max_size=19).map(lambda rest: b"\x32" + rest.ljust(19, b"\0")),
    st.binary(min_size=6, max_size=6).map(lambda b: b"\0" + b),
)
PAYLOADS = st.lists(
    st.one_of(GOOD, GOOD.map(lambda b: b[:11]), st.binary(max_size=44), st.just(b"\x55"), st.just(b"a\x55\x61")),
    max_size=14,
)


def columns(parts: Sequence[tuple[int, Samples]]) -> list[tuple[object, ...]]:
    """Samples and failures with the number of their notification among all."""
    rows: list[tuple[object, ...]] = []
    for first, s in parts:
        rows += [
            (int(n) + first, t.hex(), a.tobytes(), w.tobytes(), int(m))
            for n, t, a, w, m in zip(
                s.notification,
                s.time_s.tolist(),
                s.acceleration_mps2,
                s.angular_velocity_radps,
                s.measured,
                strict=True,
            )
        ]
        rows += [(i + first, e.problem, e.payload) for i, e in s.failures]
    return sorted(rows, key=lambda row: (row[0], len(row)))


@pytest.mark.parametrize("name", LAYOUTS)
@given(payloads=PAYLOADS, cuts=st.lists(st.integers(0, 14), max_size=5))
def test_any_bytes_give_the_same_samples_however_they_are_grouped(
    name: str, payloads: list[bytes], cuts: list[int]
) -> None:
    layout, timestamp = LAYOUTS[name]
    whole = decoder(layout, timestamp).decode("x", payloads)
    piecewise, borders = decoder(layout, timestamp), sorted({0, len(payloads), *(min(c, len(payloads)) for c in cuts)})
    parts = [(a, piecewise.decode("x", payloads[a:b])) for a, b in itertools.pairwise(borders)]
    assert columns(parts) == columns([(0, whole)])


@pytest.mark.parametrize("name", LAYOUTS)
@given(payloads=PAYLOADS)
def test_any_bytes_keep_the_contract_of_samples(name: str, payloads: list[bytes]) -> None:
    layout, timestamp = LAYOUTS[name]
    got = decoder(layout, timestamp).decode("x", payloads)
    failed = [i for i, _ in got.failures]
    assert failed == sorted(set(failed))
    assert set(failed) <= set(range(len(payloads)))
    assert not set(failed) & set(got.notification.tolist())
    assert (np.diff(got.notification) >= 0).all()
    assert got.time_s.shape == got.notification.shape == got.measured.shape
    assert got.acceleration_mps2.shape == got.angular_velocity_radps.shape == (len(got), 3)
    assert not np.isinf(got.time_s).any()
    assert np.isnan(got.acceleration_mps2[(got.measured & ACCELERATION) == 0]).all()
    assert np.isnan(got.angular_velocity_radps[(got.measured & ANGULAR_VELOCITY) == 0]).all()
    assert got.measured.dtype == np.uint8


@pytest.mark.parametrize("name", LAYOUTS)
@given(payload=st.one_of(GOOD, st.binary(max_size=44)))
def test_any_bytes_give_values_or_a_decode_error(name: str, payload: bytes) -> None:
    layout = LAYOUTS[name][0]
    with suppress(DecodeError):
        values = decode_values(layout, payload)
        assert all(v is None or math.isfinite(v) for v in values.values())
        assert set(values) in ({f.quantity for f in layout.fields}, set())


@given(
    st.lists(st.integers(-32768, 32767), min_size=3, max_size=3),
    st.lists(st.integers(-32768, 32767), min_size=3, max_size=3),
    st.integers(0, 2**32 - 1),
)
def test_one_frame_says_the_same_in_both_ways(acc: list[int], gyr: list[int], time_us: int) -> None:
    payload = struct.pack("<HI6h", 1, time_us, *acc, *gyr)
    values = decode_values(BATCH, payload)
    got = decoder(BATCH).decode("x", [payload])
    assert got.time_s.tolist() == [values["time_s"]]
    assert got.acceleration_mps2[0].tolist() == [values[q] for q in ACC]
    assert got.angular_velocity_radps[0].tolist() == [values[q] for q in GYR]
