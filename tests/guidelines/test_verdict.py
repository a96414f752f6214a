"""One verdict: the heavier is never hidden by the lighter, and what it means for running, headroom and silence."""

from datetime import timedelta
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.verdict import INSTEAD, SILENT, verdict
from sensor_hub.model.diary import EMERGENCIES, Said, SayCrossTraining, SayEpisode, Symptom
from sensor_hub.model.guidance import WEIGHTS, Notice, PlanView, Verdict, Weight
from tests.guidelines.cases import TODAY, case_of
from tests.guidelines.histories import run
from tests.guidelines.pain.diaries import at, noticed, pain

CAPS: dict[str, Any] = {"cap_low": 0.5, "cap_high": 0.7}
PLAN = PlanView("return-to-running", TODAY, 3, 7, 5, TODAY, run_low_s=1200, run_high_s=1500, hills=False, speed=False)


def notice(weight: Weight, days_ago: int = 0, **facts: Any) -> Notice:
    return Notice("rule", weight, (), weight, TODAY - timedelta(days=days_ago), facts)


WEIGHT = st.sampled_from(get_args(Weight))
NOTICES = st.lists(
    st.builds(
        lambda weight, days, caps, could: notice(weight, days, **(CAPS if caps else {}), could_stop=could),
        WEIGHT,
        st.integers(0, 30),
        st.booleans(),
        st.booleans(),
    ),
    max_size=6,
)


def verdict_of(sessions=(), said=()) -> Verdict:  # type: ignore[no-untyped-def]
    return guide(case_of(sessions, said)).verdict


@given(NOTICES, st.booleans())
def test_the_heaviest_of_what_ends_running_decides(notices: list[Notice], in_plan: bool) -> None:
    found = verdict(notices, (PLAN,) if in_plan else ())
    ending = [w for w in ("red-flag", "refer", "stop") if any(n.weight == w for n in notices)]
    if ending:
        assert found.standing == ending[0]
        assert found.running == "none"
        assert (found.hold_headroom, found.silent) == (ending[0], SILENT)
        assert (found.hills, found.speed) == (False, False)
        assert {n.weight for n in found.because} == {ending[0]}
    else:
        assert found.standing in {"plan", "load", "caution", "clear", "unknown"}
        assert found.hold_headroom is None
        assert found.silent == frozenset()


@given(NOTICES, NOTICES)
def test_what_is_added_never_makes_a_verdict_lighter(notices: list[Notice], more: list[Notice]) -> None:
    order = ["red-flag", "refer", "stop", "plan", "load", "unknown", "caution", "clear"]
    running = ["none", "unknown", "reduced", "plan", "usual"]
    before, after = verdict(notices, (PLAN,)), verdict([*notices, *more], (PLAN,))
    assert order.index(after.standing) <= order.index(before.standing)
    alone, together = verdict(notices), verdict([*notices, *more])
    assert order.index(together.standing) <= order.index(alone.standing)
    assert running.index(together.running) <= running.index(alone.running)
    assert together.hills <= alone.hills
    assert together.speed <= alone.speed


@given(NOTICES)
def test_the_order_of_notices_decides_nothing(notices: list[Notice]) -> None:
    one, other = verdict(notices), verdict(notices[::-1])
    assert (one.standing, one.running, one.cap_low, one.hold_headroom) == (
        other.standing,
        other.running,
        other.cap_low,
        other.hold_headroom,
    )


@pytest.mark.row("A18", "C07", "A22")
def test_where_running_ends_cycling_swimming_and_rowing_are_offered_but_in_an_emergency_nothing_is() -> None:
    assert set(verdict([notice("stop")]).offers) == set(INSTEAD) == {"cycling", "swimming", "rowing"}
    assert verdict([notice("refer")]).offers == INSTEAD
    assert verdict([notice("red-flag")]).offers == ()
    assert verdict([]).offers == ()


@pytest.mark.row("A22")
def test_another_sport_puts_nothing_on_the_running_load() -> None:
    cycled: list[Said] = [SayCrossTraining(at(1, 12), "cycling", 7200.0)]
    with_it, without = case_of([run(3, 10)], cycled, judged=True), case_of([run(3, 10)], judged=True)
    assert with_it.headroom == without.headroom
    assert with_it.findings == without.findings
    assert guide(with_it).verdict == guide(without).verdict


def test_a_plan_decides_before_load_and_its_first_stage_has_no_running() -> None:
    found = verdict([notice("load")], (PLAN,))
    assert (found.standing, found.running, found.hills, found.speed) == ("plan", "plan", False, False)
    first = PlanView("return-to-running", TODAY, 1, 7, 1, TODAY, run_low_s=0, run_high_s=0)
    assert verdict([], (first,)).running == "none"
    assert verdict([], (first,)).offers == INSTEAD


def test_a_plan_that_is_locked_done_or_of_exercise_leaves_running_to_the_rest() -> None:
    from dataclasses import replace

    for plan in (replace(PLAN, locked="under-18"), replace(PLAN, complete=True), replace(PLAN, plan="isometric")):
        assert verdict([], (plan,)).standing == "clear"


def test_mild_pain_takes_hills_and_speed_out_and_caps_the_distance() -> None:
    found = verdict([notice("caution", **CAPS)])
    assert (found.standing, found.running) == ("caution", "reduced")
    assert (found.cap_low, found.cap_high, found.hills, found.speed) == (0.5, 0.7, False, False)


def test_a_caution_about_something_else_than_pain_is_no_verdict_on_running() -> None:
    found = verdict([notice("caution")])
    assert (found.standing, found.running) == ("clear", "usual")
    flare = Notice("flares", "each-increase", ("B14",), "caution", TODAY)
    assert verdict([flare]).standing == "caution"


def test_caps_hold_beside_a_load_that_is_high() -> None:
    found = verdict([notice("load"), notice("caution", **CAPS)])
    assert (found.standing, found.running, found.cap_high) == ("load", "reduced", 0.7)


def test_a_question_whose_answer_could_stop_makes_running_unknown() -> None:
    assert verdict([notice("unknown", could_stop=True)]).running == "unknown"
    assert verdict([notice("unknown", could_stop=True)]).standing == "unknown"
    assert verdict([notice("unknown")]).standing == "clear"


def test_without_a_diary_load_decides_and_pain_is_said_to_be_unknown() -> None:
    found = guide(case_of([run(1, 10), run(3, 10)]))
    assert found.verdict.running == "usual"
    assert [n.key for n in found.notices if n.rule == "diary-open"] == ["nothing"]


@pytest.mark.parametrize("symptom", EMERGENCIES)
def test_an_emergency_is_heard_at_once_over_everything(symptom: Symptom) -> None:
    said: list[Said] = [
        pain("morning", 4, 0),
        SayEpisode(TODAY - timedelta(days=3), "began"),
        noticed(symptom, hour=19.9),
    ]
    found = guide(case_of([run(1, 10)], said))
    assert (found.verdict.standing, found.verdict.hold_headroom) == ("red-flag", "red-flag")
    assert found.notices[0].weight == "red-flag"


def test_four_the_morning_after_ends_running_and_two_well_days_begin_it_again() -> None:
    assert verdict_of([run(1, 10)], [pain("morning", 4, 0)]).standing == "stop"
    later = [pain("morning", 4, 2), pain("morning", 0, 1), pain("morning", 0, 0)]
    found = verdict_of([run(3, 10)], later)
    assert (found.standing, found.running, found.cap_high) == ("caution", "reduced", 0.7)


def test_notices_come_heaviest_first() -> None:
    said: list[Said] = [pain("morning", 8, 0), noticed("pop"), noticed("swelling")]
    weights = [WEIGHTS.index(n.weight) for n in guide(case_of([run(1, 10)], said)).notices]
    assert weights == sorted(weights)
