"""What only the SQLite store can show of sealing: rows leave their table, kills and full disks leave it whole."""

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.storage import sqlite_sealing
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.adapters.storage.sqlite_backup import check_whole, copy_out
from sensor_hub.errors import StoreError
from sensor_hub.model.message import Envelope
from sensor_hub.model.minutes import minutes_of
from sensor_hub.model.session import SessionSummary
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, header, run, totals
from tests.adapters.storage.test_sqlite import made_by

ROOT = Path(__file__).parents[3]
LONG = 1200  # steps of a session that takes a while
SID = HEADER.sid
AFTER_UTC = START_UTC + timedelta(days=1)
N = 40


def count(path: Path, table: str) -> int:
    with closing(sqlite3.connect(path)) as db:
        (n,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608
    return int(n)


def long_session(sid: str, n: int = LONG) -> list[Envelope]:
    """One batch of many steps, and the end."""
    of = header(sid=sid)
    end = SessionSummary(of, START_UTC, START_UTC + timedelta(hours=1), totals(n))
    return [Envelope(f"gw-{sid}", 0, batches(1, of, n)[0]), Envelope(f"gw-{sid}", 1, end)]


def test_a_sealed_session_has_no_rows_and_a_running_one_keeps_them(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(SqliteStore(path)) as store:
        store.commit([*run(N), *run(2, header(sid="running"), "edge-2")[:-1]])
        assert store.tidy() == 1
    assert (count(path, "steps"), count(path, "sealed")) == (6, 1)


@pytest.mark.parametrize("version", [1, 2, 3, 4])
def test_the_sessions_of_an_older_file_are_sealed_as_they_are(tmp_path: Path, version: int) -> None:
    path = made_by(version, tmp_path / "old.sqlite")
    with closing(SqliteStore(path)) as store:
        before = store.steps(SID), store.session(SID), store.gaps(SID)
        assert len(before[0]) == 6
        assert store.tidy() == 1
        assert (store.steps(SID), store.session(SID), store.gaps(SID)) == before
    assert count(path, "steps") == 0


@settings(max_examples=10)
@given(order=st.permutations(list(range(8))), tidy_after=st.sets(st.integers(0, 7)), again=st.integers(0, 7))
def test_the_bytes_that_are_stored_do_not_depend_on_the_order_of_arrival(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], tidy_after: set[int], again: int
) -> None:
    envelopes, stored = run(6), []
    for sent in (range(8), [*order, again]):
        with closing(SqliteStore(tmp_path_factory.mktemp("any") / "s.sqlite")) as store:
            for place, i in enumerate(sent):
                store.commit([envelopes[i]])
                if place in tidy_after:
                    store.tidy()
            store.tidy()
            with store._file.reading() as db:
                stored.append(db.execute("SELECT sid, athlete, n_steps, codec, columns FROM sealed").fetchall())
    assert len(stored[0]) == 1
    assert stored[0] == stored[1]


def test_a_session_that_changes_while_it_is_deflated_waits_for_the_next_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(SqliteStore(tmp_path / "s.sqlite")) as store:
        parts = run(N)
        store.commit([*parts[:10], parts[-1]])
        found = sqlite_sealing.next_unsealed

        def slowly(db: sqlite3.Connection, after: tuple[str, str]) -> sqlite_sealing.Unsealed | None:
            answer = found(db, after)
            store.commit(parts[10:12])
            return answer

        monkeypatch.setattr(sqlite_sealing, "next_unsealed", slowly)
        assert store.tidy() == 0
        monkeypatch.undo()
        assert store.tidy() == 1
        store.commit(parts)
        assert store.steps(SID) == all_steps(N)


def test_nobody_who_reads_while_sessions_are_sealed_and_let_go_of_sees_half_of_one(tmp_path: Path) -> None:
    sids = [f"s{n}" for n in range(12)]
    expected = batches(1, header(sid="s0"), LONG)[0].steps
    its_minutes = minutes_of(expected)
    with closing(SqliteStore(tmp_path / "s.sqlite")) as store:
        for sid in sids:
            store.commit(long_session(sid))
        wrong: list[str] = []
        stop = False

        def read() -> None:
            while not stop:
                for sid in sids:
                    steps = store.steps(sid)
                    if len(steps) not in {0, LONG} or (len(steps) and steps != expected):
                        wrong.append(sid)
                    if len(store.minutes(sid)) != len(its_minutes):
                        wrong.append(sid)

        reader = Thread(target=read)
        reader.start()
        while store.tidy():
            pass
        assert store.prune(AFTER_UTC) == 12
        stop = True
        reader.join()
    assert wrong == []


WORKER = """
import sys
from datetime import timedelta
from sensor_hub.adapters.storage.sqlite import SqliteStore
from tests.adapters.storage.runs import START_UTC

store = SqliteStore(sys.argv[1])
sys.stdout.write("begin\\n")
sys.stdout.flush()
if sys.argv[2] == "tidy":
    store.tidy()
else:
    store.prune(START_UTC + timedelta(days=1))
"""


@pytest.fixture(scope="module")
def many_sessions(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A file with sessions to be sealed, and which ones."""
    path, sids = tmp_path_factory.mktemp("many") / "s.sqlite", [f"s{n:02}" for n in range(15)]
    with closing(SqliteStore(path)) as store:
        store.commit([envelope for sid in sids for envelope in long_session(sid)])
    return path, sids


@pytest.mark.parametrize("work", ["tidy", "prune"])
@pytest.mark.parametrize(
    "after_s", [pytest.param(0.0, marks=pytest.mark.thorough), 0.02, pytest.param(0.08, marks=pytest.mark.thorough)]
)
def test_a_kill_in_between_leaves_each_session_as_it_was_or_as_it_becomes(
    many_sessions: tuple[Path, list[str]], tmp_path: Path, work: str, after_s: float
) -> None:
    filled, sids = many_sessions
    path = Path(shutil.copy(filled, tmp_path / "s.sqlite"))
    expected = batches(1, header(sid="s00"), LONG)[0].steps
    its_minutes = minutes_of(expected)
    child = subprocess.Popen(
        [sys.executable, "-c", WORKER, str(path), work], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    with child.stdout:
        assert child.stdout.readline() == "begin\n"
        time.sleep(after_s)
        child.send_signal(signal.SIGKILL)
    child.wait()
    check_whole(path)
    with closing(SqliteStore(path)) as store:
        for sid in sids:
            assert store.minutes(sid) == its_minutes
            assert len(store.steps(sid)) == (0 if store.pruned(sid) else LONG)
            assert store.pruned(sid) or store.steps(sid) == expected
        while store.tidy():
            pass
        store.prune(AFTER_UTC)
        assert all(store.pruned(sid) for sid in sids)
    assert (count(path, "steps"), count(path, "sealed"), count(path, "minutes")) == (0, 0, 15)


def test_a_full_disk_stops_sealing_and_leaves_the_session_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(SqliteStore(path)) as store:
        store.commit(long_session("s"))
        before = store.steps("s")
        (pages,) = store._file._writer.execute("PRAGMA page_count").fetchone()
        store._file._writer.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match="the disk is full"):
            store.tidy()
        assert store.steps("s") == before
        assert count(path, "sealed") == 0
        store._file._writer.execute("PRAGMA max_page_count=1000000")
        assert store.tidy() == 1
        assert store.steps("s") == before


def test_a_backup_taken_while_sessions_are_sealed_holds_every_step(tmp_path: Path) -> None:
    path, copies = tmp_path / "s.sqlite", [tmp_path / f"copy{n}.sqlite" for n in range(4)]
    with closing(SqliteStore(path)) as store:
        for n in range(8):
            store.commit(long_session(f"s{n}"))
        sealing = Thread(target=store.tidy)
        sealing.start()
        for copy in copies:
            copy_out(path, copy)
        sealing.join()
    expected = batches(1, header(sid="s0"), LONG)[0].steps
    for copy in copies:
        check_whole(copy)
        with closing(SqliteStore(copy)) as store:
            assert all(store.steps(f"s{n}") == expected for n in range(8))


def test_an_erased_sessions_columns_leave_no_byte_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(SqliteStore(path)) as store:
        store.commit(run(N))
        store.tidy()
        with store._file.reading() as db:
            (columns,) = db.execute("SELECT columns FROM sealed").fetchone()
        store.erase("k3f9")
    left = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert columns[-64:] not in left


def test_columns_of_a_newer_layout_are_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "s.sqlite"
    with closing(SqliteStore(path)) as store:
        store.commit(run(2))
        store.tidy()
        with closing(sqlite3.connect(path)) as db:
            db.execute("UPDATE sealed SET codec = 99")
            db.commit()
        with pytest.raises(StoreError, match=r"layout 99.*update"):
            store.steps(SID)


def test_the_search_for_what_is_left_of_somebody_is_not_misled_by_deflated_numbers(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "s.sqlite")) as store:
        store.commit([*run(N), Envelope(GW, 99, batches(1)[0])])
        store.tidy()
        texts = store.texts()
    assert {"sealed", "minutes"} <= {table for table, _ in texts}
    assert not [text for table, text in texts if table == "sealed" and isinstance(text, bytes)]
