"""``sensor-hub load``: today against one's own history."""

from typing import Annotated

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(help="Today's load against one's own history.", no_args_is_help=True, rich_markup_mode=None)


@app.command(epilog="Example: sensor-hub load status --athlete Ana")
def status(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show what today's limits leave, and what stands against them."""
    from dataclasses import asdict

    from sensor_hub.app.board import Board
    from sensor_hub.app.people import open_archive
    from sensor_hub.words import finding_sentence, headroom_sentence, quantity

    with open_archive(settings(data_dir)) as archive:
        person = archive.athlete(athlete)
        board = Board(archive.store, archive.registry)
        load, view = board.load(person), board.athlete(person.id)
    findings = view.tile.findings if view is not None else ()
    if json:
        as_json({**asdict(load), "findings": [finding_sentence(f) for f in findings]})
        return
    rows = [
        [load.day, quantity(load.today_distance_m, "distance_m"), quantity(load.today_load_eq_km, "load_eq_km")],
        ["this week", quantity(load.week_distance_m, "distance_m"), quantity(load.week_load_eq_km, "load_eq_km")],
    ]
    as_table(person.display_name, ["", "distance", "push-off load (modelled)"], rows)
    for headroom in load.headroom:
        say(headroom_sentence(headroom))
    for finding in findings:
        say(finding_sentence(finding))
