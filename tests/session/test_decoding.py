"""The same run, sent by different firmware, is the same run."""

import struct
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.model.gait import Tier
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, DecodeFailed, Event
from sensor_hub.session import RunSession
from sensor_hub.session.imu_decoding import axes_of
from sensor_hub.simulation.imu_frames import ImuColumns, pmd_stream
from sensor_hub.units import DEGREE_RAD, STANDARD_GRAVITY_MPS2
from tests.session.firmware import FIRMWARE, GENERIC_CHARACTERISTIC, PMD_CONTROL, PROFILES, heard, profile_at
from tests.session.runs import (
    START,
    encoded,
    gaps,
    notified,
    rsc,
    run_grouped,
    run_one_by_one,
    setup,
    steps,
    summary,
)
from tests.session.test_links import link
from tests.shank_frames import SHANK_LOGGER
from tests.synthetic_run import SyntheticRun, cuts, one_leg

RATE_HZ = 100.0
STRYD_CONTACT = "7e78aa19-72cd-d3b8-a81f-5b7e589bea0f"


def pod(profile: DeviceProfile) -> tuple[BoundDevice, ...]:
    return (BoundDevice("pod-1", profile, "R"),)


def session_of(name: str, raws: list[RawNotification]) -> list[Event]:
    return run_one_by_one(setup(pod(profile_at(name, RATE_HZ)), start_utc=None), raws)


@pytest.mark.parametrize("name", FIRMWARE)
def test_every_firmware_tells_the_same_steps_of_the_same_run(name: str) -> None:
    run = one_leg(25.0, rate_hz=RATE_HZ, first_contact_s=4.0)
    events = session_of(name, heard(name, run, rate_hz=RATE_HZ))
    assert [e.problem for e in events if isinstance(e, DecodeFailed)] == []
    assert gaps(events) == []
    table = steps(events)
    assert len(table) == len(run.initial_contact_s)
    known = np.isfinite(table.contact_time_s)
    assert known.sum() >= len(table) - 1
    assert np.mean(table.contact_time_s[known]) == pytest.approx(0.24, abs=0.015)
    late_s = table.seconds_since(int(START.timestamp() * 1e6)) - run.initial_contact_s
    assert np.abs(late_s).max() < 0.08
    assert summary(events).totals.coverage == pytest.approx(1.0, abs=0.02)


@settings(max_examples=settings().max_examples // 3)
@given(st.data())
def test_no_firmware_cares_how_its_notifications_are_grouped(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(FIRMWARE))
    run = one_leg(9.0, rate_hz=RATE_HZ, first_contact_s=3.5)
    raws = heard(
        name,
        run,
        rate_hz=RATE_HZ,
        seed=data.draw(st.integers(0, 9)),
        mean_delay_s=data.draw(st.sampled_from([0.0, 0.05])),
    )
    for _ in range(data.draw(st.integers(0, 2))):  # what is lost, what is told again, a link that goes down
        at, n = data.draw(st.integers(0, len(raws) - 1)), data.draw(st.integers(0, 60))
        what = data.draw(st.sampled_from(["lose", "again", "down"]))
        if what == "lose":
            raws = raws[:at] + raws[at + n :]
        elif what == "again":
            raws = [copy for raw in raws for copy in (raw, raw)]
        else:
            down = replace(link(0.0, "down", "disconnected"), arrival_utc=raws[at].arrival_utc)
            up = replace(link(0.0, "up"), arrival_utc=raws[min(at + n, len(raws) - 1)].arrival_utc)
            raws = [*raws[:at], down, *raws[at + n : at + n + 1], up, *raws[at + n + 1 :]]
        if not raws:
            return
    others = [rsc(s, distance_m=3.0 * s) for s in range(1, 9)]
    items = sorted([*raws, *others], key=lambda raw: raw.arrival_utc)
    devices = (*pod(profile_at(name, RATE_HZ)), BoundDevice("rsc-1", PROFILES["standard-rsc"]))
    what_is_told = setup(devices, start_utc=None)
    expected = encoded(run_one_by_one(what_is_told, items))
    assert encoded(run_grouped(what_is_told, items, [(0, len(items))])) == expected
    assert encoded(run_grouped(what_is_told, items, data.draw(cuts(len(items))))) == expected


TIME_FIELDS = {  # place, bytes, and ticks in a millisecond, of the time in a notification of samples
    "fuzzylabs-shank-logger": (0, 4, 1),
    "generic-imu": (2, 4, 1000),
    "movesense": (2, 4, 1),
    "polar-verity-sense": (1, 8, 1_000_000),
    "polar-verity-sense, raw": (1, 8, 1_000_000),
}


@cache
def irregular(name: str) -> tuple[list[RawNotification], list[Event]]:
    """A run whose device times are up to 2 ms late, each by another time, and what is told of it."""
    run, of = one_leg(15.0, rate_hz=RATE_HZ), name.split(",", maxsplit=1)[0]
    at, size, per_ms = TIME_FIELDS[name]
    late_ms = np.random.default_rng(7).uniform(0, 2, 10_000)
    raw_frames = iter(raw_acceleration(run) if name.endswith("raw") else ())
    found = []
    for number, raw in enumerate(heard(of, run, rate_hz=RATE_HZ)):
        payload = raw.payload
        if name.endswith("raw") and payload[:1] == b"\x02":
            payload = next(raw_frames)
        if raw.characteristic != PMD_CONTROL:
            time = int.from_bytes(payload[at : at + size], "little") + int(late_ms[number] * per_ms)
            payload = payload[:at] + time.to_bytes(size, "little") + payload[at + size :]
        found.append(replace(raw, payload=payload))
    return found, session_of(of, found)


def raw_acceleration(run: SyntheticRun) -> Sequence[bytes]:
    acceleration_g, rotation_dps = run.acceleration_mps2 / STANDARD_GRAVITY_MPS2, run.rotation_radps / DEGREE_RAD
    columns = ImuColumns(run.t_s, run.t_s, acceleration_g, rotation_dps, RATE_HZ)
    return pmd_stream(columns, "acceleration", delta=False).payloads


@pytest.mark.parametrize("crossing", [1, 2, pytest.param(3, marks=pytest.mark.thorough), 4])
@pytest.mark.parametrize("name", TIME_FIELDS)
def test_copies_that_are_crossed_change_nothing_however_irregular_the_times(name: str, crossing: int) -> None:
    raws, once = irregular(name)
    groups = [raws[at : at + crossing] for at in range(0, len(raws), crossing)]
    crossed = []
    for group in groups:
        again_utc = group[-1].arrival_utc + timedelta(microseconds=40)
        crossed += [*group, *(replace(raw, arrival_utc=again_utc) for raw in group)]
    twice = session_of(name.split(",", maxsplit=1)[0], crossed)
    assert gaps(once) == gaps(twice) == []
    assert not [e for e in twice if isinstance(e, DecodeFailed)]
    assert len(steps(once)) > 10
    assert np.array_equal(steps(twice).time_utc_us, steps(once).time_utc_us)


@pytest.mark.parametrize("name", ["fuzzylabs-shank-logger", "generic-imu", "movesense", "polar-verity-sense"])
def test_a_notification_that_arrives_twice_adds_nothing_and_sets_no_clock(name: str) -> None:
    raws = heard(name, one_leg(15.0, rate_hz=RATE_HZ), rate_hz=RATE_HZ)
    twice = [
        copy for raw in raws for copy in (raw, replace(raw, arrival_utc=raw.arrival_utc + timedelta(microseconds=40)))
    ]
    crossed = [raw for first, second in zip(raws[::2], raws[1::2], strict=False) for raw in (first, second) * 2]
    once, of_twice, of_crossed = (session_of(name, sent) for sent in (raws, twice, crossed))
    assert gaps(of_twice) == gaps(of_crossed) == []
    assert np.array_equal(steps(of_twice).time_utc_us, steps(once).time_utc_us)
    assert len(steps(of_crossed)) >= len(steps(once)) - 1  # an odd last one is left out


def test_a_sensor_without_times_that_goes_on_after_a_drop_has_a_gap_of_that_length() -> None:
    name = "witmotion-wt901ble"
    raws = heard(name, one_leg(40.0, rate_hz=RATE_HZ), rate_hz=RATE_HZ)
    off = START + timedelta(seconds=15), START + timedelta(seconds=22)
    kept = [raw for raw in raws if not off[0] <= raw.arrival_utc < off[1]]
    told = [link(15.5, "down", "disconnected"), link(21.5, "up")]
    (gap,) = gaps(session_of(name, sorted([*kept, *told], key=lambda raw: raw.arrival_utc)))
    assert gap.cause == "disconnected"
    assert (gap.end_utc - gap.start_utc).total_seconds() == pytest.approx(7.0, abs=0.1)
    assert gap.start_utc.timestamp() == pytest.approx(off[0].timestamp(), abs=0.1)


def test_a_sensor_worn_another_way_round_is_turned_by_its_profile() -> None:
    run = one_leg(15.0)
    turned = replace(
        run,
        acceleration_mps2=run.acceleration_mps2[:, [1, 2, 0]] * [1, -1, 1],
        rotation_radps=run.rotation_radps[:, [1, 2, 0]] * [1, -1, 1],
    )
    profile = replace(SHANK_LOGGER, axes=("z", "x", "-y"))
    straight = run_one_by_one(setup(pod(SHANK_LOGGER), start_utc=None), notified("pod-1", run))
    mended = run_one_by_one(setup(pod(profile), start_utc=None), notified("pod-1", turned))
    assert encoded(mended) == encoded(straight)


def test_axes_name_the_sensors_axis_that_is_ours() -> None:
    assert axes_of(("x", "y", "z")) is None
    found = axes_of(("y", "-x", "z"))
    assert found is not None
    assert (found[0], found[1].tolist()) == ([1, 0, 2], [1.0, -1.0, 1.0])


# --- records ---------------------------------------------------------------------------------------------------------


def contact(at_s: float, contact_ms: int) -> RawNotification:
    payload = b"\x32\x00\x00\x00" + struct.pack("<H", contact_ms) + bytes(14)
    return RawNotification("rsc-1", STRYD_CONTACT, START + timedelta(seconds=at_s), payload)


def contact_times(items: list[RawNotification]) -> list[float]:
    devices = (BoundDevice("rsc-1", PROFILES["stryd"]),)
    found: list[float] = steps(run_one_by_one(setup(devices, "contact", start_utc=None), items)).contact_time_s.tolist()
    return found


def test_a_contact_time_goes_with_the_next_record_once() -> None:
    found = contact_times(
        [rsc(0.0), contact(0.9, 240), rsc(1.0), rsc(2.0), contact(2.5, 250), contact(2.9, 260), rsc(3.0)]
    )
    assert found == pytest.approx([np.nan, 0.24, np.nan, 0.26], nan_ok=True)


def test_a_contact_time_is_never_held_longer_than_a_second_and_a_half() -> None:
    assert contact_times([rsc(0.0), contact(0.4, 240), rsc(2.0)]) == pytest.approx([np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize("contact_ms", [0, 99, 451, 900, 1000, 1001])
def test_a_contact_time_that_is_not_of_running_is_unknown_and_ends_the_one_before(contact_ms: int) -> None:
    found = contact_times([rsc(0.0), contact(0.8, 240), contact(0.9, contact_ms), rsc(1.0)])
    assert found == pytest.approx([np.nan, np.nan], nan_ok=True)


@pytest.mark.parametrize(
    ("name", "items", "warning"),
    [
        ("stryd", [rsc(0.0), contact(0.9, 240), rsc(1.0)], None),
        ("stryd", [rsc(0.0), rsc(1.0)], "contact-time-never-came"),
        ("standard-rsc", [rsc(0.0), rsc(1.0)], "no-contact-time"),
    ],
)
def test_a_contact_time_that_was_promised_and_never_came_is_told(
    name: str, items: list[RawNotification], warning: str | None
) -> None:
    devices = (BoundDevice("rsc-1", PROFILES[name]),)
    tier: Tier = "contact" if PROFILES[name].gives_contact_time else "speed"
    last = summary(run_one_by_one(setup(devices, tier, start_utc=None), items))
    told = [w for w in last.warnings if "contact" in w]
    assert told == ([] if warning is None else [warning])
    assert (last.totals.contact_time_s is None) == (warning is not None)


def failures(characteristic: str, payload: bytes, name: str = "stryd") -> list[str]:
    session = RunSession(setup((BoundDevice("rsc-1", PROFILES[name]),), "speed", start_utc=None))
    events = session.receive(RawNotification("rsc-1", characteristic, START, payload))
    return [e.problem for e in events if isinstance(e, DecodeFailed)]


def test_values_that_are_not_gait_are_checked_and_give_no_reading() -> None:
    assert failures("2a63", bytes.fromhex("0000c800")) == []
    assert len(failures("2a63", b"\x00")) == 1


def test_what_is_only_read_or_answered_needs_no_decoder() -> None:
    assert failures("2a24", b"\xff\xfe") in ([], ["not UTF-8 at byte 0"])
    assert failures("2a37", b"\x00\x50", "standard-rsc") == ["no decoder in the device's profile"]


def test_a_batch_of_the_open_layout_that_lost_its_end_is_told() -> None:
    assert len(failures(GENERIC_CHARACTERISTIC, bytes(6 + 12 + 5), "generic-imu")) == 1
