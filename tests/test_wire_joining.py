"""A backlog that is joined says what its parts say, and numbers what they number."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from importlib.resources import files
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensor_hub.app.digest import digest
from sensor_hub.errors import DecodeError
from sensor_hub.model.gait import StepTable
from sensor_hub.model.message import Outgoing
from sensor_hub.model.session import Event, GapFound, SessionHeader, SessionStarted, SessionSummary, StepBatch
from sensor_hub.wire import Parcel, Topics, decode, encode, join, sender
from sensor_hub.wire.joining import MOST_JOINED
from tests.adapters.storage.runs import HEADER, START_UTC, batches, header, run, totals
from tests.wire_strategies import EVENTS

TOPICS = Topics("home")
OTHER = header(sid="01jd0000000000000000000002", athlete="m7x2")
GAP = GapFound(HEADER, "pod-l", START_UTC, START_UTC + timedelta(seconds=1), "silence")


def rows_of(events: Sequence[Event], first_seq: int = 1) -> list[Outgoing]:
    messages = [encode(event, topics=TOPICS, gw="edge-1", seq=seq) for seq, event in enumerate(events, first_seq)]
    return [Outgoing(seq, message.topic, message.payload) for seq, message in enumerate(messages, first_seq)]


def said(parcels: list[Parcel], of: SessionHeader = HEADER) -> StepTable:
    found = [decode(parcel.payload).event for parcel in parcels]
    return StepTable.concatenate(e.steps for e in found if isinstance(e, StepBatch) and e.header == of)


def test_neighbouring_batches_become_one_with_the_rows_of_all_and_the_totals_of_the_last() -> None:
    events: list[Event] = [*batches(10)]
    (parcel,) = join(rows_of(events, 5))
    envelope = decode(parcel.payload)
    assert parcel.seqs == envelope.seqs == tuple(range(5, 15))
    assert envelope.seq == 14
    assert json.loads(parcel.payload)["joined"] == [[5, 14]]
    assert isinstance(envelope.event, StepBatch)
    assert envelope.event.steps == said(join(rows_of(events, 5), longest_s=0.0))
    assert envelope.event.totals == decode(rows_of(events)[-1].payload).event.totals  # type: ignore[union-attr]


def test_a_joined_message_is_what_its_schema_says() -> None:
    (parcel,) = join(rows_of([*batches(4)]))
    schema = json.loads((files("sensor_hub") / "schemas" / "steps.json").read_text(encoding="utf-8"))
    jsonschema.validate(json.loads(parcel.payload), schema)


def test_sessions_that_come_by_turns_are_joined_each_for_itself() -> None:
    turns = [event for pair in zip(batches(5), batches(5, OTHER), strict=True) for event in pair]
    ours, theirs = join(rows_of(turns))
    assert (ours.seqs, theirs.seqs) == ((1, 3, 5, 7, 9), (2, 4, 6, 8, 10))
    assert json.loads(ours.payload)["joined"] == [[1, 1], [3, 3], [5, 5], [7, 7], [9, 9]]
    assert decode(theirs.payload).seqs == theirs.seqs


def test_another_message_of_the_session_is_not_overtaken() -> None:
    parts = batches(4)
    parcels = join(rows_of([parts[0], parts[1], GAP, parts[2], parts[3]]))
    assert [parcel.seqs for parcel in parcels] == [(1, 2), (3,), (4, 5)]


def test_what_is_to_stay_alone_is_joined_to_nothing_and_is_not_overtaken() -> None:
    parcels = join(rows_of([*batches(6)]), alone={3, 5})
    assert [parcel.seqs for parcel in parcels] == [(1, 2), (3,), (4,), (5,), (6,)]


def test_a_joined_message_under_a_wrong_topic_is_acknowledged_as_little_as_one_that_cannot_be_read() -> None:
    (parcel,) = join(rows_of([*batches(3)]))
    found = digest([(TOPICS.session("m7x2", HEADER.sid, "steps"), parcel.payload)])
    assert [(dead.gw, dead.seq, dead.payload) for dead in found.dead] == [(None, None, parcel.payload)]
    assert (found.due(), found.envelopes) == ([], [])


def test_no_message_is_longer_than_a_minute() -> None:
    parcels = join(rows_of([*batches(200)]))  # a batch a second
    assert len(parcels) == 4
    for parcel in parcels:
        steps = said([parcel])
        assert np.ptp(steps.time_utc_us) <= 60_000_000


def test_no_message_stands_for_more_numbers_than_a_hub_takes() -> None:
    assert max(len(p.seqs) for p in join(rows_of([*batches(MOST_JOINED + 5)]), longest_s=1e9)) == MOST_JOINED


@pytest.mark.parametrize(
    "second",
    [
        replace(batches(2)[1], totals=totals(2)),  # a total goes back
        replace(batches(2)[1], steps=batches(1)[0].steps),  # its rows are there already
        replace(batches(2)[1], steps=StepTable.empty()),
        replace(batches(2)[1], header=header(model="achilles-2.0.0")),
        replace(batches(2)[1], header=header(reference="ref-own-1")),
        replace(batches(2)[1], start_utc=START_UTC + timedelta(seconds=1)),
    ],
)
def test_what_a_store_could_make_something_else_of_is_not_joined(second: StepBatch) -> None:
    rows = rows_of([batches(1)[0], second])
    assert [(p.payload, p.seqs) for p in join(rows)] == [(row.payload, (row.seq,)) for row in rows]


def test_a_row_that_cannot_be_read_stays_as_it_is() -> None:
    first, second = rows_of([*batches(2)])
    for payload in (b"", b"\xff\xfe", b"[]", b"{}", b"[" * 100_000, first.payload[:-3]):
        odd = Outgoing(9, first.topic, payload)
        assert Parcel(odd.topic, odd.payload, (9,)) in join([first, odd, second])


SESSIONS = st.lists(st.sampled_from(["a batch", "of another", "a gap", "a start", "an end"]), max_size=30)


@given(SESSIONS, st.floats(0.0, 30.0))
def test_whatever_is_joined_has_every_number_once_and_every_row_once_in_order(
    kinds: list[str], longest_s: float
) -> None:
    ours, theirs = iter(batches(30)), iter(batches(30, OTHER))
    make: dict[str, Any] = {
        "a batch": lambda: next(ours),
        "of another": lambda: next(theirs),
        "a gap": lambda: GAP,
        "a start": lambda: SessionStarted(HEADER, START_UTC, ()),
        "an end": lambda: SessionSummary(HEADER, START_UTC, START_UTC, totals(3)),
    }
    rows = rows_of([make[kind]() for kind in kinds])
    parcels = join(rows, longest_s=longest_s)
    assert sorted(seq for parcel in parcels for seq in parcel.seqs) == [row.seq for row in rows]
    singles = [Parcel(row.topic, row.payload, (row.seq,)) for row in rows]
    for of in (HEADER, OTHER):
        assert said(parcels, of) == said(singles, of)
    assert all(decode(parcel.payload).seqs == parcel.seqs for parcel in parcels)


@settings(max_examples=30, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(EVENTS, max_size=4))
def test_any_events_are_joined_without_a_fault_and_lose_no_number(events: list[Event]) -> None:
    rows = rows_of(events)
    parcels = join(rows)
    assert sorted(seq for parcel in parcels for seq in parcel.seqs) == [row.seq for row in rows]
    assert all(decode(parcel.payload).seqs == parcel.seqs for parcel in parcels)


# --- reading ----------------------------------------------------------------------------------------------------------


def joined(**changes: Any) -> bytes:
    (parcel,) = join(rows_of([*batches(3)]))
    return json.dumps(json.loads(parcel.payload) | changes).encode()


@pytest.mark.parametrize(
    "ranges",
    [None, [], 3, [3], [[3]], [[1, 2, 3]], [[1, 2]], [[2, 1], [3, 3]], [[2, 3], [1, 3]], [[-1, 3]], [[1.0, 3]],
     [[True, 3]], [[1, 3], [3, 3]], [["1", 3]], {"1": 3}],
)  # fmt: skip
def test_numbers_that_make_no_sense_are_refused(ranges: object) -> None:
    with pytest.raises(DecodeError, match="joined"):
        decode(joined(joined=ranges))


def test_nobody_makes_a_hub_count_for_ever() -> None:
    last = 2**63 - 1
    with pytest.raises(DecodeError, match="more than 1000 numbers"):
        decode(joined(joined=[[0, last]], seq=last))
    many = [[n, n] for n in range(0, 4000, 2)]
    with pytest.raises(DecodeError, match="more than 1000 numbers"):
        decode(joined(joined=many, seq=3998))


def test_a_joined_message_that_cannot_be_used_is_kept_and_not_acknowledged_so_that_its_parts_come_alone() -> None:
    payload = joined(side=["L"])
    assert sender(payload) == (None, None)
    found = digest([(TOPICS.session(HEADER.athlete, HEADER.sid, "steps"), payload)])
    assert (len(found.dead), found.acks, found.envelopes) == (1, {}, [])


def test_an_ack_names_every_number_of_a_joined_message() -> None:
    found = digest((parcel.topic, parcel.payload) for parcel in join(rows_of([e.event for e in run(4)])))
    assert {gw: sorted(seqs) for gw, seqs in found.acks.items()} == {"edge-1": [1, 2, 3, 4, 5, 6]}
