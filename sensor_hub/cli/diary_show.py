"""``sensor-hub diary show|ask|undo``: what stands in the diary, what is asked, and how to take a line back."""

from datetime import timedelta
from shlex import quote
from typing import Annotated, Any

import typer

from sensor_hub.cli.desk import Who, zone_of
from sensor_hub.cli.pen import BY, open_pen
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say


def show(
    days: Annotated[int, typer.Option("--days", min=1, max=36500, help="How far back.")] = 30,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the lines of the diary that were written in the last days, newest first."""
    from sensor_hub.app.guiding.answers import diary_answer

    with open_pen(athlete, data_dir) as pen:
        view = pen.guide.diary(pen.person.id)
        told = diary_answer(view, pen.person.zone, pen.shoes())
        zone, whose, first = zone_of(pen.person), pen.whose, pen.today() - timedelta(days=days - 1)
    made = {entry.id: entry.made_utc.astimezone(zone) for entry in view.entries}
    shown = [line for line in told if made[line["id"]].date() >= first]
    if json:
        as_json(shown)
        return
    if not shown:
        say("nothing was written in these days" if told else "nothing was said yet: sensor-hub diary pain 0")
        return
    rows = [
        [
            made[line["id"]].strftime("%Y-%m-%d %H:%M"),
            line["by"],
            line["sentence"],
            "taken back" if line["undone"] else "",
            line["id"],
        ]
        for line in shown
    ]
    as_table("", [f"written ({zone.key})", "by", "what", "", "line"], rows)
    say(f"To take one back, or say it again: sensor-hub diary undo LINE{whose}")


def ask(athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Show which questions are due, each with the command that answers it."""
    from sensor_hub.app.guiding.answers import body_of
    from sensor_hub.words.asks import ask_question

    with open_pen(athlete, data_dir) as pen:
        asks = pen.guide.guidance(pen.person.id).asks
        pains = pen.guide.known(pen.person.id).pains
        whose, side = pen.whose, pains[-1].side if pains else "both"
    answers = [answer_to(each, side) + whose for each in asks]
    if json:
        questions = [ask_question(each) for each in asks]
        as_json(
            [
                {**body_of(each), "question": question, "command": command}
                for each, question, command in zip(asks, questions, answers, strict=True)
            ]
        )
        return
    for each, command in zip(asks, answers, strict=True):
        say(ask_question(each))
        say(f"  {command}")
    if not asks:
        say("nothing is asked now")


def answer_to(ask: Any, side: str) -> str:
    """Return the command that answers a question. side : of the pain that was said last."""
    about = "" if ask.sid is None else f" --sid {quote(ask.sid)}"
    if ask.key == "rested":
        return "sensor-hub diary days rested"
    when = "day-after" if ask.key == "day-after" else "morning"
    return f"sensor-hub diary pain LEVEL --when {when} --side {side}{about}"


def undo(
    entry: Annotated[str | None, typer.Argument(metavar="LINE", help="Id of a line ('diary show').")] = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Take back what you said last, or one line; of one that was taken back, say it again."""
    from sensor_hub.cli.chosen import id_of

    with open_pen(athlete, data_dir) as pen:
        known = [each.id for each in pen.guide.diary(pen.person.id).entries]
        whole = None if entry is None else id_of(entry, known, "line", "diary show")
        pen.show(pen.guide.take_back(pen.person.id, by=BY, entry=whole), json=json)


def add_to(app: typer.Typer) -> None:
    """Add the commands to the group ``diary``."""
    app.command(epilog="Examples: sensor-hub diary show   ·   sensor-hub diary show --days 365 --json")(show)
    app.command(epilog="Examples: sensor-hub diary ask   ·   sensor-hub diary ask --athlete Ana --json")(ask)
    app.command(epilog="Examples: sensor-hub diary undo   ·   sensor-hub diary undo 01k9 --athlete Ana")(undo)
