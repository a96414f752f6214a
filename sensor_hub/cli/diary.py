"""``sensor-hub diary``: what no sensor tells."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from sensor_hub.cli.options import not_in_the_future
from sensor_hub.cli.show import DataDir, Json, as_json, say, settings

app = typer.Typer(
    help="What no sensor tells: exercise put in by hand.",
    epilog="Example: sensor-hub diary exercise heel-drop --sets 3 --reps 15",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.callback()
def diary() -> None:
    """Keep ``exercise`` a command of its own, though it is the only one."""


@app.command(
    epilog="Examples: sensor-hub diary exercise heel-drop --sets 3 --reps 15   ·   "
    "sensor-hub diary exercise hop --sets 2 --reps 20 --legs 2 --athlete Ana"
)
def exercise(
    kind: Annotated[str, typer.Argument(help="heel-drop or hop.")],
    reps: Annotated[int, typer.Option("--reps", min=1, max=1000, help="Repetitions in a set; of each leg.")] = 15,
    sets: Annotated[int, typer.Option("--sets", min=1, max=100, help="Sets.")] = 3,
    legs: Annotated[
        int, typer.Option("--legs", min=1, max=2, help="1: a leg at a time. 2: both share the weight.")
    ] = 1,
    added_kg: Annotated[float, typer.Option("--added-kg", min=0.0, max=500.0, help="Weight carried, kg.")] = 0.0,
    seconds: Annotated[
        float | None,
        typer.Option("--seconds", min=0.2, max=60.0, help="Time of a repetition (heel drop 4; hop 0.42, up to 1)."),
    ] = None,
    at: Annotated[datetime | None, typer.Option("--at", help="When it began, UTC; now, if not given.")] = None,
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep heel drops or hops, which are counted apart and never part of a run's load."""
    from sensor_hub.app.analysis import session_answer
    from sensor_hub.app.exercising import Exercise, log_exercise
    from sensor_hub.app.people import open_archive

    if kind not in {"heel-drop", "hop"}:
        raise typer.BadParameter(f"{kind!r} is neither heel-drop nor hop")
    if kind == "hop" and added_kg:
        raise typer.BadParameter("--added-kg is for heel drops: what a load does to a hop's timing is not modelled")
    start_utc = not_in_the_future(None if at is None else at.replace(tzinfo=UTC))
    with open_archive(settings(data_dir)) as archive:
        person = archive.athlete(athlete)
        done = Exercise(kind, sets, reps, legs, added_kg, seconds)  # type: ignore[arg-type]
        summary = log_exercise(archive, person, done, start_utc or datetime.now(UTC).replace(microsecond=0))
    if json:
        as_json(session_answer(summary))
        return
    load_bw_s = summary.totals.load_bw_s or 0.0
    say(f"{person.display_name}: {sets} x {reps} {kind}, {load_bw_s:.0f} BW·s a leg (modelled, ±40 %).")
    say("It is counted apart and is no part of a run's load.")
