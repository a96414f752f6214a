"""``sensor-hub diary``: what no sensor tells."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli import counting, diary_body, diary_person, diary_show
from sensor_hub.cli.desk import Who, open_desk
from sensor_hub.cli.options import not_in_the_future
from sensor_hub.cli.pen import BY, Level, Note, Side, maybe_one_of, one_of, open_pen, words_of
from sensor_hub.cli.show import DataDir, Json, as_json, say

app = typer.Typer(
    help="What no sensor tells: pain, exercise, medicines, yourself, and what days without a run were.",
    epilog="Examples: sensor-hub diary pain 4 --when morning --side L   ·   sensor-hub diary ask   ·   "
    "sensor-hub diary days rested",
    no_args_is_help=True,
    rich_markup_mode=None,
)
diary_body.add_to(app)
diary_person.add_to(app)
diary_show.add_to(app)
counting.add_to(app)
MODELLED: Final = ("heel-drop", "hop")
MARKS: Final = ("rested", "not-recorded", "unsaid")


EXERCISE_EXAMPLES: Final = (
    "Examples: sensor-hub diary exercise heel-drop --sets 3 --reps 15 --knee straight --ground step   ·   "
    "sensor-hub diary exercise hop --sets 2 --reps 20 --legs 2 --athlete Ana   ·   "
    "sensor-hub diary exercise isometric-hold --sets 5 --reps 1 --hold 45 --side L"
)


@app.command(epilog=EXERCISE_EXAMPLES)
def exercise(
    kind: Annotated[
        str,
        typer.Argument(
            help="heel-drop, heel-raise, isometric-hold, slow-heavy, hop, plyometrics, run-drills, depth-jump, "
            "split-squat, box-jump, glutes, hips, ankle-mobility, calf-stretch or strength."
        ),
    ],
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
    side: Side = "both",
    knee: Annotated[str | None, typer.Option("--knee", help="straight or bent.", show_default=False)] = None,
    ground: Annotated[str | None, typer.Option("--ground", help="step or flat.", show_default=False)] = None,
    hold: Annotated[
        float | None, typer.Option("--hold", min=0.5, max=600.0, help="Time of a hold, s.", show_default=False)
    ] = None,
    lowering: Annotated[
        float | None, typer.Option("--lowering", min=0.1, max=60.0, help="Time of the way down, s.", show_default=False)
    ] = None,
    both_feet_up: Annotated[
        bool | None,
        typer.Option("--both-feet-up/--one-foot-up", help="Whether the other leg helped up.", show_default=False),
    ] = None,
    pain: Level = None,
    note: Note = "",
    at: Annotated[datetime | None, typer.Option("--at", help="When it began, UTC; now, if not given.")] = None,
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Keep an exercise. Of heel drops and hops the load is modelled, counted apart and never part of a run's load."""
    from sensor_hub.model.diary import ExerciseName, Ground, Knee, PainSide, SayExercise

    name = one_of(kind, words_of(ExerciseName), "exercise")
    if kind == "hop" and added_kg:
        raise typer.BadParameter("--added-kg is for heel drops: what a load does to a hop's timing is not modelled")
    if kind not in MODELLED and (seconds is not None or legs == 2):
        raise typer.BadParameter("--seconds and --legs are for heel drops and hops: of others no load is modelled")
    leg = one_of(side, words_of(PainSide), "side")
    bend, stand = maybe_one_of(knee, words_of(Knee), "knee"), maybe_one_of(ground, words_of(Ground), "ground")
    start_utc = not_in_the_future(None if at is None else at.replace(tzinfo=UTC))
    with open_pen(athlete, data_dir) as pen:
        line = SayExercise(
            start_utc or datetime.now(UTC).replace(microsecond=0),
            name, sets, reps, leg, bend, stand, hold, lowering, both_feet_up, pain, added_kg, note=note,
        )  # fmt: skip
        if kind in MODELLED:
            _keep_modelled(pen, line, legs, seconds, json=json)
        else:
            pen.say([line], json=json)


def _keep_modelled(pen: Any, line: Any, legs: int, seconds: float | None, *, json: bool) -> None:
    """Keep an exercise with its session, and say the load."""
    from sensor_hub.app.analysis import session_answer
    from sensor_hub.app.guiding.exercise_sessions import UP_S
    from sensor_hub.app.loads.exercising import Exercise

    if seconds is None and line.lowering_s is not None and line.exercise == "heel-drop":
        seconds = line.lowering_s + UP_S
    done = Exercise(line.exercise, line.sets, line.reps, legs, line.added_kg, seconds)
    outcome = pen.guide.say_exercise(pen.person.id, line, done, by=BY)
    summary = pen.archive.store.session(outcome.entries[0].edit.sid)
    if not json:
        load_bw_s = summary.totals.load_bw_s or 0.0
        amount = f"{line.sets} x {line.reps} {line.exercise}, {load_bw_s:.0f} BW·s a leg (modelled, ±40 %)."
        say(f"{pen.person.display_name}: {amount}")
        say("It is counted apart and is no part of a run's load.")
    pen.show(outcome, json=json, more=session_answer(summary))


@app.command(
    epilog="Examples: sensor-hub diary days   ·   sensor-hub diary days rested   ·   "
    "sensor-hub diary days not-recorded --from 2026-11-14 --to 2026-11-23"
)
def days(
    mark: Annotated[
        str | None, typer.Argument(help="rested, not-recorded, or unsaid to take an answer back.", show_default=False)
    ] = None,
    from_: Annotated[str | None, typer.Option("--from", help="First local day: 2026-11-14, today, yesterday.")] = None,
    to: Annotated[str | None, typer.Option("--to", help="Last local day; without it, the first alone.")] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say what days without a run were, or show which are asked about. Rest and runs nobody recorded are not the same.

    Without --from the answer is for the days that are asked about, where it is one stretch.
    """
    from sensor_hub.model.edit import MarkDays

    if mark is not None and mark not in MARKS:
        raise typer.BadParameter(f"{mark!r} is none of {', '.join(MARKS)}")
    if mark is None and (from_ is not None or to is not None):
        raise typer.BadParameter(f"say what these days were: {', '.join(MARKS)}")
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        view = desk.view(person)
        if mark is not None:
            first, last = _meant(view, from_, to)
            desk.make(person, [MarkDays(first, last, mark)], json=json)  # type: ignore[arg-type]
            return
        whose = desk.whose(person)
    _show_days(view, whose, json=json)


def _meant(view: Any, from_: str | None, to: str | None) -> tuple[date, date]:
    """Return the days an answer is for; EditError where nothing, or more than one stretch, is asked about."""
    from sensor_hub.cli.times import day_of
    from sensor_hub.errors import EditError
    from sensor_hub.words.days import days_text

    if from_ is not None:
        first = day_of(from_, view.today, "--from")
        return first, first if to is None else day_of(to, view.today, "--to")
    if to is not None:
        raise typer.BadParameter("--to needs --from")
    if len(view.open_days) == 1:
        return view.open_days[0].first, view.open_days[0].last
    if not view.open_days:
        raise EditError("no days are asked about: give --from, and --to if they are several")
    told = ", ".join(days_text(each.first, each.last) for each in view.open_days)
    raise EditError(f"{len(view.open_days)} stretches of days are asked about ({told}): give --from and --to")


def _show_days(view: Any, whose: str, *, json: bool) -> None:
    from sensor_hub.words.standings import day_span_sentence, open_days_sentence

    if json:
        as_json(
            {
                "open": [{"first": str(d.first), "last": str(d.last)} for d in view.open_days],
                "days": [{"first": str(d.first), "last": str(d.last), "mark": d.mark} for d in view.days],
            }
        )
        return
    for each in view.open_days:
        say(open_days_sentence(each))
        span = f"--from {each.first} --to {each.last}{whose}"
        say(f"  sensor-hub diary days rested {span}")
        say(f"  sensor-hub diary days not-recorded {span}")
    for span_said in view.days:
        say(day_span_sentence(span_said))
    if not view.open_days and not view.days:
        say("no days are asked about, and none was answered for")
