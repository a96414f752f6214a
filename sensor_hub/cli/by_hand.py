"""``sensor-hub session add|ran``: what no sensor saw."""

from datetime import date, datetime
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.desk import Desk, Who, open_desk, zone_of
from sensor_hub.cli.options import checked_surface
from sensor_hub.cli.show import DataDir, Json
from sensor_hub.units import M_PER_MI

LEDGERS: Final = ("run", "walk", "other")
FASTEST_MPS: Final = 12.0  # ours: nobody keeps it up for a minute; what is faster is a slip of the finger
METRES: Final = {"--km": 1000.0, "--mi": M_PER_MI}

On = Annotated[str, typer.Option("--on", help="Local day: 2026-11-20, today or yesterday.", show_default=False)]
Km = Annotated[float | None, typer.Option("--km", min=0.001, max=1000.0, help="Distance in km.")]
Miles = Annotated[float | None, typer.Option("--mi", min=0.001, max=620.0, help="Distance in miles.")]
Took = Annotated[str | None, typer.Option("--time", help="Moving time: 45:30, 1:02:30 or 45min.")]
Effort = Annotated[
    float | None, typer.Option("--effort", min=0.0, max=10.0, help="How hard it was, 0 (rest) to 10 (maximal).")
]
LedgerOption = Annotated[str, typer.Option("--ledger", help="What it counts as: run, walk or other.")]
SurfaceSaid = Annotated[
    str | None, typer.Option("--surface", help="overground, treadmill, track or trail.", show_default=False)
]
ShoeOption = Annotated[str | None, typer.Option("--shoe", help="Name of the pair.", show_default=False)]
Note = Annotated[str | None, typer.Option("--note", help="A word about it.", show_default=False)]
Again = Annotated[bool, typer.Option("--again", help="Also if the very same run is there already.")]


def add(
    on: On,
    at: Annotated[str | None, typer.Option("--at", help="Local time it began, such as 07:30.")] = None,
    km: Km = None,
    mi: Miles = None,
    time: Took = None,
    effort: Effort = None,
    ledger: LedgerOption = "run",
    surface: SurfaceSaid = None,
    shoe: ShoeOption = None,
    note: Note = None,
    again: Again = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Put in a run that no sensor saw. Leave out what nobody knows: it stays unknown, and its load always does."""
    told = {"km": km, "mi": mi, "time": time, "effort": effort, "ledger": ledger, "surface": surface}
    with open_desk(data_dir) as desk:
        _put_in(desk, on, at, told, shoe, note, athlete, again=again, json=json)


def ran(
    on: On,
    km: Km = None,
    mi: Miles = None,
    time: Took = None,
    effort: Effort = None,
    surface: SurfaceSaid = None,
    shoe: ShoeOption = None,
    note: Note = None,
    again: Again = False,
    athlete: Who = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Say that a day had a run without sensor: the day is no rest, and what is not given stays unknown."""
    told = {"km": km, "mi": mi, "time": time, "effort": effort, "ledger": "run", "surface": surface}
    with open_desk(data_dir) as desk:
        _put_in(desk, on, None, told, shoe, note, athlete, again=again, json=json)


def _put_in(
    desk: Desk,
    on: str,
    at: str | None,
    told: dict[str, Any],
    shoe: str | None,
    note: str | None,
    athlete: str | None,
    *,
    again: bool,
    json: bool,
) -> None:
    from sensor_hub.app.sids import new_sid
    from sensor_hub.cli.times import day_of, moment_on, noon_of
    from sensor_hub.model.edit import AddRun

    person = desk.person(athlete)
    view = desk.view(person)
    day = day_of(on, view.today)
    _not_ahead(day, view.today, person.zone)
    start_utc = noon_of(day, zone_of(person)) if at is None else moment_on(day, at, zone_of(person))
    run = AddRun(
        sid=new_sid(start_utc),
        start_utc=start_utc,
        has_time=at is not None,
        duration_s=_seconds(told["time"]),
        distance_m=_metres(told["km"], told["mi"]),
        effort=told["effort"],
        ledger=_ledger(told["ledger"]),
        surface=checked_surface(told["surface"]) or "unknown",
    )
    _plausible(run)
    if not again:
        _not_there(run, view)
    desk.make(person, [run, *_tell(desk, person, run.sid, shoe, note)], json=json)


def _tell(desk: Desk, person: Any, sid: str, shoe: str | None, note: str | None) -> list[Any]:
    from sensor_hub.model.edit import Tell

    return [] if shoe is None and note is None else [Tell(sid, shoe=desk.shoe(person, shoe), note=note)]


def _seconds(time: str | None) -> float | None:
    from sensor_hub.cli.times import duration_s

    return None if time is None else duration_s(time)


def _metres(km: float | None, mi: float | None) -> float | None:
    if km is not None and mi is not None:
        raise typer.BadParameter("--km and --mi say the same thing: give one")
    if km is not None:
        return km * METRES["--km"]
    return None if mi is None else mi * METRES["--mi"]


def _ledger(word: str) -> Any:
    if word not in LEDGERS:
        raise typer.BadParameter(f"--ledger is {word!r}; allowed: {', '.join(LEDGERS)} (exercise: diary exercise)")
    return word


def _not_ahead(day: date, today: date, zone: str) -> None:
    from sensor_hub.errors import EditError

    if day > today:
        raise EditError(f"--on {day} lies in the future: today is {today} in {zone}")


def _plausible(run: Any) -> None:
    """Refuse a run faster than anybody: 1:30 may have been meant as an hour and a half."""
    from sensor_hub.errors import EditError
    from sensor_hub.words.sessions import amount_text

    if run.ledger == "other" or not run.distance_m or not run.duration_s:
        return
    if run.distance_m > FASTEST_MPS * run.duration_s:
        told = amount_text(run.distance_m, run.duration_s)
        raise EditError(f"{told} is faster than anybody runs: --time is min:s (45:30) or h:min:s (1:30:00)")


def _not_there(run: Any, view: Any) -> None:
    """Refuse the very same run twice: a doubled run stands in thirty days of limits."""
    from sensor_hub.edits.by_hand import SOURCE
    from sensor_hub.errors import EditError

    for kept in view.sessions:
        one = kept.summary
        same_time: tuple[datetime, str] = (one.start_utc, one.header.ledger)
        numbers = one.totals.distance_m, one.totals.duration_s
        if not kept.counts or one.source != SOURCE or same_time != (run.start_utc, run.ledger):
            continue
        if numbers == (run.distance_m, run.duration_s or 0.0):
            raise EditError(f"the same run was put in before ({one.header.sid}); --again puts it in once more")
