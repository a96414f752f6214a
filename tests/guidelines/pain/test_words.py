"""Every sentence that the rules of pain can say, and the sample sentences people were promised."""

import re
from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.pain.notices import diary_notices
from sensor_hub.model.diary import Said, SayPain, SaySymptoms, StartPlan, Symptom
from sensor_hub.model.guidance import Ask, Notice, Verdict, Weight
from sensor_hub.words.asks import ask_question
from sensor_hub.words.guidance import notice_sentence, notice_why
from sensor_hub.words.pain_rules import KEYS
from sensor_hub.words.terms import safety_text
from sensor_hub.words.verdicts import emergency_text, held_text, standing_word, verdict_sentence
from tests.guidelines.cases import TODAY, case_of
from tests.guidelines.histories import run
from tests.guidelines.pain.diaries import at, pain, usual_mornings

EVERY = [(rule, key) for rule, keys in KEYS.items() for key in keys]
NAMES_OF_DISEASES = re.compile(r"tendin|tendon?itis|rupture|tear\b|injur|diagnos(?!is\b)", re.IGNORECASE)
PROMISES = re.compile(r"\bwill (heal|cure|recover|get)|\bsafe\b|prevent|guarantee|predict", re.IGNORECASE)


def notice(rule: str, key: str, weight: Weight = "info", **facts: Any) -> Notice:
    return Notice(rule, key, ("D15",), weight, TODAY, facts)


@pytest.mark.parametrize(("rule", "key"), EVERY)
def test_every_rule_has_a_sentence_and_reasons_with_and_without_its_facts(rule: str, key: str) -> None:
    full: dict[str, Any] = {
        "side": "L",
        "level": 4.0,
        "last": TODAY,
        "days": 15.0,
        "span": 16.0,
        "cm": 7.0,
        "rises": 2.0,
    }
    full |= {"cap_low": 0.5, "cap_high": 0.7, "missing": "warming, day_after", "when": "during", "because": "level"}
    for facts, theirs in product(({}, full), (False, True)):
        said = notice(rule, key, **facts)
        sentence = notice_sentence(said, theirs=theirs)
        assert sentence.endswith((".", "?"))
        assert "{" not in sentence
        assert not NAMES_OF_DISEASES.search(sentence), sentence
        assert not PROMISES.search(sentence), sentence
        lines = notice_why(said)
        assert "D15" in lines[-1]
        assert not any("{" in line or PROMISES.search(line) for line in lines)


LEVELS = st.integers(0, 20).map(lambda k: k / 2)
PAINS = st.builds(
    SayPain,
    st.builds(at, st.integers(0, 45), st.sampled_from([6.0, 8.2, 8.6, 20.0])),
    st.sampled_from(["before", "during", "after", "evening", "morning", "day-after", "exercise"]),
    LEVELS,
    st.sampled_from(["L", "R", "both"]),
    st.sampled_from(["mid-portion", "insertion", "above", "elsewhere", "unknown"]),
    warming=st.sampled_from([None, "first-km", "warm-up", "no"]),
    tapering=st.sampled_from([None, True, False]),
    onset_min=st.sampled_from([None, 45.0]),
)
SYMPTOMS = st.builds(
    SaySymptoms,
    st.builds(at, st.integers(0, 45), st.just(12.0)),
    st.lists(st.sampled_from(get_args(Symptom)), max_size=3).map(tuple),
    st.lists(st.sampled_from(get_args(Symptom)), max_size=3).map(tuple),
    tender_cm=st.sampled_from([None, 0.0, 4.0, 8.0]),
)


@given(st.lists(st.one_of(PAINS, SYMPTOMS), max_size=25), st.lists(st.integers(0, 40), max_size=8, unique=True))
def test_whatever_is_said_every_notice_has_words_and_a_key_that_is_known(said: list, days: list[int]) -> None:  # type: ignore[type-arg]
    case = case_of([run(day, 5 + day % 4) for day in days], said)
    for found in diary_notices(case):
        assert found.key in KEYS[found.rule]
        assert found.since <= case.today
        assert notice_sentence(found)
        assert notice_why(found)
    assert verdict_sentence(guide(case).verdict)


def test_the_diarys_sample_sentence_is_what_the_table_says() -> None:
    said: list[Said] = [pain("morning", 4, 0), StartPlan("return-to-running", TODAY - timedelta(days=40))]
    case = case_of([run(1, 10)], said)
    (stop,) = [n for n in diary_notices(case) if n.weight == "stop"]
    assert notice_sentence(stop) == (
        "4/10 the morning after: no running today; your plan goes back one stage. If it is still raised 24 h after the "
        "run, see a physiotherapist."
    )
    assert "their plan goes back one stage" in notice_sentence(stop, theirs=True)


def test_the_sample_sentence_leaves_out_what_is_not_so() -> None:
    case = case_of([run(1, 10)], [pain("morning", 3, 0), StartPlan("return-to-running", TODAY - timedelta(days=40))])
    (stop,) = [n for n in diary_notices(case) if n.weight == "stop"]
    assert notice_sentence(stop).startswith("3/10 the morning after: no running today. If it is still")


def test_still_raised_after_24_hours_names_the_physiotherapist() -> None:
    case = case_of([run(2, 10)], [*usual_mornings(0), pain("day-after", 1.5, 1, side="R")])
    (stop,) = [n for n in diary_notices(case) if n.weight == "stop"]
    assert notice_sentence(stop) == (
        "Right: still raised 24 h after the run (1.5/10): no running until it is back to usual. See a physiotherapist; "
        "the next run is to be smaller than this one."
    )


def test_the_footer_is_the_text_people_were_promised_and_names_every_emergency() -> None:
    assert safety_text() == (
        "Training information, not medical advice. Sudden severe pain, a pop or snap, being unable to bear weight, "
        "walk or rise on your toes, severe bruising or swelling: seek medical care now."
    )
    assert safety_text() in emergency_text()


@pytest.mark.row("A21")
@pytest.mark.parametrize("key", KEYS["red-flag"])
def test_the_text_of_an_emergency_names_imaging(key: str) -> None:
    sentence = notice_sentence(notice("red-flag", key, "red-flag"))
    assert "seek medical care now" in sentence
    assert "ultrasound or MRI" in sentence


@pytest.mark.row("D10")
def test_the_pattern_of_sitting_names_its_hour_and_its_minute() -> None:
    sentence = notice_sentence(notice("pattern", "after-sitting"))
    assert "an hour or more of sitting" in sentence
    assert "within a minute" in sentence


@pytest.mark.row("D13", "D14")
def test_less_running_is_told_with_its_share_easy_and_without_hills_and_speed() -> None:
    sentence = notice_sentence(notice("pain-24h", "reduced", "caution", level=2.0, cap_low=0.5, cap_high=0.7))
    assert sentence == (
        "2/10 at most, and it settled: 50 to 70 % of the usual distance, easy, without hills and speed."
    )


@pytest.mark.row("A18", "C07")
def test_a_verdict_without_running_offers_other_sports_and_an_emergency_does_not() -> None:
    offers = ("cycling", "swimming", "rowing")
    stop = Verdict("stop", running="none", offers=offers)  # type: ignore[arg-type]
    assert verdict_sentence(stop) == "No running now. Instead, as far as it does not hurt: cycling, swimming, rowing."
    flag = Verdict("red-flag", running="none")
    assert "cycling" not in verdict_sentence(flag)
    assert "seek medical care now" in verdict_sentence(flag)


def test_every_verdict_has_a_sentence_and_a_word() -> None:
    standings = ("red-flag", "refer", "stop", "plan", "load", "caution", "clear", "unknown")
    for standing, running in product(standings, ("none", "plan", "reduced", "usual", "unknown")):
        verdict = Verdict(standing, running=running, cap_low=0.5, cap_high=0.7)  # type: ignore[arg-type]
        for theirs in (False, True):
            sentence = verdict_sentence(verdict, theirs=theirs)
            assert sentence.endswith(".")
            assert not PROMISES.search(sentence), sentence
    words = [standing_word(Verdict(standing)) for standing in standings]  # type: ignore[arg-type]
    assert len(set(words)) == len(words)
    assert [held_text(key)[0] for key in ("red-flag", "refer", "stop", None)] == ["–"] * 4


def test_every_question_is_one() -> None:
    for key in ("morning", "day-after", "daily", "rested"):
        ask = Ask(key, TODAY, at(0, 5))
        assert "?" in ask_question(ask)
        assert ask_question(ask) == ask_question(replace(ask, sid="a"))


def test_a_question_about_a_run_says_which() -> None:
    for key in ("morning", "day-after"):
        ask = Ask(key, date(2026, 3, 11), at(0, 5), "s1", date(2026, 3, 10))
        assert "the run of 10 Mar" in ask_question(ask)
