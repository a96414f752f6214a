"""A person's or a session's rows as a whole: read, put back, given away, erased. One contract for every store."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from sensor_hub.adapters.storage.influxql import beginning
from sensor_hub.adapters.storage.naming import bears, named_in, names
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.errors import StoreError
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import DecodeFailed, Event, GapFound, SessionPaused, SessionStarted, SessionSummary
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, finding, header, run, totals

SID = HEADER.sid
HERS = header(sid="01jd0000000000000000000009", athlete="hers")
GAP = GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=4), "silence")
PAUSE = SessionPaused(HEADER, START_UTC + timedelta(seconds=9), START_UTC + timedelta(seconds=11))


def everything(of: Any = HEADER, gw: str = GW) -> list[Envelope]:
    """A whole session with a gap, a pause and a failure to decode."""
    others: list[Event] = [
        replace(GAP, header=of), replace(PAUSE, header=of),
        DecodeFailed(of, "pod-l", "2a53", START_UTC + timedelta(seconds=1), "left over"),
    ]  # fmt: skip
    return [*run(4, of, gw), *(Envelope(gw, 50 + i, event) for i, event in enumerate(others))]


def said(store: Store, sid: str = SID) -> tuple[Any, ...]:
    return store.session(sid), store.steps(sid), store.gaps(sid), store.pauses(sid)


def whole(store: Store, sid: str = SID) -> tuple[Any, ...]:
    """What ``restore`` takes, from what a store says."""
    return (*said(store, sid), store.marks(sid))


# --- pauses and marks -------------------------------------------------------------------------------------------------


def test_pauses_come_back_in_time_order_with_the_header_of_their_session(store: Store) -> None:
    later = replace(PAUSE, start_utc=START_UTC + timedelta(minutes=5), end_utc=START_UTC + timedelta(minutes=6))
    store.commit([*run(1), Envelope(GW, 60, later), Envelope(GW, 61, PAUSE), Envelope(GW, 62, PAUSE)])
    assert store.pauses(SID) == [PAUSE, later]
    assert store.pauses("nobody's") == []


def test_marks_are_those_of_gateways_that_are_this_sessions_own(store: Store) -> None:
    (*_, end) = run(1)
    for gw in (f"import-{SID}-log", f"import-{SID}", f"exercise-{SID}", f"import-{SID}x", f"import-x-{SID}", GW):
        store.commit([replace(end, gw=gw, seq=n) for n in (1, 2, 5)])
    own = sorted([f"import-{SID}-log", f"import-{SID}", f"exercise-{SID}"])
    assert store.marks(SID) == [(gw, *ends) for gw in own for ends in ((1, 2), (5, 5))]
    assert store.marks("import") == []
    assert store.marks("'/.*/") == []


def test_a_beginning_is_no_expression_of_its_own() -> None:
    assert beginning("import-a.b/c") == r"/^import\x{2d}a\x{2e}b\x{2f}c/"


# --- restore ----------------------------------------------------------------------------------------------------------


def test_a_session_that_is_put_back_is_as_it_was(opener: Callable[[], Store], store: Store) -> None:
    gw = f"import-{SID}-log"
    store.commit(everything(gw=gw))
    before, rows = said(store), whole(store)
    store.erase("k3f9")
    assert said(store)[0] is None
    store.restore(*rows)
    assert said(store) == before
    assert store.marks(SID) == [(gw, 0, 5), (gw, 50, 52)]
    again = opener()
    assert said(again) == before
    again.restore(*rows)
    assert said(again) == before
    assert again.marks(SID) == [(gw, 0, 5), (gw, 50, 52)]
    assert again.sessions("k3f9") == [before[0]]


def test_a_running_session_is_put_back_running_and_goes_on(store: Store) -> None:
    parts = run(4)
    store.commit(parts[:3])
    rows = whole(store)
    store.erase("k3f9")
    store.restore(*rows)
    assert said(store) == rows[:4]
    store.commit(parts[3:])
    assert store.session(SID) == parts[-1].event
    assert store.steps(SID) == all_steps(4)


def test_putting_back_takes_the_place_of_what_is_there(store: Store) -> None:
    store.commit(everything())
    rows = whole(store)
    other = replace(rows[0], start_utc=START_UTC + timedelta(seconds=1), warnings=("other",))
    store.restore(other, all_steps(2), [], [])
    assert said(store) == (other, all_steps(2), [], [])
    assert store.sessions("k3f9") == [other]
    store.restore(*rows)
    assert said(store) == rows[:4]
    assert store.sessions("k3f9") == [rows[0]]


def test_another_athletes_session_is_never_overwritten(store: Store) -> None:
    store.commit(everything())
    rows = whole(store)
    taken = replace(rows[0], header=header(athlete="hers"))
    with pytest.raises(StoreError, match="another athlete's"):
        store.restore(taken, rows[1], rows[2], rows[3], [(f"import-{SID}", 1, 1)])
    assert said(store) == rows[:4]
    assert store.marks(SID) == []


def test_late_messages_of_another_model_change_nothing_of_what_was_put_back(store: Store) -> None:
    store.commit(everything())
    rows = whole(store)
    store.erase("k3f9")
    store.restore(*rows)
    store.commit(run(2, header(model="achilles-0.1.0"), "edge-7"))
    assert said(store) == rows[:4]


def test_what_was_put_back_is_of_the_athlete_that_they_were_merged_into(store: Store) -> None:
    store.commit(everything())
    rows = whole(store)
    store.reassign("k3f9", "new")
    store.restore(*rows)
    assert [s.header.athlete for s in store.sessions("new")] == ["new"]
    assert store.sessions("k3f9") == []


# --- hand over --------------------------------------------------------------------------------------------------------


def test_a_session_that_is_given_away_is_all_the_others(store: Store) -> None:
    store.commit([*everything(), *run(2, header(sid="stays"), "edge-2")])
    before = said(store)
    store.hand_over(SID, "hers")
    store.hand_over(SID, "hers")
    now = header(athlete="hers")
    summary, steps, gaps, pauses = said(store)
    assert summary == replace(before[0], header=now)
    assert steps == before[1]
    assert gaps == [replace(GAP, header=now)]
    assert pauses == [replace(PAUSE, header=now)]
    assert [s.header.sid for s in store.sessions("k3f9")] == ["stays"]
    assert store.sessions("hers") == [summary]
    store.erase("k3f9")
    assert said(store) == (summary, steps, gaps, pauses)
    store.hand_over("nobody's", "hers")


# --- erase ------------------------------------------------------------------------------------------------------------


def filled(store: Store) -> None:
    """Two people's sessions, findings, letters and marks; ``k3f9`` was called "former" once."""
    store.commit(everything(header(athlete="former", sid="01jd0000000000000000000002"), "edge-5"))
    store.reassign("former", "k3f9")
    store.commit([*everything(), *run(2, header(sid="running"), "edge-3")[:2]])
    (*_, end) = run(1)
    store.commit([replace(end, gw=f"import-{SID}-log", seq=1)])
    store.commit(everything(HERS, "edge-2"))
    store.commit([replace(end, gw=f"import-{HERS.sid}-log", seq=1, event=run(1, HERS)[-1].event)])
    for each in (finding(), finding(scope="week:2026-11-16"), finding(athlete="hers", scope=f"session:{HERS.sid}")):
        store.save_finding(each)
    store.commit([], letters())


def letters() -> list[DeadLetter]:
    return [
        DeadLetter("sensorhub/v1/home/ath/k3f9/live", b"\xff", "not JSON"),
        DeadLetter("t", b'{"ath":"former"}', "unknown version 9", GW, 90),
        DeadLetter("t", f'{{"sid":"{SID}"}}'.encode(), "unknown version 9", GW, 91),
        DeadLetter("t", b'{"ath":"hers"}', "unknown version 9", GW, 92),
        DeadLetter("t", b"k3f9x", "not JSON"),
    ]


def of_hers(store: Store) -> tuple[Any, ...]:
    letters = [letter for letter in store.dead_letters() if letter.payload in {b'{"ath":"hers"}', b"k3f9x"}]
    marks = store.marks(HERS.sid), store.received("edge-2"), store.received(GW)
    return said(store, HERS.sid), store.sessions("hers"), store.findings("hers"), letters, marks


def test_of_an_erased_person_nothing_is_left_and_of_others_everything(store: Store) -> None:
    filled(store)
    before = of_hers(store)
    assert store.erase("k3f9") > 20
    for sid in (SID, "running", "01jd0000000000000000000002"):
        assert said(store, sid)[0] is None
        assert len(store.steps(sid)) == 0
        assert (store.gaps(sid), store.pauses(sid), store.marks(sid)) == ([], [], [])
    assert not any([store.sessions("k3f9"), store.sessions("former"), store.findings("k3f9")])
    assert store.findings() == store.findings("hers")
    assert store.dead_letters() == letters()[3:]
    assert of_hers(store) == before
    assert store.erase("k3f9") == 0


def test_what_comes_after_an_erasure_is_not_taken_for_another_athletes(store: Store) -> None:
    filled(store)
    store.erase("k3f9")
    store.commit([Envelope("edge-8", 1, SessionStarted(header(athlete="former", sid="new"), START_UTC, ()))])
    assert [s.header.sid for s in store.sessions("former")] == ["new"]
    assert store.sessions("k3f9") == []


def test_named_sessions_go_too_whosesoever_they_are(store: Store) -> None:
    filled(store)
    store.erase("k3f9", [HERS.sid])
    assert store.session(HERS.sid) is None
    assert not any([store.sessions("hers"), store.findings(), store.marks(HERS.sid)])


def test_a_warning_that_names_an_erased_person_goes_from_the_sessions_of_others(store: Store) -> None:
    warned = SessionSummary(HERS, START_UTC, START_UTC, totals(3), "file", ("fits-better:k3f9", "no-contact-time"))
    store.commit([Envelope("edge-2", 0, warned)])
    store.erase("k3f9")
    assert store.session(HERS.sid) == replace(warned, warnings=("no-contact-time",))


def test_erasing_somebody_who_is_not_here_changes_nothing(store: Store) -> None:
    filled(store)
    before = of_hers(store), said(store)
    assert store.erase("nobody", ["nothing"]) == 0
    assert (of_hers(store), said(store)) == before


def test_a_closed_store_refuses_to_erase(store: Store) -> None:
    store.close()
    for refused in (lambda: store.erase("k3f9"), lambda: store.hand_over(SID, "x"), lambda: store.pauses(SID)):
        with pytest.raises(StoreError, match="closed"):
            refused()


# --- what stays on disk, and in a server's index ----------------------------------------------------------------------


def test_no_byte_of_an_erased_person_stays_in_the_file_or_its_log(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    with closing(SqliteStore(path)) as store:
        filled(store)
        long_gone = header(athlete="k3f9", sid="01jd00000000000000000000zz")
        store.commit(everything(long_gone, "edge-6"))
        with store._file.writing() as db:  # deleted long ago, without a thought of its bytes
            db.execute("DELETE FROM sessions WHERE sid = ?", (long_gone.sid,))
        with closing(SqliteStore(path)) as reader:
            assert reader.sessions("hers")  # an idle connection of another program
            store.erase("k3f9")
            found = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert {"store.db", "store.db-wal"} <= found.keys()
    for name, held in found.items():
        assert b"former" not in held, name
        assert SID.encode() not in held, name
        assert held.replace(b"k3f9x", b"").count(b"k3f9") == 0, name
    assert b"hers" in found["store.db"]


def test_while_somebody_reads_all_the_time_an_erasure_says_that_it_is_to_be_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sensor_hub.adapters.storage.sqlite_file._BUSY_S", 0.2)
    path = tmp_path / "store.db"
    with closing(SqliteStore(path)) as store, closing(sqlite3.connect(path, isolation_level=None)) as reader:
        filled(store)
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM sessions").fetchall()
        with pytest.raises(StoreError, match="call this again"):
            store.erase("k3f9")
        reader.execute("ROLLBACK")
        assert store.erase("k3f9") == 0
        assert (tmp_path / "store.db-wal").stat().st_size == 0


def test_an_influx_server_shows_no_tag_and_no_point_of_an_erased_person(influx_url: str, database: str) -> None:
    from sensor_hub.adapters.storage.influx import InfluxStore

    def ask(query: str) -> str:
        params = {"db": database, "q": query}
        return httpx.get(f"{influx_url}/query", params=params, trust_env=False).raise_for_status().text

    with closing(InfluxStore(influx_url, database=database)) as store:
        filled(store)
        assert "k3f9" in ask("SHOW SERIES")
        store.erase("k3f9")
    shown = ask("SHOW SERIES") + ask("SELECT * FROM /.*/") + ask("SHOW TAG VALUES FROM /.*/ WITH KEY =~ /.*/")
    assert HERS.sid in shown
    assert "former" not in shown
    assert SID not in shown
    assert "k3f9" not in shown.replace("k3f9x", "")


# --- names ------------------------------------------------------------------------------------------------------------


def test_a_name_is_found_as_a_word_of_its_own_only() -> None:
    pattern = named_in(["k3f9", "run-1"])
    for there in ("k3f9", "ath/k3f9/live", b'"k3f9"', "import-run-1-log", "run-1"):
        assert names(pattern, there)
    for not_there in ("k3f9x", "ak3f9", "run-10", "", b"\xff"):
        assert not names(pattern, not_there)
    assert not names(named_in([]), "k3f9")


def test_only_gateways_of_one_session_bear_its_id() -> None:
    assert bears("import-abc-log", "abc")
    assert bears("exercise-abc", "abc")
    for gw in ("import-abcd", "edge-abc", "import-x-abc", "abc"):
        assert not bears(gw, "abc")


def test_batches_of_a_session_put_back_under_way_count_once(store: Store) -> None:
    parts = run(3)
    store.commit(parts[:3])
    rows = whole(store)
    store.restore(*rows)
    store.commit([Envelope("again", 1, batches(3)[0])])
    assert said(store) == rows[:4]


def test_an_influx_server_that_forgets_series_over_a_deletion_is_reminded_of_them(
    influx_url: str, database: str
) -> None:
    from sensor_hub.adapters.storage.influx import InfluxStore

    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit(everything(header(athlete="former"), "edge-5"))
        store.reassign("former", "k3f9")
        store.commit(everything(HERS, "edge-2"))
        before = of_hers(store)
        store.reassign("k3f9", "somebody")
        assert of_hers(store) == before
        store.hand_over(SID, "k3f9")
        assert of_hers(store) == before
        store.erase("k3f9")
        assert of_hers(store) == before


def test_every_text_that_is_stored_can_be_searched(store: Store) -> None:
    filled(store)
    pattern = named_in(["k3f9"])
    tables = {table for table, text in store.texts() if names(pattern, text)}
    assert {"steps", "dead_letters"} <= tables or {"steps", "session", "dead_letter", "reassigned"} <= tables
    store.erase("k3f9")
    assert not any(names(named_in(["k3f9", "former", SID, "running"]), text) for _, text in store.texts())
    assert any(names(named_in(["hers"]), text) for _, text in store.texts())


def test_an_influx_server_hides_nobody_when_a_session_is_computed_again_or_a_finding_moves(
    influx_url: str, database: str
) -> None:
    from sensor_hub.adapters.storage.influx import InfluxStore

    hers = replace(finding(), athlete="hers")
    with closing(InfluxStore(influx_url, database=database)) as store:
        store.commit(everything(header(athlete="former"), "edge-5"))
        store.reassign("former", "k3f9")  # from here on an InfluxDB 1.6 forgets
        store.save_finding(finding())
        store.commit(everything(HERS, "edge-2"))
        store.save_finding(hers)
        before = of_hers(store)
        told = store.session(SID)
        assert told is not None
        later = timedelta(seconds=3)
        moved = replace(told, start_utc=START_UTC + later, header=replace(HEADER, model="m-2"))
        steps = replace(all_steps(2), time_utc_us=all_steps(2).time_utc_us + 1)
        store.replace_session(moved, steps, [replace(GAP, header=moved.header, start_utc=START_UTC + later)])
        assert of_hers(store) == before
        mine = replace(finding(), first_utc=START_UTC + later)
        store.save_finding(mine)
        assert of_hers(store) == before
        assert (store.sessions("k3f9"), store.steps(SID), store.findings("k3f9")) == ([moved], steps, [mine])
