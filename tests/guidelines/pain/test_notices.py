"""What the diary rules say of a day, and what ends it."""

from datetime import timedelta

import pytest

from sensor_hub.guidelines.catalogue.rules import why_not_set
from sensor_hub.guidelines.pain.notices import diary_notices
from sensor_hub.model.diary import (
    EMERGENCIES,
    SayClearance,
    SayEpisode,
    SayExercise,
    SetPolicy,
    SetRule,
    StartPlan,
    Symptom,
)
from sensor_hub.model.guidance import Notice
from tests.guidelines.cases import TODAY, case_of
from tests.guidelines.histories import FEET, run
from tests.guidelines.pain.diaries import at, noticed, pain, usual_mornings


def said_of(sessions, said, **more) -> list[Notice]:  # type: ignore[no-untyped-def]
    return diary_notices(case_of(sessions, said, **more))


def keys(notices: list[Notice], *, weight: str | None = None) -> set[str]:
    return {f"{n.rule}/{n.key}" for n in notices if weight is None or n.weight == weight}


def the(notices: list[Notice], name: str) -> Notice:
    (found,) = [n for n in notices if f"{n.rule}/{n.key}" == name]
    return found


def cleared(days_ago: int) -> SayClearance:
    return SayClearance(TODAY - timedelta(days=days_ago), "Dr. Example", "physician")


@pytest.mark.row("A05", "D12", "A21")
@pytest.mark.parametrize("symptom", EMERGENCIES)
def test_each_sign_of_an_emergency_is_one_until_said_to_be_gone(symptom: Symptom) -> None:
    (flag,) = said_of([], [noticed(symptom, days_ago=40)])[:1]
    assert (flag.rule, flag.key, flag.weight) == ("red-flag", symptom, "red-flag")
    assert "A21" in flag.rows
    assert flag.facts["imaging"] is True
    gone = [noticed(symptom, days_ago=2), noticed(days_ago=1, absent=(symptom,))]
    assert keys(said_of([], gone), weight="red-flag") == set()


def test_an_emergency_ends_with_a_clinicians_word_of_a_later_day_only() -> None:
    assert keys(said_of([], [noticed("pop", days_ago=3), cleared(3)]), weight="red-flag") == {"red-flag/pop"}
    assert keys(said_of([], [noticed("pop", days_ago=3), cleared(2)]), weight="red-flag") == set()
    again = [noticed("pop", days_ago=3), cleared(2), noticed("pop", days_ago=1)]
    assert keys(said_of([], again), weight="red-flag") == {"red-flag/pop"}
    assert keys(said_of([], [noticed("pop", days_ago=3), cleared(-1)]), weight="red-flag") == {"red-flag/pop"}


def test_one_leg_that_is_well_says_nothing_of_the_other() -> None:
    said = [noticed("pop", days_ago=2), noticed(days_ago=1, absent=("pop",), side="L")]
    assert the(said_of([], said), "red-flag/pop").facts["side"] == "R"


def test_an_emergency_cannot_be_switched_off() -> None:
    assert keys(said_of([], [noticed("pop"), SetRule("red-flag", "on", 0)]), weight="red-flag") == {"red-flag/pop"}
    assert "cannot be switched off" in (why_not_set(SetRule("red-flag", "on", 0)) or "")
    assert why_not_set(SetRule("pain-24h", "on", 0)) is None


@pytest.mark.row("A20")
def test_a_weak_push_off_is_no_emergency() -> None:
    found = said_of([], [noticed("weak-push-off")])
    assert keys(found, weight="red-flag") == set()
    assert the(found, "symptom/weak-push-off").rows == ("A20",)


@pytest.mark.row("A06", "C12")
def test_fifteen_days_with_pain_are_referred_and_fourteen_are_not() -> None:
    assert "pain-refer/persists" in keys(said_of([], [pain("morning", 1, k) for k in range(15)]), weight="refer")
    assert "pain-refer/persists" not in keys(said_of([], [pain("morning", 1, k) for k in range(14)]))


@pytest.mark.row("A06")
def test_a_missed_day_neither_counts_nor_starts_anew() -> None:
    fifteen = [pain("morning", 1, k) for k in range(16) if k != 5]
    assert "pain-refer/persists" in keys(said_of([], fifteen))
    fourteen = [pain("morning", 1, k) for k in range(16) if k not in {5, 6}]
    assert "pain-refer/persists" not in keys(said_of([], fourteen))
    perhaps = the(said_of([], fourteen), "pain-refer/perhaps")
    assert (perhaps.weight, perhaps.facts["days"], perhaps.facts["span"]) == ("unknown", 14.0, 16.0)


@pytest.mark.row("A06")
def test_a_day_said_to_be_without_pain_starts_the_count_anew_and_so_does_a_clinician() -> None:
    with_a_good_day = [pain("morning", 0 if k == 5 else 1, k) for k in range(20)]
    assert "pain-refer/persists" not in keys(said_of([], with_a_good_day))
    seen = [*(pain("morning", 1, k) for k in range(20)), cleared(3)]
    assert "pain-refer/persists" not in keys(said_of([], seen))
    assert "pain-refer/persists" in keys(said_of([], [*(pain("morning", 1, k) for k in range(20)), cleared(16)]))


def test_each_side_has_its_own_two_weeks() -> None:
    either = [pain("morning", 1, k, side="L" if k % 2 else "R") for k in range(16)]
    assert "pain-refer/persists" not in keys(said_of([], either))
    well_on_the_other = [*(pain("morning", 1, k, side="L") for k in range(15)), pain("evening", 0, 4, side="R")]
    assert the(said_of([], well_on_the_other), "pain-refer/persists").facts["side"] == "L"


@pytest.mark.row("A06")
def test_severe_pain_is_referred_until_three_days_are_said_without() -> None:
    assert "pain-refer/severe" in keys(said_of([], [pain("evening", 7, 4)]), weight="refer")
    assert "pain-refer/severe" not in keys(said_of([], [pain("evening", 6.5, 4)]))
    quiet = [pain("morning", 0, k) for k in range(3)]
    assert "pain-refer/severe" not in keys(said_of([], [pain("evening", 7, 4), *quiet]))
    assert "pain-refer/severe" in keys(said_of([], [pain("evening", 7, 4), *quiet[:2]]))
    in_exercise = [SayExercise(at(1, 18), "heel-drop", pain=7.0)]
    assert "pain-refer/severe" in keys(said_of([], in_exercise), weight="refer")


def test_what_nobody_said_the_end_of_is_unknown_after_four_weeks_and_never_well() -> None:
    found = said_of([], [pain("evening", 7, 29)])
    assert keys(found, weight="refer") == set()
    assert "pain-refer/never-gone" in keys(found, weight="unknown")
    assert "pain-24h/never-gone" not in keys(said_of([], [pain("evening", 7, 28)]))


@pytest.mark.row("D17", "A07", "C12")
def test_pain_that_rises_twice_while_the_runs_get_smaller_is_referred() -> None:
    sessions = [run(9, 10), run(6, 9), run(3, 8)]
    rising = [pain("during", level, day, warming="warm-up") for level, day in ((0.5, 9), (1.0, 6), (1.5, 3))]
    assert "worsening/worsening" in keys(said_of(sessions, rising), weight="refer")
    assert "worsening/worsening" not in keys(said_of(sessions, rising[:2]))
    assert "worsening/worsening" not in keys(said_of([run(9, 10), run(6, 9), run(3, 9.5)], rising))


@pytest.mark.row("D17")
def test_a_run_nobody_spoke_of_neither_counts_nor_starts_anew() -> None:
    sessions = [run(9, 10), run(6, 9), run(5, 20), run(3, 8)]
    rising = [pain("during", level, day, warming="warm-up") for level, day in ((0.5, 9), (1.0, 6), (1.5, 3))]
    assert "worsening/worsening" in keys(said_of(sessions, rising))


@pytest.mark.row("D15", "D33", "D50")
def test_four_the_morning_after_stops_and_two_later_days_back_to_usual_end_it() -> None:
    said = [pain("during", 0, 1), pain("after", 0, 1), pain("morning", 4, 0)]
    stop = the(said_of([run(1, 10)], said), "pain-24h/stop")
    assert (stop.weight, stop.facts["level"], stop.facts["when"]) == ("stop", 4, "morning")
    earlier = [pain("during", 0, 4), pain("after", 0, 4), pain("morning", 4, 3)]
    for not_yet in ([pain("morning", 0, 2)], [pain("morning", 0, 2), pain("morning", 1, 1)]):
        assert "pain-24h/stop" in keys(said_of([run(4, 10)], [*earlier, *not_yet]))
    over = said_of([run(4, 10)], [*earlier, pain("morning", 0, 2), pain("morning", 0, 0)])
    assert keys(over, weight="stop") == set()
    again = the(over, "pain-24h/begin-again")
    assert (again.weight, again.facts["cap_low"], again.facts["cap_high"]) == ("caution", 0.5, 0.7)


def test_a_stop_stands_while_nobody_says_how_it_is() -> None:
    assert "pain-24h/stop" in keys(said_of([run(20, 10)], [pain("during", 4, 20)]), weight="stop")
    long_ago = said_of([run(30, 10)], [pain("during", 4, 30)])
    assert keys(long_ago, weight="stop") == set()
    assert "pain-24h/never-gone" in keys(long_ago, weight="unknown")


@pytest.mark.row("D16", "D33b", "D54")
def test_still_raised_after_24_hours_asks_for_a_physiotherapist() -> None:
    said = [*usual_mornings(0.5), pain("evening", 1, 2), pain("day-after", 1, 1)]
    stop = the(said_of([run(2, 10)], said), "pain-24h/stop-physio")
    assert (stop.weight, stop.facts["next_smaller"], stop.facts["beyond"]) == ("stop", True, True)
    assert {"D16", "D54"} <= set(stop.rows)


def test_still_raised_and_above_three_asks_for_a_physiotherapist_all_the_same() -> None:
    said = [*usual_mornings(0.5), pain("day-after", 4, 1)]
    assert the(said_of([run(2, 10)], said), "pain-24h/stop-physio").facts["because"] == "raised"


def test_a_clinicians_word_of_a_later_day_ends_a_stop() -> None:
    said = [pain("during", 4, 5)]
    assert keys(said_of([run(5, 10)], [*said, cleared(5)]), weight="stop") == {"pain-24h/stop"}
    assert keys(said_of([run(5, 10)], [*said, cleared(4)]), weight="stop") == set()


def test_after_three_days_nobody_is_told_to_watch_the_24_hours() -> None:
    assert the(said_of([run(2, 10)], [pain("during", 4, 2)]), "pain-24h/stop").facts["open_24h"] is True
    assert the(said_of([run(9, 10)], [pain("during", 4, 9)]), "pain-24h/stop").facts["open_24h"] is False


def test_a_plan_that_goes_back_is_told_only_where_there_is_one() -> None:
    said = [pain("morning", 4, 0)]
    plan = StartPlan("return-to-running", TODAY - timedelta(days=30))
    assert the(said_of([run(1, 10)], said), "pain-24h/stop").facts["plan_back"] is False
    assert the(said_of([run(1, 10)], [*said, plan]), "pain-24h/stop").facts["plan_back"] is True
    assert the(said_of([run(1, 10)], [pain("morning", 3, 0), plan]), "pain-24h/stop").facts["plan_back"] is False


@pytest.mark.row("D50")
def test_three_without_a_run_stops_too() -> None:
    stop = the(said_of([], [pain("morning", 3, 0)]), "pain-24h/stop")
    assert (stop.facts["when"], stop.sid) == ("now", None)


@pytest.mark.row("A07", "B05", "E12", "D14")
def test_mild_pain_that_settles_is_run_with_less_and_easy() -> None:
    said = [pain("during", 2, 1, warming="warm-up"), pain("after", 1, 1), pain("morning", 0, 0)]
    found = said_of([run(1, 10)], said)
    assert keys(found, weight="stop") | keys(found, weight="refer") == set()
    less = the(found, "pain-24h/reduced")
    assert (less.weight, less.facts["cap_low"], less.facts["cap_high"]) == ("caution", 0.5, 0.7)


def test_mild_pain_of_which_nobody_knows_whether_it_settled_is_less_too() -> None:
    said = [pain("during", 2, 0, warming="warm-up")]
    assert "pain-24h/unsettled" in keys(said_of([run(0, 10)], said), weight="caution")


def test_the_clinicians_policy_lets_four_pass() -> None:
    said = [pain("during", 4, 1, warming="warm-up"), pain("after", 1, 1), pain("morning", 0, 0)]
    assert keys(said_of([run(1, 10)], said), weight="stop") == {"pain-24h/stop"}
    assert keys(said_of([run(1, 10)], [*said, SetPolicy("clinician")]), weight="stop") == set()


@pytest.mark.row("B14")
def test_a_flare_after_each_of_the_last_two_increases_is_progress_too_fast() -> None:
    sessions = [run(25, 5), run(20, 7), run(12, 5), run(6, 9)]
    each = [pain("evening", 3, 20), pain("evening", 3, 6)]
    found = the(said_of(sessions, each), "flares/each-increase")
    assert (found.weight, found.rows) == ("caution", ("B14",))
    assert "flares/each-increase" not in keys(said_of(sessions, each[1:]))
    too_late = [pain("evening", 3, 20), pain("evening", 3, 3)]
    assert "flares/each-increase" not in keys(said_of(sessions, too_late))


@pytest.mark.row("B14")
def test_a_flare_after_two_increases_in_a_row_is_progress_too_fast() -> None:
    sessions = [run(25, 5), run(10, 7), run(6, 9)]
    assert "flares/after-increases" in keys(said_of(sessions, [pain("evening", 3, 6)]))
    between = [*sessions, run(8, 5)]
    assert "flares/after-increases" not in keys(said_of(between, [pain("evening", 3, 6)]))


@pytest.mark.row("D46")
def test_the_first_stiff_morning_and_the_first_run_that_hurts_are_told_early() -> None:
    found = said_of([run(1, 10)], [pain("during", 1, 1), pain("morning", 1, 0, quality="stiffness")])
    assert {"first-signs/morning", "first-signs/running"} <= keys(found, weight="info")
    assert "first-signs/morning" not in keys(said_of([], [pain("morning", 0.5, 0)]))
    assert "first-signs/morning" not in keys(said_of([], [pain("morning", 1, 10), pain("morning", 1, 0)]))
    assert "first-signs/morning" in keys(said_of([], [pain("morning", 1, 40), pain("morning", 1, 0)]))


@pytest.mark.row("D09", "E02")
def test_pain_that_eases_while_running_and_pain_that_comes_back_are_patterns() -> None:
    eases = said_of([run(2, 10)], [pain("during", 1, 2, warming="first-km")])
    assert "pattern/warms-up" in keys(eases, weight="info")
    assert "pattern/returns" not in keys(eases)
    returns = said_of([run(2, 10)], [pain("during", 1, 2, warming="warm-up"), pain("evening", 1, 2)])
    assert "pattern/returns" in keys(returns, weight="info")
    assert "pattern/warms-up" not in keys(said_of([run(2, 10)], [pain("during", 1, 2, warming="no")]))


@pytest.mark.row("D10")
def test_pain_after_sitting_is_a_pattern_until_it_is_said_to_be_gone() -> None:
    said = [noticed("pain-after-sitting", days_ago=3)]
    assert "pattern/after-sitting" in keys(said_of([], said), weight="info")
    assert "pattern/after-sitting" not in keys(said_of([], [*said, noticed(absent=("pain-after-sitting",))]))


@pytest.mark.row("D11")
def test_a_run_that_was_sore_half_an_hour_later_or_in_the_evening_is_labelled_overloaded() -> None:
    later = said_of([run(2, 10, sid="a")], [pain("after", 1, 2, onset_min=45)])
    assert the(later, "pattern/overloaded").sid == "a"
    evening = said_of([run(2, 10, sid="a")], [pain("during", 0, 2), pain("evening", 1, 2)])
    assert the(evening, "pattern/overloaded").sid == "a"
    assert "pattern/overloaded" not in keys(said_of([run(2, 10)], [pain("after", 1, 2, onset_min=5)]))


@pytest.mark.row("A28", "A29", "E15", "E17", "A20")
@pytest.mark.parametrize(
    ("symptom", "row"),
    [
        ("swelling", "A28"), ("thickening", "A28"), ("swelling", "E17"), ("redness", "E17"), ("tenderness", "A29"),
        ("pain-when-jumping", "E15"), ("weak-push-off", "A20"),
    ],
)  # fmt: skip
def test_a_symptom_stays_in_sight_until_it_is_said_to_be_gone(symptom: Symptom, row: str) -> None:
    said = [noticed(symptom, days_ago=50, side="L")]
    found = the(said_of([], said), f"symptom/{symptom}")
    assert row in found.rows
    assert (found.weight, found.facts["side"]) == ("info", "L")
    assert keys(said_of([], [*said, noticed(absent=(symptom,))]), weight="info") == set()


@pytest.mark.row("A29")
def test_tenderness_is_told_with_its_place() -> None:
    found = said_of([], [noticed("tenderness", tender_cm=4.0)])
    assert the(found, "symptom/tenderness").facts["cm"] == 4.0


@pytest.mark.row("A19")
def test_pain_in_the_morning_and_after_running_is_one_symptom() -> None:
    assert "symptom/morning-pain" in keys(said_of([], [pain("morning", 1, 0)]))
    assert "symptom/after-pain" in keys(said_of([], [pain("after", 1, 0)]))
    both = said_of([], [pain("morning", 1, 0), pain("after", 1, 1)])
    assert the(both, "symptom/morning-and-after").rows == ("A19",)
    assert not any("A19" in n.rows for n in said_of([], [pain("morning", 0, 0)]))


@pytest.mark.row("D01", "A29")
def test_tender_above_six_centimetres_is_referred_until_it_is_lower_or_was_looked_at() -> None:
    found = the(said_of([], [noticed("tenderness", tender_cm=6.5, days_ago=5)]), "place-above/above")
    assert (found.weight, found.facts["no_exercise"]) == ("refer", True)
    assert keys(said_of([], [noticed("tenderness", tender_cm=6.0)]), weight="refer") == set()
    lower = [noticed("tenderness", tender_cm=6.5, days_ago=5), noticed("tenderness", tender_cm=4.0)]
    assert keys(said_of([], lower), weight="refer") == set()
    assert keys(said_of([], [noticed("tenderness", tender_cm=6.5, days_ago=5), cleared(4)]), weight="refer") == set()


@pytest.mark.row("A25")
def test_a_run_that_was_not_answered_is_unknown_and_never_well() -> None:
    in_trouble = SayEpisode(TODAY - timedelta(days=20), "began")
    found = the(said_of([run(1, 10, sid="a")], [in_trouble]), "diary-open/run")
    assert (found.weight, found.sid, found.facts["could_stop"]) == ("unknown", "a", True)
    answered = [in_trouble, pain("during", 0, 1), pain("after", 0, 1), pain("morning", 0, 0), pain("day-after", 0, 0)]
    assert "diary-open/run" not in keys(said_of([run(1, 10)], answered))


@pytest.mark.row("A25")
def test_silence_is_said_to_be_unknown() -> None:
    assert "diary-open/silent" in keys(said_of([], [pain("morning", 1, 5)]), weight="unknown")
    assert "diary-open/silent" not in keys(said_of([], [pain("morning", 1, 5), pain("morning", 0, 0)]))
    assert keys(said_of([run(1, 10)], [])) == {"diary-open/nothing"}
    assert said_of([], []) == []


def test_a_rule_that_is_switched_off_says_nothing() -> None:
    said = [pain("morning", 4, 0), *(pain("morning", 1, k) for k in range(1, 20))]
    off = [SetRule(rule, "on", 0) for rule in ("pain-24h", "pain-refer", "symptom", "first-signs", "diary-open")]
    assert said_of([run(1, 10)], [*said, *off]) == []


def test_loads_of_two_instruments_are_no_falling_load() -> None:
    sessions = [run(9, None, eq_km=10), run(6, None, eq_km=9, instrument=FEET), run(3, None, eq_km=8)]
    rising = [pain("during", level, day, warming="warm-up") for level, day in ((0.5, 9), (1.0, 6), (1.5, 3))]
    assert "worsening/worsening" not in keys(said_of(sessions, rising))


def test_one_notice_speaks_for_both_sides() -> None:
    found = the(said_of([], [pain("morning", 4, 0)]), "pain-24h/stop")
    assert found.facts["side"] == "both"


def test_what_was_said_of_both_legs_is_told_of_both() -> None:
    said = [pain("during", 2, 1, warming="warm-up"), pain("after", 1, 1), pain("morning", 0, 0)]
    found = said_of([run(1, 10)], said)
    assert the(found, "pain-24h/reduced").facts["side"] == "both"
    assert the(found, "pattern/warms-up").facts["side"] == "both"
    left = said_of([run(1, 10)], [pain("during", 2, 1, warming="warm-up", side="L"), pain("morning", 0, 0)])
    assert the(left, "pattern/warms-up").facts["side"] == "L"


@pytest.mark.row("D50")
def test_two_and_a_half_without_a_run_is_less_running_for_that_day_and_the_next() -> None:
    assert "pain-24h/caution" in keys(said_of([], [pain("morning", 2.5, 1)]), weight="caution")
    assert "pain-24h/caution" not in keys(said_of([], [pain("morning", 2.5, 2)]))
    assert "pain-24h/caution" not in keys(said_of([], [pain("morning", 2, 1)]))


def test_after_a_stop_without_a_run_running_begins_again_with_less() -> None:
    said = [pain("morning", 4, 3), pain("morning", 0, 2), pain("morning", 0, 1)]
    assert "pain-24h/begin-again" in keys(said_of([], said), weight="caution")
    answered = [*said, pain("during", 0, 0), pain("after", 0, 0), pain("evening", 0, 0, hour=19)]
    assert "pain-24h/begin-again" not in keys(said_of([run(0, 5)], answered))


@pytest.mark.row("B14")
def test_a_level_raised_above_the_runners_own_mornings_is_a_flare_too() -> None:
    sessions = [run(25, 5), run(20, 7), run(12, 5), run(6, 9)]
    mornings = usual_mornings(1, days_ago=30)
    raised = [*mornings, pain("evening", 2, 20), pain("evening", 2, 6)]
    assert "flares/each-increase" in keys(said_of(sessions, raised))
    assert "flares/each-increase" not in keys(said_of(sessions, raised[7:]))
    usual = [*mornings, pain("evening", 1.5, 20), pain("evening", 1.5, 6)]
    assert "flares/each-increase" not in keys(said_of(sessions, usual))


@pytest.mark.row("D17")
def test_a_worsening_that_nobody_spoke_of_again_is_unknown_after_four_weeks() -> None:
    sessions = [run(40, 10), run(35, 9), run(30, 8)]
    rising = [pain("during", level, day, warming="warm-up") for level, day in ((0.5, 40), (1.0, 35), (1.5, 30))]
    found = said_of(sessions, rising)
    assert "worsening/never-gone" in keys(found, weight="unknown")
    assert keys(found, weight="refer") == set()


@pytest.mark.row("D01")
def test_a_place_said_to_be_higher_up_is_referred_without_a_height() -> None:
    found = the(said_of([], [pain("morning", 1, 0, site="above", side="R")]), "place-above/above")
    assert (found.facts["cm"], found.facts["side"]) == (None, "R")
