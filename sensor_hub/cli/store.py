"""``sensor-hub store …``: where the time series are, as such."""

from typing import Annotated

import typer

from sensor_hub.cli.progress import Counter
from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings, warn

app = typer.Typer(help="The store of the time series: set up, moved to another one.", no_args_is_help=True)
_SHOWN = 10


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
