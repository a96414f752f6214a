"""An edit whose process is killed, or whose registry is in use: there and judged by whoever comes next, or not made."""

import json
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from sensor_hub.cli.main import run
from sensor_hub.model.edit import Delete, Trim, Undo
from tests.edits.recorded import Recorded, recorded
from tests.edits.strategies import FIRST_DAY, PEOPLE, sid_of
from tests.edits.world import World, from_scratch

ME = PEOPLE[0]
LONG = sid_of(17)
# Dies as a machine does whose power goes: at the first word of the step that is named, with no time to say anything.
DIES_AT = """
import os, signal, sys
from contextlib import closing
from pathlib import Path
from tests.edits.world import World
from sensor_hub.adapters.registry.journal import Journal
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.model.edit import Delete
where = {"writing": (Journal, "append"), "judging": (Ingest, "judge"), "telling": (SqliteStore, "save_finding")}
owner, name = where[sys.argv[2]]
setattr(owner, name, lambda *_how, **_so: os.kill(os.getpid(), signal.SIGKILL))
with closing(World(Path(sys.argv[1]))) as world:
    world.edit(sys.argv[3], Delete(sys.argv[4]))
"""


def three_weeks() -> list[Recorded]:
    """Short runs, and one that is too long."""
    return [
        recorded("watch", sid_of(n), ME, FIRST_DAY + timedelta(days=n, hours=7), minutes=4 if sid_of(n) == LONG else 2)
        for n in range(20)
    ]


def edited_and_killed(folder: Path, at: str) -> None:
    done = subprocess.run([sys.executable, "-c", DIES_AT, str(folder), at, ME, LONG], check=False, timeout=120)
    assert done.returncode == -signal.SIGKILL


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A hub's folder with three weeks that were judged."""
    folder = tmp_path_factory.mktemp("judged") / "hub"
    with closing(World(folder)) as world:
        world.keep(three_weeks())
        world.judge()
        assert f"session:{LONG}" in {finding.scope for finding in world.findings().values()}
    return folder


@pytest.fixture
def hub(judged: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return shutil.copytree(judged, tmp_path / "hub")


def test_killed_before_it_was_written_an_edit_never_was(hub: Path) -> None:
    with closing(World(hub)) as world:
        before = world.seen()
    edited_and_killed(hub, "writing")
    with closing(World(hub)) as world:
        assert world.keeping.catch_up() == []
        assert world.seen() == before
        assert world.registry.journal.entries() == []


@pytest.mark.parametrize("at", ["judging", "telling"])
def test_killed_before_it_was_judged_an_edit_is_judged_by_whoever_comes_next(
    hub: Path, at: str, tmp_path: Path
) -> None:
    edited_and_killed(hub, at)
    with closing(World(hub)) as world:
        (entry,) = world.registry.journal.entries()
        assert entry.edit == Delete(LONG)
        assert f"session:{LONG}" in {finding.scope for finding in world.findings().values()}
        assert world.keeping.catch_up() == [], "whoever edits may still be at it"
        world.pass_time(entry.made_utc + timedelta(minutes=1))
        assert world.keeping.catch_up() == [ME]
        assert world.keeping.catch_up() == [], "once is enough"
        with closing(from_scratch(tmp_path / "fresh", three_weeks(), [entry])) as fresh:
            assert world.seen() == fresh.seen()


def test_killed_before_it_was_judged_an_edit_can_be_undone_and_leaves_nothing(hub: Path, tmp_path: Path) -> None:
    edited_and_killed(hub, "judging")
    with closing(World(hub)) as world:
        world.keeping.undo(ME, by="cli")
        with closing(from_scratch(tmp_path / "fresh", three_weeks(), world.registry.journal.entries())) as fresh:
            assert world.seen() == fresh.seen()


def cli(folder: Path, *arguments: str, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "sensor_hub.cli", *arguments, "--data-dir", str(folder)],
        capture_output=True, text=True, timeout=timeout_s, check=False,
    )  # fmt: skip


def test_killed_at_any_moment_a_command_has_edited_or_has_not(hub: Path, tmp_path: Path) -> None:
    """Whole commands as they are, killed sooner or later; then all of it is judged, and is what comes from scratch."""
    for n, after_s in enumerate((0.6, 0.9, 1.2, 1.6)):
        arguments = ["session", "trim", sid_of(n), "--to", "+1:00", "--athlete", ME, "--data-dir", str(hub)]
        process = subprocess.Popen(
            [sys.executable, "-m", "sensor_hub.cli", *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(after_s)
        process.kill()
        process.wait(30)
    done = cli(hub, "session", "delete", LONG, "--yes", "--athlete", ME)
    assert done.returncode == 0, done.stderr
    with closing(World(hub)) as world:
        entries = world.registry.journal.entries()
        trimmed = {entry.edit.sid for entry in entries if isinstance(entry.edit, Trim)}
        for n in range(4):
            kept = world.store.session(sid_of(n))
            assert kept is not None
            assert (kept.totals.duration_s < 61) == (sid_of(n) in trimmed)
        latest = max(entry.made_utc for entry in entries) + timedelta(minutes=1)
        world.pass_time(latest)
        world.keeping.catch_up()
        assert world.registry.journal.unjudged() == []
        with closing(from_scratch(tmp_path / "fresh", three_weeks(), entries)) as fresh:
            assert world.findings() == fresh.findings()


def test_an_edit_waits_for_a_registry_that_is_in_use(hub: Path) -> None:
    held = sqlite3.connect(hub / "registry.db", isolation_level=None, check_same_thread=False)
    held.execute("BEGIN EXCLUSIVE")
    release = threading.Timer(2.0, lambda: held.execute("COMMIT"))
    release.start()
    try:
        done = cli(hub, "session", "delete", LONG, "--yes", "--json", "--athlete", ME)
    finally:
        release.join()
        held.close()
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)
    with closing(World(hub)) as world:
        assert LONG not in {session.header.sid for session in world.store.sessions(ME)}


def test_an_edit_of_a_registry_that_stays_in_use_is_refused_and_changes_nothing(
    hub: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.adapters.registry.sqlite.BUSY_TIMEOUT_S", 0.5)
    with closing(World(hub)) as world:
        before = world.seen()
    with closing(sqlite3.connect(hub / "registry.db", isolation_level=None)) as held:
        held.execute("BEGIN EXCLUSIVE")
        words = ["session", "delete", LONG, "--yes", "--athlete", ME, "--data-dir", str(hub)]
        monkeypatch.setattr(sys, "argv", ["sensor-hub", *words])
        with pytest.raises(SystemExit) as left:
            run()
        held.execute("ROLLBACK")
    assert left.value.code == 2
    said = capsys.readouterr().err
    assert "Traceback" not in said
    assert "registry.db" in said
    with closing(World(hub)) as world:
        assert world.seen() == before


def test_two_who_edit_at_once_are_both_heard(hub: Path, tmp_path: Path) -> None:
    """Each entry is decided on what stood when it was written, and in the end all of it is judged."""
    problems: list[Exception] = []

    def edit(numbers: range) -> None:
        try:
            with closing(World(hub)) as world:
                for n in numbers:
                    world.edit(ME, Delete(sid_of(n)))
                newest = world.registry.journal.entries()[-1]
                if not isinstance(newest.edit, Undo):
                    world.keeping.undo(ME, by="cli", entry=newest.id)
        except Exception as error:
            problems.append(error)

    threads = [threading.Thread(target=edit, args=(range(n, n + 5),)) for n in (0, 5, 10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert problems == []
    with closing(World(hub)) as world:
        entries = world.registry.journal.entries()
        assert sum(isinstance(entry.edit, Delete) for entry in entries) == 15
        with closing(from_scratch(tmp_path / "fresh", three_weeks(), entries)) as fresh:
            seen, expected = world.seen(), fresh.seen()
            assert seen.sessions == expected.sessions
            assert seen.findings == expected.findings
