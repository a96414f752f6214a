"""One contract, every store: SQLite, and a real InfluxDB by both of its writers."""

import random
from collections.abc import Callable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import get_args

import numpy as np
import pytest

from sensor_hub.errors import StoreError
from sensor_hub.model.finding import FindingMeasure
from sensor_hub.model.gait import FLOAT_COLUMNS, UNKNOWN_TEXT, StepTable
from sensor_hub.model.load import Totals
from sensor_hub.model.message import DeadLetter, Envelope
from sensor_hub.model.ports import Store
from sensor_hub.model.session import (
    DecodeFailed,
    Event,
    GapFound,
    LiveReading,
    SessionPaused,
    SessionStarted,
    SessionSummary,
    StepBatch,
)
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, finding, header, run, totals

SID = HEADER.sid
SHUFFLES = [1, 2, 3, 4]


def contents(store: Store, sid: str = SID) -> tuple[object, ...]:
    """Everything a store says of one session."""
    return store.session(sid), store.gaps(sid), store.received(GW), store.findings(), store.dead_letters()


def test_an_empty_store_knows_nothing(store: Store) -> None:
    assert store.session(SID) is None
    assert store.sessions("k3f9") == []
    assert len(store.steps(SID)) == 0
    assert not any([store.gaps(SID), store.findings(), store.findings("k3f9"), store.dead_letters()])
    assert store.received(GW) == []


def test_a_whole_session_comes_back_as_it_was(store: Store) -> None:
    envelopes = run(5)
    store.commit(envelopes)
    assert store.session(SID) == envelopes[-1].event
    assert store.sessions("k3f9") == [envelopes[-1].event]
    assert store.steps(SID) == all_steps(5)
    assert store.received(GW) == [(0, 6)]


def test_what_is_committed_is_there_for_the_next_who_opens_the_store(opener: Callable[[], Store]) -> None:
    first = opener()
    first.commit(run(2))
    first.close()
    assert opener().steps(SID) == all_steps(2)


def test_a_running_session_shows_the_totals_so_far(store: Store) -> None:
    start, one, two, *_ = run(4)
    store.commit([start])
    assert store.session(SID) == SessionSummary(HEADER, START_UTC, START_UTC, Totals(), ended=False)
    store.commit([one, two])
    last_step_s = 5 * 0.341003
    end_utc = START_UTC + timedelta(seconds=last_step_s)
    assert store.session(SID) == SessionSummary(HEADER, START_UTC, end_utc, totals(6), ended=False)


def test_a_batch_without_its_start_makes_the_session(store: Store) -> None:
    start, _, two, *_ = run(4)
    store.commit([two])
    before = store.session(SID)
    assert before is not None
    assert before.totals == totals(6)
    store.commit([start])
    assert store.session(SID) == before


def test_committing_again_changes_nothing(store: Store) -> None:
    envelopes = [
        *run(4),
        Envelope(GW, 7, GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=2), "silence")),
    ]
    letter = DeadLetter("some/topic", b"\x00\xff", "unknown version 9", GW, 9)
    store.commit(envelopes, [letter])
    before, steps = contents(store), store.steps(SID)
    store.commit(envelopes, [letter])
    store.commit([e for e in envelopes for _ in range(2)])
    assert contents(store) == before
    assert store.steps(SID) == steps


@pytest.mark.parametrize("seed", SHUFFLES)
@pytest.mark.parametrize("with_summary", [True, False])
def test_the_order_of_arrival_does_not_show(store: Store, seed: int, with_summary: bool) -> None:
    in_order = run(6)[: None if with_summary else -1]
    shuffled = in_order + in_order[::2]
    random.Random(seed).shuffle(shuffled)
    store.commit(shuffled[:4])
    for envelope in shuffled[4:]:
        store.commit([envelope])
    summary = store.session(SID)
    assert summary is not None
    assert summary.totals == (
        in_order[-1].event.totals if isinstance(in_order[-1].event, SessionSummary) else totals(18)
    )
    assert summary.ended is with_summary
    assert store.steps(SID) == all_steps(6)
    assert store.received(GW) == [(0, len(in_order) - 1)]


def test_running_totals_never_go_backwards(store: Store) -> None:
    for i in (3, 0, 4, 1, 2):
        store.commit([Envelope(GW, i, batches(5)[i])])
        session = store.session(SID)
        assert session is not None
        assert session.totals == totals(15 if i in {4, 1, 2} else 12)


def test_the_lagging_foot_does_not_turn_the_totals_back(store: Store) -> None:
    # the right pod's older steps become certain after the left pod's newer ones: further totals, an earlier last step
    ahead, behind = batches(2)[::-1]
    ahead, behind = replace(ahead, totals=totals(3)), replace(behind, totals=totals(6))
    store.commit([Envelope(GW, 0, ahead)])
    store.commit([Envelope(GW, 1, behind)])
    session = store.session(SID)
    assert session is not None
    assert session.totals == totals(6)
    assert session.end_utc == START_UTC + timedelta(seconds=5 * 0.341003)


@pytest.mark.parametrize("swapped", [False, True])
def test_two_batches_that_end_at_the_same_step_have_one_winner(store: Store, swapped: bool) -> None:
    # the same moving time and the same last step: the steps decide
    (batch,) = batches(1)
    more = replace(batch, totals=replace(batch.totals, n_steps=4.0, distance_m=9.9))
    pair = [Envelope(GW, 0, batch), Envelope(GW, 1, more)]
    for envelope in pair[:: -1 if swapped else 1]:
        store.commit([envelope])
    session = store.session(SID)
    assert session is not None
    assert session.totals == more.totals


def test_late_batches_add_steps_but_leave_the_summary_alone(store: Store) -> None:
    start, one, two, summary = run(2)
    store.commit([start, one, summary])
    store.commit([two])
    assert store.session(SID) == summary.event
    assert store.steps(SID) == all_steps(2)


def test_unknown_comes_back_unknown(store: Store) -> None:
    (batch,) = batches(1)
    unknown = dict.fromkeys(FLOAT_COLUMNS, np.full(3, np.nan))
    nothing = replace(batch.steps, **unknown, step_time_origin=np.full(3, UNKNOWN_TEXT))
    event = replace(batch, steps=nothing, totals=Totals())
    store.commit([Envelope(GW, 0, event)])
    assert store.steps(SID) == nothing
    session = store.session(SID)
    assert session is not None
    assert session.totals == Totals()


def test_a_corrected_summary_can_make_a_number_unknown_again(store: Store) -> None:
    (*_, end) = run(1)
    assert isinstance(end.event, SessionSummary)
    store.commit([end])
    corrected = replace(end.event, totals=replace(end.event.totals, distance_m=None, coverage=0.5))
    store.commit([Envelope(GW, 99, corrected)])
    assert store.session(SID) == corrected


@pytest.mark.parametrize(
    "value", [0.1 + 0.2, 1e-300, 1.7976931348623157e308, 5e-324, 1 / 3, 123456789.0, 0.0, 1e16, 2.0]
)
def test_floats_come_back_exactly(store: Store, value: float) -> None:
    (batch,) = batches(1)
    columns = {name: np.array([value, -value, np.nan]) for name in FLOAT_COLUMNS}
    table = replace(batch.steps, **columns)
    names = [f.name for f in fields(Totals) if f.name != "foot_strike"]
    numbers = Totals(**dict.fromkeys(names, value))  # type: ignore[arg-type]
    store.commit([Envelope(GW, 0, replace(batch, steps=table, totals=numbers))])
    assert store.steps(SID) == table
    session = store.session(SID)
    assert session is not None
    assert session.totals == numbers


def test_a_whole_number_among_the_totals_stays_a_number_beside_fractions(store: Store) -> None:
    one, two = batches(2)
    store.commit([Envelope(GW, 0, replace(one, totals=replace(one.totals, distance_m=7, coverage=1)))])
    store.commit([Envelope(GW, 1, two)])
    session = store.session(SID)
    assert session is not None
    assert session.totals == two.totals


def test_live_readings_leave_no_trace(store: Store) -> None:
    live = LiveReading(HEADER, START_UTC, "L", 176.0, 0.231, totals(3))
    store.commit([Envelope(GW, 0, live), Envelope(GW, 0, live)])
    assert store.session(SID) is None
    assert store.received(GW) == []


def test_received_ranges_merge_whatever_the_order(store: Store) -> None:
    start = run(1)[0]
    for seqs in ([5, 6], [9], [7], [5, 9], [0], [8, 3]):
        store.commit([replace(start, seq=seq) for seq in seqs])
    store.commit([replace(start, gw="edge-2", seq=4)])
    assert store.received(GW) == [(0, 0), (3, 3), (5, 9)]
    assert store.received("edge-2") == [(4, 4)]


def test_gaps_pauses_and_decode_failures_are_kept_once_each(store: Store) -> None:
    at = [START_UTC + timedelta(seconds=s) for s in (30, 10, 10)]
    gaps: list[Event] = [
        GapFound(HEADER, device, moment, moment + timedelta(seconds=2.5), "silence")
        for device, moment in zip(["pod-l", 'pod r, "=', "pod-l"], at, strict=True)
    ]
    others: list[Event] = [
        SessionPaused(HEADER, at[0], at[0] + timedelta(minutes=1)),
        DecodeFailed(HEADER, "pod-l", "2a53", at[0], "3 bytes\nleft over in '00 \"ff\"'"),
        GapFound(header(sid="other"), "pod-l", at[0], at[1], "clock-reset"),
    ]
    envelopes = [Envelope(GW, i, event) for i, event in enumerate(gaps + others)]
    store.commit(envelopes)
    store.commit([replace(e, seq=e.seq + 10) for e in envelopes])
    assert store.gaps(SID) == [gaps[1], gaps[2], gaps[0]]
    assert len(store.gaps("other")) == 1
    assert store.session(SID) is None


def test_sessions_are_those_of_the_athlete_oldest_first_and_since_a_moment(store: Store) -> None:
    starts = [START_UTC + timedelta(days=d) for d in (2, 0, 1)]
    summaries = [
        SessionSummary(header(sid=f"s{i}"), start, start + timedelta(hours=1), totals(10 + i))
        for i, start in enumerate(starts)
    ]
    other = SessionSummary(header(sid="x", athlete="zz"), START_UTC, START_UTC, totals(1))
    running = SessionStarted(header(sid="r"), START_UTC + timedelta(days=3), ())
    events: list[Event] = [*summaries, other, running]
    store.commit([Envelope(GW, i, event) for i, event in enumerate(events)])
    assert [s.header.sid for s in store.sessions("k3f9")] == ["s1", "s2", "s0", "r"]
    assert [s.header.sid for s in store.sessions("k3f9", starts[2])] == ["s2", "s0", "r"]
    assert store.sessions("k3f9", datetime(9999, 1, 1, tzinfo=UTC)) == []
    assert store.sessions("zz") == [other]
    assert store.sessions("nobody") == []


def test_findings_of_every_measure_come_back_as_they_were(store: Store) -> None:
    measures = [measure for some in get_args(FindingMeasure) for measure in get_args(some)]
    told = [finding(rule="any", measure=measure, value=0.1 + n, limit=7) for n, measure in enumerate(measures)]
    for each in told:
        store.save_finding(each)
    assert len(told) > 10
    assert {f.key: f for f in store.findings()} == {f.key: f for f in told}


def test_a_finding_is_one_a_key_and_a_rise_replaces_it(store: Store) -> None:
    first, week = finding(), finding(scope="week:2026-11-16", updated_utc=START_UTC)
    store.save_finding(first)
    store.save_finding(week)
    risen = replace(first, level="over-30", value=13, first_utc=START_UTC - timedelta(hours=1), withdrawn=True)
    store.save_finding(risen)
    assert store.findings() == [risen, week]
    assert store.findings("k3f9") == [risen, week]
    assert store.findings("nobody") == []


def test_a_finding_can_go_back_in_time(store: Store) -> None:
    store.save_finding(finding(value=12.0))
    earlier = finding(value=11.0, updated_utc=START_UTC, first_utc=START_UTC - timedelta(days=1))
    store.save_finding(earlier)
    assert store.findings() == [earlier]


def test_dead_letters_are_kept_once_with_their_bytes_and_marked_as_received(store: Store) -> None:
    known = DeadLetter("a/b", bytes(range(256)), "steps: 'dt_s' is not a list", GW, 3)
    nameless = DeadLetter("a/b", b'not json "\\', "not JSON\nat all")
    empty = DeadLetter("", b"", "")
    store.commit([], [known, nameless])
    store.commit(run(0)[:1], [nameless, replace(known, reason="another reason now"), empty, empty])
    assert store.dead_letters() == [known, nameless, empty]
    assert store.received(GW) == [(0, 0), (3, 3)]


def test_a_dead_letter_that_is_understood_later_is_kept_as_an_event_too(store: Store) -> None:
    store.commit([], [DeadLetter("t", b"{}", "unknown type 'steps'", GW, 1)])
    store.commit([Envelope(GW, 1, batches(1)[0])])
    assert store.steps(SID) == all_steps(1)


def test_a_large_dead_letter_keeps_its_bytes(store: Store) -> None:
    large = DeadLetter("t", bytes(300_000), "too much", GW, 1)
    store.commit([], [large])
    assert store.dead_letters() == [large]


def test_texts_of_every_kind_come_back(store: Store) -> None:
    every = "".join(map(chr, range(1, 256))) + "\u2028\u2029\U0001f3c3"
    strange = header(zone='Åland/"x\\', model=every, profile="p,=q \\", reference="日本\t")
    start = SessionStarted(strange, START_UTC, ())
    store.commit([Envelope("edge 1,=\\", 0, start)])
    session = store.session(SID)
    assert session is not None
    assert session.header == strange
    assert store.received("edge 1,=\\") == [(0, 0)]


def test_a_query_cannot_be_smuggled_in_by_an_id(store: Store) -> None:
    store.commit(run(1))
    for evil in ("x' OR sid =~ /.*/ OR sid='", "x\\' OR 1=1 --", "'; DROP MEASUREMENT steps; --", "\n", "", "\ud800"):
        assert store.session(evil) is None
        assert len(store.steps(evil)) == 0
        assert not any([store.sessions(evil), store.gaps(evil), store.findings(evil)])
        assert store.received(evil) == []
    assert store.steps(SID) == all_steps(1)


def test_half_a_character_does_not_stop_the_rest(store: Store) -> None:
    half = GapFound(HEADER, "pod\ud83d", START_UTC, START_UTC + timedelta(seconds=1), "silence\ud800")
    store.commit([Envelope(GW, 0, half), *[replace(e, seq=e.seq + 1) for e in run(1)]])
    assert len(store.gaps(SID)) == 1
    assert store.steps(SID) == all_steps(1)


def test_reassign_gives_sessions_steps_gaps_and_findings_to_the_other(store: Store) -> None:
    gap = GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=2), "silence")
    running = header(sid="running")
    store.commit([*run(3), Envelope(GW, 50, gap)])
    store.commit([Envelope(GW, 51, batches(1, running)[0])])
    theirs = SessionSummary(header(sid="theirs", athlete="new"), START_UTC, START_UTC, totals(1))
    store.commit([Envelope("edge-2", 0, theirs)])
    before = {sid: store.session(sid) for sid in (SID, "running")}
    store.reassign("k3f9", "new")
    assert store.sessions("k3f9") == []
    assert {s.header.sid for s in store.sessions("new")} == {SID, "running", "theirs"}
    for sid, session in before.items():
        assert session is not None
        assert store.session(sid) == replace(session, header=replace(session.header, athlete="new"))
    assert store.steps(SID) == all_steps(3)
    assert store.gaps(SID) == [replace(gap, header=header(athlete="new"))]
    assert store.session("theirs") == theirs


def test_what_comes_late_or_again_after_a_reassign_belongs_to_the_new_athlete(store: Store) -> None:
    envelopes = run(3)
    store.commit(envelopes[:3])
    store.reassign("k3f9", "middle")
    store.reassign("middle", "new")
    store.commit(envelopes)
    assert store.steps(SID) == all_steps(3)
    assert [s.header.athlete for s in store.sessions("new")] == ["new"]
    assert store.sessions("k3f9") == store.sessions("middle") == []
    store.reassign("new", "k3f9")
    store.commit([Envelope(GW, 77, batches(1, header(sid="later"))[0])])
    assert {s.header.sid for s in store.sessions("k3f9")} == {"later", SID}
    assert store.sessions("new") == []


def test_of_two_findings_about_the_same_the_newer_survives_a_reassign(store: Store) -> None:
    older = finding(athlete="new", value=10.5)
    newer = finding(
        value=12.5, updated_utc=older.updated_utc + timedelta(minutes=5), first_utc=START_UTC + timedelta(1)
    )
    week_theirs = finding(athlete="new", scope="week:2026-11-16", updated_utc=older.updated_utc + timedelta(days=1))
    week_ours = finding(scope="week:2026-11-16", value=99.0)
    only_ours = finding(measure="distance_m", updated_utc=START_UTC)
    for each in (older, newer, week_theirs, week_ours, only_ours):
        store.save_finding(each)
    store.reassign("k3f9", "new")
    assert store.findings() == [week_theirs, replace(newer, athlete="new"), replace(only_ours, athlete="new")]
    assert store.findings("k3f9") == []


def test_reassign_to_oneself_or_of_nobody_changes_nothing(store: Store) -> None:
    store.commit(run(1))
    store.save_finding(finding())
    store.reassign("k3f9", "k3f9")
    store.reassign("nobody", "k3f9")
    assert [s.header.sid for s in store.sessions("k3f9")] == [SID]
    assert store.findings("k3f9") == [finding()]


def test_two_threads_write_and_read_at_the_same_time(store: Store) -> None:
    together, failures = Barrier(2), []

    def work(gw: str, sid: str) -> None:
        together.wait()
        try:
            for envelope in run(8, header(sid=sid), gw):
                store.commit([envelope])
                store.steps(sid)
                store.sessions("k3f9")
        except StoreError as error:
            failures.append(error)

    threads = [Thread(target=work, args=(f"edge-{i}", f"s{i}")) for i in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    for i in range(2):
        assert store.steps(f"s{i}") == all_steps(8)
        assert store.received(f"edge-{i}") == [(0, 9)]


def test_closing_twice_is_harmless_and_a_closed_store_says_so(store: Store) -> None:
    store.close()
    store.close()
    with pytest.raises(StoreError, match="closed"):
        store.commit(run(1))
    with pytest.raises(StoreError, match="closed"):
        store.steps(SID)


def test_an_empty_commit_is_fine(store: Store) -> None:
    store.commit([])
    store.commit([Envelope(GW, 0, replace(batches(1)[0], steps=StepTable.empty()))])
    assert len(store.steps(SID)) == 0
    session = store.session(SID)
    assert session is not None
    assert session.end_utc == START_UTC


def test_a_long_import_in_one_commit_comes_back_whole(store: Store) -> None:
    many = batches(1, n=20_000)
    assert isinstance(many[0], StepBatch)
    store.commit([Envelope("import-1", 0, many[0])])
    assert store.steps(SID) == many[0].steps


def test_a_step_that_is_analysed_again_can_lose_a_number(store: Store) -> None:
    (batch,) = batches(1)
    again = replace(batch.steps, contact_time_s=np.full(3, np.nan), step_time_origin=np.full(3, UNKNOWN_TEXT))
    store.commit([Envelope(GW, 0, batch)])
    store.commit([Envelope("again", 0, replace(batch, steps=again))])
    assert store.steps(SID) == again
