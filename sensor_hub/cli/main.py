"""``sensor-hub``: the commands, and what leaves with which exit code.

0 done · 1 done, and the answer is "no" · 2 bad input or a thing that could not be done (what was read is kept) ·
130 interrupted.
"""

import os
import sys
from io import TextIOWrapper
from typing import Annotated, TextIO

import typer

from sensor_hub.cli import (
    athletes,
    calibrating,
    data,
    devices,
    diary,
    doctor,
    findings,
    importing,
    load,
    mqtt,
    notify,
    plan,
    recording,
    registry,
    roster,
    rules,
    serve,
    sessions,
    shoes,
    squads,
    store,
    tls,
    user,
)

app = typer.Typer(
    name="sensor-hub",
    help="A runner's sensors in, modelled Achilles push-off load out: live, stored, judged against their own history.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(athletes.app, name="athlete")
app.add_typer(devices.app, name="devices")
app.add_typer(roster.app, name="roster")
app.add_typer(squads.app, name="squad")
app.add_typer(sessions.app, name="session")
sessions.app.command(epilog="Examples: sensor-hub session record   ·   sensor-hub session record --minutes 60 --json")(
    recording.record
)
importing.add_to(sessions.app)
app.add_typer(shoes.app, name="shoe")
app.add_typer(calibrating.app, name="calibrate")
app.add_typer(load.app, name="load")
app.add_typer(diary.app, name="diary")
app.add_typer(plan.app, name="plan")
app.add_typer(rules.app, name="rules")
app.add_typer(findings.app, name="finding")
app.add_typer(data.app, name="data")
app.add_typer(registry.app, name="registry")
app.add_typer(store.app, name="store")
app.add_typer(mqtt.app, name="mqtt")
app.add_typer(notify.app, name="notify")
app.add_typer(tls.app, name="tls")
app.add_typer(user.app, name="user")
serve.add_to(app)
doctor.add_to(app)


def _version(wanted: bool) -> None:
    if wanted:
        from sensor_hub import __version__

        print(f"sensor-hub {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and leave.")
    ] = False,
) -> None:
    """Take the options that belong to no command."""


def run() -> None:
    """Run the command line; errors meant for a person become one line on stderr and exit code 2."""
    from sensor_hub.errors import SensorHubError

    out = sys.stdout
    if isinstance(out, TextIOWrapper):
        out.reconfigure(errors="backslashreplace")  # a file's name may hold what the terminal cannot say
    try:
        app()
    except SensorHubError as error:
        print(f"sensor-hub: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except SystemExit:
        if sys.stdout is not out:  # typer's way of saying that the reader of a pipe has seen enough
            _forget(out)
            sys.exit(0)
        raise
    finally:
        try:
            out.flush()
        except BrokenPipeError:
            _forget(out)


def _forget(out: TextIO) -> None:
    """Send what is still buffered nowhere, or the interpreter complains of the closed pipe when it leaves."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, out.fileno())
    os.close(nowhere)
