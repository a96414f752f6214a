"""The whole way as a runner and a hub live it: what is said of runs and mornings, and all the guidelines at once."""

from sensor_hub.guidelines.guidance import guide
from sensor_hub.guidelines.plans.walk_run import WalkRun
from sensor_hub.model.diary import Said, SayClearance, SayPain, StartPlan
from sensor_hub.model.guidance import Guidance, PlanView
from tests.guidelines.plans.lives import MIDDLE, RETURN, START, WALKS, at, case, drops, on, pain
from tests.guidelines.plans.way_back import by_turns, whole_way

RUNS = whole_way()
ANSWERS: list[Said] = [
    SayPain(run.end_utc, when, 0.0, "L", sid=run.sid, warming="first-km" if when == "during" else None)
    for run in RUNS
    for when in ("before", "during", "after")
]
DAYS_AFTER: list[Said] = [
    SayPain(run.end_utc.replace(hour=12, minute=0) + (on(1) - on(0)), "day-after", 0.0, "L", sid=run.sid)
    for run in RUNS
]
MORNINGS: list[Said] = [pain(day, 0.0) for day in range(-8, 130)]
DROPS: list[Said] = [
    drops(day, sets=2 if day < 2 else 3, knee=knee, hour=hour)
    for day in range(84)
    for knee in ("straight", "bent")
    for hour in (8.0, 18.0)
]
SAID: list[Said] = [
    RETURN, StartPlan("mid-portion", START, "L"), MIDDLE, WALKS, *ANSWERS, *DAYS_AFTER, *MORNINGS, *DROPS,
    SayClearance(on(80), "Dr Reis", "physiotherapist"),
]  # fmt: skip
TURNS: list[WalkRun] = [by_turns(run) for run in RUNS]


def lived(day: int, *more: Said, without: tuple[Said, ...] = ()) -> Guidance:
    """What is said in the evening of a day, of what was known by then."""
    past = [one for one in [*SAID, *more] if getattr(one, "at_utc", at(day)) <= at(day, 21) and one not in without]
    return guide(case(day, past, RUNS, turns=TURNS))


def running(found: Guidance) -> PlanView:
    """The plan of running."""
    return next(view for view in found.plans if view.plan == "return-to-running")


def test_thirteen_weeks_from_diary_and_runs_alone() -> None:
    found = {day: lived(day) for day in range(0, 112, 7)}

    assert [running(g).stage for g in found.values()] == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 7, 7]
    assert all(running(g).locked is None for g in found.values())
    assert all(running(g).violations == () for g in found.values())
    assert {g.verdict.standing for g in found.values() if not running(g).complete} == {"plan"}
    assert running(found[105]).complete
    drops_plan = next(view for view in found[84].plans if view.plan == "mid-portion")
    assert drops_plan.complete


def test_one_answer_that_is_missing_holds_the_stage_and_giving_it_later_opens_it_after_all() -> None:
    last = next(run for run in RUNS if run.day == on(25))
    answer = next(one for one in DAYS_AFTER if isinstance(one, SayPain) and one.sid == last.sid)
    mornings = tuple(m for m in MORNINGS if isinstance(m, SayPain) and m.at_utc.date() in {on(26), on(27)})

    held = lived(28, without=(answer, *mornings))

    assert running(held).stage == 2
    assert [g.key for g in running(held).gates if g.state == "unknown"] == ["day-after"]
    assert "gate-unknown" in {n.key for n in held.notices}
    assert running(lived(28)).stage == 3


def test_four_of_ten_after_a_run_goes_back_and_stops_running_at_once() -> None:
    run = next(run for run in RUNS if run.day == on(59))
    well = tuple(one for one in ANSWERS if isinstance(one, SayPain) and one.sid == run.sid and one.when == "after")

    found = lived(59, SayPain(run.end_utc, "after", 4.0, "L", sid=run.sid), without=well)

    assert (running(found).stage, running(found).locked) == (4, "stop")
    assert found.verdict.standing == "stop"
    assert "stage-back" in {n.key for n in found.notices}
    exercise = next(view for view in found.plans if view.plan == "mid-portion")
    assert exercise.locked is None
