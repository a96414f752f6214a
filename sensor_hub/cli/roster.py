"""``sensor-hub roster``: whose the pods of a box are tonight."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn
from sensor_hub.words.pods import side_word

app = typer.Typer(
    help="Whose the pods of a box are tonight: set, show, swap, clear, list, copy. What is bound for good holds again"
    " afterwards.",
    epilog="Examples: sensor-hub roster set 'Pod 3=Ana' 'Pod 4=Ben:left'   ·   sensor-hub roster show"
    "   ·   sensor-hub roster swap 'Pod 3' 'Pod 4'",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Until = Annotated[
    str | None,
    typer.Option("--until", metavar="TIME", help="When it ends, such as 22:00; not given, at 04:00 tomorrow morning."),
]
Hours = Annotated[float | None, typer.Option("--hours", min=0.25, max=168.0, help="It ends in so many hours instead.")]
Yes = Annotated[bool, typer.Option("--yes", help="Agree to what would be asked.")]
Pod = Annotated[str, typer.Argument(help="Name or id of a paired sensor.")]


@contextmanager
def _roster(data_dir: str | None) -> Iterator[tuple[Any, Any]]:
    """Open the roster of this machine; give it, and the archive."""
    from sensor_hub.app.collecting.firmware import all_profiles
    from sensor_hub.app.collecting.rostering import Rostering
    from sensor_hub.app.people import open_archive

    with open_archive(settings(data_dir)) as archive:
        yield Rostering(archive.registry, all_profiles(archive.own_profiles), archive.zone), archive


def _end(until: str | None, hours: float | None, zone: str) -> datetime | None:
    from sensor_hub.app.collecting.roster_file import end_of

    if until is not None and hours is not None:
        raise typer.BadParameter("give --until or --hours, not both")
    now_utc = datetime.now(UTC)
    if hours is not None:
        return now_utc + timedelta(hours=hours)
    return None if until is None else end_of(until, now_utc, zone)


@app.command(
    name="set",
    epilog="Examples: sensor-hub roster set 'Pod 3=Ana' 'Pod 4=Ben:left'   ·   "
    "sensor-hub roster set --file tonight.csv --until 21:30",
)
def set_(
    wishes: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[POD=ATHLETE[:SIDE[:MOUNT]]]...", help="Each pod and who wears it.", show_default=False
        ),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", help="CSV with the columns pod, athlete, and side or mount where wanted.")
    ] = None,
    until: Until = None,
    hours: Hours = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be asked or refused.")] = False,
    yes: Yes = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give pods to people for this evening, all or none of them; pods that are not named stay as they are.

    The side is the pod's own unless it is said.
    """
    from sensor_hub.app.collecting.roster_file import wish_of, wishes_of_file

    wanted = [*(wishes_of_file(file) if file else []), *map(wish_of, wishes or [])]
    if not wanted:
        raise typer.BadParameter("name at least one pod and who wears it, such as 'Pod 3=Ana', or give --file")
    with _roster(data_dir) as (roster, archive):
        until_utc = _end(until, hours, archive.zone)
        asked = roster.questions(wanted, until_utc)
        if dry_run:
            _say_dry_run(asked, len(wanted), json)
            return
        view = roster.set(wanted, until_utc, agreed=_agreed(asked, yes))
    _show(view, json, [_goes_on()])


@app.command(epilog="Examples: sensor-hub roster show   ·   sensor-hub roster show --json")
def show(data_dir: DataDir = None, json: Json = False) -> None:
    """Show every paired sensor, and whose it is now."""
    with _roster(data_dir) as (roster, _):
        view = roster.tonight()
    _show(view, json)


@app.command(epilog="Example: sensor-hub roster swap 'Pod 3' 'Pod 4'")
def swap(one: Pod, other: Pod, data_dir: DataDir = None, json: Json = False) -> None:
    """Let two pods change people and sides, for what comes. One of them may be nobody's: it then stands in.

    What is recorded already is mended with sensor-hub session change SID --athlete NAME.
    """
    with _roster(data_dir) as (roster, _):
        view = roster.swap(one, other)
    _show(view, json, [_goes_on()])


@app.command(epilog="Examples: sensor-hub roster clear 'Pod 3'   ·   sensor-hub roster clear --yes")
def clear(
    pod: Annotated[str | None, typer.Argument(help="Name or id of a pod; all of them, if not given.")] = None,
    yes: Yes = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """End tonight's roster now, or one pod's part of it; what is bound for good holds again."""
    with _roster(data_dir) as (roster, _):
        n = sum(p.line is not None for p in roster.tonight().pods)
        if pod is None and n and not yes:
            _ask(f"End the roster of {_counted(n)}?")
        view = roster.clear(pod)
    _show(view, json, ["a run that is on now ends as usual"])


@app.command(name="list", epilog="Examples: sensor-hub roster list   ·   sensor-hub roster list --past --json")
def list_(
    past: Annotated[bool, typer.Option("--past", help="Also what is over: whose a pod was, and when.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="So many days back.")] = 30,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List whose each pod is by a roster, and with --past whose it was: for mending what was recorded."""
    from zoneinfo import ZoneInfo

    now_utc = datetime.now(UTC)
    with _roster(data_dir) as (roster, archive):
        lines = roster.past(now_utc - timedelta(days=days) if past else now_utc)
        zone = ZoneInfo(archive.zone)
    if json:
        as_json([_line_answer(line) for line in lines])
        return
    if not lines:
        say(
            "no roster" + (f" in the last {days} days" if past else " now (sensor-hub roster set; --past shows others)")
        )
        return
    rows = [
        [_local(p.line.from_utc, zone), _local(p.line.until_utc, zone), p.device_name or f"{p.line.device} (forgotten)",
         p.athlete.display_name, side_word(p.line.side), p.line.mount or "–"]
        for p in lines
    ]  # fmt: skip
    as_table("", ["from", "until", "pod", "athlete", "side", "mount"], rows)


@app.command(epilog="Examples: sensor-hub roster copy 2026-11-14   ·   sensor-hub roster copy 2026-11-14 --until 21:30")
def copy(
    day: Annotated[datetime, typer.Argument(formats=["%Y-%m-%d"], help="The day whose roster is to be tonight's.")],
    until: Until = None,
    hours: Hours = None,
    yes: Yes = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make an earlier day's roster tonight's, as it was at its last. Pods forgotten since are left out."""
    with _roster(data_dir) as (roster, archive):
        until_utc, wanted = _end(until, hours, archive.zone), roster.wishes_of(day.date())
        view = roster.set(wanted, until_utc, agreed=_agreed(roster.questions(wanted, until_utc), yes))
    _show(view, json, [_goes_on()])


# --- asking and showing ----------------------------------------------------------------------------------------------


def _goes_on() -> str:
    from sensor_hub.words.roster import while_running_text

    return while_running_text()


def _counted(n: int) -> str:
    return f"{n} pod" if n == 1 else f"{n} pods"


def _say_questions(asked: list[Any]) -> None:
    from sensor_hub.words.roster import question_text

    for question in asked:
        warn(question_text(question))


def _say_dry_run(asked: list[Any], n: int, json: bool) -> None:
    from sensor_hub.words.roster import question_text

    if json:
        as_json({"n_pods": n, "questions": [question_text(question) for question in asked], "changed": False})
        return
    _say_questions(asked)
    say(f"{_counted(n)} could be given; nothing was changed")


def _agreed(asked: list[Any], yes: bool) -> bool:
    if asked and not yes:
        _say_questions(asked)
        _ask("Is that meant?")
    return True


def _ask(question: str) -> None:
    """Leave with 1 where the answer is no, or nobody is there to give one."""
    try:
        if typer.confirm(question, err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was changed (--yes does not ask)")
    raise typer.Exit(1)


def _local(at_utc: datetime, zone: Any) -> str:
    return at_utc.astimezone(zone).strftime("%a %d %b %H:%M")


def _show(view: Any, json: bool, notes: list[str] | None = None) -> None:
    from zoneinfo import ZoneInfo

    if json:
        as_json(_view_answer(view))
        return
    if not view.pods:
        say("no sensor is paired yet: sensor-hub devices pair")
        return
    zone = ZoneInfo(view.zone)
    rows = [
        [p.device.name, p.athlete.display_name if p.athlete else "–", side_word(p.device.side), p.device.mount or "–",
         _until(p, zone), _bound(p)]
        for p in view.pods
    ]  # fmt: skip
    as_table("", ["pod", "athlete", "side", "mount", "until", "for good"], rows)
    unknown = sorted({p.athlete.display_name for p in view.pods if p.line is not None and p.strides_known is False})
    if unknown:
        say(f"how the strides of {', '.join(unknown)} look there is not known yet: a swapped pod would not be noticed")
    for note in notes or []:
        say(note)


def _until(pod: Any, zone: Any) -> str:
    if pod.line is not None:
        return _local(pod.line.until_utc, zone)
    return "set aside tonight" if pod.set_aside else "–"


def _bound(pod: Any) -> str:
    return "the box" if pod.owner is None else pod.owner.display_name


def _view_answer(view: Any) -> dict[str, Any]:
    return {
        "until": None if view.until_utc is None else view.until_utc.isoformat(),
        "zone": view.zone,
        "pods": [
            {
                "id": p.device.id,
                "name": p.device.name,
                "athlete": p.athlete.id if p.athlete else None,
                "athlete_name": p.athlete.display_name if p.athlete else None,
                "side": p.device.side,
                "mount": p.device.mount,
                "from": p.line.from_utc.isoformat() if p.line else None,
                "until": p.line.until_utc.isoformat() if p.line else None,
                "owner": p.owner.id if p.owner else None,
                "set_aside": p.set_aside,
                "strides_known": p.strides_known,
            }
            for p in view.pods
        ],
    }


def _line_answer(past: Any) -> dict[str, Any]:
    return {
        "id": past.line.device,
        "name": past.device_name,
        "athlete": past.athlete.id,
        "athlete_name": past.athlete.display_name,
        "side": past.line.side,
        "mount": past.line.mount,
        "from": past.line.from_utc.isoformat(),
        "until": past.line.until_utc.isoformat(),
    }
