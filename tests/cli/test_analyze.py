"""``sensor-hub session analyze``: every format, and every way a file can be wrong."""

import csv
import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sensor_hub.app.analysis import flight_origin
from sensor_hub.cli.analysis_table import show_analysis
from sensor_hub.model.gait import FLOAT_COLUMNS, StepTable
from sensor_hub.signal.detectors import detector_for
from tests import need
from tests.cli.conftest import Cli
from tests.cli.files import COLUMN_MAP, fit_run, plain_csv, rsc_mcap, shank_csv

KEYS = [
    "n_steps", "n_strides", "duration_s", "distance_m", "cadence_spm", "contact_time_s", "contact_time_bias_s",
    "contact_balance_left", "duty_factor", "flight_time_s", "flight_time_origin", "foot_pitch_rad", "foot_strike",
    "load_eq_km", "hard_load_bw_s", "coverage", "tier", "model", "reference", "source", "warnings", "warning_texts",
    "faults", "contact_method", "contact_method_evidence", "contact_mount", "contact_time_calibrated",
    "load_eq_km_sd", "hard_load_sd", "load_bw_s", "load_left_bw_s", "load_right_bw_s", "push_off_bw_s",
    "load_m4_eq_km", "load_m9_eq_km", "achilles_peak_bw", "vgrf_peak_bw", "vertical_stiffness_bw_per_m",
    "leg_stiffness_bw_per_m", "n_walk_steps", "walk_load_bw_s", "instrument", "surface",
    "median_speed_mps", "speed_5min_mps", "uphill_s", "ascent_m",
]  # fmt: skip
SACRAL_MAP = '[time]\ncolumn = "t_s"\nunit = "s"\n[acceleration]\ncolumns = ["acc_ap_g", "", "acc_v_g"]\nunit = "g"\n'
STEP_HEADER = [
    "t_s", "side", "contact_time_s", "contact_time_sd", "flight_time_s", "vgrf_peak_bw", "achilles_peak_bw",
    "achilles_impulse_bw_s", "quality", "step_time_s", "step_time_origin", "duty_factor", "foot_pitch_rad",
    "vgrf_peak_sd", "achilles_peak_sd", "achilles_impulse_sd", "achilles_push_off_bw_s", "grade", "gait",
]  # fmt: skip


def test_a_fit_file_is_a_run_of_the_contact_tier(cli: Cli, tmp_path: Path) -> None:
    found = cli.ok("session", "analyze", fit_run(tmp_path / "run.fit"), "--json").json
    assert list(found) == KEYS
    assert (found["tier"], found["source"]) == ("contact", "fit")
    assert found["contact_time_s"] == pytest.approx(0.25)
    assert found["distance_m"] == pytest.approx(900.0)
    assert found["duration_s"] == pytest.approx(300.0)
    assert found["cadence_spm"] == pytest.approx(171.0, abs=1)
    assert found["n_steps"] == pytest.approx(300 * found["cadence_spm"] / 60, rel=0.01)
    assert found["load_eq_km"] > 0.5
    assert found["duty_factor"] == pytest.approx(0.25 * found["cadence_spm"] / 120, rel=0.01)
    assert found["flight_time_s"] == pytest.approx(60 / found["cadence_spm"] - 0.25, abs=0.002)
    assert found["flight_time_origin"] == "estimated"
    assert found["foot_strike"] is found["contact_balance_left"] is found["contact_time_bias_s"] is None


def test_remarks_are_folded_to_the_columns_that_there_are(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = fit_run(tmp_path / "run.fit")
    table, found, _ = cli.ok("session", "analyze", run).out.partition("The range after a load")
    assert found
    assert max(map(len, table.splitlines())) > 80
    monkeypatch.setenv("COLUMNS", "80")
    folded, _, _ = cli.ok("session", "analyze", run).out.partition("The range after a load")
    assert max(map(len, folded.splitlines())) <= 80
    assert sorted(folded.split()) == sorted(table.split())  # and no word is lost


def test_the_load_of_a_run_comes_with_its_spread_its_parts_and_its_instrument(cli: Cli, tmp_path: Path) -> None:
    found = cli.ok("session", "analyze", fit_run(tmp_path / "run.fit"), "--json").json
    assert 0.0 < found["load_eq_km_sd"] < 0.1 * found["load_eq_km"]
    assert 0.4 < found["push_off_bw_s"] / found["load_bw_s"] < 0.6
    assert 3.0 < found["achilles_peak_bw"] < 8.0
    assert 1.5 < found["vgrf_peak_bw"] < 3.5
    assert found["load_left_bw_s"] is found["load_right_bw_s"] is found["leg_stiffness_bw_per_m"] is None
    assert found["instrument"].startswith("contact/")
    assert found["surface"] in {"overground", "treadmill", "unknown"}


def test_a_shank_csv_is_a_run_without_date(cli: Cli, tmp_path: Path) -> None:
    found = cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv"), "--json").json
    assert list(found) == KEYS
    assert (found["tier"], found["source"], found["distance_m"]) == ("imu", "shank-csv", None)
    assert found["n_strides"] == pytest.approx(27, abs=1)
    assert found["warnings"][-1] == "no-start-time"
    assert "no date" in found["warning_texts"][-1]
    assert len(found["warnings"]) == len(found["warning_texts"])
    assert (found["contact_method"], found["contact_mount"]) == (detector_for("shank").method.name, "shank")
    assert found["contact_method_evidence"] == detector_for("shank").method.evidence


def test_a_recording_of_our_own_is_read_with_its_profiles(cli: Cli, tmp_path: Path) -> None:
    found = cli.ok("session", "analyze", rsc_mcap(tmp_path / "run.mcap"), "--json").json
    assert list(found) == KEYS
    assert (found["tier"], found["source"], found["contact_time_s"]) == ("speed", "mcap", None)
    assert found["n_steps"] == pytest.approx(59 * 170 / 60)


def test_the_payloads_of_real_footpods_are_read(cli: Cli) -> None:
    found = cli.ok("session", "analyze", need.data("ble_vectors/rsc_2a53.json"), "--json").json
    assert list(found) == KEYS
    assert found["source"] == "rsc-vectors"
    assert found["tier"] == "speed"


def test_a_real_shank_run_has_its_seventy_strides(cli: Cli) -> None:
    found = cli.ok("session", "analyze", need.data("imu_shank/run_out.csv"), "--json").json
    assert found["n_strides"] == pytest.approx(70, abs=1)


def test_a_real_fit_file_keeps_the_watch_s_distance(cli: Cli) -> None:
    found = cli.ok("session", "analyze", need.data("fit/stryd-backgaden-1km.fit"), "--json").json
    assert found["distance_m"] == pytest.approx(1057.61, abs=0.01)
    assert found["contact_time_s"] == pytest.approx(0.26, abs=0.005)


def test_a_csv_with_a_map_and_a_mount_is_read(cli: Cli, tmp_path: Path) -> None:
    columns = tmp_path / "map.toml"
    columns.write_text(SACRAL_MAP)
    real = need.data("imu_sacral_grf/trial_00.csv")
    found = cli.ok("session", "analyze", real, "--columns", columns, "--mount", "sacrum", "--json").json
    assert (found["tier"], found["source"]) == ("imu", "columns-csv")
    assert found["n_steps"] == pytest.approx(15, abs=2), "the treadmill's force counts 15 whole ones"
    assert 0.15 < found["contact_time_s"] < 0.35
    assert cli.ok("session", "analyze", real, "--columns", columns, "--json").json["n_steps"] != found["n_steps"]


def test_a_mount_that_is_none_names_those_there_are(cli: Cli, tmp_path: Path) -> None:
    answer = cli("session", "analyze", shank_csv(tmp_path / "run.csv"), "--mount", "wrist")
    assert (answer.code, answer.out) == (2, "")
    assert "foot, shank, sacrum" in answer.err


def test_the_table_says_the_same_as_the_json(cli: Cli, tmp_path: Path) -> None:
    path = fit_run(tmp_path / "run.fit")
    found, table = cli.ok("session", "analyze", path, "--json").json, cli.ok("session", "analyze", path).out
    assert f"{found['load_eq_km']:.2f}" in table
    assert "0.90" in table
    assert "0:05:00" in table
    assert "modelled" in table
    assert all(f"note: {text}" in table for text in found["warning_texts"])
    assert found["contact_method"] is None, "the watch found the contacts"


FEET = dict.fromkeys(KEYS) | {
    "n_steps": 2.0, "n_strides": 1.0, "duration_s": 0.7, "contact_time_s": 0.2504, "contact_time_bias_s": 0.005,
    "contact_balance_left": 0.4921, "duty_factor": 0.347, "flight_time_s": 0.108, "flight_time_origin": "measured",
    "foot_pitch_rad": 0.2, "foot_strike": "rearfoot", "tier": "imu", "warnings": [],
    "warning_texts": [], "faults": [], "contact_method": "foot-1.0", "contact_method_evidence": "a study",
    "contact_mount": "foot", "contact_time_calibrated": False,
}  # fmt: skip


def table_of(answer: dict[str, Any], capsys: pytest.CaptureFixture[str], **how: bool) -> dict[str, str]:
    """What the table says of each quantity."""
    show_analysis("run", answer, **how)
    lines = capsys.readouterr().out.splitlines()[2:]
    return {line.split("  ")[0]: " ".join(line.split("  ", 1)[1].split()) for line in lines if "  " in line}


def test_the_table_tells_what_sensors_on_both_feet_know(capsys: pytest.CaptureFixture[str]) -> None:
    table = table_of(FEET, capsys)
    assert table["contact time"] == "250 ms, mean; may be off by 5 ms or more; rests on other people's studies"
    assert table["contact balance"] == (
        "49.2 / 50.8 % left / right; a difference between sensors until they have changed feet"
    )
    assert table["duty factor"] == "34.7 % of the stride on the ground"
    assert table["flight time"] == "108 ms, mean, measured"
    assert table["foot strike"] == (
        "rearfoot estimated, tried on simulated people only; sole at 11° to the ground, mean"
    )


@pytest.mark.parametrize(
    ("n_steps", "coverage", "shown"),
    [(0.0, 0.0, "–"), (0.0, None, "–"), (0.0, 0.004, "–"), (0.0, 0.006, "0"), (0.0, 1.0, "0"), (15.0, 0.004, "15")],
)
def test_where_nothing_was_recorded_no_step_is_unknown_and_not_zero(
    capsys: pytest.CaptureFixture[str], n_steps: float, coverage: float | None, shown: str
) -> None:
    table = table_of(FEET | {"n_steps": n_steps, "n_strides": n_steps / 2, "coverage": coverage}, capsys)
    assert table["steps"].split()[0] == shown
    assert "0 strides" not in table["steps"]


def test_strides_are_those_of_one_foot_and_left_out_where_both_are_seen(capsys: pytest.CaptureFixture[str]) -> None:
    steps = FEET | {"n_steps": 15.0, "n_strides": 7.5}
    assert table_of(steps, capsys)["steps"] == "15 7.5 strides of one foot"
    assert table_of(steps, capsys, both_feet=True)["steps"] == "15 of both feet"
    assert table_of(FEET | {"n_steps": 54.0, "n_strides": 27.0}, capsys)["steps"] == "54 27 strides of one foot"


def test_a_sacrum_sees_both_feet_and_a_shank_one(cli: Cli, tmp_path: Path) -> None:
    columns = tmp_path / "map.toml"
    columns.write_text(SACRAL_MAP)
    real = need.data("imu_sacral_grf/trial_00.csv")
    said = cli.ok("session", "analyze", real, "--columns", columns, "--mount", "sacrum").out
    assert "of both feet" in said
    assert "strides of one foot" not in said
    assert "strides of one foot" in cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv")).out


def test_where_no_contact_was_found_no_method_found_one(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "lying.csv"
    path.write_text("time,aX,aY,aZ,gX,gY,gZ\n" + "".join(f"{10 * i},0,0,1,0,0,0\n" for i in range(500)))
    found = cli.ok("session", "analyze", path, "--json").json
    assert found["n_steps"] == 0
    assert [found[key] for key in KEYS if key.startswith("contact_")] == [None] * 7
    assert "contacts by" not in cli.ok("session", "analyze", path).out


def test_a_choice_that_matters_to_another_format_is_said_to_be_of_no_use(cli: Cli, tmp_path: Path) -> None:
    answer = cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv"), "--contact-stream", "foo")
    assert answer.err == "sensor-hub: note: --contact-stream chooses in a FIT file only, and was not used\n"
    run = fit_run(tmp_path / "run.fit")
    assert cli.ok("session", "analyze", run, "--contact-stream", "stance_time").err == ""
    assert "'foo' is unknown" in cli.refused("session", "analyze", run, "--contact-stream", "foo")


def test_the_table_names_the_method_and_on_what_it_rests(cli: Cli, tmp_path: Path) -> None:
    method = detector_for("shank").method
    table = cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv")).out
    assert f"contacts by {method.name}: {method.evidence}" in table
    assert f"may be off by {1000 * method.bias_bound_s:.0f} ms or more" in table


def test_at_the_sacrum_no_number_is_promised_to_other_people(capsys: pytest.CaptureFixture[str]) -> None:
    table = table_of(FEET | {"contact_mount": "sacrum", "contact_time_bias_s": 0.038}, capsys)
    assert table["contact time"] == "250 ms, mean; fitted on one runner; for others it may be off by tens of ms"


def test_the_table_leaves_out_what_no_foot_told_and_shows_a_dash_for_what_is_unknown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    unknown = dict.fromkeys(("contact_balance_left", "foot_pitch_rad", "foot_strike", "duty_factor", "flight_time_s"))
    table = table_of(FEET | unknown | {"flight_time_origin": None, "contact_time_bias_s": None}, capsys)
    assert {"contact balance", "foot strike"}.isdisjoint(table)
    assert (table["duty factor"][0], table["flight time"]) == ("–", "– ms, mean")
    assert table["contact time"] == "250 ms, mean; how far from a force plate's is unknown"
    assert table_of(FEET | unknown | {"contact_time_s": None}, capsys)["contact time"] == "– ms, mean"


@pytest.mark.parametrize(
    ("origins", "flights_s", "origin"),
    [
        (["measured", "measured"], [0.1, 0.1], "measured"),
        (["measured", "estimated"], [0.1, 0.1], "estimated"),
        (["measured", "estimated"], [0.1, np.nan], "measured"),
        (["measured", ""], [0.1, 0.1], "estimated"),
        (["measured", "estimated"], [np.nan, np.nan], None),
    ],
)
def test_a_mean_flight_is_measured_only_if_every_flight_is(
    origins: list[str], flights_s: list[float], origin: str | None
) -> None:
    columns = dict.fromkeys(FLOAT_COLUMNS, np.zeros(2)) | {"flight_time_s": np.array(flights_s)}
    texts = {"side": np.array(["L", "R"]), "step_time_origin": np.array(origins), "gait": np.full(2, "run")}
    steps = StepTable(time_utc_us=np.arange(2, dtype=np.int64), **texts, **columns)
    assert flight_origin(steps) == origin


def test_the_papers_name_every_key_and_every_column_in_their_order() -> None:
    text = (Path(__file__).parents[2] / "docs" / "files.md").read_text(encoding="utf-8").replace("\n", " ")
    assert f"`session analyze FILE --json`: `{', '.join(KEYS)}`" in text
    assert f"`--steps OUT.csv`: `{', '.join(STEP_HEADER)}`" in text


# --- steps -----------------------------------------------------------------------------------------------------------


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_the_steps_have_their_header_and_a_line_a_step(cli: Cli, tmp_path: Path) -> None:
    steps = tmp_path / "steps.csv"
    found = cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv"), "--steps", steps, "--json").json
    assert steps.read_text().splitlines()[0].split(",") == STEP_HEADER
    assert len(rows(steps)) == found["n_strides"]
    times = [float(row["t_s"]) for row in rows(steps)]
    assert times == sorted(times)
    assert 0 <= times[0] < 3
    assert sorted(tmp_path.iterdir()) == [tmp_path / "run.csv", steps]
    assert {row["gait"] for row in rows(steps)} <= {"run", "walk", ""}
    assert {row["grade"] for row in rows(steps)} == {""}, "a shank sensor tells no altitude"
    known = [row for row in rows(steps) if row["achilles_peak_bw"]]
    assert len(known) > 20
    for row in known:
        assert 0.0 < float(row["achilles_push_off_bw_s"]) < float(row["achilles_impulse_bw_s"])
        assert 0.0 < float(row["achilles_peak_sd"]) < float(row["achilles_peak_bw"])


def test_an_unknown_value_is_an_empty_field(cli: Cli, tmp_path: Path) -> None:
    steps = tmp_path / "steps.csv"
    cli.ok("session", "analyze", rsc_mcap(tmp_path / "run.mcap"), "--steps", steps)
    running = rows(steps)[1:]
    assert {row["contact_time_s"] for row in running} == {""}
    assert {row["duty_factor"] + row["foot_pitch_rad"] for row in running} == {""}
    assert {row["step_time_origin"] for row in running} == {"estimated"}
    assert all(float(row["achilles_impulse_bw_s"]) > 0 for row in running)
    assert "nan" not in steps.read_text().lower()


def test_steps_replace_an_older_file_whole(cli: Cli, tmp_path: Path) -> None:
    steps = tmp_path / "steps.csv"
    steps.write_text("old\n" * 10_000)
    cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv"), "--steps", steps)
    assert "old" not in steps.read_text()


def test_writing_steps_touches_no_other_file(cli: Cli, tmp_path: Path) -> None:
    others = tmp_path / ".steps.csv.part"
    others.write_text("somebody else's")
    cli.ok("session", "analyze", shank_csv(tmp_path / "run.csv"), "--steps", tmp_path / "steps.csv")
    assert others.read_text() == "somebody else's"
    assert sorted(p.name for p in tmp_path.iterdir()) == [".steps.csv.part", "run.csv", "steps.csv"]


@pytest.mark.parametrize("place", ["folder", ".", "none/steps.csv", "file/steps.csv"])
def test_steps_that_cannot_be_written_leave_nothing_behind(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("kept")
    shank_csv(tmp_path / "run.csv")
    before = sorted(tmp_path.rglob("*"))
    assert "--steps" in cli.refused("session", "analyze", "run.csv", "--steps", place)
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file").read_text() == "kept"


# --- files that are wrong --------------------------------------------------------------------------------------------


def test_a_cut_off_fit_file_gives_what_was_read_and_exit_2(cli: Cli, tmp_path: Path) -> None:
    path = fit_run(tmp_path / "run.fit")
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    answer = cli("session", "analyze", path, "--json")
    assert answer.code == 2
    assert 200 < answer.json["distance_m"] < 700
    assert "(lost)" in answer.err
    assert any(fault["lost"] for fault in answer.json["faults"])
    said = cli("session", "analyze", path)
    assert (said.err.count("(lost)"), said.out.count("(lost)")) == (1, 0), "once is enough"


@pytest.mark.parametrize(
    ("name", "code"),
    [("unexpected-eof", 2), ("settings-corruptheader", 2), ("settings-nodata", 2), ("activity-filecrc", 0)],
)
def test_real_broken_fit_files_give_json_and_say_what_was_lost(cli: Cli, name: str, code: int) -> None:
    answer = cli("session", "analyze", need.data(f"fit/invalid_activity-{name}.fit"), "--json")
    assert answer.code == code
    assert list(answer.json) == KEYS
    assert answer.json["distance_m"] == pytest.approx(5.73)
    assert answer.err.startswith("sensor-hub: ")
    assert ("(lost)" in answer.err) == (code == 2)


def test_a_fit_file_with_only_its_checksum_wrong_is_whole(cli: Cli, tmp_path: Path) -> None:
    path = fit_run(tmp_path / "run.fit")
    whole = path.read_bytes()
    path.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    answer = cli("session", "analyze", path, "--json")
    assert answer.code == 0
    assert answer.json["distance_m"] == pytest.approx(900.0)
    assert "checksum" in answer.err
    assert any("checksum" in fault["problem"] for fault in answer.json["faults"])


def test_a_csv_without_map_says_that_it_needs_one(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "run.csv"
    path.write_text("0.00,0.1,9.8\n0.01,0.2,9.7\n")
    assert "give --columns MAP.toml" in cli.refused("session", "analyze", path)


def test_a_map_that_is_wrong_names_file_and_key(cli: Cli, tmp_path: Path) -> None:
    path, columns = plain_csv(tmp_path / "run.csv"), tmp_path / "map.toml"
    columns.write_text(COLUMN_MAP.replace("m/s2", "furlong"))
    line = cli.refused("session", "analyze", path, "--columns", columns)
    assert "map.toml: [acceleration] unit" in line
    assert "No such file" in cli.refused("session", "analyze", path, "--columns", tmp_path / "none.toml")
    columns.write_bytes(b"\xff\xfe")
    assert "not UTF-8" in cli.refused("session", "analyze", path, "--columns", columns)


def test_a_file_that_is_none_is_one_line(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "empty.fit").touch()
    (tmp_path / "text.md").write_text("# not a recording")
    assert "Is a directory" in cli.refused("session", "analyze", tmp_path)
    assert "No such file" in cli.refused("session", "analyze", tmp_path / "none.fit")
    assert "the file is empty" in cli.refused("session", "analyze", tmp_path / "empty.fit")
    assert "known formats" in cli.refused("session", "analyze", tmp_path / "text.md")


def test_a_recording_in_which_nothing_is_has_unknowns_and_says_so(cli: Cli, tmp_path: Path) -> None:
    path, steps = rsc_mcap(tmp_path / "run.mcap", seconds=[]), tmp_path / "steps.csv"
    found = cli.ok("session", "analyze", path, "--json", "--steps", steps).json
    assert list(found) == KEYS
    assert (found["load_eq_km"], found["distance_m"], found["cadence_spm"]) == (None, None, None)
    assert found["warnings"] == ["nothing-usable"]
    assert found["warning_texts"] == ["no reading in it could be used"]
    assert steps.read_text().splitlines() == [",".join(STEP_HEADER)]
    assert "no reading in it could be used" in cli.ok("session", "analyze", path).out


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root may read everything; so act on files as somebody else where the tests run as root."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.setfsuid(65534)
    try:
        yield
    finally:
        libc.setfsuid(os.geteuid())


def test_a_file_without_permission_is_one_line(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = fit_run(tmp_path / "run.fit")
    cli.ok("session", "analyze", path)  # what is imported late is there from here on
    path.chmod(0)
    monkeypatch.setenv("XDG_CONFIG_HOME", "/nonexistent")
    if os.geteuid() == 0:
        with as_nobody():
            line = cli.refused("session", "analyze", path)
    else:
        line = cli.refused("session", "analyze", path)
    assert "Permission denied" in line
    assert "check the path and its rights" in line


def test_a_name_that_is_not_unicode_is_shown_and_not_a_crash(cli: Cli, tmp_path: Path) -> None:
    odd = tmp_path / os.fsdecode(b"run-\xff.fit")
    fit_run(tmp_path / "run.fit").rename(odd)
    assert cli("session", "analyze", odd, "--json").code == 0
    assert cli("session", "analyze", odd).code == 0


def test_a_profile_of_the_user_s_own_wins(cli: Cli, tmp_path: Path) -> None:
    path = rsc_mcap(tmp_path / "run.mcap", payload=bytes.fromhex("01 0003 55 f000"))  # 85 a minute
    before = cli.ok("session", "analyze", path, "--json").json
    assert before["n_steps"] == 0, "85 steps a minute is walking"
    own = tmp_path / "config" / "sensor-hub" / "firmware_profiles"
    own.mkdir(parents=True)
    shipped = (Path(__file__).parents[2] / "firmware_profiles" / "standard-rsc.toml").read_text()
    (own / "mine.toml").write_text(shipped.replace('cadence_counts = "steps"', 'cadence_counts = "strides"'))
    after = cli.ok("session", "analyze", path, "--json").json
    assert after["n_steps"] == pytest.approx(59 * 170 / 60), "85 strides a minute is running"


def test_steps_never_overwrite_the_recording_itself(cli: Cli, tmp_path: Path) -> None:
    recording = tmp_path / "mine.csv"
    recording.write_text("time,aX,aY,aZ,gX,gY,gZ\n" + "".join(f"{10 * i},0,0,1,0,0,0\n" for i in range(50)))
    before = recording.read_bytes()
    answer = cli("session", "analyze", recording, "--steps", recording)
    assert (answer.code, recording.read_bytes()) == (2, before)
    assert "is the recording itself" in answer.err
