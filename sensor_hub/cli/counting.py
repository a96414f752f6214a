"""``sensor-hub diary count``: heel drops counted by a sensor. Experimental."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.options import not_in_the_future
from sensor_hub.cli.pen import BY, Level, Side, maybe_one_of, one_of, open_pen, words_of
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

EXAMPLES: Final = (
    "Examples: sensor-hub diary count drops.mcap   ·   "
    "sensor-hub diary count drops.mcap --keep --side L --knee bent --ground step --pain 2"
)
EXPERIMENTAL: Final = (
    "Experimental: tried on simulated heel drops only. From a shank a count may be one off, and times are not told."
)


def add_to(app: typer.Typer) -> None:
    """Put the command into the group."""
    app.command(name="count", epilog=EXAMPLES)(count)


def count(
    recording: Annotated[Path, typer.Argument(help="Recording of a sensor on a foot or a shank.")],
    mount: Annotated[
        str | None, typer.Option("--mount", help="foot or shank, where the recording does not say.")
    ] = None,
    device: Annotated[str | None, typer.Option("--device", help="Which of its sensors, by id.")] = None,
    keep: Annotated[bool, typer.Option("--keep", help="Write it into the diary.")] = False,
    side: Side = "both",
    knee: Annotated[str | None, typer.Option("--knee", help="straight or bent.", show_default=False)] = None,
    ground: Annotated[str | None, typer.Option("--ground", help="step or flat.", show_default=False)] = None,
    pain: Level = None,
    at: Annotated[
        datetime | None, typer.Option("--at", help="When it began, UTC; else when the recording did, or now.")
    ] = None,
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Count heel drops in a recording, and how long each lowering took. Experimental."""
    from sensor_hub.app.loads.counting import count_file, lines_of
    from sensor_hub.app.place import own_profiles
    from sensor_hub.model.diary import Ground, Knee, PainSide

    where: Any = maybe_one_of(mount, ("foot", "shank"), "place of a sensor")
    leg = one_of(side, words_of(PainSide), "side")
    bend, stand = maybe_one_of(knee, words_of(Knee), "knee"), maybe_one_of(ground, words_of(Ground), "ground")
    counted = count_file(recording, mount=where, device=device, own_profiles=own_profiles(settings(data_dir)))
    if not keep or not counted.sets:
        _show(counted, json=json)
        return
    start_utc = not_in_the_future(None if at is None else at.replace(tzinfo=UTC)) or counted.start_utc
    lines = lines_of(counted, start_utc or datetime.now(UTC).replace(microsecond=0), leg, bend, stand, pain)
    with open_pen(athlete, data_dir) as pen:
        outcome = None
        for line in lines:
            outcome = pen.guide.say_exercise(pen.person.id, line, _load_of(line), by=BY)
        if not json:
            _show(counted, json=False)
        pen.show(outcome, json=json, more=_answer(counted))


def _load_of(line: Any) -> Any:
    from sensor_hub.app.guiding.exercise_sessions import UP_S
    from sensor_hub.app.loads.exercising import Exercise

    seconds = None if line.lowering_s is None else line.lowering_s + UP_S
    return Exercise(line.exercise, line.sets, line.reps, 1, line.added_kg, seconds)


def _answer(counted: Any) -> dict[str, object]:
    return {
        "experimental": True,
        "device": counted.device,
        "mount": counted.mount,
        "start_utc": None if counted.start_utc is None else counted.start_utc.isoformat(),
        "n_reps": counted.n_reps,
        "sets": [
            {"reps": each.reps, "lowering_s": each.lowering_s, "start_s": round(each.start_s, 2)}
            for each in counted.sets
        ],
    }


def _show(counted: Any, *, json: bool) -> None:
    if json:
        as_json(_answer(counted))
        return
    if counted.sets:
        rows = [
            [str(n), str(each.reps), "–" if each.lowering_s is None else f"{each.lowering_s:.1f}"]
            for n, each in enumerate(counted.sets, start=1)
        ]
        as_table(f"Heel drops, {counted.mount}", ["set", "repetitions", "lowering (s)"], rows)
    else:
        say("No heel drop was found in it.")
    say(EXPERIMENTAL)
