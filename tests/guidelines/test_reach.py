"""What changes on a day is judged from there to its reach, and that is all there is to judge."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.evaluate import REACH, evaluate, past_of, session_findings, week_findings
from sensor_hub.guidelines.history import week_of
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.history import DaySpan
from sensor_hub.model.load import Totals
from sensor_hub.model.session import Ledger, SessionSummary
from tests.guidelines.histories import FEET, POD, RUNNER, TODAY, ran, run

LONG_AGO = date(2026, 6, 1)
FAR_BACK = date(2026, 1, 1)
DAY = timedelta(days=1)


class Everything:
    """A container that holds whatever is asked for."""

    def __contains__(self, _scope: object) -> bool:
        return True


ROW = st.tuples(
    st.integers(0, 100),
    st.floats(0.5, 40.0),
    st.sampled_from([POD, POD, FEET, "ran"]),
    st.sampled_from([1.0, 1.0, 0.6]),
)
FAR_ROW = st.tuples(
    st.integers(0, 260),
    st.floats(0.5, 40.0),
    st.sampled_from(["flat", "flat", "hill", "fast", "log", "ride"]),
    st.just(1.0),
)
# Regular runs with a break, which is what the rules that look furthest back are about.
COURSES = st.tuples(st.integers(1, 5), st.integers(8, 70), st.integers(0, 80), st.floats(4.0, 12.0), st.booleans())
ATHLETES = st.sampled_from([RUNNER, replace(RUNNER, week_start=7)])


def session(number: int, row: tuple[int, float, str, float]) -> SessionSummary:
    days_ago, km, what, coverage = row
    sid, hours = f"s{number}", 0.4 * (number % 20)
    if what == "ran":
        return ran(days_ago, sid=sid, hours=hours)
    return run(days_ago, km, sid=sid, instrument=what, coverage=coverage, hard_bw_s=9 * km, hours=hours)


def with_speed(number: int, row: tuple[int, float, str, float]) -> SessionSummary:
    """A session of which speed and slope are known, a line of a log, or a ride."""
    days_ago, km, what, _ = row
    known = Totals(
        distance_m=1000 * km, duration_s=400 * km, median_speed_mps=2.5, speed_5min_mps=3.2 if what == "fast" else 2.6,
        uphill_s=500.0 if what == "hill" else 0.0, ascent_m=0.0,
    )  # fmt: skip
    totals = Totals(distance_m=1000 * km, duration_s=380 * km) if what == "log" else known
    ledger: Ledger = "other" if what == "ride" else "run"
    return run(days_ago, km, sid=f"f{number}", more=totals, hours=0.3 * (number % 20), ledger=ledger)


def course(every: int, n_away: int, back_ago: int, km: float) -> list[SessionSummary]:
    away = range(back_ago + 1, back_ago + 1 + n_away)
    days = [ago for ago in range(0, back_ago + n_away + 60, every) if ago not in away]
    return [with_speed(1000 + ago, (ago, km, "hill" if ago % 7 == 3 else "flat", 1.0)) for ago in days]


@given(ATHLETES, COURSES, st.lists(FAR_ROW, max_size=6), FAR_ROW, st.booleans())
def test_a_session_reaches_no_further_in_any_rule_of_exposure_and_breaks(
    athlete: Athlete,
    regular: tuple[int, int, int, float, bool],
    rows: list[tuple[int, float, str, float]],
    one: tuple[int, float, str, float],
    comes: bool,
) -> None:
    every, n_away, back_ago, km, is_rested = regular
    before = [*course(every, n_away, back_ago, km), *(with_speed(i, row) for i, row in enumerate(rows))]
    after = [*before, with_speed(99, one)]
    days = [DaySpan(TODAY - (back_ago + n_away) * DAY, TODAY - back_ago * DAY, "rested")] if is_rested else []
    if not comes:
        before, after = after, before
    day = TODAY - timedelta(days=one[0])
    stored = evaluate(athlete, before, FAR_BACK, days=days)
    judged = evaluate(athlete, after, day - DAY, stored, until=day + DAY + REACH, anew=Everything(), days=days)
    assert standing_after(stored, judged) == {f.key: f for f in evaluate(athlete, after, FAR_BACK, days=days)}


def test_a_run_four_weeks_before_a_break_of_eight_is_part_of_what_is_said_four_weeks_after_it() -> None:
    """The furthest that any rule looks back: there is nothing to spare in the reach."""
    day = date(2026, 11, 16) - (REACH - DAY)
    first_ago = (TODAY - day).days

    def reference_m(km: float) -> list[float]:
        before = [
            with_speed(ago, (ago, km if ago == first_ago else 8.0, "flat", 1.0))
            for ago in range(first_ago - 27, first_ago + 1)
        ]
        away = DaySpan(TODAY - (first_ago - 28) * DAY, TODAY - (first_ago - 83) * DAY, "rested")
        back = [with_speed(ago, (ago, 3.0 if ago > 4 else 15.0, "flat", 1.0)) for ago in range(first_ago - 83)]
        found = evaluate(RUNNER, [*before, *back], date(2026, 11, 16), days=[away])
        return [f.reference for f in found if f.rule == "return-after-break" and f.scope.startswith("week")]

    (less,), (more,) = reference_m(8.0), reference_m(12.0)
    assert more - less == 1000.0


def standing_after(stored: Sequence[Finding], judged: Sequence[Finding]) -> dict[str, Finding]:
    kept = {f.key: f for f in stored} | {f.key: f for f in judged}
    return {key: f for key, f in kept.items() if not f.withdrawn}


def from_scratch(athlete: Athlete, sessions: Sequence[SessionSummary], days: Sequence[DaySpan]) -> dict[str, Finding]:
    return {f.key: f for f in evaluate(athlete, sessions, LONG_AGO, days=days)}


@given(ATHLETES, st.lists(ROW, max_size=25), ROW, st.booleans())
def test_a_session_that_comes_or_goes_reaches_no_further(
    athlete: Athlete, rows: list[tuple[int, float, str, float]], one: tuple[int, float, str, float], comes: bool
) -> None:
    before = [session(i, row) for i, row in enumerate(rows)]
    after = [*before, session(99, one)]
    if not comes:
        before, after = after, before
    day = TODAY - timedelta(days=one[0])
    stored = evaluate(athlete, before, LONG_AGO)
    judged = evaluate(athlete, after, day - DAY, stored, until=day + DAY + REACH, anew=Everything())
    assert standing_after(stored, judged) == from_scratch(athlete, after, ())


@given(ATHLETES, st.lists(ROW, max_size=25), st.integers(0, 90), st.integers(0, 20), st.booleans())
def test_an_answer_about_days_reaches_no_further(
    athlete: Athlete, rows: list[tuple[int, float, str, float]], days_ago: int, n: int, comes: bool
) -> None:
    sessions = [session(i, row) for i, row in enumerate(rows)]
    first, last = TODAY - timedelta(days=days_ago + n), TODAY - timedelta(days=days_ago)
    marked = [DaySpan(first, last, "not-recorded")]
    before, after = ((), marked) if comes else (marked, ())
    stored = evaluate(athlete, sessions, LONG_AGO, days=before)
    until = last + DAY + REACH
    judged = evaluate(athlete, sessions, first - DAY, stored, until=until, anew=Everything(), days=after)
    assert standing_after(stored, judged) == from_scratch(athlete, sessions, after)


@given(ATHLETES, st.lists(ROW, max_size=40))
def test_what_lies_further_back_changes_no_word_of_a_finding(
    athlete: Athlete, rows: list[tuple[int, float, str, float]]
) -> None:
    """A history of years is judged by a part of it at a time: the same as by the whole of it."""
    sessions = [session(i, row) for i, row in enumerate(rows)]
    past = past_of(athlete, sessions)
    by_all = [f for one in past.runs for f in session_findings(athlete, past, one)]
    mondays = sorted({week_of(one.day, athlete.week_start) for one in past.runs})
    by_all += [f for monday in mondays for f in week_findings(athlete, past, monday)]
    assert evaluate(athlete, sessions, LONG_AGO) == by_all
