"""``sensor-hub data erase``: everything kept of a person, gone and searched for."""

import json as jsons
import os
from pathlib import Path
from typing import Annotated, Any

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, say, settings, warn

STEPS = {
    "begin": "nothing of them is taken in any more",
    "others": "sessions that are somebody else's stay with them",
    "store": "erasing from the store",
    "files": "erasing files",
    "broker": "clearing the broker (a running hub needs some seconds to notice)",
    "registry": "erasing from the registry",
    "search": "searching for what is left",
}


def erase(
    athlete: Annotated[str, typer.Argument(help="Name or pseudonym; of somebody erased before, the pseudonym.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be erased.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    devices: Annotated[
        bool, typer.Option("--devices", help="Forget their sensors and the addresses of these too.")
    ] = False,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", metavar="FILE", help="Write the receipt there, as JSON.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Erase everything kept of a person, for good, and search whether anything is left.

    Sessions, steps, findings, edits, shoes, calibrations, references, recordings, what waits to be sent, and what the
    broker keeps. Sessions that an edit gave to somebody else stay theirs. A hub may run meanwhile. Stopped in between,
    call it again. The receipt names nobody; it exits with 1 if something is left.
    """
    from sensor_hub.app.person.erasing import erase_athlete

    if receipt is not None and (receipt.exists() or not receipt.parent.is_dir()):
        what = "is there already" if receipt.exists() else "is in a folder that is not there"
        raise typer.BadParameter(f"--receipt {receipt} {what}: give another file")
    chosen = settings(data_dir)
    if not dry_run and not yes:
        _ask(athlete, erase_athlete(chosen, athlete, dry_run=True, with_devices=devices).lines)
    done = erase_athlete(chosen, athlete, dry_run=dry_run, with_devices=devices, on_step=_say_step)
    if receipt is not None and not dry_run:
        _write(receipt, dict(done.body))
    if json:
        as_json(done.body)
    else:
        for line in done.lines:
            say(line)
    if not dry_run and not done.complete:
        raise typer.Exit(1)


def register(app: typer.Typer) -> None:
    """Add the command to ``sensor-hub data``."""
    app.command(
        epilog="Examples: sensor-hub data erase Ana --dry-run   ·   sensor-hub data erase Ana --receipt ana-erased.json"
        "   ·   sensor-hub data erase k3f9abcd --yes --json"
    )(erase)


def _say_step(step: str) -> None:
    warn(f"… {STEPS[step]}")


def _ask(athlete: str, lines: tuple[str, ...]) -> None:
    """Ask before; leave with 1 where the answer is no, or nobody is there to give one."""
    for line in lines:
        warn(line)
    warn(f"There is no way back. 'sensor-hub data export {athlete} --out FILE' keeps a copy for them.")
    try:
        if typer.confirm(f"Erase everything kept of {athlete}?", err=True):
            return
    except typer.Abort:
        warn("\nsensor-hub: nobody answered, and nothing was erased (--yes does not ask)")
    raise typer.Exit(1)


def _write(path: Path, body: dict[str, Any]) -> None:
    with open(path, "x", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
        file.write(jsons.dumps(body, indent=2, ensure_ascii=False) + "\n")
