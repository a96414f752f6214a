"""``sensor-hub doctor``: is everything here as it should be, and if not, what mends it."""

from dataclasses import asdict
from typing import Annotated

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

EPILOG = "Examples: sensor-hub doctor   ·   sensor-hub doctor --json   ·   sensor-hub doctor --no-bluetooth"


def doctor(
    json_: Json = False,
    bluetooth: Annotated[
        bool, typer.Option("--bluetooth/--no-bluetooth", help="Ask for Bluetooth adapters too.")
    ] = True,
    data_dir: DataDir = None,
) -> None:
    """Look at data folder, databases, disk, clock, broker, store, page and certificates; nothing is changed.

    Exit code 0 if nothing is broken, 1 if something is.
    """
    from sensor_hub.app.doctor.check import worst
    from sensor_hub.app.doctor.rounds import look_at_everything

    checks = list(look_at_everything(settings(data_dir), radio=bluetooth))
    state = worst(checks)
    if json_:
        as_json({"state": state, "checks": [asdict(check) for check in checks]})
    else:
        shown = [(_WORDS[c.state], c.about, c.text + (f"\n→ {c.mend}" if c.mend else "")) for c in checks]
        as_table("", ("", "about", "found"), shown)
        say(_SUMS[state])
    if state == "fail":
        raise typer.Exit(1)


_WORDS = {"ok": "ok", "warn": "LOOK", "fail": "BROKEN", "unknown": "?"}
_SUMS = {
    "ok": "Everything that was looked at is as it should be.",
    "unknown": "Nothing is broken; some things could not be looked at.",
    "warn": "Nothing is broken; something should be done.",
    "fail": "Something is broken.",
}


def add_to(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command(epilog=EPILOG)(doctor)
