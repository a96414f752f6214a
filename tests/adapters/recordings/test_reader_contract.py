"""What every reader of recordings owes, whole files and damaged ones alike."""

import gzip
import math
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.recordings.column_map import parse_column_map
from sensor_hub.adapters.recordings.mcap_file import McapRecorder
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.raw import RawNotification
from sensor_hub.model.recording import Recording
from sensor_hub.model.session import BoundDevice, Reading
from tests import need
from tests.adapters.recordings import captures_by_hand as hand
from tests.adapters.recordings import fit_bytes as fit

START_UTC = datetime(2024, 5, 4, 8, 0, tzinfo=UTC)
COLUMNS = parse_column_map("""
[time]
column = "t"
unit = "s"
[acceleration]
columns = ["", "-ap", "v"]
unit = "g"
""")


def write_fit(path: Path) -> None:
    t = fit.fit_time(START_UTC)
    path.write_bytes(
        fit.fit_file(
            fit.file_id(), fit.timer(t, fit.START), fit.record(t + 1), fit.record(t + 2, stance=0, speed=fit.NONE32),
            fit.timer(t + 2, fit.STOP_ALL), fit.timer(t + 9, fit.START), fit.record(t + 10, cadence=fit.NONE8),
            fit.session(fit.RUNNING),
        )
    )  # fmt: skip


def write_shank_csv(path: Path) -> None:
    lines = [f"{10 * i},{0.1 * i},-0.5,1e0,{i},2,nan" for i in range(30)]
    path.write_text("\n".join(["time,aX,aY,aZ,gX,gY,gZ", *lines, ""]))


def write_columns_csv(path: Path) -> None:
    lines = [f"{0.01 * i:.2f},{0.5 * i},{'' if i == 3 else i}" for i in range(20)]
    path.write_text("\n".join(["t,ap,v", *lines, ""]))


def write_rsc_vectors(path: Path) -> None:
    path.write_text('{"vectors": [{"hex": "018002b45500", "device": "Pod 1"}, {"hex": "008002b4"}]}')


def recorder(path: Path) -> McapRecorder:
    pods = [BoundDevice("pod-1", None, "R", "foot"), BoundDevice("pod-2", None)]
    return McapRecorder(path, sid="01hx", athlete="a1", zone="Europe/Berlin", origin="live", devices=pods)


def fill(recording: McapRecorder) -> None:
    for i in range(12):
        arrival_utc = START_UTC + timedelta(microseconds=100_001 * i)
        recording.append(RawNotification(f"pod-{1 + i % 2}", "2a53", arrival_utc, bytes(range(i))))


def write_unfinished_mcap(path: Path) -> None:
    recording = recorder(path)
    fill(recording)
    recording._abandon()


def write_mcap(path: Path) -> None:
    recording = recorder(path)
    fill(recording)
    recording.close()


@dataclass(frozen=True)
class Case:
    name: str
    write: Callable[[Path], object]
    opened: Callable[[Path], Recording] = open_recording
    unsettled: int = 0  # newest readings that later ones still change


CASES = [
    Case("fit", write_fit),
    Case("shank-csv", write_shank_csv),
    Case("columns-csv", write_columns_csv, lambda path: open_recording(path, columns=COLUMNS)),
    Case("rsc-vectors", write_rsc_vectors),
    Case("tcx", lambda path: path.write_text(hand.straight_tcx())),
    Case("gpx", lambda path: path.write_text(hand.straight_gpx()), unsettled=3),
    Case("tcx-gz", lambda path: path.write_bytes(gzip.compress(hand.straight_tcx().encode()))),
    Case("btsnoop", lambda path: path.write_bytes(hand.rsc_capture())),
    Case(
        "nrf-log",
        lambda path: path.write_text(hand.nrf_android([hand.nrf_line(f"08:00:{s}.250") for s in range(10, 30)])),
    ),
    Case("mcap", write_mcap),
    Case("mcap-unfinished", write_unfinished_mcap),
]
REAL = {
    "fit/stryd-backgaden-0.3km.fit": open_recording,
    "fit/activity_1378220136.fit": open_recording,
    "imu_shank/foot-up-down.csv": open_recording,
    "imu_shank/chest3.csv": open_recording,
    "ble_vectors/rsc_2a53.json": open_recording,
}
every_reader = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@cache
def bytes_of(case: Case) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "recording"
        case.write(path)
        return path.read_bytes()


@dataclass(frozen=True)
class Sample:
    """One sample of a block, comparable: unknown is None."""

    device: str
    values: tuple[float | None, ...]


def samples(recording: Recording) -> Iterator[RawNotification | Reading | Sample]:
    for reading in recording:
        if isinstance(reading, ImuBlock):
            vectors = (reading.acceleration_mps2, reading.angular_velocity_radps)
            for i, t_s in enumerate(reading.t_s):
                values = (t_s, *(v for vector in vectors for v in vector[i]))
                yield Sample(reading.device, tuple(None if math.isnan(v) else v for v in values))
        else:
            yield reading


def check_contract(recording: Recording) -> None:
    readings = list(recording)
    assert readings, "a recording without readings"
    assert list(recording) == [], "iterates once"
    assert recording.info.kind
    assert recording.info.start_utc is None or recording.info.start_utc.utcoffset() == timedelta(0)
    known = {bound.device for bound in recording.info.devices}
    for reading in readings:
        assert isinstance(reading, RawNotification | ImuBlock | RecordReading | PauseReading)
        assert reading.device in known
        if isinstance(reading, ImuBlock):
            assert reading.acceleration_mps2.shape == reading.angular_velocity_radps.shape == (len(reading), 3)
            assert all(math.isfinite(t) for t in reading.t_s)
            continue
        for field in fields(reading):
            value = getattr(reading, field.name)
            if isinstance(value, datetime):
                assert value.utcoffset() == timedelta(0)
            if isinstance(value, float):
                assert math.isfinite(value), "unknown is None, never NaN, in a scalar"
    for fault in recording.faults:
        assert fault.place
        assert fault.problem


@every_reader
def test_a_whole_file_is_read_without_loss(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "recording"
    case.write(path)
    recording = case.opened(path)
    check_contract(recording)
    assert recording.info.path == str(path)
    cut_off = case.name == "mcap-unfinished"
    assert any(fault.lost for fault in recording.faults) == cut_off


@pytest.mark.parametrize("relative", REAL)
def test_a_real_recording_keeps_the_contract(relative: str) -> None:
    check_contract(REAL[relative](need.data(relative)))


@every_reader
def test_what_the_source_does_not_know_stays_unknown(case: Case, tmp_path: Path) -> None:
    path = tmp_path / "recording"
    case.write(path)
    readings = list(samples(case.opened(path)))
    if case.name == "fit":
        contact = [r.contact_time_s for r in readings if isinstance(r, RecordReading)]
        assert contact == [0.25, None, 0.25]
        assert [r.speed_mps for r in readings if isinstance(r, RecordReading)] == [3.0, None, 3.0]
        assert [r.cadence_spm for r in readings if isinstance(r, RecordReading)] == [171.0, 171.0, None]
    elif case.name == "shank-csv":
        assert {r.values[6] for r in readings if isinstance(r, Sample)} == {None}
    elif case.name == "columns-csv":
        rows = [r.values for r in readings if isinstance(r, Sample)]
        assert {row[1] for row in rows} == {None}
        assert [i for i, row in enumerate(rows) if row[3] is None] == [3]


@every_reader
@given(draw=st.data())
def test_a_file_cut_anywhere_yields_a_prefix_of_the_whole(
    case: Case, draw: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    whole = bytes_of(case)
    path = tmp_path_factory.getbasetemp() / f"whole-{case.name}"
    path.write_bytes(whole)
    expected = list(samples(case.opened(path)))
    cut = draw.draw(st.integers(0, len(whole) - 1))
    path = path.with_name(f"cut-{case.name}")
    path.write_bytes(whole[:cut])
    try:
        recording = case.opened(path)
    except RecordingError as refused:
        named = refused.path == str(path) and bool(refused.place)
        assert named
        return
    found = list(samples(recording))
    settled = max(0, len(found) - case.unsettled)
    assert found[:settled] == expected[:settled]
    assert len(found) <= len(expected)
    for fault in recording.faults:
        assert fault.place
    if len(found) < len(expected) and not cut_at_a_border(case, whole, cut):
        assert any(fault.lost for fault in recording.faults), "something is missing and nobody says so"


def cut_at_a_border(case: Case, whole: bytes, cut: int) -> bool:
    """Lines or packets that end where they should look whole."""
    if case.name == "btsnoop":
        return cut in packet_ends(whole)
    return case.name.endswith(("csv", "log")) and whole[:cut].endswith(b"\n")


def packet_ends(snoop: bytes) -> set[int]:
    ends = {16}
    while (at := max(ends)) < len(snoop):
        ends.add(at + 24 + int.from_bytes(snoop[at + 4 : at + 8], "big"))
    return ends


@every_reader
@given(draw=st.data())
def test_a_damaged_file_is_refused_at_open_or_read_without_an_exception(
    case: Case, draw: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    damaged = bytearray(bytes_of(case))
    for _ in range(draw.draw(st.integers(1, 4))):
        damaged[draw.draw(st.integers(0, len(damaged) - 1))] = draw.draw(st.integers(0, 255))
    path = tmp_path_factory.getbasetemp() / f"damaged-{case.name}"
    path.write_bytes(damaged)
    try:
        recording = case.opened(path)
    except RecordingError:
        return
    list(recording)


@every_reader
def test_a_missing_file_is_a_recording_error(case: Case, tmp_path: Path) -> None:
    with pytest.raises(RecordingError, match="No such file"):
        case.opened(tmp_path / "nowhere")
