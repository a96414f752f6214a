"""``sensor-hub mqtt``: who may come to the broker, and what they may say and hear there."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn

app = typer.Typer(
    help="Who may come to the broker: a password and rights of its own for each gateway, and for who only reads.",
    epilog="Examples: sensor-hub mqtt gateway add edge-k2f9 --athlete Ana   ·   sensor-hub mqtt list"
    "   ·   sensor-hub mqtt acl --out /etc/mosquitto/sensor-hub",
    no_args_is_help=True,
    rich_markup_mode=None,
)
gateways = typer.Typer(
    help="Gateways: each sends what its sensors say, under its own password.",
    epilog="Example: sensor-hub mqtt gateway add edge-k2f9 --athlete Ana --label 'Pi in the hall'",
    no_args_is_help=True,
    rich_markup_mode=None,
)
readers = typer.Typer(
    help="Readers: dashboards, a home's automation; they read loads, alerts and states, and say nothing.",
    epilog="Example: sensor-hub mqtt reader add home-assistant --athlete Ana",
    no_args_is_help=True,
    rich_markup_mode=None,
)
app.add_typer(gateways, name="gateway")
app.add_typer(readers, name="reader")

Who = Annotated[
    list[str] | None, typer.Option("--athlete", help="Whom it is about, by name or pseudonym; may be repeated.")
]
Everybody = Annotated[
    bool, typer.Option("--everybody", help="It is about all athletes of this hub, also those who come later.")
]
Label = Annotated[str, typer.Option("--label", help="Where it stands, what it is: for people.")]
Stdin = Annotated[
    bool, typer.Option("--password-stdin", help="Read the password from standard input instead of drawing one.")
]
Name = Annotated[str, typer.Argument(help="The user: a gateway's id, or a reader's name.")]


@contextmanager
def _access(data_dir: str | None) -> Iterator[Any]:
    from sensor_hub.app.broker_access import BrokerAccess

    with BrokerAccess.of(settings(data_dir)) as access:
        yield access


@gateways.command(
    name="add",
    epilog="Examples: sensor-hub mqtt gateway add edge-k2f9 --athlete Ana --athlete Ben   ·   "
    "sensor-hub mqtt gateway add edge-track --everybody",
)
def add_gateway(
    gateway: Annotated[str, typer.Argument(metavar="ID", help="The id that `sensor-hub mqtt id` shows there, edge-….")],
    athlete: Who = None,
    everybody: Everybody = False,
    label: Label = "",
    password_stdin: Stdin = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Let a gateway in; its password is shown once.

    What it sends of somebody it is not about is refused, and waits in it until it is allowed.
    """
    _add("gateway", gateway, athlete, everybody, label, password_stdin, data_dir, json)


@readers.command(
    name="add",
    epilog="Examples: sensor-hub mqtt reader add home-assistant --athlete Ana   ·   "
    "sensor-hub mqtt reader add wall --everybody",
)
def add_reader(
    reader: Annotated[str, typer.Argument(metavar="NAME", help="Its user name: a-z, 0-9 and -.")],
    athlete: Who = None,
    everybody: Everybody = False,
    label: Label = "",
    password_stdin: Stdin = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Let somebody read loads, alerts and the states of sensors and gateways; the password is shown once."""
    _add("reader", reader, athlete, everybody, label, password_stdin, data_dir, json)


def _add(
    kind: Any, name: str, athletes: list[str] | None, everybody: bool, label: str, stdin: bool, data_dir: str | None,
    json: bool,
) -> None:  # fmt: skip
    with _access(data_dir) as access:
        given = access.add(
            name, kind, athletes=athletes or [], everybody=everybody, label=label, password=_typed(stdin)
        )
        names = access.names()
    _show_given(given, names, shown=not stdin, json=json)


@app.command(name="list", epilog="Examples: sensor-hub mqtt list   ·   sensor-hub mqtt list --all --json")
def list_(
    all_: Annotated[bool, typer.Option("--all", help="Also those who were removed.")] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """List gateways and readers, and whom each is about."""
    with _access(data_dir) as access:
        users, names = access.users(also_retired=all_), access.names()
    if json:
        as_json([_answer(user) for user in users])
        return
    if not users:
        say("nobody yet but this machine's own (sensor-hub mqtt gateway add ID --athlete NAME)")
        return
    rows = [
        [user.name, user.kind, user.label or "–", _about(user, names), f"{user.added_utc:%Y-%m-%d}",
         "–" if user.retired_utc is None else f"{user.retired_utc:%Y-%m-%d}"]
        for user in users
    ]  # fmt: skip
    header = ["user", "kind", "label", "about", "added", "removed"]
    as_table("", header if all_ else header[:-1], rows if all_ else [row[:-1] for row in rows])


@app.command(epilog="Examples: sensor-hub mqtt password edge-k2f9   ·   sensor-hub mqtt password edge-k2f9 --json")
def password(name: Name, password_stdin: Stdin = False, data_dir: DataDir = None, json: Json = False) -> None:
    """Give a user another password, shown once; the one before lets in no more."""
    with _access(data_dir) as access:
        given, names = access.set_password(name, _typed(password_stdin)), access.names()
    _show_given(given, names, shown=not password_stdin, json=json)


@app.command(
    epilog="Examples: sensor-hub mqtt athletes edge-k2f9 --athlete Ana --athlete Ben   ·   "
    "sensor-hub mqtt athletes edge-k2f9 --everybody"
)
def athletes(
    name: Name, athlete: Who = None, everybody: Everybody = False, data_dir: DataDir = None, json: Json = False
) -> None:
    """Say whom a user is about, in place of what was said before."""
    with _access(data_dir) as access:
        user, names = access.set_athletes(name, athlete or [], everybody=everybody), access.names()
    if json:
        as_json(_answer(user))
        return
    say(f"{user.name} is about {_about(user, names)}")


@app.command(epilog="Example: sensor-hub mqtt remove edge-k2f9")
def remove(name: Name, data_dir: DataDir = None, json: Json = False) -> None:
    """Let a user in no more; what it still has to send waits in it."""
    with _access(data_dir) as access:
        user = access.retire(name)
    if json:
        as_json(_answer(user))
        return
    say(f"{user.name} is let in no more (sensor-hub mqtt {user.kind} add takes it in again, with a new password)")


@app.command(epilog="Examples: sensor-hub mqtt acl   ·   sensor-hub mqtt acl --out /etc/mosquitto/sensor-hub")
def acl(
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Write the files acl and passwords for mosquitto there.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Show the access lists for a mosquitto, or write them with the passwords' hashes.

    The hub's own broker needs none of it: it asks the registry.
    """
    with _access(data_dir) as access:
        if out is None:
            text = access.acl()
            if json:
                as_json({"acl": text})
            else:
                say(text.rstrip("\n"))
            return
        n_users, with_hub = access.write_to(out)
    if json:
        as_json({"acl": str(out / "acl"), "passwords": str(out / "passwords"), "n_users": n_users, "hub": with_hub})
        return
    say(f"{out / 'acl'} and {out / 'passwords'}: {n_users} users")
    if not with_hub:
        warn("without the hub's own user: set SENSOR_HUB_MQTT to the URL, with user and password, by which it connects")
    say(f"in mosquitto.conf: acl_file {out / 'acl'}, password_file {out / 'passwords'}, allow_anonymous false;")
    say("both have to be readable by mosquitto's user: in a folder of its group that hands it on they are")
    say(f"(install -d -g mosquitto -m 2750 {out})")
    say("then tell it to read them again: kill -HUP its pid, or systemctl reload mosquitto")


@app.command(name="id", epilog="Example: sensor-hub mqtt id")
def show_id(data_dir: DataDir = None, json: Json = False) -> None:
    """Show the id of this machine's gateway, drawn once with its outbox: `mqtt gateway add` on the hub asks for it."""
    from sensor_hub.app.broker_access import gateway_id

    gateway = gateway_id(settings(data_dir))
    if json:
        as_json({"gateway": gateway})
        return
    say(gateway)


@app.command(
    name="test",
    epilog="Examples: SENSOR_HUB_MQTT=mqtts://edge-k2f9:…@hub.local sensor-hub mqtt test   ·   "
    "sensor-hub mqtt test --json",
)
def try_out(data_dir: DataDir = None, json: Json = False) -> None:
    """Connect as the settings say, and tell what works: for a new gateway, run there. Nothing stays at the broker."""
    from sensor_hub.app.broker_access import try_credential

    trial, gateway = try_credential(settings(data_dir))
    if json:
        answer = {"broker": trial.broker, "user": trial.user, "tls": trial.tls, "mqtt": trial.mqtt}
        as_json({**answer, "hears": trial.heard, "gateway": gateway})
        return
    say(f"{trial.broker}: let in as {trial.user or 'nobody'}, MQTT {trial.mqtt}")
    say(f"protected by {trial.tls}" if trial.tls else "NOT protected: without TLS, as mqtt:// is")
    say("it may hear what gateways say, as a hub does" if trial.heard else "it hears nothing that gateways say")
    if gateway is not None and not trial.heard and trial.user not in {gateway, "edge"}:
        warn(
            f"this machine's gateway is {gateway}: what it sends as {trial.user} is refused. On the hub: "
            f"sensor-hub mqtt gateway add {gateway} --athlete …, and here that user and its password"
        )


def _typed(stdin: bool) -> str | None:
    if not stdin:
        return None
    return sys.stdin.readline().rstrip("\r\n")


def _show_given(given: Any, names: dict[str, str], *, shown: bool, json: bool) -> None:
    if json:
        as_json(_answer(given.user) | ({"password": given.password} if shown else {}))
        return
    say(f"{given.user.kind} {given.user.name}, about {_about(given.user, names)}")
    if shown:
        say(f"password, shown only now: {given.password}")
    if given.user.kind == "gateway":
        say(f"on it: SENSOR_HUB_MQTT='mqtts://{given.user.name}:PASSWORD@HOST:8883', or SENSOR_HUB_MQTT_FILE with the")
        say("path of a file that holds this; SENSOR_HUB_MQTT_CA=…/ca.crt; then, there: sensor-hub mqtt test")
    else:
        say(f"there: the broker's host, its TLS port (usually 8883), user {given.user.name}, this password")


def _about(user: Any, names: dict[str, str]) -> str:
    if user.everybody:
        return "everybody"
    return ", ".join(names.get(who, who) for who in user.athletes) or "nobody"


def _answer(user: Any) -> dict[str, Any]:
    return {
        "name": user.name,
        "kind": user.kind,
        "label": user.label or None,
        "everybody": user.everybody,
        "athletes": list(user.athletes),
        "added": user.added_utc.isoformat(),
        "removed": None if user.retired_utc is None else user.retired_utc.isoformat(),
    }
