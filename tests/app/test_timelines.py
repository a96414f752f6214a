"""Sessions over their time as a hub has them: after edits, after steps were let go of, and made once."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from sensor_hub.adapters.registry import Registry
from sensor_hub.adapters.storage.sqlite import SqliteStore
from sensor_hub.app.board import Board
from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.app.history.kept_store import KeptStore
from sensor_hub.app.ingest import Ingest
from sensor_hub.app.timelines import Timelines
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.edit import Merge, Trim
from sensor_hub.model.gait import StepTable
from sensor_hub.model.session import StepBatch
from sensor_hub.model.timeline import Timeline
from sensor_hub.model.unseen import PAUSE
from tests.edits.recorded import BASE_UTC, Recorded, recorded

SID = "01s00000000000000000000000"
LATER = BASE_UTC + timedelta(days=400)


@pytest.fixture
def kept(store: SqliteStore, registry: Registry) -> KeptStore:
    return KeptStore(store, registry)


@pytest.fixture
def ana(registry: Registry) -> Athlete:
    return registry.add_athlete("Ana", "UTC")


@pytest.fixture
def run(kept: KeptStore, ana: Athlete) -> Recorded:
    """Four minutes of a watch, with a gap and a pause."""
    run = recorded("watch", SID, ana.id, BASE_UTC, minutes=4, gap=True, pause=True)
    kept.commit(run.envelopes())
    return run


@pytest.fixture
def board(kept: KeptStore, registry: Registry, run: Recorded) -> Board:
    return Board(kept, registry, clock=lambda: LATER)


def timeline(board: Board, sid: str = SID) -> Timeline:
    found = board.timeline(sid)
    assert found is not None
    return found


def last_known(column: np.ndarray) -> float:
    return float(column[~np.isnan(column)][-1])


def test_a_run_has_its_load_its_gap_and_its_pause(board: Board, run: Recorded) -> None:
    found, totals = timeline(board), run.summary.totals
    assert last_known(found.load_eq_km) == pytest.approx(totals.load_eq_km, rel=1e-9)
    assert last_known(found.hard_load_bw_s) == pytest.approx(totals.hard_load_bw_s, rel=1e-9)
    assert last_known(found.distance_m) == pytest.approx(totals.distance_m, rel=1e-9)
    assert [one.cause for one in found.unseen] == [run.gaps[0].cause, PAUSE]
    assert not found.from_minutes


def test_what_is_not_there_has_none(board: Board, kept: KeptStore, ana: Athlete) -> None:
    assert board.timeline("01s0000000000000000000none") is None
    log = recorded("log", SID[:-1] + "1", ana.id, BASE_UTC + timedelta(days=1))
    kept.commit(log.envelopes())
    assert board.timeline(log.sid) is None


def test_it_is_made_once_while_nothing_changes_and_anew_after_an_edit(
    board: Board, kept: KeptStore, registry: Registry, ana: Athlete
) -> None:
    first = timeline(board)
    assert timeline(board) is first
    keeping = HistoryKeeping(kept, registry, Ingest(kept, registry), clock=lambda: LATER)
    keeping.edit(ana.id, [Trim(SID, to_utc=BASE_UTC + timedelta(seconds=60))], by="cli")
    trimmed, summary = timeline(board), kept.session(SID)
    assert summary is not None
    assert trimmed.end_utc == BASE_UTC + timedelta(seconds=60)
    assert last_known(trimmed.load_eq_km) == pytest.approx(summary.totals.load_eq_km, rel=1e-9)
    keeping.undo(ana.id, by="cli")
    assert len(timeline(board)) == len(first)


def test_loads_of_two_instruments_that_were_made_one_run_have_no_sum(
    board: Board, kept: KeptStore, registry: Registry, ana: Athlete
) -> None:
    other = recorded("pod", SID[:-1] + "2", ana.id, BASE_UTC + timedelta(minutes=20))
    kept.commit(other.envelopes())
    keeping = HistoryKeeping(kept, registry, Ingest(kept, registry), clock=lambda: LATER)
    keeping.edit(ana.id, [Merge((SID, other.sid))], by="cli")
    both, found = kept.session(SID), timeline(board)
    assert both is not None
    assert both.totals.load_eq_km is None
    assert np.isnan(found.load_eq_km).all()
    assert np.isnan(found.hard_load_bw_s).all()
    assert not np.isnan(found.cadence_spm).all()


def test_steps_that_come_late_are_in_it(board: Board, kept: KeptStore, ana: Athlete, run: Recorded) -> None:
    first = timeline(board)
    late = recorded("watch", SID, ana.id, BASE_UTC, minutes=4)
    batches = [event for event in late.events if isinstance(event, StepBatch)]
    envelopes = [replace(e, gw="edge-late") for e in late.envelopes() if e.event in batches]
    kept.commit(envelopes)
    assert timeline(board) is first
    board.touch(ana.id)
    assert np.count_nonzero(~np.isnan(timeline(board).cadence_spm)) > np.count_nonzero(~np.isnan(first.cadence_spm))


def test_a_run_in_progress_is_looked_at_once_a_second(
    kept: KeptStore, registry: Registry, ana: Athlete, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = recorded("pod", SID, ana.id, BASE_UTC, minutes=3)
    envelopes = run.envelopes()[:-1]  # without its end
    kept.commit(envelopes[: len(envelopes) // 2])
    board = Board(kept, registry, clock=lambda: LATER)
    now_s = [100.0]
    monkeypatch.setattr("sensor_hub.app.timelines.time.monotonic", lambda: now_s[0])
    first = timeline(board)
    kept.commit(envelopes[len(envelopes) // 2 :])
    board.touch(ana.id)
    assert timeline(board) is first
    now_s[0] += 2.0
    assert len(timeline(board)) > len(first)


def test_steps_that_were_let_go_of_leave_minutes(board: Board, kept: KeptStore, run: Recorded) -> None:
    first = timeline(board)
    kept.tidy()
    assert kept.prune(LATER) == 1
    found = timeline(board)
    assert (found.from_minutes, found.bin_s) == (True, 60.0)
    assert last_known(found.load_eq_km) == pytest.approx(last_known(first.load_eq_km))
    assert found.unseen == first.unseen


def test_of_whom_is_erased_nothing_is_held(board: Board, ana: Athlete) -> None:
    first = timeline(board)
    board.forget(ana.id)
    assert timeline(board) is not first


def test_what_is_being_made_while_somebody_is_erased_is_not_held(
    kept: KeptStore, run: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    timelines = Timelines(kept)
    steps_of = kept.steps

    def erased_meanwhile(sid: str) -> StepTable:
        timelines.forget()
        return steps_of(sid)

    monkeypatch.setattr(kept, "steps", erased_meanwhile)
    timelines.of(SID, lambda _athlete: 0)
    assert timelines._made == {}
    monkeypatch.undo()
    assert timelines.of(SID, lambda _athlete: 0) is timelines.of(SID, lambda _athlete: 0)


def test_a_reference_nobody_here_knows_leaves_hard_load_unknown(
    store: SqliteStore, registry: Registry, ana: Athlete
) -> None:
    run = recorded("watch", SID, ana.id, BASE_UTC)
    header = replace(run.summary.header, reference="ref-own-7")
    store.commit(Recorded(tuple(replace(event, header=header) for event in run.events)).envelopes())
    found = timeline(Board(KeptStore(store, registry), registry, clock=lambda: LATER))
    assert np.isnan(found.hard_load_bw_s).all()
    assert last_known(found.load_eq_km) == pytest.approx(run.summary.totals.load_eq_km, rel=1e-9)
