"""The sample sentences people were promised, each made from a history: rule, numbers and words together.

Where ours are put otherwise, what a sample says is all there: the number, its comparison, the limit, and the advice.
"""

from datetime import timedelta

from sensor_hub.guidelines.evaluate import evaluate, standing
from sensor_hub.guidelines.guidance import guide
from sensor_hub.model.diary import Said, StartPlan
from sensor_hub.model.finding import Finding
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.findings import finding_sentence, finding_why
from sensor_hub.words.guidance import notice_sentence
from sensor_hub.words.terms import headroom_sentence, interval_sentence, safety_text
from tests.guidelines.cases import NOW_UTC, RUNNER, TODAY, case_of
from tests.guidelines.histories import run
from tests.guidelines.pain.diaries import noticed, pain


def found(sessions: list[SessionSummary], rule: str, measure: str, scope: str) -> Finding:
    (one,) = [
        f
        for f in evaluate(RUNNER, sessions, TODAY)
        if (f.rule, f.measure) == (rule, measure) and f.scope.startswith(scope) and f.scope.endswith(("s0", "16"))
    ]
    return one


def earlier(highest: float) -> list[SessionSummary]:
    """Six weeks with a run every third day, the highest of them 18 days ago."""
    return [run(day, highest if day == 18 else 0.7 * highest) for day in range(3, 43, 3)]


def test_heads_up_names_load_share_reference_and_advice() -> None:
    high = found([*earlier(10.2), run(0, 12.4)], "session-limit", "load_eq_km", "session")
    sentence = finding_sentence(high)
    for part in ("push-off load", "12.4 eq-km", "22 % above your highest run of the last 30 days", "10.2 eq-km"):
        assert part in sentence
    assert sentence.endswith("Many runners keep the next run easier.")
    assert finding_why(high)
    assert interval_sentence(12.4, 0.3) == "Load of this run 12.4 eq-km, likely 12.0 to 12.8 (80 %)."


def test_info_says_how_much_of_the_week_is_left() -> None:
    before = [run(day, 10) for day in range(5, 40, 2)]
    this_week = [run(4, 10.2), run(3, 10.2), run(1, 10.3), run(0, 10.2)]
    near = found([*before, *this_week], "week-limit", "load_eq_km", "week")
    assert near.severity == "info"
    assert finding_sentence(near) == (
        "The modelled push-off load of the week from 16 Nov (40.9 eq-km) is close to the limit (44.0 eq-km): 3.1 eq-km "
        "left."
    )


def test_little_data_says_at_least_and_that_it_is_above_all_the_same() -> None:
    lower = found([*earlier(6.45), run(0, 7.6, coverage=0.61)], "session-limit", "load_eq_km", "session")
    assert lower.lower_bound
    assert "at least 7.6 eq-km" in finding_sentence(lower)
    assert "18 % above" in finding_sentence(lower)
    assert "limit 7.1 eq-km" in " ".join(finding_why(lower))


def test_little_data_below_the_limit_is_not_judged() -> None:
    sessions = [*earlier(6.45), run(0, 6.6, coverage=0.61)]
    assert not [f for f in evaluate(RUNNER, sessions, TODAY) if (f.rule, f.measure) == ("session-limit", "load_eq_km")]
    (left,) = [h for h in standing(RUNNER, sessions, NOW_UTC).headroom if h.measure == "load_eq_km"]
    assert left.reason == "low-coverage"
    assert "not known, too little of the run was recorded" in headroom_sentence(left)


def test_the_diary_says_no_running_one_stage_back_and_when_to_see_somebody() -> None:
    walks = noticed(days_ago=6, absent=("pain-walking",))
    said: list[Said] = [pain("morning", 4, 0), StartPlan("return-to-running", TODAY - timedelta(days=20)), walks]
    sentences = [notice_sentence(n) for n in guide(case_of([run(1, 10)], said)).notices]
    assert (
        "4/10 the morning after: no running today; your plan goes back one stage. If it is still raised 24 h after the "
        "run, see a physiotherapist."
    ) in sentences


def test_the_footer_is_word_for_word() -> None:
    assert safety_text() == (
        "Training information, not medical advice. Sudden severe pain, a pop or snap, being unable to bear weight, "
        "walk or rise on your toes, severe bruising or swelling: seek medical care now."
    )
