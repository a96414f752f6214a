"""Sentences about lines of the diary: every kind, every word of every kind, in the past and on one line."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any, get_args

import pytest

from sensor_hub.model import diary
from sensor_hub.model.diary import SAID, Said, SayPain
from sensor_hub.words import diary as words
from sensor_hub.words.diary import said_sentence

MORNING = datetime(2026, 11, 20, 6, 30, tzinfo=UTC)  # half past seven in Berlin
DAY = date(2026, 11, 20)
AT = "Fri 20 Nov 2026 07:30"
ON = "Fri 20 Nov 2026"
SENTENCES: list[tuple[Said, str]] = [
    (SayPain(MORNING, "morning", 3.5, "L"), f"Pain 3.5/10, in the morning, on getting up, left, {AT}."),
    (
        SayPain(MORNING, "during", 2.0, "R", "mid-portion", warming="first-km", tapering=True, onset_min=40),
        "Pain 2/10, worst during the run, right, 2 to 6 cm above the heel bone, gone within the first kilometre, "
        f"it set in 40 min after the run, becoming less, {AT}.",
    ),
    (
        SayPain(MORNING, "evening", 1.0, quality="stiffness", note="stairs\nonly"),
        f"Stiffness 1/10, in the evening, both sides, {AT}. “stairs only”",
    ),
    (
        diary.SaySymptoms(MORNING, ("swelling",), ("pop", "redness"), "L", 4.0),
        "Noticed: swelling, looked for and not there: a pop or snap, redness, most tender 4 cm above the heel bone, "
        f"left, {AT}.",
    ),
    (
        diary.SayExercise(MORNING, "heel-drop", 3, 15, "L", "bent", "step", None, 4.0, True, 2.0, 5.0),
        "Did 3 x 15 heel drops, left, knee bent, on a step, 4 s on the way down, the other leg helped up, 5 kg added, "
        f"pain 2/10, {AT}.",
    ),
    (diary.SayCrossTraining(MORNING, "cycling", 2700.0, 0.0), f"45 min of cycling, pain 0/10, {AT}."),
    (diary.SayCare("heel-lift", DAY), f"Used a heel lift, {ON}."),
    (
        diary.SayMedicine("nsaid", DAY, date(2026, 11, 22)),
        "Took an anti-inflammatory painkiller (NSAID), 20 to 22 Nov 2026.",
    ),
    (diary.SaySleep(DAY, 7.5, ate_well=False), f"{ON}, slept 7.5 h, did not eat well."),
    (
        diary.SayProfile(born=date(1980, 2, 3), conditions=(), weak_calf=True, knee_to_wall_cm=9.5, forget=("rest_h",)),
        "Of themselves: date of birth: 1980-02-03, conditions: none, a weak calf: yes, knee to wall: 9.5 cm, "
        "least hours between two runs forgotten.",
    ),
    (diary.SayEpisode(DAY, "began", "L"), f"A spell of trouble began, left, {ON}."),
    (diary.SayEpisode(DAY, "recovered"), f"A spell of trouble is over, both sides, {ON}."),
    (
        diary.SayClearance(DAY, "Dr\tKim", "physician"),
        f"Full intensity is free again, says Dr Kim, physician, {ON}.",
    ),
    (
        diary.StartPlan("return-to-running", DAY, "R", 30_000.0),
        f"Began the plan: return to running, right, usually 30 km a week, {ON}.",
    ),
    (diary.StepPlanBack("isometric", DAY), f"Went one stage back in the plan: holds, {ON}."),
    (diary.StopPlan("insertional", DAY), f"Ended the plan: exercises on flat ground, {ON}."),
    (diary.WornOut("p1", DAY), "Said that Pegasus is worn out."),
    (diary.WornOut("p1", DAY, worn=False), "Said that Pegasus is not worn out."),
    (diary.SetPolicy("strict"), "Set which rules alert: strict."),
    (diary.SetRule("session-limit", "on", 0.0), "Switched the rule session-limit off."),
    (diary.SetRule("session-limit", "on", 1.0), "Switched the rule session-limit on."),
    (diary.SetRule("session-limit", "factor", 1.2), "Set factor of the rule session-limit to 1.2."),
    (diary.SetRule("session-limit", "factor"), "Gave the rule session-limit its own factor back."),
    (diary.Consent("pain", granted=True), "The coach may see: pain and what follows from it."),
    (diary.Consent("load", granted=False), "The coach may no longer see: load."),
]
WORDS: list[tuple[Callable[[Any], str], Any]] = [
    (words.pain_time_word, diary.PainTime),
    (words.side_word, diary.PainSide),
    (words.site_word, diary.PainSite),
    (words.warming_word, diary.Warming),
    (words.symptom_word, diary.Symptom),
    (words.exercise_word, diary.ExerciseName),
    (words.knee_word, diary.Knee),
    (words.ground_word, diary.Ground),
    (words.sport_word, diary.CrossSport),
    (words.care_word, diary.CareKind),
    (words.medicine_word, diary.MedicineKind),
    (words.plan_word, diary.PlanKind),
    (words.consent_word, diary.ConsentCategory),
    (words.field_word, diary.ProfileField),
]


@pytest.mark.parametrize(("said", "sentence"), SENTENCES, ids=lambda x: "" if isinstance(x, str) else type(x).__name__)
def test_a_line_is_told_in_a_sentence(said: Said, sentence: str) -> None:
    assert said_sentence(said, "Europe/Berlin", {"p1": "Pegasus"}) == sentence


def test_every_kind_of_line_is_among_the_sentences_tested() -> None:
    assert {type(said) for said, _ in SENTENCES} == set(SAID)


@pytest.mark.parametrize(("word_of", "kinds"), WORDS, ids=lambda x: getattr(x, "__name__", ""))
def test_every_word_of_the_diary_is_called_something_of_its_own(word_of: Callable[[Any], str], kinds: Any) -> None:
    called = [word_of(kind) for kind in get_args(kinds)]
    assert all(called)
    assert len(set(called)) == len(called)


def test_a_coach_who_may_see_nothing_is_told_so() -> None:
    assert words.consents_sentence([]) == "The coach may see nothing."
    assert words.consents_sentence({"pain", "load"}) == "The coach may see: load, pain and what follows from it."
