import os
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, fields, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.storage import schema
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.errors import StoreError
from sensor_hub.model.finding import Finding
from sensor_hub.model.gait import FLOAT_COLUMNS, UNKNOWN_TEXT, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.session import DecodeFailed, Event, GapFound, SessionHeader, SessionPaused, SessionStarted
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, run, totals

ROOT = Path(__file__).parents[3]


def columns(path: Path, table: str) -> list[str]:
    with closing(sqlite3.connect(path)) as db:
        return [row[1] for row in db.execute(f"PRAGMA table_info({table})")]


def rows(path: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute(query).fetchall()


def test_the_tables_have_every_field_of_the_model(tmp_path: Path) -> None:
    # a new field needs a column, a new schema.VERSION and a step from the old tables to the new
    path = tmp_path / "store.sqlite"
    SqliteStore(path).close()
    header = [f.name for f in fields(SessionHeader)]
    assert set(columns(path, "steps")) == {"athlete", "sid", *(f.name for f in fields(StepTable))}
    session = {*header, "start_us", "end_us", *(f.name for f in fields(Totals)), "source", "warnings", "ended"}
    assert set(columns(path, "sessions")) == session | {"batch_us"}
    assert set(columns(path, "gaps")) == {*header, "device", "start_us", "end_us", "cause"}
    assert [c.replace("_us", "_utc") for c in columns(path, "findings")[2:]] == [f.name for f in fields(Finding)]
    assert rows(path, "PRAGMA user_version") == [(schema.VERSION,)]


def test_the_file_is_in_wal_mode(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    SqliteStore(path).close()
    assert rows(path, "PRAGMA journal_mode") == [("wal",)]


@settings(max_examples=20)
@given(
    order=st.lists(st.integers(0, 7), min_size=1, max_size=24),
    cuts=st.lists(st.integers(0, 24), max_size=6),
)
def test_any_order_any_repeats_any_commits_give_the_same_totals_and_steps(
    tmp_path_factory: pytest.TempPathFactory, order: list[int], cuts: list[int]
) -> None:
    envelopes = run(6)
    sent = [*order, *range(8)]
    edges = sorted({0, len(sent), *(c for c in cuts if c < len(sent))})
    with closing(SqliteStore(tmp_path_factory.mktemp("any") / "s.sqlite")) as store:
        for first, last in pairwise(edges):
            store.commit([envelopes[i] for i in sent[first:last]])
        assert store.session(HEADER.sid) == envelopes[-1].event
        assert store.steps(HEADER.sid) == all_steps(6)
        assert store.received(GW) == [(0, 7)]


@settings(max_examples=20)
@given(order=st.lists(st.integers(0, 5), min_size=1, max_size=12))
def test_running_totals_are_those_of_the_furthest_batch_seen(
    tmp_path_factory: pytest.TempPathFactory, order: list[int]
) -> None:
    parts = batches(6)
    with closing(SqliteStore(tmp_path_factory.mktemp("run") / "s.sqlite")) as store:
        furthest = -1
        for i in order:
            store.commit([Envelope(GW, i, parts[i])])
            furthest = max(furthest, i)
            session = store.session(HEADER.sid)
            assert session is not None
            assert session.totals == totals(3 * (furthest + 1))


@settings(max_examples=25)
@given(commits=st.lists(st.lists(st.integers(0, 40) | st.integers(2**63 - 4, 2**63 - 1), max_size=6), max_size=12))
def test_received_is_exactly_what_was_sent(tmp_path_factory: pytest.TempPathFactory, commits: list[list[int]]) -> None:
    start = SessionStarted(HEADER, START_UTC, ())
    with closing(SqliteStore(tmp_path_factory.mktemp("ranges") / "s.sqlite")) as store:
        for seqs in commits:
            store.commit([Envelope(GW, seq, start) for seq in seqs])
        ranges = store.received(GW)
    sent = {seq for seqs in commits for seq in seqs}
    assert {seq for first, last in ranges for seq in range(first, last + 1)} == sent
    assert all(a[1] + 1 < b[0] for a, b in pairwise(ranges))


def test_a_hundred_thousand_messages_in_order_are_one_row(tmp_path: Path) -> None:
    start = SessionStarted(HEADER, START_UTC, ())
    path = tmp_path / "store.sqlite"
    with closing(SqliteStore(path)) as store:
        for first in range(0, 100_000, 5_000):
            store.commit([Envelope(GW, seq, start) for seq in range(first, first + 5_000)])
        assert store.received(GW) == [(0, 99_999)]
    assert rows(path, "SELECT count(*) FROM received") == [(1,)]


def test_a_commit_that_fails_half_way_leaves_nothing(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "store.sqlite")) as store:
        with pytest.raises(StoreError):
            store.commit([*run(2), Envelope(GW, 9, DecodeFailed(HEADER, b"x", [], START_UTC, ""))])  # type: ignore[arg-type]
        assert store.session(HEADER.sid) is None
        assert store.received(GW) == []
        store.commit(run(2))
        assert store.steps(HEADER.sid) == all_steps(2)


EVERY_TABLE = ("steps", "sessions", "gaps", "pauses", "decode_failures", "dead_letters", "received")


@pytest.mark.parametrize("table", EVERY_TABLE)
def test_a_commit_that_sqlite_stops_in_any_table_leaves_nothing_in_the_others(tmp_path: Path, table: str) -> None:
    path = tmp_path / "store.sqlite"
    others: list[Event] = [
        SessionPaused(HEADER, START_UTC, START_UTC),
        DecodeFailed(HEADER, "pod-l", "2a53", START_UTC, "left over"),
        GapFound(HEADER, "pod-l", START_UTC, START_UTC, "silence"),
    ]
    envelopes = [*run(2), *(Envelope(GW, 10 + i, event) for i, event in enumerate(others))]
    letter = DeadLetter("t", b"{}", "unknown type", GW, 20)
    with closing(SqliteStore(path)) as store:
        with closing(sqlite3.connect(path)) as db:
            db.execute(f"CREATE TRIGGER stop BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'stopped here'); END")
        with pytest.raises(StoreError, match=r"store\.sqlite.*stopped here"):
            store.commit(envelopes, [letter])
        assert [name for name in EVERY_TABLE if rows(path, f"SELECT 1 FROM {name}")] == []  # noqa: S608
        with closing(sqlite3.connect(path)) as db:
            db.execute("DROP TRIGGER stop")
        store.commit(envelopes, [letter])
        assert all(rows(path, f"SELECT 1 FROM {name}") for name in EVERY_TABLE)  # noqa: S608
        assert store.steps(HEADER.sid) == all_steps(2)


@pytest.fixture
def open_umask() -> Iterator[None]:
    """Every file is everybody's, unless whoever makes it says otherwise."""
    before = os.umask(0)
    yield
    os.umask(before)


def modes(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


@pytest.mark.usefixtures("open_umask")
def test_a_new_file_and_those_beside_it_are_for_its_owner_only(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "store.db")) as store:
        store.commit(run(1))
        assert store.steps(HEADER.sid) == all_steps(1)
        assert modes(tmp_path) == {"store.db": 0o600, "store.db-wal": 0o600, "store.db-shm": 0o600}


@pytest.mark.usefixtures("open_umask")
def test_a_file_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    SqliteStore(path).close()
    path.chmod(0o640)
    SqliteStore(path).close()
    assert modes(tmp_path) == {"store.db": 0o640}


@pytest.mark.usefixtures("open_umask")
def test_a_file_made_through_a_link_is_for_its_owner_only_too(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "store.db").symlink_to("disk/runs.db")
    with closing(SqliteStore(tmp_path / "store.db")) as store:
        store.commit(run(1))
        assert set(modes(tmp_path / "disk").values()) == {0o600}


def test_making_sure_of_the_file_leaves_the_locks_of_this_process_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    script = "import sqlite3, sys; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    command = [sys.executable, "-c", script, str(path)]
    with closing(sqlite3.connect(path, isolation_level=None)) as db:  # not WAL: its locks are on the file itself
        db.execute("CREATE TABLE t (a)")
        db.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match="locked"):
            SqliteStore(path)
        other = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "database is locked" in other.stderr


def test_pauses_and_decode_failures_have_one_row_each(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    events: list[Event] = [
        SessionPaused(HEADER, START_UTC, START_UTC),
        DecodeFailed(HEADER, "pod-l", "2a53", START_UTC, "left over"),
    ]
    with closing(SqliteStore(path)) as store:
        for seq in (0, 10):
            store.commit([Envelope(GW, seq + i, event) for i, event in enumerate(events)])
    assert len(rows(path, "SELECT * FROM pauses")) == 1
    assert rows(path, "SELECT device, characteristic, problem FROM decode_failures") == [("pod-l", "2a53", "left over")]


VERSIONS = [1, 2, 3, 4]
UNKNOWN = {"instrument": "", "surface": "unknown"}  # of a header, where an older program did not say


def made_by(version: int, path: Path) -> Path:
    """A store as that version left it: a run of six steps, a finding; from 2 on a gap, from 3 on the load model."""
    script = Path(__file__).parent / f"store-version-{version}.sql"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(script.read_text(encoding="utf-8"))
    return path


@pytest.fixture(params=VERSIONS)
def old_file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    return made_by(request.param, tmp_path / "old.sqlite")


def test_an_old_file_keeps_what_it_holds_and_what_it_did_not_know_is_unknown(old_file: Path) -> None:
    known, of_session = columns(old_file, "steps"), columns(old_file, "sessions")
    told = dict(zip(known, zip(*rows(old_file, "SELECT * FROM steps ORDER BY time_utc_us"), strict=True), strict=True))
    (session_before,) = rows(old_file, "SELECT * FROM sessions")
    totals_before = dict(zip(of_session, session_before, strict=True))
    with closing(SqliteStore(old_file)) as store:
        steps, session = store.steps(HEADER.sid), store.session(HEADER.sid)
        assert len(store.findings()) == 1
        assert store.received(GW)[0][0] == 0
    assert len(steps) == 6
    for name in FLOAT_COLUMNS:
        before = told.get(name, (None,) * 6)
        np.testing.assert_array_equal(getattr(steps, name), np.array(before, float), err_msg=name)
    words = {None: UNKNOWN_TEXT, 0: "estimated", 1: "measured"}
    assert steps.step_time_origin.tolist() == [words[code] for code in told.get("step_time_origin", (None,) * 6)]
    gaits = {None: UNKNOWN_TEXT, 1: "run", 2: "walk"}
    assert steps.gait.tolist() == [gaits[code] for code in told.get("gait", (None,) * 6)]
    assert session is not None
    assert asdict(session.totals) == {f.name: totals_before.get(f.name) for f in fields(Totals)}
    assert asdict(session.header) == {
        f.name: totals_before.get(f.name, UNKNOWN.get(f.name)) for f in fields(SessionHeader)
    }
    assert session.source == 'a file, "quoted".fit'


@pytest.mark.parametrize("table", ["steps", "sessions", "gaps", "findings", "received"])
def test_opening_an_old_file_touches_no_row(old_file: Path, table: str) -> None:
    query = f"SELECT {', '.join(map(quoted, columns(old_file, table)))} FROM {table}"  # noqa: S608
    before = rows(old_file, query)
    SqliteStore(old_file).close()
    assert rows(old_file, query) == before


def quoted(name: str) -> str:
    return f'"{name}"'


def test_a_gap_of_an_old_file_has_an_unknown_instrument(tmp_path: Path) -> None:
    with closing(SqliteStore(made_by(2, tmp_path / "old.sqlite"))) as store:
        (gap,) = store.gaps(HEADER.sid)
    assert gap.header == replace(HEADER, model="achilles-0.1", **UNKNOWN)  # type: ignore[arg-type]
    assert (gap.device, gap.cause) == ("pod-l", "silence")


def test_an_old_file_gets_the_tables_of_a_new_one_and_goes_on(old_file: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "fresh.sqlite"
    later = run(2, of=replace(HEADER, sid="later"), gw="edge-2")
    gap = GapFound(replace(HEADER, sid="later"), "pod-l", START_UTC, START_UTC, "silence")
    with closing(SqliteStore(old_file)) as store, closing(SqliteStore(fresh)) as new:
        for each in (store, new):
            each.commit([*later, Envelope("edge-2", 9, gap)])
            assert each.steps("later") == all_steps(2)
            assert each.session("later") == later[-1].event
            assert each.gaps("later") == [gap]
    for table in ("steps", "sessions", "gaps"):
        assert columns(old_file, table) == columns(fresh, table)
    with closing(SqliteStore(old_file)) as store:  # a second opening finds nothing to do
        assert len(store.sessions("k3f9")) == 2
    assert rows(old_file, "PRAGMA user_version") == [(schema.VERSION,)]


@pytest.mark.parametrize(("higher", "added"), [(2, "foot_pitch_rad"), (3, "gait")])
def test_a_step_between_versions_is_taken_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, higher: int, added: str
) -> None:
    old_file = made_by(1, tmp_path / "old.sqlite")
    broken = schema.MIGRATIONS[higher] + "ALTER TABLE nothing ADD COLUMN more REAL"
    monkeypatch.setitem(schema.MIGRATIONS, higher, broken)
    with pytest.raises(StoreError, match=r"old\.sqlite"):
        SqliteStore(old_file)
    assert added not in columns(old_file, "steps")
    assert rows(old_file, "PRAGMA user_version") == [(1,)]
    monkeypatch.undo()
    with closing(SqliteStore(old_file)) as store:
        assert len(store.steps(HEADER.sid)) == 6


def test_a_store_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "store.sqlite"
    SqliteStore(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version={schema.VERSION + 1}")
    with pytest.raises(StoreError, match=r"store\.sqlite.*newer.*update sensor-hub"):
        SqliteStore(path)


def test_the_file_of_another_program_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "registry.sqlite"
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE athletes (id TEXT)")
    with pytest.raises(StoreError, match=r"registry\.sqlite.*another program"):
        SqliteStore(path)
    assert rows(path, "SELECT name FROM sqlite_master") == [("athletes",)]


def test_a_file_that_is_not_sqlite_says_so(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("a shopping list, much longer than the header of a database file " * 20)
    with pytest.raises(StoreError, match=r"notes\.txt.*not a SQLite file"):
        SqliteStore(path)


@pytest.mark.parametrize("whole_pages", [1, 20])  # of the list of tables, and of the rows alone
def test_a_damaged_file_is_named_with_its_mend(tmp_path: Path, whole_pages: int) -> None:
    path = tmp_path / "store.sqlite"
    with closing(SqliteStore(path)) as store:
        store.commit(run(300))
    whole = path.read_bytes()
    kept = 4096 * whole_pages
    path.write_bytes(whole[:kept] + b"\x5a" * (len(whole) - kept))
    with (
        pytest.raises(StoreError, match=r"store\.sqlite.*damaged.*recover"),
        closing(SqliteStore(path)) as store,
    ):
        store.steps(HEADER.sid)


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError, match="folder cannot be made"):
        SqliteStore(tmp_path / "file" / "store.sqlite")


def test_a_folder_in_place_of_the_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        SqliteStore(tmp_path)


def test_a_locked_file_is_named_with_its_mend(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sensor_hub.adapters.storage.sqlite_file._BUSY_S", 0.05)
    path = tmp_path / "store.sqlite"
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError, match=r"store\.sqlite.*locked"):
            store.commit(run(1))
        other.rollback()
        store.commit(run(1))
        assert store.steps(HEADER.sid) == all_steps(1)


def test_a_full_disk_is_named_and_nothing_of_the_commit_stays(tmp_path: Path) -> None:
    # a limit on the pages of the file is how SQLite itself simulates a full disk
    path = tmp_path / "store.sqlite"
    with closing(SqliteStore(path)) as store:
        store.commit(run(1))
        (pages,) = store._file._writer.execute("PRAGMA page_count").fetchone()
        store._file._writer.execute(f"PRAGMA max_page_count={pages}")
        with pytest.raises(StoreError, match=r"store\.sqlite: the disk is full; free some space"):
            store.commit([Envelope(GW, 3 + i, batch) for i, batch in enumerate(batches(2_000))])
        assert store.received(GW) == [(0, 2)]
        assert store.steps(HEADER.sid) == all_steps(1)


def test_a_reader_is_not_disturbed_by_a_transaction_that_is_open(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "store.sqlite")) as store:
        store.commit(run(2))
        with store._file.writing() as db:
            db.execute("DELETE FROM steps")
            assert store.steps(HEADER.sid) == all_steps(2)


def test_a_store_may_be_closed_while_a_reader_reads(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.sqlite")
    store.commit(run(2))
    with store._file.reading() as db:
        store.close()
        assert db.execute("SELECT count(*) FROM steps").fetchone() == (6,)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        db.execute("SELECT 1")


COMMITTER = """
import sys
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.model.message import Envelope
from tests.adapters.storage.runs import GW, batches

store = SqliteStore(sys.argv[1])
for seq, batch in enumerate(batches(100_000)):
    store.commit([Envelope(GW, seq, batch)])
    sys.stdout.write(f"{seq}\\n")
    sys.stdout.flush()
"""


@pytest.mark.parametrize("n_acknowledged", [3, 60, 150])
def test_what_a_killed_process_said_it_committed_is_there(tmp_path: Path, n_acknowledged: int) -> None:
    path = tmp_path / "store.sqlite"
    script = COMMITTER.replace("100_000", "400")
    child = subprocess.Popen(
        [sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )  # fmt: skip
    assert child.stdout is not None
    with child.stdout:
        said = [int(child.stdout.readline()) for _ in range(n_acknowledged)]
        child.send_signal(signal.SIGKILL)
        said += [int(line) for line in child.stdout if line.endswith("\n")]
    assert child.wait() == -signal.SIGKILL
    with closing(SqliteStore(path)) as store:
        ((first, last),) = store.received(GW)
        assert first == 0
        assert last >= said[-1]
        assert store.steps(HEADER.sid) == all_steps(last + 1)
        session = store.session(HEADER.sid)
        assert session is not None
        assert session.totals == totals(3 * (last + 1))


def test_repr_names_the_file(tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "store.sqlite")) as store:
        assert "store.sqlite" in repr(store)
