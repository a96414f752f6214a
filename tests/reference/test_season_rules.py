"""One runner's real log of 256 runs: what every rule says of it, and how often it would have pushed."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from sensor_hub.guidelines.evaluate import REACH, evaluate, should_notify
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.finding import Finding
from sensor_hub.model.load import Totals
from sensor_hub.model.rule import DEFAULT_SETTINGS, RuleSettings
from sensor_hub.model.session import SessionHeader, SessionSummary
from tests import need

RUNNER = Athlete("a", "A", "UTC")
FIRST, LAST = date(2011, 7, 24), date(2013, 2, 13)
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def sessions() -> list[SessionSummary]:
    """Runs and the other sports beside them, which show that recording went on."""
    found = []
    for n, row in enumerate(csv.DictReader(need.data("season/runnerA_sessions.csv").read_text().splitlines())):
        start = datetime.fromisoformat(row["start_utc"]).astimezone(UTC)
        ledger = "run" if row["type"] == "running" else "other"
        header = SessionHeader(f"s{n}", "a", "UTC", "import", "speed", "achilles-0.1", "ref-pop-1", "file", ledger)  # type: ignore[arg-type]
        totals = Totals(duration_s=float(row["duration_s"]), distance_m=float(row["distance_m"]), coverage=1.0)
        if start.date() >= FIRST:
            end = start + timedelta(seconds=totals.duration_s)
            found.append(SessionSummary(header, start, end, totals))
    return found


def spikes(sessions: Sequence[SessionSummary], settings: RuleSettings) -> list[tuple[str, float, float, str, str]]:
    days = {f"session:{s.header.sid}": s.start_utc.date().isoformat() for s in sessions}
    found = [f for f in evaluate(RUNNER, sessions, FIRST, settings=settings) if f.rule == "session-limit"]
    return sorted(
        (days[f.scope], round(f.value / 1000, 2), round(f.value / f.reference - 1, 3), f.confidence, f.severity)
        for f in found
        if f.certainty == "above"
    )


def test_without_its_learning_gate_the_rule_of_30_days_gives_exactly_the_four_spikes(
    sessions: list[SessionSummary],
) -> None:
    expected = json.loads(need.data("season/expected.json").read_text())["runnerA"]["spikes"]
    ungated = RuleSettings(values={("session-limit", "learning_days"): 0.0})
    assert [row[:3] for row in spikes(sessions, ungated)] == [tuple(row) for row in expected]
    assert {row[3:] for row in spikes(sessions, ungated)} == {("normal", "alert")}
    gated = spikes(sessions, DEFAULT_SETTINGS)
    assert [row[:3] for row in gated] == [tuple(row) for row in expected]
    assert [row[3] for row in gated] == ["low", "normal", "normal", "normal"]


def test_what_every_rule_says_of_the_log(sessions: list[SessionSummary]) -> None:
    found = evaluate(RUNNER, sessions, FIRST)
    told = Counter((f.rule, f.severity, f.certainty) for f in found)
    assert told == {
        ("build-up", "alert", "above"): 3,
        ("hard-days", "alert", "above"): 1,
        ("hard-days", "info", "above"): 1,  # of the first week: what is usual is still learned
        ("hard-days", "info", "too-close"): 1,
        ("hard-spacing", "info", "too-close"): 1,
        ("return-after-break", "alert", "above"): 3,
        ("return-after-break", "info", "above"): 4,
        ("return-after-break", "info", "too-close"): 2,
        ("session-limit", "alert", "above"): 4,
        ("session-limit", "info", "below"): 26,
        ("week-limit", "info", "above"): 10,
        ("week-limit", "info", "below"): 9,
        ("week-on-week", "info", "above"): 23,
        ("week-on-week", "info", "below"): 13,
        ("week-runs", "info", "above"): 24,
        ("week-speed", "info", "above"): 3,
    }


def pushes(sessions: Sequence[SessionSummary], settings: RuleSettings) -> list[tuple[date, Finding]]:
    """Judge each run as it ends, with what was known then, and return what would have been pushed."""
    stored: dict[str, Finding] = {}
    told: list[tuple[date, Finding]] = []
    for n, session in enumerate(sessions):
        day = session.start_utc.date()
        known = [s for s in sessions[: n + 1] if s.start_utc.date() >= day - DAY - REACH - 7 * DAY]
        for finding in evaluate(RUNNER, known, day - DAY, stored.values(), until=day + REACH, settings=settings):
            if should_notify(stored.get(finding.key), finding, session.end_utc):
                told.append((day, finding))
            stored[finding.key] = finding
    return told


@pytest.fixture(scope="module")
def by_default(sessions: list[SessionSummary]) -> list[tuple[date, Finding]]:
    return pushes(sessions, DEFAULT_SETTINGS)


def test_the_default_policy_pushes_less_than_once_a_week_and_never_three_times_in_one(
    by_default: list[tuple[date, Finding]],
) -> None:
    told = by_default
    by_week = Counter(day - day.weekday() * DAY for day, _ in told)
    assert 0 < len(told) / ((LAST - FIRST).days / 7) <= 1
    assert max(by_week.values()) <= 2
    assert Counter(finding.rule for _, finding in told) == {
        "session-limit": 4,
        "return-after-break": 3,
        "build-up": 3,
        "hard-days": 1,
    }


def test_the_strict_policy_pushes_the_ten_percent_rules_too(
    sessions: list[SessionSummary], by_default: list[tuple[date, Finding]]
) -> None:
    told = {finding.rule for _, finding in pushes(sessions, RuleSettings(policy="strict"))}
    assert told > {finding.rule for _, finding in by_default}
    assert told >= {"week-limit", "week-on-week", "week-speed", "week-runs"}
