"""The two readers of CSV, and the column maps of the second."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.recordings.column_map import parse_column_map
from sensor_hub.adapters.recordings.columns_csv import open_columns_csv
from sensor_hub.adapters.recordings.rows import FAULTS_NAMED, PIECE_LINES, RowFormat, read_rows
from sensor_hub.adapters.recordings.shank_csv import open_shank_csv, start_in_name
from sensor_hub.errors import ProfileError, RecordingError
from sensor_hub.model.imu import ImuBlock
from sensor_hub.model.recording import Recording
from tests import need

HEADER = "time,aX,aY,aZ,gX,gY,gZ\n"
G_MPS2 = 9.80665
HEADERLESS = """
header = false
mount = "foot"
[time]
column = 0
unit = "ms"
[acceleration]
columns = [1, "-2", 3]
unit = "g"
[angular_velocity]
columns = [4, 5, 6]
unit = "deg/s"
"""
SACRAL = """
mount = "sacrum"
[time]
column = "t_s"
unit = "s"
[acceleration]
columns = ["", "-acc_ap_g", "acc_v_g"]
unit = "g"
"""


def blocks(recording: Recording) -> list[ImuBlock]:
    found = [reading for reading in recording if isinstance(reading, ImuBlock)]
    assert found
    return found


def times(recording: Recording) -> list[float]:
    return [float(t) for block in blocks(recording) for t in block.t_s]


def test_the_loggers_units_become_si(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "1500,1,-2,0.5,180,0,-90\n")
    recording = open_shank_csv(path)
    (block,) = blocks(recording)
    assert (block.device, block.t_s.tolist()) == ("shank-logger", [1.5])
    np.testing.assert_allclose(block.acceleration_mps2, [[G_MPS2, -2 * G_MPS2, 0.5 * G_MPS2]], rtol=1e-15)
    np.testing.assert_allclose(block.angular_velocity_radps, [[np.pi, 0, -np.pi / 2]], rtol=1e-15)
    assert [(d.device, d.mount, d.profile) for d in recording.info.devices] == [("shank-logger", None, None)]


def test_blocks_have_the_size_asked_for_and_lose_no_sample(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "".join(f"{i},1,2,3,4,5,6\n" for i in range(10)))
    assert [len(block) for block in blocks(open_shank_csv(path, block_size=4))] == [4, 4, 2]
    assert [len(block) for block in blocks(open_shank_csv(path))] == [10]


@pytest.mark.parametrize("bad", ["30,1,2", "30,1,2,3,4,5,6,7", "30,1,2,x,4,5,6", "nan,1,2,3,4,5,6", "3_0,1,2,3,4,5,6"])
def test_a_broken_line_is_named_and_the_rest_kept(tmp_path: Path, bad: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + f"10,1,2,3,4,5,6\n20,1,2,3,4,5,6\n\n{bad}\n40,1,2,3,4,5,6\n")
    recording = open_shank_csv(path)
    assert times(recording) == [0.01, 0.02, 0.04]
    assert [(f.place, f.lost) for f in recording.faults] == [("line 5", True)]


@pytest.mark.parametrize("absurd", ["1e15", "1e300", "-1e15", "700000000"])
@pytest.mark.parametrize("at", [0, 1, 4, 5])
def test_a_line_at_an_absurd_time_is_named_and_the_rest_kept(tmp_path: Path, absurd: str, at: int) -> None:
    lines = [f"{time},1,2,3,4,5,6" for time in (10, 20, 30, 40, 50)]
    lines.insert(at, f"{absurd},1,2,3,4,5,6")
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "\n".join([*lines, ""]))
    recording = open_shank_csv(path)
    assert times(recording) == [0.01, 0.02, 0.03, 0.04, 0.05]
    assert [(f.place, f.lost) for f in recording.faults] == [(f"line {at + 2}", True)]


def test_absurd_times_between_broken_and_blank_lines_keep_their_numbers(tmp_path: Path) -> None:
    good = "{},1,2,3,4,5,6\n"
    body = [good.format(10), "\n", good.format("1e15"), good.format("1e15"), "broken\n", good.format(20)]
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "".join(body))
    recording = open_shank_csv(path)
    assert times(recording) == [0.01, 0.02]
    assert [f.place for f in recording.faults] == ["line 4", "line 5", "line 6"]


def test_a_clock_that_was_set_while_recording_loses_no_line(tmp_path: Path) -> None:
    at_ms = [*range(0, 1000, 10), *range(10**12, 10**12 + 500, 10)]
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "".join(f"{time},1,2,3,4,5,6\n" for time in at_ms))
    recording = open_shank_csv(path)
    assert times(recording) == [time / 1000 for time in at_ms]
    assert recording.faults == []


def test_a_file_whose_every_time_is_absurd_cannot_be_read(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "1e300,1,2,3,4,5,6\n1e300,1,2,3,4,5,6\n")
    with pytest.raises(RecordingError, match=r"line 2: no sample could be read: the time 1e\+297 s"):
        open_shank_csv(path)


@pytest.mark.parametrize("absurd", ["1e300", "-1e300", "inf", "2e5"])
def test_a_value_beyond_any_sensor_is_unknown(tmp_path: Path, absurd: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + f"10,{absurd},2,3,4,{absurd},6\n")
    (block,) = blocks(open_shank_csv(path))
    assert np.isnan(block.acceleration_mps2).tolist() == [[True, False, False]]
    assert np.isnan(block.angular_velocity_radps).tolist() == [[False, True, False]]


@pytest.mark.parametrize(("mount", "is_told"), [("foot", True), ("shank", True), ("sacrum", False)])
def test_a_map_without_gyroscope_says_what_it_costs(tmp_path: Path, mount: str, is_told: bool) -> None:
    path = tmp_path / "x.csv"
    path.write_text("t_s,acc_ap_g,acc_v_g\n1,2,3\n")
    recording = open_columns_csv(path, parse_column_map(SACRAL.replace("sacrum", mount), "my.toml"))
    assert [(f.place, f.lost, "gyroscope" in f.problem) for f in recording.faults] == [
        ("my.toml", False, True)
    ] * is_told


def test_a_last_line_without_its_end_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "10,1,2,3,4,5,6\n20,1,2,3,4,5,-120")
    recording = open_shank_csv(path)
    assert times(recording) == [0.01]
    assert [(f.place, f.lost) for f in recording.faults] == [("line 3", True)]


def test_windows_line_ends_and_time_that_runs_backwards_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes((HEADER + "50,1,2,3,4,5,6\n20,1,2,3,4,5,6\n").replace("\n", "\r\n").encode())
    recording = open_shank_csv(path)
    assert times(recording) == [0.05, 0.02]
    assert recording.faults == []


def test_a_file_that_is_broken_throughout_does_not_drown_its_reader(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text(HEADER + "10,1,2,3,4,5,6\n" + "broken\n" * 500)
    faults = open_shank_csv(path).faults
    assert len(faults) == FAULTS_NAMED + 1
    assert (faults[-1].place, faults[-1].problem) == ("up to line 502", f"{500 - FAULTS_NAMED} more lines like these")


def test_a_broken_line_deep_in_a_long_file_keeps_its_number(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    lines = [f"{10 * i},1,2,3,4,5,6" for i in range(3 * PIECE_LINES)]
    lines[PIECE_LINES + 7] = "broken"
    path.write_text(HEADER + "\n".join([*lines, ""]))
    recording = open_shank_csv(path)
    expected = [i / 100 for i in range(3 * PIECE_LINES) if i != PIECE_LINES + 7]
    assert times(recording) == expected
    assert [(f.place, f.lost) for f in recording.faults] == [(f"line {PIECE_LINES + 7 + 2}", True)]


@given(st.lists(st.lists(st.floats(-1e8, 1e8), min_size=3, max_size=3), min_size=1, max_size=20))
def test_the_careful_path_reads_what_the_fast_one_reads(rows: list[list[float]]) -> None:
    clean = "".join(",".join(map(repr, row)) + "\n" for row in rows)
    form = RowFormat(columns=(0, 1, 2), time_per_s=1000.0, n_fields=3)
    fast, none = read_rows(clean.encode(), form, first_line=1)
    careful, faults = read_rows(("broken\n" + clean).encode(), form, first_line=1)
    assert none == []
    assert [f.place for f in faults] == ["line 1"]
    np.testing.assert_array_equal(fast, careful)
    np.testing.assert_array_equal(fast, np.array(rows))


def test_the_start_is_read_from_the_files_name() -> None:
    assert start_in_name("2020-08-25T11_43_19.036Z.csv") == datetime(2020, 8, 25, 11, 43, 19, 36_000, tzinfo=UTC)
    assert start_in_name("2020-08-25T11_43_19Z.csv") == datetime(2020, 8, 25, 11, 43, 19, tzinfo=UTC)
    assert start_in_name("2020-13-25T11_43_19Z.csv") is None
    assert start_in_name("leg.csv") is None


@pytest.mark.parametrize(
    ("name", "n_samples"),
    [("run_out.csv", 4446), ("chest3.csv", 5506), ("2020-08-25T11_43_19.036Z.csv", 3103), ("leg.csv", 1741)],
)
def test_a_real_recording_of_the_logger_is_read_whole(name: str, n_samples: int) -> None:
    recording = open_shank_csv(need.data(f"imu_shank/{name}"))
    assert len(times(recording)) == n_samples
    assert recording.faults == []
    assert (recording.info.start_utc is not None) == name.startswith("2020")


def test_a_headerless_csv_is_read_through_its_map() -> None:
    recording = open_columns_csv(need.data("imu_shank/slow-walking.csv"), parse_column_map(HEADERLESS))
    first, *later = blocks(recording)
    # 4295, -0.49, 0.15, 0.84, 3.17, -2.62, -0.67
    assert first.t_s[0] == 4.295
    np.testing.assert_allclose(first.acceleration_mps2[0], np.array([-0.49, -0.15, 0.84]) * G_MPS2, rtol=1e-14)
    np.testing.assert_allclose(first.angular_velocity_radps[0], np.radians([3.17, -2.62, -0.67]), rtol=1e-14)
    assert len(first) + sum(len(block) for block in later) == 417
    assert recording.info.devices[0].mount == "foot"


def test_a_sacral_recording_is_read_through_its_map() -> None:
    recording = open_columns_csv(need.data("imu_sacral_grf/trial_00.csv"), parse_column_map(SACRAL))
    first = blocks(recording)[0]
    # 0.0, 2.26166, -0.4142, 2.00366
    np.testing.assert_allclose(first.acceleration_mps2[0], [np.nan, 0.4142 * G_MPS2, 2.26166 * G_MPS2], rtol=1e-14)
    assert np.isnan(first.angular_velocity_radps).all()
    assert recording.faults == []
    assert recording.info.devices[0].mount == "sacrum"


def test_skipped_lines_delimiter_and_quotes_are_honoured(tmp_path: Path) -> None:
    text = SACRAL.replace("mount", 'delimiter = ";"\nskip_rows = 2\nmount')
    path = tmp_path / "x.csv"
    path.write_text('made by\nsomebody\nacc_v_g;"acc_ap_g";t_s\n"1";2;0.5\n1;;0.6\n1;2\n')
    recording = open_columns_csv(path, parse_column_map(text))
    (block,) = blocks(recording)
    assert block.t_s.tolist() == [0.5, 0.6]
    np.testing.assert_allclose(block.acceleration_mps2[:, 1], [-2 * G_MPS2, np.nan])
    assert [(f.place, f.lost) for f in recording.faults] == [("line 6", True)]


@pytest.mark.parametrize(("unit", "one"), [("g", G_MPS2), ("mg", G_MPS2 / 1000), ("m/s2", 1.0)])
def test_every_unit_of_acceleration_is_known(tmp_path: Path, unit: str, one: float) -> None:
    path = tmp_path / "x.csv"
    path.write_text("t_s,acc_ap_g,acc_v_g\n1,2,1\n")
    recording = open_columns_csv(path, parse_column_map(SACRAL.replace('unit = "g"', f'unit = "{unit}"')))
    np.testing.assert_allclose(blocks(recording)[0].acceleration_mps2[0, 2], one)


@pytest.mark.parametrize(("unit", "seconds"), [("s", 1500.0), ("ms", 1.5), ("us", 0.0015)])
def test_every_unit_of_time_is_known(tmp_path: Path, unit: str, seconds: float) -> None:
    path = tmp_path / "x.csv"
    path.write_text("t_s,acc_ap_g,acc_v_g\n1500,2,1\n")
    assert times(open_columns_csv(path, parse_column_map(SACRAL.replace('unit = "s"', f'unit = "{unit}"')))) == [
        seconds
    ]


def test_a_name_that_really_begins_with_a_minus_is_found(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("t_s,-acc_ap_g,acc_v_g\n1,2,3\n")
    recording = open_columns_csv(path, parse_column_map(SACRAL))
    np.testing.assert_allclose(blocks(recording)[0].acceleration_mps2[0, 1], 2 * G_MPS2)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('unit = "s"', 'unit = "min"', r"\[time\] unit: 'min' is unknown \(write one of s, ms, us\)"),
        ('column = "t_s"', "", r"\[time\] column: is missing"),
        ('column = "t_s"', 'column = "-t_s"', r"\[time\] column: needs a column"),
        ('column = "t_s"', "column = -1", r"\[time\] column: -1 is not a column"),
        ('"acc_v_g"]', '"acc_v_g", 4]', r"\[acceleration\] columns: is not a list of three"),
        ('["", "-acc_ap_g", "acc_v_g"]', '["", "", ""]', r"\[acceleration\] columns: has no column at all"),
        ('["", "-acc_ap_g", "acc_v_g"]', "[1.5, 2, 3]", r"\[acceleration\] columns: 1.5 is not a column"),
        ("[time]", "[tyme]", "time: is missing"),
        ("[time]", "time = 3\n[t]", "time: is not a table"),
        ('mount = "sacrum"', 'mount = "hat"', "mount: 'hat' is unknown .*foot, shank, sacrum"),
        ('mount = "sacrum"', "header = 1", "header: 1 is not true or false"),
        ('mount = "sacrum"', "header = false", r"\[time\] column: 't_s' is a name, but header is false"),
        ('mount = "sacrum"', "skip_rows = -1", "skip_rows: -1 is negative"),
        ('mount = "sacrum"', "skip_rows = true", "skip_rows: True is not a whole number"),
        ('mount = "sacrum"', 'delimiter = ", "', "delimiter: ', ' is not one plain character"),
        ('mount = "sacrum"', "hedaer = true", "hedaer: is not a key of a column map"),
        ('unit = "g"', 'unit = "g"\nsign = 1', r"\[acceleration\] sign: is not a key"),
        ("[time]", "[time", "not TOML"),
    ],
)
def test_a_wrong_map_names_the_key_and_the_mend(old: str, new: str, says: str) -> None:
    assert old in SACRAL
    with pytest.raises(ProfileError, match=f"^my.toml: .*{says}" if "TOML" not in says else says):
        parse_column_map(SACRAL.replace(old, new, 1), "my.toml")


def test_a_column_the_file_lacks_is_named_with_what_it_has(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("t_s,ax,ay\n1,2,3\n")
    with pytest.raises(RecordingError, match=r"'-acc_ap_g'.*my.toml names under \[acceleration\] columns.*t_s, ax, ay"):
        open_columns_csv(path, parse_column_map(SACRAL, "my.toml"))
