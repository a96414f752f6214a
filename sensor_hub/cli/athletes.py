"""``sensor-hub athlete``: who runs."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(help="Who runs: add, list, set, merge.", no_args_is_help=True, rich_markup_mode=None)

Zone = Annotated[str | None, typer.Option("--zone", help="IANA time zone that decides the athlete's days.")]
Mass = Annotated[float | None, typer.Option("--mass-kg", help="Body mass; optional, loads are in body weights.")]
Height = Annotated[
    float | None, typer.Option("--height", help="Height in m, such as 1.78; optional, for leg stiffness.")
]
WeekStart = Annotated[int | None, typer.Option("--week-start", help="First day of the week, 1 = Monday … 7 = Sunday.")]
Who = Annotated[str, typer.Argument(help="Name or pseudonym.")]


def _answer(athlete: Any) -> dict[str, object]:
    return {
        "id": athlete.id,
        "name": athlete.display_name,
        "zone": athlete.zone,
        "mass_kg": athlete.mass_kg,
        "height_m": athlete.height_m,
        "week_start": athlete.week_start,
        "simulated": athlete.simulated,
    }


def _show(athletes: list[Any], json: bool) -> None:
    if json:
        as_json([_answer(a) for a in athletes])
        return
    rows = [[a.id, a.display_name, a.zone, _given(a.mass_kg), _given(a.height_m), str(a.week_start)] for a in athletes]
    as_table("", ["id", "name", "zone", "mass (kg)", "height (m)", "week starts"], rows)


def _given(value: float | None) -> str:
    return "–" if value is None else f"{value:g}"


@app.command(epilog='Example: sensor-hub athlete add "Ana" --zone Europe/Lisbon --mass-kg 58 --height 1.68')
def add(
    name: Annotated[str, typer.Argument(help="Display name; it stays in the registry.")],
    zone: Zone = None,
    mass_kg: Mass = None,
    height: Height = None,
    week_start: WeekStart = None,
    pseudonym: Annotated[
        str | None, typer.Option("--id", help="On a gateway: the pseudonym this person has on the hub (athlete list).")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Add an athlete under a random pseudonym."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        start = 1 if week_start is None else week_start
        about: dict[str, Any] = {"mass_kg": mass_kg, "height_m": height, "week_start": start, "pseudonym": pseudonym}
        added = archive.registry.add_athlete(name, zone or archive.zone, **about)
        _show([added], json)


@app.command(name="list", epilog="Example: sensor-hub athlete list --json")
def list_(data_dir: DataDir = None, json: Json = False) -> None:
    """List the athletes."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        _show(archive.registry.athletes(), json)


@app.command(name="set", epilog="Example: sensor-hub athlete set Ana --zone Europe/Berlin")
def set_(
    who: Who,
    name: Annotated[str | None, typer.Option("--name", help="New display name.")] = None,
    zone: Zone = None,
    mass_kg: Mass = None,
    no_mass: Annotated[bool, typer.Option("--no-mass", help="Forget the mass.")] = False,
    height: Height = None,
    no_height: Annotated[bool, typer.Option("--no-height", help="Forget the height.")] = False,
    week_start: WeekStart = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Change an athlete's name, zone, mass, height or start of week."""
    from sensor_hub.app.people import open_archive

    given = {"name": name, "zone": zone, "mass_kg": mass_kg, "height_m": height, "week_start": week_start}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if no_mass:
        changes["mass_kg"] = None
    if no_height:
        changes["height_m"] = None
    if not changes:
        options = "--name, --zone, --mass-kg, --no-mass, --height, --no-height or --week-start"
        raise typer.BadParameter(f"nothing to change: give {options}")
    with open_archive(settings(data_dir)) as archive:
        changed = archive.registry.set_athlete(who, **changes)
        if changes.keys() & {"zone", "week_start"}:
            archive.judge_again(changed)
        _show([changed], json)


@app.command(epilog="Example: sensor-hub athlete merge 'Ana (old)' Ana --yes")
def merge(
    source: Annotated[str, typer.Argument(help="Name or pseudonym that goes.")],
    target: Annotated[str, typer.Argument(help="Name or pseudonym that stays.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make two athletes one: sessions, findings, devices and shoes go to TARGET."""
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        gone, kept = archive.registry.athlete(source), archive.registry.athlete(target)
        n_sessions = len(archive.store.sessions(gone.id))
        what = f"{gone.display_name} ({n_sessions} sessions) into {kept.display_name}"
        if dry_run:
            say(f"would merge {what}")
            return
        if not yes and not typer.confirm(f"Merge {what}? There is no way back."):
            raise typer.Exit(1)
        _show([archive.merge(source, target)], json)
