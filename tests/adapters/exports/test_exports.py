"""What goes out comes back: CSV, Parquet and FIT of the same session."""

import csv
import json
import sys
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.exports.content import UNITS, ExportedSession, write_whole
from sensor_hub.adapters.exports.seconds import seconds_of
from sensor_hub.adapters.exports.to_csv import write_steps_csv, write_summary_csv
from sensor_hub.adapters.exports.to_fit import ACHILLES_NAME, LOAD_NAME, VGRF_NAME, write_fit
from sensor_hub.adapters.exports.to_parquet import write_parquet
from sensor_hub.adapters.recordings.fit import open_fit
from sensor_hub.app.analysis import NO_CLOCK_UTC, analyze, events_of, open_file, setup_for
from sensor_hub.errors import ConfigError, RecordingError
from sensor_hub.model.gait import FLOAT_COLUMNS, TEXT_COLUMNS, PauseReading, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.session import GapFound, Ledger, SessionSummary, StepBatch
from sensor_hub.units import utc_us
from tests import need
from tests.adapters.recordings import fit_bytes as fit
from tests.cli.files import fit_run, shank_csv

START_UTC = datetime(2024, 5, 4, 8, 0, tzinfo=UTC)


def session_of(path: Path) -> ExportedSession:
    recording = open_file(path)
    start_utc = recording.info.start_utc or (NO_CLOCK_UTC + timedelta(days=20_000, milliseconds=300))
    setup = setup_for(recording.info, sid="s1", athlete="a1", zone="UTC", origin="import", start_utc=start_utc)
    batches, gaps, summary = [], [], None
    for event in events_of(recording, setup):
        match event:
            case StepBatch():
                batches.append(event.steps)
            case GapFound():
                gaps.append(event)
            case SessionSummary():
                summary = event
    assert summary is not None
    return ExportedSession(summary, StepTable.concatenate(batches), tuple(gaps))


def read_csv(path: Path) -> StepTable:
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    columns = {name: [row[name] for row in rows] for name in rows[0]}
    kinds: dict[str, Any] = {"side": "<U1", "step_time_origin": "<U9", "gait": "<U4", "time_utc_us": np.int64}
    made: dict[str, Any] = {
        n: np.array(c if n in TEXT_COLUMNS else [v or "nan" for v in c], dtype=kinds.get(n, float))
        for n, c in columns.items()
    }
    return StepTable(**made)


@pytest.fixture
def run(tmp_path: Path) -> ExportedSession:
    return session_of(fit_run(tmp_path / "run.fit"))


@pytest.fixture
def leg(tmp_path: Path) -> ExportedSession:
    return session_of(shank_csv(tmp_path / "leg.csv", 60.0))


def test_steps_as_csv_are_read_back_equal(leg: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "steps.csv"
    write_steps_csv(path, leg)
    assert len(leg.steps) > 50
    assert read_csv(path) == leg.steps
    assert "nan" not in path.read_text()


def test_steps_as_parquet_are_read_back_equal_with_units_and_session(leg: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "steps.parquet"
    write_parquet(path, leg)
    table = pq.read_table(path)
    columns = {f.name: table[f.name].to_numpy(zero_copy_only=False) for f in fields(StepTable)}
    columns |= {name: columns[name].astype(str) for name in TEXT_COLUMNS}
    assert StepTable(**columns) == leg.steps
    assert table.schema.field("contact_time_s").metadata == {b"unit": b"s"}
    for name in (n for n in FLOAT_COLUMNS if n.startswith("achilles")):
        assert b"modelled" in table.schema.field(name).metadata[b"unit"], name
    about = table.schema.metadata
    assert (about[b"instrument"], about[b"surface"]) == (leg.summary.header.instrument.encode(), b"unknown")
    assert set(json.loads(about[b"totals"])) == {f.name for f in fields(Totals)}
    assert {about[k] for k in (b"sid", b"athlete", b"tier", b"model")} == {b"s1", b"a1", b"imu", b"achilles-1.0.0"}
    assert table["speed_mps"].null_count == len(table)


def test_every_number_of_a_step_has_a_unit_and_every_modelled_one_says_so() -> None:
    assert set(UNITS) == {"time_utc_us", *FLOAT_COLUMNS}
    for name in (n for n in FLOAT_COLUMNS if n.startswith(("achilles", "vgrf")) and n != "vgrf_peak_sd"):
        assert "modelled" in UNITS[name], name
    for name in ("achilles_peak_bw", "achilles_impulse_bw_s", "achilles_push_off_bw_s"):
        assert "within 40 %" in UNITS[name], name
    assert all(
        "one standard deviation beside" in UNITS[n] for n in FLOAT_COLUMNS if n.endswith(("peak_sd", "impulse_sd"))
    )


def test_without_pyarrow_the_way_out_is_named(
    leg: ExportedSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ConfigError, match=r"sensor-hub\[parquet\]"):
        write_parquet(tmp_path / "x.parquet", leg)


def test_the_summary_is_one_line_in_which_unknown_is_empty(leg: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "summary.csv"
    write_summary_csv(path, leg)
    with path.open(newline="") as file:
        (line,) = csv.DictReader(file)
    assert float(line["n_steps"]) == leg.summary.totals.n_steps
    assert line["distance_m"] == line["leg_stiffness_bw_per_m"] == ""
    assert float(line["load_bw_s"]) == leg.summary.totals.load_bw_s
    assert (line["instrument"], line["surface"]) == (leg.summary.header.instrument, "unknown")
    assert "athlete_name" not in line


@pytest.mark.parametrize("source", ["run", "leg"])
def test_a_fit_that_is_imported_again_says_the_same(
    source: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    session: ExportedSession = request.getfixturevalue(source)
    path = tmp_path / "out.fit"
    write_fit(path, session)
    check_again(session, path)


@pytest.mark.parametrize(
    "relative",
    [
        "fit/stryd-backgaden-1km.fit",
        pytest.param("fit/activity_2477200414.fit", marks=pytest.mark.thorough),
        "fit/garmin-fenix-5-run.fit",
        "fit/activity_2545022458.fit",
    ],
)
def test_a_fit_of_a_real_run_that_is_imported_again_says_the_same(relative: str, tmp_path: Path) -> None:
    session = session_of(need.data(relative))
    path = tmp_path / "out.fit"
    write_fit(path, session)
    check_again(session, path)


def check_again(session: ExportedSession, path: Path) -> None:
    found = analyze(path)
    assert found.summary is not None
    before, after = asdict(session.summary.totals), asdict(found.summary.totals)
    assert [f for f in found.faults if f.lost] == []
    assert after["n_steps"] == pytest.approx(before["n_steps"], abs=1.0)
    assert after["duration_s"] == pytest.approx(before["duration_s"], abs=1.5)
    if before["contact_time_s"] is None:
        assert after["contact_time_s"] is None
    else:
        assert after["contact_time_s"] == pytest.approx(before["contact_time_s"], rel=0.005)
    if before["distance_m"] is None:
        assert after["distance_m"] is None
    else:
        assert after["distance_m"] == pytest.approx(before["distance_m"], rel=0.001)
    assert after["coverage"] == pytest.approx(before["coverage"], abs=0.01)
    assert found.summary.header.ledger == session.summary.header.ledger
    assert found.summary.start_utc == session.summary.start_utc.replace(microsecond=0)


def test_a_pause_of_the_watch_is_a_stopped_timer_again(tmp_path: Path) -> None:
    t = fit.fit_time(START_UTC)
    first = [fit.record(t + s, distance=300 * s) for s in range(61)]
    second = [fit.record(t + s, distance=18000 + 300 * (s - 300)) for s in range(301, 361)]
    stop, start = fit.timer(t + 60, fit.STOP_ALL), fit.timer(t + 300, fit.START)
    source = tmp_path / "in.fit"
    source.write_bytes(
        fit.fit_file(fit.file_id(), fit.timer(t, fit.START), *first, stop, start, *second, fit.session(fit.RUNNING))
    )
    session = session_of(source)
    assert session.summary.totals.duration_s == 120.0
    path = tmp_path / "out.fit"
    write_fit(path, session)
    check_again(session, path)
    (pause,) = [reading for reading in open_fit(path) if isinstance(reading, PauseReading)]
    assert (pause.start_utc - START_UTC, pause.end_utc - START_UTC) == (timedelta(seconds=60), timedelta(seconds=300))


def test_a_simulated_run_says_so_in_its_fit_and_is_still_one_when_it_comes_back(
    run: ExportedSession, tmp_path: Path
) -> None:
    path = tmp_path / "out.fit"
    header = replace(run.summary.header, origin="simulated")
    write_fit(path, replace(run, summary=replace(run.summary, header=header)))
    assert b"simulated" in path.read_bytes()
    assert open_fit(path).info.origin == "simulated"
    write_fit(path, run)
    assert open_fit(path).info.origin is None


def test_a_session_before_the_dates_of_fit_is_refused_with_a_way_out(run: ExportedSession, tmp_path: Path) -> None:
    def begun(at_utc: datetime) -> ExportedSession:
        by = at_utc - run.summary.start_utc
        times = run.steps.time_utc_us + round(by / timedelta(microseconds=1))
        summary = replace(run.summary, start_utc=at_utc, end_utc=run.summary.end_utc + by)
        return replace(run, summary=summary, steps=replace(run.steps, time_utc_us=times))

    first = datetime(1998, 7, 3, 21, 24, 16, tzinfo=UTC)
    write_fit(tmp_path / "first.fit", begun(first))
    assert open_fit(tmp_path / "first.fit").info.start_utc == first
    path = tmp_path / "out.fit"
    for too_early in (first - timedelta(seconds=1), datetime(1985, 1, 1, tzinfo=UTC)):
        with pytest.raises(
            RecordingError, match=r"/out\.fit: writing: the session began on 19.*begin on 1998-07-03 .*--format csv"
        ):
            write_whole(path, lambda scratch, at=too_early: write_fit(scratch, begun(at)))  # type: ignore[misc]
    assert [p.name for p in tmp_path.glob("*out*")] == []


def test_a_gap_is_unknown_in_the_fit_as_well(leg: ExportedSession, tmp_path: Path) -> None:
    begin = leg.summary.start_utc + timedelta(seconds=20)
    gap = GapFound(leg.summary.header, "x", begin, begin + timedelta(seconds=15), "silence")
    times = leg.steps.time_utc_us
    outside = (times < utc_us(gap.start_utc) - 1_000_000) | (times > utc_us(gap.end_utc))
    steps = StepTable(**{f.name: getattr(leg.steps, f.name)[outside] for f in fields(StepTable)})
    seconds = seconds_of(replace(leg, steps=steps, gaps=(gap,)))
    unknown = np.nonzero(np.isnan(seconds.n_steps))[0]
    assert 13 <= len(unknown) <= 16
    assert np.nansum(seconds.n_steps) == pytest.approx(steps.n_steps.sum())


def on_both_feet(leg: ExportedSession) -> ExportedSession:
    """The steps of one leg as those of two, the right one's contact 20 ms longer."""
    right = np.arange(len(leg.steps)) % 2 == 1
    contact_s = np.where(right, 0.26, 0.24)
    floats = {"contact_time_s": contact_s, "step_time_s": np.full(len(right), 0.36)}
    totals = replace(leg.summary.totals, duty_factor=0.347, contact_balance_left=0.48, foot_pitch_rad=0.2)
    steps = replace(leg.steps, side=np.where(right, "R", "L"), **floats)
    return replace(leg, steps=steps, summary=replace(leg.summary, totals=totals))


def data_messages(path: Path) -> list[Any]:
    import fitdecode

    with fitdecode.FitReader(path) as reader:
        return [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]


def test_duty_factor_and_balance_are_native_fields_of_fit(leg: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "out.fit"
    write_fit(path, on_both_feet(leg))
    found = data_messages(path)
    records = [f for f in found if f.name == "record" and f.has_field("stance_time_balance")]
    assert len(records) > 20
    for record in records:
        assert record.get_value("stance_time_balance") == pytest.approx(48.0, abs=0.01)
        share = record.get_value("stance_time") / 1000 / 0.72 * 100
        assert record.get_value("stance_time_percent") == pytest.approx(share, abs=0.02)
    for name in ("lap", "session"):
        (whole,) = [f for f in found if f.name == name]
        assert whole.get_value("avg_stance_time_percent") == pytest.approx(34.7)
        assert whole.get_value("avg_stance_time_balance") == pytest.approx(48.0)


def test_each_set_of_fields_is_defined_once(leg: ExportedSession, tmp_path: Path) -> None:
    import fitdecode

    both, path = on_both_feet(leg), tmp_path / "out.fit"
    known = np.arange(len(both.steps)) % 5 > 1  # seconds with and without a contact time take turns
    steps = replace(both.steps, contact_time_s=np.where(known, both.steps.contact_time_s, np.nan))
    write_fit(path, replace(both, steps=steps))
    with fitdecode.FitReader(path) as reader:
        defined = [f for f in reader if isinstance(f, fitdecode.FitDefinitionMessage) and f.name == "record"]
    sets = [(len(d.dev_field_defs), *(field.def_num for field in d.field_defs)) for d in defined]
    assert len(sets) == len(set(sets)) > 2


def test_of_one_foot_a_fit_has_no_balance(leg: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "out.fit"
    write_fit(path, leg)
    names = {field.name for frame in data_messages(path) for field in frame.fields if frame.name != "field_description"}
    assert "stance_time_percent" in names
    assert not {name for name in names if "balance" in str(name)}


def test_a_column_of_text_is_null_in_parquet_where_it_is_unknown(leg: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "steps.parquet"
    origins = np.array(["", *leg.steps.step_time_origin.tolist()[1:]], "<U9")
    write_parquet(path, replace(leg, steps=replace(leg.steps, step_time_origin=origins)))
    column = pq.read_table(path)["step_time_origin"].to_pylist()
    assert (column[0], set(column[1:])) == (None, {"estimated"})


def test_modelled_load_stands_in_developer_fields_that_say_so(run: ExportedSession, tmp_path: Path) -> None:
    import fitdecode

    path = tmp_path / "out.fit"
    write_fit(path, run)
    with fitdecode.FitReader(path) as reader:
        frames = [frame for frame in reader if isinstance(frame, fitdecode.FitDataMessage)]
    loads = [f.get_value(LOAD_NAME) for f in frames if f.name == "record" and f.has_field(LOAD_NAME)]
    assert loads == sorted(loads)
    assert loads[-1] == pytest.approx(run.summary.totals.load_eq_km, rel=1e-6)
    assert "modelled" in LOAD_NAME
    kinds = [frame.name for frame in frames]
    assert kinds[0] == "file_id"
    assert kinds[-3:] == ["lap", "session", "activity"]
    (session,) = [frame for frame in frames if frame.name == "session"]
    assert session.get_value("total_distance") == pytest.approx(run.summary.totals.distance_m, abs=0.01)


# what records, laps and sessions of FIT have fields of their own for, or what only a device with samples knows
NOT_IN_DEVELOPER_FIELDS = {
    "n_steps", "n_strides", "duration_s", "distance_m", "cadence_spm", "contact_time_s", "coverage", "duty_factor",
    "flight_time_s", "contact_balance_left", "contact_time_bias_s", "foot_pitch_rad", "foot_strike",
    "median_speed_mps", "speed_5min_mps", "uphill_s", "ascent_m",
}  # fmt: skip


def test_every_modelled_total_stands_in_the_fit_under_a_name_that_says_so(run: ExportedSession, tmp_path: Path) -> None:
    modelled = sorted({f.name for f in fields(Totals)} - NOT_IN_DEVELOPER_FIELDS)
    values = {name: 0.5 + i for i, name in enumerate(modelled)}
    header = replace(run.summary.header, instrument="imu/feet/foot-1.0", surface="treadmill")
    totals = replace(run.summary.totals, **values)  # type: ignore[arg-type]
    path = tmp_path / "out.fit"
    write_fit(path, replace(run, summary=replace(run.summary, header=header, totals=totals)))
    found = data_messages(path)
    told = {
        f.get_value("field_name"): f.get_value("units", fallback="") for f in found if f.name == "field_description"
    }
    for kind in ("lap", "session"):
        (whole,) = [f for f in found if f.name == kind]
        said = {field.name: field.value for field in whole.fields if field.name in told}
        numbers = {name: value for name, value in said.items() if isinstance(value, float)}
        assert sorted(numbers.values()) == sorted(values.values())
        for name in set(numbers) - {"steps walked"}:
            assert "modelled" in name + told[name], name
        for name in (n for n in numbers if told[n].startswith("BW") and "SD" not in n and "stiffness" not in n):
            assert "within 40 %" in name or name == VGRF_NAME, name
        assert whole.get_value("sub_sport") == "treadmill"
    assert (said["sensor_hub instrument"], said["sensor_hub surface"]) == ("imu/feet/foot-1.0", "treadmill")


def test_what_is_not_known_of_a_session_is_in_no_field_of_its_fit(run: ExportedSession, tmp_path: Path) -> None:
    path = tmp_path / "out.fit"
    header = replace(run.summary.header, instrument="", surface="unknown")
    write_fit(path, replace(run, summary=replace(run.summary, header=header, totals=Totals())))
    (whole,) = [f for f in data_messages(path) if f.name == "session"]
    developed = [f.name for f in whole.fields if f.name.startswith(("sensor_hub", "Achilles")) or "odelled" in f.name]
    assert developed == ["sensor_hub session"]
    assert not whole.has_field("sub_sport") or whole.get_value("sub_sport") != "treadmill"


def test_records_of_a_fit_tell_grade_and_modelled_peaks_of_the_running_steps(
    leg: ExportedSession, tmp_path: Path
) -> None:
    n = len(leg.steps)
    walked = np.arange(n) >= n // 2
    columns = {"grade": 0.03, "achilles_peak_bw": 5.0, "vgrf_peak_bw": 2.5, "achilles_impulse_bw_s": 0.5}
    steps = replace(leg.steps, **{name: np.full(n, value) for name, value in columns.items()})
    steps = replace(steps, gait=np.where(walked, "walk", "run"))
    session = replace(leg, steps=steps)
    seconds = seconds_of(session)
    last_run = int((steps.time_utc_us[n // 2 - 1] // 1_000_000) - seconds.start_s)
    assert seconds.load_share[last_run] == pytest.approx(1.0), "walking adds nothing to the run's load"
    assert np.isnan(seconds.achilles_peak_bw[last_run + 1 :]).all()
    path = tmp_path / "out.fit"
    write_fit(path, session)
    records = [f for f in data_messages(path) if f.name == "record"]
    assert {f.get_value("grade") for f in records if f.has_field("grade")} == {3.0}
    peaks = [f for f in records if f.has_field(ACHILLES_NAME)]
    assert len(peaks) > 10
    assert {(f.get_value(ACHILLES_NAME), f.get_value(VGRF_NAME)) for f in peaks} == {(5.0, 2.5)}


@pytest.mark.parametrize(("ledger", "sport"), [("walk", "walking"), ("exercise", "training"), ("other", "generic")])
def test_what_a_session_counts_as_is_the_sport_of_its_fit(
    run: ExportedSession, tmp_path: Path, ledger: Ledger, sport: str
) -> None:
    path = tmp_path / "out.fit"
    write_fit(path, replace(run, summary=replace(run.summary, header=replace(run.summary.header, ledger=ledger))))
    (whole,) = [f for f in data_messages(path) if f.name == "session"]
    assert whole.get_value("sport") == sport


@given(
    st.lists(st.tuples(st.floats(0, 600), st.floats(0.2, 2.0), st.floats(0.1, 8.0)), min_size=1, max_size=60).map(
        sorted
    )
)
def test_no_step_is_lost_or_made_by_resampling(rows: list[tuple[float, float, float]]) -> None:
    run_header = session_header()
    t, step, n = (np.array(column) for column in zip(*rows, strict=True))
    nan = np.full(len(t), np.nan)
    times = (t * 1e6).astype(np.int64) + utc_us(START_UTC)
    text = {
        "side": np.full(len(t), "U"),
        "step_time_origin": np.full(len(t), "estimated"),
        "gait": np.full(len(t), "run"),
    }
    floats = dict.fromkeys(FLOAT_COLUMNS, nan) | {"n_steps": n, "step_time_s": step}
    table = StepTable(time_utc_us=times, **text, **floats)
    seconds = seconds_of(ExportedSession(run_header, table))
    assert np.nansum(seconds.n_steps) == pytest.approx(n.sum())


def session_header() -> SessionSummary:
    from sensor_hub.model.session import SessionHeader

    header = SessionHeader("s", "a", "UTC", "import", "imu", "m", "r", "p")
    return SessionSummary(header, START_UTC, START_UTC + timedelta(seconds=601), Totals())


def new_content(path: Path) -> None:
    path.write_text("new")


def test_a_file_that_is_there_is_kept_and_a_failed_write_leaves_nothing(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    path.write_text("mine")
    with pytest.raises(RecordingError, match=r"already there.*--force"):
        write_whole(path, new_content)
    assert path.read_text() == "mine"

    def fails(scratch: Path) -> None:
        scratch.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(RecordingError, match="No space left"):
        write_whole(path, fails, force=True)
    assert path.read_text() == "mine"
    assert list(tmp_path.iterdir()) == [path]
    write_whole(path, new_content, force=True)
    assert path.read_text() == "new"
