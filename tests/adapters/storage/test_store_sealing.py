"""Sessions that are tidied up: no reader can tell. One contract for every store."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import Envelope
from sensor_hub.model.minutes import minutes_of
from sensor_hub.model.ports import Store
from sensor_hub.model.session import GapFound, SessionPaused, SessionSummary
from tests.adapters.storage.runs import GW, HEADER, START_UTC, all_steps, batches, finding, header, run

SID = HEADER.sid
GAP = GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=2), "silence")
PAUSE = SessionPaused(HEADER, START_UTC, START_UTC + timedelta(seconds=1))


def tidied(store: Store) -> int:
    """Tidy until nothing is left to do."""
    n_sessions = 0
    while n := store.tidy():
        n_sessions += n
    return n_sessions


def said(store: Store, sid: str = SID) -> tuple[Any, ...]:
    """Everything a store says of a session."""
    return (
        store.session(sid), store.steps(sid), store.gaps(sid), store.pauses(sid), store.minutes(sid),
        store.pruned(sid), store.received(GW), store.marks(sid), store.athletes(), store.gateways(),
    )  # fmt: skip


def whole() -> list[Envelope]:
    return [*run(8, n=30), Envelope(GW, 60, GAP), Envelope(GW, 61, PAUSE)]


def test_an_empty_store_has_nothing_to_tidy(store: Store) -> None:
    assert store.tidy() == 0
    assert store.athletes() == store.gateways() == []
    assert len(store.minutes(SID)) == 0
    assert not store.pruned(SID)


def test_athletes_and_gateways_are_told_once_each_in_order(store: Store) -> None:
    store.commit([*run(1, header(sid="b", athlete="zz"), "edge-2"), *run(1), *run(1, header(sid="c"), "edge-0")])
    assert store.athletes() == ["k3f9", "zz"]
    assert store.gateways() == ["edge-0", GW, "edge-2"]


def test_no_reader_can_tell_that_a_session_was_tidied(opener: Callable[[], Store]) -> None:
    store = opener()
    store.commit(whole())
    before = said(store)
    assert tidied(store) == 1
    assert said(store) == before
    assert store.steps(SID) == all_steps(8, 30)
    assert store.tidy() == 0
    store.close()
    assert said(opener()) == before


def test_the_minutes_are_those_of_the_steps_before_and_after(store: Store) -> None:
    store.commit(whole())
    expected = minutes_of(all_steps(8, 30))
    assert len(expected) > 1
    assert store.minutes(SID) == expected
    tidied(store)
    assert store.minutes(SID) == expected


def test_a_session_that_still_runs_is_left_alone(store: Store) -> None:
    parts = run(6)
    store.commit(parts[:4])
    assert store.tidy() == 0
    store.commit(parts[4:])
    assert tidied(store) == 1
    assert store.steps(SID) == all_steps(6)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_late_batches_show_whenever_the_session_was_tidied(store: Store, seed: int) -> None:
    order, draw = run(9), random.Random(seed)
    draw.shuffle(order)
    for envelope in order:
        store.commit([envelope])
        if draw.random() < 0.5:
            store.tidy()
    assert store.steps(SID) == all_steps(9)
    assert store.minutes(SID) == minutes_of(all_steps(9))
    tidied(store)
    assert store.steps(SID) == all_steps(9)
    assert store.minutes(SID) == minutes_of(all_steps(9))


def test_a_late_step_of_the_same_time_and_side_takes_the_place_of_the_tidied_one(store: Store) -> None:
    store.commit(run(3))
    tidied(store)
    late = replace(batches(3)[1], steps=replace(batches(3)[1].steps, quality=batches(3)[1].steps.quality / 2))
    store.commit([Envelope(GW, 70, late)])
    expected = StepTable.concatenate(
        [all_steps(3).slice(0, 3), late.steps, all_steps(3).slice(6, 9)]
    )  # fmt: skip
    assert store.steps(SID) == expected
    assert tidied(store) == 1
    assert store.steps(SID) == expected


def test_replacing_a_tidied_session_leaves_nothing_of_what_was_there(store: Store) -> None:
    store.commit(whole())
    tidied(store)
    known = store.session(SID)
    assert known is not None
    fewer = all_steps(8, 30).slice(3, 50)
    store.replace_session(replace(known, header=header(model="achilles-9")), fewer, [])
    assert store.steps(SID) == fewer
    tidied(store)
    assert store.steps(SID) == fewer
    assert store.minutes(SID) == minutes_of(fewer)
    assert store.gaps(SID) == []


def test_a_tidied_session_is_put_back_given_away_and_erased_like_any_other(store: Store) -> None:
    store.commit(whole())
    tidied(store)
    known = store.session(SID)
    assert known is not None
    rows = (known, store.steps(SID), store.gaps(SID), store.pauses(SID))
    store.hand_over(SID, "hers")
    assert store.steps(SID) == all_steps(8, 30)
    assert store.athletes() == ["hers"]
    assert store.erase("hers") > 0
    assert len(store.steps(SID)) == 0
    assert store.athletes() == []
    store.restore(*rows)
    tidied(store)
    assert store.steps(SID) == all_steps(8, 30)
    store.restore(known, all_steps(2), [], [])
    assert store.steps(SID) == all_steps(2)


def test_merging_two_people_merges_what_both_have_of_one_session_whoever_was_tidied(store: Store) -> None:
    first, second = batches(4)[:2], batches(4)[2:]
    mine = [Envelope(GW, n, batch) for n, batch in enumerate(first)]
    theirs = [replace(b, header=header(athlete="hers")) for b in second]
    store.commit([*mine, run(4)[-1]])
    tidied(store)
    store.commit([Envelope(GW, 20 + n, batch) for n, batch in enumerate(theirs)])
    store.reassign("hers", "k3f9")
    assert store.steps(SID) == all_steps(4)
    tidied(store)
    assert store.steps(SID) == all_steps(4)


def test_a_merge_takes_tidied_sessions_along(store: Store) -> None:
    other = header(sid="other", athlete="hers")
    store.commit([*whole(), *run(5, other, "edge-2")])
    tidied(store)
    store.reassign("hers", "k3f9")
    assert store.steps("other") == all_steps(5)
    assert store.steps(SID) == all_steps(8, 30)
    late = replace(batches(6)[5], header=other)
    store.commit([Envelope("edge-2", 90, late)])
    assert store.steps("other") == all_steps(6)
    tidied(store)
    assert store.steps("other") == all_steps(6)


def test_many_sessions_are_tidied_in_some_calls(store: Store) -> None:
    for n in range(12):
        store.commit(run(2, header(sid=f"s{n:02}", athlete=f"a{n % 3}"), f"edge-{n}"))
    store.save_finding(finding())
    assert tidied(store) == 12
    assert all(store.steps(f"s{n:02}") == all_steps(2) for n in range(12))
    assert store.findings() == [finding()]


def test_a_summary_that_comes_again_with_other_totals_is_taken_after_tidying_too(store: Store) -> None:
    envelopes = run(3)
    store.commit(envelopes)
    tidied(store)
    end = envelopes[-1].event
    assert isinstance(end, SessionSummary)
    corrected = replace(end, totals=replace(end.totals, distance_m=None))
    store.commit([Envelope(GW, 99, corrected)])
    assert store.session(SID) == corrected
    assert store.steps(SID) == all_steps(3)
