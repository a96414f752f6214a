"""What must hold of every diary: more pain and less knowledge lead no further, and order does not matter."""

import random
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.history import Run
from sensor_hub.model.diary import PainTime, Said, SayPain, SaySymptoms, StepPlanBack
from sensor_hub.model.guidance import PlanView, RunResponse
from tests.guidelines.plans.lives import RETURN, answer, at, on, pain, ran, view

DAYS = 70
OF_A_RUN: tuple[PainTime, ...] = ("before", "during", "after", "evening", "day-after")
Life = tuple[list[Said], list[Run], list[RunResponse]]


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Ten weeks: mostly well, with some pain, some that was not said, wishes to go back, and runs now and then."""
    days = draw(st.lists(st.integers(14, DAYS - 1), unique=True, min_size=8, max_size=40))
    runs = [ran(day, 25, uphill_s=draw(st.sampled_from([0.0, 400.0]))) for day in sorted(days)]
    levels = st.sampled_from([0.0, 0.0, 1.0, 1.0, 2.0, 2.0, 2.5, None])
    told = [answer(run, during=draw(levels), settled=draw(st.sampled_from([True] * 8 + [False, None]))) for run in runs]
    said: list[Said] = [RETURN, *(pain(day, 0.0) for day in range(DAYS))]
    said += [
        SaySymptoms(at(day), absent=("pain-walking",))
        for day in draw(st.lists(st.integers(0, DAYS - 1), max_size=6, unique=True))
    ]
    said += [StepPlanBack("return-to-running", on(day)) for day in draw(st.lists(st.integers(0, DAYS - 1), max_size=2))]
    said += draw(st.lists(st.builds(_pain, st.integers(0, DAYS - 1), st.sampled_from([2.0, 3.0, 4.0])), max_size=3))
    return said, runs, told


def _pain(day: int, level: float, when: PainTime = "after") -> SayPain:
    return pain(day, level, when, hour=12.0)


def reach(shown: PlanView) -> tuple[int, int]:
    """How far somebody is: the stage, and of two in the same one who began it sooner."""
    return shown.stage, -shown.since.toordinal()


@given(lives(), st.integers(0, DAYS - 1), st.sampled_from([1.0, 3.5, 5.0, 8.0]), st.sampled_from(OF_A_RUN))
def test_more_pain_never_leads_further(life: Life, day: int, level: float, when: PainTime) -> None:
    said, runs, told = life

    assert reach(view(DAYS, [*said, _pain(day, level, when)], runs, told)) <= reach(view(DAYS, said, runs, told))


@given(lives(), st.integers(0, 39), st.sampled_from([2.5, 5.0]))
def test_a_run_that_hurt_more_never_leads_further(life: Life, k: int, level: float) -> None:
    said, runs, told = life
    k %= len(told)
    worse = [*told[:k], replace(told[k], during=max(told[k].during or 0.0, level), settled=False), *told[k + 1 :]]

    assert reach(view(DAYS, said, runs, worse)) <= reach(view(DAYS, said, runs, told))


@given(lives(), st.sets(st.integers(0, 39)))
def test_answers_that_were_good_and_are_not_known_never_lead_further(life: Life, gone: set[int]) -> None:
    said, runs, told = life
    fewer = [
        replace(a, during=None, settled=None) if k in gone and a.settled and (a.during or 0.0) <= 2.0 else a
        for k, a in enumerate(told)
    ]

    assert reach(view(DAYS, said, runs, fewer)) <= reach(view(DAYS, said, runs, told))


@given(lives())
def test_nothing_said_of_any_run_never_leads_beyond_walking_and_running_by_turns(life: Life) -> None:
    said, runs, _ = life

    assert view(DAYS, said, runs, []).stage <= 2


@given(lives(), st.randoms(use_true_random=False))
def test_the_order_in_which_a_diary_is_written_does_not_matter(life: Life, chance: random.Random) -> None:
    said, runs, told = life
    mixed = list(said)
    chance.shuffle(mixed)
    mixed = [RETURN, *(one for one in mixed if one != RETURN)]  # a start ends what began before on its own day

    assert view(DAYS, mixed, runs, told[::-1]) == view(DAYS, said, runs, told)


@given(lives(), st.integers(1, DAYS))
def test_no_stage_is_left_before_its_two_weeks_are_over(life: Life, day: int) -> None:
    said, runs, told = life

    shown = view(day, said, runs, told)

    entered = RETURN.day
    for change in shown.changes:
        if change.after > change.before:
            assert (change.day - entered).days >= 14
        entered = change.day
