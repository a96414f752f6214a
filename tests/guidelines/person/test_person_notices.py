import math
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

import pytest

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.person.episodes import open_since
from sensor_hub.guidelines.person.notices import INFOS, person_notices
from sensor_hub.model.diary import (
    PainSide,
    Said,
    SayCare,
    SayClearance,
    SayEpisode,
    SayExercise,
    SayMedicine,
    SayProfile,
    SaySymptoms,
    SetRule,
)
from sensor_hub.model.guidance import Notice
from sensor_hub.model.history import DaySpan
from sensor_hub.words.guidance import notice_sentence, notice_why
from tests.guidelines.cases import NOW_UTC, TODAY, case_of
from tests.guidelines.histories import run

DAY = timedelta(days=1)
ADULT = SayProfile(born=date(1990, 5, 1))


def said_of(case: Case, rule: str) -> list[tuple[str, str]]:
    notices = [n for n in person_notices(case, ()) if n.rule == rule]
    assert all("{" not in text for n in notices for text in in_words(n))
    return [(n.key, n.weight) for n in notices]


def in_words(notice: Notice) -> list[str]:
    """Whatever a rule says has words; without them this raises."""
    return [notice_sentence(notice), notice_sentence(notice, theirs=True), *notice_why(notice)]


def of_rule(said: Iterable[Said], rule: str, **more: object) -> list[tuple[str, str]]:
    return said_of(case_of(said=said, **more), rule)  # type: ignore[arg-type]


def day(days_ago: int) -> date:
    return TODAY - days_ago * DAY


# --- who somebody is -------------------------------------------------------------------------------------------------


@pytest.mark.row("A11", "D51")
@pytest.mark.parametrize(("born", "told"), [(date(1986, 11, 20), True), (date(1986, 11, 21), False), (None, False)])
def test_from_forty_on_age_is_noted_and_nothing_is_multiplied(born: date | None, told: bool) -> None:
    case = case_of(said=[SayProfile(born=born)])
    assert said_of(case, "age") == ([("tolerates-less", "info")] if told else [])
    assert all(p.unit == "years" for info in INFOS if info.id == "age" for p in info.parameters)


def test_under_18_there_is_the_load_view_only_whatever_is_switched_off() -> None:
    said: list[Said] = [SayProfile(born=date(2008, 11, 21), weak_calf=True), SetRule("under-18", "on", 0)]
    assert [(n.rule, n.key) for n in person_notices(case_of(said=said), ())] == [("under-18", "load-view-only")]
    on_the_birthday = [SayProfile(born=date(2008, 11, 20))]
    assert of_rule(on_the_birthday, "under-18") == []
    assert of_rule([], "under-18") == []


@pytest.mark.row("A09")
def test_runs_at_weekends_only_for_four_weeks_are_noted_and_one_in_the_week_ends_it() -> None:
    weekends = [run(d, 8.0) for d in range(28) if day(d).isoweekday() > 5]
    assert said_of(case_of(weekends), "vulnerable") == [("weekends-only", "info")]
    assert said_of(case_of([*weekends, run(9, 5.0)]), "vulnerable") == []
    not_recorded = [DaySpan(day(10), day(9), "not-recorded")]
    assert said_of(case_of(weekends, days=not_recorded), "vulnerable") == []
    assert said_of(case_of(weekends[:4]), "vulnerable") == []


@pytest.mark.row("A09")
@pytest.mark.parametrize(
    ("since", "oldest", "told"),
    [(day(364), 10, True), (day(365), 10, False), (day(100), 365, False), (None, 364, False), (None, 10, False)],
)
def test_who_runs_for_less_than_a_year_is_new_and_who_has_not_said_is_unknown(
    since: date | None, oldest: int, told: bool
) -> None:
    case = case_of([run(oldest, 5.0), run(3, 5.0)], [SayProfile(running_since=since)])
    assert said_of(case, "vulnerable") == ([("new-runner", "info")] if told else [])


@pytest.mark.row("A09")
@pytest.mark.parametrize(("days_ago", "told"), [(365, True), (366, False)])
def test_trouble_within_a_year_is_noted(days_ago: int, told: bool) -> None:
    said = [SayEpisode(day(500), "began"), SayEpisode(day(days_ago), "recovered")]
    assert of_rule(said, "vulnerable") == ([("after-injury", "info")] if told else [])


@pytest.mark.row("C14", "D08")
@pytest.mark.parametrize("weak", [True, False, None])
def test_a_calf_that_is_said_to_be_weak_is_noted(weak: bool | None) -> None:
    assert of_rule([SayProfile(weak_calf=weak)], "weak-calf") == ([("strengthen", "info")] if weak else [])


@pytest.mark.row("E06")
@pytest.mark.parametrize(("cm", "told"), [(9.5, True), (10.0, False), (None, False)])
def test_an_ankle_that_bends_little_is_noted(cm: float | None, told: bool) -> None:
    found = of_rule([SayProfile(knee_to_wall_cm=cm)], "limited-ankle")
    assert found == ([("knee-to-wall", "info")] if told else [])


@pytest.mark.row("C15")
def test_a_stiff_ankle_is_noted_until_it_is_said_to_be_gone() -> None:
    stiff = SaySymptoms(NOW_UTC - 5 * DAY, present=("stiff-ankle",))
    gone = SaySymptoms(NOW_UTC - 2 * DAY, absent=("stiff-ankle",))
    assert of_rule([stiff], "tight-or-too-much") == [("stiff-ankle", "info")]
    assert of_rule([stiff, gone], "tight-or-too-much") == []
    assert of_rule([SaySymptoms(NOW_UTC - 40 * DAY, present=("stiff-ankle",))], "tight-or-too-much") == []


@pytest.mark.row("C15")
def test_several_runs_above_a_limit_are_noted_as_too_much() -> None:
    usual = [run(d, 5.0) for d in range(8, 60, 2)]
    assert said_of(case_of([*usual, run(6, 9.0)], judged=True), "tight-or-too-much") == []
    found = said_of(case_of([*usual, run(6, 9.0), run(2, 14.0)], judged=True), "tight-or-too-much")
    assert found == [("too-much", "info")]


# --- medicine --------------------------------------------------------------------------------------------------------


@pytest.mark.row("A10")
@pytest.mark.parametrize(("days_ago", "told"), [(0, True), (300, True), (-6, False)])
def test_after_a_fluoroquinolone_the_prescriber_comes_first(days_ago: int, told: bool) -> None:
    said: list[Said] = [ADULT, SayMedicine("fluoroquinolone", day(days_ago + 5), day(days_ago))]
    assert of_rule(said, "fluoroquinolone") == ([("prescriber-first", "refer")] if told else [])


@pytest.mark.row("A10")
def test_only_a_physicians_word_after_the_last_day_ends_that() -> None:
    taken = SayMedicine("fluoroquinolone", day(20), day(15))
    for clearance, told in [
        (SayClearance(day(10), "Dr Roe", "physician"), False),
        (SayClearance(day(10), "Pat", "physiotherapist"), True),
        (SayClearance(day(16), "Dr Roe", "physician"), True),
    ]:
        assert bool(of_rule([taken, clearance], "fluoroquinolone")) is told
    assert of_rule([SayProfile(born=date(2010, 1, 1)), taken], "fluoroquinolone") == [("prescriber-first", "refer")]


@pytest.mark.row("A10")
def test_conditions_that_weaken_tendons_are_each_noted() -> None:
    found = of_rule([SayProfile(conditions=("metabolic", "chronic"))], "condition")
    assert found == [("metabolic", "caution"), ("chronic", "caution")]
    assert of_rule([SayProfile(conditions=())], "condition") == []


@pytest.mark.row("A15", "D38", "E16")
@pytest.mark.parametrize(
    ("n_days", "found"),
    [
        (0, []),
        (1, [("short-term", "info")]),
        (3, [("short-term", "info")]),
        (4, [("long", "caution")]),
        (5, [("long", "caution")]),
        (6, [("too-long", "caution")]),
    ],
)
def test_anti_inflammatories_are_for_a_few_days(n_days: int, found: list[tuple[str, str]]) -> None:
    said = [SayMedicine("nsaid", day(n_days), day(1))] if n_days else []
    assert of_rule(said, "anti-inflammatory") == found


@pytest.mark.row("D38")
def test_a_day_said_twice_counts_once_and_days_of_long_ago_do_not() -> None:
    twice = [SayMedicine("nsaid", day(2)), SayMedicine("nsaid", day(3), day(1)), SayMedicine("nsaid", day(30), day(14))]
    (notice,) = [n for n in person_notices(case_of(said=twice), ()) if n.rule == "anti-inflammatory"]
    assert (notice.key, notice.facts["days"], notice.since) == ("short-term", 3.0, day(3))
    assert of_rule([SayMedicine("other", day(8), day(0))], "anti-inflammatory") == []


@pytest.mark.row("C05")
def test_tape_for_more_than_four_weeks_is_reminded_of_and_a_pause_begins_anew() -> None:
    assert of_rule([SayCare("tape", day(28), day(0))], "tape") == [("for-weeks", "info")]
    assert of_rule([SayCare("tape", day(27), day(0))], "tape") == []
    now_and_then = [SayCare("tape", day(d)) for d in range(1, 50, 10)]
    assert of_rule(now_and_then, "tape") == [("for-weeks", "info")]
    paused = [SayCare("tape", day(60), day(30)), SayCare("tape", day(10), day(0))]
    assert of_rule(paused, "tape") == []
    assert of_rule([SayCare("tape", day(60), day(15))], "tape") == []


# --- episodes --------------------------------------------------------------------------------------------------------


@pytest.mark.row("D43")
@pytest.mark.parametrize(("days_ago", "told"), [(0, True), (365, True), (366, False)])
def test_the_first_year_after_a_recovery_is_watched(days_ago: int, told: bool) -> None:
    said = [SayEpisode(day(400), "began"), SayEpisode(day(days_ago), "recovered")]
    assert of_rule(said, "first-year") == ([("watch", "info")] if told else [])
    assert of_rule([*said, SayEpisode(day(0), "began")], "first-year") == []


@pytest.mark.row("A24", "B15")
def test_trouble_that_began_twice_within_a_year_asks_for_an_assessment() -> None:
    first, again = SayEpisode(day(365), "began"), SayEpisode(day(20), "began")
    assert of_rule([first], "comes-back") == []
    assert of_rule([first, SayEpisode(day(100), "recovered"), again], "comes-back") == [("assessment", "caution")]
    assert of_rule([SayEpisode(day(366), "began"), again], "comes-back") == []
    assert of_rule([again, again], "comes-back") == []


@pytest.mark.parametrize(
    ("side", "recovered", "still"),
    [("L", "L", False), ("L", "R", True), ("L", "both", False), ("both", "both", False), ("both", "L", False)],
)
def test_an_episode_is_over_on_its_own_side(side: PainSide, recovered: PainSide, still: bool) -> None:
    said = [SayEpisode(day(30), "began", side), SayEpisode(day(10), "recovered", recovered)]
    assert (open_since(case_of(said=said).diary, TODAY) == day(30)) is still


# --- too little ------------------------------------------------------------------------------------------------------

BEGAN = SayEpisode(day(40), "began")
RESTED = [DaySpan(day(19), day(0), "rested")]


def loaded(sessions: Sequence[int], days: Sequence[DaySpan] = (), more: Sequence[Said] = ()) -> list[tuple[str, str]]:
    return of_rule([BEGAN, *more], "under-load", sessions=[run(d, 3.0) for d in sessions], days=days)


@pytest.mark.row("B12", "D40")
def test_two_weeks_of_rest_in_an_open_episode_are_too_little() -> None:
    assert loaded([14], RESTED) == [("resting", "caution")]
    assert loaded([13], RESTED) == []
    assert loaded([14, 0], RESTED) == []
    assert of_rule([], "under-load", sessions=[run(20, 3.0)], days=RESTED) == []
    assert loaded([14], RESTED, [SayEpisode(day(5), "recovered")]) == []


@pytest.mark.row("B12", "D40")
def test_an_exercise_for_the_tendon_is_load_and_another_is_not() -> None:
    at = datetime(2026, 11, 18, 18, tzinfo=UTC)
    assert loaded([14], RESTED, [SayExercise(at, "heel-drop", 3, 15)]) == []
    assert loaded([14], RESTED, [SayExercise(at, "calf-stretch", 3, 1)]) == [("resting", "caution")]


@pytest.mark.row("B12", "D40")
def test_a_gap_that_nobody_has_answered_for_is_unknown_and_never_too_little() -> None:
    assert loaded([20]) == [("gap-unknown", "unknown")]
    assert loaded([20], [DaySpan(day(19), day(3), "rested")]) == [("resting", "caution")]  # three days are rest
    assert loaded([20], [DaySpan(day(19), day(7), "rested")]) == [("gap-unknown", "unknown")]
    assert loaded([20], [*RESTED, DaySpan(day(4), day(4), "not-recorded")]) == [("gap-unknown", "unknown")]


# --- all of them -----------------------------------------------------------------------------------------------------


def test_what_is_missing_of_a_person_is_one_notice_that_names_it() -> None:
    (nothing,) = person_notices(case_of(), ())
    assert (nothing.key, nothing.weight) == ("missing", "unknown")
    assert nothing.facts["missing"] == "born,running_since,conditions,weak_calf,knee_to_wall_cm"
    whole = SayProfile(date(1990, 1, 1), date(2010, 1, 1), (), weak_calf=False, knee_to_wall_cm=12.0)
    assert person_notices(case_of(said=[whole]), ()) == []


EVERY_RUN = [*[run(d, 5.0) for d in range(18, 60, 2)], run(16, 9.0), run(15, 14.0)]
EVERY_WORD: list[Said] = [
    SayProfile(date(1970, 1, 1), day(100), ("metabolic", "chronic"), weak_calf=True, knee_to_wall_cm=6.0),
    SayMedicine("fluoroquinolone", day(20), day(15)),
    SayMedicine("nsaid", day(9), day(0)),
    SayCare("tape", day(40), day(0)),
    SayEpisode(day(200), "began"),
    SayEpisode(day(100), "recovered"),
    SayEpisode(day(30), "began"),
    SaySymptoms(NOW_UTC - 3 * DAY, present=("stiff-ankle",)),
    SayProfile(forget=("knee_to_wall_cm",)),
]
EVERYTHING = case_of(EVERY_RUN, EVERY_WORD, judged=True)


@pytest.mark.parametrize("rule", sorted({n.rule for n in person_notices(EVERYTHING, ())}))
def test_a_rule_that_is_switched_off_says_nothing(rule: str) -> None:
    off = SetRule(rule, "on", 0)
    found = {n.rule for n in person_notices(case_of(EVERY_RUN, [*EVERY_WORD, off], judged=True), ())}
    assert found == {n.rule for n in person_notices(EVERYTHING, ())} - {rule}


def test_facts_are_never_not_a_number_and_rows_are_those_of_the_rule() -> None:
    rows = {info.id: info.rows for info in INFOS}
    notices: list[Notice] = person_notices(EVERYTHING, ())
    assert len({n.rule for n in notices}) >= 10
    assert all(n.rows == rows[n.rule] for n in notices)
    assert not any(isinstance(value, float) and math.isnan(value) for n in notices for value in n.facts.values())


def test_words_are_about_the_runner_and_name_no_disease() -> None:
    texts = [text for n in person_notices(EVERYTHING, ()) for text in in_words(n)]
    assert "An antibiotic that can weaken tendons was taken until 5 Nov 2026." in texts[0]
    assert not [text for text in texts if "tendin" in text.lower() or "diagnos" in text.lower()]
    (again,) = [n for n in person_notices(EVERYTHING, ()) if n.rule == "comes-back"]
    assert notice_sentence(again).endswith("look at how you run.")
    assert notice_sentence(again, theirs=True).endswith("look at how they run.")
    (missing,) = person_notices(case_of(), ())
    assert notice_sentence(missing).startswith("Not known of you: when born, running since when, ")
