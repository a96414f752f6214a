"""``sensor-hub user``: who may sign in."""

from typing import Annotated, Any

import typer

from sensor_hub.cli import user_tokens
from sensor_hub.cli.asked_passwords import FromStdin, Generate, asked_password
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn

app = typer.Typer(
    help="Who may sign in, as what: add, list, password, change, remove; their browsers and tokens. With the first"
    " account everybody has to sign in, also on this machine.",
    epilog="Examples: sensor-hub user add chief --role admin   ·   sensor-hub user add ana --role runner --athlete Ana"
    "   ·   sensor-hub user add cem --role coach",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(user_tokens.app, name="token")

Name = Annotated[str, typer.Argument(help="Name of the account, in any case.")]
Athletes = Annotated[
    list[str] | None,
    typer.Option(
        "--athlete",
        help="Name or pseudonym; of a runner their own, of a coach each one they coach.",
        show_default=False,
    ),
]
ROLES = ("runner", "coach", "admin")
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]


@app.command(
    epilog="Examples: sensor-hub user add chief --role admin   ·   sensor-hub user add ana --role runner --athlete Ana"
    "   ·   sensor-hub user add cem --role coach --athlete Ana --athlete Ben --generate"
)
def add(
    name: Annotated[str, typer.Argument(help="What they sign in with.")],
    role: Annotated[str, typer.Option("--role", help="runner, coach or admin; the first account is an admin's.")],
    athlete: Athletes = None,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Add an account. A coach without --athlete coaches everybody; what they see takes each athlete's consent."""
    _check_role(role)
    password = asked_password(name, from_stdin=password_stdin, generate=generate)
    with _opened(data_dir) as (accounts, called):
        first = not accounts.in_use()
        added = accounts.add(name, role, password, athlete or ())
        _show_one(added, called, json, password if generate else None)
    if first:
        warn("from now on everybody signs in, also on this machine")


@app.command(name="list", epilog="Example: sensor-hub user list --json")
def list_(data_dir: DataDir = None, json: Json = False) -> None:
    """List the accounts."""
    with _opened(data_dir) as (accounts, called):
        known = accounts.accounts()
    if json:
        as_json([_answer(account) for account in known])
    elif known:
        _table(known, called)
    else:
        say("nobody has an account: this machine is let in as it is (sensor-hub user add NAME --role admin)")


@app.command(epilog="Examples: sensor-hub user password ana   ·   sensor-hub user password ana --generate")
def password(
    name: Name,
    password_stdin: FromStdin = False,
    generate: Generate = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Give an account a new password; all its browsers are signed out, its tokens stay."""
    with _opened(data_dir) as (accounts, called):
        accounts.known(name)
        new = asked_password(name, from_stdin=password_stdin, generate=generate)
        changed = accounts.change(name, password=new)
        _show_one(changed, called, json, new if generate else None)
        if n := len(accounts.tokens(changed.id)):
            warn(f"{n} {'token stays' if n == 1 else 'tokens stay'}: see sensor-hub user token list")


@app.command(
    epilog="Examples: sensor-hub user change cem --role coach --athlete Ana   ·   "
    "sensor-hub user change cem --everybody   ·   sensor-hub user change ana --disable"
)
def change(
    name: Name,
    role: Annotated[str | None, typer.Option("--role", help="runner, coach or admin.", show_default=False)] = None,
    athlete: Athletes = None,
    everybody: Annotated[bool, typer.Option("--everybody", help="A coach of everybody on this hub.")] = False,
    disabled: Annotated[
        bool | None, typer.Option("--disable/--enable", help="Let them in no more, or again.", show_default=False)
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Change what an account may; its browsers are signed out at once."""
    if role is not None:
        _check_role(role)
    if athlete and everybody:
        raise typer.BadParameter("give --athlete or --everybody, not both")
    if role is None and not athlete and not everybody and disabled is None:
        raise typer.BadParameter("nothing to change: give --role, --athlete, --everybody, --disable or --enable")
    athletes = () if everybody else athlete or None
    with _opened(data_dir) as (accounts, called):
        changed = accounts.change(name, role=role, athletes=athletes, disabled=disabled)
        _show_one(changed, called, json)


@app.command(epilog="Example: sensor-hub user remove ana --yes")
def remove(name: Name, yes: Yes = False, data_dir: DataDir = None) -> None:
    """Remove an account, its browsers and tokens. What is recorded of a runner stays: that is data erase."""
    with _opened(data_dir) as (accounts, _):
        account = accounts.known(name)
        if not yes:
            _ask(f"Remove the account of {account.name}?")
        accounts.remove(name)
    say(f"removed the account of {account.name}")


@app.command(epilog="Example: sensor-hub user sessions ana --json")
def sessions(name: Name, data_dir: DataDir = None, json: Json = False) -> None:
    """List the browsers that are signed in with an account."""
    with _opened(data_dir) as (accounts, _):
        found = accounts.sessions(accounts.known(name).id)
    if json:
        as_json([
            {"id": s.id, "made": s.made_utc.isoformat(), "seen": s.seen_utc.isoformat(),
             "expires": s.expires_utc.isoformat()}
            for s in found
        ])  # fmt: skip
    elif found:
        rows = [[s.id, _utc(s.made_utc), _utc(s.seen_utc), _utc(s.expires_utc)] for s in found]
        as_table("", ["id", "signed in (UTC)", "last used", "ends"], rows)
    else:
        say("no browser is signed in")


@app.command(
    name="sign-out", epilog="Examples: sensor-hub user sign-out ana   ·   sensor-hub user sign-out ana k3vt7q2a"
)
def sign_out(
    name: Name,
    session: Annotated[str | None, typer.Argument(help="Id of one browser; all of them, if not given.")] = None,
    data_dir: DataDir = None,
) -> None:
    """Sign out all browsers of an account, or one; tokens stay."""
    with _opened(data_dir) as (accounts, _):
        account = accounts.known(name)
        if session is None:
            n = accounts.end_sessions(account.id)
        else:
            accounts.end_session(account.id, session)
            n = 1
    say(f"signed out {n} {'browser' if n == 1 else 'browsers'}")


# --- asking and showing ----------------------------------------------------------------------------------------------


def _opened(data_dir: str | None) -> Any:
    from sensor_hub.app.accounts.opening import open_accounts

    return open_accounts(settings(data_dir))


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise typer.BadParameter(f"--role is {role!r}; allowed: {', '.join(ROLES)}")


def _ask(question: str) -> None:
    """Leave with 1 where the answer is no, or nobody is there to give one."""
    try:
        if typer.confirm(question, err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was changed (--yes does not ask)")
    raise typer.Exit(1)


def _answer(account: Any) -> dict[str, object]:
    return {
        "id": account.id,
        "name": account.name,
        "role": account.role,
        "athletes": list(account.athletes),
        "everybody": _is_of_everybody(account),
        "created": account.created_utc.isoformat(),
        "disabled": account.disabled,
    }


def _show_one(account: Any, called: dict[str, str], json: bool, drawn: str | None = None) -> None:
    if json:
        as_json(_answer(account) | ({} if drawn is None else {"password": drawn}))
        return
    _table([account], called)
    if drawn is not None:
        say(f"password, shown this once: {drawn}")


def _table(accounts: list[Any], called: dict[str, str]) -> None:
    rows = [
        [a.name, a.role, _whom(a, called), _utc(a.created_utc), "disabled" if a.disabled else "", a.id]
        for a in accounts
    ]
    as_table("", ["name", "role", "athletes", "since (UTC)", "", "id"], rows)


def _whom(account: Any, called: dict[str, str]) -> str:
    if _is_of_everybody(account):
        return "everybody"
    return ", ".join(sorted(called.get(athlete, athlete) for athlete in account.athletes)) or "–"


def _is_of_everybody(account: Any) -> bool:
    return account.role == "coach" and not account.athletes and not account.disabled


def _utc(at_utc: Any) -> str:
    return str(at_utc.strftime("%Y-%m-%d %H:%M"))
