"""``sensor-hub shoe``: pairs, how far each has run, and which one is worn."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.desk import BY, Desk, open_desk
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say
from sensor_hub.units import M_PER_MI
from sensor_hub.words.lengths import length_m, length_unit
from sensor_hub.words.manner import Manner, current, speaking

app = typer.Typer(
    help="Pairs of shoes: add, list, set, retire, remove; which one is worn.",
    epilog="Examples: sensor-hub shoe add Road --drop 8   ·   sensor-hub shoe default Road   ·   sensor-hub shoe list",
    no_args_is_help=True,
    rich_markup_mode=None,
)
Who = Annotated[str | None, typer.Option("--athlete", help="Name or pseudonym; without it, you (me).")]
Pair = Annotated[str, typer.Argument(metavar="NAME", help="Name or id of the pair ('shoe list' shows both).")]
PairOrNone = Annotated[str | None, typer.Argument(metavar="[NAME]", help="Name or id of the pair.", show_default=False)]
NoPair = Annotated[bool, typer.Option("--none", help="None of the pairs.")]
Drop = Annotated[float | None, typer.Option("--drop", help="Heel-to-toe drop in mm; unknown if not given.")]
KmBefore = Annotated[float | None, typer.Option("--km-before", help="Run in them before they came here, km.")]
MiBefore = Annotated[float | None, typer.Option("--mi-before", help="The same in miles.")]


@app.command(
    epilog="Examples: sensor-hub shoe add 'Road 2' --drop 8 --km-before 120   ·   sensor-hub shoe add Trail --default"
)
def add(
    name: Annotated[str, typer.Argument(help="What you call the pair.")],
    drop: Drop = None,
    km_before: KmBefore = None,
    mi_before: MiBefore = None,
    default: Annotated[bool, typer.Option("--default", help="Worn every day from today on.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Add a pair."""
    before_m = _before_m(km_before, mi_before) or 0.0
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        shoe = desk.archive.registry.shoes.add(person.id, name, drop_mm=drop, start_distance_m=before_m)
        if default:
            wardrobe = _wardrobe(desk)
            today = desk.view(person).today
            desk.keeping.edit(person.id, [wardrobe.wearing(person.id, shoe.id, today, None)], by=BY)
        _show_one(desk, person, shoe.id, json=json)


@app.command(name="list", epilog="Examples: sensor-hub shoe list --athlete Ana   ·   sensor-hub shoe list --all --mi")
def list_(
    everything: Annotated[bool, typer.Option("--all", help="Retired pairs too.")] = False,
    miles: Annotated[bool, typer.Option("--mi", help="Distances in miles, whatever the settings say.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List the pairs, how far each has run, and which is worn."""
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        lines = _wardrobe(desk).lines(person.id)
    if json:
        as_json([answer_of(line) for line in lines])
        return
    shown = [line for line in lines if everything or line.shoe.retired_utc is None]
    if shown:
        with speaking(Manner(current().language, "mi") if miles else current()):
            _table(person.display_name, shown)
    n_retired = len(lines) - len(shown)
    if not lines:
        say("no pair yet: add one with `sensor-hub shoe add NAME`")
    elif n_retired:
        say(f"{n_retired} retired {'pair is' if n_retired == 1 else 'pairs are'} not shown: --all shows them")
    if any(line.distance_m is None for line in shown):
        say("≥: of some of its runs the distance is not known")


@app.command(
    name="set",
    epilog="Examples: sensor-hub shoe set Road --name 'Road 1'   ·   sensor-hub shoe set Road --drop 6 --km-before 80",
)
def set_(
    pair: Pair,
    name: Annotated[str | None, typer.Option("--name", help="New name.")] = None,
    drop: Drop = None,
    no_drop: Annotated[bool, typer.Option("--no-drop", help="The drop is not known.")] = False,
    km_before: KmBefore = None,
    mi_before: MiBefore = None,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Put a pair right: its name, its drop, how far it had run before."""
    if drop is not None and no_drop:
        raise typer.BadParameter("--drop and --no-drop say different things: give one of them")
    given = {"name": name, "drop_mm": drop, "start_distance_m": _before_m(km_before, mi_before)}
    changes: dict[str, Any] = {key: value for key, value in given.items() if value is not None}
    if no_drop:
        changes["drop_mm"] = None
    if not changes:
        raise typer.BadParameter("nothing to change: give --name, --drop, --no-drop, --km-before or --mi-before")
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        shoe = desk.archive.registry.shoes.of(person.id, pair)
        desk.archive.registry.shoes.set(shoe.id, **changes)
        _show_one(desk, person, shoe.id, json=json)


@app.command(epilog="Examples: sensor-hub shoe retire 'Road 1'   ·   sensor-hub shoe retire 'Road 1' --back")
def retire(
    pair: Pair,
    back: Annotated[bool, typer.Option("--back", help="Put it in use again.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Retire a pair, or bring it back; what was run in it stays."""
    with open_desk(data_dir) as desk:
        person, wardrobe = desk.person(athlete), _wardrobe(desk)
        outcome = None
        if back:
            shoe = wardrobe.bring_back(person.id, pair)
        else:
            shoe, outcome = wardrobe.retire(person.id, pair, by=BY)
        _show_one(desk, person, shoe.id, json=json)
    if outcome is not None and not json:
        say(f"{shoe.name} was worn every day; from tomorrow on no pair is, until `sensor-hub shoe default NAME`")


@app.command(
    epilog="Examples: sensor-hub shoe wear Trail   ·   sensor-hub shoe wear Trail --on yesterday   ·   "
    "sensor-hub shoe wear Racer --on 2026-11-20 --to 2026-11-22"
)
def wear(
    pair: PairOrNone = None,
    on: Annotated[str, typer.Option("--on", help="Local day: 2026-11-20, today or yesterday.")] = "today",
    to: Annotated[str | None, typer.Option("--to", help="Last day, for several.")] = None,
    none: NoPair = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say which pair is worn today, or on another day; runs of that day count for it."""
    from sensor_hub.cli.times import day_of

    wanted = _wanted(pair, none=none)
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        today = desk.view(person).today
        first = day_of(on, today)
        last = first if to is None else day_of(to, today, "--to")
        desk.make(person, [_wardrobe(desk).wearing(person.id, wanted, first, last)], json=json)


@app.command(
    epilog="Examples: sensor-hub shoe default Road   ·   sensor-hub shoe default Road --from 2026-11-01   ·   "
    "sensor-hub shoe default --none"
)
def default(
    pair: PairOrNone = None,
    since: Annotated[str, typer.Option("--from", help="Local day: 2026-11-20, today or yesterday.")] = "today",
    none: NoPair = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say which pair is worn every day from one on, until another is said."""
    from sensor_hub.cli.times import day_of

    wanted = _wanted(pair, none=none)
    with open_desk(data_dir) as desk:
        person = desk.person(athlete)
        first = day_of(since, desk.view(person).today, "--from")
        desk.make(person, [_wardrobe(desk).wearing(person.id, wanted, first, None)], json=json)


@app.command(epilog="Example: sensor-hub shoe remove 'Raod' --yes")
def remove(
    pair: Pair,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Remove a pair that was put in by mistake; one that was run in is retired instead."""
    with open_desk(data_dir) as desk:
        person, wardrobe = desk.person(athlete), _wardrobe(desk)
        shoe = wardrobe.removable(person.id, pair)
        if not dry_run and not yes and not typer.confirm(f"Remove {shoe.name}?"):
            raise typer.Exit(1)
        if not dry_run:
            wardrobe.remove(person.id, shoe.id)
    if json:
        as_json({"id": shoe.id, "name": shoe.name, "removed": not dry_run})
    else:
        say(f"would remove {shoe.name}" if dry_run else f"removed {shoe.name}")


def answer_of(line: Any) -> dict[str, object]:
    """Return a pair as JSON values; None is unknown."""
    shoe = line.shoe
    return {
        "id": shoe.id,
        "name": shoe.name,
        "drop_mm": shoe.drop_mm,
        "start_distance_m": shoe.start_distance_m,
        "retired_utc": None if shoe.retired_utc is None else shoe.retired_utc.isoformat(),
        "distance_m": line.distance_m,
        "known_distance_m": line.known_distance_m,
        "n_sessions": line.n_sessions,
        "first": None if line.first is None else line.first.isoformat(),
        "last": None if line.last is None else line.last.isoformat(),
        "today": line.is_today,
        "default": line.is_default,
    }


def _wardrobe(desk: Desk) -> Any:
    from sensor_hub.app.shoes import Wardrobe

    return Wardrobe(desk.archive.registry, desk.keeping)


def _wanted(pair: str | None, *, none: bool) -> str | None:
    if (pair is None) != none:
        raise typer.BadParameter("give the name of a pair, or --none")
    return pair


def _before_m(km: float | None, miles: float | None) -> float | None:
    if km is not None and miles is not None:
        raise typer.BadParameter("--km-before and --mi-before say the same: give one of them")
    if miles is not None:
        return miles * M_PER_MI
    return None if km is None else km * 1000.0


def _show_one(desk: Desk, person: Any, shoe: str, *, json: bool) -> None:
    line = _wardrobe(desk).line(person.id, shoe)
    if json:
        as_json(answer_of(line))
    else:
        _table(person.display_name, [line])


def _table(name: str, lines: list[Any]) -> None:
    header = ["id", "name", "drop (mm)", f"distance ({length_unit()})", "runs", "first", "last", ""]
    as_table(name, header, [_row(line) for line in lines])


def _row(line: Any) -> list[str]:
    shoe = line.shoe
    drop = "–" if shoe.drop_mm is None else f"{shoe.drop_mm:g}"
    days = ["–" if day is None else day.isoformat() for day in (line.first, line.last)]
    return [shoe.id, shoe.name, drop, _distance(line), str(line.n_sessions), *days, _marks(line)]


def _distance(line: Any) -> str:
    at_least = "≥ " if line.distance_m is None else ""
    return f"{at_least}{line.known_distance_m / length_m():.1f}"


def _marks(line: Any) -> str:
    marks = {"retired": line.shoe.retired_utc is not None, "today": line.is_today, "default": line.is_default}
    return ", ".join(mark for mark, holds in marks.items() if holds)
