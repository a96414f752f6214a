"""``sensor-hub registry``: where athletes, devices and the journal are kept."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from sensor_hub.cli.show import DataDir, Json, as_json, as_table, say, settings

app = typer.Typer(help="Where people and their things are kept.", no_args_is_help=True, rich_markup_mode=None)


@app.callback()
def group() -> None:
    """Keep the command's name: typer would leave out that of the only one."""


@app.command(
    epilog="Examples: sensor-hub registry move postgresql+pg8000://hub@db.example/hub --password-file ~/.hub-db"
    "   ·   sensor-hub registry move sqlite:///registry.db"
)
def move(
    to: Annotated[str, typer.Argument(help="An empty database, without its password.", show_default=False)],
    password_file: Annotated[
        str | None, typer.Option("--password-file", help="File with the password in its first line; - is stdin.")
    ] = None,
    data_dir: DataDir = None,
    json: Json = False,
) -> None:
    """Copy the registry into an empty database, SQLite or PostgreSQL: all of it or nothing, read back and compared.

    Not while a hub runs. The old one stays as it is; set SENSOR_HUB_REGISTRY to use the new one.
    """
    from sensor_hub.app.moving import move_registry

    done = move_registry(settings(data_dir), to, lambda: _password(password_file))
    if json:
        as_json(done.answer())
        return
    rows = [[table.name, f"{table.n_rows:,}", table.sha256[:12]] for table in done.tables if table.n_rows]
    as_table("", ["table", "rows", "sha256"], rows)
    say(f"{done.source} is in {done.target} now, row by row the same; nothing was changed in the old one")
    say("next: set SENSOR_HUB_REGISTRY to the new address, with its password, and start the hub again")


def _password(file: str | None) -> str | None:
    """Return the first line of a file, or what somebody types; None where nobody is there."""
    if file == "-":
        return sys.stdin.readline().rstrip("\r\n")
    if file is not None:
        try:
            return (Path(file).expanduser().read_text(encoding="utf-8").splitlines() or [""])[0]
        except (OSError, UnicodeError) as error:
            raise typer.BadParameter(f"--password-file {file}: {error} (give a text file that can be read)") from None
    if sys.stdin.isatty():
        return str(typer.prompt("Password of the database", hide_input=True, default="", show_default=False)) or None
    return None
