"""A store after its edits: whatever order messages come in, and whoever wrote them, it says what is there now."""

import random
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from sensor_hub.app.history.keeping import HistoryKeeping
from sensor_hub.errors import EditError, StoreError
from sensor_hub.model.edit import AddRun, Change, Delete, Distinct, Edit, Link, Merge, Prefer, Split, Tell, Trim
from sensor_hub.model.history import HistoryView, Told
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import SessionSummary
from tests.edits.recorded import Recorded, recorded
from tests.edits.strategies import FIRST_DAY, PEOPLE, sid_of
from tests.edits.world import Seen, World, from_scratch

PHASES = (Phase.explicit, Phase.generate)  # making an example smaller takes minutes
ME, OTHER = PEOPLE
SEVEN_UTC = FIRST_DAY + timedelta(hours=7)
A_MINUTE = timedelta(minutes=1)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with closing(World(tmp_path / "hub")) as opened:
        yield opened


def pod(n: int = 1, who: str = ME, days: int = 0, minutes: int = 3) -> Recorded:
    return recorded("pod", sid_of(n), who, SEVEN_UTC + timedelta(days=days), minutes=minutes)


def distance_m(sessions: list[SessionSummary]) -> float:
    return sum(s.totals.distance_m or 0.0 for s in sessions)


# --- messages in any order -------------------------------------------------------------------------------------------


@settings(max_examples=4, deadline=None, phases=PHASES)
@given(st.integers(0, 10_000))
def test_messages_that_come_in_any_order_after_an_edit_end_in_the_same_history(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """The summary comes first of all, so that the edit is possible; then the rest, late and shuffled, some twice."""
    session = pod()
    *others, last = session.envelopes()
    rng = random.Random(seed)
    late = others + rng.sample(others, 20)
    rng.shuffle(late)
    with closing(World(tmp_path_factory.mktemp("late"))) as world:
        world.ingest.take(others[:50])
        world.ingest.take([last])
        world.edit(ME, Trim(session.sid, to_utc=SEVEN_UTC + 2 * A_MINUTE))
        world.store.session(session.sid)  # somebody looks at it before the rest has come
        world.store.sessions(ME)
        for at in range(0, len(late), 60):
            world.ingest.take(late[at : at + 60])
        journal = world.registry.journal.entries()
        with closing(from_scratch(tmp_path_factory.mktemp("fresh"), [session], journal)) as fresh:
            assert world.seen() == fresh.seen()


def test_a_session_that_runs_cannot_be_cut_and_is_cut_when_it_is_over(world: World) -> None:
    session = pod()
    *before, last = session.envelopes()
    world.ingest.take(before[:100])
    for edit in (Trim(session.sid, to_utc=SEVEN_UTC + A_MINUTE), Delete(session.sid)):
        with pytest.raises(EditError, match="still runs"):
            world.edit(ME, edit)
    assert world.registry.journal.entries() == []
    world.ingest.take([*before[100:], last])
    world.edit(ME, Trim(session.sid, to_utc=SEVEN_UTC + A_MINUTE))
    (kept,) = world.store.sessions(ME)
    assert kept.end_utc == SEVEN_UTC + A_MINUTE


def test_a_session_given_away_while_it_runs_stays_given_when_its_messages_go_on(world: World) -> None:
    session = pod()
    envelopes = session.envelopes()
    world.ingest.take(envelopes[:100])
    world.edit(ME, Change(session.sid, athlete=OTHER))
    world.ingest.take(envelopes[100:])
    assert world.store.sessions(ME) == []
    (theirs,) = world.store.sessions(OTHER)
    assert (theirs.header.athlete, theirs.totals) == (OTHER, session.summary.totals)
    assert world.store.steps(session.sid) == session.steps


def test_a_deleted_session_does_not_come_back_when_its_messages_come_again(world: World) -> None:
    session = pod()
    world.take(session)
    world.edit(ME, Delete(session.sid))
    again = [Envelope("another", e.seq, e.event) for e in session.envelopes()]
    world.ingest.take(again)
    assert world.store.sessions(ME) == []
    assert world.findings() == {}


# --- the same run from several sources -------------------------------------------------------------------------------


def same_run() -> list[Recorded]:
    """A pod live, the watch's file of the same run, and a line of a log."""
    return [
        pod(1),
        recorded("watch", sid_of(2), ME, SEVEN_UTC + timedelta(seconds=40)),
        recorded("log", sid_of(3), ME, SEVEN_UTC + timedelta(seconds=50)),
    ]


SAID: list[list[Edit]] = [
    [],
    [Prefer(ask=False)],
    [Prefer(("log", "watch", "sensor", "by-hand"), ask=False)],
    [Link((sid_of(1), sid_of(2), sid_of(3)))],
    [Link((sid_of(1), sid_of(2))), Distinct((sid_of(2), sid_of(3)))],
    [Link((sid_of(2), sid_of(3)), sid_of(3)), Link((sid_of(1), sid_of(2)))],
]


def test_in_whatever_order_sources_come_the_same_one_counts(tmp_path: Path) -> None:
    """Whatever is said of them: each is said, and taken back again."""
    found: list[list[Seen]] = []
    for n, order in enumerate(permutations(same_run())):
        with closing(World(tmp_path / str(n))) as world:
            world.keep(order)
            world.judge()
            found.append([_after(world, said) for said in SAID])
    assert all(seen == found[0] for seen in found)
    counting = [frozenset(s.header.sid for s in seen.sessions[ME]) for seen in found[0]]
    assert len(set(counting)) > 2, "what is said decides which of them count"


def _after(world: World, said: list[Edit]) -> Seen:
    """The history after some edits, without its journal; and nothing of them is left."""
    for edit in said:
        world.edit(ME, edit)
    seen = world.seen()
    for _ in said:
        world.keeping.undo(ME, by="cli")

    def bare(view: HistoryView) -> HistoryView:
        sessions = tuple(replace(kept, entries=()) for kept in view.sessions)
        return replace(view, sessions=sessions, journal=(), undone=frozenset())

    return replace(seen, views={who: bare(view) for who, view in seen.views.items()})


def test_two_edges_that_heard_one_run_count_once_from_the_better_coverage_until_somebody_says_they_differ(
    world: World,
) -> None:
    good = pod(2)
    bad = recorded("pod", sid_of(1), ME, SEVEN_UTC, gap=True)
    for session in (bad, good):
        world.take(session)
    assert [s.header.sid for s in world.store.sessions(ME)] == [good.sid]
    world.edit(ME, Distinct((bad.sid, good.sid)))
    assert {s.header.sid for s in world.store.sessions(ME)} == {bad.sid, good.sid}
    world.keeping.undo(ME, by="cli")
    assert [s.header.sid for s in world.store.sessions(ME)] == [good.sid]


def test_a_watchs_file_that_is_linked_leaves_findings_as_if_it_never_came(tmp_path: Path) -> None:
    past = [pod(n, days=n, minutes=2) for n in range(1, 20)]
    live, file = pod(30, days=21, minutes=4), recorded("watch", sid_of(31), ME, SEVEN_UTC + timedelta(days=21))
    with closing(World(tmp_path / "a")) as world, closing(World(tmp_path / "b")) as without:
        for one in (world, without):
            one.keep((*past, live))
            one.judge()
        assert without.findings()
        world.take(file)
        (offer,) = world.keeping.history(ME).offers
        assert set(offer.sids) == {live.sid, file.sid}
        assert len(world.store.sessions(ME)) == len(without.store.sessions(ME)) + 1
        world.edit(ME, Link(offer.sids))
        assert world.findings() == without.findings()
        assert world.store.sessions(ME) == without.store.sessions(ME)


# --- whose it is -----------------------------------------------------------------------------------------------------


@settings(max_examples=5, deadline=None, phases=PHASES)
@given(st.lists(st.tuples(st.integers(0, 5), st.booleans()), max_size=8))
def test_whosever_sessions_become_the_sum_over_both_people_stays(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, bool]]
) -> None:
    there = [
        recorded("watch", sid_of(n), PEOPLE[n % 2], SEVEN_UTC + timedelta(days=n), minutes=2 + n % 3) for n in range(6)
    ]
    with closing(World(tmp_path_factory.mktemp("moves"))) as world:
        world.keep(there)
        world.judge()
        before = world.seen()
        whole_m = sum(distance_m(s) for s in before.sessions.values())
        n = 0
        for which, to_me in moves:
            kept = world.store.session(there[which].sid)
            assert kept is not None
            target = ME if to_me else OTHER
            if kept.header.athlete != target:
                world.edit(kept.header.athlete, Change(kept.header.sid, athlete=target))
                n += 1
            after_m = sum(distance_m(world.store.sessions(who)) for who in PEOPLE)
            assert after_m == pytest.approx(whole_m, rel=1e-12)
        for session in there:  # and back to whom they were recorded of
            kept = world.store.session(session.sid)
            if kept is not None and kept.header.athlete != session.athlete:
                world.edit(kept.header.athlete, Change(session.sid, athlete=session.athlete))
        after = world.seen()
        assert (after.sessions, after.steps, after.findings) == (before.sessions, before.steps, before.findings)


# --- numbers that are computed anew between edits --------------------------------------------------------------------


def test_a_session_recomputed_after_it_was_cut_is_cut_of_the_new_numbers(world: World) -> None:
    session = recorded("watch", sid_of(1), ME, SEVEN_UTC)
    world.take(session)
    world.edit(ME, Split(session.sid, SEVEN_UTC + A_MINUTE, "second"))
    before = [world.store.session(sid) for sid in (session.sid, "second")]
    louder = replace(session.steps, achilles_impulse_bw_s=2 * session.steps.achilles_impulse_bw_s)
    assert session.summary.totals.load_bw_s is not None
    totals = replace(session.summary.totals, load_bw_s=2 * session.summary.totals.load_bw_s)
    header = replace(session.summary.header, model="achilles-9.9.9")
    world.store.recorded.replace_session(
        replace(session.summary, header=header, totals=totals), louder, list(session.gaps)
    )
    after = [world.store.session(sid) for sid in (session.sid, "second")]
    for one, other in zip(before, after, strict=True):
        assert one is not None
        assert other is not None
        assert one.totals.load_bw_s is not None
        assert other.totals.load_bw_s == pytest.approx(2 * one.totals.load_bw_s, rel=1e-9)
        assert other.header.model == "achilles-9.9.9"


def test_what_edits_made_of_a_session_never_takes_the_place_of_what_was_recorded(world: World) -> None:
    session = pod()
    world.take(session)
    world.edit(ME, Trim(session.sid, to_utc=SEVEN_UTC + A_MINUTE))
    kept = world.store.session(session.sid)
    assert kept is not None
    with pytest.raises((ValueError, StoreError)):
        world.store.replace_session(kept, world.store.steps(session.sid), [])
    assert world.store.recorded.session(session.sid) == session.summary


def test_what_was_merged_can_be_cut_and_the_cut_reaches_into_the_part_it_lies_in(world: World) -> None:
    first = pod(1)
    second = recorded("pod", sid_of(2), ME, SEVEN_UTC + timedelta(minutes=5))
    for session in (first, second):
        world.take(session)
    world.edit(ME, Merge((first.sid, second.sid)), Trim(first.sid, to_utc=SEVEN_UTC + 6 * A_MINUTE))
    (kept,) = world.store.sessions(ME)
    assert (kept.start_utc, kept.end_utc) == (first.summary.start_utc, SEVEN_UTC + 6 * A_MINUTE)
    steps = world.store.steps(first.sid)
    n_second = int((second.steps.time_utc_us < int((SEVEN_UTC + 6 * A_MINUTE).timestamp() * 1e6)).sum())
    assert len(steps) == len(first.steps) + n_second


def test_what_is_left_of_a_merged_session_has_the_steps_of_the_part_that_is_left(world: World) -> None:
    first, second = pod(1), recorded("pod", sid_of(2), ME, SEVEN_UTC + 5 * A_MINUTE, minutes=4)
    world.keep([first, second])
    world.edit(ME, Merge((first.sid, second.sid)), Trim(first.sid, from_utc=SEVEN_UTC + 5 * A_MINUTE))
    kept = world.store.session(first.sid)
    assert kept is not None
    assert kept.totals == world.store.recorded.session(second.sid).totals  # type: ignore[union-attr]
    assert world.store.steps(first.sid) == world.store.recorded.steps(second.sid)


def test_a_run_by_hand_is_judged_and_undone_like_any_other(world: World) -> None:
    world.keep(recorded("watch", sid_of(n), ME, SEVEN_UTC + timedelta(days=n), minutes=2) for n in range(1, 20))
    world.judge()
    before = world.seen()
    world.edit(ME, AddRun("by-hand-1", SEVEN_UTC + timedelta(days=20, hours=3), has_time=True, distance_m=9000.0))
    (found,) = [f for f in world.findings().values() if f.scope == "session:by-hand-1"]
    assert (found.measure, found.value) == ("distance_m", 9000.0)
    world.keeping.undo(ME, by="cli")
    after = world.seen()
    assert (after.sessions, after.findings) == (before.sessions, before.findings)


@pytest.mark.parametrize("clock_stands", [True, False])
def test_what_one_call_said_is_taken_back_together_and_what_another_said_is_not(
    tmp_path: Path, clock_stands: bool
) -> None:
    with closing(World(tmp_path / "hub")) as world:
        sessions = [recorded("watch", sid_of(n), ME, SEVEN_UTC + timedelta(days=n)) for n in (1, 2, 3)]
        world.keep(sessions)
        first, second, third = (session.sid for session in sessions)
        if not clock_stands:
            world.keeping = HistoryKeeping(world.store, world.registry, world.ingest)
        world.edit(ME, Delete(first))
        world.edit(ME, Tell(second, note="x"), Delete(second), Delete(third))
        outcome = world.keeping.undo(ME, by="api")
        assert len(outcome.entries) == 3
        assert {kept.summary.header.sid: kept.standing for kept in outcome.sessions} == dict.fromkeys(
            (second, third), "counts"
        )
        assert [s.header.sid for s in world.store.sessions(ME)] == [second, third]
        world.keeping.undo(ME, by="api")
        assert [s.header.sid for s in world.store.sessions(ME)] == [first, second, third]
        with pytest.raises(EditError, match="no edit to take back"):
            world.keeping.undo(ME, by="api")


def test_sessions_of_different_days_are_never_one_run(tmp_path: Path) -> None:
    """Else a history read from a day on would count another session than the whole history does."""
    sessions = [recorded("watch", sid_of(n), ME, SEVEN_UTC + timedelta(days=30 * n)) for n in (1, 2)]
    first, second = (session.sid for session in sessions)
    with closing(World(tmp_path / "hub")) as world:
        world.keep(sessions)
        with pytest.raises(EditError, match=r"more than a day apart.*delete the one that is wrong"):
            world.edit(ME, Link((first, second), first))
        since_utc = sessions[1].summary.start_utc - A_MINUTE
        assert [s.header.sid for s in world.store.sessions(ME, since_utc)] == [second]
        assert [s.header.sid for s in world.store.sessions(ME)] == [first, second]


def test_a_file_that_takes_the_place_of_one_from_before_midnight_takes_its_findings_back(tmp_path: Path) -> None:
    midnight_utc = FIRST_DAY + timedelta(days=20, hours=-1)  # in Berlin, before a Monday
    days = [SEVEN_UTC + timedelta(days=n) for n in range(-7, 19)]
    short = [recorded("watch", sid_of(n), ME, at_utc, minutes=2) for n, at_utc in enumerate(days)]
    before = recorded("watch-speed", sid_of(30), ME, midnight_utc - timedelta(seconds=10), minutes=5)
    after = recorded("watch", sid_of(31), ME, midnight_utc + timedelta(seconds=5), minutes=5)
    with closing(World(tmp_path / "hub")) as world:
        world.edit(ME, Prefer(ask=False))
        for session in (*short, before):
            world.take(session)
        scopes = {finding.scope for finding in world.findings().values()}
        assert scopes >= {f"session:{before.sid}", "week:2026-02-23"}, "the run is one of that week's Sunday"
        world.take(after)
        assert world.store.sessions(ME)[-1].header.sid == after.sid
        assert len(world.store.sessions(ME)) == len(short) + 1
        scopes = {finding.scope for finding in world.findings().values()}
        assert f"session:{after.sid}" in scopes
        assert scopes.isdisjoint({f"session:{before.sid}", "week:2026-02-23"})


@pytest.mark.parametrize("hour", [1, 9, 14, 20, 22])
def test_a_run_of_a_day_that_has_not_been_yet_is_refused_and_one_of_today_taken(world: World, hour: int) -> None:
    now_utc = datetime(2026, 4, 20, hour, 30, tzinfo=UTC)  # two hours later in Berlin
    keeping = HistoryKeeping(world.store, world.registry, world.ingest, clock=lambda: now_utc)
    noon_utc = (now_utc + timedelta(hours=2)).replace(hour=10, minute=0)
    days = {1: timedelta(days=1), 0: timedelta(0)}
    for later_utc in (noon_utc + days[1], noon_utc.replace(year=9999, month=12, day=31, hour=23)):
        with pytest.raises(EditError, match="has not been yet"):
            keeping.edit(ME, [AddRun("", later_utc, has_time=False, distance_m=5000.0)], by="api")
    assert len(keeping.edit(ME, [AddRun("", noon_utc, has_time=False, distance_m=5000.0)], by="api").entries) == 1


def test_a_run_that_is_given_away_leaves_the_givers_pair_behind_until_it_comes_back(world: World) -> None:
    session = recorded("watch", sid_of(1), ME, SEVEN_UTC)
    world.take(session)
    pair = world.registry.shoes.add(ME, "Pegasus")
    world.edit(ME, Tell(session.sid, shoe=pair.id, effort=4.0, note="windy"))
    world.edit(ME, Change(session.sid, athlete=OTHER))
    (theirs,) = world.keeping.history(OTHER).sessions
    assert theirs.told == Told(effort=4.0, note="windy")
    world.keeping.undo(ME, by="cli")
    (mine,) = world.keeping.history(ME).sessions
    assert mine.told == Told(pair.id, shoe_said=True, effort=4.0, note="windy")


def test_parts_follow_how_tall_somebody_says_they_are(tmp_path: Path) -> None:
    session = recorded("watch", sid_of(1), ME, SEVEN_UTC)
    with closing(World(tmp_path / "hub")) as world:
        world.take(session)
        world.edit(ME, Trim(session.sid, to_utc=SEVEN_UTC + A_MINUTE))
        seen = []
        for height_m in (None, 1.6, 1.9, None):
            world.registry.set_athlete(ME, height_m=height_m)
            world.store.journal.forget()  # a process notices by itself after two seconds
            (part,) = world.store.sessions(ME)
            seen.append(part.totals.leg_stiffness_bw_per_m)
    assert seen[0] is seen[3] is None
    assert None not in seen[1:3]
    assert seen[1] != seen[2]


# --- people who become one, and both stores --------------------------------------------------------------------------


def test_edits_of_two_people_who_become_one_stay_in_force(tmp_path: Path) -> None:
    with closing(World(tmp_path / "hub")) as world:
        mine = [recorded("watch", sid_of(n), ME, SEVEN_UTC + timedelta(days=n)) for n in range(1, 6)]
        theirs = [recorded("watch", sid_of(n), OTHER, SEVEN_UTC + timedelta(days=n)) for n in range(6, 10)]
        world.keep([*mine, *theirs])
        world.judge()
        given = mine[0].sid
        world.edit(ME, Change(given, athlete=OTHER), Delete(mine[1].sid))
        world.edit(OTHER, Trim(given, to_utc=mine[0].summary.start_utc + A_MINUTE))
        world.edit(OTHER, Change(theirs[0].sid, athlete=ME), Delete(theirs[1].sid))
        world.edit(OTHER, AddRun("by-hand-1", SEVEN_UTC + timedelta(days=20), has_time=True, distance_m=5000.0))
        before = {s.header.sid: s.totals for who in PEOPLE for s in world.store.sessions(who)}
        world.archive.merge(OTHER, ME)
        after = {s.header.sid: s.totals for s in world.store.sessions(ME)}
        assert after == before
        assert {s.header.athlete for s in world.store.sessions(ME)} == {ME}
        scopes = {finding.scope for finding in world.findings().values()}
        assert f"session:{mine[1].sid}" not in scopes
        n_calls = 4
        for _ in range(n_calls):
            world.keeping.undo(ME, by="cli")
        with pytest.raises(EditError, match="no edit to take back"):
            world.keeping.undo(ME, by="cli")
        whole = {session.sid: session.summary.totals for session in (*mine, *theirs)}
        assert {s.header.sid: s.totals for s in world.store.sessions(ME)} == whole


def test_parts_add_up_on_either_store(either_store: Store, tmp_path: Path) -> None:
    """InfluxDB keeps six decimals of a step, so parts there add up to a millionth."""
    session = recorded("watch", sid_of(1), ME, SEVEN_UTC, gap=True, pause=True)
    with closing(World(tmp_path / "hub", recorded=either_store)) as world:
        world.take(session)
        world.edit(ME, Split(session.sid, SEVEN_UTC + A_MINUTE, "second"))
        parts = world.store.sessions(ME)
        assert [s.header.sid for s in parts] == [session.sid, "second"]
        for name in ("n_steps", "load_bw_s", "duration_s", "distance_m"):
            together = sum(getattr(part.totals, name) for part in parts)
            assert together == pytest.approx(getattr(session.summary.totals, name), rel=1e-5), name
        assert sum(len(world.store.steps(part.header.sid)) for part in parts) == len(session.steps)
        world.keeping.undo(ME, by="cli")
        (whole,) = world.store.sessions(ME)
        assert whole == either_store.session(session.sid)
