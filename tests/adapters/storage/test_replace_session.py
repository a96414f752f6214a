"""A session that ended gives way, whole, to what another model makes of it; what was before never comes back."""

import random
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.storage import influx
from sensor_hub.adapters.storage.progress import check_replaceable, is_outdated
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.errors import StoreError
from sensor_hub.load.achilles import VERSION
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    GapFound,
    SessionHeader,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from sensor_hub.units import utc_us
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, finding, header, run, table, totals
from tests.servers_influx import Front
from tests.wire_strategies import EVENTS, step_tables

SID = HEADER.sid
OLD = header(model="achilles-0.1.0", instrument="")
NEW = header(model="achilles-1.0.0")
GAP = GapFound(OLD, "pod-l", START_UTC, START_UTC + timedelta(seconds=4), "silence")


class StoppedError(Exception):
    """The process ends here."""


def old_run() -> list[Envelope]:
    return [*run(4, OLD), Envelope(GW, 50, GAP)]


def new_summary(**changes: object) -> SessionSummary:
    end_utc = START_UTC + timedelta(minutes=59)
    made = SessionSummary(NEW, START_UTC, end_utc, totals(11), "a file", ("no-contact-time",))
    return replace(made, **changes)  # type: ignore[arg-type]


def remodelled() -> StepTable:
    """The same steps with other forces, one of them unknown now."""
    steps = all_steps(4)
    peak = steps.achilles_peak_bw * 1.5
    peak[3] = np.nan
    return replace(steps, achilles_peak_bw=peak)


def found_again() -> StepTable:
    """Steps as another detector finds them: other times, other sides, fewer."""
    return table(utc_us(START_UTC) + 17, 9, seed=77)


def gaps_now() -> list[GapFound]:
    return [replace(GAP, header=NEW)]


def said(store: Store) -> tuple[object, ...]:
    return store.session(SID), store.steps(SID), store.gaps(SID), store.sessions("k3f9")


@pytest.mark.parametrize("steps", [remodelled(), found_again(), StepTable.empty()], ids=["same", "other", "none"])
def test_a_replaced_session_is_the_new_one_and_nothing_of_the_old(store: Store, steps: StepTable) -> None:
    store.commit(old_run())
    store.replace_session(new_summary(), steps, gaps_now())
    assert said(store) == (new_summary(), steps, gaps_now(), [new_summary()])


def test_only_the_one_session_changes(store: Store) -> None:
    other = header(sid="01jd0000000000000000000002", athlete="other")
    store.commit([*old_run(), *run(3, other, "edge-2")])
    store.save_finding(finding())
    before = store.session(other.sid), store.steps(other.sid), store.findings(), store.received("edge-2")
    store.replace_session(new_summary(), found_again(), [])
    assert (store.session(other.sid), store.steps(other.sid), store.findings(), store.received("edge-2")) == before


def test_what_was_received_stays_received(store: Store) -> None:
    store.commit(old_run())
    store.replace_session(new_summary(), found_again(), [])
    assert store.received(GW) == [(0, 5), (50, 50)]


def test_gaps_that_are_no_more_go_and_new_ones_come(store: Store) -> None:
    store.commit(old_run())
    new = replace(
        GAP, header=NEW, start_utc=START_UTC + timedelta(seconds=9), end_utc=START_UTC + timedelta(seconds=11)
    )
    store.replace_session(new_summary(), remodelled(), [new])
    assert store.gaps(SID) == [new]
    store.replace_session(new_summary(), remodelled(), [])
    assert store.gaps(SID) == []


def test_a_session_may_begin_at_another_moment_than_before(store: Store) -> None:
    store.commit(old_run())
    for start_utc in (START_UTC + timedelta(seconds=1), START_UTC - timedelta(seconds=1)):
        later = new_summary(start_utc=start_utc)
        store.replace_session(later, found_again(), [])
        assert said(store) == (later, found_again(), [], [later])


def test_replacing_twice_is_replacing_once(store: Store) -> None:
    store.commit(old_run())
    for _ in range(2):
        store.replace_session(new_summary(), remodelled(), gaps_now())
    assert said(store) == (new_summary(), remodelled(), gaps_now(), [new_summary()])


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("gw", [GW, "edge-9"])
def test_what_comes_late_or_again_of_the_model_before_changes_nothing(store: Store, seed: int, gw: str) -> None:
    # the same messages again, and the same from a gateway nobody has numbers of: each would overwrite what is there
    store.commit(old_run())
    store.replace_session(new_summary(), found_again(), [])
    late = [replace(envelope, gw=gw, seq=envelope.seq + 100 * (gw != GW)) for envelope in old_run()]
    random.Random(seed).shuffle(late)
    for envelope in late:
        store.commit([envelope])
    assert said(store) == (new_summary(), found_again(), [], [new_summary()])
    numbers = {n for first, last in store.received(gw) for n in range(first, last + 1)}
    assert {envelope.seq for envelope in late} <= numbers  # taken, so that the sender can forget them


def test_a_message_of_the_new_model_counts_as_ever(store: Store) -> None:
    store.commit(old_run())
    store.replace_session(new_summary(), remodelled(), gaps_now())
    more = new_summary(totals=totals(99))
    store.commit([Envelope(GW, 200, more)])
    assert store.session(SID) == more


def test_a_session_nobody_replaced_takes_the_summary_of_another_model(store: Store) -> None:
    store.commit(old_run())
    store.commit([Envelope("edge-9", 1, new_summary())])
    assert store.session(SID) == new_summary()


def test_a_session_in_progress_is_not_replaced(store: Store) -> None:
    store.commit(run(4, OLD)[:-1])
    before = said(store)
    with pytest.raises(StoreError, match="still runs"):
        store.replace_session(new_summary(), found_again(), [])
    assert said(store) == before


@settings(max_examples=20)
@given(steps=step_tables(max_rows=12), late=st.lists(EVENTS, max_size=6))
def test_whatever_comes_of_another_model_a_replaced_session_stays_as_it_is(steps: StepTable, late: list[Event]) -> None:
    places = list(zip(steps.time_utc_us.tolist(), steps.side.tolist(), strict=True))
    steps = steps.only(np.array([place not in places[:i] for i, place in enumerate(places)], dtype=bool))
    with TemporaryDirectory() as folder, closing(SqliteStore(Path(folder) / "store.db")) as store:
        store.commit(old_run())
        store.replace_session(new_summary(), steps, gaps_now())
        before = said(store)
        assert len(store.steps(SID)) == len(steps)
        events = [replace(event, header=replace(OLD, model=f"not {VERSION}")) for event in late]
        store.commit([Envelope("edge-9", i, event) for i, event in enumerate(events)])
        assert said(store) == before


def test_a_session_that_is_not_here_is_not_made(store: Store) -> None:
    with pytest.raises(StoreError, match="not here"):
        store.replace_session(new_summary(), found_again(), [])
    assert store.session(SID) is None
    assert len(store.steps(SID)) == 0


@pytest.mark.parametrize("other", [replace(NEW, athlete="other"), replace(NEW, origin="import")])
def test_neither_athlete_nor_origin_can_change(store: Store, other: SessionHeader) -> None:
    store.commit(old_run())
    before = said(store)
    with pytest.raises(StoreError, match="athlete or origin"):
        store.replace_session(new_summary(header=other), found_again(), [])
    assert said(store) == before


def test_a_session_of_merged_athletes_is_replaced_under_either_pseudonym(store: Store) -> None:
    store.commit(old_run())
    store.reassign("k3f9", "kept")
    now = replace(NEW, athlete="kept")
    for athlete in ("k3f9", "kept"):
        store.replace_session(new_summary(header=replace(NEW, athlete=athlete)), found_again(), gaps_now())
        assert store.session(SID) == new_summary(header=now)
        assert store.steps(SID) == found_again()
        assert store.gaps(SID) == [replace(GAP, header=now)]
        assert store.sessions("k3f9") == []


def test_a_merge_after_it_keeps_the_old_model_out(store: Store) -> None:
    store.commit(old_run())
    store.replace_session(new_summary(), found_again(), [])
    store.reassign("k3f9", "kept")
    before = store.session(SID), store.steps(SID)
    store.commit([replace(envelope, gw="edge-9") for envelope in old_run()])
    assert (store.session(SID), store.steps(SID)) == before


def test_it_is_there_for_the_next_who_opens_the_store(opener: Callable[[], Store]) -> None:
    first = opener()
    first.commit(old_run())
    first.replace_session(new_summary(), found_again(), [])
    first.close()
    again = opener()
    again.commit([replace(envelope, gw="edge-9") for envelope in old_run()])
    assert said(again) == (new_summary(), found_again(), [], [new_summary()])


def test_a_closed_store_refuses(opener: Callable[[], Store]) -> None:
    store = opener()
    store.commit(old_run())
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.replace_session(new_summary(), found_again(), [])


# --- a stop in the middle ---------------------------------------------------------------------------------------------


def test_a_sqlite_store_that_stops_in_the_middle_has_the_old_session(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path / "store.db")
    try:
        store.commit(old_run())
        before = said(store)
        with store._file.writing() as db:  # the last table that is written refuses
            db.execute("CREATE TRIGGER stop BEFORE INSERT ON replaced BEGIN SELECT RAISE(ABORT, 'stop'); END")
        with pytest.raises(StoreError):
            store.replace_session(new_summary(), found_again(), [])
        assert said(store) == before
        with store._file.writing() as db:
            db.execute("DROP TRIGGER stop")
        store.replace_session(new_summary(), found_again(), [])
        assert said(store) == (new_summary(), found_again(), [], [new_summary()])
    finally:
        store.close()


def test_an_influx_store_that_stops_anywhere_shows_the_old_totals_or_the_new_and_a_second_call_mends_it(
    influx_url: str, database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = influx.InfluxStore(influx_url, database=database)
    stopped = 0
    try:
        while not (whole := _replaced_with_a_stop(store, stopped, monkeypatch)):
            stopped += 1
    finally:
        store.close()
    assert whole
    assert stopped >= 8  # of as many requests


def _replaced_with_a_stop(store: influx.InfluxStore, stop_at: int, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Replace a session of its own, let the request ``stop_at`` fail, then again; True if none was left to fail."""
    sid = f"01jd00000000000000000000{stop_at:02}"
    old_header, new_header = replace(OLD, sid=sid), replace(NEW, sid=sid)
    gap, new = replace(GAP, header=old_header), new_summary(header=new_header)
    gw = f"edge-{stop_at}"
    store.commit([*run(4, old_header, gw), Envelope(gw, 50, gap)])
    old, asked, was_whole = store.session(sid), 0, False

    def stopping(call: Callable[[str], object]) -> Callable[[str], object]:
        def once(text: str) -> object:
            nonlocal asked
            asked += 1
            if asked > stop_at:
                raise StoppedError
            return call(text)

        return once

    with monkeypatch.context() as patched:
        patched.setattr(store._query, "ask", stopping(store._query.ask))
        patched.setattr(store._writer, "write", stopping(store._writer.write))
        with suppress(StoppedError):
            store.replace_session(new, remodelled(), gaps_now())
            was_whole = True
    assert store.session(sid) == (new if was_whole else old)
    # nothing that was measured is gone: a model that works on stored steps finds all it needs
    assert np.array_equal(store.steps(sid).step_time_s, all_steps(4).step_time_s)
    assert [known.start_utc for known in store.gaps(sid)] == [START_UTC]
    store.replace_session(new, remodelled(), gaps_now())
    assert store.session(sid) == new
    assert store.steps(sid) == remodelled()
    assert store.gaps(sid) == [replace(GAP, header=new_header)]
    return was_whole


def test_a_server_that_refuses_leaves_the_old_totals(v2_front: Front, database: str) -> None:
    store = influx.InfluxStore(v2_front.url, database=database, api="v2", token=v2_front.token, org="home")
    try:
        store.commit(old_run())
        old = store.session(SID)
        v2_front.refuse = 503
        with pytest.raises(StoreError):
            store.replace_session(new_summary(), remodelled(), [])
        v2_front.refuse = None
        assert store.session(SID) == old
    finally:
        store.close()


# --- the two questions, pure ------------------------------------------------------------------------------------------


def test_only_numbers_of_another_model_reference_or_instrument_are_outdated() -> None:
    started = SessionStarted(NEW, START_UTC, ())
    for other in (replace(NEW, model="other"), replace(NEW, reference="ref-own-2"), replace(NEW, instrument="x")):
        assert is_outdated(SessionStarted(other, START_UTC, ()), NEW)
        assert not is_outdated(SessionStarted(other, START_UTC, ()), None)
    assert not is_outdated(started, NEW)
    assert not is_outdated(DecodeFailed(OLD, "pod", "imu", START_UTC, "short"), NEW)  # no model made it


def test_a_live_run_may_still_take_the_place_of_its_replay() -> None:
    replayed = replace(NEW, origin="replay")
    batch = StepBatch(OLD, START_UTC, StepTable.empty(), totals(1))
    assert not is_outdated(batch, replayed)


def test_what_may_be_replaced_has_ended() -> None:
    check_replaceable(new_summary(), new_summary())
    with pytest.raises(StoreError):
        check_replaceable(new_summary(ended=False), new_summary())
