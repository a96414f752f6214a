"""``sensor-hub notify``: who is told on their phone or by mail, when, and how much."""

import getpass
import sys
from datetime import time
from typing import Annotated, Any, Final

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(
    help="Who is told on their phone or by mail: add, list, remove, test. A running hub sends.",
    epilog="Examples: sensor-hub notify add --athlete Ana --label phone   ·   sensor-hub notify list   ·   "
    "sensor-hub notify test k3vt7q2a",
    no_args_is_help=True,
    rich_markup_mode=None,
)

LONGEST_URL: Final = 2000
Id = Annotated[str, typer.Argument(help="Id, as sensor-hub notify list shows it.")]


@app.command(
    epilog="Examples: sensor-hub notify add --athlete Ana --label phone   ·   "
    "sensor-hub notify add --coach cem --label mail --numbers < address.txt   ·   "
    "sensor-hub notify add --hub --label phone --quiet-from 21:30 --quiet-until 06:30"
)
def add(
    athlete: Annotated[str | None, typer.Option("--athlete", help="A runner, told of themselves.")] = None,
    coach: Annotated[str | None, typer.Option("--coach", help="A coach's account, told of those they coach.")] = None,
    hub: Annotated[bool, typer.Option("--hub", help="Whoever coaches here, while nobody has an account.")] = False,
    label: Annotated[str, typer.Option("--label", help="What to call it.")] = "phone",
    zone: Annotated[
        str | None, typer.Option("--zone", help="Of the quiet hours; the runner's, or this machine's, if not given.")
    ] = None,
    quiet_from: Annotated[str, typer.Option("--quiet-from", help="Begin of the quiet hours, such as 22:00.")] = "22:00",
    quiet_until: Annotated[
        str, typer.Option("--quiet-until", help="Their end; the same as the begin: none.")
    ] = "07:00",
    numbers: Annotated[bool, typer.Option("--numbers", help="Messages say loads and names.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Add an address. It holds a secret, so it is asked for, or read from stdin, and is never an argument."""
    if [athlete is not None, coach is not None, hub].count(True) != 1:
        raise typer.BadParameter("say whom to tell: --athlete NAME, --coach ACCOUNT or --hub, one of them")
    begin, end = _time(quiet_from, "--quiet-from"), _time(quiet_until, "--quiet-until")
    with _opened(data_dir) as desk:
        whose = desk.whose(athlete, coach)
        made = desk.addressees.add(
            _asked_url(), label, zone or whose.zone, athlete=whose.athlete, account=whose.account, quiet_from=begin,
            quiet_until=end, numbers=numbers,
        )  # fmt: skip
        if json:
            as_json(_answer(made, desk.names))
        else:
            _table([made], desk.names)
            say(f"see that it comes: sensor-hub notify test {made.addressee.id}")


@app.command(name="list", epilog="Example: sensor-hub notify list --athlete Ana --json")
def list_(
    athlete: Annotated[str | None, typer.Option("--athlete", help="Those of one runner.")] = None,
    coach: Annotated[str | None, typer.Option("--coach", help="Those of one coach's account.")] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List who is told, and why the last message did not go; never where to."""
    with _opened(data_dir) as desk:
        if athlete is not None or coach is not None:
            whose = desk.whose(athlete, coach)
            mine = desk.addressees.of_coach(whose.account) if coach else desk.addressees.of_athlete(whose.athlete or "")
        else:
            mine = desk.addressees.all()
        if json:
            as_json([_answer(one, desk.names) for one in mine])
        elif mine:
            _table(mine, desk.names)
        else:
            say("nobody is told: sensor-hub notify add --athlete NAME")


@app.command(epilog="Example: sensor-hub notify remove k3vt7q2a")
def remove(addressee: Id, data_dir: DataDir = None) -> None:
    """Tell nobody there any more; what waits for it goes too."""
    with _opened(data_dir) as desk:
        known = desk.known(addressee)
        desk.addressees.remove(known.addressee.id)
    say(f"removed {known.addressee.label}")


@app.command(name="test", epilog="Example: sensor-hub notify test k3vt7q2a")
def try_out(addressee: Id, data_dir: DataDir = None, json: Json = False) -> None:
    """Send a message that says it is a test, now, also in quiet hours."""
    with _opened(data_dir) as desk:
        known = desk.known(addressee)
        desk.addressees.try_out(known.addressee.id)
    if json:
        as_json({"id": known.addressee.id, "tried": True})
    else:
        say(f"{known.service} took a test for {known.addressee.label}")


# --- asking and showing ----------------------------------------------------------------------------------------------


def _opened(data_dir: str | None) -> Any:
    from sensor_hub.app.notifying.opening import open_addressees

    return open_addressees(settings(data_dir))


def _asked_url() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline(LONGEST_URL + 2).strip()
    try:
        return getpass.getpass("Address, such as ntfys://ntfy.sh/some-topic: ", stream=sys.stderr).strip()
    except EOFError:
        raise typer.Exit(1) from None


def _time(text: str, option: str) -> time:
    try:
        return time.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise typer.BadParameter(f"{option} is {text!r}: give a time of day such as 22:00") from None


def _answer(view: Any, names: dict[str, str]) -> dict[str, object]:
    one = view.addressee
    return {
        "id": one.id,
        "label": one.label,
        "service": view.service,
        "athlete": one.athlete,
        "account": one.account,
        "whose": _whose(one, names),
        "zone": one.zone,
        "quiet_from": one.quiet_from.isoformat("minutes"),
        "quiet_until": one.quiet_until.isoformat("minutes"),
        "numbers": one.numbers,
        "last_sent_utc": None if view.last_sent_utc is None else view.last_sent_utc.isoformat(),
        "waiting": view.n_waiting,
        "problem": view.problem,
    }


def _table(views: list[Any], names: dict[str, str]) -> None:
    rows = []
    for view in views:
        told = _answer(view, names)
        quiet = "–" if told["quiet_from"] == told["quiet_until"] else f"{told['quiet_from']}–{told['quiet_until']}"
        sent = "–" if view.last_sent_utc is None else view.last_sent_utc.strftime("%Y-%m-%d %H:%M")
        says = "with numbers" if view.addressee.numbers else "without"
        rows.append([
            view.addressee.id, str(told["whose"]), view.addressee.label, view.service, f"{quiet} {view.addressee.zone}",
            says, sent, view.problem or "",
        ])  # fmt: skip
    as_table("", ["id", "whose", "label", "service", "quiet", "says", "last sent (UTC)", "problem"], rows)


def _whose(one: Any, names: dict[str, str]) -> str:
    if one.athlete is not None:
        return str(names.get(one.athlete, one.athlete))
    return "the hub's coach" if one.account is None else f"coach {names.get(one.account, one.account)}"
