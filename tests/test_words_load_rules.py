"""Every load rule has its words, for every key, certainty and person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from sensor_hub import words
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import Diary
from sensor_hub.guidelines.history import runs_of
from sensor_hub.guidelines.load_notices import load_notices
from sensor_hub.guidelines.rules.register import INFOS, RUN_RULES, WEEK_RULES
from sensor_hub.model.diary import SayPain
from sensor_hub.model.finding import Finding, FindingMeasure
from sensor_hub.model.guidance import Notice
from sensor_hub.model.history import DaySpan
from sensor_hub.model.rule import RuleSettings
from sensor_hub.model.session import SessionSummary
from sensor_hub.words import load_rules
from sensor_hub.words.exposures import EXPOSURE_RULES
from sensor_hub.words.guidance import notice_sentence, notice_why
from tests.guidelines.histories import NOW_UTC, RUNNER, TODAY, ran, run

NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
BASE = Finding(
    athlete="mia", rule="new-hills", scope="session:s1", measure="uphill_s", level="limit", severity="alert",
    certainty="above", probability=1.0, value=420.0, reference=60.0, limit=300.0, window_days=28, confidence="normal",
    lower_bound=False, first_utc=NOW, updated_utc=NOW, origin="live",
)  # fmt: skip
WEEK = "week:2026-11-16"
OF_RULE: dict[str, list[tuple[str, FindingMeasure]]] = {
    "new-hills": [("session:s1", "uphill_s"), ("session:s1", "climb_m_per_km")],
    "new-fast": [("session:s1", "speed_5min_mps")],
    "hard-days": [("session:s1", "hard_days")],
    "hard-spacing": [("session:s1", "spacing_h")],
    "run-spacing": [("session:s1", "spacing_h")],
    "week-speed": [(WEEK, "speed_mps")],
    "week-runs": [(WEEK, "n_runs")],
    "week-climb": [(WEEK, "uphill_s")],
    "build-up": [(WEEK, "distance_m")],
    "return-after-break": [
        (WEEK, "distance_m"), ("session:s1", "distance_m"), ("session:s1", "load_eq_km"),
        ("session:s1", "hard_load_bw_s"),
    ],
    "surface-change": [(WEEK, "treadmill_share"), (WEEK, "track_share"), (WEEK, "trail_share"), (WEEK, "road_share")],
    "strike-change": [(WEEK, "forefoot_share")],
}  # fmt: skip
FORBIDDEN = ("injur", "tendinopathy", "tendinitis", "safe", "risk", "diagnos", "danger", "will ")


def test_the_words_know_the_rules_that_are_judged_and_no_others() -> None:
    limits = {"session-limit", "week-limit", "week-on-week"}
    assert OF_RULE.keys() == EXPOSURE_RULES == {info.id for info, _ in (*RUN_RULES, *WEEK_RULES)} - limits


@pytest.mark.parametrize("rule", OF_RULE)
def test_every_finding_of_a_rule_has_words_that_promise_nothing(rule: str) -> None:
    for (scope, measure), certainty, bound in product(OF_RULE[rule], ("above", "too-close"), (False, True)):
        finding = replace(BASE, rule=rule, scope=scope, measure=measure, certainty=certainty, lower_bound=bound)  # type: ignore[arg-type]
        texts = [words.finding_sentence(finding), words.finding_headline(finding, theirs=True)]
        texts += [words.finding_sentence(finding, "Mia"), *words.finding_why(finding)]
        for text in texts:
            assert "{" not in text
            assert text.endswith((".", ":"))
            assert not any(word in text.lower() for word in FORBIDDEN)
        assert "your" not in texts[1]
        assert ("too close to call" in texts[0]) == (certainty == "too-close") or rule in {
            "run-spacing", "week-speed", "week-runs", "week-climb", "surface-change", "strike-change",
        }  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        (
            {},
            "This run went uphill for 7 min. It is the first uphill run of 28 days. Many runners keep the next run "
            "easier.",
        ),
        (
            {"rule": "new-fast", "measure": "speed_5min_mps", "value": 3.5, "reference": 2.5, "limit": 2.875,
             "severity": "info", "certainty": "too-close", "lower_bound": True},
            "This run had a mean speed of 12.6 km/h, faster than your easy running (9.0 km/h). It may be the first "
            "fast run of 28 days: too close to call.",
        ),
        (
            {"rule": "hard-spacing", "measure": "spacing_h", "value": 23.0, "reference": 48.0, "limit": 48.0},
            "This hill or fast run began 23 h after another one; the rule leaves 48 h. Many runners keep the next run "
            "easier.",
        ),
        (
            {"rule": "build-up", "scope": WEEK, "measure": "distance_m", "value": 50_000.0, "reference": 30_000.0},
            "The distance of the week from 16 Nov (50.0 km) is 67 % above where it stood four weeks before (30.0 km).",
        ),
        (
            {"rule": "week-runs", "scope": WEEK, "measure": "n_runs", "value": 5.0, "reference": 3.0},
            "The week from 16 Nov has 5 runs; the week before had 3 runs.",
        ),
        (
            {"rule": "surface-change", "scope": WEEK, "measure": "trail_share", "value": 0.8, "reference": 0.1},
            "80 % of the distance of the week from 16 Nov was on trails, 10 % in the 28 days before.",
        ),
    ],
)  # fmt: skip
def test_sentences_say_what_was_and_against_what(changes: dict[str, object], expected: str) -> None:
    assert words.finding_sentence(replace(BASE, **changes)) == expected  # type: ignore[arg-type]


# --- notices ---------------------------------------------------------------------------------------------------------


def case(sessions: Sequence[SessionSummary], findings: Sequence[Finding] = (), pains: Sequence[SayPain] = ()) -> Case:
    runs = tuple(runs_of(sessions, RUNNER.zone))
    return Case(RUNNER, NOW_UTC, runs, findings=tuple(findings), diary=Diary(pains=tuple(pains)))


def of_rule(notices: Sequence[Notice], rule: str) -> list[Notice]:
    return [n for n in notices if n.rule == rule]


def test_each_alert_of_the_last_seven_days_that_stands_is_a_notice_with_the_words_of_its_finding() -> None:
    at = [replace(BASE, scope=f"session:{n}", updated_utc=NOW_UTC - timedelta(days=n)) for n in (0, 6, 7)]
    others = [replace(BASE, severity="info"), replace(BASE, withdrawn=True)]
    notices = of_rule(load_notices(case([], [*at, *others]), ()), "load-alert")
    assert [(n.sid, n.since, n.weight, n.rows) for n in notices] == [
        ("0", TODAY, "load", INFOS["new-hills"].rows),
        ("6", TODAY - timedelta(days=6), "load", INFOS["new-hills"].rows),
    ]
    assert notice_sentence(notices[0]) == words.finding_headline(at[0])
    assert notice_why(notices[0]) == words.finding_why(at[0])
    off = replace(case([], at), diary=Diary(settings=RuleSettings(off=frozenset({"load-alert"}))))
    assert of_rule(load_notices(off, ()), "load-alert") == []


def pain(days_ago: int, level: float) -> SayPain:
    return SayPain(NOW_UTC - timedelta(days=days_ago), "after", level)


@pytest.mark.row("E03")
@pytest.mark.parametrize(
    ("km", "pains", "key"),
    [
        (11.1, [], "not-logged"),
        (11.0, [], None),
        (11.1, [pain(2, 2.0)], None),
        (11.1, [pain(9, 2.0), pain(2, 2.0)], None),
        (11.1, [pain(9, 2.0), pain(2, 2.5)], "pain-up"),
        (11.1, [pain(9, 2.0)], "not-logged"),
        (11.0, [pain(9, 2.0), pain(2, 2.5)], None),
    ],
)
def test_more_running_while_pain_is_not_logged_or_grows_is_told(
    km: float, pains: list[SayPain], key: str | None
) -> None:
    sessions = [run(10, 10.0), run(3, km)]
    notices = of_rule(load_notices(case(sessions, pains=pains), ()), "load-up-unlogged")
    assert [n.key for n in notices] == ([] if key is None else [key])
    for notice in notices:
        assert notice.weight == ("unknown" if key == "not-logged" else "caution")
        assert "11 % more running" in notice_sentence(notice)
        assert notice_sentence(notice, theirs=True).count("your") == 0
        assert all("{" not in line for line in notice_why(notice))


@pytest.mark.row("E03")
def test_a_week_of_which_not_all_is_known_is_nothing_to_have_run_more_than() -> None:
    sessions = [run(10, 10.0), run(3, 20.0)]
    assert of_rule(load_notices(case([*sessions, ran(9)]), ()), "load-up-unlogged") == []
    lost = replace(
        case(sessions), days=(DaySpan(TODAY - timedelta(days=9), TODAY - timedelta(days=9), "not-recorded"),)
    )
    assert of_rule(load_notices(lost, ()), "load-up-unlogged") == []
    assert len(of_rule(load_notices(case([*sessions, ran(2)]), ()), "load-up-unlogged")) == 1


@pytest.mark.row("A03", "D04", "D05")
def test_runs_of_which_nobody_knows_whether_they_were_uphill_or_fast_are_said_to_be_unknown() -> None:
    notices = load_notices(case([run(10, 10.0), run(3, 5.0), run(1, 5.0)]), ())
    unknown = [n for n in notices if n.weight == "unknown" and n.key == "unknown"]
    assert [(n.rule, n.facts) for n in unknown] == [
        ("new-hills", {"n": 2.0, "of": 2.0}),
        ("new-fast", {"n": 2.0, "of": 2.0}),
    ]
    assert all("2 of the last 2 runs" in notice_sentence(n) for n in unknown)


def test_every_rule_of_the_room_has_words() -> None:
    made = date(2026, 11, 20)
    facts = {"n": 1.0, "of": 2.0, "distance_m": 2.0, "before_m": 1.0, "worst": 2.5, "worst_before": None}
    for rule, keys in load_rules.KEYS.items():
        for key, theirs in product(keys, (False, True)):
            notice = Notice(rule, key, (), "info", made, {**facts})
            assert notice_sentence(notice, theirs=theirs)
            assert notice_why(notice)
    assert load_rules.KEYS.keys() | {"load-alert"} == load_rules.RULES
