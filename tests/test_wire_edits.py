"""Edits as JSON: nothing is lost on the way, and what is wrong is named."""

import json
from datetime import UTC, date, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.errors import DecodeError
from sensor_hub.model.diary import SayCare, SayMedicine
from sensor_hub.model.edit import (
    SOURCE_ORDER,
    AddRun,
    Change,
    Delete,
    Distinct,
    Edit,
    Entry,
    Link,
    MarkDays,
    Merge,
    Prefer,
    Split,
    Tell,
    Trim,
    Undo,
    WearShoe,
)
from sensor_hub.wire.edits import KINDS, edit_body, edit_of, entry_body, entry_of

ids = st.from_regex(r"[a-z0-9]{4,26}", fullmatch=True)
times = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 (timezones= adds it)
numbers = st.floats(0, 1e6)
words = st.text(st.characters(codec="utf-8"))
many = st.lists(ids, min_size=2, max_size=5).map(tuple)
edits: st.SearchStrategy[Edit] = st.one_of(
    st.builds(AddRun, ids, times, st.booleans(), st.none() | numbers, st.none() | numbers, st.none() | numbers),
    st.builds(Trim, ids, st.none() | times, st.none() | times),
    st.builds(Split, ids, times, ids),
    st.builds(Merge, many),
    st.builds(Delete, ids),
    st.builds(
        Change,
        ids,
        st.none() | ids,
        st.sampled_from([None, "run", "walk", "other"]),
        st.sampled_from([None, "treadmill"]),
    ),
    st.builds(
        Tell, ids, st.none() | ids, st.none() | numbers, st.none() | words, st.sampled_from([(), ("shoe", "note")])
    ),
    st.builds(Link, many, st.none() | ids),
    st.builds(Distinct, many),
    st.builds(Prefer, st.permutations(SOURCE_ORDER).map(tuple), st.booleans()),
    st.builds(MarkDays, st.dates(), st.dates(), st.sampled_from(["rested", "not-recorded", "unsaid"])),
    st.builds(WearShoe, ids, st.dates(), st.none() | st.dates()),
    st.builds(Undo, ids),
)


def test_every_kind_of_edit_has_a_word() -> None:
    assert set(KINDS.values()) == set(get_args(Edit))


@given(st.builds(Entry, ids, ids, times, st.sampled_from(["cli", "page"]), edits, st.none() | ids))
def test_an_entry_comes_back_as_it_was(entry: Entry) -> None:
    written = json.loads(json.dumps(entry_body(entry), allow_nan=False))
    assert entry_of(written) == entry


def test_what_is_left_out_has_its_default() -> None:
    assert edit_of({"kind": "trim", "sid": "abcd"}) == Trim("abcd")
    assert edit_of({"kind": "prefer"}) == Prefer()


@pytest.mark.parametrize(
    ("body", "problem"),
    [
        ("delete", "not a JSON object"),
        ({"kind": "burn", "sid": "abcd"}, "'kind' is 'burn'"),
        ({"kind": "delete"}, "'sid' is not text"),
        ({"kind": "delete", "sid": "abcd", "why": "x"}, "'why' is no field of 'delete'"),
        ({"kind": "split", "sid": "abcd", "second_sid": "efgh", "at_utc": "yesterday"}, "'at_utc' is not an ISO 8601"),
        ({"kind": "mark-days", "first": "1.1.2026", "last": "2026-01-02", "mark": "rested"}, "'first' is not a day"),
        ({"kind": "prefer", "order": ["sensor", "rumour"]}, "'order' has 'rumour'"),
        ({"kind": "prefer", "ask": 1}, "'ask' is neither true nor false"),
        ({"kind": "tell", "sid": "abcd", "effort": "hard"}, "'effort' is not a number"),
        ({"kind": "merge", "sids": ["abcd", "../x"]}, "'sid' is not an id"),
    ],
)
def test_what_is_wrong_is_named(body: object, problem: str) -> None:
    with pytest.raises(DecodeError, match=r".") as caught:
        edit_of(body)
    assert caught.value.problem.startswith(problem)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda s: st.dictionaries(st.sampled_from(["kind", "sid", "at_utc", "sids", "edit"]), s),
    )
)
def test_any_json_is_an_edit_or_a_decode_error(body: object) -> None:
    for read in (edit_of, entry_of):
        try:
            read(body)
        except DecodeError:
            continue


def test_a_day_is_written_as_a_day() -> None:
    body = edit_body(MarkDays(date(2026, 11, 14), date(2026, 11, 23), "rested"))
    assert body == {"kind": "mark-days", "first": "2026-11-14", "last": "2026-11-23", "mark": "rested"}


@pytest.mark.parametrize(
    "said",
    [
        SayCare("ice", date(2026, 11, 14), None, "after the run"),
        SayMedicine("nsaid", date(2026, 11, 14), date(2026, 11, 16)),
    ],
)
def test_what_was_taken_or_done_is_not_lost_behind_the_kind_of_the_line(said: Edit) -> None:
    assert edit_of(json.loads(json.dumps(edit_body(said)))) == said
