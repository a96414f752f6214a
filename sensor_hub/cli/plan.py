"""``sensor-hub plan``: plans that lead back to running or through exercises, stage by stage."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.desk import Who
from sensor_hub.cli.pen import Note, On, Side, one_of, open_pen, words_of
from sensor_hub.cli.show import DataDir, Json, as_json, say

app = typer.Typer(
    help="Plans, stage by stage: forward leads only what a stage's conditions say.",
    epilog="Examples: sensor-hub plan list   ·   sensor-hub plan start return-to-running --usual-km 30   ·   "
    "sensor-hub plan status",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Kind = Annotated[str, typer.Argument(metavar="PLAN", help="return-to-running, mid-portion, insertional or isometric.")]


@app.command(
    epilog="Examples: sensor-hub plan start return-to-running --usual-km 30   ·   "
    "sensor-hub plan start insertional --side L --on yesterday"
)
def start(
    kind: Kind,
    side: Side = "both",
    usual_km: Annotated[
        float | None,
        typer.Option("--usual-km", min=0.1, help="A week's distance before, to come back to.", show_default=False),
    ] = None,
    on: On = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Begin a plan; one of its kind that goes on ends there. No plan is medical advice."""
    from sensor_hub.model.diary import PainSide, StartPlan

    plan, leg = _kind(kind), one_of(side, words_of(PainSide), "side")
    with open_pen(athlete, data_dir) as pen:
        usual_m = None if usual_km is None else usual_km * 1000
        pen.say([StartPlan(plan, pen.day(on), leg, usual_m)], json=json)


@app.command(epilog="Examples: sensor-hub plan stop return-to-running   ·   sensor-hub plan stop isometric --note over")
def stop(
    kind: Kind, note: Note = "", on: On = None, athlete: Who = None, data_dir: DataDir = None, json: Json = False
) -> None:
    """End a plan."""
    from sensor_hub.model.diary import StopPlan

    plan = _kind(kind)
    with open_pen(athlete, data_dir) as pen:
        pen.say([StopPlan(plan, pen.day(on), note)], json=json)


@app.command(epilog="Examples: sensor-hub plan back return-to-running   ·   sensor-hub plan back mid-portion --json")
def back(kind: Kind, on: On = None, athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Go back one stage by your own wish. Forward leads only what a stage's conditions say."""
    from sensor_hub.model.diary import StepPlanBack

    plan = _kind(kind)
    with open_pen(athlete, data_dir) as pen:
        pen.say([StepPlanBack(plan, pen.day(on))], json=json)


@app.command(epilog="Examples: sensor-hub plan status   ·   sensor-hub plan status --athlete Ana --json")
def status(athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Show where you stand in each plan: stage, what is to be done now, and what is missing for the next stage."""
    from sensor_hub.app.guiding.answers import body_of
    from sensor_hub.app.guiding.wording import plan_lines
    from sensor_hub.words.advice import disclaimer_text

    with open_pen(athlete, data_dir) as pen:
        guidance = pen.guide.guidance(pen.person.id)
        whose = pen.whose
        if json:
            as_json(body_of(guidance.plans))
            return
        pen.say_verdict(guidance)
    for plan in guidance.plans:
        for line in plan_lines(plan):
            say(line)
    if guidance.plans:
        say(disclaimer_text())
    else:
        say(f"no plan goes on (sensor-hub plan list shows which there are; sensor-hub plan start PLAN{whose})")


@app.command("list", epilog="Examples: sensor-hub plan list   ·   sensor-hub plan list --json")
def list_(json: Json = False) -> None:
    """List the plans there are."""
    from sensor_hub.model.diary import PlanKind
    from sensor_hub.words.diary import plan_word

    kinds = {kind: plan_word(kind) for kind in words_of(PlanKind)}
    if json:
        as_json([{"plan": kind, "title": title} for kind, title in kinds.items()])
        return
    for kind, title in kinds.items():
        say(f"{kind}: {title}")


def _kind(kind: str) -> Any:
    from sensor_hub.model.diary import PlanKind

    return one_of(kind, words_of(PlanKind), "plan")
