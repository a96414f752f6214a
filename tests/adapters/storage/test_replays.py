"""A replay keeps its session's id; no store lets it take the place of the run it repeats."""

import random
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensor_hub.adapters.storage.progress import Progress, advance
from sensor_hub.model.gait import StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import GapFound, Origin, SessionHeader, SessionStarted, SessionSummary, StepBatch
from tests.adapters.storage.runs import HEADER, START_UTC, all_steps, header, run, totals

SID = HEADER.sid
LATER_UTC = START_UTC + timedelta(seconds=1)
OTHERS: list[Origin] = ["live", "import", "simulated"]


def with_gap(envelopes: list[Envelope], cause: str) -> list[Envelope]:
    of, gw = envelopes[0].event.header, envelopes[0].gw
    gap = GapFound(of, "pod-l", START_UTC, START_UTC + timedelta(seconds=len(cause)), cause)
    return [*envelopes, Envelope(gw, 900, gap)]


def replayed(n_batches: int, of: SessionHeader = HEADER, gw: str = "edge-replay") -> list[Envelope]:
    """The same steps again, by another model, with totals that are further, and another start and end."""
    found = []
    for envelope in run(n_batches, replace(of, origin="replay", model="achilles-9.9.9"), gw):
        event = envelope.event
        assert isinstance(event, SessionStarted | StepBatch | SessionSummary)
        event = replace(event, start_utc=LATER_UTC)
        if isinstance(event, StepBatch):
            event = replace(event, totals=totals(1_000 + (event.totals.n_steps or 0)))
        if isinstance(event, SessionSummary):
            event = replace(event, end_utc=event.end_utc + timedelta(hours=9), totals=totals(9_999), source="again")
        found.append(replace(envelope, event=event))
    return with_gap(found, "clock-reset")


def of_origin(origin: Origin, n_batches: int, *, ended: bool) -> list[Envelope]:
    envelopes = run(n_batches, header(origin=origin))
    return with_gap(envelopes if ended else envelopes[:-1], "silence")


def said(store: Store, sid: str) -> tuple[object, StepTable, list[GapFound]]:
    return store.session(sid), store.steps(sid), store.gaps(sid)


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("origin", OTHERS)
def test_a_replay_changes_nothing_of_a_session_that_is_known(store: Store, origin: Origin, ended: bool) -> None:
    store.commit(of_origin(origin, 4, ended=ended))
    before = said(store, SID)
    assert isinstance(before[0], SessionSummary)
    assert (before[0].header.origin, before[0].ended) == (origin, ended)
    for envelope in replayed(4):
        store.commit([envelope])
        assert said(store, SID) == before
    assert store.sessions("k3f9") == [before[0]]


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize("origin", OTHERS)
def test_a_session_known_only_as_a_replay_gives_way_to_any_other(store: Store, origin: Origin, ended: bool) -> None:
    store.commit(replayed(4))
    known = store.session(SID)
    assert known is not None
    assert (known.header.origin, known.totals) == ("replay", totals(9_999))
    start, first, *rest = of_origin(origin, 4, ended=ended)
    store.commit([start])
    started = SessionSummary(header(origin=origin), START_UTC, START_UTC, Totals(), ended=False)
    assert store.session(SID) == started
    store.commit([first])
    fewer = store.session(SID)
    assert fewer is not None
    assert (fewer.header.origin, fewer.totals, fewer.ended) == (origin, totals(3), False)
    store.commit(rest)
    found = store.session(SID)
    assert found is not None
    assert (found.header, found.start_utc, found.ended) == (header(origin=origin), START_UTC, ended)
    if ended:
        assert found == rest[-2].event
    else:
        assert found.totals == totals(12)
    assert store.sessions("k3f9") == [found]
    assert [gap.cause for gap in store.gaps(SID)] == ["silence"]


def test_a_replay_of_what_is_not_known_is_a_session_of_its_own_kind(store: Store) -> None:
    start, *parts, end, gap = replayed(3)
    store.commit([start, parts[0]])
    running = store.session(SID)
    assert running is not None
    assert (running.header.origin, running.totals, running.ended) == ("replay", totals(1_003), False)
    store.commit([*parts[1:], end, gap])
    assert store.session(SID) == end.event
    assert store.sessions("k3f9") == [end.event]
    assert store.gaps(SID) == [gap.event]
    assert store.steps(SID) == all_steps(3)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    seed=st.integers(0, 2**32),
    n_live=st.integers(1, 6),
    ended=st.booleans(),
    cuts=st.lists(st.integers(1, 16), max_size=4),
    origin=st.sampled_from(OTHERS),
)
def test_any_order_of_live_and_replay_gives_the_live_session(
    store: Store, seed: int, n_live: int, ended: bool, cuts: list[int], origin: Origin
) -> None:
    mixed, alone = (uuid4().hex for _ in range(2))
    live = of_origin(origin, 4, ended=ended)
    live = random.Random(seed).sample(live, min(n_live, len(live))) if not ended else live

    def of(sid: str) -> list[Envelope]:
        return [replace(e, gw=sid, event=replace(e.event, header=replace(e.event.header, sid=sid))) for e in live]

    store.commit(of(alone))
    expected = store.session(alone)
    messages = [*of(mixed), *replayed(4, header(sid=mixed), f"again-{mixed}")]
    random.Random(seed).shuffle(messages)
    for first, last in pairwise(sorted({0, len(messages), *(c for c in cuts if c < len(messages))})):
        store.commit(messages[first:last])
    found = store.session(mixed)
    if expected is None:  # of the run itself only a gap came: what the replay says is all there is
        assert found is not None
        assert found.header.origin == "replay"
    else:
        assert found == replace(expected, header=replace(expected.header, sid=mixed))
    assert store.steps(mixed) == all_steps(4)
    has_gap = any(isinstance(e.event, GapFound) for e in live)
    assert [gap.cause for gap in store.gaps(mixed)] == ["silence" if has_gap else "clock-reset"]


def test_a_replay_that_starts_later_does_not_bring_its_session_into_a_later_window(store: Store) -> None:
    store.commit([*replayed(2), *of_origin("live", 2, ended=True)])
    assert store.sessions("k3f9", LATER_UTC) == []
    assert [s.header.origin for s in store.sessions("k3f9", START_UTC)] == ["live"]


def test_a_replay_under_another_name_gives_nobody_the_run(store: Store) -> None:
    store.commit([*of_origin("live", 2, ended=True), *replayed(2, header(athlete="zz"))])
    assert store.sessions("zz") == []
    assert [s.header.athlete for s in store.sessions("k3f9")] == ["k3f9"]
    assert [gap.header.athlete for gap in store.gaps(SID)] == ["k3f9"]


def test_a_run_and_its_replay_go_to_the_other_athlete_together(store: Store) -> None:
    store.commit([*replayed(2), *of_origin("live", 2, ended=True)])
    before = store.session(SID)
    assert before is not None
    store.reassign("k3f9", "new")
    store.commit(replayed(2, gw="edge-again"))
    moved = replace(before, header=header(athlete="new"))
    assert store.sessions("new") == [moved]
    assert store.session(SID) == moved
    assert [gap.header for gap in store.gaps(SID)] == [header(athlete="new")]


@given(messages=st.permutations([e.event for e in [*run(3), *replayed(3)]]))
def test_what_is_known_ends_as_the_run_itself_whatever_the_order(messages: list[object]) -> None:
    known: Progress | None = None
    for event in messages:
        if isinstance(event, SessionStarted | StepBatch | SessionSummary):
            known = advance(known, event)
    assert known is not None
    assert known.summary == run(3)[-1].event
