"""Real FIT files against a summary made of them by other means (``expected_summary.csv``)."""

import csv
import statistics
from dataclasses import dataclass
from functools import cache

import pytest

from sensor_hub.adapters.recordings.fit import CONTACT_STREAMS
from sensor_hub.adapters.recordings.recognise import open_recording
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.recording import Fault, RecordingInfo
from tests import need

FILES = [
    "stryd-backgaden-0.3km", "stryd-backgaden-1km", "stryd-sport-field-circles", "stryd-sport-field-lap",
    "activity_1378220136", "activity_2477200414", "activity_2545022458", "activity_2944936628", "track_cs_5611",
    "track_cs_728599", "track_cs_777501", "activity-small-fenix2-run", "developer-types-sample", "garmin-fenix-5-run",
    "garmin-fenix-5-walk", "invalid_activity-activity-filecrc", "invalid_activity-filecrc",
    "invalid_activity-settings-corruptheader", "invalid_activity-settings-nodata", "invalid_activity-unexpected-eof",
    "invalid_elemnt-bolt-no-application-id-inside-developer-data-id",
]  # fmt: skip
EXPECTED_COLUMNS = {"stance_time": ("stance_n", "stance_mean_ms"), "Ground Time": ("pod_n", "pod_contact_mean_ms")}


@dataclass
class Read:
    info: RecordingInfo
    faults: list[Fault]
    records: list[RecordReading]
    pauses: list[PauseReading]


@cache
def read(file: str, stream: str | None = None) -> Read:
    recording = open_recording(need.data(f"fit/{file}.fit"), contact_stream=stream)
    readings = list(recording)
    return Read(
        recording.info,
        recording.faults,
        [r for r in readings if isinstance(r, RecordReading)],
        [r for r in readings if isinstance(r, PauseReading)],
    )


def expected(file: str) -> dict[str, str]:
    with need.data("fit/expected_summary.csv").open(encoding="utf-8", newline="") as source:
        return next(row for row in csv.DictReader(source) if row["file"] == f"{file}.fit")


def test_every_file_of_the_summary_is_tested() -> None:
    with need.data("fit/expected_summary.csv").open(encoding="utf-8", newline="") as source:
        assert sorted(row["file"] for row in csv.DictReader(source)) == sorted(f"{file}.fit" for file in FILES)


@pytest.mark.parametrize("file", FILES)
def test_records_cadence_and_distance_are_what_the_summary_says(file: str) -> None:
    row, found = expected(file), read(file)
    assert len(found.records) == int(row["records"])
    running_spm = [r.cadence_spm for r in found.records if r.cadence_spm is not None and r.cadence_spm > 120]
    if row["cadence_spm_median"]:
        assert statistics.median(running_spm) == pytest.approx(float(row["cadence_spm_median"]), abs=1)
    else:
        assert not running_spm
    distances_m = [r.distance_m for r in found.records if r.distance_m is not None]
    assert max(distances_m) == pytest.approx(float(row["distance_m"]), abs=0.01)
    back_steps = sum(b.end_utc < a.end_utc for a, b in zip(found.records, found.records[1:], strict=False))
    assert back_steps == int(row["back_steps"])
    assert any("back" in fault.problem for fault in found.faults) == (back_steps > 0)


@pytest.mark.parametrize("stream", CONTACT_STREAMS)
@pytest.mark.parametrize("file", FILES)
def test_each_contact_time_stream_has_the_mean_the_summary_says(file: str, stream: str) -> None:
    row = expected(file)
    n_column, mean_column = EXPECTED_COLUMNS[stream]
    alone = sum(int(row[n]) > 0 for n, _ in EXPECTED_COLUMNS.values()) == 1
    found = read(file) if alone else read(file, stream)  # the only stream must be found without being asked for
    assert found.info.contact_streams[stream] == int(row[n_column])
    if row[mean_column]:
        contact_s = [r.contact_time_s for r in found.records if r.contact_time_s is not None]
        assert len(contact_s) == int(row[n_column])
        assert 1000 * statistics.fmean(contact_s) == pytest.approx(float(row[mean_column]), rel=0.005)


@pytest.mark.parametrize("file", FILES)
def test_a_loss_is_reported_exactly_where_the_file_is_broken(file: str) -> None:
    row, found = expected(file), read(file)
    assert any(fault.lost for fault in found.faults) == bool(row["err"])
    if "filecrc" in file:
        assert [fault.lost for fault in found.faults if "checksum" in fault.problem] == [False]
    assert all(fault.place for fault in found.faults)


@pytest.mark.parametrize("file", FILES)
def test_the_broken_files_and_only_they_are_warned_about(file: str) -> None:
    wrong = [fault for fault in read(file).faults if fault.place != "contact time"]
    assert bool(wrong) == file.startswith("invalid_")


def test_the_watchs_own_stream_is_preferred_and_the_choice_is_said() -> None:
    both = read("activity_2477200414")
    contact_s = [r.contact_time_s for r in both.records if r.contact_time_s is not None]
    assert statistics.fmean(contact_s) == pytest.approx(0.2543, abs=1e-4)
    assert ["stance_time is used alone" in fault.problem for fault in both.faults] == [True]
    assert sum(r.contact_time_s is not None for r in read("track_cs_777501").records) == 1568


def test_sport_maker_and_pauses_are_read() -> None:
    assert read("garmin-fenix-5-walk").info.ledger == "walk"
    assert read("invalid_elemnt-bolt-no-application-id-inside-developer-data-id").info.ledger == "other"
    trail = read("activity_2944936628")
    assert trail.info.ledger == "run"
    assert [device.device for device in trail.info.devices] == ["garmin-fenix5x-plus"]
    assert len(trail.pauses) == 8  # nine starts and nine stops
    assert all(pause.start_utc < pause.end_utc for pause in trail.pauses)
