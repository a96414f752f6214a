"""How a stop and a referral end, and that they end no sooner: by what is said, by a clinician, never by silence."""

from datetime import timedelta

import pytest

from sensor_hub.guidelines.guidance import guide
from sensor_hub.model.diary import Said, SayClearance, SayEpisode, SayMedicine, SayPain, SetPolicy, StartPlan
from sensor_hub.model.guidance import Notice, Verdict
from sensor_hub.model.session import SessionSummary
from sensor_hub.words.guidance import notice_sentence, notice_why
from sensor_hub.words.verdicts import verdict_sentence
from tests.guidelines.cases import TODAY, case_of
from tests.guidelines.histories import run
from tests.guidelines.pain.diaries import noticed, pain


def verdict(said: list[Said], runs: list[SessionSummary] | None = None) -> Verdict:
    return guide(case_of(runs or [], said)).verdict


def notices(said: list[Said], rule: str, runs: list[SessionSummary] | None = None) -> list[Notice]:
    return [n for n in guide(case_of(runs or [], said)).notices if n.rule == rule]


def mornings(level: float, *days_ago: int) -> list[SayPain]:
    return [pain("morning", level, day) for day in days_ago]


@pytest.mark.row("A25", "D16")
@pytest.mark.parametrize("days_ago", [29, 45, 100, 170])
@pytest.mark.parametrize("level", [3.0, 5.0, 8.0])
def test_silence_does_not_end_a_stop_however_long_it_lasts(days_ago: int, level: float) -> None:
    told = verdict([pain("morning", level, days_ago)])

    assert told.standing == "unknown"
    assert told.running == "unknown"
    assert [n.key for n in told.because] == ["never-gone"] * len(told.because)


@pytest.mark.row("D16")
def test_silence_does_not_end_pain_that_was_raised_a_day_after_a_run() -> None:
    told = verdict([pain("during", 1, 40), pain("day-after", 4, 39, hour=9)], [run(40, 10)])

    assert told.running == "unknown"


@pytest.mark.row("D14", "D16")
def test_a_stop_of_long_ago_ends_with_two_days_said_to_be_well_and_running_begins_again_reduced() -> None:
    told = verdict([*mornings(4, *range(2, 25)), *mornings(0, 1, 0)])

    assert (told.standing, told.running) == ("caution", "reduced")
    assert [n.key for n in told.because] == ["begin-again"]


@pytest.mark.row("D14")
def test_running_begins_again_reduced_also_where_the_stop_itself_is_more_than_two_weeks_old() -> None:
    told = verdict([pain("morning", 4, 20), *mornings(0, 2, 1)])

    assert told.running == "reduced"


@pytest.mark.row("D14")
def test_a_run_that_was_answered_well_after_the_stop_ended_frees_running() -> None:
    well: list[Said] = [pain("during", 0, 1), pain("after", 0, 1), pain("morning", 0, 0), pain("day-after", 0, 0)]
    told = verdict([pain("morning", 4, 20), *mornings(0, 5, 4), *well], [run(1, 5)])

    assert told.running == "usual"


def test_that_a_clinician_ended_a_stop_is_known_apart_from_that_it_is_back_to_usual() -> None:
    (cleared,) = notices([pain("morning", 4, 3), SayClearance(TODAY, "Dr Reis", "physician")], "pain-24h")
    (well,) = notices([pain("morning", 4, 3), *mornings(0, 2, 1)], "pain-24h")

    assert (cleared.key, cleared.facts["cleared"]) == ("begin-again", True)
    assert (well.key, well.facts["cleared"]) == ("begin-again", False)


@pytest.mark.row("A06")
def test_severe_pain_that_was_over_does_not_come_back_with_a_little_pain_later() -> None:
    said = [pain("morning", 8, 12), *mornings(0, 9, 8, 7), pain("morning", 1, 2)]

    assert notices([*said], "pain-refer") == []


@pytest.mark.row("A06")
def test_severe_pain_of_more_than_half_a_year_ago_is_past() -> None:
    assert notices([pain("morning", 8, 200), pain("exercise", 9, 190)], "pain-refer") == []


@pytest.mark.row("A06")
def test_saying_that_it_has_recovered_ends_pain_of_more_than_two_weeks() -> None:
    hurts: list[Said] = [SayEpisode(TODAY - timedelta(days=30), "began"), *mornings(1, *range(1, 21))]

    assert [n.key for n in notices(hurts, "pain-refer")] == ["persists"]
    assert notices([*hurts, SayEpisode(TODAY, "recovered")], "pain-refer") == []


@pytest.mark.row("A06", "A18")
def test_no_other_sport_is_offered_in_place_of_seeing_somebody_for_severe_pain() -> None:
    assert verdict([pain("after", 8, 0)]).offers == ()
    assert verdict([pain("after", 4, 0)]).offers == ("cycling", "swimming", "rowing")


@pytest.mark.row("D01", "A29")
def test_a_tender_point_too_high_up_is_over_when_it_is_said_to_be_gone() -> None:
    high = noticed("tenderness", days_ago=5, tender_cm=8.0)

    assert [n.key for n in notices([high], "place-above")] == ["above"]
    assert notices([high, noticed(days_ago=1, absent=("tenderness",))], "place-above") == []


@pytest.mark.row("D01")
def test_a_word_on_one_side_does_not_make_a_clearance_of_the_other_too_early() -> None:
    said: list[Said] = [
        noticed("tenderness", days_ago=9, side="L", tender_cm=8.0),
        SayClearance(TODAY - timedelta(days=5), "Dr Reis", "physician"),
        noticed("tenderness", days_ago=2, side="R", tender_cm=4.0),
    ]

    assert notices(said, "place-above") == []


@pytest.mark.row("D16", "D47")
def test_a_word_for_the_day_after_that_is_said_on_the_day_of_the_run_settles_nothing() -> None:
    (answer,) = guide(case_of([run(0, 5)], [pain("during", 1, 0), pain("day-after", 0, 0, hour=10)])).responses

    assert answer.settled is None
    assert answer.after == 0


@pytest.mark.row("A25")
def test_somebody_in_trouble_who_says_nothing_is_not_known_to_be_well() -> None:
    told = verdict([pain("morning", 2, 4), StartPlan("mid-portion", TODAY - timedelta(days=20))])

    assert told.standing == "unknown"


@pytest.mark.row("A25")
def test_trouble_on_the_left_is_asked_about_after_the_right_has_recovered() -> None:
    began = TODAY - timedelta(days=40)
    said: list[Said] = [SayEpisode(began, "began", "L"), SayEpisode(began, "began", "R")]
    said += [SayEpisode(TODAY - timedelta(days=20), "recovered", "R")]

    assert [ask.key for ask in guide(case_of([], said)).asks] == ["daily"]
    assert guide(case_of([], [*said, SayEpisode(TODAY, "recovered", "L")])).asks == ()


@pytest.mark.row("A10")
def test_a_word_said_while_the_antibiotic_is_taken_does_not_end_what_it_means() -> None:
    taken = SayMedicine("fluoroquinolone", TODAY - timedelta(days=3), TODAY + timedelta(days=4))
    said: list[Said] = [taken, SayClearance(TODAY, "Dr Reis", "physician")]

    (notice,) = notices(said, "fluoroquinolone")

    assert notice.facts["last"] == TODAY


@pytest.mark.row("D33")
def test_that_a_plan_goes_back_is_said_only_where_it_did() -> None:
    (first,) = notices([pain("morning", 4, 0), StartPlan("return-to-running", TODAY - timedelta(days=9))], "pain-24h")
    walks = noticed(days_ago=6, absent=("pain-walking",))
    begun = StartPlan("return-to-running", TODAY - timedelta(days=20))
    (second,) = notices([pain("morning", 4, 0), begun, walks], "pain-24h")
    (stiff,) = notices([pain("morning", 4, 0, quality="stiffness"), begun, walks], "pain-24h")

    assert first.facts["plan_back"] is False
    assert second.facts["plan_back"] is True
    assert stiff.facts["plan_back"] is True


def told_of(said: list[Said], rule: str, runs: list[SessionSummary] | None = None) -> tuple[str, str]:
    """The sentence and the reasons of the one notice of a rule."""
    (notice,) = notices(said, rule, runs)
    return notice_sentence(notice), " ".join(notice_why(notice))


def test_a_stop_says_what_ends_it() -> None:
    _, why = told_of([pain("morning", 4, 0)], "pain-24h")

    assert "two later days" in why
    assert "From 3" in why


def test_the_reasons_of_a_stop_name_the_levels_of_the_policy() -> None:
    _, why = told_of([SetPolicy("clinician"), pain("morning", 6, 0)], "pain-24h")

    assert "up to 5 of 10" in why
    assert "From 3" not in why


def test_what_nobody_said_the_end_of_does_not_claim_that_nothing_was_said_since() -> None:
    sentence, why = told_of([pain("morning", 4, 40), *mornings(2.5, 20, 10, 3)], "pain-24h")

    assert "last" not in sentence
    assert "without a word" not in why


def test_running_that_a_clinician_has_freed_is_not_said_to_be_back_to_usual() -> None:
    said: list[Said] = [pain("morning", 4, 3), pain("morning", 3, 1), SayClearance(TODAY, "Dr Reis", "physician")]
    sentence, _ = told_of(said, "pain-24h")

    assert "clinician's word" in sentence
    assert "usual:" not in sentence


def test_mornings_that_hurt_are_not_said_to_stand_until_they_are_gone() -> None:
    sentence, _ = told_of([pain("morning", 2, 5), pain("morning", 0, 1)], "symptom")

    assert "until" not in sentence


def test_the_verdict_of_somebody_who_said_nothing_for_days_is_that_it_is_not_known() -> None:
    assert verdict_sentence(verdict([pain("morning", 2, 4)])).startswith("How it is now is not known")


@pytest.mark.row("A25")
@pytest.mark.parametrize("days_ago", [20, 40])
def test_what_only_an_answer_ends_is_asked_about_until_it_is_given(days_ago: int) -> None:
    said: list[Said] = [pain("morning", 4, days_ago)]

    assert [ask.key for ask in guide(case_of([], said)).asks] == ["daily"]
    assert guide(case_of([], [*said, *mornings(0, days_ago - 1, days_ago - 2)])).asks == ()


@pytest.mark.row("A06")
def test_a_little_pain_said_now_and_then_and_long_ago_does_not_hold_running() -> None:
    assert verdict([*mornings(1, 60, 40)]).running == "usual"
    assert verdict([*mornings(1, *range(40, 56))]).running == "unknown"


def test_a_question_is_due_at_a_moment_of_utc() -> None:
    (ask,) = guide(case_of([], [pain("morning", 2, 2)])).asks

    assert ask.due_utc.tzname() == "UTC"
