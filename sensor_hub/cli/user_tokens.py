"""``sensor-hub user token``: what programs sign in with."""

from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn

app = typer.Typer(
    help="What programs sign in with: add, list, remove. A token may what its account may, or only read of it.",
    epilog="Example: sensor-hub user token add chief grafana",
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[str, typer.Argument(help="Name of the account, in any case.")]


@app.command(
    epilog="Examples: sensor-hub user token add chief grafana   ·   "
    "sensor-hub user token add ana watch-sync --may-change --days 90"
)
def add(
    name: Name,
    token: Annotated[str, typer.Argument(help="What the token is for.")],
    may_change: Annotated[bool, typer.Option("--may-change", help="It may also change what its account may.")] = False,
    days: Annotated[int, typer.Option("--days", min=1, max=3650, help="It holds for so many days.")] = 365,
    no_end: Annotated[bool, typer.Option("--no-end", help="It holds until it is removed.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Draw a token and show it, once; programs send it as Authorization: Bearer TOKEN."""
    with _opened(data_dir) as (accounts, _):
        view, secret = accounts.add_token(
            accounts.known(name).id, token, reads_only=not may_change, days=None if no_end else days
        )
    if json:
        as_json(_answer(view) | {"token": secret})
        return
    say(secret)
    until = "until it is removed" if view.expires_utc is None else f"until {view.expires_utc:%Y-%m-%d}"
    warn(f"shown this once; it {'reads only' if view.reads_only else 'may change things'}, {until}")


@app.command(name="list", epilog="Example: sensor-hub user token list chief --json")
def list_(name: Name, data_dir: DataDir = None, json: Json = False) -> None:
    """List an account's tokens, without their secrets."""
    with _opened(data_dir) as (accounts, _):
        found = accounts.tokens(accounts.known(name).id)
    if json:
        as_json([_answer(view) for view in found])
    elif found:
        rows = [
            [
                v.id,
                v.name,
                "reads" if v.reads_only else "changes",
                _day(v.made_utc),
                _day(v.used_utc),
                _day(v.expires_utc),
            ]
            for v in found
        ]
        as_table("", ["id", "for", "may", "made (UTC)", "last used", "ends"], rows)
    else:
        say("no token")


@app.command(epilog="Example: sensor-hub user token remove chief grafana")
def remove(
    name: Name,
    token: Annotated[str, typer.Argument(help="Id of the token, or what it is for.")],
    data_dir: DataDir = None,
) -> None:
    """End a token at once."""
    with _opened(data_dir) as (accounts, _):
        account = accounts.known(name)
        ids = [view.id for view in accounts.tokens(account.id) if token in {view.id, view.name}]
        accounts.remove_token(account.id, ids[0] if len(ids) == 1 else token)
    say("removed the token")


def _opened(data_dir: str | None) -> Any:
    from sensor_hub.app.accounts.opening import open_accounts

    return open_accounts(settings(data_dir))


def _answer(view: Any) -> dict[str, object]:
    return {
        "id": view.id,
        "name": view.name,
        "reads_only": view.reads_only,
        "made": view.made_utc.isoformat(),
        "expires": None if view.expires_utc is None else view.expires_utc.isoformat(),
        "used": None if view.used_utc is None else view.used_utc.isoformat(),
    }


def _day(at_utc: Any) -> str:
    return "–" if at_utc is None else str(at_utc.strftime("%Y-%m-%d"))
