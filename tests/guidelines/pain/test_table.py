"""The 24-hour table against a slow second statement of it, over 0 to 10 in steps of 0.5, every time and unknown.

A level meets the table in three ways alone: by its class (unknown, nothing, up to 2, above 2 and below 3, 3, up to 7,
from 7), against the baseline (evening, morning, 24 hours), and evening against after. So the grids below are complete:
the times that decide (during, after, 24 hours) and those that are compared are run through at every step of 0.5, and
all levels and answers together in their classes.
"""

from dataclasses import replace
from itertools import product
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.pain.table import INFO, TIMES, Answers, decide, stops
from sensor_hub.model.diary import PolicyName
from sensor_hub.model.rule import RuleSettings

STEPS: tuple[float | None, ...] = (None, *(k / 2 for k in range(21)))
WARMINGS = (None, "first-km", "warm-up", "no")
TAPERINGS = (None, True, False)
CLASSES: tuple[float | None, ...] = (None, 0.0, 2.0, 2.5, 3.0, 7.0)
CLINICIAN = RuleSettings("clinician")


def slow_gate(a: Answers, limit: float | None = None) -> str:
    """The table as sentences, in the order in which they are asked. limit : of policy clinician."""
    levels = [v for v in (a.before, a.during, a.after, a.evening, a.morning, a.day_after) if v is not None]

    def back(level: float | None) -> str:
        if level is None:
            return "?"
        if level == 0:
            return "back"
        if a.baseline is None:
            return "?"
        return "raised" if level > a.baseline else "back"

    after_24_h = back(a.day_after)
    if after_24_h == "raised":
        return "stop-physio"
    too_much = [v for v in levels if (v > limit if limit is not None else v >= 3)]
    if too_much:
        return "stop"
    if a.warming == "no" and (a.during is None or a.during > 0):
        return "stop"
    if a.tapering is False and (a.after is None or a.after > 0):
        return "stop"
    if (
        a.tapering is None
        and a.after is not None
        and a.after > 0
        and a.evening is not None
        and a.evening >= a.after
        and a.evening > (0 if a.baseline is None else a.baseline)
    ):
        return "stop"
    settled = after_24_h == "back" if a.day_after is not None else back(a.morning) == "back"
    if not settled or a.during is None:
        return "unknown"
    if limit is None and any(2 < v < 3 for v in levels):
        return "caution"
    if a.during > 0:
        return "caution" if a.warming is None else "reduced"
    if a.after is None:
        return "unknown"
    return "clear" if all(v == 0 for v in levels) else "reduced"


def check(a: Answers, settings: RuleSettings = RuleSettings()) -> None:  # noqa: B008 - a frozen value
    limit = 5.0 if settings.policy == "clinician" else None
    found = decide(a, settings)
    assert found.gate == slow_gate(a, limit), a
    levels = a.known().values()
    assert found.highest == max(levels, default=None)
    assert found.stage_back == any(v > (3 if limit is None else limit) for v in levels), a
    assert found.severe == any(v >= 7 for v in levels), a
    assert found.next_smaller == (found.gate == "stop-physio"), a
    if found.gate == "clear":
        assert a.during == 0, a
        assert a.after == 0, a
        assert found.settled is True, a


@pytest.mark.row("D13", "D14", "D15", "D16", "D50", "C01", "B05", "E12", "A07")
def test_the_deciding_times_agree_with_the_slow_table_at_every_step(capsys: pytest.CaptureFixture[str]) -> None:
    n = 0
    for during, after, day_after, warming in product(STEPS, STEPS, STEPS, WARMINGS):
        for baseline in (None, 1.0):
            check(Answers(during=during, after=after, day_after=day_after, warming=warming, baseline=baseline))  # type: ignore[arg-type]
            n += 1
    with capsys.disabled():
        print(f" {n} cases", end="")
    assert n == 22**3 * 4 * 2


@pytest.mark.row("D16", "D14", "D54", "C01")
def test_what_is_compared_agrees_with_the_slow_table_at_every_step() -> None:
    for level, baseline in product(STEPS, STEPS):
        for during, morning in product((None, 0.0, 2.0), (None, 0.0, 1.0, 2.5)):
            check(Answers(during=during, after=0.0, morning=morning, day_after=level, baseline=baseline))
            check(Answers(during=during, after=0.0, morning=level, baseline=baseline, warming="warm-up"))
    for after, evening, tapering in product(STEPS, STEPS, TAPERINGS):
        for baseline in (None, 0.0, 1.5):
            check(Answers(during=0.0, after=after, evening=evening, tapering=tapering, morning=0.0, baseline=baseline))
    for before, morning in product(STEPS, STEPS):
        check(Answers(before=before, during=0.0, after=0.0, morning=morning, baseline=1.0))


def test_all_times_together_agree_with_the_slow_table_in_every_class(capsys: pytest.CaptureFixture[str]) -> None:
    n = 0
    for before, during, after, evening, morning, day_after in product(
        (None, 0.0, 3.0), *[CLASSES] * 3, CLASSES, CLASSES
    ):
        for warming, tapering, baseline in ((None, None, None), ("warm-up", None, 2.0), ("no", False, 0.0)):
            answers = Answers(before, during, after, evening, morning, day_after, baseline, warming, tapering)  # type: ignore[arg-type]
            check(answers)
            n += 1
    with capsys.disabled():
        print(f" {n} cases", end="")
    assert n == 3 * 6**5 * 3


LEVELS = st.sampled_from(STEPS)
ANSWERS = st.builds(Answers, *[LEVELS] * 7, warming=st.sampled_from(WARMINGS), tapering=st.sampled_from(TAPERINGS))


@given(ANSWERS, st.sampled_from(get_args(PolicyName)))
def test_any_answers_agree_with_the_slow_table_in_every_policy(answers: Answers, policy: PolicyName) -> None:
    check(answers, RuleSettings(policy))


@given(ANSWERS, st.sampled_from(TIMES), st.integers(0, 20))
def test_a_higher_level_never_turns_a_stop_into_running(answers: Answers, time: str, halves: int) -> None:
    level = answers.level(time)
    if level is None or decide(answers).gate not in {"stop", "stop-physio"} or time == "after":
        return  # more pain right after a run makes what is left in the evening taper
    higher: dict[str, Any] = {time: min(10.0, level + halves / 2)}
    assert decide(replace(answers, **higher)).gate in {"stop", "stop-physio"}


@given(ANSWERS, st.sampled_from(("during", "after")))
def test_forgetting_how_it_was_during_or_after_a_run_never_makes_it_clear(answers: Answers, time: str) -> None:
    forgotten: dict[str, Any] = {time: None}
    assert decide(replace(answers, **forgotten)).gate != "clear"


@pytest.mark.row("D13")
def test_stiffness_of_the_first_kilometre_alone_halves_to_seven_tenths_without_hills_and_speed() -> None:
    found = decide(Answers(during=1.0, warming="first-km", after=0.0, morning=0.0))
    assert found.gate == "reduced"
    assert "D13" in found.rows
    assert (INFO.parameter("cap_low").value, INFO.parameter("cap_high").value) == (0.5, 0.7)
    sore_later = decide(Answers(during=1.0, warming="first-km", after=1.0, morning=0.0))
    assert "D13" not in sore_later.rows


@pytest.mark.row("D14", "B05", "E12")
def test_two_of_ten_that_warms_up_and_settles_lets_somebody_run_less() -> None:
    assert decide(Answers(during=2.0, warming="warm-up", morning=1.0, baseline=1.0)).gate == "reduced"
    assert decide(Answers(during=2.0, warming="warm-up")).gate == "unknown"
    assert decide(Answers(during=2.0, warming="warm-up", morning=1.0)).gate == "unknown"


@pytest.mark.row("D50")
def test_above_two_and_below_three_is_asked_again_and_three_stops() -> None:
    gates = [decide(Answers(during=level, warming="warm-up", morning=0.0)).gate for level in (2.0, 2.5, 3.0)]
    assert gates == ["reduced", "caution", "stop"]


@pytest.mark.row("D15")
def test_three_during_a_run_or_pain_that_never_eases_stops() -> None:
    assert "D15" in decide(Answers(during=3.0)).rows
    never_eased = decide(Answers(during=0.5, warming="no", morning=0.0))
    assert never_eased.gate == "stop"
    assert "D15" in never_eased.rows


@pytest.mark.row("D16")
def test_what_is_still_raised_after_24_hours_needs_a_physiotherapist() -> None:
    found = decide(Answers(during=0.0, after=0.0, morning=0.0, day_after=1.5, baseline=1.0))
    assert found.gate == "stop-physio"
    assert found.next_smaller
    assert decide(Answers(during=0.0, after=0.0, day_after=1.5)).gate == "unknown"


@pytest.mark.row("C01")
def test_pain_after_a_run_of_three_or_that_does_not_taper_stops() -> None:
    for answers in (
        Answers(during=0.0, after=3.0, morning=0.0),
        Answers(during=0.0, after=1.0, tapering=False, morning=0.0),
        Answers(during=0.0, after=1.0, evening=1.5, morning=0.0),
    ):
        found = decide(answers)
        assert found.gate == "stop"
        assert "C01" in found.rows
    assert decide(Answers(during=0.0, after=2.0, evening=1.0, morning=0.0)).gate == "reduced"


@pytest.mark.row("D11")
@pytest.mark.parametrize(("onset_min", "is_overloaded"), [(29.5, False), (30, True), (60, True), (60.5, False)])
def test_soreness_that_sets_in_within_30_to_60_minutes_labels_the_run(onset_min: float, is_overloaded: bool) -> None:
    assert decide(Answers(during=0.0, after=1.0, onset_min=onset_min)).overloaded is is_overloaded
    assert not decide(Answers(during=0.0, after=0.0, onset_min=onset_min)).overloaded


@pytest.mark.row("D11")
def test_an_ache_in_the_evening_labels_the_run_too() -> None:
    assert decide(Answers(during=0.0, after=0.0, evening=0.5)).overloaded
    assert not decide(Answers(during=0.0, after=0.0, evening=0.5, baseline=0.5)).overloaded


@pytest.mark.row("D54")
def test_sore_in_the_evening_and_after_24_hours_is_beyond_tolerance() -> None:
    both = decide(Answers(evening=1.0, day_after=1.0, baseline=0.0))
    assert both.beyond_tolerance
    assert "D54" in both.rows
    assert not decide(Answers(evening=0.0, day_after=1.0, baseline=0.0)).beyond_tolerance
    assert not decide(Answers(evening=1.0, day_after=0.0, baseline=0.0)).beyond_tolerance


@pytest.mark.row("D47")
def test_no_distance_is_part_of_the_table() -> None:
    assert not any("distance" in name or "duration" in name for name in Answers.__slots__)


def test_the_clinicians_policy_lets_five_pass_and_nothing_else() -> None:
    assert decide(Answers(during=5.0, warming="warm-up", morning=0.0), CLINICIAN).gate == "reduced"
    assert decide(Answers(during=5.5, warming="warm-up", morning=0.0), CLINICIAN).gate == "stop"
    assert decide(Answers(during=1.0, warming="no", morning=0.0), CLINICIAN).gate == "stop"
    assert decide(Answers(during=1.0, warming="warm-up", day_after=1.0, baseline=0.0), CLINICIAN).gate == "stop-physio"


def test_a_level_that_is_set_moves_the_table() -> None:
    stricter = RuleSettings(values={("pain-24h", "stop"): 2.0})
    assert stops(2.0, stricter)
    assert not stops(2.0)
