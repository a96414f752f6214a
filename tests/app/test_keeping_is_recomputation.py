"""Histories that were edited one step after the other are those that come out from scratch; undone ones, untouched."""

import random
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from sensor_hub.edits.same_run import source_kind
from sensor_hub.errors import EditError
from sensor_hub.model.edit import AddRun
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import HistoryView
from tests.edits.recorded import recorded
from tests.edits.strategies import FIRST_DAY, Story, sid_of, stories
from tests.edits.world import Seen, World, from_scratch

PHASES = (Phase.explicit, Phase.generate)  # making a history smaller takes minutes
SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)
FEW = settings().max_examples // 5  # each keeps, edits and judges whole histories in databases of its own
histories = stories(most_sessions=25, most_entries=10)


@contextmanager
def worlds() -> Iterator[Path]:
    with TemporaryDirectory() as folder:
        yield Path(folder)


def without_journal(seen: Seen) -> Seen:
    """The history alone: an undone edit leaves its entry, and an entry names what it touched."""

    def bare(view: HistoryView) -> HistoryView:
        sessions = tuple(replace(kept, entries=()) for kept in view.sessions)
        return replace(view, sessions=sessions, journal=(), idle=frozenset(), undone=frozenset())

    return replace(seen, views={who: bare(view) for who, view in seen.views.items()})


def without_first_times(findings: dict[str, Finding]) -> list[Finding]:
    """When a finding was first told depends on when it was judged, edits or none."""
    return [replace(finding, first_utc=finding.updated_utc) for _, finding in sorted(findings.items())]


@settings(max_examples=FEW, suppress_health_check=SLOW, phases=PHASES)
@given(histories, st.sets(st.integers(0, 10), max_size=2))
def test_edits_one_by_one_end_where_a_recomputation_from_scratch_does(story: Story, started_anew: set[int]) -> None:
    with worlds() as folder, closing(World(folder / "a")) as world:
        world.keep(story.recorded)
        world.judge()
        for i, entry in enumerate(story.entries):
            world.say(entry)
            if i in started_anew:
                world.reopen()
        journal = world.registry.journal.entries()
        with closing(from_scratch(folder / "b", story.recorded, journal)) as fresh:
            assert world.seen() == fresh.seen()


@settings(max_examples=3 * FEW // 4, suppress_health_check=SLOW, phases=PHASES)
@given(histories)
def test_undoing_everything_leaves_what_never_was_edited_bit_for_bit(story: Story) -> None:
    with worlds() as folder, closing(World(folder / "a")) as world:
        world.keep(story.recorded)
        world.judge()
        before = without_journal(world.seen())
        for entry in story.entries:
            world.say(entry)
        world.undo_everything()
        assert without_journal(world.seen()) == before


@settings(max_examples=3 * FEW // 4, suppress_health_check=SLOW, phases=PHASES)
@given(histories, st.integers(0, 99))
def test_edits_while_sessions_still_come_end_where_a_recomputation_does(story: Story, seed: int) -> None:
    """In whatever order they come; only when something was first told depends on it."""
    with worlds() as folder, closing(World(folder / "a")) as world:
        coming = list(story.recorded)
        rng = random.Random(seed)
        rng.shuffle(coming)
        for entry in story.entries:
            for session in [coming.pop() for _ in range(min(len(coming), rng.randrange(4)))]:
                world.take(session)
            world.say(entry)
        for session in coming:
            world.take(session)
        journal = world.registry.journal.entries()
        with closing(from_scratch(folder / "b", story.recorded, journal)) as fresh:
            seen, expected = world.seen(), fresh.seen()
            assert without_first_times(seen.findings) == without_first_times(expected.findings)
            assert replace(seen, findings={}) == replace(expected, findings={})


@settings(max_examples=3 * FEW // 4, suppress_health_check=SLOW, phases=PHASES)
@given(histories)
def test_every_session_is_of_one_person_and_nothing_recorded_is_ever_changed(story: Story) -> None:
    """What was recorded stays bit for bit; and every recorded session is somewhere in exactly one history."""
    with worlds() as folder, closing(World(folder / "a")) as world:
        world.keep(story.recorded)
        for entry in story.entries:
            world.say(entry)
        for session in story.recorded:
            assert world.store.recorded.session(session.sid) == session.summary
            assert world.store.recorded.steps(session.sid) == session.steps
        views = world.seen().views.values()
        sids = sorted(kept.summary.header.sid for view in views for kept in view.sessions)
        assert len(sids) == len(set(sids))
        assert {session.sid for session in story.recorded} <= set(sids)
        for view in views:
            counting = [k.summary for k in view.sessions if k.counts][::-1]
            assert world.store.sessions(view.athlete) == sorted(counting, key=lambda s: (s.start_utc, s.header.sid))
            assert all(source_kind(s) for s in counting)


@settings(max_examples=3 * FEW // 4, suppress_health_check=SLOW, phases=PHASES)
@given(histories)
def test_what_is_asked_from_a_day_on_is_the_end_of_the_whole(story: Story) -> None:
    """A rule looks back some days only; it must see what whoever looks at everything sees."""
    with worlds() as folder, closing(World(folder / "a")) as world:
        world.keep(story.recorded)
        for entry in story.entries:
            world.say(entry)
        for who in world.people:
            whole = world.store.sessions(who)
            for session in whole:
                since = session.start_utc
                assert world.store.sessions(who, since) == [s for s in whole if s.start_utc >= since]
            for session in whole:
                assert world.store.session(session.header.sid) == session


def test_a_run_by_hand_cannot_take_the_id_of_somebody_elses_session(tmp_path: Path) -> None:
    with closing(World(tmp_path)) as world:
        me, other = world.people
        theirs = recorded("watch", sid_of(1), other, FIRST_DAY)
        world.keep([theirs])
        with pytest.raises(EditError, match="already"):
            world.edit(me, AddRun(theirs.sid, FIRST_DAY, has_time=True, distance_m=5000.0))
        assert world.store.session(theirs.sid) == theirs.summary
        assert world.store.sessions(me) == []
