"""``session import`` of a folder: what the screen, the report and the exit code say."""

import json
import time
from datetime import timedelta
from pathlib import Path

import pytest

from tests.bulk.account import Run, make
from tests.bulk.killed import n_sessions
from tests.cli.conftest import Cli
from tests.cli.files import LONG_AGO_UTC, fit_run
from tests.processes import Process, arguments_of


def test_many_files_are_counted_and_the_troubles_named(cli: Cli, tmp_path: Path) -> None:
    told = make(tmp_path / "files", 40, longest_s=130)
    report = tmp_path / "report.json"
    answer = cli("session", "import", tmp_path / "files", "--jobs", "1", "--report", report)
    assert answer.code == 2
    rows = {line.rsplit(maxsplit=1)[0]: line.split()[-1] for line in answer.out.splitlines() if line.strip()}
    assert {name: int(rows[name]) for name in told.expected} == dict(told.expected)
    assert f"{told.n_files} files in 0:0" in answer.out
    assert answer.out.count("doubled: ") == told.expected["doubled"]
    assert answer.err.count("unknown format") == told.expected["refused"]
    answered = json.loads(report.read_text())
    assert answered["files"] == told.n_files == sum(answered["counts"].values())
    assert all(r["why"] for r in answered["results"] if r["outcome"] not in {"taken", "already there"})


def test_troubles_beyond_twenty_are_counted(cli: Cli, tmp_path: Path) -> None:
    for n in range(25):
        (tmp_path / f"{n}.fit").write_bytes(b"broken %d" % n)
    answer = cli("session", "import", tmp_path, "--jobs", "1")
    assert answer.code == 2
    assert answer.err.count("unknown format") == 20
    assert "and 5 more like these; --report FILE writes all of them" in answer.err


def test_sessions_that_count_no_longer_are_said_and_counted(cli: Cli, tmp_path: Path) -> None:
    for kind in ("gpx", "fit"):
        (tmp_path / kind).mkdir()
        for day in range(21):
            run = Run(LONG_AGO_UTC + timedelta(days=day), 120, 3.0, kind)
            (tmp_path / kind / f"{day}.{kind}").write_bytes(run.content)
    cli.ok("session", "import", tmp_path / "gpx", "--jobs", "1")
    one = cli.ok("session", "import", tmp_path / "fit" / "0.fit").out
    assert "which counts no longer: this one does" in one
    many = cli.ok("session", "import", tmp_path / "fit", "--jobs", "1").out
    assert "20 sessions that had been there count no longer: the same runs, and the new ones do" in many


def test_a_folder_of_photos_is_no_trouble(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.jpg").write_bytes(b"\xff\xd8\xff")
    (result,) = cli.ok("session", "import", tmp_path / "in", "--json").json
    assert (result["outcome"], result["problem"]) == ("not a recording", None)
    assert cli("session", "import", tmp_path / "in" / "a.jpg").code == 2, "asked for by name it should have been one"


def test_no_processes_are_refused(cli: Cli, tmp_path: Path) -> None:
    assert cli("session", "import", fit_run(tmp_path / "a.fit"), "--jobs", "0").code == 2


def test_a_report_that_cannot_be_written_is_said(cli: Cli, tmp_path: Path) -> None:
    said = cli("session", "import", fit_run(tmp_path / "a.fit"), "--report", tmp_path)
    assert said.code == 2
    assert "is a folder (give the name of a file for --report)" in said.err


def test_a_report_that_cannot_be_written_is_said_before_anything_is_imported(cli: Cli, tmp_path: Path) -> None:
    said = cli("session", "import", fit_run(tmp_path / "a.fit"), "--report", tmp_path / "missing" / "report.json")
    assert said.code == 2
    assert f"there is no folder {tmp_path / 'missing'} (make it" in said.err
    assert cli.ok("session", "list", "--json").json == []


def test_ctrl_c_keeps_what_was_taken_and_says_how_to_go_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SENSOR_HUB_ZONE", "UTC")
    (tmp_path / "in").mkdir()
    for day in range(150):
        fit_run(tmp_path / "in" / f"{day:03d}.fit", LONG_AGO_UTC + timedelta(days=day), 600)
    process = Process(["session", "import", str(tmp_path / "in"), "--jobs", "2", *arguments_of(tmp_path / "hub")])
    try:
        while n_sessions(tmp_path / "hub") < 3 and process.running:
            time.sleep(0.02)
        assert process.interrupt() == 130
    finally:
        process.close()
    assert any("the same command goes on from there" in line for line in process.lines), process.lines
    assert not any("Traceback" in line for line in process.lines), process.lines
    assert 3 <= n_sessions(tmp_path / "hub") < 150
