"""Single steps that are let go of: their minutes stay, and it is known that there were some. One contract."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from sensor_hub.errors import StoreError
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import Envelope
from sensor_hub.model.minutes import minutes_of
from sensor_hub.model.ports import Store
from sensor_hub.model.session import GapFound, SessionSummary
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, header, run, totals

SID = HEADER.sid
END_UTC = START_UTC + timedelta(hours=1)
AFTER_UTC = END_UTC + timedelta(microseconds=1)
GAP = GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=2), "silence")
N, N_STEPS = 15, 60  # batches, and steps of each: several minutes


def long_run() -> list[Envelope]:
    return run(N, n=N_STEPS)


def its_steps() -> StepTable:
    return all_steps(N, N_STEPS)


@pytest.fixture(params=["tidied", "as it came"])
def pruned(request: pytest.FixtureRequest, store: Store) -> Store:
    """A store with one session whose steps were let go of."""
    store.commit([*long_run(), Envelope(GW, 999, GAP)])
    if request.param == "tidied":
        store.tidy()
    assert store.prune(AFTER_UTC) == 1
    return store


def test_the_sums_gaps_marks_and_minutes_stay_and_the_steps_are_known_to_be_gone(
    pruned: Store, opener: Callable[[], Store]
) -> None:
    for store in (pruned, opener()):
        assert len(store.steps(SID)) == 0
        assert store.pruned(SID)
        assert store.minutes(SID) == minutes_of(its_steps())
        assert len(store.minutes(SID)) > 5
        assert store.session(SID) == long_run()[-1].event
        assert store.gaps(SID) == [GAP]
        assert store.received(GW) == [(0, N + 1), (999, 999)]


def test_a_second_time_there_is_nothing_to_let_go_of(pruned: Store) -> None:
    assert pruned.prune(AFTER_UTC) == 0
    assert pruned.tidy() == 0
    assert pruned.minutes(SID) == minutes_of(its_steps())


def test_only_sessions_that_ended_before_the_moment_go(store: Store) -> None:
    running, later, stays = (header(sid=sid) for sid in ("running", "later", "stays"))
    store.commit([*run(4), *run(4, running, "edge-2")[:-1], *run(4, stays, "edge-4")])
    end = SessionSummary(later, START_UTC, AFTER_UTC + timedelta(days=1), totals(12))
    store.commit([*run(4, later, "edge-3")[:-1], Envelope("edge-3", 9, end)])
    assert store.prune(END_UTC) == 0
    assert store.prune(AFTER_UTC, keep=["stays", "nobody's"]) == 1
    assert [sid for sid in (SID, "running", "later", "stays") if store.pruned(sid)] == [SID]
    assert all(store.steps(sid) == all_steps(4) for sid in ("running", "later", "stays"))


def test_a_session_without_a_step_has_none_to_let_go_of(store: Store) -> None:
    store.commit([run(0)[-1]])
    assert store.prune(AFTER_UTC) == 0
    assert not store.pruned(SID)


def test_what_comes_late_changes_neither_minutes_nor_that_they_are_all_there_is(pruned: Store) -> None:
    late = batches(N + 1, n=N_STEPS)[N]
    (first,) = batches(1)
    again = replace(first, steps=replace(first.steps, quality=first.steps.quality / 2))
    before = pruned.session(SID)
    pruned.commit([Envelope(GW, 2000, late), Envelope(GW, 2001, again)])
    pruned.tidy()
    pruned.prune(AFTER_UTC)
    assert len(pruned.steps(SID)) == 0
    assert pruned.pruned(SID)
    assert pruned.minutes(SID) == minutes_of(its_steps())
    assert pruned.session(SID) == before
    assert pruned.received(GW)[-1] == (2000, 2001)


def test_a_run_whose_replay_was_let_go_of_keeps_its_steps(store: Store) -> None:
    store.commit([replace(e, gw="replay") for e in run(3, header(origin="replay"))])
    assert store.prune(AFTER_UTC) == 1
    assert store.pruned(HEADER.sid)
    first, second, third = batches(3)
    store.commit([Envelope(GW, i, batch) for i, batch in enumerate([first, second])])
    assert not store.pruned(HEADER.sid)
    assert store.steps(HEADER.sid) == all_steps(2)
    store.commit([Envelope(GW, 2, third), Envelope(GW, 3, SessionSummary(HEADER, START_UTC, START_UTC, totals(9)))])
    assert store.steps(HEADER.sid) == all_steps(3)
    assert store.minutes(HEADER.sid) == minutes_of(all_steps(3))


def test_recomputed_steps_bring_a_session_back_and_none_leave_its_minutes(pruned: Store) -> None:
    known = pruned.session(SID)
    assert known is not None
    pruned.replace_session(replace(known, header=header(reference="own-1")), StepTable.empty(), [GAP])
    assert pruned.pruned(SID)
    assert pruned.minutes(SID) == minutes_of(its_steps())
    fewer = its_steps().slice(0, 600)
    pruned.replace_session(known, fewer, [GAP])
    assert not pruned.pruned(SID)
    assert pruned.steps(SID) == fewer
    assert pruned.minutes(SID) == minutes_of(fewer)
    assert pruned.prune(AFTER_UTC) == 1
    assert pruned.minutes(SID) == minutes_of(fewer)


def test_minutes_go_where_their_session_goes(pruned: Store) -> None:
    pruned.reassign("k3f9", "hers")
    assert pruned.pruned(SID)
    pruned.hand_over(SID, "his")
    assert pruned.pruned(SID)
    assert pruned.minutes(SID) == minutes_of(its_steps())
    assert pruned.erase("his") > 0
    assert not pruned.pruned(SID)
    assert len(pruned.minutes(SID)) == 0


def test_a_session_is_put_back_with_its_minutes_and_with_its_steps_if_there_are_some(pruned: Store) -> None:
    known, minutes = pruned.session(SID), pruned.minutes(SID)
    assert known is not None
    pruned.restore(known, all_steps(3), [], [])
    assert not pruned.pruned(SID)
    assert pruned.steps(SID) == all_steps(3)
    for _ in range(2):
        pruned.restore(known, StepTable.empty(), [], [], minutes=minutes)
        assert pruned.pruned(SID)
        assert pruned.minutes(SID) == minutes
    pruned.erase("k3f9")
    pruned.restore(known, StepTable.empty(), [GAP], [], minutes=minutes)
    assert pruned.minutes(SID) == minutes
    assert pruned.session(SID) == known


def test_somebody_elses_session_keeps_its_minutes_when_a_restore_is_refused(pruned: Store) -> None:
    known = pruned.session(SID)
    assert known is not None
    with pytest.raises(StoreError, match="another athlete's"):
        pruned.restore(replace(known, header=header(athlete="hers")), StepTable.empty(), [], [])
    assert pruned.minutes(SID) == minutes_of(its_steps())
