"""``sensor-hub load``: today against one's own history."""

from typing import Annotated

import typer

from sensor_hub.cli import reference
from sensor_hub.cli.desk import Who
from sensor_hub.cli.pen import open_pen
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(
    help="Today's load against one's own history.",
    epilog="Examples: sensor-hub load status   ·   sensor-hub load reference show --athlete Ana",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(reference.app, name="reference")


@app.command(epilog="Examples: sensor-hub load status --athlete Ana   ·   sensor-hub load status --json")
def status(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show what today's limits leave, what stands against them, and what loads are expressed in."""
    from dataclasses import asdict

    from sensor_hub.app.board import Board
    from sensor_hub.app.people import open_archive
    from sensor_hub.words import (
        bridging_sentence,
        finding_sentence,
        headroom_sentence,
        range_text,
        ratio_caveat,
        ratio_lines,
        sum_rows,
        sums_reason,
    )
    from sensor_hub.words.advice import disclaimer_text

    with open_archive(settings(data_dir)) as archive:
        person = archive.athlete(athlete)
        board = Board(archive.store, archive.registry, guide=archive.guide)
        load, view = board.load(person), board.athlete(person.id)
        proposal = reference.proposal_of(archive, person)
    findings, ratios = ((), ()) if view is None else (view.tile.findings, view.ratios)
    if json:
        own = None if proposal is None else reference.answer_of(proposal)
        shown = {"ratios": [asdict(ratio) for ratio in ratios], "ratios_note": ratio_caveat()}
        said = [finding_sentence(f) for f in findings]
        as_json({**asdict(load), **shown, "findings": said, "own_reference": own})
        return
    rows = sum_rows(load.today, load.week)
    as_table(f"{person.display_name}, {load.day}", ["", "today", "this week"], rows)
    lines = [range_text(), sums_reason(load.today) or sums_reason(load.week), bridging_sentence(load.bridging)]
    lines += [headroom_sentence(headroom) for headroom in load.headroom]
    name = None if athlete is None else person.display_name  # who asks by name asks of somebody else
    lines += [finding_sentence(finding, name) for finding in findings]
    lines += [] if proposal is None else reference.in_words(proposal, theirs=athlete is not None)
    lines += ratio_lines(ratios)
    lines += [disclaimer_text()] if findings else []
    for line in filter(None, lines):
        say(line)


@app.command(epilog="Examples: sensor-hub load headroom   ·   sensor-hub load headroom --athlete Ana --json")
def headroom(athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Show what decides today, why, and what the session limits leave; under a stop they leave nothing."""
    from sensor_hub.app.board import Board
    from sensor_hub.app.guiding.answers import body_of, guidance_answer
    from sensor_hub.app.guiding.wording import notice_text
    from sensor_hub.words import headroom_sentence

    with open_pen(athlete, data_dir) as pen:
        guidance = pen.guide.guidance(pen.person.id)
        left = Board(pen.archive.store, pen.archive.registry, guide=pen.guide).load(pen.person).headroom
        if json:
            as_json({"headroom": body_of(left), "guidance": guidance_answer(guidance)})
            return
        pen.say_verdict(guidance)
    for one in left:
        say(headroom_sentence(one))
    for notice in guidance.notices:
        if notice not in guidance.verdict.because:
            say(notice_text(notice, theirs=athlete is not None))


@app.command(epilog="Examples: sensor-hub load plan   ·   sensor-hub load plan --athlete Ana --json")
def plan(athlete: Who = None, data_dir: DataDir = None, json: Json = False) -> None:
    """Show what today and this week leave, and a next week that keeps every rule, with the rule that binds."""
    from sensor_hub.app.guiding.answers import body_of
    from sensor_hub.words.advice import disclaimer_text
    from sensor_hub.words.planner import week_lines

    with open_pen(athlete, data_dir) as pen:
        week = pen.guide.week_plan(pen.person.id)
    if json:
        as_json(body_of(week))
        return
    for line in [*week_lines(week), disclaimer_text()]:
        say(line)
