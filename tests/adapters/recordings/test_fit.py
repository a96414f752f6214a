from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sensor_hub.adapters.recordings.fit import open_fit
from sensor_hub.errors import RecordingError
from sensor_hub.model.gait import PauseReading, RecordReading
from sensor_hub.model.load import Conditions
from tests.adapters.recordings import fit_bytes as fit

START_UTC = datetime(2024, 5, 4, 8, 0, tzinfo=UTC)
T = fit.fit_time(START_UTC)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "run.fit"


def contact_times(path: Path, stream: str | None = None) -> list[float | None]:
    return [r.contact_time_s for r in open_fit(path, contact_stream=stream) if isinstance(r, RecordReading)]


def test_a_record_becomes_a_reading_in_si_units_of_both_feet(path: Path) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), fit.record(T, cadence=85, fractional=64)))
    recording = open_fit(path)
    # 2 x (85 + 64/128) strides/min; 2500 x 0.1 ms; 3000 mm/s; 1000 cm
    assert list(recording) == [
        RecordReading(
            "garmin-fenix3", START_UTC, cadence_spm=171.0, contact_time_s=0.25, speed_mps=3.0, distance_m=10.0
        )
    ]
    assert recording.faults == []
    assert recording.info.ledger == "run"
    assert recording.info.start_utc == START_UTC


@pytest.mark.parametrize(
    ("stance", "contact_time_s"),
    [(0, None), (1000, None), (1001, 0.1001), (4499, 0.4499), (4500, None), (9000, None), (fit.NONE16, None)],
)
def test_a_contact_time_outside_running_is_unknown(path: Path, stance: int, contact_time_s: float | None) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.record(T, stance=stance)))
    assert contact_times(path) == [pytest.approx(contact_time_s)]


def test_a_stopped_timer_is_a_pause_and_the_end_of_a_run_is_not(path: Path) -> None:
    stop, go, end = T + 2, T + 9, T + 20
    path.write_bytes(
        fit.fit_file(
            fit.file_id(), fit.timer(T, fit.START), fit.record(T + 1), fit.timer(stop, fit.STOP_ALL),
            fit.timer(stop + 1, fit.STOP_ALL), fit.timer(go, fit.START), fit.record(T + 10),
            fit.timer(end, fit.STOP_ALL),
        )
    )  # fmt: skip
    readings = list(open_fit(path))
    pause = PauseReading("garmin-fenix3", START_UTC + timedelta(seconds=2), START_UTC + timedelta(seconds=9))
    assert [r for r in readings if isinstance(r, PauseReading)] == [pause]
    assert readings.index(pause) == 1


@pytest.mark.parametrize("at", [0, 2, 4])
@pytest.mark.parametrize("absurd", [T + 8 * 24 * 3600, T - 10**8, 2**32 - 2])
def test_a_record_days_away_is_left_out_and_the_rest_kept(path: Path, at: int, absurd: int) -> None:
    times = [T, T + 1, T + 2, T + 3]
    times.insert(at, absurd)
    path.write_bytes(fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), *map(fit.record, times)))
    recording = open_fit(path)
    ends = [r.end_utc for r in recording if isinstance(r, RecordReading)]
    assert ends == [START_UTC + timedelta(seconds=i) for i in range(4)]
    assert [(f.place, f.lost) for f in recording.faults] == [(f"record {at}", True)]
    assert recording.info.start_utc == START_UTC


@pytest.mark.parametrize(
    ("sport", "ledger"), [(fit.RUNNING, "run"), (fit.WALKING, "walk"), (fit.CYCLING, "other"), (5, "other")]
)
def test_the_sport_decides_the_ledger(path: Path, sport: int, ledger: str) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.record(T), fit.session(sport)))
    assert open_fit(path).info.ledger == ledger


def test_a_file_of_several_sports_is_not_taken_for_a_run_and_says_so(path: Path) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.record(T), fit.session(fit.CYCLING), fit.session(fit.RUNNING)))
    recording = open_fit(path)
    assert recording.info.ledger == "other"
    assert [(f.place, f.lost) for f in recording.faults] == [("session", False)]
    assert "cycling, running" in recording.faults[0].problem


def test_a_file_without_a_sport_is_taken_for_a_run_and_says_so(path: Path) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.record(T)))
    recording = open_fit(path)
    assert recording.info.ledger == "run"
    assert "taken as a run" in recording.faults[0].problem


def test_the_pods_contact_time_is_found_by_its_fields_name_even_as_an_array(path: Path) -> None:
    for name in (b"Ground Time\0", b"Ground Time\0\0\0\0"):
        path.write_bytes(fit.fit_file(fit.file_id(), fit.ground_time_field(name), fit.record_with_pod(T, 240, 9999)))
        assert contact_times(path) == [0.24]
        assert open_fit(path).info.contact_streams == {"stance_time": 0, "Ground Time": 1}


def both_streams() -> bytes:
    return fit.fit_file(
        fit.file_id(), fit.session(fit.RUNNING), fit.ground_time_field(),
        fit.record_with_pod(T, 240, stance=2500), fit.record_with_pod(T + 1, 241),
        fit.record_with_pod(T + 2, 1200, stance=2510),
    )  # fmt: skip


def test_two_contact_time_streams_are_never_mixed(path: Path) -> None:
    path.write_bytes(both_streams())
    assert contact_times(path) == [0.25, None, 0.251]
    assert contact_times(path, "stance_time") == [0.25, None, 0.251]
    assert contact_times(path, "Ground Time") == [0.24, 0.241, None]
    recording = open_fit(path)
    assert recording.info.contact_streams == {"stance_time": 2, "Ground Time": 2}
    assert [f.lost for f in recording.faults] == [False]
    assert "stance_time is used alone" in recording.faults[0].problem


def test_a_stream_that_was_asked_for_and_is_not_there_is_not_replaced(path: Path) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), fit.record(T)))
    assert contact_times(path, "Ground Time") == [None]
    assert "no plausible value" in open_fit(path, contact_stream="Ground Time").faults[0].problem


def test_an_unknown_stream_is_refused_with_the_names_that_exist(path: Path) -> None:
    path.write_bytes(both_streams())
    with pytest.raises(RecordingError, match="'stance_time' or 'Ground Time'"):
        open_fit(path, contact_stream="gct")


def test_time_that_runs_backwards_is_counted_and_the_records_are_kept(path: Path) -> None:
    times = [T + 5, T + 6, T + 3, T + 4, T + 1]
    path.write_bytes(fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), *(fit.record(t) for t in times)))
    recording = open_fit(path)
    assert len(list(recording)) == 5
    (fault,) = recording.faults
    assert (fault.place, fault.lost) == ("record 2", False)
    assert "back by 3 s, and 1 times more" in fault.problem


def test_a_record_on_the_watchs_uptime_is_left_out_and_counted(path: Path) -> None:
    path.write_bytes(fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), fit.record(1000), fit.record(T)))
    recording = open_fit(path)
    assert [r.end_utc for r in recording if isinstance(r, RecordReading)] == [START_UTC]
    assert [(f.place, f.lost) for f in recording.faults] == [("records", True)]


def test_a_wrong_checksum_is_a_warning_and_the_file_is_read_whole(path: Path) -> None:
    whole = fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), fit.record(T))
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 0xFF]))
    recording = open_fit(path)
    assert len(list(recording)) == 1
    assert [(f.place, f.lost) for f in recording.faults] == [(f"byte {len(whole) - 2}", False)]


def test_a_missing_checksum_is_a_warning_and_a_missing_record_a_loss(path: Path) -> None:
    whole = fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), fit.record(T), fit.record(T + 1))
    path.write_bytes(whole[:-1])
    assert [f.lost for f in open_fit(path).faults] == [False]
    path.write_bytes(whole[:-3])
    recording = open_fit(path)
    assert len(list(recording)) == 1
    assert [f.lost for f in recording.faults] == [True]
    # the record that is cut begins 17 bytes before the two of the checksum: header, 4 + 1 + 1 + 2 + 4 + 4
    assert recording.faults[0].place == f"byte {len(whole) - 2 - 17}"


def test_what_is_no_fit_or_has_no_record_is_refused_at_open(path: Path) -> None:
    path.write_bytes(b"time,aX,aY\n1,2,3\n")
    with pytest.raises(RecordingError, match="no FIT signature"):
        open_fit(path)
    path.write_bytes(fit.fit_file(fit.file_id()))
    with pytest.raises(RecordingError, match="no record message"):
        open_fit(path)


def test_an_unnamed_maker_still_gives_a_device(path: Path) -> None:
    path.write_bytes(fit.fit_file(fit.record(T)))
    assert [d.device for d in open_fit(path).info.devices] == ["fit"]
    path.write_bytes(fit.fit_file(fit.file_id(manufacturer=65000, product=7), fit.record(T)))
    assert [d.device for d in open_fit(path).info.devices] == ["65000-7"]


@pytest.mark.parametrize(
    ("altitude", "enhanced", "altitude_m"),
    [(2750, fit.NONE32, 50.0), (fit.NONE16, 2751, 50.2), (2750, 2760, 52.0), (fit.NONE16, fit.NONE32, None)],
)
def test_altitude_is_the_finer_one_where_a_record_has_two(
    path: Path, altitude: int, enhanced: int, altitude_m: float | None
) -> None:
    written = fit.placed_record(T, altitude=altitude, enhanced_altitude=enhanced)
    path.write_bytes(fit.fit_file(fit.file_id(), fit.session(fit.RUNNING), written))
    (record,) = open_fit(path)
    assert isinstance(record, RecordReading)
    assert record.altitude_m == pytest.approx(altitude_m)


@pytest.mark.parametrize(
    ("sub_sports", "is_placed", "surface"),
    [
        ([fit.TREADMILL], False, "treadmill"),
        ([fit.INDOOR_RUNNING], False, "treadmill"),
        ([fit.TREADMILL], True, "treadmill"),  # its positions are where the treadmill stands
        ([fit.VIRTUAL_ACTIVITY], True, "treadmill"),  # its positions are a game's
        ([fit.TRAIL], False, "overground"),
        ([fit.GENERIC], True, "overground"),
        ([fit.GENERIC], False, "unknown"),
        ([], True, "overground"),
        ([], False, "unknown"),
        ([fit.TREADMILL, fit.TRAIL], True, "unknown"),
    ],
)
def test_what_was_run_on_is_told_by_sub_sport_and_positions(
    path: Path, sub_sports: list[int], is_placed: bool, surface: str
) -> None:
    sessions = [fit.session(fit.RUNNING, sub_sport) for sub_sport in sub_sports]
    path.write_bytes(fit.fit_file(fit.file_id(), fit.placed_record(T) if is_placed else fit.record(T), *sessions))
    assert open_fit(path).info.conditions == Conditions(surface=surface)  # type: ignore[arg-type]


def test_the_device_says_which_of_two_contact_times_were_used(path: Path) -> None:
    path.write_bytes(both_streams())
    assert [d.contact_stream for d in open_fit(path).info.devices] == ["stance-time"]
    assert [d.contact_stream for d in open_fit(path, contact_stream="Ground Time").info.devices] == ["ground-time"]
    path.write_bytes(fit.fit_file(fit.file_id(), fit.record(T, stance=fit.NONE16)))
    assert [d.contact_stream for d in open_fit(path).info.devices] == [""]
