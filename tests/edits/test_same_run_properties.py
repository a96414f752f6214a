"""The same run from several sources: of each one counts, whatever came first, and what a person said goes before."""

import random
from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.edits.same_run import SameRuns, same_runs
from sensor_hub.load.achilles import VERSION
from sensor_hub.load.reference import REFERENCE_ID
from sensor_hub.model.edit import SOURCE_ORDER, Distinct, Link, Prefer
from sensor_hub.model.gait import Tier
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Ledger, Origin, SessionHeader, SessionSummary

SEVEN_UTC = datetime(2026, 3, 29, 0, 30, tzinfo=UTC)  # a clock is put on within the hour in Berlin
SOURCE_ORIGINS: tuple[tuple[str, Origin, Tier], ...] = (
    ("bluetooth", "live", "imu"), ("mcap", "import", "imu"), ("fit", "import", "contact"), ("gpx", "import", "speed"),
    ("session-log", "import", "speed"), ("by-hand", "import", "speed"),
)  # fmt: skip
KIND_OF = {"bluetooth": "sensor", "mcap": "sensor", "fit": "watch", "gpx": "watch", "session-log": "log"}
LEDGERS: tuple[Ledger, ...] = ("run", "run", "run", "walk")
TIERS = ("imu", "contact", "speed")


@st.composite
def heaps(draw: st.DrawFn, most: int = 6) -> list[SessionSummary]:
    """Sessions of one morning, many of them at once."""
    found = []
    for n in range(draw(st.integers(2, most))):
        source, origin, tier = draw(st.sampled_from(SOURCE_ORIGINS))
        header = SessionHeader(
            f"s{n}", "k3f9", "Europe/Berlin", origin, tier, VERSION, REFERENCE_ID, "p@1", draw(st.sampled_from(LEDGERS))
        )
        start_utc = SEVEN_UTC + timedelta(seconds=draw(st.sampled_from((0, 10, 30, 31, 600, 1500, 3000, 86400))))
        lasted_s = draw(st.sampled_from((1000.0, 1020.0, 1500.0, 3000.0)))
        distance_m = draw(st.sampled_from((None, 5000.0, 5090.0, 5200.0)))
        coverage = draw(st.sampled_from((None, 0.5, 0.79, 0.8, 0.99, 1.0)))
        totals = Totals(duration_s=lasted_s, distance_m=distance_m, coverage=coverage)
        found.append(SessionSummary(header, start_utc, start_utc + timedelta(seconds=lasted_s), totals, source))
    return found


def words(sessions: list[SessionSummary]) -> st.SearchStrategy[list[Link | Distinct]]:
    sids = st.lists(st.sampled_from([s.header.sid for s in sessions]), min_size=2, max_size=3, unique=True).map(tuple)
    links = sids.flatmap(lambda some: st.builds(Link, st.just(some), st.sampled_from((None, *some))))
    return st.lists(links | st.builds(Distinct, sids), max_size=4)


preferences = st.builds(Prefer, st.permutations(SOURCE_ORDER).map(tuple), st.booleans())


def groups(sessions: list[SessionSummary], found: SameRuns) -> dict[str, set[str]]:
    """By the session that counts, it and those it counts for."""
    by_counting: dict[str, set[str]] = defaultdict(set)
    for session in sessions:
        sid = session.header.sid
        by_counting[found.instead.get(sid, sid)].add(sid)
    return by_counting


def last_said(said: list[Link | Distinct]) -> dict[frozenset[str], type]:
    return {frozenset(pair): type(edit) for edit in said for pair in combinations(edit.sids, 2)}


@given(st.data(), heaps(), preferences)
def test_of_each_run_exactly_one_counts(data: st.DataObject, sessions: list[SessionSummary], prefer: Prefer) -> None:
    said = data.draw(words(sessions))
    found = same_runs(sessions, said, prefer)
    for counting, group in groups(sessions, found).items():
        assert counting not in found.instead, "what counts for others does not count itself"
        assert counting in group
        assert len(group) == 1 or group <= set(found.because)
    offered = {sid for offer in found.offers for sid in offer.sids}
    assert not offered & set(found.instead), "nobody is asked about what does not count"
    assert all(offer.counts in offer.sids for offer in found.offers)


@given(st.data(), heaps(), preferences, st.integers(0, 99))
def test_neither_the_order_of_arrival_nor_of_reading_matters(
    data: st.DataObject, sessions: list[SessionSummary], prefer: Prefer, seed: int
) -> None:
    said = data.draw(words(sessions))
    shuffled = list(sessions)
    random.Random(seed).shuffle(shuffled)
    assert same_runs(shuffled, said, prefer) == same_runs(sessions, said, prefer)


@given(st.data(), heaps(), preferences)
def test_two_that_are_said_to_differ_are_never_one_run(
    data: st.DataObject, sessions: list[SessionSummary], prefer: Prefer
) -> None:
    said = data.draw(words(sessions))
    by_counting = groups(sessions, same_runs(sessions, said, prefer)).values()
    for pair, word in last_said(said).items():
        if word is Distinct:
            assert not any(pair <= group for group in by_counting)


@given(st.data(), heaps(), preferences)
def test_what_was_linked_last_is_one_run_unless_that_joins_two_that_differ(
    data: st.DataObject, sessions: list[SessionSummary], prefer: Prefer
) -> None:
    said = data.draw(words(sessions))
    pairs = last_said(said)
    if Distinct in pairs.values():
        return
    by_counting = groups(sessions, same_runs(sessions, said, prefer)).values()
    for pair in pairs:
        assert any(pair <= group for group in by_counting)


@given(heaps(most=2), preferences)
def test_of_two_sessions_the_rules_say_whether_they_are_one_run_and_which_counts(
    sessions: list[SessionSummary], prefer: Prefer
) -> None:
    found = same_runs(sessions, (), prefer)
    one, other = sessions
    because = _because(one, other, prefer)
    assert set(found.because.values()) == ({because} if because else set())
    asks = because is None and prefer.ask and _overlap_by_half(one, other)
    assert [set(offer.sids) for offer in found.offers] == ([{"s0", "s1"}] if asks else [])
    best = min(sessions, key=lambda s: _rank(s, prefer)).header.sid
    if because is not None:
        assert set(found.instead.values()) == {best}
    if asks:
        assert found.offers[0].counts == best


@given(heaps(most=2), preferences)
def test_a_word_that_they_differ_takes_back_what_the_program_linked(
    sessions: list[SessionSummary], prefer: Prefer
) -> None:
    found = same_runs(sessions, [Link(("s0", "s1")), Distinct(("s0", "s1"))], prefer)
    assert found == SameRuns()


@given(heaps(most=2), preferences, st.sampled_from(("s0", "s1")))
def test_whom_somebody_chose_counts(sessions: list[SessionSummary], prefer: Prefer, chosen: str) -> None:
    found = same_runs(sessions, [Link(("s0", "s1"), chosen)], prefer)
    assert set(found.instead.values()) == {chosen}
    assert set(found.because.values()) == {"said"}


def test_a_replay_is_no_source_of_a_run() -> None:
    base = SessionHeader("s0", "k3f9", "UTC", "live", "imu", VERSION, REFERENCE_ID, "p@1")
    one = SessionSummary(base, SEVEN_UTC, SEVEN_UTC + timedelta(hours=1), Totals(duration_s=3600.0), "bluetooth")
    other = replace(one, header=replace(base, sid="s1", origin="replay"))
    assert same_runs([one, other]) == SameRuns()


# --- the rules for two, as they are told -----------------------------------------------------------------------------


def _because(one: SessionSummary, other: SessionSummary, prefer: Prefer) -> str | None:
    if not _overlap_by_half(one, other):
        return None
    if one.header.origin == other.header.origin == "live":
        return "two-edges"
    are_files = one.header.origin == other.header.origin == "import" and "by-hand" not in {one.source, other.source}
    if are_files and abs(one.start_utc - other.start_utc) <= timedelta(seconds=30):
        times_s, ways_m = [(s.totals.duration_s, s.totals.distance_m) for s in (one, other)], []
        ways_m = [way_m for _, way_m in times_s if way_m is not None]
        lasted_s = [time_s for time_s, _ in times_s]
        if len(ways_m) == 2 and min(ways_m) >= 0.98 * max(ways_m) and min(lasted_s) >= 0.98 * max(lasted_s):
            return "same-numbers"
    return None if prefer.ask else "preference"


def _overlap_by_half(one: SessionSummary, other: SessionSummary) -> bool:
    shared = min(one.end_utc, other.end_utc) - max(one.start_utc, other.start_utc)
    shorter = min(one.end_utc - one.start_utc, other.end_utc - other.start_utc)
    return one.header.ledger == other.header.ledger and shared > shorter / 2


def _rank(session: SessionSummary, prefer: Prefer) -> tuple[object, ...]:
    coverage = session.totals.coverage
    place = [str(kind) for kind in prefer.order].index(KIND_OF.get(session.source, "by-hand"))
    is_low = coverage is not None and coverage < 0.8
    return is_low, place, TIERS.index(session.header.tier), -(coverage or 0.0), session.start_utc, session.header.sid
