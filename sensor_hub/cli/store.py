"""``sensor-hub store …``: where the time series are, as such."""

from pathlib import Path
from typing import Annotated

import typer

from sensor_hub.cli import store_gaps
from sensor_hub.cli.progress import Counter
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn

app = typer.Typer(help="The store of the time series: set up, audited, moved to another one.", no_args_is_help=True)
app.command(epilog=store_gaps.EPILOG)(store_gaps.gaps)
_SHOWN = 10


@app.command(
    epilog="Examples: sensor-hub store init influx+v1://127.0.0.1:8086/runs --admin-file admin.txt --secrets secrets"
    "   ·   sensor-hub store init --check   ·   sensor-hub store init 'influx+v2://127.0.0.1:8086/runs?org=home'"
)
def init(
    url: Annotated[str, typer.Argument(metavar="STORE", help="Server's address; else that of the settings.")] = "",
    admin_file: Annotated[
        Path | None,
        typer.Option("--admin-file", help="File with USER:PASSWORD of a 1.x administrator, or a token of a 2.x."),
    ] = None,
    secrets: Annotated[
        Path | None,
        typer.Option("--secrets", help="Folder for what is drawn, in files of mode 0600; else it is shown."),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; only tell what is there, and 1 if not all.")
    ] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Make an InfluxDB ready: the database without an end, the hub's user or token, one for Grafana that only reads.

    What is there stays as it is; call it as often as you like. Passwords are drawn, and shown once or put into files:
    SENSOR_HUB_STORE_FILE (1.x) and SENSOR_HUB_INFLUX_TOKEN_FILE (2.x) read those. SQLite needs none of this.
    """
    from sensor_hub.app.storing.ends import address_said
    from sensor_hub.app.storing.preparing import Found, prepare

    chosen = settings(data_dir)
    found: list[Found] = []
    token = chosen.influx_token.get_secret_value()
    store = address_said(url or "here", chosen)
    drawn = prepare(store, admin_file=admin_file, token=token, folder=secrets, check=check, each=found.append)
    ready = all(one.state in {"there", "made"} for one in found)
    if json:
        things = [{"what": one.what, "state": one.state, "mend": one.mend or None} for one in found]
        answer = {"ready": ready, "things": things, "files": [str(path) for path in drawn.files]}
        as_json(answer | ({"secrets": drawn.told} if drawn.told else {}))
    else:
        as_table("", ("", "", ""), [[one.what, one.state, one.mend] for one in found])
        for path in drawn.files:
            say(f"written, for you only: {path}")
        for name, secret in drawn.told.items():
            say(f"{name}, shown this once: {secret}")
    if check and not ready:
        raise typer.Exit(1)


@app.command(
    epilog="Examples: sensor-hub store migrate here influx+v1://127.0.0.1:8086/runs   ·   sensor-hub store migrate"
    " @influx-url.txt sqlite:////var/lib/sensor-hub/store.db --json"
)
def migrate(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Store's address, @FILE that holds it, or 'here'.")],
    target: Annotated[str, typer.Argument(metavar="TO", help="The same; 'here' is the store of this hub's settings.")],
    into_filled: Annotated[
        bool, typer.Option("--into-filled", help="TO may have other things; what is in both becomes as it is in FROM.")
    ] = False,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Put everything of one store into another, and compare them value by value; 1 if anything differs.

    No hub may run on either, here or elsewhere. FROM stays as it is. Killed in between, the same call goes on. The
    token of an InfluxDB 2 is the one of the settings.
    """
    from sensor_hub.app.place import Place
    from sensor_hub.app.storing.ends import both_open, end_of, mark_of
    from sensor_hub.app.storing.migrating import migrate as put

    chosen = settings(data_dir)
    place = Place.at(chosen.data_dir)
    one, other = end_of(source, chosen, place), end_of(target, chosen, place)
    mark = mark_of(one, other, place)
    with both_open(one, other, chosen, place) as (here, there):
        done = put(
            here, there, into_filled=into_filled, resuming=mark.exists(), begin=mark.touch, each=Counter()
        )  # fmt: skip
        if done.same:
            mark.unlink(missing_ok=True)
    if json:
        as_json({"from": one.shown, "to": other.shown} | done.answer())
    else:
        say(f"from {one.shown}")
        say(f"to   {other.shown}: sessions put: {done.n_put:,}, there already: {done.n_there:,}")
        rows = [
            [part.name, f"{part.n_source:,}", f"{part.n_target:,}", part.source_sha256[:12], part.target_sha256[:12],
             "same" if part.same else "DIFFERENT"]
            for part in done.parts
        ]  # fmt: skip
        as_table("", ("", "from", "to", "sum of from", "sum of to", ""), rows)
    if not done.same:
        for what in done.different[:_SHOWN]:
            warn(f"different: {what}")
        warn(f"sensor-hub: not the same in both: {len(done.different)} (call it again; FROM is as it was)")
        raise typer.Exit(1)
    if not json:
        say("all of it is in both, value for value; set SENSOR_HUB_STORE to use the new one")
