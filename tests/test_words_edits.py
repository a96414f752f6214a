"""Sentences about edits: every entry, what became of it, which sessions count, and what is asked."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, get_args

import pytest

from sensor_hub.model.edit import (
    AddRun,
    Change,
    DayMark,
    Delete,
    Distinct,
    Edit,
    Entry,
    HistoryEdit,
    Link,
    MarkDays,
    Merge,
    Prefer,
    SourceKind,
    Split,
    Tell,
    Trim,
    Undo,
    WearShoe,
)
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import (
    DaySpan,
    HistoryView,
    KeptSession,
    Offer,
    OpenDays,
    Piece,
    SameRunBecause,
    Standing,
)
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Ledger, SessionHeader, SessionSummary
from sensor_hub.words.days import days_text, moment_text, time_text
from sensor_hub.words.edits import Names, edit_sentence, entry_note, mark_word, preference_sentence, session_name
from sensor_hub.words.sessions import amount_text, effort_text, ledger_word, session_amount, source_word
from sensor_hub.words.standings import (
    because_text,
    day_span_sentence,
    finding_change,
    findings_summary,
    made_of,
    offer_sentence,
    open_days_sentence,
    scope_text,
    standing_sentence,
    standing_word,
)

MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # half past seven in Berlin
MINUTE = timedelta(minutes=1)


def summary(sid: str = "s1", start_utc: datetime = MORNING, *warnings: str, **totals: Any) -> SessionSummary:
    header = SessionHeader(sid, "ana", "Europe/Berlin", "import", "speed", "m", "ref", "p")
    told = Totals(**({"duration_s": 2730.0, "distance_m": 8200.0} | totals))
    return SessionSummary(header, start_utc, start_utc + timedelta(hours=1), told, warnings=warnings)


NAMES = Names(
    "Europe/Berlin",
    {"s1": summary(), "s2": summary("s2", MORNING + timedelta(days=1))},
    {"peg": "Pegasus"},
    {"ben": "Ben"},
)
ONE = "the run of Fri 20 Nov 2026 07:30"
OTHER = "the run of Sat 21 Nov 2026 07:30"


def entry(edit: Edit, name: str = "e1") -> Entry:
    return Entry(name, "ana", MORNING, "cli", edit)


SENTENCES: list[tuple[Edit, str]] = [
    (
        AddRun("x", MORNING, True, 2730.0, 8200.0, 4.0, "run", "treadmill"),
        "Put in by hand: run of Fri 20 Nov 2026 07:30, 8.20 km in 0:45:30, effort 4 of 10, somewhat hard, treadmill.",
    ),
    (AddRun("x", MORNING, False), "Put in by hand: run of Fri 20 Nov 2026, distance and time not known."),
    (
        AddRun("x", MORNING, False, 600.0, ledger="walk"),
        "Put in by hand: walk of Fri 20 Nov 2026, 0:10:00, distance not known.",
    ),
    (Trim("s1", MORNING + MINUTE), f"Kept {ONE} from 07:31 on."),
    (Trim("s1", None, MORNING + MINUTE * 1.5), f"Kept {ONE} until 07:31:30."),
    (Trim("s1", MORNING + MINUTE, MORNING + 9 * MINUTE), f"Kept {ONE} from 07:31 to 07:39."),
    (Trim("s1"), f"Kept the whole of {ONE}."),
    (Split("s1", MORNING + 5 * MINUTE, "s9"), f"Split {ONE} at 07:35."),
    (Merge(("s1", "s2")), f"Made one of {ONE} and {OTHER}."),
    (Delete("s1"), f"Deleted {ONE}."),
    (Delete("gone"), "Deleted session gone."),
    (Change("s1", athlete="ben"), f"Said of {ONE}: it is Ben's."),
    (
        Change("s1", ledger="other", surface="treadmill"),
        f"Said of {ONE}: it counts as: other sport; surface: treadmill.",
    ),
    (
        Tell("s1", shoe="peg", effort=7.0, note="windy"),
        f"Said of {ONE}: run in Pegasus; effort 7 of 10, very hard; note “windy”.",
    ),
    (Tell("s1", forget=("shoe", "note")), f"Said of {ONE}: shoe no longer said; note no longer said."),
    (Link(("s1", "s2")), f"The same run: {ONE} and {OTHER}."),
    (Link(("s1", "s2"), "s2"), f"The same run: {ONE} and {OTHER}. What counts is {OTHER}."),
    (Distinct(("s1", "s2")), f"Different runs: {ONE} and {OTHER}."),
    (
        Prefer(("watch", "sensor", "log", "by-hand"), ask=False),
        "Of the same run from several sources the first of these counts: watch, sensor, log, by hand. "
        "Likely ones are linked without asking.",
    ),
    (MarkDays(date(2026, 11, 14), date(2026, 11, 23), "rested"), "14 to 23 Nov 2026: rested."),
    (WearShoe("peg", date(2026, 11, 20)), "From Fri 20 Nov 2026 on: Pegasus unless another is said."),
    (WearShoe("", date(2026, 11, 20), date(2026, 11, 20)), "20 Nov 2026: no pair."),
    (Undo("unheard-of"), "Took back: unheard-of"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("edit", "sentence"), SENTENCES, ids=lambda x: type(x).__name__ if not isinstance(x, str) else ""
)
def test_an_edit_is_told_in_a_sentence(edit: Edit, sentence: str) -> None:
    assert edit_sentence(edit, NAMES) == sentence


def test_a_note_is_told_on_one_line_whatever_is_in_it() -> None:
    told = edit_sentence(Tell("s1", note="hot\n\x1b[31mred\t wind"), NAMES)
    assert told == f"Said of {ONE}: note “hot [31mred wind”."


def test_every_kind_of_edit_is_among_the_sentences_tested() -> None:
    assert {type(edit) for edit, _ in SENTENCES} == set(get_args(HistoryEdit))


def test_an_undo_names_what_it_takes_back_and_the_undo_of_it_what_comes_back() -> None:
    entries = {e.id: e for e in (entry(Delete("s1"), "e1"), entry(Undo("e1"), "e2"), entry(Undo("e2"), "e3"))}
    names = replace(NAMES, entries=entries)
    assert edit_sentence(Undo("e1"), names) == f"Took back: Deleted {ONE}."
    assert edit_sentence(Undo("e2"), names) == f"Did again: Deleted {ONE}."
    assert edit_sentence(Undo("e3"), names) == f"Took back: Deleted {ONE}."


def test_a_run_by_hand_that_was_taken_back_is_still_called_by_its_day() -> None:
    names = replace(NAMES, entries={"e1": entry(AddRun("x", MORNING, False, ledger="walk"))})
    assert edit_sentence(Tell("x", note="hot"), names) == "Said of the walk of Fri 20 Nov 2026: note “hot”."


def test_what_became_of_an_entry_is_said_only_where_it_is_not_in_force() -> None:
    entries = tuple(entry(Delete("s1"), name) for name in ("e1", "e2", "e3"))
    view = HistoryView("ana", date(2026, 11, 21), (), journal=entries, idle=frozenset({"e2"}), undone=frozenset({"e1"}))
    assert [entry_note(e, view) for e in entries] == ["taken back", "no effect now", ""]


def test_names_come_from_the_history_and_the_registry() -> None:
    view = HistoryView("ana", date(2026, 11, 21), (KeptSession(summary(), "deleted"),), journal=(entry(Delete("s1")),))
    names = Names.of(view, "Europe/Lisbon")
    assert session_name("s1", names) == "the run of Fri 20 Nov 2026 06:30"
    assert edit_sentence(Undo("e1"), names) == "Took back: Deleted the run of Fri 20 Nov 2026 06:30."


def test_a_session_without_a_time_of_day_is_called_by_its_day() -> None:
    names = replace(NAMES, sessions={"s1": summary("s1", MORNING, "by-hand", "time-unknown")})
    assert session_name("s1", names) == "the run of Fri 20 Nov 2026"


def test_a_session_of_another_sport_is_called_a_session() -> None:
    other = replace(summary(), header=replace(summary().header, ledger="other"))
    assert session_name("s1", replace(NAMES, sessions={"s1": other})) == "the session of Fri 20 Nov 2026 07:30"


def test_a_time_nobody_knows_is_never_told_as_zero() -> None:
    assert session_amount(summary("s1", MORNING, "duration-unknown", duration_s=0.0)) == "8.20 km, time not known"
    assert amount_text(None, None) == "distance and time not known"
    assert amount_text(None, 60.0) == "0:01:00, distance not known"


@pytest.mark.parametrize(
    ("effort", "text"),
    [
        (None, "–"), (0.0, "0 of 10, rest"), (2.0, "2 of 10, easy"), (4.5, "4.5 of 10, hard"), (6.0, "6 of 10, hard"),
        (10.0, "10 of 10, maximal"),
    ],
)  # fmt: skip
def test_effort_has_a_word(effort: float | None, text: str) -> None:
    assert effort_text(effort) == text


@pytest.mark.parametrize(
    ("first", "last", "text"),
    [
        ((2026, 11, 14), (2026, 11, 14), "14 Nov 2026"),
        ((2026, 11, 14), (2026, 11, 23), "14 to 23 Nov 2026"),
        ((2026, 10, 28), (2026, 11, 3), "28 Oct to 3 Nov 2026"),
        ((2026, 12, 28), (2027, 1, 3), "28 Dec 2026 to 3 Jan 2027"),
    ],
)
def test_days_in_a_row_are_told_shortly(first: tuple[int, int, int], last: tuple[int, int, int], text: str) -> None:
    assert days_text(date(*first), date(*last)) == text


def test_a_time_of_day_is_that_of_the_zone_and_seconds_are_told_where_there_are_some() -> None:
    assert moment_text(MORNING, "Pacific/Kiritimati") == "Fri 20 Nov 2026 20:30"
    assert moment_text(MORNING - timedelta(hours=8), "Europe/Berlin") == "Thu 19 Nov 2026 23:30"
    assert time_text(MORNING + timedelta(seconds=5, microseconds=9), "Europe/Berlin") == "07:30:05"
    assert time_text(MORNING + timedelta(microseconds=9), "Europe/Berlin") == "07:30"


@pytest.mark.parametrize(
    ("kept", "sentence"),
    [
        (KeptSession(summary(), "counts"), ""),
        (KeptSession(summary(), "deleted"), "Deleted: it counts nowhere."),
        (KeptSession(summary(), "merged", instead="s2"), f"Part of {OTHER}."),
        (
            KeptSession(summary(), "same-run", instead="s2", because="said"),
            f"The same run as {OTHER}, which counts in its place (somebody said so).",
        ),
        (
            KeptSession(summary(), "counts", because="two-edges"),
            "Counts for the same run from another source (two gateways heard it live).",
        ),
    ],
)
def test_why_a_session_does_not_count_is_said_and_what_does_instead(kept: KeptSession, sentence: str) -> None:
    assert standing_sentence(kept, NAMES) == sentence


def test_a_session_that_is_as_it_was_recorded_is_made_of_nothing_else() -> None:
    assert made_of(KeptSession(summary(), "counts", pieces=(Piece("s1"),)), NAMES) == []
    pieces = (Piece("s1", MORNING + MINUTE, None), Piece("s2", None, MORNING + timedelta(days=1, minutes=2)))
    told = made_of(KeptSession(summary(), "counts", pieces=pieces, entries=("e1",)), NAMES)
    by_hand = KeptSession(replace(summary(), source="by-hand"), "counts", pieces=(Piece("s1"),), entries=("e1",))
    assert told == [f"{ONE}, from 07:31 to its end", f"{OTHER}, from its start to 07:32"]
    assert made_of(by_hand, NAMES) == ["Put in by hand: nothing was recorded."]


def test_an_offer_names_the_sources_and_which_would_count() -> None:
    offer = Offer(("s1", "s2"), "s1")
    assert offer_sentence(offer, NAMES, {"s1": "sensor", "s2": "watch"}) == (
        "One run, recorded 2 times? sensor Fri 20 Nov 2026 07:30, 8.20 km in 0:45:30 · watch Sat 21 Nov 2026 07:30, "
        "8.20 km in 0:45:30. If it is the same, what comes from the sensor counts."
    )
    assert offer_sentence(offer, NAMES, {"s1": "watch", "s2": "watch"}).endswith(f"{ONE} counts.")
    assert offer_sentence(Offer(("s1", "s2"), "s2"), NAMES, {"s1": "watch", "s2": "by-hand"}).endswith(
        "what was put in by hand counts."
    )


def test_days_without_a_record_are_asked_about_and_answers_repeated() -> None:
    first, last = date(2026, 11, 14), date(2026, 11, 23)
    assert open_days_sentence(OpenDays(first, last)) == "14 to 23 Nov 2026: no record. Rested, or not recorded?"
    assert day_span_sentence(DaySpan(first, last, "not-recorded")) == "14 to 23 Nov 2026: not recorded."


@pytest.mark.parametrize("word", get_args(Standing))
def test_every_standing_has_words(word: Standing) -> None:
    assert standing_word(word)


def test_every_reason_mark_source_and_ledger_has_words() -> None:
    assert all(because_text(word) for word in get_args(SameRunBecause))
    assert all(mark_word(word) for word in get_args(DayMark))
    assert all(source_word(word) for word in get_args(SourceKind))
    assert all(ledger_word(word) for word in get_args(Ledger))
    assert preference_sentence(Prefer()).endswith("Likely ones are asked about.")


def finding(scope: str, *, withdrawn: bool = False) -> Finding:
    return Finding(
        athlete="ana", rule="session-limit", scope=scope, measure="distance_m", level="limit", severity="alert",
        certainty="above", probability=1.0, value=9000.0, reference=8000.0, limit=8800.0, window_days=30,
        confidence="normal", lower_bound=False, first_utc=MORNING, updated_utc=MORNING, origin="live",
        withdrawn=withdrawn,
    )  # fmt: skip


def test_what_an_edit_did_to_findings_is_counted() -> None:
    stood, was_withdrawn = finding("session:a"), finding("session:b", withdrawn=True)
    before = {f.key: f for f in (stood, was_withdrawn)}
    found = [
        replace(stood, value=9100.0),
        finding("session:b"),
        finding("session:c"),
        finding("session:d", withdrawn=True),
    ]
    assert [finding_change(f, before) for f in found] == ["changed", "new", "new", "withdrawn"]
    assert findings_summary(found, before) == "Findings: 2 new, 1 changed, 1 withdrawn."
    assert findings_summary([], before) == "No finding changes."


def test_a_finding_of_one_run_says_of_which() -> None:
    assert scope_text(finding("session:s1"), NAMES) == "Fri 20 Nov 2026 07:30: "
    assert scope_text(finding("session:gone"), NAMES) == ""
    assert scope_text(finding("week:2026-11-16"), NAMES) == ""
