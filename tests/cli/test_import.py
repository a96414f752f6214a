"""``sensor-hub session import``, ``session list`` and ``load status``: files into a history, and what it says."""

import hashlib
import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from typer import BadParameter

from sensor_hub.adapters.registry import Registry
from sensor_hub.app.analysis import open_file, setup_for
from sensor_hub.app.importing.importing_way import numbers_of
from sensor_hub.cli.options import not_in_the_future
from sensor_hub.model.calibration import Calibration
from sensor_hub.signal.detectors import detector_for
from tests.adapters.recordings import captures_by_hand as hand
from tests.adapters.recordings import fit_bytes as fit
from tests.cli.conftest import Cli
from tests.cli.files import COLUMN_MAP, LONG_AGO_UTC, ONE_FOOT, fit_run, plain_csv, rsc_mcap, season, shank_csv


def stored(cli: Cli) -> list[str]:
    """Everything in the store, as SQL."""
    with closing(sqlite3.connect(cli.data_dir / "store.db")) as db:
        return list(db.iterdump())


def recently() -> datetime:
    return datetime.now(UTC).replace(microsecond=0) - timedelta(hours=2)


def test_an_imported_run_is_in_the_list(cli: Cli, tmp_path: Path) -> None:
    (result,) = cli.ok("session", "import", fit_run(tmp_path / "run.fit"), "--json").json
    assert result["result"] == "imported"
    assert result["session"]["origin"] == "import"
    (listed,) = cli.ok("session", "list", "--json").json
    assert {name: listed[name] for name in result["session"]} == result["session"]
    assert listed["sid"] == result["sid"]
    assert listed["ended"] is True
    assert listed["start_utc"].startswith("2024-05-04T08:00:0")
    cli.ok("athlete", "set", "me", "--zone", "Europe/Berlin")
    table = cli.ok("session", "list").out
    assert "2024-05-04 10:00" in table
    assert "0.90" in table


def test_starts_are_listed_in_the_zone_that_edits_are_told_in(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "add", "Kiri", "--zone", "Pacific/Auckland")
    cli.ok("session", "import", fit_run(tmp_path / "run.fit"), "--athlete", "Kiri")
    table = cli.ok("session", "list", "--athlete", "Kiri").out
    assert "2024-05-04 20:00" in table
    assert "Pacific/Auckland" in table
    assert "08:00" not in table
    cli.ok("session", "trim", "last", "--athlete", "Kiri", "--to", "20:02")


def test_the_newest_session_is_listed_first(cli: Cli, tmp_path: Path) -> None:
    for day in (3, 1, 2):
        cli.ok("session", "import", fit_run(tmp_path / f"{day}.fit", LONG_AGO_UTC + timedelta(days=day)))
    starts = [s["start_utc"] for s in cli.ok("session", "list", "--json").json]
    assert starts == sorted(starts, reverse=True)
    assert len(starts) == 3


def test_importing_twice_changes_nothing_in_the_store(cli: Cli, tmp_path: Path) -> None:
    files = [fit_run(tmp_path / "run.fit"), shank_csv(tmp_path / "run.csv"), rsc_mcap(tmp_path / "run.mcap")]
    how = ("--start", "2025-11-20T06:31Z", "--json")
    first = cli.ok("session", "import", *files, *how).json
    before = stored(cli)
    assert sum(line.startswith('INSERT INTO "steps"') or "INTO steps" in line for line in before) > 50
    again = cli.ok("session", "import", *files, *how).json
    assert [r["result"] for r in first] == ["imported"] * 3
    assert [r["result"] for r in again] == ["already there"] * 3
    assert [r["sid"] for r in again] == [r["sid"] for r in first]
    assert stored(cli) == before


@pytest.mark.parametrize("other", [("--mount", "sacrum"), ("--start", "2025-11-19T06:31Z")])
def test_a_file_read_in_another_way_is_refused_and_the_first_reading_stays(
    cli: Cli, tmp_path: Path, other: tuple[str, str]
) -> None:
    file, how = shank_csv(tmp_path / "run.csv"), ("--start", "2025-11-20T06:31Z")
    cli.ok("session", "import", file, *how)
    before = stored(cli)
    answer = cli("session", "import", file, *how, *other)
    assert answer.code == 2
    assert "read in another way" in answer.err
    assert stored(cli) == before


@pytest.mark.parametrize("source", ["capture", "recording"])
@pytest.mark.parametrize("change", [("strides", "steps"), ("version = 1", "version = 2")])
def test_a_file_read_with_a_changed_profile_is_refused_and_the_first_reading_stays(
    cli: Cli, tmp_path: Path, source: str, change: tuple[str, str]
) -> None:
    profile = tmp_path / "own" / "one-foot.toml"
    profile.parent.mkdir()
    profile.write_text(ONE_FOOT)
    cli.monkeypatch.setenv("SENSOR_HUB_PROFILES_DIR", str(profile.parent))
    (ana,) = cli.ok("athlete", "add", "Ana", "--json").json
    how = ("--profile", "one-foot", "--athlete", "Ana", "--json")
    if source == "capture":
        file = tmp_path / "btsnoop_hci.log"
        file.write_bytes(hand.rsc_capture(120))
    else:
        file = rsc_mcap(tmp_path / "run.mcap", athlete=ana["id"])
    (first,) = cli.ok("session", "import", file, *how).json
    before = stored(cli)
    profile.write_text(ONE_FOOT.replace("made for this test", "other words, same numbers"))
    (again,) = cli.ok("session", "import", file, *how).json
    assert (again["result"], again["session"]) == ("already there", first["session"])
    profile.write_text(ONE_FOOT.replace(*change))
    answer = cli("session", "import", file, *how)
    assert answer.code == 2
    assert "read in another way (map, mount, start, profile, surface or program)" in answer.err
    assert stored(cli) == before


def test_a_file_of_an_older_model_is_already_there_and_one_read_in_another_way_too_is_refused(
    cli: Cli, tmp_path: Path
) -> None:
    file = fit_run(tmp_path / "run.fit")
    (first,) = cli.ok("session", "import", file, "--json").json
    before = stored(cli)
    cli.monkeypatch.setattr("sensor_hub.load.achilles.VERSION", "achilles-9.0")
    (again,) = cli.ok("session", "import", file, "--json").json
    assert (again["result"], again["session"]) == ("already there", first["session"])
    assert "surface or program" in cli("session", "import", file, "--surface", "treadmill").err
    assert stored(cli) == before


def test_a_file_that_the_program_before_surfaces_imported_is_already_there(cli: Cli, tmp_path: Path) -> None:
    """Its mark in the store is made as that program made it, of device, start, tier, model and interpretation."""
    file = fit_run(tmp_path / "run.fit")
    (first,) = cli.ok("session", "import", file, "--json").json
    setup = setup_for(open_file(file).info, sid="x", athlete="x", zone="UTC", origin="import")
    devices = [(device.mount, numbers_of(device.profile)) for device in setup.devices]
    old = hashlib.sha256(repr((devices, setup.start_utc, setup.tier, "achilles-0.1", "")).encode()).hexdigest()[:8]
    with closing(sqlite3.connect(cli.data_dir / "store.db")) as db:
        db.execute("UPDATE received SET gw = substr(gw, 1, length(gw) - 8) || ?", (old,))
        db.commit()
    (again,) = cli.ok("session", "import", file, "--json").json
    assert (again["result"], again["session"]) == ("already there", first["session"])
    assert "surface or program" in cli("session", "import", file, "--surface", "treadmill").err


def test_what_is_already_there_is_shown_as_it_is_stored(cli: Cli, tmp_path: Path) -> None:
    file = fit_run(tmp_path / "run.fit")
    cli.ok("session", "import", file)
    with closing(sqlite3.connect(cli.data_dir / "store.db")) as db, db:
        db.execute("UPDATE sessions SET distance_m = 1234.5")
    (again,) = cli.ok("session", "import", file, "--json").json
    (listed,) = cli.ok("session", "list", "--json").json
    assert (again["result"], again["session"]["distance_m"]) == ("already there", 1234.5)
    assert {name: listed[name] for name in again["session"]} == again["session"]


def test_a_copy_under_another_name_is_the_same_session(cli: Cli, tmp_path: Path) -> None:
    path = fit_run(tmp_path / "run.fit")
    (first,) = cli.ok("session", "import", path, "--json").json
    (again,) = cli.ok("session", "import", path.rename(tmp_path / "copy.fit"), "--json").json
    assert (again["result"], again["sid"]) == ("already there", first["sid"])


def test_the_same_file_of_two_athletes_is_two_sessions(cli: Cli, tmp_path: Path) -> None:
    path = fit_run(tmp_path / "run.fit")
    cli.ok("athlete", "add", "Ana")
    (mine,) = cli.ok("session", "import", path, "--json").json
    (hers,) = cli.ok("session", "import", path, "--athlete", "Ana", "--json").json
    assert hers["result"] == "imported"
    assert mine["sid"] != hers["sid"]
    assert len(cli.ok("session", "list", "--athlete", "Ana", "--json").json) == 1


def test_an_athlete_nobody_knows_is_refused_before_anything_is_read(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "add", "Ana")
    assert "did you mean 'Ana'" in cli.refused("session", "import", fit_run(tmp_path / "r.fit"), "--athlete", "Anna")


def test_a_file_without_date_needs_a_start(cli: Cli, tmp_path: Path) -> None:
    path = shank_csv(tmp_path / "run.csv")
    answer = cli("session", "import", path, "--json")
    assert answer.code == 2
    assert "give --start 2025-" in answer.err
    assert [(r["result"], r["session"]) for r in answer.json] == [("refused", None)]
    assert cli.ok("session", "list", "--json").json == []
    cli.ok("session", "import", path, "--start", "2025-11-20T07:31+01:00")
    (listed,) = cli.ok("session", "list", "--json").json
    assert listed["start_utc"].startswith("2025-11-20T06:31:00")


def test_the_mend_of_a_file_without_date_can_be_typed_as_it_stands(cli: Cli, tmp_path: Path) -> None:
    path = shank_csv(tmp_path / "run.csv")
    mend = cli("session", "import", path).err.split("give ")[1].split(")")[0]
    cli.ok("session", "import", path, *mend.split())


def test_a_start_without_zone_is_refused(cli: Cli, tmp_path: Path) -> None:
    answer = cli("session", "import", shank_csv(tmp_path / "run.csv"), "--start", "2025-11-20T06:31")
    assert (answer.code, answer.out) == (2, "")
    assert "%z" in answer.err


@pytest.mark.parametrize("command", [("session", "import"), ("calibrate", "make", "--reference", "force.csv")])
def test_a_start_that_lies_in_the_future_is_refused(cli: Cli, tmp_path: Path, command: tuple[str, ...]) -> None:
    answer = cli(*command, shank_csv(tmp_path / "run.csv"), "--start", "2999-01-01T00:00Z")
    assert (answer.code, answer.out) == (2, "")
    assert "2999-01-01T00:00:00+00:00 lies in the future: give when it began" in " ".join(answer.err.split())
    assert cli.ok("session", "list", "--json").json == []


def test_a_start_of_today_is_none_of_the_future_though_this_clock_may_be_late() -> None:
    now_utc = datetime.now(UTC)
    assert not_in_the_future(None) is None
    assert not_in_the_future(now_utc + timedelta(hours=23)) is not None
    with pytest.raises(BadParameter):
        not_in_the_future(now_utc + timedelta(hours=25))


def test_a_csv_with_a_map_is_imported(cli: Cli, tmp_path: Path) -> None:
    columns = tmp_path / "map.toml"
    columns.write_text(COLUMN_MAP)
    how = ("--columns", columns, "--mount", "sacrum", "--start", "2025-11-20T06:31Z", "--json")
    (result,) = cli.ok("session", "import", plain_csv(tmp_path / "run.csv"), *how).json
    assert result["session"]["source"] == "columns-csv"


def test_one_bad_file_does_not_keep_the_others_out(cli: Cli, tmp_path: Path) -> None:
    bad = tmp_path / "bad.fit"
    bad.write_text("not a recording")
    good = [fit_run(tmp_path / "a.fit"), fit_run(tmp_path / "b.fit", LONG_AGO_UTC + timedelta(days=1))]
    (tmp_path / "empty").mkdir()
    answer = cli("session", "import", good[0], bad, tmp_path / "none.fit", tmp_path / "empty", good[1], "--json")
    assert answer.code == 2
    assert [r["result"] for r in answer.json] == ["imported", "refused", "refused", "refused", "imported"]
    assert answer.err.count("\n") == 3
    assert "bad.fit" in answer.err
    assert "none.fit" in answer.err
    assert len(cli.ok("session", "list", "--json").json) == 2


def test_a_cut_off_file_is_kept_in_part_and_leaves_with_2(cli: Cli, tmp_path: Path) -> None:
    path = fit_run(tmp_path / "run.fit")
    path.write_bytes(path.read_bytes()[:8000])
    answer = cli("session", "import", path, "--json")
    assert answer.code == 2
    assert answer.json[0]["result"] == "imported in part"
    assert answer.json[0]["faults"][0]["lost"] is True
    assert len(cli.ok("session", "list", "--json").json) == 1


def test_a_file_in_which_nothing_is_says_so(cli: Cli, tmp_path: Path) -> None:
    path = rsc_mcap(tmp_path / "run.mcap", seconds=[])
    answer = cli.ok("session", "import", path, "--json")
    assert [r["result"] for r in answer.json] == ["nothing in it"]
    assert cli.ok("session", "list", "--json").json == []


# --- the same run twice ----------------------------------------------------------------------------------------------


def test_an_exported_fit_imported_again_is_the_session_it_was_made_of(cli: Cli, tmp_path: Path) -> None:
    (first,) = cli.ok("session", "import", fit_run(tmp_path / "run.fit"), "--json").json
    out = tmp_path / "out.fit"
    cli.ok("session", "export", first["sid"], "--out", out)
    before = stored(cli)
    answer = cli.ok("session", "import", out, "--json")
    assert (answer.json[0]["result"], answer.json[0]["session"]) == ("already there", first["session"])
    assert answer.err == ""
    assert stored(cli) == before
    cli.ok("athlete", "add", "Ana")
    (hers,) = cli.ok("session", "import", out, "--athlete", "Ana", "--json").json
    assert hers["result"] == "imported", "somebody else's run it is a file like any other for"
    assert hers["sid"] != first["sid"]


def test_the_same_run_from_two_sources_is_told_and_still_imported(cli: Cli, tmp_path: Path) -> None:
    (watch,) = cli.ok("session", "import", fit_run(tmp_path / "run.fit"), "--json").json
    gpx, log = tmp_path / "run.gpx", tmp_path / "log.csv"
    gpx.write_text(hand.straight_gpx(120))
    answer = cli.ok("session", "import", gpx, "--json")
    says = (
        f"overlaps {watch['sid']} of 2024-05-04 08:00Z (source fit): the same run from two sources? "
        "both count until you answer: sensor-hub session offers"
    )
    assert answer.json[0]["result"] == "imported"
    assert says in [f["problem"] for f in answer.json[0]["faults"]]
    assert answer.err.count(says) == 1
    assert says not in cli.ok("session", "import", gpx).err, "told once"
    log.write_text("start_utc,type,distance_m,duration_s\n2024-05-04T08:01:00Z,running,600,200\n")
    answer = cli.ok("session", "import", log, "--json")
    assert f"line 2: {says}" in answer.err
    assert "(source gpx)" not in answer.err, "it ends before half of it is run"


def test_files_at_one_time_are_told_in_a_line_each(cli: Cli, tmp_path: Path) -> None:
    files = [shank_csv(tmp_path / f"{n}.csv", 20.0 + n) for n in range(4)]
    told = cli.ok("session", "import", *files, "--start", "2025-11-20T06:31Z").err.splitlines()
    assert [line.split(".csv: ")[0][-1] for line in told] == ["1", "2", "3"], "the first one is alone"
    assert "the same run from two sources? both count" in told[0]
    assert [" more: the same run from several sources? all count" in line for line in told] == [False, True, True]
    assert "and 2 more: " in told[2]


@pytest.mark.parametrize("how", ["later", "athlete", "sport"])
def test_a_run_that_is_another_one_is_not_told_of(cli: Cli, tmp_path: Path, how: str) -> None:
    cli.ok("athlete", "add", "Ana")
    cli.ok("session", "import", fit_run(tmp_path / "a.fit"))
    later = LONG_AGO_UTC + timedelta(seconds=200 if how == "later" else 0)
    other = fit_run(tmp_path / "b.fit", later, 301, fit.WALKING if how == "sport" else fit.RUNNING)
    answer = cli.ok("session", "import", other, *(("--athlete", "Ana") if how == "athlete" else ()), "--json")
    assert answer.json[0]["result"] == "imported"
    assert "overlaps" not in answer.err


# --- recordings of our own -------------------------------------------------------------------------------------------


def test_a_recording_keeps_its_sid_and_goes_to_the_athlete_it_names(cli: Cli, tmp_path: Path) -> None:
    (ana,) = cli.ok("athlete", "add", "Ana", "--json").json
    path = rsc_mcap(tmp_path / "run.mcap", athlete=ana["id"])
    (result,) = cli.ok("session", "import", path, "--json").json
    assert result["sid"] == "01hx0000000000000000000001"
    assert [s["sid"] for s in cli.ok("session", "list", "--athlete", "Ana", "--json").json] == [result["sid"]]
    assert cli.ok("session", "list", "--json").json == []


def test_a_recording_given_to_another_athlete_leaves_the_first_one_s_alone(cli: Cli, tmp_path: Path) -> None:
    (ana,) = cli.ok("athlete", "add", "Ana", "--json").json
    cli.ok("athlete", "add", "Bea")
    path = rsc_mcap(tmp_path / "run.mcap", athlete=ana["id"])
    cli.ok("session", "import", path)
    (hers,) = cli.ok("session", "import", path, "--athlete", "Bea", "--json").json
    assert hers["result"] == "imported"
    for name in ("Ana", "Bea"):
        assert len(cli.ok("session", "list", "--athlete", name, "--json").json) == 1


def test_a_recording_of_an_unknown_athlete_is_mine_under_a_sid_of_its_own(cli: Cli, tmp_path: Path) -> None:
    (result,) = cli.ok("session", "import", rsc_mcap(tmp_path / "run.mcap"), "--json").json
    assert result["sid"] != "01hx0000000000000000000001"
    assert len(cli.ok("session", "list", "--json").json) == 1


def test_a_whole_recording_completes_the_cut_off_one(cli: Cli, tmp_path: Path) -> None:
    (ana,) = cli.ok("athlete", "add", "Ana", "--json").json
    cli.ok("session", "import", rsc_mcap(tmp_path / "cut.mcap", range(70), athlete=ana["id"]))
    (whole,) = cli.ok("session", "import", rsc_mcap(tmp_path / "w.mcap", range(200), athlete=ana["id"]), "--json").json
    assert whole["result"] == "imported"
    with closing(sqlite3.connect(cli.data_dir / "store.db")) as db:
        assert db.execute("SELECT count(DISTINCT time_utc_us) FROM steps").fetchone() == (200,)


def test_a_simulated_recording_never_enters_a_persons_history(cli: Cli, tmp_path: Path) -> None:
    answer = cli("session", "import", rsc_mcap(tmp_path / "run.mcap", origin="simulated"))
    assert answer.code == 2
    assert "is simulated" in answer.err
    assert cli.ok("session", "list", "--json").json == []


# --- judged ----------------------------------------------------------------------------------------------------------


def test_a_recent_run_above_the_limit_is_told_once(cli: Cli, tmp_path: Path) -> None:
    files = season(tmp_path, recently(), last_s=480)
    said = cli.ok("session", "import", *files).out
    assert "60 % above your longest run of the last 30 days" in said
    assert said.count("distance") == 1
    again = cli.ok("session", "import", *files).out
    assert "above" not in again


def test_a_run_below_the_limit_says_nothing(cli: Cli, tmp_path: Path) -> None:
    said = cli.ok("session", "import", *season(tmp_path, recently(), last_s=310)).out
    assert "above" not in said


def test_an_old_run_above_its_limit_is_imported_in_silence(cli: Cli, tmp_path: Path) -> None:
    answer = cli.ok("session", "import", *season(tmp_path, LONG_AGO_UTC, last_s=480), "--json")
    assert all(r["findings"] == [] for r in answer.json)
    assert answer.err == ""
    with closing(sqlite3.connect(cli.data_dir / "store.db")) as db:
        (n,) = db.execute("SELECT count(*) FROM findings WHERE severity = 'alert'").fetchone()
    assert n > 0, "silent, yet kept"


def test_the_json_of_a_told_finding_is_its_id(cli: Cli, tmp_path: Path) -> None:
    results = cli.ok("session", "import", *season(tmp_path, recently(), last_s=480), "--json").json
    assert [len(r["findings"]) > 0 for r in results] == [False] * 4 + [True]


def test_a_walk_is_no_part_of_the_running_history(cli: Cli, tmp_path: Path) -> None:
    cli.ok("session", "import", fit_run(tmp_path / "w.fit", recently(), 600, sport=fit.WALKING))
    status = cli.ok("load", "status", "--json").json
    assert status["week_distance_m"] == 0


# --- load status -----------------------------------------------------------------------------------------------------


def test_without_history_the_headroom_is_said_to_be_unknown(cli: Cli) -> None:
    said = cli.ok("load", "status").out
    assert said.count("headroom not known, no earlier run with a known value in the last 30 days") == 3
    status = cli.ok("load", "status", "--json").json
    assert [h["left"] for h in status["headroom"]] == [None, None, None]
    assert [h["reason"] for h in status["headroom"]] == ["no-history"] * 3


@pytest.mark.parametrize(("last_s", "words", "km"), [(480, "above the limit", "1.4 km"), (310, "left", "0.93 km")])
def test_the_status_says_what_is_left_today(cli: Cli, tmp_path: Path, last_s: int, words: str, km: str) -> None:
    now = datetime.now(UTC)
    cli.monkeypatch.setenv("SENSOR_HUB_ZONE", f"Etc/GMT{now.hour - 14:+d}")  # there it is afternoon
    cli.ok("session", "import", *season(tmp_path, now.replace(microsecond=0), last_s=last_s))
    answer = cli.ok("load", "status")
    assert words in answer.out.split("Distance: ")[1].splitlines()[0]
    assert km in answer.out
    status = cli.ok("load", "status", "--json").json
    assert status["today_distance_m"] == pytest.approx(3 * last_s)
    assert (len(status["findings"]) > 0) == (last_s == 480 or status["headroom"][0]["left"] < 90)


def test_the_status_of_somebody_else_is_asked_by_name(cli: Cli) -> None:
    cli.ok("athlete", "add", "Ana")
    assert "Ana" in cli.ok("load", "status", "--athlete", "ana").out
    assert "'Bea'" in cli.refused("load", "status", "--athlete", "Bea")


def test_a_run_that_was_imported_before_its_wearer_was_calibrated_stays_as_it_was(cli: Cli, tmp_path: Path) -> None:
    path, how = shank_csv(tmp_path / "run.csv"), ("--start", "2025-11-20T06:31Z", "--json")
    cli.ok("session", "import", path, *how)
    before = stored(cli)
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        method = detector_for("shank").method.name
        line = Calibration(method, "shank", -0.012, 0.0, 0.24, 0.008, 220, "force.csv at 20 N", date(2026, 11, 21))
        registry.learned.keep_calibration("me", line)
    (again,) = cli.ok("session", "import", path, *how).json
    assert again["result"] == "already there"
    assert "already there" in cli.ok("session", "import", path, "--start", "2025-11-20T06:31Z").out
    assert stored(cli) == before


def test_a_run_whose_wearers_calibration_was_of_another_method_says_so(cli: Cli, tmp_path: Path) -> None:
    path, how = shank_csv(tmp_path / "run.csv"), ("--start", "2025-11-20T06:31Z", "--json")
    cli.ok("athlete", "list")
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        line = Calibration("shank-0.1", "shank", -0.012, 0.0, 0.24, 0.008, 220, "force", date(2026, 11, 21), 0.011)
        registry.learned.keep_calibration(registry.me("UTC").id, line)
    (result,) = cli.ok("session", "import", path, *how).json
    assert any("calibration-void" in row for row in stored(cli))
    at = result["session"]["warnings"].index("calibration-void")
    assert "calibrate again" in result["session"]["warning_texts"][at]


def test_what_a_run_noticed_is_told_after_its_import_and_marked_in_the_list(cli: Cli, tmp_path: Path) -> None:
    cli.ok("athlete", "list")
    with Registry(f"sqlite:///{cli.data_dir / 'registry.db'}") as registry:
        line = Calibration("shank-0.1", "shank", -0.012, 0.0, 0.24, 0.008, 220, "force", date(2026, 11, 21), 0.011)
        registry.learned.keep_calibration(registry.me("UTC").id, line)
    path, plain = shank_csv(tmp_path / "run.csv"), fit_run(tmp_path / "run.fit")
    said = cli.ok("session", "import", path, plain, "--start", "2025-11-20T06:31Z").out
    assert [row for row in said.splitlines() if row.startswith("note: ")] == [
        "note: run.csv: the calibration was made with another method and was not used: calibrate again"
    ], "and neither the gaps nor the provisional model, which are in every run"
    listed = cli.ok("session", "list").out
    assert "sensor-hub session list --notes" in listed
    assert [" ! " in row for row in listed.splitlines()[1:3]] == [True, False], "the newest first"
    told = cli.ok("session", "list", "--notes").out
    assert told.count("note: ") == 1
    assert "calibrate again" in told


def test_a_list_of_runs_that_noticed_nothing_marks_none(cli: Cli, tmp_path: Path) -> None:
    cli.ok("session", "import", fit_run(tmp_path / "run.fit"))
    assert "!" not in cli.ok("session", "list").out
