"""Everything of one store in another: value for value, both ways, also when it was killed in between."""

import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from sensor_hub.adapters.storage.influx import InfluxStore
from sensor_hub.adapters.storage.progress import ranges
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.storing import migrating
from sensor_hub.app.storing.migrating import compare, migrate
from sensor_hub.cli.main import app
from sensor_hub.errors import StoreError
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.moving import StoredFailure, StoredPause, Whole
from sensor_hub.model.ports import Movable
from sensor_hub.model.session import DecodeFailed, Event, GapFound, SessionPaused, SessionStarted, SessionSummary
from tests.adapters.storage.conftest import TOKEN
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, finding, header, run, totals
from tests.servers_influx import Front

LATER = timedelta(seconds=20)


def fill(store: Movable) -> None:
    """Something of every kind that a store has."""
    running, begun, replayed = header(sid="running"), header(sid="begun"), header(sid="replayed", origin="replay")
    replaced, pruned, merged = header(sid="replaced"), header(sid="pruned"), header(sid="merged", athlete="old1")
    first, second, third = batches(3, running)
    unknown = replace(totals(3), duration_s=1.0, distance_m=float("nan"), foot_strike=None)
    store.commit([
        *run(4),
        Envelope(GW, 90, GapFound(HEADER, 'pod, "l"=', START_UTC, START_UTC + LATER, "silence")),
        Envelope(GW, 91, SessionPaused(HEADER, START_UTC + LATER, START_UTC + 2 * LATER)),
        Envelope(GW, 92, DecodeFailed(HEADER, "pod-l", "2a53", START_UTC + LATER, "of 3 bytes\nit has 2")),
        Envelope(GW, 93, GapFound(header(sid="of-a-gap-only"), "pod-l", START_UTC, START_UTC + LATER, "stale")),
        # the newest batch is not the furthest one
        *[Envelope("edge-2", 10 + i, b) for i, b in enumerate([third, first, replace(second, totals=unknown)])],
        Envelope("edge-2", 40, SessionStarted(begun, START_UTC, ("pod-l",))),
        *[replace(e, gw="edge-3") for e in run(2, replayed)],
        *[replace(e, gw="edge-4") for e in run(2, replaced)],
        *[replace(e, gw="edge-5") for e in run(3, pruned)],
        *[replace(e, gw="edge-6") for e in run(2, merged)],
    ])  # fmt: skip
    store.commit([], [DeadLetter("a/b", b"\xff\x00", "no JSON", GW, 95), DeadLetter("c", b"", "empty\nreally")])
    before = store.session("replaced")
    assert before is not None
    other_model = replace(before, header=replace(replaced, model="achilles-2.0.0"))
    store.replace_session(other_model, store.steps("replaced"), [])
    assert store.prune(START_UTC + timedelta(days=9), keep=[HEADER.sid, "replayed", "replaced", "merged"]) == 1
    store.save_finding(finding())
    store.save_finding(finding(scope="day:2026-11-20", probability=float("nan"), reference=float("nan"), limit=-0.0))
    store.reassign("old1", "new1")


def told(store: Movable) -> dict[str, str]:
    return {sid: store.whole(sid).checksum() for sid in store.sids()}


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("filled") / "source.db"
    with closing(SqliteStore(path)) as store:
        fill(store)
    return path


@pytest.fixture
def source(filled: Path, tmp_path: Path) -> Iterator[SqliteStore]:
    with closing(SqliteStore(shutil.copy(filled, tmp_path / "source.db"))) as store:
        yield store


@pytest.fixture(params=["sqlite", "influx-v1", "influx-v2"])
def other(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Movable]:
    """An empty store of every kind."""
    store: Movable
    if request.param == "sqlite":
        store = SqliteStore(tmp_path / "other.db")
    elif request.param == "influx-v1":
        store = InfluxStore(request.getfixturevalue("influx_url"), database=request.getfixturevalue("database"))
    else:
        front: Front = request.getfixturevalue("v2_front")
        store = InfluxStore(front.url, database=request.getfixturevalue("database"), api="v2", token=TOKEN, org="home")
    with closing(store):
        yield store


def test_there_and_back_gives_the_same_value_for_value(source: SqliteStore, other: Movable, tmp_path: Path) -> None:
    there = migrate(source, other)
    assert there.different == ()
    assert there.same
    assert {part.name: part.n_source for part in there.parts} == {
        "sessions": 8, "steps": 12 + 9 + 6 + 6 + 6, "gaps": 2, "pauses": 1, "decode failures": 1, "minutes kept": 1,
        "findings": 2, "dead letters": 2, "received": 6 + 4 + 1 + 4 + 4 + 4 + 5 + 4, "merged athletes": 1,
    }  # fmt: skip
    assert told(other) == told(source)
    with closing(SqliteStore(tmp_path / "back.db")) as back:
        assert migrate(other, back).same
        assert told(back) == told(source)
        assert back.dead_letters() == source.dead_letters() == other.dead_letters()
        for gw in ("edge-1", "edge-2"):
            assert back.received(gw) == source.received(gw) == other.received(gw)
        assert [f.key for f in back.findings()] == [f.key for f in source.findings()]


def test_both_ends_of_a_migration_take_the_same_from_what_comes_later(source: SqliteStore, other: Movable) -> None:
    migrate(source, other)
    late = [
        Envelope("edge-2", 50, batches(5, header(sid="running"))[4]),
        Envelope("edge-2", 51, SessionSummary(header(sid="begun"), START_UTC, START_UTC + LATER, totals(5))),
        Envelope("edge-2", 52, replace(batches(1)[0], header=header(sid="replaced"))),
        Envelope("edge-2", 53, batches(4, header(sid="pruned"))[3]),
        Envelope("edge-2", 54, batches(3, header(sid="merged", athlete="old1"))[2]),
        *[Envelope("edge-2", 60 + i, replace(e.event, header=header(sid="replayed"))) for i, e in enumerate(run(1))],
    ]
    for store in (source, other):
        store.commit(late)
    assert told(other) == told(source)
    assert other.pruned("pruned")
    assert other.minutes("pruned") == source.minutes("pruned")


def test_a_second_time_nothing_is_written(source: SqliteStore, other: Movable) -> None:
    assert migrate(source, other).n_put == 8
    again = migrate(source, other)
    assert (again.n_put, again.n_there, again.same) == (0, 8, True)


def test_killed_at_any_write_it_goes_on_and_ends_the_same(
    source: SqliteStore, influx_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # every kind of thing once, so that each place to be killed at is there; a database for each
    write, n_writes, stop_at = InfluxStore._write, [0], [0]

    def counted(self: InfluxStore, lines: object) -> None:
        n_writes[0] += 1
        if n_writes[0] == stop_at[0]:
            raise StoreError("killed")
        write(self, lines)  # type: ignore[arg-type]

    monkeypatch.setattr(InfluxStore, "_write", counted)
    with ExitStack() as stack:
        whole = stack.enter_context(closing(InfluxStore(influx_url, database="migrated_whole")))
        migrate(source, whole)
        n_all = n_writes[0]
        for at in range(1, n_all + 1, 4):
            n_writes[0], stop_at[0] = 0, at
            target = stack.enter_context(closing(InfluxStore(influx_url, database=f"killed_{at}")))
            with pytest.raises(StoreError, match="killed"):
                migrate(source, target)
            stop_at[0] = 0
            assert migrate(source, target, resuming=True).same
            assert told(target) == told(whole)


def test_a_target_with_other_things_is_refused_and_left_alone(source: SqliteStore, other: Movable) -> None:
    other.commit(run(1, header(sid="there-before")))
    other.save_finding(finding(scope="day:2026-11-01"))
    before = told(other)
    with pytest.raises(StoreError, match=r"other things \(sessions: 1, findings: 1\).*--into-filled"):
        migrate(source, other)
    assert told(other) == before


def test_a_session_that_differs_is_refused_unless_it_may_be_replaced(source: SqliteStore, other: Movable) -> None:
    migrate(source, other)
    other.commit([Envelope("edge-2", 70, batches(6, header(sid="running"))[5])])
    before = told(other)
    with pytest.raises(StoreError, match="session running is in both"):
        migrate(source, other)
    assert told(other) == before
    assert migrate(source, other, into_filled=True).same
    assert told(other) == told(source)


def test_into_a_filled_store_other_things_stay(source: SqliteStore, other: Movable) -> None:
    other.commit([replace(e, gw="elsewhere") for e in run(1, header(sid="there-before"))])
    other.commit([Envelope(GW, 200, batches(1, header(sid="there-before"))[0])])
    other.save_finding(finding(scope="day:2026-11-01"))
    before = other.whole("there-before").checksum()
    assert migrate(source, other, into_filled=True).same
    assert other.whole("there-before").checksum() == before
    assert other.received("elsewhere") == [(0, 2)]
    assert len(other.findings()) == 3


def test_nothing_is_moved_out_of_an_empty_store(other: Movable, tmp_path: Path) -> None:
    with closing(SqliteStore(tmp_path / "empty.db")) as empty, pytest.raises(StoreError, match="nothing is stored"):
        migrate(empty, other)


CHANGES = {
    "session": "UPDATE sessions SET distance_m = distance_m + 1e-9 WHERE sid = 'running'",
    "step": "UPDATE steps SET contact_time_s = contact_time_s * 1.0000001 WHERE sid = 'running' AND side = 'L'",
    "gap": "DELETE FROM gaps WHERE sid = 'of-a-gap-only'",
    "pause": "UPDATE pauses SET end_us = end_us + 1",
    "failure": "UPDATE decode_failures SET problem = 'else'",
    "replaced": "DELETE FROM replaced",
    "minutes": "DELETE FROM minutes",
    "finding": "UPDATE findings SET value = value + 1e-9",
    "letter": "UPDATE dead_letters SET payload = x'00' WHERE gw IS NULL",
    "received": "UPDATE received SET last = last - 1 WHERE gw = 'edge-6'",
    "merged": "DELETE FROM reassigned",
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_comparison_finds_whatever_differs(source: SqliteStore, tmp_path: Path, change: str) -> None:
    with closing(SqliteStore(tmp_path / "copy.db")) as copy:
        assert migrate(source, copy).same
    with closing(sqlite3.connect(tmp_path / "copy.db")) as db, db:
        assert db.execute(CHANGES[change]).rowcount > 0
    with closing(SqliteStore(tmp_path / "copy.db")) as copy:
        found = compare(source, copy, only_sources=False, each=lambda *told: None)
    assert not found.same
    assert found.different


def test_a_store_that_can_hold_no_such_id_says_so_before_it_writes(influx_url: str, database: str) -> None:
    whole = Whole("a\\b", None, StepTable.empty(), pauses=(StoredPause("k3f9", 0, 1),))
    with closing(InfluxStore(influx_url, database=database)) as store:
        with pytest.raises(StoreError, match="InfluxDB holds no such id"):
            store.put_whole(whole)
        assert store.sids() == []


PIECES = st.sampled_from(["start", "batch 0", "batch 1", "batch 2", "end", "gap", "pause", "failure", "replay"])


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(heard=st.lists(PIECES, min_size=1, max_size=8), prune=st.booleans())
def test_whatever_was_heard_of_a_session_it_is_the_same_after_there_and_back(
    influx_url: str, tmp_path_factory: pytest.TempPathFactory, heard: list[str], prune: bool
) -> None:
    first, second, third = batches(3)
    events: dict[str, list[Event]] = {
        "batch 0": [first],
        "batch 1": [second],
        "batch 2": [third],
        "start": [SessionStarted(HEADER, START_UTC, ())],
        "end": [SessionSummary(HEADER, START_UTC, START_UTC + LATER, totals(9), "w", ("a\nb",))],
        "gap": [GapFound(HEADER, "pod", START_UTC, START_UTC + LATER, "silence")],
        "pause": [SessionPaused(HEADER, START_UTC, START_UTC + LATER)],
        "failure": [DecodeFailed(HEADER, "pod", "2a53", START_UTC, "short")],
        "replay": [e.event for e in run(1, header(origin="replay"))],
    }
    said = [event for piece in heard for event in events[piece]]
    folder = tmp_path_factory.mktemp("moved")
    database = f"moved_{folder.name}".replace("-", "_")
    with (
        closing(SqliteStore(folder / "one.db")) as one,
        closing(InfluxStore(influx_url, database=database)) as two,
        closing(SqliteStore(folder / "three.db")) as three,
    ):
        one.commit([Envelope(GW, i, event) for i, event in enumerate(said)])
        if prune:
            one.prune(START_UTC + timedelta(days=1))
        assert migrate(one, two).different == ()
        assert migrate(two, three).different == ()
        assert told(one) == told(three)
    httpx.post(f"{influx_url}/query", data={"q": f"DROP DATABASE {database}"}, trust_env=False).raise_for_status()


def test_the_sum_is_of_values_and_not_of_how_a_store_says_them() -> None:
    summary = SessionSummary(HEADER, START_UTC, START_UTC, replace(totals(1), contact_time_s=float("nan")))
    steps = all_steps(1)
    one = Whole("s", summary, steps, failures=(StoredFailure("a", "d", "c", 1, "p"),))
    nans = replace(steps, speed_mps=np.copysign(np.full(3, np.nan), -1.0))
    other = replace(one, summary=replace(summary, totals=replace(summary.totals, contact_time_s=None)), steps=nans)
    assert one.checksum() == other.checksum()
    changed = replace(steps, gait=np.array(["walk", "run", "run"]))
    assert replace(one, steps=changed).checksum() != one.checksum()
    assert replace(one, steps=steps.slice(0, 2)).checksum() != one.checksum()


NUMBERS = st.sets(st.integers(0, 40))


@given(wanted=NUMBERS, there=NUMBERS)
def test_what_is_marked_is_just_what_is_not_marked_there(wanted: set[int], there: set[int]) -> None:
    missing = migrating._without(ranges(list(wanted)), ranges(list(there)))
    assert [n for first, last in missing for n in range(first, last + 1)] == sorted(wanted - there)


# --- the command ------------------------------------------------------------------------------------------------------

Invoke = Callable[..., tuple[int, str, str]]


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Invoke:
    monkeypatch.setenv("SENSOR_HUB_DATA_DIR", str(tmp_path / "data"))

    def call(*words: str) -> tuple[int, str, str]:
        done = CliRunner().invoke(app, ["store", "migrate", *words])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done.exit_code, done.stdout, done.stderr

    return call


def test_the_command_shows_what_it_compared(source: SqliteStore, invoke: Invoke, tmp_path: Path, database: str,
                                            influx_url: str) -> None:  # fmt: skip
    target = f"influx+v1://{influx_url.removeprefix('http://')}/{database}"
    code, out, _ = invoke(str(tmp_path / "source.db"), target)
    assert code == 0
    assert "sessions put: 8" in out
    assert "value for value" in out
    code, out, _ = invoke(target, str(tmp_path / "back.db"), "--json")
    answer = json.loads(out)
    assert (code, answer["same"], answer["different"]) == (0, True, [])
    assert not list((tmp_path / "data").glob("store-migration-*"))


def test_the_command_ends_with_1_where_something_differs(
    source: SqliteStore, invoke: Invoke, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(SqliteStore, "mark_received", lambda self, gw, marked: None)
    code, out, err = invoke(str(tmp_path / "source.db"), str(tmp_path / "other.db"))
    assert code == 1
    assert "DIFFERENT" in out
    assert "different: gateway" in err


def test_the_command_waits_for_no_hub_that_runs_on_either(source: SqliteStore, invoke: Invoke, tmp_path: Path) -> None:
    from sensor_hub.app.place import Place
    from sensor_hub.errors import ConfigError

    for folder in (tmp_path, tmp_path / "data"):
        with Place.at(folder).lock_for_hub(), pytest.raises(ConfigError, match="another hub runs"):
            invoke(str(tmp_path / "source.db"), str(tmp_path / "other.db"))


def test_a_password_belongs_into_a_file(
    source: SqliteStore, invoke: Invoke, tmp_path: Path, influx_url: str, database: str
) -> None:
    from sensor_hub.errors import ConfigError

    server = influx_url.removeprefix("http://")
    secret = f"influx+v1://hub:geheim@{server}/{database}"
    with pytest.raises(ConfigError, match="@FILE") as refused:
        invoke(str(tmp_path / "source.db"), secret)
    assert "geheim" not in str(refused.value)
    (tmp_path / "url").write_text(secret + "\n")
    code, out, err = invoke(str(tmp_path / "source.db"), f"@{tmp_path / 'url'}")
    assert code == 0, err
    assert "geheim" not in out + err


@pytest.mark.parametrize(
    ("source_said", "target_said", "told"),
    [("here", "here", "same store"), ("/nowhere/s.db", "here", "no such store"), ("@/nowhere/url", "here", "cannot be"),
     ("http://x/y", "here", "unknown kind")],
)  # fmt: skip
def test_ends_that_cannot_be_are_named(invoke: Invoke, source_said: str, target_said: str, told: str) -> None:
    from sensor_hub.errors import SensorHubError

    with pytest.raises(SensorHubError, match=told):
        invoke(source_said, target_said)
