"""Forms of the diary → lines; what a plan asks for → the line that says it was done; who is asked when."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.adapters.web.asks_card import answer, side_of_last
from sensor_hub.adapters.web.diary_reading import READERS, Here, read_consents, read_pain, read_profile, read_symptoms
from sensor_hub.adapters.web.forms import FormError
from sensor_hub.adapters.web.guidance_cards import because, parted
from sensor_hub.adapters.web.pain_chart import pain_options, pains_of, shown_pains
from sensor_hub.adapters.web.plan_cards import run_lines
from sensor_hub.adapters.web.plan_items import done_of
from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.history import runs_of
from sensor_hub.model.diary import (
    Consent,
    SayCare,
    SayCrossTraining,
    SayExercise,
    SayPain,
    SayProfile,
    SaySymptoms,
)
from sensor_hub.model.guidance import Ask, Notice, PlannedItem, PlanView, Verdict
from sensor_hub.model.ports import DiaryView
from tests.adapters.web.guiding import NOW, ScriptedGuide, entry
from tests.adapters.web.history import session
from tests.adapters.web.hub import TODAY, athlete, weeks

ZONE = "Europe/Berlin"
HERE = Here(ZONE, NOW)


def test_pain_of_now_is_of_now_and_of_an_earlier_day_of_its_time() -> None:
    assert read_pain({"level": "3,5", "when": "morning"}, HERE) == SayPain(NOW, "morning", 3.5)
    said = read_pain({"level": "0", "when": "evening", "day": "2026-11-19", "at": "21:00", "side": "R"}, HERE)
    assert said == SayPain(datetime(2026, 11, 19, 20, tzinfo=UTC), "evening", 0.0, "R")


@pytest.mark.parametrize(("when", "hour"), [("morning", 7), ("after", 22), ("day-after", 22), ("exercise", 12)])
def test_a_past_day_without_a_time_is_told_at_the_hour_usual_for_such_a_thing(when: str, hour: int) -> None:
    said = read_pain({"level": "1", "day": "2026-11-10", "when": when}, HERE)
    assert said.at_utc == datetime(2026, 11, 10, hour - 1, tzinfo=UTC)


def test_pain_of_a_past_evening_belongs_to_the_run_of_that_day_and_not_to_the_one_before() -> None:
    runs_ = runs_of([session(f"mia-{d}", datetime(2026, 11, d, 18, tzinfo=UTC), 6.0, 36) for d in (16, 18)], ZONE)
    for when in ("during", "after", "evening"):
        said = read_pain({"level": "4", "day": "2026-11-18", "when": when}, HERE)
        case = Case(athlete("mia", "Mia Lindqvist"), NOW, tuple(runs_), diary=diary_of([said]))
        known = {a.sid: getattr(a, when) for a in guide(case).responses}
        assert known == {"mia-16": None, "mia-18": 4.0}, when


def test_how_high_it_is_tender_is_enough_to_be_said() -> None:
    assert read_symptoms({"tender_cm": "7"}, HERE) == SaySymptoms(NOW, tender_cm=7.0)


@pytest.mark.parametrize("fields", [{}, {"level": "11"}, {"level": "x"}, {"level": "1", "day": "2026-11-21"}])
def test_a_level_that_is_none_or_of_a_time_to_come_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(FormError):
        read_pain(fields, HERE)


def test_what_is_not_ticked_is_not_said_unless_it_was_looked_for() -> None:
    assert read_symptoms({"pop": "yes"}, HERE) == SaySymptoms(NOW, ("pop",))
    looked = read_symptoms({"pop": "yes", "others-absent": "yes"}, HERE)
    assert "pop" not in looked.absent
    assert len(looked.absent) == 15
    with pytest.raises(FormError):
        read_symptoms({}, HERE)


def test_no_tick_among_the_conditions_leaves_them_and_none_of_them_is_said() -> None:
    assert read_profile({"weak_calf": "no"}, HERE) == SayProfile(weak_calf=False)
    assert read_profile({"no-condition": "yes"}, HERE) == SayProfile(conditions=())
    assert read_profile({"chronic": "yes"}, HERE) == SayProfile(conditions=("chronic",))


def test_consents_are_said_where_they_changed() -> None:
    assert read_consents({"pain": "yes"}, frozenset({"load"})) == [Consent("load", False), Consent("pain", True)]
    assert read_consents({"load": "yes"}, frozenset({"load"})) == []


def test_another_sport_has_a_time() -> None:
    said = READERS["cross-training"]({"sport": "rowing", "duration": "40:00", "pain": "0"}, HERE)
    assert said == SayCrossTraining(NOW, "rowing", 2400.0, 0.0)
    with pytest.raises(FormError):
        READERS["cross-training"]({"sport": "rowing"}, HERE)


@given(
    st.sampled_from(sorted(READERS)),
    st.dictionaries(
        st.sampled_from(["level", "when", "day", "at", "sets", "exercise", "care", "first", "last", "born", "by_name"]),
        st.text(max_size=8) | st.sampled_from(["3", "2026-11-19", "07:30", "ice", "hop", "morning"]),
    ),
)
def test_whatever_a_browser_sends_is_a_line_or_a_form_error(kind: str, fields: dict[str, str]) -> None:
    try:
        READERS[kind](fields, HERE)
    except FormError:
        return


def test_a_morning_that_is_answered_on_another_day_is_of_its_own_day() -> None:
    due_utc = datetime(2026, 11, 19, 5, tzinfo=UTC)
    ask = Ask("morning", date(2026, 11, 19), due_utc, "s1")
    assert answer(ask, 2.0, "L", NOW, ZONE) == SayPain(due_utc, "morning", 2.0, "L", sid="s1")
    assert answer(Ask("morning", TODAY, due_utc), 2.0, "L", NOW, ZONE).at_utc == NOW


def test_a_day_after_is_answered_as_of_now() -> None:
    ask = Ask("day-after", date(2026, 11, 19), NOW - timedelta(hours=20), "s1")
    assert answer(ask, 2.0, "R", NOW, ZONE) == SayPain(NOW, "day-after", 2.0, "R", sid="s1")


def test_the_side_is_that_of_the_last_pain_that_was_not_taken_back() -> None:
    pains = (entry("b", SayPain(NOW, "morning", 1.0, "R")), entry("a", SayPain(NOW, "morning", 1.0, "L")))
    assert side_of_last(DiaryView(pains)) == "R"
    assert side_of_last(DiaryView(pains, frozenset({"b"}))) == "L"
    assert side_of_last(DiaryView(())) == "both"


def test_an_item_of_a_plan_is_done_as_it_was_asked_for() -> None:
    drop = PlannedItem("heel-drop", (), {"sets": 3.0, "reps": 15.0, "knee": "bent", "ground": "step", "up": "other-leg",
                                         "low_s": 3.0})  # fmt: skip
    assert done_of(drop, "L", NOW, ZONE) == SayExercise(NOW, "heel-drop", 3, 15, "L", "bent", "step", both_feet_up=True)
    hold = PlannedItem("isometric-hold", (), {"low_s": 30.0, "high_s": 45.0, "sets": 5.0, "knee": "straight"})
    assert done_of(hold, "both", NOW, ZONE) == SayExercise(NOW, "isometric-hold", 5, 1, "both", "straight", hold_s=30.0)
    assert done_of(PlannedItem("ice"), "L", NOW, ZONE) == SayCare("ice", TODAY)
    for key in ("no-running", "check-pain", "no-stretch", "depth-jump-locked"):
        assert done_of(PlannedItem(key), "L", NOW, ZONE) is None


def test_every_item_of_every_plan_that_can_be_done_is_an_exercise_or_a_care() -> None:
    guidance = ScriptedGuide().guidance("mia")
    done = [done_of(item, plan.side, NOW, ZONE) for plan in guidance.plans for item in plan.items]
    assert any(isinstance(one, SayExercise) for one in done)
    assert any(isinstance(one, SayCare) for one in done)


def test_a_stage_says_how_long_a_run_may_be() -> None:
    at = PlanView("return-to-running", TODAY, 3, 7, 5, TODAY, run_low_s=1200.0, run_high_s=1500.0, rest_days=1,
                  next_max_s=1080.0)  # fmt: skip
    assert run_lines(at) == [
        "A run: 20 to 25 min.", "Days without a run between two: at least 1.",
        "The next run: at most 18 min, because the last one was too much.",
    ]  # fmt: skip
    assert run_lines(PlanView("return-to-running", TODAY, 1, 7, 1, TODAY, run_high_s=0.0, rest_days=1)) == [
        "No running in this stage."
    ]


def test_dots_stand_in_their_week_and_what_was_taken_back_is_not_drawn() -> None:
    pains = (entry("b", SayPain(NOW, "morning", 4.0)), entry("a", SayPain(NOW - timedelta(weeks=3), "after", 2.0)),
             entry("old", SayPain(NOW - timedelta(weeks=60), "after", 9.0)))  # fmt: skip
    drawn = pain_options(pains_of(DiaryView(pains)), weeks(), ZONE)["series"][-1]["data"]
    assert [point["value"] for point in drawn] == [[7 * 8 + 4 + 0.5, 2.0], [7 * 11 + 4 + 0.5, 4.0]]
    left = pains_of(DiaryView(pains, frozenset({"b"})))
    assert [pain.level for pain in shown_pains(left, weeks(), ZONE)] == [2.0]


def test_notices_that_ask_for_nothing_and_older_ones_of_a_kind_are_folded() -> None:
    old = Notice("a", "k", (), "plan", TODAY - timedelta(days=2))
    new, info = Notice("a", "k", (), "plan", TODAY), Notice("b", "k", (), "info", TODAY)
    assert parted((old, new, info)) == ([new], [old, info])


def test_a_reason_that_several_notices_share_stands_once() -> None:
    verdict = ScriptedGuide().guidance("mia").verdict
    assert len(verdict.because) > 1
    lines = because(verdict)
    assert len(lines) == len(set(lines))
    assert because(Verdict("clear")) == []
