"""Thousands of files at once, here sixty: every file ends in one way, and a kill changes nothing."""

import json
import os
import struct
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sensor_hub.adapters.recordings.archives import ZipArchive
from sensor_hub.app import analysis
from sensor_hub.app.importing.bulk import import_paths, import_upload
from sensor_hub.app.importing.bulk_reading import Asked
from sensor_hub.app.importing.bulk_report import Done, write_report
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.people import Archive, open_archive
from sensor_hub.app.sids import text_sid
from sensor_hub.config import Settings
from sensor_hub.model.edit import Change, Delete, Split
from sensor_hub.model.session import Event
from tests import need
from tests.adapters.recordings import captures_by_hand as hand
from tests.adapters.recordings import fit_bytes as fit
from tests.bulk.account import Account, Run, make, tcx_of
from tests.bulk.killed import are_gone, imported, killed, stored, twin_of
from tests.cli.files import LONG_AGO_UTC, fit_run

STRAVA = "Activity ID,Activity Date,Activity Name,Activity Type,Elapsed Time,Distance,Filename,Elapsed Time,Distance\n"


@pytest.fixture
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with open_archive(settings_of(tmp_path_factory.mktemp("hub"))) as opened:
        yield opened


def settings_of(data_dir: Path) -> Settings:
    return Settings(data_dir=data_dir, zone="UTC")


@pytest.fixture(scope="module")
def account(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Account]:
    folder = tmp_path_factory.mktemp("account") / "files"
    return folder, make(folder, 60, longest_s=180)


def sums(archive: Archive) -> list[tuple[str, float | None, float | None]]:
    found = archive.store.sessions(archive.athlete(None).id)
    return [(s.header.sid, s.totals.distance_m, s.totals.load_eq_km) for s in found]


def test_every_file_of_an_account_ends_in_one_way_and_a_second_import_takes_nothing(
    account: tuple[Path, Account], archive: Archive
) -> None:
    folder, told = account
    looks: list[Done] = []
    first = import_paths([folder], archive, jobs=2, progress=looks.append)
    assert {name: n for name, n in first.counts.items() if n} == dict(told.expected)
    assert len(first.files) == told.n_files
    assert (first.n_in_part, first.failed) == (told.n_in_part, True)
    assert len(archive.recorded.sessions(archive.athlete(None).id)) == told.n_sessions
    assert len(archive.store.sessions(archive.athlete(None).id)) == told.expected["taken"]
    assert (looks[-1].n_done, looks[-1].n_files) == (told.n_files, told.n_files)
    before = sums(archive)
    again = import_paths([folder], archive, jobs=2)
    assert again.counts["taken"] == 0
    assert again.counts["already there"] == told.n_sessions
    assert {n: again.counts[n] for n in ("no activity", "not a recording", "refused")} == {
        n: told.expected[n] for n in ("no activity", "not a recording", "refused")
    }
    assert sums(archive) == before


def test_killed_in_the_middle_and_begun_again_it_ends_as_if_nothing_had_been(
    account: tuple[Path, Account], tmp_path: Path
) -> None:
    folder, told = account
    with open_archive(settings_of(tmp_path / "whole")) as archive:
        archive.athlete(None)
    other = twin_of(tmp_path / "whole", tmp_path / "killed")
    whole = imported(tmp_path / "whole", [folder], tmp_path / "whole.json")
    n, workers = killed(other, [folder], at_sessions=told.n_sessions // 3)
    assert 0 < n < told.n_sessions
    assert len(workers) == 2
    assert are_gone(workers), "whoever reads for a process that is gone goes too"
    rest = imported(other, [folder], tmp_path / "rest.json")
    assert rest["counts"]["already_there"] >= n
    assert rest["counts"]["already_there"] + rest["counts"]["taken"] >= whole["counts"]["taken"]
    assert stored(other) == stored(tmp_path / "whole")
    assert any('INTO "findings"' in line or "INTO findings" in line for line in stored(other)), "and it was judged"


def test_what_a_folder_import_makes_is_what_single_imports_make(archive: Archive, tmp_path: Path) -> None:
    files = [fit_run(tmp_path / f"{day}.fit", LONG_AGO_UTC + timedelta(days=day), 130) for day in range(9)]
    import_paths([tmp_path], archive, jobs=2)
    with open_archive(settings_of(tmp_path / "other")) as other:
        for file in files:
            import_paths([file], other, jobs=1)
        one_by_one = [(d, load) for _, d, load in sums(other)]
        n_findings = len(other.store.findings())
    assert [(d, load) for _, d, load in sums(archive)] == one_by_one
    assert len(archive.store.findings()) == n_findings


def test_an_export_of_strava_has_sessions_without_a_file_and_says_the_sport_of_a_gpx(
    archive: Archive, tmp_path: Path
) -> None:
    points = [hand.gpx_point(LONG_AGO_UTC + timedelta(seconds=s), 50 + s * 2e-5, 8.0) for s in range(120)]
    with zipfile.ZipFile(tmp_path / "export_1.zip", "w") as zipped:
        zipped.writestr("activities/1.gpx", hand.gpx([points], kind=None))
        zipped.writestr("media/1.jpg", b"\xff\xd8\xff")
        zipped.writestr(
            "activities.csv",
            STRAVA
            + '1,"May 4, 2024, 8:00:00 AM",Walk,Walk,120,0.2,activities/1.gpx,120.0,240.0\n'
            + '2,"May 5, 2024, 8:00:00 AM",Gym belt,Run,1800,5.0,,1800.0,5000.0\n'
            + '3,"yesterday",?,Run,1800,5.0,,1800.0,5000.0\n',
        )
    report = import_paths([tmp_path / "export_1.zip"], archive)
    found = archive.store.sessions(archive.athlete(None).id)
    assert [(s.header.ledger, s.source) for s in found] == [("walk", "gpx"), ("run", "session-log")]
    assert (found[1].totals.distance_m, found[1].totals.duration_s) == (5000.0, 1800.0)
    assert {k: n for k, n in report.counts.items() if n} == {"taken": 2, "not a recording": 1}
    assert report.failed, "a line that cannot be read, and has no file, is lost"
    assert all("none is named" not in f.problem for r in report.results for f in r.faults)


def test_the_file_an_index_lists_is_not_told_by_its_line_too(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "activities").mkdir()
    fit_run(tmp_path / "activities" / "1.fit")
    line = '1,"May 4, 2024, 8:00:00 AM",Run,Run,300,0.9,activities/1.fit,300.0,900.0\n'
    (tmp_path / "activities.csv").write_text(STRAVA + line)
    report = import_paths([tmp_path], archive)
    assert {k: n for k, n in report.counts.items() if n} == {"taken": 1, "no activity": 1}


def test_the_same_run_in_another_format_counts_once_and_what_only_overlaps_is_asked(
    archive: Archive, tmp_path: Path
) -> None:
    watch = Run(LONG_AGO_UTC, 300, 3.0, "fit")
    (tmp_path / "a.fit").write_bytes(watch.content)
    (tmp_path / "b.tcx").write_bytes(tcx_of(watch))
    (tmp_path / "c.tcx").write_bytes(tcx_of(Run(LONG_AGO_UTC + timedelta(seconds=100), 300, 3.0, "tcx")))
    report = import_paths([tmp_path], archive)
    by_name = {file.path.name: file for file in report.files}
    assert [by_name[name].outcome for name in ("a.fit", "b.tcx", "c.tcx")] == ["taken", "doubled", "taken"]
    fit_sid = by_name["a.fit"].results[0].sid
    assert by_name["b.tcx"].why == f"the same run as {fit_sid}, which counts"
    assert [set(offer.sids) for offer in report.offers] == [{fit_sid, by_name["c.tcx"].results[0].sid}]
    assert any("both count" in f.problem for f in by_name["c.tcx"].results[0].faults)


def test_a_session_that_was_there_and_counts_no_longer_is_told_of_the_one_that_does(
    archive: Archive, tmp_path: Path
) -> None:
    run = Run(LONG_AGO_UTC, 600, 3.0, "gpx")
    (tmp_path / "a.gpx").write_bytes(run.content)
    (old,) = import_paths([tmp_path / "a.gpx"], archive).results
    (tmp_path / "a.fit").write_bytes(replace(run, kind="fit").content)
    (new,) = import_paths([tmp_path / "a.fit"], archive).results
    assert (new.outcome, new.replaces, old.replaces) == ("taken", old.sid, None)
    assert [s.header.sid for s in archive.store.sessions(archive.athlete(None).id)] == [new.sid]
    (again,) = import_paths([tmp_path / "a.fit"], archive).results
    assert again.replaces is None


def test_what_somebody_deleted_does_not_come_back_with_its_file(archive: Archive, tmp_path: Path) -> None:
    fit_run(tmp_path / "run.fit")
    (result,) = import_paths([tmp_path], archive).results
    archive.keeping.edit("me", [Delete(str(result.sid))], by="test")
    again = import_paths([tmp_path], archive)
    assert (again.counts["already there"], again.counts["taken"]) == (1, 0)
    assert archive.store.sessions(archive.athlete(None).id) == []


def test_a_second_copy_of_what_is_no_recording_is_none_either(archive: Archive, tmp_path: Path) -> None:
    for name in ("a.jpg", "b.jpg"):
        (tmp_path / name).write_bytes(b"\xff\xd8\xff")
    for name in ("a.fit", "b.fit"):
        (tmp_path / name).write_bytes(b"")
    counts = import_paths([tmp_path], archive).counts
    assert {k: n for k, n in counts.items() if n} == {"not a recording": 2, "refused": 2}


def test_settings_and_courses_of_a_watch_are_no_activities(archive: Archive, tmp_path: Path) -> None:
    t = fit.fit_time(LONG_AGO_UTC)
    for number, kind in enumerate((2, 6, 15, 49)):
        head = fit.message(0, fit.FILE_ID, (0, fit.ENUM, kind), (1, fit.UINT16, 1), (2, fit.UINT16, 2050))
        records = [fit.record(t + s, distance=300 * s) for s in range(60)]
        (tmp_path / f"{number}.fit").write_bytes(fit.fit_file(head, *records))
    report = import_paths([tmp_path], archive)
    assert (report.counts["no activity"], report.failed) == (4, False)
    assert report.files[0].why is not None
    assert "is no activity but 'settings'" in report.files[0].why
    assert archive.recorded.sessions(archive.athlete(None).id) == []


def test_a_reader_that_breaks_its_process_loses_only_its_own_file(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(10):
        fit_run(tmp_path / f"run-{day}.fit", LONG_AGO_UTC + timedelta(days=day), 60)
    (tmp_path / "run-3.fit").unlink()
    (tmp_path / "run-3.fit.gz").write_bytes(b"\x1f\x8b\x08 breaks it")
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import os, zlib\n"
        "class Dies:\n"
        "    def __getattr__(self, name):\n"
        "        if name == 'decompressobj': os.kill(os.getpid(), 9)\n"
        "        return getattr(zlib, name)\n"
        "import sys\n"
        "if 'bulk_worker' in ' '.join(sys.orig_argv): sys.modules['zlib'] = Dies()\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{Path(__file__).parents[2]}")
    report = import_paths(sorted(tmp_path.glob("run-*")), archive, jobs=2)
    assert (report.counts["taken"], report.counts["refused"]) == (9, 1)
    (broken,) = [file for file in report.files if file.outcome == "refused"]
    assert broken.path.name == "run-3.fit.gz"
    assert "was ended by signal 9" in str(broken.why)


def test_a_reader_that_hangs_is_ended_and_loses_only_its_own_file(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for day in range(9):
        fit_run(tmp_path / f"run-{day}.fit", LONG_AGO_UTC + timedelta(days=day), 60)
    (tmp_path / "run-3.fit.gz").write_bytes(b"\x1f\x8b\x08 hangs it")
    site = tmp_path / "site"
    site.mkdir()
    (site / "sitecustomize.py").write_text(
        "import signal, sys, time, zlib\n"
        "alarm, asked = signal.alarm, [0]\n"
        "class Hangs:\n"
        "    def __getattr__(self, name):\n"
        "        if name == 'decompressobj':\n"
        "            alarm(min(asked[-1], 1))\n"
        "            while True: time.sleep(1)\n"
        "        return getattr(zlib, name)\n"
        "if 'bulk_worker' in ' '.join(sys.orig_argv):\n"
        "    sys.modules['zlib'] = Hangs()\n"
        "    signal.alarm = lambda seconds: asked.append(seconds) or alarm(seconds)\n"
    )
    monkeypatch.setenv("PYTHONPATH", f"{site}{os.pathsep}{Path(__file__).parents[2]}")
    report = import_paths(sorted(tmp_path.glob("run-*")), archive, jobs=2)
    assert (report.counts["taken"], report.counts["refused"]) == (9, 1)
    (slow,) = [file for file in report.files if file.outcome == "refused"]
    assert "reading it took longer than 10 min and was ended; the others go on" in str(slow.why)


def test_a_recording_that_breaks_our_reader_on_its_way_is_refused_and_nothing_of_it_is_kept(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = analysis.events_of

    def breaks(*how: Any) -> Iterator[Event]:
        events = list(real(*how))
        yield from 200 * events[:-1]  # more than was ever committed at once
        raise struct.error("a length that cannot be")

    monkeypatch.setattr("sensor_hub.app.importing.importing_file.events_of", breaks)
    (tmp_path / "a.csv").write_bytes(need.data("imu_shank/foot-up-down.csv").read_bytes())
    fit_run(tmp_path / "b.fit")
    report = import_paths([tmp_path / "a.csv", tmp_path / "b.fit"], archive, asked=Asked(start_utc=LONG_AGO_UTC))
    assert [file.outcome for file in report.files] == ["refused", "taken"]
    assert "a.csv: could not be read: error: a length that cannot be" in str(report.files[0].why)
    assert len(archive.recorded.sessions(archive.athlete(None).id)) == 1


def test_names_that_no_terminal_should_be_sent_are_shown_as_escapes(archive: Archive, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("\x1b]0;evil\x07.fit", b"nothing")
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/l\xe4uf.fit")).write_bytes(fit_run(tmp_path / "run").read_bytes())
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/b\xe4d.fit")).write_bytes(b"nothing")
    (tmp_path / "run").unlink()
    report = import_paths([tmp_path], archive)
    assert [(file.path.name, file.outcome) for file in report.files] == [
        ("\\x1b]0;evil\\x07.fit", "refused"),
        ("b\\udce4d.fit", "refused"),
        ("l\\udce4uf.fit", "taken"),
    ]
    write_report(tmp_path / "report.json", report)
    said = (tmp_path / "report.json").read_text() + "".join(str(file.why) for file in report.files)
    assert "\x1b" not in said
    assert not any("\ud800" <= c <= "\udfff" for c in said)


def test_a_film_in_a_zip_is_no_recording_and_is_not_unpacked(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as zipped:
        zipped.writestr("media/film.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(5000))
        zipped.writestr("media/film.fit", b"\x00\x00\x00\x18ftypmp42" + bytes(5000))
    monkeypatch.setattr(ZipArchive.unpack, "__kwdefaults__", {"largest": 100})
    report = import_paths([tmp_path / "a.zip"], archive)
    assert [file.outcome for file in report.files] == ["refused", "not a recording"]
    assert "unpacks to more than" in str(report.files[0].why)
    assert "unknown format: bytes 00 00 00 18" in str(report.files[1].why)


def test_a_file_of_which_a_part_was_given_away_is_judged_again_for_both(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    me, ana = archive.athlete(None), archive.registry.add_athlete("Ana", "UTC")
    fit_run(tmp_path / "run.fit", LONG_AGO_UTC, 1200)
    import_paths([tmp_path], archive)
    (session,) = archive.store.sessions(me.id)
    sid, second = session.header.sid, text_sid("second")
    archive.keeping.edit(me.id, [Split(sid, LONG_AGO_UTC + timedelta(seconds=600), second)], by="test")
    archive.keeping.edit(me.id, [Change(second, ana.id)], by="test")
    judged: list[str] = []
    monkeypatch.setattr(Ingest, "judge", lambda _self, who, *_how, **_more: judged.append(who.id))
    import_paths([tmp_path], archive)
    assert sorted(judged) == sorted([me.id, ana.id])


def test_an_uploaded_zip_is_told_under_the_name_its_sender_gave_it(archive: Archive, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "upload-7", "w") as zipped:
        zipped.writestr("run.fit", fit_run(tmp_path / "run.fit").read_bytes())
        zipped.writestr("bad.fit", b"nothing")
    looks: list[Done] = []
    report = import_upload(tmp_path / "upload-7", "my runs.zip", archive, progress=looks.append)
    assert [(str(f.path), f.outcome) for f in report.files] == [
        ("my runs.zip/bad.fit", "refused"),
        ("my runs.zip/run.fit", "taken"),
    ]
    assert "upload-7" not in json.dumps(report.answer())
    assert len(looks) == 2


def test_the_answer_of_a_report_counts_what_its_results_say(archive: Archive, tmp_path: Path) -> None:
    fit_run(tmp_path / "run.fit")
    answer = json.loads(json.dumps(import_paths([tmp_path], archive).answer(), allow_nan=False))
    assert answer["counts"]["taken"] == sum(r["outcome"] == "taken" for r in answer["results"]) == 1
    assert [(s["ledger"], s["n"], s["distance_m"]) for s in answer["sessions"]] == [("run", 1, 900.0)]
