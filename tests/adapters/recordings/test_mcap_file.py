import io
import math
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mcap.reader import make_reader
from mcap.stream_reader import StreamReader
from mcap.writer import CompressionType, Writer

from sensor_hub.adapters.recordings.learned_text import (
    calibration_text,
    pattern_text,
    read_calibration,
    read_pattern,
)
from sensor_hub.adapters.recordings.mcap_file import McapRecorder, rewrite_chunked
from sensor_hub.adapters.recordings.mcap_reader import open_mcap
from sensor_hub.errors import RecordingError
from sensor_hub.model.calibration import Calibration
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Conditions, LoadReference, Surface
from sensor_hub.model.pattern import GaitPattern
from sensor_hub.model.profile import DeviceProfile
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.session import BoundDevice, SessionSetup

ARRIVAL_UTC = datetime(2024, 5, 4, 8, 0, 0, 1, tzinfo=UTC)
PROFILE = DeviceProfile(
    id="rsc-steps", version=2, name="x", name_patterns=(), characteristics={}, kind="records", status="documented",
    evidence="",
)  # fmt: skip
DEVICES = [BoundDevice("pod-1", PROFILE, "R", "foot"), BoundDevice("pod-2", None)]
CALIBRATION = Calibration("foot-1.0", "foot", -0.1 / 3, 0.2 / 7, 0.24, 0.008, 220, "x", date(2026, 11, 21))
USUAL = GaitPattern("foot", "R", ("swing_radps",), (1 / 3,), (0.1,), 5, 900)
SESSION = {"sid": "01hxyz", "athlete": "a1", "zone": "Europe/Berlin", "origin": "live"}
NOTIFICATIONS = st.lists(
    st.builds(
        RawNotification,
        device=st.sampled_from(["pod-1", "pod-2", "ünbound"]),
        characteristic=st.sampled_from(["2a53", "2a37", "7e78aa19-72cd-d3b8-a81f-5b7e589bea0f"]),
        arrival_utc=st.datetimes(datetime(1970, 1, 1), datetime(2500, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
        payload=st.binary(max_size=64),
    ),
    max_size=30,
)


def recorder(path: Path) -> McapRecorder:
    return McapRecorder(path, devices=DEVICES, **SESSION)


def raw(i: int) -> RawNotification:
    return RawNotification("pod-1", "2a53", ARRIVAL_UTC + timedelta(milliseconds=5 * i), i.to_bytes(4, "big"))


@given(sent=NOTIFICATIONS)
def test_notifications_come_back_bit_for_bit_and_in_order(
    sent: list[RawNotification], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("roundtrip") / "run.mcap"
    recording = recorder(path)
    for notification in sent:
        recording.append(notification)
    assert list(open_mcap(path)) == sent, "before close"
    recording.close()
    finished = open_mcap(path)
    assert list(finished) == sent
    assert finished.faults == []


def test_who_with_what_and_where_is_in_the_file(tmp_path: Path) -> None:
    recording = recorder(tmp_path / "run.mcap")
    recording.append(raw(0))
    for close in (False, True):
        if close:
            recording.close()
        info = open_mcap(tmp_path / "run.mcap").info
        assert (info.kind, info.sid, info.athlete, info.zone, info.origin) == ("mcap", *SESSION.values())
        assert info.devices == (BoundDevice("pod-1", None, "R", "foot"), BoundDevice("pod-2", None, "U", None))
        assert info.profile_ids == {"pod-1": "rsc-steps"}
        assert info.start_utc == ARRIVAL_UTC


def test_what_was_learned_of_the_gait_is_in_the_file_bit_for_bit(tmp_path: Path) -> None:
    learned = BoundDevice("pod-1", None, "R", "foot", CALIBRATION, USUAL)
    first = BoundDevice("pod-2", None, "L", "foot", usual=replace(USUAL, spreads=None))
    recording = McapRecorder(tmp_path / "run.mcap", devices=[learned, first, BoundDevice("pod-3", None)], **SESSION)
    recording.append(raw(0))
    for close in (False, True):
        if close:
            recording.close()
        read = open_mcap(tmp_path / "run.mcap")
        assert read.info.devices == (learned, first, BoundDevice("pod-3", None))
        assert read.faults == []


NUMBERS = st.floats(allow_nan=False, allow_infinity=False)
POSITIVE = st.floats(min_value=1e-300, allow_infinity=False)
CONDITIONS = st.builds(
    Conditions,
    surface=st.sampled_from(get_args(Surface)),
    shoe_drop_mm=st.none() | NUMBERS,
    drop_per_mm=NUMBERS,
    leg_length_m=st.none() | NUMBERS,
)
REFERENCES = st.builds(
    LoadReference,
    id=st.text(),
    step_time_s=POSITIVE,
    contact_time_s=POSITIVE,
    hard_line_bw=POSITIVE,
    model=st.text(),
    instrument=st.text(),
    learned_on=st.none() | st.dates(),
    n_sessions=st.integers(0, 10**6),
    n_steps=NUMBERS,
)


@given(conditions=CONDITIONS, reference=st.none() | REFERENCES, tier=st.sampled_from(get_args(Tier)))
def test_what_the_load_model_was_told_is_in_the_file_bit_for_bit(
    conditions: Conditions, reference: LoadReference | None, tier: Tier, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("told") / "run.mcap"
    what = SessionSetup(**SESSION, devices=tuple(DEVICES), tier=tier, conditions=conditions, load_reference=reference)  # type: ignore[arg-type]
    recording = McapRecorder.for_session(path, what)
    recording.append(raw(0))
    for close in (False, True):
        if close:
            recording.close()
        read = open_mcap(path)
        told = (read.info.conditions, read.info.load_reference, read.info.tier)
        assert repr(told) == repr((conditions, reference, tier))
        assert (read.info.sid, read.info.athlete, read.info.zone, read.info.origin) == tuple(SESSION.values())
        assert [d.device for d in read.info.devices] == [d.device for d in DEVICES]
        assert read.faults == []


def test_a_recording_that_was_made_before_has_no_conditions_and_no_reference(tmp_path: Path) -> None:
    recorder(tmp_path / "run.mcap").close()
    read = open_mcap(tmp_path / "run.mcap")
    assert (read.info.conditions, read.info.load_reference, read.info.tier) == (Conditions(), None, None)
    assert read.faults == []


@pytest.mark.parametrize(
    ("key", "text"),
    [
        ("conditions", "{"),
        ("conditions", "[]"),
        ("conditions", '{"surface": "water"}'),
        ("conditions", '{"leg_length_m": "long"}'),
        ("conditions", '{"drop_per_mm": NaN}'),
        ("load_reference", "null"),
        ("load_reference", '{"id": "ref-own-1"}'),
        (
            "load_reference",
            '{"id": "x", "step_time_s": 0, "contact_time_s": 0.2, "hard_line_bw": 5, "model": "m", "n_steps": 1}',
        ),
        (
            "load_reference",
            '{"id": "x", "step_time_s": 1, "contact_time_s": 0.2, "hard_line_bw": 5, "model": "m", "learned_on": "?"}',
        ),
    ],
)
def test_what_the_load_model_was_told_and_cannot_be_read_is_a_fault_and_not_used(
    key: str, text: str, tmp_path: Path
) -> None:
    McapRecorder(tmp_path / "run.mcap", devices=DEVICES, **SESSION, **{key: text, "tier": "best"}).close()
    read = open_mcap(tmp_path / "run.mcap")
    assert (read.info.conditions, read.info.load_reference, read.info.tier) == (Conditions(), None, None)
    (fault,) = read.faults
    assert (fault.place, fault.lost) == (key, False)


def test_a_feature_that_is_not_known_is_null_in_the_file(tmp_path: Path) -> None:
    unknown = replace(USUAL, features=("a", "b"), values=(1 / 3, math.nan), spreads=(math.nan, 0.1))
    McapRecorder(tmp_path / "run.mcap", devices=[BoundDevice("pod-1", None, usual=unknown)], **SESSION).close()
    (read,) = open_mcap(tmp_path / "run.mcap").info.devices
    assert read.usual is not None
    assert repr(read.usual) == repr(unknown)
    assert "NaN" not in pattern_text(unknown)


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "null", "{}", '{"mount": "wrist"}', "[" * 100_000, '{"offset_s": NaN, "method": 3}']
)
@pytest.mark.parametrize("key", ["calibration", "usual"])
def test_what_was_learned_and_cannot_be_read_is_a_fault_and_not_used(key: str, text: str, tmp_path: Path) -> None:
    with (tmp_path / "run.mcap").open("wb") as target:
        writer = Writer(target)
        writer.start(library="sensor_hub")
        writer.add_metadata("sensor_hub", {"format": "1", "sid": "s", "athlete": "a", "zone": "UTC", "origin": "live"})
        writer.add_metadata("sensor_hub.device", {"device": "pod-1", "side": "L", key: text})
        writer.finish()  # type: ignore[no-untyped-call]
    read = open_mcap(tmp_path / "run.mcap")
    assert read.info.devices == (BoundDevice("pod-1", None, "L"),)
    (fault,) = read.faults
    assert (fault.place, fault.lost) == (f"pod-1 {key}", False)


@given(numbers=st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=4, max_size=4))
def test_a_calibration_survives_its_text(numbers: list[float]) -> None:
    offset_s, slope, centre_s, sd_s = numbers
    made_on = date(2026, 1, 2)
    one = Calibration("foot-1.0", "foot", offset_s, slope, centre_s, sd_s, 31, 'forc\u00e9 "x".csv', made_on, 0.1 / 7)
    for line in (one, replace(one, bias_bound_s=None)):
        assert read_calibration(calibration_text(line)) == line
    pattern = GaitPattern("sacrum", "U", ("a", "b"), tuple(numbers[:2]), tuple(numbers[2:]), 3, 99)
    assert read_pattern(pattern_text(pattern)) == pattern


def test_a_finished_recording_is_chunked_indexed_and_open_to_other_tools(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    recording = recorder(path)
    for i in range(100):
        recording.append(raw(i))
    recording.close()
    recording.close()
    with path.open("rb") as source:
        reader = make_reader(source)
        summary = reader.get_summary()
        assert summary is not None
        assert summary.statistics is not None
        assert summary.statistics.message_count == 100
        assert len(summary.chunk_indexes) == 1
        (channel,) = summary.channels.values()
        assert channel.topic == "pod-1/2a53"
        expected = {"device": "pod-1", "characteristic": "2a53", "profile": "rsc-steps@2", "side": "R", "mount": "foot"}
        assert expected.items() <= channel.metadata.items()
        message = next(iter(reader.iter_messages()))[2]
        assert message.log_time == message.publish_time == 1714809600_000_001_000
        assert [m.sequence for _, _, m in reader.iter_messages()] == list(range(100))
    assert list(tmp_path.iterdir()) == [path], "nothing is left beside it"


def test_an_existing_recording_is_never_overwritten(tmp_path: Path) -> None:
    recorder(tmp_path / "run.mcap").close()
    with pytest.raises(RecordingError, match="exists already"):
        recorder(tmp_path / "run.mcap")
    assert list(open_mcap(tmp_path / "run.mcap")) == []


def test_a_recording_without_a_notification_is_whole(tmp_path: Path) -> None:
    recorder(tmp_path / "run.mcap").close()
    recording = open_mcap(tmp_path / "run.mcap")
    assert list(recording) == []
    assert recording.faults == []
    assert recording.info.start_utc is None


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Every file is everybody's, unless whoever makes it says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.usefixtures("open_umask")
def test_a_recording_is_for_its_owner_only_while_it_is_written_rewritten_and_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, beside = tmp_path / "run.mcap", tmp_path / ".run.mcap.rewrite"
    seen = []
    start = Writer.start

    def looked_at(writer: Writer, profile: str = "", library: str = "") -> None:
        seen.append({p.name: mode(p) for p in tmp_path.iterdir()})
        start(writer, profile, library)

    monkeypatch.setattr(Writer, "start", looked_at)
    recording = recorder(path)
    recording.append(raw(0))
    recording.close()
    assert seen == [{path.name: 0o600}, {path.name: 0o600, beside.name: 0o600}]
    assert mode(path) == 0o600


@pytest.mark.usefixtures("open_umask")
@pytest.mark.parametrize("kept", [0o640, 0o400])
def test_a_rewritten_recording_keeps_the_mode_it_had(tmp_path: Path, kept: int) -> None:
    path = tmp_path / "run.mcap"
    recording = recorder(path)
    recording.append(raw(0))
    path.chmod(kept)
    recording.close()
    assert mode(path) == kept
    assert list(open_mcap(path)) == [raw(0)]


@pytest.mark.usefixtures("open_umask")
def test_what_a_dead_rewrite_left_lends_the_recording_neither_mode_nor_bytes(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    recorder(path).close()
    left = tmp_path / ".run.mcap.rewrite"
    left.write_bytes(b"half of something" * 1_000)
    left.chmod(0o666)
    rewrite_chunked(path)
    assert mode(path) == 0o600
    assert open_mcap(path).faults == []
    assert list(tmp_path.iterdir()) == [path]


CHILD = """
import sys, time
from pathlib import Path
from tests.adapters.recordings.test_mcap_file import raw, recorder
recording = recorder(Path(sys.argv[1]))
for i in range(int(sys.argv[2])):
    recording.append(raw(i))
print("written", flush=True)
time.sleep(60)
"""
REPOSITORY = Path(__file__).parents[3]


def test_a_killed_process_loses_no_notification(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    with subprocess.Popen(
        [sys.executable, "-c", CHILD, str(path), "500"], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "written\n"
        os.kill(child.pid, signal.SIGKILL)
    recording = open_mcap(path)
    assert list(recording) == [raw(i) for i in range(500)]
    (fault,) = recording.faults
    assert fault.lost
    assert fault.place == f"byte {path.stat().st_size}"
    assert recording.info.sid == SESSION["sid"]


FULL_DISK = """
import resource, sys
from pathlib import Path
from sensor_hub.errors import RecordingError
from tests.adapters.recordings.test_mcap_file import raw, recorder
recording = recorder(Path(sys.argv[1]))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
for i in range(10_000):
    try:
        recording.append(raw(i))
    except RecordingError as error:
        print(i, error)
        break
try:
    recording.close()
except RecordingError as error:
    print(error)
"""


def test_a_full_disk_is_said_and_what_was_recorded_stays(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    child = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    first, second = child.stdout.splitlines()
    n_written = int(first.split()[0])
    assert "appending: File too large" in first
    assert "closing: File too large" in second
    recording = open_mcap(path)
    assert list(recording) == [raw(i) for i in range(n_written)]
    assert [f.lost for f in recording.faults] == [True]


def test_a_damaged_index_at_the_end_loses_nothing(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    recording = recorder(path)
    recording.append(raw(0))
    recording.close()
    path.write_bytes(path.read_bytes()[:-20])
    read = open_mcap(path)
    assert list(read) == [raw(0)]
    assert [f.lost for f in read.faults] == [False]


def foreign(compression: CompressionType, *, ours: bool) -> bytes:
    target = io.BytesIO()
    writer = Writer(target, compression=compression)
    writer.start()
    if ours:
        writer.add_metadata("sensor_hub", {"format": "1"})
    channel = writer.register_channel("/camera", "json", 0)
    writer.add_message(channel, 0, b"{}", 0)
    writer.finish()  # type: ignore[no-untyped-call]
    return target.getvalue()


def test_somebody_elses_mcap_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(foreign(CompressionType.LZ4, ours=False))
    with pytest.raises(RecordingError, match="no recording of sensor_hub"):
        open_mcap(path)


def test_a_channel_somebody_added_is_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(foreign(CompressionType.LZ4, ours=True))
    recording = open_mcap(path)
    assert list(recording) == []
    assert recording.faults == []


def test_a_foreign_compression_is_named_with_its_mend(tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    path.write_bytes(foreign(CompressionType.ZSTD, ours=True))
    recording = open_mcap(path)
    assert list(recording) == []
    assert "recompress it with lz4" in recording.faults[0].problem


def test_a_later_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.mcap"
    ours, later = b"format\x01\x00\x00\x001", b"format\x01\x00\x00\x009"
    path.write_bytes(foreign(CompressionType.LZ4, ours=True).replace(ours, later))
    with pytest.raises(RecordingError, match="format '9' is not '1'"):
        open_mcap(path)


def test_while_it_is_written_the_file_has_no_chunks(tmp_path: Path) -> None:
    path = tmp_path / "run.mcap"
    recording = recorder(path)
    recording.append(raw(0))
    with path.open("rb") as source:
        records = StreamReader(source, emit_chunks=True).records
        names = [type(next(records)).__name__ for _ in range(6)]
    recording.close()
    assert names == ["Header", "Metadata", "Metadata", "Metadata", "Channel", "Message"]
