"""A person with a plan: runs with how they were answered, and what the diary says, by day of the plan."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from sensor_hub.guidelines.case import Case
from sensor_hub.guidelines.diary import diary_of
from sensor_hub.guidelines.history import Run, Yardstick
from sensor_hub.guidelines.plans.standing import plan_views
from sensor_hub.guidelines.plans.walk_run import WalkRun
from sensor_hub.model.athlete import Athlete
from sensor_hub.model.diary import (
    Knee,
    PainSide,
    PainTime,
    Said,
    SayExercise,
    SayPain,
    SaySymptoms,
    StartPlan,
)
from sensor_hub.model.guidance import Notice, PlanView, RunResponse

START = date(2026, 3, 2)  # a Monday
RUNNER = Athlete("k3f9", "Runner", "Europe/Lisbon")
RETURN = StartPlan("return-to-running", START, "L", usual_m=40_000.0)


def at(day: int, hour: float = 8.0) -> datetime:
    """A moment of a day of the plan, from 0."""
    return datetime(START.year, START.month, START.day, tzinfo=UTC) + timedelta(days=day, hours=hour)


def on(day: int) -> date:
    """A day of the plan, from 0."""
    return START + timedelta(days=day)


def ran(day: int, minutes: float, *, hour: float = 10.0, **more: object) -> Run:
    """A flat, easy run unless said otherwise."""
    known: dict[str, object] = {
        "distance_m": minutes * 160.0, "uphill_s": 0.0, "ascent_m": 0.0, "median_speed_mps": 2.7, "speed_5min_mps": 2.8,
    }  # fmt: skip
    run = Run(
        sid=f"run{day}", day=on(day), end_utc=at(day, hour + minutes / 60), distance_m=None, load_eq_km=None,
        load_eq_km_sd=0.0, hard_load_bw_s=None, hard_load_sd=0.0, load_bw_s=None, coverage=1.0,
        yardstick=Yardstick("speed", "", "m"), reference="", origin="live", ended=True, start_utc=at(day, hour),
        duration_s=minutes * 60,
    )  # fmt: skip
    return replace(run, **(known | more))  # type: ignore[arg-type]


def answer(
    run: Run, *, during: float | None = 1.0, settled: bool | None = True, highest: float | None = None
) -> RunResponse:
    """How a run was answered."""
    return RunResponse(
        run.sid, run.day, run.start_utc, run.end_utc, during=during, baseline=0.0, settled=settled,
        highest=during if highest is None else highest,
    )  # fmt: skip


def answers(runs: Iterable[Run], **but: RunResponse) -> list[RunResponse]:
    """All is well after every run, but for those named by their session id."""
    return [but.get(run.sid, answer(run)) for run in runs]


def pain(day: int, level: float, when: PainTime = "morning", *, hour: float = 7.0, side: PainSide = "L") -> SayPain:
    """Pain on a day."""
    return SayPain(at(day, hour), when, level, side)


def drops(
    day: int,
    *,
    sets: int = 3,
    knee: Knee | None = "straight",
    hour: float = 8.0,
    lowering_s: float | None = 4.0,
    **more: object,
) -> SayExercise:
    """Heel drops of fifteen."""
    return SayExercise(at(day, hour), "heel-drop", sets, 15, "L", knee, lowering_s=lowering_s, **more)  # type: ignore[arg-type]


MIDDLE = SaySymptoms(
    at(-1), present=("thickening", "tenderness"), absent=("pain-pulling-foot-up",), side="L", tender_cm=4.0
)
INSERTION = SaySymptoms(at(-1), present=("tenderness", "pain-pulling-foot-up"), side="L", tender_cm=0.5)
WALKS = SaySymptoms(at(13), absent=("pain-walking",))


def case(
    day: int, said: Sequence[Said], runs: Sequence[Run] = (), *, hour: float = 21.0, turns: Sequence[WalkRun] = ()
) -> Case:
    """Everything known in the evening of a day of the plan; nothing that comes later."""
    now = at(day, hour)
    past = tuple(run for run in runs if run.end_utc <= now)
    return Case(RUNNER, now, past, diary=diary_of(said), walk_runs=tuple(turns))


def view(
    day: int,
    said: Sequence[Said],
    runs: Sequence[Run] = (),
    answered: Sequence[RunResponse] | None = None,
    notices: Sequence[Notice] = (),
    *,
    turns: Sequence[WalkRun] = (),
) -> PlanView:
    """The first plan as it stands in the evening of a day."""
    known = case(day, said, runs, turns=turns)
    told = answers(known.runs) if answered is None else [a for a in answered if a.end_utc <= known.now_utc]
    told = [replace(a, too_soon=True) if a.end_utc + timedelta(hours=24) > known.now_utc else a for a in told]
    return plan_views(known, told, notices)[0]


def gate(shown: PlanView, key: str) -> str:
    """How a gate stands."""
    return next(g.state for g in shown.gates if g.key == key)


def keys(notices: Iterable[Notice]) -> list[str]:
    """What notices say."""
    return [notice.key for notice in notices]
