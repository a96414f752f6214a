"""``sensor-hub squad``: groups of athletes that a coach looks at together."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(
    help="Groups of athletes that a coach looks at together: add, list, set, remove.",
    epilog="Examples: sensor-hub squad add Sprint Ana Ben   ·   sensor-hub squad set Sprint --add Cleo   ·   "
    "sensor-hub squad list",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Squad = Annotated[str, typer.Argument(help="Name or id of a squad.")]
Who = Annotated[list[str] | None, typer.Argument(metavar="[ATHLETE]...", help="Names or pseudonyms.")]


def _show(squads: list[Any], names: dict[str, str], json: bool) -> None:
    if json:
        as_json([{"id": s.id, "name": s.name, "athletes": list(s.athletes)} for s in squads])
        return
    if not squads:
        say("no squad yet: sensor-hub squad add NAME ATHLETE...")
        return
    rows = [[s.id, s.name, str(len(s.athletes)), ", ".join(names[who] for who in s.athletes) or "–"] for s in squads]
    as_table("", ["id", "squad", "athletes", "who"], rows)


def _names(registry: Any) -> dict[str, str]:
    return {athlete.id: athlete.display_name for athlete in registry.athletes()}


@app.command(epilog="Example: sensor-hub squad add Sprint Ana Ben")
def add(
    name: Annotated[str, typer.Argument(help="What it is to be called.")],
    athletes: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make a squad of these athletes, or an empty one."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        made = archive.registry.squads.add(name, athletes or [])
        _show([made], _names(archive.registry), json)


@app.command(name="list", epilog="Example: sensor-hub squad list --json")
def list_(data_dir: DataDir = None, json: Json = False) -> None:
    """List the squads and who is in them."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        _show(archive.registry.squads.all(), _names(archive.registry), json)


@app.command(
    name="set",
    epilog="Examples: sensor-hub squad set Sprint --add Cleo --out Ben   ·   sensor-hub squad set Sprint Ana",
)
def set_(
    squad: Squad,
    athletes: Who = None,
    name: Annotated[str | None, typer.Option("--name", help="A new name.")] = None,
    more: Annotated[list[str] | None, typer.Option("--add", help="Put this athlete in too; may be repeated.")] = None,
    out: Annotated[list[str] | None, typer.Option("--out", help="Take this athlete out; may be repeated.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Rename a squad, say anew who is in it, or put some in and take some out."""
    from sensor_hub.app.people import open_archive

    if athletes and (more or out):
        raise typer.BadParameter("name everybody who is in it, or use --add and --out, not both")
    with open_archive(settings(data_dir)) as archive:
        registry = archive.registry
        members = list(athletes) if athletes else None
        held = registry.squads.change(squad, name=name, athletes=members, joining=more or [], leaving=out or [])
        _show([held], _names(registry), json)


@app.command(epilog="Example: sensor-hub squad remove Sprint")
def remove(squad: Squad, data_dir: DataDir = None, json: Json = False) -> None:
    """Let go of a squad; its athletes and all that is theirs stay."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        held = archive.registry.squads.of(squad)
        archive.registry.squads.remove(held.id)
    if json:
        as_json({"removed": held.id, "name": held.name})
        return
    say(f"{held.name} is gone; its athletes stay")
