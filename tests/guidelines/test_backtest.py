"""A past told again says what a hub would have said at the time, and nothing that it could not have known."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from sensor_hub.guidelines.backtest import backtest
from sensor_hub.guidelines.catalogue import rule
from sensor_hub.guidelines.diary import Diary
from sensor_hub.guidelines.evaluate import evaluate, should_notify
from sensor_hub.model.athlete import Shoe
from sensor_hub.model.diary import SayMedicine, SayPain
from sensor_hub.model.rule import RuleSettings
from sensor_hub.model.session import SessionSummary
from tests.guidelines.histories import RUNNER, run

STRICT, BALANCED = RuleSettings("strict"), RuleSettings()
# Four weeks of 5 km every other day, then one of 10 km.
STEADY = [run(days_ago, 5.0) for days_ago in range(60, 2, -2)]
SPIKE = run(2, 10.0)


def said(at_utc: datetime, level: float) -> Diary:
    return Diary(pains=(SayPain(at_utc, "morning", level, "L"),))


def only(settings: RuleSettings, *rules: str) -> RuleSettings:
    from sensor_hub.guidelines.catalogue import RULES

    return replace(settings, off=frozenset(info.id for info in RULES if info.id not in rules))


def test_without_a_run_there_is_nothing_to_tell() -> None:
    report = backtest(RUNNER, [])
    assert (report.n_runs, report.n_weeks, report.pushes, report.spoken) == (0, 0, (), ())
    assert report.pushes_per_week is None
    assert report.most_pushes_in_week == 0


def test_a_spike_is_told_once_at_the_end_of_its_run() -> None:
    report = backtest(RUNNER, [*STEADY, SPIKE], settings=only(BALANCED, "session-limit"))
    pushed = [s for s in report.spoken if s.pushed]
    assert [(s.rule, s.scope, s.at_utc) for s in pushed] == [
        ("session-limit", f"session:{SPIKE.header.sid}", SPIKE.end_utc)
    ]
    assert report.n_pushes == report.most_pushes_in_week == 1
    assert report.n_weeks == len(report.pushes)
    assert report.pushes_per_week == pytest.approx(1 / report.n_weeks)


def test_several_numbers_of_one_rule_about_one_run_are_one_push() -> None:
    report = backtest(RUNNER, [*STEADY, SPIKE], settings=only(BALANCED, "session-limit"))
    of_spike = [s for s in report.spoken if s.scope == f"session:{SPIKE.header.sid}"]
    assert {s.what for s in of_spike} >= {"distance_m", "load_eq_km"}
    assert sum(s.pushed for s in of_spike) == 1


def test_what_comes_later_changes_nothing_that_was_said_before() -> None:
    whole = backtest(RUNNER, [*STEADY, SPIKE, run(1, 25.0)])
    begun = backtest(RUNNER, [*STEADY, SPIKE])
    assert whole.spoken[: len(begun.spoken)] == begun.spoken


def test_the_order_in_which_a_history_is_handed_over_is_of_no_account() -> None:
    past = [*STEADY, SPIKE]
    assert backtest(RUNNER, past[::-1]) == backtest(RUNNER, past)


def test_its_pushes_are_those_of_judging_run_by_run_with_the_whole_past_in_hand() -> None:
    past = [*STEADY, SPIKE, run(1, 12.0), run(0, 30.0)]
    pushed: list[tuple[str, str]] = []
    stored: dict[str, object] = {}
    for n, session in enumerate(past, start=1):
        day = session.start_utc.date()
        for finding in evaluate(RUNNER, past[:n], day - timedelta(days=1), stored.values(), until=day):  # type: ignore[arg-type]
            told = should_notify(stored.get(finding.key), finding, session.end_utc)  # type: ignore[arg-type]
            if told and (finding.rule, finding.scope) not in pushed:
                pushed.append((finding.rule, finding.scope))
            stored[finding.key] = finding
    assert pushed
    assert [(s.rule, s.scope) for s in backtest(RUNNER, past).spoken if s.pushed] == pushed


def test_a_strict_policy_asks_at_least_as_often_as_a_balanced_one() -> None:
    past = [*STEADY, SPIKE, run(1, 12.0), run(0, 14.0)]
    strict, balanced = backtest(RUNNER, past, settings=STRICT), backtest(RUNNER, past, settings=BALANCED)
    assert strict.policy == "strict"
    assert strict.n_pushes > balanced.n_pushes > 0
    assert len(strict.spoken) >= len(balanced.spoken)


def test_a_rule_with_another_value_speaks_otherwise() -> None:
    wide = RuleSettings(values={("session-limit", "factor"): rule("session-limit").parameter("factor").high})
    told = backtest(RUNNER, [*STEADY, run(2, 6.2)], settings=BALANCED)
    told_wide = backtest(RUNNER, [*STEADY, run(2, 6.2)], settings=wide)
    assert "session-limit" in {t.rule for t in told.rules if t.n_alerts}
    assert "session-limit" not in {t.rule for t in told_wide.rules if t.n_alerts}


def test_a_rule_that_is_off_says_nothing() -> None:
    off = RuleSettings(off=frozenset({"session-limit"}))
    assert all(s.rule != "session-limit" for s in backtest(RUNNER, [*STEADY, SPIKE], settings=off).spoken)


def test_pain_beside_a_rule_is_counted_with_its_n_and_what_was_not_logged_is_unknown() -> None:
    settings = only(BALANCED, "session-limit")
    past = [*STEADY, SPIKE]

    def after(diary: Diary) -> tuple[int, int, int, int]:
        told = next(t for t in backtest(RUNNER, past, diary, settings).rules if t.rule == "session-limit")
        return told.after.n, told.after.n_pain, told.after.n_none, told.after.n_unknown

    assert after(Diary()) == (1, 0, 0, 1)
    assert after(said(SPIKE.end_utc + timedelta(days=1), 3.0)) == (1, 1, 0, 0)
    assert after(said(SPIKE.end_utc + timedelta(days=1), 0.0)) == (1, 0, 1, 0)
    assert after(said(SPIKE.end_utc + timedelta(days=8), 3.0)) == (1, 0, 0, 1)
    assert after(said(SPIKE.end_utc - timedelta(hours=1), 3.0)) == (1, 0, 0, 1)


def test_notices_are_told_when_what_they_rest_on_was_said() -> None:
    evening = STEADY[-1].end_utc + timedelta(hours=3)
    diary = Diary(pains=(SayPain(evening, "after", 8.0, "L", sid=STEADY[-1].header.sid),))
    heard = [s for s in backtest(RUNNER, [*STEADY, SPIKE], diary).spoken if s.weight in {"refer", "stop"}]
    assert heard
    assert min(s.at_utc for s in heard) == evening
    assert not any(s.pushed for s in heard)


def test_what_is_said_after_the_last_run_is_heard_too() -> None:
    later = SPIKE.end_utc + timedelta(days=3)
    heard = [s for s in backtest(RUNNER, [*STEADY, SPIKE], said(later, 8.0)).spoken if s.weight == "refer"]
    assert [s.at_utc for s in heard] == [later]


def test_a_medicine_and_a_plan_without_a_word_of_pain_are_heard_on_their_day() -> None:
    day = (SPIKE.start_utc + timedelta(days=2)).date()
    diary = Diary(medicines=(SayMedicine("fluoroquinolone", day),))
    heard = [s for s in backtest(RUNNER, [*STEADY, SPIKE], diary).spoken if s.rule == "fluoroquinolone"]
    assert [s.day for s in heard] == [day]


def test_shoes_are_told_of_as_they_stood_then_and_not_as_they_are_now() -> None:
    worn = [(session.header.sid, "pair") for session in [*STEADY, SPIKE]]
    retired = Shoe("pair", RUNNER.id, "Blue", None, 420_000.0, retired_utc=SPIKE.end_utc + timedelta(days=1))
    heard = [s for s in backtest(RUNNER, [*STEADY, SPIKE], shoes=[retired], worn=worn).spoken if s.rule == "shoe-wear"]
    assert [s.what for s in heard] == ["warn"]
    assert heard[0].at_utc == STEADY[12].end_utc  # 420 and 13 times 5 km
    away = replace(retired, retired_utc=STEADY[5].end_utc)
    assert all(s.rule != "shoe-wear" for s in backtest(RUNNER, STEADY, shoes=[away], worn=worn).spoken)


def test_a_notice_that_goes_on_is_told_once() -> None:
    days = [session.end_utc + timedelta(hours=20) for session in STEADY[-10:]]
    diary = Diary(pains=tuple(SayPain(at_utc, "morning", 1.0, "L") for at_utc in days))
    heard = [s for s in backtest(RUNNER, STEADY, diary).spoken if s.rule == "symptom"]
    assert len(heard) == 1


def test_of_a_past_reported_from_a_day_on_what_lies_before_is_still_what_runs_are_held_against() -> None:
    past = [*STEADY, SPIKE]
    since = SPIKE.start_utc.date()
    report = backtest(RUNNER, past, since=since)
    whole = backtest(RUNNER, past)
    assert report.n_runs == 1
    assert report.first == since
    assert report.spoken == tuple(s for s in whole.spoken if s.day >= since)
    assert any(s.pushed for s in report.spoken)


def test_of_one_rule_only_its_own_words_and_pushes_are_counted() -> None:
    past = [*STEADY, SPIKE, run(1, 12.0), run(0, 14.0)]
    whole = backtest(RUNNER, past, settings=STRICT)
    one = backtest(RUNNER, past, settings=STRICT, rule="week-on-week")
    assert one.spoken == tuple(s for s in whole.spoken if s.rule == "week-on-week")
    assert [told for told in whole.rules if told.rule == "week-on-week"] == list(one.rules)
    assert 0 < one.n_pushes < whole.n_pushes
    assert one.n_runs == whole.n_runs


def test_a_replay_and_another_ledger_are_no_past() -> None:
    walk = replace(run(3, 30.0, sid="walk"), header=replace(run(3, 30.0, sid="walk").header, ledger="walk"))
    replayed: SessionSummary = run(3, 30.0, sid="replayed", origin="replay")
    assert backtest(RUNNER, [*STEADY, walk, replayed]) == backtest(RUNNER, STEADY)


def test_progress_is_told_run_by_run() -> None:
    told: list[tuple[int, int]] = []
    backtest(RUNNER, STEADY[:3], progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 3), (2, 3), (3, 3)]
