"""The same bytes give the same events, bit for bit, however they are grouped, live or replayed."""

from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.gait import Mount
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, DecodeFailed, Event, Origin, SessionSetup, StepBatch
from tests import need
from tests.session.runs import (
    IMU,
    ONE_POD,
    RSC,
    START,
    blocks,
    encoded,
    gaps,
    logger_file,
    notified,
    rsc,
    run_grouped,
    run_one_by_one,
    setup,
    summary,
)
from tests.synthetic_run import cuts, equal_cuts, one_leg

FILES = ["run_out.csv", "2020-08-25T11_43_19.036Z.csv", "chest3.csv", "foot-up-down.csv", "slow-walking.csv", "leg.csv"]
TWO_PODS = (BoundDevice("pod-l", IMU, "L"), BoundDevice("pod-r", IMU, "R"))


def damaged(block: ImuBlock, data: st.DataObject) -> ImuBlock:
    """The block with silences, falls and repeats of its clock, and unknown samples."""
    t_s = block.t_s.copy()
    for _ in range(data.draw(st.integers(0, 4))):
        at = data.draw(st.integers(1, len(t_s) - 1))
        t_s[at:] += data.draw(st.sampled_from([0.15, 3.0, 70.0, -0.099, -5.0, -0.01, 1e12, -1e12]))
    for _ in range(data.draw(st.integers(0, 2))):  # overtaken by each other: backwards, or in any order
        at, n = data.draw(st.integers(0, len(t_s) - 1)), data.draw(st.integers(2, 30))
        order = np.random.default_rng(data.draw(st.integers(0, 99))).permutation(len(t_s[at : at + n]))
        t_s[at : at + n] = t_s[at : at + n][::-1] if data.draw(st.booleans()) else t_s[at : at + n][order]
    if data.draw(st.booleans()):
        t_s += np.random.default_rng(data.draw(st.integers(0, 99))).normal(0.0, 0.008, len(t_s))
    acceleration = block.acceleration_mps2.copy()
    acceleration[data.draw(st.integers(0, len(t_s) - 1)) :: 97] = np.nan
    rotation = block.angular_velocity_radps.copy()
    for _ in range(data.draw(st.integers(0, 3))):
        at, n = data.draw(st.integers(0, len(t_s) - 1)), data.draw(st.integers(1, 400))
        values = data.draw(st.sampled_from([acceleration, rotation]))
        values[at : at + n] = data.draw(st.sampled_from([np.nan, 1e300, -np.inf]))
    return ImuBlock(block.device, t_s, acceleration, rotation)


def same_in_pieces(what: SessionSetup, block: ImuBlock, pieces: list[tuple[int, int]]) -> list[Event]:
    expected = run_one_by_one(what, [block])
    assert encoded(run_one_by_one(what, blocks(block, pieces))) == encoded(expected)
    return expected


@pytest.mark.parametrize("origin", ["live", "import"])
@pytest.mark.parametrize("name", FILES)
def test_events_of_real_files_do_not_depend_on_block_sizes(name: str, origin: Origin) -> None:
    block = logger_file(need.data(f"imu_shank/{name}"))
    what = setup(origin=origin)
    expected = encoded(run_one_by_one(what, [block]))
    for size in (1, 7, 1000):
        assert encoded(run_one_by_one(what, blocks(block, equal_cuts(len(block), size)))) == expected, size


@pytest.mark.parametrize("size", [1, 7, 400])
def test_events_do_not_depend_on_block_sizes_where_the_gyroscope_fails(size: int) -> None:
    run = one_leg(15.0)
    rotation = run.rotation_radps.copy()
    rotation[:30] = rotation[300:304] = rotation[400:700] = rotation[702:1000] = rotation[1490:] = np.nan
    block = ImuBlock("pod-1", run.t_s, run.acceleration_mps2, rotation)
    events = same_in_pieces(setup(), block, equal_cuts(len(block), size))
    assert any(isinstance(e, StepBatch) for e in events)


@cache
def real_run() -> tuple[ImuBlock, list[bytes]]:
    """A run that was recorded, and what is told of it at once."""
    block = logger_file(need.data("imu_shank/run_out.csv"))
    return block, encoded(run_one_by_one(setup(), [block]))


@settings(max_examples=settings().max_examples // 4)
@given(st.data())
def test_events_of_a_real_run_do_not_depend_on_any_cutting(data: st.DataObject) -> None:
    block, expected = real_run()
    assert encoded(run_one_by_one(setup(), blocks(block, data.draw(cuts(len(block)))))) == expected


@settings(max_examples=settings().max_examples // 2)
@given(st.data())
def test_events_do_not_depend_on_any_cutting_whatever_the_clock_does(data: st.DataObject) -> None:
    rate_hz = data.draw(st.sampled_from([52.0, 100.0, 128.0]))
    block = damaged(one_leg(15.0, rate_hz=rate_hz, seed=data.draw(st.integers(0, 9))).block(), data)
    origin: Origin = data.draw(st.sampled_from(["live", "import"]))
    mount: Mount = data.draw(st.sampled_from(["shank", "sacrum"]))
    device = BoundDevice("pod-1", None, "R", mount)
    events = same_in_pieces(setup((device,), origin=origin), block, data.draw(cuts(len(block))))
    assert events
    coverage = summary(events).totals.coverage
    assert coverage is None or 0 <= coverage <= 1


@pytest.mark.parametrize("size", [1, 7, 400])
@pytest.mark.parametrize("kind", ["backwards", "jitter"])
def test_events_do_not_depend_on_block_sizes_where_samples_overtake_each_other(kind: str, size: int) -> None:
    run = one_leg(15.0)
    t_s = run.t_s.copy()
    if kind == "backwards":
        t_s[500:509] = t_s[500:509][::-1]
    else:
        t_s += np.random.default_rng(28).normal(0.0, 0.008, len(t_s))
    block = ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)
    same_in_pieces(setup(), block, equal_cuts(len(block), size))


@pytest.mark.parametrize("start", [[0, 0.01, -0.09, 0.02], [0, -0.05, 0.01, 0.02], [0, 0.02, 0.01, -0.01, 0.03]])
def test_no_gap_begins_before_the_session(start: list[float]) -> None:
    run = one_leg(5.0)
    t_s = np.concatenate([start, run.t_s[len(start) :] - run.t_s[len(start)] + 0.04])
    block = ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)
    events = same_in_pieces(setup(), block, equal_cuts(len(block), 1))
    assert 0 <= (summary(events).totals.coverage or 0) <= 1
    assert all(gap.start_utc >= START for gap in gaps(events))


@pytest.mark.parametrize("size", [1, 7, 400])
@pytest.mark.parametrize("fall_s", [-0.01, -0.099, -5.0])
def test_events_do_not_depend_on_block_sizes_where_the_clock_falls(fall_s: float, size: int) -> None:
    run = one_leg(15.0)
    t_s = run.t_s.copy()
    t_s[300:] += fall_s
    t_s[700:] += 3.0
    t_s[1101:] += fall_s
    block = ImuBlock("pod-1", t_s, run.acceleration_mps2, run.rotation_radps)
    same_in_pieces(setup(), block, equal_cuts(len(block), size))


@cache
def understood() -> tuple[RawNotification, ...]:
    """What two pods and a running sensor send within nine seconds."""
    left = notified("pod-l", one_leg(9.0, rate_hz=50.0, seed=1))
    right = notified("pod-r", one_leg(9.0, rate_hz=50.0, seed=2, first_contact_s=1.35), late_s=0.035)
    return (*left, *right, *(rsc(s, distance_m=3.0 * s) for s in range(1, 9)))


def mixed(data: st.DataObject) -> list[RawNotification]:
    """The same, and payloads that nobody understands, by arrival."""
    items = list(understood())
    for _ in range(data.draw(st.integers(0, 12))):
        device, characteristic = data.draw(
            st.sampled_from([("pod-l", "2fff"), ("pod-r", "2fff"), ("pod-l", "beef"), ("rsc-1", "2a53"), ("?", "2a53")])
        )
        at = START + timedelta(seconds=data.draw(st.floats(0, 9)))
        payload = data.draw(st.binary(max_size=27))
        if characteristic == "2a53":
            payload = b"\xff" + payload
        items.append(RawNotification(device, characteristic, at, payload))
    return sorted(items, key=lambda raw: raw.arrival_utc)


@settings(max_examples=settings().max_examples // 6)
@given(st.data())
def test_notifications_one_by_one_or_many_at_once_give_the_same_bytes(data: st.DataObject) -> None:
    items = mixed(data)
    what = setup((*TWO_PODS, BoundDevice("rsc-1", RSC)), start_utc=None)
    expected = run_one_by_one(what, items)
    n_bad = sum(isinstance(e, DecodeFailed) for e in expected)
    assert n_bad == len(items) - len(understood())
    assert any(isinstance(e, StepBatch) for e in expected)
    assert encoded(run_grouped(what, items, [(0, len(items))])) == encoded(expected)
    assert encoded(run_grouped(what, items, data.draw(cuts(len(items))))) == encoded(expected)


def test_a_replay_gives_the_same_bytes_again() -> None:
    block, expected = real_run()
    assert encoded(run_one_by_one(setup(), [block])) == expected


def test_everything_told_twice_counts_once() -> None:
    run = one_leg(12.0)
    twice = [raw for raw in notified("pod-1", run) for _ in range(2)]
    what = setup((BoundDevice("pod-1", IMU, "R"),))
    assert encoded(run_one_by_one(what, twice)) == encoded(run_one_by_one(what, twice[::2]))


def test_a_session_of_blocks_and_one_of_notifications_find_the_same_steps() -> None:
    run = one_leg(12.0)
    raw = run_one_by_one(setup((BoundDevice("pod-1", IMU, "R"),)), notified("pod-1", run, late_s=0.0))
    read = run_one_by_one(setup(ONE_POD), [run.block()])
    contacts = [[e.steps.time_utc_us.tolist() for e in events if isinstance(e, StepBatch)] for events in (raw, read)]
    assert contacts[0] == contacts[1]
