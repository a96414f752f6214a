"""The public fixture: same recording, same bytes; and a golden file that fails when a byte differs."""

import doctest
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sensor_hub.testing
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.app.collecting.firmware import all_profiles
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import RecordReading
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, DecodeFailed, LiveReading, SessionStarted, SessionSummary
from sensor_hub.simulation.gait import gait, notifications, rsc_stream, shank_columns
from sensor_hub.simulation.speed import SpeedProfile
from sensor_hub.testing import Replayed, assert_golden, replay
from sensor_hub.wire import decode
from tests import need
from tests.synthetic_run import one_leg

GOLDEN = Path(__file__).parent / "golden" / "simulated-20-s.jsonl"
GOLDEN_MAX_BYTES = 60_000
START_UTC = datetime(2026, 11, 20, 6, 31, tzinfo=UTC)
PROFILE = SpeedProfile.steady(3.0, 40.0, stand_before_s=2.0, stand_after_s=2.0)
DEVICES = {"shank-1": "fuzzylabs-shank-logger", "pod-1": "standard-rsc"}


def simulated() -> list[RawNotification]:
    """Twenty seconds of a simulated runner with a shank logger and a footpod."""
    shank = shank_columns(PROFILE, gait(PROFILE, seed=7), seed=7).stream()
    return list(notifications([("shank-1", shank), ("pod-1", rsc_stream(PROFILE, seed=7))], START_UTC))


ITEMS = simulated()


@cache
def replayed_items(block: int | None = None) -> Replayed:
    return replay(ITEMS, devices=DEVICES, side="R", block=block)


def test_the_example_in_its_documentation_runs() -> None:
    failed, attempted = doctest.testmod(sensor_hub.testing)
    assert attempted > 8
    assert failed == 0


def test_a_simulated_run_gives_the_golden_bytes() -> None:
    assert_golden(replayed_items(), GOLDEN)


def test_the_golden_file_is_small_and_holds_a_whole_session() -> None:
    data = GOLDEN.read_bytes()
    assert len(data) <= GOLDEN_MAX_BYTES
    events = [decode(line).event for line in data.splitlines()]
    assert isinstance(events[0], SessionStarted)
    assert isinstance(events[-1], SessionSummary)
    assert events[-1].totals.n_steps == pytest.approx(len(gait(PROFILE, seed=7).toe_off_s) * 2, abs=4)
    assert len(replayed_items().steps) > 15


@settings(max_examples=6)
@given(st.integers(1, 3000))
def test_the_bytes_do_not_depend_on_the_block(block: int) -> None:
    assert replayed_items(block).to_bytes() == GOLDEN.read_bytes()


@settings(max_examples=25)
@given(st.data())
def test_a_golden_file_with_one_byte_changed_fails(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    golden = GOLDEN.read_bytes()
    at = data.draw(st.integers(0, len(golden) - 1))
    other = bytes([golden[at] ^ data.draw(st.integers(1, 255))])
    found = replayed_items()
    changed = tmp_path_factory.getbasetemp() / "changed.jsonl"
    changed.write_bytes(golden[:at] + other + golden[at + 1 :])
    with pytest.raises(AssertionError, match=r"changed\.jsonl"):
        assert_golden(found, changed)


def test_the_failure_names_line_and_field(tmp_path: Path) -> None:
    golden = tmp_path / "g.jsonl"
    found = replayed_items()
    lines = found.to_bytes().splitlines(keepends=True)
    lines[-1] = lines[-1].replace(b'"n_steps":', b'"n_steps":1')
    golden.write_bytes(b"".join(lines))
    with pytest.raises(AssertionError, match=rf"line {len(lines)}: total\.n_steps was 1\d+.* and is"):
        assert_golden(found, golden)


def test_a_golden_file_that_lacks_an_event_fails(tmp_path: Path) -> None:
    golden = tmp_path / "g.jsonl"
    found = replayed_items()
    golden.write_bytes(b"".join(found.to_bytes().splitlines(keepends=True)[:-1]))
    with pytest.raises(AssertionError, match="the replay gave"):
        assert_golden(found, golden)


def test_a_missing_golden_file_fails_and_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="update=True"):
        assert_golden(replayed_items(), tmp_path / "none.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_only_an_explicit_update_writes(tmp_path: Path) -> None:
    golden = tmp_path / "g.jsonl"
    golden.write_bytes(b"other\n")
    with pytest.raises(AssertionError):
        assert_golden(replayed_items(), golden)
    assert golden.read_bytes() == b"other\n"
    assert_golden(replayed_items(), golden, update=True)
    assert golden.read_bytes() == replayed_items().to_bytes()


def test_a_recording_gives_the_bytes_of_its_notifications(tmp_path: Path) -> None:
    profiles = all_profiles()
    bound = [BoundDevice(d, profiles[p], "R", profiles[p].mount) for d, p in DEVICES.items()]
    path = tmp_path / "run.mcap"
    recorder = McapRecorder(path, sid="01hx", athlete="a1", zone="Europe/Berlin", origin="live", devices=bound)
    for raw in ITEMS:
        recorder.append(raw)
    recorder.close()
    from_file, again = replay(path), replay(str(path), block=1)
    assert from_file.to_bytes() == again.to_bytes()
    assert from_file.steps == replayed_items().steps
    assert from_file.summary is not None
    assert from_file.summary.header.athlete == "me"


def test_side_and_mount_reach_the_steps() -> None:
    assert set(replayed_items().steps.side.tolist()) == {"R"}
    assert set(replay(ITEMS, devices=DEVICES).steps.side.tolist()) == {"U"}


def test_a_live_replay_has_live_readings_and_an_import_has_none() -> None:
    live = replay(ITEMS, devices=DEVICES, origin="live")
    assert sum(isinstance(e, LiveReading) for e in live.events) > 5
    assert not any(isinstance(e, LiveReading) for e in replayed_items().events)


def test_readings_need_no_devices() -> None:
    imu = replay([one_leg().block()], side="L")
    assert imu.summary is not None
    assert imu.summary.header.tier == "imu"
    assert len(imu.steps) > 10
    times = [START_UTC + timedelta(seconds=s) for s in range(30)]
    timed = replay([RecordReading("watch", t, 170.0, 0.25, 3.0) for t in times])
    assert timed.summary is not None
    assert timed.summary.header.tier == "contact"
    assert replay([RecordReading("watch", t, 170.0, None, 3.0) for t in times]).events[0].header.tier == "speed"


def test_notifications_without_devices_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="devices="):
        replay(ITEMS[:3])
    with pytest.raises(ValueError, match="no firmware profile 'rsc'"):
        replay(ITEMS[:3], devices={"pod-1": "rsc"})
    with pytest.raises(ValueError, match="block is 0"):
        replay(ITEMS[:3], devices=DEVICES, block=0)


def test_bad_bytes_are_events_and_nothing_is_an_empty_replay() -> None:
    bad = replay([RawNotification("pod-1", "2a53", START_UTC, b"\x01")], devices={"pod-1": "standard-rsc"})
    assert [type(e) for e in bad.events] == [DecodeFailed]
    assert bad.summary is None
    assert len(bad.steps) == 0
    assert replay([]).to_bytes() == b""


def test_a_csv_without_map_is_refused_and_with_a_map_replayed(tmp_path: Path) -> None:
    leg = one_leg()
    rows = np.column_stack([leg.t_s, leg.acceleration_mps2, leg.rotation_radps])
    path, columns = tmp_path / "leg.csv", tmp_path / "map.toml"
    np.savetxt(path, rows, delimiter=",", fmt="%.9g")
    with pytest.raises(RecordingError, match="--columns"):
        replay(path)
    columns.write_text(
        '[time]\ncolumn = 0\nunit = "s"\n[acceleration]\ncolumns = [1, 2, 3]\nunit = "m/s2"\n'
        '[angular_velocity]\ncolumns = [4, 5, 6]\nunit = "rad/s"\n'
    )
    found = replay(path, columns=columns, mount="shank", side="L")
    assert len(found.steps) == len(replay([leg.block()], mount="shank", side="L").steps)
    assert set(found.steps.side.tolist()) == {"L"}


def test_a_damaged_file_says_its_faults() -> None:
    found = replay(need.data("fit/invalid_activity-unexpected-eof.fit"))
    assert any(fault.lost for fault in found.faults)
    assert found.summary is not None
